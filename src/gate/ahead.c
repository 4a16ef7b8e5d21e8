/*
 * The commits of a run, in order. A part of the history is read ahead by several
 * threads, then judged by one; what is read ahead is bounded, and what does not
 * fit is read when its turn comes.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/work.h"
#include "gate/step.h"

struct ahead {
	struct cf_run *run;
	struct cf_commit_ahead *commit;		/* CF_GATE_COMMITS */
	struct cf_version_ahead *version;	/* CF_GATE_VERSIONS */
	size_t commits, versions;		/* how many of them are filled */
	size_t next;				/* version, in its turn */
	atomic_size_t amount;	/* changes or bytes so far */
	struct cf_trees trees[CF_WORK_THREADS];
};

/* --- commits ---------------------------------------------------------------- */

static void
read_one(void *arg, unsigned worker, size_t i)
{
	struct ahead *a = arg;

	(void)worker;
	cf_commit_read_ahead(&a->commit[i], a->run);
}

/* What it changes, against the commit before it: if that is refused, nobody asks
 * what came of this. */
static void
walk_one(void *arg, unsigned worker, size_t i)
{
	struct ahead *a = arg;
	const struct cf_gate *gate = a->run->gate;
	const struct cf_oid *old = gate->sequence ? &gate->tree : NULL;

	if (i && a->commit[i - 1].stage < CF_STAGE_READ)
		return;
	if (i)
		old = &a->commit[i - 1].commit.tree;
	if (atomic_load(&a->amount) > CF_GATE_CHANGES)
		return;
	cf_commit_walk_ahead(&a->commit[i], &a->trees[worker], a->run, old);
	(void)atomic_fetch_add(&a->amount, a->commit[i].changes.n);
}

static void
clear_commits(struct ahead *a)
{
	for (size_t i = 0; i < a->commits; i++)
		cf_commit_ahead_clear(&a->commit[i]);
	a->commits = 0;
}

static void
read_commits(struct ahead *a, const struct cf_oid *oid, size_t n)
{
	clear_commits(a);
	a->commits = n < CF_GATE_COMMITS ? n : CF_GATE_COMMITS;
	for (size_t i = 0; i < a->commits; i++)
		a->commit[i].oid = oid[i];
	cf_work_each(a->run->sink->threads, a->commits, read_one, a);
	atomic_store(&a->amount, 0);
	cf_work_each(a->run->sink->threads, a->commits, walk_one, a);
}

/* --- versions --------------------------------------------------------------- */

static void
version_one(void *arg, unsigned worker, size_t i)
{
	struct ahead *a = arg;

	(void)worker;
	if (atomic_load(&a->amount) > CF_GATE_BYTES)
		return;
	cf_version_read_ahead(&a->version[i], a->run);
	(void)atomic_fetch_add(&a->amount, a->version[i].bytes);
}

static void
clear_versions(struct ahead *a)
{
	for (size_t i = 0; i < a->versions; i++)
		cf_version_ahead_clear(&a->version[i]);
	a->versions = a->next = 0;
}

/* The records from change `at` of commit `c` on, and those of the commits after
 * it. */
static void
read_versions(struct ahead *a, size_t c, size_t at)
{
	clear_versions(a);
	for (; c < a->commits && a->versions < CF_GATE_VERSIONS; c++, at = 0) {
		const struct cf_changes *changes = &a->commit[c].changes;

		if (!a->commit[c].walked)
			break;
		for (; at < changes->n && a->versions < CF_GATE_VERSIONS; at++)
			if (changes->change[at].what == CF_CHANGE_RECORD)
				a->version[a->versions++].change =
					&changes->change[at];
	}
	atomic_store(&a->amount, 0);
	cf_work_each(a->run->sink->threads, a->versions, version_one, a);
}

/* --- in their turn ------------------------------------------------------------ */

/* Its records, after the commit itself. */
static const struct cf_err *
judge_records(struct ahead *a, size_t c, const struct cf_gate_commit *seen)
{
	const struct cf_changes *changes = &a->commit[c].changes;
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < changes->n && !err; i++) {
		const struct cf_change *change = &changes->change[i];

		if (change->what != CF_CHANGE_RECORD)
			continue;
		if (a->next == a->versions)
			read_versions(a, c, i);
		memcpy(a->run->path, change->path, CF_PATH_TEXT);
		err = cf_step_version(a->run, seen, &a->version[a->next++]);
	}
	if (!err)
		a->run->path[0] = '\0';
	return err;
}

static const struct cf_err *
judge(struct ahead *a, size_t c)
{
	const struct cf_gate_sink *sink = a->run->sink;
	struct cf_gate_commit seen;
	const struct cf_err *err;

	a->run->at = a->commit[c].oid;
	a->run->has_at = true;
	err = cf_step_commit(&seen, a->run, &a->commit[c]);
	if (!err && sink->commit)
		err = sink->commit(sink->payload, &seen);
	return err ? err : judge_records(a, c, &seen);
}

const struct cf_err *
cf_step_commits(struct cf_run *run, const struct cf_oids *commits)
{
	const struct cf_gate_sink *sink = run->sink;
	struct ahead a = { .run = run };
	const struct cf_err *err = NULL;

	a.commit = cf_calloc(CF_GATE_COMMITS, sizeof *a.commit);
	a.version = cf_calloc(CF_GATE_VERSIONS, sizeof *a.version);
	for (size_t i = 0; i < commits->n && !err; i++) {
		if (i % CF_GATE_COMMITS == 0) {
			/* They point into the commits. */
			clear_versions(&a);
			/* The first time, of going back through them all. */
			err = cf_odb_forget(run->fresh, run->all);
			if (err)
				break;
			read_commits(&a, &commits->oid[i], commits->n - i);
		}
		err = judge(&a, i % CF_GATE_COMMITS);
		if (!err && sink->progress && i % 64 == 0)
			sink->progress(sink->payload, i, commits->n);
	}
	clear_versions(&a);
	clear_commits(&a);
	for (size_t i = 0; i < CF_WORK_THREADS; i++)
		cf_trees_clear(&a.trees[i]);
	free(a.commit);
	free(a.version);
	return err;
}
