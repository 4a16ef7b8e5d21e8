/*
 * The repository that lives as long as a connection. Its files are written here
 * and not by git_repository_init, which makes a dozen that nobody reads.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <git2/sys/repository.h>

#include "base/mem.h"
#include "base/temp.h"
#include "store/ours.h"
#include "store/scratch.h"

const struct cf_err *
cf_scratch_new(char **out, const char *scratch)
{
	char *top = cf_path_absolute(scratch);
	char *dir = cf_path_join(top, "quarantine");
	const struct cf_err *err = cf_mkdirs(dir, 0700);
	char owner[CF_TEMP_OWNER];

	*out = NULL;
	if (!err) {
		cf_temp_owner(owner);
		*out = cf_asprintf("%s/%sXXXXXX", dir, owner);
		if (mkdtemp(*out) == NULL) {
			err = cf_err_sys("cannot make a folder in %s", dir);
			free(*out);
			*out = NULL;
		}
	}
	free(dir);
	free(top);
	return err;
}

static const struct cf_err *
write_file(const char *dir, const char *name, const char *text)
{
	const struct cf_err *err = NULL;
	char *path = cf_path_join(dir, name);
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n)
		err = cf_err_sys("cannot write %s", path);
	if (fd >= 0)
		(void)close(fd);
	free(path);
	return err;
}

static const struct cf_err *
write_ref(const char *dir, const char *ref, const struct cf_oid *commit)
{
	char text[CF_OID_TEXT + 1];

	cf_oid_hex(text, commit);
	text[CF_OID_TEXT - 1] = '\n';
	text[CF_OID_TEXT] = '\0';
	return write_file(dir, ref, text);
}

static const struct cf_err *
write_files(const char *dir, const char *ref, const struct cf_oid *commit)
{
	static const char *const folders[] = { "objects/pack", CF_COPIES };
	const struct cf_err *err;

	err = write_file(dir, "HEAD", "ref: refs/heads/main\n");
	for (size_t i = 0; i < 2 && !err; i++) {
		char *path = cf_path_join(dir, folders[i]);

		err = cf_mkdirs(path, 0700);
		free(path);
	}
	return err || ref == NULL ? err : write_ref(dir, ref, commit);
}

/* Objects: its own packs, where libgit2 writes, and ours to read. */
static int
open_odb(git_odb **out, const char *dir, const char *objects,
	const struct cf_oid *wanted)
{
	char *own = cf_path_join(dir, "objects");
	git_odb_backend *packs = NULL;
	int rc = git_odb_new(out);

	if (!rc)
		rc = git_odb_backend_pack(&packs, own);
	if (!rc)
		rc = git_odb_add_backend(*out, packs, 2);
	if (!rc && objects)
		rc = cf_ours_add(*out, objects, wanted);
	free(own);
	return rc;
}

const struct cf_err *
cf_scratch_open(struct cf_scratch *out, const char *dir, const char *objects,
	const char *ref, const struct cf_oid *commit)
{
	git_odb *odb = NULL;
	const struct cf_err *err;
	int rc;

	*out = (struct cf_scratch){ 0 };
	err = write_files(dir, ref, commit);
	if (err)
		return err;
	rc = open_odb(&odb, dir, objects, &out->wanted);
	if (!rc)
		rc = git_repository_open_bare(&out->git, dir);
	if (!rc)
		rc = git_repository_set_odb(out->git, odb);
	git_odb_free(odb);
	if (rc) {
		err = cf_err_git(rc, "cannot use the folder %s", dir);
		cf_scratch_close(out);
	}
	return err;
}

const struct cf_err *
cf_scratch_copy(const char *dir, const struct cf_copy *copy)
{
	char *ref = cf_asprintf(CF_COPIES "%s", copy->trust);
	const struct cf_err *err = write_ref(dir, ref, &copy->head);

	free(ref);
	return err;
}

void
cf_scratch_close(struct cf_scratch *scratch)
{
	git_repository_free(scratch->git);
	scratch->git = NULL;
}
