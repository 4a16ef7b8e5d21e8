#ifndef CF_APP_EXACT_H
#define CF_APP_EXACT_H

/*
 * The exact numbers behind what is published, sealed beside the rolls of this
 * machine; for src/app only.
 */
#include "app/trust.h"

/* Loads the exact numbers that this machine keeps into trust->ledger, once, as
 * cf_roll_open does; without any it stays NULL. CF_INVALID (ledger.damaged) where
 * they cannot be read: nothing depends on them. */
const struct cf_err *cf_exact_open(struct cf_trust *trust) CF_MUST;
void cf_exact_close(struct cf_trust *trust);
/* Keeps the exact numbers of a draft. */
const struct cf_err *cf_exact_keep(struct cf_trust *trust, const json_t *draft,
	const struct cf_policy *policy) CF_MUST;
/* Forgets the numbers of a version's body, as erasure asks. */
const struct cf_err *cf_exact_forget(struct cf_trust *trust, const char *kind,
	const json_t *body) CF_MUST;

#endif
