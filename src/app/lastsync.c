/*
 * The note of how the last sync with each partner ended.
 */
#include <stdlib.h>
#include <string.h>

#include "app/lastsync.h"
#include "base/clock.h"

bool
cf_is_stale(const json_t *row)
{
	json_int_t time = json_integer_value(json_object_get(row, "time"));
	json_int_t days = json_integer_value(json_object_get(row,
		"heartbeatDays"));

	return row && cf_now() - time > days * 86400;
}

json_t *
cf_last_sync_read(struct cf_trust *trust)
{
	char *path = cf_store_file(trust->store, "last-sync.json");
	json_t *doc = NULL;

	/* A note that cannot be read is as if there were none. */
	if (cf_json_read_path(&doc, path, CF_MAX_JSON) != NULL ||
		!json_is_object(doc)) {
		json_decref(doc);
		doc = json_object();
	}
	free(path);
	return doc;
}

static const struct cf_err *
write_note(struct cf_trust *trust, const json_t *doc)
{
	char *path = cf_store_file(trust->store, "last-sync.json");
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_file_form(&text, doc);

	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	cf_buf_clear(&text);
	free(path);
	return err;
}

void
cf_last_sync_add(json_t *notes, const char *id, const char *verdict,
	const char *message)
{
	bool reached = strcmp(verdict, "unreachable") != 0 &&
		strcmp(verdict, "refused") != 0;
	char now[CF_TIME_TEXT];

	cf_time_format(now, cf_now());
	json_object_set_new(notes, id, json_pack("{s:s, s:s, s:s*, s:s*}",
		"tried", now, "verdict", verdict, "message", message, "synced",
		reached ? now : NULL));
}

void
cf_last_sync_shown(json_t *notes, const char *id, const struct cf_oid *head)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, head);
	json_object_set_new(json_object_get(notes, id), "shown",
		json_string(hex));
}

const struct cf_err *
cf_last_sync_write(struct cf_trust *trust, json_t *notes)
{
	static const char *const kept[] = { "synced", "shown" };
	json_t *doc = cf_last_sync_read(trust), *note;
	const struct cf_err *err;
	const char *id;

	json_object_foreach(notes, id, note) {
		json_t *before = json_object_get(doc, id);

		for (size_t i = 0; i < 2; i++)
			if (json_object_get(before, kept[i]) &&
				!json_object_get(note, kept[i]))
				json_object_set(note, kept[i],
					json_object_get(before, kept[i]));
		json_object_set(doc, id, note);
	}
	err = write_note(trust, doc);
	json_decref(doc);
	return err;
}

const struct cf_err *
cf_last_sync_note(struct cf_trust *trust, const char *id, const char *verdict,
	const char *message)
{
	json_t *notes = json_object();
	const struct cf_err *err;

	cf_last_sync_add(notes, id, verdict, message);
	err = cf_last_sync_write(trust, notes);
	json_decref(notes);
	return err;
}

const struct cf_err *
cf_last_sync_forget(struct cf_trust *trust, const char *id)
{
	json_t *doc = cf_last_sync_read(trust);
	const struct cf_err *err;

	(void)json_object_del(doc, id);
	err = write_note(trust, doc);
	json_decref(doc);
	return err;
}

const struct cf_err *
cf_last_sync_host(struct cf_trust *trust, const char *verdict,
	const struct cf_err *why)
{
	json_t *doc = cf_last_sync_read(trust), *notes;
	bool noted = json_object_get(doc, trust->id) != NULL;
	bool good = strcmp(verdict, "up-to-date") == 0 ||
		strcmp(verdict, "updated") == 0;
	const struct cf_err *err;

	json_decref(doc);
	if (good && !noted)
		return NULL;
	err = cf_store_lock(trust->store, "a note of how the host answered");
	if (err)
		return err;
	notes = json_object();
	cf_last_sync_add(notes, trust->id, verdict, why ? why->msg : NULL);
	if (why && why->rule[0])
		json_object_set_new(json_object_get(notes, trust->id), "rule",
			json_string(why->rule));
	err = good ? cf_last_sync_forget(trust, trust->id) :
		cf_last_sync_write(trust, notes);
	json_decref(notes);
	cf_store_unlock(trust->store);
	return err;
}
