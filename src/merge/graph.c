/*
 * The graph of a record's versions, by `parents` and nothing else. Ancestry runs
 * through a version that is held: what lay before it in the same main takes its
 * place beside its parents.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/graph.h"

/* From a held version to the one before it in a main. */
struct link {
	size_t from, to;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct cf_point *)a)->id,
		((const struct cf_point *)b)->id);
}

size_t
cf_graph_find(const struct cf_graph *g, const char *id)
{
	struct cf_point key = { .id = id };
	const struct cf_point *hit = g->n && id[0] ? bsearch(&key, g->node, g->n,
		sizeof key, by_id) : NULL;

	return hit ? (size_t)(hit - g->node) : CF_NOWHERE;
}

static void
add_up(const struct cf_graph *g, struct cf_point *node, const char *id)
{
	size_t up = cf_graph_find(g, id);

	if (up == CF_NOWHERE)
		return;		/* as if it were not named, until it arrives */
	node->up = cf_grow(node->up, node->n_up, &node->cap_up,
		sizeof *node->up);
	node->up[node->n_up++] = up;
}

static void
add_nodes(struct cf_graph *g, const struct cf_version *v, size_t n)
{
	size_t kept = 1;

	for (size_t i = 0; i < n; i++)
		if (v[i].id[0])
			g->node[g->n++].id = v[i].id;
	if (g->n == 0)
		return;
	qsort(g->node, g->n, sizeof *g->node, by_id);
	for (size_t i = 1; i < g->n; i++)
		if (strcmp(g->node[i].id, g->node[kept - 1].id) != 0)
			g->node[kept++].id = g->node[i].id;
	g->n = kept;
}

void
cf_graph_mark(struct cf_graph *g, size_t from)
{
	size_t n = 0;

	g->stack[n++] = from;
	while (n) {
		const struct cf_point *node = &g->node[g->stack[--n]];

		for (size_t k = 0; k < node->n_up; k++)
			if (!g->node[node->up[k]].ancestor) {
				g->node[node->up[k]].ancestor = true;
				g->stack[n++] = node->up[k];
			}
	}
}

void
cf_graph_unmark(struct cf_graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		g->node[i].ancestor = false;
}

/*
 * A version id is a hash over its parents' ids, so parents alone make no circle;
 * what lay before a held version in a main may. A circle would hide all that is
 * in it, so no link of one is taken.
 */
static void
drop_circles(struct cf_graph *g, const struct link *links, size_t n)
{
	bool *drop = cf_calloc(n, sizeof *drop);

	for (size_t i = 0; i < n; i++) {
		cf_graph_mark(g, links[i].to);
		drop[i] = links[i].from == links[i].to ||
			g->node[links[i].from].ancestor;
		cf_graph_unmark(g);
	}
	for (size_t i = 0; i < n; i++) {
		struct cf_point *node = &g->node[links[i].from];

		for (size_t k = node->n_up; drop[i] && k-- > 0;)
			if (node->up[k] == links[i].to) {
				node->up[k] = node->up[--node->n_up];
				break;
			}
	}
	free(drop);
}

/*
 * A version that is good in another main gets no further ancestors from one
 * where it is held: a trust could make another's version look older by
 * publishing it out of turn. Nor does a trust that may not edit the record have
 * a say in its order.
 */
static void
add_links(struct cf_graph *g, const struct cf_version *v, size_t n)
{
	struct link *links = NULL;
	size_t n_links = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		size_t at = cf_graph_find(g, v[i].id);
		size_t to = cf_graph_find(g, v[i].previous);

		if (at == CF_NOWHERE || to == CF_NOWHERE ||
			g->node[at].free || !v[i].party)
			continue;
		links = cf_grow(links, n_links, &cap, sizeof *links);
		links[n_links++] = (struct link){ at, to };
		add_up(g, &g->node[at], v[i].previous);
	}
	drop_circles(g, links, n_links);
	free(links);
}

void
cf_graph_build(struct cf_graph *g, const struct cf_version *v, size_t n)
{
	*g = (struct cf_graph){ .node = cf_calloc(n, sizeof *g->node),
		.stack = cf_calloc(n + 1, sizeof *g->stack) };
	add_nodes(g, v, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = cf_graph_find(g, v[i].id);

		if (at == CF_NOWHERE)
			continue;
		g->node[at].free |= !v[i].held;
		for (size_t k = 0; k < v[i].n_parents; k++)
			add_up(g, &g->node[at], v[i].parents[k]);
	}
	add_links(g, v, n);
}

void
cf_graph_clear(struct cf_graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->node[i].up);
	free(g->node);
	free(g->stack);
}
