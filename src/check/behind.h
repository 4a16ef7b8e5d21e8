#ifndef CF_BEHIND_H
#define CF_BEHIND_H

/*
 * The list of people behind the figures of a draft: a CSV file with one row a
 * person, whose columns are named as the draft names what people have in common
 * (year, sex), and besides, where there are such, the school, the result, and the
 * value that a person adds to a figure. Read in place: the cells point into the
 * bytes, which the caller keeps locked in memory, and nothing of them is copied.
 */
#include "base/err.h"
#include "base/str.h"
#include "json/json.h"

#define CF_NO_COLUMN SIZE_MAX

struct cf_behind {
	struct cf_str *heading, *cell;	/* cell[row * cols + col] */
	size_t rows, cols;
	size_t school, result, value;	/* columns, or CF_NO_COLUMN */
};

/* Changes the bytes, which must outlive *out. evidence.empty, CF_TOO_BIG. */
const struct cf_err *cf_behind_read(struct cf_behind *out, char *bytes,
	size_t n) CF_MUST;
void cf_behind_clear(struct cf_behind *behind);

/* Whether two cells say the same: "Pass" and "pass". */
bool cf_behind_same(struct cf_str a, struct cf_str b);

/* The rows of those who have all the traits ("year=8"; of one name, either), into
 * `row` (behind->rows long); *n how many. The trait that no column is named after
 * comes back, or NULL; times of which there is no column are let pass. */
const char *cf_behind_pick(size_t *row, size_t *n,
	const struct cf_behind *behind, const json_t *traits);

/* The different texts in a column of the rows, and how often each stands there, the
 * most frequent first; empty cells are left out. How many; most + 1 where there are
 * more than `most`, and then *out says nothing. */
struct cf_share {
	struct cf_str text;
	size_t n;
	double value;	/* sum of the column `value`, else n */
	bool below;	/* some of the values were below 0 */
};
size_t cf_behind_shares(struct cf_share *out, size_t most,
	const struct cf_behind *behind, size_t column, const size_t *row,
	size_t n);

#endif
