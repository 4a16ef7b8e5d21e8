/*
 * What stands at a node in a set of versions: nothing, one value, a structure,
 * or a conflict.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static void
add_top(struct cf_finding *f, size_t version, const json_t *value)
{
	f->top = cf_grow(f->top, f->n, &f->cap, sizeof *f->top);
	f->top[f->n++] = (struct cf_top){ .version = version, .value = value };
}

/*
 * The puts that no other put has seen, the latest first: a version comes after
 * all that it builds on. `seen` becomes what any put has seen. True where a
 * removal covers one of them, or an older one.
 */
static bool
find_puts(struct cf_finding *f, const struct cf_view *view,
	const struct cf_node *node, uint64_t *seen)
{
	bool covered = false;

	for (size_t i = node->put.n; i-- > 0;) {
		size_t version = node->put.write[i].version;

		if (!cf_bit(view->in, version))
			continue;
		if (!cf_live(view, version))
			covered = true;
		if (cf_bit(seen, version))
			continue;
		cf_bits_join(seen, view->e->past[version], view->e->words);
		add_top(f, version, node->put.write[i].value);
	}
	return covered;
}

static bool
sees_a_put(const struct cf_view *view, const struct cf_node *node,
	size_t removal)
{
	for (size_t i = 0; i < node->put.n; i++)
		if (cf_bit(view->in, node->put.write[i].version) &&
			cf_bit(view->e->past[removal],
				node->put.write[i].version))
			return true;
	return false;
}

/* Whether a put comes with this removal, or a later removal covers all that it
 * does. */
static bool
replaced(const struct cf_view *view, const struct cf_node *node,
	size_t removal)
{
	for (size_t i = 0; i < node->put.n; i++)
		if (node->put.write[i].version == removal)
			return true;
	for (size_t i = 0; i < view->n_del; i++)
		if (cf_bit(view->e->past[view->del[i]->version], removal))
			return true;
	return false;
}

/* A removal that saw a put is itself a value, "absent", until a later put. */
static void
find_tops(struct cf_finding *f, const struct cf_view *view,
	const struct cf_node *node)
{
	uint64_t *seen;
	size_t kept = 0;
	bool covered;

	if (node->put.n == 0)
		return;
	seen = cf_calloc(view->e->words, sizeof *seen);
	covered = find_puts(f, view, node, seen);
	for (size_t i = 0; i < f->n; i++)
		if (cf_live(view, f->top[i].version))
			f->top[kept++] = f->top[i];
	f->n = kept;
	for (size_t i = 0; covered && i < view->n_del; i++) {
		size_t del = view->del[i]->version;
		bool twice = false;

		for (size_t k = 0; k < i && !twice; k++)
			twice = view->del[k]->version == del;
		if (!twice && !cf_bit(seen, del) &&
			sees_a_put(view, node, del) &&
			!replaced(view, node, del))
			add_top(f, del, NULL);
	}
	free(seen);
}

static const struct cf_write *
write_by(const struct cf_writes *writes, size_t version)
{
	for (size_t i = 0; i < writes->n; i++)
		if (writes->write[i].version == version)
			return &writes->write[i];
	return NULL;
}

bool
cf_stands(const struct cf_view *view, const struct cf_node *node,
	size_t version, const uint64_t *writing)
{
	const struct cf_write *put = write_by(&node->put, version);

	if ((put && put->value) || write_by(&node->ins, version))
		return false;
	for (size_t i = version + 1; i < view->e->n; i++)
		if (cf_bit(writing, i) && cf_bit(view->e->past[i], version))
			return false;
	return true;
}

static bool
is_of(const struct cf_node *node, const struct cf_write *del)
{
	return node->del.n && del >= node->del.write &&
		del < node->del.write + node->del.n;
}

/* Whether a removal in view is of this node. */
static bool
removed(const struct cf_view *view, const struct cf_node *node)
{
	return view->n_del && is_of(node, view->del[view->n_del - 1]);
}

static bool
has_top(const struct cf_finding *f, size_t version)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->top[i].version == version)
			return true;
	return false;
}

/*
 * Adds the removals of this node that still stand, as absent values; those that
 * came with the tops stay only where they stand, if something lives here.
 */
static bool
add_removals(struct cf_finding *f, const struct cf_view *view,
	const struct cf_node *node, const uint64_t *all, bool alive)
{
	size_t kept = 0;
	bool any = false;

	for (size_t i = 0; i < f->n; i++)
		if (!alive || f->top[i].value ||
			cf_stands(view, node, f->top[i].version, all))
			f->top[kept++] = f->top[i];
	f->n = kept;
	for (size_t i = 0; i < view->n_del; i++) {
		const struct cf_write *del = view->del[i];

		if (is_of(node, del) && !has_top(f, del->version) &&
			cf_stands(view, node, del->version, all))
			add_top(f, del->version, NULL);
	}
	for (size_t i = 0; i < f->n; i++)
		any = any || f->top[i].value == NULL;
	return any;
}

static bool
lives(const struct cf_view *view, const struct cf_node *node)
{
	for (size_t i = node->ins.n; i-- > 0;)
		if (cf_live(view, node->ins.write[i].version))
			return true;
	return false;
}

static bool
is_empty(const uint64_t *set, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (set[i])
			return false;
	return true;
}

static bool
has_value(const struct cf_finding *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->top[i].value)
			return true;
	return false;
}

/* Structure that somebody wrote, with or without values and removals beside. */
static void
find_structure(struct cf_finding *f, struct cf_view *view,
	struct cf_node *node)
{
	size_t words = view->e->words;
	bool value = has_value(f), gone, alive;
	uint64_t *all, *living;

	if (f->n == 0 && !removed(view, node) && lives(view, node)) {
		f->what = CF_FOUND_STRUCTURE;
		return;
	}
	all = cf_calloc(words, sizeof *all);
	living = cf_calloc(words, sizeof *living);
	cf_life(view, node, all, living);
	alive = !is_empty(living, words);
	gone = add_removals(f, view, node, all, alive);
	f->writing = all;
	f->living = living;
	if (!alive) {
		cf_settle_leaf(f, view, node);
	} else if (value || (gone && node->merges != CF_SET)) {
		f->what = CF_FOUND_CONFLICT;
		f->kind = value ? "type" : "delete/edit";
		f->content = true;
		f->ignoring = !value;
	} else {
		f->what = CF_FOUND_STRUCTURE;
	}
}

void
cf_find(struct cf_finding *out, struct cf_view *view, struct cf_node *node)
{
	*out = (struct cf_finding){ .what = CF_FOUND_NONE };
	find_tops(out, view, node);
	if (cf_node_structured(node))
		find_structure(out, view, node);
	else
		cf_settle_leaf(out, view, node);
}

void
cf_finding_clear(struct cf_finding *finding)
{
	for (size_t i = 0; i < finding->n; i++)
		free(finding->top[i].text);
	free(finding->top);
	free(finding->living);
	free(finding->writing);
	json_decref(finding->value);
}

uint64_t *
cf_contestants(const struct cf_engine *e, const struct cf_finding *finding)
{
	uint64_t *out = cf_calloc(e->words, sizeof *out);

	if (finding->content)
		memcpy(out, finding->living, e->words * sizeof *out);
	for (size_t i = 0; i < finding->n; i++)
		cf_bit_set(out, finding->top[i].version);
	return out;
}
