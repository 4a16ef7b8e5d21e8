/*
 * The state of a set of versions: a walk over the paths from the root.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static json_t *value_of(struct cf_view *view, struct cf_node *node);

/* An element of a keyed list has its key, whoever wrote or removed it: that is
 * what makes it this element. */
static json_t *
build_object(struct cf_view *view, const struct cf_node *node)
{
	const char *by = node->up ? node->up->by : NULL;
	json_t *out = json_object();

	if (by)
		json_object_set(out, by, (json_t *)(uintptr_t)node->key);
	for (size_t i = 0; i < node->n; i++) {
		json_t *value = NULL;

		if (by == NULL || strcmp(node->child[i]->name, by) != 0)
			value = value_of(view, node->child[i]);
		if (value)
			json_object_set_new(out, node->child[i]->name, value);
	}
	return out;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(struct cf_node *const *)a)->name,
		(*(struct cf_node *const *)b)->name);
}

static json_t *
build_set(const struct cf_view *view, const struct cf_node *node)
{
	struct cf_node **in = cf_calloc(node->n, sizeof(void *));
	json_t *out = json_array();
	size_t n = 0;

	for (size_t i = 0; i < node->n; i++)
		if (cf_in_set(view, node->child[i]))
			in[n++] = node->child[i];
	if (n > 1)
		qsort(in, n, sizeof(void *), by_name);
	for (size_t i = 0; i < n; i++)
		json_array_append(out, (json_t *)(uintptr_t)in[i]->key);
	free(in);
	return out;
}

static json_t *
build_keyed(struct cf_view *view, struct cf_node *node)
{
	struct cf_node **kept = cf_calloc(node->n, sizeof(void *));
	json_t *items = json_object(), *out = json_array();
	size_t n = 0;

	for (size_t i = 0; i < node->n; i++) {
		struct cf_node *kid = node->child[i];
		json_t *item = value_of(view, kid);

		if (item == NULL)
			continue;
		json_object_set_new(items, kid->name, item);
		kept[n++] = kid;
	}
	if (n > 1)
		qsort(kept, n, sizeof(void *), by_name);
	if (node->author)
		cf_order(view, node, kept, n);
	for (size_t i = 0; i < n; i++)
		json_array_append(out, json_object_get(items, kept[i]->name));
	json_decref(items);
	free(kept);
	return out;
}

static json_t *
structure(struct cf_view *view, struct cf_node *node)
{
	if (node->merges == CF_SET)
		return build_set(view, node);
	return node->merges == CF_KEYED ? build_keyed(view, node) :
		build_object(view, node);
}

/* The removals that stand, and those before them that nobody wrote after. */
static void
set_ignored(const struct cf_view *view, const struct cf_finding *f,
	struct cf_node *node, bool ignored)
{
	for (size_t i = 0; f->ignoring && i < node->del.n; i++) {
		struct cf_write *del = &node->del.write[i];

		if (cf_bit(view->in, del->version) && cf_stands(view, node,
			del->version, f->writing))
			del->ignored = ignored;
	}
}

/* The structure that is one side of a conflict; what is contested inside of it
 * is not listed apart. */
static json_t *
content_of(struct cf_view *view, struct cf_node *node,
	const struct cf_finding *f)
{
	struct cf_view inner = *view;
	struct cf_cover saved;
	json_t *content;

	inner.conflicts = inner.writers = NULL;
	inner.round = 0;
	set_ignored(view, f, node, true);
	cf_cover(&saved, &inner, node);
	content = structure(&inner, node);
	cf_uncover(&saved, &inner);
	set_ignored(view, f, node, false);
	view->del = inner.del;
	view->cap_del = inner.cap_del;
	return content;
}

/* What is shown at a node; *contested where that is not what somebody wrote. */
static json_t *
look(struct cf_view *view, struct cf_node *node, bool *contested)
{
	struct cf_cover saved;
	struct cf_finding f;
	json_t *value = NULL, *content = NULL;

	cf_cover(&saved, view, node);
	cf_find(&f, view, node);
	if (f.what == CF_FOUND_STRUCTURE)
		value = structure(view, node);
	else if (f.what == CF_FOUND_LEAF)
		value = json_incref(f.value);
	if (view->writers)
		cf_add_writers(view, node, &f);
	cf_uncover(&saved, view);
	*contested = f.what == CF_FOUND_CONFLICT;
	if (*contested) {
		cf_sort_tops(&f);
		if (f.content)
			content = content_of(view, node, &f);
		value = cf_contest(view, node, &f, content);
	}
	json_decref(content);
	cf_finding_clear(&f);
	return value;
}

