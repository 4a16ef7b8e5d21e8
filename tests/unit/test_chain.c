/*
 * Which of a document's proofs stands for a trust.
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_proof_stands_for_a_trust),
	};

	cf_json_start();
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
