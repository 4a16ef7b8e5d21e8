/*
 * Pushing copies of other trusts' mains, over a network: branches of their own
 * that become what the caller says, whatever was there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/push.h"
#include "store/scratch.h"

struct mirror {
	struct cf_link link;		/* first: libgit2's payload is a link */
	char **specs;			/* what there is to do */
	size_t n;
	size_t taken;			/* what the host has said yes to */
	char words[200];		/* why it did not take something */
};

static int
take_answer(const char *ref, const char *words, void *payload)
{
	struct mirror *m = payload;

	if (!cf_starts(ref, CF_COPIES))
		return 0;
	if (words == NULL)
		m->taken++;
	else if (m->words[0] == '\0')
		(void)snprintf(m->words, sizeof m->words, "%s", words);
	return 0;
}

/* Compares with what the host listed. */
static void
plan(struct mirror *m, git_remote *remote, const struct cf_pushing *job)
{
	m->specs = cf_calloc(job->n, sizeof *m->specs);
	for (size_t i = 0; i < job->n; i++) {
		const struct cf_copy *copy = &job->copies[i];
		char *ref = cf_asprintf(CF_COPIES "%s", copy->trust);
		struct cf_oid there;
		bool found = cf_link_head(&there, remote, ref);

		if (cf_oid_is_zero(&copy->head) && found)
			m->specs[m->n++] = cf_asprintf(":%s", ref);
		else if (!cf_oid_is_zero(&copy->head) &&
			!cf_oid_eq(&there, &copy->head))
			m->specs[m->n++] = cf_asprintf("+%s:%s", ref, ref);
		free(ref);
	}
}

static const struct cf_err *
check_answers(const struct mirror *m)
{
	char *place = cf_url_place(m->link.url);
	char *why = cf_printable(m->words[0] ? m->words :
		"nothing about some of them");
	const struct cf_err *err = NULL;

	if (m->taken < m->n)
		err = cf_err_rule(CF_REMOTE, "push.copies", "%s did not take "
			"all copies of your partners' records (it said: %s). "
			"Allow force-push and deleting for the branches via/* "
			"there, or relay nothing: confer relay off", place,
			why);
	free(place);
	free(why);
	return err;
}

static const struct cf_err *
upload(struct mirror *m, git_remote *remote)
{
	const git_strarray refspecs = { m->specs, m->n };
	git_push_options opts = GIT_PUSH_OPTIONS_INIT;
	int rc;

	cf_link_callbacks(&opts.callbacks, &m->link);
	opts.callbacks.push_update_reference = take_answer;
	opts.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	opts.pb_parallelism = 0;
	cf_link_proxy(&opts.proxy_opts, &m->link);
	rc = git_remote_upload(remote, &refspecs, &opts);
	return rc ? cf_link_error(&m->link, rc) : check_answers(m);
}

const struct cf_err *
cf_push_mirror(struct cf_link *link, const struct cf_pushing *job)
{
	struct mirror m = { .link = *link };
	struct cf_scratch scratch;
	git_remote *remote = NULL;
	const struct cf_err *err;

	err = cf_scratch_open(&scratch, link->dir, job->objects, NULL, NULL);
	for (size_t i = 0; i < job->n && !err; i++)
		if (!cf_oid_is_zero(&job->copies[i].head))
			err = cf_scratch_copy(link->dir, &job->copies[i]);
	if (!err)
		err = cf_link_open(&remote, &m.link, scratch.git);
	if (!err)
		plan(&m, remote, job);
	if (!err && m.n)
		err = upload(&m, remote);
	for (size_t i = 0; i < m.n; i++)
		free(m.specs[i]);
	free(m.specs);
	git_remote_free(remote);
	cf_scratch_close(&scratch);
	return err;
}

const struct cf_err *
cf_push_copies(struct cf_store *store, const char *url,
	const struct cf_copy *copies, size_t n,
	const struct cf_transport *transport)
{
	struct cf_pushing job = { .copies = copies, .n = n };

	return n ? cf_push_run(&job, store, url, transport) : NULL;
}
