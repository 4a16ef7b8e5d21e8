/*
 * Sweeping: lock files that libgit2 left block every later write, temporary
 * objects and quarantines take space. All of it lies there only because a
 * process was killed, since whoever calls holds the writer's lock.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/temp.h"
#include "store/git.h"
#include "store/stale.h"

static bool
is_lock(const char *name)
{
	return cf_ends(name, ".lock");
}

/* How libgit2 names objects and packs that it is writing. */
static bool
is_unfinished(const char *name)
{
	return cf_starts(name, "tmp_object") || cf_starts(name, "pack_git2_") ||
		is_lock(name);
}

/* Removes (n NULL) or counts the entries of `dir` that `stale` picks; a missing
 * folder is fine. */
static const struct cf_err *
sweep_dir(const char *dir, bool (*stale)(const char *name), size_t *n)
{
	const struct cf_err *err;
	struct cf_names names = { 0 };

	if (!cf_is_dir(dir))
		return NULL;
	err = cf_dir_names(&names, dir);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		if (stale(names.name[i]) && n)
			++*n;
		else if (stale(names.name[i]))
			err = cf_remove_all(path);
		free(path);
	}
	cf_names_clear(&names);
	return err;
}

const struct cf_err *
cf_sweep_owned(const char *dir)
{
	return sweep_dir(dir, cf_temp_is_dead, NULL);
}

/* The lock files in the folder of refs and those below it. */
static const struct cf_err *
sweep_refs(const char *dir, size_t *n)
{
	const struct cf_err *err = sweep_dir(dir, is_lock, n);
	struct cf_names names = { 0 };

	if (!err)
		err = cf_dir_names(&names, dir);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			err = sweep_refs(path, n);
		free(path);
	}
	cf_names_clear(&names);
	return err;
}

static const struct cf_err *
sweep_file(const char *path, size_t *n)
{
	if (n)
		*n += cf_file_exists(path);
	else if (unlink(path) != 0 && errno != ENOENT)
		return cf_err_sys("cannot remove %s, which a stopped program "
			"left", path);
	return NULL;
}

static const struct cf_err *
sweep(const struct cf_store *store, size_t *n)
{
	static const char *const locks[] = { "config.lock", "config.lock.lock",
		"index.lock", "HEAD.lock", "packed-refs.lock" };
	static const char *const unfinished[] = { "objects", "objects/pack" };
	const struct cf_err *err = NULL;
	char *path;

	for (size_t i = 0; i < sizeof locks / sizeof *locks && !err; i++) {
		path = cf_path_join(store->git_dir, locks[i]);
		err = sweep_file(path, n);
		free(path);
	}
	for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished && !err;
		i++) {
		path = cf_path_join(store->git_dir, unfinished[i]);
		err = sweep_dir(path, is_unfinished, n);
		free(path);
	}
	path = cf_path_join(store->git_dir, "refs");
	if (!err)
		err = sweep_refs(path, n);
	free(path);
	path = cf_store_file(store, "quarantine");
	if (!err)
		err = sweep_dir(path, cf_temp_is_dead, n);
	free(path);
	return err;
}

const struct cf_err *
cf_sweep(const struct cf_store *store)
{
	return sweep(store, NULL);
}

const struct cf_err *
cf_stale_count(size_t *out, const struct cf_store *store)
{
	*out = 0;
	return sweep(store, out);
}

const struct cf_err *
cf_store_lock(struct cf_store *store, const char *what)
{
	const struct cf_err *err;
	char *path;

	if (store->locked) {
		store->locked++;
		return NULL;
	}
	path = cf_store_file(store, "lock");
	err = cf_lock_take(&store->lock, path, what, CF_LOCK_SECONDS);
	/* Once; and again when somebody was killed meanwhile: a sync takes the
	 * lock for each partner, and there are as many refs to look at. */
	if (!err && (!store->swept || cf_lock_was_left(store->lock)))
		err = cf_sweep(store);
	if (!err) {
		store->locked = 1;
		store->swept = true;
	} else {
		cf_lock_release(store->lock);
		store->lock = NULL;
	}
	free(path);
	return err;
}

void
cf_store_unlock(struct cf_store *store)
{
	if (store->locked == 0)
		cf_bug("unlocking what is not locked");
	if (--store->locked)
		return;
	cf_lock_release(store->lock);
	store->lock = NULL;
}
