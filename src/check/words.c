/*
 * Words, and lists of words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/token.h"
#include "check/words.h"


/* Whether the n bytes are the word that ends in a bar. */
static bool
is_same(const char *word, const unsigned char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] == '|' || word[i] == '\0' ||
			(unsigned char)word[i] != s[i])
			return false;
	return word[n] == '|';
}

bool
cf_is_word(const unsigned char *s, size_t n, const char *words)
{
	const char *word = words;

	if (n == 0 || *s == '|' || *s == '\0')
		return false;
	while ((word = strchr(word + 1, *s)) != NULL)
		if (word[-1] == '|' && is_same(word, s, n))
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
shape_of(unsigned char first, size_t letters, size_t upper)
{
	if (!cf_upper(first) && first != CF_LETTER)
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
		if (text->s[i] != ',' && value < CF_MAX_COUNTED)
			value = value * 10 + (uint32_t)(text->s[i] - '0');
		i++;
	}
	if (i + 1 < text->n && text->s[i] == '.' && cf_digit(text->s[i + 1]))
		value = CF_MAX_COUNTED;	/* a decimal counts no people */
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
	const unsigned char *mark;
	unsigned char joined[32];
	uint64_t left, right;
	size_t k = 0;

	mark = memchr(s, '\'', n);
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
	left = cf_kinds_of(s, k);
	right = cf_kinds_of(mark + 1, n - k - 1);
	/* Jean-Luc, each of which is a word as well; but May-June is a time */
	if ((left & W_ANY_FORENAME) && (right & W_ANY_FORENAME) &&
		!((left | right) & (W_CALENDAR | W_FUNCTION)))
		left |= W_FORENAME_CAP;
	return (left & (W_FORENAME | W_FORENAME_CAP)) | (right & W_SURNAME);
}

/* Goes on with letters from `i`; what stands before them are digits. */
static size_t
read_letters(struct cf_word *word, const struct cf_text *text, size_t i)
{
	size_t from = word->from, letters = 0, upper = 0, marks = 0;
	const unsigned char *first = text->l + from;
	bool mixed = i > from;

	for (; i < text->n; i++) {
		unsigned char c = text->s[i];

		if (cf_letter(c)) {
			letters++;
			upper += cf_upper(c);
		} else if (cf_digit(c)) {
			mixed = true;
		} else if (joins(text, i)) {
			marks++;
		} else {
			break;
		}
	}
	word->shape = shape_of(text->s[from], letters, upper);
	if (mixed)
		return i;
	word->is = cf_kinds_of(first, i - from);
	if (word->is == 0 && marks)
		word->is = kinds_of_parts(first, i - from);
	return i;
}

static size_t
read_word(struct cf_word *word, const struct cf_text *text, size_t i)
{
	size_t from = i;

	*word = (struct cf_word){ .from = (uint32_t)from };
	if (cf_digit(text->s[i]))
		i = read_numeral(word, text, i);
	if (i == from || (i < text->n && cf_letter(text->s[i])))
		i = read_letters(word, text, i);
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
	out->word = cf_malloc(out->cap * sizeof *out->word);
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
cf_word_rest(const struct cf_text *text, size_t i, const char *word)
{
	const struct cf_word *w = &text->words->word[i];
	size_t n = strlen(word);

	return w->to - w->from == n && memcmp(text->l + w->from, word, n) == 0;
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
