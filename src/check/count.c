/*
 * Rules about numbers of people: too few, none, all, not rounded.
 */
#include <math.h>
#include <stdio.h>

#include "check/figures.h"
#include "check/rules.h"

#define SMALL_BASE 30	/* below it a group is easily seen through */

static bool
counts_people(const struct cf_figure *f)
{
	return f->kind == CF_CELL_NUMBER && f->who != CF_NOBODY &&
		cf_is(f, "person-count") && f->value >= 0;
}

static const char *
people(const struct cf_figure *f)
{
	return f->who == CF_PUPILS ? "pupils" : f->who == CF_STAFF ?
		"members of staff" : "people";
}

/* --- N-COUNT ---------------------------------------------------------------- */

static void
count_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t least = cf_least(probe);

	if (!counts_people(f) || f->value <= 0 || f->value >= (double)least)
		return;
	cf_report_figure(probe, f->who == CF_PUPILS ? CF_NEVER : CF_WAIVABLE, f,
		"fewer than %lld %s are counted here", (long long)least,
		people(f));
	if (f->table)
		cf_remedy(probe, "Merge '%s' with another group, or write \"c\" "
			"here and in a second cell of the row and of the column; "
			"'confer check --fix' finds the smallest one.",
			f->table->row[f->row].title);
}

static void
count_record(struct cf_probe *probe)
{
	cf_figures(probe, count_figure);
}

const struct cf_rule cf_rule_count = {
	.id = "N-COUNT",
	.severity = CF_NEVER,
	.title = "Too few people",
	.found = "too few people are counted here",
	.detects = "A number of people from 1 to 9. Numbers of things (classes, "
		"visits, schools) and planned numbers are left alone.",
	.why = "A parent who knows the group can tell which child this is.",
	.remedy = "Merge the group with another one, or leave out the number "
		"and all that is worked out from it.",
	.example = "Pupils with a plan: 4",
	.record = count_record
};

/* --- N-ZERO ----------------------------------------------------------------- */

/* Of how many a number is a part: its base, or the total that its cell is in;
 * -1: not known. */
static int64_t
whole_of(const struct cf_figure *f)
{
	return f->base_state == CF_BASE_GIVEN ? f->base : f->whole;
}

static void
zero_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t whole;

	if (!counts_people(f) || f->value != 0 || !f->sensitive)
		return;
	whole = whole_of(f);
	cf_report_figure(probe, whole >= 0 && whole < SMALL_BASE ? CF_WAIVABLE :
		CF_ADVICE, f, "nobody is counted here, in figures about "
		"something private");
}

static void
zero_record(struct cf_probe *probe)
{
	cf_figures(probe, zero_figure);
}

const struct cf_rule cf_rule_zero = {
	.id = "N-ZERO",
	.severity = CF_WAIVABLE,
	.title = "Nobody",
	.found = "nobody is counted here",
	.detects = "A number of people that is 0, in figures about something "
		"private (special needs, behaviour, a table marked as private). "
		"Waived with a reason where the group has fewer than 30 people, "
		"advice in larger ones.",
	.why = "That no child of a small group has something says it of every "
		"child in it.",
	.remedy = "Merge the group with another one. Where the number must be "
		"0 by the way things are, write \"z\".",
	.example = "Pupils suspended, in a group of 20: 0",
	.record = zero_record
};

/* --- N-FULL ----------------------------------------------------------------- */

static void
full_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	bool percent = f->kind == CF_CELL_NUMBER && f->who != CF_NOBODY &&
		cf_is(f, "percentage") && f->value == 100;
	int64_t whole;

	if (!percent && (!counts_people(f) || f->value <= 0))
		return;
	whole = percent ? f->base : whole_of(f);
	if (!percent && (double)whole != f->value)
		return;
	cf_report_figure(probe, f->sensitive || whole < SMALL_BASE ? CF_WAIVABLE :
		CF_ADVICE, f, "this says it of everybody in the group");
}

static void
full_record(struct cf_probe *probe)
{
	cf_figures(probe, full_figure);
}

const struct cf_rule cf_rule_full = {
	.id = "N-FULL",
	.severity = CF_WAIVABLE,
	.title = "Everybody",
	.found = "this says it of everybody in the group",
	.detects = "100 percent, or a number that is as large as the group it "
		"is a part of. A reason is needed where it is about something "
		"private or the group has fewer than 30 people.",
	.why = "What holds for everybody holds for each child that one knows in "
		"the group.",
	.remedy = "Merge the group with another one, or say \"most\" in words.",
	.example = "Reached it: 25 of 25",
	.record = full_record
};

/* --- N-ROUND ---------------------------------------------------------------- */

static void
round_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	int64_t base = cf_rounding(probe), n, to;
	bool total;

	if (!counts_people(f) || f->value < (double)cf_least(probe) ||
		f->value != floor(f->value))
		return;
	n = (int64_t)f->value;
	if (n == cf_round_to(n, base))
		return;
	total = f->table && (f->table->row[f->row].n ||
		f->table->col[f->col].n);
	to = total ? cf_table_rounded(f->table, f->row * f->table->cols +
		f->col, base) : cf_round_to(n, base);
	cf_report_figure(probe, CF_WAIVABLE, f, "this number of people is not "
		"rounded to %lld", (long long)base);
	cf_remedy(probe, "Write %lld%s.", (long long)to, total ? ", the sum of "
		"the numbers above and beside it once they are rounded" : "");
	if (!f->table)
		cf_propose_take(probe, f->path, json_integer(to));
}

static void
round_record(struct cf_probe *probe)
{
	cf_figures(probe, round_figure);
}

const struct cf_rule cf_rule_round = {
	.id = "N-ROUND",
	.severity = CF_WAIVABLE,
	.title = "Not rounded",
	.found = "this number of people is not rounded to 5",
	.detects = "A number of people that is no multiple of 5 (or of what the "
		"trust asks for).",
	.why = "Two exact numbers that differ by one, here or next term, are "
		"one child.",
	.remedy = "Round it half up to a multiple of 5; work out totals and "
		"percentages from the rounded numbers.",
	.example = "Number, with the practice: 313",
	.record = round_record
};

/* --- N-BASE ----------------------------------------------------------------- */

static void
base_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	const json_t *step = json_object_get(f->object, "n_rounding");
	int64_t declared = json_is_integer(step) ? json_integer_value(step) : 0;

	if (f->table || !counts_people(f) || declared < 1 ||
		f->value != floor(f->value) || (int64_t)f->value % declared == 0
		|| f->value < (double)cf_least(probe))
		return;
	cf_report_figure(probe, CF_ADVICE, f, "numbers here are said to be "
		"rounded to %lld, and this one is not", (long long)declared);
	cf_remedy(probe, "Write %lld, or put right to what numbers are rounded.",
		(long long)cf_round_to((int64_t)f->value, declared));
}

static void
base_record(struct cf_probe *probe)
{
	cf_figures(probe, base_figure);
}

const struct cf_rule cf_rule_base = {
	.id = "N-BASE",
	.severity = CF_ADVICE,
	.title = "Rounded in two ways",
	.found = "this number is rounded otherwise than the record says",
	.detects = "A number of people that is no multiple of the step that the "
		"record gives beside it.",
	.why = "Where numbers are rounded in two ways, the finer one tells how "
		"many children the coarser one stands for.",
	.remedy = "Round all numbers of people to one step.",
	.example = "Rounded to: 10; number, with the practice: 315",
	.record = base_record
};
