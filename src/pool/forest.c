/*
 * Forest and leave-one-out plots.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "pool/plot.h"
#include "pool/report.h"
#include "pool/rowplot.h"

#define LABEL 40u	/* characters that fit before the record */

static double
number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

static double
of_pair(const json_t *object, const char *member, size_t i)
{
	return json_number_value(json_array_get(json_object_get(object,
		member), i));
}

/* "0.18 [−0.02, 0.38]" */
static char *
with_interval(double value, double low, double high)
{
	char *v = cf_svg_number(value, 2), *l = cf_svg_number(low, 2);
	char *h = cf_svg_number(high, 2);
	char *out = cf_asprintf("%s [%s, %s]", v, l, h);

	free(v);
	free(l);
	free(h);
	return out;
}

static void
fill(struct row *row, const json_t *from, const char *range)
{
	row->value = number(from, "estimate");
	row->low = of_pair(from, range, 0);
	row->high = of_pair(from, range, 1);
	row->right = with_interval(row->value, row->low, row->high);
}

/* How much of the record ids tells these apart: the time of creation at least.
 * Inputs are in the order of the ids. */
static size_t
id_length(const json_t *inputs)
{
	size_t length = 13;

	for (size_t i = 1; i < json_array_size(inputs); i++) {
		const char *a = cf_json_str(json_array_get(inputs, i - 1),
			"record");
		const char *b = cf_json_str(json_array_get(inputs, i),
			"record");

		while (length < 23 && strncmp(a, b, length) == 0)
			length += 5;
	}
	return length;
}

/* What a row of one finding says at its left. */
static void
name_row(struct row *row, const json_t *input, size_t length)
{
	const char *year = cf_json_str(input, "year");
	char *label = cf_asprintf("%s%s%s", cf_json_str(input, "ownerName"),
		year ? ", " : "", year ? year : "");

	row->left = cf_svg_clip(label, LABEL);
	row->id = cf_strndup(cf_json_str(input, "record"), length);
	row->tip = cf_asprintf("%s \xc2\xb7 record %s \xc2\xb7 version %s",
		cf_json_str(input, "title"), cf_json_str(input, "record"),
		cf_json_str(input, "version"));
	free(label);
}

static void
add_inputs(struct rowplot *plot, const json_t *result)
{
	const json_t *inputs = json_object_get(result, "inputs"), *in;
	size_t i, length = id_length(inputs);
	double most = 0;

	json_array_foreach(inputs, i, in) {
		most = fmax(most, number(in, "weight"));
	}
	json_array_foreach(inputs, i, in) {
		struct row *row = cf_rowplot_add(plot);

		name_row(row, in, length);
		row->n = cf_asprintf("%.0f", number(in, "n"));
		row->value = number(in, "effect");
		row->low = of_pair(in, "ci95", 0);
		row->high = of_pair(in, "ci95", 1);
		row->right = with_interval(row->value, row->low, row->high);
		row->last = cf_asprintf("%.1f", number(in, "weight"));
		row->size = number(in, "weight") / most;
	}
}

static void
add_sum(struct rowplot *plot, const json_t *result)
{
	struct row *row = cf_rowplot_add(plot);
	char *low, *high;
	double n = 0;
	const json_t *in;
	size_t i;

	json_array_foreach(json_object_get(result, "inputs"), i, in) {
		n += number(in, "n");
	}
	fill(row, result, "ci95");
	row->left = cf_strdup("Pooled, with 95% confidence interval");
	row->n = cf_asprintf("%.0f", n);
	row->last = cf_strdup("100.0");
	row->mark = ROW_DIAMOND;
	row->strong = row->rule = true;
	if (json_object_get(result, "pi95") == NULL)
		return;
	row = cf_rowplot_add(plot);
	row->value = number(result, "estimate");
	row->low = of_pair(result, "pi95", 0);
	row->high = of_pair(result, "pi95", 1);
	row->left = cf_strdup("Range in which a new finding is to be expected");
	row->mark = ROW_BAND;
	low = cf_svg_number(row->low, 2);
	high = cf_svg_number(row->high, 2);
	row->right = cf_asprintf("[%s, %s]", low, high);
	free(low);
	free(high);
}

static void
add_groups(struct rowplot *plot, const json_t *result)
{
	const json_t *group;
	size_t i;

	json_array_foreach(json_object_get(result, "groups"), i, group) {
		struct row *row = cf_rowplot_add(plot);
		char *label = cf_asprintf("%s (k = %.0f)", cf_json_str(group,
			"label"), number(group, "k"));

		row->left = cf_svg_clip(label, LABEL);
		row->rule = i == 0;
		row->mark = ROW_WORDS;
		if (json_object_get(group, "estimate")) {
			row->mark = ROW_DIAMOND;
			fill(row, group, "ci95");
		} else {
			row->right = cf_strdup("too few to pool");
		}
		free(label);
	}
}

/* "p = 0.051", "p < 0.001" */
static char *
probability(double p)
{
	return p < 0.001 ? cf_strdup("p < 0.001") : cf_asprintf("p = %.3f", p);
}

