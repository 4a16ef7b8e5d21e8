/*
 * Verifying whatever stands as `proof` in any JSON document, alone or in a
 * list.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "sign/sign.h"

#define MAX (64u * 1024)

static void
judge(const json_t *proof, const json_t *doc)
{
	struct cf_digest digest;
	struct cf_pubkey signer;
	unsigned char hash[32];
	const struct cf_err *err;

	MUST(cf_digest_doc(&digest, doc) == NULL);
	MUST(cf_digest_raw(hash, digest.text));
	err = cf_proof_verify(&signer, proof, hash);
	if (err) {
		MUST(err->code == CF_TOO_BIG || (err->code == CF_REFUSED &&
			cf_starts(err->rule, "proof.")));
		MUST(signer.did[0] == '\0');
	} else {
		/* Six members, this document, and no other. */
		MUST(signer.did[0] && json_object_size(proof) == 6);
		MUST(cf_proof_verify_doc(NULL, proof, doc) == NULL);
		hash[7] ^= 1;
		MUST(cf_proof_verify(NULL, proof, hash) != NULL);
	}
	err = cf_proof_verify_doc(&signer, proof, doc);
	MUST((err == NULL) == (signer.did[0] != '\0'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str text = { (const char *)data, size };
	json_t *doc, *proof, *copy;

	MUST(cf_sign_start() == NULL);
	if (cf_json_read(&doc, text, MAX) != NULL)
		return 0;
	proof = json_object_get(doc, "proof");
	if (json_is_array(proof)) {
		for (size_t i = 0; i < json_array_size(proof) && i < 4; i++)
			judge(json_array_get(proof, i), doc);
		cf_proofs_sort(proof);
		copy = json_copy(proof);
		cf_proofs_sort(proof);
		MUST(json_equal(copy, proof));
		json_decref(copy);
	} else if (proof) {
		judge(proof, doc);
	}
	json_decref(doc);
	return 0;
}
