#ifndef NAIVE_H
#define NAIVE_H

/*
 * The rule of the merge once more, word for word and as slow as it likes, for
 * records of tale_schema: every question scans all writes. Nothing of src/merge
 * is used.
 */
#include "naive_order.h"

/* A move says that an order is not only shorter than the one before it. */
enum { N_PUT, N_INS, N_DEL, N_ADD, N_REM, N_ORDER, N_MOVE };

struct n_write {
	unsigned v;
	int op;
	char *path;
	json_t *value;		/* NULL: absent */
	bool ignored;
};

struct n_state {
	uint64_t set;
	json_t *tree;		/* NULL: nothing */
	json_t *conflicts;
};

struct naive {
	const struct tale *t;
	uint64_t past[TALE_MOST];	/* of those that count */
	struct n_write *w;
	size_t n, cap;
	struct n_state *state;
	size_t n_state, cap_state;
};

static json_t *n_at(struct naive *s, uint64_t set, const char *path,
	json_t *conflicts);

static inline bool
n_within(const char *above, const char *path)
{
	size_t n = strlen(above);

	return strncmp(above, path, n) == 0 &&
		(path[n] == '\0' || path[n] == '/');
}

static inline bool
n_in(uint64_t set, unsigned v)
{
	return set >> v & 1;
}

/* R1. */
static inline bool
n_live(const struct naive *s, uint64_t set, const struct n_write *w)
{
	if (!n_in(set, w->v) || w->ignored)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *d = &s->w[i];

		if (d->op == N_DEL && n_in(set, d->v) && !d->ignored &&
			n_within(d->path, w->path) &&
			n_in(s->past[d->v], w->v))
			return false;
	}
	return true;
}

static inline bool
n_wrote(const struct naive *s, unsigned v, int op, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->w[i].v == v && s->w[i].op == op &&
			strcmp(s->w[i].path, path) == 0 &&
			(op != N_PUT || s->w[i].value))
			return true;
	return false;
}

static inline const struct n_state *
n_state(struct naive *s, uint64_t set)
{
	json_t *conflicts = json_array(), *tree;

	for (size_t i = 0; i < s->n_state; i++)
		if (s->state[i].set == set) {
			json_decref(conflicts);
			return &s->state[i];
		}
	tree = n_at(s, set, "", conflicts);
	s->state = cf_grow(s->state, s->n_state, &s->cap_state,
		sizeof *s->state);
	s->state[s->n_state] = (struct n_state){ set, tree, conflicts };
	return &s->state[s->n_state++];
}

/* The versions that contest a path, and what stood there before them. */
struct n_sides {
	uint64_t of;
	json_t *value[TALE_MOST];	/* borrowed; distinct; NULL: absent */
	unsigned n;
	bool absent;
};

static inline void
n_side(struct n_sides *sides, unsigned v, json_t *value)
{
	sides->of |= tale_bit(v);
	if (value == NULL)
		sides->absent = true;
	for (unsigned i = 0; i < sides->n && value; i++)
		if (cf_json_compare(sides->value[i], value) == 0)
			return;
	if (value)
		sides->value[sides->n++] = value;
}

static inline json_t *
n_base(struct naive *s, uint64_t of, const char *path, bool *contested)
{
	uint64_t common = ~UINT64_C(0);
	const struct n_state *state;
	json_t *c;
	size_t i;

	for (unsigned v = 0; v < s->t->n; v++)
		if (n_in(of, v))
			common &= s->past[v];
	state = n_state(s, common);
	*contested = false;
	json_array_foreach(state->conflicts, i, c)
		if (n_within(cf_json_str(c, "path"), path))
			*contested = true;
	return n_find(state->tree, path);
}

static inline json_t *
n_contest(struct naive *s, const struct n_sides *sides, const char *path,
	const char *kind, json_t *content, json_t *conflicts)
{
	bool contested;
	json_t *before = n_base(s, sides->of, path, &contested);
	json_t *shown = before, *list = json_array();

	for (unsigned i = 0; i < sides->n; i++)
		n_sorted(list, sides->value[i]);
	if (content)
		n_sorted(list, content);
	if (shown == NULL && strcmp(path, "/q") == 0)
		shown = json_array_get(list, 0);
	json_incref(shown);
	if (sides->absent)
		json_array_insert_new(list, 0, json_null());
	json_array_append_new(conflicts, json_pack(
		"{s:s, s:s, s:O*, s:O*, s:b, s:o}", "path", path, "kind", kind,
		"before", before, "shown", shown, "absent", sides->absent,
		"sides", list));
	return shown;
}

