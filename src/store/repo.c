/*
 * The repository as a whole: where it is, opening it, and making a new one so
 * that it exists entirely or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/temp.h"
#include "store/git.h"
#include "store/stale.h"

/* The temporary git folder is <work dir>/<this>/<process>-<n>. */
#define BEGIN_NAME ".git-begin"

/* --- small questions ------------------------------------------------------ */

const char *
cf_store_git_dir(const struct cf_store *store)
{
	return store->git_dir;
}

const char *
cf_store_work_dir(const struct cf_store *store)
{
	return store->work_dir;
}

char *
cf_store_file(const struct cf_store *store, const char *name)
{
	return cf_asprintf("%s/confer/%s", store->git_dir, name);
}

struct cf_odb *
cf_store_odb(struct cf_store *store)
{
	return &store->odb;
}

/* A real folder, not a link to one. */
static bool
is_folder(const char *dir, const char *name)
{
	char *path = cf_path_join(dir, name);
	struct stat st;
	bool yes = lstat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return yes;
}

static bool
is_there(const char *dir, const char *name)
{
	char *path = cf_path_join(dir, name);
	bool yes = cf_file_exists(path);

	free(path);
	return yes;
}

/* Cuts the last part off an absolute path; false at the root. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || path[1] == '\0')
		return false;
	slash[slash == path ? 1 : 0] = '\0';
	return true;
}

/* --- opening -------------------------------------------------------------- */

/* libgit2 opens the repository at store->git_dir. */
static const struct cf_err *
open_git(struct cf_store *store)
{
	int rc = git_repository_open_ext(&store->git, store->git_dir,
		GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT,
		NULL);

	if (!rc)
		rc = git_repository_odb(&store->odb.git, store->git);
	return rc ? cf_err_git(rc, "cannot open the repository %s",
		store->git_dir) : NULL;
}

static void
close_git(struct cf_store *store)
{
	git_config_free(store->config);
	git_odb_free(store->odb.git);
	git_repository_free(store->git);
	store->config = NULL;
	store->odb.git = NULL;
	store->git = NULL;
}

/* What is found there stays while we hold the readers' lock. */
static const struct cf_err *
open_shared(struct cf_store *store)
{
	char *path = cf_store_file(store, "readers");

	cf_lock_share(&store->reading, path);
	free(path);
	return open_git(store);
}

const struct cf_err *
cf_store_again(struct cf_store *store)
{
	const struct cf_err *err;

	close_git(store);
	err = open_git(store);
	cf_lock_again_shared(store->reading);
	return err;
}

/*
 * A repository of somebody else could carry anything; git does not open one
 * either. Root may, because root could read it anyway.
 */
static const struct cf_err *
check_owner(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cf_err_sys("cannot examine %s", path);
	if (st.st_uid != geteuid() && geteuid() != 0)
		return cf_err(CF_SYS, "%s belongs to another user of this "
			"computer. Run confer as that user, or make a "
			"repository of your own with confer init", path);
	return NULL;
}

/*
 * Objects that lie in another repository can vanish with it, and what lies
 * there may be anybody's.
 */
static const struct cf_err *
check_objects(const struct cf_store *store)
{
	if (is_there(store->git_dir, "objects/info/alternates"))
		return cf_err(CF_INVALID, "%s borrows objects from another "
			"repository (objects/info/alternates). Run \"git "
			"repack -a -d\" in %s, delete that file and try again",
			store->git_dir, store->work_dir);
	if (is_there(store->git_dir, "commondir"))
		return cf_err(CF_INVALID, "%s is only a part of another "
			"repository (commondir). Run confer in that one",
			store->git_dir);
	return NULL;
}

/* The first folder from `dir` upward with a .git in it, which must be ours. */
static const struct cf_err *
find(char **work_dir, const char *dir)
{
	const struct cf_err *err;
	char *path = realpath(dir, NULL);

	*work_dir = NULL;
	if (path == NULL)
		return errno == ENOENT ?
			cf_err(CF_NOT_FOUND, "there is no folder %s", dir) :
			cf_err_sys("cannot open the folder %s", dir);
	while (!is_there(path, ".git"))
		if (!go_up(path)) {
			free(path);
			return cf_err(CF_NOT_FOUND, "%s is not in a Confer "
				"repository. Go to the folder of yours, or "
				"make one with confer init",
				strcmp(dir, ".") == 0 ? "this folder" : dir);
		}
	if (is_folder(path, ".git") && is_folder(path, ".git/confer")) {
		*work_dir = path;
		return NULL;
	}
	err = cf_err(CF_NOT_FOUND, "the git repository in %s was not made by "
		"Confer. Go to the folder of your Confer repository, or make "
		"one in an empty folder with confer init", path);
	free(path);
	return err;
}

