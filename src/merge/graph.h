#ifndef CF_MERGE_GRAPH_H
#define CF_MERGE_GRAPH_H

/*
 * The graph of a record's versions. Only src/merge includes it.
 */
#include "merge/merge.h"

#define CF_NOWHERE ((size_t)-1)

struct cf_point {
	const char *id;
	size_t *up;		/* points that this one builds on */
	size_t n_up, cap_up;
	bool free;		/* in some main it is not held */
	bool counts, ancestor;
};

struct cf_graph {
	struct cf_point *node;	/* sorted by id, each once */
	size_t n;
	size_t *stack;		/* room for a walk */
};

void cf_graph_build(struct cf_graph *g, const struct cf_version *v, size_t n);
void cf_graph_clear(struct cf_graph *g);
size_t cf_graph_find(const struct cf_graph *g, const char *id);
/* Marks all that `from` builds on, itself not. */
void cf_graph_mark(struct cf_graph *g, size_t from);
void cf_graph_unmark(struct cf_graph *g);

#endif
