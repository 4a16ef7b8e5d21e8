/*
 * RO-Crate: records as files, trusts as organisations, signatures as actions.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/document.h"

#define TERMS "https://confer.invalid/terms#"

/* What schema.org has no word for. */
static const char *const terms[] = { "signatureState", "keyState",
	"gitCommit", "signingKey", "signedVersion", "inConflict", "incomplete",
	"commonsCommit", "commonsTree" };

static const struct cf_err *
add_entity_take(struct cf_buf *out, json_t *entity, bool first)
{
	const struct cf_err *err;

	if (entity == NULL)
		cf_bug("an entity of a crate does not pack");
	cf_buf_puts(out, first ? "\n" : ",\n");
	err = cf_json_canonical(out, entity, NULL);
	json_decref(entity);
	return err ? err : cf_buf_check(out, "an entity");
}

static json_t *
ref(const char *id)
{
	return json_pack("{s:s}", "@id", id);
}

static json_t *
trust_ref(const char *trust)
{
	return json_pack("{s:o}", "@id", json_sprintf("#%s", trust));
}

char *
cf_crate_path(const json_t *item, const json_t *version)
{
	const json_t *record = json_object_get(item, "record");
	const char *id = cf_json_str(record, "id");

	if (version)
		return cf_asprintf("heads/%s/%s.json", id,
			cf_json_str(version, "version"));
	return cf_asprintf("records/%s/%s/%s.json", cf_json_str(record,
		"kind"), id + strlen(id) - 2, id);
}

const struct cf_err *
cf_crate_begin(struct cf_crate *crate, struct cf_buf *out, const json_t *about)
{
	json_t *context = json_object(), *all;
	const json_t *trusts = json_object_get(about, "trusts");
	const struct cf_err *err;

	*crate = (struct cf_crate){ json_array(), json_array(), json_array() };
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		json_object_set_new(context, terms[i], json_sprintf(TERMS "%s",
			terms[i]));
	json_object_set_new(context, "sha256", json_string(
		"https://schema.org/sha256"));
	all = json_pack("[s, o]", "https://w3id.org/ro/crate/1.1/context",
		context);
	cf_buf_puts(out, "{\"@context\":");
	err = cf_json_canonical(out, all, NULL);
	json_decref(all);
	cf_buf_puts(out, ",\"@graph\":[");
	if (!err)
		err = add_entity_take(out, json_pack(
			"{s:s, s:s, s:{s:s}, s:{s:s}}", "@id",
			"ro-crate-metadata.json", "@type", "CreativeWork",
			"about", "@id", "./", "conformsTo", "@id",
			"https://w3id.org/ro/crate/1.1"), true);
	for (size_t i = 0; i < json_array_size(trusts) && !err; i++) {
		const json_t *one = json_array_get(trusts, i);
		const char *url = cf_https(json_object_get(one, "urls"));

		err = add_entity_take(out, json_pack(
			"{s:o, s:s, s:O, s:O, s:s*, s:O, s:O}", "@id",
			json_sprintf("#%s", cf_json_str(one, "trust")),
			"@type", "Organization", "name",
			json_object_get(one, "name"), "identifier",
			json_object_get(one, "trust"), "url", url,
			"description", json_object_get(one, "role"),
			"gitCommit", json_object_get(one, "head")), false);
	}
	return err;
}

/* {@id, @type, …} of a file, and it is a part of the crate. */
static json_t *
file_entity(struct cf_crate *crate, const json_t *file)
{
	const char *path = cf_json_str(file, "path");

	json_array_append_new(crate->parts, ref(path));
	return json_pack("{s:s, s:s, s:s, s:o, s:O}", "@id", path, "@type",
		"File", "encodingFormat", "application/json", "contentSize",
		json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(
		json_object_get(file, "bytes"))), "sha256",
		json_object_get(file, "sha256"));
}

const struct cf_err *
cf_crate_trust(struct cf_crate *crate, struct cf_buf *out, const json_t *trust,
	const json_t *file)
{
	json_t *entity = file_entity(crate, file);

	json_object_set_new(entity, "name", json_sprintf("Identity of %s",
		cf_json_str(trust, "name")));
	json_object_set_new(entity, "about", trust_ref(cf_json_str(trust,
		"trust")));
	return add_entity_take(out, entity, false);
}

/* Who stands behind a version: its owner made it, others endorse it. */
static const struct cf_err *
add_signature(struct cf_crate *crate, struct cf_buf *out, const json_t *item,
	const json_t *version, const char *path, const json_t *one)
{
	const char *trust = cf_json_str(one, "trust");
	bool owner = strcmp(trust, cf_json_str(json_object_get(item, "record"),
		"owner")) == 0;
	char *id = cf_asprintf("#signature-%s-%s", cf_json_str(version,
		"version"), trust);
	json_t *entity = json_pack("{s:s, s:s, s:o, s:o, s:o, s:O, s:O, s:O, "
		"s:O*, s:O*, s:O*}", "@id", id, "@type", owner ?
		"CreateAction" : "EndorseAction", "name",
		json_sprintf("Signed by %s", cf_json_str(one, "name")),
		"agent", trust_ref(trust), owner ? "result" : "object",
		ref(path), "signedVersion", json_object_get(version,
		"version"), "signatureState", json_object_get(one,
		"signature"), "gitCommit", json_object_get(one, "commit"),
		"signingKey", json_object_get(one, "key"), "keyState",
		json_object_get(one, "keyState"), "endTime",
		json_object_get(one, "signed"));

	json_array_append_new(crate->actions, ref(id));
	free(id);
	return add_entity_take(out, entity, false);
}

