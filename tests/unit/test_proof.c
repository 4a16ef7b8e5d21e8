/*
 * Data Integrity proofs: the W3C's example byte for byte, one made by the
 * JavaScript library, and whatever must not pass.
 */
#include "expect.h"

#include "base/mem.h"
#include "sign/sign.h"

#define CREATED "2026-05-01T10:00:00Z"
#define ELSE_KEY "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define ELSE_METHOD \
	ELSE_KEY "#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"

/* W3C vc-di-eddsa, appendix B: a signed document and its secret key. */
static const char w3c[] =
	"{\"@context\":[\"https://www.w3.org/ns/credentials/v2\","
	"\"https://www.w3.org/ns/credentials/examples/v2\"],"
	"\"id\":\"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33\","
	"\"type\":[\"VerifiableCredential\",\"AlumniCredential\"],"
	"\"name\":\"Alumni Credential\",\"description\":"
	"\"A minimum viable example of an Alumni Credential.\","
	"\"issuer\":\"https://vc.example/issuers/5678\","
	"\"validFrom\":\"2023-01-01T00:00:00Z\",\"credentialSubject\":"
	"{\"id\":\"did:example:abcdefgh\",\"alumniOf\":\"The School of "
	"Examples\"},\"proof\":{\"type\":\"DataIntegrityProof\","
	"\"cryptosuite\":\"eddsa-jcs-2022\","
	"\"created\":\"2023-02-24T23:36:38Z\",\"verificationMethod\":\""
	ELSE_METHOD "\",\"proofPurpose\":\"assertionMethod\",\"@context\":["
	"\"https://www.w3.org/ns/credentials/v2\","
	"\"https://www.w3.org/ns/credentials/examples/v2\"],\"proofValue\":"
	"\"z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3G"
	"AVFuUfjoJdcnTMuVor51aX\"}}";
static const char w3c_secret[] =
	"3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";

/* Made by tests/interop/sign.mjs with the first key of RFC 8032. */
static const char js[] =
	"{\"kind\":\"finding\",\"body\":{\"title\":\"Gr\xc3\xb6\xc3\x9f" "e "
	"\xe2\x82\xac 1e3\",\"n\":1000,\"x\":1e-7},\"salt\":\"abc\",\"proof\":"
	"[{\"type\":\"DataIntegrityProof\",\"created\":\"" CREATED "\","
	"\"verificationMethod\":\"did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3"
	"XjN4Zq7oMMsw#z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw\","
	"\"cryptosuite\":\"eddsa-jcs-2022\",\"proofPurpose\":"
	"\"assertionMethod\",\"proofValue\":\"z44rzYj9MsKJxwwnsA7crmmV6XUU9TQQT"
	"8EVc6cy3UdCTLAwop1UAMfKzxuFth6Em5aa4d2eHTJosfGTCB5ft14Rx\"}]}";

static json_t *
read_doc(const char *text)
{
	json_t *doc;

	expect_ok(cf_json_read(&doc, cf_str(text), CF_MAX_RECORD));
	return doc;
}

static void
hash_doc(unsigned char hash[32], const json_t *doc)
{
	struct cf_digest digest;

	expect_ok(cf_digest_doc(&digest, doc));
	assert_true(cf_digest_raw(hash, digest.text));
}

static void
test_w3c_example_verifies_and_is_made_again(void **state)
{
	json_t *doc = read_doc(w3c), *proof = json_object_get(doc, "proof");
	unsigned char secret[34];
	struct cf_seckey *key;
	struct cf_pubkey signer;
	json_t *again;

	(void)state;
	expect_ok(cf_proof_verify_doc(&signer, proof, doc));
	assert_string_equal(signer.did, ELSE_KEY);
	assert_true(cf_unbase58(secret, sizeof secret, cf_str(w3c_secret)));
	key = cf_seckey_from_seed(secret + 2);
	expect_ok(cf_proof_make(&again, doc, key, "2023-02-24T23:36:38Z"));
	assert_true(json_equal(again, proof));
	json_decref(again);
	cf_seckey_free(key);
	json_decref(doc);
}

static void
test_proof_of_the_javascript_library_verifies(void **state)
{
	json_t *doc = read_doc(js), *proof, *again;
	unsigned char hash[32], seed[32];
	struct cf_seckey *key;
	struct cf_pubkey signer;

	(void)state;
	proof = json_array_get(json_object_get(doc, "proof"), 0);
	hash_doc(hash, doc);
	expect_ok(cf_proof_verify(&signer, proof, hash));
	expect_ok(cf_proof_verify(NULL, proof, hash));
	assert_true(cf_unhex(seed, 32, cf_str("9d61b19deffd5a60ba844af492ec2cc4"
		"4449c5697b326919703bac031cae7f60")));
	key = cf_seckey_from_seed(seed);
	assert_string_equal(signer.did, cf_seckey_public(key)->did);
	expect_ok(cf_proof_make(&again, doc, key, CREATED));
	assert_true(json_equal(again, proof));
	json_decref(again);
	cf_seckey_free(key);
	json_decref(doc);
}

