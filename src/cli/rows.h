#ifndef CF_ROWS_H
#define CF_ROWS_H

/*
 * A table for people. Columns are as wide as their widest cell, the last one
 * takes what is left of the line. Only on a terminal cells are cut to make the
 * table fit, never those of the first column, nor of those that are kept whole
 * (half a number is another number): into a file all is written.
 */
#include "cli/page.h"

struct rows {
	size_t columns;
	unsigned whole;		/* bit i: column i is never cut */
	char **cell;
	size_t n, cap;
};

/* Initialiser: struct rows rows = CF_ROWS(3); */
#define CF_ROWS(count) { .columns = (count) }

/* The next cell, row by row. NULL is an empty one. */
void cf_rows_add(struct rows *rows, const char *text);
/* Writes the table and empties it. `head`: the first row names the columns. */
void cf_rows_print(struct rows *rows, struct page *page, unsigned indent,
	bool head);

#endif
