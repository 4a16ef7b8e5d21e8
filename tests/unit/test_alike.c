/*
 * How alike settings are: the published rule, by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "index/alike.h"

static json_t *
setting(const char *phase, const char *region, const char *size,
	const char *fsm, const char *send)
{
	return json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*}", "phase", phase,
		"region", region, "size_band", size, "fsm_band", fsm,
		"send_band", send);
}

/* Takes both. */
static struct cf_alike
compare(json_t *a, json_t *b)
{
	struct cf_alike out;

	cf_alike(&out, a, b);
	json_decref(a);
	json_decref(b);
	return out;
}

static void
near(double a, double b)
{
	if (fabs(a - b) > 1e-12)
		fail_msg("%.17g is not %.17g", a, b);
}

static void
test_the_rule(void **state)
{
	struct cf_alike a;

	(void)state;
	a = compare(setting("primary", "london", "201_to_400", "30_to_39",
		"15_to_19"), setting("primary", "london", "201_to_400",
		"30_to_39", "15_to_19"));
	assert_true(cf_alike_known(&a) && a.region);
	near(a.distance, 0);
	/* 300 and 600 pupils of a range of 1,350; 35 and 45 of 50 per cent. */
	a = compare(setting("primary", "london", "201_to_400", "30_to_39",
		"15_to_19"), setting("primary", "north_east", "401_to_800",
		"40_to_49", "15_to_19"));
	assert_false(a.region);
	near(a.distance, sqrt(0.5 * pow(300 / 1350.0, 2) +
		0.4 * pow(10 / 50.0, 2)));
	near(a.part[CF_ALIKE_SIZE].apart, 300 / 1350.0);
	near(a.part[CF_ALIKE_SEND].weight, 0.1);
	/* As far apart as can be. */
	a = compare(setting("primary", NULL, "up_to_100", "under_10",
		"under_10"), setting("primary", NULL, "over_1200",
		"50_or_more", "20_or_more"));
	near(a.distance, 1);
	/* Special schools: no share of special needs. */
	a = compare(setting("special", NULL, "up_to_100", "under_10",
		"special_school"), setting("special", NULL, "up_to_100",
		"50_or_more", "special_school"));
	near(a.distance, sqrt(0.4));
}

static void
test_what_is_not_said(void **state)
{
	struct cf_alike a;

	(void)state;
	a = compare(setting("primary", NULL, NULL, "under_10", NULL),
		setting("primary", NULL, "over_1200", "50_or_more", NULL));
	near(a.distance, 1);
	near(a.part[CF_ALIKE_SIZE].weight, 0);
	a = compare(setting("primary", NULL, NULL, NULL, NULL),
		setting("primary", NULL, "over_1200", NULL, NULL));
	assert_false(cf_alike_known(&a));
	a = compare(setting("primary", NULL, "over_1200", NULL, NULL),
		setting("secondary", NULL, "over_1200", NULL, NULL));
	assert_false(cf_alike_known(&a));
	a = compare(setting("several", "several", "over_1200", NULL, NULL),
		setting("several", "several", "over_1200", NULL, NULL));
	assert_false(cf_alike_known(&a) || a.region);
	a = compare(json_object(), json_object());
	assert_false(cf_alike_known(&a));
}

/* Sixty nearest, then the same region first, then thirty; each once. */
static void
test_the_nearest(void **state)
{
	static char id[200][8];
	struct cf_neighbour list[200] = { 0 };
	size_t kept;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		(void)snprintf(id[i], sizeof id[i], "%03zu", i / 2);
		list[199 - i] = (struct cf_neighbour){ { .phase = true,
			.region = i % 4 < 2, .distance = (double)(i / 2) },
			id[i], i };
	}
	list[0].alike.phase = false;	/* 099, once */
	kept = cf_nearest(list, 200);
	assert_int_equal(kept, CF_NEAREST_KEPT);
	for (size_t i = 0; i < kept; i++) {
		assert_true(list[i].alike.region);
		near(list[i].alike.distance, 2.0 * (double)i);
		assert_true(list[i].alike.distance < CF_NEAREST);
	}
}

static void
test_few(void **state)
{
	struct cf_neighbour list[] = {
		{ { .phase = true, .distance = 0.1 }, "a", 0 },
		{ { .phase = true, .region = true, .distance = 0.9 }, "b", 1 },
		{ { .phase = true, .distance = -1 }, "c", 2 },
		{ { .phase = false, .distance = 0 }, "d", 3 } };

	(void)state;
	assert_int_equal(cf_nearest(list, 4), 2);
	assert_int_equal(list[0].at, 1);
	assert_int_equal(list[1].at, 0);
	assert_int_equal(cf_nearest(list, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_rule),
		cmocka_unit_test(test_what_is_not_said),
		cmocka_unit_test(test_the_nearest),
		cmocka_unit_test(test_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