static void
notes(struct rowplot *plot, const json_t *result)
{
	const json_t *model = json_object_get(result, "model");
	const json_t *q = json_object_get(result, "q");
	char *p = probability(number(q, "p"));
	const char *how = json_is_true(json_object_get(model, "byTrust")) ?
		", three levels by trust" : json_is_true(json_object_get(model,
		"knappHartung")) ? ", Knapp\xe2\x80\x93Hartung intervals" : "";
	const json_t *nested = json_object_get(result, "nested");

	plot->note[0] = cf_asprintf("%.0f findings of %.0f trust%s. Model: "
		"%s%s.", number(result, "k"), number(result, "trusts"),
		number(result, "trusts") == 1 ? "" : "s",
		cf_json_str(model, "method"), how);
	if (nested)
		plot->note[1] = cf_asprintf("Heterogeneity: between trusts "
			"%.3f, within %.3f; Q = %.2f (df %.0f), %s.",
			number(nested, "between"), number(nested, "within"),
			number(q, "value"), number(q, "df"), p);
	else
		plot->note[1] = cf_asprintf("Heterogeneity: \xcf\x84\xc2\xb2 = "
			"%.3f, I\xc2\xb2 = %.0f%%; Q = %.2f (df %.0f), %s.",
			number(result, "tau2"), number(result, "i2"),
			number(q, "value"), number(q, "df"), p);
	plot->note[2] = cf_strdup("Squares are as large as the weight. Rows "
		"stand in the order in which the findings were recorded.");
	free(p);
}

static void
begin(struct rowplot *plot, const json_t *result)
{
	const json_t *question = json_object_get(result, "question");
	const char *words = cf_json_str(question, "measureWords");

	plot->axis = cf_asprintf("%s", words);
	if (plot->axis[0] >= 'a' && plot->axis[0] <= 'z')
		plot->axis[0] = (char)(plot->axis[0] - 'a' + 'A');
	plot->lower = "\xe2\x86\x90 better without";
	plot->higher = "better with \xe2\x86\x92";
	plot->line = number(result, "estimate");
}

static char *
describe(const json_t *result, const char *kind)
{
	const json_t *question = json_object_get(result, "question");
	char *estimate = with_interval(number(result, "estimate"),
		of_pair(result, "ci95", 0), of_pair(result, "ci95", 1));
	char *outcome = cf_pool_outcome_words(cf_json_str(question,
		"outcome"), false);
	char *out = cf_asprintf("%s of %.0f findings on %s from %.0f trusts. "
		"Pooled %s with 95%% confidence interval: %s.", kind,
		number(result, "k"), outcome, number(result, "trusts"),
		cf_json_str(question, "measureWords"), estimate);

	free(outcome);
	free(estimate);
	return out;
}

static const struct cf_err *
draw(struct cf_buf *out, struct rowplot *plot)
{
	cf_rowplot_draw(out, plot);
	cf_rowplot_clear(plot);
	return cf_buf_check(out, "the plot");
}

static char *
title_of(const json_t *result, const char *after)
{
	char *words = cf_pool_outcome_words(cf_json_str(json_object_get(result,
		"question"), "outcome"), true);
	char *out = cf_asprintf("%s%s", words, after);

	free(words);
	return out;
}

const struct cf_err *
cf_plot_forest(struct cf_buf *out, const json_t *result)
{
	char *title = title_of(result, ": effects of the findings");
	struct rowplot plot = { .title = title, .heading = { "Finding of",
		"Record", "N", "Effect [95% CI]", "Weight %" } };
	const struct cf_err *err;

	begin(&plot, result);
	plot.description = describe(result, "Forest plot");
	add_inputs(&plot, result);
	add_sum(&plot, result);
	add_groups(&plot, result);
	notes(&plot, result);
	err = draw(out, &plot);
	free(title);
	return err;
}

const struct cf_err *
cf_plot_left_out(struct cf_buf *out, const json_t *result)
{
	const json_t *inputs = json_object_get(result, "inputs"), *in;
	char *title;
	struct rowplot plot = { .heading = { "Without the finding of", "Record",
		"", "Pooled [95% CI]", "I\xc2\xb2 %" } };
	const struct cf_err *err;
	struct row *row;
	size_t i, length = id_length(inputs);

	if (json_object_get(json_array_get(inputs, 0), "without") == NULL)
		return cf_err(CF_INVALID, "leaving out one at a time needs 4 "
			"findings or more, and 1,000 at the most");
	title = title_of(result, ": the estimate without each finding");
	plot.title = title;
	begin(&plot, result);
	plot.description = describe(result, "Leave-one-out plot");
	json_array_foreach(inputs, i, in) {
		const json_t *without = json_object_get(in, "without");

		row = cf_rowplot_add(&plot);
		name_row(row, in, length);
		fill(row, without, "ci95");
		row->last = cf_asprintf("%.0f", number(without, "i2"));
		row->mark = ROW_DOT;
	}
	row = cf_rowplot_add(&plot);
	row->left = cf_strdup("All findings");
	fill(row, result, "ci95");
	row->last = cf_asprintf("%.0f", number(result, "i2"));
	row->mark = ROW_DIAMOND;
	row->strong = row->rule = true;
	notes(&plot, result);
	free(plot.note[2]);
	plot.note[2] = cf_strdup("Rows stand in the order in which the findings "
		"were recorded.");
	err = draw(out, &plot);
	free(title);
	return err;
}
