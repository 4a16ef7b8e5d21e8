/*
 * X-RANK: what several releases give away together. Every number is a sum over
 * the groups into which the traits cut the people; what can be reckoned from all
 * of them is what elimination leaves. Groups that stand in the same numbers are
 * one column.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/past.h"
#include "check/rules.h"

#define FEW_TRUSTS 3		/* fewer are as good as one */
#define PARTIES 2
#define NONE SIZE_MAX

static const char *const parties[PARTIES] = { "trust", "school" };

/* Groups of people that no number tells from each other. */
struct column {
	uint64_t in;		/* a bit for each row that they are part of */
	size_t party[PARTIES];	/* which trust, which school; NONE */
};

/* The numbers that can be reckoned together; that of the draft comes last. */
struct system {
	const struct cf_stat *row[CF_MAX_RANK_ROWS];
	int64_t shown[CF_MAX_RANK_ROWS], exact[CF_MAX_RANK_ROWS];
	size_t rows;
	json_t *names;		/* {name of a trait: [its values]} */
	struct column *column;
	size_t columns;
	bool too_many;
};

/* --- reading ---------------------------------------------------------------- */

/* "sex" of the i-th trait, sex=f; the caller frees. */
static char *
name_at(const char **trait, const json_t *who, size_t i)
{
	*trait = json_string_value(json_array_get(who, i));
	return cf_strndup(*trait, cf_trait_name(*trait));
}

static void
add_names(struct system *s, const json_t *who)
{
	for (size_t i = 0; i < json_array_size(who); i++) {
		const char *trait;
		char *name = name_at(&trait, who, i);
		json_t *values = json_object_get(s->names, name);

		if (values == NULL) {
			values = json_array();
			json_object_set_new(s->names, name, values);
		}
		if (!cf_json_has(values, trait))
			json_array_append_new(values, json_string(trait));
		free(name);
	}
}

static void
add_row(struct system *s, const struct cf_stat *stat,
	const struct cf_probe *probe)
{
	int64_t exact = stat->value;

	(void)cf_stat_exact(&exact, probe, stat);
	add_names(s, stat->who);
	s->row[s->rows] = stat;
	s->shown[s->rows] = stat->value;
	s->exact[s->rows++] = exact;
}

/* Groups are told apart by a value for each name, or none of the values. How
 * many there are; 0: too many. */
static size_t
count_groups(const struct system *s)
{
	const char *name;
	json_t *values;
	size_t n = 1;

	json_object_foreach(s->names, name, values) {
		n *= json_array_size(values) + 1;
		if (n > CF_MAX_RANK_GROUPS)
			return 0;
	}
	return n;
}

/* For each value of a name, and for none of them: the rows it may stand in. */
static uint64_t *
rows_of_values(const struct system *s, const json_t *values)
{
	size_t n = json_array_size(values);
	uint64_t *rows = cf_calloc(n + 1, sizeof *rows);

	for (size_t r = 0; r < s->rows; r++) {
		uint64_t bit = UINT64_C(1) << r;
		bool asked = false;

		for (size_t v = 0; v < n; v++)
			if (cf_json_has(s->row[r]->who, json_string_value(
				json_array_get(values, v)))) {
				rows[v] |= bit;
				asked = true;
			}
		for (size_t v = 0; v <= n && !asked; v++)
			rows[v] |= bit;
	}
	return rows;
}

/* Every group so far, cut by one more name. */
static void
cut_by(struct system *s, const char *name, const json_t *values)
{
	size_t n = json_array_size(values) + 1;
	struct column *cut = cf_calloc(s->columns * n, sizeof *cut);
	uint64_t *rows = rows_of_values(s, values);

	for (size_t i = 0; i < s->columns; i++)
		for (size_t v = 0; v < n; v++) {
			struct column *c = &cut[i * n + v];

			*c = s->column[i];
			c->in &= rows[v];
			for (size_t p = 0; p < PARTIES; p++)
				if (strcmp(name, parties[p]) == 0)
					c->party[p] = v;
		}
	free(rows);
	free(s->column);
	s->column = cut;
	s->columns *= n;
}

static int
by_column(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	for (size_t p = 0; p < PARTIES; p++)
		if (x->party[p] != y->party[p])
			return x->party[p] < y->party[p] ? -1 : 1;
	return 0;
}

