/*
 * Numbers without rounding: a 64-bit integer and a double are compared by
 * value, and multiples are those of the decimal numbers as they are written.
 */
#include <math.h>

#include "json/schema_node.h"

/* 2^63, the first number that is past the integers of 64 bits. */
#define PAST 9223372036854775808.0

static int
order(double a, double b)
{
	return (a > b) - (a < b);
}

/* An integer and a double, exactly. */
static int
mixed(json_int_t i, double d)
{
	json_int_t whole;

	if (d >= PAST)
		return -1;
	if (d < -PAST)
		return 1;
	whole = (json_int_t)d;
	if (i != whole)
		return i < whole ? -1 : 1;
	return order(0, d - trunc(d));
}

int
cf_json_number_compare(const json_t *a, const json_t *b)
{
	json_int_t i = json_integer_value(a), j = json_integer_value(b);

	if (json_is_integer(a) && json_is_integer(b))
		return (i > j) - (i < j);
	if (json_is_integer(a))
		return mixed(i, json_real_value(b));
	if (json_is_integer(b))
		return -mixed(j, json_real_value(a));
	return order(json_real_value(a), json_real_value(b));
}

/*
 * Reads what cf_json_number writes: [-]digits[.digits][e±digits]. It writes at
 * most 17 digits that are not zeros at an end, so they fit.
 */
static struct cf_decimal
read_decimal(const char *s)
{
	struct cf_decimal out = { 0, 0 };
	int zeros = 0, power = 0, sign = 1;
	bool fraction = false;

	for (; *s && *s != 'e'; s++) {
		if (*s == '.')
			fraction = true;
		if (*s < '0' || *s > '9')
			continue;
		out.exponent -= fraction;
		zeros++;
		if (*s == '0')
			continue;
		for (; zeros; zeros--)
			out.digits *= 10;
		out.digits += (uint64_t)(*s - '0');
	}
	out.exponent += zeros;
	if (*s == 'e') {
		sign = s[1] == '-' ? -1 : 1;
		for (s += 2; *s; s++)
			power = power * 10 + (*s - '0');
	}
	out.exponent += sign * power;
	return out;
}

struct cf_decimal
cf_decimal_of(const json_t *number)
{
	json_int_t i = json_integer_value(number);
	char text[32];

	if (json_is_integer(number))
		return (struct cf_decimal){
			i < 0 ? 0 - (uint64_t)i : (uint64_t)i, 0 };
	if (!cf_json_number(text, json_real_value(number)))
		cf_bug("a number of JSON is not finite");
	return read_decimal(text);
}

/* a + b modulo m, for a and b below m and m at most 2^63. */
static uint64_t
add_mod(uint64_t a, uint64_t b, uint64_t m)
{
	return (a + b) % m;
}

bool
cf_decimal_divides(struct cf_decimal divisor, struct cf_decimal number)
{
	int shift = number.exponent - divisor.exponent;
	uint64_t rest;

	if (number.digits == 0)
		return true;
	for (; shift < 0; shift++) {
		/* Times ten it would be larger than the number. */
		if (divisor.digits > number.digits / 10)
			return false;
		divisor.digits *= 10;
	}
	rest = number.digits % divisor.digits;
	for (; shift > 0 && rest; shift--) {
		uint64_t two = add_mod(rest, rest, divisor.digits);
		uint64_t four = add_mod(two, two, divisor.digits);

		rest = add_mod(add_mod(four, four, divisor.digits), two,
			divisor.digits);
	}
	return rest == 0;
}
