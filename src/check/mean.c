/*
 * Rules about averages, spreads and comparisons: what a few results give away.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "check/figures.h"
#include "check/rules.h"

#define SMALL_BASE 30
#define FEW_LISTS 3u	/* so many sets of results are as good as known */
#define LONG_LIST 12	/* results; more are not looked through */

static bool
is_shown(const struct cf_figure *f)
{
	return f->kind == CF_CELL_NUMBER && f->who != CF_NOBODY;
}

/* --- N-MEAN ----------------------------------------------------------------- */

static void
mean_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t least = cf_least(probe);

	if (!is_shown(f) || !cf_is_result(f) || cf_is(f, "percentage") ||
		!(f->base_state == CF_BASE_HIDDEN || (f->base_state ==
		CF_BASE_GIVEN && f->base < least)))
		return;
	cf_report_figure(probe, CF_NEVER, f, "this rests on fewer than %lld "
		"people", (long long)least);
	if (f->table)
		cf_propose_take(probe, f->path, json_string("c"));
}

static void
mean_record(struct cf_probe *probe)
{
	cf_figures(probe, mean_figure);
}

const struct cf_rule cf_rule_mean = {
	.id = "N-MEAN",
	.severity = CF_NEVER,
	.title = "Result of a few",
	.found = "this rests on too few people",
	.detects = "An average, a spread, a correlation or an effect on fewer "
		"than 10 people, or on a number that is held back.",
	.why = "The average of a few children, less what one knows of the others, "
		"is the result of one of them.",
	.remedy = "Leave it out, or give it for a larger group.",
	.example = "Mean 97.2 of 6 pupils",
	.record = mean_record
};

/* --- N-EXACTMEAN ------------------------------------------------------------ */

/* The most decimals with which the mean says nothing of its number. */
static unsigned
safe_decimals(double mean, struct cf_range n)
{
	char text[32];
	unsigned d = cf_decimals(mean);

	while (d-- > 0) {
		(void)snprintf(text, sizeof text, "%.*f", (int)d, mean);
		if (cf_mean_sizes(strtod(text, NULL), n) > 2)
			break;
	}
	return d == UINT32_MAX ? 0 : d;
}

static void
exact_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	struct cf_range n = cf_unround(f->base, cf_rounding(probe));
	unsigned sizes, d;

	if (!is_shown(f) || !cf_is(f, "mean") || f->base_state !=
		CF_BASE_GIVEN || f->base >= CF_MEAN_SIZES ||
		f->base < cf_least(probe))
		return;
	sizes = cf_mean_sizes(f->value, n);
	if (sizes == 0 || sizes > 2)
		return;
	d = safe_decimals(f->value, n);
	cf_report_figure(probe, f->base < SMALL_BASE ? CF_WAIVABLE : CF_ADVICE,
		f, "its decimals tell how many people this average is of: "
		"only %u number%s of them fit%s", sizes, sizes == 1 ? "" :
		"s", sizes == 1 ? "s" : "");
	cf_remedy(probe, "Give fewer decimals: %.*f.", (int)d, f->value);
	if (f->table)
		cf_propose_take(probe, f->path, json_sprintf("%.*f", (int)d,
			f->value));
	else
		cf_propose_take(probe, f->path, json_real(round(f->value *
			pow(10, d)) / pow(10, d)));
}

static void
exact_record(struct cf_probe *probe)
{
	cf_figures(probe, exact_figure);
}

const struct cf_rule cf_rule_exactmean = {
	.id = "N-EXACTMEAN",
	.severity = CF_WAIVABLE,
	.title = "Average with too many decimals",
	.found = "this average tells its exact number",
	.detects = "An average of fewer than 1,000 whole results so exact that "
		"one or two numbers of people fit it (the GRIM test). Advice "
		"from 30 people on.",
	.why = "Rounding the number of children is of no use where the average "
		"gives it back.",
	.remedy = "Give fewer decimals.",
	.example = "Mean 3.47 of 20 answers: there were 19",
	.record = exact_record
};

