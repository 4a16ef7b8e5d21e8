/*
 * Reading and writing objects.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "store/git.h"

_Static_assert((int)CF_COMMIT == (int)GIT_OBJECT_COMMIT &&
	(int)CF_TREE == (int)GIT_OBJECT_TREE &&
	(int)CF_BLOB == (int)GIT_OBJECT_BLOB, "the types are git's");

static const char *
type_name(int type)
{
	switch (type) {
	case GIT_OBJECT_COMMIT:
		return "a commit";
	case GIT_OBJECT_TREE:
		return "a folder";
	case GIT_OBJECT_BLOB:
		return "a file";
	default:
		return "something else";
	}
}

bool
cf_odb_has(struct cf_odb *odb, const struct cf_oid *oid)
{
	git_oid id = cf_oid_to_git(oid);

	return git_odb_exists(odb->git, &id) == 1;
}

static const struct cf_err *
read_failed(int rc, const char *hex)
{
	if (rc == GIT_ENOTFOUND)
		return cf_err_rule(CF_NOT_FOUND, "object.missing",
			"the object %s is missing", hex);
	return cf_err_git(rc, "the object %s cannot be read", hex);
}

static const struct cf_err *
wrong_type(const char *hex, int found, enum cf_type type)
{
	return cf_err_rule(CF_REFUSED, "object.type",
		"the object %s is %s where %s should be", hex,
		type_name(found), type_name((int)type));
}

static const struct cf_err *
check_header(struct cf_odb *odb, const git_oid *id, const char *hex,
	enum cf_type type, size_t max)
{
	git_object_t found;
	size_t size;
	int rc = git_odb_read_header(&size, &found, odb->git, id);

	if (rc)
		return read_failed(rc, hex);
	if ((int)found != (int)type)
		return wrong_type(hex, (int)found, type);
	if (size > max)
		return cf_err_rule(CF_TOO_BIG, "object.size",
			"the object %s has %zu bytes; at most %zu are allowed "
			"for %s here", hex, size, max, type_name((int)type));
	return NULL;
}

const struct cf_err *
cf_odb_read_again(struct cf_buf *out, struct cf_odb *odb,
	const struct cf_oid *oid, enum cf_type type)
{
	const struct cf_err *err = NULL;
	git_oid id = cf_oid_to_git(oid);
	git_odb_object *object = NULL;
	char hex[CF_OID_TEXT];
	int rc;

	cf_buf_reset(out);
	cf_oid_hex(hex, oid);
	rc = git_odb_read(&object, odb->git, &id);
	if (rc)
		return read_failed(rc, hex);
	if ((int)git_odb_object_type(object) != (int)type)
		err = wrong_type(hex, (int)git_odb_object_type(object), type);
	else
		cf_buf_add(out, git_odb_object_data(object),
			git_odb_object_size(object));
	git_odb_object_free(object);
	return err ? err : cf_buf_check(out, hex);
}

/*
 * One of the right type that fits: 0, or libgit2's error where it is not, or
 * where something larger was needed to make it. To ask for the size first would
 * cost half as much as to read it: both unpack the beginning of a delta.
 */
static int
read_fenced(struct cf_buf *out, struct cf_odb *odb, const git_oid *id,
	enum cf_type type)
{
	git_odb_object *object = NULL;
	int rc;

	cf_git_memory_most(out->max + CF_GIT_SLACK);
	rc = git_odb_read(&object, odb->git, id);
	cf_git_memory_most(0);
	if (rc)
		return rc;
	if ((int)git_odb_object_type(object) == (int)type &&
		git_odb_object_size(object) <= out->max)
		cf_buf_add(out, git_odb_object_data(object),
			git_odb_object_size(object));
	else
		rc = GIT_ERROR;
	git_odb_object_free(object);
	return rc;
}

/* Slowly where anything is wrong: the size comes first, then the bytes. */
const struct cf_err *
cf_odb_read(struct cf_buf *out, struct cf_odb *odb, const struct cf_oid *oid,
	enum cf_type type)
{
	const struct cf_err *err;
	git_oid id = cf_oid_to_git(oid);
	char hex[CF_OID_TEXT];

	int rc;

	cf_buf_reset(out);
	rc = read_fenced(out, odb, &id, type);
	if (rc == 0)
		return NULL;
	cf_oid_hex(hex, oid);
	if (rc == GIT_ENOTFOUND)
		return read_failed(rc, hex);
	err = check_header(odb, &id, hex, type, out->max);
	return err ? err : cf_odb_read_again(out, odb, oid, type);
}

/* Both first let go: they share what is kept, and may be one. */
const struct cf_err *
cf_odb_forget(struct cf_odb *a, struct cf_odb *b)
{
	struct cf_odb *both[] = { a, b };

	for (size_t i = 0; i < 2; i++)
		if (both[i] && both[i]->open) {
			git_odb_free(both[i]->git);
			both[i]->git = NULL;
		}
	for (size_t i = 0; i < 2; i++) {
		int rc = both[i] && both[i]->open && !both[i]->git ?
			both[i]->open(both[i]) : 0;

		if (rc)
			return cf_err_git(rc, "what was being verified cannot "
				"be read again");
	}
	return NULL;
}

void
cf_oid_of(struct cf_oid *out, enum cf_type type, const void *bytes, size_t n)
{
	git_oid id;

	if (git_odb_hash(&id, bytes, n, (git_object_t)type))
		cf_bug("an object that cannot be hashed");
	cf_oid_from_git(out, &id);
}

/* The folder of loose objects whose id begins as this one; caller frees. */
static char *
fan_out(const struct cf_store *store, const struct cf_oid *oid)
{
	return cf_asprintf("%s/objects/%02x", store->git_dir, oid->raw[0]);
}

const struct cf_err *
cf_odb_write(struct cf_oid *out, struct cf_store *store, enum cf_type type,
	const void *bytes, size_t n)
{
	const struct cf_err *err = NULL;
	char *folder, *objects;
	bool was_there;
	git_oid id;
	int rc;

	cf_oid_of(out, type, bytes, n);
	if (store->bulk)
		return cf_bulk_add(store, out, type, bytes, n);
	folder = fan_out(store, out);
	was_there = cf_is_dir(folder);
	rc = git_odb_write(&id, store->odb.git, bytes, n, (git_object_t)type);
	if (rc)
		err = cf_err_git_write(rc, store, "an object");
	/* libgit2 syncs the file and its folder, not the folder's own name. */
	if (!err && !was_there && cf_is_dir(folder)) {
		objects = cf_path_join(store->git_dir, "objects");
		err = cf_fsync_dir(objects);
		free(objects);
	}
	free(folder);
	return err;
}
