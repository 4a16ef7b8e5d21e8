/*
 * The rules for figures: each finds what it is for, at its place and with its
 * severity, and leaves alone what only looks like it.
 */
#include "expect.h"

#include "check/check.h"
#include "record/kind.h"

/* A finding without the parts in which rules find anything. */
static json_t *
plain(void)
{
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *body = json_object_get(draft, "body");

	(void)json_object_del(body, "tables");
	return draft;
}

static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *out = json_loads(text, JSON_DECODE_ANY, &error);

	if (out == NULL)
		print_error("%s: %s\n", error.text, text);
	assert_non_null(out);
	return out;
}

static const char *
severity_in(const json_t *result, const char *rule, const char *path)
{
	const json_t *list = json_object_get(result, "findings");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *f = json_array_get(list, i);

		if (strcmp(cf_json_str(f, "rule"), rule) == 0 && (path == NULL
			|| strcmp(cf_json_str(f, "path"), path) == 0))
			return cf_json_str(f, "severity");
	}
	return "none";
}

/* A draft is or is not caught by a rule; `other` is the number of findings of
 * other rules, which a case may bring along. */
static void
expect_at(json_t *draft, const char *rule, const char *severity,
	const char *path, int line)
{
	json_t *result = cf_check_draft(draft, NULL);

	if (strcmp(severity_in(result, rule, path), severity) != 0 ||
		strncmp(severity_in(result, "schema.body", NULL), "none", 4)) {
		print_error("line %d: wanted %s %s\n", line, rule, severity);
		(void)json_dumpf(json_object_get(result, "findings"), stderr,
			JSON_INDENT(1));
		fail();
	}
	json_decref(result);
	json_decref(draft);
}
#define expect_rule(draft, rule, severity, path) \
	expect_at((draft), (rule), (severity), (path), __LINE__)

/* The finding with members of its body replaced. */
static json_t *
with(const char *members)
{
	json_t *draft = plain(), *change = parse(members);

	json_object_update(json_object_get(draft, "body"), change);
	json_decref(change);
	return draft;
}

static json_t *
means(const char *mean, const char *sd, unsigned n)
{
	json_t *draft = plain(), *raw = parse("{\"type\": \"means\", "
		"\"mean_t\": 0, \"sd_t\": 1, \"n_t\": 0, \"mean_c\": 98.9, "
		"\"sd_c\": 14.8, \"n_c\": 295}");

	json_object_set_new(raw, "mean_t", parse(mean));
	json_object_set_new(raw, "sd_t", parse(sd));
	json_object_set_new(raw, "n_t", json_integer(n));
	json_object_set_new(json_object_get(draft, "body"), "raw", raw);
	return draft;
}

static json_t *
counts(unsigned events, unsigned n, const char *construct)
{
	json_t *draft = plain(), *body = json_object_get(draft, "body");

	json_object_set_new(json_object_get(body, "outcome"), "construct",
		json_string(construct));
	json_object_set_new(body, "raw", json_pack("{s:s, s:i, s:i, s:i, s:i}",
		"type", "counts", "events_t", (int)events, "n_t", (int)n,
		"events_c", 100, "n_c", 300));
	return draft;
}

/* The next part of a text, up to c or its end; false where nothing is left. */
static bool
next_part(struct cf_str *part, struct cf_str *rest, char c)
{
	if (rest->n == 0)
		return false;
	if (!cf_str_cut(part, rest, *rest, c)) {
		*part = *rest;
		rest->n = 0;
	}
	return true;
}

static json_t *
words(struct cf_str list, char c)
{
	json_t *out = json_array();
	struct cf_str word;

	while (next_part(&word, &list, c))
		json_array_append_new(out, json_stringn(word.p, word.n));
	return out;
}

/* key and title of a line, "key=part,part" with what it is the total of. */
static json_t *
line(struct cf_str text)
{
	struct cf_str key, sums = { "", 0 };
	json_t *out = json_object();

	if (!cf_str_cut(&key, &sums, text, '='))
		key = text;
	json_object_set_new(out, "key", json_stringn(key.p, key.n));
	json_object_set_new(out, "title", json_stringn(key.p, key.n));
	if (sums.n)
		json_object_set_new(out, "sums", words(sums, ','));
	return out;
}

