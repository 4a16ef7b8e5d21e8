/*
 * The next version of a record: what the merge makes of a draft, and of
 * decisions about what is contested.
 */
#include <stdlib.h>
#include <string.h>

#include "app/prepare.h"
#include "base/mem.h"

/* A member from the draft where its owner may set it, else as it stands. */
static const struct cf_err *
edited_header(json_t *doc, const struct cf_item *item, const struct cf_base *base,
	bool owner)
{
	static const char *const members[] = { "licence", "stewards",
		"status" };

	for (size_t i = 0; i < 3; i++) {
		json_t *want = cf_wanted(item->draft, members[i]);
		json_t *is = json_object_get(base->doc, members[i]);
		bool changed = want && cf_json_compare(want, is) != 0;

		json_object_set_new(doc, members[i],
			want ? want : json_deep_copy(is));
		if (changed && !owner)
			return cf_err(CF_INVALID, "%s: only the owner of a "
				"record may change its %s", item->file,
				members[i]);
	}
	if (strcmp(cf_json_str(doc, "status"), "withdrawn") == 0) {
		json_t *why = json_object_get(base->doc, "withdrawal");

		if (why == NULL)
			return cf_err(CF_INVALID, "%s: to withdraw a record, "
				"use 'confer withdraw', which asks for the "
				"reason", item->file);
		json_object_set(doc, "withdrawal", why);
	}
	return NULL;
}

/* Whether our newest version says the same, and the draft was built on nothing
 * that it had not seen: what says the same after others wrote goes back. */
static const struct cf_err *
is_published(bool *out, const struct cf_item *item, const struct cf_base *base,
	const struct cf_joined *joined, const json_t *parents)
{
	size_t n = joined->join.versions.n;
	bool *draft = cf_calloc(n + 1, sizeof *draft);
	bool *ours = cf_calloc(n + 1, sizeof *ours);
	const struct cf_err *err = NULL;
	json_t *own = NULL, *body = NULL, *id;

	*out = base->own[0] != '\0';
	id = json_pack("[s]", base->own);
	cf_joined_past(draft, joined, parents);
	cf_joined_past(ours, joined, id);
	for (size_t i = 0; i < n; i++)
		*out = *out && (ours[i] || !draft[i]);
	if (*out)
		err = cf_blob_json(&own, joined->trust, &base->own_blob);
	if (!err)
		err = cf_stored_body(&body, joined->trust, item->draft);
	*out = *out && !err && cf_says_the_same(own, item->draft, body);
	json_decref(body);
	json_decref(own);
	json_decref(id);
	free(draft);
	free(ours);
	return err;
}

/* The version of ours that a draft builds on which names none: it became a record
 * and was never written to again (see cf_publish). */
static json_t *
first_of_ours(const struct cf_joined *joined)
{
	const struct cf_versions *rows = &joined->join.rows;

	for (size_t i = 0; i < rows->n; i++)
		if (strcmp(rows->version[i].trust, joined->trust->id) == 0 &&
			rows->version[i].id[0])
			return json_pack("[s]", rows->version[i].id);
	return json_array();
}

/* Waivers of what others wrote come along with it. */
static json_t *
all_waivers(struct cf_joined *joined, const json_t *draft)
{
	json_t *own = cf_stored_waivers(draft);
	json_t *out = own ? own : json_array();
	const struct cf_snapshots *all = &joined->join.versions;

	for (size_t i = 0; i < all->n; i++) {
		const json_t *doc = NULL, *theirs;

		if (!joined->join.rows.version[all->row[i]].head ||
			cf_join_doc(&doc, &joined->join, i) != NULL)
			continue;
		theirs = json_object_get(doc, "waivers");
		for (size_t k = 0; k < json_array_size(theirs); k++) {
			json_t *waiver = json_array_get(theirs, k);
			bool has = false;

			for (size_t m = 0; m < json_array_size(out); m++)
				has = has || json_equal(waiver,
					json_array_get(out, m));
			if (!has)
				json_array_append(out, waiver);
		}
	}
	return out;
}

