/*
 * Killed between any two steps on the disk, out of space at any step, without
 * power after any write: what is found afterwards is the old state or the new.
 */
#include "steps.h"

#include "on_disk.h"

#define MAIN "refs/heads/main"
#define RECORD "records/finding/ab/x.json"

/* --- what is done --------------------------------------------------------- */

static const struct cf_err *
do_init(const char *dir)
{
	const struct cf_err *err;
	struct cf_store *store;
	struct cf_commit first = plain(&(struct cf_oid){ 0 }, 1, "first\n");
	struct cf_oid commit;

	err = cf_store_begin(&store, dir);
	if (!err)
		err = cf_tree_edit(&first.tree, store, NULL, NULL, 0);
	if (!err)
		err = cf_commit_write_plain(&commit, store, &first, NULL, 0);
	if (!err)
		err = cf_ref_set(store, MAIN, &commit, NULL);
	if (!err)
		err = cf_config_set(store, "confer.state", "old");
	if (!err)
		err = cf_store_finish(store);
	cf_store_free(store);
	return err;
}

/* Everything that publishing does to the store. */
static const struct cf_err *
publish(struct cf_store *store)
{
	struct cf_edit edit = { .path = (char[]){ RECORD } };
	struct cf_commit second = plain(&(struct cf_oid){ 0 }, 2, "second\n");
	const struct cf_err *err;
	struct cf_oid commit, main;
	bool found;

	err = cf_ref_read(&main, &found, store, MAIN);
	if (!err)
		err = cf_odb_write(&edit.oid, store, CF_BLOB, "new\n", 4);
	if (!err)
		err = cf_tree_edit(&second.tree, store, NULL, &edit, 1);
	if (!err)
		err = cf_commit_write_plain(&commit, store, &second, &main, 1);
	if (!err)
		err = cf_ref_set(store, "refs/confer/pins/zQm", &commit, NULL);
	if (!err)
		err = cf_ref_set(store, MAIN, &commit, &main);
	if (!err)
		err = cf_work_tree_move(store, &main, &commit);
	if (!err)
		err = cf_config_set(store, "confer.state", "new");
	return err;
}

static const struct cf_err *
do_publish(const char *dir)
{
	const struct cf_err *err;
	struct cf_store *store;

	err = cf_store_open(&store, dir);
	if (!err)
		err = cf_store_lock(store, "publish");
	if (!err)
		err = publish(store);
	cf_store_free(store);
	return err;
}

/* --- what is found -------------------------------------------------------- */

/* Whatever was cut short, the next command goes on from here. */
static bool
catch_up(const char *dir)
{
	struct cf_store *store;
	struct cf_oid main, at;
	struct cf_entry entry;
	struct cf_buf raw = CF_BUF(1000);
	bool found, moved, is_new;
	char *state;

	assert_ok(cf_store_open(&store, dir));
	assert_ok(cf_store_lock(store, "test"));
	assert_ok(cf_ref_read(&main, &found, store, MAIN));
	assert_true(found);
	/* the commit and all it names is there */
	assert_ok(cf_odb_read(&raw, cf_store_odb(store), &main, CF_COMMIT));
	is_new = strstr(raw.data, "second") != NULL;
	assert_true(cf_oid_parse(&at, (struct cf_str){ raw.data + 5, 40 }));
	assert_ok(cf_tree_find(&entry, &found, cf_store_odb(store), &at,
		RECORD));
	assert_int_equal(found, is_new);
	if (found)
		assert_ok(cf_odb_read(&raw, cf_store_odb(store), &entry.oid,
			CF_BLOB));
	assert_ok(cf_config_get(&state, store, "confer.state"));
	assert_non_null(state);
	assert_true(strcmp(state, "old") == 0 ||
		(is_new && strcmp(state, "new") == 0));
	free(state);
	assert_ok(cf_work_tree_at(&at, &moved, store));
	if (!moved || !cf_oid_eq(&at, &main))
		assert_ok(cf_work_tree_move(store, moved ? &at : NULL, &main));
	assert_int_equal(file_is(dir, RECORD, "new\n"), is_new);
	assert_ok(cf_config_set(store, "confer.state", "old"));
	cf_store_free(store);
	cf_buf_clear(&raw);
	return is_new;
}

static void
check_with_git(const char *dir)
{
	if (!have_git())
		return;
	assert_git_says(dir, "", "status", "--porcelain");
	assert_int_equal(git(NULL, dir, "fsck", "--strict", "--no-dangling"),
		0);
}

/* --- killed --------------------------------------------------------------- */

/* Runs it in a process that ends before step n. true: it got to its end. */
static bool
killed_at(long n, const struct cf_err *(*run)(const char *dir),
	const char *dir)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		steps.left = n;
		_exit(run(dir) == NULL ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 9);
	return WEXITSTATUS(status) == 0;
}

static void
test_init_is_all_or_nothing(void **state)
{
	bool done = false;
	unsigned before = 0, after = 0;

	(void)state;
	for (long n = 0; !done; n++) {
		char *dir = scratch_fast();
		struct cf_names names;

		done = killed_at(n, do_init, dir);
		if (file_there(dir, ".git")) {
			after++;
		} else {
			before++;
			assert_ok(do_init(dir));
		}
		assert_false(catch_up(dir));
		/* what the dead process left is gone, if it was begun again */
		assert_ok(cf_dir_names(&names, dir));
		assert_true(names.n == 1 || file_there(dir, ".git-begin"));
		cf_names_clear(&names);
		if (n % 16 == 0 || done)
			check_with_git(dir);
		scratch_free(dir);
	}
	assert_true(before > 20 && after > 0);
}

