#ifndef CF_STORE_SCRATCH_H
#define CF_STORE_SCRATCH_H

/*
 * A bare repository of our own for the length of one connection: libgit2 fetches
 * into one and pushes from one, and the real one is not shown to a child.
 */
#include "store/git.h"
#include "store/remote.h"

/* A new folder <scratch>/quarantine/<pid>-XXXXXX; the caller frees. */
const struct cf_err *cf_scratch_new(char **out, const char *scratch) CF_MUST;

struct cf_scratch {
	git_repository *git;
	struct cf_oid wanted;	/* see cf_ours_add */
};

/*
 * Makes the repository in `dir`. It sees the objects in the folder `objects`
 * (NULL: none); `ref`, where not NULL, is its one ref and points to *commit.
 */
const struct cf_err *cf_scratch_open(struct cf_scratch *out, const char *dir,
	const char *objects, const char *ref, const struct cf_oid *commit)
	CF_MUST;
/* Another ref in it: a trust's copy, under the name that it has at a host. */
const struct cf_err *cf_scratch_copy(const char *dir,
	const struct cf_copy *copy) CF_MUST;
void cf_scratch_close(struct cf_scratch *scratch);

#endif
