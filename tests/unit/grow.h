#ifndef CF_TEST_GROW_H
#define CF_TEST_GROW_H

/*
 * Repositories to fetch from and to push to.
 */
#include "scratch.h"

#include <git2.h>

#include "base/limits.h"
#include "store/remote.h"

#define MAIN "refs/heads/main"

/* A commit as libgit2 and git take it; the gate would not. parent may be NULL. */
static inline struct cf_oid
commit_of(struct cf_store *store, const struct cf_oid *tree,
	const struct cf_oid *parent, int64_t time, const char *message)
{
	struct cf_commit commit = { .tree = *tree, .name = CF_STR("Confer"),
		.email = CF_STR("commons@confer.invalid"), .time = time,
		.message = cf_str(message) };
	struct cf_oid out;

	assert_ok(cf_commit_write_plain(&out, store, &commit, parent,
		parent != NULL));
	return out;
}

/* Adds n commits of one record each to main; the new head. */
static inline struct cf_oid
grow(struct cf_store *store, unsigned n, const char *tag)
{
	struct cf_oid head = { 0 }, tree = { 0 }, old;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	bool found;

	assert_ok(cf_ref_read(&head, &found, store, MAIN));
	if (found) {
		struct cf_str text;

		assert_ok(cf_odb_read(&raw, cf_store_odb(store), &head,
			CF_COMMIT));
		text = (struct cf_str){ raw.data + 5, 40 };
		assert_true(cf_oid_parse(&tree, text));
	}
	for (unsigned i = 0; i < n; i++) {
		char path[64], body[200];
		struct cf_edit edit = { .path = path };

		(void)snprintf(path, sizeof path, "records/finding/%02x/%s-%u",
			i % 256, tag, i);
		(void)snprintf(body, sizeof body, "{\"what\": \"%s %u\"}\n",
			tag, i);
		assert_ok(cf_odb_write(&edit.oid, store, CF_BLOB, body,
			strlen(body)));
		assert_ok(cf_tree_edit(&tree, store, found ? &tree : NULL,
			&edit, 1));
		old = head;
		head = commit_of(store, &tree, found ? &old : NULL, 1000 + i,
			tag);
		assert_ok(cf_ref_set(store, MAIN, &head, found ? &old : NULL));
		found = true;
	}
	cf_buf_clear(&raw);
	return head;
}

static inline struct cf_store *
new_store(const char *dir)
{
	struct cf_store *store;

	assert_ok(cf_store_begin(&store, dir));
	assert_ok(cf_store_finish(store));
	return store;
}

static inline void
new_bare(const char *dir)
{
	git_repository *repo;

	assert_int_equal(git_repository_init(&repo, dir, 1), 0);
	git_repository_free(repo);
}

/* How many entries a folder has; 0 where there is none. */
static inline size_t
entries(const char *dir, const char *name)
{
	char *path = cf_path_join(dir, name);
	struct cf_names names = { 0 };
	size_t n = 0;

	if (cf_is_dir(path)) {
		assert_ok(cf_dir_names(&names, path));
		n = names.n;
	}
	cf_names_clear(&names);
	free(path);
	return n;
}

/* The whole chain from `head` is there, trees and blobs too. */
static inline void
assert_whole(struct cf_odb *odb, const struct cf_oid *head, unsigned commits)
{
	struct cf_oid at = *head, tree;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf bytes = CF_BUF(CF_MAX_TREE);
	unsigned n = 0;

	for (;;) {
		struct cf_entry entry;
		bool found;

		n++;
		assert_ok(cf_odb_read(&raw, odb, &at, CF_COMMIT));
		assert_true(cf_oid_parse(&tree,
			(struct cf_str){ raw.data + 5, 40 }));
		assert_ok(cf_odb_read(&bytes, odb, &tree, CF_TREE));
		assert_ok(cf_tree_find(&entry, &found, odb, &tree, "records"));
		assert_true(found);
		if (strncmp(raw.data + 46, "parent ", 7) != 0)
			break;
		assert_true(cf_oid_parse(&at,
			(struct cf_str){ raw.data + 53, 40 }));
	}
	assert_int_equal(n, commits);
	cf_buf_clear(&raw);
	cf_buf_clear(&bytes);
}

#endif
