/*
 * Many objects at once: they are collected in memory and written as a pack.
 * One by one, each object costs two fsyncs, and the first merge of a large
 * commons has tens of thousands.
 */
#include <stdlib.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/git.h"

struct cf_bulk {
	git_odb *odb;			/* memory, then the store's objects */
	git_odb_backend *memory;	/* belongs to odb */
	git_config *config;
	git_repository *repo;		/* a shell for libgit2's pack builder */
	struct cf_oid *oid;
	size_t n, cap, bytes;
};

static void
bulk_free(struct cf_bulk *bulk)
{
	if (bulk == NULL)
		return;
	git_repository_free(bulk->repo);
	git_config_free(bulk->config);
	git_odb_free(bulk->odb);
	free(bulk->oid);
	free(bulk);
}

const struct cf_err *
cf_bulk_begin(struct cf_store *store)
{
	struct cf_bulk *bulk = cf_calloc(1, sizeof *bulk);
	char *objects = cf_path_join(store->git_dir, "objects");
	int rc;

	if (store->bulk)
		cf_bug("bulk within bulk");
	rc = git_odb_new(&bulk->odb);
	if (!rc)
		rc = git_mempack_new(&bulk->memory);
	if (!rc)
		rc = git_odb_add_backend(bulk->odb, bulk->memory, 999);
	/* So that what the store has is not collected again. */
	if (!rc)
		rc = git_odb_add_disk_alternate(bulk->odb, objects);
	if (!rc)
		rc = git_repository_wrap_odb(&bulk->repo, bulk->odb);
	if (!rc)
		rc = git_config_new(&bulk->config);
	if (!rc)
		rc = git_repository_set_config(bulk->repo, bulk->config);
	free(objects);
	if (rc) {
		bulk_free(bulk);
		return cf_err_git_write(rc, store, "objects");
	}
	store->bulk = bulk;
	return NULL;
}

static int
feed(void *bytes, size_t n, void *payload)
{
	git_odb_writepack *to = payload;
	git_indexer_progress progress = { 0 };

	return to->append(to, bytes, n, &progress);
}

/* What was collected becomes a pack of the store, durably. */
static const struct cf_err *
flush(struct cf_store *store)
{
	struct cf_bulk *bulk = store->bulk;
	git_packbuilder *builder = NULL;
	git_odb_writepack *pack = NULL;
	git_indexer_progress progress = { 0 };
	int rc;

	if (bulk->n == 0)
		return NULL;
	rc = git_packbuilder_new(&builder, bulk->repo);
	for (size_t i = 0; i < bulk->n && !rc; i++) {
		git_oid id = cf_oid_to_git(&bulk->oid[i]);

		rc = git_packbuilder_insert(builder, &id, NULL);
	}
	if (!rc)
		rc = git_odb_write_pack(&pack, store->odb.git, NULL, NULL);
	if (!rc)
		rc = git_packbuilder_foreach(builder, feed, pack);
	if (!rc)
		rc = pack->commit(pack, &progress);
	if (!rc)
		rc = git_mempack_reset(bulk->memory);
	if (pack)
		pack->free(pack);
	git_packbuilder_free(builder);
	bulk->n = 0;
	bulk->bytes = 0;
	return rc ? cf_err_git_write(rc, store, "objects") : NULL;
}

const struct cf_err *
cf_bulk_add(struct cf_store *store, const struct cf_oid *oid, enum cf_type type,
	const void *bytes, size_t n)
{
	struct cf_bulk *bulk = store->bulk;
	git_oid id = cf_oid_to_git(oid);
	int rc;

	if (git_odb_exists_ext(bulk->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH))
		return NULL;
	rc = bulk->memory->write(bulk->memory, &id, bytes, n,
		(git_object_t)type);
	if (rc)
		return cf_err_git_write(rc, store, "an object");
	bulk->oid = cf_grow(bulk->oid, bulk->n, &bulk->cap,
		sizeof *bulk->oid);
	bulk->oid[bulk->n++] = *oid;
	bulk->bytes += n;
	return bulk->n >= CF_BULK_OBJECTS || bulk->bytes >= CF_BULK_BYTES ?
		flush(store) : NULL;
}

void
cf_bulk_drop(struct cf_store *store)
{
	bulk_free(store->bulk);
	store->bulk = NULL;
}

const struct cf_err *
cf_bulk_end(struct cf_store *store)
{
	const struct cf_err *err;

	if (store->bulk == NULL)
		cf_bug("ending a bulk that was not begun");
	err = flush(store);
	cf_bulk_drop(store);
	return err;
}
