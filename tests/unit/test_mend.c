/*
 * Mending figures: what is proposed passes the check, whatever the table was, and
 * says nothing of the numbers that it holds back.
 */
#include "expect.h"

#include "base/mem.h"
#include "check/mend.h"
#include "record/kind.h"

static const struct cf_checking alone = { .file = NULL };

static json_t *
line(const char *key, const char *holds)
{
	json_t *out = json_pack("{s:s, s:s}", "key", key, "title", key);

	if (holds)
		json_object_set_new(out, "holds", json_string(holds));
	return out;
}

/* Three rows by three columns of these numbers, with all totals. */
static json_t *
with_table(const unsigned cell[9])
{
	static const char *const rows[] = { "x", "y", "z" };
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *table = json_pack("{s:s, s:[o, o, o, o], s:[]}", "title",
		"Reached it", "columns", line("a", "pupils"),
		line("b", "pupils"), line("c", "pupils"),
		line("all", "pupils"), "rows");
	unsigned down[4] = { 0 };

	for (size_t i = 0; i < 4; i++) {
		json_t *row = line(i < 3 ? rows[i] : "all", NULL);
		json_t *cells = json_array();
		unsigned sum = 0;

		for (size_t j = 0; j < 4; j++) {
			unsigned n = i == 3 ? down[j] : j == 3 ? sum :
				cell[i * 3 + j];

			sum += n;
			if (i < 3)
				down[j] += n;
			json_array_append_new(cells, json_sprintf("%u", n));
		}
		json_object_set_new(row, "cells", cells);
		json_array_append_new(json_object_get(table, "rows"), row);
	}
	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table));
	return draft;
}

static const char *
cell_of(const json_t *draft, size_t row, size_t col)
{
	char *path = cf_asprintf("/body/tables/0/rows/%zu/cells/%zu", row, col);
	const char *text = json_string_value(cf_json_at(draft, path));

	free(path);
	return text;
}

/* Findings that are more than advice, but for "everybody" (N-FULL), which takes a
 * person to put in other words. */
static size_t
open_findings(const json_t *draft)
{
	json_t *result = cf_check_draft(draft, &alone);
	json_t *list = json_object_get(result, "findings"), *f;
	size_t i, n = 0;

	json_array_foreach(list, i, f)
		n += (strcmp(cf_json_str(f, "severity"), "advice") != 0 &&
			strcmp(cf_json_str(f, "rule"), "N-FULL") != 0) ||
			strcmp(cf_json_str(f, "rule"), "N-ADD") == 0;
	json_decref(result);
	return n;
}

static void
test_a_small_cell_goes_with_a_second_one(void **state)
{
	static const unsigned cells[9] = { 40, 7, 52, 33, 41, 28, 60, 35, 47 };
	json_t *draft = with_table(cells), *changes = json_array();
	char *said;

	(void)state;
	assert_true(open_findings(draft) > 0);
	cf_mend_figures(draft, changes, &alone);
	assert_int_equal(open_findings(draft), 0);
	assert_string_equal(cell_of(draft, 0, 1), "c");
	assert_string_equal(cell_of(draft, 2, 0), "60");
	said = json_dumps(changes, 0);
	assert_null(strstr(said, "\"7\""));
	assert_non_null(strstr(said, "N-COUNT"));
	free(said);
	json_decref(changes);
	json_decref(draft);
}

/* All that shares a total with the small ones is held back, and totals farther
 * away tell them still. */
static void
test_totals_farther_away_are_held_back_too(void **state)
{
	static const unsigned cells[9] = { 54, 2, 0, 0, 49, 7, 54, 1, 1 };
	json_t *draft = with_table(cells), *changes = json_array();

	(void)state;
	cf_mend_figures(draft, changes, &alone);
	assert_int_equal(open_findings(draft), 0);
	json_decref(changes);
	json_decref(draft);
}

static void
test_nothing_is_changed_that_is_well(void **state)
{
	static const unsigned cells[9] = { 40, 10, 50, 35, 40, 30, 60, 35, 45 };
	json_t *draft = with_table(cells), *changes = json_array();
	json_t *before = json_deep_copy(draft);

	(void)state;
	cf_mend_figures(draft, changes, &alone);
	assert_true(json_equal(draft, before));
	assert_int_equal(json_array_size(changes), 0);
	json_decref(before);
	json_decref(changes);
	json_decref(draft);
}

static void
test_fields_are_rounded(void **state)
{
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *body = json_object_get(draft, "body"), *changes = json_array();

	(void)state;
	json_object_set_new(body, "attrition", json_pack("{s:i, s:i, s:f}",
		"assigned", 652, "analysed", 600, "percent", 7.9));
	cf_mend_figures(draft, changes, &alone);
	assert_int_equal(json_integer_value(cf_json_at(draft,
		"/body/attrition/assigned")), 650);
	assert_int_equal(json_integer_value(cf_json_at(draft,
		"/body/attrition/percent")), 8);
	assert_int_equal(open_findings(draft), 0);
	json_decref(changes);
	json_decref(draft);
}

/* Whatever the numbers are, small ones more often than not. */
static void
test_whatever_was_mended_passes(void **state)
{
	(void)state;
	for (int round = 0; round < 150; round++) {
		unsigned cells[9];
		json_t *draft, *changes = json_array();

		for (size_t i = 0; i < 9; i++)
			cells[i] = (unsigned)(seed_below(3) ? seed_below(80) :
				seed_below(14));
		draft = with_table(cells);
		cf_mend_figures(draft, changes, &alone);
		if (open_findings(draft)) {
			(void)json_dumpf(cf_json_at(draft,
				"/body/tables/0/rows"), stderr, 0);
			for (size_t i = 0; i < 9; i++)
				print_error("%u ", cells[i]);
			fail();
		}
		for (size_t i = 0; i < 9; i++)
			if (cells[i] > 0 && cells[i] < 10)
				assert_string_equal(cell_of(draft, i / 3,
					i % 3), "c");
		json_decref(changes);
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
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_small_cell_goes_with_a_second_one),
		cmocka_unit_test(test_totals_farther_away_are_held_back_too),
		cmocka_unit_test(test_nothing_is_changed_that_is_well),
		cmocka_unit_test(test_fields_are_rounded),
		cmocka_unit_test(test_whatever_was_mended_passes),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start, NULL);
}
