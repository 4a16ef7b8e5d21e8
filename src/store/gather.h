#ifndef CF_STORE_GATHER_H
#define CF_STORE_GATHER_H

/*
 * The objects that lead from one commit to another, as a pack. In a child: the
 * objects may be a stranger's.
 */
#include "store/link.h"
#include "store/packer.h"

struct cf_gather {
	struct cf_link *link;
	git_odb *odb;			/* where they are; borrowed */
	const char *place;		/* the same for people; borrowed */
	struct cf_packer packer;
	/* By depth, the tree that was read last: the next commit's begins as it. */
	git_odb_object *last[CF_MAX_TREE_DEPTH + 2];
};

/* The pack will be in the folder `dir`. */
const struct cf_err *cf_gather_open(struct cf_gather *out, struct cf_link *link,
	git_odb *odb, const char *dir) CF_MUST;
void cf_gather_close(struct cf_gather *g);
/*
 * From `head` along first parents down to `stop` (NULL: to the first commit),
 * which is not in it, nor what it leads to.
 */
const struct cf_err *cf_gather_history(struct cf_gather *g,
	const struct cf_oid *head, const struct cf_oid *stop) CF_MUST;

#endif
