/*
 * The trust's own people: taken from a CSV file, sealed beside its keys, opened
 * for a check. Nothing of it is written anywhere else.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/trust.h"
#include "base/clock.h"
#include "base/mem.h"
#include "check/csv.h"
#include "check/roll.h"

#define ENDING ".roll"

/* <key store>/rolls/<trust id>; the caller frees. */
static const struct cf_err *
roll_dir(char **out, struct cf_trust *trust)
{
	char *dir = NULL;
	const struct cf_err *err = cf_keystore_dir(&dir);

	*out = err ? NULL : cf_asprintf("%s/rolls/%s", dir, trust->id);
	free(dir);
	return err;
}

static const struct cf_err *
check_name(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' &&
			name[i] <= '9') || (i && name[i] == '-')))
			n = 0;
	if (n == 0 || n > CF_MAX_ROLL_NAME)
		return cf_err(CF_USAGE, "the name of a roll has 1 to %u small "
			"letters, digits and -, such as pupils or staff-2026",
			CF_MAX_ROLL_NAME);
	return NULL;
}

/* Names of the rolls there are, without their ending; none is fine. */
static const struct cf_err *
roll_names(struct cf_names *out, const char *dir)
{
	const struct cf_err *err;
	size_t n = 0;

	*out = (struct cf_names){ 0 };
	if (!cf_is_dir(dir))
		return NULL;
	err = cf_dir_names(out, dir);
	for (size_t i = 0; !err && i < out->n; i++) {
		char *name = out->name[i];

		if (cf_ends(name, ENDING)) {
			name[strlen(name) - strlen(ENDING)] = '\0';
			out->name[n++] = name;
		} else {
			free(name);
		}
	}
	out->n = n;
	return err;
}

static char *
roll_path(const char *dir, const char *name)
{
	return cf_asprintf("%s/%s" ENDING, dir, name);
}

/* --- import ----------------------------------------------------------------- */

static json_t *
describe(const struct cf_roll_counts *counts)
{
	char now[CF_TIME_TEXT];

	cf_time_format(now, cf_now());
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "imported",
		now, "people", (json_int_t)counts->people, "names",
		(json_int_t)counts->names, "numbers",
		(json_int_t)counts->numbers, "births",
		(json_int_t)counts->births, "postcodes",
		(json_int_t)counts->postcodes, "mailboxes",
		(json_int_t)counts->mailboxes);
}

static const struct cf_err *
write_roll(struct cf_trust *trust, const struct cf_needles *words,
	const json_t *about, const char *dir, const char *name)
{
	char *path = roll_path(dir, name), *line = NULL;
	struct cf_seckey *key = NULL;
	const struct cf_err *err = cf_open_key(&key, trust);

	if (!err)
		err = cf_mkdirs(dir, 0700);
	if (!err) {
		line = json_dumps(about, JSON_COMPACT);
		err = cf_sealed_write(path, key, line ? line : "{}",
			(struct cf_str){ words->room.p, words->used });
	}
	cf_seckey_free(key);
	free(line);
	free(path);
	return err;
}

const struct cf_err *
cf_roll_import(json_t **out, struct cf_trust *trust, const char *file,
	const char *name)
{
	struct cf_secret csv = { 0 };
	struct cf_needles words = { 0 };
	struct cf_roll_counts counts = { 0 };
	char *dir = NULL;
	const struct cf_err *err;

	*out = NULL;
	name = name ? name : "people";
	err = check_name(name);
	if (!err)
		err = roll_dir(&dir, trust);
	if (!err)
		err = cf_secret_load(&csv, file, CF_MAX_ROLL);
	if (!err) {
		err = cf_csv_check(csv.p, csv.n);
		if (err)
			err = cf_err_wrap(err, "%s", file);
	}
	if (!err)
		err = cf_roll_read(&words, &counts, &csv);
	cf_secret_clear(&csv);
	if (!err && words.n == 0)
		err = cf_err_rule(CF_INVALID, "roll.empty", "%s names nobody. "
			"Nothing was changed", file);
	if (!err && words.used > CF_MAX_ROLL_WORDS)
		err = cf_err(CF_TOO_BIG, "%s names too many people for one "
			"roll. Import it in parts, each under a name of its "
			"own (--name)", file);
	if (!err) {
		*out = describe(&counts);
		err = write_roll(trust, &words, *out, dir, name);
		json_object_set_new(*out, "name", json_string(name));
	}
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	cf_needles_clear(&words);
	cf_forget_key(trust);
	free(dir);
	return err;
}

