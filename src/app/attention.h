#ifndef CF_ATTENTION_H
#define CF_ATTENTION_H

/*
 * What in the commons needs a person, in sentences; for src/app only.
 */
#include "app/joined.h"

/* Appends to `list`. *decide: something is ours to settle. `news` are the records
 * of a sync that changed, [{id, title, trust, name}]; those that nobody sees, as
 * they do not count, leave it. */
const struct cf_err *cf_attention(json_t *list, bool *decide,
	struct cf_trust *trust, json_t *news) CF_MUST;

/* Incomplete records (DESIGN 6.3): {id: {title, kind, stewards: [{trust, name,
 * why}]}}. The caller owns it. */
const struct cf_err *cf_incomplete(json_t **out, struct cf_trust *trust)
	CF_MUST;

/* Whether one record is. */
const struct cf_err *cf_is_incomplete(bool *out, struct cf_trust *trust,
	const char *id) CF_MUST;

#endif
