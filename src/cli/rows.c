/*
 * Laying out a table.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/rows.h"

#define COLUMNS_MAX 8u
#define CELL_MAX 36u		/* a whole record id */
#define GAP 2u
#define LAST_LEAST 16u

void
cf_rows_add(struct rows *rows, const char *text)
{
	rows->cell = cf_grow(rows->cell, rows->n, &rows->cap,
		sizeof *rows->cell);
	rows->cell[rows->n++] = cf_one_line(text ? text : "");
}

/* The widths of all columns but the last, cut to CELL_MAX. */
static void
measure(const struct rows *rows, unsigned width[COLUMNS_MAX])
{
	for (size_t i = 0; i < rows->n; i++) {
		size_t column = i % rows->columns;
		unsigned n = cf_columns(rows->cell[i]);

		if (n > CELL_MAX)
			n = CELL_MAX;
		if (n > width[column])
			width[column] = n;
	}
}

static void
print_row(char **cell, size_t columns, const unsigned *width,
	struct page *page, unsigned indent, enum tone tone)
{
	struct cf_buf line = CF_BUF(CF_MAX_JSON);

	for (size_t i = 0; i < columns; i++) {
		unsigned n;

		if (i + 1 < columns || page->terminal)
			cf_clip(cell[i], width[i]);
		cf_buf_puts(&line, cell[i]);
		n = cf_columns(cell[i]);
		while (i + 1 < columns && n++ < width[i] + GAP)
			cf_buf_putc(&line, ' ');
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = '\0';
	cf_page_line(page, tone, "%*s%s", (int)indent, "", line.data);
	cf_buf_clear(&line);
}

void
cf_rows_print(struct rows *rows, struct page *page, unsigned indent, bool head)
{
	unsigned width[COLUMNS_MAX] = { 0 }, used = indent;
	size_t last = rows->columns - 1;

	if (rows->columns > COLUMNS_MAX || rows->n % rows->columns)
		cf_bug("a table with ragged rows");
	measure(rows, width);
	for (size_t i = 0; i < last; i++)
		used += width[i] + GAP;
	width[last] = used + LAST_LEAST < page->width ? page->width - used :
		LAST_LEAST;
	for (size_t i = 0; i < rows->n; i += rows->columns)
		print_row(rows->cell + i, rows->columns, width, page, indent,
			head && i == 0 ? TONE_STRONG : TONE_PLAIN);
	for (size_t i = 0; i < rows->n; i++)
		free(rows->cell[i]);
	free(rows->cell);
	*rows = (struct rows){ .columns = rows->columns };
}
