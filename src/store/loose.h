#ifndef CF_STORE_LOOSE_H
#define CF_STORE_LOOSE_H

#include "store/git.h"

/* Adds the loose objects of a folder that a stranger may have written in. 0, or
 * libgit2's error. */
int cf_loose_add(git_odb *to, const char *objects, int priority);

#endif
