#ifndef MERGE_TALE_H
#define MERGE_TALE_H

/*
 * Our merge and the naive one of a tale; and telling random tales, in which
 * trusts start from what our merge shows them.
 */
#include "random_tale.h"

#include "merge/merge.h"

static const struct cf_schema *tale_compiled;

struct ours {
	const struct tale *t;
	struct cf_snapshot version[TALE_MOST];
	size_t parents[TALE_MOST][TALE_MOST];
	char id[TALE_MOST][8], trust[TALE_MOST][8];
	const char *trusts[TALE_MOST];
	unsigned at[TALE_MOST];		/* of the tale, by our number */
};

static inline const struct cf_err *
load(void *payload, struct cf_content *out, size_t version)
{
	const struct ours *o = payload;
	const struct told *v = &o->t->v[o->at[version]];

	*out = (struct cf_content){ v->body, v->settled };
	return NULL;
}

/* Versions come in any order and under any names. */
static inline struct cf_merge_in
make_in(struct ours *o, const struct tale *t, bool shuffle)
{
	unsigned number[TALE_MOST];
	struct cf_merge_in in = { .version = o->version, .n = t->n,
		.schema = tale_compiled, .owner = t->n, .load = load, .payload = o };

	o->t = t;
	for (unsigned i = 0; i < t->n; i++)
		o->at[i] = i;
	for (unsigned i = t->n; shuffle && i-- > 1;) {
		unsigned k = (unsigned)seed_below(i + 1), kept = o->at[i];

		o->at[i] = o->at[k];
		o->at[k] = kept;
	}
	for (unsigned i = 0; i < t->n; i++)
		number[o->at[i]] = i;
	for (unsigned i = 0; i < t->n; i++) {
		const struct told *v = &t->v[o->at[i]];
		struct cf_snapshot *s = &o->version[i];

		(void)snprintf(o->id[i], sizeof o->id[i], "v%u",
			shuffle ? i : v->number);
		(void)snprintf(o->trust[i], sizeof o->trust[i], "t%u",
			v->trust);
		o->trusts[i] = o->trust[i];
		*s = (struct cf_snapshot){ .id = o->id[i],
			.trust = &o->trusts[i], .n_trust = 1,
			.parents = o->parents[i], .counts = !v->stranger };
		for (unsigned k = 0; k < t->n; k++)
			if (v->parents & tale_bit(k))
				s->parents[s->n_parents++] = number[k];
		if (v->trust == 0 && !v->stranger && (in.owner == t->n ||
			o->at[in.owner] < o->at[i]))
			in.owner = i;
	}
	return in;
}

static inline struct cf_merged
merge_tale(const struct tale *t, bool shuffle)
{
	struct ours *o = cf_calloc(1, sizeof *o);
	struct cf_merge_in in = make_in(o, t, shuffle);
	struct cf_merged merged;

	expect_ok(cf_merge(&merged, &in));
	free(o);
	return merged;
}

/* Conflicts without who and when: what the naive merge has. */
static inline json_t *
plain(const json_t *conflicts)
{
	json_t *out = json_array(), *c, *side;
	size_t i, k;

	json_array_foreach(conflicts, i, c) {
		json_t *sides = json_array(), *row = json_deep_copy(c);
		bool absent = false;

		json_array_foreach(json_object_get(c, "sides"), k, side) {
			absent = absent || json_object_get(side, "absent");
			json_array_append(sides, json_object_get(side,
				"absent") ? json_null() :
				json_object_get(side, "value"));
		}
		json_object_set_new(row, "sides", sides);
		json_object_set_new(row, "absent", json_boolean(absent));
		if (strcmp(cf_json_str(row, "kind"), "schema") == 0) {
			json_object_clear(row);
			json_object_set_new(row, "kind", json_string("schema"));
		}
		json_array_append_new(out, row);
	}
	return out;
}

static inline bool
same(const json_t *a, const json_t *b)
{
	return (a == NULL) == (b == NULL) &&
		(a == NULL || cf_json_compare(a, b) == 0);
}

struct result {
	json_t *body, *conflicts;
};

static inline void
result_clear(struct result *r)
{
	json_decref(r->body);
	json_decref(r->conflicts);
}

static inline json_t *
sorted_by_path(const json_t *conflicts)
{
	json_t *out = json_array(), *c;
	size_t i, k;

	json_array_foreach(conflicts, i, c) {
		for (k = 0; k < json_array_size(out); k++)
			if (strcmp(cf_json_str(json_array_get(out, k), "path"),
				cf_json_str(c, "path")) > 0)
				break;
		json_array_insert(out, k, c);
	}
	return out;
}

static inline const json_t *
owners_body(const struct tale *t)
{
	const json_t *body = NULL;

	for (unsigned i = 0; i < t->n; i++)
		if (t->v[i].trust == 0 && !t->v[i].stranger)
			body = t->v[i].body;
	return body;
}

static inline bool
single(const struct tale *t, uint64_t set)
{
	uint64_t heads = tale_heads(t, set);

	return heads && (heads & (heads - 1)) == 0;
}

