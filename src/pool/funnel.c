/*
 * Funnel plot: effects against their standard errors, the exact ones on top.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/json.h"
#include "pool/plot.h"
#include "pool/report.h"
#include "pool/svg.h"

#define WIDTH 720.0
#define TALL 560.0
#define LEFT 80.0
#define RIGHT 690.0
#define TOP 50.0
#define BOTTOM 440.0
#define LEAST 10u
#define Z90 1.644853626951472
#define Z95 1.959963984540054
#define Z99 2.575829303548901

struct frame {
	struct svg_scale x, y;
	double most;	/* standard error */
	double estimate;
};

static double
number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

static void
fit(struct frame *f, const json_t *result)
{
	const json_t *in;
	double low, high;
	size_t i;

	f->estimate = number(result, "estimate");
	/* 0 is in the frame: the greys are about it. */
	low = fmin(0, f->estimate);
	high = fmax(0, f->estimate);
	json_array_foreach(json_object_get(result, "inputs"), i, in) {
		f->most = fmax(f->most, number(in, "se"));
		low = fmin(low, number(in, "effect"));
		high = fmax(high, number(in, "effect"));
	}
	cf_svg_scale(&f->y, 0, f->most * 1.02, 5);
	low = fmin(low, f->estimate - Z95 * f->y.high);
	high = fmax(high, f->estimate + Z95 * f->y.high);
	/* No dot on the edge. */
	cf_svg_scale(&f->x, low - 0.02 * (high - low),
		high + 0.02 * (high - low), 7);
	f->x.from = LEFT;
	f->x.to = RIGHT;
	f->y.from = TOP;
	f->y.to = BOTTOM;
}

/* The wedge of `z` standard errors about a value, cut off at the frame. */
static void
wedge(struct cf_buf *out, const struct frame *f, double about, double z,
	const char *style)
{
	double x0 = cf_svg_at(&f->x, about), reach = z * f->y.high;
	double low = about - reach, high = about + reach;
	double from = fmax(low, f->x.low), to = fmin(high, f->x.high);
	/* Where the edges leave the frame at its sides. */
	double left = TOP + (BOTTOM - TOP) * (about - from) / reach;
	double right = TOP + (BOTTOM - TOP) * (to - about) / reach;

	cf_svg_shape(out, (const double[][2]){ { x0, TOP },
		{ cf_svg_at(&f->x, to), right }, { cf_svg_at(&f->x, to),
		BOTTOM }, { cf_svg_at(&f->x, from), BOTTOM },
		{ cf_svg_at(&f->x, from), left } }, 5, style);
}

static void
background(struct cf_buf *out, const struct frame *f)
{
	double x = cf_svg_at(&f->x, f->estimate);

	cf_svg_shape(out, (const double[][2]){ { LEFT, TOP }, { RIGHT, TOP },
		{ RIGHT, BOTTOM }, { LEFT, BOTTOM } }, 4, "area2");
	wedge(out, f, 0, Z99, "area0");
	wedge(out, f, 0, Z95, "area1");
	wedge(out, f, 0, Z90, "area3");
	cf_svg_line(out, (double[]){ x, TOP }, (double[]){ x, BOTTOM },
		"line");
	for (int side = -1; side <= 1; side += 2)
		cf_svg_line(out, (double[]){ x, TOP }, (double[]){
			cf_svg_at(&f->x, f->estimate + side * Z95 * f->y.high),
			BOTTOM }, "dash");
}