/* A document with one proof of ours, to be spoilt. */
struct signed_doc {
	json_t *doc, *proof;
	struct cf_seckey *key;
	unsigned char hash[32];
};

static int
sign_doc(void **state)
{
	static struct signed_doc s;

	s.key = cf_seckey_new();
	s.doc = read_doc("{\"b\":[1,2.5,null],\"a\":\"x\"}");
	expect_ok(cf_proof_make(&s.proof, s.doc, s.key, CREATED));
	hash_doc(s.hash, s.doc);
	*state = &s;
	return 0;
}

static int
free_doc(void **state)
{
	struct signed_doc *s = *state;

	json_decref(s->doc);
	json_decref(s->proof);
	cf_seckey_free(s->key);
	return 0;
}

static void
refuse(const struct signed_doc *s, const char *rule)
{
	struct cf_pubkey signer;

	expect_err(cf_proof_verify(&signer, s->proof, s->hash), CF_REFUSED,
		rule);
	assert_string_equal(signer.did, "");
}

static void
accept(const struct signed_doc *s)
{
	struct cf_pubkey signer;

	expect_ok(cf_proof_verify(&signer, s->proof, s->hash));
	assert_string_equal(signer.did, cf_seckey_public(s->key)->did);
}

/* Signs the proof as it is now, whatever it says: only its shape is wrong. */
static void
sign_again(struct signed_doc *s)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_JSON);
	unsigned char hash[64], sig[64];
	char value[130] = "z";

	expect_ok(cf_json_canonical(&jcs, s->proof, "proofValue"));
	cf_sha256(hash, jcs.data, jcs.len);
	memcpy(hash + 32, s->hash, 32);
	cf_sign_bytes(sig, s->key, hash, sizeof hash);
	cf_base58(value + 1, sig, sizeof sig);
	json_object_set_new(s->proof, "proofValue", json_string(value));
	cf_buf_clear(&jcs);
}

static void
test_own_proof_has_six_members_and_verifies(void **state)
{
	struct signed_doc *s = *state;

	accept(s);
	assert_int_equal(json_object_size(s->proof), 6);
	assert_null(json_object_get(s->doc, "proof"));
	expect_ok(cf_proof_verify_doc(NULL, s->proof, s->doc));
	/* A proof does not depend on the others in the document. */
	json_object_set_new(s->doc, "proof", json_pack("[s]", "other"));
	expect_ok(cf_proof_verify_doc(NULL, s->proof, s->doc));
	sign_again(s);
	accept(s);
}

static void
test_changed_document_or_proof_is_refused(void **state)
{
	static const char *const members[][3] = {
		{ "created", "2026-05-01T10:00:01Z", "proof.signature" },
		{ "created", "2026-05-01T10:00:00.0Z", "proof.signature" },
		{ "verificationMethod", ELSE_METHOD, "proof.signature" },
		{ "proofValue", "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQ"
			"zJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
			"proof.signature" } };
	struct signed_doc *s = *state;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		json_t *was = json_incref(json_object_get(s->proof,
			members[i][0]));

		json_object_set_new(s->proof, members[i][0],
			json_string(members[i][1]));
		refuse(s, members[i][2]);
		json_object_set_new(s->proof, members[i][0], was);
	}
	accept(s);
	s->hash[31] ^= 1;
	refuse(s, "proof.signature");
}

/* Each member missing, of another type, with another value; and signed so. */
static void
test_other_shapes_are_refused(void **state)
{
	static const char *const bad[][3] = {
		{ "type", "Ed25519Signature2020", "proof.shape" },
		{ "type", "dataIntegrityProof", "proof.shape" },
		{ "cryptosuite", "eddsa-rdfc-2022", "proof.shape" },
		{ "cryptosuite", "", "proof.shape" },
		{ "proofPurpose", "authentication", "proof.shape" },
		{ "created", "yesterday", "proof.shape" },
		{ "verificationMethod", "", "proof.key" },
		{ "verificationMethod", ELSE_KEY, "proof.key" },
		{ "verificationMethod", ELSE_KEY "#key-1", "proof.key" },
		{ "verificationMethod", ELSE_METHOD "#", "proof.key" },
		{ "verificationMethod", "https://example.org/key",
			"proof.key" },
		{ "verificationMethod", "did:web:example.org#key-1",
			"proof.key" } };
	static const char *const all[] = { "type", "cryptosuite", "created",
		"verificationMethod", "proofPurpose" };
	struct signed_doc *s = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *was = json_incref(json_object_get(s->proof, bad[i][0]));

		json_object_set_new(s->proof, bad[i][0],
			json_string(bad[i][1]));
		sign_again(s);
		refuse(s, bad[i][2]);
		json_object_set_new(s->proof, bad[i][0], was);
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		json_t *was = json_incref(json_object_get(s->proof, all[i]));
		const char *rule = i == 3 ? "proof.key" : "proof.shape";

		json_object_set_new(s->proof, all[i], json_integer(1));
		sign_again(s);
		refuse(s, rule);
		json_object_del(s->proof, all[i]);
		sign_again(s);
		refuse(s, "proof.shape");
		json_object_set_new(s->proof, all[i], was);
	}
	sign_again(s);
	accept(s);
}

