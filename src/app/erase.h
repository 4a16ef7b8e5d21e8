#ifndef CF_ERASE_H
#define CF_ERASE_H

/*
 * An erasure on its way; for src/app/erase.c and erase_plan.c only.
 */
#include "app/erased.h"
#include "app/identity.h"

/* One record of it. */
struct cf_target {
	struct cf_uuid id;
	char kind[CF_KIND_TEXT];
	char *title;		/* the last that our own main has, or "" */
	bool ours;		/* we own it */
	bool gone;		/* its owner's tombstone counts */
	uint64_t first;		/* commit that brought its text; 0: no text */
	size_t versions;	/* of ours with a text */
	json_t *doc;		/* the newest of those that can be read */
	char newest[CF_DIGEST_TEXT];	/* the newest whose id is known, or "" */
	json_t *others;		/* trusts whose mains have versions of it */
};

struct cf_erasing {
	struct cf_trust *trust;
	const struct cf_erase *what;
	const struct cf_renew *how;
	struct cf_target *target;
	size_t n;
	uint64_t first;			/* of all of them; 0: no text */
	struct cf_restarting restart;	/* where there is a text */
	bool alone;			/* partners follow without a person */
	json_t *ids;
};
/* Finds out what there is to do; changes nothing. CF_INVALID where it is not ours
 * to do. */
const struct cf_err *cf_erase_plan(struct cf_erasing *e) CF_MUST;
void cf_erasing_clear(struct cf_erasing *e);
/* Whether our main still lacks a tombstone. */
bool cf_erase_lacks_tombstone(const struct cf_erasing *e);
/* The plan as a result has it. */
json_t *cf_erase_result(const struct cf_erasing *e);
/* What will happen, what cannot be undone and what cannot be reached. */
void cf_erase_text(struct cf_buf *out, const struct cf_erasing *e);
/* Says that, and asks. CF_DECIDE where nobody is there, CF_CANCELLED. */
const struct cf_err *cf_erase_ask(const struct cf_erasing *e) CF_MUST;

#endif
