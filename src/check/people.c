/*
 * So few people, or so special, that a reader knows who they are.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

#define FEW 10u		/* CF_LEAST_PEOPLE, the floor of every policy */

static bool
is(const struct cf_text *text, size_t i, uint64_t kinds)
{
	return cf_word_is(text->words, i, kinds);
}

static const struct cf_word *
word(const struct cf_text *text, size_t i)
{
	return &text->words->word[i];
}

/* "pupil premium", "Parent Council": the noun belongs to the next one. */
static bool
is_compound(const struct cf_text *text, size_t i)
{
	return !word(text, i)->ends && is(text, i + 1, W_COMPOUND) &&
		word(text, i + 1)->from == word(text, i)->to + 1;
}

/* The noun for people within three words of `i`, in the same phrase. */
static size_t
noun_after(const struct cf_text *text, size_t i, uint64_t nouns)
{
	size_t k = i;

	for (; k < text->words->n && k < i + 4; k++) {
		if (is(text, k, nouns))
			return is_compound(text, k) ? text->words->n : k;
		if (word(text, k)->ends || (is(text, k, W_FUNCTION) &&
			!cf_word_equals(text, k, "our") &&
			!cf_word_equals(text, k, "of") &&
			!cf_word_equals(text, k, "the") &&
			!cf_word_equals(text, k, "and") &&
			!cf_word_equals(text, k, "other")))
			break;
	}
	return text->words->n;
}

static bool
any_between(const struct cf_text *text, size_t from, size_t to,
	uint64_t kinds)
{
	for (size_t k = from; k < to && k < text->words->n; k++)
		if (is(text, k, kinds))
			return true;
	return false;
}

/* Past tense, roughly: something that happened once, to these people. */
static bool
is_past(const struct cf_text *text, size_t i)
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

static bool
past_after(const struct cf_text *text, size_t i, size_t most)
{
	for (size_t k = i + 1; k < text->words->n && k <= i + most; k++) {
		if (word(text, k - 1)->ends)
			break;
		if (is_past(text, k))
			return true;
	}
	return false;
}

/* --- unique persons ---------------------------------------------------------- */

#define TRAITS (W_TRAIT | W_SPECIAL)

/* "with epilepsy", "in a wheelchair", "on a plan", behind the noun. */
static bool
trait_behind(const struct cf_text *text, size_t noun)
{
	static const char *const links[] = { "with", "in", "on", "who", "from",
		"whose", "without" };

	if (word(text, noun)->ends)
		return false;
	for (size_t k = 0; k < sizeof links / sizeof *links; k++)
		if (cf_word_equals(text, noun + 1, links[k]))
			return cf_word_after(text->words, noun + 2, 4,
				TRAITS) < text->words->n;
	return false;
}

static bool
is_unique(const struct cf_text *text, size_t i, size_t noun)
{
	bool only = is(text, i, W_ONLY) && !cf_word_equals(text, i, "single");

	if (only)
		return !(i && cf_word_equals(text, i - 1, "not"));
	/* "one reluctant pupil per table" is any pupil */
	if (i && is(text, i - 1, W_BOUND))
		return false;
	return any_between(text, i + 1, noun, TRAITS) ||
		trait_behind(text, noun);
}

static void
unique_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun;

		if (!is(text, i, W_ONLY | W_NUMBER | W_FUNCTION) &&
			word(text, i)->value != 1)
			continue;
		if (!is(text, i, W_ONLY) && !cf_word_equals(text, i, "one") &&
			!cf_word_equals(text, i, "first") &&
			word(text, i)->value != 1)
			continue;
		noun = noun_after(text, i + 1, W_PUPIL | W_STAFF | W_PARENT);
		if (noun == text->words->n && is(text, i, W_ONLY) && i &&
			cf_word_equals(text, i - 1, "the"))
			noun = noun_after(text, i + 1, W_PUPILS);
		if (noun == text->words->n || !is_unique(text, i, noun))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, word(text, i)->from,
			word(text, noun)->to);
		i = noun;
	}
}

const struct cf_rule cf_rule_unique = {
	.id = "T-UNIQUE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_PERSON | W_PUPILS,
	.title = "The only one of a kind",
	.found = "this is true of one person only",
	.detects = "\"Only\", \"youngest\", \"one\" and the like before one "
		"person with something that sets the person apart. Things, and "
		"words such as \"pupil premium\", are left alone.",
	.why = "Everybody in the school knows the only child of whom that is "
		"true.",
	.remedy = "Say it of a group of ten or more, or leave it out.",
	.example = "She is the only Traveller pupil in Year 6.",
	.text = unique_text
};

/* --- few people --------------------------------------------------------------- */

/* "Year 4", "Years 3, 5 and 6": the number belongs to what stands before. */
static bool
is_labelled(const struct cf_text *text, size_t i)
{
	while (i-- > 0 && !word(text, i)->ends) {
		if (is(text, i, W_LABEL))
			return true;
		if (word(text, i)->shape != CF_NUMERAL &&
			!cf_word_equals(text, i, "and") &&
			!cf_word_equals(text, i, "or") &&
			!cf_word_equals(text, i, "to"))
			break;
	}
	return false;
}

