/*
 * The W3C's test vectors for eddsa-jcs-2022: each intermediate result, the
 * signature byte for byte, its verification, and that any flipped byte of
 * document, proof or signature is refused. argv[1] is the folder that holds
 * eddsa-jcs-2022/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/sign.h"

#define SECRET_KEY "\x80\x26"	/* multicodec: an Ed25519 secret key follows */

static const char *folder;
static unsigned passed, failed;

static void
check(bool ok, const char *what)
{
	if (ok) {
		passed++;
	} else {
		failed++;
		printf("FAILED: %s\n", what);
	}
}

static void
check_err(const struct cf_err *err, const char *what)
{
	if (err)
		printf("%s\n", err->msg);
	check(err == NULL, what);
}

/* The text of a file without the white space at its end; the caller frees. */
static char *
text_of(const char *name)
{
	char *path = cf_path_join(folder, name);
	struct cf_buf b = CF_BUF(CF_MAX_JSON);

	check_err(cf_file_read(&b, path, true), name);
	while (b.len && (b.data[b.len - 1] == '\n' ||
		b.data[b.len - 1] == '\r' || b.data[b.len - 1] == ' '))
		b.data[--b.len] = '\0';
	free(path);
	return cf_buf_take(&b);
}

static json_t *
json_of(const char *name)
{
	char *path = cf_path_join(folder, name);
	json_t *out = NULL;

	check_err(cf_json_read_path(&out, path, CF_MAX_JSON), name);
	free(path);
	return out;
}

static void
check_text(const char *got, const char *file)
{
	char *want = text_of(file);

	check(strcmp(got, want) == 0, file);
	free(want);
}

static struct cf_seckey *
key_of(const json_t *pair)
{
	const char *secret = cf_json_str(pair, "privateKeyMultibase");
	const char *public = cf_json_str(pair, "publicKeyMultibase");
	unsigned char raw[34] = { 0 };
	struct cf_seckey *key;

	check(secret && *secret == 'z' &&
		cf_unbase58(raw, sizeof raw, cf_str(secret + 1)) &&
		memcmp(raw, SECRET_KEY, 2) == 0, "a secret key is read");
	key = cf_seckey_from_seed(raw + 2);
	check(public && strcmp(cf_seckey_public(key)->did +
		strlen("did:key:"), public) == 0, "its public key is the same");
	return key;
}

/* Canonical form of `value` without `skip`, its hash appended to `both`. */
static void
check_step(struct cf_buf *both, const json_t *value, const char *skip,
	const char *canon_file, const char *hash_file)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_JSON);
	unsigned char hash[32];
	char hex[65];

	check_err(cf_json_canonical(&jcs, value, skip), "canonical form");
	check_text(jcs.data, canon_file);
	cf_sha256(hash, jcs.data, jcs.len);
	cf_hex(hex, hash, sizeof hash);
	check_text(hex, hash_file);
	cf_buf_add(both, hash, sizeof hash);
	cf_buf_clear(&jcs);
}

static void
check_signature(const struct cf_seckey *key, const struct cf_buf *both)
{
	unsigned char sig[64];
	char hex[129], text[130] = "z";

	cf_sign_bytes(sig, key, both->data, both->len);
	cf_hex(hex, sig, sizeof sig);
	check_text(hex, "sigHexJCS.txt");
	cf_base58(text + 1, sig, sizeof sig);
	check_text(text, "sigBTC58JCS.txt");
	check_err(cf_verify_bytes(cf_seckey_public(key), sig, both->data,
		both->len), "the signature verifies");
	for (size_t i = 0; i < sizeof sig; i++) {
		sig[i] ^= 0x10;
		check(cf_verify_bytes(cf_seckey_public(key), sig, both->data,
			both->len) != NULL, "a flipped byte of the signature");
		sig[i] ^= 0x10;
	}
	for (size_t i = 0; i < both->len; i++) {
		both->data[i] ^= 1;
		check(cf_verify_bytes(cf_seckey_public(key), sig, both->data,
			both->len) != NULL, "a flipped byte of the hashes");
		both->data[i] ^= 1;
	}
}

/* Each character of the signed document in turn is another one. What is still
 * JSON and says something else must not verify. */
static void
check_flips(const json_t *signed_doc)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);

	check_err(cf_json_canonical(&text, signed_doc, NULL),
		"the signed document");
	for (size_t i = 0; i < text.len; i++) {
		const json_t *proof;
		json_t *doc = NULL;
		char was = text.data[i];

		text.data[i] = (char)(was ^ 1);
		if (cf_json_read(&doc, (struct cf_str){ text.data, text.len },
			CF_MAX_JSON) == NULL && !json_equal(doc, signed_doc)) {
			proof = json_object_get(doc, "proof");
			check(cf_proof_verify_doc(NULL, proof, doc) != NULL,
				"a flipped byte of the document");
		}
		json_decref(doc);
		text.data[i] = was;
	}
	cf_buf_clear(&text);
}

static void
check_vectors(void)
{
	json_t *pair = json_of("keyPair.json"), *config, *doc, *proof, *made;
	struct cf_buf both = CF_BUF(64);
	struct cf_seckey *key = key_of(pair);
	struct cf_pubkey signer = { 0 };
	char *hex;

	config = json_of("proofConfigJCS.json");
	doc = json_of("signedJCS.json");
	proof = json_object_get(doc, "proof");
	check_step(&both, config, NULL, "proofCanonJCS.txt",
		"proofHashJCS.txt");
	check_step(&both, doc, "proof", "canonDocJCS.txt", "docHashJCS.txt");
	hex = cf_malloc(2 * both.len + 1);
	cf_hex(hex, both.data, both.len);
	check_text(hex, "combinedHashJCS.txt");
	free(hex);
	check_signature(key, &both);
	made = NULL;
	check_err(cf_proof_make(&made, doc, key, cf_json_str(config,
		"created")), "a proof is made");
	check(json_equal(made, proof), "the proof is the one in the vector");
	check_err(cf_proof_verify_doc(&signer, proof, doc),
		"the vector verifies");
	check(strcmp(signer.did, cf_seckey_public(key)->did) == 0,
		"the signer is named");
	check_flips(doc);
	json_decref(made);
	json_decref(pair);
	json_decref(config);
	json_decref(doc);
	cf_seckey_free(key);
	cf_buf_clear(&both);
}

static void
check_key_pairs(void)
{
	json_t *pairs = json_of("multiKeyPairs.json"), *pair;
	const char *name;

	json_object_foreach(pairs, name, pair)
		cf_seckey_free(key_of(pair));
	check(json_object_size(pairs) == 4, "there are four key pairs");
	json_decref(pairs);
}

int
main(int argc, char **argv)
{
	char *path;

	if (argc != 2) {
		fputs("usage: conformance_eddsa_jcs SUITES\n", stderr);
		return 2;
	}
	path = cf_path_join(argv[1], "eddsa-jcs-2022");
	folder = path;
	cf_json_start();
	check_err(cf_sign_start(), "the library starts");
	check_vectors();
	check_key_pairs();
	free(path);
	printf("%u passed, %u failed\n", passed, failed);
	return failed || passed == 0;
}
