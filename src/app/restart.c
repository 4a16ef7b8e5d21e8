/*
 * Our own history, begun again from an earlier commit: the identity that says so,
 * then what was good, the same versions with their bytes in the same order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/identity.h"
#include "base/mem.h"

static void
begin(struct cf_replay *r, struct cf_trust *trust,
	const struct cf_restarting *restart)
{
	*r = (struct cf_replay){ .trust = trust, .have = json_object(),
		.gone = json_object(), .back = json_array(),
		.left = json_array(), .again = json_array(),
		.keep = restart->keep, .payload = restart->payload };
}

/* All that came after the base, on the new line. */
static const struct cf_err *
replay(struct cf_replay *r, struct cf_trust *trust, const struct cf_gate *base)
{
	const struct cf_ui *ui = trust->ui;
	struct cf_line old = { 0 };
	const struct cf_err *err;

	err = cf_line_read(&old, cf_store_odb(trust->store), base,
		&trust->own.head);
	for (size_t i = 0; i < old.n && !err; i++) {
		if (ui->progress && i % 64 == 0)
			ui->progress(ui->payload, "Making history again", i,
				old.n);
		err = cf_replay_step(r, &old.step[i]);
	}
	cf_line_clear(&old);
	return err;
}

static void
set_info(struct cf_restarting *restart, const struct cf_replay *r,
	json_t *drafts)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &restart->base.head);
	json_decref(restart->info);
	restart->info = json_pack("{s:s, s:s, s:I, s:O, s:O, s:O}", "reason",
		restart->reason, "base", hex, "sequence",
		(json_int_t)restart->base.sequence, "left", r->left, "again",
		r->again, "drafts", drafts);
}

const struct cf_err *
cf_restart_plan(struct cf_restarting *restart, struct cf_trust *trust)
{
	struct cf_replay r;
	const struct cf_err *err;
	json_t *drafts = json_array(), *one;
	size_t i;

	begin(&r, trust, restart);
	r.plan = json_object();
	err = cf_gate_load(&r.on, cf_store_odb(trust->store),
		&restart->base.head);
	if (!err)
		err = replay(&r, trust, &restart->base);
	json_array_foreach(r.back, i, one) {
		json_array_append_new(drafts, json_pack("{s:O, s:O, s:O}",
			"id", json_object_get(one, "id"), "title",
			json_object_get(one, "title"), "took",
			json_object_get(one, "took")));
	}
	if (!err)
		set_info(restart, &r, drafts);
	json_decref(drafts);
	cf_replay_clear(&r);
	return err;
}

/* The identities that base lacks: those in force until now, and the new one. */
static const struct cf_err *
add_identities(struct cf_batch *batch, struct cf_trust *trust,
	const struct cf_gate *base, const struct cf_founding *new)
{
	const struct cf_err *err = NULL;
	char path[CF_IDENTITY_PATH_TEXT];

	for (size_t n = base->chain.n + 1; n <= trust->own.chain.n && !err;
		n++) {
		struct cf_entry entry;
		bool found;

		cf_identity_path(path, (unsigned)n);
		err = cf_tree_find(&entry, &found, cf_store_odb(trust->store),
			&trust->own.tree, path);
		if (!err && !found)
			cf_bug("an identity in force without its file");
		if (!err)
			cf_batch_add(batch, path, &entry.oid, NULL);
	}
	cf_identity_path(path, new->identity->version);
	cf_batch_add(batch, path, &new->blob, NULL);
	return err;
}

/* The commit that leaves history. */
static const struct cf_err *
found_anew(struct cf_oid *out, struct cf_trust *trust,
	const struct cf_gate *base, const struct cf_founding *new)
{
	char line[CF_MAX_MESSAGE_LINE + 1];
	struct cf_writing w = { .on = base, .line = line,
		.identity = new->identity };
	struct cf_batch batch = { 0 };
	const struct cf_err *err;

	(void)snprintf(line, sizeof line, "Begin again after entry %llu",
		(unsigned long long)base->sequence);
	err = add_identities(&batch, trust, base, new);
	if (!err)
		err = cf_tree_edit(&w.tree, trust->store, &base->tree,
			batch.edit, batch.n);
	if (!err)
		err = cf_write_commit(out, trust, &w, new->key);
	cf_batch_clear(&batch);
	return err;
}

const struct cf_err *
cf_restart_make(struct cf_restarting *restart, struct cf_trust *trust,
	const struct cf_founding *founding)
{
	struct cf_replay r;
	json_t *drafts = NULL;
	const struct cf_err *err;
	struct cf_oid first;

	begin(&r, trust, restart);
	r.key = cf_seckey_copy(founding->key);
	err = found_anew(&first, trust, &restart->base, founding);
	if (!err)
		err = cf_gate_load(&r.on, cf_store_odb(trust->store), &first);
	if (!err)
		err = replay(&r, trust, &restart->base);
	if (!err)
		err = cf_replay_sign(&r);
	if (!err)
		err = cf_drafts_back(&drafts, trust, r.back);
	if (!err)
		err = cf_line_move(trust, &restart->base, &r.on.head);
	if (!err)
		err = cf_drafts_rebase(trust, drafts);
	if (!err) {
		set_info(restart, &r, drafts);
		/* The host gets it in the place of what it has. */
		trust->host.old_era = trust->host.has_head;
	}
	json_decref(drafts);
	cf_replay_clear(&r);
	return err;
}

const struct cf_err *
cf_sign_again(struct cf_trust *trust, const struct cf_seckey *key)
{
	struct cf_replay r = { .trust = trust };
	const struct cf_err *err;

	err = cf_gate_load(&r.on, cf_store_odb(trust->store),
		&trust->own.head);
	r.key = cf_seckey_copy(key);
	if (!err)
		err = cf_replay_sign(&r);
	if (!err && !cf_oid_eq(&r.on.head, &trust->own.head))
		err = cf_go_on(trust, &r.on.head);
	cf_replay_clear(&r);
	return err;
}
