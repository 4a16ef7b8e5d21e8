#ifndef CF_TEST_ON_DISK_H
#define CF_TEST_ON_DISK_H

/*
 * A test with a finished repository of its own: ON_DISK(test_x).
 */
#include "scratch.h"

#include "store/store.h"

struct fixture {
	char *dir;
	struct cf_store *store;
};

static inline int
set_up(void **state)
{
	struct fixture *f = cf_calloc(1, sizeof *f);

	f->dir = scratch_new();
	assert_ok(cf_store_begin(&f->store, f->dir));
	assert_ok(cf_store_finish(f->store));
	*state = f;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *f = *state;

	cf_store_free(f->store);
	scratch_free(f->dir);
	free(f);
	return 0;
}

#define PLAIN(test) cmocka_unit_test(test)
#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* The store as the next command finds it: what killed programs left goes. */
static inline void
next_command(struct fixture *f)
{
	cf_store_free(f->store);
	assert_ok(cf_store_open(&f->store, f->dir));
}

static inline struct cf_oid
put_blob(struct cf_store *store, const char *text)
{
	struct cf_oid oid;

	assert_ok(cf_odb_write(&oid, store, CF_BLOB, text, strlen(text)));
	return oid;
}

/* What a commit of the commons says. */
static inline struct cf_commit
plain(const struct cf_oid *tree, int64_t time, const char *message)
{
	return (struct cf_commit){ .tree = *tree, .name = cf_str("Confer"),
		.email = cf_str("commons@confer.invalid"), .time = time,
		.message = cf_str(message) };
}

/* A commit of this tree (NULL: the empty one). */
static inline struct cf_oid
put_commit(struct cf_store *store, const struct cf_oid *tree,
	const char *message)
{
	struct cf_oid empty, out;
	struct cf_commit commit;

	assert_ok(cf_tree_edit(&empty, store, NULL, NULL, 0));
	commit = plain(tree ? tree : &empty, 1000, message);
	assert_ok(cf_commit_write_plain(&out, store, &commit, NULL, 0));
	return out;
}

#endif
