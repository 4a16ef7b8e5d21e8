/*
 * Witnesses in our own main: what we saw of partners, with the next commit that
 * is made for another reason.
 */
#include <stdlib.h>
#include <string.h>

#include "app/witness.h"
#include "base/mem.h"
#include "record/witness.h"

static struct cf_str
bytes_of(const struct cf_buf *b)
{
	return (struct cf_str){ b->data, b->len };
}

const struct cf_err *
cf_witness_in(struct cf_buf *commit, bool *found, struct cf_trust *trust,
	const struct cf_oid *tree, const char *whom)
{
	struct cf_buf text = CF_BUF(CF_MAX_WITNESS);
	char path[CF_WITNESS_PATH_TEXT];
	struct cf_entry entry;
	const struct cf_err *err;

	cf_witness_path(path, whom);
	err = cf_tree_find(&entry, found, cf_store_odb(trust->store), tree,
		path);
	if (!err && *found)
		err = cf_odb_read(&text, cf_store_odb(trust->store),
			&entry.oid, CF_BLOB);
	if (!err && *found)
		*found = cf_witness_read(commit, whom, (struct cf_str){
			text.data, text.len }) == NULL;
	cf_buf_clear(&text);
	return err;
}

/* Whether the one that is there is newer: another computer of ours saw it. */
static const struct cf_err *
is_newer(bool *out, struct cf_trust *trust, const char *whom,
	const struct cf_oid *pin)
{
	struct cf_buf there = CF_BUF(CF_MAX_COMMIT);
	struct cf_gate gate = { 0 };
	struct cf_seen seen;
	const struct cf_err *err;

	err = cf_witness_in(&there, out, trust, &trust->own.tree, whom);
	if (!err && *out)
		err = cf_gate_load(&gate, cf_store_odb(trust->store), pin);
	*out = !err && *out && cf_seen_read(&seen, &gate.chain,
		bytes_of(&there)) == NULL && seen.sequence > gate.sequence &&
		seen.era == cf_chain_era(&gate.chain);
	cf_gate_clear(&gate);
	cf_buf_clear(&there);
	return err;
}

static void
add_edit(struct cf_batch *batch, char *path, const struct cf_oid *blob)
{
	struct cf_edit edit = { .path = path, .remove = blob == NULL };

	if (blob)
		edit.oid = *blob;
	batch->edit = cf_grow(batch->edit, batch->n, &batch->cap,
		sizeof *batch->edit);
	batch->edit[batch->n++] = edit;
}

/* Writes the witness file of this pin, where it says something new. */
static const struct cf_err *
add_pin(struct cf_batch *batch, struct cf_trust *trust, const char *whom,
	const struct cf_oid *pin)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), text = CF_BUF(CF_MAX_WITNESS);
	struct cf_odb *odb = cf_store_odb(trust->store);
	char path[CF_WITNESS_PATH_TEXT];
	struct cf_entry there;
	struct cf_oid blob;
	const struct cf_err *err;
	bool found, stays = false;

	cf_witness_path(path, whom);
	err = cf_odb_read(&raw, odb, pin, CF_COMMIT);
	if (!err)
		err = cf_witness_make(&text, whom, bytes_of(&raw));
	if (!err)
		err = cf_tree_find(&there, &found, odb, &trust->own.tree,
			path);
	if (!err && found) {
		cf_oid_of(&blob, CF_BLOB, text.data, text.len);
		stays = cf_oid_eq(&blob, &there.oid);
		if (!stays)
			err = is_newer(&stays, trust, whom, pin);
	}
	if (!err && !stays)
		err = cf_odb_write(&blob, trust->store, CF_BLOB, text.data,
			text.len);
	if (!err && !stays)
		add_edit(batch, cf_strdup(path), &blob);
	cf_buf_clear(&raw);
	cf_buf_clear(&text);
	return err;
}

static const struct cf_err *
add_one(struct cf_batch *batch, struct cf_trust *trust, const char *whom)
{
	char *name = cf_pin_name(whom);
	const struct cf_err *err;
	struct cf_oid pin;
	bool found;

	err = cf_ref_read(&pin, &found, trust->store, name);
	free(name);
	return err || !found ? err : add_pin(batch, trust, whom, &pin);
}

/* What is there of trusts that we follow no longer goes. */
static const struct cf_err *
drop_others(struct cf_batch *batch, struct cf_trust *trust,
	const struct cf_partners *partners, bool all)
{
	struct cf_odb *odb = cf_store_odb(trust->store);
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_entry entry, last = { 0 };
	const struct cf_err *err;
	struct cf_str rest;
	bool found;

	err = cf_tree_find(&entry, &found, odb, &trust->own.tree, "partners");
	if (!err && found)
		err = cf_odb_read(&raw, odb, &entry.oid, CF_TREE);
	rest = bytes_of(&raw);
	while (!err && rest.n) {
		char *id;

		err = cf_tree_next(&entry, &rest, last.name.p ? &last : NULL);
		if (err)
			break;
		last = entry;
		id = cf_strndup(entry.name.p, entry.name.n < 5 ? 0 :
			entry.name.n - 5);
		if (all || cf_partners_find(partners, id) == NULL)
			add_edit(batch, cf_asprintf("partners/%.*s",
				(int)entry.name.n, entry.name.p), NULL);
		free(id);
	}
	cf_buf_clear(&raw);
	return err;
}

const struct cf_err *
cf_witness_add(struct cf_oid *tree, struct cf_trust *trust)
{
	struct cf_partners partners = { 0 };
	struct cf_batch batch = { 0 };
	const struct cf_err *err;
	struct cf_oid base = *tree;
	bool say;

	err = cf_setting_on(&say, trust->store, "confer.publishPartners", true);
	if (!err)
		err = cf_partners_read(&partners, trust);
	for (size_t i = 0; !err && say && i < partners.n; i++)
		err = add_one(&batch, trust, partners.partner[i].trust);
	if (!err)
		err = drop_others(&batch, trust, &partners, !say);
	if (!err && batch.n)
		err = cf_tree_edit(tree, trust->store, &base, batch.edit,
			batch.n);
	cf_batch_clear(&batch);
	cf_partners_clear(&partners);
	return err;
}
