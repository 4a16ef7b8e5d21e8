/*
 * CSV and COPY.
 */
#include <string.h>

#include "export/cells.h"

/* A value as text: strings as they are, all else in canonical form. */
static const struct cf_err *
add_value(struct cf_buf *out, const json_t *value)
{
	if (json_is_string(value)) {
		cf_buf_add(out, json_string_value(value),
			json_string_length(value));
		return NULL;
	}
	return cf_json_canonical(out, value, NULL);
}

/* --- CSV ------------------------------------------------------------------ */

bool
cf_cells_formula(const char *text)
{
	static const char *const begins[] = { "=", "+", "-", "@", "\t", "\r",
		"\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
		"\xef\xbc\xa0" };

	text += strspn(text, "'");
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (cf_starts(text, begins[i]))
			return true;
	return false;
}

static void
add_quoted(struct cf_buf *out, const char *text, size_t n)
{
	bool plain = n > 0 && text[0] != ' ' && text[n - 1] != ' ' &&
		strcspn(text, ",\"\r\n") == n;

	if (!plain)
		cf_buf_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			cf_buf_putc(out, '"');
		cf_buf_putc(out, text[i]);
	}
	if (!plain)
		cf_buf_putc(out, '"');
}

void
cf_cells_head(struct cf_buf *out, const json_t *fields)
{
	for (size_t i = 0; i < json_array_size(fields); i++) {
		const char *name = cf_json_str(json_array_get(fields, i),
			"name");

		if (i)
			cf_buf_putc(out, ',');
		add_quoted(out, name, strlen(name));
	}
	cf_buf_puts(out, "\r\n");
}

const struct cf_err *
cf_cells_csv(struct cf_buf *out, const json_t *fields, const json_t *cells,
	bool guard)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(cells) && !err; i++) {
		const json_t *cell = json_array_get(cells, i);
		const char *type = cf_json_str(json_array_get(fields, i),
			"type");

		if (i)
			cf_buf_putc(out, ',');
		if (json_is_null(cell))
			continue;
		cf_buf_reset(&text);
		if (guard && json_is_string(cell) && type &&
			strcmp(type, "string") == 0 &&
			cf_cells_formula(json_string_value(cell)))
			cf_buf_putc(&text, '\'');
		/* R's read.csv knows TRUE, and takes true for a text. */
		if (json_is_boolean(cell))
			cf_buf_puts(&text, json_is_true(cell) ? "TRUE" :
				"FALSE");
		else
			err = add_value(&text, cell);
		if (!err)
			err = cf_buf_check(&text, "a cell");
		add_quoted(out, text.data, text.len);
	}
	cf_buf_puts(out, "\r\n");
	cf_buf_clear(&text);
	return err ? err : cf_buf_check(out, "a row");
}

/* --- COPY ----------------------------------------------------------------- */

static void
add_escaped(struct cf_buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (text[i]) {
		case '\\':
			cf_buf_puts(out, "\\\\");
			break;
		case '\n':
			cf_buf_puts(out, "\\n");
			break;
		case '\r':
			cf_buf_puts(out, "\\r");
			break;
		case '\t':
			cf_buf_puts(out, "\\t");
			break;
		default:
			cf_buf_putc(out, text[i]);
		}
	}
}

const struct cf_err *
cf_cells_copy(struct cf_buf *out, const json_t *cells)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(cells) && !err; i++) {
		const json_t *cell = json_array_get(cells, i);

		if (i)
			cf_buf_putc(out, '\t');
		if (json_is_null(cell)) {
			cf_buf_puts(out, "\\N");
			continue;
		}
		cf_buf_reset(&text);
		err = add_value(&text, cell);
		if (!err)
			err = cf_buf_check(&text, "a cell");
		add_escaped(out, text.data, text.len);
	}
	cf_buf_putc(out, '\n');
	cf_buf_clear(&text);
	return err ? err : cf_buf_check(out, "a row");
}
