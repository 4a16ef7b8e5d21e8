/*
 * A new trust: keys, identity, recovery sheets, repository. Nothing shows until
 * the last step, which renames the git folder into place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/folder.h"
#include "app/host.h"
#include "app/keys.h"
#include "base/clock.h"
#include "base/mem.h"

#define HEARTBEAT_DAYS 30

struct making {
	const struct cf_create *what;
	const struct cf_ui *ui;
	struct cf_store *store;
	struct cf_sheets sheets;
	struct cf_new_key fresh;
	json_t *identity;
	struct cf_digest id;
	char created[CF_TIME_TEXT];
	char *remote;			/* as it is stored, or NULL */
	bool local;			/* a folder of this machine */
	struct cf_host_seen host;	/* what is there */
};

static const struct cf_err *
check_input(struct making *m)
{
	const char *role = m->what->role ? m->what->role : "trust";
	const struct cf_err *err;

	if (m->what->name == NULL || !m->what->name[0])
		return cf_err(CF_USAGE, "say what the trust is called: "
			"--name \"Northfield Learning Trust\"");
	if (!cf_name_valid(m->what->name))
		return cf_err(CF_INVALID, "the name '%s' cannot be used: it "
			"must begin and end with a letter or digit, be at most "
			"100 characters long and have no < or >",
			m->what->name);
	if (strcmp(role, "trust") != 0 && strcmp(role, "university") != 0 &&
		strcmp(role, "organisation") != 0)
		return cf_err(CF_USAGE, "--role is trust, university or "
			"organisation, not '%s'", role);
	err = cf_sheets_check(m->what->sheets, m->what->dir, m->ui);
	if (err || m->what->remote == NULL)
		return err;
	return cf_url_check(&m->remote, &m->local, m->what->remote);
}

/* Before the address is in an identity, from which only a recovery sheet takes it
 * out again. Somebody may well begin without a network. */
static const struct cf_err *
try_host(struct making *m)
{
	const struct cf_err *err;
	char *text;
	bool yes = true;

	if (m->remote == NULL)
		return NULL;
	err = cf_host_look(&m->host, m->store, m->remote, m->ui);
	if (err)
		return err;
	if (m->host.reached && !m->host.empty)
		return cf_err_rule(CF_EXISTS, "host.other", "the repository at "
			"%s belongs to %s already; nothing was made. A trust "
			"needs an empty one of its own. To make this computer "
			"another machine of %s, use 'confer init --join'",
			m->remote, m->host.name, m->host.name);
	if (!m->host.reached && m->local)
		return cf_err_rule(CF_REMOTE, m->host.why.rule, "nothing was "
			"made: %s", m->host.why.msg);
	if (!m->host.reached && m->ui->confirm) {
		text = cf_asprintf("Your host could not be tried: %s.",
			m->host.why.msg);
		yes = m->ui->confirm(m->ui->payload, text, "Is the address "
			"right, so that the first publish will try it again?");
		free(text);
	}
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was made. Ask "
		"whoever runs your git host for the address of your empty "
		"repository");
}

/* Signs the identity by every root key. */
static const struct cf_err *
make_identity(struct making *m)
{
	json_t *root = json_array(), *urls = json_array(), *proofs;
	const struct cf_err *err = NULL;

	for (int i = 0; i < CF_SHEETS; i++)
		json_array_append_new(root, json_string(
			cf_seckey_public(m->sheets.root[i])->did));
	if (m->remote && cf_url_is_public(m->remote))
		json_array_append_new(urls, json_string(m->remote));
	m->identity = json_pack("{s:s, s:i, s:i, s:s, s:s, s:o, s:o, s:[s], "
		"s:[], s:i}", "kind", "identity", "protocol", CF_PROTOCOL,
		"version", 1, "name", m->what->name, "role",
		m->what->role ? m->what->role : "trust", "urls", urls,
		"rootKeys", root, "publishKeys",
		cf_seckey_public(m->fresh.key)->did, "revoked",
		"heartbeatDays", HEARTBEAT_DAYS);
	if (m->identity == NULL)
		return cf_err(CF_INVALID, "the name must be UTF-8 text");
	err = cf_digest_doc(&m->id, m->identity);
	proofs = json_array();
	for (int i = 0; i < CF_SHEETS && !err; i++) {
		json_t *proof = NULL;

		err = cf_proof_make(&proof, m->identity, m->sheets.root[i],
			m->created);
		if (!err)
			json_array_append_new(proofs, proof);
	}
	cf_proofs_sort(proofs);
	json_object_set_new(m->identity, "proof", proofs);
	return err;
}

static const struct cf_err *
write_sheets(struct making *m)
{
	const struct cf_sheets_of of = { .name = m->what->name,
		.trust = m->id.text, .created = m->created, .identity = 1 };

	return cf_sheets_write(&m->sheets, &of, m->ui);
}

