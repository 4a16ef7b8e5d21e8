#ifndef CF_SEEN_H
#define CF_SEEN_H

/*
 * A single commit, judged by its bytes and the chain of identities: what
 * somebody else saw, which may be in no history that we know. Two of one number
 * in one era prove that a trust showed different histories.
 */
#include "record/identity.h"
#include "store/store.h"

struct cf_seen {
	struct cf_oid oid;
	uint64_t sequence;
	unsigned identity;	/* that it names */
	unsigned era;		/* number of the newest restart up to there, or 0 */
	int64_t time;
	char signer[CF_DID_TEXT];
};

/*
 * CF_REFUSED where these bytes are no commit of that trust which counts: the
 * signer must be a publish key of the identity that the commit names, and not be
 * revoked as lost or compromised by the chain's last.
 */
const struct cf_err *cf_seen_read(struct cf_seen *out,
	const struct cf_chain *chain, struct cf_str commit) CF_MUST;
/* Whether no one history can have both. */
bool cf_seen_split(const struct cf_seen *a, const struct cf_seen *b);

/* The newest era of a chain: the number of its last restart, or 0. */
unsigned cf_chain_era(const struct cf_chain *chain);

/*
 * A proof of it (schemas/equivocation.json), from two commits that cf_seen_split
 * tells apart. The caller owns it.
 */
json_t *cf_split_proof(const struct cf_chain *chain, struct cf_str a,
	struct cf_str b);
/*
 * Checks such a proof by itself: {proof, trust: {id, name, role}, safetyNumber,
 * sequence, commits: [{id, time, signer}]}. CF_REFUSED or CF_INVALID where it
 * proves nothing.
 */
const struct cf_err *cf_split_check(json_t **out, json_t *proof) CF_MUST;

#endif