/* What others wrote is checked with it: who signs it answers for all of it. */
static const struct cf_err *
judge_merged(struct cf_job *job, struct cf_item *item)
{
	json_t *draft = json_pack("{s:O, s:O, s:O, s:O*, s:O*}", "kind",
		json_object_get(item->doc, "kind"), "id",
		json_object_get(item->doc, "id"), "body",
		json_object_get(item->doc, "body"), "waivers",
		json_object_get(item->doc, "waivers"), "stewards",
		json_object_get(item->doc, "stewards"));
	const struct cf_err *err;

	err = cf_draft_judge(job, item, draft);
	item->unfit = err != NULL;
	json_decref(draft);
	return err;
}

static const struct cf_err *
make_doc(struct cf_job *job, struct cf_item *item, const struct cf_base *base,
	struct cf_joined *joined)
{
	const char *owner = cf_json_str(base->doc, "owner");
	json_t *settled = item->moving.settled;
	json_t *waivers = all_waivers(joined, item->draft);
	const struct cf_err *err;
	char salt[23];

	cf_salt(salt);
	item->doc = json_pack("{s:s, s:O, s:O, s:s, s:s, s:O, s:s, s:i, s:O*, "
		"s:O*}", "id", item->id.text, "kind",
		json_object_get(base->doc, "kind"), "body", item->moving.body,
		"modified", job->now, "owner", owner, "parents", base->parents,
		"salt", salt, "schema", CF_SCHEMA_MAX, "settled",
		json_array_size(settled) ? settled : NULL, "waivers",
		json_array_size(waivers) ? waivers : NULL);
	json_decref(waivers);
	err = edited_header(item->doc, item, base,
		strcmp(owner, job->trust->id) == 0);
	if (item->withdrawal) {
		json_object_set_new(item->doc, "status",
			json_string("withdrawn"));
		json_object_set(item->doc, "withdrawal", item->withdrawal);
	}
	return err ? err : judge_merged(job, item);
}

/* What contradicts the draft is for a person to decide. */
static const struct cf_err *
contradicted(const struct cf_item *item)
{
	size_t n = json_array_size(item->moving.conflicts);

	return cf_err_rule(CF_DECIDE, "draft.conflict", "%s: since it was "
		"begun, others have changed %s that it changes too. Nothing "
		"was published, and your draft is as it was. 'confer resolve "
		"%s' shows both and lets you choose", item->file, n == 1 ?
		"a field" : "fields", item->file);
}

/* Whether the version would say what stands already. */
static bool
says_nothing_new(const struct cf_item *item, const struct cf_base *base,
	const json_t *body)
{
	json_t *stands = json_object();
	bool same;

	json_object_update(stands, base->doc);
	json_object_set(stands, "body", item->moving.stands);
	same = json_array_size(item->moving.settled) == 0 &&
		cf_says_the_same(stands, item->draft, body);
	json_decref(stands);
	return same;
}

/* A draft that was built on what stands now is what it says; another one is
 * what the merge makes of it. */
static const struct cf_err *
move(struct cf_item *item, struct cf_joined *joined, const json_t *parents,
	bool current)
{
	json_t *draft = json_copy(item->draft), *settled, *body;
	const struct cf_err *err;
	size_t i;

	err = cf_stored_body(&body, joined->trust, item->draft);
	if (err) {
		json_decref(draft);
		return err;
	}
	json_object_set_new(draft, "body", body);
	if (item->made || current) {
		err = cf_moving_settle(&item->moving, joined);
		json_array_foreach(json_object_get(draft, "settled"), i,
			settled) {
			if (!err)
				json_array_append(item->moving.settled,
					settled);
		}
		if (!err && !item->made) {
			json_decref(item->moving.body);
			item->moving.body = json_incref(body);
			json_array_clear(item->moving.conflicts);
		}
	} else {
		err = cf_moving_draft(&item->moving, joined, draft, parents);
	}
	if (!err)
		err = cf_moving_choose(&item->moving, joined, item->choice,
			item->n_choices);
	json_decref(draft);
	return err;
}

static const struct cf_err *
edit(struct cf_job *job, struct cf_item *item, const struct cf_base *base,
	struct cf_joined *joined)
{
	json_t *parents = json_object_get(item->draft, "parents");
	json_t *first = parents ? NULL : first_of_ours(joined);
	const struct cf_err *err = NULL;

