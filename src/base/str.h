#ifndef CF_STR_H
#define CF_STR_H

/*
 * Slices of text that somebody else owns, and strict little parsers over them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cf_str {
	const char *p;
	size_t n;
};

#define CF_STR(literal) ((struct cf_str){ "" literal, sizeof(literal) - 1 })

struct cf_str cf_str(const char *s);
bool cf_str_eq(struct cf_str a, struct cf_str b);
bool cf_str_is(struct cf_str a, const char *s);
bool cf_str_skip(struct cf_str *s, const char *prefix);	/* moves past it */
/* Cuts at the first `c` (which neither part holds); false without one. */
bool cf_str_cut(struct cf_str *head, struct cf_str *rest, struct cf_str s,
	char c);

/* Plain decimal, no sign, no zero in front, at most `max`. The whole slice. */
bool cf_str_u64(struct cf_str s, uint64_t *out, uint64_t max);

bool cf_starts(const char *s, const char *prefix);
bool cf_ends(const char *s, const char *suffix);

/* Lower-case hexadecimal. `out` holds 2n + 1 bytes. */
void cf_hex(char *out, const void *bytes, size_t n);
/* Exactly 2n lower-case digits; false otherwise. */
bool cf_unhex(void *out, size_t n, struct cf_str hex);

/*
 * Decodes one UTF-8 character (RFC 3629: no overlong form, no surrogate) and
 * moves past it; -1 where the bytes are not UTF-8. *s must not be empty.
 */
int32_t cf_utf8_next(struct cf_str *s);
/* Whether it cannot be seen: zero width, direction, control. */
bool cf_utf8_unseen(int32_t c);

/*
 * Makes `s` valid UTF-8 in place: bytes that are not (a character cut off at the
 * end too), and control characters but newline, become "?".
 */
void cf_utf8_mend(char *s);

/*
 * A copy of `s` that is safe to show on a terminal: control characters, bidi
 * controls and bytes that are not UTF-8 become U+FFFD. The caller frees.
 */
char *cf_printable(const char *s);

#endif
