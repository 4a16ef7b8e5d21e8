/*
 * The exact numbers behind what is published, kept sealed beside the rolls of
 * this machine. Each machine has those that it saw. What was published stands in
 * our own repository: this file says only how it came about.
 */
#include <stdlib.h>

#include "app/exact.h"
#include "base/mem.h"
#include "check/ledger.h"

static const struct cf_err *
ledger_path(char **dir, char **path, struct cf_trust *trust)
{
	char *keys = NULL;
	const struct cf_err *err = cf_keystore_dir(&keys);

	*dir = err ? NULL : cf_asprintf("%s/rolls/%s", keys, trust->id);
	*path = err ? NULL : cf_asprintf("%s/numbers.ledger", *dir);
	free(keys);
	return err;
}

static const struct cf_err *
unreadable(const char *path)
{
	return cf_err_rule(CF_INVALID, "ledger.damaged", "%s is damaged, or was "
		"sealed with an earlier key of this machine. Delete it; "
		"'confer check --fix' begins a new one", path);
}

static const struct cf_err *
read_ledger(struct cf_trust *trust, const char *path)
{
	struct cf_ledger ledger = { 0 };
	struct cf_secret bytes = { 0 };
	struct cf_seckey *key = NULL;
	const struct cf_err *err = cf_open_key(&key, trust);

	if (err)
		return err;
	err = cf_sealed_read(&bytes, path, CF_MAX_LEDGER_FILE, key);
	if (err && err->code == CF_INVALID)
		err = unreadable(path);
	if (!err && !cf_ledger_take(&ledger, &bytes))
		err = unreadable(path);
	if (!err) {
		trust->ledger = cf_calloc(1, sizeof *trust->ledger);
		*trust->ledger = ledger;
	}
	cf_secret_clear(&bytes);
	cf_seckey_free(key);
	return err;
}

const struct cf_err *
cf_exact_open(struct cf_trust *trust)
{
	char *dir = NULL, *path = NULL;
	const struct cf_err *err = NULL;

	if (trust->ledger)
		return NULL;
	err = ledger_path(&dir, &path, trust);
	if (!err && cf_file_exists(path))
		err = read_ledger(trust, path);
	free(path);
	free(dir);
	return err;
}

void
cf_exact_close(struct cf_trust *trust)
{
	if (trust->ledger)
		cf_ledger_clear(trust->ledger);
	free(trust->ledger);
	trust->ledger = NULL;
}

static const struct cf_err *
write_ledger(struct cf_trust *trust)
{
	char *dir = NULL, *path = NULL;
	struct cf_seckey *key = NULL;
	const struct cf_err *err = ledger_path(&dir, &path, trust);

	if (!err)
		err = cf_open_key(&key, trust);
	if (!err)
		err = cf_mkdirs(dir, 0700);
	if (!err)
		err = cf_sealed_write(path, key, "{}", (struct cf_str){
			trust->ledger->room.p, trust->ledger->used });
	cf_seckey_free(key);
	free(path);
	free(dir);
	return err;
}

const struct cf_err *
cf_exact_keep(struct cf_trust *trust, const json_t *draft,
	const struct cf_policy *policy)
{
	const struct cf_err *err = cf_exact_open(trust);
	bool changed = false;

	if (err)
		return err;
	if (trust->ledger == NULL)
		trust->ledger = cf_calloc(1, sizeof *trust->ledger);
	if (!cf_ledger_note(trust->ledger, &changed, draft, policy))
		err = cf_err(CF_TOO_BIG, "no more exact numbers can be kept");
	if (changed && !err)
		err = write_ledger(trust);
	return err;
}

const struct cf_err *
cf_exact_forget(struct cf_trust *trust, const char *kind, const json_t *body)
{
	const struct cf_err *err = cf_exact_open(trust);
	bool changed = false;

	if (!err && trust->ledger)
		cf_ledger_forget(trust->ledger, &changed, kind, body);
	if (!err && changed)
		err = write_ledger(trust);
	return err;
}
