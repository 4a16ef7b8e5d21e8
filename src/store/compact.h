#ifndef CF_STORE_COMPACT_H
#define CF_STORE_COMPACT_H

/*
 * Making a store small again: what is in use goes into one pack, and everything
 * else is gone from the disk.
 */
#include "store/store.h"

struct cf_compacted {
	uint64_t objects;		/* that are kept */
	uint64_t before, after;		/* bytes of all objects on the disk */
	/* Another program reads here: what it may need stays until the next
	 * time. */
	bool left;
};

struct cf_compact_watch {
	void *payload;
	/* total 0: not known */
	void (*progress)(void *payload, unsigned long long done,
		unsigned long long total);
};

/*
 * Writes what any ref, reflog, index or work tree leads to into one pack, then
 * removes all other packs and loose objects. Under the writer's lock. Killed at
 * any instant, nothing is missing: what was there goes only once the pack is
 * whole on the disk. CF_SYS (store.damaged) where something in use is missing;
 * nothing is removed then.
 */
const struct cf_err *cf_store_compact(struct cf_compacted *out,
	struct cf_store *store, const struct cf_compact_watch *watch) CF_MUST;

/* Whether there are so many packs or loose objects that it is time. */
bool cf_store_compact_due(struct cf_store *store);

#endif
