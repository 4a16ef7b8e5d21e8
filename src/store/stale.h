#ifndef CF_STORE_STALE_H
#define CF_STORE_STALE_H

/*
 * What killed processes leave behind.
 */
#include "store/store.h"

/* Removes the entries of the folder `dir` whose name begins with the number of
 * a process that does not live ("1234-..."). A missing folder is fine. */
const struct cf_err *cf_sweep_owned(const char *dir) CF_MUST;

/* Removes lock files, temporary objects and quarantines of dead processes. Call
 * it only while holding the writer's lock. */
const struct cf_err *cf_sweep(const struct cf_store *store) CF_MUST;

/* How many such things there are. Removes nothing. */
const struct cf_err *cf_stale_count(size_t *out, const struct cf_store *store)
	CF_MUST;

#endif
