/*
 * Fewer than ten people, of whom something is said.
 */
#include <string.h>

#include "check/phrase.h"
#include "check/rules.h"

#define FEW CF_LEAST_PEOPLE	/* the floor of every policy */

/* "Year 4", "Years 3, 5 and 6": the number belongs to what stands before. */
static bool
is_labelled(const struct cf_text *text, size_t i)
{
	while (i-- > 0 && !word(text, i)->ends) {
		if (is(text, i, W_LABEL))	/* "in the group, four pupils" */
			return text->s[word(text, i)->to] != ',';
		if (word(text, i)->shape != CF_NUMERAL &&
			!cf_word_equals(text, i, "and") &&
			!cf_word_equals(text, i, "or") &&
			!cf_word_equals(text, i, "to"))
			break;
	}
	return false;
}

/* "three pupils at a time", "two teachers per school", in the words behind. */
static bool
is_shared_out(const struct cf_text *text, size_t noun)
{
	for (size_t k = noun + 1; k < noun + 5 && k < text->words->n; k++) {
		if (word(text, k - 1)->ends)
			break;
		if (is_one_of(text, k, "|per|each|every|") ||
			(cf_word_equals(text, k, "at") && is_one_of(text,
			k + 1, "|a|once|any|random|")) ||
			(cf_word_equals(text, k, "to") && is_one_of(text,
			k + 1, "|a|one|share|")))
			return true;
	}
	return false;
}

/* Whether the word at `b` is a bound of the number at `i`, and no "about", no
 * "over Easter two pupils", no "we spoke to four boys". */
static bool
bounds(const struct cf_text *text, size_t b, size_t i, size_t noun)
{
	if (is_one_of(text, b, "|about|around|approximately|"))
		return false;
	if (cf_word_equals(text, b, "to"))
		return b + 1 == i && b && (word(text, b - 1)->value ||
			is_one_of(text, b - 1, "|up|down|"));
	if (is_one_of(text, b, "|group|groups|pair|pairs|sets|teams|tables|"
		"trios|"))
		return b + 1 == i ? !cf_past_after(text, noun, 4) :
			cf_word_equals(text, i - 1, "of");
	return b + 1 == i || is_one_of(text, i - 1, "|than|to|of|the|a|about|"
		"around|") || (cf_word_equals(text, b, "between") &&
		cf_word_equals(text, i - 1, "and"));
}

/* "groups of four pupils", "fewer than five"; but not "a group of three Roma
 * pupils", which is one group. */
static bool
is_bounded(const struct cf_text *text, size_t i, size_t noun)
{
	bool told = cf_any_between(text, i + 1, noun, W_SPECIAL) &&
		cf_past_after(text, noun, 4);

	for (size_t k = 1; k <= 6 && k <= i && !word(text, i - k)->ends; k++)
		if (is_one_of(text, i - k, "|each|every|per|"))
			return !told;
	for (size_t k = 1; k <= 3 && k <= i; k++) {
		if (word(text, i - k)->ends || is_one_of(text, i - k,
			"|had|has|lost|was|were|"))
			return false;
		if (is(text, i - k, W_BOUND))
			return bounds(text, i - k, i, noun) &&
				!(cf_word_equals(text, i - k, "group") &&
				cf_any_between(text, i + 1, noun, W_SPECIAL));
	}
	return false;
}

/* "Year 4", "fewer than five", "groups of four", "3 to 5", "two per table". */
static bool
counts_nobody(const struct cf_text *text, size_t i, size_t noun)
{
	const struct cf_word *w = word(text, i);

	if (is_bounded(text, i, noun) || is_labelled(text, i) ||
		is_shared_out(text, noun))
		return true;
	if (w->from) {
		unsigned char before = text->s[w->from - 1];

		if (before == '-' || before == '/' || before == ':' ||
			before == CF_SIGN)
			return true;
	}
	if (cf_word_equals(text, i, "both") && cf_word_equals(text, noun + 1,
		"and"))
		return true;
	if (i > 1 && cf_word_equals(text, i - 1, "in") && word(text, i - 2)->value)
		return true;	/* one in three pupils */
	return is_one_of(text, i + 1, "|to|or|") || (w->to < text->n &&
		(text->s[w->to] == '%' || text->s[w->to] == '-'));
}

/* "7B", "10X": a class. */
static bool
is_class(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	return w->to - w->from >= 2 && w->to - w->from <= 3 &&
		cf_digit(text->s[w->from]) && cf_letter(text->s[w->to - 1]) &&
		cf_digit(text->s[w->to - 2]);
}

