/*
 * A second machine of a trust, or the same one whose folder was lost: the
 * repository as it is at the host, once it is certain whose it is, and a publish
 * key of this machine.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/folder.h"
#include "app/keys.h"
#include "base/mem.h"

struct joining {
	const struct cf_machine *what;
	const struct cf_ui *ui;
	struct cf_store *store;
	struct cf_fetch fetch;
	struct cf_quarantine quarantine;
	struct cf_gate gate;
	struct cf_new_key fresh;
	char *url;
	char *key;		/* of this machine, new or found */
};

static const struct cf_err *
check_input(struct joining *j)
{
	struct cf_digest id;
	bool local;

	if (j->what->id && !cf_digest_parse(&id, cf_str(j->what->id)))
		return cf_err(CF_INVALID, "%s is not a trust id: one begins "
			"with zQm and has 47 characters. 'confer id' on the "
			"first machine shows it", j->what->id);
	return cf_url_check(&j->url, &local, j->what->url);
}

static const struct cf_err *
fetch(struct joining *j)
{
	struct cf_settings settings;
	char *scratch = cf_store_file(j->store, "");
	const struct cf_err *err;

	j->fetch.url = j->url;
	err = cf_settings_read(&settings, j->store, j->ui);
	if (!err)
		err = cf_fetch_all(&j->fetch, 1, 1, NULL, scratch,
			&settings.transport, NULL, NULL);
	cf_settings_clear(&settings);
	free(scratch);
	if (!err)
		err = cf_err_again(j->fetch.err);
	if (!err && (!j->fetch.has_head || j->fetch.quarantine == NULL))
		err = cf_err(CF_REMOTE, "there is no Confer repository at %s "
			"yet: its branch main is missing. Publish on the first "
			"machine", j->url);
	return err ? err : cf_quarantine_open(&j->quarantine,
		j->fetch.quarantine, NULL);
}

static const struct cf_err *
judge(struct joining *j)
{
	const struct cf_gate_sink sink = { 0 };
	struct cf_refusal refusal;
	const struct cf_err *err;

	err = cf_gate_run(&j->gate, j->quarantine.pack, j->quarantine.all,
		&j->fetch.head, &sink, &refusal);
	if (err && err->code == CF_REFUSED)
		err = cf_err_rule(CF_REFUSED, err->rule, "the repository at %s "
			"is refused: %s%s%s", j->url, err->msg,
			refusal.path[0] ? ", in " : "", refusal.path);
	return err;
}

/* Whose it is must have been said on another way than the host. */
static const struct cf_err *
confirm(const struct joining *j)
{
	const char *trust = cf_chain_trust(&j->gate.chain);
	const char *name = cf_chain_now(&j->gate.chain)->name;
	char safety[CF_SAFETY_TEXT], *text;
	bool yes;

	if (j->what->id && strcmp(j->what->id, trust) == 0)
		return NULL;
	if (j->what->id)
		return cf_err_rule(CF_REFUSED, "join.id", "the repository at "
			"%s belongs to another trust (%s, %s) than the one you "
			"named", j->url, name, trust);
	cf_safety_number(safety, trust);
	if (j->ui->confirm == NULL)
		return cf_err_rule(CF_DECIDE, "join.unconfirmed", "the "
			"repository at %s says that it is %s's, with the "
			"safety number %s. Compare it with what 'confer id' "
			"shows on the first machine; then give its trust id: "
			"--id %s", j->url, name, safety, trust);
	text = cf_asprintf("The repository at %s says that it belongs to\n\n"
		"    %s\n\nIts safety number is\n\n    %s\n\nCompare it with "
		"what 'confer id' shows on the first machine.", j->url, name,
		safety);
	yes = j->ui->confirm(j->ui->payload, text, "Is it the same?");
	free(text);
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was made. If the "
		"numbers differ, somebody has put another repository at that "
		"address");
}

