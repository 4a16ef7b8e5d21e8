/*
 * Erasing records: a tombstone, history begun again without the text, and the
 * text gone from this disk. Each step is whole by itself; cut short after any,
 * the next run goes on from there.
 */
#include <stdlib.h>
#include <string.h>

#include "app/erase.h"
#include "app/exact.h"
#include "base/clock.h"
#include "base/mem.h"

/* --- tombstones ---------------------------------------------------------------- */

/* Of every steward the newest version, where the record stands. */
static const struct cf_err *
parents_of(json_t **out, struct cf_trust *trust, const struct cf_target *t)
{
	struct cf_base base = { 0 };
	const struct cf_err *err = cf_base_read(&base, trust, t->id.text);

	*out = NULL;
	if (!err && base.parents)
		*out = json_incref(base.parents);
	else if (!err && t->newest[0])
		*out = json_pack("[s]", t->newest);
	else if (!err)
		*out = json_array();
	cf_base_clear(&base);
	return err;
}

/* The stewards are told, so that they stay in it. */
static json_t *
stewards_of(struct cf_trust *trust, const struct cf_target *t)
{
	json_t *stewards = json_object_get(t->doc, "stewards");

	return stewards && cf_json_has(stewards, trust->id) ?
		json_deep_copy(stewards) : json_pack("[s]", trust->id);
}

static const struct cf_err *
add_tombstone(struct cf_batch *batch, struct cf_trust *trust,
	const struct cf_target *t, const struct cf_seckey *key)
{
	const char *licence = cf_json_str(t->doc, "licence");
	char now[CF_TIME_TEXT], salt[23];
	const struct cf_err *err;
	json_t *parents;

	cf_time_format(now, cf_now());
	cf_salt(salt);
	err = parents_of(&parents, trust, t);
	return err ? err : cf_batch_record_take(batch, trust, key, json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:i, s:s, s:o}", "id",
		t->id.text, "kind", t->kind, "licence", licence ? licence :
		"CC-BY-4.0", "modified", now, "owner", trust->id, "parents",
		parents, "salt", salt, "schema", CF_SCHEMA_MAX, "status",
		"erased", "stewards", stewards_of(trust, t)), NULL, NULL);
}

/* Under the lock. */
static const struct cf_err *
commit_tombstones(struct cf_erasing *e, const struct cf_seckey *key)
{
	struct cf_batch batch = { 0 };
	const struct cf_err *err = cf_catch_up(e->trust);
	struct cf_oid commit;

	for (size_t i = 0; i < e->n && !err; i++)
		if (e->target[i].ours && !e->target[i].gone)
			err = add_tombstone(&batch, e->trust, &e->target[i],
				key);
	if (!err)
		err = cf_commit_batch(&commit, e->trust, &batch, "Erase", key);
	cf_batch_clear(&batch);
	return err;
}

/* From here on no version counts; partners hear of it even where the host will
 * not let go of the old history. */
static const struct cf_err *
publish_tombstones(json_t *result, struct cf_erasing *e)
{
	struct cf_trust *trust = e->trust;
	struct cf_seckey *key = NULL;
	const struct cf_err *err;

	err = cf_open_key(&key, trust);
	if (!err)
		err = cf_store_lock(trust->store, "erase");
	if (!err) {
		err = commit_tombstones(e, key);
		cf_store_unlock(trust->store);
	}
	cf_seckey_free(key);
	if (!err && !e->how->no_push)
		err = cf_push_own(result, trust);
	return err && cf_only_unreachable(err) ? NULL : err;
}

/* --- history ------------------------------------------------------------------- */

static const struct cf_err *
edit_restart(struct cf_next *next, const void *what)
{
	char base[CF_OID_TEXT];

	(void)what;
	cf_oid_hex(base, &next->restart->base.head);
	json_object_set_new(next->doc, "restart", json_pack("{s:s, s:s}",
		"reason", next->restart->reason, "base", base));
	return NULL;
}

/* Takes the sheet. */
static const struct cf_err *
begin_again(json_t *result, struct cf_erasing *e, struct cf_seckey *sheet)
{
	struct cf_next next = { .trust = e->trust, .how = e->how,
		.line = "Begin again", .sheet = sheet,
		.restart = &e->restart };
	const struct cf_err *err = cf_store_lock(e->trust->store, "erase");
	json_t *made = NULL;

	if (!err) {
		err = cf_erased_note(e->trust, e->ids);
		cf_store_unlock(e->trust->store);
	}
	if (err) {
		cf_seckey_free(sheet);
		return err;
	}
	err = cf_next_run(&made, &next, edit_restart, NULL);
	if (made)
		json_object_update(result, made);
	json_decref(made);
	return err;
}

static const struct cf_err *
read_sheet(struct cf_seckey **out, struct cf_erasing *e)
{
	const struct cf_identity *now = cf_chain_now(&e->trust->own.chain);
	const struct cf_err *err;

	err = cf_read_sheet(out, e->trust, e->how->sheet);
	if (!err)
		err = cf_sheet_in_force(now, *out);
	return err;
}

/* The exact numbers behind a finding go with it, from every version of ours. Where
 * they cannot be read, nothing depends on them. */
