/*
 * X-RANK: what several releases give away together. Every number is a sum over
 * the groups into which the traits cut the people; what can be reckoned from all
 * of them is what elimination leaves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/past.h"
#include "check/rules.h"

#define MOST_ATOMS 64u		/* groups that releases cut the people into */
#define MOST_ROWS 64u		/* releases with one measure */
#define FEW_TRUSTS 3		/* fewer are as good as one */

/* The numbers that can be reckoned together, and the groups (atoms) that their
 * traits cut the people into: a value for each name, or none of the values. */
struct atoms {
	const struct cf_stat *row[MOST_ROWS];
	size_t rows, new_rows;	/* those of the draft come last */
	json_t *names;		/* {name: [value]} */
	size_t n;
};

static bool
add_names(struct atoms *atoms, const json_t *who)
{
	for (size_t i = 0; i < json_array_size(who); i++) {
		const char *trait = json_string_value(json_array_get(who, i));
		char *name = cf_strndup(trait, cf_trait_name(trait));
		json_t *values = json_object_get(atoms->names, name);

		if (values == NULL) {
			values = json_array();
			json_object_set_new(atoms->names, name, values);
		}
		if (!cf_json_has(values, trait))
			json_array_append_new(values, json_string(trait));
		free(name);
	}
	return true;
}

/* How many groups there are; 0: too many. */
static size_t
count_atoms(const struct atoms *atoms)
{
	const char *name;
	json_t *values;
	size_t n = 1;

	json_object_foreach(atoms->names, name, values) {
		n *= json_array_size(values) + 1;
		if (n > MOST_ATOMS)
			return 0;
	}
	return n;
}

/* Whether a group is among these people. `only` (or NULL): the one name that
 * counts; *value is which of its values the group has. */
static bool
in_group(const struct atoms *atoms, size_t atom, const json_t *who,
	const char *only, size_t *value)
{
	const char *name;
	json_t *values;

	json_object_foreach(atoms->names, name, values) {
		size_t of = json_array_size(values), mine = atom % (of + 1);
		bool asked = false, has = false;

		atom /= of + 1;
		if (only && strcmp(name, only) == 0)
			*value = mine;
		for (size_t i = 0; i < of; i++) {
			bool in = cf_json_has(who, json_string_value(
				json_array_get(values, i)));

			asked = asked || in;
			has = has || (in && mine == i);
		}
		if (asked && !has)
			return false;
	}
	return true;
}

static void
fill(struct cf_matrix *m, const struct atoms *atoms, size_t rows)
{
	cf_matrix_init(m, rows, atoms->n + 1);
	for (size_t i = 0; i < rows; i++) {
		int64_t *row = cf_matrix_row(m, i);

		for (size_t j = 0; j < atoms->n; j++)
			row[j] = in_group(atoms, j, atoms->row[i]->who, NULL,
				NULL);
		row[atoms->n] = atoms->row[i]->value;
	}
}

/* Whether the first rows give a group of 1 to least - 1 people. */
static bool
small_group(const struct atoms *atoms, size_t rows, int64_t least)
{
	struct cf_matrix m;
	size_t rank = 0;
	bool small = false;

	fill(&m, atoms, rows);
	if (!cf_matrix_reduce(&m, atoms->n, &rank))
		small = true;
	for (size_t i = 0; i < rank && !small; i++) {
		const int64_t *row = cf_matrix_row(&m, i);
		int64_t pivot = 0;
		bool same = true;

		for (size_t j = 0; j < atoms->n; j++) {
			same = same && (row[j] == 0 || pivot == 0 ||
				row[j] == pivot);
			pivot = row[j] ? row[j] : pivot;
		}
		small = same && pivot > 0 && row[atoms->n] > 0 &&
			row[atoms->n] < least * pivot;
	}
	cf_matrix_clear(&m);
	return small;
}

/* Whether the first rows say something of fewer than three trusts alone. */
static bool
few_trusts(const struct atoms *atoms, size_t rows, const char *name)
{
	size_t values = json_array_size(json_object_get(atoms->names, name));
	struct cf_matrix m;
	bool *chosen, leak = false;

	if (values < FEW_TRUSTS)
		return false;
	fill(&m, atoms, rows);
	m.cols = atoms->n + 1;
	for (size_t i = 0; i < rows; i++)
		cf_matrix_row(&m, i)[atoms->n] = 0;
	chosen = cf_calloc(m.cols, sizeof *chosen);
	for (size_t a = 0; a < values && !leak; a++)
		for (size_t b = a; b < values && !leak; b++) {
			for (size_t j = 0; j < atoms->n; j++) {
				size_t value = values;

				(void)in_group(atoms, j, NULL, name, &value);
				chosen[j] = value == a || value == b;
			}
			leak = cf_matrix_leaks(&m, chosen);
		}
	free(chosen);
	cf_matrix_clear(&m);
	return leak;
}

static void
gather(struct atoms *atoms, const struct cf_across *a, const struct cf_stat *now)
{
	*atoms = (struct atoms){ .names = json_object() };
	for (size_t i = 0; i < a->past.n && atoms->rows + 1 < MOST_ROWS; i++) {
		const struct cf_stat *s = &a->past.stat[i];
		bool known = s->hidden || !cf_stats_compare(s, now);

		for (size_t k = 0; k < atoms->rows && !known; k++)
			known = cf_people_relation(atoms->row[k]->who, s->who)
				== CF_SAME;
		if (known)
			continue;
		add_names(atoms, s->who);
		atoms->row[atoms->rows++] = s;
	}
	add_names(atoms, now->who);
	atoms->row[atoms->rows] = now;
	atoms->n = count_atoms(atoms);
}

static void
rank_stat(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now)
{
	static const char *const parties[] = { "trust", "school" };
	int64_t least = cf_least(probe);
	struct atoms atoms;

	gather(&atoms, a, now);
	if (atoms.rows >= 2 && atoms.n && small_group(&atoms, atoms.rows + 1,
		least) && !small_group(&atoms, atoms.rows, least) &&
		now->value >= least)
		cf_report(probe, CF_NEVER, now->path, "with %zu numbers that "
			"were published before it gives a group of fewer than "
			"%lld people", atoms.rows, (long long)least);
	for (size_t i = 0; i < 2 && atoms.rows >= 1 && atoms.n; i++) {
		struct atoms alone = { .row = { now }, .rows = 1,
			.names = atoms.names, .n = atoms.n };

		if (few_trusts(&atoms, atoms.rows + 1, parties[i]) &&
			!few_trusts(&atoms, atoms.rows, parties[i]) &&
			!few_trusts(&alone, 1, parties[i]))
			cf_report(probe, CF_NEVER, now->path, "with numbers "
				"that were published before it gives the number "
				"of fewer than %d %ss", FEW_TRUSTS, parties[i]);
	}
	json_decref(atoms.names);
}

static void
rank_record(struct cf_probe *probe)
{
	struct cf_across a;

	if (!cf_across_begin(&a, probe))
		return;
	for (size_t i = 0; i < a.now.n; i++)
		if (!a.now.stat[i].hidden)
			rank_stat(probe, &a, &a.now.stat[i]);
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
