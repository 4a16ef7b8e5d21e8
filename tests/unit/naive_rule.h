#ifndef NAIVE_RULE_H
#define NAIVE_RULE_H

/*
 * The second half of naive.h: values, conflicts, and what a version writes.
 */

static inline json_t *
n_choose(const struct n_sides *sides, char kind)
{
	json_t *best = sides->value[0];

	for (unsigned i = 1; i < sides->n; i++) {
		json_t *v = sides->value[i];

		/* Of the letters a, b, c the last one is named first. */
		if (kind == 'r' ? cf_json_compare(v, best) > 0 : (kind == '>') ==
			(json_number_value(v) > json_number_value(best)))
			best = v;
	}
	return best;
}

static inline json_t *
n_leaf(struct naive *s, const struct n_sides *sides, const char *path,
	json_t *conflicts)
{
	char kind = n_kind(path);
	json_t *joined = NULL;
	bool contested;

	if (sides->n + sides->absent <= 1)
		return json_incref(sides->n ? sides->value[0] : NULL);
	if (strchr("><r", kind))
		return json_incref(n_choose(sides, kind));
	if (kind == 't' && !sides->absent) {
		const json_t *base = n_base(s, sides->of, path, &contested);
		bool texts = json_is_string(base) && !contested;

		for (unsigned i = 0; i < sides->n; i++)
			texts = texts && json_is_string(sides->value[i]);
		if (texts)
			joined = n_join(json_string_value(base), sides->value,
				sides->n);
	}
	return joined ? joined : n_contest(s, sides, path, sides->absent ?
		"delete/edit" : "edit/edit", NULL, conflicts);
}

static inline void
n_ignore(struct naive *s, const char *path, uint64_t of, bool ignored)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->w[i].op == N_DEL && strcmp(s->w[i].path, path) == 0 &&
			n_in(of, s->w[i].v))
			s->w[i].ignored = ignored;
}

/* R3 and R4: a structure beside values, or beside removals that stand. */
static inline json_t *
n_structure(struct naive *s, uint64_t set, const char *path,
	struct n_sides *tops, json_t *conflicts)
{
	struct n_sides sides = *tops;
	uint64_t gone = 0, off = 0, alive = n_alive(s, set, path);
	json_t *inner, *content, *shown;

	for (unsigned v = 0; v < s->t->n; v++) {
		bool removed = false;

		for (size_t i = 0; i < s->n; i++)
			removed = removed || (s->w[i].v == v &&
				s->w[i].op == N_DEL && n_in(set, v) &&
				!s->w[i].ignored &&
				strcmp(s->w[i].path, path) == 0);
		/* A removal further up is one too, where it took a value. */
		if ((removed || (n_in(tops->of, v) && !n_wrote(s, v, N_PUT,
			path))) && n_stands(s, set, path, v))
			gone |= tale_bit(v);
		if (removed && n_stands(s, set, path, v))
			off |= tale_bit(v);
	}
	/* Of removals that saw one another the last one counts. */
	for (unsigned v = 0; v < s->t->n; v++)
		if (n_in(off, v))
			gone &= ~(off & s->past[v]);
	if (!alive) {
		for (unsigned v = 0; v < s->t->n && tops->n; v++)
			if (n_in(gone, v))
				n_side(tops, v, NULL);
		return n_leaf(s, tops, path, conflicts);
	}
	if (sides.n == 0 && (gone == 0 || n_kind(path) == 's'))
		return n_build(s, set, path, conflicts);
	sides.of = alive | gone;
	for (unsigned v = 0; v < s->t->n; v++)
		if (n_in(tops->of, v) && n_wrote(s, v, N_PUT, path))
			sides.of |= tale_bit(v);
	sides.absent = gone != 0;
	inner = json_array();
	if (sides.n == 0)
		n_ignore(s, path, off, true);
	content = n_build(s, set, path, inner);
	n_ignore(s, path, off, false);
	shown = n_contest(s, &sides, path, sides.n ? "type" : "delete/edit",
		content, conflicts);
	json_decref(content);
	json_decref(inner);
	return shown;
}

static json_t *
n_at(struct naive *s, uint64_t set, const char *path, json_t *conflicts)
{
	struct n_sides tops = { 0 };

	n_tops(s, set, path, &tops);
	if (strchr("mslL", n_kind(path)))
		return n_structure(s, set, path, &tops, conflicts);
	return n_leaf(s, &tops, path, conflicts);
}

/* --- writes ----------------------------------------------------------------- */

static inline void
n_write(struct naive *s, unsigned v, int op, const char *path, json_t *value)
{
	s->w = cf_grow(s->w, s->n, &s->cap, sizeof *s->w);
	s->w[s->n++] = (struct n_write){ v, op, cf_strdup(path),
		json_incref(value), false };
}

/* 0: nothing, 1: one value, 2: a structure. */
static inline int
n_form(const char *path, const json_t *value)
{
	char kind = n_kind(path);

	if (value == NULL)
		return 0;
	return 1 + (kind == 'm' ? json_is_object(value) :
		strchr("slL", kind) && json_is_array(value));
}

static inline json_t *
n_keys(const json_t *list)
{
	json_t *keys = json_array(), *item;
	size_t i;

	json_array_foreach(list, i, item)
		json_array_append_new(keys, json_sprintf("\"%s\"",
			cf_json_str(item, "id")));
	return keys;
}

static inline void
n_create(struct naive *s, unsigned v, const char *path, json_t *value)
{
	char kind = n_kind(path), *below;
	json_t *item, *keys;
	const char *name;
	size_t i;

	n_write(s, v, n_form(path, value) == 1 ? N_PUT : N_INS, path,
		n_form(path, value) == 1 ? value : NULL);
	if (n_form(path, value) == 1)
		return;
	json_object_foreach(value, name, item) {
		below = cf_asprintf("%s/%s", path, name);
		n_create(s, v, below, item);
		free(below);
	}
	json_array_foreach(value, i, item) {
		if (kind == 's') {
			n_write(s, v, N_ADD, path, item);
			continue;
		}
		below = cf_asprintf("%s/[%s]", path, cf_json_str(item, "id"));
		n_create(s, v, below, item);
		free(below);
	}
	if (kind == 'L') {
		keys = n_keys(value);
		n_write(s, v, N_ORDER, path, keys);
		json_decref(keys);
	}
}

static inline void
n_reset(struct naive *s, unsigned v, const char *path, json_t *value)
{
	if (strchr("mslL", n_kind(path)))
		n_write(s, v, N_DEL, path, NULL);
	if (n_form(path, value) != 1 && !strchr("slL", n_kind(path)))
		n_write(s, v, N_PUT, path, NULL);
	if (value)
		n_create(s, v, path, value);
}

static inline bool
n_is_contested(const json_t *conflicts, const char *path, bool order)
{
	json_t *c;
	size_t i;

	json_array_foreach(conflicts, i, c)
		if (strcmp(cf_json_str(c, "path"), path) == 0 && order ==
			(strcmp(cf_json_str(c, "kind"), "order") == 0))
			return true;
	return false;
}

#include "naive_diff.h"

#endif
