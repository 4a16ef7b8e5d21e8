/*
 * X-RANK: what a draft gives away together with several numbers that were published
 * before, as they are shown, exact or rounded.
 */
#include "across.h"

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
	/* As shown five, and by rounding 0 to 13: that is told, no more. */
	expect_rule(finding("year=8 sex=m fsm=0", 55), "X-RANK", "advice");
	expect_rule(finding("year=8 sex=m fsm=0", 60), "X-RANK", "none");
	expect_rule(finding("year=8 sex=m fsm=0", 20), "X-RANK", "none");
}

/* Numbers that nobody rounded are themselves. */
static void
test_several_exact_releases_together(void **state)
{
	(void)state;
	publish("year=8", 203);
	publish("year=8 sex=f", 101);
	publish("year=8 sex=m fsm=1", 43);
	expect_rule(finding("year=8 sex=m fsm=0", 54), "X-RANK", "never");
	expect_rule(finding("year=8 sex=m fsm=0", 59), "X-RANK", "none");
	/* One of four is rounded: 54 is 52 to 56 and five is 3 to 7. */
	expect_rule(finding("year=8 sex=m fsm=0", 55), "X-RANK", "never");
	expect_rule(finding("year=8 sex=m fsm=0", 60), "X-RANK", "none");
	/* What was given away once hides nothing of what comes after. */
	publish("year=8 sex=m fsm=0", 54);
	expect_rule(finding("year=8 eal=0", 103), "X-RANK", "none");
	publish("year=8 eal=1", 92);
	expect_rule(finding("year=8 eal=0", 106), "X-RANK", "never");
	expect_rule(finding("year=8 eal=0", 96), "X-RANK", "none");
}

/* Each way alone leaves the group open: 0 to 4, and 4 to 16. Both at once: four. */
static void
test_rounded_numbers_that_pin_a_group_together(void **state)
{
	(void)state;
	publish("sex=f sex=m fsm=0 fsm=1", 200);
	publish("sex=f fsm=0 fsm=1", 100);
	publish("sex=m fsm=1", 90);
	publish("sex=f fsm=0", 70);
	expect_rule(finding("sex=f sex=m fsm=0", 70), "X-SUBSET", "none");
	expect_rule(finding("sex=f sex=m fsm=0", 70), "X-RANK", "never");
	expect_rule(finding("sex=f sex=m fsm=0", 80), "X-RANK", "none");
}

static unsigned
rounded(unsigned n)
{
	return (n + 2) / 5 * 5;
}

/* A whole and all its parts, each in a record of its own: what rounding leaves
 * over is nobody, and is never said to be a small group. */
static void
test_parts_of_a_whole_do_not_leak_by_their_rounding(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 125; i++) {
		unsigned girls = 100 + i % 5, some = 40 + i / 5 % 5;
		unsigned others = 60 + i / 25;
		int over = (int)rounded(girls + some + others) -
			(int)rounded(girls) - (int)rounded(some) -
			(int)rounded(others);

		(void)json_array_clear(past);
		publish("year=8", rounded(girls + some + others));
		publish("year=8 sex=f", rounded(girls));
		publish("year=8 sex=m fsm=1", rounded(some));
		expect_rule(finding("year=8 sex=m fsm=0", rounded(others)),
			"X-RANK", over == 5 ? "advice" : "none");
	}
}

/* In one table: a number for each half of the boys. */
static json_t *
by_halves(const char *one, const char *other)
{
	json_t *draft = finding("year=8", 600), *table;

	table = json_pack("{s:s, s:[{s:s, s:s, s:s}], s:[{s:s, s:s, s:[s, s], "
		"s:[s]}, {s:s, s:s, s:[s, s], s:[s]}]}", "title", "Reached it",
		"columns", "key", "n", "title", "Pupils", "holds", "pupils",
		"rows", "key", "a", "title", "Boys with", "where", "sex=m",
		"fsm=1", "cells", one, "key", "b", "title", "Boys without",
		"where", "sex=m", "fsm=0", "cells", other);
	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table));
	return draft;
}

/* In one table: all, and a part of them. */
static json_t *
with_total(const char *all, const char *girls)
{
	json_t *draft = finding("year=8", 600), *table;

	table = json_pack("{s:s, s:[{s:s, s:s, s:s}], s:[{s:s, s:s, s:[s], "
		"s:[s]}, {s:s, s:s, s:[s], s:[s]}]}", "title", "Reached it",
		"columns", "key", "n", "title", "Pupils", "holds", "pupils",
		"rows", "key", "t", "title", "Year 8", "where", "year=8",
		"cells", all, "key", "f", "title", "Girls", "where", "sex=f",
		"cells", girls);
	json_object_set_new(json_object_get(draft, "body"), "tables",
		json_pack("[o]", table));
	return draft;
}

/* The numbers of one draft come out together. */
static void
test_two_numbers_of_a_draft_with_earlier_ones(void **state)
{
	(void)state;
	expect_rule(by_halves("43", "54"), "X-RANK", "none");
	publish_take(with_total("203", "101"), true);
	expect_rule(by_halves("43", "54"), "X-RANK", "never");
	expect_rule(by_halves("43", "42"), "X-RANK", "none");
}

/* Numbers of a partner are of other people, unless they name the trusts. */
static void
test_numbers_of_a_partner_are_of_others(void **state)
{
	(void)state;
	publish_take(finding("year=8", 203), false);
	publish_take(finding("year=8 sex=f", 101), false);
	publish_take(finding("year=8 sex=m fsm=1", 43), false);
	expect_rule(finding("year=8 sex=m fsm=0", 54), "X-RANK", "none");
	(void)json_array_clear(past);
	publish_take(finding("trust=a trust=b trust=c trust=d", 400), false);
	expect_rule(finding("trust=a trust=b trust=c trust=d trust=e", 500),
		"X-RANK", "never");
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
	/* What was given away of one hides nothing of another. */
	publish("trust=a trust=b trust=c trust=d trust=e", 500);
	expect_rule(finding("trust=b trust=c trust=d", 300), "X-RANK", "never");
	expect_rule(finding("trust=f trust=g trust=h", 300), "X-RANK", "none");
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
	expect_rule(finding("year=8 sex=m fsm=0", 195), "X-RANK", "advice");
	expect_rule(finding("year=8 sex=m fsm=0", 194), "X-RANK", "advice");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_past(test_several_releases_together),
		with_past(test_several_exact_releases_together),
		with_past(test_rounded_numbers_that_pin_a_group_together),
		with_past(test_parts_of_a_whole_do_not_leak_by_their_rounding),
		with_past(test_two_numbers_of_a_draft_with_earlier_ones),
		with_past(test_numbers_of_a_partner_are_of_others),
		with_past(test_fewer_than_three_trusts),
		with_past(test_trusts_by_several_sums),
		with_past(test_many_traits_and_too_many_numbers),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
