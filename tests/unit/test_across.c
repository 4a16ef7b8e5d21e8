/*
 * The rules across releases: what a draft gives away together with what was
 * published before.
 */
#include <stdio.h>

#include "expect.h"

#include "check/check.h"
#include "check/past.h"
#include "record/kind.h"

static json_t *past;

/* A finding whose only number is its attrition.analysed, of these people. */
static json_t *
finding(const char *who, unsigned n)
{
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *body = json_object_get(draft, "body"), *traits = json_array();
	struct cf_str rest = cf_str(who), one;

	(void)json_object_del(body, "tables");
	(void)json_object_del(body, "subgroups");
	(void)json_object_del(body, "raw");
	(void)json_object_del(body, "effect");
	while (cf_str_cut(&one, &rest, rest, ' '))
		json_array_append_new(traits, json_stringn(one.p, one.n));
	if (rest.n)
		json_array_append_new(traits, json_stringn(rest.p, rest.n));
	json_object_set_new(body, "population", traits);
	json_object_set_new(body, "attrition", json_pack("{s:i}", "analysed",
		(int)n));
	return draft;
}

static void
publish_take(json_t *draft, bool ours)
{
	json_array_append_new(past, json_pack("{s:s, s:b, s:O}", "id",
		"0192f4c0-1a5b-8c47-b2d3-6a91e07c44f8", "ours", (int)ours,
		"body", json_object_get(draft, "body")));
	json_decref(draft);
}

static void
publish(const char *who, unsigned n)
{
	publish_take(finding(who, n), true);
}

static void
expect_at(json_t *draft, const char *rule, const char *severity, int line)
{
	struct cf_checking with = { .file = "x.json", .past = past };
	json_t *result = cf_check_draft(draft, &with);
	const json_t *list = json_object_get(result, "findings"), *f;
	const char *got = "none";
	size_t i;

	json_array_foreach(list, i, f)
		if (strcmp(cf_json_str(f, "rule"), rule) == 0)
			got = cf_json_str(f, "severity");
	if (strcmp(got, severity) != 0) {
		print_error("line %d: %s %s, wanted %s\n", line, rule, got,
			severity);
		(void)json_dumpf(list, stderr, JSON_INDENT(1));
		fail();
	}
	json_decref(result);
	json_decref(draft);
}
#define expect_rule(draft, rule, severity) \
	expect_at((draft), (rule), (severity), __LINE__)

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

/* Three releases: all in year 8, its girls, and its boys with the disadvantaged
 * girls, of whom there are five. */
static void
test_several_releases_together(void **state)
{
	(void)state;
	publish("year=8", 200);
	publish("year=8 sex=f", 100);
	publish("year=8 sex=m fsm=1", 40);
	publish("year=8 sex=m fsm=0 eal=1", 30);
	/* Boys are 100, of whom 40 + 55: five are left, by no single pair. */
	expect_rule(finding("year=8 sex=m fsm=0", 55), "X-SUBSET", "none");
	expect_rule(finding("year=8 fsm=0 sex=m", 45), "X-RANK", "none");
	(void)json_array_clear(past);
	publish("year=8", 200);
	publish("year=8 sex=f", 100);
	publish("sex=m year=8 fsm=1", 40);
	expect_rule(finding("year=8 sex=m", 45), "X-SUBSET", "never");
	(void)json_array_clear(past);
	publish("year=8", 200);
	publish("year=8 sex=f", 100);
	publish("year=8 sex=m fsm=1", 40);
	expect_rule(finding("year=8 sex=m fsm=0", 55), "X-RANK", "never");
	expect_rule(finding("year=8 sex=m fsm=0", 20), "X-RANK", "none");
}

static void
test_fewer_than_three_trusts(void **state)
{
	(void)state;
	publish("trust=a trust=b trust=c trust=d", 400);
	expect_rule(finding("trust=a trust=b trust=c trust=d trust=e", 500),
		"X-RANK", "never");
	expect_rule(finding("trust=a trust=b trust=c trust=d trust=e trust=f "
		"trust=g", 700), "X-RANK", "none");
	/* Of one trust alone, in the open. */
	expect_rule(finding("trust=a", 100), "X-RANK", "none");
}

/* Sums over trusts, of which no two are fewer than three trusts apart, and whose
 * combination is of one. */
static void
test_trusts_by_several_sums(void **state)
{
	(void)state;
	publish("trust=a trust=b trust=c trust=d", 400);
	publish("trust=d trust=e trust=f trust=g", 420);
	expect_rule(finding("trust=a trust=b trust=c trust=e trust=f trust=g "
		"trust=h trust=i", 800), "X-RANK", "none");
	/* abcd + defg - abcefg = twice d */
	expect_rule(finding("trust=a trust=b trust=c trust=e trust=f trust=g",
		700), "X-RANK", "never");
}

static bool
could_not_run(json_t *draft, const char *rule)
{
	struct cf_checking with = { .file = "x.json", .past = past };
	json_t *result = cf_check_draft(draft, &with), *f;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(result, "notRun"), i, f)
		found = found || strcmp(cf_json_str(f, "rule"), rule) == 0;
	json_decref(result);
	json_decref(draft);
	return found;
}

/* Groups without number are cut by many traits; numbers without end are told. */
static void
test_many_traits_and_too_many_numbers(void **state)
{
	char who[64];

	(void)state;
	for (char name = 'a'; name <= 'h'; name++) {
		(void)snprintf(who, sizeof who, "year=8 %c=1", name);
		publish(who, 300);
	}
	publish("year=8", 800);
	publish("year=8 sex=f", 400);
	publish("year=8 sex=m fsm=1", 200);
	expect_rule(finding("year=8 sex=m fsm=0", 195), "X-RANK", "never");
	expect_rule(finding("year=8 sex=m fsm=0", 100), "X-RANK", "none");
	assert_false(could_not_run(finding("year=8 sex=m fsm=0", 100),
		"X-RANK"));
	for (unsigned i = 0; i < 70; i++) {
		(void)snprintf(who, sizeof who, "year=8 set=%u", i);
		publish(who, 30);
	}
	assert_true(could_not_run(finding("year=8 sex=m fsm=0", 100),
		"X-RANK"));
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

static int
start(void **state)
{
	(void)state;
	return cf_start() != NULL;
}

static int
fresh(void **state)
{
	(void)state;
	past = json_array();
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	json_decref(past);
	return 0;
}

#define with_past(f) cmocka_unit_test_setup_teardown(f, fresh, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_past(test_a_number_that_changed_a_little),
		with_past(test_a_part_of_what_was_published),
		with_past(test_several_releases_together),
		with_past(test_fewer_than_three_trusts),
		with_past(test_trusts_by_several_sums),
		with_past(test_many_traits_and_too_many_numbers),
		with_past(test_more_than_can_be_compared_is_told),
		with_past(test_what_is_held_back_here_and_shown_there),
		with_past(test_a_heading_says_it_closer),
		cmocka_unit_test(test_traits_are_narrowed),
		with_past(test_one_person_in_two_records),
		cmocka_unit_test(test_people_by_their_traits),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
