/*
 * From the quarantine into the store. Killed at any instant, the store has an
 * object whole or not at all: files are on the disk before they get the name by
 * which git finds them.
 */
#define _GNU_SOURCE		/* syncfs */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2/sys/repository.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/quarantine.h"

#define TRAILER 20		/* the checksum that a pack ends with */

struct accept {
	struct cf_store *store;
	char *objects;			/* the store's folder of objects */
	git_odb *from, *to;		/* the pack; the loose files, staged */
	struct cf_idset wanted;
};

/* All that was written to this file system so far is on the disk. */
static const struct cf_err *
sync_all(const char *dir)
{
	const struct cf_err *err = NULL;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return cf_err_sys("cannot open the folder %s", dir);
	if (syncfs(fd) != 0)
		err = cf_err_sys("cannot write to the disk of %s", dir);
	(void)close(fd);
	return err;
}

static const struct cf_err *
stage_object(const struct accept *a, const struct cf_oid *oid)
{
	git_odb_object *object = NULL;
	git_oid id = cf_oid_to_git(oid), written;
	int rc;

	if (git_odb_exists_ext(a->store->odb.git, &id,
		GIT_ODB_LOOKUP_NO_REFRESH))
		return NULL;
	rc = git_odb_read(&object, a->from, &id);
	if (!rc)
		rc = git_odb_write(&written, a->to,
			git_odb_object_data(object),
			git_odb_object_size(object),
			git_odb_object_type(object));
	git_odb_object_free(object);
	return rc ? cf_err_git_write(rc, a->store, "an object") : NULL;
}

/* All of them are synced at once, afterwards. */
static const struct cf_err *
stage(struct accept *a, const char *dir)
{
	const struct cf_idset *wanted = &a->wanted;
	git_odb_backend *backend = NULL;
	const struct cf_err *err;
	int rc = git_odb_new(&a->to);

	if (!rc)
		rc = git_odb_backend_loose(&backend, dir, -1, 0, 0, 0444);
	if (!rc)
		rc = git_odb_add_backend(a->to, backend, 1);
	err = rc ? cf_err_git_write(rc, a->store, "objects") : NULL;
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
	for (size_t i = 0; i < wanted->cap && !err; i++)
		if (!cf_oid_is_zero(&wanted->slot[i]))
			err = stage_object(a, &wanted->slot[i]);
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	return err;
}

/* Gives the staged files of one folder, xx, their names in the store. */
static const struct cf_err *
move_folder(const struct accept *a, const char *stage, const char *xx)
{
	char *from = cf_path_join(stage, xx), *to = cf_path_join(a->objects, xx);
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, from);

	if (!err && mkdir(to, 0777) != 0 && errno != EEXIST)
		err = cf_err_sys_write(a->store, "an object");
	for (size_t i = 0; i < names.n && !err; i++) {
		char *old = cf_path_join(from, names.name[i]);
		char *new = cf_path_join(to, names.name[i]);

		if (rename(old, new) != 0)
			err = cf_err_sys_write(a->store, "an object");
		free(old);
		free(new);
	}
	cf_names_clear(&names);
	free(from);
	free(to);
	return err;
}

static const struct cf_err *
move_all(const struct accept *a, const char *stage)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = sync_all(stage);

	if (!err)
		err = cf_dir_names(&names, stage);
	for (size_t i = 0; i < names.n && !err; i++)
		err = move_folder(a, stage, names.name[i]);
	if (!err)
		err = sync_all(a->objects);
	cf_names_clear(&names);
	return err;
}

/* Few objects: as loose files, since thousands of small packs would exhaust
 * file descriptors. */
static const struct cf_err *
accept_loose(struct accept *a, const char *dir)
{
	char *loose = cf_path_join(dir, "loose");
	const struct cf_err *err = cf_remove_all(loose);

	if (!err)
		err = cf_mkdirs(loose, 0700);
	if (!err)
		err = stage(a, loose);
	if (!err)
		err = move_all(a, loose);
	free(loose);
	return err;
}

static bool
read_trailer(off_t *size, unsigned char out[TRAILER], const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	bool good = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > TRAILER &&
		pread(fd, out, TRAILER, st.st_size - TRAILER) == TRAILER;

	if (good)
		*size = st.st_size;
	if (fd >= 0)
		(void)close(fd);
	return good;
}

/* Both are the same pack or the same index, as far as their checksums say. */
static bool
same_file(const char *a, const char *b)
{
	unsigned char x[TRAILER], y[TRAILER];
	off_t n, m;

	return read_trailer(&n, x, a) && read_trailer(&m, y, b) && n == m &&
		memcmp(x, y, TRAILER) == 0;
}

static const struct cf_err *
sync_file(const char *path, mode_t mode)
{
	const struct cf_err *err = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return cf_err_sys("cannot open %s", path);
	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		err = cf_err_sys("cannot write %s", path);
	(void)close(fd);
	return err;
}