static void
add_licence(struct cf_crate *crate, json_t *entity, const char *licence)
{
	char *url;

	if (licence == NULL)
		return;
	url = cf_licence_url(licence);
	json_object_set_new(entity, "license", ref(url));
	if (!cf_json_has(crate->licences, licence))
		json_array_append_new(crate->licences, json_string(licence));
	free(url);
}

static void
add_heads(json_t *entity, const json_t *item)
{
	const json_t *all = cf_json_at(item, "/provenance/versions");
	json_t *heads = json_array();

	for (size_t i = 0; i < json_array_size(all); i++) {
		char *path = cf_crate_path(item, json_array_get(all, i));

		json_array_append_new(heads, ref(path));
		free(path);
	}
	json_object_set_new(entity, "isBasedOn", heads);
}

static json_t *
record_entity(struct cf_crate *crate, const json_t *item, const json_t *version,
	const json_t *file)
{
	const json_t *record = json_object_get(item, "record");
	const json_t *from = json_object_get(item, "provenance");
	const char *title = json_string_value(cf_json_at(record,
		"/body/title"));
	const char *id = cf_json_str(record, "id");
	json_t *entity = file_entity(crate, file);

	json_object_set_new(entity, "name", json_string(title ? title : id));
	json_object_set_new(entity, "identifier", json_sprintf("urn:uuid:%s",
		id));
	json_object_set(entity, "additionalType", json_object_get(record,
		"kind"));
	json_object_set_new(entity, "creator", trust_ref(cf_json_str(record,
		"owner")));
	json_object_set(entity, "dateModified", version ? cf_json_at(version,
		"/document/modified") : json_object_get(from, "modified"));
	json_object_set(entity, "creativeWorkStatus", json_object_get(record,
		"status"));
	json_object_set(entity, "inConflict", json_object_get(from,
		"conflict"));
	json_object_set(entity, "incomplete", json_object_get(from,
		"incomplete"));
	add_licence(crate, entity, cf_json_str(record, "licence"));
	return entity;
}

static bool
signed_at_all(const json_t *signatures)
{
	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const char *is = cf_json_str(json_array_get(signatures, i),
			"signature");

		if (is && strcmp(is, "verified") == 0)
			return true;
	}
	return false;
}

const struct cf_err *
cf_crate_file(struct cf_crate *crate, struct cf_buf *out, const json_t *item,
	const json_t *version, const json_t *file)
{
	const json_t *from = json_object_get(item, "provenance");
	const char *state = cf_json_str(from, "signature");
	bool merged = !version && strcmp(state, "merged") == 0;
	json_t *entity = record_entity(crate, item, version, file);
	const json_t *of = version ? version : json_array_get(
		json_object_get(from, "versions"), 0);
	const json_t *signatures = json_object_get(of, "signatures");
	const struct cf_err *err;

	if (version)
		state = signed_at_all(signatures) ? "verified" : "none";
	json_object_set_new(entity, "signatureState", json_string(state));
	if (merged)
		add_heads(entity, item);
	else
		json_object_set(entity, "version", json_object_get(of,
			"version"));
	err = add_entity_take(out, entity, false);
	for (size_t i = 0; !merged && !err && i < json_array_size(signatures);
		i++)
		err = add_signature(crate, out, item, of, cf_json_str(file,
			"path"), json_array_get(signatures, i));
	return err;
}

static json_t *
root_entity(struct cf_crate *crate, const json_t *about, json_t *licences)
{
	const json_t *trusts = json_object_get(about, "trusts");
	json_t *creators = json_array(), *root;

	for (size_t i = 0; i < json_array_size(trusts); i++)
		json_array_append_new(creators, trust_ref(cf_json_str(
			json_array_get(trusts, i), "trust")));
	root = json_pack("{s:s, s:s, s:s, s:s, s:O, s:o, s:O, s:O, s:O, s:O}",
		"@id", "./", "@type", "Dataset", "name",
		"A commons of signed records of practice and findings",
		"description", "Records that trusts published as signed "
		"documents, exported by Confer. What the signatures of each "
		"are worth today, signatureState says. A file whose "
		"signatureState is merged was worked out from the signed "
		"versions that isBasedOn names.", "datePublished",
		json_object_get(about, "time"), "creator", creators, "hasPart",
		crate->parts, "mentions", crate->actions, "commonsCommit",
		json_object_get(about, "commit"), "commonsTree",
		json_object_get(about, "tree"));
	json_object_set(root, "license", licences);
	return root;
}

const struct cf_err *
cf_crate_end(struct cf_crate *crate, struct cf_buf *out, const json_t *about)
{
	json_t *licences = json_array();
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(crate->licences) && !err; i++) {
		const char *id = json_string_value(json_array_get(
			crate->licences, i));
		char *url = cf_licence_url(id);

		json_array_append_new(licences, ref(url));
		err = add_entity_take(out, json_pack("{s:s, s:s, s:s, s:s}",
			"@id", url, "@type", "CreativeWork", "name", id,
			"identifier", id), false);
		free(url);
	}
	if (!err)
		err = add_entity_take(out, root_entity(crate, about, licences),
			false);
	cf_buf_puts(out, "\n]}\n");
	json_decref(licences);
	return err;
}

void
cf_crate_clear(struct cf_crate *crate)
{
	json_decref(crate->parts);
	json_decref(crate->actions);
	json_decref(crate->licences);
	*crate = (struct cf_crate){ 0 };
}
