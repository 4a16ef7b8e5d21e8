/*
 * Reading the groups that several releases cut the people into.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/atoms.h"
#include "check/ledger.h"

const char *const cf_parties[CF_PARTIES] = { "trust", "school" };

/* "sex" of the i-th trait, sex=f; the caller frees. */
static char *
name_at(const char **trait, const json_t *who, size_t i)
{
	*trait = json_string_value(json_array_get(who, i));
	return cf_strndup(*trait, cf_trait_name(*trait));
}

static void
add_names(struct cf_atoms *s, const json_t *who)
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

/*
 * What a number can have been: itself where it is known or was not rounded. Fewer
 * than the floor are held back before anything is rounded: so a 0 is nobody, and
 * a 10 is no 8.
 */
static struct cf_range
range_of(const struct cf_stat *stat, const struct cf_probe *probe)
{
	int64_t exact = stat->value, base = cf_rounding(probe);
	struct cf_range out;

	if (cf_ledger_get(&exact, probe->with->ledger, stat) || exact == 0)
		return (struct cf_range){ exact, exact };
	if (exact % base)
		base = exact % CF_LEAST_ROUNDING ? 1 : CF_LEAST_ROUNDING;
	out = cf_unround(exact, base);
	if (exact >= CF_LEAST_PEOPLE && out.least < CF_LEAST_PEOPLE)
		out.least = CF_LEAST_PEOPLE;
	return out;
}

static void
add_row(struct cf_atoms *s, const struct cf_stat *stat, struct cf_range range)
{
	add_names(s, stat->who);
	s->row[s->rows] = stat;
	s->range[s->rows++] = range;
}

/* Groups are told apart by a value for each name, or none of the values. How
 * many there are; 0: too many. */
static size_t
count_groups(const struct cf_atoms *s)
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
rows_of_values(const struct cf_atoms *s, const json_t *values)
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
cut_by(struct cf_atoms *s, const char *name, const json_t *values)
{
	size_t n = json_array_size(values) + 1;
	struct cf_column *cut = cf_calloc(s->columns * n, sizeof *cut);
	uint64_t *rows = rows_of_values(s, values);

	for (size_t i = 0; i < s->columns; i++)
		for (size_t v = 0; v < n; v++) {
			struct cf_column *c = &cut[i * n + v];

			*c = s->column[i];
			c->in &= rows[v];
			for (size_t p = 0; p < CF_PARTIES; p++)
				if (strcmp(name, cf_parties[p]) == 0)
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
	const struct cf_column *x = a, *y = b;

	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	for (size_t p = 0; p < CF_PARTIES; p++)
		if (x->party[p] != y->party[p])
			return x->party[p] < y->party[p] ? -1 : 1;
	return 0;
}

/* Groups in no number say nothing; those in the same numbers are one. */
static void
merge_columns(struct cf_atoms *s)
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
read_columns(struct cf_atoms *s)
{
	const char *name;
	json_t *values;

	s->too_many = s->too_many || count_groups(s) == 0;
	if (s->too_many)
		return;
	s->column = cf_calloc(1, sizeof *s->column);
	s->columns = 1;
	s->column[0] = (struct cf_column){ .in = UINT64_MAX,
		.party = { SIZE_MAX, SIZE_MAX } };
	json_object_foreach(s->names, name, values)
		cut_by(s, name, values);
	merge_columns(s);
}

/* A number like `now`, unless it is of people who have one already. */
static void
gather_stat(struct cf_atoms *out, const struct cf_stat *stat,
	const struct cf_stat *now, const struct cf_probe *probe)
{
	bool skip = stat->hidden || out->too_many ||
		!cf_stats_compare(stat, now);

	for (size_t k = 0; k < out->rows && !skip && stat != now; k++)
		skip = cf_same_people(out->row[k]->who, stat->who);
	if (skip)
		return;
	out->too_many = out->rows == CF_MAX_RANK_ROWS;
	if (!out->too_many)
		add_row(out, stat, range_of(stat, probe));
}

void
cf_atoms_gather(struct cf_atoms *out, const struct cf_across *a, size_t number,
	const struct cf_probe *probe, bool own)
{
	const struct cf_stat *now = &a->now.stat[number];

	*out = (struct cf_atoms){ .names = json_object() };
	for (size_t i = 0; i < a->past->n; i++)
		if (!own || a->past->stat[i].ours)
			gather_stat(out, &a->past->stat[i], now, probe);
	out->past = out->rows;
	for (size_t i = 0; i < number && out->past; i++)
		gather_stat(out, &a->now.stat[i], now, probe);
	gather_stat(out, now, now, probe);
	if (out->rows > 1)
		read_columns(out);
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

uint64_t
cf_atoms_among(const struct cf_atoms *s, const char *one, const char *two)
{
	const json_t *now = s->row[s->rows - 1]->who;
	json_t *names = json_object();
	uint64_t rows = 0;

	json_object_set_new(names, one, json_true());
	json_object_set_new(names, two, json_true());
	for (size_t i = 0; i < json_array_size(now); i++) {
		const char *trait;
		char *name = name_at(&trait, now, i);

		json_object_set_new(names, name, json_true());
		free(name);
	}
	for (size_t i = 0; i < s->rows; i++)
		if (is_of_names(s->row[i]->who, names))
			rows |= UINT64_C(1) << i;
	json_decref(names);
	return rows;
}

void
cf_atoms_clear(struct cf_atoms *s)
{
	json_decref(s->names);
	free(s->column);
	*s = (struct cf_atoms){ 0 };
}

uint64_t
cf_first_rows(size_t n)
{
	return n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

void
cf_atoms_matrix(struct cf_matrix *m, const struct cf_atoms *s, uint64_t rows,
	size_t more)
{
	cf_matrix_init(m, s->rows, s->columns + more);
	for (size_t i = 0; i < s->rows; i++)
		for (size_t j = 0; j < s->columns; j++)
			cf_matrix_row(m, i)[j] = (s->column[j].in & rows) >> i
				& 1;
}
