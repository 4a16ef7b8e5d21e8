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
	struct cf_synced *one;		/* those that were chosen */
	struct cf_fetch *fetch;		/* beside them */
	size_t n;
	json_t *result, *news;
	bool refused, unreachable, decide;
};

/* One partner of it. */
struct cf_synced {
	struct cf_syncing *s;
	struct cf_partner *partner;
	struct cf_fetch *fetch;
	struct cf_take take;
	bool taken;		/* take.run is filled and kept */
	struct cf_oid asked, from;	/* pins: when we asked, and now */
	bool has_asked, has_from;
	struct cf_oid waits;	/* a restart that waited when we asked */
	bool has_waits;
	struct cf_err outcome;	/* code 0: none */
	json_t *restart;	/* as cf_restart_info, and `waits` */
	json_t *fork;		/* {known, other}: documents that part */
	char *title;
};

/* Judges what was fetched; what a host or a partner did is the outcome. */
const struct cf_err *cf_sync_take(struct cf_synced *o) CF_MUST;
/* After all were judged: whether a restart can be followed without a person. */
const struct cf_err *cf_sync_settle(struct cf_synced *o) CF_MUST;
/* The partner's line of the report, and the note of it for `status`. */
const struct cf_err *cf_sync_line(struct cf_synced *o) CF_MUST;

#endif
