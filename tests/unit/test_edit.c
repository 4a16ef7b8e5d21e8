/*
 * Edits of trees and their differences: against a plain list of paths, and
 * against stock git.
 */
#include "on_disk.h"

#include "base/limits.h"
#include "store/tree.h"

static struct cf_oid
edit1(struct fixture *f, const struct cf_oid *base, const char *path,
	const char *text)
{
	struct cf_edit edit = { .path = cf_strdup(path), .remove = !text };
	struct cf_oid out;

	if (text)
		edit.oid = put_blob(f->store, text);
	assert_ok(cf_tree_edit(&out, f->store, base, &edit, 1));
	free(edit.path);
	return out;
}

static void
assert_hex(const struct cf_oid *oid, const char *hex)
{
	char text[CF_OID_TEXT];

	cf_oid_hex(text, oid);
	assert_string_equal(text, hex);
}

#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

static void
test_edit_empties_and_fills(void **state)
{
	struct fixture *f = *state;
	struct cf_odb *odb = cf_store_odb(f->store);
	struct cf_oid one, two, out;
	struct cf_entry entry;
	bool found;

	assert_ok(cf_tree_edit(&out, f->store, NULL, NULL, 0));
	assert_hex(&out, EMPTY_TREE);
	one = edit1(f, NULL, "records/finding/ab/x.json", "1");
	two = edit1(f, &one, "records/finding/ab/x.json", "1");
	assert_true(cf_oid_eq(&one, &two));
	/* removing what is not there */
	two = edit1(f, &one, "records/finding/cd/y.json", NULL);
	assert_true(cf_oid_eq(&one, &two));
	two = edit1(f, &one, "records", NULL);
	assert_true(cf_oid_eq(&one, &two));
	two = edit1(f, NULL, "a/b", NULL);
	assert_hex(&two, EMPTY_TREE);
	/* the last file takes its folders with it */
	two = edit1(f, &one, "keys/0001.json", "k");
	two = edit1(f, &two, "records/finding/ab/x.json", NULL);
	assert_ok(cf_tree_find(&entry, &found, odb, &two, "records"));
	assert_false(found);
	assert_ok(cf_tree_find(&entry, &found, odb, &two, "keys/0001.json"));
	assert_true(found);
	two = edit1(f, &two, "keys/0001.json", NULL);
	assert_hex(&two, EMPTY_TREE);
}

static void
test_edit_swaps_file_and_folder(void **state)
{
	struct fixture *f = *state;
	struct cf_oid tree = edit1(f, NULL, "a/b", "1"), out;
	struct cf_edit edits[2] = {
		{ .path = (char[]){ "a" }, .oid = put_blob(f->store, "2") },
		{ .path = (char[]){ "a/b" }, .remove = true },
	};
	struct cf_entry entry;
	bool found;

	/* both at once cannot be */
	assert_err(cf_tree_edit(&out, f->store, &tree, edits, 1), CF_REFUSED,
		"tree.order");
	assert_ok(cf_tree_edit(&out, f->store, &tree, edits, 2));
	assert_ok(cf_tree_find(&entry, &found, cf_store_odb(f->store), &out,
		"a"));
	assert_true(found && !entry.is_dir);
	/* nothing lies below a file */
	assert_ok(cf_tree_find(&entry, &found, cf_store_odb(f->store), &out,
		"a/b"));
	assert_false(found);
}

static void
test_edit_refuses_paths(void **state)
{
	static const char *const paths[] = { "", "/", "a/", "/a", "a//b", ".",
		"..", "a/../b", ".git", "a/.GIT/b" };
	struct fixture *f = *state;
	struct cf_edit twice[2] = {
		{ .path = (char[]){ "x" }, .oid = put_blob(f->store, "1") },
		{ .path = (char[]){ "x" }, .oid = put_blob(f->store, "2") },
	};
	struct cf_oid out;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct cf_edit edit = { .path = cf_strdup(paths[i]),
			.oid = put_blob(f->store, "1") };

		assert_err(cf_tree_edit(&out, f->store, NULL, &edit, 1),
			CF_INVALID, "");
		free(edit.path);
	}
	assert_err(cf_tree_edit(&out, f->store, NULL, twice, 2), CF_INVALID,
		"");
}

/* --- random edits against a list ------------------------------------------ */

#define PATHS 52

struct model {
	char path[PATHS][40];
	bool there[PATHS];
	unsigned content[PATHS];
};

