/*
 * Plots of rows.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pool/rowplot.h"

#define WIDTH 1000.0
#define LEFT 20.0
#define ID 300.0	/* right of the words */
#define N 470.0		/* the number's right edge */
#define PLOT_FROM 495.0
#define PLOT_TO 770.0
#define RIGHT 910.0	/* the right edge of effect and interval */
#define LAST 980.0	/* of the weight */
#define TOP 62.0
#define HEIGHT 23.0	/* of a row */
#define SIDE 50.0	/* of 0 in the plot, for words on what it means */
#define SQUARE 7.0	/* half the side of the largest one */

struct row *
cf_rowplot_add(struct rowplot *plot)
{
	struct row *row;

	plot->row = cf_grow(plot->row, plot->n, &plot->cap,
		sizeof *plot->row);
	row = &plot->row[plot->n++];
	*row = (struct row){ 0 };
	return row;
}

void
cf_rowplot_clear(struct rowplot *plot)
{
	for (size_t i = 0; i < plot->n; i++) {
		struct row *row = &plot->row[i];

		free(row->left);
		free(row->id);
		free(row->n);
		free(row->right);
		free(row->last);
		free(row->tip);
	}
	for (size_t i = 0; i < 3; i++)
		free(plot->note[i]);
	free(plot->row);
	free(plot->description);
	free(plot->axis);
	*plot = (struct rowplot){ 0 };
}

/*
 * The scale holds every value and, where they are not far out, all intervals;
 * others end in an arrow.
 */
static void
fit_scale(struct svg_scale *scale, const struct rowplot *plot)
{
	double low = 0, high = 0, inner, least, most;

	for (size_t i = 0; i < plot->n; i++) {
		const struct row *r = &plot->row[i];
		bool sum = r->mark == ROW_DIAMOND || r->mark == ROW_BAND;

		if (r->mark == ROW_WORDS)
			continue;
		low = fmin(low, sum ? r->low : r->value);
		high = fmax(high, sum ? r->high : r->value);
	}
	inner = fmax(high - low, 1e-9);
	least = low;
	most = high;
	for (size_t i = 0; i < plot->n; i++) {
		const struct row *r = &plot->row[i];

		if (r->mark == ROW_WORDS)
			continue;
		least = fmin(least, fmax(r->low, low - inner));
		most = fmax(most, fmin(r->high, high + inner));
	}
	cf_svg_scale(scale, least, most, 5);
	scale->from = PLOT_FROM;
	scale->to = PLOT_TO;
}

static void
words(struct cf_buf *out, const struct row *row, double y)
{
	struct svg_text at = { LEFT, y + 4.5, .bold = row->strong };

	if (row->left)
		cf_svg_text(out, at, row->left);
	at.x = ID;
	at.grey = !row->strong;
	if (row->id)
		cf_svg_text(out, at, row->id);
	at.grey = false;
	at.anchor = SVG_END;
	at.x = N;
	if (row->n)
		cf_svg_text(out, at, row->n);
	at.x = RIGHT;
	if (row->right)
		cf_svg_text(out, at, row->right);
	at.x = LAST;
	if (row->last)
		cf_svg_text(out, at, row->last);
}

/* An interval, with an arrow where it goes on outside. */
static void
interval(struct cf_buf *out, const struct row *row,
	const struct svg_scale *scale, double y)
{
	double low = cf_svg_at(scale, fmax(row->low, scale->low));
	double high = cf_svg_at(scale, fmin(row->high, scale->high));
	const char *style = row->mark == ROW_BAND ? "band" : "line";

	cf_svg_line(out, (double[]){ low, y }, (double[]){ high, y }, style);
	if (row->low < scale->low)
		cf_svg_shape(out, (const double[][2]){ { low - 1, y },
			{ low + 7, y - 4 }, { low + 7, y + 4 } }, 3, "sum");
	else if (row->mark == ROW_BAND)
		cf_svg_line(out, (double[]){ low, y - 4 },
			(double[]){ low, y + 4 }, style);
	if (row->high > scale->high)
		cf_svg_shape(out, (const double[][2]){ { high + 1, y },
			{ high - 7, y - 4 }, { high - 7, y + 4 } }, 3, "sum");
	else if (row->mark == ROW_BAND)
		cf_svg_line(out, (double[]){ high, y - 4 },
			(double[]){ high, y + 4 }, style);
}

