/*
 * X-RANK: what several releases give away together. Of trusts and schools any sum
 * over fewer than three is too much, rounded or not: where there are 400 pupils the
 * one is as good as the other. Of people a sum is, that leaves no doubt of a few.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/atoms.h"
#include "check/rules.h"

#define FEW_TRUSTS 3		/* fewer are as good as one */

/* --- people ------------------------------------------------------------------ */

static void
tell_people(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_added_group *v)
{
	struct cf_buf where = CF_BUF((CF_NAMED_RELEASES + 1) *
		(CF_RELEASE_NAME + 2));

	cf_buf_printf(&where, "with %zu number%s published before (", v->earlier,
		v->earlier == 1 ? "" : "s");
	for (size_t i = 0; i < v->named; i++) {
		char name[CF_RELEASE_NAME];

		cf_buf_printf(&where, "%s%s", i ? ", " : "", cf_release_name(
			name, a, v->release[i]));
	}
	cf_buf_puts(&where, ")");
	if (v->here)
		cf_buf_printf(&where, " and %zu more of this draft", v->here);
	if (v->added == CF_ADDS_FEW) {
		cf_report(probe, CF_NEVER, now->path, "%s it gives a group of "
			"fewer than %lld people", where.data,
			(long long)cf_least(probe));
	} else {
		cf_report(probe, CF_ADVICE, now->path, "%s it leaves about %lld "
			"people over: %lld to %lld, because the numbers are "
			"rounded", where.data,
			(long long)v->shown, (long long)v->range.least,
			(long long)v->range.most);
		cf_remedy(probe, "Think who is left over: if there is nobody, "
			"or nothing private is said of them, leave it as it is; "
			"else give the number for the same groups as before.");
	}
	cf_buf_clear(&where);
}

static bool
rank_people(struct cf_probe *probe, const struct cf_across *a, size_t number,
	unsigned *steps)
{
	const struct cf_stat *now = &a->now.stat[number];
	struct cf_added_group v = { CF_ADDS_NOTHING };
	struct cf_atoms s;
	bool whole;

	cf_atoms_gather(&s, a, number, probe, true);
	whole = !s.too_many;
	if (whole && now->value >= cf_least(probe))
		whole = cf_atoms_judge(&v, &s, cf_least(probe), steps);
	if (v.added)
		tell_people(probe, a, now, &v);
	cf_atoms_clear(&s);
	return whole;
}

/* --- trusts and schools ------------------------------------------------------ */

/* All rows, those before the last, and the last alone; reduced, so that each pair
 * of trusts has little left to do. */
enum { ALL, BEFORE, ALONE, SIDES };

static bool
reduce_sides(struct cf_matrix m[SIDES], const struct cf_atoms *s)
{
	uint64_t all = cf_first_rows(s->rows);
	uint64_t before = cf_first_rows(s->rows - 1);
	uint64_t rows[SIDES] = { all, before, all & ~before };
	size_t rank;
	bool told = true;

	for (size_t i = 0; i < SIDES; i++) {
		cf_atoms_matrix(&m[i], s, rows[i], 0);
		told = told && cf_matrix_reduce(&m[i], s->columns, &rank);
	}
	return told;
}

/* Whether the last row gives something of one or two trusts that neither the rows
 * before it do, nor it alone. */
static bool
adds_few_trusts(const struct cf_matrix m[SIDES], const struct cf_atoms *s,
	size_t party, size_t n)
{
	bool *chosen = cf_calloc(s->columns + 1, sizeof *chosen), adds = false;

	for (size_t a = 0; a < n && !adds; a++)
		for (size_t b = a; b < n && !adds; b++) {
			for (size_t j = 0; j < s->columns; j++)
				chosen[j] = s->column[j].party[party] == a ||
					s->column[j].party[party] == b;
			adds = cf_matrix_leaks(&m[ALL], chosen) &&
				!cf_matrix_leaks(&m[BEFORE], chosen) &&
				!cf_matrix_leaks(&m[ALONE], chosen);
		}
	free(chosen);
	return adds;
}

/* False: it cannot tell. */
static bool
judge_parties(struct cf_probe *probe, const struct cf_atoms *s, const char *path,
	size_t *steps)
{
	struct cf_matrix m[SIDES];
	bool told = reduce_sides(m, s);

	for (size_t p = 0; p < CF_PARTIES && told; p++) {
		size_t n = json_array_size(json_object_get(s->names,
			cf_parties[p]));
		size_t work = n * n * s->rows * s->columns;

		if (n < FEW_TRUSTS)
			continue;
		told = work <= *steps;
		if (!told)
			break;
		*steps -= work;
		if (adds_few_trusts(m, s, p, n))
			cf_report(probe, CF_NEVER, path, "with numbers that "
				"were published before it gives the number of "
				"fewer than %d %ss", FEW_TRUSTS, cf_parties[p]);
	}
	for (size_t i = 0; i < SIDES; i++)
		cf_matrix_clear(&m[i]);
	return told;
}

static bool
rank_parties(struct cf_probe *probe, const struct cf_across *a, size_t number,
	size_t *steps)
{
	struct cf_atoms s;
	bool whole;

	cf_atoms_gather(&s, a, number, probe, false);
	whole = !s.too_many;
	if (whole && s.past)
		whole = judge_parties(probe, &s, a->now.stat[number].path,
			steps);
	cf_atoms_clear(&s);
	return whole;
}

/* Whether any number is said to be of a trust or a school. */
static bool
names_parties(const struct cf_stats *stats)
{
	for (size_t i = 0; i < stats->n; i++)
		for (size_t k = 0; k < json_array_size(stats->stat[i].who); k++)
			for (size_t p = 0; p < CF_PARTIES; p++) {
				const char *trait = json_string_value(
					json_array_get(stats->stat[i].who, k));
				size_t n = cf_trait_name(trait);

				if (strlen(cf_parties[p]) == n && strncmp(trait,
					cf_parties[p], n) == 0)
					return true;
			}
	return false;
}

/* --- the rule ---------------------------------------------------------------- */

static void
rank_record(struct cf_probe *probe)
{
	unsigned bounds = CF_MAX_RANK_BOUND_STEPS;
	size_t steps = CF_MAX_RANK_STEPS;
	bool whole = true, parties;
	struct cf_across a;

	if (!cf_across_begin(&a, probe))
		return;
	parties = names_parties(&a.now) || names_parties(a.past);
	for (size_t i = 0; i < a.now.n; i++) {
		if (a.now.stat[i].hidden)
			continue;
		whole = rank_people(probe, &a, i, &bounds) && whole;
		if (parties)
			whole = rank_parties(probe, &a, i, &steps) && whole;
	}
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
		"people, or a figure of fewer than three trusts or schools. A "
		"rounded number counts as all that it can stand for.",
	.why = "Nobody needs a secret to subtract one published table from "
		"another and find the one child in between.",
	.remedy = "Leave this number out, or give it for the same groups as "
		"before.",
	.example = "Girls, year 8, and girls outside year 8, each published",
	.record = rank_record
};
