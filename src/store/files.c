/*
 * Writing and removing files of the work tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/files.h"

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* What lies at a path. */
enum lies {
	NOTHING,	/* no file, or an empty one: nobody's work is in it */
	OLD,
	NEW,
	ANOTHER		/* somebody's, or a link, or a folder */
};

const struct cf_err *
cf_files_open(struct cf_files *out, const struct cf_store *store)
{
	*out = (struct cf_files){ 0 };
	out->folder = open(cf_store_work_dir(store), FOLDER);
	if (out->folder < 0)
		return cf_err_sys("cannot open the folder %s",
			cf_store_work_dir(store));
	out->scratch = cf_store_file(store, "checkout.tmp");
	return NULL;
}

void
cf_files_close(struct cf_files *files)
{
	if (files->scratch) {
		(void)close(files->folder);
		(void)unlink(files->scratch);
	}
	free(files->scratch);
	*files = (struct cf_files){ 0 };
}

bool
cf_files_is_ours(const char *path)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789._-/";

	return path[strspn(path, allowed)] == '\0' && path[0] != '.' &&
		path[0] != '/' && strstr(path, "/.") == NULL &&
		strstr(path, "//") == NULL;
}

/* Where a path is: its folder (-1: not to be had) and its last part. */
struct place {
	int folder;
	const char *name;
	enum lies lies;
};

/* From one folder into another one; closes the first. -1 with errno. */
static int
enter(int at, struct cf_str name, bool make)
{
	char *part = cf_strndup(name.p, name.n);
	int fd = -1, saved;

	if (!make || mkdirat(at, part, 0777) == 0 || errno == EEXIST)
		fd = openat(at, part, FOLDER);
	saved = errno;
	(void)close(at);
	free(part);
	errno = saved;
	return fd;
}

/* Goes down from the work tree. Where a folder is missing and `make` is false,
 * NOTHING lies there; where something else is in its place, ANOTHER. */
static const struct cf_err *
locate(struct place *out, const struct cf_files *files, const char *path,
	bool make)
{
	struct cf_str left = cf_str(path), part;
	int fd = openat(files->folder, ".", FOLDER);

	while (fd >= 0 && cf_str_cut(&part, &left, left, '/'))
		fd = enter(fd, part, make);
	*out = (struct place){ fd, left.p, NOTHING };
	if (fd >= 0 || errno == ENOENT)
		return NULL;
	out->lies = ANOTHER;
	return errno == ELOOP || errno == ENOTDIR ? NULL :
		cf_err_sys("cannot open the folder of %s", path);
}

static bool
read_all(struct cf_buf *out, const struct place *place)
{
	char chunk[16384];
	ssize_t n = -1;
	int fd = openat(place->folder, place->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			cf_buf_add(out, chunk, (size_t)n);
	}
	if (fd >= 0)
		(void)close(fd);
	return n == 0 && !out->full;
}

static enum lies
examine(const struct place *place, const struct cf_change *change)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_JSON);
	struct cf_oid oid;
	struct stat st;
	enum lies lies = ANOTHER;

	if (place->folder < 0)
		return place->lies;
	if (fstatat(place->folder, place->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? NOTHING : ANOTHER;
	if (!S_ISREG(st.st_mode))
		return ANOTHER;
	/* Ours are never empty; a power cut leaves such. */
	if (st.st_size == 0)
		return NOTHING;
	if (read_all(&bytes, place)) {
		cf_oid_of(&oid, CF_BLOB, bytes.data, bytes.len);
		if (change->has && cf_oid_eq(&oid, &change->is))
			lies = NEW;
		else if (change->had && cf_oid_eq(&oid, &change->was))
			lies = OLD;
	}
	cf_buf_clear(&bytes);
	return lies;
}

static bool
write_all(int fd, struct cf_str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			return false;
		bytes.p += n > 0 ? n : 0;
		bytes.n -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* All or nothing for whoever looks. Not synced: the objects have it all. */
static bool
put(const struct cf_files *files, const struct place *place,
	struct cf_str bytes)
{
	int fd = open(files->scratch, O_WRONLY | O_CREAT | O_TRUNC |
		O_NOFOLLOW | O_CLOEXEC, 0666);
	bool ok = fd >= 0 && write_all(fd, bytes);

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	return ok && renameat(AT_FDCWD, files->scratch, place->folder,
		place->name) == 0;
}

/* Removes the folders of `path` that are empty now. */
static void
prune(const struct cf_files *files, const char *path)
{
	char *copy = cf_strdup(path), *slash;
	bool empty = true;

	while (empty && (slash = strrchr(copy, '/')) != NULL) {
		struct place place;

		*slash = '\0';
		empty = locate(&place, files, copy, false) == NULL &&
			place.folder >= 0 && unlinkat(place.folder, place.name,
				AT_REMOVEDIR) == 0;
		if (place.folder >= 0)
			(void)close(place.folder);
	}
	free(copy);
}

const struct cf_err *
cf_files_move(bool *as_new, struct stat *st, const struct cf_files *files,
	const struct cf_change *change, struct cf_str bytes)
{
	const struct cf_err *err;
	struct place place;
	enum lies lies;
	bool ok = true;

	*as_new = false;
	err = locate(&place, files, change->path, change->has);
	if (err)
		return err;
	lies = examine(&place, change);
	*as_new = lies != ANOTHER;
	if (change->has && (lies == NOTHING || lies == OLD))
		ok = put(files, &place, bytes);
	else if (!change->has && lies != ANOTHER && place.folder >= 0)
		ok = unlinkat(place.folder, place.name, 0) == 0 ||
			errno == ENOENT;
	if (ok && change->has && *as_new)
		ok = fstatat(place.folder, place.name, st,
			AT_SYMLINK_NOFOLLOW) == 0;
	if (!ok)
		err = cf_err_sys("cannot write %s", change->path);
	if (place.folder >= 0)
		(void)close(place.folder);
	if (ok && !change->has && *as_new)
		prune(files, change->path);
	return err;
}
