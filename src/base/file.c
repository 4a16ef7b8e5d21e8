/*
 * Reading and replacing whole files.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

const struct cf_err *
cf_file_read(struct cf_buf *out, const char *path, bool follow)
{
	const struct cf_err *err = NULL;
	struct stat st;
	char chunk[16384];
	ssize_t n;
	int fd;

	cf_buf_reset(out);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		(follow ? 0 : O_NOFOLLOW));
	if (fd < 0 && errno == ENOENT)
		return cf_err(CF_NOT_FOUND, "there is no file %s", path);
	if (fd < 0)
		return cf_err_sys("cannot open %s", path);
	if (fstat(fd, &st) != 0) {
		err = cf_err_sys("cannot examine %s", path);
		goto done;
	}
	if (!S_ISREG(st.st_mode)) {
		err = cf_err(CF_INVALID, S_ISDIR(st.st_mode) ? "there is a "
			"folder called %s, and a file is wanted" : "%s is not "
			"a file", path);
		goto done;
	}
	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err = cf_err_sys("cannot read %s", path);
			goto done;
		}
		cf_buf_add(out, chunk, (size_t)n);
		err = cf_buf_check(out, path);
		if (err)
			goto done;
	}
done:
	(void)close(fd);
	return err;
}

static const struct cf_err *
write_all(int fd, const char *path, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cf_err_sys("cannot write %s", path);
		p += done;
		n -= (size_t)done;
	}
	return fsync(fd) == 0 ? NULL : cf_err_sys("cannot write %s", path);
}

/* The folder that holds `path`; the caller frees. */
static char *
parent_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return cf_strdup(".");
	return cf_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Writes a temporary file beside `path`; *tmp is the caller's to free. */
static const struct cf_err *
write_beside(char **tmp, const char *path, const void *bytes, size_t n,
	mode_t mode)
{
	const struct cf_err *err;
	int fd;

	*tmp = cf_asprintf("%s.tmp-XXXXXX", path);
	fd = mkstemp(*tmp);
	if (fd < 0)
		return cf_err_sys("cannot write %s", path);
	err = write_all(fd, path, bytes, n);
	if (!err && fchmod(fd, mode) != 0)
		err = cf_err_sys("cannot set the mode of %s", path);
	if (close(fd) != 0 && !err)
		err = cf_err_sys("cannot write %s", path);
	if (err)
		(void)unlink(*tmp);
	return err;
}

static const struct cf_err *
put(const char *path, const void *bytes, size_t n, mode_t mode, bool replace)
{
	const struct cf_err *err;
	char *tmp = NULL, *dir = parent_dir(path);

	err = write_beside(&tmp, path, bytes, n, mode);
	if (err)
		goto done;
	if (replace ? rename(tmp, path) != 0 : link(tmp, path) != 0)
		err = !replace && errno == EEXIST ?
			cf_err(CF_EXISTS, "%s exists already", path) :
			cf_err_sys("cannot write %s", path);
	if (err || !replace)
		(void)unlink(tmp);
	if (!err)
		err = cf_fsync_dir(dir);
done:
	free(tmp);
	free(dir);
	return err;
}

const struct cf_err *
cf_file_write(const char *path, const void *bytes, size_t n, mode_t mode)
{
	return put(path, bytes, n, mode, true);
}

const struct cf_err *
cf_file_create(const char *path, const void *bytes, size_t n, mode_t mode)
{
	return put(path, bytes, n, mode, false);
}

bool
cf_file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool
cf_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const struct cf_err *
cf_mkdirs(const char *path, mode_t mode)
{
	const struct cf_err *err = NULL;
	char *copy = cf_strdup(path), *p = copy;

	do {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		if (mkdir(copy, mode) != 0 && !cf_is_dir(copy))
			err = cf_err_sys("cannot make the folder %s", copy);
		if (p)
			*p = '/';
	} while (p && !err);
	free(copy);
	return err;
}

const struct cf_err *
cf_remove_all(const char *path)
{
	const struct cf_err *err = NULL;
	struct cf_names names = { 0 };
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? NULL :
			cf_err_sys("cannot examine %s", path);
	if (!S_ISDIR(st.st_mode))
		return unlink(path) == 0 ? NULL :
			cf_err_sys("cannot remove %s", path);
	err = cf_dir_names(&names, path);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *child = cf_path_join(path, names.name[i]);

		err = cf_remove_all(child);
		free(child);
	}
	cf_names_clear(&names);
	if (!err && rmdir(path) != 0)
		err = cf_err_sys("cannot remove %s", path);
	return err;
}

const struct cf_err *
cf_fsync_dir(const char *path)
{
	const struct cf_err *err = NULL;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return cf_err_sys("cannot open the folder %s", path);
	if (fsync(fd) != 0)
		err = cf_err_sys("cannot write the folder %s", path);
	(void)close(fd);
	return err;
}

char *
cf_path_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);

	return cf_asprintf("%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/",
		name);
}

char *
cf_path_absolute(const char *path)
{
	char *real = realpath(path, NULL), *dir, *parent, *out;
	char cwd[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (real)
		return real;
	if (slash == NULL || slash == path) {
		if (path[0] == '/' || getcwd(cwd, sizeof cwd) == NULL)
			return cf_strdup(path);
		return cf_path_join(cwd, path);
	}
	dir = cf_strndup(path, (size_t)(slash - path));
	parent = cf_path_absolute(dir);
	out = cf_path_join(parent, slash + 1);
	free(dir);
	free(parent);
	return out;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const struct cf_err *
cf_dir_names(struct cf_names *out, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t cap = 0;

	*out = (struct cf_names){ 0 };
	if (dir == NULL)
		return errno == ENOENT ?
			cf_err(CF_NOT_FOUND, "there is no folder %s", path) :
			cf_err_sys("cannot read the folder %s", path);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0)
			continue;
		out->name = cf_grow(out->name, out->n, &cap,
			sizeof *out->name);
		out->name[out->n++] = cf_strdup(entry->d_name);
	}
	(void)closedir(dir);
	if (out->n)
		qsort(out->name, out->n, sizeof *out->name, by_bytes);
	return NULL;
}

void
cf_names_clear(struct cf_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct cf_names){ 0 };
}
