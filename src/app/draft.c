/*
 * Writing draft files, and making a new one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/draft.h"
#include "base/mem.h"
#include "record/shape.h"

#define FIRST_KEY "a1"

json_t *
cf_path_json(const char *path)
{
	char *text = cf_strdup(path);
	json_t *out;

	cf_utf8_mend(text);
	out = json_string(text);
	free(text);
	return out;
}

static void
indent(struct cf_buf *out, unsigned level)
{
	cf_buf_putc(out, '\n');
	for (unsigned i = 0; i < level; i++)
		cf_buf_puts(out, "  ");
}

static void
put_scalar(struct cf_buf *out, const json_t *value)
{
	char number[32];
	char *text;

	if (json_is_real(value) && cf_json_number(number,
		json_real_value(value))) {
		cf_buf_puts(out, number);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	cf_buf_puts(out, text ? text : "null");
	free(text);
}

void
cf_draft_text(struct cf_buf *out, const json_t *value, unsigned level)
{
	json_t *object = (json_t *)(uintptr_t)value, *member;
	const char *name, *join = "";
	size_t i;

	if (json_is_object(value) && json_object_size(value)) {
		cf_buf_putc(out, '{');
		json_object_foreach(object, name, member) {
			json_t *key = json_string(name);

			cf_buf_puts(out, join);
			indent(out, level + 1);
			put_scalar(out, key);
			cf_buf_puts(out, ": ");
			cf_draft_text(out, member, level + 1);
			json_decref(key);
			join = ",";
		}
		indent(out, level);
		cf_buf_putc(out, '}');
	} else if (json_is_array(value) && json_array_size(value)) {
		cf_buf_putc(out, '[');
		json_array_foreach(object, i, member) {
			cf_buf_puts(out, join);
			indent(out, level + 1);
			cf_draft_text(out, member, level + 1);
			join = ",";
		}
		indent(out, level);
		cf_buf_putc(out, ']');
	} else {
		put_scalar(out, value);
	}
}

static const struct cf_err *
draft_text(struct cf_buf *out, const json_t *draft)
{
	cf_draft_text(out, draft, 0);
	cf_buf_putc(out, '\n');
	return cf_buf_check(out, "the draft");
}

const struct cf_err *
cf_draft_write(const char *file, const json_t *draft)
{
	struct cf_buf text = CF_BUF(4 * CF_MAX_RECORD);
	const struct cf_err *err = draft_text(&text, draft);
	char *real = realpath(file, NULL);
	struct stat st;

	/* It stays the file that the person made: behind a link, and with its
	 * mode. */
	if (!err)
		err = cf_file_write(real ? real : file, text.data, text.len,
			real && stat(real, &st) == 0 ? st.st_mode & 0777 :
			0644);
	free(real);
	cf_buf_clear(&text);
	return err;
}

const struct cf_err *
cf_draft_names(struct cf_names *out, struct cf_trust *trust)
{
	char *dir = cf_path_join(cf_store_work_dir(trust->store), "drafts");
	const struct cf_err *err = cf_dir_names(out, dir);
	size_t kept = 0;

	if (err && err->code == CF_NOT_FOUND)
		err = NULL;
	for (size_t i = 0; i < out->n; i++) {
		char *name = out->name[i];

		if (cf_ends(name, ".json") && !cf_is_proposal(name))
			out->name[kept++] = cf_path_join(dir, name);
		free(name);
	}
	out->n = kept;
	free(dir);
	return err;
}

static json_t *skeleton(json_t *schema);

/* A list with the first entry that it needs, if it needs one. The key has an
 * example's value: it may be any, and people should not have to think of it. */
static json_t *
skeleton_list(json_t *schema)
{
	json_t *out = json_array(), *items = cf_shape_items(schema), *first;
	const char *key = cf_shape_key(schema);

	if (json_integer_value(json_object_get(schema, "minItems")) == 0 ||
		json_object_get(items, "properties") == NULL)
		return out;
	first = skeleton(items);
	if (key)
		json_object_set_new(first, key, json_string(FIRST_KEY));
	json_array_append_new(out, first);
	return out;
}

