/*
 * Reading a quarantine. A child wrote it that talked to strangers, so nothing in
 * it is taken for granted: its form is checked here, each object's hash by
 * the child's indexer and again before the store takes it in.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/quarantine.h"

#define NAME 45u		/* "pack-" and 40 digits */
#define IDX_COUNT 1028		/* where an index says how many objects it has */

static const struct cf_err *
not_ours(const char *dir)
{
	return cf_err_rule(CF_REFUSED, "limit.pack",
		"what was fetched into %s is not one sound pack. Nothing was "
		"taken over", dir);
}

static bool
is_name(const char *name, const char *suffix)
{
	unsigned char id[20];

	return cf_starts(name, "pack-") && strlen(name) >= NAME &&
		strcmp(name + NAME, suffix) == 0 &&
		cf_unhex(id, sizeof id, (struct cf_str){ name + 5, 40 });
}

/* "pack-<id>" of the one pair in the folder; the caller frees. */
static const struct cf_err *
find_pair(char **out, const char *dir)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, dir);

	*out = NULL;
	if (err)
		return err;
	/* sorted: .idx comes before .pack */
	if (names.n == 2 && is_name(names.name[0], ".idx") &&
		is_name(names.name[1], ".pack") &&
		memcmp(names.name[0], names.name[1], NAME) == 0)
		*out = cf_strndup(names.name[0], NAME);
	else
		err = not_ours(dir);
	cf_names_clear(&names);
	return err;
}

static bool
is_plain(const char *path, uint64_t max)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size >= 0 && (uint64_t)st.st_size <= max;
}

/* How many objects an index of version 2 has. */
static bool
count_objects(uint32_t *out, const char *path)
{
	static const unsigned char magic[8] = { 0xff, 't', 'O', 'c', 0, 0, 0,
		2 };
	unsigned char head[8], n[4] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool good = fd >= 0 && pread(fd, head, 8, 0) == 8 &&
		memcmp(head, magic, 8) == 0 &&
		pread(fd, n, 4, IDX_COUNT) == 4;

	if (fd >= 0)
		(void)close(fd);
	*out = (uint32_t)n[0] << 24 | (uint32_t)n[1] << 16 |
		(uint32_t)n[2] << 8 | n[3];
	return good;
}

const struct cf_err *
cf_pair_find(struct cf_pair *out, const char *dir)
{
	char *folder = cf_path_join(dir, "objects/pack"), *name = NULL;
	const struct cf_err *err = find_pair(&name, folder);

	*out = (struct cf_pair){ 0 };
	if (!err) {
		out->pack = cf_asprintf("%s/%s.pack", folder, name);
		out->idx = cf_asprintf("%s/%s.idx", folder, name);
		out->name = name;
		if (!is_plain(out->pack, CF_MAX_PACK) ||
			!is_plain(out->idx, CF_MAX_PACK) ||
			!count_objects(&out->objects, out->idx))
			err = not_ours(folder);
		else if (out->objects > CF_MAX_PACK_OBJECTS)
			err = cf_err_rule(CF_REFUSED, "limit.objects",
				"an update of %u objects is more than Confer "
				"takes (%u at most). Nothing was taken over",
				out->objects, CF_MAX_PACK_OBJECTS);
	}
	if (err)
		cf_pair_clear(out);
	free(folder);
	return err;
}

void
cf_pair_clear(struct cf_pair *pair)
{
	free(pair->name);
	free(pair->pack);
	free(pair->idx);
	*pair = (struct cf_pair){ 0 };
}

static int
open_pack(struct cf_odb *odb)
{
	git_odb_backend *backend = NULL;
	int rc = git_odb_new(&odb->git);

	if (!rc)
		rc = git_odb_backend_one_pack(&backend, odb->idx);
	if (!rc)
		rc = git_odb_add_backend(odb->git, backend, 1);
	if (!rc && odb->objects)
		rc = git_odb_add_disk_alternate(odb->git, odb->objects);
	return rc;
}

/* An odb of this pack, and of what the store holds where `objects` is given. */
static int
open_odb(struct cf_odb **out, const char *idx, const char *objects)
{
	struct cf_odb *odb = cf_calloc(1, sizeof *odb);

	odb->idx = cf_strdup(idx);
	odb->objects = objects ? cf_strdup(objects) : NULL;
	*out = odb;
	odb->open = open_pack;
	return odb->open(odb);
}

const struct cf_err *
cf_quarantine_open(struct cf_quarantine *out, const char *dir,
	struct cf_store *store)
{
	char *objects = store ? cf_path_join(store->git_dir, "objects") : NULL;
	const struct cf_err *err;
	struct cf_pair pair;
	int rc;

	*out = (struct cf_quarantine){ 0 };
	/* The indexer hashed it all: to do that at each reading again would
	 * cost as much as half a signature. */
	(void)cf_store_hash(false);
	err = cf_pair_find(&pair, dir);
	if (!err) {
		rc = open_odb(&out->pack, pair.idx, NULL);
		if (!rc)
			rc = open_odb(&out->all, pair.idx, objects);
		if (rc) {
			err = cf_err_git(rc, "cannot read what was fetched "
				"into %s", dir);
			cf_quarantine_close(out);
		}
		cf_pair_clear(&pair);
	}
	free(objects);
	return err;
}

static void
odb_free(struct cf_odb *odb)
{
	if (odb) {
		git_odb_free(odb->git);
		free(odb->idx);
		free(odb->objects);
	}
	free(odb);
}

void
cf_quarantine_close(struct cf_quarantine *q)
{
	(void)cf_store_hash(true);
	odb_free(q->pack);
	odb_free(q->all);
	*q = (struct cf_quarantine){ 0 };
}