static json_t *
value_of(struct cf_view *view, struct cf_node *node)
{
	bool contested;

	return look(view, node, &contested);
}

json_t *
cf_state(struct cf_view *view)
{
	return value_of(view, view->e->root);
}

/* --- one path in a smaller set ------------------------------------------------ */

/* The value at a node inside that of one above it. Borrowed. */
static const json_t *
inside(const struct cf_node *node, const struct cf_node *from,
	const json_t *value)
{
	if (node == from || value == NULL)
		return value;
	value = inside(node->up, from, value);
	return value ? cf_node_value(node, value) : NULL;
}

/*
 * The value at a node in the state of the view's set, without building what lies
 * beside its path: `from` is on it. A conflict above the node shows what it
 * shows.
 */
static json_t *
value_at(struct cf_view *view, struct cf_node *node, struct cf_node *from,
	bool *contested)
{
	struct cf_node *next = node;
	struct cf_cover saved;
	struct cf_finding f;
	json_t *value = NULL;

	if (node == from)
		return look(view, node, contested);
	while (next->up != from)
		next = next->up;
	cf_cover(&saved, view, from);
	cf_find(&f, view, from);
	if (f.what == CF_FOUND_STRUCTURE)
		value = value_at(view, node, next, contested);
	cf_uncover(&saved, view);
	if (f.what == CF_FOUND_CONFLICT) {
		json_t *above = look(view, from, contested);

		value = json_incref((json_t *)(uintptr_t)inside(node, from,
			above));
		json_decref(above);
	}
	cf_finding_clear(&f);
	return value;
}

static uint64_t
hash(const uint64_t *set, size_t words)
{
	uint64_t h = 0;

	for (size_t i = 0; i < words; i++)
		h = (h ^ set[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

static void
enlarge(struct cf_engine *e)
{
	size_t size = e->set_mask ? 2 * (e->set_mask + 1) : 64;
	const uint64_t **old = e->set;
	size_t n = old ? e->set_mask + 1 : 0;

	e->set = cf_calloc(size, sizeof *e->set);
	e->set_mask = size - 1;
	for (size_t i = 0; i < n; i++) {
		size_t at;

		if (old[i] == NULL)
			continue;
		at = hash(old[i], e->words) & e->set_mask;
		while (e->set[at])
			at = (at + 1) & e->set_mask;
		e->set[at] = old[i];
	}
	free(old);
}

/* The one copy of a set; takes `set`. */
static const uint64_t *
intern(struct cf_engine *e, uint64_t *set)
{
	size_t at;

	if (e->set == NULL || 2 * e->n_set > e->set_mask)
		enlarge(e);
	at = hash(set, e->words) & e->set_mask;
	for (; e->set[at]; at = (at + 1) & e->set_mask)
		if (memcmp(e->set[at], set, e->words * sizeof *set) == 0) {
			free(set);
			return e->set[at];
		}
	e->n_set++;
	return e->set[at] = set;
}

struct cf_base
cf_base_of(struct cf_engine *e, struct cf_node *node, const uint64_t *of)
{
	uint64_t *common = cf_malloc(e->words * sizeof *common);
	struct cf_view view = { .e = e };
	struct cf_base base = { 0 };

	memset(common, 0xff, e->words * sizeof *common);
	for (size_t i = 0; i < e->n; i++)
		for (size_t k = 0; cf_bit(of, i) && k < e->words; k++)
			common[k] &= e->past[i][k];
	base.set = view.in = intern(e, common);
	for (size_t i = node->n_base; i-- > 0;)
		if (node->base[i].set == base.set)
			return node->base[i];
	base.value = value_at(&view, node, e->root, &base.contested);
	free(view.del);
	node->base = cf_grow(node->base, node->n_base, &node->cap_base,
		sizeof base);
	node->base[node->n_base++] = base;
	return base;
}
