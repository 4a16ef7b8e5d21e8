/*
 * Publishing drafts: all of them or none, signed, in one commit, then pushed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/exact.h"
#include "app/near.h"
#include "app/prepare.h"
#include "app/witness.h"
#include "base/mem.h"

/* The draft with these members in front, in their places from then on. */
static json_t *
with_members(json_t *front, const json_t *draft)
{
	json_object_update_missing(front, (json_t *)(uintptr_t)draft);
	return front;
}

/* Somebody may have written in the file while a passphrase was typed or a host
 * was slow; what they wrote must not be lost. */
static const struct cf_err *
read_again(json_t **now, bool *same, const struct cf_item *item)
{
	const struct cf_err *err = cf_draft_read(now, item->file);

	*same = !err && json_equal(*now, item->draft);
	return err;
}

/* The new id goes into the draft before anything is committed: published twice,
 * or across a crash, it is one record. */
static const struct cf_err *
remember_id(struct cf_item *item)
{
	json_t *now = NULL;
	const struct cf_err *err;
	bool same;

	if (!item->is_new || item->made ||
		json_object_get(item->draft, "id"))
		return NULL;
	err = read_again(&now, &same, item);
	if (!err && !same)
		err = cf_err_rule(CF_BUSY, "draft.changed", "%s was changed "
			"while it was being published. Nothing was published; "
			"publish it again", item->file);
	if (!err) {
		json_decref(item->draft);
		item->draft = with_members(json_pack("{s:O, s:s}", "kind",
			json_object_get(now, "kind"), "id", item->id.text),
			now);
		err = cf_draft_write(item->file, item->draft);
	}
	json_decref(now);
	return err;
}

/* What the draft builds on from now on, and says: where others had changed the
 * record meanwhile, their changes are part of it, or the next edit would take
 * them back. */
static json_t *
draft_now(const struct cf_item *item, const struct cf_base *base,
	const json_t *is)
{
	json_t *now = json_copy((json_t *)(uintptr_t)is);
	const char *kind = cf_json_str(item->draft, "kind");
	json_t *front;

	if (item->already && !item->moving.body)
		front = json_pack("{s:s, s:s, s:[s]}", "kind", kind, "id",
			item->id.text, "parents", base->own);
	else
		front = json_pack("{s:s, s:s, s:O}", "kind", kind, "id",
			item->id.text, "parents", base->parents);
	if (json_array_size(item->moving.meanwhile)) {
		json_object_set_new(now, "body", cf_draft_body(kind,
			item->moving.body));
		json_object_del(now, "settled");
	}
	front = with_members(front, now);
	json_decref(now);
	return front;
}

/* Of a draft that somebody has written in meanwhile, or of another record, there
 * is nothing to say. */
static const struct cf_err *
remember_parents(struct cf_job *job, struct cf_item *item)
{
	struct cf_base base = { 0 };
	const struct cf_err *err;
	json_t *is = NULL, *now;
	bool same, ours;

	if (item->made)
		return NULL;
	ours = read_again(&is, &same, item) == NULL && (same ||
		(json_equal(json_object_get(is, "id"),
		json_object_get(item->draft, "id")) &&
		!json_array_size(item->moving.meanwhile)));
	err = cf_base_read(&base, job->trust, item->id.text);
	if (!err && ours && base.parents) {
		now = draft_now(item, &base, is);
		if (!json_equal(now, is))
			err = cf_draft_write(item->file, now);
		json_decref(now);
	}
	json_decref(is);
	cf_base_clear(&base);
	return err;
}

/* Its title in the version that was published. */
static const char *
title_of(const struct cf_item *item)
{
	const char *merged = cf_json_str(item->moving.body, "title");

	return merged ? merged : cf_record_title(item->draft);
}

