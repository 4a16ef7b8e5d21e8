#ifndef CF_POOL_ROWPLOT_H
#define CF_POOL_ROWPLOT_H

/*
 * A plot of rows: words at the left, an interval in the middle, numbers at the
 * right. Forest and leave-one-out plots are such; for src/pool only.
 */
#include "pool/svg.h"

enum row_mark {
	ROW_SQUARE,	/* as large as its weight */
	ROW_DOT,
	ROW_DIAMOND,	/* as wide as the interval */
	ROW_BAND,	/* the interval alone */
	ROW_WORDS	/* no interval */
};

struct row {
	char *left, *id, *n;	/* columns; owned, NULL: empty */
	char *right, *last;
	char *tip;		/* shown when pointed at */
	double value, low, high, size;	/* size: 0 to 1 of the largest square */
	enum row_mark mark;
	bool strong, rule;	/* bold; a line above */
};

struct rowplot {
	const char *title, *heading[5];
	char *description, *axis;
	const char *lower, *higher;	/* what either side of 0 means */
	struct row *row;
	size_t n, cap;
	double line;		/* the estimate: a dashed line through all rows */
	char *note[3];		/* beneath */
};

/* An empty row to fill in. */
struct row *cf_rowplot_add(struct rowplot *plot);
void cf_rowplot_draw(struct cf_buf *out, const struct rowplot *plot);
void cf_rowplot_clear(struct rowplot *plot);

#endif
