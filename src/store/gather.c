/*
 * Which objects lead from one commit to another: main is walked from old to new,
 * and each folder is compared with what it was before. That comparison is also
 * the delta by which the folder is packed. libgit2's own walk looks up every
 * tree of every commit, also those that it has seen: on 20,000 commits 49
 * seconds where this takes two.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/gather.h"

#define DEPTH_MAX (CF_MAX_TREE_DEPTH + 1)
#define INSERT_MAX 127u		/* bytes of one instruction */
#define COPY_MAX 0xffffu

static const struct cf_err *
damaged(const struct cf_gather *g, const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, oid);
	return cf_err_rule(CF_REMOTE, "remote.damaged",
		"the repository in %s is damaged: the object %s is missing or "
		"cannot be read. Copy it from its owner again", g->place, hex);
}

static const struct cf_err *
read_object(git_odb_object **out, const struct cf_gather *g,
	const struct cf_oid *oid, git_object_t type, size_t max)
{
	git_oid id = cf_oid_to_git(oid);
	git_object_t found;
	size_t size;

	*out = NULL;
	if (git_odb_read_header(&size, &found, g->odb, &id))
		return damaged(g, oid);
	if (found != type || size > max)
		return cf_err_rule(CF_REFUSED, found == type ? "object.size" :
			"object.type", "the repository in %s is not one of "
			"Confer's. Check the folder with its owner", g->place);
	return git_odb_read(out, g->odb, &id) ? damaged(g, oid) : NULL;
}

static struct cf_str
bytes_of(git_odb_object *object)
{
	return (struct cf_str){ git_odb_object_data(object),
		git_odb_object_size(object) };
}

/* Puts an object into the pack as it is. */
static const struct cf_err *
add(struct cf_gather *g, const struct cf_oid *oid, enum cf_type type,
	struct cf_str bytes)
{
	const struct cf_err *err = cf_packer_add(&g->packer, oid, type,
		bytes.p, bytes.n);

	g->link->objects = g->packer.n;
	cf_link_tick(g->link);
	return err;
}

/* A file, of any type and size that the limits of a pack allow: what it is, the
 * gate sees. */
static const struct cf_err *
add_file(struct cf_gather *g, const struct cf_oid *oid)
{
	git_oid id = cf_oid_to_git(oid);
	git_odb_object *object = NULL;
	git_object_t type;
	const struct cf_err *err;
	size_t size;

	if (cf_packer_find(&g->packer, oid))
		return NULL;
	if (git_odb_read_header(&size, &type, g->odb, &id) ||
		size > CF_MAX_PACK || git_odb_read(&object, g->odb, &id))
		return damaged(g, oid);
	err = add(g, oid, (enum cf_type)type, bytes_of(object));
	git_odb_object_free(object);
	return err;
}

/* --- deltas --------------------------------------------------------------- */

/* What makes one tree from another, in git's instructions. */
struct delta {
	struct cf_buf text;
	const char *old;		/* the old tree's first byte */
	size_t from, n;			/* the copy that is not written yet */
	const char *literal;		/* the same for an insertion */
	size_t literal_n;
};

static void
put_size(struct cf_buf *b, size_t n)
{
	for (; n > 0x7f; n >>= 7)
		cf_buf_putc(b, (char)(0x80 | (n & 0x7f)));
	cf_buf_putc(b, (char)n);
}

static void
put_copy(struct cf_buf *b, size_t from, size_t n)
{
	while (n) {
		size_t some = n < COPY_MAX ? n : COPY_MAX;
		unsigned char out[8];
		size_t used = 1;

		out[0] = 0x80;
		for (unsigned i = 0; i < 4; i++)
			if (from >> 8 * i & 0xff) {
				out[0] |= (unsigned char)(1u << i);
				out[used++] = from >> 8 * i & 0xff;
			}
		for (unsigned i = 0; i < 2; i++)
			if (some >> 8 * i & 0xff) {
				out[0] |= (unsigned char)(0x10u << i);
				out[used++] = some >> 8 * i & 0xff;
			}
		cf_buf_add(b, out, used);
		from += some;
		n -= some;
	}
}

static void
flush_delta(struct delta *d)
{
	put_copy(&d->text, d->from, d->n);
	while (d->literal_n) {
		size_t some = d->literal_n < INSERT_MAX ? d->literal_n :
			INSERT_MAX;

		cf_buf_putc(&d->text, (char)some);
		cf_buf_add(&d->text, d->literal, some);
		d->literal += some;
		d->literal_n -= some;
	}
	d->n = 0;
}

