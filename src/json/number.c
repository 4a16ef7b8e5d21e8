/*
 * Numbers as ECMAScript writes them: the shortest decimal that reads back as
 * the same double and, among those, the nearest one.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "json/lex.h"

#define DIGITS 17	/* enough for every double */

const double cf_json_ten[] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15
};

/* 0.d1d2d3… times ten to the power `point`. */
struct decimal {
	char digit[24];
	int n;
	int point;
};

/*
 * Most numbers that people write have few decimals. For an integer below 10^15
 * both it and the power of ten are exact, so the division rounds once, as
 * reading the decimal does; and two decimals of 15 digits never read as the
 * same double, so the first that fits is the only one.
 */
static bool
short_decimal(struct decimal *out, double d)
{
	char text[24];
	size_t at = sizeof text;

	if (d < 1e-5)
		return false;
	for (int k = 0; k < 16; k++) {
		double whole = rint(d * cf_json_ten[k]);

		if (whole >= 1e15)
			return false;
		if (whole / cf_json_ten[k] != d)
			continue;
		for (uint64_t v = (uint64_t)whole; v; v /= 10)
			text[--at] = (char)('0' + v % 10);
		out->n = (int)(sizeof text - at);
		out->point = out->n - k;
		memcpy(out->digit, text + at, (size_t)out->n);
		return true;
	}
	return false;
}

/* "d.ddde±xx" as printf writes it; false where it is not `d` when read. */
static bool
take(struct decimal *out, const char *text, double d)
{
	const char *e = strchr(text, 'e');
	int power = 0;

	if (e == NULL || strtod(text, NULL) != d)
		return false;
	out->n = 0;
	for (const char *p = text; p < e; p++)
		if (*p >= '0' && *p <= '9')
			out->digit[out->n++] = *p;
	while (out->n > 1 && out->digit[out->n - 1] == '0')
		out->n--;
	for (const char *p = e + 2; *p != '\0'; p++)
		power = power * 10 + (*p - '0');
	out->point = (e[1] == '-' ? -power : power) + 1;
	return true;
}

/* Adds one to the last digit of "d.ddde±xx"; false where all are nines. */
static bool
step_up(char *text)
{
	char *p = strchr(text, 'e');

	while (p-- > text) {
		if (*p == '9')
			*p = '0';
		else if (*p >= '0' && *p < '9') {
			++*p;
			return true;
		}
	}
	return false;
}

/*
 * printf rounds to the nearest decimal of p digits. If any decimal of p digits
 * reads back as d, the nearest does, but for one case: below a power of two
 * doubles lie twice as close, so the nearest may fall outside below while the
 * next above is still inside.
 */
static void
long_decimal(struct decimal *out, double d)
{
	int power;
	bool edge = frexp(d, &power) == 0.5;
	char text[32];

	for (int p = d < DBL_MIN ? 1 : DBL_DIG; p <= DIGITS; p++) {
		(void)snprintf(text, sizeof text, "%.*e", p - 1, d);
		if (take(out, text, d))
			return;
		if (edge && step_up(text) && take(out, text, d))
			return;
	}
	cf_bug("a double has no decimal of 17 digits");
}

static char *
zeros(char *to, int n)
{
	memset(to, '0', (size_t)n);
	return to + n;
}

static char *
digits(char *to, const struct decimal *from, int first, int n)
{
	memcpy(to, from->digit + first, (size_t)n);
	return to + n;
}

/* Where the point goes, and from where on an exponent is written (ECMA-262). */
static void
place_point(char *to, const struct decimal *from)
{
	int n = from->n, point = from->point;

	if (point > 21 || point < -5) {
		to = digits(to, from, 0, 1);
		if (n > 1) {
			*to++ = '.';
			to = digits(to, from, 1, n - 1);
		}
		/* 13 of the caller's 32 are left after a sign and 17 digits. */
		(void)snprintf(to, 13, "e%+d", point - 1);
		return;
	}
	if (point >= n) {
		to = digits(to, from, 0, n);
		to = zeros(to, point - n);
	} else if (point > 0) {
		to = digits(to, from, 0, point);
		*to++ = '.';
		to = digits(to, from, point, n - point);
	} else {
		*to++ = '0';
		*to++ = '.';
		to = zeros(to, -point);
		to = digits(to, from, 0, n);
	}
	*to = '\0';
}

bool
cf_json_number(char *out, double value)
{
	struct decimal decimal;

	if (!isfinite(value))
		return false;
	if (value == 0) {
		memcpy(out, "0", 2);
		return true;
	}
	if (value < 0)
		*out++ = '-';
	value = fabs(value);
	if (!short_decimal(&decimal, value))
		long_decimal(&decimal, value);
	place_point(out, &decimal);
	return true;
}

bool
cf_json_number_ok(double value)
{
	double size = fabs(value);

	return size <= CF_MAX_WHOLE || (size >= 1e21 && isfinite(size));
}