/* "from Hillside Primary", "in Year 3", "in 7B", "in care": who knows the place
 * knows them. */
static bool
is_placed(const struct cf_text *text, size_t noun)
{
	size_t k = noun + 2;

	if (word(text, noun)->ends || !is_one_of(text, noun + 1,
		"|from|at|in|") || k >= text->words->n || word(text,
		noun + 1)->ends)
		return false;
	if (is_one_of(text, k, "|our|one|my|"))
		k++;
	if (k >= text->words->n)
		return false;
	if (is_class(text, k) || cf_word_equals(text, k, "care"))
		return true;
	if (is(text, k, W_LABEL))
		return k + 1 < text->words->n && word(text, k + 1)->shape ==
			CF_NUMERAL;
	return is_capital(text, k) && !is(text, k, W_CALENDAR | W_FUNCTION |
		W_THING) && !text->words->capitals;
}

/* "there were 3 boys", "n = 4 pupils", "(two girls)". */
static bool
is_listed(const struct cf_text *text, size_t i)
{
	size_t from = word(text, i)->from;

	if (from && text->s[from - 1] == '(')
		return true;
	if (i && cf_word_equals(text, i - 1, "n") && from > 1 &&
		(text->s[from - 1] == '=' || text->s[from - 2] == '='))
		return true;
	if (i && !word(text, i - 1)->ends && is_one_of(text, i - 1, "|had|"
		"excluded|lost|removed|suspended|withdrew|moved|interviewed|"
		"observed|referred|identified|of|") && (!cf_word_equals(text,
		i - 1, "of") || (i > 1 && is_one_of(text, i - 2, "|data|"
		"results|scores|answers|"))))
		return true;
	return i > 1 && !word(text, i - 1)->ends && is_one_of(text, i - 1,
		"|were|was|are|have|had|") && is_one_of(text, i - 2,
		"|there|we|they|who|");
}

/* Whether these few are somebody: a trait, our own, something that happened,
 * where they are, or a share of them. */
static bool
is_somebody(const struct cf_text *text, size_t i, size_t noun)
{
	bool pupils = is(text, noun, W_PUPILS | W_PARENTS);

	return cf_any_between(text, i + 1, noun, TRAITS) ||
		cf_word_equals(text, i + 1, "looked") ||
		cf_trait_behind(text, noun) || cf_past_after(text, noun, 4) ||
		cf_word_before(text->words, i, 4, W_FRACTION) <
		text->words->n || (i && is_one_of(text, i - 1,
		"|our|these|those|only|just|other|lost|dismissed|")) || (pupils &&
		(is_placed(text, noun) || is_listed(text, i)));
}

static bool
is_few(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	if (cf_word_equals(text, i, "both") || (cf_word_equals(text, i + 1,
		"of") && is_one_of(text, i, "|couple|pair|")))
		return true;
	if (i > 1 && cf_word_equals(text, i, "dozen") && cf_word_equals(text,
		i - 1, "a") && cf_word_equals(text, i - 2, "half"))
		return true;
	if (w->value == 0 || w->value >= FEW)
		return false;
	return w->shape == CF_NUMERAL || (is(text, i, W_NUMBER));
}

/* "a third of the twelve pupils", "half our 16 children": fewer than ten; the
 * noun, or n. "The third" is an ordinal. */
static size_t
part_at(const struct cf_text *text, size_t i)
{
	static const char *const teens[] = { "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
		"eighteen", "nineteen", "twenty" };
	size_t k = i + 1;
	uint32_t base, of = cf_word_equals(text, i, "half") ? 2 : 3, part = 1;

	if (!is(text, i, W_FRACTION) || word(text, i)->ends ||
		is_labelled(text, i))
		return text->words->n;
	if (is_one_of(text, i, "|quarter|quarters|"))
		of = 4;
	if (is_one_of(text, i, "|thirds|quarters|"))
		part = of - 1;
	if (of > 2 && !cf_word_equals(text, k, "of"))
		return text->words->n;
	k += cf_word_equals(text, k, "of");
	k += is_one_of(text, k, "|the|our|these|those|all|");
	if (k >= text->words->n || word(text, k)->ends)
		return text->words->n;
	base = word(text, k)->value;
	for (uint32_t t = 0; t < sizeof teens / sizeof *teens; t++)
		if (cf_word_equals(text, k, teens[t]))
			base = t + 10;
	return base && base * part < FEW * of ? cf_noun_after(text, k + 1,
		W_PUPILS | W_STAFFS | W_PARENTS) : text->words->n;
}

