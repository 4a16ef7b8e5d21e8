#ifndef CF_APP_OFFER_H
#define CF_APP_OFFER_H

/*
 * A repository that may be that of a trust which is to be followed: at an address
 * of theirs, or a copy at a partner's host. Judged from its first commit; nothing
 * is kept. For src/app only.
 */
#include "app/copies.h"

/* What is known of the trust by another way. */
struct cf_told {
	const char *id;			/* trust id, or NULL */
	json_t *card;			/* or NULL; owned */
};

struct cf_offer {
	struct cf_trust *trust;
	const struct cf_told *told;
	char *url;			/* owned */
	char *relay;			/* who relays it; NULL: it is theirs; owned */
	char *relay_id;
	char *place;			/* in words; owned */
	struct cf_fetch fetch;
	struct cf_quarantine quarantine;
	struct cf_gate gate;
	char id[CF_DIGEST_TEXT];	/* whose repository it is */
	bool certain;			/* and that is as it was told */
	bool has_card_head;		/* the commit that the card names */
};
/* Takes the url; `relay` NULL: an address of theirs. */
void cf_offer_init_take(struct cf_offer *out, struct cf_trust *trust,
	const struct cf_told *told, char *url, const struct cf_relay *relay);
void cf_offer_clear(struct cf_offer *offer);

/* Fetches and judges it. CF_REMOTE: there is none. CF_REFUSED: it is not in
 * order, not the trust that was told, or not what its card was made from. */
const struct cf_err *cf_offer_examine(struct cf_offer *offer) CF_MUST;

/* The best copy that partners' hosts have of `id`: the one with the newest entry
 * of those that are in order. CF_NOT_FOUND: none. */
const struct cf_err *cf_offer_relayed(struct cf_offer *out,
	struct cf_trust *trust, const struct cf_told *told, const char *id)
	CF_MUST;

#endif
