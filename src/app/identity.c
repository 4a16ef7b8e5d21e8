/*
 * The next identity: the document in force, edited, proved by a recovery sheet
 * and committed with a key that the new one lists.
 */
#include <stdlib.h>
#include <string.h>

#include "app/identity.h"
#include "app/reseal.h"
#include "base/clock.h"
#include "base/mem.h"

void
cf_next_list(json_t *doc, const char *list, const char *did)
{
	json_array_append_new(json_object_get(doc, list), json_string(did));
}

void
cf_next_unlist(json_t *doc, const char *list, const char *did)
{
	json_t *keys = json_object_get(doc, list);

	for (size_t i = json_array_size(keys); i-- > 0;)
		if (strcmp(json_string_value(json_array_get(keys, i)),
			did) == 0)
			(void)json_array_remove(keys, i);
}

void
cf_next_revoke(json_t *doc, const char *did, const char *reason)
{
	json_t *revoked = json_object_get(doc, "revoked"), *entry;
	size_t i;

	cf_next_unlist(doc, "publishKeys", did);
	cf_next_unlist(doc, "rootKeys", did);
	json_array_foreach(revoked, i, entry) {
		if (strcmp(cf_json_str(entry, "key"), did) == 0) {
			json_object_set_new(entry, "reason",
				json_string(reason));
			return;
		}
	}
	json_array_append_new(revoked, json_pack("{s:s, s:s}", "key", did,
		"reason", reason));
}

/* The document before anything is changed in it. */
static void
begin(struct cf_next *next)
{
	const struct cf_identity *now = cf_chain_now(&next->trust->own.chain);

	json_decref(next->doc);
	next->doc = json_deep_copy(now->doc);
	(void)json_object_del(next->doc, "proof");
	(void)json_object_del(next->doc, "restart");
	json_object_set_new(next->doc, "version", json_integer(now->version +
		1));
	json_object_set_new(next->doc, "previous",
		json_string(now->digest.text));
}

static const struct cf_err *
full(const struct cf_next *next)
{
	if (next->trust->own.chain.n >= CF_MAX_IDENTITIES)
		return cf_err(CF_TOO_BIG, "the identity has been changed %u "
			"times, which is the most", CF_MAX_IDENTITIES);
	if (json_array_size(json_object_get(next->doc, "revoked")) >
		CF_MAX_REVOKED)
		return cf_err(CF_TOO_BIG, "%u keys have been shut out, which "
			"is the most", CF_MAX_REVOKED);
	if (json_array_size(json_object_get(next->doc, "publishKeys")) >
		CF_MAX_IDENTITY_KEYS)
		return cf_err(CF_TOO_BIG, "%u machines may publish, which is "
			"the most", CF_MAX_IDENTITY_KEYS);
	return NULL;
}

static const struct cf_err *
edited(struct cf_next *next, cf_next_edit edit, const void *what)
{
	const struct cf_err *err;

	begin(next);
	err = edit(next, what);
	return err ? err : full(next);
}

static const struct cf_err *
open_sheet(struct cf_next *next)
{
	struct cf_trust *trust = next->trust;
	const struct cf_identity *now = cf_chain_now(&trust->own.chain);
	const struct cf_err *err = NULL;

	if (next->sheet == NULL)
		err = cf_read_sheet(&next->sheet, trust, next->how->sheet);
	if (!err)
		err = cf_sheet_in_force(now, next->sheet);
	/* The new document must be proved by a sheet that it lists. */
	if (!err && next->sheets.root[0] == NULL &&
		!cf_json_has(json_object_get(next->doc, "rootKeys"),
		cf_seckey_public(next->sheet)->did))
		err = cf_err_rule(CF_INVALID, "sheet.revoked", "this is the "
			"sheet that you are shutting out. Use the other one, "
			"or make new sheets with 'confer key rotate --root'");
	return err;
}

static const struct cf_err *
add_proof(struct cf_next *next, const struct cf_seckey *key)
{
	char now[CF_TIME_TEXT];
	json_t *proof = NULL;
	const struct cf_err *err;

	cf_time_format(now, cf_now());
	err = cf_proof_make(&proof, next->doc, key, now);
	if (!err)
		json_array_append_new(json_object_get(next->doc, "proof"),
			proof);
	return err;
}

