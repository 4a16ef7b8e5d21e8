/*
 * Data Integrity proofs, cryptosuite eddsa-jcs-2022 (W3C vc-di-eddsa, 3.3):
 * Ed25519 over SHA-256 of the proof's own canonical form without proofValue,
 * followed by SHA-256 of the document's without proof.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sign/sign.h"

#define TYPE "DataIntegrityProof"
#define SUITE "eddsa-jcs-2022"
#define PURPOSE "assertionMethod"
#define MEMBERS 6

static const struct cf_err *
bad_shape(const char *what)
{
	return cf_err_rule(CF_REFUSED, "proof.shape", "the proof %s", what);
}

/* SHA-256 of the canonical form of `value` without the member `skip`. */
static const struct cf_err *
hash_of(unsigned char out[32], const json_t *value, const char *skip,
	size_t max)
{
	struct cf_buf jcs = CF_BUF(max);
	const struct cf_err *err;

	cf_buf_room(&jcs, 500);	/* a proof fits */
	err = cf_json_canonical(&jcs, value, skip);
	if (!err)
		cf_sha256(out, jcs.data, jcs.len);
	cf_buf_clear(&jcs);
	return err;
}

/* did:key:X#X */
static char *
method_of(const struct cf_pubkey *key)
{
	return cf_asprintf("%s#%s", key->did, key->did + strlen("did:key:"));
}

const struct cf_err *
cf_proof_make(json_t **out, const json_t *doc, const struct cf_seckey *key,
	const char *created)
{
	json_t *context = json_object_get(doc, "@context");
	char *method = method_of(cf_seckey_public(key));
	unsigned char hash[64], sig[64];
	char value[2 * sizeof sig + 2] = "z";
	const struct cf_err *err;
	json_t *proof;

	*out = NULL;
	proof = json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", TYPE,
		"cryptosuite", SUITE, "created", created, "verificationMethod",
		method, "proofPurpose", PURPOSE);
	free(method);
	if (proof == NULL)
		return cf_err(CF_INVALID, "the time of the proof is not text");
	/* What the suite asks for, so that the proof stands in JSON-LD too. */
	if (context)
		(void)json_object_set(proof, "@context", context);
	err = hash_of(hash, proof, NULL, CF_MAX_JSON);
	if (!err)
		err = hash_of(hash + 32, doc, "proof", CF_MAX_JSON);
	if (err) {
		json_decref(proof);
		return err;
	}
	cf_sign_bytes(sig, key, hash, sizeof hash);
	cf_base58(value + 1, sig, sizeof sig);
	(void)json_object_set_new(proof, "proofValue", json_string(value));
	*out = proof;
	return NULL;
}

/* Two digits, at most `max`; moves past them. */
static bool
two_digits(struct cf_str *s, unsigned max, unsigned *out)
{
	if (s->n < 2 || s->p[0] < '0' || s->p[0] > '9' || s->p[1] < '0' ||
		s->p[1] > '9')
		return false;
	*out = (unsigned)(s->p[0] - '0') * 10 + (unsigned)(s->p[1] - '0');
	s->p += 2;
	s->n -= 2;
	return *out <= max;
}

/* Z, or +hh:mm or -hh:mm. */
static bool
zone(struct cf_str s)
{
	unsigned unused;

	if (cf_str_is(s, "Z") || cf_str_is(s, "z"))
		return true;
	return (cf_str_skip(&s, "+") || cf_str_skip(&s, "-")) &&
		two_digits(&s, 23, &unused) && cf_str_skip(&s, ":") &&
		two_digits(&s, 59, &unused) && s.n == 0;
}

/* Any time of RFC 3339: our own form is one of many that others write. */
static bool
is_time(struct cf_str s)
{
	unsigned century, year, month, day, hour, unused;
	int64_t days;

	if (!two_digits(&s, 99, &century) || !two_digits(&s, 99, &year) ||
		!cf_str_skip(&s, "-") || !two_digits(&s, 12, &month) ||
		!cf_str_skip(&s, "-") || !two_digits(&s, 31, &day) ||
		!cf_date_days(&days, century * 100 + year, month, day))
		return false;
	if (!(cf_str_skip(&s, "T") || cf_str_skip(&s, "t")) ||
		!two_digits(&s, 23, &hour) || !cf_str_skip(&s, ":") ||
		!two_digits(&s, 59, &unused) || !cf_str_skip(&s, ":") ||
		!two_digits(&s, 60, &unused))
		return false;
	if (cf_str_skip(&s, ".")) {
		size_t n = 0;

		while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			n++;
		if (n == 0)
			return false;
		s.p += n;
		s.n -= n;
	}
	return zone(s);
}

