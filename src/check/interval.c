/*
 * What numbers of several releases say of a group of people, each as the interval
 * that it can stand for: elimination finds the groups, a linear programme how many
 * they can be.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/atoms.h"

#define WITH_OTHERS 3		/* two numbers are X-SUBSET's */

__extension__ typedef __int128 wide;	/* both compilers have it */

/* What a combination of the numbers gives: how many people some columns are. */
struct group {
	bool *in;		/* a flag for each column */
	struct cf_range range;	/* what they can be */
	int64_t shown;		/* what the numbers as shown make */
	uint64_t takes;		/* a bit for each number that it takes */
	bool by_draft;		/* that of the draft is among them */
	bool of_many;		/* and two more, or more than that */
	bool told;		/* other rules tell it: of two, of the draft */
};

struct groups {
	struct group group[CF_MAX_RANK_SUMS];
	size_t n;
	bool cut_short;		/* not all could be worked out */
};

/* Whether a reduced row is a sum over columns. */
static bool
is_sum(const int64_t *row, size_t columns)
{
	int64_t pivot = 0;

	for (size_t j = 0; j < columns; j++) {
		if (row[j] && pivot == 0)
			pivot = row[j];
		if (row[j] && row[j] != pivot)
			return false;
	}
	return pivot > 0;
}

static int64_t
first_of(const int64_t *row)
{
	while (*row == 0)
		row++;
	return *row;
}

