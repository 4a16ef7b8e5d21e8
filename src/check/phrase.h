#ifndef CF_PHRASE_H
#define CF_PHRASE_H

/*
 * What the rules about phrases ask of words, in short names: for the files that
 * hold those rules.
 */
#include "check/token.h"
#include "check/words.h"

static inline bool
is(const struct cf_text *text, size_t i, uint64_t kinds)
{
	return cf_word_is(text->words, i, kinds);
}

static inline const struct cf_word *
word(const struct cf_text *text, size_t i)
{
	return &text->words->word[i];
}

/* Whether the word is one of these, between bars: "|was|were|". */
static inline bool
is_one_of(const struct cf_text *text, size_t i, const char *words)
{
	return i < text->words->n && cf_is_word(text->l + word(text, i)->from,
		word(text, i)->to - word(text, i)->from, words);
}

static inline bool
is_capital(const struct cf_text *text, size_t i)
{
	return i < text->words->n && (word(text, i)->shape == CF_CAPITAL ||
		word(text, i)->shape == CF_CAPITALS);
}

/* Whether 's stands behind the word. */
static inline bool
is_possessive(const struct cf_text *text, size_t i)
{
	size_t to = word(text, i)->to;

	return to + 1 < text->n && text->s[to] == '\'' &&
		text->l[to + 1] == 's';
}

/* "pupil premium", "Parent Council": the noun belongs to the next one. */
bool cf_is_compound(const struct cf_text *text, size_t i);
/* The noun for people within three words of `i`, in the same phrase. */
size_t cf_noun_after(const struct cf_text *text, size_t i, uint64_t nouns);
/* A word of these kinds stands in from..to. */
bool cf_any_between(const struct cf_text *text, size_t from, size_t to,
	uint64_t kinds);
/* Past tense, roughly: something that happened once, to these people; right at
 * `i`, or in the `most` words behind it. */
bool cf_is_past(const struct cf_text *text, size_t i);
bool cf_past_after(const struct cf_text *text, size_t i, size_t most);
/* What sets people apart, "with epilepsy", "in a wheelchair", "on a plan",
 * behind the noun. */
#define TRAITS (W_TRAIT | W_SPECIAL)
bool cf_trait_behind(const struct cf_text *text, size_t noun);

#endif