	if (first)
		parents = first;
	if (!item->made && !item->withdrawal)
		err = is_published(&item->already, item, base, joined,
			parents);
	if (!err && !item->already)
		err = move(item, joined, parents,
			cf_joined_covers(joined, parents));
	json_decref(first);
	if (err || item->already)
		return err;
	if (!item->made && json_array_size(item->moving.conflicts))
		return contradicted(item);
	item->already = !item->made && !item->withdrawal &&
		says_nothing_new(item, base, item->moving.body);
	return item->already ? NULL : make_doc(job, item, base, joined);
}

const struct cf_err *
cf_item_edit(struct cf_job *job, struct cf_item *item,
	const struct cf_base *base)
{
	const char *kind = cf_json_str(base->doc, "kind");
	struct cf_joined joined;
	const struct cf_err *err;
	json_t *missing = NULL;

	if (strcmp(kind, cf_json_str(item->draft, "kind")) != 0)
		return cf_err(CF_INVALID, "%s: the record is a %s, and stays "
			"one", item->file, kind);
	if (item->heads && cf_json_compare(item->heads,
		json_object_get(base->row, "heads")) != 0)
		return cf_err_rule(CF_DECIDE, "draft.moved-on", "the record "
			"was changed while you decided. Nothing was written; "
			"look at it again");
	err = cf_joined_read(&joined, job->trust, item->id.text);
	if (err)
		return err;
	if (!job->incomplete)
		err = cf_joined_missing(&missing, &joined);
	if (!err && json_array_size(missing))
		err = cf_missing_error(missing);
	if (!err)
		err = edit(job, item, base, &joined);
	json_decref(missing);
	cf_joined_clear(&joined);
	return err;
}

/* "Ashby Trust is not followed" of each. */
static void
name_missing(struct cf_buf *out, const json_t *missing)
{
	for (size_t i = 0; i < json_array_size(missing); i++) {
		const json_t *one = json_array_get(missing, i);
		const char *why = cf_json_str(one, "why");
		bool plain = strcmp(why, "not followed") == 0;

		cf_buf_printf(out, "%s%s %s", i ? "; " : "",
			cf_json_str(one, "name"), plain ? "is not followed" :
			strcmp(why, "unreachable") == 0 ?
			"could not be reached" : strcmp(why, "refused") == 0 ?
			"was refused" : "has not been asked yet");
	}
}

const struct cf_err *
cf_missing_error(const json_t *missing)
{
	struct cf_buf who = CF_BUF(4096);
	const struct cf_err *err;

	name_missing(&who, missing);
	err = cf_err_rule(CF_DECIDE, "draft.incomplete", "part of what this "
		"record builds on is not here: %s. What you publish now may "
		"contradict it, and that would show later. Follow them and "
		"run 'confer sync', or go on with --incomplete", who.data);
	cf_buf_clear(&who);
	return err;
}

const struct cf_err *
cf_item_complete(struct cf_job *job, const struct cf_item *item)
{
	const struct cf_ui *ui = job->trust->ui;
	const char *id = cf_json_str(item->draft, "id");
	struct cf_joined joined;
	const struct cf_err *err;
	json_t *row = NULL, *missing = NULL;

	if (job->incomplete || id == NULL)
		return NULL;
	err = cf_index_record(&row, job->trust->index, id);
	if (err || row == NULL ||
		strcmp(cf_json_str(row, "standing"), "stands") != 0)
		goto done;
	err = cf_joined_read(&joined, job->trust, id);
	if (err)
		goto done;
	err = cf_joined_missing(&missing, &joined);
	cf_joined_clear(&joined);
	if (!err && json_array_size(missing)) {
		err = cf_missing_error(missing);
		if (ui->confirm && ui->confirm(ui->payload, err->msg,
			"Publish all the same?")) {
			job->incomplete = true;
			err = NULL;
		}
	}
done:
	json_decref(missing);
	json_decref(row);
	return err;
}

json_t *
cf_item_conflict(const struct cf_item *item)
{
	return json_pack("{s:s, s:O, s:s, s:o*, s:O, s:O}", "id",
		item->id.text, "kind", json_object_get(item->draft, "kind"),
		"title", cf_record_title(item->draft), "file", item->made ?
		NULL : cf_path_json(item->file), "fields",
		item->moving.conflicts, "merged", item->moving.meanwhile);
}
