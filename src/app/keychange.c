/*
 * What may be changed in an identity: its name and addresses, its keys.
 */
#include <stdlib.h>
#include <string.h>

#include "app/host.h"
#include "app/identity.h"
#include "base/mem.h"

struct settings {
	const char *const *text;
	size_t n;
};

static const struct cf_err *
set_name(json_t *doc, const char *name)
{
	if (!cf_name_valid(name))
		return cf_err(CF_INVALID, "the name '%s' cannot be used: it "
			"must begin and end with a letter or digit, be at most "
			"100 characters long and have no < or >", name);
	json_object_set_new(doc, "name", json_string(name));
	return NULL;
}

static const struct cf_err *
add_url(json_t *urls, struct cf_str text)
{
	char *url = cf_strndup(text.p, text.n), *normal = NULL;
	const struct cf_err *err;
	bool local;

	err = cf_url_check(&normal, &local, url);
	if (!err && !cf_url_is_public(normal))
		err = cf_err(CF_INVALID, "%s cannot be shown to everybody: an "
			"address is https without a user name, or ssh", url);
	if (!err && json_array_size(urls) >= CF_MAX_IDENTITY_URLS)
		err = cf_err(CF_TOO_BIG, "%u addresses are the most",
			CF_MAX_IDENTITY_URLS);
	if (!err && !cf_json_has(urls, normal))
		json_array_append_new(urls, json_string(normal));
	free(normal);
	free(url);
	return err;
}

static const struct cf_err *
set_urls(json_t *doc, const char *value)
{
	struct cf_str rest = cf_str(value), url;
	json_t *urls = json_array();
	const struct cf_err *err = NULL;
	bool more = rest.n > 0;

	while (more && !err) {
		more = cf_str_cut(&url, &rest, rest, ',');
		err = add_url(urls, more ? url : rest);
	}
	json_object_set_new(doc, "urls", urls);
	return err;
}

static const struct cf_err *
set_heartbeat(json_t *doc, const char *value)
{
	uint64_t days;

	if (!cf_str_u64(cf_str(value), &days, CF_MAX_HEARTBEAT) || days == 0)
		return cf_err(CF_INVALID, "heartbeatDays is a number of days "
			"from 1 to %u, not '%s'", CF_MAX_HEARTBEAT, value);
	json_object_set_new(doc, "heartbeatDays",
		json_integer((json_int_t)days));
	return NULL;
}

static const struct cf_err *
edit_settings(struct cf_next *next, const void *what)
{
	const struct settings *s = what;
	json_t *before = json_deep_copy(next->doc);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->n && !err; i++) {
		const char *value = strchr(s->text[i], '=');

		if (cf_starts(s->text[i], "name="))
			err = set_name(next->doc, value + 1);
		else if (cf_starts(s->text[i], "urls="))
			err = set_urls(next->doc, value + 1);
		else if (cf_starts(s->text[i], "heartbeatDays="))
			err = set_heartbeat(next->doc, value + 1);
		else
			err = cf_err(CF_USAGE, "'%s' cannot be set; say "
				"name=NAME, host=URL, urls=URL,... or "
				"heartbeatDays=N", s->text[i]);
	}
	if (!err && json_equal(before, next->doc))
		err = cf_err(CF_EXISTS, "the identity says so already; nothing "
			"was changed");
	json_decref(before);
	return err;
}

const struct cf_err *
cf_id_change(json_t **out, struct cf_trust *trust, const char *const *settings,
	size_t n, const struct cf_renew *how)
{
	struct cf_next next = { .trust = trust, .how = how,
		.line = "Change the identity" };
	const struct settings what = { settings, n };

	return cf_next_run(out, &next, edit_settings, &what);
}

const struct cf_err *
cf_id_set(json_t **out, struct cf_trust *trust, const char *const *settings,
	size_t n, const struct cf_renew *how)
{
	for (size_t i = 0; i < n; i++)
		if (cf_starts(settings[i], "host="))
			return cf_host_move(out, trust, settings, n, i, how);
	return cf_id_change(out, trust, settings, n, how);
}

