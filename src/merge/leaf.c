/*
 * One value out of several: of equal ones the value, else what the annotation
 * of the field says, else a conflict.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static int
by_text(const void *a, const void *b)
{
	const struct cf_top *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->version > y->version) -
		(x->version < y->version);
}

void
cf_sort_tops(struct cf_finding *finding)
{
	struct cf_finding *f = finding;

	for (size_t i = 0; i < f->n; i++)
		if (f->top[i].text == NULL)
			f->top[i].text = f->top[i].value ?
				cf_canonical_text(f->top[i].value) :
				cf_strdup("");
	if (f->n > 1)
		qsort(f->top, f->n, sizeof *f->top, by_text);
}

static void
take(struct cf_finding *f, const json_t *value)
{
	f->what = value ? CF_FOUND_LEAF : CF_FOUND_NONE;
	f->value = json_incref((json_t *)(uintptr_t)value);
}

/* Whether `a` is the larger, or with `min` the smaller; *known false where the two
 * cannot be compared. */
static bool
wins(const struct cf_node *node, const json_t *a, const json_t *b, bool *known)
{
	bool less = false;

	if (json_is_number(a) && json_is_number(b))
		less = json_number_value(a) < json_number_value(b);
	else if (json_is_string(a) && json_is_string(b))
		less = strcmp(json_string_value(a), json_string_value(b)) < 0;
	else
		*known = false;
	return less == (node->merges == CF_MIN);
}

/* The value that the list names first, or NULL. */
static const json_t *
first_ranked(const struct cf_finding *f, const struct cf_node *node)
{
	json_t *value;
	size_t i;

	json_array_foreach(node->rank, i, value)
		for (size_t k = 0; k < f->n; k++)
			if (f->top[k].value &&
				cf_json_compare(value, f->top[k].value) == 0)
				return f->top[k].value;
	return NULL;
}

/* max, min and rank choose among the values; absent is none. */
static bool
choose(struct cf_finding *f, const struct cf_node *node)
{
	const struct cf_top *best = NULL;
	bool known = true;

	if (node->merges == CF_RANK && first_ranked(f, node)) {
		take(f, first_ranked(f, node));
		return true;
	}
	for (size_t i = 0; i < f->n && known; i++) {
		const struct cf_top *top = &f->top[i];

		if (top->value == NULL || (best &&
			strcmp(best->text, top->text) == 0))
			continue;
		if (best && node->merges == CF_RANK)
			known = false;
		else if (best == NULL || wins(node, top->value, best->value,
			&known))
			best = top;
	}
	if (known)
		take(f, best ? best->value : NULL);
	return known;
}

/* The texts joined, where the one before them is known and no change touches
 * another. */
static bool
join(struct cf_finding *f, struct cf_view *view, struct cf_node *node)
{
	const char **side = cf_calloc(f->n, sizeof *side);
	uint64_t *of = cf_contestants(view->e, f);
	struct cf_base base = cf_base_of(view->e, node, of);
	size_t n = 0;
	bool texts = !base.contested && json_is_string(base.value);

	for (size_t i = 0; i < f->n; i++) {
		texts = texts && json_is_string(f->top[i].value);
		if (texts && (i == 0 || strcmp(f->top[i].text,
			f->top[i - 1].text) != 0))
			side[n++] = json_string_value(f->top[i].value);
	}
	if (texts)
		f->value = cf_join_texts(json_string_value(base.value), side,
			n);
	if (f->value)
		f->what = CF_FOUND_LEAF;
	free(of);
	free(side);
	return f->value != NULL;
}

void
cf_settle_leaf(struct cf_finding *finding, struct cf_view *view,
	struct cf_node *node)
{
	struct cf_finding *f = finding;
	bool absent = false;

	if (f->n < 2) {
		take(f, f->n ? f->top[0].value : NULL);
		return;
	}
	cf_sort_tops(f);
	absent = f->top[0].value == NULL;
	if (strcmp(f->top[0].text, f->top[f->n - 1].text) == 0) {
		take(f, f->top[0].value);
		return;
	}
	if ((node->merges == CF_MAX || node->merges == CF_MIN ||
		node->merges == CF_RANK) && choose(f, node))
		return;
	if (node->merges == CF_TEXT && !absent && join(f, view, node))
		return;
	f->what = CF_FOUND_CONFLICT;
	f->kind = absent ? "delete/edit" : "edit/edit";
}
