/*
 * Writing values: canonical form and file form differ in white space only.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "json/lex.h"

struct writer {
	struct cf_buf *out;
	bool lines;		/* file form */
	const char *skip;	/* a member of the outermost object */
	unsigned depth;
};

struct member {
	struct cf_str name;
	const json_t *value;
};

static const struct cf_err *write_value(struct writer *w, const json_t *value);

static const struct cf_err *
write_string(struct writer *w, struct cf_str s)
{
	static const char brief[] = "btn\0fr";	/* \b is 8 … \r is 13 */
	size_t from = 0, bad;

	if (!cf_json_text_ok(s, &bad))
		return cf_err_rule(CF_INVALID, "json.encoding",
			"a text holds a NUL or a code point that is no "
			"character, after %zu bytes; remove it", bad);
	cf_buf_putc(w->out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		cf_buf_add(w->out, s.p + from, i - from);
		from = i + 1;
		cf_buf_putc(w->out, '\\');
		if (c >= 0x20)
			cf_buf_putc(w->out, (char)c);
		else if (c >= '\b' && c <= '\r' && c != '\v')
			cf_buf_putc(w->out, brief[c - '\b']);
		else
			cf_buf_printf(w->out, "u%04x", c);
	}
	cf_buf_add(w->out, s.p + from, s.n - from);
	cf_buf_putc(w->out, '"');
	return NULL;
}

static const struct cf_err *
write_number(struct writer *w, const json_t *value)
{
	char text[32];
	json_int_t whole = json_integer_value(value);

	if (json_is_integer(value)) {
		if (whole < -CF_MAX_WHOLE || whole > CF_MAX_WHOLE)
			return cf_err_rule(CF_INVALID, "json.number",
				"the whole number %" JSON_INTEGER_FORMAT
				" is beyond %lld; write it as a text",
				whole, (long long)CF_MAX_WHOLE);
		(void)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT,
			whole);
		cf_buf_puts(w->out, text);
		return NULL;
	}
	if (!cf_json_number(text, json_real_value(value)))
		cf_bug("jansson holds a real that is not finite");
	if (!cf_json_number_ok(json_real_value(value)))
		return cf_err_rule(CF_INVALID, "json.number",
			"the whole number %s is beyond %lld; write it as a "
			"text", text, (long long)CF_MAX_WHOLE);
	cf_buf_puts(w->out, text);
	return NULL;
}

/* In file form: a new line, indented to the depth. */
static void
new_line(struct writer *w)
{
	if (!w->lines)
		return;
	cf_buf_putc(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		cf_buf_puts(w->out, "  ");
}

static int
by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return cf_json_name_order(x->name, y->name);
}

/* The members in the order in which they are written; the caller frees. */
static struct member *
sorted(const json_t *object)
{
	size_t n = json_object_size(object), i = 0;
	struct member *all = cf_malloc(n * sizeof *all);
	bool in_order = true;
	const char *name;
	json_t *value;

	/* jansson's iterators want an object that may be changed. */
	json_object_foreach(cf_json_at(object, ""), name, value) {
		all[i].name = (struct cf_str){ name, strlen(name) };
		all[i].value = value;
		if (i > 0 && by_name(&all[i - 1], &all[i]) > 0)
			in_order = false;
		i++;
	}
	if (!in_order)
		qsort(all, n, sizeof *all, by_name);
	return all;
}

static const struct cf_err *
write_object(struct writer *w, const json_t *object)
{
	const struct cf_err *err = NULL;
	const char *skip = w->depth == 1 ? w->skip : NULL;
	size_t n = json_object_size(object);
	struct member *all = sorted(object);
	bool any = false;

	cf_buf_putc(w->out, '{');
	for (size_t i = 0; i < n && err == NULL; i++) {
		if (skip != NULL && cf_str_is(all[i].name, skip))
			continue;
		if (any)
			cf_buf_putc(w->out, ',');
		any = true;
		new_line(w);
		err = write_string(w, all[i].name);
		if (err)
			break;
		cf_buf_puts(w->out, w->lines ? ": " : ":");
		err = write_value(w, all[i].value);
	}
	w->depth--;
	if (any)
		new_line(w);
	cf_buf_putc(w->out, '}');
	free(all);
	return err;
}

static const struct cf_err *
write_array(struct writer *w, const json_t *array)
{
	const struct cf_err *err = NULL;
	size_t n = json_array_size(array);

	cf_buf_putc(w->out, '[');
	for (size_t i = 0; i < n && err == NULL; i++) {
		if (i > 0)
			cf_buf_putc(w->out, ',');
		new_line(w);
		err = write_value(w, json_array_get(array, i));
	}
	w->depth--;
	if (n)
		new_line(w);
	cf_buf_putc(w->out, ']');
	return err;
}

static const struct cf_err *
write_value(struct writer *w, const json_t *value)
{
	if (json_is_object(value) || json_is_array(value)) {
		if (w->depth == CF_MAX_DEPTH)
			return cf_err_rule(CF_INVALID, "json.depth",
				"objects and lists lie more than %u deep in "
				"each other; use fewer levels", CF_MAX_DEPTH);
		w->depth++;
		return json_is_object(value) ? write_object(w, value) :
			write_array(w, value);
	}
	if (json_is_string(value))
		return write_string(w, (struct cf_str){
			json_string_value(value), json_string_length(value) });
	if (json_is_number(value))
		return write_number(w, value);
	cf_buf_puts(w->out, json_is_true(value) ? "true" :
		json_is_false(value) ? "false" : "null");
	return NULL;
}

const struct cf_err *
cf_json_canonical(struct cf_buf *out, const json_t *value, const char *skip)
{
	struct writer w = { .out = out, .skip = skip };
	const struct cf_err *err = write_value(&w, value);

	return err ? err : cf_buf_check(out, "the canonical form");
}

const struct cf_err *
cf_json_file_form(struct cf_buf *out, const json_t *value)
{
	struct writer w = { .out = out, .lines = true };
	const struct cf_err *err = write_value(&w, value);

	cf_buf_putc(out, '\n');
	return err ? err : cf_buf_check(out, "the document");
}

int
cf_json_compare(const json_t *a, const json_t *b)
{
	struct cf_buf x = CF_BUF(SIZE_MAX), y = CF_BUF(SIZE_MAX);
	size_t n;
	int order;

	if (cf_json_canonical(&x, a, NULL) || cf_json_canonical(&y, b, NULL))
		cf_bug("a value without a canonical form is compared");
	n = x.len < y.len ? x.len : y.len;
	order = memcmp(x.data, y.data, n);
	if (order == 0)
		order = (x.len > y.len) - (x.len < y.len);
	cf_buf_clear(&x);
	cf_buf_clear(&y);
	return order;
}
