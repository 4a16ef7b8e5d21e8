/*
 * The form of a key file, and sealing: Argon2id makes a key of the passphrase,
 * and that key seals the seed.
 */
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sign/keyfile.h"
#include "sign/secret.h"

#define SALT crypto_pwhash_SALTBYTES
#define NONCE crypto_secretbox_NONCEBYTES
#define BOX (NONCE + crypto_secretbox_MACBYTES + 32)
#define B64(n) (sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL))

static void
b64(char *out, size_t size, const unsigned char *bytes, size_t n)
{
	(void)sodium_bin2base64(out, size, bytes, n,
		sodium_base64_VARIANT_ORIGINAL);
}

/* Exactly n bytes, straight to their place: no copy of a seed is left behind.
 * (Whether the text was their one form does not matter here: the key that comes
 * out is compared with the one that the file names.) */
static bool
unb64(unsigned char *out, size_t n, struct cf_str text)
{
	size_t got = 0;

	return sodium_base642bin(out, n, text.p, text.n, NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL) == 0 && got == n;
}

static const struct cf_err *
derive(unsigned char out[crypto_secretbox_KEYBYTES],
	const struct cf_secret *passphrase, const unsigned char salt[SALT],
	uint64_t passes, uint64_t memory)
{
	if (crypto_pwhash(out, crypto_secretbox_KEYBYTES, passphrase->p,
		passphrase->n, salt, passes, memory,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return cf_err(CF_SYS, "this machine has too little memory free "
			"for the passphrase (%u MiB). Nothing was changed. "
			"Close other programs and try again",
			(unsigned)(memory >> 20));
	return NULL;
}

/* Secret text of at most `size` bytes, as printf writes it. */
CF_PRINTF(3, 4) static void
print(struct cf_secret *out, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	out->p = cf_locked(size);
	va_start(ap, fmt);
	n = vsnprintf(out->p, size, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= size)
		cf_bug("key file larger than its limit");
	out->n = (size_t)n;
}

static void
write_plain(struct cf_secret *out, const char *did,
	const unsigned char seed[32])
{
	char text[B64(32)];

	b64(text, sizeof text, seed, 32);
	print(out, CF_MAX_KEY_FILE, "{\n"
		"  \"key\": \"%s\",\n"
		"  \"kind\": \"confer-key\",\n"
		"  \"seed\": \"%s\",\n"
		"  \"version\": 1\n"
		"}\n", did, text);
	sodium_memzero(text, sizeof text);
}

static const struct cf_err *
write_sealed(struct cf_secret *out, const char *did,
	const unsigned char seed[32], const struct cf_secret *passphrase)
{
	unsigned char salt[SALT], box[BOX];
	unsigned char key[crypto_secretbox_KEYBYTES];
	char salt_text[B64(SALT)], box_text[B64(BOX)];
	const uint64_t passes = crypto_pwhash_OPSLIMIT_MODERATE;
	const uint64_t memory = crypto_pwhash_MEMLIMIT_MODERATE;
	const struct cf_err *err;

	cf_random(salt, sizeof salt);
	cf_random(box, NONCE);
	err = derive(key, passphrase, salt, passes, memory);
	if (err)
		return err;
	(void)crypto_secretbox_easy(box + NONCE, seed, 32, box, key);
	sodium_memzero(key, sizeof key);
	b64(salt_text, sizeof salt_text, salt, sizeof salt);
	b64(box_text, sizeof box_text, box, sizeof box);
	print(out, CF_MAX_KEY_FILE, "{\n"
		"  \"argon2id\": {\n"
		"    \"memory\": %llu,\n"
		"    \"passes\": %llu,\n"
		"    \"salt\": \"%s\"\n"
		"  },\n"
		"  \"box\": \"%s\",\n"
		"  \"key\": \"%s\",\n"
		"  \"kind\": \"confer-key\",\n"
		"  \"version\": 1\n"
		"}\n", (unsigned long long)memory, (unsigned long long)passes,
		salt_text, box_text, did);
	return NULL;
}

const struct cf_err *
cf_keyfile_write(struct cf_secret *out, const struct cf_seckey *key,
	const struct cf_secret *passphrase)
{
	const char *did = cf_seckey_public(key)->did;
	const struct cf_err *err = NULL;
	unsigned char seed[32];

	*out = (struct cf_secret){ 0 };
	if (passphrase && passphrase->n == 0)
		return cf_err_rule(CF_INVALID, "key.passphrase",
			"The passphrase is empty. Nothing was changed. Choose "
			"one of several words and try again");
	cf_seckey_seed(key, seed);
	if (passphrase)
		err = write_sealed(out, did, seed, passphrase);
	else
		write_plain(out, did, seed);
	sodium_memzero(seed, sizeof seed);
	return err;
}

/* A number up to the comma that ends its line. */
static bool
number(uint64_t *out, struct cf_str *s, uint64_t least, uint64_t most)
{
	struct cf_str text;

	return cf_str_cut(&text, s, *s, ',') && cf_str_u64(text, out, most) &&
		*out >= least;
}

static bool
parse_seal(struct cf_keyfile *out, struct cf_str *s)
{
	return cf_str_skip(s, "  \"argon2id\": {\n    \"memory\": ") &&
		number(&out->memory, s, crypto_pwhash_MEMLIMIT_MIN,
			CF_MAX_KDF_MEMORY) &&
		out->memory % 1024 == 0 &&
		cf_str_skip(s, "\n    \"passes\": ") &&
		number(&out->passes, s, crypto_pwhash_OPSLIMIT_MIN,
			CF_MAX_KDF_PASSES) &&
		cf_str_skip(s, "\n    \"salt\": \"") &&
		cf_str_cut(&out->salt, s, *s, '"') &&
		cf_str_skip(s, "\n  },\n  \"box\": \"") &&
		cf_str_cut(&out->box, s, *s, '"') && cf_str_skip(s, ",\n");
}

bool
cf_keyfile_parse(struct cf_keyfile *out, struct cf_str text)
{
	static const char seal[] = "{\n  \"argon2id\"";
	struct cf_str s = text, did;

	*out = (struct cf_keyfile){ 0 };
	out->sealed = cf_str_skip(&s, seal);
	s = text;
	if (!cf_str_skip(&s, "{\n") || (out->sealed && !parse_seal(out, &s)))
		return false;
	if (!cf_str_skip(&s, "  \"key\": \"") ||
		!cf_str_cut(&did, &s, s, '"') ||
		!cf_pubkey_parse(&out->key, did) ||
		!cf_str_skip(&s, ",\n  \"kind\": \"confer-key\",\n"))
		return false;
	if (!out->sealed && (!cf_str_skip(&s, "  \"seed\": \"") ||
		!cf_str_cut(&out->seed, &s, s, '"') || !cf_str_skip(&s, ",\n")))
		return false;
	return cf_str_is(s, "  \"version\": 1\n}\n");
}

static const struct cf_err *
unseal(unsigned char seed[32], const struct cf_keyfile *file,
	const struct cf_secret *passphrase)
{
	unsigned char salt[SALT], box[BOX];
	unsigned char key[crypto_secretbox_KEYBYTES];
	const struct cf_err *err;

	if (passphrase == NULL || passphrase->n == 0)
		return cf_err_rule(CF_INVALID, "key.passphrase",
			"This key is sealed with a passphrase, and none was "
			"given. Nothing was changed. Try again and type it, or "
			"name a file that holds it with --passphrase-file");
	if (!unb64(salt, sizeof salt, file->salt) ||
		!unb64(box, sizeof box, file->box))
		return cf_err_rule(CF_INVALID, "key.damaged",
			"The file of this key is damaged. Nothing was changed");
	err = derive(key, passphrase, salt, file->passes, file->memory);
	if (!err && crypto_secretbox_open_easy(seed, box + NONCE, BOX - NONCE,
		box, key) != 0)
		err = cf_err_rule(CF_INVALID, "key.passphrase",
			"the passphrase does not open this key. Nothing was "
			"changed. Try again");
	sodium_memzero(key, sizeof key);
	return err;
}

const struct cf_err *
cf_keyfile_open(struct cf_seckey **out, const struct cf_keyfile *file,
	const struct cf_secret *passphrase)
{
	const struct cf_err *err = NULL;
	unsigned char seed[32] = { 0 };

	*out = NULL;
	if (file->sealed)
		err = unseal(seed, file, passphrase);
	else if (!unb64(seed, sizeof seed, file->seed))
		err = cf_err_rule(CF_INVALID, "key.damaged",
			"The file of this key is damaged. Nothing was changed");
	if (err)
		goto done;
	*out = cf_seckey_from_seed(seed);
	if (strcmp(cf_seckey_public(*out)->did, file->key.did) != 0) {
		cf_seckey_free(*out);
		*out = NULL;
		err = cf_err_rule(CF_INVALID, "key.damaged",
			"The file of this key holds another key than it "
			"names. Nothing was changed");
	}
done:
	sodium_memzero(seed, sizeof seed);
	return err;
}
