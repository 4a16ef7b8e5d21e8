#ifndef CF_JSON_SCAN_H
#define CF_JSON_SCAN_H

/*
 * Looks at a JSON text before any value is made of it. Private to src/json.
 */
#include "json/json.h"

/*
 * Grammar, depth, encoding and numbers of the whole text: the first fault, with
 * its place and what to do about it. Names that stand twice are left to the
 * reader.
 */
const struct cf_err *cf_json_scan(struct cf_str text) CF_MUST;

/* Past the text in quotes, the number, or true, false, null that begins at *at;
 * or what is wrong with it. */
const struct cf_err *cf_json_scan_string(struct cf_str text, size_t *at)
	CF_MUST;
const struct cf_err *cf_json_scan_number(struct cf_str text, size_t *at)
	CF_MUST;
const struct cf_err *cf_json_scan_word(struct cf_str text, size_t *at) CF_MUST;

/* The byte at `at`, or -1 at the end. */
int cf_json_byte(struct cf_str text, size_t at);

/* Where no character that JSON allows begins at `at`: what is wrong with it. */
const struct cf_err *cf_json_bad_character(struct cf_str text, size_t at)
	CF_MUST;

struct cf_json_place {
	size_t line, column;	/* from 1; a column is a character */
};
struct cf_json_place cf_json_place(struct cf_str text, size_t at);

/* CF_INVALID with "line 3, column 7: " of the byte at `at` in front. */
const struct cf_err *cf_json_fault(struct cf_str text, size_t at,
	const char *rule, const char *fmt, ...) CF_PRINTF(4, 5);

#endif
