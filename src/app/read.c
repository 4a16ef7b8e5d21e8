/*
 * Reading the commons: lists, one record, its history.
 */
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "base/mem.h"

const struct cf_err *
cf_list(json_t **out, struct cf_trust *trust, const struct cf_filter *filter)
{
	struct cf_index_filter by = { .kind = filter->kind,
		.status = filter->status, .limit = filter->limit };
	const struct cf_err *err;
	char *owner = NULL;
	json_t *row, *incomplete = NULL;
	size_t i;

	*out = NULL;
	if (filter->kind && !cf_kind_known(filter->kind))
		return cf_err(CF_USAGE, "there is no kind '%s'; 'confer new' "
			"lists the kinds", filter->kind);
	err = cf_trust_named(&owner, trust, filter->owner);
	by.owner = owner;
	if (!err)
		err = cf_index_list(out, trust->index, &by);
	if (!err)
		err = cf_incomplete(&incomplete, trust);
	json_array_foreach(*out, i, row) {
		char *title = cf_trust_title(trust, cf_json_str(row, "owner"));

		json_object_set_new(row, "ownerName", json_string(title));
		json_object_set_new(row, "signers", cf_people(trust,
			json_object_get(row, "signers")));
		json_object_set_new(row, "incomplete", json_boolean(
			json_object_get(incomplete, cf_json_str(row, "id"))));
		free(title);
	}
	json_decref(incomplete);
	free(owner);
	return err;
}

/* {version, trust, name, modified, body?} of each head, from every main it lies
 * in; the body where the heads contradict one another. */
static const struct cf_err *
heads_of(json_t **out, struct cf_trust *trust, const json_t *row,
	const struct cf_versions *all)
{
	bool conflict = json_is_true(json_object_get(row, "conflict"));
	json_t *heads = json_object_get(row, "heads");
	const struct cf_err *err = NULL;

	*out = json_array();
	for (size_t i = 0; i < all->n && !err; i++) {
		const json_t *v = json_array_get(all->rows, i);
		const char *who = cf_json_str(v, "trust");
		json_t *doc = NULL;
		char *name;

		if (!cf_json_has(heads, cf_json_str(v, "id")))
			continue;
		if (conflict)
			err = cf_blob_json(&doc, trust, &all->version[i].blob);
		name = cf_trust_title(trust, who);
		json_array_append_new(*out, json_pack(
			"{s:O, s:s, s:s, s:O, s:O*}", "version",
			json_object_get(v, "id"), "trust", who, "name", name,
			"modified", json_object_get(v, "modified"), "body",
			json_object_get(doc, "body")));
		json_decref(doc);
		free(name);
	}
	return err;
}

/* {trust, key, name} of each proof in the file. */
static json_t *
proofs_of(struct cf_trust *trust, const json_t *doc, const json_t *row)
{
	json_t *ids = json_object_get(row, "signers"), *out = json_array();
	json_t *proofs = json_object_get(doc, "proof");

	for (size_t i = 0; i < json_array_size(proofs); i++) {
		struct cf_pubkey key;
		const char *who;
		char *name;

		if (!cf_proof_key(&key, json_array_get(proofs, i)))
			continue;
		who = cf_key_holder(trust, ids, key.did);
		name = cf_trust_title(trust, who ? who : "");
		json_array_append_new(out, json_pack("{s:s*, s:s, s:s}",
			"trust", who, "key", key.did, "name", name));
		free(name);
	}
	return out;
}

/* What there is of a record whose owner is not followed. */
static const struct cf_err *
waits(const struct cf_uuid *id, const json_t *row)
{
	if (strcmp(cf_json_str(row, "standing"), "no-owner") == 0)
		return cf_err(CF_NOT_FOUND, "the record %s waits for its "
			"owner: add that partner to see it", id->text);
	return cf_err(CF_NOT_FOUND, "every version of the record %s is held; "
		"'confer status' says why", id->text);
}

