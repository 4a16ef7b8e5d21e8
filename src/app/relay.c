/*
 * Relaying: copies of our partners' verified mains at our own host, for those
 * whom the partners' hosts do not answer.
 */
#include <stdlib.h>
#include <string.h>

#include "app/copies.h"
#include "base/mem.h"

#define NOTE "relayed.json"

/*
 * What this machine has put at our host, {remote, copies: {<trust id>: <commit>,
 * or null where it may be there}}. What only another machine of ours follows is
 * not in it, and stays.
 */
static json_t *
read_note(struct cf_trust *trust, const char *remote)
{
	char *path = cf_store_file(trust->store, NOTE);
	json_t *doc = NULL, *copies, *value;
	const char *id;

	if (cf_json_read_path(&doc, path, CF_MAX_JSON) != NULL ||
		cf_json_str(doc, "remote") == NULL ||
		!json_is_object(json_object_get(doc, "copies"))) {
		json_decref(doc);
		doc = json_pack("{s:s, s:{}}", "remote", remote, "copies");
	}
	/* It may be the same host by another name. */
	copies = json_object_get(doc, "copies");
	if (strcmp(cf_json_str(doc, "remote"), remote) != 0)
		json_object_foreach(copies, id, value)
			json_object_set_new(copies, id, json_null());
	json_object_set_new(doc, "remote", json_string(remote));
	free(path);
	return doc;
}

static const struct cf_err *
write_note(struct cf_trust *trust, const json_t *doc)
{
	char *path = cf_store_file(trust->store, NOTE);
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_file_form(&text, doc);

	if (!err)
		err = cf_store_lock(trust->store, "relay");
	if (!err) {
		err = cf_file_write(path, text.data, text.len, 0644);
		cf_store_unlock(trust->store);
	}
	cf_buf_clear(&text);
	free(path);
	return err;
}

/* What is to be there: {<trust id>: <commit>} of our partners' pins. */
static const struct cf_err *
read_wanted(json_t **out, struct cf_trust *trust)
{
	struct cf_partners partners = { 0 };
	const struct cf_err *err;
	bool on;

	*out = json_object();
	err = cf_setting_on(&on, trust->store, "confer.relay", false);
	if (!err && on)
		err = cf_partners_read(&partners, trust);
	for (size_t i = 0; i < partners.n && !err; i++) {
		const char *id = partners.partner[i].trust;
		char *pin = cf_pin_name(id), hex[CF_OID_TEXT];
		struct cf_oid head;
		bool found;

		err = cf_ref_read(&head, &found, trust->store, pin);
		if (!err && found) {
			cf_oid_hex(hex, &head);
			json_object_set_new(*out, id, json_string(hex));
		}
		free(pin);
	}
	cf_partners_clear(&partners);
	return err;
}

struct changes {
	struct cf_copy *copy;
	size_t n, cap;
	size_t sent, removed;
};

static void
add(struct changes *c, const char *id, const char *hex)
{
	struct cf_digest digest;
	struct cf_copy *copy;

	/* The note is a file that anybody may have written in. */
	if (!cf_digest_parse(&digest, cf_str(id)))
		return;
	c->copy = cf_grow(c->copy, c->n, &c->cap, sizeof *c->copy);
	copy = &c->copy[c->n++];
	*copy = (struct cf_copy){ 0 };
	memcpy(copy->trust, digest.text, sizeof copy->trust);
	if (hex && !cf_oid_parse(&copy->head, cf_str(hex)))
		cf_bug("a pin that is no commit");
	c->sent += hex != NULL;
}

static void
compare(struct changes *c, json_t *wanted, json_t *there)
{
	const char *id;
	json_t *value;

	json_object_foreach(wanted, id, value) {
		if (!json_equal(value, json_object_get(there, id)))
			add(c, id, json_string_value(value));
	}
	json_object_foreach(there, id, value) {
		if (json_object_get(wanted, id))
			continue;
		add(c, id, NULL);
		c->removed += json_is_string(value);
	}
}

/* A host may have lost copies, or have old ones again from a backup: what it
 * lists is what is there. */
static void
correct(json_t *there, json_t *wanted, const struct cf_fetch *host)
{
	json_t *listed = json_object(), *value;
	const char *id;
	void *next;

	for (size_t i = 0; i < host->n_copies; i++) {
		char hex[CF_OID_TEXT];

		cf_oid_hex(hex, &host->copies[i].head);
		json_object_set_new(listed, host->copies[i].trust,
			json_string(hex));
	}
	json_object_update_missing(there, wanted);
	json_object_foreach_safe(there, next, id, value) {
		if (json_object_get(listed, id))
			json_object_set(there, id, json_object_get(listed, id));
		else
			json_object_del(there, id);
	}
	json_decref(listed);
}

