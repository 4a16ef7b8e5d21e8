/*
 * Step 4, trees: what a commit changes against its parent, found by walking
 * both trees by entry id and descending only where they differ. Only what may
 * lie in a trust's main gets through.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "gate/step.h"

#define ID 21			/* what follows a name: a NUL and 20 bytes */
#define ENTRY 28		/* the least that an entry has: 40000 x */
#define STEP 256			/* bytes compared at once */

/* Where in a main's tree we are. */
enum zone {
	ROOT,
	KEYS,
	PARTNERS,
	RECORDS,	/* its folders are kinds */
	KIND,		/* its folders are the last two digits of ids */
	SHARD		/* its files are records */
};
_Static_assert(SHARD + 1 == CF_TREE_ZONES, "a place for each");

struct spot {
	enum zone zone;
	char path[CF_PATH_TEXT];	/* "" at the root, else with a "/" */
	char kind[CF_KIND_TEXT];
	char shard[3];
};

struct walk {
	const struct cf_run *run;
	struct cf_trees *trees;
	struct cf_changes *out;
	char *path;			/* where we are, for the refusal */
};

static const struct cf_err *walk(struct walk *w, const struct cf_oid *old,
	const struct cf_oid *new, const struct spot *spot);

/* Remembers the path for the refusal; a name that does not fit is cut. */
static void
here(struct walk *w, const struct spot *spot, struct cf_str name)
{
	(void)snprintf(w->path, CF_PATH_TEXT, "%.46s%.*s", spot->path,
		(int)(name.n > 80 ? 80 : name.n), name.p);
}

static const struct cf_err *
unexpected(const char *what)
{
	return cf_err_rule(CF_REFUSED, "tree.unexpected",
		"there is %s that does not belong into a trust's repository",
		what);
}

static const struct cf_err *
add(struct walk *w, const struct cf_change *change)
{
	struct cf_changes *out = w->out;

	/* A tree of few objects can have thousands of millions of files. */
	if (out->n >= CF_MAX_CHANGES)
		return cf_err_rule(CF_REFUSED, "limit.changes", "a commit "
			"changes more than %u files", CF_MAX_CHANGES);
	out->change = cf_grow(out->change, out->n, &out->cap,
		sizeof *out->change);
	out->change[out->n] = *change;
	memcpy(out->change[out->n++].path, w->path, CF_PATH_TEXT);
	return NULL;
}

/* The folder `name` of a spot, if there may be one. */
static bool
below(struct spot *out, const struct spot *spot, struct cf_str name)
{
	unsigned char byte;

	*out = *spot;
	if (spot->zone == ROOT && cf_str_is(name, "keys"))
		out->zone = KEYS;
	else if (spot->zone == ROOT && cf_str_is(name, "partners"))
		out->zone = PARTNERS;
	else if (spot->zone == ROOT && cf_str_is(name, "records"))
		out->zone = RECORDS;
	else if (spot->zone == RECORDS && cf_kind_word(name))
		out->zone = KIND;
	else if (spot->zone == KIND && cf_unhex(&byte, 1, name))
		out->zone = SHARD;
	else
		return false;
	if (out->zone == KIND)
		(void)snprintf(out->kind, sizeof out->kind, "%.*s",
			(int)name.n, name.p);
	if (out->zone == SHARD)
		(void)snprintf(out->shard, sizeof out->shard, "%.*s",
			(int)name.n, name.p);
	(void)snprintf(out->path, sizeof out->path, "%.46s%.*s/", spot->path,
		(int)name.n, name.p);
	return true;
}

/* What the file `name` of a spot is, if there may be one. */
static bool
file_at(struct cf_change *out, const struct spot *spot, struct cf_str name)
{
	struct cf_str stem = name;
	struct cf_digest trust;
	uint64_t number;

	*out = (struct cf_change){ 0 };
	if (spot->zone == ROOT) {
		out->what = CF_CHANGE_README;
		return cf_str_is(name, "README.md");
	}
	if (name.n < 5 || memcmp(name.p + name.n - 5, ".json", 5) != 0)
		return false;
	stem.n -= 5;
	switch (spot->zone) {
	case KEYS:
		out->what = CF_CHANGE_KEY;
		while (stem.n > 1 && stem.p[0] == '0') {
			stem.p++;
			stem.n--;
		}
		if (name.n != 9 || !cf_str_u64(stem, &number,
			CF_MAX_IDENTITIES) || number == 0)
			return false;
		out->version = (unsigned)number;
		return true;
	case PARTNERS:
		out->what = CF_CHANGE_PARTNER;
		return cf_digest_parse(&trust, stem);
	case SHARD:
		out->what = CF_CHANGE_RECORD;
		(void)snprintf(out->kind, sizeof out->kind, "%s", spot->kind);
		return cf_uuid_parse(&out->id, stem) &&
			memcmp(out->id.text + 34, spot->shard, 2) == 0;
	case ROOT:
	case RECORDS:
	case KIND:
		break;
	}
	return false;
}

