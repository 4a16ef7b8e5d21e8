/*
 * What totals give away of cells that are held back, and which cells to hold
 * back besides.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/figure.h"
#include "check/table.h"


static void
add_total(struct cf_totals *out, const struct cf_table *t, size_t fixed,
	const struct cf_heading *line, bool across)
{
	struct cf_total *total;
	size_t own = (size_t)(line - (across ? t->col : t->row));

	out->total = cf_grow(out->total, out->n, &out->cap,
		sizeof *out->total);
	total = &out->total[out->n++];
	*total = (struct cf_total){ .n = line->n,
		.part = cf_calloc(line->n + 1, sizeof *total->part) };
	total->total = across ? fixed * t->cols + own : own * t->cols + fixed;
	for (size_t i = 0; i < line->n; i++)
		total->part[i] = across ? fixed * t->cols + line->part[i] :
			line->part[i] * t->cols + fixed;
}

void
cf_table_totals(struct cf_totals *out, const struct cf_table *t)
{
	*out = (struct cf_totals){ 0 };
	for (size_t j = 0; j < t->cols; j++) {
		if (!cf_holds_counts(t->col[j].holds))
			continue;
		for (size_t i = 0; i < t->rows; i++) {
			if (t->col[j].n)
				add_total(out, t, i, &t->col[j], true);
			if (t->row[i].n)
				add_total(out, t, j, &t->row[i], false);
		}
	}
}

void
cf_totals_clear(struct cf_totals *totals)
{
	for (size_t i = 0; i < totals->n; i++)
		free(totals->total[i].part);
	free(totals->total);
	*totals = (struct cf_totals){ 0 };
}

/* What a cell adds to a sum where it is known. */
static bool
is_known(const struct cf_cell *cell)
{
	return cell->kind == CF_CELL_NOTHING ||
		(cell->kind == CF_CELL_NUMBER && cell->count >= 0);
}

static int64_t
known(const struct cf_cell *cell)
{
	return cell->kind == CF_CELL_NUMBER ? cell->count : 0;
}

/* The unknown cells of the totals, numbered; 0 and up, or CF_NO_LINE. */
static size_t
number_unknown(size_t *number, const struct cf_table *t,
	const struct cf_totals *totals)
{
	size_t n = 0;

	for (size_t i = 0; i < t->rows * t->cols; i++)
		number[i] = CF_NO_LINE;
	for (size_t i = 0; i < totals->n; i++) {
		const struct cf_total *total = &totals->total[i];

		for (size_t k = 0; k <= total->n; k++) {
			size_t at = k < total->n ? total->part[k] :
				total->total;

			if (!is_known(&t->cell[at]) && number[at] == CF_NO_LINE)
				number[at] = n++;
		}
	}
	return n;
}

/* A row for each total: unknown parts + known parts = total. */
static void
fill_matrix(struct cf_matrix *m, const struct cf_table *t,
	const struct cf_totals *totals, const size_t *number)
{
	for (size_t i = 0; i < totals->n; i++) {
		const struct cf_total *total = &totals->total[i];
		int64_t *row = cf_matrix_row(m, i), *sum = &row[m->cols - 1];

		for (size_t k = 0; k < total->n; k++) {
			size_t at = total->part[k];

			if (number[at] == CF_NO_LINE)
				*sum -= known(&t->cell[at]);
			else
				row[number[at]]++;
		}
		if (number[total->total] == CF_NO_LINE)
			*sum += known(&t->cell[total->total]);
		else
			row[number[total->total]]--;
	}
}

/* Cells of one total: alone, or with others too few in all. */
static void
look_at_totals(struct cf_leaks *out, const struct cf_matrix *m,
	const struct cf_totals *totals, const size_t *number, int64_t least)
{
	for (size_t i = 0; i < totals->n; i++) {
		const struct cf_total *total = &totals->total[i];
		const int64_t *row = cf_matrix_row(m, i);
		size_t unknown = 0;
		bool open = number[total->total] != CF_NO_LINE;

		for (size_t k = 0; k < total->n; k++)
			unknown += number[total->part[k]] != CF_NO_LINE;
		for (size_t k = 0; k <= total->n; k++) {
			size_t at = k < total->n ? total->part[k] :
				total->total;

			if (number[at] == CF_NO_LINE)
				continue;
			if (unknown + open == 1)
				out->leak[at] = CF_LEAK_ONE;
			else if (!open && row[m->cols - 1] < least &&
				out->leak[at] == CF_LEAK_NONE)
				out->leak[at] = CF_LEAK_SUM;
		}
	}
}

/* Moves what is known of the unknown to their cells. */
static void
set_leaks(struct cf_leaks *out, const size_t *number, size_t cells,
	const bool *leak, enum cf_leak as)
{
	for (size_t i = 0; i < cells; i++)
		if (number[i] != CF_NO_LINE && leak[number[i]] &&
			out->leak[i] == CF_LEAK_NONE)
			out->leak[i] = as;
}

