/*
 * Reading a passphrase file. The bytes go into the caller's memory and nowhere
 * else.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/pass.h"

static const struct cf_err *
check_mode(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cf_err_sys("cannot examine the passphrase file %s",
			path);
	if (S_ISDIR(st.st_mode))
		return cf_err(CF_INVALID, "the passphrase file %s is a folder; "
			"name a file", path);
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		return cf_err(CF_INVALID, "other people of this machine can "
			"open the passphrase file %s. Close it first: "
			"chmod 600 '%s'", path, path);
	return NULL;
}

/* *n is how many bytes there are, at most size. */
static const struct cf_err *
read_all(char *out, size_t size, size_t *n, int fd, const char *path)
{
	*n = 0;
	while (*n < size) {
		ssize_t got = read(fd, out + *n, size - *n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cf_err_sys("cannot read the passphrase file %s",
				path);
		if (got == 0)
			break;
		*n += (size_t)got;
	}
	return NULL;
}

const struct cf_err *
cf_pass_read(char *out, size_t size, const char *path)
{
	const struct cf_err *err;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t n = 0;

	if (fd < 0 && errno == ENOENT)
		return cf_err(CF_NOT_FOUND, "there is no passphrase file %s",
			path);
	if (fd < 0)
		return cf_err_sys("cannot open the passphrase file %s", path);
	err = check_mode(fd, path);
	if (!err)
		err = read_all(out, size, &n, fd, path);
	(void)close(fd);
	if (err)
		goto done;
	if (n && n <= size && out[n - 1] == '\n')
		n--;
	if (n && out[n - 1] == '\r')
		n--;
	if (n == 0)
		err = cf_err(CF_INVALID, "the passphrase file %s is empty",
			path);
	else if (n >= size || n > CF_MAX_PASSPHRASE)
		err = cf_err(CF_TOO_BIG, "the passphrase file %s holds more "
			"than one passphrase of at most %u bytes", path,
			CF_MAX_PASSPHRASE);
	else if (memchr(out, '\n', n) || memchr(out, '\0', n))
		err = cf_err(CF_INVALID, "the passphrase file %s has several "
			"lines; keep only the passphrase in it", path);
	else
		out[n] = '\0';
done:
	if (err)
		explicit_bzero(out, size);
	return err;
}