/* --- N-MEANSD --------------------------------------------------------------- */

/* The spread that stands beside a mean of a field: sd_t beside mean_t. */
static bool
spread_field(double *sd, const struct cf_figure *f)
{
	const char *at = strstr(f->name, "mean");
	char *name;
	json_t *value;

	if (at == NULL)
		return false;
	name = cf_asprintf("%.*ssd%s", (int)(at - f->name), f->name, at + 4);
	value = json_object_get(f->object, name);
	free(name);
	*sd = json_number_value(value);
	return json_is_number(value);
}

static bool
spread_cell(double *sd, const struct cf_figure *f)
{
	const struct cf_table *t = f->table;

	for (size_t j = 0; j < t->cols; j++) {
		const struct cf_cell *cell = cf_table_cell(t, f->row, j);

		*sd = cell->value;
		if (strcmp(t->col[j].holds, "sd") == 0 &&
			t->col[j].of == t->col[f->col].of &&
			cell->kind == CF_CELL_NUMBER)
			return true;
	}
	return false;
}

static void
meansd_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	unsigned lists = 0;
	double sd = 0;

	if (!is_shown(f) || !cf_is(f, "mean") || f->base_state !=
		CF_BASE_GIVEN || f->base >= LONG_LIST || f->base < 2)
		return;
	if (!(f->table ? spread_cell(&sd, f) : spread_field(&sd, f)))
		return;
	if (cf_mean_sd_lists(&lists, f->value, sd, cf_unround(f->base,
		cf_rounding(probe)), FEW_LISTS + 1) || lists == 0 ||
		lists > FEW_LISTS)
		return;
	cf_report_figure(probe, CF_WAIVABLE, f, "only %u set%s of whole results "
		"can have this average and this spread", lists,
		lists == 1 ? "" : "s");
}

static void
meansd_record(struct cf_probe *probe)
{
	cf_figures(probe, meansd_figure);
}

const struct cf_rule cf_rule_meansd = {
	.id = "N-MEANSD",
	.severity = CF_WAIVABLE,
	.title = "Average and spread of a few",
	.found = "average and spread together give the results away",
	.detects = "An average and a spread of fewer than 12 whole results that "
		"at most three sets of results can have.",
	.why = "The results of all children in the group can be worked out from "
		"the two.",
	.remedy = "Leave the spread out, or give both for a larger group.",
	.example = "Mean 2.5, spread 0.53 of 10 answers: half are 2, half are 3",
	.record = meansd_record
};

/* --- N-SD0 ------------------------------------------------------------------ */

static void
sd0_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	if (is_shown(f) && f->value == 0 && (cf_is(f, "sd") ||
		cf_is(f, "variance")))
		cf_report_figure(probe, CF_WAIVABLE, f, "a spread of 0 says that "
			"all had the same result");
}

static void
sd0_record(struct cf_probe *probe)
{
	cf_figures(probe, sd0_figure);
}

const struct cf_rule cf_rule_sd0 = {
	.id = "N-SD0",
	.severity = CF_WAIVABLE,
	.title = "No spread",
	.found = "a spread of 0 says that all had the same result",
	.detects = "A standard deviation or variance of 0.",
	.why = "Where all results are the same, the average is the result of "
		"each child.",
	.remedy = "Leave the figure out, or give it for a larger group.",
	.example = "Spread: 0",
	.record = sd0_record
};

/* --- N-DOF ------------------------------------------------------------------ */

static void
dof_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t least = cf_least(probe);

	if (f->kind == CF_CELL_NUMBER && cf_is(f, "degrees-of-freedom") &&
		f->value < (double)least)
		cf_report_figure(probe, CF_WAIVABLE, f, "the comparison has fewer "
			"than %lld degrees of freedom", (long long)least);
}

static void
dof_record(struct cf_probe *probe)
{
	cf_figures(probe, dof_figure);
}

