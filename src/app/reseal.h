#ifndef CF_RESEAL_H
#define CF_RESEAL_H

/*
 * What this machine keeps sealed with its publish key (rolls, exact numbers), when
 * another key takes its place; for src/app only.
 */
#include "app/trust.h"

struct cf_reseal {
	struct cf_seckey *old, *fresh;	/* NULL: there is nothing to seal again */
};
/* Before the old key goes: opens it where something is sealed with it, and seals
 * a copy with the new one, in case the end is not reached. Where it cannot be
 * opened, a person is asked, or told, that this is lost; CF_CANCELLED. */
const struct cf_err *cf_reseal_begin(struct cf_reseal *reseal,
	struct cf_trust *trust, const struct cf_seckey *fresh) CF_MUST;
/* Once the new key is in force: seals it with that one. What could not be sealed is
 * noted. Returns the names: ["people", "numbers"]. */
json_t *cf_reseal_end(struct cf_reseal *reseal, struct cf_trust *trust);
/* `made`: the new key is in force, or may be. */
void cf_reseal_clear(struct cf_reseal *reseal, struct cf_trust *trust,
	bool made);

#endif
