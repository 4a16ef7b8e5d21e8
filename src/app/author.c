/*
 * What we write: records signed by this machine's key, and the commits that
 * bring them into main.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/witness.h"
#include "base/clock.h"
#include "base/mem.h"
#include "record/shape.h"

#define ATTEMPTS 3

static const struct cf_err *
ask_passphrase(struct cf_secret *out, struct cf_trust *trust,
	const char *prompt)
{
	char text[CF_MAX_PASSPHRASE];
	const struct cf_ui *ui = trust->ui;

	if (ui->passphrase == NULL || !ui->passphrase(ui->payload, prompt,
		false, text, sizeof text))
		return cf_err(CF_USAGE, "the passphrase of this machine's key "
			"is needed: answer on a terminal, or name a file with "
			"--passphrase-file");
	cf_secret_set(out, text, strlen(text));
	explicit_bzero(text, sizeof text);
	return NULL;
}

/* Who types may mistype; a file says the same each time. */
static const struct cf_err *
open_sealed(struct cf_seckey **out, struct cf_trust *trust,
	const struct cf_pubkey *key)
{
	const char *prompt = "Passphrase of this machine's key";
	struct cf_secret passphrase = { 0 };
	const struct cf_err *err;
	bool wrong = true;

	for (unsigned i = 0; i < ATTEMPTS && wrong; i++) {
		err = ask_passphrase(&passphrase, trust, prompt);
		if (!err)
			err = cf_keystore_open(out, trust->id, key,
				&passphrase);
		cf_secret_clear(&passphrase);
		wrong = err && trust->ui->typed &&
			strcmp(err->rule, "key.passphrase") == 0;
		prompt = "That is not it. Passphrase of this machine's key";
	}
	return err;
}

/* Why this machine's key may not publish. */
static const struct cf_err *
no_key(struct cf_trust *trust, const char *did)
{
	const struct cf_chain *chain = &trust->own.chain;
	const char *name = cf_chain_now(chain)->name;
	char number[CF_KEY_NUMBER_TEXT];

	if (did && cf_chain_revoked(chain, did))
		return cf_err_rule(CF_INVALID, "key.revoked", "the key of this "
			"machine was shut out: it may no longer publish for "
			"%s. With a recovery sheet, 'confer key rotate' makes "
			"a new one here", name);
	if (did) {
		cf_key_number(number, did);
		return cf_err_rule(CF_INVALID, "key.outside", "the key of this "
			"machine has not been let in yet. With a recovery "
			"sheet, on a machine that publishes for %s (or here, if "
			"there is none any more), type: confer key add %s "
			"--number %s", name, did, number);
	}
	return cf_err(CF_INVALID, "this machine has no key that may publish "
		"for %s; 'confer key list' shows the keys", name);
}

const struct cf_err *
cf_open_key_of(struct cf_seckey **out, struct cf_trust *trust,
	const json_t *publish)
{
	char *did = NULL;
	struct cf_pubkey key;
	const struct cf_err *err;
	bool here = false, sealed = false;

	*out = NULL;
	err = cf_own_key(&did, trust, publish);
	if (!err && (did == NULL || !cf_pubkey_parse(&key, cf_str(did)) ||
		!cf_json_has(publish, did)))
		err = no_key(trust, did);
	if (!err && trust->key && strcmp(cf_seckey_public(trust->key)->did,
		did) == 0) {
		*out = cf_seckey_copy(trust->key);
		goto done;
	}
	if (!err)
		err = cf_keystore_find(&here, &sealed, trust->id, &key);
	if (!err && !here)
		err = cf_err(CF_NOT_FOUND, "the key of this machine is not in "
			"its place. If it was moved, set CONFER_HOME to its "
			"folder; if it is lost, 'confer key rotate' makes a new "
			"one with a recovery sheet");
	if (!err)
		err = sealed ? open_sealed(out, trust, &key) :
			cf_keystore_open(out, trust->id, &key, NULL);
	if (!err) {
		cf_seckey_free(trust->key);
		trust->key = cf_seckey_copy(*out);
	}
done:
	free(did);
	return err;
}

void
cf_forget_key(struct cf_trust *trust)
{
	cf_seckey_free(trust->key);
	trust->key = NULL;
}

const struct cf_err *
cf_open_key(struct cf_seckey **out, struct cf_trust *trust)
{
	return cf_open_key_of(out, trust, cf_publish_keys(trust));
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a),
		json_string_value(*(json_t *const *)b));
}

void
cf_sort_strings(json_t *list)
{
	size_t n = json_array_size(list);
	json_t **items = cf_calloc(n, sizeof *items);

	for (size_t i = 0; i < n; i++)
		items[i] = json_incref(json_array_get(list, i));
	if (n)
		qsort(items, n, sizeof(json_t *), by_text);
	json_array_clear(list);
	for (size_t i = 0; i < n; i++)
		if (i && by_text(&items[i - 1], &items[i]) == 0)
			continue;
		else
			json_array_append(list, items[i]);
	for (size_t i = 0; i < n; i++)
		json_decref(items[i]);
	free(items);
}

/* Adds our proof to those that are there. */
static const struct cf_err *
sign(json_t *doc, const struct cf_seckey *key)
{
	char created[CF_TIME_TEXT];
	json_t *proofs = json_object_get(doc, "proof"), *proof = NULL;
	const struct cf_err *err;

	cf_time_format(created, cf_now());
	err = cf_proof_make(&proof, doc, key, created);
	if (err)
		return err;
	if (proofs == NULL) {
		proofs = json_array();
		json_object_set_new(doc, "proof", proofs);
	}
	json_array_append_new(proofs, proof);
	cf_proofs_sort(proofs);
	return NULL;
}

