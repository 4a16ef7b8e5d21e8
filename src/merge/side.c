/*
 * Conflicts as people and programs get them: what was there before, what is
 * shown, and what each side made of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

struct signer {
	const char *trust, *id, *modified;
};

static int
by_trust(const void *a, const void *b)
{
	const struct signer *x = a, *y = b;
	int order = strcmp(x->trust, y->trust);

	return order ? order : strcmp(x->id, y->id);
}

static bool
is_by(const struct cf_snapshot *s, const char *trust)
{
	for (size_t i = 0; i < s->n_trust; i++)
		if (strcmp(s->trust[i], trust) == 0)
			return true;
	return false;
}

/* Whether the same trust comes again with a version that builds on this one. */
static bool
again(const struct cf_engine *e, const uint64_t *versions, size_t version,
	const char *trust)
{
	for (size_t i = version + 1; i < e->n; i++)
		if (cf_bit(versions, i) && cf_bit(e->past[i], version) &&
			is_by(&e->in->version[e->given[i]], trust))
			return true;
	return false;
}

json_t *
cf_by(const struct cf_engine *e, const uint64_t *versions)
{
	struct signer *signer = NULL;
	json_t *by = json_array();
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct cf_snapshot *s = &e->in->version[e->given[i]];

		for (size_t k = 0; cf_bit(versions, i) && k < s->n_trust; k++) {
			if (again(e, versions, i, s->trust[k]))
				continue;
			signer = cf_grow(signer, n, &cap, sizeof *signer);
			signer[n++] = (struct signer){ s->trust[k], s->id,
				s->modified };
		}
	}
	if (n > 1)
		qsort(signer, n, sizeof *signer, by_trust);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(by, json_pack("{s:s, s:s, s:s*}",
			"trust", signer[i].trust, "version", signer[i].id,
			"modified", signer[i].modified));
	free(signer);
	return by;
}

/* Sides stand in the order of their canonical forms, "absent" first. */
void
cf_side_add(json_t *sides, const struct cf_engine *e, json_t *value,
	const uint64_t *by)
{
	json_t *side = json_pack("{s:o}", "by", cf_by(e, by));
	size_t at = 0;

	if (value)
		json_object_set(side, "value", value);
	else
		json_object_set_new(side, "absent", json_true());
	while (value && at < json_array_size(sides)) {
		const json_t *other = json_object_get(json_array_get(sides,
			at), "value");

		if (other && cf_json_compare(other, value) > 0)
			break;
		at++;
	}
	json_array_insert_new(sides, at, side);
}

void
cf_conflict_add(json_t *conflicts, const struct cf_node *node,
	const char *kind, json_t *before, json_t *shown, json_t *sides)
{
	char *path = cf_node_path(node);

	json_array_append_new(conflicts, json_pack(
		"{s:s, s:s, s:o*, s:o*, s:o}", "path", path, "kind", kind,
		"before", before, "shown", shown, "sides", sides));
	free(path);
}

static json_t *
sides_of(const struct cf_engine *e, const struct cf_finding *f,
	json_t *content)
{
	json_t *sides = json_array();
	uint64_t *by = cf_calloc(e->words, sizeof *by);

	for (size_t i = 0; i < f->n; i++) {
		cf_bit_set(by, f->top[i].version);
		if (i + 1 < f->n && strcmp(f->top[i].text,
			f->top[i + 1].text) == 0)
			continue;
		cf_side_add(sides, e, (json_t *)(uintptr_t)f->top[i].value,
			by);
		memset(by, 0, e->words * sizeof *by);
	}
	if (content)
		cf_side_add(sides, e, content, f->living);
	free(by);
	return sides;
}

/* What a required member shows where nothing came before the sides. */
static json_t *
smallest(const json_t *sides)
{
	json_t *side, *value;
	size_t i;

	json_array_foreach(sides, i, side) {
		value = json_object_get(side, "value");
		if (value)
			return value;
	}
	return NULL;
}

json_t *
cf_contest(struct cf_view *view, struct cf_node *node,
	const struct cf_finding *finding, json_t *content)
{
	uint64_t *of = cf_contestants(view->e, finding);
	struct cf_base base = cf_base_of(view->e, node, of);
	json_t *shown = base.value, *sides = NULL;

	if (view->conflicts || (shown == NULL && node->required))
		sides = sides_of(view->e, finding, content);
	if (shown == NULL && node->required)
		shown = smallest(sides);
	json_incref(shown);
	if (view->round)
		node->contested = view->round;
	if (view->conflicts)
		cf_conflict_add(view->conflicts, node, finding->kind,
			json_incref(base.value), json_incref(shown),
			json_incref(sides));
	json_decref(sides);
	free(of);
	return shown;
}
