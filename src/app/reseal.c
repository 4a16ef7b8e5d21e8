/*
 * Sealing again, with a new key of this machine, what the old one sealed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/reseal.h"
#include "base/mem.h"

static bool
is_sealed(const char *name)
{
	return cf_ends(name, ".roll") || cf_ends(name, ".ledger");
}

/* The folder and the sealed files in it; none is fine. */
static const struct cf_err *
sealed_files(char **dir, struct cf_names *out, struct cf_trust *trust)
{
	struct cf_names all = { 0 };
	char *keys = NULL;
	const struct cf_err *err = cf_keystore_dir(&keys);
	size_t n = 0;

	*out = (struct cf_names){ 0 };
	*dir = err ? NULL : cf_asprintf("%s/rolls/%s", keys, trust->id);
	free(keys);
	if (err || !cf_is_dir(*dir))
		return err;
	err = cf_dir_names(&all, *dir);
	for (size_t i = 0; i < all.n; i++)
		if (is_sealed(all.name[i]))
			all.name[n++] = all.name[i];
		else
			free(all.name[i]);
	all.n = n;
	*out = all;
	return err;
}

/* What is sealed cannot be opened: may it be lost? */
static const struct cf_err *
ask(struct cf_trust *trust, const struct cf_err *why)
{
	const struct cf_ui *ui = trust->ui;
	char *text = cf_asprintf("What the check knows of your own people (confer "
		"roll list), and the exact numbers behind what you published, "
		"are sealed with the key that goes, and that key could not be "
		"opened: %s.\n\nWith the new key they cannot be read. Import "
		"the rolls again afterwards.", why->msg);
	bool yes = true;

	if (ui->confirm)
		yes = ui->confirm(ui->payload, text, "Go on without them?");
	else if (ui->note)
		ui->note(ui->payload, text);
	free(text);
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was changed");
}

static const struct cf_err *
seal_again(const char *to, const char *path, const struct cf_reseal *reseal)
{
	struct cf_secret bytes = { 0 };
	char *line = NULL;
	const struct cf_err *err = cf_sealed_line(&line, path,
		CF_MAX_ROLL_FILE);

	if (!err)
		err = cf_sealed_read(&bytes, path, CF_MAX_ROLL_FILE,
			reseal->old);
	if (!err)
		err = cf_sealed_write(to, reseal->fresh, line,
			(struct cf_str){ bytes.p, bytes.n });
	cf_secret_clear(&bytes);
	free(line);
	return err;
}

/* A copy of each file, so that the new key opens them as soon as it is in force.
 * What the old one does not open is said at the end. */
static const struct cf_err *
prepare(const struct cf_reseal *reseal, const char *dir,
	const struct cf_names *files)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; !err && i < files->n; i++) {
		char *path = cf_path_join(dir, files->name[i]);
		char *next = cf_sealed_next(path);

		err = seal_again(next, path, reseal);
		if (err && err->code == CF_INVALID)
			err = NULL;
		free(next);
		free(path);
	}
	return err;
}

const struct cf_err *
cf_reseal_begin(struct cf_reseal *reseal, struct cf_trust *trust,
	const struct cf_seckey *fresh)
{
	struct cf_names files = { 0 };
	char *dir = NULL;
	const struct cf_err *err = sealed_files(&dir, &files, trust);

	*reseal = (struct cf_reseal){ NULL, NULL };
	if (!err && files.n) {
		err = cf_open_key(&reseal->old, trust);
		if (err) {
			err = ask(trust, err);
		} else {
			reseal->fresh = cf_seckey_copy(fresh);
			err = prepare(reseal, dir, &files);
		}
	}
	cf_names_clear(&files);
	free(dir);
	return err;
}

json_t *
cf_reseal_end(struct cf_reseal *reseal, struct cf_trust *trust)
{
	struct cf_names files = { 0 };
	json_t *out = json_array();
	char *dir = NULL;
	const struct cf_err *err;

	if (reseal->old == NULL)
		return out;
	err = sealed_files(&dir, &files, trust);
	for (size_t i = 0; !err && i < files.n; i++) {
		char *path = cf_asprintf("%s/%s", dir, files.name[i]);
		const struct cf_err *one = seal_again(path, path, reseal);

		if (one && trust->ui->note)
			trust->ui->note(trust->ui->payload, one->msg);
		files.name[i][strcspn(files.name[i], ".")] = '\0';
		if (!one)
			json_array_append_new(out, json_string(files.name[i]));
		free(path);
	}
	if (err && trust->ui->note)
		trust->ui->note(trust->ui->payload, err->msg);
	cf_names_clear(&files);
	free(dir);
	return out;
}

/* The copies go. */
static void
take_back(struct cf_trust *trust)
{
	struct cf_names files = { 0 };
	char *dir = NULL;

	if (sealed_files(&dir, &files, trust) == NULL)
		for (size_t i = 0; i < files.n; i++) {
			char *path = cf_path_join(dir, files.name[i]);
			char *next = cf_sealed_next(path);

			(void)unlink(next);
			free(next);
			free(path);
		}
	cf_names_clear(&files);
	free(dir);
}

void
cf_reseal_clear(struct cf_reseal *reseal, struct cf_trust *trust, bool made)
{
	if (reseal->old && !made)
		take_back(trust);
	cf_seckey_free(reseal->old);
	cf_seckey_free(reseal->fresh);
	*reseal = (struct cf_reseal){ NULL, NULL };
}
