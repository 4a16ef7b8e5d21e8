/*
 * Words, and lists of words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/token.h"
#include "check/words.h"

#define MOST_VALUE 1000000u	/* larger counts of people are all alike */

bool
cf_is_word(const unsigned char *s, size_t n, const char *words)
{
	struct cf_str word, rest = cf_str(words + 1);

	while (cf_str_cut(&word, &rest, rest, '|'))
		if (word.n == n && memcmp(word.p, s, n) == 0)
			return true;
	return false;
}

/* A hyphen or an apostrophe between two letters; a last 's is no part. */
static bool
joins(const struct cf_text *text, size_t i)
{
	unsigned char c = text->s[i];

	if ((c != '-' && c != '\'') || i + 1 >= text->n ||
		!cf_letter(text->s[i + 1]))
		return false;
	return c == '-' || text->l[i + 1] != 's' ||
		!cf_ends_token(text, i + 2);
}

static enum cf_shape
shape_of(const struct cf_text *text, size_t from, size_t to)
{
	size_t upper = 0, letters = 0;

	for (size_t i = from; i < to; i++) {
		letters += cf_letter(text->s[i]);
		upper += cf_upper(text->s[i]);
	}
	if (!cf_upper(text->s[from]) && text->s[from] != CF_LETTER)
		return CF_SMALL;
	return letters > 1 && upper == letters ? CF_CAPITALS : CF_CAPITAL;
}

/* A full stop ends a sentence, but not after "Mr" or an initial. */
static bool
ends_sentence(const struct cf_text *text, const struct cf_word *word)
{
	size_t i = word->to;

	for (; i < text->n && !cf_alnum(text->s[i]); i++) {
		unsigned char c = text->s[i];

		if (c == '!' || c == '?' || c == ';')
			return true;
		if (c == '\n' && i + 1 < text->n && text->s[i + 1] == '\n')
			return true;
		if (c == '.' && (i + 1 >= text->n ||
			cf_space(text->s[i + 1])) && !(word->is & W_TITLE) &&
			word->to - word->from > 1)
			return true;
	}
	return i >= text->n;
}

/* The end of a numeral with its commas; the value of a whole one. */
static size_t
read_numeral(struct cf_word *word, const struct cf_text *text, size_t i)
{
	uint32_t value = 0;

	while (i < text->n && (cf_digit(text->s[i]) || (text->s[i] == ',' &&
		i + 1 < text->n && cf_digit(text->s[i + 1])))) {
		if (text->s[i] != ',' && value < MOST_VALUE)
			value = value * 10 + (uint32_t)(text->s[i] - '0');
		i++;
	}
	if (i + 1 < text->n && text->s[i] == '.' && cf_digit(text->s[i + 1]))
		value = MOST_VALUE;	/* a decimal counts no people */
	while (i < text->n && (cf_digit(text->s[i]) || (text->s[i] == '.' &&
		i + 1 < text->n && cf_digit(text->s[i + 1]))))
		i++;
	word->value = value;
	word->shape = CF_NUMERAL;
	return i;
}

static uint32_t
spelt_value(const struct cf_text *text, const struct cf_word *word)
{
	static const char *const numbers[] = { "one", "two", "three", "four",
		"five", "six", "seven", "eight", "nine" };

	for (uint32_t k = 0; k < 9; k++)
		if (strlen(numbers[k]) == word->to - word->from &&
			memcmp(text->l + word->from, numbers[k],
			word->to - word->from) == 0)
			return k + 1;
	return 0;
}

/* "o'brien" is a name, and so are "anne-marie" and "smith-jones", by the part
 * that says so. */
static uint64_t
kinds_of_parts(const unsigned char *s, size_t n)
{
	const unsigned char *mark = memchr(s, '\'', n);
	unsigned char joined[32];
	uint64_t kinds = cf_kinds_of(s, n);
	size_t k = 0;

	if (kinds)
		return kinds;
	if (mark && n <= sizeof joined) {
		for (size_t i = 0; i < n; i++)
			if (s[i] != '\'')
				joined[k++] = s[i];
		return cf_kinds_of(joined, k);
	}
	mark = memchr(s, '-', n);
	if (mark == NULL)
		return 0;
	k = (size_t)(mark - s);
	return (cf_kinds_of(s, k) & (W_FORENAME | W_FORENAME_CAP)) |
		(cf_kinds_of(mark + 1, n - k - 1) & W_SURNAME);
}

static size_t
read_word(struct cf_word *word, const struct cf_text *text, size_t i)
{
	size_t from = i;

	*word = (struct cf_word){ .from = (uint32_t)from };
	if (cf_digit(text->s[i]))
		i = read_numeral(word, text, i);
	if (i == from || (i < text->n && cf_letter(text->s[i]))) {
		bool mixed = i > from;

		while (i < text->n && (cf_alnum(text->s[i]) ||
			joins(text, i))) {
			mixed = mixed || cf_digit(text->s[i]);
			i++;
		}
		word->shape = shape_of(text, from, i);
		if (!mixed)
			word->is = kinds_of_parts(text->l + from, i - from);
	}
	word->to = (uint32_t)i;
	if (word->is & W_NUMBER)
		word->value = spelt_value(text, word);
	return i;
}

void
cf_words_read(struct cf_words *out, const struct cf_text *text)
{
	size_t capitals = 0, small = 0;

	*out = (struct cf_words){ .cap = text->n / 5 + 4 };
	out->word = cf_calloc(out->cap, sizeof *out->word);
	for (size_t i = 0; i < text->n;) {
		struct cf_word *w;

		if (!cf_alnum(text->s[i])) {
			i++;
			continue;
		}
		out->word = cf_grow(out->word, out->n, &out->cap,
			sizeof *out->word);
		w = &out->word[out->n++];
		i = read_word(w, text, i);
		w->ends = ends_sentence(text, w);
		out->is |= w->is;
		capitals += w->shape == CF_CAPITALS;
		small += w->shape == CF_SMALL;
		/* "Khan's": the 's is not a word */
		if (i + 1 < text->n && text->s[i] == '\'' &&
			text->l[i + 1] == 's' && cf_ends_token(text, i + 2))
			i += 2;
	}
	out->capitals = capitals > 1 && small * 4 < capitals;
}

void
cf_words_clear(struct cf_words *words)
{
	free(words->word);
	*words = (struct cf_words){ 0 };
}

bool
cf_word_is(const struct cf_words *words, size_t i, uint64_t kinds)
{
	return i < words->n && (words->word[i].is & kinds);
}

bool
cf_word_equals(const struct cf_text *text, size_t i, const char *word)
{
	const struct cf_words *words = text->words;
	size_t n;

	if (i >= words->n || text->l[words->word[i].from] !=
		(unsigned char)word[0])
		return false;
	n = strlen(word);
	return words->word[i].to - words->word[i].from == n &&
		memcmp(text->l + words->word[i].from, word, n) == 0;
}

size_t
cf_word_after(const struct cf_words *words, size_t i, size_t most,
	uint64_t kinds)
{
	for (size_t k = i; k < words->n && k - i < most; k++) {
		if (words->word[k].is & kinds)
			return k;
		if (words->word[k].ends)
			break;
	}
	return words->n;
}

size_t
cf_word_before(const struct cf_words *words, size_t i, size_t most,
	uint64_t kinds)
{
	for (size_t k = i; k-- > 0 && i - k <= most;) {
		if (words->word[k].ends)
			break;
		if (words->word[k].is & kinds)
			return k;
	}
	return words->n;
}