static const struct cf_err *
add_results(json_t *result, struct cf_job *job)
{
	json_t *records = json_object_get(result, "records");
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < job->n && !err; i++) {
		struct cf_item *item = &job->item[i];
		struct cf_base base = { 0 };
		json_t *similar = NULL;

		/* Only advice: publishing does not fail for want of it. */
		if (item->is_new && !item->already &&
			cf_near_draft(&similar, job->trust, item->draft) !=
			NULL)
			similar = NULL;
		if (item->already) {
			err = cf_base_read(&base, job->trust, item->id.text);
			if (!err)
				(void)snprintf(item->version.text,
					sizeof item->version.text, "%s",
					base.own[0] ? base.own : json_string_value(
					json_array_get(json_object_get(base.row,
					"heads"), 0)));
			cf_record_path(item->path,
				cf_json_str(item->draft, "kind"), &item->id);
			cf_base_clear(&base);
		}
		json_array_append_new(records, json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:b, s:o*, s:O*, s:O*, s:O*}",
			"id",
			item->id.text, "kind", cf_json_str(item->draft,
			"kind"), "title", title_of(item),
			"version", item->version.text, "path", item->path,
			"already", item->already, "file", item->made ? NULL :
			cf_path_json(item->file), "merged",
			json_array_size(item->moving.meanwhile) ?
			item->moving.meanwhile : NULL, "similar",
			json_array_size(similar) ? similar : NULL, "uncounted",
			!item->already && json_array_size(item->uncounted) ?
			item->uncounted : NULL));
		json_decref(similar);
	}
	return err;
}

/* All drafts that contradict what stands, not only the first. */
static const struct cf_err *
prepare_items(json_t *result, struct cf_job *job)
{
	const struct cf_err *err = NULL, *first = NULL;
	json_t *list = json_array();
	struct cf_err kept;

	for (size_t i = 0; i < job->n && !err; i++) {
		err = cf_item_prepare(job, &job->item[i]);
		if (err && strcmp(err->rule, "draft.conflict") == 0) {
			json_array_append_new(list,
				cf_item_conflict(&job->item[i]));
			if (!first) {
				kept = *err;
				first = &kept;
			}
			err = NULL;
		}
	}
	if (!err && first)
		json_object_set(result, "conflicts", list);
	json_decref(list);
	return err || !first ? err : cf_err_rule(kept.code, kept.rule, "%s",
		kept.msg);
}

static const struct cf_err *
commit_items(json_t *result, struct cf_job *job, const struct cf_seckey *key)
{
	struct cf_batch batch = { 0 };
	const struct cf_err *err = prepare_items(result, job);
	char hex[CF_OID_TEXT];
	struct cf_oid commit;

	for (size_t i = 0; i < job->n && !err; i++)
		err = remember_id(&job->item[i]);
	for (size_t i = 0; i < job->n && !err; i++) {
		struct cf_item *item = &job->item[i];
		json_t *doc = item->doc;

		item->doc = NULL;
		if (doc)
			err = cf_batch_record_take(&batch, job->trust, key,
				doc, &item->version, item->path);
		if (err)
			err = cf_err_wrap(err, "%s", item->file);
	}
	if (!err && (batch.n || job->n == 0)) {
		err = cf_commit_batch(&commit, job->trust, &batch,
			job->n ? "Publish" : "Renew", key);
		if (!err) {
			cf_oid_hex(hex, &commit);
			json_object_set_new(result, "commit",
				json_string(hex));
		}
	}
	for (size_t i = 0; i < job->n && !err; i++)
		err = remember_parents(job, &job->item[i]);
	if (!err)
		err = add_results(result, job);
	cf_batch_clear(&batch);
	return err;
}

/* What was published now need not be looked at again by status. */
static void
see_drafts(const struct cf_job *job)
{
	const char **files = cf_calloc(job->n, sizeof *files);
	size_t n = 0;

	for (size_t i = 0; i < job->n; i++)
		if (!job->item[i].made)
			files[n++] = job->item[i].file;
	if (n)
		cf_drafts_see(job->trust, files, n);
	free(files);
}