/* Groups in no number say nothing; those in the same numbers are one. */
static void
merge_columns(struct system *s)
{
	size_t n = 0;

	qsort(s->column, s->columns, sizeof *s->column, by_column);
	for (size_t i = 0; i < s->columns; i++)
		if (s->column[i].in && (n == 0 || by_column(&s->column[n - 1],
			&s->column[i]) != 0))
			s->column[n++] = s->column[i];
	s->columns = n;
	s->too_many = s->too_many || n > CF_MAX_RANK_COLUMNS;
}

static void
read_columns(struct system *s)
{
	const char *name;
	json_t *values;

	s->too_many = s->too_many || count_groups(s) == 0;
	if (s->too_many)
		return;
	s->column = cf_calloc(1, sizeof *s->column);
	s->columns = 1;
	s->column[0] = (struct column){ .in = UINT64_MAX,
		.party = { NONE, NONE } };
	json_object_foreach(s->names, name, values)
		cut_by(s, name, values);
	merge_columns(s);
}

static void
gather(struct system *s, const struct cf_across *a, const struct cf_stat *now,
	const struct cf_probe *probe)
{
	*s = (struct system){ .names = json_object() };
	for (size_t i = 0; i < a->past->n; i++) {
		const struct cf_stat *stat = &a->past->stat[i];
		bool known = stat->hidden || !cf_stats_compare(stat, now);

		for (size_t k = 0; k < s->rows && !known; k++)
			known = cf_same_people(s->row[k]->who,
				stat->who);
		if (known)
			continue;
		if (s->rows + 1 == CF_MAX_RANK_ROWS) {
			s->too_many = true;
			return;
		}
		add_row(s, stat, probe);
	}
	add_row(s, now, probe);
	if (s->rows > 1)
		read_columns(s);
}

static void
clear(struct system *s)
{
	json_decref(s->names);
	free(s->column);
}

/* --- judging ---------------------------------------------------------------- */

/* Rows `from` to `to` of the system; values in a last column, where there are. */
static void
fill(struct cf_matrix *m, const struct system *s, size_t from, size_t to,
	const int64_t *values)
{
	cf_matrix_init(m, to - from, s->columns + 1);
	for (size_t i = from; i < to; i++) {
		int64_t *row = cf_matrix_row(m, i - from);

		for (size_t j = 0; j < s->columns; j++)
			row[j] = s->column[j].in >> i & 1;
		row[s->columns] = values ? values[i] : 0;
	}
}

/* Whether the first rows give a group of 1 to least - 1 people. */
static bool
small_group(const struct system *s, size_t rows, const int64_t *values,
	int64_t least)
{
	struct cf_matrix m;
	size_t rank = 0;
	bool small = false;

	fill(&m, s, 0, rows, values);
	if (!cf_matrix_reduce(&m, s->columns, &rank))
		small = true;
	for (size_t i = 0; i < rank && !small; i++) {
		const int64_t *row = cf_matrix_row(&m, i);
		int64_t pivot = 0;
		bool same = true;

		for (size_t j = 0; j < s->columns; j++) {
			same = same && (row[j] == 0 || pivot == 0 ||
				row[j] == pivot);
			pivot = row[j] ? row[j] : pivot;
		}
		small = same && pivot > 0 && row[s->columns] > 0 &&
			row[s->columns] < least * pivot;
	}
	cf_matrix_clear(&m);
	return small;
}

/* Every pair of trusts takes an elimination. */
static bool
is_workable(const struct system *s, size_t party)
{
	size_t n = json_array_size(json_object_get(s->names, parties[party]));

	return n < FEW_TRUSTS || n * n * s->rows * s->rows * s->columns <=
		CF_MAX_RANK_STEPS;
}

/* Whether rows say something of fewer than three trusts alone. */
static bool
few_trusts(const struct system *s, size_t from, size_t to, size_t party)
{
	size_t n = json_array_size(json_object_get(s->names, parties[party]));
	struct cf_matrix m;
	bool *chosen, leak = false;

	if (n < FEW_TRUSTS)
		return false;
	fill(&m, s, from, to, NULL);
	chosen = cf_calloc(m.cols, sizeof *chosen);
	for (size_t a = 0; a < n && !leak; a++)
		for (size_t b = a; b < n && !leak; b++) {
			for (size_t j = 0; j < s->columns; j++)
				chosen[j] = s->column[j].party[party] == a ||
					s->column[j].party[party] == b;
			leak = cf_matrix_leaks(&m, chosen);
		}
	free(chosen);
	cf_matrix_clear(&m);
	return leak;
}

