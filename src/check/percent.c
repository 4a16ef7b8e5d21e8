/*
 * Rules about percentages, and what figures rest on.
 */
#include <math.h>
#include <stdio.h>

#include "check/figures.h"
#include "check/rules.h"

#define FAR 5	/* points: what is rounded by more says something else */

static bool
is_percentage(const struct cf_figure *f)
{
	return f->kind == CF_CELL_NUMBER && f->who != CF_NOBODY &&
		cf_is(f, "percentage");
}

/* --- N-PCT ------------------------------------------------------------------ */

static void
pct_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	bool based = f->base_state == CF_BASE_GIVEN && f->base > 0;
	int64_t base = cf_rounding(probe), to;

	if (!is_percentage(f) || f->value < 0 || f->value > 100)
		return;
	to = based ? cf_percent_rounded(f->value, cf_round_to(f->base, base) ?
		cf_round_to(f->base, base) : base, base) :
		(int64_t)llround(f->value);
	if ((double)to == f->value)
		return;
	if (f->value != floor(f->value))
		cf_report_figure(probe, CF_WAIVABLE, f, "this percentage has "
			"decimals, which tell the number of people behind it");
	else
		cf_report_figure(probe, CF_WAIVABLE, f, "no rounded number of "
			"people makes this percentage of the group");
	if (fabs((double)to - f->value) > FAR) {
		cf_remedy(probe, "Leave it out: numbers of so small a group, "
			"once rounded, make no percentage near it.");
		if (f->table)
			cf_propose_take(probe, f->path, json_string("c"));
		return;
	}
	cf_remedy(probe, "Work it out from the rounded numbers: %lld.",
		(long long)to);
	if (f->table) {
		char text[24];

		(void)snprintf(text, sizeof text, "%lld", (long long)to);
		cf_propose_take(probe, f->path, json_string(text));
	} else {
		cf_propose_take(probe, f->path, json_integer(to));
	}
}

static void
pct_record(struct cf_probe *probe)
{
	cf_figures(probe, pct_figure);
}

const struct cf_rule cf_rule_pct = {
	.id = "N-PCT",
	.severity = CF_WAIVABLE,
	.title = "Percentage from exact numbers",
	.found = "this percentage was worked out from exact numbers",
	.detects = "A percentage of people with decimals, or one that no "
		"multiple of 5 out of the rounded group makes.",
	.why = "An exact percentage of a rounded group gives back the exact "
		"number of children.",
	.remedy = "Give whole percentages, worked out from the rounded numbers.",
	.example = "Missing, percent: 7.6",
	.record = pct_record
};

/* --- N-PCTSMALL ------------------------------------------------------------- */

static void
pctsmall_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t least = cf_least(probe);
	struct cf_range k, n;

	if (!is_percentage(f))
		return;
	if (f->base_state == CF_BASE_HIDDEN || (f->base_state ==
		CF_BASE_GIVEN && f->base < least)) {
		cf_report_figure(probe, CF_NEVER, f, "this is a percentage of "
			"fewer than %lld people", (long long)least);
	} else if (f->base_state == CF_BASE_GIVEN && f->value > 0 &&
		f->value < 100) {
		n = cf_unround(f->base, cf_rounding(probe));
		if (!cf_percent_people(&k, f->value, n) ||
			(k.most >= least && n.most - k.least >= least))
			return;
		cf_report_figure(probe, CF_NEVER, f, "in a group of "
			"this size the percentage is of fewer than %lld "
			"people%s",
			(long long)least, k.most < least ? "" :
			" who are not in it");
	} else {
		return;
	}
	if (f->table)
		cf_propose_take(probe, f->path, json_string("c"));
}

static void
pctsmall_record(struct cf_probe *probe)
{
	cf_figures(probe, pctsmall_figure);
}

const struct cf_rule cf_rule_pctsmall = {
	.id = "N-PCTSMALL",
	.severity = CF_NEVER,
	.title = "Percentage of a few",
	.found = "this percentage stands for too few people",
	.detects = "A percentage of a group of fewer than 10, or one that can "
		"only mean fewer than 10 people in it or out of it. 0 and 100 "
		"have rules of their own.",
	.why = "Whoever knows the size of the class turns the percentage into "
		"one or two children.",
	.remedy = "Leave it out, or write \"c\"; or give it for a larger group.",
	.example = "3 percent of 120 pupils",
	.record = pctsmall_record
};

/* --- N-BASEMISSING ---------------------------------------------------------- */

static void
missing_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	bool rests = cf_is(f, "percentage") || cf_is(f, "mean") ||
		cf_is(f, "sd") || cf_is(f, "thing-percentage");

	if (f->kind != CF_CELL_NUMBER || !rests ||
		f->base_state != CF_BASE_MISSING)
		return;
	cf_report_figure(probe, CF_WAIVABLE, f, "nothing says on how many this "
		"rests");
	if (f->table)
		cf_remedy(probe, "Give the number in a column of its own, rounded "
			"to %lld, and name that column in \"of\".",
			(long long)cf_rounding(probe));
}

static void
missing_record(struct cf_probe *probe)
{
	cf_figures(probe, missing_figure);
}

const struct cf_rule cf_rule_basemissing = {
	.id = "N-BASEMISSING",
	.severity = CF_WAIVABLE,
	.title = "On how many it rests",
	.found = "nothing says on how many this rests",
	.detects = "A percentage, an average or a spread without the number that "
		"it rests on.",
	.why = "Nobody can see whether it is the result of a year group or of "
		"two children.",
	.remedy = "Give the number beside it, rounded to 5.",
	.example = "Mean: 3.8, without the number of answers",
	.record = missing_record
};
