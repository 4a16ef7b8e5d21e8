/*
 * JSON on stdout, and what an error is to a script.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/out.h"

struct code {
	const char *name;
	int status;
};

/* The exit statuses of confer(1). */
static struct code
code_of(enum cf_code code)
{
	switch (code) {
	case CF_SYS:
		return (struct code){ "system", 1 };
	case CF_NOT_FOUND:
		return (struct code){ "not-found", 1 };
	case CF_BUSY:
		return (struct code){ "busy", 1 };
	case CF_REMOTE:
		return (struct code){ "remote", 1 };
	case CF_CANCELLED:
		return (struct code){ "cancelled", 1 };
	case CF_USAGE:
		return (struct code){ "usage", 2 };
	case CF_DECIDE:
		return (struct code){ "decide", 3 };
	case CF_REFUSED:
		return (struct code){ "refused", 4 };
	case CF_INVALID:
		return (struct code){ "invalid", 5 };
	case CF_TOO_BIG:
		return (struct code){ "too-big", 5 };
	case CF_EXISTS:
		return (struct code){ "exists", 5 };
	}
	cf_bug("an error without a code");
}

int
cf_exit_status(enum cf_code code)
{
	return code_of(code).status;
}

void
cf_out_number(char out[CF_NUMBER_TEXT], double value)
{
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(out, CF_NUMBER_TEXT, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			return;
	}
}

/* Characters that may not reach a terminal as they are. */
static bool
must_escape(int32_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0) ||
		c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
		(c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void
put_escape(FILE *to, int32_t c)
{
	const char *at = strchr("\"\\\n\t\r\b\f", c);

	if (c && at)
		(void)fprintf(to, "\\%c", "\"\\ntrbf"[at - "\"\\\n\t\r\b\f"]);
	else
		(void)fprintf(to, "\\u%04x", (unsigned)c);
}

static void
put_string(FILE *to, const char *bytes, size_t n)
{
	struct cf_str s = { bytes, n };

	(void)putc('"', to);
	while (s.n) {
		const char *from = s.p;
		int32_t c = cf_utf8_next(&s);

		if (c < 0)
			cf_bug("a result that is not UTF-8");
		if (must_escape(c))
			put_escape(to, c);
		else
			(void)fwrite(from, 1, (size_t)(s.p - from), to);
	}
	(void)putc('"', to);
}

static void put_value(FILE *to, const json_t *value, unsigned depth);

static void
new_line(FILE *to, unsigned depth)
{
	(void)fprintf(to, "\n%*s", (int)(2 * depth), "");
}

static void
put_array(FILE *to, const json_t *array, unsigned depth)
{
	size_t n = json_array_size(array);

	(void)putc('[', to);
	for (size_t i = 0; i < n; i++) {
		if (i)
			(void)putc(',', to);
		new_line(to, depth + 1);
		put_value(to, json_array_get(array, i), depth + 1);
	}
	if (n)
		new_line(to, depth);
	(void)putc(']', to);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
put_object(FILE *to, json_t *object, unsigned depth)
{
	size_t n = json_object_size(object), i = 0;
	const char **names = cf_calloc(n, sizeof *names);
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		names[i++] = name;
	}
	if (n)
		qsort(names, n, sizeof *names, by_name);
	(void)putc('{', to);
	for (i = 0; i < n; i++) {
		if (i)
			(void)putc(',', to);
		new_line(to, depth + 1);
		put_string(to, names[i], strlen(names[i]));
		(void)fputs(": ", to);
		put_value(to, json_object_get(object, names[i]), depth + 1);
	}
	if (n)
		new_line(to, depth);
	(void)putc('}', to);
	free(names);
}

static void
put_value(FILE *to, const json_t *value, unsigned depth)
{
	char number[CF_NUMBER_TEXT];

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put_object(to, (json_t *)(uintptr_t)value, depth);
		break;
	case JSON_ARRAY:
		put_array(to, value, depth);
		break;
	case JSON_STRING:
		put_string(to, json_string_value(value),
			json_string_length(value));
		break;
	case JSON_INTEGER:
		(void)fprintf(to, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		break;
	case JSON_REAL:
		cf_out_number(number, json_real_value(value));
		(void)fputs(number, to);
		break;
	case JSON_TRUE:
		(void)fputs("true", to);
		break;
	case JSON_FALSE:
		(void)fputs("false", to);
		break;
	case JSON_NULL:
		(void)fputs("null", to);
		break;
	}
}

void
cf_out_json(FILE *to, const json_t *value)
{
	put_value(to, value, 0);
	(void)putc('\n', to);
}

void
cf_out_error(FILE *to, const struct cf_err *err)
{
	char *message = cf_printable(err->msg);
	json_t *object = json_pack("{s:{s:s, s:s}}", "error",
		"code", code_of(err->code).name, "message", message);

	if (object == NULL)
		cf_bug("an error that is no JSON");
	if (err->rule[0])
		(void)json_object_set_new(json_object_get(object, "error"),
			"rule", json_string(err->rule));
	cf_out_json(to, object);
	json_decref(object);
	free(message);
}