static const struct cf_err *
removed(struct walk *w, const struct spot *spot, const struct cf_entry *old)
{
	const struct cf_change gone = { .what = CF_CHANGE_PARTNER,
		.gone = true };

	here(w, spot, old->name);
	if (spot->zone == PARTNERS ||
		(spot->zone == ROOT && cf_str_is(old->name, "partners")))
		return add(w, &gone);
	if (spot->zone == KEYS ||
		(spot->zone == ROOT && cf_str_is(old->name, "keys")))
		return cf_err_rule(CF_REFUSED, "identity.changed",
			"an identity document was removed");
	return cf_err_rule(CF_REFUSED, "tree.deleted", "a file was removed; a "
		"record may be withdrawn, but its file stays");
}

static const struct cf_err *
changed(struct walk *w, const struct spot *spot, const struct cf_entry *old,
	const struct cf_entry *new)
{
	struct cf_change change;
	struct spot sub;

	here(w, spot, new->name);
	if (new->is_dir)
		return below(&sub, spot, new->name) ?
			walk(w, old ? &old->oid : NULL, &new->oid, &sub) :
			unexpected("a folder");
	if (!file_at(&change, spot, new->name))
		return unexpected("a file");
	if (change.what == CF_CHANGE_KEY && old)
		return cf_err_rule(CF_REFUSED, "identity.changed",
			"an identity document was changed");
	change.blob = new->oid;
	if (old) {
		change.had_old = true;
		change.old = old->oid;
	}
	return add(w, &change);
}

/* Git's order: a folder's name counts as if it ended with "/". */
static int
by_git(const struct cf_entry *a, const struct cf_entry *b)
{
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = memcmp(a->name.p, b->name.p, n);
	unsigned char x, y;

	if (order)
		return order;
	x = a->name.n > n ? (unsigned char)a->name.p[n] : a->is_dir ? '/' : 0;
	y = b->name.n > n ? (unsigned char)b->name.p[n] : b->is_dir ? '/' : 0;
	return x - y;
}

/* Moves on in a raw tree; *more is false at its end. */
static const struct cf_err *
next(struct cf_entry *entry, bool *more, struct cf_str *rest)
{
	struct cf_entry previous = *entry;
	bool first = previous.name.p == NULL;

	*more = rest->n > 0;
	return *more ? cf_tree_next(entry, rest, first ? NULL : &previous) :
		NULL;
}

/*
 * Passes by the entries with which both trees begin, but the last of them, with
 * which the next is compared: the old tree is in order. Says how many. Within an
 * entry the first NUL byte ends the name, and 20 bytes of id follow.
 */
static size_t
pass_equal(struct cf_str *old, struct cf_str *new)
{
	size_t least = old->n < new->n ? old->n : new->n;
	size_t same = 0, n = 0, at = 0, last = 0;

	if (least == 0)
		return 0;
	while (same + STEP <= least &&
		memcmp(old->p + same, new->p + same, STEP) == 0)
		same += STEP;
	while (at < same) {
		const char *end = memchr(old->p + at, '\0', same - at);

		if (end == NULL || (size_t)(end - old->p) + ID > same)
			break;
		last = at;
		at = (size_t)(end - old->p) + ID;
		n++;
	}
	*old = (struct cf_str){ old->p + last, old->n - last };
	*new = (struct cf_str){ new->p + last, new->n - last };
	return n ? n - 1 : 0;
}

/* The rest of both is the same, and too short to have too many entries. */
static bool
same_rest(struct cf_str old, struct cf_str new, size_t whole)
{
	return whole / ENTRY < CF_MAX_TREE_ENTRIES && cf_str_eq(old, new);
}

/* An entry of the new tree, and the old tree's of that name, or NULL. */
static const struct cf_err *
meet(struct walk *w, const struct spot *spot, const struct cf_entry *old,
	const struct cf_entry *new)
{
	return old && cf_oid_eq(&old->oid, &new->oid) ? NULL :
		changed(w, spot, old, new);
}

static const struct cf_err *
count(size_t *n)
{
	return ++*n <= CF_MAX_TREE_ENTRIES ? NULL : cf_err_rule(CF_REFUSED,
		"limit.entries", "a folder has more than %u entries",
		CF_MAX_TREE_ENTRIES);
}

/* Walks two lists of entries in step. */
static const struct cf_err *
compare(struct walk *w, struct cf_str old, struct cf_str new,
	const struct spot *spot)
{
	struct cf_entry a = { 0 }, b = { 0 };
	const size_t whole = new.n;
	const struct cf_err *err;
	bool has_a, has_b, ask = true;
	size_t n = pass_equal(&old, &new);

	err = next(&a, &has_a, &old);
	if (!err)
		err = next(&b, &has_b, &new);
	while (!err && (has_a || has_b)) {
		int order = !has_a ? 1 : !has_b ? -1 : by_git(&a, &b);

		err = order < 0 ? removed(w, spot, &a) :
			meet(w, spot, order ? NULL : &a, &b);
		/* Asked once after each difference, not at each entry. */
		ask = ask || order || !cf_oid_eq(&a.oid, &b.oid);
		if (!err && order == 0 && ask && same_rest(old, new, whole))
			break;
		ask = ask && order;
		if (!err && order >= 0)
			err = count(&n);
		if (!err && order <= 0)
			err = next(&a, &has_a, &old);
		if (!err && order >= 0)
			err = next(&b, &has_b, &new);
	}
	return err;
}

