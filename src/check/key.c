/*
 * Numbers and names of organisations, of cases, and keys that stand for a
 * person.
 */
#include <string.h>

#include "base/limits.h"
#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

static size_t
run_of_digits(const struct cf_text *text, size_t at)
{
	size_t n = 0;

	while (at + n < text->n && cf_digit(text->s[at + n]))
		n++;
	return cf_ends_token(text, at + n) ? n : 0;
}

/* The word, and up to a few signs, stand right before. */
static bool
follows(const struct cf_text *text, size_t at, const char *words)
{
	size_t from = at > 28 ? at - 28 : 0;
	struct cf_text before = { .s = text->s + from, .l = text->l + from,
		.n = at - from, .member = text->member };

	return cf_near_words(&before, before.n, before.n, words);
}

/* --- numbers of schools -------------------------------------------------- */

#define LAESTAB_WORDS "|laestab|dfe number|dfe no|establishment number|" \
	"establishment no|dfes number|school number|la estab|estab|"

/* LLL/EEEE or seven digits. */
static size_t
laestab_at(const struct cf_text *text, size_t at)
{
	size_t i = at + 3;

	for (size_t k = 0; k < 3; k++)
		if (at + k >= text->n || !cf_digit(text->s[at + k]))
			return 0;
	if (i < text->n && (text->s[i] == '/' || text->s[i] == '-' ||
		text->s[i] == ' '))
		i++;
	return run_of_digits(text, i) == 4 ? i + 4 : 0;
}

/* TR01234, GRP_12345678. */
static size_t
trust_ref_at(const struct cf_text *text, size_t at)
{
	if (at + 7 <= text->n && memcmp(text->l + at, "tr", 2) == 0 &&
		run_of_digits(text, at + 2) == 5)
		return at + 7;
	if (at + 12 <= text->n && memcmp(text->l + at, "grp_", 4) == 0 &&
		run_of_digits(text, at + 4) == 8)
		return at + 12;
	return 0;
}

static size_t
orgid_at(const struct cf_text *text, size_t at)
{
	size_t digits, end;

	if (!cf_digit(text->s[at]))
		return trust_ref_at(text, at);
	digits = run_of_digits(text, at);
	if (digits == 6 && follows(text, at, "|urn|urns|"))
		return at + 6;
	if (digits == 8 && text->s[at] == '1' && follows(text, at,
		"|ukprn|ukprns|"))
		return at + 8;
	if (digits == 4 && follows(text, at, "|establishment number|"
		"establishment no|estab|"))
		return at + 4;
	end = laestab_at(text, at);
	return end && follows(text, at, LAESTAB_WORDS) ? end : 0;
}

