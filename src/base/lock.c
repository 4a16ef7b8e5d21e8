/*
 * A lock file that names its holder.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/str.h"

struct cf_lock {
	int fd;
	bool named;		/* the file has our name: not a shared one */
	bool left;
};

static const struct cf_err *
busy(int fd, const char *path)
{
	char text[200];
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	const struct cf_err *err;
	char *safe;

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	safe = cf_printable(text[0] ? text : "another confer");
	err = cf_err(CF_BUSY, "%s is working here (it holds %s). "
		"Wait until it has finished and try again", safe, path);
	free(safe);
	return err;
}

/* A holder that lets go takes its name out of the file. */
static bool
has_name(int fd)
{
	struct stat st;

	return fstat(fd, &st) != 0 || st.st_size > 0;
}

static const struct cf_err *
name_holder(int fd, const char *path, const char *what)
{
	char text[200];
	int n = snprintf(text, sizeof text, "confer %s (process %ld)\n", what,
		(long)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
		return cf_err_sys("cannot write the lock %s", path);
	return NULL;
}

const struct cf_err *
cf_lock_take(struct cf_lock **out, const char *path, const char *what,
	unsigned seconds)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	const struct cf_err *err;
	bool left;
	int fd;

	*out = NULL;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return cf_err_sys("cannot open the lock %s", path);
	for (unsigned tries = seconds * 20;
		flock(fd, LOCK_EX | LOCK_NB) != 0; tries--) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			err = cf_err_sys("cannot lock %s", path);
			goto fail;
		}
		if (tries == 0) {
			err = busy(fd, path);
			goto fail;
		}
		(void)nanosleep(&nap, NULL);
	}
	left = has_name(fd);
	err = name_holder(fd, path, what);
	if (err)
		goto fail;
	*out = cf_malloc(sizeof **out);
	**out = (struct cf_lock){ .fd = fd, .named = true, .left = left };
	return NULL;
fail:
	(void)close(fd);
	return err;
}

void
cf_lock_share(struct cf_lock **out, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

	*out = NULL;
	/* A folder that may only be read may be read all the same. */
	if (fd < 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	while (flock(fd, LOCK_SH) != 0 && errno == EINTR)
		;
	*out = cf_malloc(sizeof **out);
	**out = (struct cf_lock){ .fd = fd };
}

bool
cf_lock_was_left(const struct cf_lock *lock)
{
	return lock->left;
}

const struct cf_err *
cf_lock_alone(bool *alone, struct cf_lock *lock, unsigned seconds)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };

	*alone = lock != NULL;
	for (unsigned tries = seconds * 20;
		lock && flock(lock->fd, LOCK_EX | LOCK_NB) != 0; tries--) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return cf_err_sys("cannot lock the repository");
		/* The attempt has let go of the shared one. */
		if (tries == 0) {
			*alone = false;
			cf_lock_again_shared(lock);
			return NULL;
		}
		(void)nanosleep(&nap, NULL);
	}
	return NULL;
}

void
cf_lock_again_shared(struct cf_lock *lock)
{
	while (lock && flock(lock->fd, LOCK_SH) != 0 && errno == EINTR)
		;
}

void
cf_lock_release(struct cf_lock *lock)
{
	if (lock == NULL)
		return;
	if (lock->named)
		(void)(ftruncate(lock->fd, 0) == 0);
	/* A child that was forked meanwhile shares the lock: closing our end
	 * alone would leave it taken while the child lives. */
	(void)flock(lock->fd, LOCK_UN);
	(void)close(lock->fd);
	free(lock);
}