/* An entry's bytes: its mode stands before its name, its id after. */
static struct cf_str
entry_bytes(const struct cf_entry *e)
{
	size_t mode = e->is_dir ? 6 : 7;

	return (struct cf_str){ e->name.p - mode, mode + e->name.n + 1 + 20 };
}

static void
delta_copy(struct delta *d, struct cf_str old)
{
	size_t at = (size_t)(old.p - d->old);

	if (d->literal_n || d->from + d->n != at) {
		flush_delta(d);
		d->from = at;
	}
	d->n += old.n;
}

/* Insertions are side by side in the new tree. */
static void
delta_insert(struct delta *d, struct cf_str new)
{
	if (d->literal_n == 0)
		d->literal = new.p;
	d->literal_n += new.n;
}

/* --- trees ---------------------------------------------------------------- */

/* The entry of the same name in `old`, which is in the same order. */
static bool
same_in(struct cf_str *old, struct cf_entry *at, bool *has,
	const struct cf_entry *entry)
{
	while (*has) {
		size_t n = at->name.n < entry->name.n ? at->name.n :
			entry->name.n;
		int order = memcmp(at->name.p, entry->name.p, n);

		if (order == 0 && at->name.n == entry->name.n)
			return at->is_dir == entry->is_dir;
		if (order > 0 || (order == 0 && at->name.n > entry->name.n))
			return false;
		*has = old->n && cf_tree_next(at, old, NULL) == NULL;
	}
	return false;
}

static const struct cf_err *add_tree(struct cf_gather *g,
	const struct cf_oid *tree, const struct cf_oid *old, unsigned depth);

/*
 * Adds what `tree` has and `old` has not, and writes down the difference. What a
 * tree names twice, or in no order, or in a form that is not git's, is for the
 * gate to refuse: here it ends the tree. *whole: it did not.
 */
static const struct cf_err *
add_entries(struct cf_gather *g, bool *whole, struct delta *delta,
	struct cf_str tree, struct cf_str old, unsigned depth)
{
	const struct cf_err *err = NULL;
	struct cf_entry entry, at = { 0 };
	bool has = old.n && cf_tree_next(&at, &old, NULL) == NULL, same;

	delta->old = has ? entry_bytes(&at).p : NULL;
	while (!err && tree.n && cf_tree_next(&entry, &tree, NULL) == NULL) {
		same = same_in(&old, &at, &has, &entry);
		if (same && cf_oid_eq(&at.oid, &entry.oid)) {
			delta_copy(delta, entry_bytes(&at));
			continue;
		}
		delta_insert(delta, entry_bytes(&entry));
		if (!entry.is_dir)
			err = add_file(g, &entry.oid);
		else if (depth)
			err = add_tree(g, &entry.oid, same ? &at.oid : NULL,
				depth - 1);
	}
	flush_delta(delta);
	*whole = tree.n == 0;
	return err;
}

/* By the delta, where its base is in the pack and it is worth it. */
static const struct cf_err *
put_tree(struct cf_gather *g, const struct cf_oid *tree, struct cf_str bytes,
	const struct cf_oid *old, const struct cf_buf *delta)
{
	const struct cf_packed *base = old ? cf_packer_find(&g->packer, old) :
		NULL;

	if (base == NULL || base->depth >= CF_DELTA_DEPTH || delta == NULL ||
		delta->full || delta->len > bytes.n / 2)
		return add(g, tree, CF_TREE, bytes);
	return cf_packer_add_delta(&g->packer, tree, base, delta->data,
		delta->len);
}

/* The tree of that id, which may be the one that was read last at this depth. */
static const struct cf_err *
read_old(git_odb_object **out, struct cf_gather *g, const struct cf_oid *old,
	unsigned depth)
{
	git_odb_object *last = g->last[depth];

	if (last && memcmp(git_odb_object_id(last)->id, old->raw,
		sizeof old->raw) == 0)
		return git_odb_object_dup(out, last) ? damaged(g, old) : NULL;
	return read_object(out, g, old, GIT_OBJECT_TREE, CF_MAX_TREE);
}

