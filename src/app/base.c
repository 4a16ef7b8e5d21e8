/*
 * What an edit builds on: where a record stands now, and the versions that the
 * next one must name.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"

const struct cf_err *
cf_resolve_id(struct cf_uuid *out, struct cf_trust *trust, const char *prefix)
{
	struct cf_names found;
	const struct cf_err *err;

	if (strlen(prefix) < 8 || strlen(prefix) >= CF_UUID_TEXT ||
		prefix[strspn(prefix, "0123456789abcdef-")] != '\0')
		return cf_err(CF_USAGE, "'%s' is not a record id: give the "
			"whole id or its first 8 or more characters ('confer "
			"list' shows them)", prefix);
	err = cf_index_find(&found, trust->index, prefix, 2);
	if (!err && found.n == 0)
		err = cf_err(CF_NOT_FOUND, "there is no record with the id %s "
			"here. 'confer list' shows what there is, and 'confer "
			"sync' gets what is new", prefix);
	else if (!err && found.n > 1)
		err = cf_err(CF_USAGE, "more than one record's id begins with "
			"%s; give more of it", prefix);
	else if (!err && !cf_uuid_parse(out, cf_str(found.name[0])))
		cf_bug("the index has a record without an id");
	cf_names_clear(&found);
	return err;
}

static void
add_parent(json_t *parents, const char *id)
{
	if (id[0] && !cf_json_has(parents, id))
		json_array_append_new(parents, json_string(id));
}

/* Whether a head is this version or builds on it. */
static bool
is_below_heads(const struct cf_versions *all, const json_t *heads,
	const char *id)
{
	for (size_t i = 0; i < json_array_size(heads); i++) {
		const char *head = json_string_value(json_array_get(heads, i));

		if (strcmp(head, id) == 0 || cf_is_ancestor(all->version,
			all->n, id, head))
			return true;
	}
	return false;
}

/* Of every trust the newest version that the heads contain; of ours the newest,
 * whatever it is, because the gate asks for it. */
static void
collect_parents(struct cf_base *base, const struct cf_versions *all,
	const char *own)
{
	json_t *heads = json_object_get(base->row, "heads");

	base->parents = json_array();
	for (size_t end = all->n; end > 0;) {
		const char *trust = all->version[end - 1].trust;
		bool ours = strcmp(trust, own) == 0, found = false;

		for (; end > 0 && strcmp(all->version[end - 1].trust, trust)
			== 0; end--) {
			const struct cf_version *v = &all->version[end - 1];

			if (ours && v->id[0] && !base->own[0]) {
				memcpy(base->own, v->id, strlen(v->id) + 1);
				base->own_blob = v->blob;
				add_parent(base->parents, v->id);
			}
			if (!found && !v->held &&
				is_below_heads(all, heads, v->id)) {
				found = true;
				add_parent(base->parents, v->id);
			}
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
