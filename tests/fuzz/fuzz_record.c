/*
 * Reading any bytes as a record. What is accepted has all that the gate and the
 * merge touch, written in one way only; what is refused may still have an id and
 * parents, which must be sound.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "check/check.h"

static void
check_strings(const json_t *list, size_t most)
{
	MUST(json_is_array(list) && json_array_size(list) <= most);
	for (size_t i = 0; i < json_array_size(list); i++)
		MUST(json_is_string(json_array_get(list, i)));
}

static void
check_parts(const struct cf_record *r)
{
	struct cf_digest owner;
	struct cf_uuid id;

	MUST(cf_uuid_parse(&id, cf_str(r->id.text)));
	MUST(cf_kind_word(cf_str(r->kind)));
	MUST(cf_digest_parse(&owner, cf_str(r->owner)));
	MUST(r->status && r->modified);
	check_strings(r->stewards, CF_MAX_STEWARDS);
	MUST(json_is_array(r->proof) &&
		json_array_size(r->proof) <= CF_MAX_PROOFS);
}

/* The same bytes and the same version, read from the value. */
static void
check_again(struct cf_record *r, struct cf_str bytes)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD);
	struct cf_record again;

	MUST(cf_json_file_form(&text, r->doc) == NULL);
	MUST(text.len == bytes.n && memcmp(text.data, bytes.p, bytes.n) == 0);
	MUST(cf_record_take(&again, json_incref(r->doc)) == NULL);
	MUST(strcmp(again.version.text, r->version.text) == 0);
	cf_record_clear(&again);
	cf_buf_clear(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str bytes = { (const char *)data, size };
	const struct cf_err *err;
	struct cf_record r;
	struct cf_fault fault;

	cf_json_start();
	MUST(cf_kind_start() == NULL);
	err = cf_record_read(&r, bytes);
	MUST((r.version.text[0] != '\0') == (r.doc != NULL));
	if (r.parents)
		check_strings(r.parents, CF_MAX_PARENTS);
	if (err) {
		MUST(err->code == CF_INVALID || err->code == CF_TOO_BIG);
		MUST(err->rule[0] != '\0');
	} else {
		MUST(r.parents != NULL);
		check_parts(&r);
		check_again(&r, bytes);
		if (cf_kind_known(r.kind) && cf_check_record(&fault, &r))
			MUST(fault.rule[0] && fault.why[0]);
	}
	cf_record_clear(&r);
	return 0;
}