static const struct cf_err *
prove(struct cf_next *next)
{
	const struct cf_err *err;
	json_t *proofs = json_array();

	json_object_set_new(next->doc, "proof", proofs);
	err = add_proof(next, next->sheet);
	for (int i = 0; i < CF_SHEETS && next->sheets.root[i] && !err; i++)
		err = add_proof(next, next->sheets.root[i]);
	if (!err)
		cf_proofs_sort(proofs);
	return err;
}

/* As the gate will read it: *out is of the finished document. */
static const struct cf_err *
finished(struct cf_identity *out, struct cf_oid *blob, struct cf_next *next)
{
	struct cf_buf text = CF_BUF(CF_MAX_IDENTITY);
	const struct cf_err *err;

	*out = (struct cf_identity){ 0 };
	err = cf_json_file_form(&text, next->doc);
	if (!err)
		err = cf_buf_check(&text, "the identity");
	if (!err)
		err = cf_identity_read(out,
			(struct cf_str){ text.data, text.len });
	if (!err)
		err = cf_odb_write(blob, next->trust->store, CF_BLOB,
			text.data, text.len);
	cf_buf_clear(&text);
	return err;
}

/* One commit on our main. */
static const struct cf_err *
go_on(struct cf_next *next, const struct cf_founding *new)
{
	struct cf_trust *trust = next->trust;
	char path[CF_IDENTITY_PATH_TEXT];
	struct cf_writing w = { .on = &trust->own, .line = next->line,
		.identity = new->identity };
	struct cf_edit edit = { .path = path, .oid = new->blob };
	const struct cf_err *err;
	struct cf_oid oid;

	cf_identity_path(path, new->identity->version);
	err = cf_tree_edit(&w.tree, trust->store, &trust->own.tree, &edit, 1);
	if (!err)
		err = cf_write_commit(&oid, trust, &w, new->key);
	if (!err)
		err = cf_go_on(trust, &oid);
	return !err && next->sign_again ? cf_sign_again(trust, new->key) : err;
}

static const struct cf_err *
commit(struct cf_next *next, const struct cf_seckey *key)
{
	struct cf_identity identity = { 0 };
	struct cf_founding new = { .identity = &identity, .key = key };
	const struct cf_err *err = finished(&identity, &new.blob, next);

	if (!err)
		err = next->restart ? cf_restart_make(next->restart,
			next->trust, &new) : go_on(next, &new);
	cf_identity_clear(&identity);
	return err;
}

/* Sheets and keys are safe before anything rests on them, and nothing is locked
 * while a person writes a sheet down. */
static const struct cf_err *
keep_new(struct cf_next *next)
{
	struct cf_trust *trust = next->trust;
	const struct cf_err *err = NULL;
	char now[CF_TIME_TEXT];

	cf_time_format(now, cf_now());
	if (next->sheets.root[0]) {
		const struct cf_sheets_of of = { .trust = trust->id,
			.name = cf_json_str(next->doc, "name"), .created = now,
			.identity = (unsigned)trust->own.chain.n + 1 };

		err = cf_sheets_write(&next->sheets, &of, trust->ui);
	}
	if (!err && next->fresh.key)
		err = cf_new_key_save(&next->fresh, trust->id);
	return err;
}

/* The key that signs the commit must be one that the new identity lists. */
static const struct cf_err *
signer(struct cf_seckey **out, struct cf_next *next)
{
	*out = NULL;
	if (next->fresh.key == NULL)
		return cf_open_key_of(out, next->trust,
			json_object_get(next->doc, "publishKeys"));
	*out = cf_seckey_copy(next->fresh.key);
	return cf_new_key_seal(&next->fresh, next->trust->ui,
		next->how->no_passphrase);
}

static void
set_result(json_t *result, struct cf_next *next,
	const struct cf_identity *before)
{
	const struct cf_identity *now = cf_chain_now(&next->trust->own.chain);
	json_t *changes = json_array();
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &next->trust->own.head);
	cf_identity_changes(changes, before, now);
	json_object_set_new(result, "commit", json_string(hex));
	json_object_set_new(result, "identity", json_integer(now->version));
	json_object_set_new(result, "changes", changes);
	json_object_set_new(result, "sheets", cf_sheets_paths(&next->sheets));
	if (next->fresh.key)
		json_object_set_new(result, "key", json_string(
			cf_seckey_public(next->fresh.key)->did));
	if (next->restart)
		json_object_set(result, "restart", next->restart->info);
}

