#ifndef CF_FILE_H
#define CF_FILE_H

/*
 * Whole files and folders. Writing is all or nothing: a temporary file, fsync,
 * rename, fsync of the folder.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

/*
 * Reads a regular file into `out` (whose cap bounds it). CF_NOT_FOUND where
 * there is none, CF_TOO_BIG past the cap; a link, pipe or device is refused
 * only where `follow` is false.
 */
const struct cf_err *cf_file_read(struct cf_buf *out, const char *path,
	bool follow) CF_MUST;

/* Replaces `path` by these bytes, durably. */
const struct cf_err *cf_file_write(const char *path, const void *bytes,
	size_t n, mode_t mode) CF_MUST;

/* The same, but CF_EXISTS where there is a file already. */
const struct cf_err *cf_file_create(const char *path, const void *bytes,
	size_t n, mode_t mode) CF_MUST;

bool cf_file_exists(const char *path);
bool cf_is_dir(const char *path);

/* The folder and those above it; one that is there already is fine. */
const struct cf_err *cf_mkdirs(const char *path, mode_t mode) CF_MUST;

/* Removes the file or the folder with all in it; nothing there is fine. */
const struct cf_err *cf_remove_all(const char *path) CF_MUST;

const struct cf_err *cf_fsync_dir(const char *path) CF_MUST;

/* dir/name; the caller frees. */
char *cf_path_join(const char *dir, const char *name);
/* The absolute form, links resolved as far as the path exists. Caller frees. */
char *cf_path_absolute(const char *path);

/* Names of a folder's entries without . and .., sorted by bytes. */
struct cf_names {
	char **name;
	size_t n;
};
const struct cf_err *cf_dir_names(struct cf_names *out, const char *path)
	CF_MUST;
void cf_names_clear(struct cf_names *names);

#endif
