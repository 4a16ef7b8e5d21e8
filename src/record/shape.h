#ifndef CF_SHAPE_H
#define CF_SHAPE_H

/*
 * How a kind's fields are kept and merged, as the schema's x-merge annotations
 * say: a tree that is walked beside a body.
 */
#include "record/kind.h"

enum cf_merge {
	CF_ATOMIC,	/* scalars, and arrays without annotation */
	CF_OBJECT,	/* property by property */
	CF_SET,		/* array of scalars, stored sorted */
	CF_KEYED,	/* array of objects with a unique key, sorted by it */
	CF_ORDERED,	/* the same, in the author's order */
	CF_TEXT,
	CF_MAX,
	CF_MIN,
	CF_RANK
};

/* The annotation of a schema (its $ref resolved). */
enum cf_merge cf_shape_of(json_t *schema);
/* The key of a keyed list, or NULL. Borrowed. */
const char *cf_shape_key(json_t *schema);
/* The schema of a property or of the list's elements, resolved; or NULL. */
json_t *cf_shape_property(json_t *schema, const char *name);
json_t *cf_shape_items(json_t *schema);

/* Puts the sets and keyed lists of a body into their stored order; equal
 * elements of a set become one. */
void cf_shape_sort(json_t *schema, json_t *body);
/* True where they are so; otherwise `path` (a JSON Pointer) names the first
 * list that is not, or that has two elements with one key. */
bool cf_shape_sorted(json_t *schema, const json_t *body, struct cf_buf *path);
/* True where no two elements of a keyed list have one key; otherwise `path` names
 * the first element whose key another before it has. */
bool cf_shape_keyed(json_t *schema, const json_t *body, struct cf_buf *path);

#endif