/* A key that may publish and is here: only the folder was lost. */
static const struct cf_err *
find_key(struct joining *j)
{
	const struct cf_identity *now = cf_chain_now(&j->gate.chain);
	json_t *keys = json_object_get(now->doc, "publishKeys");
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(keys) && !err && !j->key; i++) {
		const char *did = json_string_value(json_array_get(keys, i));
		bool here = false, sealed;
		struct cf_pubkey key;

		if (cf_pubkey_parse(&key, cf_str(did)))
			err = cf_keystore_find(&here, &sealed,
				cf_chain_trust(&j->gate.chain), &key);
		if (here)
			j->key = cf_strdup(did);
	}
	return err;
}

static const struct cf_err *
make_key(struct joining *j)
{
	const struct cf_err *err = find_key(j);

	if (err || j->key)
		return err;
	err = cf_new_key_seal(&j->fresh, j->ui, j->what->no_passphrase);
	if (err)
		return err;
	j->fresh.key = cf_seckey_new();
	j->key = cf_strdup(cf_seckey_public(j->fresh.key)->did);
	return cf_new_key_save(&j->fresh, cf_chain_trust(&j->gate.chain));
}

static const struct cf_err *
fill_store(struct joining *j)
{
	static const char *const refs[] = { CF_PUSHED, CF_REMOTE_HEAD,
		CF_MAIN };
	const struct cf_err *err;

	err = cf_quarantine_accept(j->store, j->fetch.quarantine,
		&j->fetch.head);
	if (!err)
		err = cf_config_set(j->store, "confer.trust",
			cf_chain_trust(&j->gate.chain));
	if (!err)
		err = cf_config_set(j->store, "confer.key", j->key);
	if (!err)
		err = cf_config_set(j->store, "confer.remote", j->url);
	for (size_t i = 0; i < 3 && !err; i++)
		err = cf_ref_set(j->store, refs[i], &j->fetch.head, NULL);
	return err;
}

static const struct cf_err *
join(struct joining *j)
{
	char *keys = NULL, *drafts;
	const struct cf_err *err;

	err = check_input(j);
	if (!err)
		err = cf_keystore_dir(&keys);
	free(keys);
	if (!err)
		err = cf_store_begin(&j->store, j->what->dir);
	if (!err)
		err = fetch(j);
	if (!err)
		err = judge(j);
	if (!err)
		err = confirm(j);
	if (!err)
		err = make_key(j);
	if (!err)
		err = fill_store(j);
	if (!err) {
		/* It lies in the folder that is about to be renamed. */
		cf_quarantine_close(&j->quarantine);
		cf_fetch_clear(&j->fetch);
		err = cf_store_finish(j->store);
	}
	if (err)
		return err;
	drafts = cf_path_join(cf_store_work_dir(j->store), "drafts");
	err = cf_mkdirs(drafts, 0755);
	free(drafts);
	return err;
}

const struct cf_err *
cf_join_machine(json_t **out, const struct cf_machine *what, const struct cf_ui *ui)
{
	struct joining j = { .what = what, .ui = ui ? ui : &cf_no_ui };
	struct cf_trust *trust = NULL;
	const struct cf_err *err;
	struct cf_err kept;

	*out = NULL;
	err = join(&j);
	if (err) {
		kept = *err;	/* a fetch's error lives in the fetch */
		err = cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
	}
	cf_quarantine_close(&j.quarantine);
	cf_fetch_clear(&j.fetch);
	cf_new_key_clear(&j.fresh, cf_chain_trust(&j.gate.chain),
		j.store && !cf_store_is_begun(j.store));
	cf_gate_clear(&j.gate);
	cf_store_free(j.store);
	if (!err)
		err = cf_open(&trust, what->dir, ui);
	if (!err)
		err = cf_id(out, trust);
	if (!err)
		cf_folder_note(cf_store_work_dir(trust->store));
	if (!err)
		json_object_set_new(*out, "dir", cf_path_json(
			cf_store_work_dir(trust->store)));
	cf_close(trust);
	free(j.url);
	free(j.key);
	return err;
}
