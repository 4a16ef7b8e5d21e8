#ifndef NAIVE_ORDER_H
#define NAIVE_ORDER_H

/*
 * What the naive merge knows of lists that keep the author's order.
 */
#include "naive_lists.h"

static inline int
n_place(const json_t *list, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(item), name) == 0)
			return (int)i;
	return -1;
}

/* "[a]" of the canonical form of a key. */
static inline char *
n_token(const json_t *key)
{
	const char *s = json_string_value(key);

	return cf_asprintf("[%.*s]", (int)strlen(s) - 2, s + 1);
}

/* Whether old key x comes before old key y. */
static inline bool
n_before(const json_t *old, const json_t *orders, const char *x, const char *y)
{
	bool before = n_place(old, x) < n_place(old, y);
	json_t *order;
	size_t i;

	json_array_foreach(orders, i, order) {
		int p = n_place(order, x), q = n_place(order, y);

		if (p >= 0 && q >= 0 && (p < q) !=
			(n_place(old, x) < n_place(old, y)))
			return !before;
	}
	return before;
}

/* The old keys in their order, or NULL where they go in a circle. */
static inline json_t *
n_sort_old(const json_t *old, const json_t *orders)
{
	json_t *left = json_copy((json_t *)(uintptr_t)old);
	json_t *out = json_array(), *x, *y;
	size_t i, k;

	while (json_array_size(left)) {
		bool found = false;

		json_array_foreach(left, i, x) {
			bool first = true;

			json_array_foreach(left, k, y)
				first = first && (i == k || n_before(old,
					orders, json_string_value(x),
					json_string_value(y)));
			if (!first)
				continue;
			found = true;
			json_array_append(out, x);
			json_array_remove(left, i);
			break;
		}
		if (!found) {
			json_decref(out);
			json_decref(left);
			return NULL;
		}
	}
	json_decref(left);
	return out;
}

/* New keys that some order has right behind `after` (NULL: first), in runs. */
static inline void
n_append_new(json_t *out, const json_t *kept, const json_t *old,
	const json_t *orders, const char *after)
{
	json_t *runs = json_array(), *order, *name, *run;
	size_t i, k;

	json_array_foreach(orders, i, order) {
		bool here = after == NULL;

		run = json_array();
		json_array_foreach(order, k, name) {
			const char *s = json_string_value(name);

			if (n_place(old, s) >= 0)
				here = after && strcmp(after, s) == 0;
			else if (here && n_place(kept, s) >= 0)
				json_array_append(run, name);
		}
		if (json_array_size(run))
			n_sorted(runs, run);
		json_decref(run);
	}
	json_array_foreach(runs, i, run)
		json_array_foreach(run, k, name)
			if (n_place(out, json_string_value(name)) < 0)
				json_array_append(out, name);
	json_decref(runs);
}

/* R5, the list itself: {"[a]": element} becomes a list. */
static inline json_t *
n_order(json_t *items, json_t *before, json_t *orders, const char *path,
	json_t *conflicts)
{
	json_t *kept = json_array(), *old = json_array(), *names = json_array();
	json_t *list = json_array(), *sorted, *item, *name;
	const char *token;
	size_t i;

	json_object_foreach(items, token, item) {
		name = json_sprintf("\"%.*s\"", (int)strlen(token) - 2,
			token + 1);
		n_sorted(kept, name);
		json_decref(name);
	}
	json_array_foreach(before, i, item) {
		name = json_sprintf("\"%s\"", cf_json_str(item, "id"));
		if (n_place(kept, json_string_value(name)) >= 0)
			json_array_append(old, name);
		json_decref(name);
	}
	sorted = n_sort_old(old, orders);
	if (n_kind(path) == 'L' && sorted == NULL)
		json_array_append_new(conflicts, json_pack(
			"{s:s, s:s, s:O, s:O, s:b, s:O}", "path", path, "kind",
			"order", "before", old, "shown", old, "absent", false,
			"sides", orders));
	if (n_kind(path) == 'L') {
		n_append_new(names, kept, old, orders, NULL);
		json_array_foreach(sorted ? sorted : old, i, name) {
			json_array_append(names, name);
			n_append_new(names, kept, old, orders,
				json_string_value(name));
		}
	}
	json_array_foreach(kept, i, name)
		if (n_place(names, json_string_value(name)) < 0)
			json_array_append(names, name);
	json_array_foreach(names, i, name) {
		char *key = n_token(name);

		json_array_append(list, json_object_get(items, key));
		free(key);
	}
	json_decref(kept);
	json_decref(old);
	json_decref(names);
	json_decref(sorted);
	return list;
}

#endif