const struct cf_err *
cf_store_open(struct cf_store **out, const char *dir)
{
	const struct cf_err *err;
	struct cf_store *store = cf_calloc(1, sizeof *store);

	*out = NULL;
	err = find(&store->work_dir, dir);
	if (err)
		goto done;
	store->git_dir = cf_path_join(store->work_dir, ".git");
	err = check_owner(store->work_dir);
	if (!err)
		err = check_owner(store->git_dir);
	if (!err)
		err = check_objects(store);
	if (!err)
		err = open_shared(store);
	if (err)
		goto done;
	*out = store;
	store = NULL;
done:
	cf_store_free(store);
	return err;
}

/* What is begun and not finished goes away with all that was made for it. */
static void
abandon(struct cf_store *store)
{
	char *parent;

	if (store->work_dir == NULL)
		return;
	/* What cannot be removed is swept by the next cf_store_begin. */
	parent = cf_path_join(store->work_dir, BEGIN_NAME);
	if (store->begun && cf_remove_all(store->git_dir) == NULL)
		(void)rmdir(parent);
	if (store->made_dir)
		(void)rmdir(store->work_dir);
	free(parent);
}

void
cf_store_free(struct cf_store *store)
{
	if (store == NULL)
		return;
	cf_bulk_drop(store);
	close_git(store);
	cf_lock_release(store->lock);
	cf_lock_release(store->reading);
	abandon(store);
	free(store->git_dir);
	free(store->work_dir);
	free(store);
}

/* --- making --------------------------------------------------------------- */

/* A folder with these three is what git takes for a repository. */
static bool
looks_like_git_dir(const char *path)
{
	return is_there(path, "HEAD") && is_folder(path, "objects") &&
		is_folder(path, "refs");
}

static const struct cf_err *
check_place(const char *dir)
{
	const struct cf_err *err = NULL;
	char *path = cf_strdup(dir);

	if (is_there(dir, ".git"))
		err = cf_err(CF_EXISTS, "there is a git repository in %s "
			"already. Choose another folder", dir);
	do {
		if (!err && looks_like_git_dir(path))
			err = cf_err(CF_EXISTS, "%s lies inside the git folder "
				"%s. Choose another place", dir, path);
	} while (go_up(path));
	free(path);
	return err;
}

/* Makes the folder where it is missing; work_dir becomes its absolute form. */
static const struct cf_err *
make_work_dir(struct cf_store *store, const char *dir)
{
	const struct cf_err *err = NULL;

	if (!cf_file_exists(dir)) {
		err = cf_mkdirs(dir, 0777);
		store->made_dir = !err;
	}
	if (!err) {
		store->work_dir = realpath(dir, NULL);
		if (store->work_dir == NULL)
			err = cf_err_sys("cannot open the folder %s", dir);
	}
	if (!err && !cf_is_dir(store->work_dir))
		err = cf_err(CF_EXISTS, "%s is a file. Choose another folder",
			dir);
	return err;
}

/* A folder of our own with our process in its name; git_dir is its path. */
static const struct cf_err *
make_git_dir(struct cf_store *store)
{
	char *parent = cf_path_join(store->work_dir, BEGIN_NAME);
	const struct cf_err *err = cf_sweep_owned(parent);
	char owner[CF_TEMP_OWNER];

	cf_temp_owner(owner);
	if (!err)
		err = cf_mkdirs(parent, 0777);
	for (unsigned i = 0; !err; i++) {
		char *path = cf_asprintf("%s/%s%u", parent, owner, i);

		if (mkdir(path, 0777) == 0) {
			store->git_dir = path;
			store->begun = true;
			break;
		}
		if (errno != EEXIST)
			err = cf_err_sys("cannot make the folder %s", path);
		free(path);
	}
	free(parent);
	return err;
}