/* A table of columns and rows, as text: "boys=x,y:pupils p:percent/boys" and
 * "a 25 c;b 30 40;all=a,b 55 60". */
static json_t *
table(const char *columns, const char *rows)
{
	json_t *cols = json_array(), *lines = json_array();
	struct cf_str rest = cf_str(columns), one, name, holds, of;

	while (next_part(&one, &rest, ' ')) {
		json_t *column;

		assert_true(cf_str_cut(&name, &holds, one, ':'));
		column = line(name);
		if (cf_str_cut(&one, &of, holds, '/')) {
			json_object_set_new(column, "of", json_stringn(of.p,
				of.n));
			holds = one;
		}
		json_object_set_new(column, "holds", json_stringn(holds.p,
			holds.n));
		json_array_append_new(cols, column);
	}
	rest = cf_str(rows);
	while (next_part(&one, &rest, ';')) {
		json_t *row;

		assert_true(next_part(&name, &one, ' '));
		row = line(name);
		json_object_set_new(row, "cells", words(one, ' '));
		json_array_append_new(lines, row);
	}
	return json_pack("{s:s, s:o, s:o}", "title", "Pupils who reached it",
		"columns", cols, "rows", lines);
}

static json_t *
with_table(const char *columns, const char *rows)
{
	json_t *draft = plain();

	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table(columns, rows)));
	return draft;
}

static json_t *
private_table(const char *columns, const char *rows)
{
	json_t *draft = with_table(columns, rows);

	json_object_set_new(cf_json_at(draft, "/body/tables/0"), "sensitive",
		json_true());
	return draft;
}

static void
test_numbers_of_people(void **state)
{
	(void)state;
	expect_rule(counts(4, 300, "reading"), "N-COUNT", "never",
		"/body/raw/events_t");
	expect_rule(counts(10, 300, "reading"), "N-COUNT", "none", NULL);
	expect_rule(counts(0, 300, "reading"), "N-COUNT", "none", NULL);
	expect_rule(with("{\"schools\": 4}"), "N-COUNT", "none", NULL);
	expect_rule(with_table("a:pupils", "x 7"), "N-COUNT", "never",
		"/body/tables/0/rows/0/cells/0");
	expect_rule(with_table("a:staff", "x 7"), "N-COUNT", "waivable", NULL);
	expect_rule(with_table("a:things", "x 7"), "N-COUNT", "none", NULL);
	expect_rule(counts(0, 300, "reading"), "N-ZERO", "none", NULL);
	expect_rule(counts(0, 300, "suspension"), "N-ZERO", "advice", NULL);
	expect_rule(counts(0, 25, "suspension"), "N-ZERO", "waivable", NULL);
	expect_rule(private_table("a:pupils b:pupils all:pupils", "x 0 20 20"),
		"N-ZERO", "waivable", NULL);
	expect_rule(private_table("a:pupils", "x z"), "N-ZERO", "none", NULL);
	expect_rule(counts(300, 300, "reading"), "N-FULL", "advice", NULL);
	expect_rule(counts(25, 25, "reading"), "N-FULL", "waivable", NULL);
	expect_rule(counts(300, 300, "suspension"), "N-FULL", "waivable",
		NULL);
	expect_rule(counts(295, 300, "reading"), "N-FULL", "none", NULL);
	expect_rule(counts(103, 300, "reading"), "N-ROUND", "waivable",
		"/body/raw/events_t");
	expect_rule(counts(105, 300, "reading"), "N-ROUND", "none", NULL);
	expect_rule(with_table("a:people", "x 12"), "N-ROUND", "waivable",
		NULL);
	expect_rule(with_table("a:schools", "x 12"), "N-ROUND", "none", NULL);
}

