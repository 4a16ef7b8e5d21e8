/*
 * Rules about whom figures are of: groups that are cut too fine, rows that are
 * people, too few schools, places and times that are too small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/figures.h"
#include "check/rules.h"

#define FEW_CELLS 20	/* the least that can be held back is a square of four */
#define MANY_ROWS 50
#define SMALL_BASE 30
#define TERM_MONTHS 3

/* --- N-DIMS ----------------------------------------------------------------- */

/* The name of a trait such as sex=f, into names where it is new there. */
static void
add_traits(json_t *names, const json_t *where)
{
	for (size_t i = 0; i < json_array_size(where); i++) {
		const char *trait = json_string_value(json_array_get(where, i));
		const char *equals = trait ? strchr(trait, '=') : NULL;
		char *name;

		if (equals == NULL)
			continue;
		name = cf_strndup(trait, (size_t)(equals - trait));
		if (!cf_json_has(names, name))
			json_array_append_new(names, json_string(name));
		free(name);
	}
}

static void
dims_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	size_t counts = 0, hidden = 0;
	json_t *names;

	if (fault)
		return;
	names = json_array();
	for (size_t i = 0; i < t->rows; i++)
		add_traits(names, t->row[i].where);
	for (size_t j = 0; j < t->cols; j++) {
		add_traits(names, t->col[j].where);
		if (!cf_holds_people(t->col[j].holds))
			continue;
		for (size_t i = 0; i < t->rows; i++) {
			counts++;
			hidden += cf_table_cell(t, i, j)->kind ==
				CF_CELL_HIDDEN;
		}
	}
	if (json_array_size(names) > CF_MAX_CROSSED)
		cf_report(probe, CF_ADVICE, path, "this table crosses %zu things "
			"about people", json_array_size(names));
	else if (counts >= FEW_CELLS &&
		hidden * 100 > counts * CF_MAX_HIDDEN_PERCENT)
		cf_report(probe, CF_ADVICE, path, "more than %d in 100 of its "
			"numbers are held back", CF_MAX_HIDDEN_PERCENT);
	json_decref(names);
}

static void
dims_record(struct cf_probe *probe)
{
	cf_tables(probe, dims_table);
}

const struct cf_rule cf_rule_dims = {
	.id = "N-DIMS",
	.severity = CF_ADVICE,
	.title = "Table cut too fine",
	.found = "this table is cut too fine",
	.detects = "A table that crosses more than three things about people, or in "
		"which more than 30 percent of 20 or more numbers are held "
		"back.",
	.why = "The more things are crossed, the fewer children share a cell.",
	.remedy = "Cross fewer things, or merge groups.",
	.example = "Sex by year by disadvantage by first language",
	.record = dims_record
};

/* --- N-MICRO ---------------------------------------------------------------- */

static bool
begins(const char *text, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(text, word, n) == 0 && !(text[n] >= 'a' &&
		text[n] <= 'z');
}

/* "Pupil 7", "Student A", "Child 12": a row that is one person. */
static bool
is_person(const char *title)
{
	static const char *const words[] = { "pupil", "student", "child",
		"learner", "candidate", "participant", "respondent", "teacher",
		"id" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *rest = title + strlen(words[i]);

		if (begins(title, words[i]) && rest[0] == ' ' &&
			((rest[1] >= '0' && rest[1] <= '9') ||
			(rest[1] >= 'A' && rest[1] <= 'Z' && (rest[2] == '\0'
			|| (rest[2] >= '0' && rest[2] <= '9')))))
			return true;
	}
	return false;
}

static bool
is_id_heading(const char *title)
{
	static const char *const words[] = { "upn", "uln", "id", "pupil id",
		"pupil", "pupil number", "pupil name", "student", "student id",
		"name", "initials", "candidate", "candidate number",
		"admission number", "row" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(title, words[i]) == 0)
			return true;
	return false;
}

static void
micro_table(struct cf_probe *probe, const struct cf_table *t, const char *path,
	const struct cf_table_fault *fault)
{
	size_t persons = 0, plain = 0;
	bool ids = false;

	if (fault)
		return;
	for (size_t i = 0; i < t->rows; i++)
		persons += is_person(t->row[i].title);
	for (size_t j = 0; j < t->cols; j++) {
		ids = ids || is_id_heading(t->col[j].title);
		plain += !cf_holds_counts(t->col[j].holds) &&
			t->col[j].of == CF_NO_LINE;
	}
	if (persons >= 2 || ids)
		cf_report(probe, CF_NEVER, path, "its rows look like single "
			"people");
	else if (t->rows > MANY_ROWS && plain >= 3)
		cf_report(probe, CF_NEVER, path, "so many rows without a number "
			"of people look like single people");
}

static void
micro_record(struct cf_probe *probe)
{
	cf_tables(probe, micro_table);
}

const struct cf_rule cf_rule_micro = {
	.id = "N-MICRO",
	.severity = CF_NEVER,
	.title = "Rows that are people",
	.found = "its rows look like single people",
	.detects = "A table with a column of ids or names, with rows such as "
		"\"Pupil 1\", or with more than 50 rows and three columns that "
		"rest on no number of people.",
	.why = "A row for each child is a file about children, whatever stands "
		"in place of the name.",
	.remedy = "Give numbers and averages of groups of at least 10.",
	.example = "Rows 'Pupil 1', 'Pupil 2' with scores",
	.record = micro_record
};

