#ifndef CF_MOVING_H
#define CF_MOVING_H

/*
 * A version that is about to be signed, on a record that others may have
 * changed since it was begun, or that is in conflict. Nothing is written here.
 */
#include "app/joined.h"

struct cf_moving {
	json_t *body;		/* of the version to sign */
	json_t *settled;	/* contested paths that it decides */
	json_t *conflicts;	/* still open: of the record, or (where there is
				   a draft) those that the draft is a side of */
	json_t *decided;	/* [{path, value | absent}] by the choices */
	json_t *meanwhile;	/* [{version, by, fields}] that the draft had not
				   seen, oldest first */
	json_t *contested;	/* of the record as it stands: its conflicts */
	json_t *stands;		/* its body */
};

/* The record as it stands, for somebody who settles it. */
const struct cf_err *cf_moving_settle(struct cf_moving *out,
	struct cf_joined *joined) CF_MUST;

/*
 * The merge decides what becomes of a draft that builds on `parents`: it is
 * merged with all that there is as if it had been signed at the time. What it
 * comes to is for a version that builds on everything.
 */
const struct cf_err *cf_moving_draft(struct cf_moving *out,
	struct cf_joined *joined, const json_t *draft, const json_t *parents)
	CF_MUST;

/*
 * Takes decisions in. CF_USAGE: there is no such field in conflict, or no side
 * of that trust.
 */
const struct cf_err *cf_moving_choose(struct cf_moving *moving,
	struct cf_joined *joined, const struct cf_choice *choices, size_t n)
	CF_MUST;

void cf_moving_clear(struct cf_moving *moving);

#endif
