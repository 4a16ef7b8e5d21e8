/*
 * Where people live, and which school it was.
 */
#include <string.h>

#include "check/phrase.h"
#include "check/rules.h"

/* --- addresses --------------------------------------------------------------- */

#define HOME "|live|lives|lived|living|address|home|house|flat|resides|moved|" \
	"at|of|to|"
#define ESTATE "|estate|flats|tower|court|block|caravan site|"

/* In every atlas and history book. */
static bool
is_public(const struct cf_text *text, size_t from, size_t to)
{
	return cf_beside_words(text, from, to, "|downing street|sesame street|"
		"coronation street|abbey road|penny lane|baker street|"
		"pudding lane|fleet street|cherry tree lane|privet drive|"
		"silk road|");
}

/* "12 Acacia Avenue", "12a acacia avenue" where somebody lives. */
static size_t
street_after(const struct cf_text *text, size_t i)
{
	bool lives = cf_near_words(text, word(text, i)->from,
		word(text, i)->from, "|live|lives|lived|living|address|home|"
		"resides|moved to|");

	for (size_t k = i + 1; k < text->words->n && k <= i + 4; k++) {
		if (word(text, k)->from > word(text, k - 1)->to + 2)
			break;
		if (k > i + 1 && is(text, k, W_STREET) && (lives ||
			is_capital(text, k)))
			return k;
		if (k > i + 1 && is(text, k, W_STREET_WORD) && lives)
			return k;
		if (word(text, k)->ends || (is(text, k, W_FUNCTION) &&
			!is_capital(text, k)) || (!lives &&
			!is_capital(text, k)))
			break;
	}
	return text->words->n;
}

/* "in Kestrel Close". */
static bool
is_in_street(const struct cf_text *text, size_t i)
{
	return is_one_of(text, i, "|in|on|") && is_capital(text, i + 1) &&
		!word(text, i + 1)->ends && is_capital(text, i + 2) &&
		is(text, i + 2, W_STREET | W_STREET_WORD);
}

/* "their home on Beech Avenue". */
static bool
is_home_in(const struct cf_text *text, size_t i)
{
	return cf_word_equals(text, i, "home") && is_in_street(text, i + 1) &&
		is(text, i + 3, W_STREET);
}

/* "number 9" on an estate, "Flat 4", "lives at The Old Mill". */
static size_t
home_after(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	if (w->ends || i + 1 >= text->words->n)
		return text->words->n;
	if ((word(text, i + 1)->shape == CF_NUMERAL || cf_digit(text->s[
		word(text, i + 1)->from])) && (((cf_word_equals(text, i,
		"number") || cf_word_equals(text, i, "no")) &&
		cf_near_words(text, w->from, w->to, ESTATE)) ||
		cf_word_equals(text, i, "flat") || cf_word_equals(text, i,
		"apartment")))
		return i + 1;
	if ((is_capital(text, i + 2) || (i + 2 < text->words->n &&
		word(text, i + 2)->shape == CF_NUMERAL)) && is_one_of(text, i,
		"|live|lives|lived|living|") && (is_in_street(text, i + 1) ||
		cf_word_equals(text, i + 1, "at")))
		return i + 2;
	if (is_home_in(text, i))
		return i + 3;
	return text->words->n;
}

static void
address_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		const struct cf_word *w = word(text, i);
		size_t last = text->words->n;

		if (cf_digit(text->s[w->from]) && w->to - w->from <= 5 &&
			!(i && is(text, i - 1, W_LABEL)))
			last = street_after(text, i);
		if (last == text->words->n)
			last = home_after(text, i);
		if (last == text->words->n || is_public(text, w->from,
			word(text, last)->to))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, w->from,
			word(text, last)->to);
		i = last;
	}
}

