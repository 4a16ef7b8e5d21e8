#ifndef CF_APP_WITNESS_H
#define CF_APP_WITNESS_H

/*
 * What trusts saw of each other; for src/app only.
 */
#include "app/trust.h"
#include "gate/seen.h"

/* The commit of `whom` that a main with this tree vouches for. A file that does
 * not say so is as if it were not there. */
const struct cf_err *cf_witness_in(struct cf_buf *commit, bool *found,
	struct cf_trust *trust, const struct cf_oid *tree, const char *whom)
	CF_MUST;

/* The tree of our next commit, with what we have verified of our partners in
 * it, as far as it is not there already (confer.publishPartners). */
const struct cf_err *cf_witness_add(struct cf_oid *tree, struct cf_trust *trust)
	CF_MUST;

/*
 * Compares what partners saw of each other and of us with what we verified,
 * where either is new since the last time. Sets `splits` in the result of a sync
 * and adds sentences to `attention`; *decide where a person must look. Under the
 * lock.
 */
const struct cf_err *cf_witness_compare(json_t *result, bool *decide,
	struct cf_trust *trust) CF_MUST;
/* The same for a main that a host shows and that was refused because it is not
 * the one that we verified. `odb` has its commits. */
const struct cf_err *cf_witness_fork(json_t *result, struct cf_trust *trust,
	const struct cf_partner *partner, struct cf_odb *odb,
	const struct cf_oid *head) CF_MUST;

/* CF_REFUSED, publish.behind, where a partner saw a commit of ours which comes
 * after all that is here. */
const struct cf_err *cf_witness_behind(struct cf_trust *trust) CF_MUST;

/* Whether a partner saw a commit of ours that comes after number `after` in our
 * main as it is here. */
const struct cf_err *cf_witness_of_ours(bool *out, struct cf_trust *trust,
	uint64_t after) CF_MUST;

/* Proofs that were kept: [{trust, title, sequence, proof}]. */
json_t *cf_split_list(struct cf_trust *trust);
/* Writes one down; appends it to `splits` of the result. `saw`: who was shown
 * the other commit. */
const struct cf_err *cf_split_keep(json_t *result, struct cf_trust *trust,
	const struct cf_chain *chain, struct cf_str ours, struct cf_str other,
	const char *saw) CF_MUST;

#endif
