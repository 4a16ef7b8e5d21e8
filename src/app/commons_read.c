/*
 * Reading the commons.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"

const struct cf_err *
cf_blob_json(json_t **out, struct cf_trust *trust, const struct cf_oid *blob)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;

	*out = NULL;
	err = cf_odb_read(&text, cf_store_odb(trust->store), blob, CF_BLOB);
	if (!err)
		err = cf_json_read_file_form(out, NULL, NULL,
			(struct cf_str){ text.data, text.len }, CF_MAX_JSON);
	cf_buf_clear(&text);
	return err;
}

static const struct cf_err *
commons_tree(struct cf_oid *tree, bool *found, struct cf_trust *trust)
{
	const struct cf_err *err;
	char *text = NULL;

	err = cf_index_get(&text, trust->index, "commons-tree");
	*found = !err && text && cf_oid_parse(tree, cf_str(text));
	free(text);
	return err;
}

const struct cf_err *
cf_commons_read(json_t **out, struct cf_trust *trust, const char *path)
{
	struct cf_entry entry;
	struct cf_oid tree;
	const struct cf_err *err;
	bool found;

	*out = NULL;
	err = commons_tree(&tree, &found, trust);
	if (!err && found)
		err = cf_tree_find(&entry, &found, cf_store_odb(trust->store),
			&tree, path);
	return err || !found ? err : cf_blob_json(out, trust, &entry.oid);
}

/* A commit id in a form to read out: the first 20 hex digits in fives. */
static void
speak(char out[24], const char hex[CF_OID_TEXT])
{
	(void)snprintf(out, 24, "%.5s %.5s %.5s %.5s", hex, hex + 5, hex + 10,
		hex + 15);
}

const struct cf_err *
cf_commons_state(json_t **out, struct cf_trust *trust)
{
	struct cf_index_counts count;
	char hex[CF_OID_TEXT] = "", text[CF_OID_TEXT] = "", spoken[24] = "";
	struct cf_oid commit, tree;
	const struct cf_err *err;
	bool found, made = false;

	*out = NULL;
	err = cf_ref_read(&commit, &found, trust->store, CF_COMMONS);
	if (!err)
		err = commons_tree(&tree, &made, trust);
	if (!err)
		err = cf_index_count(&count, trust->index);
	if (err)
		return err;
	if (found) {
		cf_oid_hex(hex, &commit);
		speak(spoken, hex);
	}
	if (made)
		cf_oid_hex(text, &tree);
	*out = json_pack("{s:s, s:s, s:I, s:I, s:s}", "commit", hex, "tree",
		text, "records", (json_int_t)count.records, "conflicts",
		(json_int_t)count.conflicts, "spoken", spoken);
	return NULL;
}

const char *
cf_key_holder(struct cf_trust *trust, const json_t *ids, const char *did)
{
	struct cf_odb *odb = cf_store_odb(trust->store);
	const char *found = NULL;

	for (size_t i = 0; i < json_array_size(ids) && !found; i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		struct cf_gate gate;
		struct cf_oid pin;
		bool known;

		if (cf_index_pin(&pin, &known, trust->index, id) != NULL ||
			!known || cf_gate_load(&gate, odb, &pin) != NULL)
			continue;
		if (cf_chain_proof_counts(&gate.chain, did))
			found = id;
		cf_gate_clear(&gate);
	}
	return found;
}
