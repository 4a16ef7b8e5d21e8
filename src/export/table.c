/*
 * The tables, and the rows of a record in them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/table.h"

struct column {
	const char *name, *type, *path, *title, *description;
};

static const struct column trusts[] = {
	{ "trust", "string", "/trust/trust", "Trust",
		"The id of the trust: the hash of its first identity." },
	{ "name", "string", "/trust/name", "Name",
		"The name that its identity in force gives." },
	{ "role", "string", "/trust/role", "Role",
		"trust, university or organisation." },
	{ "urls", "array", "/trust/urls", "Addresses",
		"Where its signed repository can be fetched." },
	{ "identity", "integer", "/trust/identity", "Identity",
		"The number of its identity document in force." },
	{ "commit", "string", "/trust/head", "Commit",
		"The newest commit of it that was verified." },
	{ "sequence", "integer", "/trust/sequence", "Number of the commit",
		"The place of that commit in its history." },
	{ "committed", "datetime", "/trust/committed", "Committed",
		"The time that this commit states." },
	{ NULL }
};

/* In front of the fields of a kind too, so that one file is enough. */
static const struct column provenance[] = {
	{ "record", "string", "/record/id", "Record",
		"The id of the record, which never changes." },
	{ "version", "string", "/provenance/version", "Version",
		"The hash of the signed version that stands. Empty where "
		"several stand side by side: see versions." },
	{ "owner", "string", "/record/owner", "Owner",
		"The id of the trust that created the record." },
	{ "owner_name", "string", "/provenance/ownerName", "Name of the owner",
		"The name of that trust." },
	{ "status", "string", "/record/status", "Status",
		"active, completed, superseded, withdrawn or erased." },
	{ "modified", "datetime", "/provenance/modified", "Changed",
		"When the version that stands was made, as its author's clock "
		"says, and never later than the commit that brought it." },
	{ "conflict", "boolean", "/provenance/conflict", "Conflict",
		"Whether trusts contradict one another in it; then a contested "
		"field shows what was there before." },
	{ "signature", "string", "/provenance/signature", "Signature",
		"verified: what stands here was signed as it is. merged: it "
		"was worked out from several signed versions. none: no proof "
		"of it counts any more." },
	{ "commit", "string", "/provenance/commit", "Commit",
		"The signed git commit that brought the version: the owner's, "
		"where it has it." },
	{ "key", "string", "/provenance/key", "Key",
		"The key that signed it there." },
	{ "licence", "string", "/record/licence", "Licence",
		"Under which the record may be used (SPDX)." },
	{ NULL }
};

static const struct column records[] = {
	{ "kind", "string", "/record/kind", "Kind",
		"practice, finding, project and so on; the table of that name "
		"has its fields." },
	{ "title", "string", "/record/body/title", "Title",
		"What people see in lists." },
	{ "schema", "integer", "/record/schema", "Schema",
		"The number of the schema that the record follows." },
	{ "stewards", "array", "/record/stewards", "Stewards",
		"The trusts that may edit it." },
	{ "contested", "array", "/provenance/contested", "Contested",
		"The fields in which trusts contradict one another." },
	{ "incomplete", "boolean", "/provenance/incomplete", "Incomplete",
		"Whether versions of it may be missing here." },
	{ "withdrawal_reason", "string", "/record/withdrawal/reason",
		"Reason of the withdrawal", "Why its owner withdrew it." },
	{ "replacement", "string", "/record/withdrawal/replacement",
		"Replacement", "The record that stands in its place." },
	{ NULL }
};

static const struct column versions[] = {
	{ "version", "string", "/version/version", "Version",
		"The hash of the document without its proofs." },
	{ "record", "string", "/record/id", "Record", "Of which record." },
	{ "modified", "datetime", "/version/document/modified", "Changed",
		"As its author's clock says." },
	{ "parents", "array", "/version/document/parents", "Parents",
		"The versions that it builds on." },
	{ "document", "object", "/version/document", "Document",
		"The whole signed document with its proofs, from which the "
		"signatures can be checked again." },
	{ NULL }
};

