#ifndef CF_TABLE_H
#define CF_TABLE_H

/*
 * A table of a record (x-table), and what its totals give away of the cells that
 * are held back.
 */
#include "check/linear.h"
#include "json/json.h"

#define CF_NO_LINE SIZE_MAX

enum cf_cell_kind {
	CF_CELL_NUMBER,
	CF_CELL_HIDDEN,		/* c */
	CF_CELL_NOTHING,	/* z: cannot be, counts as 0 */
	CF_CELL_UNKNOWN,	/* x, u */
	CF_CELL_LOW,		/* low, k: not 0, rounds to 0 */
	CF_CELL_MASK,		/* <5, fewer than 10 */
	CF_CELL_ODD		/* none of these */
};

struct cf_cell {
	enum cf_cell_kind kind;
	double value;
	int64_t count;		/* the same where it is whole, else -1 */
};

/* A row or a column. Texts are borrowed from the table. */
struct cf_heading {
	const char *key, *title;
	const char *holds;	/* of a column: "pupils" */
	const json_t *where;	/* or NULL */
	size_t of;		/* of a column: another, or CF_NO_LINE */
	bool of_unknown;	/* `of` names no column */
	size_t *part, n;	/* what it is the total of */
};

struct cf_table {
	const char *title;
	bool sensitive;
	size_t rows, cols;
	struct cf_heading *row, *col;
	struct cf_cell *cell;
};

/*
 * Reads a table. False where it breaks its schema (why is empty) or its parts do
 * not fit each other: the place within the table and a sentence. *out is to be
 * cleared either way.
 */
struct cf_table_fault {
	char path[64];
	char why[200];
};
bool cf_table_read(struct cf_table *out, struct cf_table_fault *fault,
	const json_t *table);
void cf_table_clear(struct cf_table *table);

struct cf_cell cf_cell_read(const char *text);
static inline struct cf_cell *
cf_table_cell(const struct cf_table *t, size_t row, size_t col)
{
	return &t->cell[row * t->cols + col];
}
/* Whether a column counts people; whether it counts anything. */
bool cf_holds_people(const char *holds);
bool cf_holds_counts(const char *holds);

/* --- hide.c --------------------------------------------------------------- */

/* One total and its parts, as numbers of cells (row * cols + col). */
struct cf_total {
	size_t total, n;
	size_t *part;
};
struct cf_totals {
	struct cf_total *total;
	size_t n, cap;
};
/* The totals of columns that count something. */
void cf_table_totals(struct cf_totals *out, const struct cf_table *table);
void cf_totals_clear(struct cf_totals *totals);

enum cf_leak {
	CF_LEAK_NONE,
	CF_LEAK_ONE,		/* alone in a total */
	CF_LEAK_SUM,		/* with others in a total, fewer than T in all */
	CF_LEAK_SOLVED,		/* several totals fix it */
	CF_LEAK_NARROW,		/* known within fewer than T */
	CF_LEAK_UNKNOWN		/* the totals contradict the cells, or too large */
};
/* What is known of every cell that is held back: table->rows * cols entries. */
struct cf_leaks {
	enum cf_leak *leak;
	struct cf_bound *bound;	/* where narrow */
	bool any;
};
void cf_table_leaks(struct cf_leaks *out, const struct cf_table *table,
	int64_t least_people);
void cf_leaks_clear(struct cf_leaks *leaks);

/* What a number of people is once all are rounded to `base` and the totals added up
 * from them: what cf_table_mend makes of a cell that it does not hold back. */
int64_t cf_table_rounded(const struct cf_table *table, size_t at, int64_t base);

/*
 * Makes the table safe by itself: counts of people rounded to `base`, those
 * below `least` held back, and further cells, the smallest that serve, until
 * nothing leaks. False where that cannot be done; the table is then as far as it
 * came.
 */
bool cf_table_mend(struct cf_table *table, int64_t least, int64_t base);

#endif
