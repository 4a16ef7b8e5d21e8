#ifndef NAIVE_DIFF_H
#define NAIVE_DIFF_H

/*
 * The last part of naive.h: the difference between what was shown and a body,
 * and the whole rule from a tale to its result.
 */
static void n_diff(struct naive *s, unsigned v, const char *path, json_t *a,
	json_t *b, const json_t *conflicts);

/* Each member or element of either. */
static inline void
n_diff_inside(struct naive *s, unsigned v, const char *path, json_t *a,
	json_t *b, const json_t *conflicts)
{
	json_t *both[] = { a, b }, *item;
	const char *name;
	char *below, *token;
	size_t i;

	for (int side = 0; side < 2; side++) {
		json_object_foreach(both[side], name, item) {
			if (side && json_object_get(a, name))
				continue;
			below = cf_asprintf("%s/%s", path, name);
			n_diff(s, v, below, json_object_get(a, name),
				json_object_get(b, name), conflicts);
			free(below);
		}
		json_array_foreach(both[side], i, item) {
			token = cf_asprintf("[%s]", cf_json_str(item, "id"));
			below = cf_asprintf("%s/%s", path, token);
			if (!side || n_element(a, token) == NULL)
				n_diff(s, v, below, n_element(a, token),
					n_element(b, token), conflicts);
			free(below);
			free(token);
		}
	}
}

static inline bool
n_has(const json_t *list, const json_t *value)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (cf_json_compare(item, value) == 0)
			return true;
	return false;
}

/* The keys of `a` that `b` has too. */
static inline json_t *
n_shared(const json_t *a, const json_t *b)
{
	json_t *out = json_array(), *name;
	size_t i;

	json_array_foreach(a, i, name)
		if (n_has(b, name))
			json_array_append(out, name);
	return out;
}

static inline void
n_diff_order(struct naive *s, unsigned v, const char *path, json_t *a,
	json_t *b)
{
	json_t *had = n_keys(a), *has = n_keys(b);
	json_t *stayed = n_shared(had, has);

	if (cf_json_compare(had, has) != 0)
		n_write(s, v, N_ORDER, path, has);
	if (cf_json_compare(stayed, has) != 0)
		n_write(s, v, N_MOVE, path, NULL);
	json_decref(had);
	json_decref(has);
	json_decref(stayed);
}

static void
n_diff(struct naive *s, unsigned v, const char *path, json_t *a, json_t *b,
	const json_t *conflicts)
{
	char kind = n_kind(path);
	json_t *item;
	size_t i;

	if ((a == NULL && b == NULL) ||
		(a && b && cf_json_compare(a, b) == 0))
		return;
	if (n_is_contested(conflicts, path, false)) {
		n_reset(s, v, path, b);
	} else if (n_form(path, a) == 2 && n_form(path, b) == 2 &&
		kind == 's') {
		json_array_foreach(a, i, item)
			if (!n_has(b, item))
				n_write(s, v, N_REM, path, item);
		json_array_foreach(b, i, item)
			if (!n_has(a, item))
				n_write(s, v, N_ADD, path, item);
	} else if (n_form(path, a) == 2 && n_form(path, b) == 2) {
		n_diff_inside(s, v, path, a, b, conflicts);
		if (kind == 'L')
			n_diff_order(s, v, path, a, b);
	} else {
		if (n_form(path, a) == 2)
			n_write(s, v, N_DEL, path, NULL);
		else if (a && n_form(path, b) != 1)
			n_write(s, v, N_PUT, path, NULL);
		if (b)
			n_create(s, v, path, b);
	}
}

static inline void
n_decide(struct naive *s, unsigned v, const char *path,
	const json_t *conflicts)
{
	json_t *value, *keys, *c;
	size_t i;

	/* Inside of what is contested nothing can be decided by itself. */
	json_array_foreach(conflicts, i, c)
		if (n_within(cf_json_str(c, "path"), path) &&
			strcmp(cf_json_str(c, "kind"), "order") != 0)
			path = cf_json_str(c, "path");
	value = n_find(s->t->v[v].body, path);
	if (n_is_contested(conflicts, path, true) &&
		!n_is_contested(conflicts, path, false) && value) {
		keys = n_keys(value);
		n_write(s, v, N_ORDER, path, keys);
		n_write(s, v, N_MOVE, path, NULL);
		json_decref(keys);
		return;
	}
	n_reset(s, v, path, value);
}

/* One write of each kind by a version at a path: what it decides says all. */
static inline void
n_unique(struct naive *s, size_t from)
{
	for (size_t i = from; i < s->n; i++)
		for (size_t k = from; k < i; k++) {
			bool same = s->w[i].op == s->w[k].op &&
				strcmp(s->w[i].path, s->w[k].path) == 0 &&
				s->w[i].op != N_ADD && s->w[i].op != N_REM;

			if (!same)
				continue;
			json_decref(s->w[k].value);
			s->w[k].value = json_incref(s->w[i].value);
			json_decref(s->w[i].value);
			free(s->w[i].path);
			s->w[i--] = s->w[--s->n];
			break;
		}
}

/* What lives only by what somebody wrote inside of it, where this version removes
 * something: the version says that it is there. */
static inline void
n_anchor(struct naive *s, unsigned v, size_t from)
{
	uint64_t set = s->past[v] | tale_bit(v);

	for (size_t i = from, n = s->n; i < n; i++) {
		char *path = cf_strdup(s->w[i].path), *end;

		while (s->w[i].op == N_DEL && (end = strrchr(path, '/'))) {
			bool anchored = false;

			*end = '\0';
			for (size_t k = 0; k < s->n; k++)
				anchored = anchored || (s->w[k].op == N_INS &&
					strcmp(s->w[k].path, path) == 0 &&
					n_live(s, set, &s->w[k]));
			if (!anchored && n_form(path, n_find(s->t->v[v].body,
				path)) == 2)
				n_write(s, v, N_INS, path, NULL);
		}
		free(path);
	}
}

static inline void
naive_begin(struct naive *s, const struct tale *t)
{
	uint64_t counting = tale_counting(t);

	*s = (struct naive){ .t = t };
	for (unsigned v = 0; v < t->n; v++)
		s->past[v] = tale_past(t, tale_bit(v)) & counting;
	for (unsigned v = 0; v < t->n; v++) {
		const struct n_state *seen;
		json_t *path;
		size_t i, from = s->n;

		if (t->v[v].stranger)
			continue;
		seen = n_state(s, s->past[v]);
		n_diff(s, v, "", seen->tree, t->v[v].body, seen->conflicts);
		json_array_foreach(t->v[v].settled, i, path)
			n_decide(s, v, json_string_value(path),
				n_state(s, s->past[v])->conflicts);
		n_unique(s, from);
		n_anchor(s, v, from);
	}
}

static inline void
naive_end(struct naive *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->w[i].path);
		json_decref(s->w[i].value);
	}
	for (size_t i = 0; i < s->n_state; i++) {
		json_decref(s->state[i].tree);
		json_decref(s->state[i].conflicts);
	}
	free(s->w);
	free(s->state);
}

#endif
