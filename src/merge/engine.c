/*
 * The versions in their order: each is compared with the state of its past.
 * Where all others lie before or after a version and nothing before it is
 * contested, what led to it does not matter any more: its body stands for all.
 * So a record that is edited in turns computes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

/* Versions of `in` so that each comes after its parents. */
static size_t *
sort_versions(const struct cf_merge_in *in)
{
	size_t *order = cf_calloc(in->n, sizeof *order), n = 0;
	size_t *missing = cf_calloc(in->n, sizeof *missing);
	size_t *first = cf_calloc(in->n + 1, sizeof *first), *child, links = 0;

	for (size_t i = 0; i < in->n; i++) {
		missing[i] = in->version[i].n_parents;
		links += missing[i];
		for (size_t k = 0; k < missing[i]; k++)
			first[in->version[i].parents[k]]++;
	}
	child = cf_calloc(links, sizeof *child);
	for (size_t i = 0; i < in->n; i++)
		first[i + 1] += first[i];
	for (size_t i = in->n; i-- > 0;)
		for (size_t k = 0; k < in->version[i].n_parents; k++)
			child[--first[in->version[i].parents[k]]] = i;
	for (size_t i = 0; i < in->n; i++)
		if (missing[i] == 0)
			order[n++] = i;
	for (size_t i = 0; i < n; i++) {
		size_t to = order[i] + 1 < in->n ? first[order[i] + 1] : links;

		for (size_t k = first[order[i]]; k < to; k++)
			if (--missing[child[k]] == 0)
				order[n++] = child[k];
	}
	if (n != in->n)
		cf_bug("versions that build on one another in a circle");
	free(missing);
	free(first);
	free(child);
	return order;
}

/* Numbers those that count, and finds what each builds on; ancestry runs through
 * the others. */
static void
find_pasts(struct cf_engine *e)
{
	const struct cf_merge_in *in = e->in;
	size_t *order = sort_versions(in);
	size_t *number = cf_calloc(in->n, sizeof *number);
	uint64_t **past = cf_calloc(in->n, sizeof(void *));

	for (size_t i = 0; i < in->n; i++) {
		number[order[i]] = e->n;
		if (in->version[order[i]].counts)
			e->given[e->n++] = order[i];
	}
	e->words = e->n / 64 + 1;
	for (size_t i = 0; i < in->n; i++) {
		const struct cf_snapshot *s = &in->version[order[i]];
		uint64_t *own = cf_calloc(e->words, sizeof *own);

		for (size_t k = 0; k < s->n_parents; k++) {
			size_t up = s->parents[k];

			cf_bits_join(own, past[up], e->words);
			if (in->version[up].counts)
				cf_bit_set(own, number[up]);
		}
		past[order[i]] = own;
		if (s->counts)
			e->past[number[order[i]]] = own;
	}
	for (size_t i = 0; i < in->n; i++)
		if (!in->version[i].counts)
			free(past[i]);
	free(past);
	free(number);
	free(order);
}

/* Marks the versions that all others lie before or after. */
static bool *
find_turns(const struct cf_engine *e)
{
	bool *turn = cf_calloc(e->n, sizeof *turn);
	uint64_t *common = cf_malloc(e->words * sizeof *common);

	memset(common, 0xff, e->words * sizeof *common);
	for (size_t i = e->n; i-- > 0;) {
		size_t before = 0;

		for (size_t k = 0; k < e->words; k++)
			before += (size_t)__builtin_popcountll(e->past[i][k]);
		turn[i] = before == i && cf_bit(common, i);
		for (size_t k = 0; k < e->words; k++)
			common[k] &= e->past[i][k];
	}
	free(common);
	return turn;
}

size_t
cf_engine_head(const struct cf_engine *e, const uint64_t *set)
{
	size_t head = e->n;

	for (size_t k = e->words; k-- > 0 && head == e->n;)
		if (set[k])
			head = k * 64 + 63 -
				(size_t)__builtin_clzll(set[k]);
	for (size_t k = 0; head < e->n && k < e->words; k++) {
		uint64_t more = set[k] & ~e->past[head][k];

		if (k == head / 64)
			more &= ~(UINT64_C(1) << head % 64);
		if (more)
			head = e->n;
	}
	return head;
}

const struct cf_err *
cf_engine_load(struct cf_engine *e, size_t version)
{
	const struct cf_err *err;

	if (e->loaded[version])
		return NULL;
	err = e->in->load(e->in->payload, &e->content[version],
		e->given[version]);
	e->loaded[version] = err == NULL;
	return err;
}

static void
plant(struct cf_engine *e, size_t version)
{
	cf_node_reset(e->root);
	e->seed = version;
	e->seeded = false;
}

/* The writes of the oldest version that matters, once they are asked for. */
static const struct cf_err *
ready(struct cf_engine *e)
{
	const struct cf_err *err = NULL;

	if (e->seeded || e->whole || e->n == 0)
		return NULL;
	for (; e->traced <= e->seed && !err; e->traced++) {
		err = cf_engine_load(e, e->traced);
		if (!err)
			cf_trace(e, e->traced);
	}
	if (!err)
		cf_seed(e, e->seed);
	e->seeded = true;
	return err;
}

