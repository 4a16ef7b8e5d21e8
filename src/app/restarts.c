/*
 * Histories that a trust began again: what they mean for who has the old one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/erased.h"
#include "base/mem.h"

#define NAMED 3		/* titles in a sentence */

const char *
cf_restart_why(const json_t *info)
{
	return strcmp(cf_json_str(info, "reason"), "erasure") == 0 ?
		"because a text had to be erased" :
		"because a key was in the wrong hands";
}

char *
cf_restart_titles(const json_t *info)
{
	const json_t *lost = json_object_get(info, "lost");
	struct cf_buf out = CF_BUF(64u * 1024);
	size_t n = json_array_size(lost), shown = n > NAMED ? NAMED : n;

	for (size_t i = 0; i < shown; i++)
		cf_buf_printf(&out, "%s'%s'", i == 0 ? "" : i + 1 == n ?
			" and " : ", ", cf_json_str(json_array_get(lost, i),
			"title"));
	if (n > shown)
		cf_buf_printf(&out, " and %zu more", n - shown);
	if (n == 0)
		cf_buf_puts(&out, "nothing");
	return cf_buf_take(&out);
}

/* Whether the record's owner has erased it, in its own main. */
static const struct cf_err *
is_erased(bool *out, struct cf_trust *trust, const char *record)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err;
	struct cf_uuid id;

	*out = false;
	if (!cf_uuid_parse(&id, cf_str(record)))
		return NULL;
	err = cf_index_versions(&all, trust->index, record);
	for (size_t i = 0; i < all.n && !err; i++) {
		const struct cf_version *v = &all.version[i];
		const char *status = cf_json_str(json_array_get(all.rows, i),
			"status");

		*out |= !v->held && strcmp(status, "erased") == 0 &&
			cf_uuid_certifies(&id, v->trust);
	}
	cf_versions_clear(&all);
	return err;
}

json_t *
cf_lost_rows(const json_t *lost)
{
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)lost, i, row) {
		json_array_append_new(out, json_pack("{s:O, s:O, s:O, s:O}",
			"id", json_object_get(row, "record"), "version",
			json_object_get(row, "version"), "kind",
			json_object_get(row, "kind"), "title",
			json_object_get(row, "title")));
	}
	return out;
}

/* The records of lost versions that their owners erased; *all is cleared where
 * there are others. */
static const struct cf_err *
erased_of(json_t **out, bool *all, struct cf_trust *trust, const json_t *lost)
{
	const struct cf_err *err = NULL;

	*out = json_array();
	for (size_t i = 0; i < json_array_size(lost) && !err; i++) {
		const char *id = cf_json_str(json_array_get(lost, i), "record");
		bool erased;

		err = is_erased(&erased, trust, id);
		if (!err && !erased)
			*all = false;
		else if (!err && !cf_json_has(*out, id))
			json_array_append_new(*out, json_string(id));
	}
	return err;
}

const struct cf_err *
cf_restart_info(json_t **out, bool *alone, struct cf_trust *trust,
	const struct cf_take *take)
{
	const struct cf_left *left = &take->gate.left;
	const struct cf_identity *identity =
		&take->gate.chain.link[left->identity - 1];
	const struct cf_err *err;
	json_t *lost = NULL, *erased = NULL;
	char base[CF_OID_TEXT];

	*out = NULL;
	*alone = left->listed;
	err = cf_index_lost(&lost, trust->index, take->id, take->run.cut);
	if (!err)
		err = erased_of(&erased, alone, trust, lost);
	cf_oid_hex(base, &left->base);
	if (!err)
		*out = json_pack("{s:s, s:i, s:s, s:I, s:s, s:o, s:O}",
			"reason", cf_restart_reason(identity), "identity",
			(int)left->identity, "base", base, "sequence",
			(json_int_t)left->sequence, "signer", left->signer,
			"lost", cf_lost_rows(lost), "erased", erased);
	json_decref(erased);
	json_decref(lost);
	return err;
}

const struct cf_err *
cf_forget_aside(struct cf_trust *trust, const char *id)
{
	static const char *const places[] = { CF_HELD, CF_FORK };
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < 2 && !err; i++) {
		char *name = cf_asprintf("%s%s", places[i], id);

		err = cf_ref_delete(trust->store, name);
		free(name);
	}
	return err;
}

const struct cf_err *
cf_aside(struct cf_oid *out, bool *found, struct cf_trust *trust,
	const char *where, const char *id)
{
	char *held = cf_asprintf("%s%s", where, id), *name = cf_pin_name(id);
	struct cf_gate fork = { 0 };
	const struct cf_err *err;
	bool pinned = false, met = false;
	struct cf_oid pin;

	err = cf_ref_read(out, found, trust->store, held);
	if (!err && *found)
		err = cf_ref_read(&pin, &pinned, trust->store, name);
	if (!err && pinned)
		err = cf_gate_fork(&fork, &met, cf_store_odb(trust->store),
			out, &pin);
	if (!err && met && cf_oid_eq(&fork.head, out)) {
		*found = false;
		err = cf_forget_aside(trust, id);
	}
	cf_gate_clear(&fork);
	free(held);
	free(name);
	return err;
}

/* The pin, which is what counts, then the index. */
static const struct cf_err *
move_pin(struct cf_trust *trust, const struct cf_restarted *what)
{
	char *pin = cf_pin_name(what->id);
	const struct cf_err *err;
	struct cf_oid old;
	bool found;

	err = cf_ref_read(&old, &found, trust->store, pin);
	if (!err)
		err = cf_ref_set(trust->store, pin, &what->head,
			found ? &old : NULL);
	if (!err)
		err = cf_index_commit(trust->index);
	free(pin);
	return err;
}

const struct cf_err *
cf_restart_take(json_t **out, bool *alone, struct cf_trust *trust,
	struct cf_take *take, const struct cf_restarted *what)
{
	const struct cf_err *err = cf_index_begin(trust->index);
	bool follow;

	*out = NULL;
	*alone = false;
	if (err)
		return err;
	*take = (struct cf_take){ .id = what->id,
		.all = cf_store_odb(trust->store), .head = what->head };
	err = cf_take_main(take, trust);
	if (!err && !take->gate.left.is)
		cf_bug("a restart that leaves nothing waits");
	if (!err)
		err = cf_restart_info(out, alone, trust, take);
	follow = !err && (*alone || what->accepted);
	if (follow && json_array_size(json_object_get(*out, "erased")))
		err = cf_erased_note(trust, json_object_get(*out, "erased"));
	if (follow && !err)
		err = move_pin(trust, what);
	if (!follow || err)
		cf_index_rollback(trust->index);
	return follow && !err ? cf_forget_aside(trust, what->id) : err;
}
