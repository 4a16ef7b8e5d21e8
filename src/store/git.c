/*
 * libgit2: how it is started, and how its errors become ours.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/git.h"

#define SENTENCE 700		/* what is kept of a message of libgit2 */

const char *
cf_git_cause(const git_error *e)
{
	static const int numbers[] = { ENOSPC, EDQUOT, EACCES, EPERM, EROFS,
		EFBIG };

	if (e == NULL || e->message == NULL || e->klass != GIT_ERROR_OS)
		return NULL;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (cf_ends(e->message, strerror(numbers[i])))
			return cf_err_cause(numbers[i]);
	return NULL;
}

/* Copies what libgit2 said last, or what we say instead. */
static void
last_sentence(char out[SENTENCE], int rc)
{
	const git_error *e = git_error_last();
	const char *ours = cf_git_cause(e);

	if (ours)
		(void)snprintf(out, SENTENCE, "%s", ours);
	else if (e && e->message && e->klass != GIT_ERROR_NONE)
		(void)snprintf(out, SENTENCE, "%s", e->message);
	/* It says nothing where its own files could not be written. */
	else if (errno == ENOSPC || errno == EDQUOT)
		(void)snprintf(out, SENTENCE, "%s", cf_err_cause(errno));
	else
		(void)snprintf(out, SENTENCE, "libgit2 gave error %d", rc);
}

static enum cf_code
code_of(int rc)
{
	switch (rc) {
	case GIT_ENOTFOUND:
		return CF_NOT_FOUND;
	case GIT_EEXISTS:
		return CF_EXISTS;
	case GIT_ELOCKED:
		return CF_BUSY;
	default:
		return CF_SYS;
	}
}

const struct cf_err *
cf_err_git(int rc, const char *fmt, ...)
{
	char sentence[SENTENCE], context[sizeof ((struct cf_err *)0)->msg];
	va_list ap;

	last_sentence(sentence, rc);
	va_start(ap, fmt);
	(void)vsnprintf(context, sizeof context, fmt, ap);
	va_end(ap);
	return cf_err(code_of(rc), "%s: %s", context, sentence);
}

const struct cf_err *
cf_err_git_write(int rc, const struct cf_store *store, const char *what)
{
	char sentence[SENTENCE];

	last_sentence(sentence, rc);
	return cf_err(code_of(rc), "cannot write %s in %s: %s. Nothing was "
		"changed", what, store->git_dir, sentence);
}

const struct cf_err *
cf_err_sys_write(const struct cf_store *store, const char *what)
{
	return cf_err(CF_SYS, "cannot write %s in %s: %s. Nothing was changed",
		what, store->git_dir, cf_err_cause(errno));
}

void
cf_store_version(char out[CF_VERSION_TEXT])
{
	int major, minor, patch;

	(void)git_libgit2_version(&major, &minor, &patch);
	(void)snprintf(out, CF_VERSION_TEXT, "%d.%d.%d", major, minor, patch);
}

int
cf_store_hash(bool on)
{
	return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION,
		(int)on);
}

/*
 * Nothing of the machine's or the user's git configuration reaches us. Windows
 * are small so that memory does not grow with a pack; few packs are open at a
 * time, or a store with many of them runs out of file descriptors and libgit2
 * says "object not found". Without its object cache libgit2 is faster here and
 * takes half the memory.
 */
static int
set_options(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA,
		GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
		GIT_CONFIG_LEVEL_GLOBAL };
	/* git sparse-checkout sets it; it concerns the work tree alone. */
	const char *extensions[] = { "worktreeconfig" };
	int rc = 0;

	for (size_t i = 0; i < sizeof levels / sizeof *levels && !rc; i++)
		rc = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE,
			(size_t)CF_GIT_WINDOW);
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT,
			(size_t)CF_GIT_MAPPED);
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT,
			(size_t)CF_GIT_FILES);
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			sizeof extensions / sizeof *extensions);
	/* libgit2 would refuse root every folder of a user; cf_store_open has
	 * its own rule. */
	if (!rc && geteuid() == 0)
		rc = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	return rc;
}

const struct cf_err *
cf_store_start(void)
{
	int rc = cf_git_memory_start();

	if (!rc)
		rc = git_libgit2_init();
	if (rc > 0)
		rc = set_options();
	return rc < 0 ? cf_err_git(rc, "cannot start libgit2") : NULL;
}
