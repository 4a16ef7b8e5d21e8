/*
 * Days as people write them.
 */
#include <string.h>

#include "check/date.h"
#include "check/token.h"

/* Up to `most` digits; how many there were. */
static size_t
number(unsigned *out, const struct cf_text *text, size_t *at, size_t most)
{
	size_t n = 0;

	*out = 0;
	while (*at < text->n && cf_digit(text->s[*at]) && n < most) {
		*out = *out * 10 + (unsigned)(text->s[(*at)++] - '0');
		n++;
	}
	return n;
}

static bool
is_year(unsigned year, size_t digits)
{
	return digits == 2 || (digits == 4 && year >= 1900 && year < 2100);
}

/* A month's name, whole or its first three letters; past it, or 0. */
static size_t
month_at(const struct cf_text *text, size_t at)
{
	static const char *const months[] = { "january", "february", "march",
		"april", "may", "june", "july", "august", "september",
		"october", "november", "december" };
	size_t end = at;

	if (strchr("jfmasond", text->l[at]) == NULL)
		return 0;
	while (end < text->n && cf_letter(text->s[end]))
		end++;
	for (size_t k = 0; k < 12; k++) {
		size_t n = end - at;

		if (n >= 3 && (n == 3 || n == strlen(months[k]) ||
			(n == 4 && k == 8)) && memcmp(text->l + at, months[k],
			n) == 0)
			return end + (end < text->n && text->s[end] == '.');
	}
	return 0;
}

static size_t
skip(const struct cf_text *text, size_t at, const char *signs)
{
	while (at < text->n && text->s[at] && strchr(signs, text->s[at]))
		at++;
	return at;
}

/* "st", "nd", "rd", "th" after a day, and "of"; past them. */
static size_t
ordinal(const struct cf_text *text, size_t at)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };

	for (size_t k = 0; k < 4; k++)
		if (at + 2 <= text->n && memcmp(text->l + at, ends[k], 2) == 0 &&
			cf_ends_token(text, at + 2)) {
			at += 2;
			break;
		}
	return at;
}

/* A year may follow; the day ends before it where none does. */
static void
maybe_year(struct cf_day *out, const struct cf_text *text, size_t at)
{
	size_t i = skip(text, at, " ,-/.\n'");
	unsigned year;
	size_t digits = number(&year, text, &i, 4);

	out->to = at;
	out->year = is_year(year, digits) && cf_ends_token(text, i);
	if (out->year)
		out->to = i;
}

/* 17/06/2014, 17.6.14, 2014-06-17. */
static bool
in_numbers(struct cf_day *out, const struct cf_text *text, size_t at)
{
	unsigned a, b, c;
	size_t i = at, first = number(&a, text, &i, 4), second, third;
	unsigned char sep = i < text->n ? text->s[i] : 0;

	if (sep == 0 || !strchr("/.-", sep) || first == 0)
		return false;
	i = skip(text, i + 1, " ");
	second = number(&b, text, &i, 2);
	if (second == 0 || i >= text->n || text->s[i] != sep)
		return false;
	i = skip(text, i + 1, " ");
	third = number(&c, text, &i, 4);
	if (!cf_ends_token(text, i))
		return false;
	*out = (struct cf_day){ .to = i, .year = true };
	if (first == 4)
		return is_year(a, 4) && b >= 1 && b <= 12 && third <= 2 &&
			c >= 1 && c <= 31;
	return first <= 2 && is_year(c, third) && a >= 1 && b >= 1 &&
		((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}

/* 17 June 2014, 17th of June, 22-nov-1972. */
static bool
day_first(struct cf_day *out, const struct cf_text *text, size_t at)
{
	unsigned day;
	size_t i = at, digits = number(&day, text, &i, 2);

	if (digits == 0 || day < 1 || day > 31)
		return false;
	i = skip(text, ordinal(text, i), " -/\n");
	if (i + 3 < text->n && memcmp(text->l + i, "of ", 3) == 0)
		i += 3;
	i = month_at(text, i);
	if (i == 0)
		return false;
	maybe_year(out, text, i);
	return true;
}

/* June 17th, 2014. "May 12 pupils" is none: a small word must not follow. */
static bool
month_first(struct cf_day *out, const struct cf_text *text, size_t at)
{
	size_t i = month_at(text, at), before;
	unsigned day;
	size_t digits;

	if (i == 0 || !cf_upper(text->s[at]))
		return false;
	i = before = skip(text, i, " ");
	digits = number(&day, text, &i, 2);
	if (digits == 0 || day < 1 || day > 31 || i == before)
		return false;
	before = i;
	i = ordinal(text, i);
	if (!cf_ends_token(text, i))
		return false;
	maybe_year(out, text, i);
	return out->year || i > before;
}

bool
cf_day_at(struct cf_day *out, const struct cf_text *text, size_t at)
{
	if (!cf_starts_token(text, at) || (at && at < text->n &&
		cf_digit(text->s[at]) && strchr("./-", text->s[at - 1]) &&
		at > 1 && cf_digit(text->s[at - 2])))
		return false;
	if (cf_digit(text->s[at]))
		return in_numbers(out, text, at) || day_first(out, text, at);
	return month_first(out, text, at);
}
