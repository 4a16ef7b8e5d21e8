/*
 * Which of a document's proofs stands for a trust, and what it may be called.
 */
#include "expect.h"

#include "record/identity.h"

#define EARLY "2026-04-01T10:00:00Z"
#define LATE "2026-05-01T10:00:00Z"

static const char *
stands(json_t *proofs, json_t *listed, json_t *revoked)
{
	struct cf_identity link = { .doc = json_pack("{s:o, s:o}",
		"publishKeys", listed, "revoked", revoked) };
	const struct cf_chain chain = { &link, 1, 1 };
	json_t *doc = json_pack("{s:O}", "proof", proofs);
	const json_t *proof = cf_chain_proof(&chain, doc);
	const char *created = proof ? cf_json_str(proof, "created") : "none";

	json_decref(doc);
	json_decref(link.doc);
	return created;
}

/* Of a trust's proofs the one that is smallest as canonical JSON, which begins
 * with the time, wherever it stands in the list. */
static void
test_one_proof_stands_for_a_trust(void **state)
{
	struct cf_seckey *key = cf_seckey_new(), *other = cf_seckey_new();
	const char *mine = cf_seckey_public(key)->did;
	const char *theirs = cf_seckey_public(other)->did;
	json_t *doc = json_pack("{s:s}", "a", "x"), *late, *early, *proofs;

	(void)state;
	expect_ok(cf_proof_make(&late, doc, key, LATE));
	expect_ok(cf_proof_make(&early, doc, other, EARLY));
	for (int turn = 0; turn < 2; turn++) {
		proofs = turn ? json_pack("[O, O, {}, s]", early, late,
			"x") : json_pack("[O, O]", late, early);
		assert_string_equal(stands(proofs, json_pack("[s, s]", mine,
			theirs), json_array()), EARLY);
		assert_string_equal(stands(proofs, json_pack("[s]", mine),
			json_array()), LATE);
		assert_string_equal(stands(proofs, json_pack("[s, s]", mine,
			theirs), json_pack("[{s:s, s:s}]", "key", theirs,
			"reason", "compromised")), LATE);
		assert_string_equal(stands(proofs, json_pack("[s, s]", mine,
			theirs), json_pack("[{s:s, s:s}]", "key", theirs,
			"reason", "lost")), EARLY);
		assert_string_equal(stands(proofs, json_array(), json_array()),
			"none");
		json_decref(proofs);
	}
	json_decref(early);
	json_decref(late);
	json_decref(doc);
	cf_seckey_free(key);
	cf_seckey_free(other);
}

/* A name is what people know a trust by: nothing in it hides, and it is there. */
static void
test_names_can_be_read(void **state)
{
	static const char *const good[] = { "Northfield Learning Trust", "A",
		"\xc3\x89""cole Saint-\xc3\x89loi", "\xe5\xad\xb8\xe6\xa0\xa1",
		"Trust (North)", "A\xc2\xa0""B" };
	static const char *const bad[] = { "", "\xc2\xa0", "\xe3\x85\xa4",
		"\xe2\xa0\x80", "\xe1\x85\x9f", "\xe3\x80\x80", " A", "A ",
		"A\xe3\x80\x80", "\xe2\x80\x83""A", "A\xc2\xad""B",
		"A\xd8\x9c""B", "A\xe1\xa0\x8e""B", "A\xe2\x80\x8b""B",
		"A\xe2\x80\xa8""B", "A\xe2\x80\xae""B", "A\xef\xbf\xb9""B",
		"A\xef\xb8\x8f", "A\xf3\xa0\x81\x81""B", "A\tB", "A\x1b""B",
		"A\xc2\x9b""B", "A<B", "A>B", "A.", "-A" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!cf_name_valid(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (cf_name_valid(bad[i]))
			fail_msg("taken: number %zu, '%s'", i, bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_proof_stands_for_a_trust),
		cmocka_unit_test(test_names_can_be_read),
	};

	cf_json_start();
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
