/*
 * The rules across releases: what a draft gives away together with what was
 * published before.
 */
#include "across.h"

static void
test_a_number_that_changed_a_little(void **state)
{
	(void)state;
	publish("year=8 term=2026-1", 60);
	expect_rule(finding("year=8 term=2026-1", 65), "X-REVISE", "waivable");
	expect_rule(finding("year=8 term=2026-1", 60), "X-REVISE", "none");
	expect_rule(finding("year=8 term=2026-1", 70), "X-REVISE", "none");
	expect_rule(finding("year=7 term=2026-1", 65), "X-REVISE", "none");
	expect_rule(finding("year=8 term=2026-2", 65), "X-REVISE", "none");
	expect_rule(finding("year=8 term=2026-2", 65), "X-SERIES", "advice");
	expect_rule(finding("year=8 term=2026-2", 60), "X-SERIES", "none");
}

static void
test_a_part_of_what_was_published(void **state)
{
	(void)state;
	publish("year=8", 60);
	expect_rule(finding("year=8 sex=f", 55), "X-SUBSET", "never");
	expect_rule(finding("year=8 sex=f", 30), "X-SUBSET", "none");
	expect_rule(finding("year=7 sex=f", 55), "X-SUBSET", "none");
	expect_rule(finding("year=7 year=8", 65), "X-SUBSET", "never");
	expect_rule(finding("year=8 year=9", 120), "X-SUBSET", "none");
	/* What a partner published is not a part of our people. */
	(void)json_array_clear(past);
	publish_take(finding("year=8", 60), false);
	expect_rule(finding("year=8 sex=f", 55), "X-SUBSET", "none");
}

static void
test_more_than_can_be_compared_is_told(void **state)
{
	(void)state;
	publish("year=8 term=2026-1", 60);
	assert_false(could_not_run(finding("year=8", 60), "X-SUBSET"));
	for (size_t i = 1; i < CF_MAX_RELEASES; i++)
		json_array_append(past, json_array_get(past, 0));
	assert_true(could_not_run(finding("year=8", 60), "X-SUBSET"));
}

static json_t *
with_girls(const char *cell)
{
	json_t *draft = finding("year=8", 600), *table;

	table = json_pack("{s:s, s:[{s:s, s:s, s:s}], s:[{s:s, s:s, s:[s], "
		"s:[s]}, {s:s, s:s, s:[s], s:[s]}]}", "title", "Reached it",
		"columns", "key", "n", "title", "Pupils", "holds", "pupils",
		"rows", "key", "f", "title", "Girls", "where", "sex=f",
		"cells", cell, "key", "m", "title", "Boys", "where", "sex=m",
		"cells", "60");
	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table));
	return draft;
}

static void
test_what_is_held_back_here_and_shown_there(void **state)
{
	(void)state;
	publish_take(with_girls("30"), false);
	expect_rule(with_girls("c"), "X-UNCOVER", "never");
	expect_rule(with_girls("30"), "X-UNCOVER", "none");
	(void)json_array_clear(past);
	publish_take(with_girls("c"), true);
	expect_rule(with_girls("30"), "X-UNCOVER", "never");
	expect_rule(with_girls("c"), "X-UNCOVER", "none");
}

/* Of years 7 and 8, each in a column of its own. */
static json_t *
by_year(const char *seven, const char *eight)
{
	json_t *draft = finding("year=7 year=8", 600), *table;

	table = json_pack("{s:s, s:[{s:s, s:s, s:s, s:[s]}, {s:s, s:s, s:s, "
		"s:[s]}], s:[{s:s, s:s, s:[s], s:[s, s]}]}", "title",
		"Reached it", "columns", "key", "y7", "title", "Year 7",
		"holds", "pupils", "where", "year=7", "key", "y8", "title",
		"Year 8", "holds", "pupils", "where", "year=8", "rows", "key",
		"f", "title", "Girls", "where", "sex=f", "cells", seven, eight);
	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table));
	return draft;
}

