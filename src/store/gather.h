#ifndef CF_STORE_GATHER_H
#define CF_STORE_GATHER_H

/*
 * The objects that lead from one commit to another, for a pack or for copying.
 * In a child: the objects may be a stranger's.
 */
#include "store/link.h"

struct cf_gather {
	struct cf_link *link;
	git_odb *odb;			/* where they are; borrowed */
	const char *place;		/* the same for people; borrowed */
	/* What is missing or not as it should be is left out, and the gate
	 * will name it; else it is an error. */
	bool foreign, lacks;		/* lacks: something was left out */
	git_repository *repo;		/* a shell around odb */
	git_config *config;
	git_packbuilder *builder;
	struct cf_oid *oid;		/* what was found, each once */
	size_t n, cap;
};

const struct cf_err *cf_gather_open(struct cf_gather *out, struct cf_link *link,
	git_odb *odb, const char *place) CF_MUST;
void cf_gather_close(struct cf_gather *g);
/*
 * From `head` along first parents down to `stop` (NULL: to the first commit),
 * which is not in it, nor what it leads to.
 */
const struct cf_err *cf_gather_history(struct cf_gather *g,
	const struct cf_oid *head, const struct cf_oid *stop) CF_MUST;
/* As a pack with its index, in the folder `dir`. */
const struct cf_err *cf_gather_write(struct cf_gather *g, const char *dir)
	CF_MUST;

#endif
