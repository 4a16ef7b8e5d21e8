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
#define GAP 2u
#define CELL_LEAST 11u		/* "22 Nov 2026" */
#define LAST_WANTED 24u		/* columns for which the others give way */
#define LAST_LEAST 8u

void
cf_rows_add(struct rows *rows, const char *text)
{
	rows->cell = cf_grow(rows->cell, rows->n, &rows->cap,
		sizeof *rows->cell);
	rows->cell[rows->n++] = cf_one_line(text ? text : "");
}

/* The widths of all columns, as wide as their cells. */
static void
measure(const struct rows *rows, unsigned width[COLUMNS_MAX])
{
	for (size_t i = 0; i < rows->n; i++) {
		size_t column = i % rows->columns;
		unsigned n = cf_columns(rows->cell[i]);

		if (n > width[column])
			width[column] = n;
	}
}

/* Takes from the widest column between the first and the last until there is
 * room for the last one. */
static void
squeeze(unsigned width[COLUMNS_MAX], const struct rows *rows, unsigned room)
{
	size_t last = rows->columns - 1, widest;
	unsigned used;

	for (;;) {
		used = 0;
		widest = last;
		for (size_t i = 0; i < last; i++) {
			used += width[i] + GAP;
			if (i && !(rows->whole & 1u << i) && (widest == last ||
				width[i] > width[widest]))
				widest = i;
		}
		if (used + LAST_WANTED <= room || widest == last ||
			width[widest] <= CELL_LEAST)
			break;
		width[widest]--;
	}
	width[last] = used + LAST_LEAST < room ? room - used : LAST_LEAST;
}

static void
print_row(char **cell, size_t columns, const unsigned *width,
	struct page *page, unsigned indent, enum tone tone)
{
	struct cf_buf line = CF_BUF(CF_MAX_JSON);

	for (size_t i = 0; i < columns; i++) {
		unsigned n;

		if (i && page->terminal)
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
	unsigned width[COLUMNS_MAX] = { 0 };

	if (rows->columns > COLUMNS_MAX || rows->n % rows->columns)
		cf_bug("a table with ragged rows");
	measure(rows, width);
	if (page->terminal)
		squeeze(width, rows, page->width - indent);
	for (size_t i = 0; i < rows->n; i += rows->columns)
		print_row(rows->cell + i, rows->columns, width, page, indent,
			head && i == 0 ? TONE_STRONG : TONE_PLAIN);
	for (size_t i = 0; i < rows->n; i++)
		free(rows->cell[i]);
	free(rows->cell);
	*rows = (struct rows){ .columns = rows->columns };
}
