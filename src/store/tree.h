#ifndef CF_STORE_TREE_H
#define CF_STORE_TREE_H

/*
 * What the files of this folder share of trees.
 */
#include "store/store.h"

/* git's order: by bytes, a folder's name as if it ended in "/". */
int cf_entry_compare(const struct cf_entry *a, const struct cf_entry *b);

/* A file that is not the same in two trees. */
struct cf_change {
	char *path;
	bool had, has;		/* in the old tree, in the new one */
	struct cf_oid was, is;	/* its blobs there */
};

struct cf_changes {
	struct cf_change *change;
	size_t n, cap;
};

/* Every file that differs between two trees (NULL: empty), in order. Cost goes
 * with the difference. Free with cf_changes_clear, also after an error. */
const struct cf_err *cf_tree_diff(struct cf_changes *out, struct cf_odb *odb,
	const struct cf_oid *old_tree, const struct cf_oid *new_tree) CF_MUST;
void cf_changes_clear(struct cf_changes *changes);

#endif
