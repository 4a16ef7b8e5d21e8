/*
 * The graph of a record's versions, by `parents` and nothing else, and its
 * heads. Ancestry runs through a version that is held: what lay before it in
 * the same main takes its place beside its parents.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/merge.h"

#define NONE ((size_t)-1)

struct node {
	const char *id;
	size_t *up;		/* nodes that this one builds on */
	size_t n_up, cap_up;
	bool free;		/* in some main it is not held */
	bool counts, ancestor;
};

struct graph {
	struct node *node;	/* sorted by id */
	size_t n;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct node *)a)->id,
		((const struct node *)b)->id);
}

static size_t
find(const struct graph *g, const char *id)
{
	struct node key = { .id = id };
	const struct node *hit = g->n && id[0] ? bsearch(&key, g->node, g->n,
		sizeof key, by_id) : NULL;

	return hit ? (size_t)(hit - g->node) : NONE;
}

static void
add_up(const struct graph *g, struct node *node, const char *id)
{
	size_t up = find(g, id);

	if (up == NONE)
		return;		/* as if it were not named, until it arrives */
	node->up = cf_grow(node->up, node->n_up, &node->cap_up,
		sizeof *node->up);
	node->up[node->n_up++] = up;
}

static void
build(struct graph *g, const struct cf_version *v, size_t n)
{
	*g = (struct graph){ .node = cf_calloc(n, sizeof *g->node) };
	for (size_t i = 0; i < n; i++)
		if (v[i].id[0])
			g->node[g->n++].id = v[i].id;
	if (g->n) {
		size_t kept = 1;

		qsort(g->node, g->n, sizeof *g->node, by_id);
		for (size_t i = 1; i < g->n; i++)
			if (strcmp(g->node[i].id, g->node[kept - 1].id) != 0)
				g->node[kept++].id = g->node[i].id;
		g->n = kept;
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = find(g, v[i].id);

		if (at == NONE)
			continue;
		g->node[at].free |= !v[i].held;
		for (size_t k = 0; k < v[i].n_parents; k++)
			add_up(g, &g->node[at], v[i].parents[k]);
	}
	/* A version that is good in another main gets no further ancestors from
	 * one where it is held: a trust could make another's version look older
	 * by publishing it out of turn. */
	for (size_t i = 0; i < n; i++) {
		size_t at = find(g, v[i].id);

		if (at != NONE && !g->node[at].free)
			add_up(g, &g->node[at], v[i].previous);
	}
}

static void
clear(struct graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->node[i].up);
	free(g->node);
}

/* Marks all that `from` builds on, itself not. A version id is a hash over its
 * parents' ids, so there is no circle. */
static void
mark_ancestors(struct graph *g, size_t from)
{
	size_t *stack = cf_calloc(g->n + 1, sizeof *stack), n = 0;

	stack[n++] = from;
	while (n) {
		const struct node *node = &g->node[stack[--n]];

		for (size_t k = 0; k < node->n_up; k++)
			if (!g->node[node->up[k]].ancestor) {
				g->node[node->up[k]].ancestor = true;
				stack[n++] = node->up[k];
			}
	}
	free(stack);
}

bool
cf_is_ancestor(const struct cf_version *version, size_t n, const char *a,
	const char *b)
{
	struct graph g;
	size_t from, to;
	bool found;

	build(&g, version, n);
	from = find(&g, b);
	to = find(&g, a);
	if (from != NONE)
		mark_ancestors(&g, from);
	found = to != NONE && g.node[to].ancestor;
	clear(&g);
	return found;
}

/* The newest version of the owner's main that is not held. */
static size_t
owners(const struct cf_heads_in *in)
{
	for (size_t i = in->n; i-- > 0;)
		if (!in->version[i].held &&
			strcmp(in->version[i].trust, in->owner) == 0)
			return i;
	return NONE;
}

/* Which versions count: of a steward, or taken up by the owner's file. */
static const struct cf_err *
decide_counts(struct cf_heads_in *in, struct graph *g, size_t owner)
{
	const struct cf_err *err = NULL;

	mark_ancestors(g, find(g, in->version[owner].id));
	for (size_t i = 0; i < in->n && !err; i++) {
		struct cf_version *v = &in->version[i];
		struct node *node;

		v->node = find(g, v->id);
		v->counts = v->head = false;
		if (v->held || v->node == NONE)
			continue;
		node = &g->node[v->node];
		v->counts = node->ancestor || i == owner;
		if (!v->counts)
			err = in->is_steward(in->payload, &v->counts, owner,
				v->trust);
		node->counts |= v->counts;
	}
	for (size_t i = 0; i < g->n; i++)
		g->node[i].ancestor = false;
	return err;
}

const struct cf_err *
cf_heads(enum cf_standing *out, size_t *owner_file, struct cf_heads_in *in)
{
	const struct cf_err *err;
	struct graph g;

	*out = CF_NO_OWNER;
	*owner_file = owners(in);
	if (*owner_file == NONE)
		return NULL;
	build(&g, in->version, in->n);
	err = decide_counts(in, &g, *owner_file);
	for (size_t i = 0; i < g.n && !err; i++)
		if (g.node[i].counts && !g.node[i].ancestor)
			mark_ancestors(&g, i);
	*out = CF_NO_VERSION;
	for (size_t i = 0; i < in->n && !err; i++) {
		struct cf_version *v = &in->version[i];

		v->head = v->counts && !g.node[v->node].ancestor;
		if (v->head)
			*out = CF_STANDS;
	}
	clear(&g);
	return err;
}
