#ifndef CF_JOIN_H
#define CF_JOIN_H

/*
 * The versions of one record in all verified mains, ready to be merged: which of
 * them count, and what they hold. For src/app only.
 */
#include "app/trust.h"

struct cf_join {
	struct cf_trust *trust;
	struct cf_versions rows;	/* as the index has them */
	enum cf_standing standing;
	size_t owner_row;		/* the owner's file; of those rows */
	struct cf_snapshots versions;	/* each once */
	json_t **doc;			/* of each: as it is asked for */
	/* For cf_merge, cf_merge_history and cf_merge_blame; in.owner is the
	 * version of the owner's file. */
	struct cf_merge_in in;
};

/* `owner`: the trust that the record's id certifies, or NULL where it is not
 * followed; then, and where nothing counts, `versions` is empty. */
const struct cf_err *cf_join_open(struct cf_join *out, struct cf_trust *trust,
	const char *owner, const char *record) CF_MUST;
void cf_join_close(struct cf_join *join);

/* The file of a version, with the proofs of one main. Borrowed. */
const struct cf_err *cf_join_doc(const json_t **out, struct cf_join *join,
	size_t version) CF_MUST;

/* Whether a version that counts builds on one that is not here. */
bool cf_join_lacks(const struct cf_join *join);

/* The trust, among those in the index, that a record's id certifies. NULL in
 * *out: none. The caller frees it. */
const struct cf_err *cf_owner_of(char **out, struct cf_trust *trust,
	const char *record) CF_MUST;

#endif