/* What the draft's number adds to what could be reckoned before. */
static bool
adds_small_group(const struct system *s, int64_t least)
{
	const int64_t *values[2] = { s->shown, s->exact };

	for (size_t i = 0; i < 2; i++)
		if (small_group(s, s->rows, values[i], least) &&
			!small_group(s, s->rows - 1, values[i], least))
			return true;
	return false;
}

/* Whether a row speaks of these names only. */
static bool
is_of_names(const json_t *who, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(who); i++) {
		const char *trait;
		char *name = name_at(&trait, who, i);
		bool has = json_object_get(names, name) != NULL;

		free(name);
		if (!has)
			return false;
	}
	return true;
}

/* The same of those rows alone that speak of the draft's traits and of one or two
 * others: numbers that are cut by other traits only hide what these tell. */
static bool
adds_among(const struct system *s, const char *one, const char *two,
	int64_t least)
{
	const json_t *now = s->row[s->rows - 1]->who;
	struct system part = { .names = json_object() };
	json_t *names = json_object();
	bool adds;

	json_object_set_new(names, one, json_true());
	json_object_set_new(names, two, json_true());
	for (size_t i = 0; i < json_array_size(now); i++) {
		const char *trait;
		char *name = name_at(&trait, now, i);

		json_object_set_new(names, name, json_true());
		free(name);
	}
	for (size_t i = 0; i < s->rows; i++)
		if (is_of_names(s->row[i]->who, names)) {
			add_names(&part, s->row[i]->who);
			part.row[part.rows] = s->row[i];
			part.shown[part.rows] = s->shown[i];
			part.exact[part.rows++] = s->exact[i];
		}
	read_columns(&part);
	adds = !part.too_many && part.rows > 2 && adds_small_group(&part, least);
	clear(&part);
	json_decref(names);
	return adds;
}

static bool
adds_any(const struct system *s, int64_t least)
{
	const char *one, *two;
	json_t *values, *others;

	if (adds_small_group(s, least))
		return true;
	json_object_foreach(s->names, one, values)
		json_object_foreach(s->names, two, others)
			if (strcmp(one, two) <= 0 && adds_among(s, one, two,
				least))
				return true;
	return false;
}

static bool
rank_stat(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now)
{
	int64_t least = cf_least(probe);
	struct system s;
	bool whole;

	gather(&s, a, now, probe);
	whole = !s.too_many;
	if (whole && s.rows > 2 && now->value >= least &&
		adds_any(&s, least))
		cf_report(probe, CF_NEVER, now->path, "with %zu numbers that "
			"were published before it gives a group of fewer than "
			"%lld people", s.rows - 1, (long long)least);
	for (size_t p = 0; p < PARTIES && whole && s.rows > 1; p++)
		if (!(whole = is_workable(&s, p)))
			break;
		else if (few_trusts(&s, 0, s.rows, p) &&
			!few_trusts(&s, 0, s.rows - 1, p) &&
			!few_trusts(&s, s.rows - 1, s.rows, p))
			cf_report(probe, CF_NEVER, now->path, "with numbers "
				"that were published before it gives the number "
				"of fewer than %d %ss", FEW_TRUSTS, parties[p]);
	clear(&s);
	return whole;
}

static void
rank_record(struct cf_probe *probe)
{
	bool whole = true;
	struct cf_across a;

	if (!cf_across_begin(&a, probe))
		return;
	for (size_t i = 0; i < a.now.n; i++)
		if (!a.now.stat[i].hidden)
			whole = rank_stat(probe, &a, &a.now.stat[i]) && whole;
	if (!whole)
		cf_not_run(probe, "so many numbers were published of the same "
			"measure and time that what they give away together "
			"cannot be worked out; give the same groups as before, "
			"or fewer");
	cf_across_end(&a);
}

const struct cf_rule cf_rule_rank = {
	.id = "X-RANK",
	.severity = CF_NEVER,
	.local = true,
	.title = "Several records together",
	.found = "with earlier records it gives a small group away",
	.detects = "Numbers of people for the same measure and time that, added "
		"and taken from each other, give a group of fewer than 10 "
		"people, or a figure of fewer than three trusts or schools.",
	.why = "Nobody needs a secret to subtract one published table from "
		"another and find the one child in between.",
	.remedy = "Leave this number out, or give it for the same groups as "
		"before.",
	.example = "Girls, year 8, and girls outside year 8, each published",
	.record = rank_record
};
