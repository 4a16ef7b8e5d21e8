#ifndef CF_STORE_OURS_H
#define CF_STORE_OURS_H

#include "store/git.h"

/* Lets `to` read what the folder `objects` holds, but for the object *hidden
 * (zero: none), which may be set later. */
int cf_ours_add(git_odb *to, const char *objects, const struct cf_oid *hidden);

#endif
