#ifndef CF_DEBUG_H
#define CF_DEBUG_H

/*
 * For src/app/debug.c and debug_stream.c only.
 */
#include "confer.h"
#include "json/json.h"

/* {body?, conflicts, heads} of one document (see cf_debug_merge). CF_INVALID says
 * what is wrong with it. */
const struct cf_err *cf_debug_document(json_t **out, struct cf_str text) CF_MUST;

#endif