static const struct cf_err *
write_blob(struct cf_edit *out, struct making *m, const char *path,
	struct cf_str text)
{
	*out = (struct cf_edit){ .path = cf_strdup(path) };
	return cf_odb_write(&out->oid, m->store, CF_BLOB, text.p, text.n);
}

/* The first commit: keys/0001.json and README.md. */
static const struct cf_err *
first_commit(struct cf_oid *out, struct making *m)
{
	struct cf_buf text = CF_BUF(CF_MAX_IDENTITY);
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf message = CF_BUF(1024);
	char *email = cf_trust_email(m->id.text);
	struct cf_place place = { cf_str(m->id.text), 1, 1 };
	struct cf_commit commit = { .name = cf_str(m->what->name),
		.email = cf_str(email), .time = cf_now() };
	struct cf_edit edit[2] = { 0 };
	const struct cf_err *err;

	err = cf_json_file_form(&text, m->identity);
	if (!err)
		err = write_blob(&edit[0], m, "keys/0001.json",
			(struct cf_str){ text.data, text.len });
	if (!err)
		err = write_blob(&edit[1], m, "README.md", cf_readme());
	if (!err)
		err = cf_tree_edit(&commit.tree, m->store, NULL, edit, 2);
	if (!err) {
		cf_message_make(&message, "Begin", &place);
		commit.message = (struct cf_str){ message.data, message.len };
		cf_commit_make(&raw, &commit, m->fresh.key);
		err = cf_odb_write(out, m->store, CF_COMMIT, raw.data,
			raw.len);
	}
	free(edit[0].path);
	free(edit[1].path);
	free(email);
	cf_buf_clear(&text);
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
	return err;
}

static const struct cf_err *
fill_store(struct making *m)
{
	struct cf_oid commit;
	const struct cf_err *err;

	err = first_commit(&commit, m);
	if (!err)
		err = cf_config_set(m->store, "confer.trust", m->id.text);
	if (!err)
		err = cf_config_set(m->store, "confer.key",
			cf_seckey_public(m->fresh.key)->did);
	if (!err && m->remote)
		err = cf_config_set(m->store, "confer.remote", m->remote);
	if (!err)
		err = cf_ref_set(m->store, CF_MAIN, &commit, NULL);
	return err;
}

/* A place to write in; confer new would make it too. */
static const struct cf_err *
make_drafts(const struct making *m)
{
	char *dir = cf_path_join(cf_store_work_dir(m->store), "drafts");
	const struct cf_err *err = cf_mkdirs(dir, 0755);

	free(dir);
	return err;
}

static const struct cf_err *
make(struct making *m)
{
	char *keys = NULL;
	const struct cf_err *err;

	err = check_input(m);
	if (!err)
		err = cf_keystore_dir(&keys);
	free(keys);
	if (!err)
		err = cf_store_begin(&m->store, m->what->dir);
	if (!err)
		err = try_host(m);
	if (!err)
		err = cf_new_key_seal(&m->fresh, m->ui,
			m->what->no_passphrase);
	if (err)
		return err;
	m->sheets.dir = m->what->sheets;
	cf_sheets_make(&m->sheets);
	m->fresh.key = cf_seckey_new();
	err = make_identity(m);
	if (!err)
		err = fill_store(m);
	if (!err)
		err = write_sheets(m);
	if (!err)
		err = cf_new_key_save(&m->fresh, m->id.text);
	if (!err)
		err = cf_store_finish(m->store);
	return err ? err : make_drafts(m);
}

static void
clear(struct making *m)
{
	bool made = m->store && !cf_store_is_begun(m->store);

	/* Keys and sheets of a trust that was not made open nothing. */
	if (!made)
		cf_sheets_take_back(&m->sheets);
	cf_new_key_clear(&m->fresh, m->id.text, made);
	cf_sheets_clear(&m->sheets);
	cf_store_free(m->store);
	json_decref(m->identity);
	cf_host_seen_clear(&m->host);
	free(m->remote);
}

const struct cf_err *
cf_create(json_t **out, const struct cf_create *what, const struct cf_ui *ui)
{
	struct making m = { .what = what, .ui = ui ? ui : &cf_no_ui };
	struct cf_trust *trust = NULL;
	const struct cf_err *err;
	json_t *sheets, *host;

	*out = NULL;
	cf_time_format(m.created, cf_now());
	err = make(&m);
	sheets = cf_sheets_paths(&m.sheets);
	host = m.remote ? cf_host_json(&m.host) : NULL;
	clear(&m);
	if (!err)
		err = cf_open(&trust, what->dir, ui);
	if (!err)
		err = cf_id(out, trust);
	if (!err)
		cf_folder_note(cf_store_work_dir(trust->store));
	if (!err) {
		json_object_set_new(*out, "dir", cf_path_json(
			cf_store_work_dir(trust->store)));
		json_object_set(*out, "sheets", sheets);
		if (host)
			json_object_set(*out, "host", host);
	}
	json_decref(sheets);
	json_decref(host);
	cf_close(trust);
	return err;
}
