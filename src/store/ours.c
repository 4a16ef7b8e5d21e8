/*
 * What we hold, shown to libgit2 while it fetches: so that the host need not
 * send it again, and bases of deltas are found. But when libgit2 asks whether
 * we have the head of the host, the answer is no: if we held that commit for
 * another reason, it would not be fetched, and what it leads to might be
 * missing.
 */
#include <stdlib.h>

#include <git2/sys/odb_backend.h>

#include "base/mem.h"
#include "store/ours.h"

struct ours {
	git_odb_backend parent;
	git_odb *odb;
	const struct cf_oid *wanted;
};

static int
ours_read(void **bytes, size_t *n, git_object_t *type, git_odb_backend *parent,
	const git_oid *id)
{
	struct ours *ours = (struct ours *)parent;
	git_odb_object *object = NULL;
	int rc = git_odb_read(&object, ours->odb, id);

	if (rc)
		return rc;
	*n = git_odb_object_size(object);
	*type = git_odb_object_type(object);
	/* libgit2 expects a NUL after the last byte. */
	*bytes = git_odb_backend_data_alloc(parent, *n + 1);
	if (*bytes) {
		memcpy(*bytes, git_odb_object_data(object), *n);
		((char *)*bytes)[*n] = '\0';
	}
	git_odb_object_free(object);
	return *bytes ? 0 : -1;
}

static int
ours_read_header(size_t *n, git_object_t *type, git_odb_backend *parent,
	const git_oid *id)
{
	struct ours *ours = (struct ours *)parent;

	return git_odb_read_header(n, type, ours->odb, id);
}

static int
ours_exists(git_odb_backend *parent, const git_oid *id)
{
	struct ours *ours = (struct ours *)parent;

	return memcmp(ours->wanted->raw, id->id, sizeof id->id) != 0 &&
		git_odb_exists(ours->odb, id);
}

static void
ours_free(git_odb_backend *parent)
{
	struct ours *ours = (struct ours *)parent;

	git_odb_free(ours->odb);
	free(ours);
}

int
cf_ours_add(git_odb *to, const char *objects, const struct cf_oid *wanted)
{
	struct ours *ours = cf_calloc(1, sizeof *ours);
	int rc = git_odb_open(&ours->odb, objects);

	if (rc) {
		free(ours);
		return rc;
	}
	(void)git_odb_init_backend(&ours->parent, GIT_ODB_BACKEND_VERSION);
	ours->wanted = wanted;
	ours->parent.read = ours_read;
	ours->parent.read_header = ours_read_header;
	ours->parent.exists = ours_exists;
	ours->parent.free = ours_free;
	rc = git_odb_add_backend(to, &ours->parent, 1);
	if (rc)
		ours_free(&ours->parent);
	return rc;
}