const struct cf_rule cf_rule_address = {
	.id = "T-ADDRESS",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.title = "Home address",
	.found = "this looks like the address of a home",
	.detects = "A number with a street, a flat, \"lives at\", a number on "
		"an estate. Pages, units and public buildings are left alone.",
	.why = "An address leads to the door of one family.",
	.remedy = "Delete it, or name the region.",
	.instead = "[address removed]",
	.example = "The pupil lives at 12 Acacia Avenue.",
	.text = address_text
};

/* --- names of schools --------------------------------------------------------------- */

/* Words with a capital that name no school: "Forest School", "Our School". */
static bool
is_general(const struct cf_text *text, size_t i)
{
	static const char general[] = "|the|a|an|our|your|each|every|this|that|"
		"any|forest|summer|saturday|sunday|whole|teaching|research|"
		"virtual|business|medical|law|art|drama|music|national|royal|"
		"new|old|local|state|public|private|partner|lead|pilot|host|"
		"hub|big|day|night|night-time|boarding|chartered|state-funded|"
		"and|of|in|at|for|to|one|two|three|four|some|most|all|when|"
		"after|before|small|large|rural|urban|training|staff|further|"
		"ofsted|eef|dfe|english|mathematics|maths|science|start|end|back|daily|"
		"national|in-school|home|after-school|";
	const struct cf_word *w = word(text, i);

	return cf_is_word(text->l + w->from, w->to - w->from, general) ||
		is(text, i, W_FUNCTION | W_SCHOOL_TYPE | W_SCHOOL | W_LABEL |
		W_CALENDAR);
}

/* "Riverside Primary School", "St Example's CofE Primary School". Where the
 * name begins, from its last word backwards; n: it has none. */
static size_t
school_from(const struct cf_text *text, size_t last)
{
	size_t first = last, names = 0;
	bool typed = false;

	for (size_t k = last; k-- > 0 && last - k <= 8;) {
		/* a 's may stand between */
		if (word(text, k)->ends || word(text, k + 1)->from >
			word(text, k)->to + 3)
			break;
		if (is(text, k, W_SCHOOL_TYPE))
			typed = true;
		else if ((is_capital(text, k) && !is_general(text, k)) ||
			(typed && names == 0 && cf_word_equals(text, k,
			"st")))
			names++;
		else if (!typed || !cf_word_equals(text, k, "of"))
			break;
		first = k;
	}
	if (names == 0 && typed && first > 1 && cf_word_equals(text,
		first - 2, "st"))
		return first - 2;	/* st mary's primary school */
	if (text->words->capitals && !typed)
		return text->words->n;
	return names ? first : text->words->n;
}

/* "King Edward VI", but not "World War II". */
static bool
is_number_of_a_king(const struct cf_text *text, size_t k)
{
	if (k < 2 || !is_one_of(text, k - 2, "|king|queen|prince|"))
		return false;
	for (size_t i = word(text, k)->from; i < word(text, k)->to; i++)
		if (!strchr("IVX", text->s[i]))
			return false;
	return true;
}

/* "Hillside Primary", "Bishop Example High", "Hillside Sixth Form": a name and
 * what kind of school it is, no more. Sentences may end in "Primary" as well, so
 * words of headings are no names. */
static bool
is_short_name(const struct cf_text *text, size_t i)
{
	size_t first;

	if (!is_capital(text, i) || text->words->capitals || !is_one_of(text, i,
		"|primary|secondary|infants|infant|juniors|junior|high|grammar|"
		"nursery|form|"))
		return false;
	if (cf_word_equals(text, i, "form") && !(i && cf_word_equals(text,
		i - 1, "sixth")))
		return false;
	if (!word(text, i)->ends && i + 1 < text->words->n &&
		word(text, i + 1)->from <= word(text, i)->to + 2 &&
		(is_capital(text, i + 1) || is(text, i + 1, W_SCHOOL)))
		return false;
	first = school_from(text, i);
	if (first == text->words->n)
		return false;
	for (size_t k = first; k < i; k++)
		if (is(text, k, W_THING | W_DOCUMENT | W_COMPOUND) ||
			(is(text, k, W_ORG) && !is(text, k, W_SCHOOL_TYPE)) ||
			(word(text, k)->shape == CF_CAPITALS && !is(text, k,
			W_SCHOOL_TYPE) && !is_number_of_a_king(text, k)))
			return false;
	return true;
}

