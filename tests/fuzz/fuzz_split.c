/*
 * Reading any bytes as a proof of different histories. What is accepted names
 * two commits, and proves the same when it is written again.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "gate/seen.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *proof = NULL, *out = NULL, *commits;
	const struct cf_err *err;

	cf_json_start();
	MUST(cf_sign_start() == NULL);
	MUST(cf_kind_start() == NULL);
	err = cf_json_read(&proof, (struct cf_str){ (const char *)data, size },
		CF_MAX_JSON);
	if (err)
		return 0;
	err = cf_split_check(&out, proof);
	if (err) {
		MUST(err->code == CF_REFUSED || err->code == CF_INVALID ||
			err->code == CF_TOO_BIG);
		MUST(err->rule[0] && out == NULL);
	} else {
		commits = json_object_get(out, "commits");
		MUST(json_array_size(commits) == 2);
		MUST(strcmp(cf_json_str(json_array_get(commits, 0), "id"),
			cf_json_str(json_array_get(commits, 1), "id")) != 0);
		MUST(strcmp(cf_json_str(json_object_get(out, "trust"), "id"),
			cf_json_str(proof, "trust")) == 0);
	}
	json_decref(out);
	json_decref(proof);
	return 0;
}