static void
test_surplus_members_are_refused(void **state)
{
	static const char *const extra[] = { "id", "expires", "domain", "nonce",
		"challenge", "previousProof", "@context", "jws", "x" };
	struct signed_doc *s = *state;

	for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
		json_object_set_new(s->proof, extra[i],
			json_string("2099-01-01T00:00:00Z"));
		sign_again(s);
		refuse(s, "proof.shape");
		json_object_del(s->proof, extra[i]);
	}
	sign_again(s);
	accept(s);
}

static void
test_signature_text_has_one_form(void **state)
{
	struct signed_doc *s = *state;
	const char *value = cf_json_str(s->proof, "proofValue");
	char *bad[] = { cf_strdup(""), cf_strdup("z"), cf_strdup(value + 1),
		cf_asprintf("z1%s", value + 1), cf_asprintf("%s1", value),
		cf_asprintf("%s ", value), cf_asprintf("u%s", value + 1),
		cf_asprintf("%.40s", value), cf_asprintf("%s%s", value, value),
		cf_asprintf("z0%s", value + 2) };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_object_set_new(s->proof, "proofValue",
			json_string(bad[i]));
		refuse(s, "proof.shape");
		free(bad[i]);
	}
	json_object_set_new(s->proof, "proofValue", json_null());
	refuse(s, "proof.shape");
}

static void
test_every_changed_byte_of_the_signature_is_refused(void **state)
{
	struct signed_doc *s = *state;
	const char *value = cf_json_str(s->proof, "proofValue");
	unsigned char sig[64];
	char text[130] = "z";

	assert_true(cf_unbase58(sig, sizeof sig, cf_str(value + 1)));
	for (size_t i = 0; i < sizeof sig; i++) {
		sig[i] ^= 1;
		cf_base58(text + 1, sig, sizeof sig);
		json_object_set_new(s->proof, "proofValue", json_string(text));
		refuse(s, "proof.signature");
		sig[i] ^= 1;
	}
}

static void
test_what_is_no_object_is_refused(void **state)
{
	struct signed_doc *s = *state;
	json_t *was = s->proof, *other[] = { json_null(), json_string("z"),
		json_pack("[O]", was), json_object() };

	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		s->proof = other[i];
		refuse(s, "proof.shape");
		json_decref(other[i]);
	}
	s->proof = NULL;
	refuse(s, "proof.shape");
	s->proof = was;
}

static void
test_times_of_rfc3339(void **state)
{
	static const char *const good[] = { CREATED, "2023-02-24T23:36:38Z",
		"2026-05-01T10:00:00.5Z", "2026-05-01T10:00:00.123456789Z",
		"2026-05-01T10:00:00+00:00", "2026-05-01T10:00:00-12:30",
		"2024-02-29T00:00:00Z", "2016-12-31T23:59:60Z",
		"2026-05-01t10:00:00z", "0000-01-01T00:00:00Z" };
	static const char *const bad[] = { "", "2026-05-01",
		"2026-05-01T10:00Z",
		"2026-05-01T10:00:00", "2026-05-01 10:00:00Z",
		"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
		"2026-01-01T00:00:61Z", "2026-05-01T10:00:00.Z",
		"2026-05-01T10:00:00ZZ", "2026-05-01T10:00:00+0000",
		"2026-05-01T10:00:00+24:00", "2026-05-01T10:00:00+00:60",
		"2026-05-01T10:00:00+00", "2026-5-01T10:00:00Z",
		" 2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z ",
		"02026-05-01T10:00:00Z", "2026-05-01T10:00:00,5Z",
		"20260501T100000Z", "2026-05-01T1a:00:00Z" };
	struct signed_doc *s = *state;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		json_object_set_new(s->proof, "created", json_string(good[i]));
		sign_again(s);
		accept(s);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_object_set_new(s->proof, "created", json_string(bad[i]));
		sign_again(s);
		refuse(s, "proof.shape");
	}
}