/* "Ysgol Gymraeg Cwm Derwen": the last word of its name, or n. */
static size_t
welsh_school(const struct cf_text *text, size_t i)
{
	size_t k = i + 1, last = text->words->n;

	if (!cf_word_equals(text, i, "ysgol") || word(text, i)->ends ||
		!is_capital(text, i) || text->words->capitals)
		return last;
	for (; k <= i + 5 && is_capital(text, k); k++) {
		if (!is_one_of(text, k, "|gymraeg|gynradd|uwchradd|gyfun|"))
			last = k;
		if (word(text, k)->ends)
			break;
	}
	return last;
}

/* "Oakfield Pupil Referral Unit", and "at St Wilfrid's": where the name begins
 * that ends here, or n. */
static size_t
other_school(const struct cf_text *text, size_t i)
{
	size_t first = i - 3, none = text->words->n;

	if (i > 2 && cf_word_equals(text, i, "unit") && cf_word_equals(text,
		i - 1, "referral") && cf_word_equals(text, i - 2, "pupil"))
		return is_capital(text, first) && !word(text, first)->ends &&
			!is_general(text, first) ? first : none;
	if (i == 0 || !cf_word_equals(text, i - 1, "st") || !is_capital(text,
		i) || !is_possessive(text, i) || is_capital(text, i + 1))
		return none;
	return (i > 1 && is_one_of(text, i - 2, "|at|from|with|")) ||
		is_one_of(text, i + 1, "|ran|used|joined|tried|took|has|had|"
		"pupils|staff|teachers|") ? i - 1 : none;
}

static void
orgname_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t first = other_school(text, i);
		size_t last = welsh_school(text, i);

		if (last < text->words->n) {
			cf_report_text(probe, CF_WAIVABLE, text,
				word(text, i)->from, word(text, last)->to);
			i = last;
			continue;
		}
		if (first < text->words->n) {
			cf_report_text(probe, CF_WAIVABLE, text,
				word(text, first)->from, word(text, i)->to);
			continue;
		}
		if (is_short_name(text, i)) {
			first = school_from(text, i);
			cf_report_text(probe, CF_WAIVABLE, text,
				word(text, first)->from, word(text, i)->to);
			continue;
		}
		if (!is(text, i, W_SCHOOL) || (word(text, i)->to < text->n &&
			cf_word_equals(text, i + 1, "of") &&
			cf_word_equals(text, i, "college")))
			continue;
		/* Academy Trust, School Improvement: no end of a name */
		if (is(text, i + 1, W_ORG) && is_capital(text, i + 1) &&
			!word(text, i)->ends)
			continue;
		first = school_from(text, i);
		if (first == text->words->n || (!is_capital(text, i) &&
			!is(text, i - 1, W_SCHOOL_TYPE)))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text,
			word(text, first)->from, word(text, i)->to);
	}
}

const struct cf_rule cf_rule_orgname = {
	.id = "T-ORGNAME",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_SCHOOL | W_SCHOOL_TYPE | W_COMPOUND | W_STREET_WORD,
	.title = "Name of a school",
	.found = "this looks like the name of a school",
	.detects = "A name before \"Primary School\", \"Primary\", \"Academy\" "
		"and the like. \"A primary school\", trusts, and words such as "
		"\"Forest School\" are left alone.",
	.why = "A small group in a school that is named is soon a child that "
		"is known.",
	.remedy = "Write \"a primary school\". Who published the record is "
		"known by its signature.",
	.instead = "a school",
	.example = "St Example's CofE Primary School piloted it.",
	.text = orgname_text
};
