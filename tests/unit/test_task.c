/*
 * Children that misbehave: each is one failure, in time, and no other's.
 */
#include "crew.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static void
expect_fail(const struct cf_task *task, enum cf_code code, const char *rule,
	const char *words)
{
	if (!task->failed)
		fail_msg("it did not fail; wanted %s", rule);
	if (task->error.code != code || strcmp(task->error.rule, rule) != 0 ||
		strstr(task->error.msg, words) == NULL)
		fail_msg("%d [%s] %s", (int)task->error.code, task->error.rule,
			task->error.msg);
	assert_false(task->done);
}

/* --- good children -------------------------------------------------------- */

static void
work_well(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_HEAD, .found = true,
		.head = { { 9 } } };

	(void)arg;
	send_say(fd, &say);
	say_done(fd);
	/* its last word was heard: nobody waits for this */
	(void)sleep(100);
}

static void
test_a_good_child(void **state)
{
	int64_t before = ms();
	struct cf_task task = run_one(&web, work_well, NULL, 0);

	(void)state;
	assert_false(task.failed);
	assert_true(task.done && task.found_head && task.found);
	assert_int_equal(task.head.raw[0], 9);
	assert_int_equal(task.bytes, 7);
	assert_int_equal(task.objects, 3);
	assert_true(ms() - before < 2500);
}

struct counter {
	struct cf_task *tasks;
	size_t n, most;
};

static void
count_running(void *payload, size_t index)
{
	struct counter *c = payload;
	size_t running = 0;

	(void)index;
	for (size_t i = 0; i < c->n; i++)
		running += c->tasks[i].child.pid != 0;
	c->most = running > c->most ? running : c->most;
}

static void
work_a_little(int fd, void *arg)
{
	const struct timespec nap = { .tv_nsec = 20 * 1000 * 1000 };
	struct cf_say say = { .word = CF_SAY_PROGRESS };

	(void)arg;
	for (unsigned i = 0; i < 3; i++) {
		send_say(fd, &say);
		(void)nanosleep(&nap, NULL);
	}
	say_done(fd);
}

/* One bad child among good ones is its own failure and no other's. */
static void
work_if_good(int fd, void *arg)
{
	const int *number = arg;

	if (*number == 5)
		(void)raise(SIGSEGV);
	work_a_little(fd, NULL);
}

static void
test_several_at_a_time(void **state)
{
	enum { N = 20, JOBS = 4 };
	struct cf_task tasks[N];
	int numbers[N];
	struct counter counter = { tasks, N, 0 };
	struct cf_crew crew = { .task = tasks, .n = N, .jobs = JOBS,
		.moved = count_running, .payload = &counter };

	(void)state;
	for (int i = 0; i < N; i++) {
		numbers[i] = i;
		tasks[i] = (struct cf_task){ .url = &web,
			.home = "/nonexistent", .work = work_if_good,
			.arg = &numbers[i] };
	}
	assert_ok(cf_crew_run(&crew));
	for (int i = 0; i < N; i++) {
		assert_int_equal(tasks[i].failed, i == 5);
		assert_int_equal(tasks[i].done, i != 5);
	}
	assert_int_equal(counter.most, JOBS);
}

/* --- silence and noise ---------------------------------------------------- */

static void
work_never(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	for (;;)
		(void)pause();
}

static void
test_silence_ends(void **state)
{
	int64_t before = ms();
	struct cf_task task = run_one(&web, work_never, NULL, 1);

	(void)state;
	expect_fail(&task, CF_REMOTE, "remote.timeout",
		"git.example.org did not answer within 1 seconds. Check the "
		"network, or try again later");
	assert_true(ms() - before >= 1000 && ms() - before < 2500);
}

static void
work_then_silence(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_PROGRESS, .bytes = 10 };

	send_say(fd, &say);
	work_never(fd, arg);
}

static void
test_silence_after_some_bytes_ends(void **state)
{
	struct cf_task task = run_one(&web, work_then_silence, NULL, 1);

	(void)state;
	expect_fail(&task, CF_REMOTE, "remote.timeout", "nothing came for 1");
}

/* A byte a moment: never silent, never done. */
static void
work_drip(int fd, void *arg)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	struct cf_say say = { .word = CF_SAY_PROGRESS };

	(void)arg;
	for (;;) {
		say.bytes++;
		send_say(fd, &say);
		(void)nanosleep(&nap, NULL);
	}
}

static void
test_the_deadline_counts_whatever_comes(void **state)
{
	int64_t before = ms();
	struct cf_task task = run_one(&web, work_drip, NULL, 1);

	(void)state;
	expect_fail(&task, CF_REMOTE, "remote.timeout",
		"was not done within 3 seconds");
	assert_true(ms() - before >= 3000 && ms() - before < 4500);
}

static void
work_flood(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_PROGRESS };

	(void)arg;
	for (;;)
		send_say(fd, &say);
}

/* One that never stops talking does not keep the others from being heard. */
static void
test_a_flood_does_not_starve_others(void **state)
{
	const struct cf_transport transport = { .seconds = 3 };
	struct cf_task tasks[2] = {
		{ .url = &web, .home = "/nonexistent", .work = work_flood },
		{ .url = &web, .home = "/nonexistent", .work = work_well } };
	struct cf_crew crew = { .task = tasks, .n = 2, .jobs = 2,
		.transport = &transport };

	(void)state;
	assert_ok(cf_crew_run(&crew));
	assert_true(tasks[0].failed);
	assert_true(tasks[1].done);
}

