/*
 * Who we are, our keys, and the card that a partner gets.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/mem.h"

json_t *
cf_publish_keys(const struct cf_trust *trust)
{
	return json_object_get(cf_chain_now(&trust->own.chain)->doc,
		"publishKeys");
}

/* Whether the key is among these, and this machine holds it. */
static const struct cf_err *
has_key(bool *out, struct cf_trust *trust, const json_t *publish,
	const char *did)
{
	struct cf_pubkey key;
	bool sealed;

	*out = false;
	if (did == NULL || !cf_pubkey_parse(&key, cf_str(did)) ||
		!cf_json_has(publish, did))
		return NULL;
	return cf_keystore_find(out, &sealed, trust->id, &key);
}

const struct cf_err *
cf_own_key(char **out, struct cf_trust *trust, const json_t *publish)
{
	const struct cf_err *err;
	bool here = false;

	err = cf_config_get(out, trust->store, "confer.key");
	if (err || (*out && cf_json_has(publish, *out)))
		return err;
	/* The settings come last when a key is changed. */
	for (size_t i = 0; i < json_array_size(publish) && !err && !here; i++) {
		const char *did = json_string_value(json_array_get(publish, i));

		err = has_key(&here, trust, publish, did);
		if (here) {
			free(*out);
			*out = cf_strdup(did);
		}
	}
	return err;
}

/* A key that is here, and that nobody has let in yet. */
static const struct cf_err *
is_waiting(bool *out, struct cf_trust *trust, const char *did)
{
	struct cf_pubkey key;
	bool sealed;

	*out = false;
	if (did == NULL || !cf_pubkey_parse(&key, cf_str(did)) ||
		cf_json_has(cf_publish_keys(trust), did) ||
		cf_chain_revoked(&trust->own.chain, did))
		return NULL;
	return cf_keystore_find(out, &sealed, trust->id, &key);
}

const struct cf_err *
cf_id(json_t **out, struct cf_trust *trust)
{
	const struct cf_identity *now = cf_chain_now(&trust->own.chain);
	char safety[CF_SAFETY_TEXT], number[CF_KEY_NUMBER_TEXT] = "";
	char *did = NULL;
	const struct cf_err *err;
	bool here = false, waits = false;

	*out = NULL;
	err = cf_own_key(&did, trust, cf_publish_keys(trust));
	if (!err)
		err = has_key(&here, trust, cf_publish_keys(trust), did);
	if (!err && !here)
		err = is_waiting(&waits, trust, did);
	if (!err) {
		cf_safety_number(safety, trust->id);
		if (did)
			cf_key_number(number, did);
		*out = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:i, s:s, s:s, "
			"s:O, s:b, s:b}",
			"trust", trust->id, "name", now->name, "role",
			now->role, "key", did, "keyNumber",
			did ? number : NULL, "identity", (int)now->version,
			"identityDigest", now->digest.text, "safetyNumber",
			safety, "urls",
			json_object_get(now->doc, "urls"), "machine", here, "waiting",
			waits);
	}
	free(did);
	return err;
}

const struct cf_err *
cf_card(json_t **out, struct cf_trust *trust)
{
	const struct cf_identity *now = cf_chain_now(&trust->own.chain);
	char safety[CF_SAFETY_TEXT], head[CF_OID_TEXT];

	cf_safety_number(safety, trust->id);
	cf_oid_hex(head, &trust->own.head);
	*out = json_pack("{s:s, s:i, s:s, s:s, s:s, s:O, s:i, s:I, s:s, s:s}",
		"kind", "card", "protocol", CF_PROTOCOL, "trust", trust->id,
		"name", now->name, "role", now->role, "urls",
		json_object_get(now->doc, "urls"), "identity",
		(int)now->version, "sequence",
		(json_int_t)trust->own.sequence, "head", head,
		"safetyNumber", safety);
	return NULL;
}

static const struct cf_err *
add_keys(json_t *out, struct cf_trust *trust, const char *list,
	const char *role)
{
	const struct cf_chain *chain = &trust->own.chain;
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < chain->n && !err; i++) {
		json_t *keys = json_object_get(chain->link[i].doc, list);

		for (size_t k = 0; k < json_array_size(keys) && !err; k++) {
			const char *did = json_string_value(
				json_array_get(keys, k));
			const char *reason = cf_chain_revoked(chain, did);
			bool here = false, seen = false;

			for (size_t s = 0; s < json_array_size(out); s++)
				seen |= strcmp(cf_json_str(json_array_get(out,
					s), "key"), did) == 0;
			if (seen)
				continue;
			err = has_key(&here, trust, cf_publish_keys(trust),
				did);
			json_array_append_new(out, json_pack(
				"{s:s, s:s, s:s, s:s*, s:i, s:s*, s:b}", "key",
				did, "role", role, "status", reason ? "revoked" :
				"active", "reason", reason, "identity",
				(int)chain->link[i].version, "since",
				cf_json_str(json_array_get(json_object_get(
				chain->link[i].doc, "proof"), 0), "created"),
				"here", here));
		}
	}
	return err;
}

const struct cf_err *
cf_key_list(json_t **out, struct cf_trust *trust)
{
	const struct cf_err *err;

	*out = json_array();
	err = add_keys(*out, trust, "publishKeys", "publish");
	return err ? err : add_keys(*out, trust, "rootKeys", "root");
}

static void
add_signers(struct cf_buf *out, const struct cf_chain *chain)
{
	char *email = cf_trust_email(cf_chain_trust(chain));
	json_t *seen = json_object();

	for (size_t i = 0; i < chain->n; i++) {
		json_t *keys = json_object_get(chain->link[i].doc,
			"publishKeys");

		for (size_t k = 0; k < json_array_size(keys); k++) {
			const char *did = json_string_value(
				json_array_get(keys, k));
			struct cf_pubkey key;

			if (json_object_get(seen, did) ||
				!cf_pubkey_parse(&key, cf_str(did)))
				continue;
			json_object_set_new(seen, did, json_true());
			cf_allowed_signer(out, email, &key);
		}
	}
	json_decref(seen);
	free(email);
}

const struct cf_err *
cf_key_export(char **text, struct cf_trust *trust)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);
	struct cf_odb *odb = cf_store_odb(trust->store);
	struct cf_names names;
	const struct cf_err *err;

	*text = NULL;
	err = cf_index_trusts(&names, trust->index);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct cf_gate gate;
		struct cf_oid pin;
		bool found;

		err = cf_index_pin(&pin, &found, trust->index, names.name[i]);
		if (!err)
			err = cf_gate_load(&gate, odb, &pin);
		if (!err) {
			add_signers(&out, &gate.chain);
			cf_gate_clear(&gate);
		}
	}
	cf_names_clear(&names);
	if (!err)
		err = cf_buf_check(&out, "the list of keys");
	if (!err)
		*text = cf_buf_take(&out);
	cf_buf_clear(&out);
	return err;
}