/* R2: the puts that none has seen, and the removals that took one away. */
static inline void
n_tops(const struct naive *s, uint64_t set, const char *path,
	struct n_sides *out)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *w = &s->w[i];
		bool put = w->op == N_PUT && strcmp(w->path, path) == 0;
		bool del = w->op == N_DEL && n_within(w->path, path) &&
			n_in(set, w->v) && !w->ignored;
		bool saw = false, beaten = false;

		if (!(put && n_live(s, set, w)) && !del)
			continue;
		for (size_t k = 0; k < s->n; k++) {
			const struct n_write *o = &s->w[k];
			bool later = n_in(set, o->v) && !o->ignored &&
				n_in(s->past[o->v], w->v);
			bool same = o->op == N_PUT &&
				strcmp(o->path, path) == 0;

			saw = saw || (same && n_in(set, o->v) &&
				n_in(s->past[w->v], o->v));
			beaten = beaten || (same && (later ||
				(del && o->v == w->v))) || (del && later &&
				o->op == N_DEL && n_within(o->path, path));
		}
		if (!beaten && (put || saw))
			n_side(out, w->v, put ? w->value : NULL);
	}
}

/* Whether a version that took away what was here still stands against it. */
static inline bool
n_stands(const struct naive *s, uint64_t set, const char *path, unsigned v)
{
	if (n_wrote(s, v, N_PUT, path) || n_wrote(s, v, N_INS, path))
		return false;
	for (size_t i = 0; i < s->n; i++)
		if (n_within(path, s->w[i].path) && n_live(s, set, &s->w[i]) &&
			n_in(s->past[s->w[i].v], v) && (strcmp(s->w[i].path,
			path) != 0 || !(s->w[i].op == N_DEL ||
			(s->w[i].op == N_PUT && s->w[i].value == NULL))))
			return false;
	return true;
}

/* R3: who says that there is a structure here. */
static inline uint64_t
n_alive(const struct naive *s, uint64_t set, const char *path)
{
	uint64_t alive = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *w = &s->w[i];
		bool here = strcmp(w->path, path) == 0;
		bool says = w->op == N_INS || w->op == N_MOVE ||
			w->op == N_ADD || (w->op == N_PUT && w->value && !here);

		if (n_within(path, w->path) && says && n_live(s, set, w))
			alive |= tale_bit(w->v);
	}
	return alive;
}

static inline json_t *
n_set(const struct naive *s, uint64_t set, const char *path)
{
	json_t *out = json_array();

	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *a = &s->w[i];
		bool in = a->op == N_ADD && strcmp(a->path, path) == 0 &&
			n_live(s, set, a);

		for (size_t k = 0; in && k < s->n; k++) {
			const struct n_write *r = &s->w[k];

			if (r->op == N_REM && strcmp(r->path, path) == 0 &&
				n_in(set, r->v) && n_in(s->past[r->v], a->v) &&
				cf_json_compare(r->value, a->value) == 0)
				in = false;
		}
		if (in)
			n_sorted(out, a->value);
	}
	return out;
}

static inline json_t *
n_members(struct naive *s, uint64_t set, const char *path, json_t *conflicts)
{
	json_t *out = json_object(), *seen = json_object();
	size_t n = strlen(path);

	for (size_t i = 0; i < s->n; i++) {
		const char *below = s->w[i].path;
		char *name, *full;
		json_t *value;

		if (!n_within(path, below) || below[n] == '\0')
			continue;
		name = cf_strndup(below + n + 1, strcspn(below + n + 1, "/"));
		full = cf_asprintf("%s/%s", path, name);
		if (json_object_get(seen, name) == NULL) {
			value = n_is_key(full) ? n_key_of(path) :
				n_at(s, set, full, conflicts);
			json_object_set_new(seen, name, json_null());
			if (value)
				json_object_set_new(out, name, value);
		}
		free(name);
		free(full);
	}
	json_decref(seen);
	return out;
}

static inline json_t *
n_list(struct naive *s, uint64_t set, const char *path, json_t *conflicts)
{
	json_t *items = n_members(s, set, path, conflicts);
	json_t *orders = json_array(), *out, *before;
	uint64_t of = 0;
	bool contested;

	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *w = &s->w[i];
		bool top = w->op == N_ORDER && strcmp(w->path, path) == 0 &&
			n_live(s, set, w);

		for (size_t k = 0; top && k < s->n; k++)
			if (s->w[k].op == N_ORDER && n_live(s, set, &s->w[k]) &&
				strcmp(s->w[k].path, path) == 0 &&
				n_in(s->past[s->w[k].v], w->v))
				top = false;
		if (!top)
			continue;
		of |= tale_bit(w->v);
		n_sorted(orders, w->value);
	}
	before = of ? n_base(s, of, path, &contested) : NULL;
	out = n_order(items, before, orders, path, conflicts);
	json_decref(orders);
	json_decref(items);
	return out;
}

static inline json_t *
n_build(struct naive *s, uint64_t set, const char *path, json_t *conflicts)
{
	switch (n_kind(path)) {
	case 's':
		return n_set(s, set, path);
	case 'l':
	case 'L':
		return n_list(s, set, path, conflicts);
	default:
		return n_members(s, set, path, conflicts);
	}
}

#include "naive_rule.h"

#endif
