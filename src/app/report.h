#ifndef CF_APP_REPORT_H
#define CF_APP_REPORT_H

/*
 * Why a partner's update was refused, in .git/confer/refused/<name>.json: one
 * file for each partner, which can be sent to them; for src/app only. It goes
 * when an update of theirs passes.
 */
#include "app/trust.h"

/* What was refused: the head that is at the address now, and the commit that was
 * verified last (NULL: none). The path (the caller frees), or NULL where it
 * cannot be written. */
char *cf_report_write(struct cf_trust *trust, const struct cf_partner *partner,
	const struct cf_oid *head, const struct cf_oid *verified,
	const json_t *refusal);
/* Nothing there is fine. */
void cf_report_drop(struct cf_trust *trust, const char *name);

#endif
