#ifndef CF_STORE_QUARANTINE_H
#define CF_STORE_QUARANTINE_H

#include <git2/odb_backend.h>

#include "store/git.h"
#include "store/idset.h"
#include "store/remote.h"

/* The one pack of a quarantine and its index. */
struct cf_pair {
	char *name;			/* "pack-" and 40 digits */
	char *pack, *idx;		/* paths */
	uint32_t objects;
};

/* CF_REFUSED (limit.pack, limit.objects) where it is not just that. */
const struct cf_err *cf_pair_find(struct cf_pair *out, const char *dir) CF_MUST;
void cf_pair_clear(struct cf_pair *pair);
/* Gives both files their names in the store, durably, the index last: it is what
 * makes the pack count. They may stay where they were, too. */
const struct cf_err *cf_pair_install(struct cf_store *store,
	const struct cf_pair *pair) CF_MUST;

/* Adds what the commit `head` leads to, as far as it lies in `pack`. CF_REFUSED
 * (object.corrupt) where any of that is damaged or, but for a proof, not what
 * its place asks for. */
const struct cf_err *cf_sift(struct cf_idset *out, struct cf_odb *pack,
	const struct cf_oid *head, bool proof) CF_MUST;

#endif
