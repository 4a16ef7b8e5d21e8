/*
 * What a draft is to be: a new record, the next version of one, or nothing new.
 * Decides only; nothing is written.
 */
#include <stdlib.h>
#include <string.h>

#include "app/prepare.h"
#include "base/mem.h"

#define LICENCE "CC-BY-4.0"	/* where the draft names none */

/* The first finding that stands in the way. */
static const json_t *
first_open(const json_t *findings)
{
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);

		if (strcmp(cf_json_str(f, "severity"), "advice") != 0 &&
			json_object_get(f, "accepted") == NULL)
			return f;
	}
	return NULL;
}

/* Which rules a list of people was wanted for. The caller owns it. */
static json_t *
uncounted(const json_t *not_run)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(not_run); i++) {
		json_t *rule = json_object_get(json_array_get(not_run, i),
			"rule");

		if (cf_rule_takes_list(json_string_value(rule)))
			json_array_append(out, rule);
	}
	return out;
}

/* Nothing is signed that the check does not call ready. */
static const struct cf_err *
judge(const struct cf_item *item, const json_t *result, const char *check)
{
	const char *verdict = cf_json_str(result, "verdict");
	const json_t *first = first_open(json_object_get(result, "findings"));
	const char *found = cf_json_str(first, "found");

	if (first == NULL)
		return NULL;
	if (found == NULL)
		found = cf_json_str(first, "why");
	if (strcmp(verdict, "decision") == 0)
		return cf_err_rule(CF_DECIDE, cf_json_str(first, "rule"),
			"%s needs a decision of yours first: %s, %s. Nothing "
			"was published%s%s%s", item->file,
			cf_json_str(first, "place"), found, item->made ? "" :
			". ", item->made ? "" : check, item->made ? "" :
			" says what can be done");
	return cf_err_rule(CF_INVALID, cf_json_str(first, "rule"), "%s cannot "
		"be published yet: %s, %s. Nothing was published%s%s%s",
		item->file, cf_json_str(first, "place"), found, item->made ?
		"" : ". ", item->made ? "" : check, item->made ? "" :
		" says what to change");
}

const struct cf_err *
cf_draft_judge(struct cf_job *job, struct cf_item *item, const json_t *draft)
{
	struct cf_trust *trust = job->trust;
	struct cf_policy policy = cf_policy_floor;
	struct cf_checking with = { .file = item->file,
		.policy = &policy, .roll = trust->roll, .ledger = trust->ledger,
		.behind = job->behind };
	const struct cf_err *err = cf_policy_read(&policy, trust);
	json_t *result = NULL;

	if (!err && job->past.list == NULL)
		err = cf_past_open(&job->past, trust);
	with.past = job->past.list;
	with.past_stats = &job->past.stats;
	if (!err) {
		result = cf_check_draft(draft, &with);
		err = judge(item, result, job->behind ? "'confer check' with "
			"the same --evidence" : "'confer check'");
		json_decref(item->uncounted);
		item->uncounted = job->behind ? NULL : uncounted(
			json_object_get(result, "notRun"));
	}
	json_decref(result);
	cf_policy_clear(&policy);
	return err;
}

const struct cf_err *
cf_item_read(struct cf_job *job, struct cf_item *item, const char *file)
{
	const struct cf_err *err;

	item->file = file;
	err = cf_draft_read(&item->draft, file);
	return err ? err : cf_draft_judge(job, item, item->draft);
}

void
cf_item_clear(struct cf_item *item)
{
	json_decref(item->draft);
	json_decref(item->doc);
	json_decref(item->uncounted);
	cf_moving_clear(&item->moving);
}

/* What a draft asks for in the header, as it will be stored; NULL: nothing. The
 * caller owns it. */
json_t *
cf_wanted(const json_t *draft, const char *member)
{
	json_t *value = json_deep_copy(json_object_get(draft, member));

	if (value && strcmp(member, "stewards") == 0)
		cf_sort_strings(value);
	return value;
}

/* What was found stays in the draft. */
json_t *
cf_stored_waivers(const json_t *draft)
{
	json_t *out = json_deep_copy(json_object_get(draft, "waivers")), *one;
	size_t i;

	json_array_foreach(out, i, one)
		json_object_del(one, "found");
	return out;
}

/* Whether a record says already what the draft says. */
bool
cf_says_the_same(const json_t *record, const json_t *draft, const json_t *body)
{
	static const char *const members[] = { "licence", "stewards",
		"status" };
	const json_t *is = json_object_get(record, "body");
	bool same = is && cf_json_compare(is, body) == 0;

	for (size_t i = 0; i < 3; i++) {
		json_t *want = cf_wanted(draft, members[i]);

		same = same && (want == NULL || cf_json_compare(want,
			json_object_get(record, members[i])) == 0);
		json_decref(want);
	}
	return same;
}