static void
axes(struct cf_buf *out, const struct frame *f, const char *words)
{
	char *axis = cf_strdup(words), *text;

	cf_svg_line(out, (double[]){ LEFT, BOTTOM },
		(double[]){ RIGHT, BOTTOM }, "axis");
	cf_svg_line(out, (double[]){ LEFT, TOP }, (double[]){ LEFT, BOTTOM },
		"axis");
	for (unsigned i = 0; i < cf_svg_ticks(&f->x); i++) {
		double value = cf_svg_tick(&f->x, i);
		double x = cf_svg_at(&f->x, value);

		text = cf_svg_number(value, f->x.digits);
		cf_svg_line(out, (double[]){ x, BOTTOM },
			(double[]){ x, BOTTOM + 5 }, "axis");
		cf_svg_text(out, (struct svg_text){ x, BOTTOM + 19,
			SVG_MIDDLE }, text);
		free(text);
	}
	for (unsigned i = 0; i < cf_svg_ticks(&f->y); i++) {
		double value = cf_svg_tick(&f->y, i);
		double y = cf_svg_at(&f->y, value);

		text = cf_svg_number(value, f->y.digits);
		cf_svg_line(out, (double[]){ LEFT - 5, y },
			(double[]){ LEFT, y }, "axis");
		cf_svg_text(out, (struct svg_text){ LEFT - 9, y + 4.5,
			SVG_END }, text);
		free(text);
	}
	if (axis[0] >= 'a' && axis[0] <= 'z')
		axis[0] = (char)(axis[0] - 'a' + 'A');
	cf_svg_text(out, (struct svg_text){ (LEFT + RIGHT) / 2, BOTTOM + 42,
		SVG_MIDDLE }, axis);
	cf_svg_text(out, (struct svg_text){ 20, TOP - 10 }, "Standard error");
	free(axis);
}

/* What the greys mean. */
static void
legend(struct cf_buf *out)
{
	static const char *const style[] = { "area3", "area1", "area0",
		"area2" };
	static const char *const text[] = { "p > 0.10", "0.05 to 0.10",
		"0.01 to 0.05", "p < 0.01" };
	double y = BOTTOM + 72;

	cf_svg_text(out, (struct svg_text){ LEFT, y }, "Against no effect:");
	for (int i = 0; i < 4; i++) {
		double x = LEFT + 125 + 125 * i;
		const double box[][2] = { { x, y - 11 }, { x + 15, y - 11 },
			{ x + 15, y + 2 }, { x, y + 2 } };

		cf_svg_shape(out, box, 4, style[i]);
		for (size_t j = 0; j < 4; j++)
			cf_svg_line(out, box[j], box[(j + 1) % 4], "grid");
		cf_svg_text(out, (struct svg_text){ x + 21, y }, text[i]);
	}
	cf_svg_text(out, (struct svg_text){ LEFT, y + 22, .grey = true },
		"Solid line: the pooled estimate; dashed: 95 in 100 findings, "
		"if chance were all.");
}

const struct cf_err *
cf_plot_funnel(struct cf_buf *out, const json_t *result)
{
	const json_t *inputs = json_object_get(result, "inputs"), *in;
	const json_t *question = json_object_get(result, "question");
	struct frame f = { .most = 0 };
	char *text, *words;
	size_t i;

	if (json_array_size(inputs) < LEAST)
		return cf_err(CF_INVALID, "a funnel of fewer than %u findings "
			"says nothing; here are %zu", LEAST,
			json_array_size(inputs));
	fit(&f, result);
	words = cf_pool_outcome_words(cf_json_str(question, "outcome"), false);
	text = cf_asprintf("Funnel plot of %zu findings on %s: each effect "
		"against its standard error, about the pooled estimate of "
		"%.2f.", json_array_size(inputs), words, f.estimate);
	cf_svg_open(out, WIDTH, TALL, "Funnel plot", text);
	free(words);
	free(text);
	background(out, &f);
	axes(out, &f, cf_json_str(question, "measureWords"));
	json_array_foreach(inputs, i, in) {
		text = cf_asprintf("%s \xc2\xb7 record %s", cf_json_str(in,
			"title"), cf_json_str(in, "record"));
		cf_svg_group(out, text);
		cf_svg_circle(out, cf_svg_at(&f.x, number(in, "effect")),
			cf_svg_at(&f.y, number(in, "se")), 4.5);
		cf_svg_group_end(out);
		free(text);
	}
	legend(out);
	cf_svg_close(out);
	return cf_buf_check(out, "the plot");
}
