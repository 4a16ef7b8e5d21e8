/*
 * Versions onto moving records: what a draft comes to, and decisions.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/moving.h"
#include "base/mem.h"
#include "merge/settle.h"

static json_t *
schema_of(const struct cf_joined *joined)
{
	return cf_schema_doc(cf_json_str(joined->owner_doc, "kind"));
}

const struct cf_err *
cf_moving_settle(struct cf_moving *out, struct cf_joined *joined)
{
	struct cf_merged merged = { 0 };
	const struct cf_err *err;

	*out = (struct cf_moving){ .settled = json_array(),
		.decided = json_array(), .meanwhile = json_array() };
	err = cf_joined_merge(&merged, joined);
	if (err) {
		cf_moving_clear(out);
		return err;
	}
	cf_name_sides(joined, merged.body, merged.conflicts);
	out->stands = json_incref(merged.body);
	out->body = json_deep_copy(merged.body);
	out->contested = json_incref(merged.conflicts);
	out->conflicts = json_copy(merged.conflicts);
	cf_merged_clear(&merged);
	return NULL;
}

void
cf_moving_clear(struct cf_moving *moving)
{
	json_decref(moving->body);
	json_decref(moving->settled);
	json_decref(moving->conflicts);
	json_decref(moving->decided);
	json_decref(moving->meanwhile);
	json_decref(moving->contested);
	json_decref(moving->stands);
	*moving = (struct cf_moving){ 0 };
}

/* --- a draft ---------------------------------------------------------------- */

static bool
has_draft(const json_t *conflict)
{
	json_t *sides = json_object_get(conflict, "sides"), *side, *signer;
	size_t i, k;

	json_array_foreach(sides, i, side) {
		json_array_foreach(json_object_get(side, "by"), k, signer) {
			const char *version = cf_json_str(signer, "version");

			if (version && version[0] == '\0')
				return true;
		}
	}
	return false;
}

static void
add_settled(struct cf_moving *m, const char *path)
{
	if (!cf_json_has(m->settled, path))
		json_array_append_new(m->settled, json_string(path));
}

/* Fields that were contested, and are not with the draft: it decides them. What
 * lies within a conflict that is there now is not decided by that. */
static void
collect_settled(struct cf_moving *m, const json_t *now, const json_t *draft)
{
	json_t *old, *new, *path;
	size_t i, k;

	json_array_foreach(json_object_get(draft, "settled"), i, path) {
		add_settled(m, json_string_value(path));
	}
	json_array_foreach(m->contested, i, old) {
		const char *is = cf_json_str(old, "path");
		bool open = false;

		json_array_foreach(now, k, new) {
			const char *at = cf_json_str(new, "path");

			open = open || cf_settle_within(is, at) ||
				cf_settle_within(at, is);
		}
		if (!open)
			add_settled(m, is);
	}
}

/* What was written that the draft had not seen. */
static const struct cf_err *
collect_meanwhile(struct cf_moving *m, struct cf_joined *joined,
	const json_t *parents)
{
	bool *seen = cf_calloc(joined->join.versions.n + 1, sizeof *seen);
	json_t *history = NULL, *entry;
	const struct cf_err *err;
	size_t i;

	cf_joined_past(seen, joined, parents);
	err = cf_joined_history(&history, joined);
	json_array_foreach(history, i, entry) {
		const char *id = cf_json_str(entry, "version");
		size_t at = cf_snapshots_find(&joined->join.versions, id);

		if (id[0] == '\0' || at == joined->join.versions.n || seen[at] ||
			json_array_size(json_object_get(entry, "fields")) == 0)
			continue;
		cf_name_signers(joined->trust, json_object_get(entry, "by"));
		json_array_append(m->meanwhile, entry);
	}
	json_decref(history);
	free(seen);
	return err;
}

const struct cf_err *
cf_moving_draft(struct cf_moving *out, struct cf_joined *joined,
	const json_t *draft, const json_t *parents)
{
	struct cf_merged merged = { 0 };
	const struct cf_err *err;
	json_t *conflict;
	size_t i;

	err = cf_moving_settle(out, joined);
	if (err)
		return err;
	cf_joined_add(joined, draft, parents);
	err = cf_joined_merge(&merged, joined);
	if (!err)
		err = collect_meanwhile(out, joined, parents);
	if (err) {
		cf_merged_clear(&merged);
		cf_moving_clear(out);
		return err;
	}
	cf_name_sides(joined, merged.body, merged.conflicts);
	json_decref(out->body);
	out->body = json_deep_copy(merged.body);
	json_array_clear(out->conflicts);
	json_array_foreach(merged.conflicts, i, conflict) {
		if (has_draft(conflict))
			json_array_append(out->conflicts, conflict);
	}
	collect_settled(out, merged.conflicts, draft);
	cf_merged_clear(&merged);
	return NULL;
}

/* --- decisions -------------------------------------------------------------- */

/* "/a/b", "a/b" and "a.b" are one place. */
static bool
names_path(const char *field, const char *path)
{
	field += field[0] == '/';
	for (path++; *field && *path; field++, path++)
		if (*field != *path && !(*field == '.' && *path == '/'))
			return false;
	return *field == *path;
}