/* Under the lock. */
static const struct cf_err *
write_next(json_t *result, struct cf_next *next, cf_next_edit edit,
	const void *what, const struct cf_seckey *key)
{
	struct cf_trust *trust = next->trust;
	struct cf_chain before = { 0 };
	const struct cf_err *err;

	err = cf_catch_up(trust);
	if (!err)
		err = edited(next, edit, what);
	if (!err)
		err = prove(next);
	cf_chain_copy(&before, &trust->own.chain);
	if (!err)
		err = commit(next, key);
	if (!err && next->fresh.key)
		err = cf_config_set(trust->store, "confer.key",
			cf_seckey_public(next->fresh.key)->did);
	if (!err)
		set_result(result, next, cf_chain_now(&before));
	cf_chain_clear(&before);
	return err;
}

static const struct cf_err *
make(json_t *result, struct cf_next *next, cf_next_edit edit,
	const void *what)
{
	struct cf_trust *trust = next->trust;
	struct cf_seckey *key = NULL;
	const struct cf_err *err;

	err = edited(next, edit, what);
	if (!err && next->sheets.root[0])
		err = cf_sheets_check(next->sheets.dir,
			cf_store_work_dir(trust->store), trust->ui);
	if (!err)
		err = open_sheet(next);
	if (!err)
		err = signer(&key, next);
	if (!err)
		err = keep_new(next);
	if (!err)
		err = cf_store_lock(trust->store, "a change of the identity");
	if (!err) {
		err = write_next(result, next, edit, what, key);
		cf_store_unlock(trust->store);
	}
	cf_seckey_free(key);
	return err;
}

/*
 * Whether main lists the new sheets or the new key, or may: without them nobody
 * could ever speak for the trust again. Something can fail after main has moved.
 */
static bool
may_be_made(const struct cf_next *next)
{
	const struct cf_seckey *root = next->sheets.root[0];
	const struct cf_seckey *fresh = next->fresh.key;
	struct cf_gate gate = { 0 };
	struct cf_oid main;
	const json_t *doc;
	bool found, is;

	if (cf_ref_read(&main, &found, next->trust->store, CF_MAIN) ||
		cf_gate_load(&gate, cf_store_odb(next->trust->store), &main))
		return true;
	doc = cf_chain_now(&gate.chain)->doc;
	is = (root && cf_json_has(json_object_get(doc, "rootKeys"),
		cf_seckey_public(root)->did)) || (fresh &&
		cf_json_has(json_object_get(doc, "publishKeys"),
		cf_seckey_public(fresh)->did));
	cf_gate_clear(&gate);
	return is;
}

/* Not all was done, but the new identity is in force. */
static const struct cf_err *
made_all_the_same(const struct cf_err *why)
{
	return cf_err_rule(why->code, why->rule, "%s. But the identity was "
		"changed all the same: keep new recovery sheets, and send it "
		"with 'confer publish' when that is mended", why->msg);
}

const struct cf_err *
cf_next_run(json_t **out, struct cf_next *next, cf_next_edit edit,
	const void *what)
{
	struct cf_trust *trust = next->trust;
	json_t *result = json_pack("{s:b}", "pushed", 0);
	struct cf_reseal reseal = { NULL, NULL };
	struct cf_err kept, *pull = NULL;
	const struct cf_err *err = NULL;
	bool made;

	*out = NULL;
	/* Who begins history again has asked the host before. */
	if (!next->how->no_push && !next->restart)
		err = cf_pull_own(trust);
	if (err && cf_only_unreachable(err)) {
		kept = *err;
		pull = &kept;
		err = NULL;
	}
	if (!err && !next->restart)
		err = cf_host_ready(trust);
	if (!err && next->fresh.key)
		err = cf_reseal_begin(&reseal, trust, next->fresh.key);
	if (!err)
		err = make(result, next, edit, what);
	made = json_object_get(result, "commit") != NULL;
	if (made && reseal.old)
		json_object_set_new(result, "sealedAgain", cf_reseal_end(
			&reseal, trust));
	if (!err && !next->how->no_push)
		err = cf_push_result(result, trust, pull);
	cf_forget_key(trust);
	if (made)
		*out = json_incref(result);
	/* Keys of an identity that was not made open nothing. */
	if (!made && may_be_made(next)) {
		made = true;
		err = made_all_the_same(err);
	}
	cf_reseal_clear(&reseal, trust, made);
	if (!made)
		cf_sheets_take_back(&next->sheets);
	cf_new_key_clear(&next->fresh, trust->id, made);
	cf_sheets_clear(&next->sheets);
	cf_seckey_free(next->sheet);
	json_decref(next->doc);
	json_decref(result);
	return err;
}