static void
test_publish_is_old_or_new(void **state)
{
	bool done = false;
	unsigned before = 0, after = 0;

	(void)state;
	for (long n = 0; !done; n++) {
		char *dir = scratch_fast();

		assert_ok(do_init(dir));
		done = killed_at(n, do_publish, dir);
		if (catch_up(dir))
			after++;
		else
			before++;
		if (n % 16 == 0 || done)
			check_with_git(dir);
		scratch_free(dir);
	}
	assert_true(before > 20 && after > 5);
}

/* --- out of space --------------------------------------------------------- */

/* The same with a call that fails: 0 done, 1 said so. */
static const struct cf_err *
failing_at(long n, int number, const struct cf_err *(*run)(const char *dir),
	const char *dir)
{
	const struct cf_err *err;

	steps.left = n;
	steps.error = number;
	err = run(dir);
	steps.left = -1;
	steps.error = 0;
	return err;
}

/* A person must read why, and what it means. */
static void
assert_says(const struct cf_err *err, const char *dir, long n, bool is_new)
{
	if (strstr(err->msg, "the disk is full") == NULL &&
		strstr(err->msg, "the disk is full") == NULL)
		fail_msg("step %ld: %s", n, err->msg);
	if (is_new && strstr(err->msg, "Nothing was changed") &&
		strstr(err->msg, "settings") == NULL)
		fail_msg("step %ld: not true: %s", n, err->msg);
	(void)dir;
}

static void
test_full_disk(void **state)
{
	const struct cf_err *err;
	struct cf_err copy;
	unsigned failed = 0;

	(void)state;
	for (long n = 0, done = 0; !done; n++) {
		char *dir = scratch_fast();
		bool is_new;

		assert_ok(do_init(dir));
		err = failing_at(n, ENOSPC, do_publish, dir);
		done = err == NULL;
		if (err)
			copy = *err;
		is_new = catch_up(dir);
		if (err) {
			failed++;
			assert_says(&copy, dir, n, is_new);
		}
		scratch_free(dir);
	}
	assert_true(failed > 20);
}

static void
test_full_disk_at_init(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (long n = 0, done = 0; !done; n++) {
		char *dir = scratch_fast();

		done = failing_at(n, ENOSPC, do_init, dir) == NULL;
		failed += !done;
		if (!file_there(dir, ".git"))
			assert_ok(do_init(dir));
		assert_false(catch_up(dir));
		scratch_free(dir);
	}
	assert_true(failed > 20);
}

/* --- power cut ------------------------------------------------------------ */

static void
test_everything_is_synced(void **state)
{
	struct fixture *f = *state;
	struct cf_edit edit = { .path = (char[]){ RECORD } };
	struct cf_oid tree, one, two;

	assert_ok(cf_store_lock(f->store, "test"));
	watch_begin();
	assert_ok(cf_odb_write(&edit.oid, f->store, CF_BLOB, "new\n", 4));
	assert_safe();
	watch_begin();
	assert_ok(cf_tree_edit(&tree, f->store, NULL, &edit, 1));
	assert_safe();
	watch_begin();
	one = put_commit(f->store, &tree, "one\n");
	two = put_commit(f->store, &tree, "two\n");
	assert_safe();
	watch_begin();
	assert_ok(cf_ref_set(f->store, "refs/confer/pins/zQm", &one, NULL));
	assert_safe();
	watch_begin();
	assert_ok(cf_ref_set(f->store, "refs/confer/pins/zQm", &two, &one));
	assert_safe();
	watch_begin();
	assert_ok(cf_config_set(f->store, "confer.state", "new"));
	assert_safe();
	watch_begin();
	assert_ok(cf_bulk_begin(f->store));
	assert_ok(cf_odb_write(&edit.oid, f->store, CF_BLOB, "bulk\n", 5));
	assert_ok(cf_bulk_end(f->store));
	assert_safe();
	cf_store_unlock(f->store);
}

static void
test_finish_syncs_what_was_begun(void **state)
{
	char *dir = scratch_fast();

	(void)state;
	watch_begin();
	assert_ok(do_init(dir));
	assert_safe();
	scratch_free(dir);
}

/* The oracle itself must see what is not synced. */
static void
test_oracle_sees(void **state)
{
	struct fixture *f = *state;
	char *path = cf_store_file(f->store, "x"), *other;
	int fd;

	watch_begin();
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_true(is_dirty(path));
	other = cf_store_file(f->store, "y");
	assert_int_equal(rename(path, other), 0);
	assert_non_null(steps.early);
	free(steps.early);
	steps.early = NULL;
	assert_int_equal(steps.n, 2);
	assert_int_equal(fsync(fd), 0);
	(void)close(fd);
	*strrchr(path, '/') = '\0';
	assert_true(is_dirty(path));
	fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(fsync(fd), 0);
	(void)close(fd);
	assert_safe();
	free(path);
	free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(test_init_is_all_or_nothing),
		PLAIN(test_publish_is_old_or_new),
		PLAIN(test_full_disk),
		PLAIN(test_full_disk_at_init),
		ON_DISK(test_oracle_sees),
		ON_DISK(test_everything_is_synced),
		PLAIN(test_finish_syncs_what_was_begun),
	};

	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