static void
look_at_bounds(struct cf_leaks *out, const struct cf_matrix *m,
	const size_t *number, size_t cells, int64_t least)
{
	struct cf_bound *bound = cf_calloc(m->cols, sizeof *bound);
	bool *narrow = cf_calloc(m->cols, sizeof *narrow);
	unsigned steps = CF_MAX_BOUND_STEPS;
	enum cf_bounds got = cf_matrix_bounds(m, 0, m->cols - 1, bound,
		&steps);

	for (size_t j = 0; j + 1 < m->cols; j++)
		narrow[j] = got != CF_BOUNDS_FOUND || (bound[j].most !=
			INT64_MAX && bound[j].most - bound[j].least < least);
	set_leaks(out, number, cells, narrow, got == CF_BOUNDS_FOUND ?
		CF_LEAK_NARROW : CF_LEAK_UNKNOWN);
	for (size_t i = 0; i < cells; i++)
		if (number[i] != CF_NO_LINE)
			out->bound[i] = bound[number[i]];
	free(bound);
	free(narrow);
}

/* Leaves those totals that an unknown cell is part of. */
static void
keep_open(struct cf_totals *totals, const size_t *number)
{
	size_t kept = 0;

	for (size_t i = 0; i < totals->n; i++) {
		struct cf_total *total = &totals->total[i];
		bool open = number[total->total] != CF_NO_LINE;

		for (size_t k = 0; k < total->n && !open; k++)
			open = number[total->part[k]] != CF_NO_LINE;
		if (open)
			totals->total[kept++] = *total;
		else
			free(total->part);
	}
	totals->n = kept;
}

/* What the totals say of the n unknown cells. */
static void
solve(struct cf_leaks *out, const struct cf_table *t,
	const struct cf_totals *totals, const size_t *number, size_t n,
	int64_t least)
{
	size_t cells = t->rows * t->cols;
	bool *fixed = cf_calloc(n + 1, sizeof *fixed);
	struct cf_matrix m, left;

	cf_matrix_init(&m, totals->n, n + 1);
	fill_matrix(&m, t, totals, number);
	look_at_totals(out, &m, totals, number, least);
	cf_matrix_init(&left, m.rows, n);
	for (size_t i = 0; i < m.rows; i++)
		memcpy(cf_matrix_row(&left, i), cf_matrix_row(&m, i),
			n * sizeof *left.at);
	if (!cf_matrix_fixed(&left, fixed))
		memset(fixed, true, n);
	set_leaks(out, number, cells, fixed, CF_LEAK_SOLVED);
	look_at_bounds(out, &m, number, cells, least);
	free(fixed);
	cf_matrix_clear(&m);
	cf_matrix_clear(&left);
}

void
cf_table_leaks(struct cf_leaks *out, const struct cf_table *t, int64_t least)
{
	size_t cells = t->rows * t->cols, n;
	size_t *number = cf_calloc(cells + 1, sizeof *number);
	struct cf_totals totals;
	bool many;

	*out = (struct cf_leaks){ cf_calloc(cells + 1, sizeof *out->leak),
		cf_calloc(cells + 1, sizeof *out->bound), false };
	cf_table_totals(&totals, t);
	n = number_unknown(number, t, &totals);
	keep_open(&totals, number);
	many = n > CF_MAX_HIDDEN || totals.n > CF_MAX_TOTALS;
	if (n && !many)
		solve(out, t, &totals, number, n, least);
	for (size_t i = 0; i < cells; i++) {
		if (t->cell[i].kind != CF_CELL_HIDDEN)
			out->leak[i] = CF_LEAK_NONE;
		else if (many && number[i] != CF_NO_LINE)
			out->leak[i] = CF_LEAK_UNKNOWN;
		out->any = out->any || out->leak[i];
	}
	free(number);
	cf_totals_clear(&totals);
}

void
cf_leaks_clear(struct cf_leaks *leaks)
{
	free(leaks->leak);
	free(leaks->bound);
	*leaks = (struct cf_leaks){ 0 };
}

/* --- mending -------------------------------------------------------------- */

static bool
is_total(const struct cf_totals *totals, size_t at)
{
	for (size_t i = 0; i < totals->n; i++)
		if (totals->total[i].total == at)
			return true;
	return false;
}

static bool
has_part(const struct cf_total *total, size_t at)
{
	for (size_t i = 0; i < total->n; i++)
		if (total->part[i] == at)
			return true;
	return false;
}

/* Adds totals up from their parts, where all are known. Totals of totals settle
 * within as many rounds as there are levels. */
static void
add_up(struct cf_table *t, const struct cf_totals *totals)
{
	for (size_t i = 0; i < totals->n * 3; i++) {
		const struct cf_total *total = &totals->total[i % totals->n];
		struct cf_cell *cell = &t->cell[total->total];
		bool whole = cell->kind == CF_CELL_NUMBER;
		int64_t sum = 0;

		for (size_t k = 0; k < total->n && whole; k++) {
			whole = is_known(&t->cell[total->part[k]]);
			sum += known(&t->cell[total->part[k]]);
		}
		if (whole && cf_holds_people(t->col[total->total %
			t->cols].holds))
			cell->count = sum;
	}
}

