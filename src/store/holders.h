#ifndef CF_STORE_HOLDERS_H
#define CF_STORE_HOLDERS_H

/*
 * Who holds an object that was to go: the places (refs, reflogs, indexes, work
 * trees) that lead to it.
 */
#include "store/store.h"

struct cf_holding {
	void *payload;
	/* Whether it is one of those that are looked for. `name` is what a folder
	 * or an index calls it, or "". */
	bool (*is)(void *payload, const char *name, const struct cf_oid *oid);
	/* A ref whose commit is asked about, and not the commits before it; or
	 * NULL. */
	const char *alone;
};
/* Names of refs, and files of the git folder ("logs/HEAD", "worktrees/x/index"),
 * each once, sorted. Free with cf_names_clear. */
const struct cf_err *cf_store_holders(struct cf_names *out,
	struct cf_store *store, const struct cf_holding *what) CF_MUST;

/* Every folder with files of a branch: the work tree, and those that 'git
 * worktree add' made. Free with cf_names_clear. */
const struct cf_err *cf_store_work_dirs(struct cf_names *out,
	struct cf_store *store) CF_MUST;

/*
 * Where main or the commons is checked out: files and index entries that are
 * looked for become what the branch has in their place. A file that somebody has
 * changed stays. Under the lock.
 */
const struct cf_err *cf_work_trees_tidy(struct cf_store *store,
	const struct cf_holding *what) CF_MUST;

/* Every object, reachable or not, once; of one that cannot be read bytes is
 * NULL. */
struct cf_object {
	struct cf_oid oid;
	const char *type;	/* "commit", "blob", … */
	const void *bytes;
	size_t n;
	size_t number, total;
};
const struct cf_err *cf_objects_each(struct cf_store *store,
	void (*each)(void *payload, const struct cf_object *object),
	void *payload) CF_MUST;

#endif
