/*
 * What in the commons needs our person: conflicts of ours, edits beside a
 * withdrawal of ours, stewards who come and go.
 */
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/erased.h"
#include "base/mem.h"

static const struct cf_err *
add_conflicts(json_t *list, bool *decide, struct cf_trust *trust)
{
	json_t *conflicts = NULL, *record;
	const struct cf_err *err = cf_conflicts(&conflicts, trust, NULL);
	size_t i;

	if (err && err->code == CF_DECIDE)
		err = NULL;
	json_array_foreach(conflicts, i, record) {
		const char *id = cf_json_str(record, "id");
		size_t n = json_array_size(json_object_get(record, "fields"));

		if (!json_is_true(json_object_get(record, "ours")))
			continue;
		*decide = true;
		json_array_append_new(list, json_sprintf("'%s': trusts changed "
			"%zu field%s in different ways. 'confer conflicts "
			"%.18s' says what each wrote, and 'confer resolve "
			"%.18s' settles it.", cf_json_str(record, "title"), n,
			n == 1 ? "" : "s", id, id));
	}
	json_decref(conflicts);
	return err;
}

static void
add_incomplete(json_t *list, const json_t *incomplete)
{
	const char *id;
	json_t *one;

	json_object_foreach((json_t *)(uintptr_t)incomplete, id, one) {
		const json_t *first = json_array_get(json_object_get(one,
			"stewards"), 0);

		json_array_append_new(list, json_sprintf("'%s' is incomplete: "
			"part of what it builds on is not here, because %s is "
			"%s.", cf_json_str(one, "title"), cf_json_str(first,
			"name"), cf_json_str(first, "why")));
	}
}

/* The owner withdrew what somebody went on to edit. */
static void
add_unseen(json_t *list, const struct cf_joined *joined, const char *id,
	const char *title)
{
	const json_t *doc = joined->owner_doc;
	json_t *unseen = cf_unseen_by_owner(joined), *head;
	size_t i;

	json_array_foreach(unseen, i, head) {
		if (strcmp(cf_json_str(doc, "status"), "withdrawn") == 0 &&
			strcmp(cf_json_str(doc, "owner"),
			joined->trust->id) == 0)
			json_array_append_new(list, json_sprintf("You withdrew "
				"'%s', and %s has edited it meanwhile. It stays "
				"withdrawn; 'confer show %.18s' shows the edit.",
				title, cf_json_str(head, "name"), id));
	}
	json_decref(unseen);
}

/* Whether a version that counts was built on this one. */
static bool
is_built_on(const struct cf_versions *rows, const struct cf_version *v)
{
	for (size_t i = 0; i < rows->n; i++)
		for (size_t k = 0; rows->version[i].counts &&
			k < rows->version[i].n_parents; k++)
			if (strcmp(rows->version[i].parents[k], v->id) == 0)
				return true;
	return false;
}

/* Whether the last version of a trust is one that does not count. */
static bool
is_idle(const struct cf_versions *rows, const char *trust)
{
	for (size_t i = rows->n; i-- > 0;)
		if (strcmp(rows->version[i].trust, trust) == 0)
			return !rows->version[i].counts &&
				!rows->version[i].held;
	return false;
}

/* Versions of trusts that are stewards no more, each trust once. `by` has just
 * published one. */
static void
add_left_out(json_t *list, const struct cf_joined *joined, const char *by)
{
	const struct cf_versions *rows = &joined->join.rows;
	const char *done = "", *title = cf_json_str(json_object_get(
		joined->owner_doc, "body"), "title");

	for (size_t i = rows->n; i-- > 0;) {
		const struct cf_version *v = &rows->version[i];
		bool ours = strcmp(v->trust, joined->trust->id) == 0;
		char *name;

		if (v->counts || v->held || v->party ||
			strcmp(done, v->trust) == 0)
			continue;
		done = v->trust;
		name = cf_trust_title(joined->trust, v->trust);
		if (ours)
			json_array_append_new(list, json_sprintf("'%s': its "
				"owner has taken you off its stewards, and what "
				"you wrote there that the owner had not taken "
				"up counts no more. Your own repository keeps "
				"it.", title));
		else if (is_built_on(rows, v))
			json_array_append_new(list, json_sprintf("'%s': what "
				"%s wrote there counts no more, because the "
				"owner has taken it off the stewards. What "
				"others built on it stays as their own.", title,
				name));
		else if (strcmp(v->trust, by) == 0)
			json_array_append_new(list, json_sprintf("'%s': what "
				"%s wrote there does not count, because the "
				"owner has not named it as a steward.", title,
				name));
		free(name);
	}
}

