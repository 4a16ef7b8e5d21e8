#ifndef CF_TEST_CREW_H
#define CF_TEST_CREW_H

/*
 * Children that a test makes up.
 */
#include "scratch.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>

#include "base/limits.h"
#include "store/task.h"

static struct cf_url web = { .scheme = CF_SCHEME_HTTPS };
static struct cf_url folder = { .scheme = CF_SCHEME_FILE };

static inline void
send_say(int fd, const struct cf_say *say)
{
	if (!cf_say_send(fd, say))
		_exit(1);
}

static inline void
say_done(int fd)
{
	struct cf_say say = { .word = CF_SAY_DONE, .bytes = 7, .objects = 3,
		.found = true };

	send_say(fd, &say);
}

static inline int64_t
ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Runs one child with a deadline of some seconds; what came of it. */
static inline struct cf_task
run_one(const struct cf_url *url, void (*work)(int, void *), void *arg,
	unsigned idle)
{
	const struct cf_transport transport = { .seconds = 3 };
	struct cf_task task = { .url = url, .home = "/nonexistent",
		.work = work, .arg = arg };
	struct cf_crew crew = { .task = &task, .n = 1, .idle = idle,
		.transport = &transport };

	assert_ok(cf_crew_run(&crew));
	assert_int_equal(task.child.pid, 0);
	/* nothing is left of it */
	errno = 0;
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	return task;
}

static inline int
set_up_all(void **state)
{
	(void)state;
	web.host = cf_strdup("git.example.org");
	web.path = cf_strdup("/a");
	folder.path = cf_strdup("/no/such/folder");
	return cf_store_start() ? -1 : 0;
}

static inline int
tear_down_all(void **state)
{
	(void)state;
	cf_url_clear(&web);
	cf_url_clear(&folder);
	return 0;
}

#endif
