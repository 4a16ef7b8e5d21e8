#ifndef CF_JOINED_H
#define CF_JOINED_H

/*
 * A record of the commons as people ask about it: what contradicts what, who
 * wrote what, what may be missing; and, where somebody is about to publish, a
 * draft among its versions as if it were signed already. For src/app only.
 */
#include "app/join.h"
#include "base/clock.h"

struct cf_joined {
	struct cf_trust *trust;
	struct cf_join join;
	const json_t *owner_doc;	/* borrowed from join */
	/* All versions, and last the draft; NULL: there is none. */
	struct cf_snapshot *with_draft;
	const json_t *draft;
	char modified[CF_TIME_TEXT];
	const char *us[1];
};

/* A record of the commons. CF_NOT_FOUND where it waits for its owner, or every
 * version is held. */
const struct cf_err *cf_joined_read(struct cf_joined *out,
	struct cf_trust *trust, const char *id) CF_MUST;
void cf_joined_clear(struct cf_joined *joined);

/* Takes a draft's `body` and `settled` (borrowed) as a version of ours that was
 * built on `parents`; those that are not known are as if not named. */
void cf_joined_add(struct cf_joined *joined, const json_t *draft,
	const json_t *parents);

/* Marks (n of the join's versions) what `parents` name and build on. */
void cf_joined_past(bool *seen, const struct cf_joined *joined,
	const json_t *parents);
/* Whether nothing that counts was written beside or after them. */
bool cf_joined_covers(const struct cf_joined *joined, const json_t *parents);

/* What all of it comes to, or how it came about; see merge/merge.h. Sides of the
 * draft have the version "". */
const struct cf_err *cf_joined_merge(struct cf_merged *out,
	struct cf_joined *joined) CF_MUST;
const struct cf_err *cf_joined_history(json_t **out, struct cf_joined *joined)
	CF_MUST;
const struct cf_err *cf_joined_blame(json_t **out, struct cf_joined *joined)
	CF_MUST;

/*
 * Why what is here may not be all (DESIGN 6.3): [{trust, name, why}] of the
 * stewards who are not followed, or could not be asked, where a version that is
 * named is missing; an empty list where nothing is.
 */
const struct cf_err *cf_joined_missing(json_t **out, struct cf_joined *joined)
	CF_MUST;

/* {id, kind, title, status, ours, heads, fields, incomplete}: where the record is
 * contested. `ours`: it is ours to settle. */
const struct cf_err *cf_conflicts_of(json_t **out, struct cf_joined *joined,
	const char *id) CF_MUST;
/* Every version: [{version, trust, name, modified, parents, status, held?, why?,
 * counts, onto?, fields?}]. */
const struct cf_err *cf_history_of(json_t **out, struct cf_joined *joined)
	CF_MUST;
/* As cf_merge_blame, with names. */
const struct cf_err *cf_blame_of(json_t **out, struct cf_joined *joined)
	CF_MUST;
/* Heads that the owner's version does not build on: [{trust, name, version,
 * modified}]. */
json_t *cf_unseen_by_owner(const struct cf_joined *joined);
/* The names of all trusts in a conflict's `fields`, and of the entries of a list
 * whose order is contested: {key in canonical form: title} in `names`. */
void cf_name_sides(struct cf_joined *joined, const json_t *body,
	json_t *fields);
/* [{trust, version, modified}] with the `name` of each trust. */
void cf_name_signers(struct cf_trust *trust, json_t *by);

#endif
