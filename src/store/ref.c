/*
 * Refs: the switch of every write. Compare and swap, durable when it returns.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "store/git.h"

const struct cf_err *
cf_ref_read(struct cf_oid *out, bool *found, struct cf_store *store,
	const char *name)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, store->git, name);

	*found = rc == 0;
	if (rc && rc != GIT_ENOTFOUND)
		return cf_err_git(rc, "cannot read %s in %s", name,
			store->git_dir);
	if (*found)
		cf_oid_from_git(out, &id);
	return NULL;
}

static const struct cf_err *
moved(const struct cf_store *store, const char *name)
{
	return cf_err_rule(CF_BUSY, "ref.moved", "%s in %s was changed by "
		"another program meanwhile. Nothing was changed; try again",
		name, store->git_dir);
}

/*
 * libgit2 can fail after the switch, when it syncs the folder. `value` is what
 * the ref would be then; NULL: it would be gone.
 */
static const struct cf_err *
set_failed(int rc, struct cf_store *store, const char *name,
	const struct cf_oid *value)
{
	/* Both now: libgit2 forgets its sentence. */
	const struct cf_err *as_before = cf_err_git_write(rc, store, name);
	const struct cf_err *unsafe = cf_err_git(rc, "%s in %s was changed, "
		"but a power cut could undo it", name, store->git_dir);
	struct cf_oid now;
	bool found;

	if (rc == GIT_ELOCKED)
		return cf_err(CF_BUSY, "another program is changing %s in %s. "
			"Nothing was changed; try again", name,
			store->git_dir);
	if (cf_ref_read(&now, &found, store, name) == NULL &&
		(value ? found && cf_oid_eq(&now, value) : !found))
		return unsafe;
	return as_before;
}

/*
 * libgit2 syncs the file of a ref that it writes and the folder it is in, but
 * not new folders above it, and nothing where it deletes.
 */
static const struct cf_err *
fsync_folders(const struct cf_store *store, const char *name)
{
	const struct cf_err *err = NULL;
	char *path = cf_path_join(store->git_dir, name);
	size_t top = strlen(store->git_dir);

	while (!err && strlen(path) > top) {
		*strrchr(path, '/') = '\0';
		if (cf_is_dir(path))
			err = cf_fsync_dir(path);
	}
	free(path);
	return err;
}

const struct cf_err *
cf_ref_set(struct cf_store *store, const char *name,
	const struct cf_oid *value, const struct cf_oid *expected)
{
	git_reference *ref = NULL;
	git_oid id = cf_oid_to_git(value), old;
	int rc;

	if (expected) {
		old = cf_oid_to_git(expected);
		rc = git_reference_create_matching(&ref, store->git, name, &id,
			1, &old, NULL);
	} else {
		rc = git_reference_create(&ref, store->git, name, &id, 0,
			NULL);
	}
	git_reference_free(ref);
	if (rc == GIT_EMODIFIED || (expected && rc == GIT_ENOTFOUND) ||
		(!expected && rc == GIT_EEXISTS))
		return moved(store, name);
	if (rc)
		return set_failed(rc, store, name, value);
	return expected ? NULL : fsync_folders(store, name);
}

const struct cf_err *
cf_ref_delete(struct cf_store *store, const char *name)
{
	int rc = git_reference_remove(store->git, name);

	if (rc && rc != GIT_ENOTFOUND)
		return set_failed(rc, store, name, NULL);
	return rc ? NULL : fsync_folders(store, name);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const struct cf_err *
cf_ref_names(struct cf_names *out, struct cf_store *store, const char *prefix)
{
	char *glob = cf_asprintf("%s*", prefix);
	git_reference_iterator *iterator = NULL;
	const char *name;
	size_t cap = 0;
	int rc;

	*out = (struct cf_names){ 0 };
	rc = git_reference_iterator_glob_new(&iterator, store->git, glob);
	while (!rc && !(rc = git_reference_next_name(&name, iterator))) {
		out->name = cf_grow(out->name, out->n, &cap,
			sizeof *out->name);
		out->name[out->n++] = cf_strdup(name + strlen(prefix));
	}
	if (out->n)
		qsort(out->name, out->n, sizeof *out->name, by_name);
	git_reference_iterator_free(iterator);
	free(glob);
	return rc == GIT_ITEROVER ? NULL : cf_err_git(rc, "cannot list the "
		"branches in %s", store->git_dir);
}
