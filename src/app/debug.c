/*
 * The merge as a command for tests: one document, and what it comes to.
 */
#include <stdlib.h>
#include <string.h>

#include "app/debug.h"
#include "base/mem.h"
#include "merge/merge.h"
#include "record/kind.h"

#define HERE "https://confer.invalid/debug.json"

/* One document, as far as it is read. */
struct document {
	json_t *doc;
	struct cf_schema_set *set;
	const struct cf_schema *schema;
	struct cf_version *row;		/* each after those that it builds on */
	const json_t **source;
	size_t n;
	struct cf_snapshots snapshots;
	size_t owner_row;
};

static const struct cf_err *
wrong(const char *id, const char *what)
{
	return cf_err(CF_INVALID, "version \"%s\": %s", id, what);
}

/* --- the schema ------------------------------------------------------------- */

static bool
is_rule(const json_t *rule)
{
	static const char *const words[] = { "object", "atomic", "set", "text",
		"max", "min" };
	const char *word = json_string_value(rule);
	const json_t *order = json_object_get(rule, "order");

	for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return json_is_array(json_object_get(rule, "rank")) ||
		(json_is_string(json_object_get(rule, "by")) &&
		(order == NULL || strcmp(json_is_string(order) ?
		json_string_value(order) : "", "author") == 0));
}

/* What these hold is no schema. */
static bool
is_data(const char *keyword)
{
	static const char *const words[] = { "x-merge", "const", "enum",
		"default", "examples" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(keyword, words[i]) == 0)
			return true;
	return false;
}

/* `names`: the members are names of fields or definitions, not keywords. */
static const struct cf_err *
check_rules(const json_t *schema, bool names)
{
	static const char *const maps[] = { "properties", "patternProperties",
		"$defs", "definitions", "dependentSchemas" };
	const json_t *rule = names ? NULL : json_object_get(schema, "x-merge");
	const struct cf_err *err = NULL;
	const char *name;
	json_t *value;
	size_t i;

	if (rule && !is_rule(rule))
		return cf_err(CF_INVALID, "x-merge in the schema is none of "
			"object, atomic, set, text, max, min, {\"by\": KEY}, "
			"{\"by\": KEY, \"order\": \"author\"}, "
			"{\"rank\": [...]}");
	json_object_foreach((json_t *)(uintptr_t)schema, name, value) {
		bool map = false;

		for (i = 0; !names && i < sizeof maps / sizeof *maps; i++)
			map = map || strcmp(name, maps[i]) == 0;
		if (!err && (names || !is_data(name)))
			err = check_rules(value, map);
	}
	json_array_foreach(schema, i, value)
		if (!err)
			err = check_rules(value, false);
	return err;
}

/* Our own schemas too, for one that refers to them. */
static const struct cf_err *
add_ours(struct cf_schema_set *set)
{
	static const char *const more[] = { "common", NULL };
	const char *const *lists[] = { cf_kind_names(), more };
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < 2; i++)
		for (const char *const *name = lists[i]; *name && !err;
			name++) {
			char *uri = cf_asprintf(
				"https://confer.invalid/schemas/%s.json", *name);

			err = cf_schema_add(set, uri, cf_schema_doc(*name));
			if (err && err->code == CF_EXISTS)
				err = NULL;
			free(uri);
		}
	return err;
}

static const struct cf_err *
compile(struct document *d, json_t *schema, bool ours)
{
	const struct cf_err *err;

	cf_schema_set_free(d->set);
	d->set = cf_schema_set_new();
	err = cf_schema_add(d->set, HERE, schema);
	if (!err && ours)
		err = add_ours(d->set);
	if (!err)
		err = cf_schema_compile(&d->schema, d->set, HERE);
	return err;
}

static const struct cf_err *
read_schema(struct document *d)
{
	json_t *schema = json_object_get(d->doc, "schema");
	const struct cf_err *err;

	/* An older dialect says the same of the places where x-merge stands. */
	(void)json_object_del(schema, "$schema");
	if (!json_is_object(schema) && !json_is_boolean(schema))
		return cf_err(CF_INVALID, "\"schema\" must be a JSON Schema");
	err = check_rules(schema, false);
	if (!err && (err = compile(d, schema, false)) != NULL)
		err = compile(d, schema, true);
	return err;
}

/* --- the versions ----------------------------------------------------------- */

