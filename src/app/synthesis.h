#ifndef CF_APP_SYNTHESIS_H
#define CF_APP_SYNTHESIS_H

/*
 * A pooled estimate as a record, and back; for src/app/pool*.c only.
 */
#include "app/pool.h"

/* Writes the result into drafts/ as a synthesis and publishes it; sets `draft`
 * and `published` in the result. */
const struct cf_err *cf_synthesis_publish(json_t *result,
	struct cf_trust *trust, const struct cf_pool_what *what) CF_MUST;

/* The `result` of a synthesis: the numbers of a pooling, rounded. */
json_t *cf_synthesis_result(const json_t *result);

#endif