/* Folders and files whose names sort among each other in each folder. */
static void
model_init(struct model *m)
{
	static const char *const folders[] = { "a", "a0", "ab" };
	static const char *const files[] = { "a-", "a.b", "a0-", "b" };
	char (*path)[40] = m->path;

	memset(m, 0, sizeof *m);
	for (unsigned f = 0; f < 4; f++) {
		(void)snprintf(*path++, sizeof *path, "%s", files[f]);
		for (unsigned i = 0; i < 3; i++)
			(void)snprintf(*path++, sizeof *path, "%s/%s",
				folders[i], files[f]);
		for (unsigned i = 0; i < 9; i++)
			(void)snprintf(*path++, sizeof *path, "%s/%s/%s",
				folders[i / 3], folders[i % 3], files[f]);
	}
	assert_true(path == m->path + PATHS);
}

static size_t
random_edits(struct cf_edit *edits, struct model *m, struct fixture *f)
{
	size_t n = 0;

	for (unsigned i = 0; i < PATHS; i++) {
		char text[20];

		if (random_below(4))
			continue;
		m->there[i] = random_below(2);
		m->content[i] = (unsigned)random_below(1000);
		(void)snprintf(text, sizeof text, "%u", m->content[i]);
		edits[n].path = m->path[i];
		edits[n].remove = !m->there[i];
		if (m->there[i])
			edits[n].oid = put_blob(f->store, text);
		n++;
	}
	/* in any order */
	for (size_t i = n; i > 1; i--) {
		size_t j = random_below(i);
		struct cf_edit swap = edits[i - 1];

		edits[i - 1] = edits[j];
		edits[j] = swap;
	}
	return n;
}

static struct cf_oid
from_scratch(const struct model *m, struct fixture *f)
{
	struct cf_edit edits[PATHS] = { 0 };
	struct cf_oid out;
	size_t n = 0;

	for (unsigned i = 0; i < PATHS; i++) {
		char text[20], *path = cf_strdup(m->path[i]);

		(void)snprintf(text, sizeof text, "%u", m->content[i]);
		if (m->there[i])
			edits[n++] = (struct cf_edit){ .path = path,
				.oid = put_blob(f->store, text) };
		else
			free(path);
	}
	assert_ok(cf_tree_edit(&out, f->store, NULL, edits, n));
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	return out;
}

/* The difference between two trees, applied as edits, is the step itself. */
static void
check_diff(struct fixture *f, const struct cf_oid *from,
	const struct cf_oid *to)
{
	struct cf_changes changes;
	struct cf_edit edits[PATHS] = { 0 };
	struct cf_oid out;

	assert_ok(cf_tree_diff(&changes, cf_store_odb(f->store), from, to));
	assert_true(changes.n <= PATHS);
	for (size_t i = 0; i < changes.n; i++) {
		edits[i].path = changes.change[i].path;
		edits[i].remove = !changes.change[i].has;
		edits[i].oid = changes.change[i].is;
		assert_false(changes.change[i].had && changes.change[i].has &&
			cf_oid_eq(&changes.change[i].was,
				&changes.change[i].is));
	}
	assert_ok(cf_tree_edit(&out, f->store, from, edits, changes.n));
	assert_true(cf_oid_eq(&out, to));
	cf_changes_clear(&changes);
}

static void
check_finds(struct fixture *f, const struct model *m,
	const struct cf_oid *tree)
{
	for (unsigned i = 0; i < PATHS; i++) {
		struct cf_entry entry;
		struct cf_oid want;
		char text[20];
		bool found;

		(void)snprintf(text, sizeof text, "%u", m->content[i]);
		cf_oid_of(&want, CF_BLOB, text, strlen(text));
		assert_ok(cf_tree_find(&entry, &found, cf_store_odb(f->store),
			tree, m->path[i]));
		assert_int_equal(found, m->there[i]);
		if (found)
			assert_true(cf_oid_eq(&entry.oid, &want));
	}
}

/* What git makes of the same files, from an index without its tree cache. */
static void
check_with_git(struct fixture *f, const struct model *m,
	const struct cf_oid *tree)
{
	char hex[CF_OID_TEXT], *info, *want;
	struct cf_oid oid;

	assert_int_equal(git(NULL, f->dir, "read-tree", "--empty"), 0);
	for (unsigned i = 0; i < PATHS; i++) {
		char text[20];

		if (!m->there[i])
			continue;
		(void)snprintf(text, sizeof text, "%u", m->content[i]);
		oid = put_blob(f->store, text);
		cf_oid_hex(hex, &oid);
		info = cf_asprintf("100644,%s,%s", hex, m->path[i]);
		assert_int_equal(git(NULL, f->dir, "update-index", "--add",
			"--cacheinfo", info), 0);
		free(info);
	}
	cf_oid_hex(hex, tree);
	want = cf_asprintf("%s\n", hex);
	assert_git_says(f->dir, want, "write-tree");
	free(want);
}