static const struct column signatures[] = {
	{ "version", "string", "/version/version", "Version",
		"What was signed." },
	{ "trust", "string", "/signature/trust", "Trust", "Who stands "
		"behind it: the id of a trust." },
	{ "record", "string", "/record/id", "Record", "Of which record." },
	{ "trust_name", "string", "/signature/name", "Name of the trust",
		"The name of that trust." },
	{ "signature", "string", "/signature/signature", "Signature",
		"verified: a proof by a key of that trust. none: no proof of "
		"its keys counts any more." },
	{ "key", "string", "/signature/key", "Key", "The key that signed." },
	{ "key_state", "string", "/signature/keyState", "State of the key",
		"in-force; or superseded, lost or retired since, which takes "
		"nothing from what it signed." },
	{ "signed", "string", "/signature/signed", "Signed",
		"The time that the proof states." },
	{ "commit", "string", "/signature/commit", "Commit",
		"The signed git commit that brought it into that trust's "
		"repository, signed again where its key was shut out." },
	{ "sequence", "integer", "/signature/sequence", "Number of the commit",
		"The place of that commit in the trust's history." },
	{ "committed", "datetime", "/signature/committed", "Committed",
		"The time that this commit states." },
	{ NULL }
};

const char *const cf_export_indexes[][2] = {
	{ "records", "kind" }, { "records", "modified" },
	{ "records", "owner" }, { "versions", "record" },
	{ "signatures", "record" }, { "signatures", "trust" },
	{ "finding", "outcome_construct" }, { "finding", "practice" },
	{ "adoption", "practice" }, { NULL, NULL }
};

/* --- describing ----------------------------------------------------------- */

static void
add_field(struct cf_export_table *t, json_t *field, const char *path)
{
	json_array_append_new(t->fields, field);
	json_array_append_new(t->paths, json_string(path));
}

static bool
is_key(const struct cf_export_table *t, const char *name)
{
	return cf_json_has(cf_export_key(t), name);
}

static void
add_columns(struct cf_export_table *t, const struct column *c)
{
	for (; c->name; c++) {
		json_t *field = json_pack("{s:s, s:s, s:s, s:s}", "name",
			c->name, "type", c->type, "title", c->title,
			"description", c->description);

		if (is_key(t, c->name))
			json_object_set_new(field, "constraints", json_pack(
				"{s:b}", "required", 1));
		add_field(t, field, c->path);
	}
}

/* The type of a property, in the words of Table Schema. */
static const char *
type_of(const json_t *property, json_t *schema)
{
	const char *type = cf_json_str(schema, "type");
	const char *format = cf_json_str(schema, "format");
	const char *ref = cf_json_str(property, "$ref");

	if (type == NULL)
		return json_is_boolean(json_object_get(schema, "const")) ?
			"boolean" : "string";
	if (format && strcmp(type, "string") == 0 &&
		strcmp(format, "date") == 0)
		return "date";
	if (ref && cf_ends(ref, "/month"))
		return "yearmonth";
	return type;
}

/* Codes with their words: what a codebook has. */
static void
add_codes(json_t *field, const json_t *schema)
{
	const json_t *codes = json_object_get(schema, "enum");
	const json_t *labels = json_object_get(schema, "x-labels");
	json_t *out;

	if (codes == NULL || !json_is_string(json_array_get(codes, 0)))
		return;
	out = json_array();
	for (size_t i = 0; i < json_array_size(codes); i++) {
		const char *code = json_string_value(json_array_get(codes, i));
		const char *label = cf_json_str(labels, code);

		json_array_append_new(out, json_pack("{s:s, s:s}", "value",
			code, "label", label ? label : code));
	}
	json_object_set_new(field, "categories", out);
}

