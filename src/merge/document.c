/*
 * The commons' files of a record.
 */
#include <stdlib.h>
#include <string.h>

#include "merge/merge.h"

/* What comes from the owner's file, whoever wrote the body last. */
static const char *const header[] = { "kind", "id", "owner", "licence",
	"stewards", "status", "withdrawal" };
#define HEADERS (sizeof header / sizeof *header)

bool
cf_same_header(const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < HEADERS; i++) {
		const json_t *x = json_object_get(a, header[i]);
		const json_t *y = json_object_get(b, header[i]);

		if ((x == NULL) != (y == NULL) ||
			(x && cf_json_compare(x, y) != 0))
			return false;
	}
	return true;
}

static bool
has(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (cf_json_compare(json_array_get(list, i), value) == 0)
			return true;
	return false;
}

json_t *
cf_merged_single(json_t *const *docs, const struct cf_chain *const *chains,
	size_t n)
{
	json_t *proofs = json_array(), *doc = json_copy(docs[0]);

	for (size_t i = 0; i < n; i++) {
		json_t *proof = cf_chain_proof(chains[i], docs[i]);

		/* Two trusts may list one key; a set has its proof once. */
		if (proof && !has(proofs, proof))
			json_array_append(proofs, proof);
	}
	cf_proofs_sort(proofs);
	json_object_set_new(doc, "proof", proofs);
	return doc;
}

json_t *
cf_merged_record(const json_t *owner, const json_t *body,
	json_t *const *heads, const struct cf_digest *ids, size_t n)
{
	json_t *out = json_object(), *parents = json_array();
	json_int_t schema = 0;
	const char *modified = "";

	for (size_t i = 0; i < HEADERS; i++) {
		json_t *value = json_object_get(owner, header[i]);

		if (value)
			json_object_set(out, header[i], value);
	}
	for (size_t i = 0; i < n; i++) {
		json_int_t s = json_integer_value(
			json_object_get(heads[i], "schema"));
		const char *m = cf_json_str(heads[i], "modified");

		schema = s > schema ? s : schema;
		modified = strcmp(m, modified) > 0 ? m : modified;
		json_array_append_new(parents, json_string(ids[i].text));
	}
	json_object_set_new(out, "schema", json_integer(schema));
	json_object_set_new(out, "modified", json_string(modified));
	json_object_set_new(out, "parents", parents);
	if (body)
		json_object_set_new(out, "body", json_deep_copy(body));
	return out;
}
