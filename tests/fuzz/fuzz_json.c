/*
 * Reading any bytes as JSON. What is taken can be written in both forms, and
 * each of them is read as the same value again.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "json/json.h"

#define MAX (64u * 1024)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str text = { (const char *)data, size };
	/* One level of 32 adds at most 65 bytes to two of the input. */
	struct cf_buf first = CF_BUF(64 * MAX), form = CF_BUF(64 * MAX);
	struct cf_buf again = CF_BUF(64 * MAX);
	json_t *value, *same;
	const struct cf_err *err = cf_json_read(&value, text, MAX);

	if (err) {
		MUST(value == NULL && err->rule[0] && err->msg[0]);
		/* Our scan and jansson agree on what JSON is. */
		MUST(strstr(err->msg, "please report") == NULL);
		return 0;
	}
	MUST(cf_json_canonical(&first, value, NULL) == NULL);
	MUST(cf_json_read(&same, (struct cf_str){ first.data, first.len },
		first.max) == NULL);
	MUST(json_equal(value, same));
	MUST(cf_json_canonical(&again, same, NULL) == NULL);
	MUST(first.len == again.len &&
		memcmp(first.data, again.data, first.len) == 0);
	MUST(cf_json_compare(value, same) == 0);
	json_decref(same);

	cf_buf_reset(&again);
	MUST(cf_json_file_form(&form, value) == NULL);
	MUST(cf_json_read_file_form(&same, &again, NULL,
		(struct cf_str){ form.data, form.len }, form.max) == NULL);
	MUST(json_equal(value, same));
	MUST(first.len == again.len &&
		memcmp(first.data, again.data, first.len) == 0);
	json_decref(same);
	json_decref(value);
	cf_buf_clear(&first);
	cf_buf_clear(&form);
	cf_buf_clear(&again);
	return 0;
}
