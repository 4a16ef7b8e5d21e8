/*
 * Settling conflicts: a version that builds on all heads and decides.
 */
#include <stdlib.h>
#include <string.h>

#include "app/prepare.h"
#include "base/mem.h"

/* The decisions as a draft that has no file. */
static const struct cf_err *
make_draft(struct cf_item *item, struct cf_trust *trust, const char *record)
{
	struct cf_base base = { 0 };
	struct cf_uuid id;
	const struct cf_err *err = cf_resolve_id(&id, trust, record);

	item->made = true;
	item->file = "this version";
	if (!err)
		err = cf_base_read(&base, trust, id.text);
	if (!err && base.doc == NULL)
		err = cf_err(CF_DECIDE, "the record %s waits for its owner: "
			"add that partner first", id.text);
	if (!err && !cf_json_has(json_object_get(base.doc, "stewards"),
		trust->id))
		err = cf_err(CF_INVALID, "the record is not yours to settle: "
			"its stewards are others. What they decide comes with "
			"'confer sync'");
	if (!err)
		item->draft = json_pack("{s:O, s:s, s:O, s:{s:s}}", "kind",
			json_object_get(base.doc, "kind"), "id", id.text,
			"parents", base.parents, "body", "title",
			cf_record_title(base.doc));
	cf_base_clear(&base);
	return err;
}

/* Before a passphrase is asked for: whether there is anything to do. */
static const struct cf_err *
check_choices(const struct cf_job *job, const struct cf_resolve *what)
{
	const struct cf_item *item = &job->item[0];
	struct cf_moving moving = { 0 };
	struct cf_joined joined;
	const struct cf_err *err;

	err = cf_joined_read(&joined, job->trust, cf_json_str(item->draft,
		"id"));
	if (err)
		return err;
	err = cf_moving_settle(&moving, &joined);
	if (!err && json_array_size(moving.conflicts) == 0)
		err = what->heads ? cf_err_rule(CF_DECIDE, "draft.moved-on",
			"the record was settled while you decided, here or by "
			"another trust. Nothing was written; 'confer show %.18s' "
			"shows what it says now", cf_json_str(item->draft,
			"id")) : cf_err(CF_EXISTS, "nothing in it is in "
			"conflict");
	else if (!err && what->n == 0)
		err = cf_err(CF_DECIDE, "say what each field is to be: --take "
			"FIELD=TRUST, or --set FIELD=JSON. 'confer conflicts' "
			"shows the fields and what each trust says");
	if (!err)
		err = cf_moving_choose(&moving, &joined, what->choices,
			what->n);
	cf_moving_clear(&moving);
	cf_joined_clear(&joined);
	return err;
}

static const struct cf_err *
read_item(struct cf_job *job, const struct cf_resolve *what)
{
	struct cf_item *item = &job->item[0];
	const struct cf_err *err;

	item->choice = what->choices;
	item->n_choices = what->n;
	item->heads = what->heads;
	if (what->file) {
		err = cf_item_read(job, item, what->file);
		if (!err && json_object_get(item->draft, "id") == NULL)
			err = cf_err(CF_INVALID, "%s is a new record, which "
				"nobody can have changed: 'confer publish %s'",
				what->file, what->file);
		return err;
	}
	err = make_draft(item, job->trust, what->id);
	return err ? err : check_choices(job, what);
}

/* What would be published, without its proof. */
static const struct cf_err *
rehearse(json_t *result, struct cf_job *job)
{
	struct cf_item *item = &job->item[0];
	const struct cf_err *err = cf_item_complete(job, item);

	if (!err)
		err = cf_item_prepare(job, item);
	if (!err && item->doc) {
		json_object_del(item->doc, "salt");
		cf_sort_strings(json_object_get(item->doc, "parents"));
		json_object_set(result, "record", item->doc);
	}
	if (err && strcmp(err->rule, "draft.conflict") == 0)
		json_object_set_new(result, "conflicts", json_pack("[o]",
			cf_item_conflict(item)));
	return err;
}

/* What the check does not let through becomes a draft: nobody should have to write
 * it twice. Where nobody sits at a terminal, nothing is written. */
static const struct cf_err *
keep_decided(struct cf_trust *trust, const struct cf_item *item,
	const struct cf_err *why)
{
	const json_t *doc = item->doc;
	const struct cf_err *err, first = *why;
	json_t *draft;
	char *path;

	if (trust->ui->confirm == NULL)
		return cf_err_rule(first.code, first.rule, "%s. To write it as "
			"a draft, which 'confer check' examines: confer "
			"resolve %s --edit", first.msg, item->id.text);
	draft = json_pack("{s:O, s:O, s:O, s:o, s:O}", "kind",
		json_object_get(doc, "kind"), "id", json_object_get(doc, "id"),
		"parents", json_object_get(doc, "parents"), "body",
		cf_draft_body(cf_json_str(doc, "kind"),
		json_object_get(doc, "body")), "settled",
		item->moving.settled);
	err = cf_draft_new(&path, trust, draft);
	if (!err)
		err = cf_err_rule(first.code, first.rule, "%s. What you "
			"decided is kept as a draft, %s: mend it there, try it "
			"with 'confer check', and publish it with 'confer "
			"publish'", first.msg, path);
	json_decref(draft);
	free(path);
	return err;
}

const struct cf_err *
cf_resolve(json_t **out, struct cf_trust *trust, const struct cf_resolve *what)
{
	struct cf_item item = { 0 };
	struct cf_job job = { .trust = trust, .item = &item, .n = 1,
		.incomplete = what->incomplete };
	json_t *result = json_pack("{s:[], s:b}", "records", "pushed", 0);
	const struct cf_err *err;

	*out = NULL;
	cf_time_format(job.now, cf_now());
	err = read_item(&job, what);
	if (!err)
		err = what->dry_run ? rehearse(result, &job) :
			cf_job_run(result, &job, !what->no_push);
	cf_forget_key(trust);
	if (err && item.made && item.unfit && !what->dry_run)
		err = keep_decided(trust, &item, err);
	if (item.moving.decided) {
		json_object_set(result, "decided", item.moving.decided);
		json_object_set(result, "open", item.moving.conflicts);
	}
	if (!err || json_object_get(result, "commit") ||
		json_object_get(result, "conflicts"))
		*out = json_incref(result);
	json_decref(result);
	cf_item_clear(&item);
	cf_past_clear(&job.past);
	return err;
}
