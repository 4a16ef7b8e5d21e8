/*
 * The difference of two trees: both are walked side by side, and only folders
 * whose ids differ are read.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/git.h"
#include "store/tree.h"

struct walk {
	struct cf_changes *out;
	struct cf_odb *odb;
};

/* One side: a raw tree and the entry that is next in it. */
struct side {
	struct cf_buf raw;
	struct cf_str rest;
	struct cf_entry entry, last;
	bool have, began;
};

static const struct cf_err *
open_side(struct side *side, const struct walk *walk, const struct cf_oid *tree)
{
	const struct cf_err *err = NULL;

	*side = (struct side){ 0 };
	cf_buf_init(&side->raw, CF_MAX_TREE);
	if (tree)
		err = cf_odb_read(&side->raw, walk->odb, tree, CF_TREE);
	side->rest = (struct cf_str){ side->raw.data, side->raw.len };
	return err;
}

static const struct cf_err *
fill(struct side *side)
{
	const struct cf_err *err;

	if (side->have || side->rest.n == 0)
		return NULL;
	err = cf_tree_next(&side->entry, &side->rest,
		side->began ? &side->last : NULL);
	side->last = side->entry;
	side->began = true;
	side->have = !err;
	return err;
}

static void
add_file(const struct walk *walk, const char *path, const struct cf_entry *was,
	const struct cf_entry *is)
{
	struct cf_changes *out = walk->out;
	struct cf_change *change;

	out->change = cf_grow(out->change, out->n, &out->cap,
		sizeof *out->change);
	change = &out->change[out->n++];
	*change = (struct cf_change){ .path = cf_strdup(path), .had = was,
		.has = is };
	if (was)
		change->was = was->oid;
	if (is)
		change->is = is->oid;
}

static const struct cf_err *walk_folders(const struct walk *walk,
	const char *path, const struct cf_oid *was, const struct cf_oid *is);

/* Entries of one name and kind; NULL on the side that has none. */
static const struct cf_err *
walk_entry(const struct walk *walk, const char *folder,
	const struct cf_entry *was, const struct cf_entry *is)
{
	const struct cf_err *err = NULL;
	const struct cf_entry *any = was ? was : is;
	char *path;

	if (was && is && cf_oid_eq(&was->oid, &is->oid))
		return NULL;
	path = cf_asprintf("%s%s%.*s", folder, *folder ? "/" : "",
		(int)any->name.n, any->name.p);
	if (strlen(path) > CF_MAX_PATH)
		err = cf_err(CF_TOO_BIG, "a path in the repository is longer "
			"than %u bytes", CF_MAX_PATH);
	else if (any->is_dir)
		err = walk_folders(walk, path, was ? &was->oid : NULL,
			is ? &is->oid : NULL);
	else
		add_file(walk, path, was, is);
	free(path);
	return err;
}

static const struct cf_err *
walk_folders(const struct walk *walk, const char *path,
	const struct cf_oid *was, const struct cf_oid *is)
{
	const struct cf_err *err;
	struct side a, b;

	err = open_side(&a, walk, was);
	if (err)
		cf_buf_init(&b.raw, 0);
	else
		err = open_side(&b, walk, is);
	while (!err) {
		int order;

		err = fill(&a);
		if (!err)
			err = fill(&b);
		if (err || (!a.have && !b.have))
			break;
		order = !a.have ? 1 : !b.have ? -1 :
			cf_entry_compare(&a.entry, &b.entry);
		err = walk_entry(walk, path, order <= 0 ? &a.entry : NULL,
			order >= 0 ? &b.entry : NULL);
		if (order <= 0)
			a.have = false;
		if (order >= 0)
			b.have = false;
	}
	cf_buf_clear(&a.raw);
	cf_buf_clear(&b.raw);
	return err;
}

const struct cf_err *
cf_tree_diff(struct cf_changes *out, struct cf_odb *odb,
	const struct cf_oid *old_tree, const struct cf_oid *new_tree)
{
	const struct walk walk = { out, odb };

	*out = (struct cf_changes){ 0 };
	if (old_tree && new_tree && cf_oid_eq(old_tree, new_tree))
		return NULL;
	return walk_folders(&walk, "", old_tree, new_tree);
}

void
cf_changes_clear(struct cf_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		free(changes->change[i].path);
	free(changes->change);
	*changes = (struct cf_changes){ 0 };
}

const struct cf_err *
cf_tree_compare(struct cf_odb *odb, const struct cf_oid *old_tree,
	const struct cf_oid *new_tree, cf_tree_file file, void *payload)
{
	struct cf_changes changes;
	const struct cf_err *err;

	err = cf_tree_diff(&changes, odb, old_tree, new_tree);
	for (size_t i = 0; i < changes.n && !err; i++) {
		const struct cf_change *c = &changes.change[i];

		err = file(payload, c->path, c->had ? &c->was : NULL,
			c->has ? &c->is : NULL);
	}
	cf_changes_clear(&changes);
	return err;
}
