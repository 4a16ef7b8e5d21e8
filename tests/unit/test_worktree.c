/*
 * The work tree follows main and leaves alone what people changed. Stock git
 * says what it sees.
 */
#include "on_disk.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/limits.h"

#define MAIN "refs/heads/main"
#define X "records/finding/ab/x.json"
#define Y "records/finding/cd/y.json"

/* The commit whose tree has these files: path, text, path, text … NULL. */
static struct cf_oid
commit_of(struct cf_store *store, const char *const *files)
{
	struct cf_edit edits[8] = { 0 };
	struct cf_oid tree;
	size_t n = 0;

	for (; files[2 * n]; n++) {
		edits[n].path = cf_strdup(files[2 * n]);
		edits[n].oid = put_blob(store, files[2 * n + 1]);
	}
	assert_ok(cf_tree_edit(&tree, store, NULL, edits, n));
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	return put_commit(store, &tree, "files\n");
}

#define COMMIT(store, ...) commit_of(store, \
	(const char *const[]){ __VA_ARGS__, NULL })

/* Moves main, then the work tree, as publish does. */
static void
move_main(struct fixture *f, const struct cf_oid *from, const struct cf_oid *to)
{
	assert_ok(cf_ref_set(f->store, MAIN, to, from));
	assert_ok(cf_work_tree_move(f->store, from, to));
}

static void
assert_status(struct fixture *f, const char *want)
{
	if (have_git())
		assert_git_says(f->dir, want, "status", "--porcelain", "-uall");
}

static void
test_files_come_change_and_go(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, "README.md", "readme\n", X, "1\n");
	struct cf_oid two = COMMIT(f->store, "README.md", "readme\n", X, "2\n",
		Y, "y\n");
	struct cf_oid three = COMMIT(f->store, "README.md", "readme\n"), at;
	bool found;

	assert_ok(cf_work_tree_at(&at, &found, f->store));
	assert_false(found);
	move_main(f, NULL, &one);
	assert_true(file_is(f->dir, X, "1\n"));
	assert_status(f, "");
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, X, "2\n"));
	assert_true(file_is(f->dir, Y, "y\n"));
	assert_status(f, "");
	assert_ok(cf_work_tree_at(&at, &found, f->store));
	assert_true(found && cf_oid_eq(&at, &two));
	move_main(f, &two, &three);
	assert_false(file_there(f->dir, "records"));
	assert_true(file_is(f->dir, "README.md", "readme\n"));
	assert_status(f, "");
	assert_false(file_there(f->dir, ".git/confer/checkout.tmp"));
	assert_false(file_there(f->dir, ".git/index.lock"));
}

static void
test_changed_files_stay(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n", Y, "y\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n", "z.json", "z\n");

	move_main(f, NULL, &one);
	put_file(f->dir, X, "mine\n");
	put_file(f->dir, Y, "mine too\n");
	put_file(f->dir, "z.json", "and this\n");
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, X, "mine\n"));
	assert_true(file_is(f->dir, Y, "mine too\n"));
	assert_true(file_is(f->dir, "z.json", "and this\n"));
	assert_status(f, " M " X "\n M z.json\n?? " Y "\n");
}

static void
test_missing_and_empty_files_are_written(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n", Y, "y\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n", Y, "z\n");
	char *x = cf_path_join(f->dir, X);

	move_main(f, NULL, &one);
	assert_ok(cf_remove_all(x));
	put_file(f->dir, Y, "");
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, X, "2\n"));
	assert_true(file_is(f->dir, Y, "z\n"));
	assert_status(f, "");
	free(x);
}

static void
test_staged_changes_stay(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n");

	if (!have_git())
		skip();
	move_main(f, NULL, &one);
	put_file(f->dir, X, "mine\n");
	assert_int_equal(git(NULL, f->dir, "add", X), 0);
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, X, "mine\n"));
	assert_status(f, "M  " X "\n");
}

static void
test_another_branch_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n"), at;
	bool found;

	move_main(f, NULL, &one);
	put_file(f->dir, ".git/HEAD", "ref: refs/heads/other\n");
	assert_ok(cf_ref_set(f->store, "refs/heads/other", &one, NULL));
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, X, "1\n"));
	assert_ok(cf_work_tree_at(&at, &found, f->store));
	assert_true(found && cf_oid_eq(&at, &one));
	assert_status(f, "");
	/* back on main, stock git has brought the files; it is noted then */
	if (!have_git())
		skip();
	assert_int_equal(git(NULL, f->dir, "checkout", "-q", "main"), 0);
	assert_ok(cf_work_tree_move(f->store, &one, &two));
	assert_true(file_is(f->dir, X, "2\n"));
	assert_status(f, "");
	assert_int_equal(git(NULL, f->dir, "checkout", "-q", "--detach"), 0);
	assert_ok(cf_work_tree_move(f->store, &two, &one));
	assert_true(file_is(f->dir, X, "2\n"));
}

