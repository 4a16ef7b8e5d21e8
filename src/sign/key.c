/*
 * Ed25519 keys: their names as did:key, secret halves in guarded memory, and
 * the two operations on bytes.
 */
#include <sodium.h>
#include <string.h>

#include "sign/secret.h"
#include "sign/sign.h"

#define DID_PREFIX "did:key:z"
#define MULTIKEY 34		/* 0xed 0x01: an Ed25519 public key follows */

struct cf_seckey {
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	struct cf_pubkey public;
};

/* y below the field's prime 2^255 - 19, so that one point has one name. */
static bool
canonical_point(const unsigned char raw[32])
{
	if (raw[0] < 0xed || (raw[31] & 0x7f) != 0x7f)
		return true;
	for (size_t i = 1; i < 31; i++)
		if (raw[i] != 0xff)
			return true;
	return false;
}

bool
cf_pubkey_parse(struct cf_pubkey *out, struct cf_str did)
{
	unsigned char multikey[MULTIKEY];
	struct cf_str text = did;

	if (did.n != CF_DID_TEXT - 1 || !cf_str_skip(&text, DID_PREFIX) ||
		!cf_unbase58(multikey, sizeof multikey, text) ||
		multikey[0] != 0xed || multikey[1] != 0x01 ||
		!canonical_point(multikey + 2))
		return false;
	memcpy(out->raw, multikey + 2, 32);
	memcpy(out->did, did.p, did.n);
	out->did[did.n] = '\0';
	return true;
}

void
cf_pubkey_from_raw(struct cf_pubkey *out, const unsigned char raw[32])
{
	unsigned char multikey[MULTIKEY] = { 0xed, 0x01 };

	memcpy(out->raw, raw, 32);
	memcpy(multikey + 2, raw, 32);
	memcpy(out->did, DID_PREFIX, sizeof DID_PREFIX - 1);
	cf_base58(out->did + sizeof DID_PREFIX - 1, multikey, sizeof multikey);
}

struct cf_seckey *
cf_seckey_new(void)
{
	unsigned char seed[32];
	struct cf_seckey *key;

	cf_random(seed, sizeof seed);
	key = cf_seckey_from_seed(seed);
	sodium_memzero(seed, sizeof seed);
	return key;
}

struct cf_seckey *
cf_seckey_from_seed(const unsigned char seed[32])
{
	struct cf_seckey *key = cf_locked(sizeof *key);
	unsigned char raw[crypto_sign_PUBLICKEYBYTES];

	(void)crypto_sign_seed_keypair(raw, key->secret, seed);
	cf_pubkey_from_raw(&key->public, raw);
	(void)sodium_mprotect_readonly(key);
	return key;
}

struct cf_seckey *
cf_seckey_copy(const struct cf_seckey *key)
{
	struct cf_seckey *copy = cf_locked(sizeof *copy);

	*copy = *key;
	(void)sodium_mprotect_readonly(copy);
	return copy;
}

void
cf_seckey_seed(const struct cf_seckey *key, unsigned char seed[32])
{
	(void)crypto_sign_ed25519_sk_to_seed(seed, key->secret);
}

void
cf_seckey_free(struct cf_seckey *key)
{
	sodium_free(key);
}

const struct cf_pubkey *
cf_seckey_public(const struct cf_seckey *key)
{
	return &key->public;
}

void
cf_sign_bytes(unsigned char sig[64], const struct cf_seckey *key,
	const void *bytes, size_t n)
{
	(void)crypto_sign_detached(sig, NULL, bytes, n, key->secret);
}

const struct cf_err *
cf_verify_bytes(const struct cf_pubkey *key, const unsigned char sig[64],
	const void *bytes, size_t n)
{
	if (crypto_sign_verify_detached(sig, bytes, n, key->raw) != 0)
		return cf_err(CF_REFUSED, "the signature is not by the key %s "
			"over these bytes", key->did);
	return NULL;
}
