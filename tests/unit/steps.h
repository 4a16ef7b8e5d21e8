#ifndef CF_TEST_STEPS_H
#define CF_TEST_STEPS_H

/*
 * The calls that change a disk, put before the C library's: libgit2's calls come
 * here too. A test can end the process before the n-th, let it fail, or ask
 * afterwards whether a power cut would lose anything. Nothing is really synced.
 * Include it in one file of a program.
 */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static struct {
	long left;		/* steps to go; negative: no end */
	int error;		/* 0: the process ends; or errno from then on */
	bool failed;		/* and that it came to that */
	bool watch;
	/* What a power cut could lose: files that were written, folders whose
	 * list changed, and files that got their name before their content. */
	char *dirty[4096];
	size_t n;
	char *early;
} steps = { .left = -1 };

/* false with errno: the call is to fail. */
static bool
step(void)
{
	if (steps.left < 0 || steps.left-- > 0)
		return true;
	if (steps.error == 0)
		_exit(9);
	steps.left = 0;
	steps.failed = true;
	errno = steps.error;
	return false;
}

static void
forget(const char *path)
{
	for (size_t i = 0; i < steps.n; i++)
		if (strcmp(steps.dirty[i], path) == 0) {
			free(steps.dirty[i]);
			steps.dirty[i--] = steps.dirty[--steps.n];
		}
}

static bool
is_dirty(const char *path)
{
	for (size_t i = 0; i < steps.n; i++)
		if (strcmp(steps.dirty[i], path) == 0)
			return true;
	return false;
}

/* Only in a git folder: the work tree is not meant to be synced. */
static void
soil(const char *path)
{
	if (steps.watch && strstr(path, "/.git") && !is_dirty(path)) {
		assert_true(steps.n < 4096);
		steps.dirty[steps.n++] = cf_strdup(path);
	}
}

static void
soil_parent(const char *path)
{
	char *parent = cf_strdup(path), *slash = strrchr(parent, '/');

	if (slash) {
		*slash = '\0';
		soil(parent);
	}
	free(parent);
}

static bool
path_of(char out[PATH_MAX], int fd)
{
	char name[40];
	ssize_t n;

	(void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, out, PATH_MAX - 1);
	if (n < 0 || out[0] != '/')
		return false;
	out[n] = '\0';
	return true;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	char path[PATH_MAX];

	if (steps.watch && path_of(path, fd))
		soil(path);
	if (fd > 2 && !step())
		return -1;
	return (ssize_t)syscall(SYS_write, fd, bytes, n);
}

int
fsync(int fd)
{
	char path[PATH_MAX];

	if (!step())
		return -1;
	if (steps.watch && path_of(path, fd))
		forget(path);
	return 0;
}

int syncfs(int fd);
int
syncfs(int fd)
{
	(void)fd;
	if (!step())
		return -1;
	while (steps.n)
		free(steps.dirty[--steps.n]);
	return 0;
}

/* Names that mean something to nobody: what they hold may be lost. */
static bool
is_scratch(const char *path)
{
	return cf_ends(path, ".lock") || strstr(path, "/.git-begin/") ||
		strstr(path, "/quarantine/");
}

/*
 * Nothing may have its name before all of it is safe. What is not safe goes on
 * under the new name.
 */
static void
renamed(const char *from, const char *to)
{
	size_t length = strlen(from), before = steps.n;

	for (size_t i = 0; i < before; i++) {
		char *old = steps.dirty[i];

		if (strncmp(old, from, length) != 0 ||
			(old[length] != '\0' && old[length] != '/'))
			continue;
		if (!is_scratch(to) && steps.early == NULL)
			steps.early = cf_asprintf("%s as %s", old, to);
		steps.dirty[i] = cf_asprintf("%s%s", to, old + length);
		free(old);
	}
	soil_parent(to);
}

int
rename(const char *from, const char *to)
{
	int rc;

	if (!step())
		return -1;
	rc = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
	if (rc == 0)
		renamed(from, to);
	return rc;
}

int
renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	if (!step())
		return -1;
	return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, 0);
}

int
link(const char *from, const char *to)
{
	int rc;

	if (!step())
		return -1;
	rc = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
	if (rc == 0)
		renamed(from, to);
	return rc;
}

int
unlink(const char *path)
{
	int rc;

	if (!step())
		return -1;
	rc = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	if (rc == 0)
		forget(path);
	return rc;
}

int
rmdir(const char *path)
{
	int rc;

	if (!step())
		return -1;
	rc = (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
	if (rc == 0)
		forget(path);
	return rc;
}

int
mkdir(const char *path, mode_t mode)
{
	int rc;

	if (!step())
		return -1;
	rc = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
	if (rc == 0)
		soil_parent(path);
	return rc;
}

int
mkdirat(int fd, const char *path, mode_t mode)
{
	if (!step())
		return -1;
	return (int)syscall(SYS_mkdirat, fd, path, mode);
}

static inline void
watch_begin(void)
{
	steps.watch = true;
}

/* What a power cut now could lose. */
static inline void
assert_safe(void)
{
	steps.watch = false;
	if (steps.early)
		fail_msg("renamed before it was synced: %s", steps.early);
	if (steps.n)
		fail_msg("%zu not synced, as %s", steps.n, steps.dirty[0]);
}

#endif
