/*
 * Where an export is written: beside its target, and then in its place, all at
 * once. What is there already is replaced only where it is an export of ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/export.h"
#include "base/mem.h"

#define FILE_MODE 0644
#define DIR_MODE 0755
#define EXCHANGE 2		/* RENAME_EXCHANGE of <linux/fs.h> */
#define SYNCED 1000u		/* files, each by itself; more all at once */
#define FOLDERS_DEEP 6u	/* records/<kind>/<xx>/<yy>; more is not ours */
#define FLUSH (1u << 20)	/* bytes that are written at a time */

/* --- files ---------------------------------------------------------------- */

const struct cf_err *
cf_out_open(struct cf_out *out, const char *path,
	const struct cf_export_what *to)
{
	*out = (struct cf_out){ .path = path, .fd = -1, .to = to,
		.buf = CF_BUF(CF_MAX_EXPORT_PIECE) };
	cf_hash_begin(&out->hashing);
	if (path == NULL)
		return NULL;
	out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		FILE_MODE);
	return out->fd >= 0 ? NULL : cf_err_sys("cannot write %s", path);
}

const struct cf_err *
cf_out_flush(struct cf_out *out, bool all)
{
	const char *p = out->buf.data;
	const struct cf_err *err;
	size_t n = out->buf.len;

	err = cf_buf_check(&out->buf, "the export");
	if (err || n == 0 || (!all && n < FLUSH))
		return err;
	cf_hash_add(&out->hashing, p, n);
	out->bytes += n;
	if (out->to && out->to->write && !out->to->write(out->to->payload, p,
		n))
		return cf_err(CF_SYS, "the export could not be written to the "
			"end");
	while (out->fd >= 0 && n) {
		ssize_t done = write(out->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cf_err_sys("cannot write %s", out->path);
		p += done;
		n -= (size_t)done;
	}
	cf_buf_reset(&out->buf);
	return NULL;
}

const struct cf_err *
cf_out_close(struct cf_out *out)
{
	const struct cf_err *err = cf_out_flush(out, true);
	unsigned char hash[32];

	if (!err && out->fd >= 0 && !out->later && fsync(out->fd) != 0)
		err = cf_err_sys("cannot write %s", out->path);
	cf_hash_end(hash, &out->hashing);
	cf_hex(out->sha256, hash, sizeof hash);
	cf_out_clear(out);
	return err;
}

void
cf_out_clear(struct cf_out *out)
{
	if (out->fd >= 0 && out->path)
		(void)close(out->fd);
	out->fd = -1;
	cf_buf_clear(&out->buf);
}

const struct cf_err *
cf_out_whole(struct cf_exporting *x, const char *path, struct cf_str bytes)
{
	struct cf_out out;
	const struct cf_err *err = cf_out_open(&out, path, NULL);

	if (!err) {
		out.later = ++x->files > SYNCED;
		cf_buf_add(&out.buf, bytes.p, bytes.n);
		err = cf_out_close(&out);
	}
	cf_out_clear(&out);
	return err;
}

/* --- what is there -------------------------------------------------------- */

static const struct cf_err *
not_ours(const struct cf_exporting *x, const char *why)
{
	return cf_err_rule(CF_EXISTS, "export.exists", "%s is there already, "
		"and %s. Nothing was changed. Choose another name, or add "
		"--force to replace %s", x->what->target, why,
		x->format->to == CF_TO_FOLDER ? "what an export writes and "
		"keep the rest" : "it");
}

/* A file of ours begins as they all do. */
static const struct cf_err *
check_file(const struct cf_exporting *x)
{
	const char *path = x->target, *magic = x->format->magic;
	size_t n = strlen(magic);
	char head[64] = "";
	struct stat st;
	ssize_t got;
	int fd;

	if (lstat(path, &st) != 0)
		return NULL;
	if (S_ISDIR(st.st_mode))
		return cf_err(CF_USAGE, "%s is a folder; %s goes into a file",
			path, x->format->name);
	if (!S_ISREG(st.st_mode))
		return not_ours(x, "no plain file");
	if (st.st_size == 0 || x->what->force)
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return cf_err_sys("cannot read %s", path);
	got = pread(fd, head, n, (off_t)x->format->magic_at);
	(void)close(fd);
	return got == (ssize_t)n && memcmp(head, magic, n) == 0 ? NULL :
		not_ours(x, "is no earlier export of this format");
}

static bool
known_name(const struct cf_exporting *x, const char *name)
{
	for (const char *const *n = x->format->names; *n; n++)
		if (strcmp(*n, name) == 0)
			return true;
	if (x->format->kinds == NULL)
		return false;
	for (const char *const *kind = cf_kind_names(); *kind; kind++) {
		size_t n = strlen(*kind);

		if (strncmp(name, *kind, n) == 0 &&
			strcmp(name + n, x->format->kinds) == 0)
			return true;
	}
	return false;
}

/* A record, a version or a trust. */
static bool
known_file(const char *name)
{
	const char *end = strchr(name, '.');
	struct cf_str stem = { name, end ? (size_t)(end - name) : 0 };
	struct cf_digest digest;
	struct cf_uuid id;

	return end && strcmp(end, ".json") == 0 &&
		(cf_uuid_parse(&id, stem) || cf_digest_parse(&digest, stem));
}

/* The first file in the folders of an export that no export writes, or NULL; the
 * caller frees. They go as a whole, so that it could not stay. */
static const struct cf_err *
find_alien(char **out, const char *path, unsigned deep)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, path);

	for (size_t i = 0; i < names.n && !err && *out == NULL; i++) {
		char *one = cf_path_join(path, names.name[i]);

		if (cf_is_dir(one) && deep)
			err = find_alien(out, one, deep - 1);
		else if (!known_file(names.name[i]))
			*out = cf_strdup(one);
		free(one);
	}
	cf_names_clear(&names);
	return err;
}