/* A time that fills more than a proof may. */
static void
test_a_proof_is_bounded(void **state)
{
	struct signed_doc *s = *state;
	struct cf_buf b = CF_BUF(CF_MAX_PROOF + 100);

	cf_buf_puts(&b, "2026-05-01T10:00:00.");
	while (b.len < CF_MAX_PROOF)
		cf_buf_putc(&b, '5');
	cf_buf_putc(&b, 'Z');
	json_object_set_new(s->proof, "created", json_string(b.data));
	sign_again(s);
	expect_err(cf_proof_verify(NULL, s->proof, s->hash), CF_TOO_BIG, "");
	cf_buf_clear(&b);
}

/* The suite's rule: the document's context begins with the proof's, and the
 * proof's is the one that was signed. */
static void
test_context_of_a_foreign_document(void **state)
{
	static const struct {
		const char *doc, *proof;
		bool good;
	} cases[] = { { "[\"a\",\"b\"]", "[\"a\",\"b\"]", true },
		{ "\"a\"", "\"a\"", true }, { "\"a\"", "[\"a\"]", true },
		{ "[\"a\",\"b\"]", "[\"a\"]", true },
		{ "[\"a\",{\"v\":\"x\"}]", "[\"a\",{\"v\":\"x\"}]", true },
		{ "[\"a\"]", "[\"a\",\"b\"]", false },
		{ "\"a\"", "[\"a\",\"b\"]", false },
		{ "[\"b\",\"a\"]", "[\"a\"]", false },
		{ NULL, "[\"a\"]", false }, { NULL, "[]", false } };
	struct signed_doc *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *context = json_loads(cases[i].proof, JSON_DECODE_ANY,
			NULL), *doc = json_deep_copy(s->doc);

		json_object_set(doc, "@context", context);
		hash_doc(s->hash, doc);
		json_object_set_new(s->proof, "@context", context);
		sign_again(s);
		(void)json_object_del(doc, "@context");
		if (cases[i].doc)
			json_object_set_new(doc, "@context", json_loads(
				cases[i].doc, JSON_DECODE_ANY, NULL));
		if (cases[i].good)
			expect_ok(cf_proof_verify_doc(NULL, s->proof, doc));
		else
			expect_err(cf_proof_verify_doc(NULL, s->proof, doc),
				CF_REFUSED, "proof.shape");
		json_decref(doc);
	}
}

static void
test_document_that_has_no_canonical_form_is_not_signed(void **state)
{
	struct signed_doc *s = *state;
	json_t *doc = json_pack("{s:I}", "n", (json_int_t)1 << 60), *proof;

	expect_err(cf_proof_make(&proof, doc, s->key, CREATED), CF_INVALID,
		"json.number");
	assert_null(proof);
	expect_err(cf_proof_make(&proof, doc, s->key, "\xff"), CF_INVALID, "");
	assert_null(proof);
	json_decref(doc);
}

static void
test_proof_sets_have_one_order(void **state)
{
	json_t *list = json_loads("[{\"verificationMethod\":\"b\",\"x\":2},"
		"{\"verificationMethod\":\"b\",\"x\":1},{\"x\":1},"
		"{\"verificationMethod\":\"a\",\"x\":3},"
		"{\"x\":2,\"verificationMethod\":\"b\"}]", 0, NULL);
	json_t *want = json_loads("[{\"x\":1},"
		"{\"verificationMethod\":\"a\",\"x\":3},"
		"{\"verificationMethod\":\"b\",\"x\":1},"
		"{\"verificationMethod\":\"b\",\"x\":2}]", 0, NULL);
	json_t *none = json_array();

	(void)state;
	cf_proofs_sort(list);
	assert_true(json_equal(list, want));
	cf_proofs_sort(list);
	assert_true(json_equal(list, want));
	cf_proofs_sort(none);
	assert_int_equal(json_array_size(none), 0);
	json_decref(list);
	json_decref(want);
	json_decref(none);
}

int
main(int argc, char **argv)
{
#define SIGNED(test) cmocka_unit_test_setup_teardown(test, sign_doc, free_doc)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_w3c_example_verifies_and_is_made_again),
		cmocka_unit_test(test_proof_of_the_javascript_library_verifies),
		SIGNED(test_own_proof_has_six_members_and_verifies),
		SIGNED(test_changed_document_or_proof_is_refused),
		SIGNED(test_other_shapes_are_refused),
		SIGNED(test_surplus_members_are_refused),
		SIGNED(test_signature_text_has_one_form),
		SIGNED(test_every_changed_byte_of_the_signature_is_refused),
		SIGNED(test_what_is_no_object_is_refused),
		SIGNED(test_times_of_rfc3339),
		SIGNED(test_a_proof_is_bounded),
		SIGNED(test_context_of_a_foreign_document),
		SIGNED(test_document_that_has_no_canonical_form_is_not_signed),
		cmocka_unit_test(test_proof_sets_have_one_order),
	};

	(void)argc, (void)argv;
	cf_json_start();
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
