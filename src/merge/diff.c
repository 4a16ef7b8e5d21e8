/*
 * What a version writes: the difference between what was shown to it and its
 * body, and the fields that it decides.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

struct diff {
	struct cf_engine *e;
	size_t version, round;
	json_t *notes;
	struct removed {	/* the nodes that it removes */
		struct cf_node **node;
		size_t n, cap;
	} *removed;
};

/* Versions come in their order, so what a version writes is the last write. */
static struct cf_write *
add(struct cf_writes *writes, size_t version)
{
	struct cf_write *last = writes->n ? &writes->write[writes->n - 1] : NULL;

	if (last && last->version == version)
		return last;
	writes->write = cf_grow(writes->write, writes->n, &writes->cap,
		sizeof *writes->write);
	last = &writes->write[writes->n++];
	*last = (struct cf_write){ .version = version };
	return last;
}

static void
del(const struct diff *d, struct cf_node *node)
{
	struct removed *r = d->removed;

	add(&node->del, d->version);
	r->node = cf_grow(r->node, r->n, &r->cap, sizeof *r->node);
	r->node[r->n++] = node;
}

static void
put(const struct diff *d, struct cf_node *node, const json_t *value)
{
	add(&node->put, d->version)->value = value;
	node->put_once = true;
}

static void
note(const struct diff *d, const struct cf_node *node, const json_t *before,
	const json_t *after, bool decided)
{
	char *path;
	json_t *row;

	if (d->notes == NULL)
		return;
	path = cf_node_path(node);
	row = json_pack("{s:s, s:O*, s:O*}", "path", path, "before", before,
		"after", after);
	if (decided)
		json_object_set_new(row, "decided", json_true());
	json_array_append_new(d->notes, row);
	free(path);
}

/* The keys of a list in their order, as their canonical forms. */
static json_t *
keys_of(const struct diff *d, const struct cf_node *node, const json_t *list)
{
	json_t *keys = json_array(), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		char *text = cf_canonical_text(json_object_get(item, node->by));

		json_array_append_new(keys, json_string(text));
		free(text);
	}
	json_array_append_new(d->e->keep, keys);
	return keys;
}

static void
write_order(const struct diff *d, struct cf_node *node, const json_t *list,
	bool moved)
{
	struct cf_write *order = add(&node->order, d->version);

	order->value = keys_of(d, node, list);
	order->moved = moved;
}

static void
create(const struct diff *d, struct cf_node *node, const json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;

	if (cf_form_of(node, value) == CF_LEAF) {
		put(d, node, value);
		return;
	}
	add(&node->ins, d->version);
	if (node->merges == CF_BY_MEMBER) {
		json_object_foreach((json_t *)(uintptr_t)value, name, member)
			create(d, cf_node_member(node, name), member);
		return;
	}
	json_array_foreach(value, i, member) {
		if (node->merges == CF_SET)
			add(&cf_node_element(node, member)->ins, d->version);
		else
			create(d, cf_node_element(node, json_object_get(member,
				node->by)), member);
	}
	if (node->author)
		write_order(d, node, value, true);
}

/* Everything that the body has here is written, even where it equals what was
 * shown: the version has decided it. */
static void
reset(const struct diff *d, struct cf_node *node, const json_t *value)
{
	enum cf_form form = cf_form_of(node, value);

	if (cf_node_structured(node))
		del(d, node);
	if (form != CF_LEAF && node->merges != CF_SET &&
		node->merges != CF_KEYED)
		put(d, node, NULL);
	if (form != CF_NONE)
		create(d, node, value);
}

static void diff(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b);

static void
diff_object(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)a, name, value)
		diff(d, cf_node_member(node, name), value,
			json_object_get(b, name));
	json_object_foreach((json_t *)(uintptr_t)b, name, value)
		if (json_object_get(a, name) == NULL)
			diff(d, cf_node_member(node, name), NULL, value);
}

/* The elements of a list by the canonical form of their keys, or of themselves
 * in a set. */