/* --- list, forget ----------------------------------------------------------- */

const struct cf_err *
cf_roll_list(json_t **out, struct cf_trust *trust)
{
	struct cf_names names = { 0 };
	char *dir = NULL;
	const struct cf_err *err = roll_dir(&dir, trust);

	*out = json_array();
	if (!err)
		err = roll_names(&names, dir);
	for (size_t i = 0; !err && i < names.n; i++) {
		char *path = roll_path(dir, names.name[i]), *line = NULL;
		json_t *row;

		err = cf_sealed_line(&line, path, CF_MAX_ROLL_FILE);
		row = line ? json_loads(line, 0, NULL) : NULL;
		if (!json_is_object(row)) {
			json_decref(row);
			row = json_object();
		}
		json_object_set_new(row, "name", json_string(names.name[i]));
		json_array_append_new(*out, row);
		free(line);
		free(path);
	}
	cf_names_clear(&names);
	free(dir);
	return err;
}

const struct cf_err *
cf_roll_forget(struct cf_trust *trust, const char *name)
{
	char *dir = NULL, *path = NULL, *next;
	const struct cf_err *err = check_name(name);

	if (!err)
		err = roll_dir(&dir, trust);
	if (!err) {
		path = roll_path(dir, name);
		err = cf_file_exists(path) ? cf_remove_all(path) :
			cf_err(CF_NOT_FOUND, "there is no roll '%s'; 'confer "
			"roll list' shows them", name);
		next = cf_sealed_next(path);
		(void)unlink(next);
		free(next);
	}
	if (!err)
		err = cf_fsync_dir(dir);
	free(path);
	free(dir);
	return err;
}

/* --- for a check ------------------------------------------------------------ */

/* The words of all rolls, one after the other. */
static const struct cf_err *
read_all(struct cf_needles *words, const struct cf_names *names,
	const char *dir, const struct cf_seckey *key)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; !err && i < names->n; i++) {
		char *path = roll_path(dir, names->name[i]);
		struct cf_secret one = { 0 }, both = { 0 };

		err = cf_sealed_read(&one, path, CF_MAX_ROLL_FILE, key);
		if (!err) {
			cf_secret_room(&both, words->used + one.n);
			if (words->used)
				memcpy(both.p, words->room.p, words->used);
			memcpy(both.p + words->used, one.p, one.n);
			cf_secret_clear(&words->room);
			words->room = both;
			words->used += one.n;
		}
		cf_secret_clear(&one);
		free(path);
	}
	return err;
}

static const struct cf_err *
open_rolls(struct cf_trust *trust, const struct cf_names *names,
	const char *dir)
{
	struct cf_needles words = { 0 };
	struct cf_seckey *key = NULL;
	const struct cf_err *err = cf_open_key(&key, trust);

	if (!err)
		err = read_all(&words, names, dir, key);
	if (!err) {
		trust->roll = cf_automaton_new((struct cf_str){ words.room.p,
			words.used });
		if (trust->roll == NULL)
			err = cf_err_rule(CF_INVALID, "roll.damaged", "a roll "
				"has another form than this version of Confer "
				"reads. Import it again");
	}
	cf_needles_clear(&words);
	cf_seckey_free(key);
	return err;
}

const struct cf_err *
cf_roll_open(struct cf_trust *trust)
{
	struct cf_names names = { 0 };
	char *dir = NULL;
	const struct cf_err *err = NULL;

	if (trust->roll)
		return NULL;
	err = roll_dir(&dir, trust);
	if (!err)
		err = roll_names(&names, dir);
	if (!err && names.n)
		err = open_rolls(trust, &names, dir);
	cf_names_clear(&names);
	free(dir);
	return err;
}
