#ifndef CF_LINEAR_H
#define CF_LINEAR_H

/*
 * Exact linear algebra over whole numbers, for what figures give away together.
 * Columns are the unknown (hidden cells, groups of pupils, trusts), a row is one
 * published figure: what it is a sum of. No rounding anywhere: a row stands for
 * all its multiples and is kept divided by its greatest common divisor. Where a
 * number would leave 64 bits, or the work its limit, a function says that it
 * cannot tell; callers take that as a leak.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cf_matrix {
	size_t rows, cols;
	int64_t *at;		/* row by row */
};

void cf_matrix_init(struct cf_matrix *m, size_t rows, size_t cols);
void cf_matrix_clear(struct cf_matrix *m);
int64_t *cf_matrix_row(const struct cf_matrix *m, size_t row);

/*
 * Brings the first `cols` columns into reduced echelon form (later columns, such
 * as a right side, go along): the first *rank rows have their first entry above
 * 0 in columns of their own, where every other row is 0. False: cannot tell.
 */
bool cf_matrix_reduce(struct cf_matrix *m, size_t cols, size_t *rank);

/*
 * Which unknowns the rows fix exactly: those without which the rank is smaller.
 * `fixed` has m->cols entries; m is reduced. False: cannot tell.
 */
bool cf_matrix_fixed(struct cf_matrix *m, bool *fixed);

/*
 * Whether some combination of the rows speaks of the chosen columns only:
 * rank(m outside them) < rank(m). m is left as it is. True as well where it
 * cannot tell.
 */
bool cf_matrix_leaks(const struct cf_matrix *m, const bool *chosen);

/* --- bound.c -------------------------------------------------------------- */

/* The least and the greatest that an unknown can be. */
struct cf_bound {
	int64_t least, most;	/* most INT64_MAX: nothing bounds it */
};

enum cf_bounds {
	CF_BOUNDS_FOUND,
	CF_BOUNDS_NONE,		/* the rows contradict each other */
	CF_BOUNDS_UNKNOWN	/* too much work; cannot tell */
};

/*
 * For unknowns of 0 or more whose sums the rows are (last column: the sums): the
 * interval of numbers `from` to `to`, at their places in `bound`: exact ends of the
 * linear programme, drawn in to whole numbers. *steps is what may be done; it counts
 * down.
 */
enum cf_bounds cf_matrix_bounds(const struct cf_matrix *m, size_t from, size_t to,
	struct cf_bound *bound, unsigned *steps);

#endif