static void
test_random_edits(void **state)
{
	struct fixture *f = *state;
	bool compare = have_git();
	struct model m;
	struct cf_oid tree, before, fresh;

	model_init(&m);
	assert_ok(cf_tree_edit(&tree, f->store, NULL, NULL, 0));
	for (unsigned round = 0; round < 60; round++) {
		struct cf_edit edits[PATHS] = { 0 };
		size_t n = random_edits(edits, &m, f);

		before = tree;
		assert_ok(cf_tree_edit(&tree, f->store, &before, edits, n));
		fresh = from_scratch(&m, f);
		assert_true(cf_oid_eq(&tree, &fresh));
		check_finds(f, &m, &tree);
		check_diff(f, &before, &tree);
		if (compare && round % 20 == 0)
			check_with_git(f, &m, &tree);
	}
	if (compare)
		assert_int_equal(git(NULL, f->dir, "fsck", "--strict"), 0);
}

/* Nothing is made of a tree that is not whole. */
static void
test_missing_folder(void **state)
{
	struct fixture *f = *state;
	size_t n = CF_LOOSE_MAX;
	struct cf_edit *edits = cf_calloc(n, sizeof *edits);
	struct cf_oid gone = { { 1 } }, out, oid;
	struct cf_changes changes;

	for (size_t i = 0; i < n; i++) {
		edits[i].path = cf_asprintf("%zu/x.json", i);
		edits[i].oid = put_blob(f->store, "1");
	}
	assert_err(cf_tree_edit(&out, f->store, &gone, edits, 1), CF_NOT_FOUND,
		"object.missing");
	assert_err(cf_tree_edit(&out, f->store, &gone, edits, n), CF_NOT_FOUND,
		"object.missing");
	/* and the store is as usable as before */
	assert_ok(cf_odb_write(&oid, f->store, CF_BLOB, "2", 1));
	assert_true(cf_odb_has(cf_store_odb(f->store), &oid));
	assert_err(cf_tree_diff(&changes, cf_store_odb(f->store), &gone, NULL),
		CF_NOT_FOUND, "object.missing");
	cf_changes_clear(&changes);
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	free(edits);
}

/* Thousands of folders at once go the way of the pack: the same tree. */
static void
test_many_folders(void **state)
{
	struct fixture *f = *state;
	size_t n = 3 * CF_LOOSE_MAX / 2;
	struct cf_edit *edits = cf_calloc(n, sizeof *edits);
	struct cf_oid whole, steps, again;
	struct cf_entry entry;
	struct cf_names packs;
	bool found;
	char *path = cf_path_join(cf_store_git_dir(f->store), "objects/pack");

	for (size_t i = 0; i < n; i++) {
		edits[i].path = cf_asprintf("records/%zu/x.json", i);
		edits[i].oid = put_blob(f->store, i % 2 ? "1" : "2");
	}
	assert_ok(cf_tree_edit(&whole, f->store, NULL, edits, n));
	assert_ok(cf_dir_names(&packs, path));
	assert_int_equal(packs.n, 2);
	cf_names_clear(&packs);
	for (size_t i = 0; i < n; i += 100) {
		assert_ok(cf_tree_find(&entry, &found, cf_store_odb(f->store),
			&whole, edits[i].path));
		assert_true(found && cf_oid_eq(&entry.oid, &edits[i].oid));
	}
	/* in two steps of loose objects */
	assert_ok(cf_tree_edit(&steps, f->store, NULL, edits, n / 2));
	assert_ok(cf_tree_edit(&steps, f->store, &steps, edits + n / 2,
		n - n / 2));
	assert_true(cf_oid_eq(&whole, &steps));
	/* what is there already is not packed again */
	assert_ok(cf_tree_edit(&again, f->store, NULL, edits, n));
	assert_true(cf_oid_eq(&whole, &again));
	assert_ok(cf_dir_names(&packs, path));
	assert_int_equal(packs.n, 2);
	cf_names_clear(&packs);
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	free(edits);
	free(path);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(test_edit_empties_and_fills),
		ON_DISK(test_edit_swaps_file_and_folder),
		ON_DISK(test_edit_refuses_paths),
		ON_DISK(test_random_edits),
		ON_DISK(test_missing_folder),
		ON_DISK(test_many_folders),
	};

	random_seed(argc, argv);
	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