/* A heading narrows what is said of all, and takes the place of its name. */
static void
test_a_heading_says_it_closer(void **state)
{
	(void)state;
	publish_take(by_year("30", "c"), true);
	expect_rule(by_year("30", "c"), "X-UNCOVER", "none");
	expect_rule(by_year("c", "c"), "X-UNCOVER", "never");
	expect_rule(by_year("35", "c"), "X-REVISE", "waivable");
	expect_rule(by_year("30", "30"), "X-UNCOVER", "never");
	(void)json_array_clear(past);
	publish_take(by_year("40", "65"), true);
	expect_rule(by_year("70", "65"), "X-REVISE", "none");
	expect_rule(by_year("45", "65"), "X-REVISE", "waivable");
}

static void
test_traits_are_narrowed(void **state)
{
	static const struct {
		const char *who, *by, *out;
	} rows[] = {
		{ "[\"x=1\", \"x=2\"]", "[\"x=1\"]", "[\"x=1\"]" },
		{ "[\"x=1\"]", "[\"x=1\", \"x=2\"]", "[\"x=1\"]" },
		{ "[\"x=1\", \"y=2\"]", "[\"x=3\"]", "[\"y=2\", \"x=3\"]" },
		{ "[\"x=1\"]", "[\"xx=1\"]", "[\"x=1\", \"xx=1\"]" },
		{ "[]", "[\"x=1\", \"x=2\"]", "[\"x=1\", \"x=2\"]" },
		{ "[\"all\"]", "[7, \"all\"]", "[\"all\"]" },
		{ "[\"x=1\"]", "null", "[\"x=1\"]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *who = json_loads(rows[i].who, 0, NULL);
		json_t *by = json_loads(rows[i].by, JSON_DECODE_ANY, NULL);
		json_t *out = json_loads(rows[i].out, 0, NULL);

		cf_traits_narrow(&who, by);
		assert_true(json_equal(who, out));
		json_decref(who);
		json_decref(by);
		json_decref(out);
	}
}

static json_t *
saying(const char *summary)
{
	json_t *draft = finding("year=8", 600);

	json_object_set_new(json_object_get(draft, "body"), "summary",
		json_string(summary));
	return draft;
}

static void
test_one_person_in_two_records(void **state)
{
	(void)state;
	publish_take(saying("Pupil K7 read more. Pupil A too. \"The text was "
		"about a dog that never came home\", it was said."), true);
	expect_rule(saying("Then Pupil K7 stopped."), "X-PSEUDO", "waivable");
	expect_rule(saying("Then Pupil K8 stopped."), "X-PSEUDO", "none");
	expect_rule(saying("Then Pupil A stopped."), "X-PSEUDO", "none");
	expect_rule(saying("\"The text was about a dog that never came home\""),
		"X-PSEUDO", "waivable");
	expect_rule(saying("\"The text was about a cat that never came home\""),
		"X-PSEUDO", "none");
}

static void
test_people_by_their_traits(void **state)
{
	static const struct {
		const char *a, *b;
		enum cf_relation relation;
	} rows[] = {
		{ "[\"x=1\"]", "[\"x=1\"]", CF_SAME },
		{ "[\"x=1\", \"y=2\"]", "[\"x=1\"]", CF_PART },
		{ "[\"x=1\"]", "[\"x=1\", \"y=2\"]", CF_WHOLE },
		{ "[\"x=1\"]", "[\"x=1\", \"x=2\"]", CF_PART },
		{ "[\"x=1\", \"x=3\"]", "[\"x=1\", \"x=2\"]", CF_OTHER },
		{ "[\"x=1\"]", "[\"y=1\"]", CF_OTHER },
		{ "[\"xx=1\"]", "[\"x=1\"]", CF_OTHER },
		{ "[]", "[\"x=1\"]", CF_WHOLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a = json_loads(rows[i].a, 0, NULL);
		json_t *b = json_loads(rows[i].b, 0, NULL);

		assert_int_equal(cf_people_relation(a, b), rows[i].relation);
		json_decref(a);
		json_decref(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_past(test_a_number_that_changed_a_little),
		with_past(test_a_part_of_what_was_published),
		with_past(test_more_than_can_be_compared_is_told),
		with_past(test_what_is_held_back_here_and_shown_there),
		with_past(test_a_heading_says_it_closer),
		cmocka_unit_test(test_traits_are_narrowed),
		with_past(test_one_person_in_two_records),
		cmocka_unit_test(test_people_by_their_traits),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
