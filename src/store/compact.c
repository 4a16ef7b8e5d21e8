/*
 * Compacting. The new pack is made apart, checked, and given its name; only then
 * goes what it replaces. A file counts as old by its time, so that what another
 * program writes meanwhile stays; or because it was there before, whatever its
 * time says: clocks have been wrong, and an erased text must go all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/compact.h"
#include "store/keep.h"
#include "store/quarantine.h"
#include "store/scratch.h"

struct job {
	struct cf_store *store;
	const struct cf_compact_watch *watch;
	struct cf_keep keep;
	struct cf_pair pair;
	char *objects;			/* the store's folder of objects */
	char *scratch;
	struct timespec began;
	struct found {
		char *path;
		struct timespec at;
	} *ahead;		/* sorted */
	size_t n_ahead, cap_ahead;
};

/* What is kept in the store's folder of objects, beside xx for each byte. */
static const char *const kept_in[] = { "", "pack", "info" };
#define KEPT_IN (sizeof kept_in / sizeof *kept_in)

/* --- the pack ---------------------------------------------------------------- */

static int
packing(int stage, uint32_t current, uint32_t total, void *payload)
{
	const struct job *job = payload;

	(void)stage;
	if (job->watch && job->watch->progress)
		job->watch->progress(job->watch->payload, current, total);
	return 0;
}

static const struct cf_err *
begin(struct job *job)
{
	char *confer = cf_store_file(job->store, "");
	const struct cf_err *err = cf_scratch_new(&job->scratch, confer);
	struct stat st;
	int rc;

	free(confer);
	if (err)
		return err;
	/* By the file system's own clock. */
	if (stat(job->scratch, &st) != 0)
		return cf_err_sys("cannot examine %s", job->scratch);
	job->began = st.st_mtim;
	rc = git_packbuilder_new(&job->keep.builder, job->store->git);
	if (!rc)
		rc = git_packbuilder_set_callbacks(job->keep.builder, packing,
			job);
	if (rc)
		return cf_err_git_write(rc, job->store, "a pack");
	/* as many threads as the machine has */
	(void)git_packbuilder_set_threads(job->keep.builder, 0);
	return NULL;
}

static const struct cf_err *
write_pack(struct job *job)
{
	int rc = git_packbuilder_write(job->keep.builder, job->scratch, 0, NULL,
		NULL);

	if (rc)
		return cf_err_git_write(rc, job->store, "a pack");
	job->pair.name = cf_asprintf("pack-%s",
		git_packbuilder_name(job->keep.builder));
	job->pair.pack = cf_asprintf("%s/%s.pack", job->scratch,
		job->pair.name);
	job->pair.idx = cf_asprintf("%s/%s.idx", job->scratch,
		job->pair.name);
	return NULL;
}

/* Everything that is kept is in the pack that was written. */
static const struct cf_err *
check_pack(const struct job *job)
{
	git_odb_backend *backend = NULL;
	git_odb *odb = NULL;
	int rc = git_odb_new(&odb);
	const struct cf_idset *seen = &job->keep.seen;

	if (!rc)
		rc = git_odb_backend_one_pack(&backend, job->pair.idx);
	if (!rc)
		rc = git_odb_add_backend(odb, backend, 1);
	for (size_t i = 0; i < seen->cap && !rc; i++) {
		git_oid id = cf_oid_to_git(&seen->slot[i]);

		if (!cf_oid_is_zero(&seen->slot[i]) &&
			!git_odb_exists_ext(odb, &id,
			GIT_ODB_LOOKUP_NO_REFRESH))
			rc = GIT_ENOTFOUND;
	}
	git_odb_free(odb);
	return rc ? cf_err_git(rc, "the new pack is not whole. Nothing was "
		"removed") : NULL;
}

/* --- what is old ------------------------------------------------------------- */

