#ifndef CF_STORE_KEEP_H
#define CF_STORE_KEEP_H

/*
 * What a compacted store keeps: all that a ref, a reflog, git's index or a work
 * tree leads to. Shared by roots.c, keep.c and compact.c.
 */
#include "store/git.h"
#include "store/idset.h"

struct cf_keep {
	struct cf_store *store;
	git_packbuilder *builder;
	struct cf_idset seen;
	/* Commits and tags that were found and not read yet. */
	struct cf_oid *todo;
	size_t n, cap;
	/* What is missing ends the work. Not so below a reflog or an index:
	 * git leaves such ends, and nothing depends on them. */
	bool strict;
	void (*progress)(void *payload, unsigned long long done,
		unsigned long long total);
	void *payload;
};

/* Keeps an object and all that it leads to. */
const struct cf_err *cf_keep_add(struct cf_keep *keep,
	const struct cf_oid *oid) CF_MUST;

/* Calls cf_keep_add for every place from which an object may be reached. */
const struct cf_err *cf_keep_roots(struct cf_keep *keep) CF_MUST;

#endif
