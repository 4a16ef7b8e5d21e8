#ifndef CF_STORE_GIT_H
#define CF_STORE_GIT_H

/*
 * What the files of src/store share and nobody else sees: libgit2's objects
 * inside ours, and the bridge from its errors.
 */
#include <string.h>
#include <sys/stat.h>

#include <git2.h>

#include "base/lock.h"
#include "store/store.h"

struct cf_odb {
	git_odb *git;
	/* Makes `git` from what follows: 0, or libgit2's error. NULL: it stays
	 * open as long as what it belongs to. */
	int (*open)(struct cf_odb *odb);
	char *idx, *objects;
};

struct cf_store {
	git_repository *git;
	struct cf_odb odb;	/* the repository's; closed with it */
	char *git_dir;		/* absolute, without a slash at its end */
	char *work_dir;		/* the same: the folder that holds .git */
	bool begun;		/* git_dir is temporary: not finished yet */
	bool made_dir;		/* cf_store_begin made work_dir */
	struct cf_bulk *bulk;	/* between cf_bulk_begin and its end */
	git_config *config;	/* what the file said when it was `config_was` */
	struct stat config_was;
	struct cf_lock *lock;
	struct cf_lock *reading;	/* shared by all who have it open */
	unsigned locked;	/* how many cf_store_lock are open */
	bool swept;		/* since it was opened */
};

/*
 * An error from what libgit2 returned: "context: libgit2's sentence". The
 * sentence is copied at once, because libgit2 may replace it at its next call.
 * CF_NOT_FOUND, CF_EXISTS, CF_BUSY (a lock file) or CF_SYS; a full disk or a
 * missing permission is said in our words.
 */
const struct cf_err *cf_err_git(int rc, const char *fmt, ...) CF_PRINTF(2, 3);
/* A write to the store that failed and left everything as it was. `what` is the
 * thing: "the settings". */
const struct cf_err *cf_err_git_write(int rc, const struct cf_store *store,
	const char *what);
/* The same for a call of libc; reads errno. */
const struct cf_err *cf_err_sys_write(const struct cf_store *store,
	const char *what);

/* What a person can mend of a failed system call, in our words, or NULL. libgit2
 * ends its message with strerror. `e` may be NULL. */
const char *cf_git_cause(const git_error *e);

/* Opens it anew, without the packs that are gone, and lets in others who wait to
 * read. */
const struct cf_err *cf_store_again(struct cf_store *store) CF_MUST;

/* memory.c: before libgit2 is started. */
int cf_git_memory_start(void);
/* From now on no block for libgit2 in this thread is larger; 0: as it likes. */
void cf_git_memory_most(size_t bytes);

/* Collects an object; only between cf_bulk_begin and its end. */
const struct cf_err *cf_bulk_add(struct cf_store *store,
	const struct cf_oid *oid, enum cf_type type, const void *bytes,
	size_t n) CF_MUST;

_Static_assert(sizeof(git_oid) == sizeof(struct cf_oid), "SHA-1 ids");

static inline git_oid
cf_oid_to_git(const struct cf_oid *oid)
{
	git_oid out;

	memcpy(out.id, oid->raw, sizeof out.id);
	return out;
}

static inline void
cf_oid_from_git(struct cf_oid *out, const git_oid *oid)
{
	memcpy(out->raw, oid->id, sizeof out->raw);
}

#endif
