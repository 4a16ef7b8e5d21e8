/*
 * Who wrote what is shown, field by field.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static void
unset(uint64_t *set, size_t i)
{
	set[i / 64] &= ~(UINT64_C(1) << i % 64);
}

static void
add(const struct cf_view *view, const struct cf_node *node, const uint64_t *by,
	bool contested)
{
	char *path = cf_node_path(node);
	json_t *row = json_pack("{s:s, s:o}", "path", path, "by",
		cf_by(view->e, by));

	if (contested)
		json_object_set_new(row, "contested", json_true());
	json_array_append_new(view->writers, row);
	free(path);
}

/* Of several that were joined into one by choosing, only those that wrote it. */
static void
add_field(const struct cf_view *view, const struct cf_node *node,
	const struct cf_finding *f)
{
	uint64_t *by = cf_contestants(view->e, f);

	for (size_t i = 0; f->what == CF_FOUND_LEAF && f->n > 1 && i < f->n;
		i++)
		if (node->merges != CF_TEXT && (f->top[i].value == NULL ||
			cf_json_compare(f->value, f->top[i].value) != 0))
			unset(by, f->top[i].version);
	add(view, node, by, f->what == CF_FOUND_CONFLICT);
	free(by);
}

/* Whoever changed a set last. */
static void
add_set(struct cf_view *view, struct cf_node *node)
{
	const struct cf_engine *e = view->e;
	uint64_t *by = cf_calloc(e->words, sizeof *by);
	uint64_t *seen = cf_calloc(e->words, sizeof *seen);

	cf_life(view, node, by, seen);
	memset(seen, 0, e->words * sizeof *seen);
	for (size_t i = e->n; i-- > 0;) {
		if (!cf_bit(by, i))
			continue;
		if (cf_bit(seen, i))
			unset(by, i);
		cf_bits_join(seen, e->past[i], e->words);
	}
	add(view, node, by, false);
	free(by);
	free(seen);
}

void
cf_add_writers(struct cf_view *view, struct cf_node *node,
	const struct cf_finding *finding)
{
	if (finding->what == CF_FOUND_STRUCTURE && node->merges == CF_SET)
		add_set(view, node);
	else if (finding->what == CF_FOUND_LEAF ||
		finding->what == CF_FOUND_CONFLICT)
		add_field(view, node, finding);
}