static const struct cf_err *
add_tree(struct cf_gather *g, const struct cf_oid *tree,
	const struct cf_oid *old, unsigned depth)
{
	struct delta delta = { .text = CF_BUF(CF_MAX_TREE) };
	git_odb_object *now = NULL, *before = NULL;
	struct cf_str a, b = { NULL, 0 };
	const struct cf_err *err;
	bool whole = false;

	/* What is in the pack has been walked, or it may be a bomb. */
	if (cf_packer_find(&g->packer, tree))
		return NULL;
	err = read_object(&now, g, tree, GIT_OBJECT_TREE, CF_MAX_TREE);
	if (!err && old)
		err = read_old(&before, g, old, depth);
	if (err)
		goto done;
	git_odb_object_free(g->last[depth]);
	(void)git_odb_object_dup(&g->last[depth], now);
	a = bytes_of(now);
	if (before)
		b = bytes_of(before);
	put_size(&delta.text, b.n);
	put_size(&delta.text, a.n);
	err = add_entries(g, &whole, &delta, a, b, depth);
	/* A tree cannot be in itself, but damage can make it look so. */
	if (!err && cf_packer_find(&g->packer, tree) == NULL)
		err = put_tree(g, tree, a, old, whole ? &delta.text : NULL);
done:
	cf_buf_clear(&delta.text);
	git_odb_object_free(now);
	git_odb_object_free(before);
	return err;
}

/* --- commits -------------------------------------------------------------- */

struct step {			/* one commit of main */
	struct cf_oid commit, tree;
};

struct steps {			/* from new to old */
	struct step *step;
	size_t n, cap;
};

/* "tree <id>" and, if there is one, the first "parent <id>". */
static const struct cf_err *
read_commit(struct cf_oid *tree, struct cf_oid *parent,
	const struct cf_gather *g, const struct cf_oid *oid)
{
	git_odb_object *object = NULL;
	const struct cf_err *err;
	struct cf_str text, line;
	bool good = false;

	*parent = (struct cf_oid){ 0 };
	err = read_object(&object, g, oid, GIT_OBJECT_COMMIT, CF_MAX_COMMIT);
	if (!err) {
		text = bytes_of(object);
		good = cf_str_cut(&line, &text, text, '\n') &&
			cf_str_skip(&line, "tree ") && cf_oid_parse(tree, line);
		if (good && cf_str_cut(&line, &text, text, '\n') &&
			cf_str_skip(&line, "parent "))
			good = cf_oid_parse(parent, line);
		if (!good)
			err = damaged(g, oid);
	}
	git_odb_object_free(object);
	return err;
}

/*
 * The commits after `stop`, and *before, the tree of what they begin on. main is
 * one line; where it is not, the gate refuses whatever the other parents hold.
 */
static const struct cf_err *
list_commits(struct steps *out, struct cf_oid *before, struct cf_gather *g,
	const struct cf_oid *head, const struct cf_oid *stop)
{
	struct cf_oid at = *head, parent, above;
	const struct cf_err *err = NULL;

	*before = (struct cf_oid){ 0 };
	while (!err && !cf_oid_is_zero(&at) && out->n < CF_MAX_COMMITS) {
		struct step *step;

		if (stop && cf_oid_eq(&at, stop))
			return read_commit(before, &above, g, &at);
		out->step = cf_grow(out->step, out->n, &out->cap,
			sizeof *out->step);
		step = &out->step[out->n++];
		step->commit = at;
		err = read_commit(&step->tree, &parent, g, &at);
		at = parent;
		cf_link_tick(g->link);
	}
	return err;
}

static const struct cf_err *
add_commit(struct cf_gather *g, const struct cf_oid *oid)
{
	git_odb_object *object = NULL;
	const struct cf_err *err = read_object(&object, g, oid,
		GIT_OBJECT_COMMIT, CF_MAX_COMMIT);

	if (!err)
		err = add(g, oid, CF_COMMIT, bytes_of(object));
	git_odb_object_free(object);
	return err;
}

const struct cf_err *
cf_gather_history(struct cf_gather *g, const struct cf_oid *head,
	const struct cf_oid *stop)
{
	struct steps steps = { 0 };
	struct cf_oid before;
	const struct cf_err *err = list_commits(&steps, &before, g, head,
		stop);

	for (size_t i = steps.n; !err && i-- > 0; ) {
		const struct step *step = &steps.step[i];

		err = add_commit(g, &step->commit);
		if (!err)
			err = add_tree(g, &step->tree,
				cf_oid_is_zero(&before) ? NULL : &before,
				DEPTH_MAX);
		before = step->tree;
	}
	free(steps.step);
	return err;
}

const struct cf_err *
cf_gather_open(struct cf_gather *out, struct cf_link *link, git_odb *odb,
	const char *dir)
{
	const struct cf_err *err = cf_mkdirs(dir, 0777);

	*out = (struct cf_gather){ .link = link, .odb = odb };
	return err ? err : cf_packer_open(&out->packer, dir);
}

void
cf_gather_close(struct cf_gather *g)
{
	for (size_t i = 0; i < sizeof g->last / sizeof *g->last; i++)
		git_odb_object_free(g->last[i]);
	cf_packer_close(&g->packer);
}
