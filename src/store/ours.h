#ifndef CF_STORE_OURS_H
#define CF_STORE_OURS_H

#include "store/git.h"

/* Lets `to` read what the folder `objects` holds. Whether there is *wanted (zero:
 * no matter) is denied; it may be set later. */
int cf_ours_add(git_odb *to, const char *objects, const struct cf_oid *wanted);

#endif
