/*
 * Open conflicts, as each record's own history says.
 */
#include <stdlib.h>
#include <string.h>

#include "app/joined.h"
#include "base/mem.h"
#include "merge/settle.h"

/* What people call an entry of a list: its title, or the like. */
static json_t *
title_of(const json_t *entry)
{
	static const char *const members[] = { "title", "name", "what", "text",
		"label" };
	json_t *title = NULL;

	for (size_t i = 0; i < sizeof members / sizeof *members && !title; i++)
		title = json_object_get(entry, members[i]);
	return json_is_string(title) ? title : NULL;
}

/* Where an order is contested, the sides have keys, which say nothing to people:
 * `names` says what each is. */
static void
name_entries(json_t *field, const json_t *body, json_t *schema)
{
	const json_t *list = cf_settle_at(body, schema, cf_json_str(field,
		"path"));
	json_t *names = json_object(), *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		json_t *title = title_of(entry), *key;
		char *text;

		key = json_object_get(entry, "key");
		text = title && key ? json_dumps(key, JSON_COMPACT |
			JSON_ENCODE_ANY) : NULL;
		if (text)
			json_object_set(names, text, title);
		free(text);
	}
	json_object_set_new(field, "names", names);
}

/* Each `by` of each side with names. */
void
cf_name_sides(struct cf_joined *joined, const json_t *body, json_t *fields)
{
	json_t *schema = cf_schema_doc(cf_json_str(joined->owner_doc, "kind"));
	json_t *field, *side;
	size_t i, k;

	json_array_foreach(fields, i, field) {
		json_array_foreach(json_object_get(field, "sides"), k, side) {
			cf_name_signers(joined->trust, json_object_get(side,
				"by"));
		}
		if (strcmp(cf_json_str(field, "kind"), "order") == 0)
			name_entries(field, body, schema);
	}
}

const struct cf_err *
cf_conflicts_of(json_t **out, struct cf_joined *joined, const char *id)
{
	const json_t *doc = joined->owner_doc;
	struct cf_merged merged = { 0 };
	json_t *missing = NULL;
	const struct cf_err *err;
	const char *title;

	*out = NULL;
	err = cf_joined_merge(&merged, joined);
	if (!err)
		err = cf_joined_missing(&missing, joined);
	if (!err) {
		cf_name_sides(joined, merged.body, merged.conflicts);
		title = cf_json_str(merged.body, "title");
		*out = json_pack("{s:s, s:O, s:s, s:O, s:b, s:O, s:O, s:O}",
			"id", id, "kind", json_object_get(doc, "kind"),
			"title", title ? title : "", "status",
			json_object_get(doc, "status"), "ours",
			cf_json_has(json_object_get(doc, "stewards"),
			joined->trust->id), "heads", merged.heads,
			"fields", merged.conflicts, "incomplete", missing);
	}
	json_decref(missing);
	cf_merged_clear(&merged);
	return err;
}

static const struct cf_err *
add_record(json_t *list, struct cf_trust *trust, const char *id)
{
	struct cf_joined joined;
	const struct cf_err *err = cf_joined_read(&joined, trust, id);
	json_t *record = NULL;

	if (err)
		return err;
	err = cf_conflicts_of(&record, &joined, id);
	if (!err && json_array_size(json_object_get(record, "fields")))
		json_array_append(list, record);
	json_decref(record);
	cf_joined_clear(&joined);
	return err;
}

static const struct cf_err *
add_all(json_t *list, struct cf_trust *trust)
{
	const struct cf_index_filter filter = { .conflicts = true };
	const struct cf_err *err;
	json_t *rows = NULL, *row;
	size_t i;

	err = cf_index_list(&rows, trust->index, &filter);
	json_array_foreach(rows, i, row) {
		if (!err)
			err = add_record(list, trust, cf_json_str(row, "id"));
	}
	json_decref(rows);
	return err;
}

/* What our user must decide is a reason to stop a script (exit status 3). */
static const struct cf_err *
decide(const json_t *list)
{
	size_t i, n = 0;
	json_t *record;

	json_array_foreach(list, i, record) {
		n += json_is_true(json_object_get(record, "ours"));
	}
	if (n == 0)
		return NULL;
	return cf_err(CF_DECIDE, n == 1 ? "a record needs your decision" :
		"%zu records need your decision", n);
}

const struct cf_err *
cf_conflicts(json_t **out, struct cf_trust *trust, const char *id)
{
	const struct cf_err *err = NULL;
	json_t *list = json_array();
	struct cf_uuid uuid;

	*out = NULL;
	if (id)
		err = cf_resolve_id(&uuid, trust, id);
	if (!err)
		err = id ? add_record(list, trust, uuid.text) :
			add_all(list, trust);
	if (err) {
		json_decref(list);
		return err;
	}
	*out = list;
	return decide(list);
}
