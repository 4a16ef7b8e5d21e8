/*
 * Elimination over whole numbers: rank, what is fixed, what leaks.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/linear.h"

void
cf_matrix_init(struct cf_matrix *m, size_t rows, size_t cols)
{
	m->rows = rows;
	m->cols = cols;
	m->at = cf_calloc(rows * cols + 1, sizeof *m->at);
}

void
cf_matrix_clear(struct cf_matrix *m)
{
	free(m->at);
	*m = (struct cf_matrix){ 0 };
}

int64_t *
cf_matrix_row(const struct cf_matrix *m, size_t row)
{
	return m->at + row * m->cols;
}

static uint64_t
magnitude(int64_t n)
{
	return n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
}

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Divides a row by what divides all of it. */
static void
shorten(int64_t *row, size_t n)
{
	uint64_t d = 0;

	for (size_t j = 0; j < n && d != 1; j++)
		d = common_divisor(magnitude(row[j]), d);
	if (d < 2 || d > INT64_MAX)
		return;
	for (size_t j = 0; j < n; j++)
		row[j] /= (int64_t)d;
}

/* row = row * a - pivot * b; false where a number does not fit. */
static bool
combine(int64_t *row, const int64_t *pivot, int64_t a, int64_t b, size_t n)
{
	for (size_t j = 0; j < n; j++) {
		int64_t x, y;

		if (__builtin_mul_overflow(row[j], a, &x) ||
			__builtin_mul_overflow(pivot[j], b, &y) ||
			__builtin_sub_overflow(x, y, &row[j]))
			return false;
	}
	shorten(row, n);
	return true;
}

static void
swap_rows(struct cf_matrix *m, size_t a, size_t b)
{
	int64_t *x = cf_matrix_row(m, a), *y = cf_matrix_row(m, b);

	for (size_t j = 0; j < m->cols && a != b; j++) {
		int64_t keep = x[j];

		x[j] = y[j];
		y[j] = keep;
	}
}

/* The row from `first` on with the smallest entry in the column, which keeps the
 * numbers short; m->rows where all are 0. */
static size_t
find_pivot(const struct cf_matrix *m, size_t first, size_t col)
{
	size_t best = m->rows;

	for (size_t i = first; i < m->rows; i++) {
		uint64_t size = magnitude(cf_matrix_row(m, i)[col]);

		if (size && (best == m->rows ||
			size < magnitude(cf_matrix_row(m, best)[col])))
			best = i;
	}
	return best;
}

bool
cf_matrix_reduce(struct cf_matrix *m, size_t cols, size_t *rank)
{
	*rank = 0;
	for (size_t col = 0; col < cols && *rank < m->rows; col++) {
		size_t found = find_pivot(m, *rank, col);
		int64_t *pivot;
		bool flip;

		if (found == m->rows)
			continue;
		swap_rows(m, found, *rank);
		pivot = cf_matrix_row(m, *rank);
		flip = pivot[col] < 0;
		for (size_t j = 0; flip && j < m->cols; j++)
			if (__builtin_sub_overflow((int64_t)0, pivot[j],
				&pivot[j]))
				return false;
		for (size_t i = 0; i < m->rows; i++) {
			int64_t *row = cf_matrix_row(m, i);

			if (i != *rank && row[col] && !combine(row, pivot,
				pivot[col], row[col], m->cols))
				return false;
		}
		shorten(pivot, m->cols);
		(*rank)++;
	}
	return true;
}

bool
cf_matrix_fixed(struct cf_matrix *m, bool *fixed)
{
	size_t rank;

	memset(fixed, 0, m->cols * sizeof *fixed);
	if (!cf_matrix_reduce(m, m->cols, &rank))
		return false;
	/* In this form an unknown is fixed where a row holds it alone. */
	for (size_t i = 0; i < rank; i++) {
		const int64_t *row = cf_matrix_row(m, i);
		size_t last = 0, n = 0;

		for (size_t j = 0; j < m->cols; j++)
			if (row[j]) {
				last = j;
				n++;
			}
		if (n == 1)
			fixed[last] = true;
	}
	return true;
}

bool
cf_matrix_leaks(const struct cf_matrix *m, const bool *chosen)
{
	struct cf_matrix copy;
	size_t outside = 0, rank = 0, whole = 0;
	bool told;

	/* With the chosen columns last, the rows that are 0 before them after
	 * reduction are those that speak of them only. */
	cf_matrix_init(&copy, m->rows, m->cols);
	for (size_t j = 0; j < m->cols; j++)
		outside += !chosen[j];
	for (size_t i = 0; i < m->rows; i++) {
		size_t front = 0, back = outside;

		for (size_t j = 0; j < m->cols; j++)
			cf_matrix_row(&copy, i)[chosen[j] ? back++ : front++] =
				cf_matrix_row(m, i)[j];
	}
	told = cf_matrix_reduce(&copy, outside, &rank) &&
		cf_matrix_reduce(&copy, m->cols, &whole);
	cf_matrix_clear(&copy);
	return !told || rank < whole;
}
