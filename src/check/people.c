/*
 * So few people, or so special, that a reader knows who they are.
 */
#include "check/phrase.h"
#include "check/rules.h"

/* --- unique persons ---------------------------------------------------------- */

static bool
is_family(const struct cf_text *text, size_t i)
{
	return is_one_of(text, i, "|family|household|");
}

/* "one student in Year 11 is a wheelchair user", "one girl in the cohort wears a
 * hijab": behind where the person is, what is told. */
static bool
is_told(const struct cf_text *text, size_t i, size_t noun)
{
	size_t k = noun + 1, most = noun + 5;

	if (word(text, noun)->ends || (i && is_one_of(text, i - 1,
		"|if|when|where|whenever|that|")))
		return false;
	if (is_one_of(text, k, "|in|at|from|of|"))
		while (k < most && !word(text, k)->ends && !is_one_of(text, k,
			"|is|was|has|had|wears|uses|speaks|with|"))
			k++;
	return is_one_of(text, k, "|is|was|has|had|wears|uses|speaks|with|") &&
		!word(text, k)->ends && cf_word_after(text->words, k + 1, 4,
		W_SPECIAL) < text->words->n;
}

/* "one pupil, a girl with epilepsy, ..." */
static bool
is_set_apart(const struct cf_text *text, size_t noun)
{
	size_t k = noun + 2;

	return !word(text, noun)->ends && text->s[word(text, noun)->to] == ',' &&
		is_one_of(text, noun + 1, "|a|an|the|our|") && is(text, k,
		W_PUPIL | W_STAFF) && cf_trait_behind(text, k);
}

static bool
is_unique(const struct cf_text *text, size_t i, size_t noun)
{
	bool only = is(text, i, W_ONLY) && !cf_word_equals(text, i, "single");

	if (only && is(text, noun, W_PUPILS) && !is(text, noun, W_PUPIL) &&
		cf_word_equals(text, noun + 1, "to"))
		return false;
	/* "only the teacher knows": whoever it is */
	if (only && !is_one_of(text, i + 1, "|the|a|an|"))
		return !(i && cf_word_equals(text, i - 1, "not"));
	/* "one reluctant pupil per table" is any pupil */
	if (i && is(text, i - 1, W_BOUND))
		return false;
	if (cf_word_equals(text, i, "last") || is_family(text, noun))
		return cf_any_between(text, i + 1, noun, W_SPECIAL);
	return cf_any_between(text, i + 1, noun, TRAITS) ||
		cf_trait_behind(text, noun) || is_told(text, i, noun) ||
		is_set_apart(text, noun);
}

/* "the only Traveller in the class", "the only wheelchair user". */
static size_t
only_trait(const struct cf_text *text, size_t i)
{
	size_t k = i + 1;

	if (!is_one_of(text, i, "|only|sole|lone|one|") || word(text, i)->ends ||
		!is(text, k, W_SPECIAL))
		return text->words->n;
	if (!word(text, k)->ends && is_one_of(text, k + 1, "|user|speaker|"
		"learner|"))
		return k + 1;
	if (cf_word_equals(text, i, "one"))
		return text->words->n;
	return word(text, k)->ends || is(text, k + 1, W_FUNCTION) ? k :
		text->words->n;
}

static size_t
unique_noun(const struct cf_text *text, size_t i)
{
	size_t none = text->words->n;
	size_t noun = cf_noun_after(text, i + 1, W_PUPIL | W_STAFF | W_PARENT);

	for (size_t k = i + 1; noun == none && k < none && k <= i + 2 &&
		!word(text, k - 1)->ends; k++)
		if (is_family(text, k))
			noun = k;

	if (noun == none && i && is_one_of(text, i - 1, "|the|our|their|")) {
		noun = only_trait(text, i);
		if (noun == none && is_one_of(text, i, "|only|sole|lone|"))
			noun = cf_noun_after(text, i + 1, W_PUPILS);
	}
	return noun;
}

/* "the only one who speaks Tigrinya", "nobody else is pregnant", "no other pupil
 * has epilepsy": the last word of it, or n. */
