#ifndef CF_STORE_KEEP_H
#define CF_STORE_KEEP_H

/*
 * What a compacted store keeps: all that a ref, a reflog, git's index or a work
 * tree leads to. Shared by roots.c, keep.c, compact.c and holders.c.
 */
#include "store/git.h"
#include "store/idset.h"

/* A place from which an object may be reached. */
struct cf_root {
	const char *place;	/* a ref, or a file of the git folder */
	const char *name;	/* of the file, in an index; else "" */
	bool strict;		/* git would call it damage if it were missing */
	struct cf_oid oid;
};
typedef const struct cf_err *(*cf_root_fn)(void *payload,
	const struct cf_root *root);
/* Calls it for every one. */
const struct cf_err *cf_roots_each(struct cf_store *store, cf_root_fn root,
	void *payload) CF_MUST;

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

/* All that any place leads to. */
const struct cf_err *cf_keep_roots(struct cf_keep *keep) CF_MUST;

#endif
