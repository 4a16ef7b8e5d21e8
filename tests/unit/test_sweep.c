/*
 * The writer's lock, and what taking it sweeps away.
 */
#include "on_disk.h"

#include "base/temp.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

static void
test_lock_nests(void **state)
{
	struct fixture *f = *state;
	struct cf_store *other;
	char *holder = cf_asprintf("confer publish (process %ld)\n",
		(long)getpid());
	char *path = cf_store_file(f->store, "lock");
	int fd;

	assert_ok(cf_store_open(&other, f->dir));
	assert_ok(cf_store_lock(f->store, "publish"));
	assert_ok(cf_store_lock(f->store, "sync"));
	cf_store_unlock(f->store);
	/* still taken, and the file says by whom */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_true(file_is(f->dir, ".git/confer/lock", holder));
	cf_store_unlock(f->store);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	(void)close(fd);
	free(holder);
	free(path);
	assert_ok(cf_store_lock(other, "sync"));
	cf_store_free(other);
	assert_ok(cf_store_lock(f->store, "sync"));
	cf_store_unlock(f->store);
}

static void
test_lock_outlives_no_child(void **state)
{
	struct fixture *f = *state;
	struct cf_store *other;
	int pipes[2], status;
	pid_t pid;
	char c;

	assert_ok(cf_store_open(&other, f->dir));
	assert_ok(cf_store_lock(f->store, "sync"));
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(pipes[1]);
		_exit(read(pipes[0], &c, 1) < 0);
	}
	cf_store_unlock(f->store);
	assert_ok(cf_store_lock(other, "publish"));
	cf_store_free(other);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static pid_t
dead_process(void)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return pid;
}

static void
test_lock_sweeps(void **state)
{
	static const char *const stale[] = { "config.lock", "index.lock",
		"HEAD.lock", "packed-refs.lock", "refs/heads/main.lock",
		"refs/confer/pins/zQm.lock", "objects/tmp_object_git2_a1b2c3",
		"objects/pack/pack_git2_a1b2c3",
		"objects/pack/pack-12.idx.lock" };
	/* stock git's own, which may be at work */
	static const char *const kept[] = { "objects/ab/tmp_obj_a1b2c3",
		"objects/pack/tmp_pack_a1b2c3", "refs/heads/locked",
		"objects/pack/pack-12.pack" };
	struct fixture *f = *state;
	const char *git_dir = cf_store_git_dir(f->store);
	char *dead = cf_asprintf("confer/quarantine/%ld-AbCd",
		(long)dead_process());
	char *alive = cf_asprintf("confer/quarantine/%ld-AbCd",
		(long)getpid());
	/* of before the machine was started, whoever has that number now */
	char *before = cf_asprintf("confer/quarantine/%ld-00000000-AbCd",
		(long)getpid());
	char owner[CF_TEMP_OWNER], *now, *path;

	cf_temp_owner(owner);
	now = cf_asprintf("confer/quarantine/%sAbCd", owner);
	const char *const paths[] = { "refs/confer/pins", "objects/ab", dead,
		alive, before, now, "confer/quarantine/other" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		path = cf_path_join(git_dir, paths[i]);
		assert_ok(cf_mkdirs(path, 0777));
		free(path);
	}
	for (size_t i = 0; i < sizeof stale / sizeof *stale; i++)
		put_file(git_dir, stale[i], "x");
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		put_file(git_dir, kept[i], "x");
	assert_ok(cf_store_lock(f->store, "test"));
	for (size_t i = 0; i < sizeof stale / sizeof *stale; i++)
		assert_false(file_there(git_dir, stale[i]));
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		assert_true(file_there(git_dir, kept[i]));
	assert_false(file_there(git_dir, dead));
	assert_true(file_there(git_dir, alive));
	assert_false(file_there(git_dir, before));
	assert_true(file_there(git_dir, now));
	assert_true(file_there(git_dir, "confer/quarantine/other"));
	/* not again while it is held */
	put_file(git_dir, "index.lock", "");
	assert_ok(cf_store_lock(f->store, "test"));
	assert_true(file_there(git_dir, "index.lock"));
	cf_store_unlock(f->store);
	cf_store_unlock(f->store);
	free(dead);
	free(alive);
	free(before);
	free(now);
}

/* The number of a process that was before the machine was started is soon one of
 * the machine's own, which nobody else may send a signal. */
static void
test_a_number_of_another_user(void **state)
{
	char owner[CF_TEMP_OWNER], name[CF_TEMP_OWNER + 8];
	int status;
	pid_t pid;

	(void)state;
	cf_temp_owner(owner);
	(void)snprintf(name, sizeof name, "1%sAbCd", strchr(owner, '-'));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(1);
		_exit(cf_temp_is_dead(name) ||
			!cf_temp_is_dead("1-00000000-AbCd"));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Takes the lock and is killed. */
static void
hold_and_die(struct fixture *f)
{
	struct cf_store *store;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (cf_store_open(&store, f->dir) == NULL &&
			cf_store_lock(store, "publish") == NULL)
			(void)raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* A sync takes the lock for each partner. */
static void
test_lock_sweeps_once(void **state)
{
	struct fixture *f = *state;
	const char *git_dir = cf_store_git_dir(f->store);

	assert_ok(cf_store_lock(f->store, "test"));
	cf_store_unlock(f->store);
	/* What lets go leaves nothing: this is somebody's at work. */
	put_file(git_dir, "index.lock", "");
	assert_ok(cf_store_lock(f->store, "test"));
	assert_true(file_there(git_dir, "index.lock"));
	cf_store_unlock(f->store);
	hold_and_die(f);
	put_file(git_dir, "index.lock", "");
	put_file(git_dir, "refs/heads/main.lock", "");
	assert_ok(cf_store_lock(f->store, "test"));
	assert_false(file_there(git_dir, "index.lock"));
	assert_false(file_there(git_dir, "refs/heads/main.lock"));
	cf_store_unlock(f->store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(test_lock_nests),
		ON_DISK(test_lock_outlives_no_child),
		ON_DISK(test_lock_sweeps),
		ON_DISK(test_lock_sweeps_once),
		PLAIN(test_a_number_of_another_user),
	};

	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