static wide
floor_of(wide a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Surely somebody, and surely too few. */
static bool
is_few(struct cf_range range, int64_t least)
{
	return range.least > 0 && range.most < least;
}

/* What it takes of each number stands behind the columns. */
static void
weigh(struct group *g, const struct cf_atoms *s, const int64_t *row,
	int64_t people)
{
	const int64_t *takes = row + s->columns;
	int64_t pivot = first_of(row);
	wide least = 0, most = 0, shown = 0;
	size_t numbers = 0;

	for (size_t i = 0; i < s->rows; i++) {
		wide k = takes[i];

		least += k * (k > 0 ? s->range[i].least : s->range[i].most);
		most += k * (k > 0 ? s->range[i].most : s->range[i].least);
		shown += k * s->row[i]->value;
		g->takes |= (uint64_t)(k != 0) << i;
		numbers += k != 0;
	}
	g->range.least = least > 0 ? (int64_t)-floor_of(-least, pivot) : 0;
	g->range.most = (int64_t)floor_of(most, pivot);
	g->shown = (int64_t)floor_of(shown, pivot);
	g->by_draft = takes[s->rows - 1] != 0;
	g->of_many = g->by_draft && numbers >= WITH_OTHERS;
	g->told = (numbers < WITH_OTHERS && is_few(g->range, people)) ||
		(g->takes & cf_first_rows(s->past)) == 0;
}

static bool
is_known(const struct groups *groups, const bool *in, size_t columns)
{
	for (size_t k = 0; k < groups->n; k++)
		if (memcmp(groups->group[k].in, in, columns * sizeof *in) == 0)
			return true;
	return false;
}

/* A reduced row: the group that it gives a sum of, if that can be few. */
static void
add_group(struct groups *out, const struct cf_atoms *s, const int64_t *row,
	int64_t least)
{
	struct group g = { .in = NULL };

	if (!is_sum(row, s->columns))
		return;
	weigh(&g, s, row, least);
	if (g.range.most <= 0 || g.range.least >= least)
		return;
	g.in = cf_calloc(s->columns + 1, sizeof *g.in);
	for (size_t j = 0; j < s->columns; j++)
		g.in[j] = row[j] != 0;
	if (is_known(out, g.in, s->columns)) {
		free(g.in);
	} else if (out->n == CF_MAX_RANK_SUMS) {
		out->cut_short = true;
		free(g.in);
	} else {
		out->group[out->n++] = g;
	}
}

/* The groups of which these rows give a sum by elimination. */
static void
find_groups(struct groups *out, const struct cf_atoms *s, uint64_t rows,
	int64_t least)
{
	struct cf_matrix m;
	size_t rank = 0;

	cf_atoms_matrix(&m, s, rows, s->rows);
	for (size_t i = 0; i < s->rows; i++)
		cf_matrix_row(&m, i)[s->columns + i] = 1;
	if (!cf_matrix_reduce(&m, s->columns, &rank))
		out->cut_short = true;
	for (size_t i = 0; i < rank && !out->cut_short; i++)
		add_group(out, s, cf_matrix_row(&m, i), least);
	cf_matrix_clear(&m);
}

/* By all rows together, then by those that are cut by few traits alone. */
static void
find_all_groups(struct groups *out, const struct cf_atoms *s, int64_t least)
{
	uint64_t all = cf_first_rows(s->rows), last = all, rows;
	const char *one, *two;
	json_t *values, *others;

	find_groups(out, s, all, least);
	json_object_foreach(s->names, one, values)
		json_object_foreach(s->names, two, others) {
			if (strcmp(one, two) > 0)
				continue;
			rows = cf_atoms_among(s, one, two);
			if (rows != all && rows != last)
				find_groups(out, s, rows, least);
			last = rows;
		}
}

/*
 * Of a number: those in it, and what it falls short of the most that it can be,
 * which has its limit as well. Of a group: those in it are as many as an unknown of
 * its own. These unknowns come before the columns, so that elimination has next to
 * nothing to do.
 */
static void
fill_bounds(struct cf_matrix *m, const struct cf_atoms *s, size_t rows,
	const struct groups *groups)
{
	size_t first = 2 * rows + groups->n;

	for (size_t i = 0; i < rows; i++) {
		int64_t *sum = cf_matrix_row(m, 2 * i);
		int64_t *room = cf_matrix_row(m, 2 * i + 1);

		for (size_t j = 0; j < s->columns; j++)
			sum[first + j] = s->column[j].in >> i & 1;
		sum[2 * i] = 1;
		sum[m->cols - 1] = s->range[i].most;
		room[2 * i] = room[2 * i + 1] = 1;
		room[m->cols - 1] = s->range[i].most - s->range[i].least;
	}
	for (size_t k = 0; k < groups->n; k++) {
		int64_t *row = cf_matrix_row(m, 2 * rows + k);

		for (size_t j = 0; j < s->columns; j++)
			row[first + j] = -groups->group[k].in[j];
		row[2 * rows + k] = 1;
	}
}

/* What all of the first rows together say of each group. */
static enum cf_bounds
bound_groups(struct cf_range *range, const struct cf_atoms *s, size_t rows,
	const struct groups *groups, unsigned *steps)
{
	size_t own = 2 * rows, first = own + groups->n;
	struct cf_bound *bound = cf_calloc(first, sizeof *bound);
	struct cf_matrix m;
	enum cf_bounds got;

	cf_matrix_init(&m, first, first + s->columns + 1);
	fill_bounds(&m, s, rows, groups);
	got = cf_matrix_bounds(&m, own, first, bound, steps);
	for (size_t k = 0; k < groups->n; k++)
		range[k] = (struct cf_range){ bound[own + k].least,
			bound[own + k].most };
	free(bound);
	cf_matrix_clear(&m);
	return got;
}

/*
 * Narrows the groups by all numbers together; `before`: whether they were few by
 * the numbers without the draft's. Numbers that contradict each other (of another
 * day, say) narrow nothing.
 */
static void
narrow_groups(struct groups *groups, bool *before, const struct cf_atoms *s,
	int64_t least, unsigned *steps)
{
	struct cf_range range[CF_MAX_RANK_SUMS];
	enum cf_bounds got = bound_groups(range, s, s->rows, groups, steps);
	bool any = false;

	for (size_t k = 0; k < groups->n; k++) {
		if (got == CF_BOUNDS_FOUND)
			groups->group[k].range = range[k];
		before[k] = !groups->group[k].by_draft &&
			got != CF_BOUNDS_FOUND;
		any = any || is_few(groups->group[k].range, least);
	}
	groups->cut_short = groups->cut_short || got == CF_BOUNDS_UNKNOWN;
	if (!any || got != CF_BOUNDS_FOUND)
		return;
	got = bound_groups(range, s, s->rows - 1, groups, steps);
	groups->cut_short = groups->cut_short || got == CF_BOUNDS_UNKNOWN;
	for (size_t k = 0; k < groups->n; k++)
		before[k] = got == CF_BOUNDS_FOUND && is_few(range[k], least);
}

static void
set_group(struct cf_added_group *out, enum cf_added added, const struct group *g,
	const struct cf_atoms *s)
{
	*out = (struct cf_added_group){ .added = added, .range = g->range,
		.shown = g->shown };
	for (size_t i = 0; i + 1 < s->rows; i++) {
		size_t release = s->row[i]->release, k = 0;

		if (!(g->takes >> i & 1))
			continue;
		if (i >= s->past) {
			out->here++;
			continue;
		}
		out->earlier++;
		while (k < out->named && out->release[k] != release)
			k++;
		if (k == out->named && k < CF_NAMED_RELEASES)
			out->release[out->named++] = release;
	}
}

bool
cf_atoms_judge(struct cf_added_group *out, const struct cf_atoms *s, int64_t least,
	unsigned *steps)
{
	struct groups *groups;
	bool before[CF_MAX_RANK_SUMS] = { false }, whole;

	if (s->rows < WITH_OTHERS)
		return true;
	groups = cf_calloc(1, sizeof *groups);
	find_all_groups(groups, s, least);
	if (groups->n)
		narrow_groups(groups, before, s, least, steps);
	for (size_t k = 0; k < groups->n; k++) {
		const struct group *g = &groups->group[k];
		enum cf_added added = is_few(g->range, least) ? CF_ADDS_FEW :
			g->of_many && g->shown > 0 && g->shown < least ?
			CF_ADDS_PERHAPS : CF_ADDS_NOTHING;

		if (!before[k] && !g->told && added > out->added)
			set_group(out, added, g, s);
	}
	whole = !groups->cut_short;
	for (size_t k = 0; k < groups->n; k++)
		free(groups->group[k].in);
	free(groups);
	return whole;
}