static void
test_whose_numbers_they_are(void **state)
{
	json_t *draft = counts(4, 300, "reading");

	(void)state;
	json_object_set_new(cf_json_at(draft, "/body/design"), "participants",
		json_string("staff"));
	expect_rule(draft, "N-COUNT", "waivable", NULL);
	draft = counts(4, 300, "reading");
	json_object_set_new(cf_json_at(draft, "/body/design"), "participants",
		json_string("schools"));
	expect_rule(draft, "N-COUNT", "none", NULL);
}

static void
test_percentages(void **state)
{
	(void)state;
	expect_rule(with("{\"attrition\": {\"assigned\": 655, \"percent\": "
		"8}}"), "N-PCT", "none", NULL);
	expect_rule(with("{\"attrition\": {\"assigned\": 655, \"percent\": "
		"7.6}}"), "N-PCT", "waivable", "/body/attrition/percent");
	expect_rule(with("{\"attrition\": {\"assigned\": 120, \"percent\": "
		"9}}"), "N-PCT", "waivable", NULL);
	expect_rule(with("{\"attrition\": {\"assigned\": 120, \"percent\": "
		"3}}"), "N-PCTSMALL", "never", NULL);
	expect_rule(with("{\"attrition\": {\"assigned\": 120, \"percent\": "
		"97}}"), "N-PCTSMALL", "never", NULL);
	expect_rule(with("{\"attrition\": {\"assigned\": 655, \"percent\": "
		"8}}"), "N-PCTSMALL", "none", NULL);
	expect_rule(with("{\"attrition\": {\"percent\": 8}}"),
		"N-BASEMISSING", "waivable", NULL);
	expect_rule(with("{\"attrition\": {\"assigned\": 655, "
		"\"differential_percent\": 1}}"), "N-PCTSMALL", "none", NULL);
	expect_rule(with_table("n:pupils p:percent/n", "x c 20"),
		"N-PCTSMALL", "never", "/body/tables/0/rows/0/cells/1");
	expect_rule(with_table("n:pupils p:percent", "x 100 20"),
		"N-BASEMISSING", "waivable", NULL);
	expect_rule(with_table("n:pupils p:percent/n", "x 100 20"),
		"N-PCTSMALL", "none", NULL);
	expect_rule(with_table("n:pupils p:percent/n", "x 40 100"), "N-FULL",
		"advice", NULL);
}

static void
test_results_of_a_few(void **state)
{
	(void)state;
	expect_rule(means("97.2", "14.1", 5), "N-MEAN", "never",
		"/body/raw/mean_t");
	expect_rule(means("97.2", "14.1", 10), "N-MEAN", "none", NULL);
	expect_rule(means("3.47", "1.1", 20), "N-EXACTMEAN", "waivable",
		"/body/raw/mean_t");
	expect_rule(means("3.5", "1.1", 20), "N-EXACTMEAN", "none", NULL);
	expect_rule(means("101.6", "14.1", 310), "N-EXACTMEAN", "none", NULL);
	/* Ten pupils, nearly all with the same result. */
	expect_rule(means("4.1", "0.3", 10), "N-MEANSD", "waivable", NULL);
	expect_rule(means("101.6", "14.1", 10), "N-MEANSD", "none", NULL);
	expect_rule(with_table("n:pupils m:mean/n s:sd/n", "x 50 3.2 0"),
		"N-SD0", "waivable", NULL);
	expect_rule(with_table("n:pupils m:mean/n", "x c 3.2"), "N-MEAN",
		"never", NULL);
	expect_rule(with_table("n:pupils lowest:other", "x 50 61"),
		"N-MINMAX", "waivable", "/body/tables/0/columns/1");
	expect_rule(with_table("n:pupils ranger:other", "x 50 61"),
		"N-MINMAX", "none", NULL);
}

static json_t *
with_heading(const char *columns, const char *rows, const char *heading)
{
	json_t *draft = with_table(columns, rows);

	json_object_set_new(cf_json_at(draft, "/body/tables/0/columns/1"),
		"title", json_string(heading));
	return draft;
}

static void
test_percentiles(void **state)
{
	(void)state;
	expect_rule(with_heading("n:pupils q:mean/n", "x 40 61",
		"10th percentile"), "N-QUANT", "advice", NULL);
	expect_rule(with_heading("n:pupils q:mean/n", "x 140 61",
		"10th percentile"), "N-QUANT", "none", NULL);
	expect_rule(with_heading("n:pupils q:mean/n", "x 40 61",
		"Lower quartile"), "N-QUANT", "none", NULL);
}

