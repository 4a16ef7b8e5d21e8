#ifndef CF_KINDS_H
#define CF_KINDS_H

/*
 * A kind as somebody typed it.
 */
#include "base/err.h"

/* CF_USAGE, with the kind that was perhaps meant, where there is no such
 * kind. */
const struct cf_err *cf_kind_typed(const char *typed) CF_MUST;

#endif