static bool
are_texts(const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!json_is_string(item))
			return false;
	return list == NULL || json_is_array(list);
}

static const struct cf_err *
read_version(struct document *d, const json_t *v)
{
	struct cf_version *row = &d->row[d->n];
	const json_t *parents = json_object_get(v, "parents");
	const char *id = cf_json_str(v, "id"), *status;
	const char **list;

	if (id == NULL || id[0] == '\0')
		return cf_err(CF_INVALID, "each version needs an \"id\", a "
			"text that is not empty");
	if (cf_json_str(v, "trust") == NULL)
		return wrong(id, "it needs a \"trust\"");
	if (!json_is_array(parents) || !are_texts(parents))
		return wrong(id, "\"parents\" must be a list of ids");
	if (!are_texts(json_object_get(v, "settled")) ||
		!are_texts(json_object_get(v, "stewards")))
		return wrong(id, "\"settled\" and \"stewards\" must be lists of "
			"texts");
	list = cf_calloc(json_array_size(parents), sizeof *list);
	status = cf_json_str(v, "status");
	*row = (struct cf_version){ .trust = cf_json_str(v, "trust"), .id = id,
		.kind = "", .parents = list, .n_parents =
		json_array_size(parents), .previous = "",
		.modified = cf_json_str(v, "modified"),
		.erased = status && strcmp(status, "erased") == 0 };
	for (size_t i = 0; i < row->n_parents; i++)
		list[i] = json_string_value(json_array_get(parents, i));
	d->source[d->n++] = v;
	return NULL;
}

/* The same version may come through several trusts, but not as two. */
static const struct cf_err *
check_twins(const struct document *d)
{
	static const char *const same[] = { "body", "parents", "settled" };
	json_t *seen = json_object();
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < d->n && !err; i++) {
		const json_t *v = d->source[i];
		const json_t *other = json_object_get(seen, d->row[i].id);

		json_object_set(seen, d->row[i].id, (json_t *)(uintptr_t)v);
		for (size_t k = 0; other && k < 3; k++) {
			const json_t *a = json_object_get(v, same[k]);
			const json_t *b = json_object_get(other, same[k]);

			if ((a == NULL) != (b == NULL) ||
				(a && cf_json_compare(a, b) != 0))
				err = wrong(d->row[i].id, "another one has "
					"its id and is not the same");
		}
	}
	json_decref(seen);
	return err;
}

/* A version may lie in several mains: who builds on it waits for all of them. */
static void
wait_for(json_t *waits, const char *id, int more)
{
	json_int_t n = json_integer_value(json_object_get(waits, id)) + more;

	if (n)
		json_object_set_new(waits, id, json_integer(n));
	else
		json_object_del(waits, id);
}

/* Puts each row after those that it builds on, as a main has them. */
static const struct cf_err *
sort_rows(struct document *d)
{
	struct cf_version *row = cf_calloc(d->n, sizeof *row);
	const json_t **source = cf_calloc(d->n, sizeof *source);
	json_t *waits = json_object();	/* {id: rows that had no turn yet} */
	bool *done = cf_calloc(d->n, sizeof *done);
	size_t n = 0, before;

	for (size_t i = 0; i < d->n; i++)
		wait_for(waits, d->row[i].id, 1);
	do {
		before = n;
		for (size_t i = 0; i < d->n; i++) {
			bool ready = !done[i];

			for (size_t k = 0; k < d->row[i].n_parents; k++)
				ready = ready && !json_object_get(waits,
					d->row[i].parents[k]);
			if (!ready)
				continue;
			done[i] = true;
			row[n] = d->row[i];
			source[n++] = d->source[i];
			wait_for(waits, d->row[i].id, -1);
		}
	} while (n < d->n && n > before);
	json_decref(waits);
	free(done);
	if (n < d->n) {
		free(row);
		free(source);
		return cf_err(CF_INVALID, "versions name one another as "
			"parents in a circle");
	}
	free(d->row);
	free(d->source);
	d->row = row;
	d->source = source;
	return NULL;
}

