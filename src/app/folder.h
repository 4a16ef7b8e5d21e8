#ifndef CF_APP_FOLDER_H
#define CF_APP_FOLDER_H

/*
 * Which folder this user made last, beside the keys: for whoever stands in
 * another one. Losing it loses nothing. For src/app only.
 */
#include "base/err.h"

/* What cannot be written is not: nobody depends on it. */
void cf_folder_note(const char *work_dir);
/* The same error, and where to go, where that is known and still there. */
const struct cf_err *cf_folder_hint(const struct cf_err *err);

#endif