/* A field for each property that is no object; those of objects come after the
 * names that lead there: outcome_construct. Depth is that of our own schemas. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void
add_properties(struct cf_export_table *t, const json_t *schema,
	const char *prefix, const char *at, const char *above)
{
	json_t *properties = json_object_get(schema, "properties"), *property;
	const char *name;

	json_object_foreach(properties, name, property) {
		json_t *is = cf_schema_resolve(property), *field;
		const char *type = type_of(property, is);
		const char *title = cf_json_str(property, "title");
		const char *about = cf_json_str(property, "description");
		char *full = cf_asprintf("%s%s", prefix, name);
		char *path = cf_asprintf("%s/%s", at, name);
		char *says = cf_asprintf("%s%s%s", above, above[0] ? ": " : "",
			title ? title : name);

		if (strcmp(type, "object") == 0) {
			char *longer = cf_asprintf("%s_", full);

			add_properties(t, is, longer, path, says);
			free(longer);
		} else {
			field = json_pack("{s:s, s:s, s:s, s:s*}", "name", full,
				"type", type, "title", says, "description",
				about);
			add_codes(field, is);
			add_field(t, field, path);
		}
		free(full);
		free(path);
		free(says);
	}
}

static json_t *
foreign(const char *field, const char *table, const char *to)
{
	return json_pack("{s:[s], s:{s:s, s:[s]}}", "fields", field,
		"reference", "resource", table, "fields", to);
}

/* `key`: one column, or two with a space between. `refers` of pairs: column,
 * table; NULL ends. What is referred to is the key of that table. */
static struct cf_export_table *
add_table(struct cf_export_tables *out, enum cf_export_each each,
	const char *name, const char *key, const char *const *refers)
{
	struct cf_export_table *t = &out->table[out->n++];
	json_t *keys = json_array(), *others = json_array(), *schema;
	struct cf_str rest = cf_str(key), head;

	if (out->n > CF_EXPORT_TABLES)
		cf_bug("more tables than there is room for");
	if (cf_str_cut(&head, &rest, rest, ' '))
		json_array_append_new(keys, json_stringn(head.p, head.n));
	json_array_append_new(keys, json_stringn(rest.p, rest.n));
	for (; *refers; refers += 2)
		json_array_append_new(others, foreign(refers[0], refers[1],
			strcmp(refers[1], "trusts") == 0 ? "trust" :
			strcmp(refers[1], "versions") == 0 ? "version" :
			"record"));
	t->name = name;
	t->each = each;
	t->paths = json_array();
	t->fields = json_array();
	schema = json_pack("{s:o, s:o, s:[s]}", "fields", t->fields,
		"primaryKey", keys, "missingValues", "");
	if (json_array_size(others))
		json_object_set(schema, "foreignKeys", others);
	json_decref(others);
	t->about = json_pack("{s:s, s:o}", "name", name, "schema", schema);
	return t;
}

static void
describe(struct cf_export_table *t, const char *title, const char *text)
{
	json_object_set_new(t->about, "title", json_string(title));
	json_object_set_new(t->about, "description", json_string(text));
}

static void
add_general(struct cf_export_tables *out)
{
	static const char *const none[] = { NULL };
	static const char *const by_owner[] = { "owner", "trusts", NULL };
	static const char *const by_record[] = { "record", "records", NULL };
	static const char *const by_version[] = { "version", "versions",
		"trust", "trusts", "record", "records", NULL };
	struct cf_export_table *t;

	t = add_table(out, CF_EACH_TRUST, "trusts", "trust", none);
	describe(t, "Trusts", "The trusts whose repositories were verified.");
	add_columns(t, trusts);
	t = add_table(out, CF_EACH_RECORD, "records", "record", by_owner);
	describe(t, "Records", "One row for each record, of any kind.");
	add_columns(t, provenance);
	add_columns(t, records);
	t = add_table(out, CF_EACH_VERSION, "versions", "version", by_record);
	describe(t, "Versions", "The signed versions that stand: one for each "
		"record, or several where stewards edited it side by side.");
	add_columns(t, versions);
	t = add_table(out, CF_EACH_SIGNATURE, "signatures", "version trust",
		by_version);
	describe(t, "Signatures", "Which trust stands behind which version, "
		"with which key, and which commit brought it.");
	add_columns(t, signatures);
}

static void
add_kind(struct cf_export_tables *out, const char *kind)
{
	static const char *const refers[] = { "record", "records", "owner",
		"trusts", NULL };
	struct cf_export_table *t = add_table(out, CF_EACH_KIND, kind,
		"record", refers);
	const json_t *schema = cf_schema_doc(kind);

	describe(t, cf_json_str(schema, "title"), cf_json_str(schema,
		"description"));
	add_columns(t, provenance);
	add_properties(t, schema, "", "/record/body", "");
}

