/*
 * How far a hidden cell can be told from what is shown: the ends of its interval
 * by the simplex method over whole numbers. Every entry of the tableau is a
 * numerator over one common denominator (Edmonds, Bareiss), so nothing is
 * rounded; Bland's rule of the lowest index ends every run.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "check/linear.h"

#define NOT_BASIC SIZE_MAX

__extension__ typedef __int128 wide;	/* both compilers have it */

struct simplex {
	struct cf_matrix t;	/* rows: equations; last column: right side */
	int64_t d;		/* the common denominator, above 0 */
	size_t n;		/* unknowns */
	size_t *basis;		/* of each row; n: an artificial one */
	size_t *row_of;		/* of each unknown, or NOT_BASIC */
	unsigned *steps;
};

/* x = (x * p - a * b) / d, which is whole. */
static bool
cross(int64_t *x, int64_t p, int64_t a, int64_t b, int64_t d)
{
	int64_t left, right;

	if (__builtin_mul_overflow(*x, p, &left) ||
		__builtin_mul_overflow(a, b, &right) ||
		__builtin_sub_overflow(left, right, &left))
		return false;
	*x = left / d;
	return true;
}

/* Brings unknown s into the basis in place of row r's; t[r][s] is above 0. */
static bool
pivot(struct simplex *x, size_t r, size_t s)
{
	const int64_t *in = cf_matrix_row(&x->t, r);
	int64_t p = in[s];

	for (size_t i = 0; i < x->t.rows; i++) {
		int64_t *row = cf_matrix_row(&x->t, i), a = row[s];

		if (i == r || (a == 0 && p == x->d))
			continue;
		if (*x->steps < x->t.cols)
			return false;
		*x->steps -= (unsigned)x->t.cols;
		for (size_t j = 0; j < x->t.cols; j++)
			if (!cross(&row[j], p, a, in[j], x->d))
				return false;
	}
	x->d = p;
	if (x->basis[r] < x->n)
		x->row_of[x->basis[r]] = NOT_BASIC;
	x->basis[r] = s;
	x->row_of[s] = r;
	return true;
}

/* The row that limits an increase of s; t.rows where none does. */
static size_t
leaving(const struct simplex *x, size_t s)
{
	size_t best = x->t.rows;

	for (size_t i = 0; i < x->t.rows; i++) {
		const int64_t *row = cf_matrix_row(&x->t, i), *other;
		wide here, there;

		if (row[s] <= 0)
			continue;
		if (best == x->t.rows) {
			best = i;
			continue;
		}
		other = cf_matrix_row(&x->t, best);
		here = (wide)row[x->n] * other[s];
		there = (wide)other[x->n] * row[s];
		if (here < there || (here == there &&
			x->basis[i] < x->basis[best]))
			best = i;
	}
	return best;
}

/* Sum of the rows that still stand on an artificial unknown. */
static wide
lack(const struct simplex *x, size_t col)
{
	wide sum = 0;

	for (size_t i = 0; i < x->t.rows; i++)
		if (x->basis[i] == x->n)
			sum += cf_matrix_row(&x->t, i)[col];
	return sum;
}

/* A row whose artificial unknown is 0 takes any unknown that it has. */
static bool
drive_out(struct simplex *x, size_t r)
{
	int64_t *row = cf_matrix_row(&x->t, r);
	size_t s = 0;

	while (s < x->n && row[s] == 0)
		s++;
	if (s == x->n)
		cf_bug("a row without unknowns after elimination");
	for (size_t j = 0; row[s] < 0 && j < x->t.cols; j++)
		if (j != s && __builtin_sub_overflow((int64_t)0, row[j],
			&row[j]))
			return false;
	if (row[s] < 0)
		row[s] = -row[s];
	return pivot(x, r, s);
}

/* Finds a first solution. */
static enum cf_bounds
begin(struct simplex *x)
{
	for (;;) {
		size_t s = 0;

		while (s < x->n && (x->row_of[s] != NOT_BASIC ||
			lack(x, s) <= 0))
			s++;
		if (s == x->n)
			break;
		if (!pivot(x, leaving(x, s), s))
			return CF_BOUNDS_UNKNOWN;
	}
	if (lack(x, x->n) > 0)
		return CF_BOUNDS_NONE;
	for (size_t i = 0; i < x->t.rows; i++)
		if (x->basis[i] == x->n && !drive_out(x, i))
			return CF_BOUNDS_UNKNOWN;
	return CF_BOUNDS_FOUND;
}

/* An unknown outside the basis whose increase moves unknown k the wanted way; n
 * where k is at its end. */
static size_t
entering(const struct simplex *x, size_t k, bool up)
{
	const int64_t *row;
	size_t s = 0;

	if (x->row_of[k] == NOT_BASIC)
		return up ? k : x->n;
	row = cf_matrix_row(&x->t, x->row_of[k]);
	while (s < x->n && (x->row_of[s] != NOT_BASIC || row[s] == 0 ||
		(row[s] < 0) != up))
		s++;
	return s;
}

/* The end of one unknown's interval. */
static bool
push(struct simplex *x, int64_t *end, size_t k, bool up)
{
	for (;;) {
		size_t s = entering(x, k, up), r;
		int64_t value;

		if (s == x->n) {
			value = x->row_of[k] == NOT_BASIC ? 0 :
				cf_matrix_row(&x->t, x->row_of[k])[x->n];
			*end = value / x->d + (!up && value % x->d);
			return true;
		}
		r = leaving(x, s);
		if (r == x->t.rows) {
			*end = INT64_MAX;
			return true;
		}
		if (!pivot(x, r, s))
			return false;
	}
}

/* Independent equations with right sides of 0 or more. */
static enum cf_bounds
prepare(struct simplex *x)
{
	size_t rank = 0;

	if (!cf_matrix_reduce(&x->t, x->n, &rank))
		return CF_BOUNDS_UNKNOWN;
	for (size_t i = rank; i < x->t.rows; i++)
		if (cf_matrix_row(&x->t, i)[x->n])
			return CF_BOUNDS_NONE;
	x->t.rows = rank;
	for (size_t i = 0; i < rank; i++) {
		int64_t *row = cf_matrix_row(&x->t, i);
		bool flip = row[x->n] < 0;

		for (size_t j = 0; flip && j <= x->n; j++)
			if (__builtin_sub_overflow((int64_t)0, row[j],
				&row[j]))
				return CF_BOUNDS_UNKNOWN;
		x->basis[i] = x->n;
	}
	return begin(x);
}

enum cf_bounds
cf_matrix_bounds(const struct cf_matrix *m, size_t from, size_t to,
	struct cf_bound *bound, unsigned *steps)
{
	struct simplex x = { .d = 1, .n = m->cols - 1, .steps = steps };
	enum cf_bounds got;

	cf_matrix_init(&x.t, m->rows, m->cols);
	for (size_t i = 0; i < m->rows * m->cols; i++)
		x.t.at[i] = m->at[i];
	x.basis = cf_calloc(m->rows + 1, sizeof *x.basis);
	x.row_of = cf_calloc(x.n + 1, sizeof *x.row_of);
	for (size_t j = 0; j < x.n; j++)
		x.row_of[j] = NOT_BASIC;
	got = prepare(&x);
	for (size_t k = from; k < to && got == CF_BOUNDS_FOUND; k++)
		if (!push(&x, &bound[k].least, k, false) ||
			!push(&x, &bound[k].most, k, true))
			got = CF_BOUNDS_UNKNOWN;
	cf_matrix_clear(&x.t);
	free(x.basis);
	free(x.row_of);
	return got;
}
