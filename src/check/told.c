/*
 * What is told of one person: a role and what befell it, traits that the law
 * protects, words that were spoken.
 */
#include <string.h>

#include "base/limits.h"
#include "check/phrase.h"
#include "check/rules.h"

/* --- roles ------------------------------------------------------------------- */

/* "our SENCO", "the deputy head", "her maths lead": who alone has that role.
 * The last word of it, or n. */
static size_t
role_after(const struct cf_text *text, size_t i)
{
	size_t k = i + 1;

	if (!is(text, i, W_OUR))
		return text->words->n;
	/* "the Year 6 teacher" */
	if (is(text, k, W_LABEL) && is_one_of(text, i + 3, "|teacher|ta|tutor|"
		"lead|leader|") && word(text, i + 2)->shape == CF_NUMERAL)
		return i + 3;
	/* "our music teacher" */
	if (is_one_of(text, k + 1, "|teacher|officer|technician|mentor|") &&
		!is(text, k, W_FUNCTION | W_LABEL | W_PEOPLE | W_PERSON) &&
		!word(text, k)->ends && !cf_word_equals(text, k, "class"))
		return k + 1;
	for (; k < text->words->n && k <= i + 3; k++) {
		if (is(text, k, W_ROLE) || cf_word_equals(text, k, "lead") ||
			cf_word_equals(text, k, "manager")) {
			if (!word(text, k)->ends && (is(text, k + 1, W_ROLE) ||
				(cf_word_equals(text, k, "head") &&
				cf_word_equals(text, k + 1, "teacher"))))
				k++;
			return k;
		}
		if (word(text, k)->ends || is(text, k, W_FUNCTION))
			break;
	}
	return text->words->n;
}

/* "thought it was unfair", "felt that it would never work". */
static bool
is_opposed(const struct cf_text *text, size_t k)
{
	if (!is_one_of(text, k, "|felt|thought|believed|feared|doubted|"))
		return false;
	for (size_t m = k + 1; m < text->words->n && m <= k + 6 &&
		!word(text, m - 1)->ends; m++)
		if (is_one_of(text, m, "|failing|wrong|unfair|unworkable|"
			"unsafe|bad|worse|never|unhappy|badly|"))
			return true;
	return false;
}

/* "did not want to take part", "was late", "put on a support plan": the last word
 * of it, or n. */
static size_t
held_against(const struct cf_text *text, size_t role)
{
	for (size_t k = role + 1; k + 1 < text->words->n && k <= role + 5 &&
		!word(text, k - 1)->ends && !word(text, k)->ends; k++) {
		if (is_one_of(text, k, "|did|would|could|") && cf_word_equals(
			text, k + 1, "not"))
			return k + 1;
		if (is_one_of(text, k, "|was|is|were|") && is_one_of(text, k + 1,
			"|late|unhappy|angry|upset|reluctant|unwilling|rude|"
			"lazy|weak|"))
			return k + 1;
		if (is_one_of(text, k, "|was|were|been|be|") && is_one_of(text,
			k + 1, "|put|placed|") && cf_word_equals(text, k + 2,
			"on"))
			return k + 1;
		if (is_one_of(text, k, "|didn't|wouldn't|couldn't|") ||
			is_opposed(text, k))
			return k;
	}
	return text->words->n;
}

static void
role_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t role = role_after(text, i), what;

		if (role == text->words->n)
			continue;
		what = is_possessive(text, role) ? cf_word_after(text->words,
			role + 1, 2, W_KIN) : text->words->n;
		if (is_possessive(text, role) && is_one_of(text, role + 1,
			"|marriage|divorce|illness|pregnancy|death|"
			"salary|resignation|suspension|dismissal|breakdown|"))
			what = role + 1;
		if (what == text->words->n && !word(text, role)->ends)
			what = cf_word_after(text->words, role + 1, 8,
				W_BEFELL);
		if (cf_word_equals(text, what, "left") && is_one_of(text, what +
			1, "|blank|out|open|a|the|it|them|space|room|time|"))
			what = text->words->n;
		if (what == text->words->n)
			what = held_against(text, role);
		if (what == text->words->n)
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, word(text, i)->from,
			word(text, what)->to);
		i = what;
	}
}

const struct cf_rule cf_rule_role = {
	.id = "T-ROLE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_OUR,
	.title = "The one colleague in a role",
	.found = "this points to the one person who has that role",
	.detects = "A role that one person has (\"our SENCO\", \"the head\") "
		"with something that befell or was said of that person. Roles "
		"of many are left alone.",
	.why = "The school is known by the signature, so the colleague is "
		"known, and the class and its children with the colleague.",
	.remedy = "Write \"a member of staff\", or leave it out.",
	.example = "In spring our SENCO was off sick for a term.",
	.text = role_text
};

