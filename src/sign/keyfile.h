#ifndef CF_KEYFILE_H
#define CF_KEYFILE_H

/*
 * What a key file says. It is JSON in one form, compared byte by byte, so that
 * a secret never passes through a parser's memory. Sealed with a passphrase:
 *
 *	{
 *	  "argon2id": {
 *	    "memory": 268435456,	bytes, whole KiB
 *	    "passes": 3,
 *	    "salt": "16 bytes, base64"
 *	  },
 *	  "box": "base64: nonce 24, tag 16, sealed seed 32 (XSalsa20-Poly1305)",
 *	  "key": "did:key:z6Mk...",
 *	  "kind": "confer-key",
 *	  "version": 1
 *	}
 *
 * Without a passphrase there are key, kind, "seed" (32 bytes, base64) and
 * version. The seed is the RFC 8032 secret key.
 */
#include "sign/sign.h"

struct cf_keyfile {
	bool sealed;
	uint64_t memory, passes;
	struct cf_str salt, box, seed;	/* base64, in the text that was read */
	struct cf_pubkey key;
};

/* The text of a file that holds `key`; passphrase NULL: not sealed. */
const struct cf_err *cf_keyfile_write(struct cf_secret *out,
	const struct cf_seckey *key, const struct cf_secret *passphrase)
	CF_MUST;
/* False where the text has another form or a cost past limits.h. */
bool cf_keyfile_parse(struct cf_keyfile *out, struct cf_str text);
/* CF_INVALID: key.passphrase, or key.damaged where what is inside is not the
 * key that the file names. */
const struct cf_err *cf_keyfile_open(struct cf_seckey **out,
	const struct cf_keyfile *file, const struct cf_secret *passphrase)
	CF_MUST;

#endif
