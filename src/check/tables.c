/*
 * Rules about tables: their form, their symbols, and what totals give away of
 * the cells that are held back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "check/figures.h"
#include "check/rules.h"

/* --- N-TABLE ---------------------------------------------------------------- */

static void
form_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	char *at;

	if (fault && fault->why[0]) {
		at = cf_asprintf("%s%s", path, fault->path);
		cf_report(probe, CF_NEVER, at, "%s", fault->why);
		free(at);
		return;
	}
	for (size_t j = 0; !fault && j < t->cols; j++)
		if (t->col[j].of_unknown) {
			at = cf_asprintf("%s/columns/%zu/of", path, j);
			cf_report(probe, CF_NEVER, at, "there is no column "
				"with this key");
			free(at);
		}
}

static void
form_record(struct cf_probe *probe)
{
	cf_tables(probe, form_table);
}

const struct cf_rule cf_rule_table = {
	.id = "N-TABLE",
	.severity = CF_NEVER,
	.title = "Table that does not fit together",
	.found = "the parts of this table do not fit each other",
	.detects = "A row with more or fewer entries than there are columns, two "
		"lines with one key, a total of what is not there.",
	.why = "What cannot be read cannot be checked, and a cell in the wrong "
		"column may show what was to be held back.",
	.remedy = "Give each row one entry for each column, and each row and "
		"column a key of its own.",
	.example = "Three columns, and a row with two entries",
	.record = form_record
};

/* --- what totals give away -------------------------------------------------- */

/* The table as it would be safe, its cells the caller's to free; false where it
 * cannot be mended by holding cells back. */
static bool
mended(struct cf_table *out, const struct cf_probe *probe,
	const struct cf_table *t)
{
	size_t n = t->rows * t->cols;

	*out = *t;
	out->cell = cf_calloc(n + 1, sizeof *out->cell);
	memcpy(out->cell, t->cell, n * sizeof *out->cell);
	return cf_table_mend(out, cf_least(probe), cf_rounding(probe));
}

/* "row 3, Boys; row 3, Girls": what is to be held back besides. */
static void
remedy_table(struct cf_probe *probe, const struct cf_table *safe,
	const struct cf_table *t)
{
	struct cf_buf more = CF_BUF(400);
	unsigned n = 0;

	for (size_t i = 0; i < t->rows * t->cols; i++)
		if (safe->cell[i].kind == CF_CELL_HIDDEN &&
			t->cell[i].kind == CF_CELL_NUMBER && ++n <= 4)
			cf_buf_printf(&more, "%s'%s', '%s'", n > 1 ? "; " : "",
				t->row[i / t->cols].title,
				t->col[i % t->cols].title);
	if (n && !more.full)
		cf_remedy(probe, "Write \"c\" in %s too%s. 'confer check --fix' "
			"does it in a copy.", more.data, n > 4 ?
			", and in others" : "");
	cf_buf_clear(&more);
}

struct leak_words {
	enum cf_leak leak;
	const char *words;
};

/* Reports the cells that leak in one way; the first says what would help. */
static void
report_leaks(struct cf_probe *probe, const struct cf_table *t,
	const char *path, const struct leak_words *words)
{
	struct cf_table safe = { 0 };
	struct cf_leaks leaks;
	char at[CF_CELL_PATH];
	bool first = true;

	cf_table_leaks(&leaks, t, cf_least(probe));
	for (size_t i = 0; i < t->rows * t->cols && leaks.any; i++) {
		if (leaks.leak[i] != words->leak)
			continue;
		cf_cell_path(at, path, i / t->cols, i % t->cols);
		cf_report(probe, probe->rule->severity, at, "%s: '%s', '%s'",
			words->words, t->row[i / t->cols].title,
			t->col[i % t->cols].title);
		if (!first)
			continue;
		first = false;
		/* The gate tells the rule only; what would help takes long. */
		if (probe->not_run && mended(&safe, probe, t))
			remedy_table(probe, &safe, t);
		free(safe.cell);
	}
	cf_leaks_clear(&leaks);
}

