#ifndef CF_STORE_FILES_H
#define CF_STORE_FILES_H

/*
 * Files of the work tree, by paths of the repository. No link is followed, so
 * that whatever lies in the folder, nothing outside it is read or written.
 */
#include <sys/stat.h>

#include "store/tree.h"

/* An open work tree. */
struct cf_files {
	int folder;		/* the descriptor of the work tree */
	char *scratch;		/* where a file is written before it moves in */
};

const struct cf_err *cf_files_open(struct cf_files *out,
	const struct cf_store *store) CF_MUST;
void cf_files_close(struct cf_files *files);

/*
 * Whether a path is as ours are: letters, digits, "-", "_", and "." not in
 * front. So neither "..", nor ".git" in any spelling, nor what is odd to some
 * file system. No other is moved.
 */
bool cf_files_is_ours(const char *path);

/*
 * Makes the file what it is in the new tree, if it is what it was in the old
 * one, or is not there. *as_new says that it has the new content now (or is
 * away as it should be), and *st is its stat then; false where somebody changed
 * it, and it was left alone. `bytes` is the new content, where there is one.
 */
const struct cf_err *cf_files_move(bool *as_new, struct stat *st,
	const struct cf_files *files, const struct cf_change *change,
	struct cf_str bytes) CF_MUST;

#endif
