#ifndef CF_STORE_IDSET_H
#define CF_STORE_IDSET_H

/*
 * A set of object ids. Open addressing; ids are hashes already.
 */
#include "store/store.h"

struct cf_idset {
	struct cf_oid *slot;
	size_t n, cap;
};

/* True where it was not there before. */
bool cf_idset_add(struct cf_idset *set, const struct cf_oid *oid);
bool cf_idset_has(const struct cf_idset *set, const struct cf_oid *oid);
void cf_idset_clear(struct cf_idset *set);

#endif
