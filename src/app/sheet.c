/*
 * Recovery sheets, typed in or from a file.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/clock.h"
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

/* The number that is printed on a sheet: its place among the root keys that came
 * with it. Sheets that were made before keep theirs. */
static int
number_of(const struct cf_chain *chain, const char *did)
{
	const json_t *before = NULL;

	for (size_t i = 0; i < chain->n; i++) {
		json_t *keys = json_object_get(chain->link[i].doc, "rootKeys");
		json_t *key;
		size_t k;
		int n = 0;

		json_array_foreach(keys, k, key) {
			n += !cf_json_has(before, json_string_value(key));
			if (strcmp(json_string_value(key), did) == 0)
				return n;
		}
		before = keys;
	}
	return 0;
}

/* When each sheet was tried on this machine; losing it loses nothing. */
static json_t *
read_tried(const char *path)
{
	json_t *doc = NULL;

	if (cf_json_read_path(&doc, path, CF_MAX_JSON) != NULL ||
		!json_is_object(doc)) {
		json_decref(doc);
		doc = json_object();
	}
	return doc;
}

static const struct cf_err *
note_tried(json_t *tried, const char *path, const char *did)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;
	char now[CF_TIME_TEXT];

	cf_time_format(now, cf_now());
	json_object_set_new(tried, did, json_string(now));
	err = cf_json_file_form(&text, tried);
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	cf_buf_clear(&text);
	return err;
}

/* [{sheet, tried?}] of the others that are in force. */
static json_t *
others(const struct cf_chain *chain, const json_t *tried, const char *did)
{
	json_t *keys = json_object_get(cf_chain_now(chain)->doc, "rootKeys");
	json_t *out = json_array(), *key;
	size_t i;

	json_array_foreach(keys, i, key) {
		const char *other = json_string_value(key);

		if (strcmp(other, did) != 0)
			json_array_append_new(out, json_pack("{s:i, s:O*}",
				"sheet", number_of(chain, other), "tried",
				json_object_get(tried, other)));
	}
	return out;
}

const struct cf_err *
cf_key_check(json_t **out, struct cf_trust *trust, const char *file)
{
	const struct cf_chain *chain = &trust->own.chain;
	char *path = cf_store_file(trust->store, "sheets-tried.json");
	struct cf_seckey *key = NULL;
	json_t *tried = NULL;
	const struct cf_err *err;

	*out = NULL;
	err = cf_read_sheet(&key, trust, file);
	if (!err)
		err = cf_sheet_in_force(cf_chain_now(chain), key);
	if (!err) {
		const char *did = cf_seckey_public(key)->did;

		tried = read_tried(path);
		*out = json_pack("{s:s, s:i, s:i, s:o, s:O*}", "key", did,
			"identity", (int)cf_chain_now(chain)->version, "sheet",
			number_of(chain, did), "others", others(chain, tried,
			did), "tried", json_object_get(tried, did));
		err = cf_store_lock(trust->store, "key check");
		if (!err) {
			err = note_tried(tried, path, did);
			cf_store_unlock(trust->store);
		}
	}
	json_decref(tried);
	cf_seckey_free(key);
	free(path);
	return err;
}
