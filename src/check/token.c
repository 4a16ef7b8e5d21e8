/*
 * Tokens, and the words around them.
 */
#include <string.h>

#include "check/token.h"
#include "check/words.h"

bool
cf_starts_token(const struct cf_text *text, size_t at)
{
	return at == 0 || !cf_alnum(text->s[at - 1]);
}

bool
cf_ends_token(const struct cf_text *text, size_t at)
{
	return at >= text->n || !cf_alnum(text->s[at]);
}

static unsigned char
capital(unsigned char c)
{
	return cf_lower(c) ? c - 32 : c;
}

size_t
cf_take(char *out, size_t n, const struct cf_text *text, size_t at)
{
	size_t got = 0;

	while (got < n && at < text->n) {
		unsigned char c = text->s[at];

		if (cf_alnum(c))
			out[got++] = (char)capital(c);
		else if ((!cf_space(c) && c != '-' && c != '.') ||
			at + 1 >= text->n || !cf_alnum(text->s[at + 1]))
			return 0;
		at++;
	}
	return got == n && cf_ends_token(text, at) ? at : 0;
}

/* Whether `word`, up to its bar, stands at `at` and no word goes on there. */
static bool
word_at(const unsigned char *s, size_t n, size_t at, const char *word)
{
	for (; *word != '|'; word++, at++) {
		if (at >= n)
			return false;
		if (*word == ' ' ? !cf_space(s[at]) && s[at] != '_' &&
			s[at] != '-' : s[at] != (unsigned char)*word)
			return false;
	}
	return at >= n || !cf_alnum(s[at]);
}

/* One of the words between bars stands at `at`, where a word begins. */
static bool
any_at(const unsigned char *s, size_t n, size_t at, const char *words)
{
	const char *word = words;

	while ((word = strchr(word + 1, s[at])) != NULL)
		if (word[-1] == '|' && word_at(s, n, at, word))
			return true;
	return false;
}

static bool
any_within(const unsigned char *s, size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (cf_alnum(s[i]) && (i == 0 || !cf_alnum(s[i - 1])) &&
			any_at(s, n, i, words))
			return true;
	return false;
}

/* The field's name in small letters, as far as it matters. */
static bool
in_member(const char *member, const char *words)
{
	unsigned char name[80];
	size_t n = 0;

	for (; n < sizeof name && member[n]; n++) {
		unsigned char c = (unsigned char)member[n];

		name[n] = cf_upper(c) ? c + 32 : c;
	}
	return any_within(name, n, words);
}

/* What stands within reach of from..to, without half a word. */
static void
reach(size_t *first, size_t *last, const struct cf_text *text)
{
	size_t from = *first, to = *last;

	*first = from > CF_NEAR ? from - CF_NEAR : 0;
	*last = text->n - to > CF_NEAR ? to + CF_NEAR : text->n;
	while (*first && *first < from && cf_alnum(text->l[*first - 1]))
		(*first)++;
	while (*last < text->n && *last > to && cf_alnum(text->l[*last]))
		(*last)--;
}

bool
cf_near_words(const struct cf_text *text, size_t from, size_t to,
	const char *words)
{
	size_t first = from, last = to;

	reach(&first, &last, text);
	return any_within(text->l + first, last - first, words) ||
		in_member(text->member, words);
}

/* The sentence, or the line, ends at this character. "No. 7", "e.g. this" and
 * "3.5" end none. */
static bool
is_stop(const struct cf_text *text, size_t at)
{
	unsigned char c = text->s[at];
	size_t from = at;

	if (c == '\n' || c == ';' || c == '!' || c == '?')
		return true;
	if (c != '.' || (at + 1 < text->n && !cf_space(text->s[at + 1])))
		return false;
	while (from && cf_letter(text->s[from - 1]))
		from--;
	return !cf_is_word(text->l + from, at - from, "|no|nos|nr|vol|ref|ed|"
		"approx|ca|cf|e|g|i|");
}

bool
cf_beside_words(const struct cf_text *text, size_t from, size_t to,
	const char *words)
{
	size_t first = from, last = to;

	reach(&first, &last, text);
	for (size_t i = from; i-- > first;)
		if (is_stop(text, i))
			first = i + 1;
	for (size_t i = to; i < last; i++)
		if (is_stop(text, i))
			last = i;
	return any_within(text->l + first, last - first, words) ||
		in_member(text->member, words);
}
