#ifndef CF_REGEX_H
#define CF_REGEX_H

/*
 * Regular expressions as JSON Schema means them: ECMA-262 with the `u` flag,
 * not anchored. They are translated for PCRE2, and what ECMA-262 does not know
 * (inline options, possessive quantifiers, verbs) is refused. Matching has a
 * limit of steps, depth and memory.
 */
#include "base/buf.h"
#include "base/str.h"

struct cf_regex;	/* compiled; any number of threads may match with it */
struct cf_regex_room;	/* memory for matching; one thread at a time */

/* CF_INVALID says what is wrong in the pattern, and where. */
const struct cf_err *cf_regex_new(struct cf_regex **out,
	struct cf_str pattern) CF_MUST;
void cf_regex_free(struct cf_regex *regex);

struct cf_regex_room *cf_regex_room_new(void);
void cf_regex_room_free(struct cf_regex_room *room);

enum cf_regex_answer {
	CF_REGEX_NO,
	CF_REGEX_YES,
	CF_REGEX_STUCK	/* past a limit, or the text is not UTF-8 */
};
enum cf_regex_answer cf_regex_match(const struct cf_regex *regex,
	struct cf_regex_room *room, struct cf_str text);

/*
 * regex_plain.c: a pattern that is a row of sets of characters with counts, from
 * "^" to "$"; NULL where it is more than that. True: it matches. False: it does
 * not, or the text is not UTF-8.
 */
struct cf_regex_plain;
struct cf_regex_plain *cf_regex_plain_new(struct cf_str pattern);
bool cf_regex_plain_match(const struct cf_regex_plain *plain,
	struct cf_str text);

/* Appends the pattern in PCRE2's syntax. CF_INVALID as above. */
const struct cf_err *cf_regex_translate(struct cf_buf *out,
	struct cf_str pattern) CF_MUST;

/* Appends \p{…} (or \P, as `p` says) for what ECMA-262 has in the braces; false
 * where it is not known. */
bool cf_regex_property(struct cf_buf *out, char p, struct cf_str body);

#endif
