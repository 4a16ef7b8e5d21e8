/*
 * Settings: git config of this repository and nothing else. libgit2 replaces
 * the file without syncing it, so a power cut could leave it empty; the change
 * is made in a copy, which is git's own lock file, and that is synced and
 * renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/git.h"

/* --- reading -------------------------------------------------------------- */

static const struct cf_err *
read_failed(int rc, const struct cf_store *store)
{
	return cf_err_git(rc, "cannot read the settings %s/config",
		store->git_dir);
}

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Reads the file where it is another one than last time. */
static const struct cf_err *
refresh(struct cf_store *store)
{
	const struct cf_err *err = NULL;
	git_config *live = NULL;
	char *path = cf_path_join(store->git_dir, "config");
	struct stat st;
	int rc;

	if (stat(path, &st) != 0) {
		err = cf_err_sys("cannot read the settings %s", path);
		goto done;
	}
	if (store->config && is_same_file(&st, &store->config_was))
		goto done;
	git_config_free(store->config);
	store->config = NULL;
	rc = git_config_open_ondisk(&live, path);
	if (!rc)
		rc = git_config_snapshot(&store->config, live);
	if (rc)
		err = read_failed(rc, store);
	store->config_was = st;
done:
	git_config_free(live);
	free(path);
	return err;
}

const struct cf_err *
cf_config_get(char **out, struct cf_store *store, const char *key)
{
	const struct cf_err *err;
	const char *value;
	int rc;

	*out = NULL;
	err = refresh(store);
	if (err)
		return err;
	rc = git_config_get_string(&value, store->config, key);
	if (rc && rc != GIT_ENOTFOUND)
		return read_failed(rc, store);
	if (!rc)
		*out = cf_strdup(value);
	return NULL;
}

/* The <name> of "<section>.<name>.<variable>"; false for another key. */
static bool
subsection(struct cf_str *out, const char *key, const char *section)
{
	struct cf_str s = cf_str(key);
	const char *last = strrchr(key, '.');

	if (!cf_str_skip(&s, section) || !cf_str_skip(&s, ".") ||
		last == NULL || last <= s.p)
		return false;
	*out = (struct cf_str){ s.p, (size_t)(last - s.p) };
	return true;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort_unique(struct cf_names *names)
{
	size_t n = 0;

	if (names->n)
		qsort(names->name, names->n, sizeof *names->name, by_bytes);
	for (size_t i = 0; i < names->n; i++)
		if (n && strcmp(names->name[n - 1], names->name[i]) == 0)
			free(names->name[i]);
		else
			names->name[n++] = names->name[i];
	names->n = n;
}

const struct cf_err *
cf_config_names(struct cf_names *out, struct cf_store *store,
	const char *section)
{
	const struct cf_err *err;
	git_config_iterator *all = NULL;
	git_config_entry *entry;
	struct cf_str name;
	size_t cap = 0;
	int rc;

	*out = (struct cf_names){ 0 };
	err = refresh(store);
	if (err)
		return err;
	rc = git_config_iterator_new(&all, store->config);
	while (!rc && (rc = git_config_next(&entry, all)) == 0) {
		if (!subsection(&name, entry->name, section))
			continue;
		out->name = cf_grow(out->name, out->n, &cap,
			sizeof *out->name);
		out->name[out->n++] = cf_strndup(name.p, name.n);
	}
	git_config_iterator_free(all);
	if (rc != GIT_ITEROVER) {
		cf_names_clear(out);
		return read_failed(rc, store);
	}
	sort_unique(out);
	return NULL;
}

/* --- writing -------------------------------------------------------------- */

/* A change: what libgit2 is to do with the copy. */
struct change {
	int (*make)(git_config *config, const struct change *change);
	const char *key, *value;
};

static bool
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return false;
		p += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return true;
}