/* The base of a share: "of our seven", "of the 60", "out of 8"; its place, or
 * n. "Eight out of ten" and the like are said of any number. */
static size_t
base_after(const struct cf_text *text, size_t i)
{
	bool out = cf_word_equals(text, i + 1, "out");
	size_t k = i + (out ? 2 : 1);
	bool own;

	if (word(text, i)->ends || !cf_word_equals(text, k, "of"))
		return text->words->n;
	own = is_one_of(text, ++k, "|the|our|these|those|their|");
	k += own;
	if (k >= text->words->n || word(text, k)->value == 0 || word(text,
		k)->value < word(text, i)->value)
		return text->words->n;
	return own || (out && !is_one_of(text, k, "|ten|10|5|five|4|four|3|"
		"three|100|20|")) ? k : text->words->n;
}

/* "two of our seven EAL pupils": the last word, or n. */
static size_t
share_at(const struct cf_text *text, size_t i)
{
	size_t base = base_after(text, i);

	return base == text->words->n || is_labelled(text, i) ? text->words->n :
		cf_noun_after(text, base + 1, W_PUPILS | W_STAFFS | W_PARENTS);
}

/* Pupils, or a group of them, are spoken of before, in the same sentence. */
static bool
people_before(const struct cf_text *text, size_t i)
{
	for (size_t k = i; k-- > 0 && i - k <= 14 && !word(text, k)->ends;)
		if (is(text, k, W_PUPILS | W_STAFFS | W_PARENTS) || is_one_of(
			text, k, "|group|class|cohort|sample|set|"))
			return true;
	return false;
}

/* What people do and things do not: "3 did not", "two left". */
static bool
did(const struct cf_text *text, size_t i)
{
	return (cf_word_equals(text, i, "did") && cf_word_equals(text, i + 1,
		"not")) || is_one_of(text, i, "|passed|failed|refused|"
		"declined|withdrew|dropped|attended|joined|truanted|"
		"improved|moved|left|didn't|");
}

/* "The group was small (n = 6)"; but not "schools (n = 6)". */
static bool
is_sample(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	if (i < 2 || !cf_word_equals(text, i - 1, "n") || w->from < 2 ||
		(text->s[w->from - 1] != '=' && text->s[w->from - 2] != '=') ||
		(w->to < text->n && !strchr("),;.", text->s[w->to])))
		return false;
	return people_before(text, i) && !is_one_of(text, i - 2, "|schools|"
		"school|lessons|academies|sites|classes|trusts|items|"
		"questions|sessions|");
}

/* "all but two passed", "all but three of the class". */
static size_t
all_but(const struct cf_text *text, size_t i)
{
	if (i < 2 || !is_one_of(text, i - 1, "|but|except|bar|") ||
		!is_one_of(text, i - 2, "|all|everyone|everybody|") ||
		word(text, i)->ends)
		return text->words->n;
	if (cf_is_past(text, i + 1))
		return i;
	for (size_t k = i + 1; k < text->words->n && k <= i + 3; k++)
		if (is(text, k, W_PUPILS | W_STAFFS | W_PARENTS) || is_one_of(
			text, k, "|class|group|cohort|set|"))
			return k;
	return text->words->n;
}

/* "8 pupils (5 FSM)", "three were excluded": people whom no noun names. */
static size_t
nameless_at(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);
	size_t end;

	if (w->ends || i + 1 >= text->words->n || is_labelled(text, i))
		return text->words->n;
	end = word(text, i + 1)->to;
	if (w->from && text->s[w->from - 1] == '(' && is(text, i + 1, TRAITS) &&
		end < text->n && strchr("),;", text->s[end]))
		return i + 1;
	if (i && !word(text, i - 1)->ends && !is(text, i - 1, W_FUNCTION) &&
		text->s[word(text, i - 1)->to] != ',')
		return text->words->n;
	if (did(text, i + 1) && people_before(text, i))
		return i + 1;
	if (!is_one_of(text, i + 1, "|were|was|are|had|have|has|"))
		return text->words->n;
	if (cf_word_equals(text, i + 2, "in") && cf_word_equals(text, i + 3,
		"care"))
		return i + 3;
	/* "of whom three have an EHCP": of people */
	end = cf_word_after(text->words, i + 2, 3, W_SPECIAL | W_SENSITIVE |
		W_PUPILS | (i && cf_word_equals(text, i - 1, "whom") &&
		is_one_of(text, i + 1, "|had|have|has|") ? W_TRAIT : 0));
	return end < text->words->n && (!is(text, end, W_PUPILS) ||
		cf_trait_behind(text, end)) ? end : text->words->n;
}

