/*
 * OpenSSH signatures (PROTOCOL.sshsig) in the one form that Confer writes:
 * version 1, Ed25519, namespace git, nothing reserved, SHA-512. All but key and
 * signature is fixed, so verifying takes those two out of their places, writes
 * the whole again and compares every byte of the text.
 */
#include <sodium.h>
#include <string.h>

#include "sign/sign.h"

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----"
#define MAGIC "SSHSIG"
/* Each string has its length in front, in four bytes. */
#define KEY_TYPE "\0\0\0\x0b" "ssh-ed25519"
#define KEY_HEAD KEY_TYPE "\0\0\0\x20"
/* namespace, reserved, name of the hash */
#define SPACE "\0\0\0\x03" "git" "\0\0\0\0" "\0\0\0\x06" "sha512"
#define SIZE(literal) (sizeof(literal) - 1)
#define LINE 70

static const char head[] = MAGIC "\0\0\0\x01" "\0\0\0\x33" KEY_HEAD;
static const char middle[] = SPACE "\0\0\0\x53" KEY_TYPE "\0\0\0\x40";
static const char signed_head[] = MAGIC SPACE "\0\0\0\x40";

enum {
	KEY_AT = SIZE(head),
	SIG_AT = KEY_AT + 32 + SIZE(middle),
	BLOB = SIG_AT + 64,
	TEXT = (BLOB + 2) / 3 * 4,	/* of base64 */
	ARMOUR = SIZE(BEGIN) + TEXT + (TEXT + LINE - 1) / LINE + SIZE(END)
};

struct parts {
	unsigned char key[32], sig[64];
};

/* What is signed in place of the bytes themselves. */
struct signed_data {
	unsigned char bytes[SIZE(signed_head) + 64];
};

static void
make_signed_data(struct signed_data *out, const void *bytes, size_t n)
{
	memcpy(out->bytes, signed_head, SIZE(signed_head));
	(void)crypto_hash_sha512(out->bytes + SIZE(signed_head), bytes, n);
}

static void
write_armour(char out[ARMOUR], const struct parts *parts)
{
	unsigned char blob[BLOB];
	char text[TEXT + 1];

	memcpy(blob, head, SIZE(head));
	memcpy(blob + KEY_AT, parts->key, 32);
	memcpy(blob + KEY_AT + 32, middle, SIZE(middle));
	memcpy(blob + SIG_AT, parts->sig, 64);
	(void)sodium_bin2base64(text, sizeof text, blob, sizeof blob,
		sodium_base64_VARIANT_ORIGINAL);
	memcpy(out, BEGIN, SIZE(BEGIN));
	out += SIZE(BEGIN);
	for (size_t i = 0; i < TEXT; i += LINE) {
		size_t n = TEXT - i < LINE ? TEXT - i : LINE;

		memcpy(out, text + i, n);
		out[n] = '\n';
		out += n + 1;
	}
	memcpy(out, END, SIZE(END));
}

/* What a letter of base64 stands for; 0 for all else. */
static unsigned
value_of(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	return c == '+' ? 62 : c == '/' ? 63 : 0;
}

/* Key and signature from their places; false where the text has another size.
 * Nothing else is checked here: what is no base64, or no SSHSIG, is not what
 * comes out when the parts are written again. */
static bool
take_apart(struct parts *out, struct cf_str armour)
{
	unsigned char blob[BLOB];
	unsigned bits = 0, have = 0;
	const char *p;
	size_t n = 0;

	if (armour.n != ARMOUR)
		return false;
	p = armour.p + SIZE(BEGIN);
	for (size_t i = 0; i < TEXT && n < BLOB; i++) {
		bits = (bits << 6 | value_of((unsigned char)*p++)) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			blob[n++] = bits >> have & 0xff;
		}
		p += i % LINE == LINE - 1;
	}
	memcpy(out->key, blob + KEY_AT, 32);
	memcpy(out->sig, blob + SIG_AT, 64);
	return true;
}

void
cf_sshsig_make(struct cf_buf *armour, const struct cf_seckey *key,
	const void *bytes, size_t n)
{
	struct signed_data data;
	struct parts parts;
	char text[ARMOUR];

	make_signed_data(&data, bytes, n);
	memcpy(parts.key, cf_seckey_public(key)->raw, 32);
	cf_sign_bytes(parts.sig, key, data.bytes, sizeof data.bytes);
	write_armour(text, &parts);
	cf_buf_add(armour, text, sizeof text);
}

static const struct cf_err *
bad_shape(void)
{
	return cf_err_rule(CF_REFUSED, "commit.signature",
		"the signature is not in the one form that Confer writes (an "
		"SSH signature by an Ed25519 key, for git)");
}

const struct cf_err *
cf_sshsig_verify(struct cf_pubkey *signer, struct cf_str armour,
	const void *bytes, size_t n)
{
	struct signed_data data;
	struct cf_pubkey key;
	struct parts parts;
	char again[ARMOUR];

	*signer = (struct cf_pubkey){ 0 };
	if (!take_apart(&parts, armour))
		return bad_shape();
	write_armour(again, &parts);
	if (memcmp(armour.p, again, sizeof again) != 0)
		return bad_shape();
	cf_pubkey_from_raw(&key, parts.key);
	make_signed_data(&data, bytes, n);
	if (cf_verify_bytes(&key, parts.sig, data.bytes, sizeof data.bytes))
		return cf_err_rule(CF_REFUSED, "commit.signature",
			"the signature by %s is not over these bytes: they "
			"were changed after they were signed", key.did);
	*signer = key;
	return NULL;
}

void
cf_allowed_signer(struct cf_buf *out, const char *principal,
	const struct cf_pubkey *key)
{
	unsigned char blob[SIZE(KEY_HEAD) + 32];

	memcpy(blob, KEY_HEAD, SIZE(KEY_HEAD));
	memcpy(blob + SIZE(KEY_HEAD), key->raw, 32);
	cf_buf_printf(out, "%s namespaces=\"git\" ssh-ed25519 ", principal);
	cf_base64_add(out, blob, sizeof blob);
	cf_buf_putc(out, '\n');
}