/*
 * Gives a file its name in the store and keeps the old one, so that who reads
 * the quarantine can go on; where the file system knows no second name, moves
 * it. Never over another file: the child chose the name.
 */
static const struct cf_err *
give_name(const struct cf_store *store, const char *from, const char *to)
{
	if (link(from, to) == 0)
		return NULL;
	if (cf_file_exists(to))
		return same_file(from, to) ? NULL : cf_err_rule(CF_REFUSED,
			"limit.pack", "there is another pack %s already. "
			"Nothing was taken over", to);
	if (rename(from, to) != 0)
		return cf_err_sys_write(store, "a pack");
	return NULL;
}

const struct cf_err *
cf_pair_install(struct cf_store *store, const struct cf_pair *pair)
{
	char *objects = cf_path_join(store->git_dir, "objects");
	char *dir = cf_path_join(objects, "pack");
	char *pack = cf_asprintf("%s/%s.pack", dir, pair->name);
	char *idx = cf_asprintf("%s/%s.idx", dir, pair->name);
	const struct cf_err *err;
	struct stat st;
	mode_t mode = stat(objects, &st) == 0 ? st.st_mode & 0444 : 0400;

	err = sync_file(pair->pack, mode);
	if (!err)
		err = sync_file(pair->idx, mode);
	if (!err)
		err = cf_mkdirs(dir, 0777);
	if (!err)
		err = give_name(store, pair->pack, pack);
	if (!err)
		err = cf_fsync_dir(dir);
	/* From here on the pack counts. */
	if (!err)
		err = give_name(store, pair->idx, idx);
	if (!err)
		err = cf_fsync_dir(dir);
	free(objects);
	free(dir);
	free(pack);
	free(idx);
	return err;
}

/* A pack of what is wanted, where there is more in the one that came. Without the
 * names of files, which nobody knows here, it is larger than it could be. */
static const struct cf_err *
pack_again(struct accept *a, const char *dir)
{
	char *again = cf_path_join(dir, "again");
	char *folder = cf_path_join(again, "objects/pack");
	git_packbuilder *builder = NULL;
	git_repository *repo = NULL;
	struct cf_pair pair = { 0 };
	const struct cf_err *err = cf_remove_all(again);
	int rc = 0;

	if (!err)
		err = cf_mkdirs(folder, 0700);
	if (err)
		goto done;
	rc = git_repository_wrap_odb(&repo, a->from);
	if (!rc)
		rc = git_packbuilder_new(&builder, repo);
	/* as many threads as the machine has */
	if (!rc)
		(void)git_packbuilder_set_threads(builder, 0);
	for (size_t i = 0; i < a->wanted.cap && !rc; i++) {
		git_oid id = cf_oid_to_git(&a->wanted.slot[i]);

		if (!cf_oid_is_zero(&a->wanted.slot[i]))
			rc = git_packbuilder_insert(builder, &id, NULL);
	}
	if (!rc)
		rc = git_packbuilder_write(builder, folder, 0, NULL, NULL);
	if (rc) {
		err = cf_err_git_write(rc, a->store, "a pack");
		goto done;
	}
	err = cf_pair_find(&pair, again);
	if (!err)
		err = cf_pair_install(a->store, &pair);
done:
	git_packbuilder_free(builder);
	git_repository_free(repo);
	cf_pair_clear(&pair);
	free(folder);
	free(again);
	return err;
}

static const struct cf_err *
take_over(struct cf_store *store, const char *dir, const struct cf_oid *head,
	bool proof)
{
	struct accept a = { .store = store };
	struct cf_quarantine q = { 0 };
	const struct cf_err *err;
	struct cf_pair pair;

	err = cf_pair_find(&pair, dir);
	if (!err)
		err = cf_quarantine_open(&q, dir, NULL);
	if (err)
		goto done;
	a.objects = cf_path_join(store->git_dir, "objects");
	a.from = q.pack->git;
	/* Reading checks the hash now, which only the child did so far. */
	(void)cf_store_hash(true);
	err = cf_sift(&a.wanted, q.pack, head, proof);
	if (err)
		goto done;
	if (a.wanted.n < CF_LOOSE_MAX)
		err = accept_loose(&a, dir);
	else if (a.wanted.n == pair.objects)
		err = cf_pair_install(store, &pair);
	else
		err = pack_again(&a, dir);
done:
	git_odb_free(a.to);
	free(a.objects);
	cf_idset_clear(&a.wanted);
	cf_quarantine_close(&q);
	cf_pair_clear(&pair);
	return err;
}

const struct cf_err *
cf_quarantine_accept(struct cf_store *store, const char *dir,
	const struct cf_oid *head)
{
	return take_over(store, dir, head, false);
}

const struct cf_err *
cf_quarantine_keep(struct cf_store *store, const char *dir,
	const struct cf_oid *head)
{
	return take_over(store, dir, head, true);
}
