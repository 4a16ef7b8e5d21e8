/*
 * Where we stand, from what is here; nothing is fetched.
 */
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/draft.h"
#include "app/erased.h"
#include "app/lastsync.h"
#include "app/witness.h"
#include "base/clock.h"
#include "base/mem.h"

/* When our newest signed commit is too old for our partners' comfort. */
static json_t *
heartbeat(struct cf_trust *trust)
{
	const struct cf_identity *now = cf_chain_now(&trust->own.chain);
	json_int_t days = json_integer_value(json_object_get(now->doc,
		"heartbeatDays"));
	char due[CF_TIME_TEXT];

	cf_time_format(due, trust->own.time + days * 86400);
	return json_pack("{s:s, s:I, s:b}", "due", due, "days", days,
		"overdue", cf_now() - trust->own.time > days * 86400);
}

/* [{file, title}] of the drafts that wait. */
static const struct cf_err *
open_drafts(json_t **out, struct cf_trust *trust)
{
	struct cf_names files = { 0 };
	const struct cf_err *err = cf_drafts_open(&files, trust);

	*out = json_array();
	for (size_t i = 0; !err && i < files.n; i++) {
		json_t *draft = NULL;

		/* One that cannot be read is open too: check says why. */
		if (cf_draft_read(&draft, files.name[i]))
			draft = NULL;
		json_array_append_new(*out, json_pack("{s:o, s:s}", "file",
			cf_path_json(files.name[i]), "title",
			cf_record_title(draft)));
		json_decref(draft);
	}
	cf_names_clear(&files);
	return err;
}

/* Time has passed since the last sync. */
static const struct cf_err *
now_stale(const char **verdict, struct cf_trust *trust, const json_t *row)
{
	json_t *known = NULL;
	const struct cf_err *err = cf_index_trust(&known, trust->index,
		cf_json_str(row, "trust"));

	if (!err && cf_is_stale(known))
		*verdict = "stale";
	json_decref(known);
	return err;
}

static const struct cf_err *
partners(json_t **out, struct cf_trust *trust)
{
	json_t *last = cf_last_sync_read(trust), *row;
	const struct cf_err *err = cf_partner_list(out, trust);
	size_t i;

	json_array_foreach(*out, i, row) {
		json_t *held = NULL, *note = json_object_get(last,
			cf_json_str(row, "trust"));
		const char *verdict = cf_json_str(note, "verdict");

		if (!err)
			err = cf_index_held(&held, trust->index,
				cf_json_str(row, "trust"));
		if (!err && verdict && (strcmp(verdict, "up-to-date") == 0 ||
			strcmp(verdict, "updated") == 0))
			err = now_stale(&verdict, trust, row);
		json_object_set_new(row, "verdict", json_string(verdict ?
			verdict : "not synced yet"));
		json_object_set_new(row, "held", json_integer(
			(json_int_t)json_array_size(held)));
		if (cf_json_str(note, "message"))
			json_object_set(row, "message",
				json_object_get(note, "message"));
		json_decref(held);
	}
	json_decref(last);
	return err;
}

/* {id, kind, title, ours, fields: count} of each record in conflict. */
static const struct cf_err *
conflict_rows(json_t **out, struct cf_trust *trust)
{
	json_t *list = NULL, *record;
	const struct cf_err *err = cf_conflicts(&list, trust, NULL);
	size_t i;

	*out = json_array();
	json_array_foreach(list, i, record) {
		json_array_append_new(*out, json_pack(
			"{s:O, s:O, s:O, s:O, s:I}", "id",
			json_object_get(record, "id"), "kind",
			json_object_get(record, "kind"), "title",
			json_object_get(record, "title"), "ours",
			json_object_get(record, "ours"), "fields",
			(json_int_t)json_array_size(json_object_get(record,
			"fields"))));
	}
	json_decref(list);
	return err && err->code == CF_DECIDE ? NULL : err;
}

/* {id, kind, title, stewards} of each. */
static const struct cf_err *
incomplete_rows(json_t **out, struct cf_trust *trust)
{
	json_t *list = NULL, *one;
	const struct cf_err *err = cf_incomplete(&list, trust);
	const char *id;

	*out = json_array();
	json_object_foreach(list, id, one) {
		json_object_set_new(one, "id", json_string(id));
		json_array_append(*out, one);
	}
	json_decref(list);
	return err;
}

/* How our own host answered last, where that was not as it should be, and where
 * the identity says that we publish elsewhere. */