static json_t *
by_key(const struct cf_node *node, const json_t *list)
{
	json_t *out = json_object(), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		char *name = cf_canonical_text(node->by ?
			json_object_get(item, node->by) : item);

		json_object_set(out, name, item);
		free(name);
	}
	return out;
}

static void
diff_set(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b)
{
	json_t *had = by_key(node, a), *has = by_key(node, b), *value;
	const char *name;

	json_object_foreach(had, name, value)
		if (json_object_get(has, name) == NULL)
			add(&cf_node_element(node, value)->del, d->version);
	json_object_foreach(has, name, value)
		if (json_object_get(had, name) == NULL)
			add(&cf_node_element(node, value)->ins, d->version);
	note(d, node, a, b, false);
	json_decref(had);
	json_decref(has);
}

/* Whether the keys that stayed have another order, or new ones came between. */
static bool
moved(const struct cf_node *node, const json_t *a, const json_t *has,
	const json_t *b, const json_t *had)
{
	size_t i = 0, k;
	json_t *item;

	json_array_foreach(b, k, item) {
		char *name = cf_canonical_text(json_object_get(item, node->by));
		bool same = json_object_get(had, name) != NULL;

		/* The next one in `a` that stayed. */
		for (; same && i < json_array_size(a); i++) {
			char *other = cf_canonical_text(json_object_get(
				json_array_get(a, i), node->by));
			bool stayed = json_object_get(has, other) != NULL;

			same = !stayed || strcmp(name, other) == 0;
			free(other);
			if (stayed)
				break;
		}
		i++;
		free(name);
		if (!same)
			return true;
	}
	return false;
}

static void
diff_keyed(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b)
{
	json_t *had = by_key(node, a), *has = by_key(node, b), *value;
	const char *name;
	bool turned;

	json_object_foreach(had, name, value)
		diff(d, cf_node_element(node, json_object_get(value,
			node->by)), value, json_object_get(has, name));
	json_object_foreach(has, name, value)
		if (json_object_get(had, name) == NULL)
			diff(d, cf_node_element(node, json_object_get(value,
				node->by)), NULL, value);
	turned = moved(node, a, has, b, had);
	if (node->author && (turned || json_object_size(has) !=
		json_object_size(had)))
		write_order(d, node, b, turned);
	if (node->author && turned)
		note(d, node, a, b, false);
	json_decref(had);
	json_decref(has);
}

static void
diff_structure(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b)
{
	if (node->merges == CF_BY_MEMBER)
		diff_object(d, node, a, b);
	else if (node->merges == CF_SET)
		diff_set(d, node, a, b);
	else
		diff_keyed(d, node, a, b);
}

static void
diff(const struct diff *d, struct cf_node *node, const json_t *a,
	const json_t *b)
{
	enum cf_form from, to;

	if (a == b || (a && b && cf_json_compare(a, b) == 0))
		return;
	from = cf_form_of(node, a);
	to = cf_form_of(node, b);
	if (node->contested == d->round) {
		reset(d, node, b);
		node->settled = 0;
	} else if (from == CF_STRUCTURE && to == CF_STRUCTURE) {
		diff_structure(d, node, a, b);
		return;
	} else {
		if (from == CF_STRUCTURE)
			del(d, node);
		else if (from == CF_LEAF && to != CF_LEAF)
			put(d, node, NULL);
		if (to != CF_NONE)
			create(d, node, b);
	}
	note(d, node, a, b, node->contested == d->round);
}

/* Marks what `settled` names: those that lie inside of one another too. */
static size_t
mark(const struct diff *d, const json_t *settled, struct cf_node **out)
{
	json_t *path;
	size_t i, n = 0;

	json_array_foreach(settled, i, path) {
		struct cf_node *node = json_is_string(path) ? cf_node_at(
			d->e->root, json_string_value(path)) : NULL;

		if (node == NULL || node->settled == d->round)
			continue;
		node->settled = d->round;
		out[n++] = node;
	}
	return n;
}

