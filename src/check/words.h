#ifndef CF_WORDS_OF_TEXT_H
#define CF_WORDS_OF_TEXT_H

/*
 * The words of a text, and what kind of word each is.
 */
#include "check/lexicon.h"
#include "check/text.h"

enum cf_shape {
	CF_SMALL,	/* hannah */
	CF_CAPITAL,	/* Hannah */
	CF_CAPITALS,	/* HANNAH; one letter is CF_CAPITAL */
	CF_NUMERAL	/* 7, 1,200 */
};

struct cf_word {
	uint32_t from, to;	/* characters of the text */
	uint64_t is;		/* W_… */
	uint32_t value;		/* of a numeral, or of one to nine */
	enum cf_shape shape;
	bool ends;		/* a sentence ends after it */
};

/*
 * Letters with the hyphens and apostrophes inside them ("looked-after",
 * "O'Brien"), without a last 's; and numerals. "7th", "Y4" are one word each
 * and of no kind.
 */
struct cf_words {
	struct cf_word *word;
	size_t n, cap;
	uint64_t is;		/* kinds of any of them */
	bool capitals;		/* the text is written in capitals */
};
void cf_words_read(struct cf_words *out, const struct cf_text *text);
void cf_words_clear(struct cf_words *words);

/* Whether the word at `i` is of one of the kinds; no word is of none. */
static inline bool
cf_word_is(const struct cf_words *words, size_t i, uint64_t kinds)
{
	return i < words->n && (words->word[i].is & kinds);
}

/* Whether the word is this one (in small letters). Most differ in the first. */
bool cf_word_rest(const struct cf_text *text, size_t i, const char *word);
static inline bool
cf_word_equals(const struct cf_text *text, size_t i, const char *word)
{
	return i < text->words->n && text->l[text->words->word[i].from] ==
		(unsigned char)word[0] && cf_word_rest(text, i, word);
}

/* The first word from `i` on, at most `most` on and in the same sentence, of
 * one of the kinds; words->n where there is none. */
size_t cf_word_after(const struct cf_words *words, size_t i, size_t most,
	uint64_t kinds);
/* The same backwards, from before `i`. */
size_t cf_word_before(const struct cf_words *words, size_t i, size_t most,
	uint64_t kinds);

/* Whether the n bytes are one of the words between bars: "|info|office|". */
bool cf_is_word(const unsigned char *s, size_t n, const char *words);

#endif