static int
by_letters(const void *a, const void *b)
{
	const struct cf_str *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int order = strncasecmp(x->p, y->p, n);

	return order ? order : (x->n > n) - (y->n > n);
}

/* Two files whose names differ in case only would be one file on some disks.
 * Only names of partners have capitals. The tree has been checked. */
static const struct cf_err *
no_twins(struct walk *w, struct cf_str raw, const struct spot *spot)
{
	struct cf_entry entry = { 0 };
	const struct cf_err *err;
	struct cf_str *names = NULL;
	size_t n = 0, cap = 0;
	bool more;

	while ((err = next(&entry, &more, &raw)) == NULL && more) {
		names = cf_grow(names, n, &cap, sizeof *names);
		names[n++] = entry.name;
	}
	if (n)
		qsort(names, n, sizeof *names, by_letters);
	for (size_t i = 1; i < n && !err; i++)
		if (by_letters(&names[i - 1], &names[i]) == 0) {
			here(w, spot, names[i]);
			err = cf_err_rule(CF_REFUSED, "tree.twins", "two files "
				"have names that differ in capital letters "
				"only");
		}
	free(names);
	return err;
}

/* A tree that is not one of git's is refused for that, whatever else it seems to
 * take away or bring. */
static const struct cf_err *
check_form(struct walk *w, struct cf_str raw, const struct spot *spot)
{
	struct cf_entry entry = { 0 };
	const struct cf_err *err;
	bool more = true;

	do
		err = next(&entry, &more, &raw);
	while (!err && more);
	if (err)
		here(w, spot, entry.name);
	return err;
}

void
cf_trees_clear(struct cf_trees *trees)
{
	for (size_t i = 0; i < CF_TREE_ZONES; i++)
		cf_buf_clear(&trees->last[i].raw);
}

/* The old tree of a zone: what was read last there, if it is that one. It is of
 * a commit before, so it was read once. */
static const struct cf_err *
read_old(struct cf_str *out, struct cf_buf *raw, const struct walk *w,
	const struct cf_oid *oid, enum zone zone)
{
	const struct cf_buf *last = &w->trees->last[zone].raw;
	const struct cf_err *err = NULL;

	*out = (struct cf_str){ NULL, 0 };
	if (oid == NULL)
		return NULL;
	if (last->len == 0 || !cf_oid_eq(&w->trees->last[zone].oid, oid)) {
		err = cf_odb_read_again(raw, w->run->all, oid, CF_TREE);
		last = raw;
	}
	*out = (struct cf_str){ last->data, last->len };
	return err;
}

/* Keeps a tree for the commit after this one. Nobody reads an old tree of this
 * zone now: folders lie in folders of other zones. */
static void
keep_new(struct walk *w, const struct cf_oid *oid, struct cf_buf *raw,
	enum zone zone)
{
	struct cf_buf old = w->trees->last[zone].raw;

	w->trees->last[zone].oid = *oid;
	w->trees->last[zone].raw = *raw;
	*raw = old;
}

static const struct cf_err *
walk(struct walk *w, const struct cf_oid *old, const struct cf_oid *new,
	const struct spot *spot)
{
	struct cf_buf before = CF_BUF(CF_MAX_TREE), after = CF_BUF(CF_MAX_TREE);
	struct cf_str was, is = { NULL, 0 };
	const struct cf_err *err, *form;

	err = read_old(&was, &before, w, old, spot->zone);
	if (!err)
		err = cf_step_read(&after, w->run, new, CF_TREE);
	if (!err && after.len == 0)
		err = cf_err_rule(CF_REFUSED, "tree.empty",
			"there is a folder without anything in it");
	if (!err) {
		is = (struct cf_str){ after.data, after.len };
		err = compare(w, was, is, spot);
		form = err ? check_form(w, is, spot) : NULL;
		err = form ? form : err;
	}
	if (!err && spot->zone == PARTNERS)
		err = no_twins(w, is, spot);
	if (!err)
		keep_new(w, new, &after, spot->zone);
	cf_buf_clear(&before);
	cf_buf_clear(&after);
	return err;
}

const struct cf_err *
cf_step_tree(struct cf_changes *out, char path[CF_PATH_TEXT],
	struct cf_trees *trees, const struct cf_run *run,
	const struct cf_oid *old, const struct cf_oid *tree)
{
	struct walk w = { .run = run, .trees = trees, .out = out,
		.path = path };
	const struct spot root = { .zone = ROOT };

	if (old && cf_oid_eq(old, tree))
		return NULL;
	return walk(&w, old, tree, &root);
}