/* A link in the place of a folder must not lead us out of the work tree. */
static void
test_links_are_not_followed(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n", "a/b", "b\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n", Y, "y\n", "c", "c\n");
	char *outside = scratch_new();
	char *records = cf_path_join(f->dir, "records");
	char *a = cf_path_join(f->dir, "a"), *c = cf_path_join(f->dir, "c");
	char *folder = cf_path_join(outside, "finding/ab");

	move_main(f, NULL, &one);
	assert_ok(cf_remove_all(records));
	assert_ok(cf_remove_all(a));
	assert_ok(cf_mkdirs(folder, 0777));
	put_file(folder, "x.json", "1\n");
	put_file(outside, "b", "b\n");
	assert_int_equal(symlink(outside, records), 0);
	assert_int_equal(symlink(outside, a), 0);
	assert_int_equal(symlink("nowhere", c), 0);
	move_main(f, &one, &two);
	assert_true(file_is(folder, "x.json", "1\n"));
	assert_true(file_is(outside, "b", "b\n"));
	assert_false(file_there(outside, "finding/cd"));
	assert_false(file_there(f->dir, "nowhere"));
	scratch_free(outside);
	free(records);
	free(a);
	free(c);
	free(folder);
}

/* Names that a work tree should not get, whoever made the commit. */
static void
test_odd_names_are_not_written(void **state)
{
	static const char *const names[] = { ".gitmodules", "a\\b", "a b",
		"git~1", "\xc3\xa9", "a\nb", "C:x" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct cf_oid commit = COMMIT(f->store, names[i], "odd");

		assert_ok(cf_work_tree_move(f->store, NULL, &commit));
		assert_false(file_there(f->dir, names[i]));
	}
	/* what cf_tree_edit would not make either */
	for (unsigned i = 0; i < 2; i++) {
		struct cf_oid blob = put_blob(f->store, "x"), tree, commit;
		struct cf_buf raw = CF_BUF(100);

		cf_buf_puts(&raw, i ? "100644 .." : "100644 .git");
		cf_buf_putc(&raw, '\0');
		cf_buf_add(&raw, blob.raw, sizeof blob.raw);
		assert_ok(cf_odb_write(&tree, f->store, CF_TREE, raw.data,
			raw.len));
		commit = put_commit(f->store, &tree, "odd\n");
		assert_ok(cf_work_tree_move(f->store, NULL, &commit));
		assert_true(file_there(f->dir, ".git/config"));
		cf_buf_clear(&raw);
	}
}

static void
test_file_becomes_folder(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, "a", "1\n", "b/c", "2\n");
	struct cf_oid two = COMMIT(f->store, "a/x", "3\n", "b", "4\n");

	move_main(f, NULL, &one);
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, "a/x", "3\n"));
	assert_true(file_is(f->dir, "b", "4\n"));
	assert_status(f, "");
	move_main(f, &two, &one);
	assert_true(file_is(f->dir, "b/c", "2\n"));
	assert_status(f, "");
}

/* Outside a sparse checkout there is no file, and none is missed. */
static void
test_sparse_checkout(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n", "keys/k", "k\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n", "keys/k", "l\n");

	if (!have_git())
		skip();
	move_main(f, NULL, &one);
	assert_int_equal(git(NULL, f->dir, "sparse-checkout", "set", "keys"),
		0);
	assert_false(file_there(f->dir, X));
	move_main(f, &one, &two);
	assert_false(file_there(f->dir, X));
	assert_true(file_is(f->dir, "keys/k", "l\n"));
	assert_status(f, "");
}