const struct cf_rule cf_rule_dof = {
	.id = "N-DOF",
	.severity = CF_WAIVABLE,
	.title = "Model with too much in it",
	.found = "the comparison has too few degrees of freedom",
	.detects = "Fewer than 10 degrees of freedom.",
	.why = "A model with nearly as many terms as children gives their results "
		"back.",
	.remedy = "Use a simpler model, or leave the result out.",
	.example = "Degrees of freedom: 4",
	.record = dof_record
};

/* --- N-MINMAX, N-QUANT ------------------------------------------------------ */

static bool
has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; *p; p++)
		if (strncasecmp(p, word, n) == 0 && (p == text ||
			p[-1] == ' ' || p[-1] == '(' || p[-1] == '-') &&
			!isalpha((unsigned char)p[n]))
			return true;
	return false;
}

static void
minmax_table(struct cf_probe *probe, const struct cf_table *t,
	const char *path, const struct cf_table_fault *fault)
{
	static const char *const words[] = { "minimum", "maximum", "min.",
		"max.", "lowest", "highest", "range", "outliers", "best result",
		"worst result" };
	char *at;

	for (size_t j = 0; !fault && j < t->cols; j++) {
		bool hit = strcasecmp(t->col[j].title, "min") == 0 ||
			strcasecmp(t->col[j].title, "max") == 0;

		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			hit = hit || has_word(t->col[j].title, words[i]);
		if (!hit || cf_holds_counts(t->col[j].holds))
			continue;
		at = cf_asprintf("%s/columns/%zu", path, j);
		cf_report(probe, CF_WAIVABLE, at, "this column shows single "
			"results: the smallest, the largest or those far "
			"from the rest");
		free(at);
	}
}

static void
minmax_record(struct cf_probe *probe)
{
	cf_tables(probe, minmax_table);
}

const struct cf_rule cf_rule_minmax = {
	.id = "N-MINMAX",
	.severity = CF_WAIVABLE,
	.title = "Lowest and highest",
	.found = "this shows single results",
	.detects = "A column of a table whose heading says lowest, highest, "
		"minimum, maximum, range or outlier.",
	.why = "The lowest result of a group is the result of one child.",
	.remedy = "Give the 10th and the 90th percentile of a large group, or "
		"leave the column out.",
	.example = "A column 'Lowest score'",
	.record = minmax_record
};

/* The share of results below a quantile that a heading names, in percent; 0:
 * none. */
static double
quantile_of(const char *title)
{
	const char *at = strstr(title, "th percentile");
	size_t digits = 0;
	double q = 0;

	if (has_word(title, "quartile") || has_word(title, "quartiles"))
		return 25;
	if (has_word(title, "decile") || has_word(title, "deciles"))
		return 10;
	if (at == NULL)
		return 0;
	while (at > title && at[-1] >= '0' && at[-1] <= '9' && digits < 2) {
		at--;
		digits++;
	}
	for (size_t i = 0; i < digits; i++)
		q = q * 10 + (at[i] - '0');
	return q;
}

static void
quant_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	double q, tail;

	if (f->table == NULL || f->kind != CF_CELL_NUMBER ||
		f->base_state != CF_BASE_GIVEN)
		return;
	q = quantile_of(f->name);
	tail = (q < 50 ? q : 100 - q) * (double)f->base / 100;
	if (q > 0 && tail < (double)cf_least(probe))
		cf_report_figure(probe, CF_ADVICE, f, "fewer than %lld results "
			"lie on one side of this", (long long)cf_least(probe));
}

static void
quant_record(struct cf_probe *probe)
{
	cf_figures(probe, quant_figure);
}

const struct cf_rule cf_rule_quant = {
	.id = "N-QUANT",
	.severity = CF_ADVICE,
	.title = "Percentile of a few",
	.found = "too few results lie on one side of this",
	.detects = "A percentile, decile or quartile in a table with fewer than "
		"10 results on one side of it.",
	.why = "The 5th percentile of a class is close to the result of one "
		"child.",
	.remedy = "Give a percentile nearer to the middle, or a larger group.",
	.example = "10th percentile of 40 pupils",
	.record = quant_record
};