/* `told`: how many were said before. */
static const struct cf_err *
add_waiting(json_t *list, size_t *told, bool *waits, struct cf_trust *trust,
	const json_t *one)
{
	json_t *row = NULL;
	const struct cf_err *err = cf_index_record(&row, trust->index,
		cf_json_str(one, "id"));

	*waits = !err && strcmp(cf_json_str(row, "standing"), "no-owner") == 0;
	if (*waits && (*told)++ < CF_NEWS_TOLD)
		json_array_append_new(list, json_sprintf("'%s' waits for its "
			"owner, whom you do not follow. Ask %s which trust that "
			"is, and add it: confer partner add.", cf_json_str(one,
			"title"), cf_json_str(one, "name")));
	json_decref(row);
	return err;
}

/* What is to be said of a record that changed; *hidden: nobody sees the change. */
static const struct cf_err *
add_changed(json_t *list, size_t *told, bool *hidden, struct cf_trust *trust,
	const json_t *one)
{
	const char *id = cf_json_str(one, "id"), *by = cf_json_str(one, "trust");
	struct cf_joined joined;
	const struct cf_err *err = cf_joined_read(&joined, trust, id);

	if (err && err->code == CF_NOT_FOUND)
		return add_waiting(list, told, hidden, trust, one);
	if (err)
		return err;
	*hidden = is_idle(&joined.join.rows, by);
	add_unseen(list, &joined, id, cf_json_str(one, "title"));
	if (strcmp(cf_json_str(joined.owner_doc, "status"), "erased") != 0)
		add_left_out(list, &joined, by);
	cf_joined_clear(&joined);
	return NULL;
}

static const struct cf_err *
add_news(json_t *list, struct cf_trust *trust, json_t *news)
{
	const struct cf_err *err = NULL;
	size_t i = 0, told = 0;

	while (i < json_array_size(news) && !err) {
		bool hidden = false;

		err = add_changed(list, &told, &hidden, trust,
			json_array_get(news, i));
		if (hidden)
			json_array_remove(news, i);
		else
			i++;
	}
	if (told > CF_NEWS_TOLD)
		json_array_append_new(list, json_sprintf("%zu more wait for "
			"owners whom you do not follow; 'confer status' says "
			"which.", told - CF_NEWS_TOLD));
	return err;
}

const struct cf_err *
cf_attention(json_t *list, bool *decide, struct cf_trust *trust,
	json_t *news)
{
	const struct cf_err *err;
	json_t *incomplete = NULL;

	*decide = false;
	err = add_conflicts(list, decide, trust);
	if (!err)
		err = cf_erased_attention(list, decide, trust);
	if (!err)
		err = cf_incomplete(&incomplete, trust);
	if (!err) {
		add_incomplete(list, incomplete);
		err = add_news(list, trust, news);
	}
	json_decref(incomplete);
	return err;
}

/* {title, kind, stewards} where something is missing. */
static const struct cf_err *
add_missing(json_t *out, struct cf_trust *trust, const char *id)
{
	struct cf_joined joined;
	const struct cf_err *err = cf_joined_read(&joined, trust, id);
	json_t *missing = NULL, *row = NULL;

	if (err && err->code == CF_NOT_FOUND)
		return NULL;
	if (err)
		return err;
	err = cf_joined_missing(&missing, &joined);
	if (!err && json_array_size(missing))
		err = cf_index_record(&row, trust->index, id);
	if (!err && row)
		json_object_set_new(out, id, json_pack("{s:O, s:O, s:O}",
			"title", json_object_get(row, "title"), "kind",
			json_object_get(row, "kind"), "stewards", missing));
	json_decref(row);
	json_decref(missing);
	cf_joined_clear(&joined);
	return err;
}

const struct cf_err *
cf_incomplete(json_t **out, struct cf_trust *trust)
{
	struct cf_names lacking = { 0 };
	const struct cf_err *err = cf_index_lacking(&lacking, trust->index);

	*out = json_object();
	for (size_t i = 0; i < lacking.n && !err; i++)
		err = add_missing(*out, trust, lacking.name[i]);
	cf_names_clear(&lacking);
	return err;
}

const struct cf_err *
cf_is_incomplete(bool *out, struct cf_trust *trust, const char *id)
{
	json_t *missing = json_object();
	const struct cf_err *err = cf_index_lacks(out, trust->index, id);

	if (!err && *out) {
		err = add_missing(missing, trust, id);
		*out = json_object_size(missing) > 0;
	}
	json_decref(missing);
	return err;
}
