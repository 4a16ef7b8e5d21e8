/*
 * The smallest parts of a JSON text: what stands in quotes, numbers, and the
 * three words.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "json/scan.h"
#include "json/lex.h"

#define SHOWN 40	/* bytes of a token that a message shows */

static const struct cf_err *
unclosed(struct cf_str text, size_t quote)
{
	return cf_json_fault(text, quote, "json.syntax",
		"the text that begins here has no closing quote on its line; "
		"add it, and write a line break inside a text as \\n");
}

/* Four hexadecimal digits; -1 where there are none. */
static int32_t
hex4(struct cf_str text, size_t at)
{
	int32_t unit = 0;

	for (size_t i = 0; i < 4; i++) {
		int c = cf_json_byte(text, at + i);

		if (c >= '0' && c <= '9')
			c -= '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			c = (c | 0x20) - 'a' + 10;
		else
			return -1;
		unit = unit << 4 | c;
	}
	return unit;
}

/* \uXXXX, or two of them where they are the halves of one character. */
static const struct cf_err *
scan_code_point(struct cf_str text, size_t *at)
{
	int32_t c = hex4(text, *at + 2), low = -1;
	size_t n = 6;

	if (c < 0)
		return cf_json_fault(text, *at, "json.syntax",
			"after \\u there must be four of 0-9 and a-f");
	if (c >= 0xd800 && c <= 0xdbff &&
		cf_json_byte(text, *at + 6) == '\\' &&
		cf_json_byte(text, *at + 7) == 'u')
		low = hex4(text, *at + 8);
	if (low >= 0xdc00 && low <= 0xdfff) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		n = 12;
	} else if (c >= 0xd800 && c <= 0xdfff) {
		return cf_json_fault(text, *at, "json.encoding",
			"\\u%04x is one half of a character; write the "
			"character itself, or remove it", (unsigned)c);
	}
	if (!cf_json_char_ok(c))
		return cf_json_fault(text, *at, "json.encoding",
			"the code point U+%04X is no character that a text may "
			"hold; remove it", (unsigned)c);
	*at += n;
	return NULL;
}

static const struct cf_err *
scan_escape(struct cf_str text, size_t *at, size_t quote)
{
	int c = cf_json_byte(text, *at + 1);

	if (c < 0)
		return unclosed(text, quote);
	if (c == 'u')
		return scan_code_point(text, at);
	if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL)
		return cf_json_fault(text, *at, "json.syntax",
			"this backslash means nothing here; write a backslash "
			"as \\\\");
	*at += 2;
	return NULL;
}

static const struct cf_err *
scan_character(struct cf_str text, size_t *at, size_t quote)
{
	int c = cf_json_byte(text, *at);
	const struct cf_err *err = cf_json_bad_character(text, *at);

	if (err)
		return err;
	if (c < 0 || c == '\n' || c == '\r')
		return unclosed(text, quote);
	if (c == '\t')
		return cf_json_fault(text, *at, "json.syntax",
			"a tab stands inside a text; write it as \\t");
	if (c < 0x20)
		return cf_json_fault(text, *at, "json.syntax",
			"the control character U+%04X stands inside a text; "
			"remove it", (unsigned)c);
	*at += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	return NULL;
}

const struct cf_err *
cf_json_scan_string(struct cf_str text, size_t *at)
{
	const struct cf_err *err = NULL;
	size_t quote = (*at)++;
	int c;

	while (err == NULL && (c = cf_json_byte(text, *at)) != '"') {
		if (c == '\\')
			err = scan_escape(text, at, quote);
		else
			err = scan_character(text, at, quote);
	}
	++*at;
	return err;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* One digit or more. */
static bool
digits(struct cf_str text, size_t *at)
{
	size_t from = *at;

	while (is_digit(cf_json_byte(text, *at)))
		++*at;
	return *at > from;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static const struct cf_err *
number_grammar(struct cf_str text, size_t *at)
{
	size_t from = *at, first;
	int c = cf_json_byte(text, from);

	if (c == '+' || c == '.')
		return cf_json_fault(text, from, "json.syntax",
			"a number begins with a digit or a minus sign; write "
			"0.5, not .5 or +0.5");
	first = *at += c == '-';
	if (!digits(text, at))
		return cf_json_fault(text, from, "json.syntax",
			"a digit must follow the minus sign");
	if (text.p[first] == '0' && *at - first > 1)
		return cf_json_fault(text, from, "json.syntax",
			"a number does not begin with 0; leave the 0 out, or "
			"put it all in double quotes if it is a code");
	if (cf_json_byte(text, *at) == '.') {
		++*at;
		if (!digits(text, at))
			return cf_json_fault(text, from, "json.syntax",
				"a digit must follow the point of a number");
	}
	if ((cf_json_byte(text, *at) | 0x20) != 'e')
		return NULL;
	++*at;
	c = cf_json_byte(text, *at);
	*at += c == '+' || c == '-';
	if (!digits(text, at))
		return cf_json_fault(text, from, "json.syntax",
			"a digit must follow the e of a number");
	return NULL;
}

const struct cf_err *
cf_json_scan_number(struct cf_str text, size_t *at)
{
	size_t from = *at;
	const struct cf_err *err = number_grammar(text, at);
	char *copy;
	double d;

	if (err)
		return err;
	copy = cf_strndup(text.p + from, *at - from);
	d = strtod(copy, NULL);
	if (!isfinite(d))
		err = cf_json_fault(text, from, "json.number",
			"the number %.*s is too large for a computer to hold; "
			"write a smaller one", SHOWN, copy);
	else if (!cf_json_number_ok(d))
		err = cf_json_fault(text, from, "json.number",
			"the whole number %.*s is beyond %lld, where programs "
			"begin to round; put it in double quotes", SHOWN, copy,
			(long long)CF_MAX_WHOLE);
	free(copy);
	return err;
}

static bool
is_letter(int c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

const struct cf_err *
cf_json_scan_word(struct cf_str text, size_t *at)
{
	static const char *const known[] = { "true", "false", "null" };
	static const char *const numbers[] = { "NaN", "Infinity", "undefined" };
	char word[SHOWN];
	size_t from = *at, n = 0;

	while (n < sizeof word - 1 && is_letter(cf_json_byte(text, *at)))
		word[n++] = text.p[(*at)++];
	word[n] = '\0';
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(word, known[i]) == 0)
			return NULL;
		if (strcasecmp(word, known[i]) == 0)
			return cf_json_fault(text, from, "json.syntax",
				"%s is written %s; change it", word, known[i]);
		if (strcasecmp(word, numbers[i]) == 0)
			return cf_json_fault(text, from, "json.syntax",
				"%s is no value in JSON; write null, or leave "
				"the member out", word);
	}
	return cf_json_fault(text, from, "json.syntax",
		"%s is neither a text nor a number; a text stands in double "
		"quotes", word);
}