static bool
is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
		(a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static int
by_path(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Notes the files of a folder whose time says that they are not there yet. */
static const struct cf_err *
find_ahead(struct job *job, const char *dir)
{
	struct cf_names names = { 0 };
	const struct cf_err *err;

	if (!cf_is_dir(dir))
		return NULL;
	err = cf_dir_names(&names, dir);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		struct stat st;

		if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
			is_older(&st.st_mtim, &job->began)) {
			free(path);
			continue;
		}
		job->ahead = cf_grow(job->ahead, job->n_ahead,
			&job->cap_ahead, sizeof *job->ahead);
		job->ahead[job->n_ahead++] = (struct found){ path,
			st.st_mtim };
	}
	cf_names_clear(&names);
	return err;
}

static const struct cf_err *
find_all_ahead(struct job *job)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < KEPT_IN + 256 && !err; i++) {
		char *dir = i < KEPT_IN ? cf_path_join(job->objects,
			kept_in[i]) : cf_asprintf("%s/%02x", job->objects,
			(unsigned)(i - KEPT_IN));

		err = find_ahead(job, dir);
		free(dir);
	}
	if (job->n_ahead)
		qsort(job->ahead, job->n_ahead, sizeof *job->ahead, by_path);
	return err;
}

/* Whether it was there before we began. */
static bool
is_old(const struct job *job, const char *path, const struct timespec *at)
{
	const struct found key = { .path = (char *)(uintptr_t)path }, *found;

	if (is_older(at, &job->began))
		return true;
	found = job->n_ahead ? bsearch(&key, job->ahead, job->n_ahead,
		sizeof key, by_path) : NULL;
	return found && found->at.tv_sec == at->tv_sec &&
		found->at.tv_nsec == at->tv_nsec;
}

/* Removes a file that was there before we began. */
static const struct cf_err *
remove_old(const struct job *job, const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
		!is_old(job, path, &st.st_mtim))
		return NULL;
	if (unlink(path) != 0 && errno != ENOENT)
		return cf_err_sys("cannot remove %s", path);
	return NULL;
}

/* Calls remove_old for the files of a folder that `pick` wants. */
static const struct cf_err *
remove_from(const struct job *job, const char *dir,
	bool (*pick)(const struct job *job, const char *name))
{
	struct cf_names names = { 0 };
	const struct cf_err *err;

	if (!cf_is_dir(dir))
		return NULL;
	err = cf_dir_names(&names, dir);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		if (pick(job, names.name[i]))
			err = remove_old(job, path);
		free(path);
	}
	cf_names_clear(&names);
	return err;
}

/* What is made of packs, and names them: away before they are. */
static bool
is_summary(const struct job *job, const char *name)
{
	(void)job;
	return cf_starts(name, "multi-pack-index") ||
		cf_ends(name, ".bitmap");
}

static bool
is_other_index(const struct job *job, const char *name)
{
	return cf_ends(name, ".idx") && !cf_starts(name, job->pair.name);
}

static bool
is_other(const struct job *job, const char *name)
{
	return !cf_starts(name, job->pair.name);
}

static bool
is_unfinished(const struct job *job, const char *name)
{
	(void)job;
	return cf_starts(name, "tmp_obj");
}

static bool
is_loose(const struct job *job, const char *name)
{
	unsigned char rest[19];

	(void)job;
	/* git and libgit2 leave these where they are killed while writing. */
	return cf_unhex(rest, sizeof rest, cf_str(name)) ||
		is_unfinished(job, name);
}

static bool
is_commit_graph(const struct job *job, const char *name)
{
	(void)job;
	return cf_starts(name, "commit-graph") || strcmp(name, "packs") == 0;
}

static const struct cf_err *
remove_packs(const struct job *job)
{
	char *dir = cf_path_join(job->objects, "pack");
	const struct cf_err *err = remove_from(job, dir, is_summary);

	/* A pack without its index is nothing; an index without its pack would
	 * be an error to whoever reads. */
	if (!err)
		err = remove_from(job, dir, is_other_index);
	if (!err)
		err = remove_from(job, dir, is_other);
	if (!err)
		err = cf_fsync_dir(dir);
	free(dir);
	return err;
}

static const struct cf_err *
remove_loose(const struct job *job)
{
	const struct cf_err *err = NULL;

	for (unsigned i = 0; i < 256 && !err; i++) {
		char *dir = cf_asprintf("%s/%02x", job->objects, i);

		err = remove_from(job, dir, is_loose);
		if (!err && rmdir(dir) != 0 && cf_is_dir(dir))
			err = cf_fsync_dir(dir);
		free(dir);
	}
	return err;
}

