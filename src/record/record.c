/*
 * Reading a record: bytes to a version with its hash. What a record must say
 * beyond its shape (signatures, schema, history) is decided in the gate.
 */
#include <string.h>

#include "record/record.h"

static const struct cf_err *
shape(const char *member, const char *must)
{
	return cf_err_rule(CF_INVALID, "record.shape", "the member '%s' of the "
		"record must be %s", member, must);
}

static bool
strings(const json_t *list, size_t most)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > most)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!json_is_string(json_array_get(list, i)))
			return false;
	return true;
}

/* Fills the borrowed members; all that the gate and the merge touch. */
static const struct cf_err *
fill(struct cf_record *r)
{
	const char *id = cf_json_str(r->doc, "id");
	struct cf_digest owner;
	json_t *kind = json_object_get(r->doc, "kind");
	json_t *parents = json_object_get(r->doc, "parents");
	json_t *stewards = json_object_get(r->doc, "stewards");
	json_t *proof = json_object_get(r->doc, "proof");

	if (!json_is_object(r->doc))
		return cf_err_rule(CF_INVALID, "record.shape",
			"a record must be a JSON object");
	/* Of a record that is held too: ancestry runs through it. */
	if (strings(parents, CF_MAX_PARENTS))
		r->parents = parents;
	if (id == NULL || !cf_uuid_parse(&r->id, cf_str(id)))
		return shape("id", "a record id (UUID version 8, lower case)");
	r->kind = json_string_value(kind);
	if (r->kind == NULL || !cf_kind_word(cf_str(r->kind)))
		return shape("kind", "a kind such as finding");
	r->owner = cf_json_str(r->doc, "owner");
	if (r->owner == NULL || !cf_digest_parse(&owner, cf_str(r->owner)))
		return shape("owner", "a trust id");
	r->status = cf_json_str(r->doc, "status");
	if (r->status == NULL)
		return shape("status", "a word such as active");
	r->modified = cf_json_str(r->doc, "modified");
	if (r->modified == NULL)
		return shape("modified", "a time");
	if (r->parents == NULL)
		return shape("parents", "a list of at most 32 version ids");
	if (!strings(stewards, CF_MAX_STEWARDS))
		return shape("stewards", "a list of at most 32 trust ids");
	r->stewards = stewards;
	if (proof && (!json_is_array(proof) ||
		json_array_size(proof) > CF_MAX_PROOFS))
		return shape("proof", "a list of at most 32 proofs");
	r->proof = proof;
	return NULL;
}

const struct cf_err *
cf_record_read(struct cf_record *out, struct cf_str bytes)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;

	*out = (struct cf_record){ 0 };
	err = cf_json_read_file_form(&out->doc, &jcs, "proof", bytes,
		CF_MAX_RECORD);
	if (err)
		goto done;
	cf_sha256(out->hash, jcs.data, jcs.len);
	cf_digest_from_hash(&out->version, out->hash);
	err = fill(out);
	if (!err && out->proof == NULL)
		err = shape("proof", "a list of proofs");
done:
	cf_buf_clear(&jcs);
	return err;
}

const struct cf_err *
cf_record_take(struct cf_record *out, json_t *doc)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;

	*out = (struct cf_record){ .doc = doc };
	err = cf_json_canonical(&jcs, doc, "proof");
	if (err)
		goto done;
	cf_sha256(out->hash, jcs.data, jcs.len);
	cf_digest_from_hash(&out->version, out->hash);
	err = fill(out);
done:
	cf_buf_clear(&jcs);
	return err;
}

void
cf_record_clear(struct cf_record *record)
{
	json_decref(record->doc);
	*record = (struct cf_record){ 0 };
}

bool
cf_json_has(const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s && strcmp(s, word) == 0)
			return true;
	}
	return false;
}

bool
cf_record_has_steward(const struct cf_record *record, const char *trust)
{
	return cf_json_has(record->stewards, trust);
}

const char *
cf_record_title(const json_t *doc)
{
	const char *title = cf_json_str(json_object_get(doc, "body"), "title");

	return title ? title : "";
}

json_t *
cf_finding_padlocks(const json_t *body)
{
	const json_t *security = json_object_get(body, "security");
	json_t *outside = json_object_get(security, "reviewed_padlocks");

	return outside ? outside : json_object_get(security, "padlocks");
}
