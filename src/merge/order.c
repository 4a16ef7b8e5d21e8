/*
 * The order of a keyed list that keeps the author's: the order before, changed
 * where one of those that wrote an order has it the other way. New elements stay
 * behind the neighbour that they were put behind.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

#define NOWHERE ((size_t)-1)

/* New keys in a row, after element `after` of the old ones (NOWHERE: first). */
struct run {
	size_t after;
	size_t *key;
	size_t n;
};

struct sorter {
	struct cf_node **kept;	/* by name */
	size_t n;
	json_t *place;		/* name to number in `kept` */
	bool *old;		/* was there before */
	const json_t **order;	/* what was written: distinct, each once */
	uint64_t **by;
	size_t n_order;
	size_t *out, n_out;	/* numbers in `kept`, in their order */
	bool *placed;
	struct run *run;
	size_t n_run, cap_run;
};

static size_t
place_of(const struct sorter *s, const json_t *name)
{
	const json_t *at = json_object_get(s->place, json_string_value(name));

	return at ? (size_t)json_integer_value(at) : NOWHERE;
}

/* The orders that no other has seen; those that are the same are one. */
static void
find_orders(struct sorter *s, const struct cf_view *view,
	const struct cf_node *node, uint64_t *of)
{
	const struct cf_engine *e = view->e;
	uint64_t *seen = cf_calloc(e->words, sizeof *seen);

	s->order = cf_calloc(node->order.n, sizeof *s->order);
	s->by = cf_calloc(node->order.n, sizeof *s->by);
	for (size_t i = node->order.n; i-- > 0;) {
		const struct cf_write *w = &node->order.write[i];
		size_t k = 0;

		if (!cf_live(view, w->version) || cf_bit(seen, w->version))
			continue;
		cf_bits_join(seen, e->past[w->version], e->words);
		cf_bit_set(of, w->version);
		while (k < s->n_order &&
			cf_json_compare(s->order[k], w->value) != 0)
			k++;
		if (k == s->n_order) {
			s->by[k] = cf_calloc(e->words, sizeof **s->by);
			s->order[s->n_order++] = w->value;
		}
		cf_bit_set(s->by[k], w->version);
	}
	free(seen);
}

static void
place(struct sorter *s, size_t i)
{
	if (s->placed[i])
		return;
	s->placed[i] = true;
	s->out[s->n_out++] = i;
}

/* One order that has every key is the order. */
static bool
is_simple(struct sorter *s)
{
	json_t *name;
	size_t i;

	if (s->n_order != 1)
		return false;
	json_array_foreach(s->order[0], i, name) {
		size_t at = place_of(s, name);

		if (at != NOWHERE)
			place(s, at);
	}
	if (s->n_out == s->n)
		return true;
	memset(s->placed, 0, s->n * sizeof *s->placed);
	s->n_out = 0;
	return false;
}

/* where[k]: the place of kept key k in one order. */
static void
places_in(const struct sorter *s, const json_t *order, size_t *where)
{
	json_t *name;
	size_t i;

	for (size_t k = 0; k < s->n; k++)
		where[k] = NOWHERE;
	json_array_foreach(order, i, name) {
		size_t at = place_of(s, name);

		if (at != NOWHERE)
			where[at] = i;
	}
}

/*
 * Sorts the old keys: `old` has them in the order before. False where the orders
 * contradict one another; then `old` stays.
 */
static bool
sort_old(const struct sorter *s, size_t *old, size_t n)
{
	size_t *where = cf_calloc(s->n_order * s->n, sizeof *where);
	size_t *before = cf_calloc(n, sizeof *before);
	size_t *sorted = cf_calloc(n, sizeof *sorted);
	bool *taken = cf_calloc(n, sizeof *taken), ok = true;

	for (size_t i = 0; i < s->n_order; i++)
		places_in(s, s->order[i], &where[i * s->n]);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			bool turned = false;

			for (size_t o = 0; o < s->n_order && !turned; o++) {
				size_t x = where[o * s->n + old[i]];
				size_t y = where[o * s->n + old[k]];

				turned = x != NOWHERE && y != NOWHERE && y < x;
			}
			before[turned ? i : k]++;
		}
	/* Each has its own number of keys before it, or they go in a circle. */
	for (size_t i = 0; i < n && ok; i++) {
		ok = !taken[before[i]];
		taken[before[i]] = true;
		sorted[before[i]] = old[i];
	}
	if (ok && n)
		memcpy(old, sorted, n * sizeof *old);
	free(where);
	free(before);
	free(sorted);
	free(taken);
	return ok;
}

