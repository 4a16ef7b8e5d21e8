/*
 * Recovery sheets, typed in or from a file.
 */
#include <string.h>

#include "app/trust.h"
#include "base/limits.h"

#define LINE 256		/* bytes of a typed line */
#define TRIES 5			/* for each line */

static const struct cf_err *
type_line(struct cf_buf *text, struct cf_trust *trust, unsigned number)
{
	const struct cf_ui *ui = trust->ui;
	const struct cf_err *err = NULL;
	char line[LINE];

	for (int i = 0; i < TRIES; i++) {
		if (!ui->sheet_line(ui->payload, number, CF_SHEET_LINES,
			err ? err->msg : NULL, line, sizeof line))
			return cf_err(CF_CANCELLED, "the recovery sheet was "
				"not typed to its end; nothing was changed");
		err = cf_sheet_line(cf_str(line), number);
		if (!err)
			break;
	}
	if (!err)
		cf_buf_printf(text, "%s\n", line);
	explicit_bzero(line, sizeof line);
	return err;
}

/* Each line is judged when it is typed, so that the slip is where the eye is. */
static const struct cf_err *
type_sheet(struct cf_buf *text, struct cf_trust *trust)
{
	const struct cf_err *err = NULL;

	if (trust->ui->sheet_line == NULL)
		return cf_err(CF_USAGE, "the recovery sheet is needed: type it "
			"on a terminal, or name a file that holds it with "
			"--sheet");
	for (unsigned n = 1; n <= CF_SHEET_LINES && !err; n++)
		err = type_line(text, trust, n);
	return err;
}

const struct cf_err *
cf_read_sheet(struct cf_seckey **out, struct cf_trust *trust, const char *file)
{
	struct cf_buf text = CF_BUF(CF_MAX_SHEET);
	const struct cf_err *err;

	*out = NULL;
	err = file ? cf_file_read(&text, file, true) :
		type_sheet(&text, trust);
	if (!err)
		err = cf_sheet_read(out,
			(struct cf_str){ text.data, text.len });
	cf_buf_wipe(&text);
	return err;
}

const struct cf_err *
cf_sheet_in_force(const struct cf_identity *identity,
	const struct cf_seckey *sheet)
{
	if (cf_json_has(json_object_get(identity->doc, "rootKeys"),
		cf_seckey_public(sheet)->did))
		return NULL;
	return cf_err_rule(CF_INVALID, "sheet.other", "every line is right, "
		"but this sheet is not one of %s's that are in force. Is it "
		"another trust's, or an old one?", identity->name);
}

const struct cf_err *
cf_key_check(json_t **out, struct cf_trust *trust, const char *file)
{
	const struct cf_identity *now = cf_chain_now(&trust->own.chain);
	struct cf_seckey *key;
	const struct cf_err *err;

	*out = NULL;
	err = cf_read_sheet(&key, trust, file);
	if (err)
		return err;
	err = cf_sheet_in_force(now, key);
	if (!err)
		*out = json_pack("{s:s, s:i}", "key",
			cf_seckey_public(key)->did, "identity",
			(int)now->version);
	cf_seckey_free(key);
	return err;
}