static const struct cf_err *
edit_add(struct cf_next *next, const void *what)
{
	const struct cf_chain *chain = &next->trust->own.chain;
	const char *did = what;

	if (cf_json_has(json_object_get(next->doc, "publishKeys"), did))
		return cf_err(CF_EXISTS, "that key may publish already");
	if (cf_chain_revoked(chain, did))
		return cf_err_rule(CF_INVALID, "key.revoked", "that key was "
			"shut out, and a key that was never comes back. Make "
			"another one on its machine with 'confer key rotate'");
	if (cf_json_has(json_object_get(next->doc, "rootKeys"), did))
		return cf_err_rule(CF_INVALID, "key.root", "that is the key of "
			"a recovery sheet. No key may be both");
	cf_next_list(next->doc, "publishKeys", did);
	return NULL;
}

static const struct cf_err *
check_did(const char *did)
{
	struct cf_pubkey key;

	if (cf_pubkey_parse(&key, cf_str(did)))
		return NULL;
	return cf_err(CF_INVALID, "'%s' is not a key: one begins with "
		"did:key:z6Mk and has 56 characters. Copy the whole line",
		did);
}

/* A slip makes another key, which nobody holds. A key of this machine was not
 * copied. */
static const struct cf_err *
check_number(struct cf_trust *trust, const char *did, const char *number)
{
	const struct cf_ui *ui = trust->ui;
	char *own = NULL, *text, is[CF_KEY_NUMBER_TEXT];
	const struct cf_err *err;
	bool same;

	cf_key_number(is, did);
	if (number)
		return strcmp(is, number) == 0 ? NULL : cf_err_rule(CF_INVALID,
			"key.number", "there is a slip in the key or in its "
			"number %s; nothing was changed. Copy the whole line "
			"that 'confer status' shows on the other machine",
			number);
	err = cf_config_get(&own, trust->store, "confer.key");
	same = own && strcmp(own, did) == 0;
	free(own);
	if (err || same || ui->confirm == NULL)
		return err;
	text = cf_asprintf("The number of this key is\n\n    %s\n\nCompare it "
		"with what 'confer id' shows on the other machine: then it "
		"was copied without a slip.", is);
	same = ui->confirm(ui->payload, text, "Is it the same?");
	free(text);
	return same ? NULL : cf_err(CF_CANCELLED, "nothing was changed. Copy "
		"the whole line that 'confer status' shows on the other "
		"machine");
}

const struct cf_err *
cf_key_add(json_t **out, struct cf_trust *trust, const char *did,
	const char *number, const struct cf_renew *how)
{
	struct cf_next next = { .trust = trust, .how = how,
		.line = "Let a key in" };
	const struct cf_err *err = check_did(did);

	*out = NULL;
	if (!err)
		err = check_number(trust, did, number);
	if (!err)
		err = cf_next_run(out, &next, edit_add, did);
	if (*out)
		json_object_set_new(*out, "added", json_string(did));
	return err;
}

/* The new key of this machine beside the others; the one that it had goes. */
static const struct cf_err *
edit_rotate(struct cf_next *next, const void *what)
{
	json_t *publish = json_object_get(next->doc, "publishKeys");
	char *did = NULL;
	const struct cf_err *err = cf_own_key(&did, next->trust, publish);

	(void)what;
	if (!err && did && cf_json_has(publish, did))
		cf_next_revoke(next->doc, did, "superseded");
	cf_next_list(next->doc, "publishKeys",
		cf_seckey_public(next->fresh.key)->did);
	free(did);
	return err;
}

static const struct cf_err *
edit_sheets(struct cf_next *next, const void *what)
{
	json_t *old = json_deep_copy(json_object_get(next->doc, "rootKeys"));
	json_t *key;
	size_t i;

	(void)what;
	json_array_foreach(old, i, key) {
		cf_next_revoke(next->doc, json_string_value(key),
			"superseded");
	}
	for (i = 0; i < CF_SHEETS; i++)
		cf_next_list(next->doc, "rootKeys",
			cf_seckey_public(next->sheets.root[i])->did);
	json_decref(old);
	return NULL;
}

const struct cf_err *
cf_key_rotate(json_t **out, struct cf_trust *trust, bool root,
	const struct cf_renew *how)
{
	struct cf_next next = { .trust = trust, .how = how,
		.line = root ? "Change the recovery sheets" : "Change a key" };

	if (root) {
		next.sheets.dir = how->sheets;
		cf_sheets_make(&next.sheets);
		return cf_next_run(out, &next, edit_sheets, NULL);
	}
	next.fresh.key = cf_seckey_new();
	return cf_next_run(out, &next, edit_rotate, NULL);
}
