/*
 * The merge of bodies: the state of all versions that count, and what is wrong
 * with it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static uint64_t *
all_of(const struct cf_engine *e)
{
	uint64_t *all = cf_calloc(e->words, sizeof *all);

	for (size_t i = 0; i < e->n; i++)
		cf_bit_set(all, i);
	return all;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts rows by their paths. */
static json_t *
by_path(json_t *rows)
{
	size_t n = json_array_size(rows), k;
	const char **path = cf_calloc(n, sizeof *path);
	json_t *out = json_array(), *row;

	for (size_t i = 0; i < n; i++)
		path[i] = cf_json_str(json_array_get(rows, i), "path");
	if (n > 1)
		qsort(path, n, sizeof *path, by_text);
	/* A path may have two rows; they stay as they are. */
	for (size_t i = 0; i < n; i++) {
		if (i && strcmp(path[i], path[i - 1]) == 0)
			continue;
		json_array_foreach(rows, k, row)
			if (strcmp(cf_json_str(row, "path"), path[i]) == 0)
				json_array_append(out, row);
	}
	free(path);
	json_decref(rows);
	return out;
}

static void
find_heads(struct cf_merged *out, const struct cf_engine *e, uint64_t *heads)
{
	const char **id = cf_calloc(e->n, sizeof *id);
	uint64_t *seen = cf_calloc(e->words, sizeof *seen);
	size_t n = 0;

	for (size_t i = e->n; i-- > 0;) {
		if (!cf_bit(seen, i)) {
			cf_bit_set(heads, i);
			id[n++] = e->in->version[e->given[i]].id;
		}
		cf_bits_join(seen, e->past[i], e->words);
	}
	if (n > 1)
		qsort(id, n, sizeof *id, by_text);
	out->heads = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out->heads, json_string(id[i]));
	free(id);
	free(seen);
}

/* What stands in the common past of the heads. */
static json_t *
before_all(struct cf_engine *e, const uint64_t *heads)
{
	return json_incref(cf_base_of(e, e->root, heads).value);
}

static json_t *
sides_of(const struct cf_engine *e, const uint64_t *heads)
{
	json_t *sides = json_array();
	uint64_t *by = cf_calloc(e->words, sizeof *by);

	for (size_t i = 0; i < e->n; i++) {
		bool first = cf_bit(heads, i);

		for (size_t k = 0; k < i && first; k++)
			first = !(cf_bit(heads, k) && cf_json_compare(
				e->content[i].body, e->content[k].body) == 0);
		if (!first)
			continue;
		memset(by, 0, e->words * sizeof *by);
		for (size_t k = i; k < e->n; k++)
			if (cf_bit(heads, k) && cf_json_compare(e->content[i].body,
				e->content[k].body) == 0)
				cf_bit_set(by, k);
		cf_side_add(sides, e, (json_t *)(uintptr_t)e->content[i].body, by);
	}
	free(by);
	return sides;
}

/* Several trusts' changes, each sound, may break the schema together. */
static const struct cf_err *
check_schema(struct cf_merged *out, struct cf_engine *e, const uint64_t *heads)
{
	const struct cf_merge_in *in = e->in;
	struct cf_schema_faults faults = { .max = 1 };
	struct cf_content owner = { 0 };
	const struct cf_err *err = NULL;
	json_t *conflict;

	if (in->schema == NULL || out->body == NULL ||
		json_array_size(out->heads) < 2 ||
		cf_schema_valid(in->schema, out->body, &faults))
		goto done;
	if (in->owner < in->n)
		err = in->load(in->payload, &owner, in->owner);
	for (size_t i = 0; i < e->n && !err; i++)
		if (cf_bit(heads, i))
			err = cf_engine_load(e, i);
	if (err)
		goto done;
	json_decref(out->body);
	json_array_clear(out->conflicts);
	out->body = json_incref((json_t *)(uintptr_t)owner.body);
	cf_conflict_add(out->conflicts, e->root, "schema",
		before_all(e, heads), json_incref(out->body),
		sides_of(e, heads));
	conflict = json_array_get(out->conflicts, 0);
	json_object_set_new(conflict, "keyword",
		json_string(faults.fault[0].keyword));
	json_object_set_new(conflict, "pointer",
		json_string(faults.fault[0].path));
	json_object_set_new(conflict, "why",
		json_string(faults.fault[0].why));
done:
	cf_schema_faults_clear(&faults);
	return err;
}

/* Bodies and values are the caller's; the result is the caller's too, and shares
 * nothing with them. */
static void
detach(json_t **value)
{
	json_t *copy = *value ? json_deep_copy(*value) : NULL;

	json_decref(*value);
	*value = copy;
}

const struct cf_err *
cf_merge(struct cf_merged *out, const struct cf_merge_in *in)
{
	struct cf_engine e = { 0 };
	const struct cf_err *err = cf_engine_run(&e, in, NULL);
	uint64_t *all = all_of(&e), *heads = all_of(&e);
	bool calm;

	*out = (struct cf_merged){ .conflicts = json_array() };
	memset(heads, 0, e.words * sizeof *heads);
	find_heads(out, &e, heads);
	if (!err)
		err = cf_engine_show(&out->body, &calm, &e, all, 0,
			out->conflicts);
	if (!err)
		err = check_schema(out, &e, heads);
	out->conflicts = by_path(out->conflicts);
	detach(&out->body);
	detach(&out->conflicts);
	free(all);
	free(heads);
	cf_engine_clear(&e);
	if (err)
		cf_merged_clear(out);
	return err;
}

void
cf_merged_clear(struct cf_merged *merged)
{
	json_decref(merged->body);
	json_decref(merged->conflicts);
	json_decref(merged->heads);
	*merged = (struct cf_merged){ 0 };
}

const struct cf_err *
cf_merge_history(json_t **out, const struct cf_merge_in *in)
{
	struct cf_engine e = { .whole = true };
	const struct cf_err *err;

	*out = json_array();
	err = cf_engine_run(&e, in, *out);
	detach(out);
	cf_engine_clear(&e);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}

const struct cf_err *
cf_merge_blame(json_t **out, const struct cf_merge_in *in)
{
	struct cf_engine e = { .whole = true };
	const struct cf_err *err = cf_engine_run(&e, in, NULL);
	uint64_t *all = all_of(&e);
	struct cf_view view = { .e = &e, .in = all, .writers = json_array() };

	*out = NULL;
	if (!err) {
		json_decref(cf_state(&view));
		*out = by_path(view.writers);
		detach(out);
	} else {
		json_decref(view.writers);
	}
	free(view.del);
	free(all);
	cf_engine_clear(&e);
	return err;
}
