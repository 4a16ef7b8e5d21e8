#ifndef CF_APP_COPIES_H
#define CF_APP_COPIES_H

/*
 * Copies of a trust's main at the hosts of others: those that we relay, and
 * those that partners relay, for when a trust's own host does not answer; for
 * src/app only.
 */
#include "app/trust.h"

/* --- relay.c: ours -------------------------------------------------------- */

/*
 * Makes the copies at our host what our pins are, or nothing where we relay no
 * more; asks nobody where nothing is different since the last time, or from what
 * our host listed just now (`host`, or NULL). *out: {sent, removed: counts,
 * error?}; NULL where there was nothing to do. Not under the lock. What the host
 * does not take is tried again next time.
 */
const struct cf_err *cf_relay_update(json_t **out, struct cf_trust *trust,
	const struct cf_fetch *host) CF_MUST;

/* The same, as the member `relay` of a result. */
const struct cf_err *cf_relay_add(json_t *result, struct cf_trust *trust,
	const struct cf_fetch *host) CF_MUST;

/* --- copies.c: those of partners ------------------------------------------ */

/* A partner's host, and what it listed. */
struct cf_relay {
	const struct cf_partner *partner;	/* borrowed */
	const char *url;			/* where it answered; borrowed */
	const struct cf_copy *copies;		/* borrowed */
	size_t n;
};
/* Its copy of that trust, or NULL. */
const struct cf_copy *cf_relay_copy(const struct cf_relay *relay,
	const char *trust);

/* The heads of one trust that relays show, each once. */
struct cf_shown {
	const struct cf_relay *relay;
	struct cf_oid head;
};
struct cf_shows {
	struct cf_shown shown[CF_MAX_COPIES];
	size_t n;
};
/* Adds one, unless it is there or there are too many. */
void cf_shows_add(struct cf_shows *shows, const struct cf_relay *relay,
	const struct cf_oid *head);

#endif
