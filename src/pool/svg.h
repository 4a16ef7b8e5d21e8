#ifndef CF_POOL_SVG_H
#define CF_POOL_SVG_H

/*
 * Writing SVG; for src/pool only. Coordinates are rounded to tenths, so that the
 * bytes do not depend on the last digit of a sum.
 */
#include "base/buf.h"

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

struct svg_text {
	double x, y;
	enum svg_anchor anchor;
	bool bold, grey;
};

void cf_svg_open(struct cf_buf *out, double width, double height,
	const char *title, const char *description);
void cf_svg_close(struct cf_buf *out);

/* Everything between is one thing, which shows `tip` when pointed at. */
void cf_svg_group(struct cf_buf *out, const char *tip);
void cf_svg_group_end(struct cf_buf *out);

/* `text` is escaped, and what no XML may hold becomes U+FFFD. */
void cf_svg_text(struct cf_buf *out, struct svg_text at, const char *text);
/* `class` is one of our styles: line, thin, dash, grid, axis, mark, area1 … */
void cf_svg_line(struct cf_buf *out, const double from[2], const double to[2],
	const char *class);
void cf_svg_shape(struct cf_buf *out, const double (*point)[2], size_t n,
	const char *class);
void cf_svg_circle(struct cf_buf *out, double x, double y, double radius);

/* "−0.12": so many digits, and a minus that is as wide as a plus. The caller
 * frees. */
char *cf_svg_number(double value, int digits);
/* A text of at most so many characters; the last is an ellipsis where it was
 * longer. The caller frees. */
char *cf_svg_clip(const char *text, size_t most);

/* A scale from numbers to places. */
struct svg_scale {
	double low, high, step;		/* of the numbers */
	double from, to;		/* places */
	int digits;			/* that ticks need */
};
/* Ticks at 1, 2 or 5 times a power of ten, about `wanted` of them; low and high
 * are widened to ticks. */
void cf_svg_scale(struct svg_scale *scale, double low, double high,
	unsigned wanted);
double cf_svg_at(const struct svg_scale *scale, double value);
/* How many ticks, and the number at one. */
unsigned cf_svg_ticks(const struct svg_scale *scale);
double cf_svg_tick(const struct svg_scale *scale, unsigned i);

#endif