static const struct cf_err *
check_bodies(const struct document *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct cf_buf why = CF_BUF(CF_MAX_JSON);
		struct cf_buf text = CF_BUF(CF_MAX_RECORD);
		const json_t *body = json_object_get(d->source[i], "body");
		const struct cf_err *err = NULL;

		/* The merge may rely on what holds of records. */
		if (body && cf_json_canonical(&text, body, NULL) != NULL)
			err = wrong(d->row[i].id, "its body is larger than a "
				"record may be");
		else if (body && !cf_merge_fits(d->schema, body, &why))
			err = wrong(d->row[i].id, why.data);
		cf_buf_clear(&why);
		cf_buf_clear(&text);
		if (err)
			return err;
	}
	return NULL;
}

static const struct cf_err *
read_versions(struct document *d)
{
	const json_t *versions = json_object_get(d->doc, "versions"), *v;
	size_t i, n = json_array_size(versions);
	const struct cf_err *err = NULL;

	if (!json_is_array(versions))
		return cf_err(CF_INVALID, "\"versions\" must be a list");
	d->row = cf_calloc(n, sizeof *d->row);
	d->source = cf_calloc(n, sizeof *d->source);
	json_array_foreach(versions, i, v)
		if (!err)
			err = read_version(d, v);
	if (!err)
		err = check_twins(d);
	if (!err)
		err = sort_rows(d);
	return err ? err : check_bodies(d);
}

/* --- merging ---------------------------------------------------------------- */

static const struct cf_err *
is_steward(void *payload, bool *out, size_t index, const char *trust)
{
	const struct document *d = payload;
	const json_t *stewards = json_object_get(d->source[index], "stewards");

	*out = stewards == NULL || cf_json_has(stewards, trust);
	return NULL;
}

/* Where no version names stewards, everybody may edit. */
static const struct cf_err *
find_heads(struct document *d)
{
	struct cf_heads_in in = { .version = d->row, .n = d->n,
		.owner = cf_json_str(d->doc, "owner"),
		.is_steward = is_steward, .payload = d };
	enum cf_standing standing;
	const struct cf_err *err = cf_heads(&standing, &d->owner_row, &in);
	bool open = d->owner_row >= d->n;

	for (size_t i = 0; i < d->n && open; i++)
		open = json_object_get(d->source[i], "stewards") == NULL;
	for (size_t i = 0; i < d->n && open; i++)
		d->row[i].counts = true;
	return err;
}

static const struct cf_err *
load(void *payload, struct cf_content *out, size_t version)
{
	const struct document *d = payload;
	const json_t *v = d->source[d->snapshots.row[version]];

	*out = (struct cf_content){ json_object_get(v, "body"),
		json_object_get(v, "settled") };
	return NULL;
}

static const struct cf_err *
merge(json_t **out, struct document *d)
{
	struct cf_merge_in in = { .schema = d->schema, .load = load,
		.payload = d };
	struct cf_merged merged;
	const struct cf_err *err = find_heads(d);

	if (err)
		return err;
	cf_snapshots_make(&d->snapshots, d->row, d->n);
	in.version = d->snapshots.version;
	in.n = in.owner = d->snapshots.n;
	if (d->owner_row < d->n)
		in.owner = cf_snapshots_find(&d->snapshots,
			d->row[d->owner_row].id);
	err = cf_merge(&merged, &in);
	if (err)
		return err;
	*out = json_pack("{s:O*, s:O, s:O}", "body", merged.body, "conflicts",
		merged.conflicts, "heads", merged.heads);
	cf_merged_clear(&merged);
	return NULL;
}

static void
clear(struct document *d)
{
	for (size_t i = 0; i < d->n; i++)
		free((void *)(uintptr_t)d->row[i].parents);
	free(d->row);
	free(d->source);
	cf_snapshots_clear(&d->snapshots);
	cf_schema_set_free(d->set);
	json_decref(d->doc);
}

const struct cf_err *
cf_debug_document(json_t **out, struct cf_str text)
{
	struct document d = { 0 };
	const struct cf_err *err = cf_json_read(&d.doc, text,
		CF_MAX_MERGE_TEXT);

	if (!err && !json_is_object(d.doc))
		err = cf_err(CF_INVALID, "it must be an object");
	if (!err && cf_json_str(d.doc, "owner") == NULL)
		err = cf_err(CF_INVALID, "\"owner\" must be a trust");
	if (!err)
		err = read_schema(&d);
	if (!err)
		err = read_versions(&d);
	if (!err)
		err = merge(out, &d);
	clear(&d);
	return err;
}
