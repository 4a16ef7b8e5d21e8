/*
 * Cards and bank accounts.
 */
#include <string.h>

#include "base/limits.h"
#include "check/rules.h"
#include "check/token.h"

#define CARD_WORDS "|card|cards|visa|mastercard|debit|credit|amex|"
#define ACCOUNT_WORDS "|account|sort code|sort|bank|acct|acc no|"
#define UTR_WORDS "|utr|tax reference|self assessment|hmrc|"

/* --- cards --------------------------------------------------------------- */

static bool
luhn(const char *digit, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int d = digit[n - 1 - i] - '0';

		if (i % 2)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return sum % 10 == 0;
}

/* The digits of a run with single spaces or dashes in it; how many, and where
 * it ends. */
static size_t
digits_at(char out[CF_MAX_CARD], size_t *end, const struct cf_text *text,
	size_t at)
{
	size_t n = 0, i = at;

	for (; i < text->n; i++) {
		unsigned char c = text->s[i];

		if (cf_digit(c)) {
			if (n == CF_MAX_CARD)
				return 0;
			out[n++] = (char)c;
		} else if ((c != ' ' && c != '-' && c != '\n') ||
			i + 1 >= text->n || !cf_digit(text->s[i + 1])) {
			break;
		}
	}
	*end = i;
	return cf_ends_token(text, i) ? n : 0;
}

/* What networks issue: 3, 4, 5, 6, and 2 of late. */
static size_t
card_at(const struct cf_text *text, size_t at)
{
	char digit[CF_MAX_CARD];
	size_t end, n = digits_at(digit, &end, text, at);
	bool named;

	if (n < 13 || digit[0] < '2' || digit[0] > '6' || !luhn(digit, n))
		return 0;
	named = cf_near_words(text, at, end, CARD_WORDS);
	return named || n == 16 || n == 15 ? end : 0;
}

/* --- accounts ------------------------------------------------------------ */

static int
mod97(const char *s, size_t n)
{
	int rest = 0;

	for (size_t k = 0; k < n; k++) {
		char c = s[(k + 4) % n];	/* country and check go last */

		rest = cf_digit((unsigned char)c) ?
			(rest * 10 + c - '0') % 97 :
			(rest * 100 + c - 'A' + 10) % 97;
	}
	return rest;
}

/* How long an account number is in each country that pupils' families and
 * schools are likely to bank in. */
static size_t
iban_length(const char *s)
{
	static const char lengths[] = "GB22IE22FR27DE22ES24IT27PL28NL18BE16"
		"PT25RO24LT20LV21BG22SE24NO15DK18FI18CH21AT20CZ24SK24HU28"
		"GR27HR21EE20SI19LU20MT31CY28IS26TR26AE23SA24PK24IL23UA29"
		"GI23JE22GG22IM22AL28MD24GE22KW30QA29BH22JO30LB28";

	for (size_t i = 0; i + 4 < sizeof lengths; i += 4)
		if (memcmp(lengths + i, s, 2) == 0)
			return (size_t)(lengths[i + 2] - '0') * 10 +
				(size_t)(lengths[i + 3] - '0');
	return 0;
}

static size_t
iban_at(const struct cf_text *text, size_t at)
{
	char s[CF_MAX_IBAN];
	size_t n = 0, i = at, length = CF_MAX_IBAN;

	while (i < text->n && n < length) {
		unsigned char c = text->l[i];

		if (c == CF_LETTER)
			break;
		if (cf_alnum(c))
			s[n++] = cf_lower(c) ? (char)(c - 32) : (char)c;
		else if (!cf_space(c) && c != '-')
			break;
		i++;
		if (n == 2 && (length = iban_length(s)) == 0)
			return 0;
	}
	return n == length && cf_ends_token(text, i) && mod97(s, n) == 1 ? i :
		0;
}

/* 12-34-56 12345678, in either order; three pairs are a date as well, so there
 * must be a word. */
static size_t
account_at(const struct cf_text *text, size_t at)
{
	char digit[CF_MAX_CARD];
	size_t end, n = digits_at(digit, &end, text, at);

	if (n != 14 && n != 8 && n != 6)
		return 0;
	if (!cf_near_words(text, at, end, ACCOUNT_WORDS))
		return 0;
	if (n == 6)	/* a sort code alone */
		return (end == at + 8 || end == at + 6) && cf_near_words(text, at, end,
			"|sort code|") ? end : 0;
	if (n == 8)
		return end == at + 8 && cf_near_words(text, at, end,
			"|account number|account no|acct|account|acc no|") ? end : 0;
	return end;
}

/* A taxpayer's reference: the first digit checks the other nine. */
static size_t
utr_at(const struct cf_text *text, size_t at)
{
	static const int weight[9] = { 6, 7, 8, 9, 10, 5, 4, 3, 2 };
	char digit[CF_MAX_CARD];
	size_t end, n = digits_at(digit, &end, text, at);
	int sum = 0;

	if (n != 10 || !cf_near_words(text, at, end, UTR_WORDS))
		return 0;
	for (int i = 0; i < 9; i++)
		sum += weight[i] * (digit[i + 1] - '0');
	return "21987654321"[sum % 11] == digit[0] ? end : 0;
}

static void
bank_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end = 0;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		if (cf_digit(text->s[i])) {
			end = card_at(text, i);
			if (end == 0)
				end = account_at(text, i);
			if (end == 0)
				end = utr_at(text, i);
		} else if (text->s[i] != CF_LETTER) {
			end = iban_at(text, i);
		}
		if (end) {
			cf_report_text(probe, CF_NEVER, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_bank = {
	.id = "T-BANK",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.title = "Card or bank account",
	.found = "this is the number of a card or a bank account",
	.detects = "The number of a payment card or an international account, "
		"by its check digits; a sort code with an account, or a tax "
		"reference, beside a word that says so.",
	.why = "Money can be taken from a family or a school with it.",
	.remedy = "Delete it.",
	.instead = "[number removed]",
	.example = "Paid with card 4111 1111 1111 1111.",
	.text = bank_text
};