static void
work_noise(int fd, void *arg)
{
	const struct cf_str *noise = arg;

	(void)send(fd, noise->p, noise->n, MSG_NOSIGNAL);
	(void)sleep(100);
}

static void
test_noise_ends_it(void **state)
{
	static char long_noise[20000];
	struct cf_str noise[] = { CF_STR("hello"), CF_STR("\x01"),
		CF_STR("\x02\x01"), CF_STR("\xff\xff\xff\xff"),
		{ long_noise, sizeof long_noise } };

	(void)state;
	for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
		struct cf_task task = run_one(&web, work_noise, &noise[i], 0);

		expect_fail(&task, CF_REMOTE, "remote.crash",
			"spoke nonsense");
	}
}

static void
work_parents_words(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_LOGIN };

	(void)arg;
	send_say(fd, &say);
	(void)sleep(100);
}

static void
work_two_heads(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_HEAD };

	(void)arg;
	send_say(fd, &say);
	send_say(fd, &say);
	(void)sleep(100);
}

static void
work_ask(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_ASK };

	(void)arg;
	send_say(fd, &say);
	(void)sleep(100);
}

static void
test_only_what_may_come_now(void **state)
{
	struct cf_task task = run_one(&web, work_parents_words, NULL, 0);

	(void)state;
	expect_fail(&task, CF_REMOTE, "remote.crash", "spoke nonsense");
	task = run_one(&web, work_two_heads, NULL, 0);
	expect_fail(&task, CF_REMOTE, "remote.crash", "spoke nonsense");
	/* a folder wants no password */
	task = run_one(&folder, work_ask, NULL, 0);
	expect_fail(&task, CF_REMOTE, "remote.crash", "spoke nonsense");
}

/* --- sudden ends ---------------------------------------------------------- */

static void
work_die(int fd, void *arg)
{
	const int *number = arg;

	(void)fd;
	if (*number)
		(void)kill(getpid(), *number);
	_exit(0);
}

static void
test_sudden_ends(void **state)
{
	static const struct {
		int number;
		enum cf_code code;
		const char *rule, *words;
	} ends[] = {
		{ 0, CF_REMOTE, "remote.crash", "status 0" },
		{ SIGTERM, CF_REMOTE, "remote.crash", "signal 15" },
		{ SIGKILL, CF_SYS, "", "memory is full" },
		{ SIGXCPU, CF_REFUSED, "limit.time", "takes longer" },
		{ SIGBUS, CF_SYS, "", "disk is full" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		int number = ends[i].number;
		struct cf_task task = run_one(&web, work_die, &number, 0);

		expect_fail(&task, ends[i].code, ends[i].rule, ends[i].words);
	}
}

static void
work_hang_up(int fd, void *arg)
{
	(void)close(fd);
	work_never(fd, arg);
}

/* It closes its end and goes on: it is ended all the same. */
static void
test_hanging_up_is_an_end(void **state)
{
	int64_t before = ms();
	struct cf_task task = run_one(&web, work_hang_up, NULL, 0);

	(void)state;
	assert_true(task.failed);
	assert_true(ms() - before < 2500);
}

static void
work_with_grandchild(int fd, void *arg)
{
	(void)arg;
	if (fork() == 0)
		for (;;)
			(void)pause();
	say_done(fd);
	(void)sleep(100);
}

static void
test_what_it_started_ends_with_it(void **state)
{
	struct cf_task task = { .url = &web, .home = "/nonexistent",
		.work = work_with_grandchild };
	struct cf_crew crew = { .task = &task, .n = 1 };
	int status;

	(void)state;
	/* orphans come to us, so that they can be counted */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_ok(cf_crew_run(&crew));
	assert_true(task.done);
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void
work_tell_pid(int fd, void *arg)
{
	struct cf_say say = { .word = CF_SAY_PROGRESS,
		.bytes = (uint64_t)getpid() };

	(void)arg;
	send_say(fd, &say);
	work_never(fd, arg);
}

static void
pass_on(void *payload, size_t index)
{
	const struct cf_task *task = payload;
	pid_t pid = (pid_t)task[index].bytes;

	if (pid && write(1, &pid, sizeof pid) != sizeof pid)
		_exit(1);
}

/* kill -9 of confer itself leaves no child behind. */
static void
test_children_die_with_their_parent(void **state)
{
	int pipes[2], status;
	pid_t parent, child = 0;

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe(pipes), 0);
	parent = fork();
	if (parent == 0) {
		struct cf_task task = { .url = &web, .home = "/nonexistent",
			.work = work_tell_pid };
		struct cf_crew crew = { .task = &task, .n = 1,
			.moved = pass_on, .payload = &task };

		(void)dup2(pipes[1], 1);
		_exit(cf_crew_run(&crew) ? 1 : 0);
	}
	assert_int_equal(read(pipes[0], &child, sizeof child), sizeof child);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_child),
		cmocka_unit_test(test_several_at_a_time),
		cmocka_unit_test(test_silence_ends),
		cmocka_unit_test(test_silence_after_some_bytes_ends),
		cmocka_unit_test(test_the_deadline_counts_whatever_comes),
		cmocka_unit_test(test_a_flood_does_not_starve_others),
		cmocka_unit_test(test_noise_ends_it),
		cmocka_unit_test(test_only_what_may_come_now),
		cmocka_unit_test(test_sudden_ends),
		cmocka_unit_test(test_hanging_up_is_an_end),
		cmocka_unit_test(test_what_it_started_ends_with_it),
		cmocka_unit_test(test_children_die_with_their_parent),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
