/*
 * Compacting: killed before any write, nothing that is in use is missing, and
 * the next attempt goes through; a disk that fails is the same.
 */
#include "grow.h"
#include "steps.h"

#include <sys/wait.h>

#include "store/compact.h"

#define COMMITS 12u

/* A store with a pack, loose objects, and some that nothing refers to. */
static struct cf_store *
used_store(const char *dir, struct cf_oid *head)
{
	struct cf_store *store = new_store(dir);
	struct cf_compacted done;
	struct cf_oid waste;

	(void)grow(store, COMMITS, "a");
	assert_ok(cf_store_lock(store, "test"));
	assert_ok(cf_store_compact(&done, store, NULL));
	cf_store_unlock(store);
	*head = grow(store, COMMITS, "b");
	assert_ok(cf_odb_write(&waste, store, CF_BLOB, "waste", 5));
	return store;
}

static void
assert_sound(const char *dir, const struct cf_oid *head)
{
	struct cf_store *store;

	assert_ok(cf_store_open(&store, dir));
	assert_whole(cf_store_odb(store), head, 2 * COMMITS);
	cf_store_free(store);
	if (have_git())
		assert_int_equal(git(NULL, dir, "fsck"), 0);
}

/* In a child that ends before step n; true where it came to its end. */
static bool
compact_until(const char *dir, long n, int error)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct cf_compacted done;
		struct cf_store *store;
		const struct cf_err *err = cf_store_open(&store, dir);

		steps.left = n;
		steps.error = error;
		if (!err)
			err = cf_store_lock(store, "test");
		if (!err)
			err = cf_store_compact(&done, store, NULL);
		_exit(err == NULL && !steps.failed ? 0 : 9);
	}
	assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status) == 0;
}

static void
break_at_every_step(int error)
{
	char *dir = scratch_fast(), *ours = cf_path_join(dir, "ours");
	struct cf_compacted done;
	struct cf_oid head, waste;
	struct cf_store *store = used_store(ours, &head);
	long n = 0;

	cf_store_free(store);
	while (!compact_until(ours, n, error)) {
		assert_sound(ours, &head);
		n++;
	}
	printf("# %ld steps\n", n);
	assert_true(n > 20);
	assert_sound(ours, &head);
	assert_ok(cf_store_open(&store, ours));
	assert_ok(cf_store_lock(store, "test"));
	assert_ok(cf_store_compact(&done, store, NULL));
	cf_oid_of(&waste, CF_BLOB, "waste", 5);
	assert_false(cf_odb_has(cf_store_odb(store), &waste));
	assert_true(cf_odb_has(cf_store_odb(store), &head));
	/* Which deltas two threads find depends on who is faster. */
	assert_true(done.after < done.before + done.before / 10);
	cf_store_free(store);
	assert_sound(ours, &head);
	scratch_free(dir);
	free(ours);
}

static void
test_killed_before_every_step(void **state)
{
	(void)state;
	break_at_every_step(0);
}

static void
test_a_full_disk_at_every_step(void **state)
{
	(void)state;
	break_at_every_step(ENOSPC);
}

/* Sets the time of all files below a folder to 2090. */
static void
date_ahead(const char *dir)
{
	const struct timespec late[2] = { { .tv_sec = 3786912000 },
		{ .tv_sec = 3786912000 } };
	struct cf_names names;

	assert_ok(cf_dir_names(&names, dir));
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		if (cf_is_dir(path))
			date_ahead(path);
		else
			assert_int_equal(utimensat(AT_FDCWD, path, late, 0), 0);
		free(path);
	}
	cf_names_clear(&names);
}

/* Clocks have been wrong: what was there goes, whatever its time says. */
static void
test_files_from_another_time(void **state)
{
	char *dir = scratch_fast(), *ours = cf_path_join(dir, "ours");
	char *objects = cf_path_join(ours, ".git/objects");
	struct cf_compacted done;
	struct cf_oid head, waste;
	struct cf_store *store = used_store(ours, &head);

	(void)state;
	date_ahead(objects);
	assert_ok(cf_store_lock(store, "test"));
	assert_ok(cf_store_compact(&done, store, NULL));
	cf_oid_of(&waste, CF_BLOB, "waste", 5);
	assert_false(cf_odb_has(cf_store_odb(store), &waste));
	assert_true(done.after < done.before);
	cf_store_free(store);
	assert_sound(ours, &head);
	scratch_free(dir);
	free(objects);
	free(ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_from_another_time),
		cmocka_unit_test(test_killed_before_every_step),
		cmocka_unit_test(test_a_full_disk_at_every_step),
	};

	assert_ok(cf_store_start());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
