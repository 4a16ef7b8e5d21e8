/*
 * The versions of a record as the merge of bodies sees them: each once, however
 * many mains it lies in.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/graph.h"

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Rows give a version its trusts: those whose own file counts, or all where none
 * does. */
static void
take_row(struct cf_snapshots *out, const struct cf_version *rows, size_t i,
	size_t at)
{
	struct cf_snapshot *s = &out->version[at];
	const struct cf_version *row = &rows[i];

	if (s->n_trust && s->counts && !row->counts)
		return;
	if (!s->counts && row->counts)
		s->n_trust = 0;
	if (s->n_trust == 0) {
		out->row[at] = i;
		s->counts = row->counts;
		s->modified = row->modified;
	}
	for (size_t k = 0; k < s->n_trust; k++)
		if (strcmp(s->trust[k], row->trust) == 0)
			return;
	s->trust[s->n_trust++] = row->trust;
}

void
cf_snapshots_make(struct cf_snapshots *out, const struct cf_version *rows,
	size_t n)
{
	struct cf_graph g;
	size_t *count;

	cf_graph_build(&g, rows, n);
	*out = (struct cf_snapshots){ .n = g.n,
		.version = cf_calloc(g.n, sizeof *out->version),
		.row = cf_calloc(g.n, sizeof *out->row) };
	count = cf_calloc(g.n, sizeof *count);
	for (size_t i = 0; i < n; i++)
		if (rows[i].id[0])
			count[cf_graph_find(&g, rows[i].id)]++;
	for (size_t i = 0; i < g.n; i++) {
		struct cf_snapshot *s = &out->version[i];

		s->id = g.node[i].id;
		s->trust = cf_calloc(count[i], sizeof *s->trust);
		s->parents = g.node[i].up;
		s->n_parents = g.node[i].n_up;
		g.node[i].up = NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (rows[i].id[0])
			take_row(out, rows, i, cf_graph_find(&g, rows[i].id));
	for (size_t i = 0; i < g.n; i++)
		qsort(out->version[i].trust, out->version[i].n_trust,
			sizeof(char *), by_text);
	free(count);
	cf_graph_clear(&g);
}

void
cf_snapshots_clear(struct cf_snapshots *snapshots)
{
	for (size_t i = 0; i < snapshots->n; i++) {
		free(snapshots->version[i].trust);
		free(snapshots->version[i].parents);
	}
	free(snapshots->version);
	free(snapshots->row);
	*snapshots = (struct cf_snapshots){ 0 };
}

size_t
cf_snapshots_find(const struct cf_snapshots *snapshots, const char *id)
{
	size_t from = 0, to = snapshots->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(snapshots->version[middle].id, id);

		if (order == 0)
			return middle;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return snapshots->n;
}
