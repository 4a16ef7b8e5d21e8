/*
 * The machine: what Confer is built on, and where the secret keys are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/doctor.h"
#include "base/mem.h"
#include "store/landlock.h"

/* Whether one of the folders of $PATH has the program. */
static bool
has_program(const char *name)
{
	const char *path = getenv("PATH");
	struct cf_str rest = cf_str(path ? path : ""), dir;
	bool found = false;

	while (!found && rest.n) {
		char *file;

		if (!cf_str_cut(&dir, &rest, rest, ':')) {
			dir = rest;
			rest.n = 0;
		}
		file = cf_asprintf("%.*s/%s", (int)dir.n, dir.p, name);
		found = dir.n && access(file, X_OK) == 0;
		free(file);
	}
	return found;
}

void
cf_doctor_machine(struct cf_doctor *d)
{
	char git[CF_VERSION_TEXT];
	int landlock = cf_landlock_version();

	cf_store_version(git);
	cf_doctor_good(d, "libraries", "Confer " CONFER_VERSION " with libgit2 "
		"%s, libsodium %s, jansson %s and SQLite %s. The self-test of "
		"signatures passed", git, cf_sign_version(), JANSSON_VERSION,
		cf_index_version());
	if (landlock)
		cf_doctor_good(d, "landlock", "What fetches from partners can "
			"touch its own folder only (Landlock %d)", landlock);
	else
		cf_doctor_note(d, "landlock", "Linux 5.13 and later have it; "
			"ask the person who looks after this computer",
			"This kernel has no Landlock: what fetches from "
			"partners has limits, but no fence around your files");
	if (has_program("git"))
		cf_doctor_good(d, "programs", "git is here, and knows your "
			"logins if it was told them");
	else
		cf_doctor_note(d, "programs", "Install git if hosts ask for "
			"your login each time", "git is not installed. Confer "
			"works without it, but cannot ask it for logins");
}

/* Only its owner may read or change it; that can be mended. */
static void
check_private(struct cf_doctor *d, const char *path, bool is_key)
{
	const char *remedy = is_key ? "Think whether somebody may have copied "
		"it. If so, shut it out: 'confer key revoke'" : NULL;
	struct stat st;
	mode_t mode;

	if (lstat(path, &st) != 0) {
		cf_doctor_wrong(d, "keys", NULL, "%s cannot be examined: %s",
			path, cf_err_cause(errno));
		return;
	}
	mode = S_ISDIR(st.st_mode) ? 0700 : 0600;
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		cf_doctor_wrong(d, "keys", "Put the key file itself there",
			"%s is neither a file nor a folder", path);
	else if (st.st_uid != geteuid())
		cf_doctor_wrong(d, "keys", "Ask the person who looks after "
			"this computer to give it to you", "%s belongs to "
			"another user of this machine", path);
	else if ((st.st_mode & 077) == 0)
		return;
	else if (d->dry || chmod(path, mode) == 0)
		cf_doctor_mended(d, "keys", remedy, "Other users of this "
			"machine could read or change %s", path);
	else
		cf_doctor_wrong(d, "keys", remedy, "Other users of this "
			"machine can read or change %s", path);
}

/* The keys of one trust. */
static void
check_folder(struct cf_doctor *d, const char *dir, size_t *keys)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, dir);

	if (err)
		cf_doctor_wrong(d, "keys", NULL, "%s", err->msg);
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		if (cf_ends(names.name[i], ".key")) {
			check_private(d, path, true);
			++*keys;
		}
		free(path);
	}
	cf_names_clear(&names);
}

static void
check_keys_in(struct cf_doctor *d, const char *home)
{
	char *dir = cf_path_join(home, "keys");
	struct cf_names names = { 0 };
	const struct cf_err *err = NULL;
	size_t keys = 0, before = d->wrong + d->mended;

	check_private(d, home, false);
	if (cf_is_dir(dir)) {
		check_private(d, dir, false);
		err = cf_dir_names(&names, dir);
	}
	if (err)
		cf_doctor_wrong(d, "keys", NULL, "%s", err->msg);
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		check_private(d, path, false);
		if (cf_is_dir(path))
			check_folder(d, path, &keys);
		free(path);
	}
	if (before == d->wrong + d->mended)
		cf_doctor_good(d, "keys", "%zu secret %s in %s, for you alone",
			keys, keys == 1 ? "key" : "keys", home);
	cf_names_clear(&names);
	free(dir);
}

void
cf_doctor_keys(struct cf_doctor *d)
{
	const struct cf_err *err;
	char *home = NULL;

	err = cf_keystore_dir(&home);
	if (err)
		cf_doctor_wrong(d, "keys", NULL, "%s", err->msg);
	else if (!cf_is_dir(home))
		cf_doctor_note(d, "keys", "'confer init' makes one", "There is "
			"no secret key on this machine: it can read, but not "
			"publish");
	else
		check_keys_in(d, home);
	free(home);
}
