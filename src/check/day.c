/*
 * Days that point to one person: of birth, or of something that befell a child.
 */
#include "check/date.h"
#include "check/phrase.h"
#include "check/rules.h"

/* --- birth --------------------------------------------------------------- */

#define BIRTH "|born|birth|birthday|birthdays|birthdate|dob|d.o.b|dateofbirth|" \
	"birth date|"

/* "She turned 13 on 2 May": right before the day, of a child's age. */
static bool
is_turned(const struct cf_text *text, size_t from)
{
	size_t i = 0;

	while (i < text->words->n && word(text, i)->from < from)
		i++;
	if (i < 4 || !cf_word_equals(text, i - 1, "on") ||
		!cf_word_equals(text, i - 3, "turned"))
		return false;
	return word(text, i - 2)->value > 2 && word(text, i - 2)->value < 20 &&
		(is(text, i - 4, W_PUPIL | W_ANY_FORENAME) || is_one_of(text,
		i - 4, "|he|she|who|"));
}

/* "summer-born pupils", "the birth cohort" are of many. */
static bool
is_of_many(const struct cf_text *text, size_t from, size_t to)
{
	return cf_beside_words(text, from, to, "|birth cohort|summer born|"
		"autumn born|spring born|uk born|birth rate|birth rates|"
		"birth weight|born between|programme was born|"
		"project was born|idea was born|") && !cf_near_words(text, from, to,
		"|date of birth|dob|birthday|d.o.b|");
}

/* "third of May", "twenty-first of May 2014", written out; the month is word
 * `k`. Where it begins; text->n: it is no day. */
static size_t
spelt_day(const struct cf_text *text, size_t k)
{
	static const char ordinals[] = "|first|second|third|fourth|fifth|sixth|"
		"seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
		"fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
		"nineteenth|twentieth|twenty-first|twenty-second|twenty-third|"
		"twenty-fourth|twenty-fifth|twenty-sixth|twenty-seventh|"
		"twenty-eighth|twenty-ninth|thirtieth|thirty-first|";

	if (k < 2 || word(text, k - 1)->ends || word(text, k - 2)->ends ||
		!cf_word_equals(text, k - 1, "of") || !is_one_of(text, k,
		"|january|february|march|april|may|june|july|august|september|"
		"october|november|december|") || !is_one_of(text, k - 2,
		ordinals))
		return text->n;
	return word(text, k - 2)->from;
}

static void
spelt_births(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t k = 2; k < text->words->n; k++) {
		size_t from = spelt_day(text, k), to = word(text, k)->to;

		if (from == text->n || !cf_near_words(text, from, to, BIRTH) ||
			is_of_many(text, from, to))
			continue;
		cf_report_text(probe, CF_NEVER, text, from, to);
	}
}

/* 20140503 or 03052014, right behind "dob". */
static size_t
packed_day(const struct cf_text *text, size_t at)
{
	unsigned n[8];
	unsigned year, month, day;

	for (size_t i = 0; i < 8; i++) {
		if (at + i >= text->n || !cf_digit(text->s[at + i]))
			return 0;
		n[i] = text->s[at + i] - '0';
	}
	if (!cf_ends_token(text, at + 8) || !cf_near_words(text, at, at + 8,
		"|dob|d.o.b|date of birth|birth date|dateofbirth|"))
		return 0;
	year = n[0] * 10 + n[1];
	month = n[4] * 10 + n[5];
	day = n[6] * 10 + n[7];
	if (year != 19 && year != 20) {
		day = n[0] * 10 + n[1];
		month = n[2] * 10 + n[3];
	}
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? at + 8 : 0;
}

/* A year alone beside "born in", or "b. 2014". */
static size_t
year_at(const struct cf_text *text, size_t at)
{
	if (at + 4 > text->n || !cf_starts_token(text, at) ||
		!cf_ends_token(text, at + 4) || (text->s[at] != '1' &&
		text->s[at] != '2'))
		return 0;
	for (size_t i = 0; i < 4; i++)
		if (!cf_digit(text->s[at + i]))
			return 0;
	if (at + 5 < text->n && (text->s[at + 4] == '-' ||
		text->s[at + 4] == '/') && cf_digit(text->s[at + 5]))
		return 0;	/* 2013-14: a cohort */
	return (text->s[at] == '1' && text->s[at + 1] == '9') ||
		(text->s[at] == '2' && text->s[at + 1] == '0') ? at + 4 : 0;
}

/* What stands right before: "born in ", "b. ", "birth year: ". */
static bool
follows_birth(const struct cf_text *text, size_t at)
{
	size_t from = at > 24 ? at - 24 : 0;
	struct cf_text before = *text;

	before.l = text->l + from;
	before.s = text->s + from;
	before.n = at - from;
	return cf_near_words(&before, 0, before.n, "|born in|born|"
		"year of birth|birth year|yob|born 1|b|");
}