/* What the versions of the record say beyond what stands. */
static const struct cf_err *
add_more(json_t *out, struct cf_trust *trust, const char *id, unsigned more)
{
	struct cf_joined joined;
	const struct cf_err *err = cf_joined_read(&joined, trust, id);
	json_t *about = NULL, *history = NULL, *blame = NULL;

	if (err)
		return err;
	err = cf_conflicts_of(&about, &joined, id);
	if (!err && more & CF_HISTORY)
		err = cf_history_of(&history, &joined);
	if (!err && more & CF_BLAME)
		err = cf_blame_of(&blame, &joined);
	if (!err) {
		json_object_set(out, "fields", json_object_get(about,
			"fields"));
		json_object_set(out, "incomplete", json_object_get(about,
			"incomplete"));
		json_object_set(out, "ours", json_object_get(about, "ours"));
		json_object_set_new(out, "unseen",
			cf_unseen_by_owner(&joined));
	}
	if (!err && history)
		json_object_set(out, "history", history);
	if (!err && blame)
		json_object_set(out, "blame", blame);
	json_decref(about);
	json_decref(history);
	json_decref(blame);
	cf_joined_clear(&joined);
	return err;
}

const struct cf_err *
cf_show(json_t **out, struct cf_trust *trust, const char *id, unsigned more)
{
	struct cf_versions all = { 0 };
	json_t *row = NULL, *doc = NULL, *heads = NULL;
	char path[CF_PATH_TEXT];
	struct cf_uuid uuid;
	const struct cf_err *err;

	*out = NULL;
	err = cf_resolve_id(&uuid, trust, id);
	if (!err)
		err = cf_index_record(&row, trust->index, uuid.text);
	if (!err) {
		cf_commons_path(path, cf_json_str(row, "kind"), &uuid);
		err = cf_commons_read(&doc, trust, path);
	}
	if (!err && doc == NULL)
		err = waits(&uuid, row);
	if (!err)
		err = cf_index_versions(&all, trust->index, uuid.text);
	if (!err)
		err = heads_of(&heads, trust, row, &all);
	if (!err) {
		char *owner = cf_trust_title(trust, cf_json_str(row, "owner"));

		*out = json_pack("{s:O, s:O, s:o, s:O, s:s, s:s, s:O}", "record",
			doc, "heads", heads, "signers",
			proofs_of(trust, doc, row), "conflict",
			json_object_get(row, "conflict"), "path", path,
			"ownerName", owner, "modified",
			json_object_get(row, "modified"));
		free(owner);
		json_object_set_new(*out, "stewards", cf_people(trust,
			json_object_get(doc, "stewards")));
		err = add_more(*out, trust, uuid.text, more);
	}
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	cf_versions_clear(&all);
	json_decref(row);
	json_decref(heads);
	json_decref(doc);
	return err;
}

const struct cf_err *
cf_index_rebuild(json_t **out, struct cf_trust *trust)
{
	struct cf_index_counts count;
	struct cf_names trusts = { 0 };
	json_t *held = NULL;
	const struct cf_err *err;

	*out = NULL;
	err = cf_store_lock(trust->store, "index --rebuild");
	if (err)
		return err;
	err = cf_index_begin(trust->index);
	if (!err)
		err = cf_index_trusts(&trusts, trust->index);
	for (size_t i = 0; !err && i < trusts.n; i++)
		err = cf_index_forget(trust->index, trusts.name[i]);
	if (!err)
		err = cf_index_set(trust->index, "built-from", "");
	if (!err)
		err = cf_index_set(trust->index, "commons", "");
	if (!err)
		err = cf_index_entries_clear(trust->index);
	if (!err)
		err = cf_index_commit(trust->index);
	else
		cf_index_rollback(trust->index);
	if (!err)
		err = cf_catch_up(trust);
	cf_store_unlock(trust->store);
	cf_names_clear(&trusts);
	if (!err)
		err = cf_index_count(&count, trust->index);
	if (!err)
		err = cf_index_held(&held, trust->index, NULL);
	if (!err)
		*out = json_pack("{s:I, s:I, s:I, s:I}", "versions",
			(json_int_t)count.versions, "records",
			(json_int_t)count.records, "conflicts",
			(json_int_t)count.conflicts, "held",
			(json_int_t)json_array_size(held));
	json_decref(held);
	return err;
}