static inline struct result
naive_merge(const struct tale *t)
{
	uint64_t all = tale_counting(t);
	const struct n_state *state;
	struct result out;
	struct naive s;

	naive_begin(&s, t);
	state = n_state(&s, all);
	out.body = json_incref(state->tree);
	out.conflicts = sorted_by_path(state->conflicts);
	if (out.body && !single(t, all) && (json_array_size(json_object_get(
		out.body, "g")) > 5 || !json_object_get(out.body, "q"))) {
		json_decref(out.body);
		out.body = json_deep_copy(owners_body(t));
		json_array_clear(out.conflicts);
		json_array_append_new(out.conflicts, json_pack("{s:s}", "kind",
			"schema"));
	}
	naive_end(&s);
	return out;
}

static inline void
naive_print(const struct tale *t)
{
	struct result got = naive_merge(t);
	char *body = json_dumps(got.body, JSON_COMPACT | JSON_ENCODE_ANY);
	char *conflicts = json_dumps(got.conflicts, JSON_COMPACT);

	(void)printf("# naive: %s %s\n", body ? body : "nothing", conflicts);
	free(body);
	free(conflicts);
	result_clear(&got);
}

static inline void
merge_print(const struct tale *t)
{
	struct cf_merged got = merge_tale(t, false);
	char *body = json_dumps(got.body, JSON_COMPACT | JSON_ENCODE_ANY);
	char *conflicts = json_dumps(got.conflicts, JSON_COMPACT);

	(void)printf("# ours: %s %s\n", body ? body : "nothing", conflicts);
	free(body);
	free(conflicts);
	cf_merged_clear(&got);
}

static inline json_t *
first_body(void)
{
	json_t *body = json_pack("{s:i}", "q", 0);

	for (unsigned i = 0; i < 12; i++)
		change_field(body);
	/* Long enough that orders can contradict one another. */
	for (unsigned i = 0; i < 14; i++)
		json_object_set_new(body, "l", random_items(json_object_get(
			body, "l"), true));
	return body;
}

/* What somebody who sees the versions of a set starts from. */
static inline struct cf_merged
view_of(const struct tale *t, uint64_t set)
{
	struct tale part;
	struct cf_merged seen;

	tale_copy(&part, t);
	for (unsigned i = part.n; i-- > 0;)
		if (!(set & tale_bit(i)))
			tale_drop(&part, i);
	seen = merge_tale(&part, false);
	tale_clear(&part);
	return seen;
}

/* Decides a conflict: for one of its sides, for what was there, for nothing. */
static inline void
decide(json_t *body, const json_t *conflict, json_t *settled)
{
	const json_t *sides = json_object_get(conflict, "sides");
	const char *path = cf_json_str(conflict, "path");
	const char *kind = cf_json_str(conflict, "kind");
	const json_t *side = json_array_get(sides,
		seed_below(json_array_size(sides)));
	json_t *value = json_object_get(side, "value");

	if (strcmp(kind, "schema") == 0)
		return;
	if (strcmp(kind, "order") == 0) {
		json_t *list = n_find(body, path), *new = json_array(), *name;
		size_t i;

		json_array_foreach(value, i, name) {
			char *token = n_token(name);

			if (n_element(list, token))
				json_array_append(new, n_element(list, token));
			free(token);
		}
		json_array_foreach(list, i, name)
			if (!n_has(new, name))
				json_array_append(new, name);
		(void)set_at(body, path, new);
		json_decref(new);
	} else if (path[0] && !(strcmp(path, "/q") == 0 && !value) &&
		seed_below(4)) {
		value = json_deep_copy(value);
		if (!set_at(body, path, value)) {
			json_decref(value);
			return;
		}
		json_decref(value);
	}
	json_array_append_new(settled, json_string(path));
}

static inline void
tell(struct tale *t)
{
	unsigned trusts = 2 + (unsigned)seed_below(7);
	unsigned most = 3 + (unsigned)seed_below(14);
	uint64_t view[8] = { 0 };

	t->n = 0;
	choose_focus();
	view[0] = tale_bit(tale_add(t, 0, 0, first_body(), NULL));
	for (unsigned i = 1; i < trusts; i++)
		view[i] = seed_below(8) ? view[0] : 0;
	while (t->n < most) {
		unsigned who = (unsigned)seed_below(trusts);
		json_t *body, *settled, *c;
		struct cf_merged seen;
		size_t i;

		if (seed_below(3)) {
			view[who] |= view[seed_below(trusts)];
			continue;
		}
		settled = json_array();
		seen = view_of(t, view[who]);
		body = seen.body ? json_deep_copy(seen.body) : first_body();
		json_array_foreach(seen.conflicts, i, c)
			if (seed_below(3) == 0)
				decide(body, c, settled);
		for (size_t edits = seed_below(4); edits-- > 0;)
			change_field(body);
		if (seed_below(20) == 0)
			json_array_append_new(settled, json_sprintf("/%c",
				"gxadilrtukoq"[seed_below(12)]));
		if (json_object_get(body, "q") == NULL)
			json_object_set_new(body, "q", json_integer(7));
		cf_merged_clear(&seen);
		view[who] |= tale_bit(tale_add(t, who, tale_heads(t,
			view[who]), body, settled));
	}
}

#endif
