/*
 * Where this machine keeps its secret keys: one file for each key, outside the
 * repository, readable by its owner only, written once and never replaced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/keyfile.h"
#include "sign/secret.h"

#define ADVICE "Restore it from a backup"

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

const struct cf_err *
cf_keystore_dir(char **out)
{
	const char *home = variable("CONFER_HOME");

	*out = NULL;
	/* From another folder the keys would not be found again. */
	if (home && *home != '/')
		return cf_err(CF_USAGE, "CONFER_HOME must be a whole path, "
			"from / on; it is '%s'", home);
	if (home) {
		*out = cf_strdup(home);
		return NULL;
	}
	/* Its specification says to ignore a relative one. */
	home = variable("XDG_DATA_HOME");
	if (home && *home == '/') {
		*out = cf_path_join(home, "confer");
		return NULL;
	}
	home = variable("HOME");
	if (home == NULL)
		return cf_err(CF_USAGE, "there is no folder for secret keys: "
			"neither CONFER_HOME nor HOME is set. Set CONFER_HOME "
			"to a folder that only you can read");
	*out = cf_path_join(home, ".local/share/confer");
	return NULL;
}

/* <dir>/keys/<trust> and the key's file in it; the caller frees both. */
static const struct cf_err *
key_path(char **folder, char **path, const char *trust,
	const struct cf_pubkey *key)
{
	struct cf_str id = cf_str(key->did);
	const struct cf_err *err;
	struct cf_digest digest;
	char *dir = NULL;

	*folder = *path = NULL;
	if (!cf_digest_parse(&digest, cf_str(trust)) ||
		!cf_str_skip(&id, "did:key:"))
		return cf_err(CF_INVALID, "%s is not a trust id", trust);
	err = cf_keystore_dir(&dir);
	if (err)
		return err;
	*folder = cf_asprintf("%s/keys/%s", dir, digest.text);
	*path = cf_asprintf("%s/%s.key", *folder, id.p);
	free(dir);
	return NULL;
}

/* Makes the folders that are missing, and makes them last. */
static const struct cf_err *
make_folders(const char *path)
{
	const struct cf_err *err = NULL;
	char *p = cf_strdup(path);
	size_t found = strlen(p), n = found;

	while (found && !cf_is_dir(p)) {
		while (found && p[--found] != '/')
			;
		p[found] = '\0';
	}
	err = cf_mkdirs(path, 0700);
	/* A new folder is an entry of the one above it: fsync that. */
	for (memcpy(p, path, n); n > found && !err;) {
		while (n > found && p[--n] != '/')
			;
		p[n] = '\0';
		err = cf_fsync_dir(n ? p : "/");
	}
	free(p);
	return err;
}

const struct cf_err *
cf_keystore_save(const char *trust, const struct cf_seckey *key,
	const struct cf_secret *passphrase)
{
	const struct cf_pubkey *public = cf_seckey_public(key);
	struct cf_secret text = { 0 };
	char *folder = NULL, *path = NULL;
	const struct cf_err *err;

	err = key_path(&folder, &path, trust, public);
	if (err)
		goto done;
	if (cf_file_exists(path)) {
		err = cf_err(CF_EXISTS, "this machine keeps the key %s "
			"already, in %s. Nothing was changed", public->did,
			path);
		goto done;
	}
	err = cf_keyfile_write(&text, key, passphrase);
	if (!err)
		err = make_folders(folder);
	if (!err)
		err = cf_file_create(path, text.p, text.n, 0600);
done:
	cf_secret_clear(&text);
	free(folder);
	free(path);
	return err;
}

void
cf_keystore_remove(const char *trust, const struct cf_pubkey *key)
{
	char *folder = NULL, *path = NULL;

	if (key_path(&folder, &path, trust, key) == NULL &&
		unlink(path) == 0)
		(void)rmdir(folder);
	free(folder);
	free(path);
}

static const struct cf_err *
check_file(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cf_err_sys("cannot examine %s", path);
	if (!S_ISREG(st.st_mode))
		return cf_err_rule(CF_INVALID, "key.damaged",
			"%s is not a file. " ADVICE, path);
	if (st.st_mode & 077)
		return cf_err_rule(CF_INVALID, "key.permissions",
			"Other users of this machine can read or change the "
			"secret key in %s. It is not used like that. Think "
			"whether somebody may have copied it, then run: "
			"chmod 600 '%s'", path, path);
	return NULL;
}

/* Reads all of it into locked memory; CF_NOT_FOUND where there is none. */
static const struct cf_err *
read_secret(struct cf_secret *out, const char *path)
{
	const struct cf_err *err;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*out = (struct cf_secret){ 0 };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return cf_err(CF_NOT_FOUND, "this machine does not hold that "
			"key: there is no file %s", path);
	if (fd < 0)
		return cf_err_sys("cannot open %s", path);
	err = check_file(fd, path);
	if (err)
		goto done;
	out->p = cf_locked(CF_MAX_KEY_FILE);
	/* A file that fills the buffer is no key file: its form ends sooner. */
	while ((n = read(fd, out->p + out->n, CF_MAX_KEY_FILE - out->n)) != 0) {
		if (n > 0)
			out->n += (size_t)n;
		else if (errno != EINTR) {
			err = cf_err_sys("cannot read %s", path);
			break;
		}
	}
done:
	(void)close(fd);
	return err;
}

/* The slices of *file lie in *text, which the caller clears. */
static const struct cf_err *
read_key(struct cf_keyfile *file, struct cf_secret *text, const char *trust,
	const struct cf_pubkey *key)
{
	char *folder = NULL, *path = NULL;
	const struct cf_err *err;

	*file = (struct cf_keyfile){ 0 };
	err = key_path(&folder, &path, trust, key);
	if (err)
		goto done;
	err = read_secret(text, path);
	if (err)
		goto done;
	if (!cf_keyfile_parse(file, (struct cf_str){ text->p, text->n }) ||
		strcmp(file->key.did, key->did) != 0)
		err = cf_err_rule(CF_INVALID, "key.damaged",
			"The key file %s is damaged, or another version of "
			"Confer wrote it. Nothing was changed. " ADVICE, path);
done:
	free(folder);
	free(path);
	return err;
}

const struct cf_err *
cf_keystore_find(bool *here, bool *sealed, const char *trust,
	const struct cf_pubkey *key)
{
	struct cf_secret text = { 0 };
	struct cf_keyfile file;
	const struct cf_err *err;

	*here = *sealed = false;
	err = read_key(&file, &text, trust, key);
	if (err && err->code == CF_NOT_FOUND) {
		err = NULL;
	} else if (!err) {
		*here = true;
		*sealed = file.sealed;
	}
	cf_secret_clear(&text);
	return err;
}

const struct cf_err *
cf_keystore_open(struct cf_seckey **out, const char *trust,
	const struct cf_pubkey *key, const struct cf_secret *passphrase)
{
	struct cf_secret text = { 0 };
	struct cf_keyfile file;
	const struct cf_err *err;

	*out = NULL;
	err = read_key(&file, &text, trust, key);
	if (!err)
		err = cf_keyfile_open(out, &file, passphrase);
	cf_secret_clear(&text);
	return err;
}