/* A heartbeat changes nothing; an old commit may be compacted away. */
static void
test_same_tree_and_missing_commits(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n"), tree, two, at;
	struct cf_oid gone = { { 1 } };
	struct cf_buf raw = CF_BUF(1000);
	bool found;

	assert_ok(cf_odb_read(&raw, cf_store_odb(f->store), &one, CF_COMMIT));
	assert_true(cf_oid_parse(&tree, (struct cf_str){ raw.data + 5, 40 }));
	two = put_commit(f->store, &tree, "heartbeat\n");
	move_main(f, NULL, &one);
	/* so little that git may be at work meanwhile */
	assert_ok(cf_store_lock(f->store, "test"));
	put_file(f->dir, ".git/index.lock", "");
	move_main(f, &one, &two);
	cf_store_unlock(f->store);
	assert_ok(cf_work_tree_at(&at, &found, f->store));
	assert_true(found && cf_oid_eq(&at, &two));
	next_command(f);
	assert_ok(cf_work_tree_move(f->store, &gone, &one));
	assert_true(file_is(f->dir, X, "1\n"));
	assert_err(cf_work_tree_move(f->store, &one, &gone), CF_NOT_FOUND,
		"object.missing");
	cf_buf_clear(&raw);
}

static void
test_git_at_work_is_busy(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n"), at;
	bool found;

	assert_ok(cf_store_lock(f->store, "test"));
	put_file(f->dir, ".git/index.lock", "");
	assert_err(cf_work_tree_move(f->store, NULL, &one), CF_BUSY, "");
	assert_ok(cf_work_tree_at(&at, &found, f->store));
	assert_false(found);
	cf_store_unlock(f->store);
	next_command(f);
	assert_ok(cf_ref_set(f->store, MAIN, &one, NULL));
	assert_ok(cf_work_tree_move(f->store, NULL, &one));
	assert_status(f, "");
}

/*
 * A file that changed in the second in which git's index was written, to the
 * same size: our own index must not hide it.
 */
static void
test_doubts_are_kept(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = COMMIT(f->store, X, "1\n", Y, "y\n");
	struct cf_oid two = COMMIT(f->store, X, "2\n", Y, "y\n");
	char *y = cf_path_join(f->dir, Y), *index;
	struct timespec times[2];
	struct stat st;

	if (!have_git())
		skip();
	index = cf_path_join(cf_store_git_dir(f->store), "index");
	move_main(f, NULL, &one);
	/* same inode, size and mtime: only the content tells */
	assert_int_equal(stat(y, &st), 0);
	{
		int fd = open(y, O_WRONLY);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, "n\n", 2), 2);
		(void)close(fd);
	}
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, y, times, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, index, times, 0), 0);
	assert_int_equal(git(NULL, f->dir, "config", "core.trustctime",
		"false"), 0);
	(void)sleep(1);
	move_main(f, &one, &two);
	assert_status(f, " M " Y "\n");
	free(index);
	free(y);
}

/* Files are neither read nor examined unless their record changed. */
static void
test_cost_goes_with_the_difference(void **state)
{
	struct fixture *f = *state;
	const size_t n = 2000;
	struct cf_edit *edits = cf_calloc(n, sizeof *edits);
	struct cf_oid tree, one, two;
	char *records = cf_path_join(f->dir, "records");

	for (size_t i = 0; i < n; i++) {
		edits[i].path = cf_asprintf("records/finding/%02zx/%zu.json",
			i % 256, i);
		edits[i].oid = put_blob(f->store, "1\n");
	}
	assert_ok(cf_tree_edit(&tree, f->store, NULL, edits, n));
	one = put_commit(f->store, &tree, "one\n");
	edits[0].oid = put_blob(f->store, "2\n");
	assert_ok(cf_tree_edit(&tree, f->store, &tree, edits, 1));
	two = put_commit(f->store, &tree, "two\n");
	move_main(f, NULL, &one);
	assert_status(f, "");
	/* Without its files it would fail or write them, if it looked. */
	assert_ok(cf_remove_all(records));
	move_main(f, &one, &two);
	assert_true(file_is(f->dir, "records/finding/00/0.json", "2\n"));
	assert_false(file_there(f->dir, edits[256].path));
	assert_false(file_there(f->dir, edits[1].path));
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	free(edits);
	free(records);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(test_files_come_change_and_go),
		ON_DISK(test_changed_files_stay),
		ON_DISK(test_missing_and_empty_files_are_written),
		ON_DISK(test_staged_changes_stay),
		ON_DISK(test_another_branch_is_left_alone),
		ON_DISK(test_links_are_not_followed),
		ON_DISK(test_odd_names_are_not_written),
		ON_DISK(test_file_becomes_folder),
		ON_DISK(test_sparse_checkout),
		ON_DISK(test_same_tree_and_missing_commits),
		ON_DISK(test_git_at_work_is_busy),
		ON_DISK(test_doubts_are_kept),
		ON_DISK(test_cost_goes_with_the_difference),
	};

	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