/* The worked examples of tables that can be solved. */
static void
test_totals_that_give_cells_away(void **state)
{
	(void)state;
	expect_rule(with_table("boys:pupils girls:pupils all:pupils",
		"x 25 c 60"), "N-SUPP1", "never",
		"/body/tables/0/rows/0/cells/1");
	expect_rule(with_table("boys:pupils girls:pupils all:pupils",
		"x 25 c c"), "N-SUPP1", "none", NULL);
	expect_rule(with_table("a:pupils b:pupils c:pupils all:pupils",
		"x c c 60 65"), "N-SUPPSUM", "never", NULL);
	expect_rule(with_table("a:pupils b:pupils c:pupils all:pupils",
		"x c c 60 75"), "N-SUPPSUM", "none", NULL);
	/* a + b, b + c, a + c, each with its total. */
	expect_rule(with_table("a:pupils b:pupils c:pupils ab=a,b:pupils "
		"bc=b,c:pupils ac=a,c:pupils", "x c c c 40 50 60"), "N-SOLVE",
		"never", "/body/tables/0/rows/0/cells/0");
	/* A square with all its totals: nothing is fixed, all is wide. */
	expect_rule(with_table("a:pupils b:pupils all:pupils",
		"x c c 60;y c c 40;all 50 50 100"), "N-SOLVE", "none", NULL);
	expect_rule(with_table("a:pupils b:pupils all:pupils",
		"x c c 60;y c c 40;all 50 50 100"), "N-BOUND", "none", NULL);
	/* The same with a total of 5 to hide in: known to within five. */
	expect_rule(with_table("a:pupils b:pupils d:pupils all:pupils",
		"x c c 50 110;y c c 50 55;all 50 15 100 165"), "N-BOUND",
		"waivable", NULL);
	expect_rule(with_table("a:pupils b:pupils all:pupils", "x 25 30 60"),
		"N-ADD", "advice", "/body/tables/0/rows/0/cells/2");
	expect_rule(with_table("a:pupils b:pupils all:pupils", "x 25 30 55"),
		"N-ADD", "none", NULL);
	/* Percentages do not add up to anything. */
	expect_rule(with_table("n:pupils p:percent/n", "x 100 20;y 100 30;"
		"all 200 25"), "N-ADD", "none", NULL);
}

static void
test_form_and_symbols(void **state)
{
	(void)state;
	expect_rule(with_table("a:pupils b:pupils", "x 25"), "N-TABLE",
		"never", "/body/tables/0/rows/0/cells");
	expect_rule(with_table("a:pupils a:pupils", "x 25 30"), "N-TABLE",
		"never", "/body/tables/0/columns/1");
	expect_rule(with_table("a:pupils b=d:pupils", "x 25 30"), "N-TABLE",
		"never", NULL);
	expect_rule(with_table("a:pupils b:percent/d", "x 25 30"), "N-TABLE",
		"never", NULL);
	expect_rule(with_table("a:pupils", "x n/a"), "N-MARK", "waivable",
		NULL);
	expect_rule(with_table("a:pupils", "x low"), "N-MARK", "waivable",
		NULL);
	expect_rule(with_table("a:other", "x low"), "N-MARK", "none", NULL);
	expect_rule(with_table("a:pupils", "x u"), "N-MARK", "none", NULL);
	expect_rule(with_table("a:pupils", "x 1,200"), "N-MARK", "none", NULL);
	expect_rule(with_table("a:pupils", "x <5"), "N-MASK", "waivable",
		NULL);
}