/* Rounds, adds up, and only then hides what is too small: so the totals do not
 * contradict each other. */
static void
round_cells(struct cf_table *t, const struct cf_totals *totals, int64_t least,
	int64_t base)
{
	size_t n = t->rows * t->cols;
	bool *small = cf_calloc(n + 1, sizeof *small);

	for (size_t i = 0; i < n; i++) {
		struct cf_cell *cell = &t->cell[i];

		if (!cf_holds_people(t->col[i % t->cols].holds))
			continue;
		if (cell->kind == CF_CELL_LOW || cell->kind == CF_CELL_MASK)
			cell->kind = CF_CELL_HIDDEN;
		if (cell->kind != CF_CELL_NUMBER || cell->count < 0)
			continue;
		small[i] = cell->count > 0 && cell->count < least;
		cell->count = cf_round_to(cell->count, base);
	}
	add_up(t, totals);
	for (size_t i = 0; i < n; i++)
		if (small[i])
			t->cell[i].kind = CF_CELL_HIDDEN;
	free(small);
}

int64_t
cf_table_rounded(const struct cf_table *table, size_t at, int64_t base)
{
	size_t n = table->rows * table->cols;
	struct cf_table copy = *table;
	struct cf_totals totals;
	int64_t count;

	copy.cell = cf_calloc(n + 1, sizeof *copy.cell);
	memcpy(copy.cell, table->cell, n * sizeof *copy.cell);
	cf_table_totals(&totals, table);
	round_cells(&copy, &totals, 0, base);
	count = copy.cell[at].count;
	cf_totals_clear(&totals);
	free(copy.cell);
	return count;
}

/* The smallest shown cell that shares a total with one that leaks (leaks NULL:
 * with any), parts before totals; CF_NO_LINE: there is none. A zero hides
 * nothing. */
static size_t
second_cell(const struct cf_table *t, const struct cf_totals *totals,
	const struct cf_leaks *leaks)
{
	size_t best = CF_NO_LINE;

	for (size_t i = 0; i < totals->n; i++) {
		const struct cf_total *total = &totals->total[i];
		bool leaks_here = leaks == NULL ||
			leaks->leak[total->total] != CF_LEAK_NONE;

		for (size_t k = 0; k < total->n && !leaks_here; k++)
			leaks_here = leaks->leak[total->part[k]];
		for (size_t k = 0; k <= total->n && leaks_here; k++) {
			size_t at = k < total->n ? total->part[k] :
				total->total;
			const struct cf_cell *cell = &t->cell[at];
			bool better = cell->kind == CF_CELL_NUMBER &&
				cell->count > 0 && (best == CF_NO_LINE ||
				is_total(totals, best) > is_total(totals, at) ||
				(is_total(totals, best) ==
				is_total(totals, at) &&
				cell->count < t->cell[best].count));

			if (better)
				best = at;
		}
	}
	return best;
}

/* The rule of OpenSAFELY: those of a total that are equal to the next smallest
 * go with it, or the one that is left says which it was. */
static void
hide_equals(struct cf_table *t, const struct cf_totals *totals, size_t at)
{
	int64_t count = t->cell[at].count;

	for (size_t i = 0; i < totals->n; i++) {
		const struct cf_total *total = &totals->total[i];

		if (!has_part(total, at))
			continue;
		for (size_t k = 0; k < total->n; k++) {
			struct cf_cell *cell = &t->cell[total->part[k]];

			if (cell->kind == CF_CELL_NUMBER &&
				cell->count == count &&
				!is_total(totals, total->part[k]))
				cell->kind = CF_CELL_HIDDEN;
		}
	}
	t->cell[at].kind = CF_CELL_HIDDEN;
}

/* Holding more back helps only where it can be worked out what that does. */
static bool
can_tell(const struct cf_leaks *leaks, const struct cf_table *t)
{
	for (size_t i = 0; i < t->rows * t->cols; i++)
		if (leaks->leak[i] == CF_LEAK_UNKNOWN)
			return false;
	return true;
}

bool
cf_table_mend(struct cf_table *t, int64_t least, int64_t base)
{
	struct cf_leaks leaks = { 0 };
	struct cf_totals totals;
	size_t second = 0;

	cf_table_totals(&totals, t);
	round_cells(t, &totals, least, base);
	for (;;) {
		cf_leaks_clear(&leaks);
		cf_table_leaks(&leaks, t, least);
		if (!leaks.any || !can_tell(&leaks, t))
			break;
		second = second_cell(t, &totals, &leaks);
		/* Totals farther away may tell what those beside it do not. */
		if (second == CF_NO_LINE)
			second = second_cell(t, &totals, NULL);
		if (second == CF_NO_LINE)
			break;
		hide_equals(t, &totals, second);
	}
	second = leaks.any;
	cf_leaks_clear(&leaks);
	cf_totals_clear(&totals);
	return second == 0;
}
