/*
 * New keys: where they are kept, and how they are taken back when nothing came
 * of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/keys.h"
#include "base/mem.h"

const struct cf_err *
cf_sheets_check(const char *dir, const char *repo, const struct cf_ui *ui)
{
	const struct cf_err *err;
	char *outside, *inside, *word;
	size_t n;
	bool within;

	if (dir == NULL)
		return ui->sheet ? NULL : cf_err(CF_USAGE, "the recovery "
			"sheets must go somewhere: name a folder outside the "
			"repository, such as a memory stick, with --sheets "
			"FOLDER");
	outside = cf_path_absolute(dir);
	inside = cf_path_absolute(repo);
	n = strlen(inside);
	within = cf_starts(outside, inside) &&
		(outside[n] == '/' || outside[n] == '\0');
	free(outside);
	free(inside);
	if (within)
		return cf_err(CF_INVALID, "the recovery sheets must not lie "
			"in the repository's own folder; choose another for "
			"--sheets");
	if (cf_is_dir(dir))
		return NULL;
	/* A memory stick that is not there would leave them on this disk. */
	word = cf_shell_word(dir);
	err = cf_err(CF_INVALID, "there is no folder %s for the recovery "
		"sheets; nothing was made. If it is on a memory stick, put "
		"the stick in. If it is to be a new folder, make it first: "
		"mkdir -p %s", dir, word);
	free(word);
	return err;
}

void
cf_sheets_make(struct cf_sheets *sheets)
{
	for (int i = 0; i < CF_SHEETS; i++)
		sheets->root[i] = cf_seckey_new();
}

/* Sheets of one trust from two years may lie in one folder. */
static char *
sheet_name(unsigned number, const struct cf_sheets_of *of)
{
	return of->identity == 1 ?
		cf_asprintf("recovery-sheet-%u-%.8s.txt", number,
		of->trust + 3) : cf_asprintf("recovery-sheet-%u-%.8s-%u.txt",
		number, of->trust + 3, of->identity);
}

static const struct cf_err *
write_sheet(struct cf_sheets *sheets, unsigned i,
	const struct cf_sheets_of *of, const struct cf_ui *ui)
{
	struct cf_buf text = CF_BUF(64u * 1024);
	struct cf_sheet sheet = { .trust_name = of->name,
		.trust_id = of->trust, .number = i + 1, .total = CF_SHEETS,
		.created = of->created };
	const struct cf_err *err = NULL;

	cf_sheet_write(&text, sheets->root[i], &sheet);
	if (sheets->dir) {
		char *name = sheet_name(i + 1, of);

		sheets->path[i] = cf_path_join(sheets->dir, name);
		free(name);
		err = cf_file_create(sheets->path[i], text.data, text.len,
			0600);
		if (err) {
			free(sheets->path[i]);
			sheets->path[i] = NULL;
		}
	} else if (!ui->sheet(ui->payload, text.data, i + 1, CF_SHEETS))
		err = cf_err(CF_CANCELLED, "nothing was made, because the "
			"recovery sheets were not kept");
	cf_buf_wipe(&text);
	return err;
}

const struct cf_err *
cf_sheets_write(struct cf_sheets *sheets, const struct cf_sheets_of *of,
	const struct cf_ui *ui)
{
	const struct cf_err *err = NULL;

	for (unsigned i = 0; i < CF_SHEETS && !err; i++)
		err = write_sheet(sheets, i, of, ui);
	return err;
}

void
cf_sheets_take_back(const struct cf_sheets *sheets)
{
	for (int i = 0; i < CF_SHEETS; i++)
		if (sheets->path[i])
			(void)remove(sheets->path[i]);
}

json_t *
cf_sheets_paths(const struct cf_sheets *sheets)
{
	json_t *paths = json_array();

	for (int i = 0; i < CF_SHEETS; i++)
		if (sheets->path[i])
			json_array_append_new(paths,
				cf_path_json(sheets->path[i]));
	return paths;
}

void
cf_sheets_clear(struct cf_sheets *sheets)
{
	for (int i = 0; i < CF_SHEETS; i++) {
		cf_seckey_free(sheets->root[i]);
		free(sheets->path[i]);
	}
	*sheets = (struct cf_sheets){ 0 };
}

const struct cf_err *
cf_passphrase_check(const char *text)
{
	struct cf_str rest = cf_str(text);
	unsigned n = 0;

	while (rest.n && n < CF_MIN_PASSPHRASE) {
		if (cf_utf8_next(&rest) < 0)
			rest = (struct cf_str){ rest.p + 1, rest.n - 1 };
		n++;
	}
	return n >= CF_MIN_PASSPHRASE ? NULL : cf_err_rule(CF_INVALID,
		"key.short", "that passphrase is too short: whoever finds the "
		"file of the key could try them all. Choose one of %u "
		"characters or more, such as four words that do not belong "
		"together", CF_MIN_PASSPHRASE);
}

const struct cf_err *
cf_new_key_seal(struct cf_new_key *fresh, const struct cf_ui *ui,
	bool no_passphrase)
{
	const struct cf_err *err;
	char text[CF_MAX_PASSPHRASE];

	if (no_passphrase)
		return NULL;
	if (ui->passphrase == NULL || !ui->passphrase(ui->payload,
		"Choose a passphrase for this machine's key", true, text,
		sizeof text))
		return cf_err(CF_USAGE, "a passphrase is needed to keep the "
			"key safe: answer on a terminal, name a file with "
			"--passphrase-file, or choose --no-passphrase");
	err = cf_passphrase_check(text);
	if (!err)
		cf_secret_set(&fresh->passphrase, text, strlen(text));
	explicit_bzero(text, sizeof text);
	fresh->sealed = err == NULL;
	return err;
}

const struct cf_err *
cf_new_key_save(struct cf_new_key *fresh, const char *trust)
{
	const struct cf_err *err = cf_keystore_save(trust, fresh->key,
		fresh->sealed ? &fresh->passphrase : NULL);

	fresh->saved = err == NULL;
	return err;
}

void
cf_new_key_clear(struct cf_new_key *fresh, const char *trust, bool keep)
{
	if (fresh->saved && !keep)
		cf_keystore_remove(trust, cf_seckey_public(fresh->key));
	cf_seckey_free(fresh->key);
	cf_secret_clear(&fresh->passphrase);
	*fresh = (struct cf_new_key){ 0 };
}