/* --- traits that the law protects -------------------------------------------------- */

/* Traits are told of alternatives ("autism or ADHD") and of groups as well; but
 * not where "or" stands between other things ("two or three lessons"). */
static bool
is_alternative(const struct cf_text *text, size_t i, size_t noun)
{
	if (is_one_of(text, i, "|any|every|each|"))
		return i < noun;
	return is_one_of(text, i, "|or|such|including|") && (i < noun ||
		cf_word_after(text->words, i + 1, 4, W_SPECIAL) <
		text->words->n);
}

/* "autistic", and "in care". */
static bool
is_trait(const struct cf_text *text, size_t i)
{
	return is(text, i, W_SPECIAL) || (i && cf_word_equals(text, i, "care") &&
		is_one_of(text, i - 1, "|in|into|"));
}

/* Traits in the sentence around one person, from `first` to *last. */
static unsigned
traits_around(const struct cf_text *text, size_t noun, size_t *first,
	size_t *last)
{
	unsigned n = 0;

	*first = *last = noun;
	for (size_t k = noun; k-- > 0 && noun - k <= 4;) {
		if (word(text, k)->ends || is_alternative(text, k, noun))
			break;
		if (is_trait(text, k)) {
			n++;
			*first = k;
		}
	}
	for (size_t k = noun + 1; k < text->words->n && k <= noun + 14; k++) {
		if (word(text, k - 1)->ends || is(text, k, W_PUPILS))
			break;
		if (is_alternative(text, k, noun))
			return 0;
		if (is_trait(text, k) && !(is_trait(text, k - 1) &&
			k - 1 != noun)) {
			n++;
			*last = k;
		}
	}
	return n;
}

static bool
is_one_person(const struct cf_text *text, size_t noun)
{
	if (is_one_of(text, noun, "|he|she|he's|she's|"))
		return true;
	if (!is(text, noun, W_PUPIL | W_PARENT | W_STAFF) ||
		(cf_word_equals(text, noun, "staff") && !(noun > 1 &&
		cf_word_equals(text, noun - 2, "member"))))
		return false;
	for (size_t k = 1; k <= 5 && k <= noun; k++) {
		const struct cf_word *w = word(text, noun - k);

		if (w->ends)
			return false;
		if (cf_is_word(text->l + w->from, w->to - w->from,
			"|a|an|one|the|this|that|our|another|his|her|is|was|"))
			return true;
	}
	return noun == 0 || word(text, noun - 1)->ends;
}

static void
special_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t first, last;

		if (!is_one_person(text, i) ||
			traits_around(text, i, &first, &last) < 2)
			continue;
		cf_report_text(probe, CF_NEVER, text, word(text, first)->from,
			word(text, last)->to);
		i = last;
	}
}

const struct cf_rule cf_rule_special = {
	.id = "T-SPECIAL",
	.severity = CF_NEVER,
	.needs = CF_HAS_LETTER,
	.kinds = W_SPECIAL,
	.title = "Protected traits of one person",
	.found = "two or more protected traits of one person stand together",
	.detects = "Two or more of faith, origin, health, care, sexuality, "
		"migration or offending, joined on one person. Figures of "
		"groups, and lists with \"or\", are left alone.",
	.why = "Each trait narrows the circle; two or three of them leave one "
		"child, and what is told then cannot be taken back.",
	.remedy = "Take the traits out, or say each of a group of ten or more.",
	.example = "There was a Muslim girl with epilepsy on a child "
		"protection plan.",
	.text = special_text
};

/* --- words that were spoken --------------------------------------------------------- */

#define LEAST_WORDS 3u	/* a term in quotes is shorter */
#define REACH 6u	/* words between the quotation and who said it */
/* The quotation that opens at `i`: its end; 0 where none does. An apostrophe
 * inside a word opens nothing. */
static size_t
quote_end(const struct cf_text *text, size_t i)
{
	unsigned char c = text->s[i];

	if ((c != '"' && c != '\'') || (i && cf_alnum(text->s[i - 1])) ||
		i + 1 >= text->n || cf_space(text->s[i + 1]))
		return 0;
	for (size_t k = i + 1; k < text->n && k < i + CF_MAX_QUOTATION; k++)
		if (text->s[k] == c && (c == '"' || cf_ends_token(text,
			k + 1)) && !cf_space(text->s[k - 1]))
			return k + 1;
	return 0;
}

