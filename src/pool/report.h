#ifndef CF_POOL_REPORT_H
#define CF_POOL_REPORT_H

/*
 * All that is told of one pooling, as JSON. Pure: studies and a model in, a
 * result out; the same studies and model give the same result everywhere.
 */
#include "pool/pool.h"
#include "pool/study.h"

#define CF_POOL_LEAST 3u	/* studies: fewer are not pooled */

struct cf_pooled {
	const struct cf_study *study;	/* n, in the order of the inputs */
	const json_t *const *body;	/* of each finding */
	const size_t *trust;		/* of each, numbered from 0 */
	size_t n, trusts;
	enum cf_measure measure;
	struct cf_pool_model model;
	bool by_trust;
	const char *groups;		/* phase, region, fsm, design, practice */
	const char *moderator;		/* weeks, year, fsm, padlocks */
};

/* "REML"; the names that people type and records hold. */
const char *cf_method_name(enum cf_pool_method method);
bool cf_method_of(enum cf_pool_method *out, const char *name);

/*
 * {k, trusts, estimate, se, statistic, df?, p, ci95, pi95?, tau2, tau2Ci95?, i2,
 * i2Ci95?, h2, q: {value, df, p}, weights: [percent], nested?, robust?, groups?,
 * between?, moderator?, egger?, leaveOneOut?, sensitivity?, security, warnings:
 * [sentence]}. `estimate` and its interval are those to cite: of the three-level
 * model where by_trust is set. CF_INVALID (pool.few) below CF_POOL_LEAST.
 */
const struct cf_err *cf_pool_report(json_t **out, const struct cf_pooled *in)
	CF_MUST;

/* "reading comprehension and writing", of codes with commas between; `capital`:
 * as a title begins. The caller frees. */
char *cf_pool_outcome_words(const char *codes, bool capital);

/* What a finding says of itself for a grouping, and for a moderator (NAN: it
 * does not). */
const char *cf_pool_report_group(const json_t *body, const char *groups);
double cf_pool_report_moderator(const json_t *body, const char *moderator);

#endif