/* The files of git_dir that libgit2 does not make as we want them. */
static const struct cf_err *
write_files(const struct cf_store *store)
{
	/* Record files are compared byte for byte: no line ending or filter
	 * of the user's may touch them. */
	static const char exclude[] = "# What people write before it is "
		"published stays here.\n/drafts/\n";
	static const char attributes[] = "* -text -filter -ident "
		"-working-tree-encoding\n";
	const struct cf_err *err;
	char *info = cf_path_join(store->git_dir, "info");
	char *path = cf_path_join(info, "exclude");

	err = cf_file_write(path, exclude, sizeof exclude - 1, 0644);
	free(path);
	path = cf_path_join(info, "attributes");
	if (!err)
		err = cf_file_write(path, attributes, sizeof attributes - 1,
			0644);
	free(path);
	path = cf_path_join(store->git_dir, "confer");
	if (!err)
		err = cf_mkdirs(path, 0777);
	free(path);
	free(info);
	return err;
}

static const struct cf_err *
init_git(struct cf_store *store)
{
	git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
	git_repository *repo = NULL;
	git_config *config = NULL;
	int rc;

	/* "bare" keeps libgit2 from writing the temporary place anywhere. */
	options.flags = GIT_REPOSITORY_INIT_BARE |
		GIT_REPOSITORY_INIT_NO_REINIT;
	options.initial_head = "main";
	rc = git_repository_init_ext(&repo, store->git_dir, &options);
	if (!rc)
		rc = git_repository_config(&config, repo);
	if (!rc)
		rc = git_config_set_bool(config, "core.bare", 0);
	/* An erased text must not live on in a reflog. */
	if (!rc)
		rc = git_config_set_bool(config, "core.logallrefupdates", 0);
	git_config_free(config);
	git_repository_free(repo);
	return rc ? cf_err_git_write(rc, store, "a new repository") : NULL;
}

const struct cf_err *
cf_store_begin(struct cf_store **out, const char *dir)
{
	const struct cf_err *err;
	struct cf_store *store = cf_calloc(1, sizeof *store);

	*out = NULL;
	err = make_work_dir(store, dir);
	if (!err)
		err = check_place(store->work_dir);
	if (!err)
		err = make_git_dir(store);
	if (!err)
		err = init_git(store);
	if (!err)
		err = write_files(store);
	if (!err)
		err = open_git(store);
	if (err)
		goto done;
	*out = store;
	store = NULL;
done:
	cf_store_free(store);
	return err;
}

bool
cf_store_is_begun(const struct cf_store *store)
{
	return store->begun;
}

static const struct cf_err *
fsync_file(const char *path)
{
	const struct cf_err *err = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return cf_err_sys("cannot open %s", path);
	if (fsync(fd) != 0)
		err = cf_err_sys("cannot write %s", path);
	(void)close(fd);
	return err;
}

static const struct cf_err *
fsync_parent(const char *path)
{
	const struct cf_err *err;
	char *parent = cf_strdup(path);

	(void)go_up(parent);
	err = cf_fsync_dir(parent);
	free(parent);
	return err;
}

/* Makes all that lies under `path` durable, itself included. */
static const struct cf_err *
fsync_all(const char *path)
{
	const struct cf_err *err;
	struct cf_names names = { 0 };

	err = cf_dir_names(&names, path);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *child = cf_path_join(path, names.name[i]);

		err = cf_is_dir(child) ? fsync_all(child) : fsync_file(child);
		free(child);
	}
	cf_names_clear(&names);
	return err ? err : cf_fsync_dir(path);
}

const struct cf_err *
cf_store_finish(struct cf_store *store)
{
	const struct cf_err *err;
	char *git_dir = cf_path_join(store->work_dir, ".git");
	char *parent = cf_path_join(store->work_dir, BEGIN_NAME);

	if (!store->begun)
		cf_bug("finishing a repository that was not begun");
	close_git(store);
	err = fsync_all(store->git_dir);
	if (err)
		goto done;
	if (rename(store->git_dir, git_dir) != 0) {
		err = errno == ENOTEMPTY || errno == EEXIST ||
			errno == ENOTDIR ?
			cf_err(CF_EXISTS, "there is a git repository in %s "
			"already. Choose another folder", store->work_dir) :
			cf_err_sys_write(store, "the new repository");
		goto done;
	}
	/* From here on it is real, whatever happens. */
	store->begun = false;
	(void)rmdir(parent);
	free(store->git_dir);
	store->git_dir = git_dir;
	git_dir = NULL;
	err = cf_fsync_dir(store->work_dir);
	if (!err && store->made_dir)
		err = fsync_parent(store->work_dir);
	store->made_dir = false;
	if (!err)
		err = open_shared(store);
done:
	free(git_dir);
	free(parent);
	return err;
}
