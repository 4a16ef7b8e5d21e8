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

#include "base/limits.h"
#include "base/mem.h"
#include "store/quarantine.h"

#define TRAILER 20		/* the checksum that a pack ends with */

struct accept {
	struct cf_store *store;
	char *objects;			/* the store's folder of objects */
	git_odb *from, *to;		/* the pack; the loose files, staged */
	const struct cf_err *err;
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

/*
 * What the gate accepted is no larger than this. Anything else in a pack is
 * nothing that it looked at: not worth inflating.
 */
static bool
is_wanted(git_odb *odb, const git_oid *id)
{
	git_object_t type;
	size_t size;

	return git_odb_read_header(&size, &type, odb, id) == 0 &&
		size <= CF_MAX_TREE && (type == GIT_OBJECT_COMMIT ||
		type == GIT_OBJECT_TREE || type == GIT_OBJECT_BLOB);
}

/* What a host sent is its fault, and no reason to leave the others unheard. */
static const struct cf_err *
not_sound(int rc, const git_oid *id)
{
	char hex[CF_OID_TEXT];
	struct cf_oid oid;
	struct cf_err why;

	cf_oid_from_git(&oid, id);
	cf_oid_hex(hex, &oid);
	why = *cf_err_git(rc, "the object %s that was fetched is damaged. "
		"Nothing was taken over", hex);
	return cf_err_rule(CF_REFUSED, "object.corrupt", "%s", why.msg);
}

/* Nothing that an honest host sends: what is small is left out one by one, but a
 * pack is kept whole. */
static const struct cf_err *
not_wanted(const git_oid *id)
{
	char hex[CF_OID_TEXT];
	struct cf_oid oid;

	cf_oid_from_git(&oid, id);
	cf_oid_hex(hex, &oid);
	return cf_err_rule(CF_REFUSED, "limit.size", "the object %s that was "
		"fetched is nothing that a trust's repository can have, or "
		"larger than anything in it. Nothing was taken over", hex);
}

static int
stage_object(const git_oid *id, void *payload)
{
	struct accept *a = payload;
	git_odb_object *object = NULL;
	git_oid written;
	int rc;

	if (!is_wanted(a->from, id) || git_odb_exists_ext(a->store->odb.git, id,
		GIT_ODB_LOOKUP_NO_REFRESH))
		return 0;
	rc = git_odb_read(&object, a->from, id);
	if (rc) {
		a->err = not_sound(rc, id);
		return rc;
	}
	rc = git_odb_write(&written, a->to, git_odb_object_data(object),
		git_odb_object_size(object), git_odb_object_type(object));
	git_odb_object_free(object);
	if (rc)
		a->err = cf_err_git_write(rc, a->store, "an object");
	return rc;
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
	char *stage = cf_path_join(dir, "loose");
	git_odb_backend *backend = NULL;
	const struct cf_err *err = cf_remove_all(stage);
	int rc = 0;

	if (!err)
		err = cf_mkdirs(stage, 0700);
	if (!err) {
		rc = git_odb_new(&a->to);
		if (!rc)
			rc = git_odb_backend_loose(&backend, stage, -1, 0, 0,
				0444);
		if (!rc)
			rc = git_odb_add_backend(a->to, backend, 1);
		/* All of them are synced at once, afterwards. */
		(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
		if (!rc)
			rc = git_odb_foreach(a->from, stage_object, a);
		(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
		err = a->err ? a->err : rc ?
			cf_err_git_write(rc, a->store, "objects") : NULL;
	}
	if (!err)
		err = move_all(a, stage);
	free(stage);
	return err;
}

/* Reading checks the hash now, which only the child did so far. */
static int
check_object(const git_oid *id, void *payload)
{
	struct accept *a = payload;
	git_odb_object *object = NULL;
	git_object_t type;
	size_t size;
	/* What cannot even be told is damaged, and not merely of no use. */
	int rc = git_odb_read_header(&size, &type, a->from, id);

	if (!rc && (type < GIT_OBJECT_COMMIT || type > GIT_OBJECT_TAG)) {
		git_error_set_str(GIT_ERROR_ODB, "it is of no kind");
		rc = -1;
	}
	if (!rc && !is_wanted(a->from, id)) {
		a->err = not_wanted(id);
		return -1;
	}
	if (!rc)
		rc = git_odb_read(&object, a->from, id);
	git_odb_object_free(object);
	if (rc)
		a->err = not_sound(rc, id);
	return rc;
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

static const struct cf_err *
accept_pack(struct accept *a, const struct cf_pair *pair)
{
	if (git_odb_foreach(a->from, check_object, a) && a->err)
		return a->err;
	return cf_pair_install(a->store, pair);
}

const struct cf_err *
cf_quarantine_accept(struct cf_store *store, const char *dir)
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
	(void)cf_store_hash(true);
	err = pair.objects < CF_LOOSE_MAX ? accept_loose(&a, dir) :
		accept_pack(&a, &pair);
done:
	git_odb_free(a.to);
	free(a.objects);
	cf_quarantine_close(&q);
	cf_pair_clear(&pair);
	return err;
}
