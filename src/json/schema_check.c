/*
 * Keywords that look at one value and nothing below it.
 */
#include "json/schema_keywords.h"

/* Reports the rule where it does not hold. */
static bool
report(struct cf_run *run, const struct cf_rule *rule,
	const struct cf_spot *at, bool holds)
{
	if (!holds)
		cf_schema_fault(run, rule, at, NULL);
	return holds;
}

#define HOLDS(name) bool \
	cf_holds_##name(struct cf_run *run, const struct cf_rule *rule, \
		struct cf_spot *at, size_t marks)

HOLDS(type)
{
	(void)marks;
	return report(run, rule, at, (rule->types & at->type) != 0);
}

/* The name of a member is a string without a json_t. */
static bool
equals(const struct cf_spot *at, json_t *value)
{
	if (at->type == CF_T_STRING)
		return json_is_string(value) && cf_str_eq(at->text,
			(struct cf_str){ json_string_value(value),
				json_string_length(value) });
	return cf_json_equal(at->value, value);
}

HOLDS(enum)
{
	json_t *value;
	size_t i;

	(void)marks;
	json_array_foreach(rule->value, i, value)
		if (equals(at, value))
			return true;
	return report(run, rule, at, false);
}

HOLDS(const)
{
	(void)marks;
	return report(run, rule, at, equals(at, rule->value));
}

HOLDS(minimum)
{
	(void)marks;
	return report(run, rule, at,
		cf_json_number_compare(at->value, rule->value) >= 0);
}

HOLDS(above)
{
	(void)marks;
	return report(run, rule, at,
		cf_json_number_compare(at->value, rule->value) > 0);
}

HOLDS(maximum)
{
	(void)marks;
	return report(run, rule, at,
		cf_json_number_compare(at->value, rule->value) <= 0);
}

HOLDS(below)
{
	(void)marks;
	return report(run, rule, at,
		cf_json_number_compare(at->value, rule->value) < 0);
}

HOLDS(multiple)
{
	(void)marks;
	return report(run, rule, at, cf_decimal_divides(rule->decimal,
		cf_decimal_of(at->value)));
}

size_t
cf_utf8_length(struct cf_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

HOLDS(max_length)
{
	(void)marks;
	/* A text has no more characters than bytes. */
	return report(run, rule, at, at->text.n <= rule->count ||
		cf_utf8_length(at->text) <= rule->count);
}

HOLDS(min_length)
{
	(void)marks;
	/* A character has at most four bytes. */
	return report(run, rule, at, at->text.n / 4 >= rule->count ||
		cf_utf8_length(at->text) >= rule->count);
}

HOLDS(pattern)
{
	enum cf_regex_answer answer = cf_regex_match(rule->regex,
		run->room->regex, at->text);

	(void)marks;
	if (answer == CF_REGEX_STUCK) {
		cf_schema_stuck(run, at, "it is too long or too irregular");
		return false;
	}
	return report(run, rule, at, answer == CF_REGEX_YES);
}

HOLDS(format)
{
	(void)marks;
	return report(run, rule, at, rule->format->is(at->text));
}

static size_t
size_of(const struct cf_spot *at)
{
	return at->type == CF_T_OBJECT ? json_object_size(at->value) :
		json_array_size(at->value);
}

HOLDS(max_size)
{
	(void)marks;
	return report(run, rule, at, size_of(at) <= rule->count);
}

HOLDS(min_size)
{
	(void)marks;
	return report(run, rule, at, size_of(at) >= rule->count);
}
