/*
 * Where something is wrong in a text, and what is wrong with its encoding.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json/scan.h"
#include "json/lex.h"

struct cf_json_place
cf_json_place(struct cf_str text, size_t at)
{
	struct cf_json_place place = { 1, 1 };

	for (size_t i = 0; i < at && i < text.n; i++) {
		if (text.p[i] == '\n') {
			place.line++;
			place.column = 1;
		} else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
			place.column++;
		}
	}
	return place;
}

const struct cf_err *
cf_json_fault(struct cf_str text, size_t at, const char *rule, const char *fmt,
	...)
{
	struct cf_json_place place = cf_json_place(text, at);
	char msg[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	return cf_err_rule(CF_INVALID, rule, "line %zu, column %zu: %s",
		place.line, place.column, msg);
}

int
cf_json_byte(struct cf_str text, size_t at)
{
	return at < text.n ? (unsigned char)text.p[at] : -1;
}

const struct cf_err *
cf_json_bad_character(struct cf_str text, size_t at)
{
	struct cf_str rest = { text.p + at, text.n - at };
	int32_t c;

	if (rest.n == 0)
		return NULL;
	if (*rest.p == '\0')
		return cf_json_fault(text, at, "json.encoding",
			"a NUL byte stands here; save the file as UTF-8 "
			"(it may be UTF-16), or remove the byte");
	c = cf_utf8_next(&rest);
	if (c < 0)
		return cf_json_fault(text, at, "json.encoding",
			"the byte %02X is not part of UTF-8; save the file "
			"with the encoding UTF-8", (unsigned char)*rest.p);
	if (!cf_json_char_ok(c))
		return cf_json_fault(text, at, "json.encoding",
			"the code point U+%04X is no character; remove it",
			(unsigned)c);
	return NULL;
}