static size_t
no_other(const struct cf_text *text, size_t i)
{
	size_t none = text->words->n, k = i + 2;

	if (i + 1 >= none || word(text, i)->ends || word(text, i + 1)->ends)
		return none;
	if (cf_word_equals(text, i, "only") && cf_word_equals(text, i + 1,
		"one"))
		return cf_word_equals(text, k, "who") || (cf_word_equals(text,
			k, "with") && cf_word_after(text->words, k + 1, 3,
			TRAITS) < none) ? k : none;
	if (cf_word_equals(text, i, "no") && cf_word_equals(text, i + 1, "other"))
		k = cf_noun_after(text, i + 2, W_PUPIL);
	else if (!(cf_word_equals(text, i + 1, "else") && is_one_of(text, i,
		"|nobody|one|")))
		return none;
	return k < none ? cf_word_after(text->words, k, 8, W_SPECIAL) : none;
}

static void
unique_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun = no_other(text, i);

		if (noun < text->words->n) {
			cf_report_text(probe, CF_WAIVABLE, text, word(text,
				i)->from, word(text, noun)->to);
			i = noun;
			continue;
		}

		if (!is(text, i, W_ONLY) && word(text, i)->value != 1 &&
			!(is(text, i, W_FUNCTION) && is_one_of(text, i,
			"|first|last|")))
			continue;
		noun = unique_noun(text, i);
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
	.kinds = W_PERSON | W_PUPILS | W_ONLY | W_ALL | W_SPECIAL,
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

/* --- whole groups ---------------------------------------------------------------- */

/* "the whole class". */
static bool
is_whole(const struct cf_text *text, size_t i)
{
	return cf_word_equals(text, i, "whole") && is_one_of(text, i + 1,
		"|class|group|year|cohort|form|");
}

/* "none of the boys passed", "no pupil reached the standard": the last word of
 * it, or n. */
static size_t
failed_all(const struct cf_text *text, size_t i)
{
	size_t noun;

	if (!is(text, i, W_FUNCTION | W_ALL) || !is_one_of(text, i,
		"|no|none|nobody|"))
		return text->words->n;
	noun = cf_word_equals(text, i, "nobody") ? i : cf_noun_after(text, i + 1,
		W_PUPIL | W_PUPILS | W_PARENTS | W_STAFFS);
	for (size_t k = noun + 1; k < text->words->n && k < noun + 6; k++) {
		if (word(text, k - 1)->ends)
			break;
		if (is_one_of(text, k, "|passed|reached|met|achieved|attended|"
			"improved|") || (cf_word_equals(text, i, "none") &&
			cf_word_equals(text, k, "could") && is_one_of(text,
			k + 1, "|read|write|spell|")))
			return k;
	}
	return text->words->n;
}

static bool
is_all(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	return is(text, i, W_ALL) || is_whole(text, i) ||
		(w->value == 100 && w->to < text->n &&
		(text->s[w->to] == '%' || cf_word_equals(text, i + 1,
		"per")));
}

static void
classword_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun, what = failed_all(text, i), most = 16;

		if (what < text->words->n) {
			cf_report_text(probe, CF_WAIVABLE, text,
				word(text, i)->from, word(text, what)->to);
			i = what;
			continue;
		}
		/* "nobody should be bullied" */
		if (!is_all(text, i) || is_one_of(text, i + 1, "|should|must|"
			"may|can|need|needs|"))
			continue;
		noun = cf_word_after(text->words, i, 7, W_PUPIL | W_PUPILS |
			W_STAFFS | W_PARENTS | W_STAFF | W_PARENT);
		if (is(text, i, W_ALL) && word(text, i)->to -
			word(text, i)->from > 5)
			noun = i;	/* everyone */
		if (is_whole(text, i)) {
			noun = i + 1;
			most = 4;
		}
		if (noun == text->words->n || cf_is_compound(text, noun))
			continue;
		what = cf_word_after(text->words, i + 1, most, W_SENSITIVE);
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
	.kinds = W_SENSITIVE | W_PUPIL | W_PUPILS | W_PARENTS | W_ALL,
	.title = "True of a whole group",
	.found = "this is said of everybody in a group",
	.detects = "\"All\", \"every\", \"none\" or 100% of a group, with "
		"something that nobody would want known, or that nobody did. "
		"Conditions of a study are left alone.",
	.why = "What is true of all is true of each child that a reader "
		"knows.",
	.remedy = "Write \"most\", or leave it out.",
	.example = "All of the Year 10 boys had truanted.",
	.text = classword_text
};