static json_t *
new_doc(const struct cf_job *job, const struct cf_item *item, json_t *body)
{
	const json_t *draft = item->draft;
	const char *licence = cf_json_str(draft, "licence");
	const char *status = cf_json_str(draft, "status");
	json_t *stewards = json_object_get(draft, "stewards");
	json_t *waivers = cf_stored_waivers(draft);
	char salt[23];

	cf_salt(salt);
	stewards = stewards ? json_deep_copy(stewards) :
		json_pack("[s]", job->trust->id);
	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:[], s:s, s:i, s:s, "
		"s:o, s:O*, s:o*}", "id", item->id.text, "kind",
		cf_json_str(draft, "kind"), "body", body, "licence",
		licence ? licence : LICENCE, "modified", job->now, "owner",
		job->trust->id, "parents", "salt", salt, "schema",
		CF_SCHEMA_MAX, "status", status ? status : "active",
		"stewards", stewards, "settled",
		json_object_get(draft, "settled"), "waivers", waivers);
}

static const struct cf_err *
prepare_new(struct cf_job *job, struct cf_item *item)
{
	json_t *stewards = json_object_get(item->draft, "stewards"), *body;
	const struct cf_err *err;

	if (stewards && !cf_json_has(stewards, job->trust->id))
		return cf_err(CF_INVALID, "%s: you own this record, so your "
			"trust id must be among its stewards (%s)", item->file,
			job->trust->id);
	item->is_new = true;
	err = cf_stored_body(&body, job->trust, item->draft);
	if (!err)
		item->doc = new_doc(job, item, body);
	return err;
}

const struct cf_err *
cf_draft_published(bool *out, struct cf_trust *trust, const json_t *draft)
{
	const char *id = cf_json_str(draft, "id");
	const char *kind = cf_json_str(draft, "kind");
	struct cf_versions all = { 0 };
	const struct cf_err *err;
	json_t *body = NULL;

	*out = false;
	if (id == NULL || kind == NULL || !cf_kind_known(kind))
		return NULL;
	err = cf_index_versions(&all, trust->index, id);
	if (!err)
		err = cf_stored_body(&body, trust, draft);
	for (size_t i = all.n; i-- > 0 && !err && !*out;) {
		json_t *own = NULL;

		if (strcmp(all.version[i].trust, trust->id) != 0 ||
			all.version[i].held)
			continue;
		err = cf_blob_json(&own, trust, &all.version[i].blob);
		if (!err)
			*out = cf_says_the_same(own, draft, body);
		json_decref(own);
	}
	json_decref(body);
	cf_versions_clear(&all);
	return err;
}

const struct cf_err *
cf_item_prepare(struct cf_job *job, struct cf_item *item)
{
	const char *id = cf_json_str(item->draft, "id");
	struct cf_base base = { 0 };
	const struct cf_err *err;

	if (id == NULL) {
		cf_uuid_make(&item->id, job->trust->id,
			job->last.text[0] ? &job->last : NULL);
		job->last = item->id;
		return prepare_new(job, item);
	}
	if (!cf_uuid_parse(&item->id, cf_str(id)))
		return cf_err(CF_INVALID, "%s: the id is not a record id. "
			"Leave it out for a new record; 'confer new --from ID' "
			"begins an edit", item->file);
	err = cf_base_read(&base, job->trust, id);
	if (err)
		return err;
	if (base.row == NULL && cf_uuid_certifies(&item->id, job->trust->id))
		err = prepare_new(job, item);
	else if (base.row == NULL)
		err = cf_err(CF_NOT_FOUND, "%s: there is no record %s here. "
			"Leave the id out for a new record, or run 'confer "
			"sync'", item->file, id);
	else if (base.doc == NULL)
		err = cf_err(CF_DECIDE, "%s: the record %s waits for its "
			"owner: add that partner first", item->file, id);
	else if (strcmp(cf_json_str(base.doc, "status"), "erased") == 0)
		err = cf_err(CF_INVALID, "%s: the owner of the record has "
			"erased it, for good", item->file);
	else if (!cf_json_has(json_object_get(base.doc, "stewards"),
		job->trust->id) && base.own[0])
		err = cf_err(CF_INVALID, "%s: the record is no longer yours to "
			"edit: its owner has taken your trust off the list of "
			"stewards. Nothing was published, and your draft is "
			"as it was. Ask the owner, or write an adoption "
			"('confer new adoption')", item->file);
	else if (!cf_json_has(json_object_get(base.doc, "stewards"),
		job->trust->id))
		err = cf_err(CF_INVALID, "%s: the record is not yours to edit: "
			"its stewards are others. To say what you did with it, "
			"write an adoption ('confer new adoption')",
			item->file);
	else
		err = cf_item_edit(job, item, &base);
	cf_base_clear(&base);
	return err;
}
