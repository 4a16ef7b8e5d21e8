#ifndef CF_APP_POOL_H
#define CF_APP_POOL_H

/*
 * Pooling over the commons; for src/app/pool*.c only.
 */
#include "app/trust.h"
#include "pool/report.h"

/* The findings that go into an estimate, by record id. */
struct cf_gathered {
	json_t *inputs;		/* [{record, version, owner, ownerName, title,
				 * signers, label}] */
	json_t *bodies;		/* of each */
	json_t *excluded;	/* [{record, version?, title, ownerName, code,
				 * why}] */
	json_t *not_read;	/* [{record, trust, why}]: held findings */
	struct cf_study *study;
	size_t *trust;
	size_t n, trusts, cap;
	enum cf_measure measure;
	/* What was asked for, in full: a trust id and record ids, or NULL; a
	 * practice, or "". */
	char *owner, *exclude;
	struct cf_uuid practice;
};
void cf_gathered_clear(struct cf_gathered *g);

/* Reads the commons; CF_USAGE where a filter names what there is not. */
const struct cf_err *cf_gather(struct cf_gathered *out,
	struct cf_trust *trust, const struct cf_pool_what *what) CF_MUST;

/* The file of a finding's row, and whether it gives an effect. */
const struct cf_err *cf_pool_finding(json_t **out, struct cf_trust *trust,
	const json_t *row) CF_MUST;
bool cf_pool_effect(const json_t *doc);
/* An error that says `why`, and then which outcomes there are findings on. */
const struct cf_err *cf_pool_nothing(struct cf_trust *trust, enum cf_code code,
	const char *rule, const char *why) CF_MUST;

/* A word of a list with commas between. */
bool cf_pool_among(const char *list, const char *word);
/* Reads what is asked for into *out; CF_USAGE, CF_NOT_FOUND where there is no
 * such code, trust or record. Then whether what was to be left out was there. */
const struct cf_err *cf_pool_asked(struct cf_gathered *out,
	struct cf_trust *trust, const struct cf_pool_what *what) CF_MUST;
const struct cf_err *cf_pool_asked_met(const struct cf_gathered *g) CF_MUST;

/* One more finding in the end: `row` {record, version, owner, …} and its body.
 * NULL, or why not, with a code. */
const char *cf_gather_add(struct cf_gathered *g, const char **code,
	json_t *row, json_t *body);

/* Numbers the trusts, once all are in. */
void cf_gather_end(struct cf_gathered *g);
/* What an input says of itself. */
json_t *cf_gather_row(struct cf_trust *trust, const json_t *row,
	const json_t *body, const json_t *version);

/* The model that is asked for; CF_USAGE. */
const struct cf_err *cf_pool_model(struct cf_pooled *out,
	const struct cf_pool_what *what) CF_MUST;

/*
 * Pools what was gathered: the report, with `question`, `model`, `inputs` (each
 * with effect, v, se, ci95, weight …), `excluded`, `notRead` and `months`. *out
 * is set even with CF_INVALID (pool.few), as far as there is something to say.
 */
const struct cf_err *cf_pool_gathered(json_t **out,
	const struct cf_gathered *g, const struct cf_pool_what *what) CF_MUST;

/* Beyond which 95 in 100 of the normal distribution do not reach. */
#define CF_NORMAL_95 1.959963984540054

#endif