static const struct cf_err *
check_inside(const struct cf_exporting *x, const char *name)
{
	char *path = cf_path_join(x->target, name), *alien = NULL;
	const struct cf_err *err = NULL;

	if (known_name(x, name) && cf_is_dir(path))
		err = find_alien(&alien, path, FOLDERS_DEEP);
	if (!err && alien)
		err = cf_err_rule(CF_EXISTS, "export.exists", "%s is no part "
			"of an export, and would be lost. Nothing was changed. "
			"Move it away, or choose another name", alien);
	free(alien);
	free(path);
	return err;
}

static const struct cf_err *
check_folder(const struct cf_exporting *x)
{
	const char *path = x->target;
	struct cf_names names = { 0 };
	const struct cf_err *err;
	bool marked = false;

	if (!cf_file_exists(path))
		return NULL;
	if (!cf_is_dir(path))
		return cf_err(CF_USAGE, "%s is a file; %s goes into a folder",
			path, x->format->name);
	err = cf_dir_names(&names, path);
	for (size_t i = 0; i < names.n && !err && !x->what->force; i++) {
		marked |= strcmp(names.name[i], x->format->names[0]) == 0;
		if (!known_name(x, names.name[i])) {
			char *why = cf_asprintf("has %.100s in it, which is no "
				"part of an export", names.name[i]);

			err = not_ours(x, why);
			free(why);
		}
	}
	if (!err && names.n && !marked && !x->what->force)
		err = not_ours(x, "is no earlier export");
	for (size_t i = 0; i < names.n && !err; i++)
		err = check_inside(x, names.name[i]);
	cf_names_clear(&names);
	return err;
}

const struct cf_err *
cf_place_begin(struct cf_exporting *x)
{
	bool folder = x->format->to == CF_TO_FOLDER;
	const struct cf_err *err;
	char *path;
	int fd = -1;

	/* Where links lead is what is replaced, not the links. */
	x->target = cf_path_absolute(x->what->target);
	err = folder ? check_folder(x) : check_file(x);
	if (err || x->what->dry_run)
		return err;
	path = cf_asprintf("%s.tmp-XXXXXX", x->target);
	if (folder ? mkdtemp(path) == NULL : (fd = mkstemp(path)) < 0) {
		err = cf_err_sys("cannot write %s", x->what->target);
		free(path);
		return err;
	}
	if (fd >= 0) {
		(void)close(fd);
		(void)unlink(path);
	}
	x->place = path;
	return NULL;
}

/* --- putting it there ----------------------------------------------------- */

/* After the two changed places, what was no part of an export goes back to where
 * it was; then what is left of the old one goes. */
static const struct cf_err *
keep_others(struct cf_exporting *x)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, x->place);

	for (size_t i = 0; i < names.n && !err; i++) {
		char *from = cf_path_join(x->place, names.name[i]);
		char *to = cf_path_join(x->target, names.name[i]);

		if (!known_name(x, names.name[i]) && rename(from, to) != 0)
			err = cf_err_sys("the export is in %s, but %s could "
				"not be put back there: it is now %s",
				x->what->target, names.name[i], from);
		free(from);
		free(to);
	}
	cf_names_clear(&names);
	return err;
}

/* In one step where the file system can; else there is nothing under the name
 * for an instant. */
static bool
exchange(const char *place, const char *target)
{
	char *aside;
	bool done;

	if (syscall(SYS_renameat2, AT_FDCWD, place, AT_FDCWD, target,
		EXCHANGE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	aside = cf_asprintf("%s.old", place);
	done = rename(target, aside) == 0;
	if (done && rename(place, target) != 0) {
		(void)rename(aside, target);
		done = false;
	}
	if (done)
		(void)rename(aside, place);
	free(aside);
	return done;
}

static const struct cf_err *
put_folder(struct cf_exporting *x)
{
	const char *target = x->target;
	const struct cf_err *err;

	if (chmod(x->place, DIR_MODE) != 0)
		return cf_err_sys("cannot write %s", target);
	if (x->files > SYNCED)
		sync();
	/* A new name, or an empty folder's: one rename is enough. */
	if (rename(x->place, target) == 0) {
		free(x->place);
		x->place = NULL;
		return NULL;
	}
	if (!exchange(x->place, target))
		return cf_err_sys("cannot replace %s", target);
	err = keep_others(x);
	if (err) {
		free(x->place);
		x->place = NULL;
	}
	return err;
}

const struct cf_err *
cf_place_end(struct cf_exporting *x)
{
	if (x->place == NULL)
		return NULL;
	if (x->format->to == CF_TO_FOLDER)
		return put_folder(x);
	if (rename(x->place, x->target) != 0)
		return cf_err_sys("cannot write %s", x->what->target);
	free(x->place);
	x->place = NULL;
	return NULL;
}

void
cf_place_clear(struct cf_exporting *x)
{
	if (x->place)
		(void)(cf_remove_all(x->place) == NULL);
	free(x->place);
	free(x->target);
	x->place = x->target = NULL;
}