/* "just one parent came", "one boy in Year 3 refused": of one, what happened. */
static size_t
single_at(const struct cf_text *text, size_t i)
{
	size_t noun = i + 1;

	if (word(text, i)->value != 1 || word(text, i)->ends || !is(text, noun,
		W_PUPIL | W_PARENT) || is(text, noun, W_STAFF) ||
		cf_is_compound(text, noun) || counts_nobody(text, i, noun))
		return text->words->n;
	if (is_placed(text, noun))
		return cf_past_after(text, noun, 6) ? noun : text->words->n;
	/* "one pupil was permanently excluded" */
	if (noun + 1 < text->words->n && !word(text, noun)->ends &&
		is_one_of(text, noun + 1, "|was|had|got|") && !(i &&
		is_one_of(text, i - 1, "|if|when|where|whenever|")) &&
		cf_word_after(text->words, noun + 2, 3, W_SENSITIVE |
		W_CIRCUMSTANCE) < text->words->n)
		return noun;
	return i && is_one_of(text, i - 1, "|only|just|") && cf_past_after(text,
		noun, 1) ? noun : text->words->n;
}

/* "three staff", "two members of staff", "two Year 10s", "two looked after
 * children". */
static size_t
people_at(const struct cf_text *text, size_t i)
{
	const struct cf_word *w;

	if (i + 2 < text->words->n && is_one_of(text, i + 1, "|year|yr|")) {
		w = word(text, i + 2);
		return cf_digit(text->s[w->from]) && text->l[w->to - 1] == 's'
			? i + 2 : text->words->n;
	}
	if (cf_word_equals(text, i + 1, "looked") && cf_word_equals(text, i + 2,
		"after"))
		return cf_noun_after(text, i + 3, W_PUPILS);
	if (cf_word_equals(text, i + 1, "staff") && !cf_is_compound(text,
		i + 1) && !is_one_of(text, i + 2, "|meetings|rooms|days|") &&
		word(text, i)->value > 1)
		return i + 1;
	return cf_word_equals(text, i + 1, "members") && cf_word_equals(text,
		i + 2, "of") && cf_word_equals(text, i + 3, "staff") ? i + 3 :
		text->words->n;
}

static size_t
few_at(const struct cf_text *text, size_t i)
{
	size_t none = text->words->n, noun = share_at(text, i);

	if (noun == none)
		noun = single_at(text, i);
	if (noun == none)
		noun = is_sample(text, i) ? i : all_but(text, i);
	if (noun == none)
		noun = nameless_at(text, i);
	if (noun < none || word(text, i)->ends)
		return noun;
	noun = people_at(text, i);
	if (noun == none)
		noun = cf_noun_after(text, i + 1, W_PUPILS | W_STAFFS |
			W_PARENTS);
	if (cf_word_equals(text, i, "pair") && noun < none &&
		!cf_any_between(text, i + 1, noun, TRAITS))
		return none;
	if (noun < none && word(text, i)->value == 1 && !is(text, noun,
		W_PUPIL | W_STAFF | W_PARENT))
		return none;	/* "the one pupils liked" */
	return noun < none && !counts_nobody(text, i, noun) &&
		is_somebody(text, i, noun) ? noun : none;
}

static void
smallword_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t noun, from;

		noun = part_at(text, i);
		if (noun == text->words->n && is_few(text, i) &&
			!is(text, i + 1, W_FRACTION))
			noun = few_at(text, i);
		if (noun == text->words->n)
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
	.title = "Fewer than ten people",
	.found = "these are fewer than ten people",
	.detects = "A number below ten, in digits or words, before pupils, "
		"staff or parents of whom something is said; a share of so "
		"few; one child to whom something happened. Schools, lessons, "
		"year groups, and how people are grouped are left alone.",
	.why = "Among so few, classmates and parents see which child it was.",
	.remedy = "Write \"a few pupils\" or \"fewer than ten\", or say it of "
		"a larger group.",
	.example = "In spring two pupils with EHCPs withdrew.",
	.text = smallword_text
};