/* A copy of the settings in git's lock file, which nobody else has then. */
static const struct cf_err *
copy_to_lock(const struct cf_store *store, const char *path, const char *lock)
{
	const struct cf_err *err;
	struct cf_buf text = CF_BUF(CF_MAX_CONFIG);
	struct stat st;
	int fd = -1;

	err = cf_file_read(&text, path, true);
	if (err)
		goto done;
	if (stat(path, &st) != 0) {
		err = cf_err_sys("cannot examine %s", path);
		goto done;
	}
	fd = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		st.st_mode & 0777);
	if (fd < 0 && errno == EEXIST)
		err = cf_err(CF_BUSY, "another program is changing the settings"
			" in %s. Nothing was changed; try again",
			store->git_dir);
	else if (fd < 0 || !write_all(fd, text.data, text.len))
		err = cf_err_sys_write(store, "the settings");
	if (err && fd >= 0)
		(void)unlink(lock);
done:
	if (fd >= 0)
		(void)close(fd);
	cf_buf_clear(&text);
	return err;
}

/* Durable before it gets its name, and the name durable after. */
static const struct cf_err *
put_in_place(const struct cf_store *store, const char *lock, const char *path)
{
	const struct cf_err *err = NULL;
	int fd = open(lock, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0 || rename(lock, path) != 0)
		err = cf_err_sys_write(store, "the settings");
	if (fd >= 0)
		(void)close(fd);
	return err ? err : cf_fsync_dir(store->git_dir);
}

static const struct cf_err *
apply(struct cf_store *store, const struct change *change)
{
	const struct cf_err *err;
	git_config *config = NULL;
	char *path = cf_path_join(store->git_dir, "config");
	char *lock = cf_asprintf("%s.lock", path);
	int rc;

	err = copy_to_lock(store, path, lock);
	if (err)
		goto done;
	rc = git_config_open_ondisk(&config, lock);
	if (!rc)
		rc = change->make(config, change);
	git_config_free(config);
	if (rc)
		err = cf_err_git_write(rc, store, "the settings");
	else
		err = put_in_place(store, lock, path);
	if (err)
		(void)unlink(lock);
	git_config_free(store->config);
	store->config = NULL;
done:
	free(lock);
	free(path);
	return err;
}

static int
set(git_config *config, const struct change *c)
{
	return git_config_set_string(config, c->key, c->value);
}

static int
unset(git_config *config, const struct change *c)
{
	int rc = git_config_delete_multivar(config, c->key, ".*");

	return rc == GIT_ENOTFOUND ? 0 : rc;
}

/* Every variable whose key begins with "<key>." and has no further ".". */
static int
unset_all(git_config *config, const struct change *c)
{
	git_config *before = NULL;
	git_config_iterator *all = NULL;
	git_config_entry *entry;
	struct change one = { .make = unset };
	struct cf_str left;
	int rc = git_config_snapshot(&before, config);

	if (!rc)
		rc = git_config_iterator_new(&all, before);
	while (!rc && (rc = git_config_next(&entry, all)) == 0) {
		left = cf_str(entry->name);
		if (!cf_str_skip(&left, c->key) || !cf_str_skip(&left, ".") ||
			memchr(left.p, '.', left.n))
			continue;
		one.key = entry->name;
		rc = unset(config, &one);
	}
	git_config_iterator_free(all);
	git_config_free(before);
	return rc == GIT_ITEROVER ? 0 : rc;
}

const struct cf_err *
cf_config_set(struct cf_store *store, const char *key, const char *value)
{
	const struct change change = { set, key, value };

	if (strlen(value) > CF_MAX_CONFIG_VALUE)
		return cf_err(CF_TOO_BIG, "the setting %s is longer than %u "
			"bytes", key, CF_MAX_CONFIG_VALUE);
	return apply(store, &change);
}

const struct cf_err *
cf_config_unset(struct cf_store *store, const char *key)
{
	const struct change change = { unset, key, NULL };

	return apply(store, &change);
}

const struct cf_err *
cf_config_remove_section(struct cf_store *store, const char *section,
	const char *name)
{
	const struct cf_err *err;
	char *key = cf_asprintf("%s.%s", section, name);
	const struct change change = { unset_all, key, NULL };

	err = apply(store, &change);
	free(key);
	return err;
}
