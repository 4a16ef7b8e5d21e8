/*
 * Numbers of ten digits with a check digit: learners and patients; and digits
 * that nothing explains.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"

#define TEN 10
#define ULN_WORDS "|uln|learner|learners|unique learner|ulns|ilr|"
#define NHS_WORDS "|nhs|patient|patients|national health|hospital|gp|medical|"
#define OTHER_WORDS "|isbn|issn|doi|orcid|timestamp|unix|barcode|ean|"

/* Ten digits at a place, and how they stand there. */
struct ten {
	char digit[TEN];
	size_t from, to;
	bool grouped;	/* 3-3-4, as patients' numbers are written */
	bool split;	/* in any groups */
};

static bool
is_sep(unsigned char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '\n';
}

/* A digit or a group of them goes on before or after. */
static bool
digits_before(const struct cf_text *text, size_t at)
{
	return at && (cf_alnum(text->s[at - 1]) || (at > 1 &&
		(is_sep(text->s[at - 1]) || text->s[at - 1] == ',') &&
		cf_digit(text->s[at - 2])));
}

static bool
digits_after(const struct cf_text *text, size_t at)
{
	return at + 1 < text->n && (is_sep(text->s[at]) ||
		text->s[at] == ',') && cf_digit(text->s[at + 1]);
}

static bool
ten_at(struct ten *out, const struct cf_text *text, size_t at)
{
	size_t n = 0, i = at, groups = 0, ends[TEN] = { 0 };

	if (!cf_digit(text->s[at]) || digits_before(text, at))
		return false;
	while (n < TEN && i < text->n) {
		if (cf_digit(text->s[i]))
			out->digit[n++] = (char)text->s[i];
		else if (is_sep(text->s[i]) && i + 1 < text->n &&
			cf_digit(text->s[i + 1]))
			ends[groups++] = n;
		else
			return false;
		i++;
	}
	if (n < TEN || !cf_ends_token(text, i))
		return false;
	out->from = at;
	out->to = i;
	out->split = groups > 0;
	out->grouped = groups == 2 && ends[0] == 3 && ends[1] == 6;
	return out->grouped || !digits_after(text, i);
}

/* Weighted 10, 9 … 1, modulo 11. */
static int
sum_of(const struct ten *ten)
{
	int sum = 0;

	for (int i = 0; i < TEN; i++)
		sum += (TEN - i) * (ten->digit[i] - '0');
	return sum % 11;
}

static bool
all_equal(const struct ten *ten)
{
	for (size_t i = 1; i < TEN; i++)
		if (ten->digit[i] != ten->digit[0])
			return false;
	return true;
}

/* Part of a web address: pages have numbers. */
static bool
in_address(const struct cf_text *text, size_t at)
{
	size_t i = at;

	while (i && !cf_space(text->s[i - 1]) && at - i < 200)
		i--;
	return i < at && memchr(text->s + i, '/', at - i) != NULL;
}

static bool
next_ten(struct ten *out, const struct cf_text *text, size_t *at)
{
	for (size_t i = cf_next_start(text, *at); i < text->n;
		i = cf_next_start(text, i + 1))
		if (ten_at(out, text, i)) {
			*at = out->to;
			return true;
		}
	return false;
}

static void
uln_text(struct cf_probe *probe, const struct cf_text *text)
{
	struct ten ten;
	size_t at = 0;

	while (next_ten(&ten, text, &at)) {
		bool named = cf_near_words(text, ten.from, ten.to, ULN_WORDS);

		if (ten.digit[0] == '0' || sum_of(&ten) != 10 ||
			all_equal(&ten) || (!named && (in_address(text,
			ten.from) || cf_beside_words(text, ten.from, ten.to,
			OTHER_WORDS))))
			continue;
		cf_report_text(probe, named ? CF_NEVER : CF_WAIVABLE, text,
			ten.from, ten.to);
	}
}

const struct cf_rule cf_rule_uln = {
	.id = "T-ULN",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.digits = TEN,
	.title = "Learner number (ULN)",
	.found = "this is, or could be, a unique learner number (ULN)",
	.detects = "Ten digits whose check digit is that of a unique learner "
		"number. Beside a word such as \"learner\" it is one; "
		"elsewhere a reason may be given.",
	.why = "A learner number stays with one young person for life and "
		"leads to every qualification.",
	.remedy = "Delete it. \"One learner\" is enough.",
	.instead = "[learner number removed]",
	.example = "The learner (ULN 1000000108) withdrew in week 6.",
	.text = uln_text
};

static void
nhs_text(struct cf_probe *probe, const struct cf_text *text)
{
	struct ten ten;
	size_t at = 0;

	while (next_ten(&ten, text, &at)) {
		bool named = cf_near_words(text, ten.from, ten.to, NHS_WORDS);

		if (sum_of(&ten) != 0 || all_equal(&ten) || (!named &&
			(in_address(text, ten.from) || cf_beside_words(text,
			ten.from, ten.to, OTHER_WORDS))))
			continue;
		cf_report_text(probe, named || ten.grouped ? CF_NEVER :
			CF_WAIVABLE, text, ten.from, ten.to);
	}
}

const struct cf_rule cf_rule_nhs = {
	.id = "T-NHS",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.digits = TEN,
	.title = "NHS number",
	.found = "this is, or could be, an NHS number",
	.detects = "Ten digits whose check digit is that of an NHS number. In "
		"groups of 3, 3 and 4, or beside a word such as \"NHS\", it is "
		"one; elsewhere a reason may be given. Numbers of books and of "
		"web pages are left alone.",
	.why = "An NHS number opens the medical record of one child.",
	.remedy = "Delete it.",
	.instead = "[NHS number removed]",
	.example = "NHS number 943 476 5870 is in the care plan.",
	.text = nhs_text
};

/* --- digits that nothing explains ---------------------------------------- */

#define RUN 9
#define BOOK_WORDS "|isbn|issn|doi|orcid|ean|"

/* "0.123456789", "10.1000/123456789": a decimal, a DOI. */
static bool
is_explained(const struct cf_text *text, size_t from, size_t to)
{
	if (from > 1 && text->s[from - 1] == '.' &&
		cf_digit(text->s[from - 2]))
		return true;
	return cf_beside_words(text, from, to, BOOK_WORDS);
}

static void
digits_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->n; i++) {
		size_t from = i;

		while (i < text->n && cf_digit(text->s[i]))
			i++;
		if (i - from >= RUN && !is_explained(text, from, i) &&
			!cf_is_found(probe, text, from, i))
			cf_report_text(probe, CF_WAIVABLE, text, from, i);
	}
}

const struct cf_rule cf_rule_digits = {
	.id = "T-DIGITS",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.digits = RUN,
	.title = "Digits that nothing explains",
	.found = "nothing says what these digits are",
	.detects = "Nine digits or more in a row that no other rule knows. "
		"Numbers of books (ISBN), DOIs, decimals and numbers in groups "
		"of thousands are left alone.",
	.why = "A long number is often the key under which a child stands in "
		"a system of the school.",
	.remedy = "Delete it, or say in words what it is.",
	.instead = "[number removed]",
	.example = "See ref 4829103847561 for the rest.",
	.text = digits_text
};