/* --- N-UNITS ---------------------------------------------------------------- */

static void
units_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	if (f->table || !cf_is(f, "school-count") || f->value >= 3 ||
		f->value < 1)
		return;
	cf_report_figure(probe, f->value == 2 && json_object_get(probe->body,
		"finding_type") ? CF_WAIVABLE : CF_ADVICE, f, "the figures "
		"are those of %s", f->value == 2 ? "two schools, each of which "
		"can take its own off" : "one school");
}

static void
units_record(struct cf_probe *probe)
{
	cf_figures(probe, units_figure);
}

const struct cf_rule cf_rule_units = {
	.id = "N-UNITS",
	.severity = CF_WAIVABLE,
	.title = "Too few schools",
	.found = "the figures are those of one or two schools",
	.detects = "Figures of fewer than three schools: a reason is needed for "
		"a finding of two, the rest is advice.",
	.why = "In a small school people know the children, and of two schools "
		"each knows the other's figures.",
	.remedy = "Wait for a third school, or give the figures of all schools "
		"of the trust together.",
	.example = "Schools: 2",
	.record = units_record
};

/* --- N-GEO, N-AGE ----------------------------------------------------------- */

/* Whether one of the traits is of that name; its value. */
static const char *
trait_of(const json_t *where, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < json_array_size(where); i++) {
		const char *trait = json_string_value(json_array_get(where, i));

		if (trait && strncmp(trait, name, n) == 0 && trait[n] == '=')
			return trait + n + 1;
	}
	return NULL;
}

static void
geo_traits(struct cf_probe *probe, const json_t *where, const char *path)
{
	static const char *const names[] = { "ward", "lsoa", "msoa", "oa",
		"postcode", "uprn", "street", "parish", "village", "town",
		"grid", "constituency" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (trait_of(where, names[i]))
			cf_report(probe, CF_WAIVABLE, path, "a place smaller "
				"than a local authority (%s)", names[i]);
}

static void
geo_record(struct cf_probe *probe)
{
	cf_traits(probe, geo_traits);
}

const struct cf_rule cf_rule_geo = {
	.id = "N-GEO",
	.severity = CF_WAIVABLE,
	.title = "Place that is too small",
	.found = "a place smaller than a local authority",
	.detects = "Figures for a ward, a postcode, a census area, a street or a "
		"village.",
	.why = "In a street or a village there may be one family with a child of "
		"that age.",
	.remedy = "Give the region.",
	.example = "ward=northgate",
	.record = geo_record
};

static void
age_traits(struct cf_probe *probe, const json_t *where, const char *path)
{
	if (trait_of(where, "age_months") || trait_of(where, "months"))
		cf_report(probe, CF_ADVICE, path, "an age in months");
	else if (trait_of(where, "age") && cf_figures_below(probe,
		SMALL_BASE))
		cf_report(probe, CF_ADVICE, path, "a single year of age, with "
			"fewer than %d people", SMALL_BASE);
}

static void
age_record(struct cf_probe *probe)
{
	cf_traits(probe, age_traits);
}

const struct cf_rule cf_rule_age = {
	.id = "N-AGE",
	.severity = CF_ADVICE,
	.title = "Age that is too exact",
	.found = "an age that is too exact",
	.detects = "Figures for an age in months, or for a single year of age "
		"with fewer than 30 people.",
	.why = "Few children of a school were born in the same month.",
	.remedy = "Give the year group, or several ages together.",
	.example = "age_months=97",
	.record = age_record
};

/* --- N-TIME ----------------------------------------------------------------- */

/* Months since the year 0 of "2026-03"; -1: none. */
static int64_t
months(const char *text)
{
	uint64_t year, month;

	if (text == NULL || strlen(text) != 7 ||
		!cf_str_u64((struct cf_str){ text, 4 }, &year, 9999) ||
		!cf_str_u64((struct cf_str){ text + (text[5] == '0' ? 6 : 5),
		text[5] == '0' ? 1 : 2 }, &month, 12))
		return -1;
	return (int64_t)(year * 12 + month);
}

static void
time_record(struct cf_probe *probe)
{
	const json_t *period = json_object_get(probe->body, "period");
	int64_t from = months(cf_json_str(period, "from"));
	int64_t until = months(cf_json_str(period, "until"));

	if (from >= 0 && until >= from && until - from + 1 < TERM_MONTHS &&
		cf_figures_below(probe, SMALL_BASE))
		cf_report(probe, CF_ADVICE, "/body/period", "less than a term, "
			"with fewer than %d people", SMALL_BASE);
}

const struct cf_rule cf_rule_time = {
	.id = "N-TIME",
	.severity = CF_ADVICE,
	.title = "Time that is too short",
	.found = "less than a term, with few people",
	.detects = "Figures of less than three months on fewer than 30 people.",
	.why = "What happened in two weeks can be told from what everybody at "
		"the school remembers.",
	.remedy = "Give the term or the year.",
	.example = "February 2026, 20 pupils",
	.record = time_record
};
