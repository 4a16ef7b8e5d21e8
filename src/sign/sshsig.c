/*
 * OpenSSH signatures (PROTOCOL.sshsig) in the one form that Confer writes:
 * version 1, Ed25519, namespace git, nothing reserved, SHA-512. All fields but
 * key and signature are fixed, so verifying takes those two out of their
 * places, writes the whole again and compares every byte of the text.
 */
#include <sodium.h>
#include <string.h>

#include "sign/sign.h"

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----"
#define KEY_TYPE "ssh-ed25519"
#define NAMESPACE "git"
#define HASH "sha512"
#define HASH_BYTES 64
#define MAGIC "SSHSIG"
#define KEY_BLOB (4 + 11 + 4 + 32)
#define SIG_BLOB (4 + 11 + 4 + 64)
/* magic, version, key, namespace, reserved, hash name, signature */
#define BLOB (6 + 4 + 4 + KEY_BLOB + 4 + 3 + 4 + 4 + 6 + 4 + SIG_BLOB)
#define KEY_AT (6 + 4 + 4 + 4 + 11 + 4)
#define SIG_AT (BLOB - 64)
#define LINE 70
#define TEXT ((BLOB + 2) / 3 * 4)
#define ARMOUR (sizeof BEGIN - 1 + TEXT + (TEXT + LINE - 1) / LINE + \
	sizeof END - 1)

static void
add_u32(struct cf_buf *b, uint32_t v)
{
	unsigned char be[4] = { (unsigned char)(v >> 24),
		(unsigned char)(v >> 16), (unsigned char)(v >> 8),
		(unsigned char)v };

	cf_buf_add(b, be, sizeof be);
}

/* SSH's string: length and bytes. */
static void
add_string(struct cf_buf *b, const void *bytes, size_t n)
{
	add_u32(b, (uint32_t)n);
	cf_buf_add(b, bytes, n);
}

static void
add_text(struct cf_buf *b, const char *s)
{
	add_string(b, s, strlen(s));
}

static void
add_key(struct cf_buf *b, const struct cf_pubkey *key)
{
	add_text(b, KEY_TYPE);
	add_string(b, key->raw, sizeof key->raw);
}

/* What is signed in place of the bytes themselves. */
static void
add_signed_data(struct cf_buf *b, const void *bytes, size_t n)
{
	unsigned char hash[HASH_BYTES];

	(void)crypto_hash_sha512(hash, bytes, n);
	cf_buf_puts(b, MAGIC);
	add_text(b, NAMESPACE);
	add_text(b, "");
	add_text(b, HASH);
	add_string(b, hash, sizeof hash);
}

static void
add_armour(struct cf_buf *out, const struct cf_pubkey *key,
	const unsigned char sig[64])
{
	struct cf_buf blob = CF_BUF(BLOB), text = CF_BUF(TEXT);

	cf_buf_puts(&blob, MAGIC);
	add_u32(&blob, 1);
	add_u32(&blob, KEY_BLOB);
	add_key(&blob, key);
	add_text(&blob, NAMESPACE);
	add_text(&blob, "");
	add_text(&blob, HASH);
	add_u32(&blob, SIG_BLOB);
	add_text(&blob, KEY_TYPE);
	add_string(&blob, sig, 64);
	cf_base64_add(&text, blob.data, blob.len);
	cf_buf_puts(out, BEGIN);
	for (size_t i = 0; i < text.len; i += LINE) {
		cf_buf_add(out, text.data + i,
			text.len - i < LINE ? text.len - i : LINE);
		cf_buf_putc(out, '\n');
	}
	cf_buf_puts(out, END);
	cf_buf_clear(&blob);
	cf_buf_clear(&text);
}

void
cf_sshsig_make(struct cf_buf *armour, const struct cf_seckey *key,
	const void *bytes, size_t n)
{
	struct cf_buf data = CF_BUF(256);
	unsigned char sig[64];

	add_signed_data(&data, bytes, n);
	cf_sign_bytes(sig, key, data.data, data.len);
	add_armour(armour, cf_seckey_public(key), sig);
	cf_buf_clear(&data);
}

/* Key and signature from their places in the text; false: no such text. */
static bool
take_apart(struct cf_pubkey *key, unsigned char sig[64], struct cf_str armour)
{
	struct cf_buf text = CF_BUF(TEXT), blob = CF_BUF(BLOB);
	struct cf_str s = armour;
	bool ok = false;

	if (s.n != ARMOUR || !cf_str_skip(&s, BEGIN))
		return false;
	while (text.len < TEXT) {
		size_t take = TEXT - text.len < LINE ? TEXT - text.len : LINE;

		cf_buf_add(&text, s.p, take);
		s.p += take + 1;
		s.n -= take + 1;
	}
	if (cf_base64_decode(&blob, (struct cf_str){ text.data, text.len }) &&
		blob.len == BLOB) {
		cf_pubkey_from_raw(key,
			(const unsigned char *)blob.data + KEY_AT);
		memcpy(sig, blob.data + SIG_AT, 64);
		ok = true;
	}
	cf_buf_clear(&text);
	cf_buf_clear(&blob);
	return ok;
}

const struct cf_err *
cf_sshsig_verify(struct cf_pubkey *signer, struct cf_str armour,
	const void *bytes, size_t n)
{
	struct cf_buf again = CF_BUF(ARMOUR), data = CF_BUF(256);
	const struct cf_err *err = NULL;
	struct cf_pubkey key;
	unsigned char sig[64];

	*signer = (struct cf_pubkey){ 0 };
	if (take_apart(&key, sig, armour))
		add_armour(&again, &key, sig);
	if (!cf_str_eq(armour, (struct cf_str){ again.data, again.len })) {
		err = cf_err_rule(CF_REFUSED, "commit.signature",
			"the signature is not in the one form that Confer "
			"writes (an SSH signature by an Ed25519 key, for git)");
		goto done;
	}
	add_signed_data(&data, bytes, n);
	if (cf_verify_bytes(&key, sig, data.data, data.len) != NULL) {
		err = cf_err_rule(CF_REFUSED, "commit.signature",
			"the signature by %s is not over these bytes: they "
			"were changed after they were signed", key.did);
		goto done;
	}
	*signer = key;
done:
	cf_buf_clear(&again);
	cf_buf_clear(&data);
	return err;
}

void
cf_allowed_signer(struct cf_buf *out, const char *principal,
	const struct cf_pubkey *key)
{
	struct cf_buf blob = CF_BUF(KEY_BLOB);

	add_key(&blob, key);
	cf_buf_printf(out, "%s namespaces=\"" NAMESPACE "\" " KEY_TYPE " ",
		principal);
	cf_base64_add(out, blob.data, blob.len);
	cf_buf_putc(out, '\n');
	cf_buf_clear(&blob);
}
