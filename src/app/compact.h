#ifndef CF_APP_COMPACT_H
#define CF_APP_COMPACT_H

#include "app/trust.h"
#include "store/compact.h"

/* Objects, index, and the reports of updates that were refused; for src/app
 * only. Under the lock. */
struct cf_compaction {
	struct cf_compacted store;
	size_t reports;
};
const struct cf_err *cf_compact_all(struct cf_compaction *out,
	struct cf_trust *trust) CF_MUST;

#endif