static void
one_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	static const struct leak_words words = { CF_LEAK_ONE, "this cell is the "
		"only one held back in a total, so the total gives it away" };

	if (!fault)
		report_leaks(probe, t, path, &words);
}

static void
one_record(struct cf_probe *probe)
{
	cf_tables(probe, one_table);
}

const struct cf_rule cf_rule_supp1 = {
	.id = "N-SUPP1",
	.severity = CF_NEVER,
	.title = "One cell held back in a total",
	.found = "the total gives this cell away",
	.detects = "A row, column or group with a total in which only one cell "
		"is held back.",
	.why = "The total less the cells that are shown is the number of "
		"children that was to be held back.",
	.remedy = "Write \"c\" in a second cell of the same total, the smallest "
		"one; or leave the total out.",
	.example = "Boys 25, girls c, all 32",
	.record = one_record
};

static void
sum_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	static const struct leak_words words = { CF_LEAK_SUM, "the cells held "
		"back in this total are too few people in all" };

	if (!fault)
		report_leaks(probe, t, path, &words);
}

static void
sum_record(struct cf_probe *probe)
{
	cf_tables(probe, sum_table);
}

const struct cf_rule cf_rule_suppsum = {
	.id = "N-SUPPSUM",
	.severity = CF_NEVER,
	.title = "Cells held back are few in all",
	.found = "the cells held back are too few people in all",
	.detects = "A total whose cells that are held back come to fewer than 10 "
		"people together.",
	.why = "That two groups together have four children says of each that "
		"there are at most four.",
	.remedy = "Hold back the next smallest cell of the total too, and all "
		"that are equal to it; or leave the total out.",
	.example = "Year 5 c, year 6 c, year 7 60, all 65",
	.record = sum_record
};

static void
solve_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	static const struct leak_words words = { CF_LEAK_SOLVED, "several totals "
		"together give this cell away" };

	if (!fault)
		report_leaks(probe, t, path, &words);
}

static void
solve_record(struct cf_probe *probe)
{
	cf_tables(probe, solve_table);
}

const struct cf_rule cf_rule_solve = {
	.id = "N-SOLVE",
	.severity = CF_NEVER,
	.title = "Cell that can be worked out",
	.found = "several totals together give this cell away",
	.detects = "A cell held back that the totals of the table fix exactly, "
		"by however many steps.",
	.why = "Whoever solves the totals, as a spreadsheet does in a second, "
		"reads the number of children that was to be held back.",
	.remedy = "Hold more cells back, or leave a total out.",
	.example = "A, B and C held back; A and B 40, B and C 45, A and C 55",
	.record = solve_record
};

static void
bound_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	static const struct leak_words narrow = { CF_LEAK_NARROW, "the totals "
		"tell this cell to within a few people" };
	static const struct leak_words unknown = { CF_LEAK_UNKNOWN, "it cannot be "
		"worked out how much the totals tell of this cell" };

	if (!fault)
		report_leaks(probe, t, path, &narrow);
	if (!fault)
		report_leaks(probe, t, path, &unknown);
}

static void
bound_record(struct cf_probe *probe)
{
	cf_tables(probe, bound_table);
}

const struct cf_rule cf_rule_bound = {
	.id = "N-BOUND",
	.severity = CF_WAIVABLE,
	.title = "Cell that is nearly known",
	.found = "the totals tell this cell to within a few people",
	.detects = "A cell held back that the totals leave fewer than 10 values "
		"for, or whose totals contradict the cells or are too many to "
		"be worked out.",
	.why = "To know that a group has two to five children is nearly to know "
		"who is in it.",
	.remedy = "Hold a larger cell of the same total back too, put totals "
		"right that do not add up, or use fewer groups.",
	.example = "A, B, C and D held back; A and B 10, B and C 15, C and D 10: "
		"A is 0 to 5",
	.record = bound_record
};