static void
decide(const struct diff *d, struct cf_node *node, const json_t *shown,
	const json_t *body)
{
	const json_t *value;

	/* Inside of what is contested nothing can be decided by itself. */
	for (struct cf_node *at = node->up; at; at = at->up)
		if (at->contested == d->round)
			node = at;
	value = cf_node_find(node, body);
	/* Where only the order is contested, only the order is decided: what
	 * others change in the list meanwhile has nothing to do with it. */
	if (node->disordered == d->round && node->contested != d->round &&
		cf_form_of(node, value) == CF_STRUCTURE)
		write_order(d, node, value, true);
	else
		reset(d, node, value);
	note(d, node, cf_node_find(node, shown), value, true);
}

/* Whether a version's past has a creation of the node that no removal covers. */
static bool
is_anchored(const struct diff *d, const struct cf_node *node)
{
	const uint64_t *past = d->e->past[d->version];

	for (size_t i = 0; i < node->ins.n; i++) {
		size_t made = node->ins.write[i].version;
		bool live = made == d->version || cf_bit(past, made);

		for (const struct cf_node *at = node; at && live; at = at->up)
			for (size_t k = 0; k < at->del.n && live; k++)
				live = !(cf_bit(past, at->del.write[k].version)
					&& cf_bit(d->e->past[
					at->del.write[k].version], made));
		if (live)
			return true;
	}
	return false;
}

/*
 * What exists only because somebody wrote inside of it would go with what this
 * version removes there. Its body has it, so the version says so.
 */
static void
anchor(const struct diff *d, const json_t *body)
{
	for (size_t i = 0; i < d->removed->n; i++)
		for (struct cf_node *at = d->removed->node[i]->up; at;
			at = at->up)
			if (!is_anchored(d, at) && cf_form_of(at,
				cf_node_find(at, body)) == CF_STRUCTURE)
				add(&at->ins, d->version);
}

void
cf_diff(struct cf_engine *e, size_t version, const json_t *shown,
	json_t *notes)
{
	const json_t *given = e->content[version].settled;
	const json_t *body = e->content[version].body;
	struct removed removed = { 0 };
	struct diff d = { e, version, cf_round(version), notes, &removed };
	struct cf_node **settled = cf_calloc(json_array_size(given),
		sizeof(void *));
	size_t n = mark(&d, given, settled);

	diff(&d, e->root, shown, body);
	for (size_t i = 0; i < n; i++)
		if (settled[i]->settled == d.round)
			decide(&d, settled[i], shown, body);
	anchor(&d, body);
	free(removed.node);
	free(settled);
}

static void
trace(struct cf_node *node, const json_t *value)
{
	const char *name;
	json_t *item;
	size_t i;

	if (cf_form_of(node, value) == CF_LEAF)
		node->put_once = true;
	if (cf_form_of(node, value) != CF_STRUCTURE)
		return;
	if (node->merges == CF_BY_MEMBER)
		json_object_foreach((json_t *)(uintptr_t)value, name, item)
			trace(cf_node_member(node, name), item);
	if (node->merges == CF_KEYED)
		json_array_foreach(value, i, item)
			trace(cf_node_element(node, json_object_get(item,
				node->by)), item);
}

void
cf_trace(struct cf_engine *e, size_t version)
{
	json_t *path;
	size_t i;

	trace(e->root, e->content[version].body);
	json_array_foreach(e->content[version].settled, i, path) {
		struct cf_node *node = json_is_string(path) ? cf_node_at(
			e->root, json_string_value(path)) : NULL;

		if (node && node->merges != CF_SET && node->merges != CF_KEYED)
			node->put_once = true;
	}
}

static void
put_nothing(const struct diff *d, struct cf_node *node)
{
	if (node->put_once && node->put.n == 0)
		put(d, node, NULL);
	for (size_t i = 0; i < node->n; i++)
		put_nothing(d, node->child[i]);
}

void
cf_seed(struct cf_engine *e, size_t version)
{
	struct diff d = { .e = e, .version = version };

	if (e->content[version].body)
		create(&d, e->root, e->content[version].body);
	put_nothing(&d, e->root);
}
