#ifndef CF_SETTLE_H
#define CF_SETTLE_H

/*
 * A decision put into a body. Paths are those of a conflict: JSON Pointers in
 * which an element of a keyed list is named by its key in brackets.
 */
#include "record/shape.h"

/*
 * Makes what stands at `path` this value, or (NULL) nothing; lists are put into
 * their stored order later. `schema` is the kind's, or NULL. CF_INVALID where
 * the path leads nowhere. The body may become another value where the path is
 * "".
 */
const struct cf_err *cf_settle_put(json_t **body, json_t *schema,
	const char *path, const json_t *value) CF_MUST;

/* Puts a keyed list at `path` into the order of `keys` (each in canonical form);
 * elements whose keys are not among them come last. */
const struct cf_err *cf_settle_order(json_t *body, json_t *schema,
	const char *path, const json_t *keys) CF_MUST;

/* What stands at `path`, or NULL. Borrowed. */
const json_t *cf_settle_at(const json_t *body, json_t *schema,
	const char *path);

/* Whether `path` is `above`, or lies below it. */
bool cf_settle_within(const char *path, const char *above);

#endif
