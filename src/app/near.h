#ifndef CF_APP_NEAR_H
#define CF_APP_NEAR_H

/*
 * Records that say nearly the same as a draft; for src/app only.
 */
#include "app/trust.h"

/*
 * [{id, kind, title, owner, ownerName, signers, status, …, alike, ours, command}]:
 * records of the kind, not the draft's own, whose title or problem is close to
 * the draft's, in the same area; the closest first, at most three.
 */
const struct cf_err *cf_near_draft(json_t **out, struct cf_trust *trust,
	const json_t *draft) CF_MUST;

#endif