/* The required fields of a kind, empty, for people to fill in. */
static json_t *
skeleton(json_t *schema)
{
	json_t *required = json_object_get(schema, "required");
	json_t *out = json_object();

	for (size_t i = 0; i < json_array_size(required); i++) {
		const char *name = json_string_value(
			json_array_get(required, i));
		json_t *sub = cf_schema_resolve(json_object_get(
			json_object_get(schema, "properties"), name));
		const char *type = cf_json_str(sub, "type");
		json_t *value;

		if (type && strcmp(type, "object") == 0)
			value = skeleton(sub);
		else if (type && strcmp(type, "array") == 0)
			value = skeleton_list(sub);
		else if (type && (strcmp(type, "number") == 0 ||
			strcmp(type, "integer") == 0))
			value = json_integer(0);
		else if (type && strcmp(type, "boolean") == 0)
			value = json_false();
		else
			value = json_string("");
		json_object_set_new(out, name, value);
	}
	return out;
}

/* The same value with the members of objects in the order of the schema, which
 * is the order for people; records have them sorted. */
static json_t *
in_schema_order(json_t *schema, json_t *value)
{
	json_t *properties = json_object_get(schema, "properties"), *member;
	json_t *out;
	const char *name;
	size_t i;

	if (json_is_array(value)) {
		out = json_array();
		json_array_foreach(value, i, member)
			json_array_append_new(out, in_schema_order(
				cf_shape_items(schema), member));
		return out;
	}
	if (!json_is_object(value))
		return json_incref(value);
	out = json_object();
	json_object_foreach(properties, name, member) {
		json_t *is = json_object_get(value, name);

		if (is)
			json_object_set_new(out, name, in_schema_order(
				cf_shape_property(schema, name), is));
	}
	json_object_update_missing(out, value);
	return out;
}

json_t *
cf_draft_body(const char *kind, json_t *body)
{
	return in_schema_order(cf_schema_doc(kind), body);
}

/* A draft of what a record says now, with the versions that it builds on. */
static const struct cf_err *
from_record(json_t **out, char *kind, struct cf_trust *trust, const char *from)
{
	struct cf_base base = { 0 };
	const struct cf_err *err;
	struct cf_uuid id;

	*out = NULL;
	err = cf_resolve_id(&id, trust, from);
	if (!err)
		err = cf_base_read(&base, trust, id.text);
	if (!err && base.doc == NULL)
		err = cf_err(CF_DECIDE, "the record %s waits for its owner: "
			"add that partner to see it", id.text);
	if (!err && !cf_json_has(json_object_get(base.doc, "stewards"),
		trust->id))
		err = cf_err(CF_INVALID, "the record %s is not yours to edit: "
			"its stewards are others. To say what you did with it, "
			"write an adoption ('confer new adoption')", id.text);
	if (!err && json_object_get(base.doc, "body") == NULL)
		err = cf_err(CF_INVALID, "the owner of the record %s has erased "
			"it, for good", id.text);
	if (!err) {
		(void)snprintf(kind, CF_KIND_TEXT, "%s",
			cf_json_str(base.doc, "kind"));
		*out = json_pack("{s:s, s:s, s:O, s:o}", "kind", kind, "id",
			id.text, "parents", base.parents, "body",
			in_schema_order(cf_schema_doc(kind),
			json_object_get(base.doc, "body")));
	}
	cf_base_clear(&base);
	return err;
}

/* drafts/<kind>-<n>.json, the first that is free. */
static char *
free_name(struct cf_trust *trust, const char *kind)
{
	for (unsigned n = 1;; n++) {
		char *path = cf_asprintf("%s/drafts/%s-%u.json",
			cf_store_work_dir(trust->store), kind, n);

		if (!cf_file_exists(path))
			return path;
		free(path);
	}
}

/* A project is the work of several trusts, so its stewards are to be named. */
json_t *
cf_draft_empty(const struct cf_trust *trust, const char *kind)
{
	json_t *out = json_pack("{s:s}", "kind", kind);

	if (strcmp(kind, "project") == 0)
		json_object_set_new(out, "stewards", json_pack("[s]",
			trust->id));
	json_object_set_new(out, "body", skeleton(cf_schema_doc(kind)));
	return out;
}

