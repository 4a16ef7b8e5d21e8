/*
 * Stored order of sets and keyed lists: by canonical bytes, so that equal
 * content has equal bytes whoever wrote it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/field.h"

enum cf_merge
cf_shape_of(json_t *schema)
{
	static const struct {
		const char *word;
		enum cf_merge merge;
	} words[] = { { "set", CF_SET }, { "text", CF_TEXT },
		{ "max", CF_MAX }, { "min", CF_MIN } };
	json_t *mark = json_object_get(schema, "x-merge");
	const char *word = json_string_value(mark);

	for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].merge;
	if (json_object_get(mark, "rank"))
		return CF_RANK;
	if (json_object_get(mark, "by"))
		return json_object_get(mark, "order") ? CF_ORDERED : CF_KEYED;
	return json_object_get(schema, "properties") ? CF_OBJECT : CF_ATOMIC;
}

const char *
cf_shape_key(json_t *schema)
{
	return cf_json_str(json_object_get(schema, "x-merge"), "by");
}

json_t *
cf_shape_property(json_t *schema, const char *name)
{
	return cf_schema_resolve(json_object_get(json_object_get(schema,
		"properties"), name));
}

json_t *
cf_shape_items(json_t *schema)
{
	return cf_schema_resolve(json_object_get(schema, "items"));
}

/* What an element is sorted by: itself, or its key. */
static const json_t *
rank_of(const json_t *element, const char *key)
{
	const json_t *value = key ? json_object_get(element, key) : element;

	return value ? value : element;
}

struct item {
	json_t *value;
	const char *key;
};

static int
by_rank(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return cf_json_compare(rank_of(x->value, x->key),
		rank_of(y->value, y->key));
}

static void
sort_list(json_t *list, const char *key, bool drop_equal)
{
	size_t n = json_array_size(list);
	struct item *items = cf_calloc(n, sizeof *items);

	for (size_t i = 0; i < n; i++)
		items[i] = (struct item){ json_incref(json_array_get(list, i)),
			key };
	if (n)
		qsort(items, n, sizeof *items, by_rank);
	json_array_clear(list);
	for (size_t i = 0; i < n; i++)
		if (drop_equal && i && by_rank(&items[i - 1], &items[i]) == 0)
			json_decref(items[i].value);
		else
			json_array_append_new(list, items[i].value);
	free(items);
}

void
cf_shape_sort(json_t *schema, json_t *body)
{
	enum cf_merge merge = cf_shape_of(schema);
	const char *name;
	json_t *value;
	size_t i;

	if (merge == CF_OBJECT && json_is_object(body)) {
		json_object_foreach(body, name, value) {
			json_t *sub = cf_shape_property(schema, name);

			if (sub)
				cf_shape_sort(sub, value);
		}
		return;
	}
	if (!json_is_array(body))
		return;
	json_array_foreach(body, i, value) {
		json_t *sub = cf_shape_items(schema);

		if (sub)
			cf_shape_sort(sub, value);
	}
	if (merge == CF_SET)
		sort_list(body, NULL, true);
	else if (merge == CF_KEYED)
		sort_list(body, cf_shape_key(schema), false);
}

/* Asks a list; a false answer may add to the path which element it is. */
typedef bool (*ask_list)(const struct cf_field *field, const json_t *list,
	struct cf_buf *path);

/* Whether no two elements have one key; lists are short. */
static bool
keys_differ(const struct cf_field *field, const json_t *list,
	struct cf_buf *path)
{
	if (field->merge != CF_KEYED && field->merge != CF_ORDERED)
		return true;
	for (size_t i = 0; i < json_array_size(list); i++)
		for (size_t j = 0; j < i; j++) {
			if (cf_json_compare(rank_of(json_array_get(list, i),
				field->key), rank_of(json_array_get(list, j),
				field->key)))
				continue;
			cf_json_pointer_index(path, i);
			return false;
		}
	return true;
}

static bool
in_order(const struct cf_field *field, const json_t *list, struct cf_buf *path)
{
	const char *key = field->merge == CF_SET ? NULL : field->key;

	if (field->merge == CF_ORDERED)
		return keys_differ(field, list, path);
	if (field->merge != CF_SET && field->merge != CF_KEYED)
		return true;
	for (size_t i = 1; i < json_array_size(list); i++)
		if (cf_json_compare(rank_of(json_array_get(list, i - 1), key),
			rank_of(json_array_get(list, i), key)) >= 0)
			return false;
	return true;
}

static bool lists_are(ask_list ask, const struct cf_field *field,
	const json_t *value, struct cf_buf *path);

/* What has no parts is as it must be, and most values are such. */
static bool
has_parts(const json_t *value)
{
	return json_is_object(value) || json_is_array(value);
}

/* A part; `before` is how long the path of the whole is. */
static bool
below_is(ask_list ask, const struct cf_field *field, const json_t *value,
	struct cf_buf *path, size_t before)
{
	if (field && !lists_are(ask, field, value, path))
		return false;
	path->len = before;
	if (path->cap)
		path->data[before] = '\0';
	return true;
}

static bool
members_are(ask_list ask, const struct cf_field *field, json_t *object,
	struct cf_buf *path)
{
	size_t next = 0, before = path->len;
	const char *name;
	json_t *member;

	json_object_foreach(object, name, member) {
		const struct cf_field *part = cf_field_member(field, name,
			&next);

		if (!has_parts(member))
			continue;
		cf_json_pointer_add(path, name);
		if (!below_is(ask, part, member, path, before))
			return false;
	}
	return true;
}

static bool
lists_are(ask_list ask, const struct cf_field *field, const json_t *value,
	struct cf_buf *path)
{
	/* Iterating takes a non-const object; nothing is changed. */
	json_t *all = (json_t *)(uintptr_t)value, *member;
	size_t i, before = path->len;

	if (field->merge == CF_OBJECT && json_is_object(all) &&
		!members_are(ask, field, all, path))
		return false;
	json_array_foreach(all, i, member) {
		if (!has_parts(member))
			continue;
		cf_json_pointer_index(path, i);
		if (!below_is(ask, field->items, member, path, before))
			return false;
	}
	return !json_is_array(value) || ask(field, value, path);
}

bool
cf_shape_sorted(json_t *schema, const json_t *body, struct cf_buf *path)
{
	return lists_are(in_order, cf_fields_of(schema), body, path);
}

bool
cf_shape_keyed(json_t *schema, const json_t *body, struct cf_buf *path)
{
	return lists_are(keys_differ, cf_fields_of(schema), body, path);
}
