#ifndef CF_SYNC_H
#define CF_SYNC_H

/*
 * A sync on its way; for src/app/sync*.c, sources.c and stuck.c only.
 */
#include "app/copies.h"
#include "app/identity.h"
#include "app/lastsync.h"

struct cf_syncing {
	struct cf_trust *trust;
	struct cf_partners partners;
	struct cf_synced *one;		/* those that were chosen */
	struct cf_fetch *fetch;		/* beside them, and last our own host */
	size_t n;
	unsigned jobs;
	struct cf_settings settings;
	json_t *result, *news;
	json_t *notes;			/* as cf_last_sync_add makes them */
	bool refused, unreachable, decide;
	char *remote;		/* our own host, where it is asked, too */
	bool own_refused, own_unreachable;
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
	struct cf_oid shown;	/* the head at an address of theirs, in order */
	bool has_shown;
	/* Where that was: an address of theirs, and the head that was there. */
	const char *where;
	struct cf_oid seen;
	const char *answered;	/* the address that listed fetch->copies */
	json_t *urls;		/* addresses that their identity names */
	/* Where else was asked: [{url, trust?, name?, verdict: taken|same|behind|
	 * refused|unreachable, rule?, detail?}]. */
	json_t *sources;
	json_t *restart;	/* as cf_restart_info, and `waits` */
	json_t *fork;		/* {known, other}: documents that part */
	char *title;
};

/* Asks for what we have no answer to yet: fills the fetch. */
const struct cf_err *cf_sync_ask(struct cf_synced *o, struct cf_fetch *fetch)
	CF_MUST;
/* Judges o->fetch and sets the outcome; fails for our own machine's sake only. */
const struct cf_err *cf_sync_judge(struct cf_synced *o) CF_MUST;
/* Judges what was fetched; what a host or a partner did is the outcome. */
const struct cf_err *cf_sync_take(struct cf_synced *o) CF_MUST;
/* Where a partner's address did not do: their other addresses, in order, then
 * the copies that partners relay. */
const struct cf_err *cf_sync_elsewhere(struct cf_syncing *s) CF_MUST;
/* What is said of an address that shows less than there is. */
extern const char cf_sync_lags[];
/* After that: whose address only lags behind a copy that was taken is not
 * refused for it. */
const struct cf_err *cf_sync_excuse(struct cf_syncing *s) CF_MUST;
/* After all were judged: whether a restart can be followed without a person. */
const struct cf_err *cf_sync_settle(struct cf_synced *o) CF_MUST;
/* The partner's line of the report, and a note of it for `status`. */
const struct cf_err *cf_sync_line(struct cf_synced *o) CF_MUST;

#endif