static char *
guide_name(const char *file)
{
	size_t n = strlen(file);

	return cf_asprintf("%.*s.guide.md", (int)(cf_ends(file, ".json") ?
		n - 5 : n), file);
}

static const struct cf_err *
write_draft(struct cf_trust *trust, const char *file, const char *guide,
	const json_t *draft)
{
	struct cf_buf text = CF_BUF(4 * CF_MAX_RECORD);
	struct cf_buf help = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = draft_text(&text, draft);

	if (!err)
		err = cf_guide_write(&help, trust, cf_json_str(draft, "kind"),
			file);
	if (!err)
		err = cf_file_create(file, text.data, text.len, 0644);
	if (!err)
		err = cf_file_write(guide, help.data, help.len, 0644);
	cf_buf_clear(&text);
	cf_buf_clear(&help);
	return err;
}

static const struct cf_err *
make_folder(struct cf_trust *trust)
{
	char *dir = cf_path_join(cf_store_work_dir(trust->store), "drafts");
	const struct cf_err *err = cf_mkdirs(dir, 0755);

	free(dir);
	return err;
}

const struct cf_err *
cf_draft_place(json_t **out, struct cf_trust *trust, const json_t *draft,
	const char *file)
{
	const char *kind = cf_json_str(draft, "kind");
	const struct cf_err *err = file ? NULL : make_folder(trust);
	char *path, *guide;

	if (err)
		return err;
	path = file ? cf_path_absolute(file) : free_name(trust, kind);
	guide = guide_name(path);
	err = write_draft(trust, path, guide, draft);
	if (!err)
		*out = json_pack("{s:o, s:o, s:s, s:O*}", "file",
			cf_path_json(path), "guide", cf_path_json(guide),
			"kind", kind, "id", json_object_get(draft, "id"));
	free(path);
	free(guide);
	return err;
}

const struct cf_err *
cf_draft_new(char **path, struct cf_trust *trust, const json_t *draft)
{
	const struct cf_err *err = make_folder(trust);
	char *guide;

	*path = NULL;
	if (err)
		return err;
	*path = free_name(trust, cf_json_str(draft, "kind"));
	guide = guide_name(*path);
	err = write_draft(trust, *path, guide, draft);
	free(guide);
	return err;
}

const struct cf_err *
cf_new(json_t **out, struct cf_trust *trust, const char *kind,
	const char *from, const char *file)
{
	const struct cf_err *err = NULL;
	char word[CF_KIND_TEXT] = "";
	json_t *draft = NULL;

	*out = NULL;
	if (kind)
		(void)snprintf(word, sizeof word, "%s", kind);
	if (kind && !cf_kind_known(kind))
		return cf_err(CF_USAGE, "there is no kind '%s'; 'confer new' "
			"lists the kinds", kind);
	if (from)
		err = from_record(&draft, word, trust, from);
	else
		draft = cf_draft_empty(trust, word);
	if (!err && kind && strcmp(kind, word) != 0)
		err = cf_err(CF_INVALID, "that record is a %s, not a %s", word,
			kind);
	if (!err)
		err = cf_draft_place(out, trust, draft, file);
	json_decref(draft);
	return err;
}

const struct cf_err *
cf_new_settling(json_t **out, struct cf_trust *trust, const char *id)
{
	const struct cf_err *err;
	char word[CF_KIND_TEXT];
	json_t *draft = NULL, *conflicts = NULL, *settled, *field;
	size_t i;

	*out = NULL;
	err = cf_conflicts(&conflicts, trust, id);
	if (err && err->code == CF_DECIDE)
		err = NULL;
	if (!err && json_array_size(conflicts) == 0)
		err = cf_err(CF_EXISTS, "nothing in it is in conflict");
	if (!err)
		err = from_record(&draft, word, trust, id);
	if (!err) {
		settled = json_array();
		json_array_foreach(json_object_get(json_array_get(conflicts,
			0), "fields"), i, field) {
			json_array_append(settled, json_object_get(field,
				"path"));
		}
		json_object_set_new(draft, "settled", settled);
		err = cf_draft_place(out, trust, draft, NULL);
	}
	json_decref(conflicts);
	json_decref(draft);
	return err;
}