static void
test_rows_that_are_people(void **state)
{
	struct cf_buf rows = CF_BUF(4096);
	json_t *draft = with_table("s:other", "a 61;b 74");

	(void)state;
	json_object_set_new(cf_json_at(draft, "/body/tables/0/rows/0"),
		"title", json_string("Pupil 1"));
	json_object_set_new(cf_json_at(draft, "/body/tables/0/rows/1"),
		"title", json_string("Pupil B"));
	expect_rule(draft, "N-MICRO", "never", "/body/tables/0");
	draft = with_table("s:other", "a 61;b 74");
	json_object_set_new(cf_json_at(draft, "/body/tables/0/columns/0"),
		"title", json_string("Pupil ID"));
	expect_rule(draft, "N-MICRO", "never", NULL);
	expect_rule(with_table("n:pupils", "pupil_premium 60;others 75"),
		"N-MICRO", "none", NULL);
	for (int i = 0; i < 60; i++)
		cf_buf_printf(&rows, "%sr%d 1 2 3", i ? ";" : "", i);
	expect_rule(with_table("a:other b:other c:other", rows.data),
		"N-MICRO", "never", NULL);
	expect_rule(with_table("a:schools b:things c:things", rows.data),
		"N-MICRO", "none", NULL);
	cf_buf_clear(&rows);
}

static void
test_groups_places_and_times(void **state)
{
	(void)state;
	expect_rule(with("{\"schools\": 2}"), "N-UNITS", "waivable",
		"/body/schools");
	expect_rule(with("{\"schools\": 1}"), "N-UNITS", "advice", NULL);
	expect_rule(with("{\"schools\": 3}"), "N-UNITS", "none", NULL);
	expect_rule(with("{\"population\": [\"ward=northgate\"]}"), "N-GEO",
		"waivable", "/body/population");
	expect_rule(with("{\"population\": [\"region=london\"]}"), "N-GEO",
		"none", NULL);
	expect_rule(with("{\"population\": [\"age_months=97\"]}"), "N-AGE",
		"advice", NULL);
	expect_rule(with("{\"population\": [\"age=8\"]}"), "N-AGE", "none",
		NULL);
	expect_rule(with("{\"population\": [\"age=8\"], \"attrition\": "
		"{\"analysed\": 25}}"), "N-AGE", "advice", NULL);
	expect_rule(with("{\"period\": {\"from\": \"2026-02\", \"until\": "
		"\"2026-02\"}, \"attrition\": {\"analysed\": 25}}"), "N-TIME",
		"advice", NULL);
	expect_rule(with("{\"period\": {\"from\": \"2026-02\", \"until\": "
		"\"2026-02\"}}"), "N-TIME", "none", NULL);
	expect_rule(with_table("a:pupils b:pupils c:pupils d:pupils "
		"e:pupils", "x c c 60 60 60;y c c 60 60 60;z c c 60 60 60;"
		"w c c 60 60 60"), "N-DIMS", "advice", NULL);
}

/* A draft that is being written breaks its schema; no rule may fall over it. */
static void
test_half_written_tables_are_borne(void **state)
{
	static const char *const tables[] = { "[]", "[{}]", "[1]",
		"[{\"title\": \"x\", \"columns\": [{}], \"rows\": [{}]}]",
		"[{\"title\": \"x\", \"columns\": [{\"key\": \"a\", \"title\": "
		"\"A\", \"holds\": \"pupils\"}], \"rows\": [{\"key\": \"a\", "
		"\"title\": \"A\", \"cells\": [7]}]}]",
		"{\"title\": \"x\"}", "\"x\"" };

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		json_t *draft = plain(), *result;

		json_object_set_new(json_object_get(draft, "body"), "tables",
			parse(tables[i]));
		result = cf_check_draft(draft, NULL);
		assert_string_equal(severity_in(result, "N-TABLE", NULL),
			"none");
		json_decref(result);
		json_decref(draft);
	}
}

static int
start(void **state)
{
	(void)state;
	return cf_start() != NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_of_people),
		cmocka_unit_test(test_whose_numbers_they_are),
		cmocka_unit_test(test_percentages),
		cmocka_unit_test(test_results_of_a_few),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_totals_that_give_cells_away),
		cmocka_unit_test(test_form_and_symbols),
		cmocka_unit_test(test_rows_that_are_people),
		cmocka_unit_test(test_groups_places_and_times),
		cmocka_unit_test(test_half_written_tables_are_borne),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
