/*
 * Fetching: one child for each partner, which asks for the head and, where that
 * is news, takes what leads to it into a quarantine.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/fetch.h"
#include "store/scratch.h"
#include "store/task.h"

/* Nobody asked for that. Whether the rest of it is here must make no difference
 * that the host could see: see counted.c. */
static const struct cf_err *
builds_on_ours(const struct cf_link *link)
{
	char *place = cf_url_place(link->url);
	const struct cf_err *err = cf_err_rule(CF_REMOTE, "remote.pack",
		"what %s sent is damaged (missing delta bases). Nothing was "
		"taken over. Try again; if it stays so, tell its owner", place);

	free(place);
	return err;
}

static const struct cf_err *
download(struct cf_link *link, git_remote *remote)
{
	char *spec = cf_asprintf("%s:refs/confer/head", link->ref);
	char *specs[] = { spec };
	const git_strarray refspecs = { specs, 1 };
	git_fetch_options opts = GIT_FETCH_OPTIONS_INIT;
	int rc;

	cf_link_callbacks(&opts.callbacks, link);
	opts.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	opts.update_fetchhead = 0;
	opts.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	cf_link_proxy(&opts.proxy_opts, link);
	rc = git_remote_download(remote, &refspecs, &opts);
	free(spec);
	if (!rc && git_remote_stats(remote)->local_objects)
		return builds_on_ours(link);
	return rc ? cf_link_error(link, rc) : NULL;
}

/* Over a network. The pin is the only ref in the quarantine: from all refs that
 * it finds libgit2 tells the host what we have. */
static const struct cf_err *
fetch_remote(bool *found, struct cf_link *link, const struct cf_job *job)
{
	const struct cf_fetch *fetch = job->fetch;
	struct cf_scratch scratch;
	git_remote *remote = NULL;
	const struct cf_err *err;
	struct cf_oid head;

	*found = false;
	err = cf_scratch_open(&scratch, link->dir, job->objects,
		job->share ? "refs/heads/pin" : NULL, &fetch->have);
	if (!err)
		err = cf_link_open(&remote, link, scratch.git);
	if (err)
		goto done;
	if (!cf_link_head(&head, remote, link->ref) || fetch->look ||
		(job->known && cf_oid_eq(&head, &fetch->have)))
		goto done;
	scratch.wanted = head;
	err = download(link, remote);
	/* Behind what we have: there is a head and nothing to send. */
	*found = !err && git_remote_stats(remote)->total_objects > 0;
	link->objects = git_remote_stats(remote)->total_objects;
done:
	git_remote_free(remote);
	cf_scratch_close(&scratch);
	return err;
}

/* The child. */
static void
work(int fd, void *arg)
{
	const struct cf_job *job = arg;
	struct cf_link link = { .fd = fd, .url = &job->url,
		.route = job->route, .dir = job->dir, .ref = job->ref };
	const struct cf_err *err;
	bool found;

	if (job->url.scheme == CF_SCHEME_FILE)
		err = cf_source_fetch(&found, &link, job);
	else
		err = fetch_remote(&found, &link, job);
	if (err)
		cf_link_fail(&link, err);
	else
		cf_link_done(&link, found);
}

struct batch {
	struct cf_job *jobs;
	struct cf_task *tasks;
	cf_fetch_progress progress;
	void *payload;
};

static void
moved(void *payload, size_t index)
{
	const struct batch *batch = payload;
	const struct cf_task *task = &batch->tasks[index];
	struct cf_fetch *fetch = batch->jobs[index].fetch;

	fetch->bytes = task->bytes;
	fetch->objects = task->objects;
	if (batch->progress)
		batch->progress(batch->payload, fetch);
}

/* They are the fetch's from now on. */
static void
take_copies(struct cf_fetch *fetch, struct cf_task *task)
{
	fetch->copies = task->copies;
	fetch->n_copies = task->n_copies;
	task->copies = NULL;
	task->n_copies = 0;
}

