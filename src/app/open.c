/*
 * Opening a trust's repository, and reading its configuration.
 */
#include <stdlib.h>
#include <string.h>

#include "app/exact.h"
#include "app/folder.h"
#include "app/trust.h"
#include "base/mem.h"
#include "check/automaton.h"

char *
cf_pin_name(const char *trust)
{
	return cf_asprintf("refs/confer/pins/%s", trust);
}

char *
cf_held_name(const char *trust)
{
	return cf_asprintf(CF_HELD "%s", trust);
}

const struct cf_err *
cf_open(struct cf_trust **out, const char *dir, const struct cf_ui *ui)
{
	struct cf_trust *trust = cf_calloc(1, sizeof *trust);
	struct cf_digest id;
	const struct cf_err *err;
	char *path = NULL;

	*out = NULL;
	trust->ui = ui ? ui : &cf_no_ui;
	err = cf_store_open(&trust->store, dir);
	if (err && err->code == CF_NOT_FOUND)
		err = cf_folder_hint(err);
	if (!err)
		err = cf_config_get(&trust->id, trust->store, "confer.trust");
	if (!err && (trust->id == NULL ||
		!cf_digest_parse(&id, cf_str(trust->id))))
		err = cf_err(CF_INVALID, "the settings in %s do not say which "
			"trust this is (confer.trust)",
			cf_store_git_dir(trust->store));
	if (!err) {
		path = cf_store_file(trust->store, "index.db");
		err = cf_index_open(&trust->index, path);
	}
	if (!err)
		err = cf_catch_up(trust);
	free(path);
	if (err) {
		cf_close(trust);
		return err;
	}
	*out = trust;
	return NULL;
}

void
cf_close(struct cf_trust *trust)
{
	if (trust == NULL)
		return;
	cf_index_close(trust->index);
	cf_gate_clear(&trust->own);
	cf_forget_key(trust);
	json_decref(trust->host.again);
	cf_store_free(trust->store);
	cf_automaton_free(trust->roll);
	cf_exact_close(trust);
	free(trust->id);
	free(trust);
}

/* *whole is false where the address or the trust id is missing: adding it was
 * cut short, and there is no such partner. */
static const struct cf_err *
read_partner(struct cf_partner *out, bool *whole, struct cf_trust *trust,
	const char *name)
{
	char *trust_key = cf_asprintf("confer-partner.%s.trust", name);
	char *url_key = cf_asprintf("confer-partner.%s.url", name);
	const struct cf_err *err;
	struct cf_digest id;

	*out = (struct cf_partner){ .name = cf_strdup(name) };
	err = cf_config_get(&out->trust, trust->store, trust_key);
	if (!err)
		err = cf_config_get(&out->url, trust->store, url_key);
	*whole = !err && out->trust && out->url;
	if (*whole && !cf_digest_parse(&id, cf_str(out->trust)))
		err = cf_err(CF_INVALID, "the setting %s in %s is not a trust "
			"id. Remove it with git config, and add the partner "
			"again", trust_key, cf_store_git_dir(trust->store));
	free(trust_key);
	free(url_key);
	return err;
}

static void
clear_partner(struct cf_partner *partner)
{
	free(partner->name);
	free(partner->trust);
	free(partner->url);
}

const struct cf_err *
cf_partners_read(struct cf_partners *out, struct cf_trust *trust)
{
	struct cf_names names;
	const struct cf_err *err;

	*out = (struct cf_partners){ 0 };
	err = cf_config_names(&names, trust->store, "confer-partner");
	if (err)
		return err;
	out->partner = cf_calloc(names.n, sizeof *out->partner);
	for (size_t i = 0; i < names.n && !err; i++) {
		struct cf_partner *partner = &out->partner[out->n];
		bool whole;

		err = read_partner(partner, &whole, trust, names.name[i]);
		if (err || whole)
			out->n++;
		else
			clear_partner(partner);
	}
	cf_names_clear(&names);
	if (err)
		cf_partners_clear(out);
	return err;
}

void
cf_partners_clear(struct cf_partners *partners)
{
	for (size_t i = 0; i < partners->n; i++)
		clear_partner(&partners->partner[i]);
	free(partners->partner);
	*partners = (struct cf_partners){ 0 };
}

struct cf_partner *
cf_partners_find(const struct cf_partners *partners, const char *name)
{
	for (size_t i = 0; i < partners->n; i++)
		if (strcmp(partners->partner[i].name, name) == 0 ||
			strcmp(partners->partner[i].trust, name) == 0)
			return &partners->partner[i];
	return NULL;
}

const struct cf_err *
cf_setting_on(bool *out, struct cf_store *store, const char *key, bool usual)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on", "0", "1" };
	char *text = NULL;
	const struct cf_err *err = cf_config_get(&text, store, key);
	size_t i = 0, n = sizeof words / sizeof *words;

	*out = usual;
	while (text && i < n && strcasecmp(text, words[i]) != 0)
		i++;
	if (text && i < n)
		*out = i % 2;
	else if (text)
		err = cf_err(CF_INVALID, "the setting %s in %s is '%s', which "
			"is neither true nor false", key,
			cf_store_git_dir(store), text);
	free(text);
	return err;
}

const struct cf_err *
cf_settings_read(struct cf_settings *out, struct cf_store *store,
	const struct cf_ui *ui)
{
	struct {
		const char *key;
		char **value;
	} list[] = { { "confer.proxy", &out->proxy },
		{ "confer.caFile", &out->ca_file },
		{ "confer.sshKey", &out->ssh_key },
		{ "confer.knownHosts", &out->known_hosts } };
	const struct cf_err *err = NULL;

	*out = (struct cf_settings){ 0 };
	for (size_t i = 0; store && i < 4 && !err; i++)
		err = cf_config_get(list[i].value, store, list[i].key);
	if (err) {
		cf_settings_clear(out);
		return err;
	}
	out->transport = (struct cf_transport){ .proxy = out->proxy,
		.ca_file = out->ca_file, .ssh_key = out->ssh_key,
		.known_hosts = out->known_hosts, .ask = ui->credentials,
		.payload = ui->payload };
	return NULL;
}

void
cf_settings_clear(struct cf_settings *settings)
{
	free(settings->proxy);
	free(settings->ca_file);
	free(settings->ssh_key);
	free(settings->known_hosts);
	*settings = (struct cf_settings){ 0 };
}
