/*
 * Which versions of a record count, and which of those no other supersedes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/graph.h"

void
cf_mark_past(struct cf_version *version, size_t n, const char *const *ids,
	size_t n_ids)
{
	struct cf_graph g;

	cf_graph_build(&g, version, n);
	for (size_t i = 0; i < n_ids; i++) {
		size_t at = cf_graph_find(&g, ids[i]);

		if (at != CF_NOWHERE && !g.node[at].ancestor)
			cf_graph_mark(&g, at);
		if (at != CF_NOWHERE)
			g.node[at].ancestor = true;
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = cf_graph_find(&g, version[i].id);

		version[i].past = at != CF_NOWHERE && g.node[at].ancestor;
	}
	cf_graph_clear(&g);
}

/* The newest version of the owner's main that is not held; a tombstone is the
 * last one. A record keeps the kind that it had first. */
static size_t
owners(const struct cf_heads_in *in)
{
	const char *kind = NULL;
	size_t at = CF_NOWHERE;

	for (size_t i = 0; i < in->n; i++) {
		const struct cf_version *v = &in->version[i];

		if (v->held || strcmp(v->trust, in->owner) != 0)
			continue;
		if (kind == NULL)
			kind = v->kind;
		if (strcmp(kind, v->kind) == 0)
			at = i;
		if (at == i && v->erased)
			break;
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

/* Which versions count: of a steward, or taken up by the owner's file. Of a
 * record that its owner erased only the tombstone does. */
static void
decide_counts(struct cf_heads_in *in, struct cf_graph *g, size_t owner)
{
	const char *kind = in->version[owner].kind;

	cf_graph_mark(g, cf_graph_find(g, in->version[owner].id));
	for (size_t i = 0; i < in->n; i++) {
		struct cf_version *v = &in->version[i];
		struct cf_point *node;

		v->node = cf_graph_find(g, v->id);
		if (v->held || v->node == CF_NOWHERE || strcmp(v->kind, kind) != 0)
			continue;
		node = &g->node[v->node];
		v->counts = in->version[owner].erased ? i == owner :
			v->party || node->ancestor || i == owner;
		node->counts |= v->counts;
	}
	cf_graph_unmark(g);
}

const struct cf_err *
cf_heads(enum cf_standing *out, size_t *owner_file, struct cf_heads_in *in)
{
	const struct cf_err *err;
	struct cf_graph g;

	for (size_t i = 0; i < in->n; i++)
		in->version[i].counts = in->version[i].head = false;
	*out = CF_NO_OWNER;
	*owner_file = owners(in);
	if (*owner_file == CF_NOWHERE)
		return NULL;
	err = find_parties(in, *owner_file);
	if (err)
		return err;
	cf_graph_build(&g, in->version, in->n);
	decide_counts(in, &g, *owner_file);
	for (size_t i = 0; i < g.n; i++)
		if (g.node[i].counts && !g.node[i].ancestor)
			cf_graph_mark(&g, i);
	*out = CF_NO_VERSION;
	for (size_t i = 0; i < in->n; i++) {
		struct cf_version *v = &in->version[i];

		v->head = v->counts && !g.node[v->node].ancestor;
		if (v->head)
			*out = CF_STANDS;
	}
	cf_graph_clear(&g);
	return NULL;
}