static void
fail(struct cf_fetch *fetch, const struct cf_err *err)
{
	fetch->error = *err;
	fetch->err = &fetch->error;
}

/* Moves what the child said into the fetch; the folder stays if it has a pack. */
static void
take_result(struct cf_job *job, struct cf_task *task)
{
	struct cf_fetch *fetch = job->fetch;

	if (fetch->err)
		return;
	if (task->failed) {
		fail(fetch, &task->error);
		return;
	}
	take_copies(fetch, task);
	fetch->has_head = task->found_head;
	fetch->head = task->head;
	if (task->found) {
		fetch->quarantine = job->dir;
		job->dir = NULL;
	}
}

/* Checks the URL and makes the folder; what fails is this fetch's own. A pin
 * that the store has lost is fetched again. */
static void
prepare(struct cf_job *job, struct cf_store *store, const char *scratch)
{
	struct cf_fetch *fetch = job->fetch;
	const struct cf_err *err;

	job->share = store && fetch->has_have &&
		cf_odb_has(cf_store_odb(store), &fetch->have);
	job->known = job->share || (store == NULL && fetch->has_have);
	fetch->err = NULL;
	fetch->has_head = false;
	fetch->head = (struct cf_oid){ 0 };
	fetch->quarantine = NULL;
	fetch->bytes = fetch->objects = 0;
	fetch->copies = NULL;
	fetch->n_copies = 0;
	job->ref = fetch->of ? cf_asprintf(CF_COPIES "%s", fetch->of) :
		cf_strdup("refs/heads/main");
	err = cf_url_parse(&job->url, fetch->url);
	if (!err)
		err = cf_scratch_new(&job->dir, scratch);
	if (err)
		fail(fetch, err);
}

static void
job_clear(struct cf_job *job)
{
	/* What cannot be removed now is swept later. */
	if (job->dir)
		(void)!cf_remove_all(job->dir);
	free(job->dir);
	free(job->ref);
	cf_url_clear(&job->url);
}

const struct cf_err *
/* NOLINTNEXTLINE(readability-function-size): each is something else */
cf_fetch_all(struct cf_fetch *list, size_t n, unsigned jobs,
	struct cf_store *store, const char *scratch,
	const struct cf_transport *transport, cf_fetch_progress progress,
	void *payload)
{
	struct cf_route route;
	struct batch batch = { cf_calloc(n, sizeof *batch.jobs),
		cf_calloc(n, sizeof *batch.tasks), progress, payload };
	struct cf_crew crew = { .task = batch.tasks, .jobs = jobs,
		.transport = transport, .moved = moved, .payload = &batch };
	char *objects = store ? cf_path_join(store->git_dir, "objects") : NULL;
	const struct cf_err *err;

	cf_route_init(&route, transport);
	for (size_t i = 0; i < n; i++) {
		struct cf_job *job = &batch.jobs[crew.n];

		*job = (struct cf_job){ .fetch = &list[i], .route = &route,
			.objects = objects };
		prepare(job, store, scratch);
		if (list[i].err) {
			job_clear(job);
			continue;
		}
		batch.tasks[crew.n] = (struct cf_task){ .url = &job->url,
			.home = job->dir, .work = work, .arg = job };
		cf_route_allow(&batch.tasks[crew.n++].allow, &route, &job->url,
			job->dir, objects, false);
	}
	err = cf_crew_run(&crew);
	for (size_t i = 0; i < crew.n; i++) {
		if (!err)
			take_result(&batch.jobs[i], &batch.tasks[i]);
		free(batch.tasks[i].copies);
		job_clear(&batch.jobs[i]);
	}
	cf_route_clear(&route);
	free(objects);
	free(batch.jobs);
	free(batch.tasks);
	return err;
}

void
cf_fetch_clear(struct cf_fetch *fetch)
{
	if (fetch->quarantine)
		(void)!cf_remove_all(fetch->quarantine);
	free(fetch->quarantine);
	fetch->quarantine = NULL;
	free(fetch->copies);
	fetch->copies = NULL;
	fetch->n_copies = 0;
}
