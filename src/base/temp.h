#ifndef CF_TEMP_H
#define CF_TEMP_H

/*
 * Folders that live as long as a command. A command that is killed leaves its
 * own, with texts in it: the next one that makes such a folder removes it.
 */
#include "base/err.h"

/* Makes the folder confer-<what>-<process>-… in TMPDIR, or /tmp; nobody else may
 * read it. The caller frees its name. */
const struct cf_err *cf_temp_new(char **out, const char *what) CF_MUST;
/* Removes those of our user whose process does not live. */
void cf_temp_sweep(void);

/* "<process>-<boot>-": how a name begins that tells whose it is. */
#define CF_TEMP_OWNER 32
void cf_temp_owner(char out[CF_TEMP_OWNER]);
/* Whether a name begins with the number of a process and a "-", and that process
 * does not live, or is one of before this machine was started: after that its
 * number may be another's for months. */
bool cf_temp_is_dead(const char *name);

#endif