static void
mark(struct cf_buf *out, const struct row *row, const struct svg_scale *scale,
	double y)
{
	double x = cf_svg_at(scale, row->value);
	double s = fmax(2, SQUARE * sqrt(row->size));

	if (row->mark == ROW_DIAMOND) {
		double low = cf_svg_at(scale, row->low);
		double high = cf_svg_at(scale, row->high);

		cf_svg_shape(out, (const double[][2]){ { low, y },
			{ x, y - 7 }, { high, y }, { x, y + 7 } }, 4, "sum");
		return;
	}
	interval(out, row, scale, y);
	if (row->mark == ROW_SQUARE)
		cf_svg_shape(out, (const double[][2]){ { x - s, y - s },
			{ x + s, y - s }, { x + s, y + s }, { x - s, y + s } },
			4, "mark");
	else if (row->mark == ROW_DOT)
		cf_svg_circle(out, x, y, 4);
}

static void
axis(struct cf_buf *out, const struct rowplot *plot,
	const struct svg_scale *scale, double y)
{
	const double middle = (PLOT_FROM + PLOT_TO) / 2;
	struct svg_text at = { middle, y + 40, SVG_MIDDLE };

	cf_svg_line(out, (double[]){ PLOT_FROM, y }, (double[]){ PLOT_TO, y },
		"axis");
	for (unsigned i = 0; i < cf_svg_ticks(scale); i++) {
		double value = cf_svg_tick(scale, i);
		double x = cf_svg_at(scale, value);
		char *text = cf_svg_number(value, scale->digits);

		cf_svg_line(out, (double[]){ x, y }, (double[]){ x, y + 5 },
			"axis");
		cf_svg_text(out, (struct svg_text){ x, y + 19, SVG_MIDDLE },
			text);
		free(text);
	}
	cf_svg_text(out, at, plot->axis);
	/* On either side of 0, where there is room for it. */
	at.grey = true;
	at.y += 18;
	at.anchor = SVG_END;
	at.x = cf_svg_at(scale, 0) - 8;
	if (at.x >= PLOT_FROM + SIDE)
		cf_svg_text(out, at, plot->lower);
	at.anchor = SVG_START;
	at.x += 16;
	if (at.x <= PLOT_TO - SIDE)
		cf_svg_text(out, at, plot->higher);
}

static void
headings(struct cf_buf *out, const struct rowplot *plot)
{
	struct row head = { .strong = true };

	cf_svg_text(out, (struct svg_text){ LEFT, 26, .bold = true },
		plot->title);
	for (size_t i = 0; i < 5; i++)
		if (plot->heading[i] == NULL)
			cf_bug("a plot without its headings");
	head.left = cf_strdup(plot->heading[0]);
	head.id = cf_strdup(plot->heading[1]);
	head.n = cf_strdup(plot->heading[2]);
	head.right = cf_strdup(plot->heading[3]);
	head.last = cf_strdup(plot->heading[4]);
	words(out, &head, TOP - 12);
	cf_svg_line(out, (double[]){ LEFT, TOP }, (double[]){ LAST, TOP },
		"axis");
	free(head.left);
	free(head.id);
	free(head.n);
	free(head.right);
	free(head.last);
}

void
cf_rowplot_draw(struct cf_buf *out, const struct rowplot *plot)
{
	double bottom = TOP + 8 + (double)plot->n * HEIGHT, zero, line;
	struct svg_scale scale;

	fit_scale(&scale, plot);
	cf_svg_open(out, WIDTH, bottom + 150, plot->title,
		plot->description);
	headings(out, plot);
	zero = cf_svg_at(&scale, 0);
	line = cf_svg_at(&scale, plot->line);
	cf_svg_line(out, (double[]){ zero, TOP }, (double[]){ zero, bottom },
		"grid");
	cf_svg_line(out, (double[]){ line, TOP }, (double[]){ line, bottom },
		"dash");
	for (size_t i = 0; i < plot->n; i++) {
		const struct row *row = &plot->row[i];
		double y = TOP + 4 + ((double)i + 0.5) * HEIGHT;

		if (row->rule)
			cf_svg_line(out, (double[]){ LEFT, y - HEIGHT / 2 },
				(double[]){ LAST, y - HEIGHT / 2 }, "grid");
		cf_svg_group(out, row->tip ? row->tip : "");
		words(out, row, y);
		if (row->mark != ROW_WORDS)
			mark(out, row, &scale, y);
		cf_svg_group_end(out);
	}
	axis(out, plot, &scale, bottom);
	for (size_t i = 0; i < 3; i++)
		if (plot->note[i])
			cf_svg_text(out, (struct svg_text){ LEFT, bottom + 92 +
				18 * (double)i, .grey = true }, plot->note[i]);
	cf_svg_close(out);
}
