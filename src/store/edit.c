/*
 * Editing trees: the edits are sorted by path, which is git's order in each
 * folder, and each folder that they touch is read and written once.
 */
#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/git.h"
#include "store/tree.h"

/* The edits of one folder: their paths are alike up to `depth`. */
struct group {
	const struct cf_edit *edit;
	size_t n;
	size_t depth;
};

static int
by_path(const void *a, const void *b)
{
	const struct cf_edit *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* git fsck objects to these. */
static bool
name_is_plain(struct cf_str name)
{
	return name.n && !cf_str_is(name, ".") && !cf_str_is(name, "..") &&
		!(name.n == 4 && strncasecmp(name.p, ".git", 4) == 0);
}

static bool
path_is_plain(const char *path)
{
	struct cf_str left = cf_str(path), part;
	bool more = true;

	if (left.n > CF_MAX_PATH)
		return false;
	while (more) {
		more = cf_str_cut(&part, &left, left, '/');
		if (!more)
			part = left;
		if (!name_is_plain(part))
			return false;
	}
	return true;
}

static const struct cf_err *
check_edits(const struct cf_edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!path_is_plain(edits[i].path))
			return cf_err(CF_INVALID, "\"%s\" is not a path that a "
				"repository can hold", edits[i].path);
		if (i && strcmp(edits[i - 1].path, edits[i].path) == 0)
			return cf_err(CF_INVALID, "%s is to be changed twice "
				"at once", edits[i].path);
	}
	return NULL;
}

/* Cuts the edits of the first entry off `g`; `entry` gets its name and kind. */
static struct group
next_entry(struct cf_entry *entry, struct group *g)
{
	struct group first = *g;
	const char *name = g->edit->path + g->depth;
	size_t length = strcspn(name, "/");

	entry->name = (struct cf_str){ name, length };
	entry->is_dir = name[length] == '/';
	first.n = 1;
	first.depth += length + 1;
	while (entry->is_dir && first.n < g->n &&
		strncmp(g->edit[first.n].path + g->depth, name,
			length + 1) == 0)
		first.n++;
	g->edit += first.n;
	g->n -= first.n;
	return first;
}

static void
add_entry(struct cf_buf *out, const struct cf_entry *entry)
{
	cf_buf_puts(out, entry->is_dir ? "40000 " : "100644 ");
	cf_buf_add(out, entry->name.p, entry->name.n);
	cf_buf_putc(out, '\0');
	cf_buf_add(out, entry->oid.raw, sizeof entry->oid.raw);
}

static const struct cf_err *edit_folder(struct cf_oid *out, bool *empty,
	struct cf_store *store, const struct cf_oid *base, struct group g);

/* The changed entry goes to `raw`, unless it is removed or became empty. */
static const struct cf_err *
edit_entry(struct cf_buf *raw, struct cf_store *store, struct cf_entry *entry,
	const struct cf_oid *base, struct group g)
{
	const struct cf_err *err = NULL;
	bool gone = !entry->is_dir && g.edit->remove;

	if (entry->is_dir)
		err = edit_folder(&entry->oid, &gone, store, base, g);
	else
		entry->oid = g.edit->oid;
	if (!err && !gone)
		add_entry(raw, entry);
	return err;
}

/* Merges the old entries with the edits; both are in git's order. */
static const struct cf_err *
merge(struct cf_buf *raw, struct cf_store *store, struct cf_str old,
	struct group g)
{
	const struct cf_err *err = NULL;
	struct cf_entry at = { 0 }, edited = { 0 }, last = { 0 };
	bool have_at = false, first = true;
	struct group own = { 0 };

	while (!err) {
		int order;

		if (!have_at && old.n) {
			err = cf_tree_next(&at, &old, first ? NULL : &last);
			last = at;
			first = false;
			have_at = true;
		}
		if (own.n == 0 && g.n)
			own = next_entry(&edited, &g);
		if (err || (!have_at && own.n == 0))
			break;
		order = !have_at ? 1 : own.n == 0 ? -1 :
			cf_entry_compare(&at, &edited);
		if (order < 0) {
			add_entry(raw, &at);
		} else {
			err = edit_entry(raw, store, &edited,
				order == 0 ? &at.oid : NULL, own);
			own.n = 0;
		}
		if (order <= 0)
			have_at = false;
	}
	return err;
}

/* A file and a folder cannot share a name, nor can the list be too long. */
static const struct cf_err *
check_result(const struct cf_buf *raw)
{
	struct cf_str rest = { raw->data, raw->len };
	const struct cf_err *err = cf_buf_check(raw, "a folder's file list");
	struct cf_entry entry, last;
	const struct cf_entry *previous = NULL;

	while (rest.n && !err) {
		err = cf_tree_next(&entry, &rest, previous);
		last = entry;
		previous = &last;
	}
	return err;
}

static const struct cf_err *
edit_folder(struct cf_oid *out, bool *empty, struct cf_store *store,
	const struct cf_oid *base, struct group g)
{
	const struct cf_err *err = NULL;
	struct cf_buf old = CF_BUF(CF_MAX_TREE), raw = CF_BUF(CF_MAX_TREE);

	if (base)
		err = cf_odb_read(&old, &store->odb, base, CF_TREE);
	if (!err)
		err = merge(&raw, store, (struct cf_str){ old.data, old.len },
			g);
	if (!err)
		err = check_result(&raw);
	*empty = raw.len == 0;
	if (!err && base && cf_str_eq((struct cf_str){ old.data, old.len },
		(struct cf_str){ raw.data, raw.len }))
		*out = *base;
	else if (!err && (!*empty || g.depth == 0))
		err = cf_odb_write(out, store, CF_TREE, raw.data, raw.len);
	cf_buf_clear(&old);
	cf_buf_clear(&raw);
	return err;
}

/* How many folders the sorted edits touch at most. */
static size_t
count_folders(const struct cf_edit *edits, size_t n)
{
	size_t folders = 1;

	for (size_t i = 0; i < n; i++) {
		const char *path = edits[i].path;
		const char *before = i ? edits[i - 1].path : "";
		size_t same = 0;

		while (path[same] && path[same] == before[same])
			same++;
		for (size_t at = same; path[at]; at++)
			folders += path[at] == '/';
	}
	return folders;
}

const struct cf_err *
cf_tree_edit(struct cf_oid *out, struct cf_store *store,
	const struct cf_oid *base, const struct cf_edit *edits, size_t n)
{
	const struct cf_err *err;
	struct cf_edit *sorted = cf_calloc(n, sizeof *sorted);
	bool empty, bulk = false;

	if (n)
		memcpy(sorted, edits, n * sizeof *sorted);
	if (n)
		qsort(sorted, n, sizeof *sorted, by_path);
	err = check_edits(sorted, n);
	if (!err && store->bulk == NULL &&
		count_folders(sorted, n) >= CF_LOOSE_MAX) {
		err = cf_bulk_begin(store);
		bulk = !err;
	}
	if (!err)
		err = edit_folder(out, &empty, store, base,
			(struct group){ sorted, n, 0 });
	if (bulk && err)
		cf_bulk_drop(store);
	else if (bulk)
		err = cf_bulk_end(store);
	free(sorted);
	return err;
}