static void
find_runs(struct sorter *s, const json_t *order)
{
	size_t i, after = NOWHERE, *key = NULL, n = 0, cap = 0;
	json_t *name;

	for (i = 0; i <= json_array_size(order); i++) {
		size_t at;

		name = json_array_get(order, i);
		at = name ? place_of(s, name) : NOWHERE;
		if (name && at == NOWHERE)
			continue;
		if (name && !s->old[at]) {
			key = cf_grow(key, n, &cap, sizeof *key);
			key[n++] = at;
			continue;
		}
		if (n) {
			s->run = cf_grow(s->run, s->n_run, &s->cap_run,
				sizeof *s->run);
			s->run[s->n_run++] = (struct run){ after, key, n };
			key = NULL;
			n = cap = 0;
		}
		after = at;
	}
}

/* Numbers in `kept` are in the order of the keys' canonical forms. */
static int
by_keys(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	for (size_t i = 0; i < x->n && i < y->n; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return (x->n > y->n) - (x->n < y->n);
}

static void
place_runs(struct sorter *s, size_t after)
{
	for (size_t i = 0; i < s->n_run; i++)
		for (size_t k = 0; s->run[i].after == after &&
			k < s->run[i].n; k++)
			place(s, s->run[i].key[k]);
}

static void
report(struct cf_view *view, struct cf_node *node, const struct sorter *s,
	json_t *before)
{
	json_t *sides = json_array();

	if (view->round)
		node->disordered = view->round;
	for (size_t i = 0; view->conflicts && i < s->n_order; i++)
		cf_side_add(sides, view->e,
			(json_t *)(uintptr_t)s->order[i], s->by[i]);
	if (view->conflicts)
		cf_conflict_add(view->conflicts, node, "order",
			json_incref(before), json_incref(before),
			json_incref(sides));
	json_decref(sides);
}

/* The names in the order before, those that are kept. */
static json_t *
old_keys(struct sorter *s, const struct cf_node *node, const json_t *list,
	size_t *old, size_t *n)
{
	json_t *names = json_array(), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const json_t *key = json_object_get(item, node->by);
		char *text = key ? cf_canonical_text(key) : NULL;
		json_t *name = text ? json_string(text) : NULL;
		size_t at = name ? place_of(s, name) : NOWHERE;

		if (at != NOWHERE && !s->old[at]) {
			s->old[at] = true;
			old[(*n)++] = at;
			json_array_append(names, name);
		}
		json_decref(name);
		free(text);
	}
	return names;
}

static void
sort(struct sorter *s, struct cf_view *view, struct cf_node *node,
	const uint64_t *of)
{
	struct cf_base base = cf_base_of(view->e, node, of);
	size_t *old = cf_calloc(s->n, sizeof *old), n = 0;
	json_t *before = old_keys(s, node, base.value, old, &n);

	if (!sort_old(s, old, n))
		report(view, node, s, before);
	for (size_t i = 0; i < s->n_order; i++)
		find_runs(s, s->order[i]);
	if (s->n_run > 1)
		qsort(s->run, s->n_run, sizeof *s->run, by_keys);
	place_runs(s, NOWHERE);
	for (size_t i = 0; i < n; i++) {
		place(s, old[i]);
		place_runs(s, old[i]);
	}
	for (size_t i = 0; i < s->n; i++)
		place(s, i);
	json_decref(before);
	free(old);
}

void
cf_order(struct cf_view *view, struct cf_node *node, struct cf_node **kept,
	size_t n)
{
	struct sorter s = { .kept = kept, .n = n, .place = json_object(),
		.old = cf_calloc(n, sizeof(bool)),
		.out = cf_calloc(n, sizeof(size_t)),
		.placed = cf_calloc(n, sizeof(bool)) };
	uint64_t *of = cf_calloc(view->e->words, sizeof *of);
	struct cf_node **sorted = cf_calloc(n, sizeof(void *));

	for (size_t i = 0; i < n; i++)
		json_object_set_new(s.place, kept[i]->name,
			json_integer((json_int_t)i));
	find_orders(&s, view, node, of);
	if (s.n_order && !is_simple(&s))
		sort(&s, view, node, of);
	for (size_t i = 0; i < s.n_out; i++)
		sorted[i] = kept[s.out[i]];
	if (s.n_out)
		memcpy(kept, sorted, n * sizeof(void *));
	for (size_t i = 0; i < s.n_run; i++)
		free(s.run[i].key);
	for (size_t i = 0; i < s.n_order; i++)
		free(s.by[i]);
	free(s.run);
	free(s.by);
	free(s.order);
	free(s.old);
	free(s.out);
	free(s.placed);
	free(sorted);
	free(of);
	json_decref(s.place);
}
