/*
 * Reading JSON that people or other programs wrote: checked as bytes, then
 * loaded by jansson.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"
#include "json/scan.h"

#define SHOWN 60	/* bytes of a name that a message shows */

/* The opening quote of the name that ends just before `end`: what stands before
 * it is no backslash, but there is something. */
static size_t
name_start(struct cf_str text, size_t end)
{
	size_t at = end - 2;

	while (text.p[at] != '"' || text.p[at - 1] == '\\')
		at--;
	return at;
}

/* The text was scanned, so what jansson still minds is a name that an object
 * holds twice; its position is just behind the second. */
static const struct cf_err *
err_json(struct cf_str text, const json_error_t *error)
{
	size_t end = (size_t)error->position, at, shown;

	if (json_error_code(error) != json_error_duplicate_key)
		return cf_json_fault(text, end, "json.syntax",
			"%s (please report this text: two checks of Confer "
			"judge it differently)", error->text);
	at = name_start(text, end);
	shown = end - at;
	if (shown > SHOWN)
		for (shown = SHOWN; (text.p[at + shown] & 0xc0) == 0x80; )
			shown--;
	return cf_json_fault(text, at, "json.duplicate",
		"the name %.*s%s stands twice in the same object; keep one of "
		"them", (int)shown, text.p + at, shown < end - at ? "…" : "");
}

/* A value as jansson should hold it where it is a whole number (else NULL): an
 * integer, however it was written. */
static json_t *
integer_of(const json_t *value)
{
	double d = json_real_value(value);

	if (!json_is_real(value) || d != rint(d) || fabs(d) > CF_MAX_WHOLE)
		return NULL;
	return json_integer((json_int_t)d);
}

/* Recursion is bounded: the depth was checked. */
static void
make_integers(json_t *box)
{
	const char *name;
	json_t *value, *whole;
	void *next;
	size_t i;

	json_object_foreach_safe(box, next, name, value) {
		whole = integer_of(value);
		if (whole != NULL)
			json_object_iter_set_new(box,
				json_object_key_to_iter(name), whole);
		else
			make_integers(value);
	}
	json_array_foreach(box, i, value) {
		whole = integer_of(value);
		if (whole != NULL)
			json_array_set_new(box, i, whole);
		else
			make_integers(value);
	}
}

const struct cf_err *
cf_json_read(json_t **out, struct cf_str text, size_t max)
{
	const struct cf_err *err;
	json_error_t error;
	json_t *value, *whole;

	*out = NULL;
	if (text.n > max)
		return cf_err_rule(CF_TOO_BIG, "json.size",
			"%zu bytes are more than the %zu that are allowed; "
			"shorten it", text.n, max);
	err = cf_json_scan(text);
	if (err)
		return err;
	value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES |
		JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
	if (value == NULL)
		return err_json(text, &error);
	whole = integer_of(value);
	if (whole != NULL) {
		json_decref(value);
		value = whole;
	}
	make_integers(value);
	*out = value;
	return NULL;
}

const struct cf_err *
cf_json_read_path(json_t **out, const char *path, size_t max)
{
	struct cf_buf buf = CF_BUF(max);
	const struct cf_err *err;

	*out = NULL;
	err = cf_file_read(&buf, path, true);
	if (err)
		goto done;
	err = cf_json_read(out, (struct cf_str){ buf.data, buf.len }, max);
	if (err)
		err = cf_err_wrap(err, "%s", path);
done:
	cf_buf_clear(&buf);
	return err;
}