static void
host(json_t *out, struct cf_trust *trust, const char *remote)
{
	json_t *last = cf_last_sync_read(trust);
	json_t *note = json_object_get(last, trust->id);
	json_t *urls = json_object_get(cf_chain_now(&trust->own.chain)->doc,
		"urls");

	if (remote && note)
		json_object_set_new(out, "host", json_pack("{s:O, s:O, s:O*, s:O*}",
			"verdict", json_object_get(note, "verdict"), "tried",
			json_object_get(note, "tried"), "message",
			json_object_get(note, "message"), "rule",
			json_object_get(note, "rule")));
	if (remote && json_array_size(urls) && cf_url_is_public(remote) &&
		!cf_json_has(urls, remote))
		json_object_set(out, "moved", json_array_get(urls, 0));
	json_decref(last);
}

static const struct cf_err *
fill(json_t *out, struct cf_trust *trust)
{
	json_t *drafts = NULL, *list = NULL, *commons = NULL, *held = NULL;
	json_t *conflicts = NULL, *incomplete = NULL;
	unsigned long long unpushed;
	bool decide = false;
	const struct cf_err *err;
	char *remote = NULL;
	bool relay = false;

	err = cf_unpushed(&unpushed, trust);
	if (!err)
		err = cf_config_get(&remote, trust->store, "confer.remote");
	if (!err && remote)
		json_object_set_new(out, "remote", json_string(remote));
	if (!err)
		host(out, trust, remote);
	if (!err)
		err = cf_setting_on(&relay, trust->store, "confer.relay",
			false);
	json_object_set_new(out, "relay", json_boolean(relay && remote));
	if (!err)
		json_object_set_new(out, "unpushed", json_integer(
			(json_int_t)unpushed));
	free(remote);
	if (!err)
		err = open_drafts(&drafts, trust);
	json_object_set_new(out, "drafts", drafts ? drafts : json_array());
	if (!err)
		err = partners(&list, trust);
	json_object_set_new(out, "partners", list ? list : json_array());
	if (!err)
		err = cf_commons_state(&commons, trust);
	json_object_set_new(out, "commons", commons ? commons : json_null());
	if (!err)
		err = conflict_rows(&conflicts, trust);
	json_object_set_new(out, "conflicts", conflicts ? conflicts :
		json_array());
	if (!err)
		err = incomplete_rows(&incomplete, trust);
	json_object_set_new(out, "incomplete", incomplete ? incomplete :
		json_array());
	if (!err)
		err = cf_index_held(&held, trust->index, NULL);
	json_object_set_new(out, "held", held ? held : json_array());
	json_object_set_new(out, "erasures", json_array());
	if (!err)
		err = cf_erased_attention(json_object_get(out, "erasures"),
			&decide, trust);
	return err;
}

/* {id, kind, title, from: [name]} of records whose owner is not followed. */
static const struct cf_err *
ownerless(json_t *out, struct cf_trust *trust)
{
	json_t *rows = NULL, *row, *list = json_array();
	const struct cf_err *err = cf_index_waiting(&rows, trust->index,
		CF_WAITING_SHOWN);
	size_t i;

	json_object_set_new(out, "ownerless", list);
	json_array_foreach(rows, i, row) {
		const char *id = cf_json_str(row, "id"), *last = "";
		struct cf_versions of = { 0 };
		json_t *from = json_array();

		if (!err)
			err = cf_index_versions(&of, trust->index, id);
		for (size_t k = 0; k < of.n; k++) {
			char *name = cf_trust_title(trust, of.version[k].trust);

			if (strcmp(last, of.version[k].trust) != 0)
				json_array_append_new(from, json_string(name));
			last = of.version[k].trust;
			free(name);
		}
		json_array_append_new(list, json_pack("{s:s, s:O, s:O, s:o}",
			"id", id, "kind", json_object_get(row, "kind"),
			"title", json_object_get(row, "title"), "from", from));
		cf_versions_clear(&of);
	}
	json_decref(rows);
	return err;
}

const struct cf_err *
cf_status(json_t **out, struct cf_trust *trust)
{
	const struct cf_err *err;
	char hex[CF_OID_TEXT];

	*out = NULL;
	err = cf_id(out, trust);
	if (err)
		return err;
	cf_oid_hex(hex, &trust->own.head);
	json_object_set_new(*out, "commit", json_string(hex));
	json_object_set_new(*out, "heartbeat", heartbeat(trust));
	json_object_set_new(*out, "splits", cf_split_list(trust));
	err = fill(*out, trust);
	if (!err)
		err = ownerless(*out, trust);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}