static const struct cf_err *
forget_numbers(struct cf_trust *trust, const struct cf_target *t)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err = cf_index_versions(&all, trust->index,
		t->id.text);

	for (size_t i = 0; i < all.n && !err; i++) {
		json_t *doc = NULL;

		if (strcmp(all.version[i].trust, trust->id) == 0 &&
			!all.version[i].erased && !all.version[i].held &&
			cf_blob_json(&doc, trust, &all.version[i].blob) == NULL)
			err = cf_exact_forget(trust, t->kind,
				json_object_get(doc, "body"));
		if (err && strcmp(err->rule, "ledger.damaged") == 0)
			err = NULL;
		json_decref(doc);
	}
	cf_versions_clear(&all);
	return err;
}

/* Nothing is published before the sheet is known to open what comes next. */
static const struct cf_err *
erase(json_t *result, struct cf_erasing *e)
{
	struct cf_seckey *sheet = NULL;
	const struct cf_err *err = NULL;

	if (e->first)
		err = read_sheet(&sheet, e);
	for (size_t i = 0; i < e->n && !err; i++)
		err = forget_numbers(e->trust, &e->target[i]);
	if (!err && cf_erase_lacks_tombstone(e)) {
		err = publish_tombstones(result, e);
		/* Another machine of ours may have been faster. */
		if (!err) {
			cf_erasing_clear(e);
			err = cf_erase_plan(e);
		}
	}
	if (!err && e->first)
		return begin_again(result, e, sheet);
	cf_seckey_free(sheet);
	return err;
}

/* --- the whole ------------------------------------------------------------------ */

/* What an earlier run could not send. */
static const struct cf_err *
send_rest(json_t *result, struct cf_erasing *e)
{
	unsigned long long unpushed = 0;
	const struct cf_err *err = cf_unpushed(&unpushed, e->trust);

	if (err || e->how->no_push || !(unpushed || e->trust->host.old_era))
		return err;
	return cf_push_result(result, e->trust, NULL);
}

/* What an erasure lets go of by itself: files of work trees, but no drafts. */
static bool
goes(struct cf_trust *trust, const char *place)
{
	char *drafts = cf_path_join(cf_store_work_dir(trust->store), "drafts/");
	bool draft = cf_starts(place, drafts);

	free(drafts);
	return cf_erased_index(place) || (place[0] == '/' && !draft);
}

/* Whether others still have versions with a text, that they must take out
 * themselves. */
static bool
is_with_others(const struct cf_erasing *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (json_array_size(e->target[i].others))
			return true;
	return false;
}

/* What is left to people: files, branches, drafts. */
static const struct cf_err *
set_held(json_t *result, struct cf_erasing *e, bool gone)
{
	json_t *held = NULL, *note = cf_erased_noted(e->trust);
	const struct cf_err *err;

	json_object_set_new(result, "done", json_boolean(note == NULL && gone &&
		!is_with_others(e)));
	if (cf_json_str(note, "failed"))
		json_object_set(result, "failed", json_object_get(note,
			"failed"));
	err = cf_erased_holders(&held, e->trust, e->ids);
	for (size_t i = json_array_size(held); i-- > 0 && !gone;)
		if (goes(e->trust, cf_json_str(json_array_get(held, i), "place")))
			(void)json_array_remove(held, i);
	if (!err)
		json_object_set(result, "held", held);
	json_decref(held);
	json_decref(note);
	return err;
}

/* History was not begun again; what there is to say of that. */
static const struct cf_err *
stopped(const struct cf_err *why, bool marked)
{
	return cf_err_rule(why->code, why->rule, "%s%s", why->msg, marked ?
		". The record is marked as erased, and no version of it counts "
		"any more. Its text is still there: the same command goes on" :
		"");
}

static const struct cf_err *
run(json_t **out, struct cf_erasing *e)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err, *later;
	json_t *result = cf_erase_result(e);
	bool marks, restarts = e->first != 0;
	struct cf_err kept;

	*out = result;
	if (e->what->dry_run) {
		cf_erase_text(&text, e);
		json_object_set_new(result, "plan", json_string(text.data));
		cf_buf_clear(&text);
		return set_held(result, e, false);
	}
	marks = cf_erase_lacks_tombstone(e);
	err = e->first || marks ? erase(result, e) : send_rest(result, e);
	if (err)
		kept = *err;
	cf_erased_finish(e->trust);
	cf_forget_key(e->trust);
	if (err && restarts && !json_object_get(result, "identity")) {
		json_decref(result);
		*out = NULL;
		return stopped(&kept, marks && !cf_erase_lacks_tombstone(e));
	}
	later = set_held(result, e, true);
	return err ? cf_err_rule(kept.code, kept.rule, "%s", kept.msg) : later;
}

const struct cf_err *
cf_erase(json_t **out, struct cf_trust *trust, const struct cf_erase *what,
	const struct cf_renew *how)
{
	struct cf_erasing e = { .trust = trust, .what = what, .how = how };
	const struct cf_err *err = NULL;

	*out = NULL;
	if (!how->no_push && !what->dry_run)
		err = cf_see_host(trust);
	if (!err)
		err = cf_erase_plan(&e);
	if (!err && (e.first || cf_erase_lacks_tombstone(&e)) &&
		!what->dry_run)
		err = cf_erase_ask(&e);
	if (!err)
		err = run(out, &e);
	cf_erasing_clear(&e);
	return err;
}
