#ifndef CF_PASS_H
#define CF_PASS_H

/*
 * The file that holds a passphrase.
 */
#include "base/err.h"

/*
 * Reads it into `out` (size bytes with the NUL), without one newline at its end.
 * CF_INVALID where other people of the machine can read the file, or where it
 * is empty or too long; `out` is wiped then. A pipe will do.
 */
const struct cf_err *cf_pass_read(char *out, size_t size, const char *path)
	CF_MUST;

#endif
