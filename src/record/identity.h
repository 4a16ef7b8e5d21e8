#ifndef CF_IDENTITY_H
#define CF_IDENTITY_H

/*
 * Who a trust is: the chain of its identity documents (keys/NNNN.json), and
 * which key may do what at which place of its history.
 */
#include "record/kind.h"
#include "sign/sign.h"

struct cf_identity {
	json_t *doc;			/* owned */
	struct cf_digest digest;	/* of the document without proof */
	unsigned version;
	const char *name, *role;	/* borrowed from doc */
};

/* Identities 1 to n, oldest first. The trust id is the digest of the first. */
struct cf_chain {
	struct cf_identity *link;
	size_t n, cap;
};

#define CF_IDENTITY_PATH_TEXT 16
/* keys/NNNN.json */
void cf_identity_path(char out[CF_IDENTITY_PATH_TEXT], unsigned version);

/* Reads a document: file form, schema, the rules that need no other document.
 * CF_REFUSED with rules identity.…; *out is empty then. */
const struct cf_err *cf_identity_read(struct cf_identity *out,
	struct cf_str bytes) CF_MUST;
void cf_identity_clear(struct cf_identity *identity);

/*
 * Appends `next` (taking it, also on failure) where it follows from the chain:
 * the first by its own root key's proof, version n + 1 by `previous` and proofs
 * of a root key of n and of one of n + 1, with `revoked` only grown. CF_REFUSED:
 * identity.version identity.previous identity.proof identity.revoked
 * identity.key-reuse.
 */
const struct cf_err *cf_chain_append_take(struct cf_chain *chain,
	struct cf_identity *next) CF_MUST;
void cf_chain_clear(struct cf_chain *chain);
void cf_chain_copy(struct cf_chain *out, const struct cf_chain *chain);

/* The identity in force, or NULL for an empty chain. */
const struct cf_identity *cf_chain_now(const struct cf_chain *chain);
const char *cf_chain_trust(const struct cf_chain *chain);

/* How many identities two chains have in common, byte for byte, from the first
 * on. One that is as long as either: they do not part. */
size_t cf_chain_common(const struct cf_chain *a, const struct cf_chain *b);
/* The newest identity with which history was made again, or NULL: since it the
 * trust is in another era. */
const struct cf_identity *cf_chain_restart(const struct cf_chain *chain);
/* Its reason and the commit from which it goes on; NULL where it is none. */
const char *cf_restart_reason(const struct cf_identity *identity);
const char *cf_restart_base(const struct cf_identity *identity);

/* Whether the key may sign commits now: a publish key of the highest. */
bool cf_chain_may_publish(const struct cf_chain *chain, const char *did);
/* Whether a proof by the key counts: it was a publish key of any identity and
 * is not revoked as compromised by the highest. */
bool cf_chain_proof_counts(const struct cf_chain *chain, const char *did);
/* The proof of a document that stands for the trust: of those that count, the one
 * with the smallest canonical form. Borrowed, or NULL. */
json_t *cf_chain_proof(const struct cf_chain *chain, const json_t *doc);
/* Whether the highest revokes the key, with any reason. */
const char *cf_chain_revoked(const struct cf_chain *chain, const char *did);

/* <trust id>@confer.invalid; the caller frees. */
char *cf_trust_email(const char *trust);
/* What may be a trust's name: 1 to 100 characters, no < or >, no control
 * characters, no space or punctuation at its ends. */
bool cf_name_valid(const char *name);

#endif
