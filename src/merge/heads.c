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

/* From a held version to the one before it in a main. */
struct link {
	size_t from, to;
};

struct graph {
	struct node *node;	/* sorted by id */
	size_t n;
	size_t *stack;		/* room for a walk */
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
add_nodes(struct graph *g, const struct cf_version *v, size_t n)
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

/* Marks all that `from` builds on, itself not. */
static void
mark_ancestors(struct graph *g, size_t from)
{
	size_t n = 0;

	g->stack[n++] = from;
	while (n) {
		const struct node *node = &g->node[g->stack[--n]];

		for (size_t k = 0; k < node->n_up; k++)
			if (!g->node[node->up[k]].ancestor) {
				g->node[node->up[k]].ancestor = true;
				g->stack[n++] = node->up[k];
			}
	}
}

static void
unmark(struct graph *g)
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
drop_circles(struct graph *g, const struct link *links, size_t n)
{
	bool *drop = cf_calloc(n, sizeof *drop);

	for (size_t i = 0; i < n; i++) {
		mark_ancestors(g, links[i].to);
		drop[i] = links[i].from == links[i].to ||
			g->node[links[i].from].ancestor;
		unmark(g);
	}
	for (size_t i = 0; i < n; i++) {
		struct node *node = &g->node[links[i].from];

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
add_links(struct graph *g, const struct cf_version *v, size_t n)
{
	struct link *links = NULL;
	size_t n_links = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		size_t at = find(g, v[i].id), to = find(g, v[i].previous);

		if (at == NONE || to == NONE || g->node[at].free || !v[i].party)
			continue;
		links = cf_grow(links, n_links, &cap, sizeof *links);
		links[n_links++] = (struct link){ at, to };
		add_up(g, &g->node[at], v[i].previous);
	}
	drop_circles(g, links, n_links);
	free(links);
}

static void
build(struct graph *g, const struct cf_version *v, size_t n)
{
	*g = (struct graph){ .node = cf_calloc(n, sizeof *g->node),
		.stack = cf_calloc(n + 1, sizeof *g->stack) };
	add_nodes(g, v, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = find(g, v[i].id);

		if (at == NONE)
			continue;
		g->node[at].free |= !v[i].held;
		for (size_t k = 0; k < v[i].n_parents; k++)
			add_up(g, &g->node[at], v[i].parents[k]);
	}
	add_links(g, v, n);
}

static void
clear(struct graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->node[i].up);
	free(g->node);
	free(g->stack);
}

void
cf_mark_past(struct cf_version *version, size_t n, const char *const *ids,
	size_t n_ids)
{
	struct graph g;

	build(&g, version, n);
	for (size_t i = 0; i < n_ids; i++) {
		size_t at = find(&g, ids[i]);

		if (at != NONE && !g.node[at].ancestor)
			mark_ancestors(&g, at);
		if (at != NONE)
			g.node[at].ancestor = true;
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = find(&g, version[i].id);

		version[i].past = at != NONE && g.node[at].ancestor;
	}
	clear(&g);
}

/* The newest version of the owner's main that is not held. A record keeps the
 * kind that it had first. */
static size_t
owners(const struct cf_heads_in *in)
{
	const char *kind = NULL;
	size_t at = NONE;

	for (size_t i = 0; i < in->n; i++) {
		const struct cf_version *v = &in->version[i];

		if (v->held || strcmp(v->trust, in->owner) != 0)
			continue;
		if (kind == NULL)
			kind = v->kind;
		if (strcmp(kind, v->kind) == 0)
			at = i;
	}
	return at;
}

static const struct cf_err *
find_parties(struct cf_heads_in *in, size_t owner)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < in->n && !err; i++)
		err = in->is_steward(in->payload, &in->version[i].party, owner,
			in->version[i].trust);
	return err;
}

/* Which versions count: of a steward, or taken up by the owner's file. */
static void
decide_counts(struct cf_heads_in *in, struct graph *g, size_t owner)
{
	const char *kind = in->version[owner].kind;

	mark_ancestors(g, find(g, in->version[owner].id));
	for (size_t i = 0; i < in->n; i++) {
		struct cf_version *v = &in->version[i];
		struct node *node;

		v->node = find(g, v->id);
		if (v->held || v->node == NONE || strcmp(v->kind, kind) != 0)
			continue;
		node = &g->node[v->node];
		v->counts = v->party || node->ancestor || i == owner;
		node->counts |= v->counts;
	}
	unmark(g);
}

const struct cf_err *
cf_heads(enum cf_standing *out, size_t *owner_file, struct cf_heads_in *in)
{
	const struct cf_err *err;
	struct graph g;

	for (size_t i = 0; i < in->n; i++)
		in->version[i].counts = in->version[i].head = false;
	*out = CF_NO_OWNER;
	*owner_file = owners(in);
	if (*owner_file == NONE)
		return NULL;
	err = find_parties(in, *owner_file);
	if (err)
		return err;
	build(&g, in->version, in->n);
	decide_counts(in, &g, *owner_file);
	for (size_t i = 0; i < g.n; i++)
		if (g.node[i].counts && !g.node[i].ancestor)
			mark_ancestors(&g, i);
	*out = CF_NO_VERSION;
	for (size_t i = 0; i < in->n; i++) {
		struct cf_version *v = &in->version[i];

		v->head = v->counts && !g.node[v->node].ancestor;
		if (v->head)
			*out = CF_STANDS;
	}
	clear(&g);
	return NULL;
}