/* --- N-ADD ------------------------------------------------------------------ */

static void
add_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	struct cf_totals totals = { 0 };
	char at[CF_CELL_PATH];

	if (!fault)
		cf_table_totals(&totals, t);
	for (size_t i = 0; i < totals.n; i++) {
		const struct cf_total *total = &totals.total[i];
		int64_t sum = 0, is = t->cell[total->total].count;
		bool whole = is >= 0;

		for (size_t k = 0; k < total->n; k++) {
			const struct cf_cell *part = &t->cell[total->part[k]];

			whole = whole && (part->count >= 0 ||
				part->kind == CF_CELL_NOTHING);
			sum += part->count > 0 ? part->count : 0;
		}
		if (!whole || sum == is)
			continue;
		cf_cell_path(at, path, total->total / t->cols, total->total %
			t->cols);
		cf_report(probe, CF_ADVICE, at, "the cells add up to %lld, and "
			"not to this total", (long long)sum);
		cf_remedy(probe, "Write %lld: totals are added up from the "
			"rounded cells.", (long long)sum);
	}
	cf_totals_clear(&totals);
}

static void
add_record(struct cf_probe *probe)
{
	cf_tables(probe, add_table);
}

const struct cf_rule cf_rule_add = {
	.id = "N-ADD",
	.severity = CF_ADVICE,
	.title = "Total that does not add up",
	.found = "the cells do not add up to this total",
	.detects = "A total that is not the sum of the cells, where all of them "
		"are shown.",
	.why = "A total from exact numbers beside rounded cells narrows down how "
		"many children each cell stands for.",
	.remedy = "Add totals up from the rounded cells.",
	.example = "Boys 25, girls 30, all 57",
	.record = add_record
};

/* --- N-MARK, N-MASK --------------------------------------------------------- */

static void
mark_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	if (f->table == NULL)
		return;
	if (f->kind == CF_CELL_ODD)
		cf_report_figure(probe, CF_WAIVABLE, f, "this is neither a number "
			"nor one of the symbols c, z, x, u, low");
	else if (f->kind == CF_CELL_LOW && cf_is(f, "person-count"))
		cf_report_figure(probe, CF_WAIVABLE, f, "\"low\" says that one or "
			"two people are counted here");
	else
		return;
	cf_remedy(probe, f->kind == CF_CELL_LOW ? "Write \"c\", and hold a "
		"second cell back." : "Write the number alone, or one of the "
		"symbols.");
}

static void
mark_record(struct cf_probe *probe)
{
	cf_figures(probe, mark_figure);
}

const struct cf_rule cf_rule_mark = {
	.id = "N-MARK",
	.severity = CF_WAIVABLE,
	.title = "Symbol in a table",
	.found = "this is neither a number nor a symbol",
	.detects = "An entry that is no number and none of the symbols c, z, x, "
		"u, low, k; \"low\" where people are counted.",
	.why = "What the check cannot read may be the very number of children "
		"that was to be held back.",
	.remedy = "Write \"c\" for what is held back, \"z\" for what does not "
		"apply, \"x\" for what is not available.",
	.example = "A cell 'n/a' or '*'",
	.record = mark_record
};

static void
mask_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	if (f->table == NULL || f->kind != CF_CELL_MASK)
		return;
	cf_report_figure(probe, CF_WAIVABLE, f, "\"fewer than\" says that there "
		"is somebody, and at most how many");
}

static void
mask_record(struct cf_probe *probe)
{
	cf_figures(probe, mask_figure);
}

const struct cf_rule cf_rule_mask = {
	.id = "N-MASK",
	.severity = CF_WAIVABLE,
	.title = "Fewer than",
	.found = "\"fewer than\" says at most how many",
	.detects = "An entry such as \"<5\" or \"fewer than 10\" in a table.",
	.why = "Beside a total or a percentage \"fewer than 5\" is often one "
		"number of children only.",
	.remedy = "Write \"c\".",
	.example = "A cell '<5'",
	.record = mask_record
};
