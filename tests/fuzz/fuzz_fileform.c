/*
 * Any bytes as a document that must be in file form: the one pass takes exactly
 * what the reader takes and writes back as it was, and leaves out of the
 * canonical form what the writer leaves out.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "json/json.h"

#define MAX (64u * 1024)

/* What the slow way says: the canonical form without `proof`, or NULL. */
static json_t *
slowly(struct cf_buf *jcs, struct cf_str text, char rule[48])
{
	struct cf_buf form = CF_BUF(64 * MAX);
	json_t *value;
	const struct cf_err *err = cf_json_read(&value, text, MAX);

	if (err) {
		memcpy(rule, err->rule, 48);
		return NULL;
	}
	MUST(cf_json_file_form(&form, value) == NULL);
	if (form.len != text.n || memcmp(form.data, text.p, text.n) != 0) {
		memcpy(rule, "json.not-canonical", 19);
		json_decref(value);
		value = NULL;
	} else {
		MUST(cf_json_canonical(jcs, value, "proof") == NULL);
	}
	cf_buf_clear(&form);
	return value;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str text = { (const char *)data, size };
	struct cf_buf want = CF_BUF(MAX), jcs = CF_BUF(MAX);
	char rule[48] = "";
	json_t *slow = slowly(&want, text, rule), *fast;
	const struct cf_err *err = cf_json_read_file_form(&fast, &jcs, "proof",
		text, MAX);

	if (slow == NULL) {
		MUST(err != NULL && fast == NULL && jcs.len == 0);
		MUST(strcmp(err->rule, rule) == 0);
	} else {
		MUST(err == NULL && json_equal(slow, fast));
		MUST(want.len == jcs.len &&
			memcmp(want.data, jcs.data, want.len) == 0);
	}
	json_decref(slow);
	json_decref(fast);
	cf_buf_clear(&want);
	cf_buf_clear(&jcs);
	return 0;
}