/* Makes the commit, under the lock. */
static const struct cf_err *
write_job(json_t *result, struct cf_job *job, const struct cf_seckey *key)
{
	const struct cf_err *err = cf_store_lock(job->trust->store, "publish");

	if (err)
		return err;
	err = cf_catch_up(job->trust);
	if (!err)
		err = commit_items(result, job, key);
	if (!err)
		see_drafts(job);
	cf_store_unlock(job->trust->store);
	return err;
}

struct place {
	dev_t device;
	ino_t inode;
	size_t item;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

/* The same draft twice would be two records of one text. */
static const struct cf_err *
refuse_twins(const struct cf_publish *what)
{
	struct place *place = cf_calloc(what->n + 1, sizeof *place);
	const struct cf_err *err = NULL;
	size_t n = 0;

	for (size_t i = 0; i < what->n; i++) {
		struct stat st;

		if (stat(what->files[i], &st) == 0)
			place[n++] = (struct place){ st.st_dev, st.st_ino, i };
	}
	qsort(place, n, sizeof *place, by_place);
	for (size_t i = 1; i < n && !err; i++)
		if (by_place(&place[i - 1], &place[i]) == 0)
			err = cf_err(CF_USAGE, "%s and %s are one file; name "
				"it once", what->files[place[i - 1].item],
				what->files[place[i].item]);
	free(place);
	return err;
}

static int
by_id(const void *a, const void *b)
{
	const struct cf_item *const *x = a, *const *y = b;

	return strcmp(cf_json_str((*x)->draft, "id"),
		cf_json_str((*y)->draft, "id"));
}

/* One record cannot become two things in one commit. */
static const struct cf_err *
refuse_same_record(const struct cf_job *job)
{
	const struct cf_item **item = cf_calloc(job->n + 1, sizeof *item);
	const struct cf_err *err = NULL;
	size_t n = 0;

	for (size_t i = 0; i < job->n; i++)
		if (cf_json_str(job->item[i].draft, "id"))
			item[n++] = &job->item[i];
	qsort(item, n, sizeof *item, by_id);
	for (size_t i = 1; i < n && !err; i++)
		if (by_id(&item[i - 1], &item[i]) == 0)
			err = cf_err(CF_USAGE, "%s and %s are drafts of one "
				"record (%s). Publish the one that is right; "
				"for a record of its own, take the id out of "
				"the other", item[i - 1]->file, item[i]->file,
				cf_json_str(item[i]->draft, "id"));
	free(item);
	return err;
}

/* The roll and the exact numbers take the key to read, so that they are asked
 * last. What is made of decisions is judged when it is made. */
static const struct cf_err *
check_sealed(struct cf_job *job)
{
	const struct cf_err *err = cf_roll_open(job->trust);

	if (!err)
		err = cf_exact_open(job->trust);
	if (err && strcmp(err->rule, "ledger.damaged") == 0)
		err = NULL;	/* the check says so; nothing depends on them */
	if (!job->trust->roll && !job->trust->ledger)
		return err;
	for (size_t i = 0; i < job->n && !err; i++) {
		struct cf_item *item = &job->item[i];

		if (item->made)
			continue;
		err = cf_draft_judge(job, item, item->draft);
		if (!err)
			cf_past_add(&job->past, item->file, item->draft);
	}
	cf_past_drop_drafts(&job->past);
	return err;
}

const struct cf_err *
cf_job_write(json_t *result, struct cf_job *job)
{
	struct cf_seckey *key = NULL;
	const struct cf_err *err = cf_open_key(&key, job->trust);

	if (!err)
		err = check_sealed(job);
	if (!err)
		err = write_job(result, job, key);
	cf_seckey_free(key);
	return err;
}

/* What they build on may be another version now. */
static const struct cf_err *
read_items_again(struct cf_job *job)
{
	const struct cf_err *err = NULL;

	cf_past_clear(&job->past);
	for (size_t i = 0; i < job->n && !err; i++) {
		struct cf_item *item = &job->item[i];

		if (item->made)
			continue;
		cf_item_clear(item);
		*item = (struct cf_item){ .file = item->file,
			.choice = item->choice, .n_choices = item->n_choices,
			.heads = item->heads };
		err = cf_item_read(job, item, item->file);
		if (!err)
			cf_past_add(&job->past, item->file, item->draft);
	}
	cf_past_drop_drafts(&job->past);
	return err;
}

const struct cf_err *
cf_job_run(json_t *result, struct cf_job *job, bool push)
{
	struct cf_trust *trust = job->trust;
	struct cf_err kept, *pull = NULL;
	unsigned long long unpushed = 0;
	const struct cf_err *err = NULL;
	bool again;

	if (push)
		err = cf_pull_own(trust);
	if (err && cf_only_unreachable(err)) {
		kept = *err;
		pull = &kept;
		err = NULL;
	}
	if (!err)
		err = cf_witness_behind(trust);
	if (!err && job->n == 0)
		err = cf_unpushed(&unpushed, trust);
	else if (!err)
		err = cf_host_ready(trust);
	again = unpushed || trust->host.lost || trust->host.joined ||
		trust->host.old_era;
	if (!err && trust->host.joined)
		err = read_items_again(job);
	for (size_t i = 0; i < job->n && !err; i++)
		err = cf_item_complete(job, &job->item[i]);
	/* Without drafts: send what was not sent; else renew the heartbeat. */
	if (!err && (job->n || !again || !push)) {
		err = cf_job_write(result, job);
		if (!err && job->n == 0)
			json_object_set_new(result, "heartbeat", json_true());
	}
	if (!err && json_object_get(result, "commit") == NULL) {
		char hex[CF_OID_TEXT];

		cf_oid_hex(hex, &trust->own.head);
		json_object_set_new(result, "commit", json_string(hex));
	}
	if (!err && push)
		err = cf_push_result(result, trust, pull);
	cf_take_again(result, trust);
	return err;
}

const struct cf_err *
cf_publish(json_t **out, struct cf_trust *trust, const struct cf_publish *what)
{
	struct cf_job job = { .trust = trust, .incomplete = what->incomplete,
		.item = cf_calloc(what->n, sizeof(struct cf_item)) };
	const struct cf_err *err = refuse_twins(what);
	json_t *result = json_pack("{s:[], s:b, s:b}", "records", "pushed", 0,
		"heartbeat", 0);
	struct cf_behind behind = { 0 };

	*out = NULL;
	trust->accept = what->accept_restart;
	trust->restore = what->restore;
	cf_time_format(job.now, cf_now());
	if (!err)
		err = cf_list_open(&job.list, &behind, what->evidence);
	job.behind = what->evidence ? &behind : NULL;
	for (size_t i = 0; i < what->n && !err; i++) {
		job.n++;
		err = cf_item_read(&job, &job.item[i], what->files[i]);
		if (!err)
			cf_past_add(&job.past, what->files[i],
				job.item[i].draft);
	}
	cf_past_drop_drafts(&job.past);
	if (!err)
		err = refuse_same_record(&job);
	if (!err)
		err = cf_job_run(result, &job, !what->no_push);
	trust->accept = trust->restore = false;
	cf_forget_key(trust);
	if (!err || json_object_get(result, "commit") ||
		json_object_get(result, "conflicts"))
		*out = json_incref(result);
	if (!err)
		cf_compact_if_due(trust);
	json_decref(result);
	for (size_t i = 0; i < job.n; i++)
		cf_item_clear(&job.item[i]);
	free(job.item);
	cf_past_clear(&job.past);
	cf_behind_clear(&behind);
	cf_secret_clear(&job.list);
	return err;
}
