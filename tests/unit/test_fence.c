/*
 * What a child can reach and use.
 */
#define _GNU_SOURCE		/* environ */
#include "crew.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

/* --- files ------------------------------------------------------------------ */

struct places {
	char *home, *secret, *known;
};

static bool
can_open(const char *dir, const char *name, int flags)
{
	char path[300];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static void
work_in_its_place(int fd, void *arg)
{
	const struct places *p = arg;
	char path[300];

	CHECK(1, can_open(p->home, "new", O_WRONLY | O_CREAT));
	CHECK(2, can_open(p->home, "new", O_RDWR | O_TRUNC));
	CHECK(3, can_open(p->known, "file", O_RDONLY));
	CHECK(4, !can_open(p->known, "file", O_RDWR));
	CHECK(5, !can_open(p->known, "new", O_WRONLY | O_CREAT));
	CHECK(6, !can_open(p->secret, "file", O_RDONLY));
	CHECK(7, !can_open(p->secret, "new", O_WRONLY | O_CREAT));
	CHECK(8, can_open("/etc", "hosts", O_RDONLY));
	CHECK(9, !can_open("/etc", "fstab", O_RDONLY));
	(void)snprintf(path, sizeof path, "%s/file", p->secret);
	CHECK(10, unlink(path) < 0);
	CHECK(11, execl("/bin/true", "true", (char *)NULL) < 0);
	CHECK(12, kill(getppid(), 0) < 0 || cf_landlock_version() < 6);
	say_done(fd);
}

static void
test_it_stays_in_its_place(void **state)
{
	struct cf_task task = { .url = &web, .work = work_in_its_place,
		.allow = { .network = true } };
	struct cf_crew crew = { .task = &task, .n = 1 };
	struct places p;

	(void)state;
	if (cf_landlock_version() == 0 || SANITIZED)
		skip();
	p = (struct places){ scratch_new(), scratch_new(), scratch_new() };
	task.home = p.home;
	task.arg = &p;
	task.allow.read[0] = p.known;
	task.allow.write[0] = p.home;
	put_file(p.secret, "file", "secret\n");
	put_file(p.known, "file", "known\n");
	assert_ok(cf_crew_run(&crew));
	if (task.failed)
		fail_msg("%s", task.error.msg);
	assert_true(file_is(p.secret, "file", "secret\n"));
	scratch_free(p.home);
	scratch_free(p.secret);
	scratch_free(p.known);
}

/* A folder of this machine is read without any network. */
static void
work_without_network(int fd, void *arg)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	CHECK(1, s >= 0);
	CHECK(2, connect(s, (struct sockaddr *)&to, sizeof to) < 0);
	CHECK(3, errno == EACCES);
	say_done(fd);
}

static void
test_a_folder_needs_no_network(void **state)
{
	struct cf_task task;

	(void)state;
	if (cf_landlock_version() < 4)
		skip();
	task = run_one(&folder, work_without_network, NULL, 0);
	if (task.failed)
		fail_msg("%s", task.error.msg);
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
		cmocka_unit_test(test_it_stays_in_its_place),
		cmocka_unit_test(test_a_folder_needs_no_network),
		cmocka_unit_test(test_libgit2_is_started_anew),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