/* Words of the text between two places, from *first on, which moves there. */
static size_t
words_in(const struct cf_text *text, size_t from, size_t to, size_t *first)
{
	size_t n = 0;

	while (*first < text->words->n && word(text, *first)->from < from)
		(*first)++;
	while (*first + n < text->words->n && word(text, *first + n)->from <
		to)
		n++;
	return n;
}

static bool
is_speaker(const struct cf_text *text, size_t k)
{
	return is(text, k, W_PERSON | W_PEOPLE | W_ANY_FORENAME) ||
		(k && word(text, k)->shape == CF_NUMERAL && cf_word_equals(text,
		k - 1, "year")) ||
		cf_word_equals(text, k, "he") || cf_word_equals(text, k,
		"she") || cf_word_equals(text, k, "they") ||
		cf_word_equals(text, k, "another");
}

/* "Pupil A: ", "Parent feedback: ", "In her words: " stands before the quotation,
 * as in a script. */
static bool
is_line_of(const struct cf_text *text, size_t first)
{
	size_t to;

	if (first < 2)
		return false;
	to = word(text, first - 1)->to;
	if (to >= text->n || text->s[to] != ':')
		return false;
	if (word(text, first - 1)->to - word(text, first - 1)->from == 1)
		return is(text, first - 2, W_PUPIL | W_PARENT);
	return is_one_of(text, first - 1, "|voice|feedback|comment|comments|"
		"quote|quotes|quotation|response|view|views|words|") && (is(text,
		first - 2, W_PERSON | W_PEOPLE) || is_one_of(text, first - 2,
		"|his|her|their|own|"));
}

/* "A girl said of the report", but not "the report said of girls", nor what the
 * teacher says in each lesson: whoever stands next before the verb speaks. */
static bool
is_by_somebody(const struct cf_text *text, size_t verb, size_t from)
{
	bool script = cf_word_equals(text, verb, "says");

	for (size_t k = verb; k-- > from;) {
		if (is(text, k, W_DOCUMENT) && !is_speaker(text, k))
			return false;
		if (is_speaker(text, k))
			return !(script && is(text, k, W_STAFF | W_STAFFS)) &&
				!(k && cf_word_equals(text, k - 1, "of") &&
				is(text, k - 2, W_DOCUMENT));
	}
	return false;
}

/* Somebody said, within some words before `first` or from `next` on. */
static bool
is_spoken(const struct cf_text *text, size_t first, size_t next)
{
	bool said = false, who = false, paper = false;
	size_t from = first;

	for (size_t k = next; k < text->words->n && k < next + REACH; k++) {
		said = said || is(text, k, W_SAID);
		who = who || is_speaker(text, k);
		paper = paper || is(text, k, W_DOCUMENT);
		if (word(text, k)->ends)
			break;
	}
	if (said && who && !paper)
		return true;
	while (from && first - from < REACH && !word(text, from - 1)->ends)
		from--;
	for (size_t k = from; k < first; k++) {
		if (cf_word_equals(text, k, "words") && k > from && is_speaker(
			text, k - 1))
			return true;
		if (k > from && k + 3 <= first && cf_word_equals(text, k,
			"words") && cf_word_equals(text, k - 1, "the") &&
			cf_word_equals(text, k + 1, "of") && (is_speaker(text,
			k + 2) || (k + 3 < first && is_speaker(text, k + 3))))
			return true;	/* in the words of one pupil */
		/* "pupils were asked": it is the question */
		if (cf_word_equals(text, k, "asked") && k && k + 1 == first &&
			is_one_of(text, k - 1, "|were|are|was|is|be|been|"))
			return false;
		if ((is(text, k, W_SAID) || is_one_of(text, k, "|says|put|")) &&
			is_by_somebody(text, k, from))
			return true;
	}
	return false;
}

static void
quote_text(struct cf_probe *probe, const struct cf_text *text)
{
	size_t first = 0;

	for (size_t i = 0; i < text->n; i++) {
		size_t end = quote_end(text, i), n;

		if (end == 0)
			continue;
		n = words_in(text, i, end, &first);
		if (n >= LEAST_WORDS && (is_line_of(text, first) ||
			is_spoken(text, first, first + n)))
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_quote = {
	.id = "T-QUOTE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_QUOTE,
	.kinds = W_SAID | W_PERSON | W_PEOPLE | W_OUR,
	.title = "Words that somebody spoke",
	.found = "these are the very words of somebody",
	.detects = "A quotation that a pupil, a parent or a colleague is said "
		"to have spoken. Quotations of documents are left alone.",
	.why = "A class knows its children by how they speak.",
	.remedy = "Say it in your own words. If whoever spoke agreed to be "
		"quoted, give the reason \"consented\".",
	.example = "\"It makes my head hurt, all of it,\" said one boy.",
	.text = quote_text
};
