/*
 * SHA-256, and its name in text: digestMultibase, which is base58btc of a
 * multihash (0x12 sha2-256, 0x20 its length, 32 bytes).
 */
#include <sodium.h>
#include <string.h>

#include "sign/sign.h"

#define MULTIHASH 34

void
cf_sha256(unsigned char out[32], const void *bytes, size_t n)
{
	(void)crypto_hash_sha256(out, bytes, n);
}

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct cf_hashing),
	"room for libsodium's state");

void
cf_hash_begin(struct cf_hashing *hashing)
{
	(void)crypto_hash_sha256_init((void *)hashing->room);
}

void
cf_hash_add(struct cf_hashing *hashing, const void *bytes, size_t n)
{
	(void)crypto_hash_sha256_update((void *)hashing->room, bytes, n);
}

void
cf_hash_end(unsigned char out[32], struct cf_hashing *hashing)
{
	(void)crypto_hash_sha256_final((void *)hashing->room, out);
}

void
cf_digest_of(struct cf_digest *out, const void *bytes, size_t n)
{
	unsigned char hash[32];

	cf_sha256(hash, bytes, n);
	cf_digest_from_hash(out, hash);
}

void
cf_digest_from_hash(struct cf_digest *out, const unsigned char hash[32])
{
	unsigned char multihash[MULTIHASH] = { 0x12, 0x20 };

	memcpy(multihash + 2, hash, 32);
	out->text[0] = 'z';
	cf_base58(out->text + 1, multihash, sizeof multihash);
}

static bool
decode(unsigned char out[32], struct cf_str text)
{
	unsigned char multihash[MULTIHASH];

	if (text.n != CF_DIGEST_TEXT - 1 || !cf_str_skip(&text, "z") ||
		!cf_unbase58(multihash, sizeof multihash, text) ||
		multihash[0] != 0x12 || multihash[1] != 0x20)
		return false;
	memcpy(out, multihash + 2, 32);
	return true;
}

bool
cf_digest_parse(struct cf_digest *out, struct cf_str text)
{
	unsigned char raw[32];

	if (!decode(raw, text))
		return false;
	memcpy(out->text, text.p, text.n);
	out->text[text.n] = '\0';
	return true;
}

bool
cf_digest_raw(unsigned char out[32], const char *text)
{
	return decode(out, cf_str(text));
}

const struct cf_err *
cf_digest_doc(struct cf_digest *out, const json_t *doc)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;

	*out = (struct cf_digest){ 0 };
	err = cf_json_canonical(&jcs, doc, "proof");
	if (!err)
		cf_digest_of(out, jcs.data, jcs.len);
	cf_buf_clear(&jcs);
	return err;
}