void
cf_export_tables_make(struct cf_export_tables *out, const char *kind)
{
	const char *const *kinds = cf_kind_names();

	*out = (struct cf_export_tables){ 0 };
	add_general(out);
	for (; *kinds; kinds++)
		if (kind == NULL || strcmp(kind, *kinds) == 0)
			add_kind(out, *kinds);
}

void
cf_export_tables_clear(struct cf_export_tables *tables)
{
	for (size_t i = 0; i < tables->n; i++) {
		json_decref(tables->table[i].about);
		json_decref(tables->table[i].paths);
	}
	*tables = (struct cf_export_tables){ 0 };
}

/* --- asking --------------------------------------------------------------- */

const char *
cf_export_name(const struct cf_export_table *table, size_t field)
{
	return cf_json_str(json_array_get(table->fields, field), "name");
}

const char *
cf_export_type(const struct cf_export_table *table, size_t field)
{
	return cf_json_str(json_array_get(table->fields, field), "type");
}

json_t *
cf_export_key(const struct cf_export_table *table)
{
	return json_object_get(json_object_get(table->about, "schema"),
		"primaryKey");
}

const char *
cf_export_refers(const struct cf_export_table *table, const char *field)
{
	const json_t *all = json_object_get(json_object_get(table->about,
		"schema"), "foreignKeys");

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);

		if (cf_json_has(json_object_get(one, "fields"), field))
			return cf_json_str(json_object_get(one, "reference"),
				"resource");
	}
	return NULL;
}

/* --- rows ----------------------------------------------------------------- */

/* A day of the year 0 is a day to a schema, and none to a database or to R: it
 * would keep everything else out. It stays in the document. */
static bool
has_cell(const struct cf_export_table *t, size_t field, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text == NULL)
		return value != NULL;
	return text[0] && !(cf_starts(cf_export_type(t, field), "date") &&
		cf_starts(text, "0000-"));
}

static const struct cf_err *
give(const struct cf_export_tables *tables, size_t at, const json_t *item,
	cf_export_row row, void *payload)
{
	const struct cf_export_table *t = &tables->table[at];
	json_t *cells = json_array();
	const struct cf_err *err;

	for (size_t i = 0; i < json_array_size(t->paths); i++) {
		json_t *value = cf_json_at(item, json_string_value(
			json_array_get(t->paths, i)));

		json_array_append(cells, has_cell(t, i, value) ? value :
			json_null());
	}
	err = row(payload, at, cells);
	json_decref(cells);
	return err;
}

/* Rows for each version, or for each signature of each. */
static const struct cf_err *
give_versions(const struct cf_export_tables *tables, size_t at, json_t *item,
	cf_export_row row, void *payload)
{
	json_t *all = cf_json_at(item, "/provenance/versions"), *version, *one;
	bool whole = tables->table[at].each == CF_EACH_VERSION;
	const struct cf_err *err = NULL;
	size_t i, j;

	json_array_foreach(all, i, version) {
		json_object_set(item, "version", version);
		if (whole && !err)
			err = give(tables, at, item, row, payload);
		json_array_foreach(json_object_get(version, "signatures"), j,
			one) {
			json_object_set(item, "signature", one);
			if (!whole && !err)
				err = give(tables, at, item, row, payload);
		}
	}
	json_object_del(item, "version");
	json_object_del(item, "signature");
	return err;
}

static bool
has_row(const struct cf_export_table *t, const json_t *item)
{
	const json_t *record = json_object_get(item, "record");
	const char *kind = cf_json_str(record, "kind");

	if (t->each == CF_EACH_TRUST)
		return json_object_get(item, "trust") != NULL;
	if (t->each == CF_EACH_RECORD)
		return record != NULL;
	return t->each == CF_EACH_KIND && kind && strcmp(kind, t->name) == 0 &&
		json_object_get(record, "body") != NULL;
}

const struct cf_err *
cf_export_rows(const struct cf_export_tables *tables, json_t *item,
	cf_export_row row, void *payload)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < tables->n && !err; i++) {
		const struct cf_export_table *t = &tables->table[i];

		if (t->each == CF_EACH_VERSION || t->each == CF_EACH_SIGNATURE)
			err = give_versions(tables, i, item, row, payload);
		else if (has_row(t, item))
			err = give(tables, i, item, row, payload);
	}
	return err;
}
