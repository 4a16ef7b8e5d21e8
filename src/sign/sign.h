#ifndef CF_SIGN_H
#define CF_SIGN_H

/*
 * Hashes, keys and signatures. Ed25519 (RFC 8032) through libsodium; names of
 * keys and hashes as W3C Data Integrity writes them.
 */
#include <stdint.h>

#include "json/json.h"

/* Once: starts libsodium and runs the self-test of the verification rule (a
 * torsion vector; DESIGN: cofactorless, byte comparison of R). CF_REFUSED where
 * this build of libsodium judges otherwise. Turns core dumps off. */
const struct cf_err *cf_sign_start(void) CF_MUST;
/* Of libsodium. */
const char *cf_sign_version(void);

/* --- hashes ------------------------------------------------------------- */
#define CF_DIGEST_TEXT 48	/* "zQm" and 44 more: base58btc of a multihash, NUL */

struct cf_digest {
	char text[CF_DIGEST_TEXT];	/* digestMultibase, sha2-256 */
};

void cf_sha256(unsigned char out[32], const void *bytes, size_t n);
/* The same of bytes that come in pieces. */
struct cf_hashing {
	uint64_t room[16];
};
void cf_hash_begin(struct cf_hashing *hashing);
void cf_hash_add(struct cf_hashing *hashing, const void *bytes, size_t n);
void cf_hash_end(unsigned char out[32], struct cf_hashing *hashing);
void cf_digest_of(struct cf_digest *out, const void *bytes, size_t n);
/* The same of a SHA-256 that is known already. */
void cf_digest_from_hash(struct cf_digest *out, const unsigned char hash[32]);
/* Exactly a sha2-256 digestMultibase in its one form; false otherwise. */
bool cf_digest_parse(struct cf_digest *out, struct cf_str text);
bool cf_digest_raw(unsigned char out[32], const char *text);
/* digestMultibase of the canonical form of `doc` without the member `proof`. */
const struct cf_err *cf_digest_doc(struct cf_digest *out, const json_t *doc)
	CF_MUST;

/* base58btc (no prefix). Encoding: out holds 2n + 1 bytes. Decoding: exactly n
 * bytes or false. */
void cf_base58(char *out, const void *bytes, size_t n);
bool cf_unbase58(void *out, size_t n, struct cf_str text);
/* RFC 4648 base64 with padding; strict (one form). out as sodium needs it. */
void cf_base64_add(struct cf_buf *out, const void *bytes, size_t n);
bool cf_base64_decode(struct cf_buf *out, struct cf_str text);

void cf_random(void *out, size_t n);
void cf_salt(char out[23]);	/* 128 random bits, base64url, NUL */

/* --- keys --------------------------------------------------------------- */
#define CF_DID_TEXT 57		/* "did:key:z6Mk" and 44 more, NUL */

struct cf_pubkey {
	unsigned char raw[32];
	char did[CF_DID_TEXT];
};

/* Exactly did:key with an Ed25519 key in its one form. */
bool cf_pubkey_parse(struct cf_pubkey *out, struct cf_str did);
void cf_pubkey_from_raw(struct cf_pubkey *out, const unsigned char raw[32]);

struct cf_seckey;		/* in sodium_malloc memory */
struct cf_seckey *cf_seckey_new(void);
struct cf_seckey *cf_seckey_from_seed(const unsigned char seed[32]);
void cf_seckey_seed(const struct cf_seckey *key, unsigned char seed[32]);
struct cf_seckey *cf_seckey_copy(const struct cf_seckey *key);
void cf_seckey_free(struct cf_seckey *key);
const struct cf_pubkey *cf_seckey_public(const struct cf_seckey *key);

void cf_sign_bytes(unsigned char sig[64], const struct cf_seckey *key,
	const void *bytes, size_t n);
/* NULL is the only accept; CF_REFUSED. */
const struct cf_err *cf_verify_bytes(const struct cf_pubkey *key,
	const unsigned char sig[64], const void *bytes, size_t n) CF_MUST;

/* --- Data Integrity, eddsa-jcs-2022 (W3C vc-di-eddsa 3.3) ----------------- */

/* A new proof of `doc` (whose `proof` is ignored) by `key`; the caller owns it.
 * purpose assertionMethod, `created` our time text. A document with @context
 * gets it into the proof, as the suite wants. */
const struct cf_err *cf_proof_make(json_t **out, const json_t *doc,
	const struct cf_seckey *key, const char *created) CF_MUST;

/*
 * Checks the arithmetic of one proof against the document's hash: shape, suite,
 * purpose, key, signature. `dochash` is SHA-256 of the canonical form of the
 * document without `proof`. On success *signer (may be NULL) is the key of
 * verificationMethod. The proof has the six members type, cryptosuite, created
 * (any RFC 3339 time), verificationMethod, proofPurpose, proofValue and no other.
 * CF_REFUSED; rules: proof.shape proof.key proof.signature.
 */
const struct cf_err *cf_proof_verify(struct cf_pubkey *signer,
	const json_t *proof, const unsigned char dochash[32]) CF_MUST;
/* The same for a document that is not a record of ours: the proof may have an
 * @context with which the document's own begins. */
const struct cf_err *cf_proof_verify_doc(struct cf_pubkey *signer,
	const json_t *proof, const json_t *doc) CF_MUST;

/* The key that a proof names, whatever the proof is worth. */
bool cf_proof_key(struct cf_pubkey *out, const json_t *proof);
/* Sorts by verificationMethod, then canonical bytes; drops equal ones. */
void cf_proofs_sort(json_t *proofs);

