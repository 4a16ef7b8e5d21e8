#ifndef CF_JSON_H
#define CF_JSON_H

/*
 * Strict JSON: I-JSON (RFC 7493) with bounded size and depth, and the two forms
 * in which we write it. Canonical form is RFC 8785 (JCS). File form has the
 * same key order, strings and numbers, indented by two spaces, "\n" at the end;
 * an empty object or array is {} or []; file form minus the white space outside
 * strings is the canonical form.
 */
#include <jansson.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/* Once, before anything else here: jansson's allocators, LC_NUMERIC stays C. */
void cf_json_start(void);

/*
 * Reads one I-JSON text of at most `max` bytes and CF_MAX_DEPTH levels. The
 * size, then the depth and the encoding are checked before jansson sees it.
 * CF_INVALID or CF_TOO_BIG; the message says line, column and what is wrong,
 * the rule is one of json.encoding json.depth json.duplicate json.number
 * json.syntax json.size. The caller owns *out (json_decref).
 */
const struct cf_err *cf_json_read(json_t **out, struct cf_str text,
	size_t max) CF_MUST;

/*
 * The same for bytes that must be exactly their file form (else CF_INVALID,
 * json.not-canonical). One pass: reads, compares the form and, where `jcs` is
 * not NULL, appends the canonical form to it without the top-level member
 * `skip` (NULL: all members). This is the hot path of verification.
 */
const struct cf_err *cf_json_read_file_form(json_t **out, struct cf_buf *jcs,
	const char *skip, struct cf_str text, size_t max) CF_MUST;

/*
 * Appends the canonical form, or the file form, of `value`, which may hold
 * integers and reals in any mixture (1.0 is written 1). `skip` as above.
 * CF_INVALID (json.number) where a number has no I-JSON form; CF_TOO_BIG where
 * the buffer is too small.
 */
const struct cf_err *cf_json_canonical(struct cf_buf *out,
	const json_t *value, const char *skip) CF_MUST;
const struct cf_err *cf_json_file_form(struct cf_buf *out,
	const json_t *value) CF_MUST;

/* Orders two values by the bytes of their canonical forms; 0 means equal. */
int cf_json_compare(const json_t *a, const json_t *b);

/* Reads a file of at most `max` bytes; errors name the path. */
const struct cf_err *cf_json_read_path(json_t **out, const char *path,
	size_t max) CF_MUST;

/* JSON Pointer (RFC 6901). A borrowed value, or NULL. */
json_t *cf_json_at(const json_t *value, const char *pointer);
/* Appends "/" and the escaped reference token; or the place in a list. */
void cf_json_pointer_add(struct cf_buf *out, const char *token);
void cf_json_pointer_index(struct cf_buf *out, size_t i);

/* A string member, or NULL where it is missing or not a string. Borrowed. */
const char *cf_json_str(const json_t *object, const char *member);

/* A number as ECMAScript writes it (RFC 8785, 3.2.2.3); false if not finite.
 * `out` holds 32 bytes. */
bool cf_json_number(char *out, double value);
/* Whether records may hold it: finite, and its canonical form is no integer
 * beyond CF_MAX_WHOLE, which others might round. */
bool cf_json_number_ok(double value);

#endif