static const struct cf_err *
push(json_t **out, struct cf_trust *trust, const struct changes *c,
	const char *remote)
{
	struct cf_settings settings;
	const struct cf_err *err;

	err = cf_settings_read(&settings, trust->store, trust->ui);
	if (!err)
		err = cf_push_copies(trust->store, remote, c->copy, c->n,
			&settings.transport);
	cf_settings_clear(&settings);
	*out = json_pack("{s:I, s:I, s:s*}", "sent", (json_int_t)(err ? 0 :
		c->sent), "removed", (json_int_t)(err ? 0 : c->removed),
		"error", err ? err->msg : NULL);
	return err;
}

const struct cf_err *
cf_relay_update(json_t **out, struct cf_trust *trust,
	const struct cf_fetch *host)
{
	struct changes c = { 0 };
	json_t *wanted = NULL, *note = NULL, *copies;
	char *remote = NULL;
	const struct cf_err *err;
	bool known;

	*out = NULL;
	err = cf_config_get(&remote, trust->store, "confer.remote");
	if (err || remote == NULL)
		goto done;
	err = read_wanted(&wanted, trust);
	if (err)
		goto done;
	note = read_note(trust, remote);
	copies = json_object_get(note, "copies");
	known = json_equal(copies, wanted);
	if (host)
		correct(copies, wanted, host);
	compare(&c, wanted, copies);
	if (c.n == 0 && known)
		goto done;
	if (c.n == 0 || push(out, trust, &c, remote) == NULL) {
		json_object_set(note, "copies", wanted);
		err = write_note(trust, note);
	}
done:
	free(c.copy);
	free(remote);
	json_decref(wanted);
	json_decref(note);
	return err;
}

const struct cf_err *
cf_relay_add(json_t *result, struct cf_trust *trust,
	const struct cf_fetch *host)
{
	json_t *done = NULL;
	const struct cf_err *err = cf_relay_update(&done, trust, host);

	if (done)
		json_object_set_new(result, "relay", done);
	return err;
}

/* [{trust, name, title, commit}] of what is at our host. */
static const struct cf_err *
list(json_t **out, struct cf_trust *trust, const char *remote)
{
	json_t *note = read_note(trust, remote), *value;
	struct cf_partners partners;
	const struct cf_err *err = cf_partners_read(&partners, trust);
	const char *id;

	*out = json_array();
	json_object_foreach(json_object_get(note, "copies"), id, value) {
		const struct cf_partner *p = err ? NULL :
			cf_partners_find(&partners, id);
		char *title;

		if (!json_is_string(value))
			continue;
		title = cf_trust_title(trust, id);
		json_array_append_new(*out, json_pack("{s:s, s:s*, s:s, s:O}",
			"trust", id, "name", p ? p->name : NULL, "title",
			title, "commit", value));
		free(title);
	}
	json_decref(note);
	cf_partners_clear(&partners);
	return err;
}

/* Who says on or off means all of it, whatever this machine remembers: copies of
 * each partner may be there. */
static const struct cf_err *
doubt(struct cf_trust *trust, const char *remote)
{
	struct cf_partners partners = { 0 };
	const struct cf_err *err = cf_partners_read(&partners, trust);
	json_t *note = read_note(trust, remote);
	json_t *copies = json_object_get(note, "copies");

	for (size_t i = 0; i < partners.n; i++)
		if (!json_object_get(copies, partners.partner[i].trust))
			json_object_set_new(copies, partners.partner[i].trust,
				json_null());
	if (!err)
		err = write_note(trust, note);
	json_decref(note);
	cf_partners_clear(&partners);
	return err;
}

const struct cf_err *
cf_relay(json_t **out, struct cf_trust *trust, const bool *on)
{
	json_t *update = NULL, *copies = NULL;
	char *remote = NULL;
	const struct cf_err *err;
	bool is = false;

	*out = NULL;
	err = cf_config_get(&remote, trust->store, "confer.remote");
	if (!err && remote == NULL && on && *on)
		err = cf_err(CF_INVALID, "you have no host that others could "
			"ask. Say first where you publish: confer id --set "
			"host=URL");
	if (!err && on)
		err = cf_store_lock(trust->store, "relay");
	if (!err && on) {
		err = cf_config_set(trust->store, "confer.relay", *on ?
			"true" : "false");
		cf_store_unlock(trust->store);
	}
	if (!err)
		err = cf_setting_on(&is, trust->store, "confer.relay", false);
	if (!err && on && remote)
		err = doubt(trust, remote);
	if (!err && on)
		err = cf_relay_update(&update, trust, NULL);
	if (!err && remote)
		err = list(&copies, trust, remote);
	if (!err) {
		*out = json_pack("{s:b, s:s*, s:o}", "relay", is, "remote",
			remote, "copies", copies ? copies : json_array());
		json_object_update_missing(*out, update);
		if (cf_json_str(update, "error"))
			err = cf_err_rule(CF_REMOTE, "relay.host", "the "
				"setting is kept, but the copies at your host "
				"are not as they are to be yet: %s. 'confer "
				"sync' tries again", cf_json_str(update,
				"error"));
	} else {
		json_decref(copies);
	}
	json_decref(update);
	free(remote);
	return err;
}
