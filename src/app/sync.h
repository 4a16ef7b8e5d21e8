#ifndef CF_SYNC_H
#define CF_SYNC_H

/*
 * A sync on its way; for src/app/sync.c and syncline.c only.
 */
#include "app/identity.h"
#include "app/lastsync.h"

struct cf_syncing {
	struct cf_trust *trust;
	struct cf_partners partners;
	struct cf_partner **chosen;	/* of partners */
	struct cf_fetch *fetch;		/* beside chosen */
	size_t n;
	json_t *result, *news;
	bool refused, unreachable;
};

/* One partner of it. */
struct cf_synced {
	struct cf_syncing *s;
	struct cf_partner *partner;
	struct cf_fetch *fetch;
	struct cf_take take;
	bool taken;		/* take.run is filled and kept */
	struct cf_oid from;
	bool has_from;
	char *title;
};

/* The partner's line of the report, and the note of it for `status`. */
const struct cf_err *cf_sync_line(struct cf_synced *o,
	const struct cf_err *outcome) CF_MUST;

#endif
