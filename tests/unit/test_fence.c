/*
 * What a child can reach and use.
 */
#define _GNU_SOURCE		/* environ */
#include "crew.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <git2.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Says which of its checks fails as the number of its exit. */
#define CHECK(number, what) do { if (!(what)) _exit(number); } while (0)

static rlim_t
limit_of(int what)
{
	struct rlimit now;

	return getrlimit(what, &now) == 0 ? now.rlim_cur : 0;
}

static void
work_inside(int fd, void *arg)
{
	struct cf_str *home = arg;
	char cwd[10];

	CHECK(1, environ[0] && strcmp(getenv("HOME"), home->p) == 0);
	CHECK(2, environ[1] == NULL);
	CHECK(3, fcntl(fd, F_GETFD) >= 0);
	for (int i = 3; i < 2000; i++)
		CHECK(4, i == fd || fcntl(i, F_GETFD) < 0);
	CHECK(5, getcwd(cwd, sizeof cwd) && strcmp(cwd, "/") == 0);
	CHECK(6, limit_of(RLIMIT_CORE) == 0);
	CHECK(7, limit_of(RLIMIT_CPU) == CF_FETCH_CPU_SECONDS);
	CHECK(8, limit_of(RLIMIT_FSIZE) == CF_MAX_PACK);
	CHECK(9, limit_of(RLIMIT_NOFILE) == CF_FETCH_FILES);
	CHECK(10, SANITIZED || limit_of(RLIMIT_AS) < 1ull << 40);
	CHECK(11, alarm(0) > 0);
	CHECK(12, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	CHECK(13, getpgrp() == getpid());
	CHECK(14, umask(0) == 077);
	CHECK(15, read(0, cwd, 1) == 0);
	CHECK(16, signal(SIGTERM, SIG_DFL) == SIG_DFL);
	CHECK(17, signal(SIGXFSZ, SIG_DFL) == SIG_IGN);
	CHECK(18, signal(SIGPIPE, SIG_DFL) == SIG_IGN);
	say_done(fd);
}

static void
test_the_fence(void **state)
{
	struct cf_str home = CF_STR("/nonexistent");
	int extra = open("/dev/null", O_RDONLY), high;
	struct cf_task task;

	(void)state;
	high = fcntl(extra, F_DUPFD, 500);
	assert_true(extra >= 0 && high >= 500);
	assert_int_equal(setenv("SSH_AUTH_SOCK", "/agent", 1), 0);
	assert_int_equal(setenv("GIT_CONFIG_GLOBAL", "/evil", 1), 0);
	(void)signal(SIGTERM, SIG_IGN);
	task = run_one(&web, work_inside, &home, 0);
	(void)signal(SIGTERM, SIG_DFL);
	(void)close(extra);
	(void)close(high);
	if (task.failed)
		fail_msg("%s", task.error.msg);
	assert_true(task.done);
}

static void
work_agent(int fd, void *arg)
{
	const char *agent = getenv("SSH_AUTH_SOCK");
	bool ssh = arg != NULL;

	CHECK(1, (agent != NULL) == ssh);
	CHECK(2, agent == NULL || strcmp(agent, "/agent") == 0);
	say_done(fd);
}

static void
test_only_ssh_knows_the_agent(void **state)
{
	struct cf_url ssh = { .scheme = CF_SCHEME_SSH, .host = web.host };

	(void)state;
	assert_int_equal(setenv("SSH_AUTH_SOCK", "/agent", 1), 0);
	assert_true(run_one(&ssh, work_agent, &ssh, 0).done);
	assert_true(run_one(&web, work_agent, NULL, 0).done);
}

static void
work_hungry(int fd, void *arg)
{
	char *p = malloc(CF_FETCH_MEMORY);

	(void)arg;
	CHECK(1, p == NULL);
	say_done(fd);
}

static void
test_memory_ends_in_an_error(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	assert_true(run_one(&web, work_hungry, NULL, 0).done);
}

/* libgit2 is a new one: it holds no pack of the parent open, and draws random
 * numbers of its own (test_hosts looks at those of TLS). */
static void
work_fresh(int fd, void *arg)
{
	size_t limit = 0;
	int validation = 1;

	(void)arg;
	CHECK(1, git_libgit2_init() == 2);
	CHECK(2, git_libgit2_opts(GIT_OPT_GET_PACK_MAX_OBJECTS, &limit) == 0 &&
		limit == CF_MAX_PACK_OBJECTS);
	CHECK(3, git_libgit2_opts(GIT_OPT_GET_OWNER_VALIDATION,
		&validation) == 0 && validation == 0);
	say_done(fd);
}

static void
test_libgit2_is_started_anew(void **state)
{
	struct cf_task task;

	(void)state;
	/* however often the parent has */
	assert_true(git_libgit2_init() > 1);
	task = run_one(&web, work_fresh, NULL, 0);
	(void)git_libgit2_shutdown();
	if (task.failed)
		fail_msg("%s", task.error.msg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_fence),
		cmocka_unit_test(test_only_ssh_knows_the_agent),
		cmocka_unit_test(test_memory_ends_in_an_error),
		cmocka_unit_test(test_libgit2_is_started_anew),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
