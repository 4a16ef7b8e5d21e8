/*
 * Mending figures: asking the rules, writing what they propose, asking again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/figures.h"
#include "check/mend.h"


/* --- tables ------------------------------------------------------------------ */

/* Which rule a cell is changed for. */
static const char *
rule_for(const struct cf_cell *was, const struct cf_cell *is, int64_t least)
{
	if (was->kind == CF_CELL_LOW)
		return "N-MARK";
	if (was->kind == CF_CELL_MASK)
		return "N-MASK";
	if (is->kind != CF_CELL_HIDDEN)
		return "N-ROUND";
	return was->count < least ? "N-COUNT" : "N-SUPP1";
}

static bool
differs(const struct cf_cell *a, const struct cf_cell *b)
{
	return a->kind != b->kind ||
		(a->kind == CF_CELL_NUMBER && a->count != b->count);
}

/* A table is mended as a whole: rounded, added up, cells held back until the
 * totals give none of them away. */
static void
mend_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	size_t n = t->rows * t->cols;
	struct cf_table safe = *t;
	char at[CF_CELL_PATH];

	if (fault)
		return;
	safe.cell = cf_calloc(n + 1, sizeof *safe.cell);
	memcpy(safe.cell, t->cell, n * sizeof *safe.cell);
	(void)cf_table_mend(&safe, cf_least(probe), cf_rounding(probe));
	for (size_t i = 0; i < n; i++) {
		if (!differs(&safe.cell[i], &t->cell[i]))
			continue;
		probe->rule = cf_rule_find(rule_for(&t->cell[i],
			&safe.cell[i], cf_least(probe)));
		cf_cell_path(at, path, i / t->cols, i % t->cols);
		cf_propose_take(probe, at, safe.cell[i].kind ==
			CF_CELL_HIDDEN ? json_string("c") : json_sprintf(
			"%lld", (long long)safe.cell[i].count));
	}
	free(safe.cell);
}

/* --- all of them -------------------------------------------------------------- */

/* What the rules for figures would write. The caller owns it. */
static json_t *
proposals(const json_t *draft, const struct cf_checking *with)
{
	const char *kind = cf_json_str(draft, "kind");
	struct cf_probe probe = { .doc = draft, .with = with,
		.body = json_object_get(draft, "body"),
		.schema = kind && cf_kind_known(kind) ? cf_schema_doc(kind) :
		NULL, .proposals = json_array() };

	cf_tables(&probe, mend_table);
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++) {
		if ((*rule)->record == NULL || (*rule)->local)
			continue;
		probe.rule = *rule;
		(*rule)->record(&probe);
	}
	cf_probe_clear(&probe);
	return probe.proposals;
}

static void
note(json_t *changes, const json_t *draft, const json_t *proposal)
{
	const char *kind = cf_json_str(draft, "kind");
	const char *path = cf_json_str(proposal, "path");
	const struct cf_rule *rule = cf_rule_find(cf_json_str(proposal,
		"rule"));
	json_t *value = json_object_get(proposal, "value");
	char *after = json_dumps(value, JSON_ENCODE_ANY), *place;

	for (size_t i = 0; i < json_array_size(changes); i++)
		if (strcmp(cf_json_str(json_array_get(changes, i), "path"),
			path) == 0) {
			json_array_remove(changes, i);
			break;
		}
	place = cf_place(cf_schema_doc(kind), path);
	json_array_append_new(changes, json_pack("{s:s, s:s, s:s, s:s, s:s}",
		"rule", rule->id, "path", path, "place", place, "before",
		rule->found, "after", after ? after : ""));
	free(place);
	free(after);
}

/* Puts a value in the place of one that is there; true where it is another. */
static bool
replace(json_t *draft, const char *path, json_t *value)
{
	const char *token = strrchr(path, '/');
	json_t *old = cf_json_at(draft, path), *in;
	struct cf_buf above = CF_BUF(CF_MAX_RECORD);
	uint64_t index;
	bool new = token && old && !json_equal(old, value);

	if (new) {
		cf_buf_add(&above, path, (size_t)(token - path));
		in = cf_json_at(draft, above.data);
		if (json_is_object(in))
			new = json_object_set(in, token + 1, value) == 0;
		else
			new = cf_str_u64(cf_str(token + 1), &index,
				CF_MAX_RECORD) && json_array_set(in, index,
				value) == 0;
	}
	cf_buf_clear(&above);
	return new;
}

/* The last word on a place counts. */
static bool
is_last(const json_t *list, size_t at)
{
	const char *path = cf_json_str(json_array_get(list, at), "path");

	for (size_t i = at + 1; i < json_array_size(list); i++)
		if (strcmp(cf_json_str(json_array_get(list, i), "path"), path)
			== 0)
			return false;
	return true;
}

void
cf_mend_figures(json_t *draft, json_t *changes, const struct cf_checking *with)
{
	bool more = true;

	for (unsigned round = 0; round < CF_MAX_MEND_ROUNDS && more; round++) {
		json_t *list = proposals(draft, with), *one;
		size_t i;

		more = false;
		json_array_foreach(list, i, one) {
			if (!is_last(list, i) || !replace(draft,
				cf_json_str(one, "path"),
				json_object_get(one, "value")))
				continue;
			note(changes, draft, one);
			more = true;
		}
		json_decref(list);
	}
}