static bool
member_is(const json_t *object, const char *member, const char *value)
{
	const char *s = cf_json_str(object, member);

	return s && strcmp(s, value) == 0;
}

bool
cf_proof_key(struct cf_pubkey *out, const json_t *proof)
{
	const char *method = cf_json_str(proof, "verificationMethod");
	struct cf_str did, fragment;

	return method && cf_str_cut(&did, &fragment, cf_str(method), '#') &&
		cf_pubkey_parse(out, did) &&
		cf_str_is(fragment, out->did + strlen("did:key:"));
}

/*
 * Members beyond the six are refused: each is a condition that nobody here
 * checks (expires, domain, challenge, previousProof), or text that no check
 * before publishing has read.
 */
static const struct cf_err *
check_shape(struct cf_pubkey *key, unsigned char sig[64], const json_t *proof,
	size_t members)
{
	const char *created, *value;

	if (!json_is_object(proof))
		return bad_shape("is not an object");
	created = cf_json_str(proof, "created");
	value = cf_json_str(proof, "proofValue");
	if (!member_is(proof, "type", TYPE))
		return bad_shape("is not of type " TYPE);
	if (!member_is(proof, "cryptosuite", SUITE))
		return bad_shape("is not of the cryptosuite " SUITE);
	if (!member_is(proof, "proofPurpose", PURPOSE))
		return bad_shape("is not for the purpose " PURPOSE);
	if (created == NULL || !is_time(cf_str(created)))
		return bad_shape("has no valid time in `created`");
	if (value == NULL || *value != 'z' ||
		!cf_unbase58(sig, 64, cf_str(value + 1)))
		return bad_shape("has no Ed25519 signature in `proofValue`");
	if (json_object_size(proof) != members)
		return bad_shape("has members that Confer does not know");
	if (!cf_proof_key(key, proof))
		return cf_err_rule(CF_REFUSED, "proof.key", "the proof's "
			"verificationMethod is not did:key:X#X with an Ed25519 "
			"key");
	return NULL;
}

static const struct cf_err *
verify(struct cf_pubkey *signer, const json_t *proof,
	const unsigned char dochash[32], size_t members)
{
	unsigned char sig[64], hash[64];
	struct cf_pubkey key;
	const struct cf_err *err;

	if (signer)
		*signer = (struct cf_pubkey){ 0 };
	err = check_shape(&key, sig, proof, members);
	if (err)
		return err;
	err = hash_of(hash, proof, "proofValue", CF_MAX_PROOF);
	if (err)
		return err;
	memcpy(hash + 32, dochash, 32);
	if (cf_verify_bytes(&key, sig, hash, sizeof hash) != NULL)
		return cf_err_rule(CF_REFUSED, "proof.signature",
			"the proof by %s is not over this document: one of "
			"the two was changed after signing", key.did);
	if (signer)
		*signer = key;
	return NULL;
}

const struct cf_err *
cf_proof_verify(struct cf_pubkey *signer, const json_t *proof,
	const unsigned char dochash[32])
{
	return verify(signer, proof, dochash, MEMBERS);
}

/* Whether the list or value `all` begins with the list or value `part`. */
static bool
begins_with(const json_t *all, const json_t *part)
{
	size_t n = json_is_array(part) ? json_array_size(part) : 1;

	for (size_t i = 0; i < n; i++) {
		const json_t *a = json_is_array(all) ?
			json_array_get(all, i) : i ? NULL : all;
		const json_t *b = json_is_array(part) ?
			json_array_get(part, i) : part;

		if (a == NULL || cf_json_compare(a, b) != 0)
			return false;
	}
	return true;
}

const struct cf_err *
cf_proof_verify_doc(struct cf_pubkey *signer, const json_t *proof,
	const json_t *doc)
{
	json_t *context = json_object_get(proof, "@context"), *copy = NULL;
	unsigned char hash[32];
	const struct cf_err *err;

	if (signer)
		*signer = (struct cf_pubkey){ 0 };
	if (context) {
		const json_t *all = json_object_get(doc, "@context");

		if (all == NULL || !begins_with(all, context))
			return bad_shape("has an @context that the document "
				"does not begin with");
		copy = json_copy((json_t *)(uintptr_t)doc);
		(void)json_object_set(copy, "@context", context);
	}
	err = hash_of(hash, copy ? copy : doc, "proof", CF_MAX_JSON);
	if (!err)
		err = verify(signer, proof, hash, MEMBERS + (context != NULL));
	json_decref(copy);
	return err;
}
