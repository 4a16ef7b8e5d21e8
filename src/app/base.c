/*
 * What an edit builds on: where a record stands now, and the versions that the
 * next one must name.
 */
#include <stdlib.h>
#include <string.h>

#include "app/erased.h"
#include "base/mem.h"

#define CANDIDATES 3	/* records that a beginning may mean */

/* The records that a beginning may mean, so that one can be chosen. */
static const struct cf_err *
several(struct cf_trust *trust, const char *prefix,
	const struct cf_names *found)
{
	struct cf_buf list = CF_BUF(sizeof((struct cf_err *)0)->msg);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < found->n && i < CANDIDATES && !err; i++) {
		json_t *row = NULL;

		err = cf_index_record(&row, trust->index, found->name[i]);
		if (!err && row)
			cf_buf_printf(&list, "%s %s (%.50s)", i ? ";" : "",
				found->name[i], cf_json_str(row, "title"));
		json_decref(row);
	}
	if (!err)
		err = cf_err(CF_USAGE, "more than one record's id begins with "
			"%s; give more of it. Those are%s%s", prefix, list.data,
			found->n > CANDIDATES ? " and others" : "");
	cf_buf_clear(&list);
	return err;
}

static const struct cf_err *
check_prefix(const char *prefix)
{
	if (strlen(prefix) >= 8 && strlen(prefix) < CF_UUID_TEXT &&
		prefix[strspn(prefix, "0123456789abcdef-")] == '\0')
		return NULL;
	return cf_err(CF_USAGE, "'%s' is not a record id: give the whole id or "
		"its first 8 or more characters ('confer list' shows them)",
		prefix);
}

/* The one that was found. Clears `found`. */
static const struct cf_err *
only_one(struct cf_uuid *out, struct cf_trust *trust, struct cf_names *found,
	const char *prefix)
{
	const struct cf_err *err = NULL;

	if (found->n == 0)
		err = cf_err(CF_NOT_FOUND, "there is no record with the id %s "
			"here. 'confer list' shows what there is, and 'confer "
			"sync' gets what is new", prefix);
	else if (found->n > 1)
		err = several(trust, prefix, found);
	else if (!cf_uuid_parse(out, cf_str(found->name[0])))
		cf_bug("the index has a record without an id");
	cf_names_clear(found);
	return err;
}

const struct cf_err *
cf_resolve_id(struct cf_uuid *out, struct cf_trust *trust, const char *prefix)
{
	struct cf_names found;
	const struct cf_err *err = check_prefix(prefix);

	if (!err)
		err = cf_index_find(&found, trust->index, prefix,
			CANDIDATES + 1);
	return err ? err : only_one(out, trust, &found, prefix);
}

const struct cf_err *
cf_resolve_any(struct cf_uuid *out, struct cf_trust *trust,
	const char *prefix)
{
	struct cf_names found;
	const struct cf_err *err = check_prefix(prefix);

	if (!err)
		err = cf_index_find_any(&found, trust->index, prefix,
			CANDIDATES + 1);
	return err ? err : only_one(out, trust, &found, prefix);
}

static void
add_parent(json_t *parents, const char *id)
{
	if (id[0] && !cf_json_has(parents, id))
		json_array_append_new(parents, json_string(id));
}

/* Marks the versions that the heads contain. */
static void
mark_past(struct cf_versions *all, const struct cf_base *base)
{
	json_t *heads = json_object_get(base->row, "heads");
	json_t *stewards = json_object_get(base->doc, "stewards");
	size_t n = json_array_size(heads);
	const char **ids = cf_calloc(n, sizeof *ids);

	for (size_t i = 0; i < n; i++)
		ids[i] = json_string_value(json_array_get(heads, i));
	for (size_t i = 0; i < all->n; i++)
		all->version[i].party = cf_json_has(stewards,
			all->version[i].trust);
	cf_mark_past(all->version, all->n, ids, n);
	free(ids);
}

/* Of every other steward the newest version that the heads contain; of ours the
 * newest, whatever it is, because the gate asks for it. */
static void
collect_parents(struct cf_base *base, struct cf_versions *all,
	const char *own)
{
	const char *done = "";

	mark_past(all, base);
	base->parents = json_array();
	for (size_t i = all->n; i-- > 0;) {
		const struct cf_version *v = &all->version[i];
		bool ours = strcmp(v->trust, own) == 0;

		if (strcmp(v->trust, done) == 0 || !v->id[0] ||
			(!ours && (v->held || !v->past || !v->party)))
			continue;
		done = v->trust;
		add_parent(base->parents, v->id);
		if (ours) {
			memcpy(base->own, v->id, strlen(v->id) + 1);
			base->own_blob = v->blob;
		}
	}
}

const struct cf_err *
cf_base_read(struct cf_base *out, struct cf_trust *trust, const char *id)
{
	struct cf_versions all = { 0 };
	char path[CF_PATH_TEXT];
	struct cf_uuid uuid;
	const struct cf_err *err;

	*out = (struct cf_base){ 0 };
	err = cf_index_record(&out->row, trust->index, id);
	if (err || out->row == NULL)
		return err;
	if (!cf_uuid_parse(&uuid, cf_str(id)))
		cf_bug("a record without an id");
	cf_commons_path(path, cf_json_str(out->row, "kind"), &uuid);
	err = cf_commons_read(&out->doc, trust, path);
	if (!err)
		err = cf_index_versions(&all, trust->index, id);
	if (!err)
		collect_parents(out, &all, trust->id);
	cf_versions_clear(&all);
	if (err)
		cf_base_clear(out);
	return err;
}

void
cf_base_clear(struct cf_base *base)
{
	json_decref(base->row);
	json_decref(base->doc);
	json_decref(base->parents);
	*base = (struct cf_base){ 0 };
}
