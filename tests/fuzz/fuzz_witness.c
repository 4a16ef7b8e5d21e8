/*
 * Reading any bytes as a witness file, and the commit in it by an empty chain.
 * What is accepted can be written again from its parts, byte for byte.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "gate/seen.h"
#include "record/witness.h"

#define TRUST "zQmcTqrLJLeDjGRTZf3yfJLRwWoushb1Af4VtrjXDfB1BsY"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str bytes = { (const char *)data, size };
	struct cf_buf commit = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf again = CF_BUF(CF_MAX_WITNESS);
	const struct cf_chain nobody = { 0 };
	const struct cf_err *err;
	struct cf_seen seen;

	cf_json_start();
	MUST(cf_sign_start() == NULL);
	MUST(cf_kind_start() == NULL);
	err = cf_witness_read(&commit, TRUST, bytes);
	if (err) {
		MUST(err->code == CF_INVALID);
		MUST(strcmp(err->rule, "witness.form") == 0);
	} else {
		struct cf_str raw = { commit.data, commit.len };

		MUST(cf_witness_make(&again, TRUST, raw) == NULL);
		MUST(again.len == size && memcmp(again.data, data, size) == 0);
		/* Nobody's identities: nothing counts. */
		err = cf_seen_read(&seen, &nobody, raw);
		MUST(err && err->code == CF_REFUSED && err->rule[0]);
	}
	cf_buf_clear(&commit);
	cf_buf_clear(&again);
	return 0;
}