static const struct cf_err *
write_record(struct cf_oid *blob, struct cf_trust *trust,
	const struct cf_record *record)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;

	err = cf_json_file_form(&text, record->doc);
	if (!err)
		err = cf_odb_write(blob, trust->store, CF_BLOB, text.data,
			text.len);
	cf_buf_clear(&text);
	return err;
}

const struct cf_err *
cf_batch_record_take(struct cf_batch *batch, struct cf_trust *trust,
	const struct cf_seckey *key, json_t *doc, struct cf_digest *version,
	char *path)
{
	const char *kind = cf_json_str(doc, "kind");
	char place[CF_PATH_TEXT];
	struct cf_record record;
	struct cf_fault fault;
	struct cf_oid blob;
	const struct cf_err *err;

	cf_shape_sort(cf_schema_doc(kind), json_object_get(doc, "body"));
	cf_sort_strings(json_object_get(doc, "stewards"));
	cf_sort_strings(json_object_get(doc, "parents"));
	err = sign(doc, key);
	if (err) {
		json_decref(doc);
		return err;
	}
	err = cf_record_take(&record, doc);
	if (!err && cf_check_record(&fault, &record))
		err = cf_err_rule(CF_INVALID, fault.rule, "%s", fault.why);
	if (!err)
		err = write_record(&blob, trust, &record);
	if (err)
		goto done;
	cf_record_path(place, record.kind, &record.id);
	cf_batch_add(batch, place, &blob, record.kind);
	if (version)
		*version = record.version;
	if (path)
		memcpy(path, place, sizeof place);
done:
	cf_record_clear(&record);
	return err;
}

void
cf_batch_add(struct cf_batch *batch, const char *path,
	const struct cf_oid *blob, const char *kind)
{
	batch->edit = cf_grow(batch->edit, batch->n, &batch->cap,
		sizeof *batch->edit);
	batch->edit[batch->n++] = (struct cf_edit){
		.path = cf_strdup(path), .oid = *blob };
	for (const char *const *name = cf_kind_names(); kind && *name; name++)
		if (strcmp(*name, kind) == 0)
			cf_tally_add(&batch->tally, *name);
}

void
cf_batch_clear(struct cf_batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		free(batch->edit[i].path);
	free(batch->edit);
	*batch = (struct cf_batch){ 0 };
}

const struct cf_err *
cf_write_commit(struct cf_oid *out, struct cf_trust *trust,
	const struct cf_writing *w, const struct cf_seckey *key)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), message = CF_BUF(1024);
	char *email = cf_trust_email(trust->id);
	struct cf_place place = { cf_str(trust->id), w->identity->version,
		w->on->sequence + 1 };
	int64_t now = cf_now();
	struct cf_commit commit = { .tree = w->tree, .parent = w->on->head,
		.has_parent = true, .name = cf_str(w->identity->name),
		.email = cf_str(email),
		/* Not before the commit that it follows. */
		.time = now > w->on->time ? now : w->on->time };
	const struct cf_err *err;

	cf_message_make(&message, w->line, &place);
	commit.message = (struct cf_str){ message.data, message.len };
	cf_commit_make(&raw, &commit, key);
	err = cf_buf_check(&raw, "the commit");
	if (!err)
		err = cf_odb_write(out, trust->store, CF_COMMIT, raw.data,
			raw.len);
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
	free(email);
	return err;
}

/* Nothing that partners would hold back is published: main moves only after the
 * gate has judged the commit. */
static const struct cf_err *
rehearse(struct cf_trust *trust, const struct cf_oid *commit)
{
	struct cf_take take = { .id = trust->id,
		.all = cf_store_odb(trust->store), .head = *commit };
	const struct cf_err *err = cf_index_begin(trust->index);
	const json_t *held;

	if (err)
		return err;
	err = cf_take_main(&take, trust);
	cf_index_rollback(trust->index);
	held = json_array_get(take.run.held, 0);
	if (!err && held)
		err = cf_err_rule(CF_INVALID, cf_json_str(held, "rule"),
			"'%s' cannot be published as it is, because partners "
			"would hold it back: %s. Nothing was published. "
			"'confer new --from %s' begins a version that can",
			cf_json_str(held, "title"), cf_json_str(held, "why"),
			cf_json_str(held, "id"));
	cf_take_clear(&take);
	return err;
}

const struct cf_err *
cf_go_on(struct cf_trust *trust, const struct cf_oid *commit)
{
	const struct cf_err *err = rehearse(trust, commit);

	if (!err)
		err = cf_ref_set(trust->store, CF_MAIN, commit,
			&trust->own.head);
	return err ? err : cf_catch_up(trust);
}

const struct cf_err *
cf_commit_batch(struct cf_oid *out, struct cf_trust *trust,
	const struct cf_batch *batch, const char *verb,
	const struct cf_seckey *key)
{
	char line[CF_MAX_MESSAGE_LINE + 1];
	struct cf_writing w = { .on = &trust->own, .tree = trust->own.tree,
		.line = line, .identity = cf_chain_now(&trust->own.chain) };
	const struct cf_err *err = NULL;

	cf_tally_line(line, sizeof line, verb, &batch->tally);
	if (batch->n)
		err = cf_tree_edit(&w.tree, trust->store, &trust->own.tree,
			batch->edit, batch->n);
	if (!err)
		err = cf_witness_add(&w.tree, trust);
	if (!err)
		err = cf_write_commit(out, trust, &w, key);
	return err ? err : cf_go_on(trust, out);
}