/* "Year 4", "fewer than five", "groups of four", "3 to 5", "two per table". */
static bool
counts_nobody(const struct cf_text *text, size_t i, size_t noun)
{
	for (size_t k = 1; k <= 3 && k <= i; k++) {
		if (word(text, i - k)->ends)
			break;
		if (is(text, i - k, W_BOUND))
			return true;
	}
	if (is_labelled(text, i))
		return true;
	for (size_t k = noun + 1; k < noun + 4 && k < text->words->n; k++) {
		if (word(text, k - 1)->ends)
			break;
		if (cf_word_equals(text, k, "per") || cf_word_equals(text, k,
			"each") || cf_word_equals(text, k, "every") ||
			cf_word_equals(text, k, "at"))
			return true;
	}
	if (word(text, i)->from) {
		unsigned char before = text->s[word(text, i)->from - 1];

		if (before == '-' || before == '/' || before == ':' ||
			before == CF_SIGN)
			return true;
	}
	return cf_word_equals(text, i + 1, "to") || cf_word_equals(text, i + 1,
		"or") || (word(text, i)->to < text->n &&
		(text->s[word(text, i)->to] == '%' ||
		text->s[word(text, i)->to] == '-'));
}

/* Whether these few are somebody: a trait, our own, something that happened,
 * or a share of them. */
static bool
is_somebody(const struct cf_text *text, size_t i, size_t noun)
{
	return any_between(text, i + 1, noun, TRAITS) ||
		trait_behind(text, noun) || past_after(text, noun, 4) ||
		cf_word_before(text->words, i, 4, W_FRACTION) <
		text->words->n || (i && (cf_word_equals(text, i - 1, "our") ||
		cf_word_equals(text, i - 1, "these") ||
		cf_word_equals(text, i - 1, "only") ||
		cf_word_equals(text, i - 1, "just")));
}

static bool
is_few(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	if (w->value == 0 || w->value >= FEW)
		return false;
	return w->shape == CF_NUMERAL || (is(text, i, W_NUMBER));
}

static void
smallword_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun, from;

		if (!is_few(text, i))
			continue;
		noun = noun_after(text, i + 1, W_PUPILS | W_STAFFS |
			W_PARENTS);
		if (noun == text->words->n || counts_nobody(text, i, noun) ||
			!is_somebody(text, i, noun))
			continue;
		from = cf_word_before(text->words, i, 4, W_FRACTION);
		if (from == text->words->n)
			from = i;
		cf_report_text(probe, CF_WAIVABLE, text,
			word(text, from)->from, word(text, noun)->to);
		i = noun;
	}
}

const struct cf_rule cf_rule_smallword = {
	.id = "T-SMALLWORD",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_PEOPLE,
	.title = "Fewer than ten people",
	.found = "these are fewer than ten people",
	.detects = "A number below ten, in digits or words, before pupils, "
		"staff or parents of whom something is said; a share of so "
		"few. Schools, lessons, year groups, and how people are "
		"grouped are left alone.",
	.why = "Among so few, classmates and parents see which child it was.",
	.remedy = "Write \"a few pupils\" or \"fewer than ten\", or say it of "
		"a larger group.",
	.example = "In spring two pupils with EHCPs withdrew.",
	.text = smallword_text
};

/* --- whole groups ---------------------------------------------------------------- */

static bool
is_all(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	return is(text, i, W_ALL) || (w->value == 100 && w->to < text->n &&
		(text->s[w->to] == '%' || cf_word_equals(text, i + 1,
		"per")));
}

static void
classword_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun, what;

		if (!is_all(text, i))
			continue;
		noun = cf_word_after(text->words, i, 7, W_PUPIL | W_PUPILS |
			W_STAFFS | W_PARENTS | W_STAFF | W_PARENT);
		if (is(text, i, W_ALL) && word(text, i)->to -
			word(text, i)->from > 5)
			noun = i;	/* everyone */
		if (noun == text->words->n || is_compound(text, noun))
			continue;
		what = cf_word_after(text->words, i + 1, 16, W_SENSITIVE);
		if (what == text->words->n)
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, word(text, i)->from,
			word(text, what > noun ? what : noun)->to);
		i = what;
	}
}

const struct cf_rule cf_rule_classword = {
	.id = "T-CLASSWORD",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_SENSITIVE,
	.title = "True of a whole group",
	.found = "this is said of everybody in a group",
	.detects = "\"All\", \"every\", \"none\" or 100% of a group, with "
		"something that nobody would want known. Conditions of a "
		"study are left alone.",
	.why = "What is true of all is true of each child that a reader "
		"knows.",
	.remedy = "Write \"most\", or leave it out.",
	.example = "All of the Year 10 boys had truanted.",
	.text = classword_text
};
