#ifndef CF_POOL_REPORT_PARTS_H
#define CF_POOL_REPORT_PARTS_H

/*
 * Pieces of a report; for src/pool/report*.c only.
 */
#include "pool/report.h"

/* Leaving one out takes as many fits as there are studies. */
#define CF_POOL_LEFT_OUT 1000u

/* Numbers that are not finite are left out. */
void cf_pool_report_put(json_t *to, const char *name, double value);
void cf_pool_report_range(json_t *to, const char *name, double low, double high);
void cf_pool_report_estimate(json_t *to, const struct cf_pool_estimate *e);
/* A sentence for people, into `warnings`. */
void cf_pool_report_warn(json_t *to, const char *fmt, ...) CF_PRINTF(2, 3);

/* Subgroups, moderator, what hangs on a likeness taken as usual, security. */
const struct cf_err *cf_pool_report_parts(json_t *to, const struct cf_pooled *in)
	CF_MUST;

#endif
