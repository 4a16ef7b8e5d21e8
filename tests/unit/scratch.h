#ifndef CF_TEST_SCRATCH_H
#define CF_TEST_SCRATCH_H

/*
 * For tests of what lies on disk: a folder of one's own, stock git to compare
 * with, random numbers that can be had again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#define assert_ok(call) do { \
	const struct cf_err *e_ = (call); \
	if (e_) \
		fail_msg("%s: [%s] %s", #call, e_->rule, e_->msg); \
} while (0)

#define assert_err(call, wanted_code, wanted_rule) do { \
	const struct cf_err *e_ = (call); \
	if (e_ == NULL) \
		fail_msg("%s: no error", #call); \
	if ((int)e_->code != (int)(wanted_code) || \
		strcmp(e_->rule, wanted_rule) != 0) \
		fail_msg("%s: %d [%s] %s", #call, (int)e_->code, e_->rule, \
			e_->msg); \
} while (0)

/* A new folder; give it to scratch_free. */
static inline char *
scratch_new(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = cf_asprintf("%s/cf-test-XXXXXX", tmp ? tmp : "/tmp");

	assert_non_null(mkdtemp(path));
	return path;
}

/* The same in memory, where there is such a place: for hundreds of them. */
static inline char *
scratch_fast(void)
{
	char *path = cf_strdup("/dev/shm/cf-test-XXXXXX");

	if (mkdtemp(path))
		return path;
	free(path);
	return scratch_new();
}

static inline void
scratch_free(char *path)
{
	assert_ok(cf_remove_all(path));
	free(path);
}

static inline void
put_file(const char *dir, const char *name, const char *text)
{
	char *path = cf_path_join(dir, name);

	assert_ok(cf_file_write(path, text, strlen(text), 0644));
	free(path);
}

static inline bool
file_is(const char *dir, const char *name, const char *text)
{
	struct cf_buf got = CF_BUF(1 << 20);
	char *path = cf_path_join(dir, name);
	bool same = cf_file_read(&got, path, false) == NULL &&
		strcmp(got.data, text) == 0;

	cf_buf_clear(&got);
	free(path);
	return same;
}

static inline bool
file_there(const char *dir, const char *name)
{
	char *path = cf_path_join(dir, name);
	bool yes = cf_file_exists(path);

	free(path);
	return yes;
}

/* Runs stock git in a folder with no configuration but the repository's. `out`
 * (may be NULL) gets what it says on stdout. The exit status, 127: no git. */
static inline int
git_v(struct cf_buf *out, const char *dir, const char *const *argv)
{
	char chunk[4096];
	int pipes[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (chdir(dir) != 0 || dup2(pipes[1], 1) < 0)
			_exit(126);
		(void)close(pipes[0]);
		(void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
		(void)setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
		(void)setenv("HOME", "/nonexistent", 1);
		(void)setenv("LC_ALL", "C", 1);
		(void)execvp("git", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(pipes[1]);
	if (out)
		cf_buf_reset(out);
	while ((n = read(pipes[0], chunk, sizeof chunk)) > 0)
		if (out)
			cf_buf_add(out, chunk, (size_t)n);
	(void)close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

/* git(out, dir, "status", "--porcelain") */
#define git(out, dir, ...) git_v(out, dir, \
	(const char *const[]){ "git", __VA_ARGS__, NULL })

static inline bool
have_git(void)
{
	return git(NULL, "/", "--version") == 0;
}

/* What git says, and that it says it with success. */
static inline void
assert_git(const char *dir, const char *want, const char *const *argv)
{
	struct cf_buf out = CF_BUF(1 << 20);
	int status = git_v(&out, dir, argv);

	if (status != 0 || strcmp(out.data, want) != 0)
		fail_msg("git %s: status %d, \"%s\", not \"%s\"", argv[1],
			status, out.data, want);
	cf_buf_clear(&out);
}

/* assert_git_says(dir, "", "status", "--porcelain") */
#define assert_git_says(dir, want, ...) assert_git(dir, want, \
	(const char *const[]){ "git", __VA_ARGS__, NULL })

/* xorshift64*; seeded from argv or $SEED, and the seed is printed. */
static uint64_t random_state;

static inline void
random_seed(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : getenv("SEED");
	uint64_t seed = 0x9e3779b97f4a7c15u;

	if (text && !cf_str_u64(cf_str(text), &seed, UINT64_MAX))
		seed = 1;
	random_state = seed ? seed : 1;
	(void)fprintf(stderr, "seed %llu\n", (unsigned long long)random_state);
}

static inline uint64_t
random_below(uint64_t n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1du % n;
}

#endif