static const struct cf_err *
no_field(const struct cf_moving *m, const char *field)
{
	struct cf_buf list = CF_BUF(4096);
	const struct cf_err *err;
	json_t *conflict;
	size_t i;

	json_array_foreach(m->conflicts, i, conflict) {
		const char *path = cf_json_str(conflict, "path");

		cf_buf_printf(&list, "%s%s", i ? ", " : "", path[0] ? path + 1 :
			"/");
	}
	if (i == 0)
		err = cf_err(CF_USAGE, "there is nothing to decide about '%s': "
			"it is not in conflict", field);
	else
		err = cf_err(CF_USAGE, "'%s' is not in conflict. These fields "
			"are: %s", field, list.data);
	cf_buf_clear(&list);
	return err;
}

static size_t
find_conflict(const struct cf_moving *m, const char *field)
{
	size_t n = json_array_size(m->conflicts), i;

	for (i = 0; i < n; i++) {
		const char *path = cf_json_str(json_array_get(m->conflicts, i),
			"path");

		if (strcmp(path, field) == 0 || (path[0] == '\0' &&
			strcmp(field, "/") == 0) || (path[0] &&
			names_path(field, path)))
			break;
	}
	return i;
}

/* Whether a person can mean this trust by `name`. */
static bool
is_named(const struct cf_joined *joined, const struct cf_partners *partners,
	const json_t *signer, const char *name)
{
	const char *trust = cf_json_str(signer, "trust");
	const char *version = cf_json_str(signer, "version");
	const struct cf_partner *partner;

	if (version && version[0] == '\0')
		return strcmp(name, "draft") == 0;
	partner = cf_partners_find(partners, name);
	return strcmp(name, trust) == 0 ||
		cf_name_begins(cf_json_str(signer, "name"), name) ||
		(partner && strcmp(partner->trust, trust) == 0) ||
		(strcmp(name, "me") == 0 &&
		strcmp(trust, joined->trust->id) == 0);
}

static const struct cf_err *
no_side(const json_t *conflict, const char *field, const char *name)
{
	json_t *sides = json_object_get(conflict, "sides"), *side, *signer;
	struct cf_buf list = CF_BUF(4096);
	const struct cf_err *err;
	size_t i, k;

	json_array_foreach(sides, i, side) {
		json_array_foreach(json_object_get(side, "by"), k, signer) {
			const char *version = cf_json_str(signer, "version");

			cf_buf_printf(&list, "%s'%s'", list.len ? ", " : "",
				version && version[0] ? cf_json_str(signer,
				"name") : "draft");
		}
	}
	err = cf_err(CF_USAGE, "'%s' is on no side, or on several, of the "
		"conflict about %s. Take one of: %s, or 'before' for what was "
		"there before", name, field, list.data);
	cf_buf_clear(&list);
	return err;
}

/* The value that a choice means; *value NULL: nothing. */
static const struct cf_err *
value_of(const json_t **value, const struct cf_joined *joined,
	const json_t *conflict, const struct cf_choice *choice)
{
	json_t *sides = json_object_get(conflict, "sides"), *side, *signer;
	struct cf_partners partners = { 0 };
	const struct cf_err *err;
	size_t i, k, found = 0;

	*value = choice->value;
	if (choice->take == NULL)
		return NULL;
	*value = json_object_get(conflict, "before");
	if (strcmp(choice->take, "before") == 0)
		return NULL;
	err = cf_partners_read(&partners, joined->trust);
	json_array_foreach(sides, i, side) {
		bool here = false;

		json_array_foreach(json_object_get(side, "by"), k, signer) {
			here = here || is_named(joined, &partners, signer,
				choice->take);
		}
		found += here;
		if (here)
			*value = json_object_get(side, "value");
	}
	cf_partners_clear(&partners);
	if (!err && found != 1)
		err = no_side(conflict, choice->field, choice->take);
	return err;
}

static const struct cf_err *
choose(struct cf_moving *m, struct cf_joined *joined,
	const struct cf_choice *choice)
{
	size_t at = find_conflict(m, choice->field);
	json_t *conflict = json_array_get(m->conflicts, at);
	const char *path = cf_json_str(conflict, "path");
	const struct cf_err *err;
	const json_t *meant;
	json_t *value;

	if (conflict == NULL)
		return no_field(m, choice->field);
	err = value_of(&meant, joined, conflict, choice);
	value = json_deep_copy(meant);
	/* A side stays as its trust wrote it. */
	if (value && choice->take == NULL)
		cf_respell(&value);
	if (!err && strcmp(cf_json_str(conflict, "kind"), "order") == 0)
		err = cf_settle_order(m->body, schema_of(joined), path, value);
	else if (!err)
		err = cf_settle_put(&m->body, schema_of(joined), path, value);
	if (err) {
		json_decref(value);
		return err;
	}
	json_array_append_new(m->decided, json_pack("{s:s, s:o*}", "path", path,
		"value", value));
	if (value == NULL)
		json_object_set_new(json_array_get(m->decided,
			json_array_size(m->decided) - 1), "absent",
			json_true());
	json_array_remove(m->conflicts, at);
	return NULL;
}

const struct cf_err *
cf_moving_choose(struct cf_moving *moving, struct cf_joined *joined,
	const struct cf_choice *choices, size_t n)
{
	const struct cf_err *err = NULL;
	json_t *decided, *old;
	size_t i, k;

	for (i = 0; i < n && !err; i++)
		err = choose(moving, joined, &choices[i]);
	/* A value alone cannot show that a contested field was decided. */
	json_array_foreach(moving->decided, i, decided) {
		const char *path = cf_json_str(decided, "path");

		json_array_foreach(moving->contested, k, old) {
			if (strcmp(cf_json_str(old, "path"), path) == 0)
				add_settled(moving, path);
		}
	}
	cf_sort_strings(moving->settled);
	return err;
}