static void
orgid_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = orgid_at(text, i);
		if (end) {
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_orgid = {
	.id = "T-ORGID",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.digits = 4,
	.title = "Number of a school or trust",
	.found = "this is the number of a school or a trust",
	.detects = "A URN, UKPRN or LAESTAB beside its word, a trust reference "
		"such as TR01234, a group id.",
	.why = "A small group in a school that is known is soon a child that "
		"is known.",
	.remedy = "Delete it. \"A primary school\" is enough; who published "
		"the record is known by its signature.",
	.instead = "[school removed]",
	.example = "The school (URN 123456) took part.",
	.text = orgid_text
};

/* --- references of cases ------------------------------------------------- */

#define SYSTEMS "|cpoms|myconcern|my concern|liquidlogic|mosaic|lado|mash|" \
	"camhs|iyss|sleuth|"
#define CASES "|lac|ehcp|ehc plan|ehc|early help|tribunal|sendist|police|crime|cin|" \
	"child protection|safeguarding|social care|case|court|yot|ward|" \
	"referral|cp plan|care order|"
#define REFS "|id|ref|reference|number|no|case|incident|log|concern|file|cad|" \
	"report|urn|plan|record|"

/* Digits, with letters, / and - among them; at least four digits, and no year. */
static size_t
reference_at(const struct cf_text *text, size_t at)
{
	size_t i = at, digits = 0;
	bool plain;

	while (i < text->n && i - at < CF_MAX_REFERENCE && (cf_alnum(text->s[i]) ||
		((text->s[i] == '/' ||
		text->s[i] == '-') && i + 1 < text->n &&
		cf_alnum(text->s[i + 1])))) {
		digits += cf_digit(text->s[i]);
		i++;
	}
	plain = digits == i - at;
	if (digits < 4 || (plain && digits == 4 && (memcmp(text->s + at, "19",
		2) == 0 || memcmp(text->s + at, "20", 2) == 0)))
		return 0;
	if (digits == 6 && i - at == 7 && text->s[at + 4] == '-')
		return 0;	/* 2023-24 */
	return i;
}

/* EH873/24/00012: letters and two slashes. */
static bool
is_court(const struct cf_text *text, size_t from, size_t to)
{
	size_t slashes = 0, letters = 0;

	for (size_t i = from; i < to; i++) {
		slashes += text->s[i] == '/';
		letters += cf_letter(text->s[i]);
	}
	return slashes >= 2 && letters;
}

static bool
is_of_a_case(const struct cf_text *text, size_t i, size_t end)
{
	return follows(text, i, SYSTEMS) || (is_court(text, i, end) &&
		follows(text, i, "|tribunal|court|sendist|police|")) ||
		(follows(text, i, CASES) && follows(text, i, REFS) &&
		!cf_beside_words(text, i, i, "|urn|paper|article|study|page|"));
}

static void
caseref_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = reference_at(text, i);
		if (end == 0 || cf_beside_words(text, i, i, "|census|return|"
			"returns|ssda903|"))
			continue;
		if (is_of_a_case(text, i, end))
			cf_report_text(probe, CF_NEVER, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_caseref = {
	.id = "T-CASEREF",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.digits = 4,
	.title = "Reference of a case",
	.found = "this is the reference of a case",
	.detects = "A number beside CPOMS, EHCP, LAC, a tribunal, the police "
		"and the like. Names of data collections are left alone.",
	.why = "A case is about one child, and about the worst that happened "
		"to it.",
	.remedy = "Delete it, and leave out that there was a case.",
	.instead = "[reference removed]",
	.example = "See CPOMS incident 48213.",
	.text = caseref_text
};

/* --- keys that stand for a person ---------------------------------------- */

#define ID_WORDS "|pupil|pupil id|student|student id|participant|" \
	"participant id|learner|learner id|child|child id|subject id|person|" \
	"person id|respondent|respondent id|case id|anon id|pseudonym|token|" \
	"pupil key|pupil code|pupil hash|uid|userid|user id|member id|" \
	"participant code|pseudo id|hashed id|"
#define GIT "|commit|object|blob|tree|sha|git|revision|release|"

/* Hexadecimal of 6 or more with a digit and a letter in it, or a code of
 * letters and digits; a letter and a dash may stand before it. */
static size_t
token_at(const struct cf_text *text, size_t at)
{
	size_t i = at, digits = 0, letters = 0, changes = 0;

	if (at + 2 < text->n && cf_letter(text->s[at]) &&
		(text->s[at + 1] == '-' || text->s[at + 1] == '_'))
		i = at + 2;
	for (; i < text->n && cf_alnum(text->s[i]); i++) {
		digits += cf_digit(text->s[i]);
		letters += cf_letter(text->s[i]);
		changes += i > at && cf_digit(text->s[i]) !=
			cf_digit(text->s[i - 1]);
	}
	if (digits + letters < 6 || digits == 0)
		return 0;
	return (letters && (changes > 1 || digits + letters >= 8)) ||
		digits >= 5 ? i : 0;
}

static bool
is_hash(const struct cf_text *text, size_t from, size_t to)
{
	size_t n = to - from;

	for (size_t i = from; i < to; i++)
		if (!cf_digit(text->s[i]) && (text->l[i] < 'a' ||
			text->l[i] > 'f'))
			return false;
	return n == 32 || n == 40 || n == 56 || n == 64 || n == 96 ||
		n == 128;
}

static void
hashid_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = token_at(text, i);
		if (end == 0 || cf_beside_words(text, i, end, GIT))
			continue;
		if ((follows(text, i, ID_WORDS) || is_hash(text, i, end)) &&
			!cf_is_found(probe, text, i, end)) {
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_hashid = {
	.id = "T-HASHID",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.title = "Key that stands for a person",
	.found = "this looks like a key that stands for one person",
	.detects = "A code or a hash beside a word such as \"pupil\" or "
		"\"participant\". Ids of commits are left alone.",
	.why = "A hash of a pupil number is soon undone, and a key that "
		"repeats lets a child be followed from row to row.",
	.remedy = "Delete it. In a text, \"Pupil A\" is enough.",
	.instead = "[key removed]",
	.example = "participant P-7f3a9c left after week two",
	.text = hashid_text
};
