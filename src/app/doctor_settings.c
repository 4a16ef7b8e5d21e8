/*
 * The settings: whether they make sense, and whether the files that they name
 * are there.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/doctor.h"
#include "base/mem.h"

static bool
is_ssh(const char *url)
{
	return cf_starts(url, "ssh://") || (strstr(url, "://") == NULL &&
		url[0] != '/' && strchr(url, ':') != NULL);
}

/* True where the address is one of ssh. */
static bool
check_url(struct cf_doctor *d, const char *whose, const char *url)
{
	const struct cf_err *err;
	char *normal = NULL;
	bool local, ssh = false;

	err = cf_url_check(&normal, &local, url);
	if (err)
		cf_doctor_wrong(d, "settings", err->msg, "The address of %s "
			"cannot be used", whose);
	else if (local && !cf_is_dir(cf_starts(normal, "file://") ?
		normal + 7 : normal))
		cf_doctor_note(d, "settings", "Is the disk or stick that it "
			"is on connected?", "There is no folder at the address "
			"of %s: %s", whose, normal);
	ssh = !err && is_ssh(normal);
	free(normal);
	return ssh;
}

/* Adding it was cut short: it counts as no partner, and can go. */
static void
drop_half_partner(struct cf_doctor *d, struct cf_store *store,
	const char *name)
{
	const struct cf_err *err = d->dry ? NULL : cf_config_remove_section(
		store, "confer-partner", name);

	if (err)
		cf_doctor_wrong(d, "settings", NULL, "%s", err->msg);
	else
		cf_doctor_mended(d, "settings", "Add the partner again if you "
			"want to follow it", "A partner, %s, was added by half "
			"only", name);
}

/* True where one is reached by ssh. */
static bool
check_partner(struct cf_doctor *d, struct cf_store *store, const char *name)
{
	char *trust_key = cf_asprintf("confer-partner.%s.trust", name);
	char *url_key = cf_asprintf("confer-partner.%s.url", name);
	char *trust = NULL, *url = NULL;
	const struct cf_err *err;
	struct cf_digest id;
	bool ssh = false;

	err = cf_config_get(&trust, store, trust_key);
	if (!err)
		err = cf_config_get(&url, store, url_key);
	if (err)
		cf_doctor_wrong(d, "settings", NULL, "%s", err->msg);
	else if (trust == NULL || url == NULL)
		drop_half_partner(d, store, name);
	else if (!cf_digest_parse(&id, cf_str(trust)))
		cf_doctor_wrong(d, "settings", "Remove it ('confer partner "
			"remove') and add it again", "The trust id of the "
			"partner %s is none", name);
	else
		ssh = check_url(d, name, url);
	free(trust_key);
	free(url_key);
	free(trust);
	free(url);
	return ssh;
}

/* A file that a setting names, or (NULL) `usual`, where `needed`. */
static void
check_file(struct cf_doctor *d, const char *key, const char *path)
{
	if (path && access(path, R_OK) != 0)
		cf_doctor_wrong(d, "settings", "Correct the setting with git "
			"config, or put the file there", "The setting %s names "
			"%s, which cannot be read", key, path);
}

static void
check_known_hosts(struct cf_doctor *d, const char *set)
{
	const char *home = getenv("HOME");
	char *usual = cf_path_join(home ? home : "", ".ssh/known_hosts");

	if (set == NULL && access(usual, R_OK) != 0 &&
		access("/etc/ssh/ssh_known_hosts", R_OK) != 0)
		cf_doctor_wrong(d, "settings", "Connect to it with ssh once, "
			"and compare the fingerprint with what the host says "
			"of itself", "An address is reached by ssh, and no "
			"host is known on this machine (%s)", usual);
	free(usual);
}

/* What the world can see of whom we follow. */
static void
check_relay(struct cf_doctor *d, struct cf_store *store, const char *remote)
{
	const struct cf_err *err;
	bool relay, say;

	err = cf_setting_on(&relay, store, "confer.relay", false);
	if (!err)
		err = cf_setting_on(&say, store, "confer.publishPartners",
			true);
	if (err)
		cf_doctor_wrong(d, "settings", "Correct it with git config",
			"%s", err->msg);
	else if (relay && remote == NULL)
		cf_doctor_wrong(d, "settings", "Say where you publish "
			"('confer id --set host=URL'), or run 'confer relay "
			"off'", "You relay (confer.relay), and "
			"have no host that others could ask");
	else if (relay && !say)
		cf_doctor_note(d, "settings", "Run 'confer relay off' if that "
			"is not meant", "confer.publishPartners hides whom you "
			"follow, and confer.relay shows it");
	else if (relay)
		cf_doctor_note(d, "settings", "'confer relay off' ends it",
			"You relay: your host carries copies of your partners' "
			"records, and shows whom you follow");
}

void
cf_doctor_settings(struct cf_doctor *d, struct cf_store *store)
{
	size_t before = d->wrong + d->mended;
	struct cf_settings settings = { 0 };
	struct cf_names names = { 0 };
	const struct cf_err *err;
	char *remote = NULL;
	bool ssh = false;

	err = cf_settings_read(&settings, store, d->ui);
	if (!err)
		err = cf_config_get(&remote, store, "confer.remote");
	if (!err)
		err = cf_config_names(&names, store, "confer-partner");
	if (err)
		cf_doctor_wrong(d, "settings", NULL, "%s", err->msg);
	check_file(d, "confer.caFile", settings.ca_file);
	check_file(d, "confer.sshKey", settings.ssh_key);
	check_file(d, "confer.knownHosts", settings.known_hosts);
	if (remote)
		ssh = check_url(d, "your own host (confer.remote)", remote);
	else if (!err)
		cf_doctor_note(d, "settings", "Set one with 'confer id "
			"--set host=URL'", "No host is set: what you publish "
			"stays on this machine");
	if (!err)
		check_relay(d, store, remote);
	for (size_t i = 0; i < names.n; i++)
		ssh = check_partner(d, store, names.name[i]) || ssh;
	if (ssh)
		check_known_hosts(d, settings.known_hosts);
	if (!err && before == d->wrong + d->mended)
		cf_doctor_good(d, "settings", "The settings are in order "
			"(partners: %zu)", names.n);
	cf_settings_clear(&settings);
	cf_names_clear(&names);
	free(remote);
}