/* "7y " right before. */
static bool
years_before(const struct cf_text *text, size_t at)
{
	while (at && cf_space(text->s[at - 1]))
		at--;
	return at > 1 && text->l[at - 1] == 'y' && cf_digit(text->s[at - 2]);
}

/* "aged 96 months", "7 years and 4 months", "7y 4m": finer than a year group. */
static size_t
months_at(const struct cf_text *text, size_t at)
{
	size_t i = at, digits = 0;

	while (i < text->n && cf_digit(text->s[i]) && digits < 4) {
		digits++;
		i++;
	}
	if (digits == 0 || digits > 3)
		return 0;
	while (i < text->n && cf_space(text->s[i]))
		i++;
	if (i < text->n && text->l[i] == 'm' && cf_ends_token(text, i + 1) &&
		years_before(text, at))
		return i + 1;
	if (i + 6 <= text->n && cf_is_word(text->l + i, 6, "|months|") &&
		cf_ends_token(text, i + 6) && cf_near_words(text, at, i,
		"|aged|age of|years old|year old|age|she is|he is|she was|"
		"he was|") && !cf_beside_words(text,
		at, i, "|reading age|spelling age|gain|gained|progress|"))
		return i + 6;
	return 0;
}

static void
dob_text(struct cf_probe *probe, const struct cf_text *text)
{
	if (text->words->is & W_CALENDAR)
		spelt_births(probe, text);
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		struct cf_day day;
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		if ((end = packed_day(text, i)) > 0) {
			cf_report_text(probe, CF_NEVER, text, i, end);
			i = end - 1;
		} else if (cf_day_at(&day, text, i) && (is_turned(text, i) ||
			cf_near_words(text, i, day.to, BIRTH)) &&
			!is_of_many(text, i, day.to)) {
			cf_report_text(probe, CF_NEVER, text, i, day.to);
			i = day.to - 1;
		} else if ((end = year_at(text, i)) > 0 && follows_birth(text,
			i) && !is_of_many(text, i, end)) {
			cf_report_words(probe, CF_WAIVABLE, text, i, end,
				"this is a year of birth");
			i = end - 1;
		} else if ((end = months_at(text, i)) > 0) {
			cf_report_words(probe, CF_WAIVABLE, text, i, end,
				"this is an age to the month");
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_dob = {
	.id = "T-DOB",
	.severity = CF_NEVER,
	.needs = CF_HAS_LETTER,
	.title = "Date of birth",
	.found = "this is a date of birth",
	.detects = "A day beside a word such as \"born\". For a year of birth, "
		"or an age to the month, a reason may be given. Birth cohorts "
		"are left alone.",
	.why = "A birth date and a school are enough to find one child.",
	.remedy = "Write the year group instead.",
	.instead = "[date of birth removed]",
	.example = "She was born on 4 June 2012.",
	.text = dob_text
};

/* --- events -------------------------------------------------------------- */

#define EVENTS "|excluded|exclusion|exclusions|suspended|suspension|expelled|" \
	"incident|incidents|died|death|deaths|killed|fire|arrest|arrested|" \
	"assault|assaulted|attacked|accident|stabbing|stabbed|fight|" \
	"hospitalised|hospital|funeral|suicide|murder|murdered|bereavement|" \
	"overdose|taken into care|safeguarding referral|missing from home|" \
	"ran away|absconded|collapsed|seizure|restrained|abducted|deported|" \
	"permanently excluded|"
#define NOT_EVENTS "|excluded from the analysis|excluded from analysis|" \
	"excluded from the sample|excluded from the study|" \
	"excluded from the trial|excluded from the data|fire drill|" \
	"fire alarm|fire practice|"

static void
eventdate_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		struct cf_day day;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i) ||
			!cf_day_at(&day, text, i))
			continue;
		if (cf_near_words(text, i, day.to, EVENTS) &&
			!cf_beside_words(text, i, day.to, NOT_EVENTS))
			cf_report_text(probe, CF_WAIVABLE, text, i, day.to);
		i = day.to - 1;
	}
}

const struct cf_rule cf_rule_eventdate = {
	.id = "T-EVENTDATE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.title = "The day of an incident",
	.found = "this is the exact day of something that befell somebody",
	.detects = "A day beside an exclusion, an incident, a death, a fire, "
		"an arrest or the like. Days on which data were collected are "
		"left alone.",
	.why = "People remember what happened on a day, and to which child.",
	.remedy = "Write the month or the term instead.",
	.instead = "[day removed]",
	.example = "The pupil was excluded on 14 March 2024.",
	.text = eventdate_text
};