/* --- SSHSIG (OpenSSH PROTOCOL.sshsig), namespace git --------------------- */

/* Armoured signature over `bytes`, lines of 70, without a final newline. */
void cf_sshsig_make(struct cf_buf *armour, const struct cf_seckey *key,
	const void *bytes, size_t n);
/* Strict: one form only. *signer is the key inside. CF_REFUSED with rule
 * commit.signature. The caller decides whether that key may sign. */
const struct cf_err *cf_sshsig_verify(struct cf_pubkey *signer,
	struct cf_str armour, const void *bytes, size_t n) CF_MUST;
/* One line of an allowed_signers file with its newline:
 * <principal> namespaces="git" ssh-ed25519 <base64>. */
void cf_allowed_signer(struct cf_buf *out, const char *principal,
	const struct cf_pubkey *key);

/* --- key store ---------------------------------------------------------- */
struct cf_secret {		/* bytes in sodium_malloc memory, or empty */
	char *p;
	size_t n;
};
void cf_secret_set(struct cf_secret *s, const char *bytes, size_t n);
void cf_secret_clear(struct cf_secret *s);
void cf_secret_room(struct cf_secret *s, size_t n);	/* n bytes of 0 */
/* A file's bytes, with no copy left anywhere else. */
const struct cf_err *cf_secret_load(struct cf_secret *out, const char *path,
	size_t max) CF_MUST;
/* As cf_buf_clear, and nothing of it stays in memory: for a buffer that held a
 * recovery sheet. (One that grew while it held one left copies behind.) */
void cf_buf_wipe(struct cf_buf *b);

/* $CONFER_HOME, else $XDG_DATA_HOME/confer, else $HOME/.local/share/confer.
 * CF_USAGE without any: says which to set. The caller frees. */
const struct cf_err *cf_keystore_dir(char **out) CF_MUST;
/* Writes <dir>/keys/<trust>/<did without "did:key:">.key, mode 0600, folders
 * 0700, never over another file. passphrase NULL: not sealed. */
const struct cf_err *cf_keystore_save(const char *trust,
	const struct cf_seckey *key, const struct cf_secret *passphrase) CF_MUST;
/* Takes back what cf_keystore_save wrote, as far as that is possible. */
void cf_keystore_remove(const char *trust, const struct cf_pubkey *key);
/* Whether the key is here, and whether opening it takes a passphrase. */
const struct cf_err *cf_keystore_find(bool *here, bool *sealed,
	const char *trust, const struct cf_pubkey *key) CF_MUST;
/* CF_INVALID (key.passphrase) on a wrong passphrase; CF_NOT_FOUND. Refuses a
 * file that others can read (key.permissions). */
const struct cf_err *cf_keystore_open(struct cf_seckey **out,
	const char *trust, const struct cf_pubkey *key,
	const struct cf_secret *passphrase) CF_MUST;

/* --- sealed files --------------------------------------------------------- */

/* Writes a file that takes the secret key to read, and `line`, which does not. */
const struct cf_err *cf_sealed_write(const char *path,
	const struct cf_seckey *key, const char *line, struct cf_str bytes)
	CF_MUST;
const struct cf_err *cf_sealed_line(char **line, const char *path, size_t max)
	CF_MUST;
/* The name of a copy beside a sealed file, sealed with the key that is to come:
 * where `path` does not open, cf_sealed_read takes it in its place, and
 * cf_sealed_write removes it. The caller frees. */
char *cf_sealed_next(const char *path);
/* CF_INVALID: roll.key where another key sealed it, roll.damaged. */
const struct cf_err *cf_sealed_read(struct cf_secret *out, const char *path,
	size_t max, const struct cf_seckey *key) CF_MUST;

/* --- recovery sheets ----------------------------------------------------- */

struct cf_sheet {		/* what stands above the key */
	const char *trust_name, *trust_id;
	unsigned number, total;	/* sheet 1 of 2 */
	const char *created;	/* our time text */
};
/* The text to print: trust name and id, which sheet of how many, the date, the
 * key in checksummed lines, what it is for and how to use it. ASCII; the caller
 * wipes `out`. */
void cf_sheet_write(struct cf_buf *out, const struct cf_seckey *key,
	const struct cf_sheet *sheet);
#define CF_SHEET_LINES 8
/* Judges line `number` (1 to CF_SHEET_LINES) by itself as it is typed, with or
 * without its number; CF_INVALID, sheet.line. */
const struct cf_err *cf_sheet_line(struct cf_str text, unsigned number)
	CF_MUST;
/* Reads the checksummed lines wherever they stand in `text`, forgiving case,
 * spaces, hyphens, O for 0, I and L for 1. The lines may stand in any order with
 * their numbers, or in order without. CF_INVALID: sheet.line names the line to
 * look at again, sheet.whole says that the lines are not of one sheet. */
const struct cf_err *cf_sheet_read(struct cf_seckey **out, struct cf_str text)
	CF_MUST;

/* --- safety number ------------------------------------------------------- */
#define CF_SAFETY_TEXT 36	/* six groups of five digits, spaces, NUL */
/* From SHA-256("confer safety number 1\n" + trust id): group i is the 5 bytes at
 * 5i, big endian, mod 100000. */
void cf_safety_number(char out[CF_SAFETY_TEXT], const char *trust_id);
#define CF_KEY_NUMBER_TEXT 7	/* six digits, NUL */
/* The same of a did:key, for somebody who copies one: from
 * SHA-256("confer key number 1\n" + did), its first 5 bytes, mod 1000000. */
void cf_key_number(char out[CF_KEY_NUMBER_TEXT], const char *did);

#endif