/* Old packs leave while nobody else has them open: libgit2 takes a pack that
 * vanished for a damaged repository. */
static const struct cf_err *
remove_all(const struct job *job)
{
	char *info = cf_path_join(job->objects, "info");
	const struct cf_err *err = remove_from(job, info, is_commit_graph);

	if (!err)
		err = remove_packs(job);
	if (!err)
		err = remove_from(job, job->objects, is_unfinished);
	if (!err)
		err = remove_loose(job);
	if (!err)
		err = cf_fsync_dir(job->objects);
	free(info);
	return err;
}

/* --- the whole --------------------------------------------------------------- */

/* Bytes of all files in a folder and those below it. */
static uint64_t
size_of(const char *dir)
{
	struct cf_names names = { 0 };
	uint64_t sum = 0;

	if (cf_dir_names(&names, dir))
		return 0;
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		struct stat st;

		if (lstat(path, &st) == 0)
			sum += S_ISDIR(st.st_mode) ? size_of(path) :
				(uint64_t)st.st_size;
		free(path);
	}
	cf_names_clear(&names);
	return sum;
}

static const struct cf_err *
run(struct cf_compacted *out, struct job *job)
{
	const struct cf_err *err = begin(job);
	bool alone = false;

	if (!err)
		err = find_all_ahead(job);
	if (!err)
		err = cf_keep_roots(&job->keep);
	if (!err)
		err = write_pack(job);
	if (!err)
		err = check_pack(job);
	if (!err)
		err = cf_pair_install(job->store, &job->pair);
	if (!err)
		err = cf_lock_alone(&alone, job->store->reading,
			CF_LOCK_SECONDS);
	if (err)
		return err;
	out->left = !alone;
	out->objects = job->keep.seen.n;
	if (!alone)
		return NULL;
	err = remove_all(job);
	if (!err)
		err = cf_store_again(job->store);
	return err;
}

const struct cf_err *
cf_store_compact(struct cf_compacted *out, struct cf_store *store,
	const struct cf_compact_watch *watch)
{
	struct job job = { .store = store, .watch = watch,
		.keep = { .store = store },
		.objects = cf_path_join(store->git_dir, "objects") };
	const struct cf_err *err, *later;

	if (!store->locked)
		cf_bug("compacting without the writer's lock");
	if (watch) {
		job.keep.progress = watch->progress;
		job.keep.payload = watch->payload;
	}
	*out = (struct cf_compacted){ .before = size_of(job.objects) };
	err = run(out, &job);
	out->after = size_of(job.objects);
	git_packbuilder_free(job.keep.builder);
	cf_idset_clear(&job.keep.seen);
	free(job.keep.todo);
	later = job.scratch ? cf_remove_all(job.scratch) : NULL;
	cf_pair_clear(&job.pair);
	for (size_t i = 0; i < job.n_ahead; i++)
		free(job.ahead[i].path);
	free(job.ahead);
	free(job.scratch);
	free(job.objects);
	return err ? err : later;
}

static bool
is_pack(const struct job *job, const char *name)
{
	(void)job;
	return cf_ends(name, ".pack");
}

static size_t
count(const char *dir, bool (*pick)(const struct job *job, const char *name))
{
	struct cf_names names = { 0 };
	size_t n = 0;

	if (!cf_is_dir(dir) || cf_dir_names(&names, dir))
		return 0;
	for (size_t i = 0; i < names.n; i++)
		n += pick(NULL, names.name[i]);
	cf_names_clear(&names);
	return n;
}

bool
cf_store_compact_due(struct cf_store *store)
{
	char *dir = cf_path_join(store->git_dir, "objects/pack");
	size_t packs = count(dir, is_pack), loose = 0;

	free(dir);
	for (unsigned i = 0; i < 256 && loose < CF_COMPACT_LOOSE; i++) {
		dir = cf_asprintf("%s/objects/%02x", store->git_dir, i);
		loose += count(dir, is_loose);
		free(dir);
	}
	return packs >= CF_COMPACT_PACKS || loose >= CF_COMPACT_LOOSE;
}
