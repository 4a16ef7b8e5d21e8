/*
 * Parts of phrases: who is spoken of, and what is said of them.
 */
#include <string.h>

#include "check/phrase.h"

bool
cf_is_compound(const struct cf_text *text, size_t i)
{
	return !word(text, i)->ends && is(text, i + 1, W_COMPOUND) &&
		word(text, i + 1)->from == word(text, i)->to + 1;
}

size_t
cf_noun_after(const struct cf_text *text, size_t i, uint64_t nouns)
{
	size_t k = i;

	for (; k < text->words->n && k < i + 5; k++) {
		if (is(text, k, nouns))
			return cf_is_compound(text, k) ? text->words->n : k;
		if (word(text, k)->ends || (is(text, k, W_FUNCTION) &&
			!cf_word_equals(text, k, "our") &&
			!cf_word_equals(text, k, "of") &&
			!cf_word_equals(text, k, "the") &&
			!cf_word_equals(text, k, "and") &&
			!cf_word_equals(text, k, "other") &&
			!cf_word_equals(text, k, "new")))
			break;
	}
	return text->words->n;
}

bool
cf_any_between(const struct cf_text *text, size_t from, size_t to,
	uint64_t kinds)
{
	for (size_t k = from; k < to && k < text->words->n; k++)
		if (is(text, k, kinds))
			return true;
	return false;
}

bool
cf_is_past(const struct cf_text *text, size_t i)
{
	static const char past[] = "|was|were|had|did|left|made|came|got|went|"
		"took|gave|fell|lost|won|withdrew|said|began|became|grew|met|"
		"hit|kept|felt|found|ran|chose|knew|saw|told|wrote|spoke|sat|"
		"stood|brought|taught|thought|understood|sent|has|have|";
	const struct cf_word *w = word(text, i);

	if (cf_is_word(text->l + w->from, w->to - w->from, past))
		return true;
	return w->shape == CF_SMALL && w->to - w->from > 4 &&
		memcmp(text->l + w->to - 2, "ed", 2) == 0 &&
		!is(text, i, W_TRAIT | W_SPECIAL);
}

bool
cf_past_after(const struct cf_text *text, size_t i, size_t most)
{
	for (size_t k = i + 1; k < text->words->n && k <= i + most; k++) {
		if (word(text, k - 1)->ends)
			break;
		if (cf_is_past(text, k))
			return true;
	}
	return false;
}

bool
cf_trait_behind(const struct cf_text *text, size_t noun)
{
	static const char *const links[] = { "with", "in", "on", "who", "from",
		"whose", "without", "to", "eligible", "diagnosed" };

	if (word(text, noun)->ends)
		return false;
	for (size_t k = 0; k < sizeof links / sizeof *links; k++)
		if (cf_word_equals(text, noun + 1, links[k]))
			return k + 2 >= sizeof links / sizeof *links ||
				cf_word_after(text->words, noun + 2, 4,
				TRAITS) < text->words->n;
	return false;
}