const struct cf_err *
cf_engine_show(json_t **shown, bool *calm, struct cf_engine *e,
	const uint64_t *set, size_t round, json_t *conflicts)
{
	size_t head = cf_engine_head(e, set);
	struct cf_view view = { .e = e, .in = set, .round = round };
	const struct cf_err *err = ready(e);

	*shown = NULL;
	if (!err && head < e->n)
		err = cf_engine_load(e, head);
	*calm = head < e->n && e->calm[head];
	if (err || *calm) {
		*shown = err ? NULL :
			json_incref((json_t *)(uintptr_t)e->content[head].body);
		return err;
	}
	view.conflicts = conflicts ? json_incref(conflicts) : json_array();
	*shown = cf_state(&view);
	*calm = json_array_size(view.conflicts) == 0;
	if (head < e->n) {
		json_decref(*shown);
		*shown = json_incref((json_t *)(uintptr_t)e->content[head].body);
	}
	json_decref(view.conflicts);
	free(view.del);
	return NULL;
}

static void
add_row(const struct cf_engine *e, size_t version, json_t *history,
	json_t *fields)
{
	const struct cf_snapshot *s = e->in->version;
	uint64_t *seen = cf_calloc(e->words, sizeof *seen);
	uint64_t *own = cf_calloc(e->words, sizeof *own);
	json_t *parents = json_array();

	cf_bit_set(own, version);
	for (size_t i = version; i-- > 0;) {
		if (!cf_bit(e->past[version], i) || cf_bit(seen, i))
			continue;
		cf_bits_join(seen, e->past[i], e->words);
		json_array_insert_new(parents, 0,
			json_string(s[e->given[i]].id));
	}
	json_array_append_new(history, json_pack(
		"{s:s, s:o, s:o, s:O}", "version", s[e->given[version]].id,
		"by", cf_by(e, own), "parents", parents, "fields", fields));
	free(seen);
	free(own);
}

/* The writes of one version, and whether its own view is free of conflicts. */
static const struct cf_err *
take(struct cf_engine *e, size_t version, json_t *history)
{
	json_t *shown, *fields = history ? json_array() : NULL;
	const struct cf_err *err;

	err = cf_engine_show(&shown, &e->calm[version], e, e->past[version],
		cf_round(version), NULL);
	if (!err)
		err = cf_engine_load(e, version);
	if (!err)
		cf_diff(e, version, shown, fields);
	if (!err && history)
		add_row(e, version, history, fields);
	json_decref(shown);
	json_decref(fields);
	return err;
}

/* Whether all that a version has seen, and itself, is free of conflicts. */
static const struct cf_err *
find_calm(struct cf_engine *e, size_t version)
{
	uint64_t *set = cf_malloc(e->words * sizeof *set);
	const struct cf_err *err;
	json_t *shown;

	memcpy(set, e->past[version], e->words * sizeof *set);
	cf_bit_set(set, version);
	err = cf_engine_show(&shown, &e->calm[version], e, set, 0, NULL);
	json_decref(shown);
	free(set);
	return err;
}

static const struct cf_err *
take_all(struct cf_engine *e, json_t *history)
{
	bool *turn = find_turns(e);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < e->n && !err; i++) {
		size_t head = cf_engine_head(e, e->past[i]);

		if (turn[i] && !e->whole && (i == 0 || (head < e->n &&
			e->calm[head]))) {
			e->calm[i] = true;
			plant(e, i);
			continue;
		}
		err = take(e, i, history);
		if (i == 0)
			e->calm[i] = true;
		if (!err && turn[i] && !e->calm[i])
			err = find_calm(e, i);
		if (!err && turn[i] && e->calm[i] && !e->whole)
			plant(e, i);
	}
	free(turn);
	return err;
}

const struct cf_err *
cf_engine_run(struct cf_engine *e, const struct cf_merge_in *in,
	json_t *history)
{
	e->in = in;
	e->given = cf_calloc(in->n, sizeof *e->given);
	e->past = cf_calloc(in->n, sizeof(void *));
	e->content = cf_calloc(in->n, sizeof *e->content);
	e->loaded = cf_calloc(in->n, sizeof *e->loaded);
	e->calm = cf_calloc(in->n, sizeof *e->calm);
	e->keep = json_array();
	e->root = cf_node_root(in->schema);
	find_pasts(e);
	return take_all(e, history);
}

void
cf_engine_clear(struct cf_engine *e)
{
	cf_node_free(e->root);
	for (size_t i = 0; i < e->n; i++)
		free(e->past[i]);
	for (size_t i = 0; e->set && i <= e->set_mask; i++)
		free((uint64_t *)(uintptr_t)e->set[i]);
	free(e->set);
	free(e->given);
	free(e->past);
	free(e->content);
	free(e->loaded);
	free(e->calm);
	json_decref(e->keep);
}
