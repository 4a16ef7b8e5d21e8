/*
 * How a record came to say what it says.
 */
#include <stdlib.h>
#include <string.h>

#include "app/joined.h"
#include "base/mem.h"

/* The entry of a history that is about this version, or NULL. */
static json_t *
entry_of(const json_t *history, const char *version)
{
	json_t *entry;
	size_t i;

	json_array_foreach(history, i, entry) {
		if (strcmp(cf_json_str(entry, "version"), version) == 0)
			return entry;
	}
	return NULL;
}

/* Every version of every main, each main oldest first; what those that count
 * changed, and upon which others. */
static json_t *
rows_of(const struct cf_joined *joined, const json_t *history)
{
	const struct cf_versions *rows = &joined->join.rows;
	json_t *out = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		const json_t *v = json_array_get(rows->rows, i);
		const char *who = cf_json_str(v, "trust");
		char *name = cf_trust_title(joined->trust, who);
		json_t *entry = rows->version[i].counts ?
			entry_of(history, cf_json_str(v, "id")) : NULL;

		json_array_append_new(out, json_pack("{s:O, s:s, s:s, s:O, "
			"s:O, s:O, s:O*, s:O*, s:b, s:O*, s:O*}", "version",
			json_object_get(v, "id"), "trust", who, "name", name,
			"modified", json_object_get(v, "modified"), "parents",
			json_object_get(v, "parents"), "status",
			json_object_get(v, "status"), "held",
			json_object_get(v, "rule"), "why",
			json_object_get(v, "why"), "counts",
			rows->version[i].counts, "onto",
			json_object_get(entry, "parents"), "fields",
			json_object_get(entry, "fields")));
		free(name);
	}
	return out;
}

const struct cf_err *
cf_history_of(json_t **out, struct cf_joined *joined)
{
	const struct cf_err *err;
	json_t *history = NULL;

	*out = NULL;
	err = cf_joined_history(&history, joined);
	if (!err)
		*out = rows_of(joined, history);
	json_decref(history);
	return err;
}

const struct cf_err *
cf_blame_of(json_t **out, struct cf_joined *joined)
{
	const struct cf_err *err = cf_joined_blame(out, joined);
	json_t *field;
	size_t i;

	if (err)
		return err;
	json_array_foreach(*out, i, field) {
		cf_name_signers(joined->trust, json_object_get(field, "by"));
	}
	return NULL;
}

json_t *
cf_unseen_by_owner(const struct cf_joined *joined)
{
	const struct cf_join *join = &joined->join;
	json_t *out = json_array(), *owner;
	bool *seen = cf_calloc(join->versions.n + 1, sizeof *seen);

	owner = json_pack("[s]", join->rows.version[join->owner_row].id);
	cf_joined_past(seen, joined, owner);
	for (size_t i = 0; i < join->rows.n; i++) {
		const struct cf_version *v = &join->rows.version[i];
		size_t at = cf_snapshots_find(&join->versions, v->id);

		if (v->head && at < join->versions.n && !seen[at])
			json_array_append_new(out, json_pack("{s:s, s:s, s:s}",
				"trust", v->trust, "version", v->id,
				"modified", v->modified ? v->modified : ""));
	}
	cf_name_signers(joined->trust, out);
	json_decref(owner);
	free(seen);
	return out;
}
