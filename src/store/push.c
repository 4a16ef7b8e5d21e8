/*
 * Pushing: one child that connects, compares and sends. What does not go on from
 * what the host has takes the place of one commit that the caller names.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/push.h"
#include "store/scratch.h"
#include "store/task.h"

const struct cf_err *
cf_push_moved(const char *place)
{
	return cf_err_rule(CF_BUSY, "push.moved",
		"%s has something that this machine has not seen: somebody "
		"published there meanwhile. Fetch that first, then publish "
		"again", place);
}

/* Hosts say in many words that their branch moved. */
static bool
says_moved(const char *words)
{
	static const char *const known[] = { "non-fast-forward",
		"fetch first", "failed to update ref", "cannot lock ref",
		"failed to lock", "stale info", "already exists" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strstr(words, known[i]))
			return true;
	return false;
}

struct answer {
	struct cf_link link;		/* first: libgit2's payload is a link */
	bool came;
	bool forced;
	char words[200];		/* empty: taken */
};

static int
take_answer(const char *ref, const char *words, void *payload)
{
	struct answer *answer = payload;

	if (strcmp(ref, "refs/heads/main") != 0)
		return 0;
	answer->came = true;
	(void)snprintf(answer->words, sizeof answer->words, "%s",
		words ? words : "");
	return 0;
}

static const struct cf_err *
rejected(const struct answer *answer, const char *place)
{
	char *why = cf_printable(answer->words);
	char *more = cf_printable(answer->link.words);
	const struct cf_err *err;

	for (char *p = more; *p; p++)
		if (*p == '\n')
			*p = ' ';
	if (answer->forced)
		err = cf_err_rule(CF_REMOTE, "push.forced", "%s did not let "
			"the new history take the place of the old one (it "
			"said: %s). Allow force-push on main once, in the "
			"settings of that host, and run 'confer publish'",
			place, why);
	else if (strstr(why, "currently checked out"))
		err = cf_err_rule(CF_REMOTE, "push.rejected",
			"the repository at %s has files of its own beside it "
			"and takes no push. Make a bare one there: git init "
			"--bare", place);
	else
		err = cf_err_rule(CF_REMOTE, "push.rejected",
			"%s did not take it, and said: %s%s%s. Ask the people "
			"who run it", place, why, more[0] ? "; " : "", more);
	free(why);
	free(more);
	return err;
}

static const struct cf_err *
check_answer(const struct answer *answer, const char *place)
{
	if (!answer->came)
		return cf_err_rule(CF_REMOTE, "push.unknown",
			"%s did not say whether it took what was published. "
			"Publish again to be sure", place);
	if (answer->words[0] == '\0')
		return NULL;
	return says_moved(answer->words) && !answer->forced ?
		cf_push_moved(place) : rejected(answer, place);
}

static const struct cf_err *
upload(struct answer *answer, git_remote *remote, const char *place)
{
	static char plain[] = "refs/heads/main:refs/heads/main";
	static char forced[] = "+refs/heads/main:refs/heads/main";
	char *specs[] = { answer->forced ? forced : plain };
	const git_strarray refspecs = { specs, 1 };
	struct cf_link *link = &answer->link;
	git_push_options opts = GIT_PUSH_OPTIONS_INIT;
	int rc;

	cf_link_callbacks(&opts.callbacks, link);
	opts.callbacks.push_update_reference = take_answer;
	opts.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	opts.pb_parallelism = 0;
	cf_link_proxy(&opts.proxy_opts, link);
	rc = git_remote_upload(remote, &refspecs, &opts);
	if (rc == GIT_ENONFASTFORWARD)
		return cf_push_moved(place);
	return rc ? cf_link_error(link, rc) : check_answer(answer, place);
}

static const struct cf_err *
push_remote(struct answer *answer, const struct cf_pushing *job)
{
	struct cf_link *link = &answer->link;
	char *place = cf_url_place(link->url);
	struct cf_scratch scratch;
	git_remote *remote = NULL;
	const struct cf_err *err;
	struct cf_oid head;
	bool found = false;

	err = cf_scratch_open(&scratch, link->dir, job->objects,
		"refs/heads/main", job->commit);
	if (!err)
		err = cf_link_open(&remote, link, scratch.git);
	if (!err)
		found = cf_link_head(&head, remote, link->ref);
	answer->forced = job->replace != NULL;
	/* The host compares again: what it listed is the old value of its ref. */
	if (!err && job->replace && !(found && (cf_oid_eq(&head,
		job->replace) || cf_oid_eq(&head, job->commit))))
		err = cf_push_moved(place);
	if (!err && !(found && cf_oid_eq(&head, job->commit)))
		err = upload(answer, remote, place);
	git_remote_free(remote);
	cf_scratch_close(&scratch);
	free(place);
	return err;
}

/* The child. */
static void
work(int fd, void *arg)
{
	const struct cf_pushing *job = arg;
	struct answer answer = { .link = { .fd = fd, .url = &job->url,
		.route = &job->route, .dir = job->dir, .pushing = true,
		.ref = "refs/heads/main" } };
	const struct cf_err *err;

	if (job->url.scheme == CF_SCHEME_FILE)
		err = cf_push_folder(&answer.link, job);
	else if (job->copies)
		err = cf_push_mirror(&answer.link, job);
	else
		err = push_remote(&answer, job);
	if (err)
		cf_link_fail(&answer.link, err);
	else
		cf_link_done(&answer.link, true);
}

const struct cf_err *
cf_push_run(struct cf_pushing *job, struct cf_store *store, const char *url,
	const struct cf_transport *transport)
{
	char *confer = cf_path_join(store->git_dir, "confer");
	char *objects = cf_path_join(store->git_dir, "objects");
	struct cf_task task = { .url = &job->url, .work = work, .arg = job };
	struct cf_crew crew = { .task = &task, .n = 1, .jobs = 1,
		.transport = transport };
	const struct cf_err *err;

	job->objects = objects;
	cf_route_init(&job->route, transport);
	err = cf_url_parse(&job->url, url);
	if (!err)
		err = cf_scratch_new(&job->dir, confer);
	if (!err) {
		task.home = job->dir;
		cf_route_allow(&task.allow, &job->route, &job->url, job->dir,
			objects, true);
		err = cf_crew_run(&crew);
	}
	if (!err && task.failed)
		err = cf_err_rule(task.error.code, task.error.rule, "%s",
			task.error.msg);
	/* What cannot be removed now is swept later. */
	if (job->dir)
		(void)!cf_remove_all(job->dir);
	free(job->dir);
	cf_url_clear(&job->url);
	cf_route_clear(&job->route);
	free(objects);
	free(confer);
	return err;
}

const struct cf_err *
cf_push_replace(struct cf_store *store, const char *url,
	const struct cf_oid *commit, const struct cf_oid *old,
	const struct cf_transport *transport)
{
	struct cf_pushing job = { .commit = commit, .replace = old };

	return cf_push_run(&job, store, url, transport);
}

const struct cf_err *
cf_push(struct cf_store *store, const char *url, const struct cf_oid *commit,
	const struct cf_transport *transport)
{
	return cf_push_replace(store, url, commit, NULL, transport);
}
