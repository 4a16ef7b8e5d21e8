#ifndef CF_TOKEN_H
#define CF_TOKEN_H

/*
 * Small questions about folded text that the scanners share.
 */
#include "check/text.h"

static inline bool
cf_digit(unsigned char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool
cf_upper(unsigned char c)
{
	return (unsigned char)(c - 'A') < 26;
}

static inline bool
cf_lower(unsigned char c)
{
	return (unsigned char)(c - 'a') < 26;
}

static inline bool
cf_letter(unsigned char c)
{
	return cf_lower((unsigned char)(c | 0x20)) || c == CF_LETTER;
}

static inline bool
cf_alnum(unsigned char c)
{
	return cf_letter(c) || cf_digit(c);
}

static inline bool
cf_space(unsigned char c)
{
	return c == ' ' || c == '\n';
}

/* Whether a run of letters and digits begins, or ended, at this place. */
bool cf_starts_token(const struct cf_text *text, size_t at);
bool cf_ends_token(const struct cf_text *text, size_t at);

/*
 * `n` letters and digits from `at` in capitals, between which single spaces,
 * dashes or dots may stand; where the last ends, 0 where there are fewer or the
 * run goes on.
 */
size_t cf_take(char *out, size_t n, const struct cf_text *text, size_t at);

/*
 * Whether one of the words (each in small letters, between bars: "|dob|date of
 * birth|") stands within CF_NEAR characters of from..to, or in the field's name,
 * where "_" counts as a space.
 */
#define CF_NEAR 40
bool cf_near_words(const struct cf_text *text, size_t from, size_t to,
	const char *words);
/*
 * The same within the sentence and the line: for what lets something alone. What
 * is said of a thing in one sentence says nothing of a person in the next.
 */
bool cf_beside_words(const struct cf_text *text, size_t from, size_t to,
	const char *words);

#endif
