/*
 * What single figures give away: rounding, means, spreads, percentages.
 */
#include <math.h>

#include "expect.h"
#include "check/figure.h"

static void
test_numbers_are_rounded_half_up(void **state)
{
	static const struct {
		int64_t n, base, to, least, most;
	} rows[] = {
		{ 0, 5, 0, 0, 2 }, { 2, 5, 0, 0, 2 }, { 3, 5, 5, 3, 7 },
		{ 7, 5, 5, 3, 7 }, { 8, 5, 10, 8, 12 }, { 30, 5, 30, 28, 32 },
		{ 14, 10, 10, 5, 14 }, { 15, 10, 20, 15, 24 },
		{ 7, 1, 7, 7, 7 }, { 655, 5, 655, 653, 657 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cf_range was = cf_unround(rows[i].to, rows[i].base);

		assert_int_equal(cf_round_to(rows[i].n, rows[i].base),
			rows[i].to);
		assert_int_equal(was.least, rows[i].least);
		assert_int_equal(was.most, rows[i].most);
	}
	for (int64_t base = 1; base <= 10; base++)
		for (int64_t n = 0; n < 200; n++) {
			struct cf_range was = cf_unround(cf_round_to(n, base),
				base);

			assert_true(was.least <= n && n <= was.most);
		}
}

static void
test_decimals_are_counted(void **state)
{
	(void)state;
	assert_int_equal(cf_decimals(8), 0);
	assert_int_equal(cf_decimals(101.6), 1);
	assert_int_equal(cf_decimals(3.47), 2);
	assert_int_equal(cf_decimals(-0.141), 3);
	assert_int_equal(cf_decimals(1.5e-7), 8);
	assert_int_equal(cf_decimals(1.5e22), 0);
}

/* 3.47 of about 20: only 19 results can have it (66 / 19). */
static void
test_a_precise_mean_fixes_the_number_of_results(void **state)
{
	(void)state;
	assert_int_equal(cf_mean_sizes(3.47, cf_unround(20, 5)), 1);
	assert_int_equal(cf_mean_sizes(3.5, cf_unround(20, 5)), 5);
	assert_int_equal(cf_mean_sizes(101.6, cf_unround(310, 5)), 5);
	assert_int_equal(cf_mean_sizes(5.19, cf_unround(28, 1)), 0);
	assert_int_equal(cf_mean_sizes(5.18, cf_unround(28, 1)), 1);
	assert_int_equal(cf_mean_sizes(-2.25, cf_unround(4, 1)), 1);
}

static bool
fits(const int *list, int n, double mean, double sd)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < n; i++)
		sum += list[i];
	for (int i = 0; i < n; i++)
		squares += (list[i] - sum / n) * (list[i] - sum / n);
	return fabs(sum / n - mean) <= 0.05 + 1e-9 &&
		fabs(sqrt(squares / (n - 1)) - sd) <= 0.05 + 1e-9;
}

/* Lists of results from -5 to 15, none below the one before. */
static unsigned
count_lists(int *list, int at, int n, double mean, double sd)
{
	unsigned found = 0;

	if (at == n)
		return fits(list, n, mean, sd);
	for (list[at] = at ? list[at - 1] : -5; list[at] <= 15; list[at]++)
		found += count_lists(list, at + 1, n, mean, sd);
	return found;
}

static void
test_a_mean_and_spread_of_few_give_the_results_away(void **state)
{
	unsigned lists;
	int list[5];

	(void)state;
	/* Four results with mean 2.5 and spread 1.3: 1 2 3 4 and no other. */
	assert_false(cf_mean_sd_lists(&lists, 2.5, 1.3, cf_unround(4, 1), 10));
	assert_int_equal(lists, 1);
	assert_int_equal(count_lists(list, 0, 4, 2.5, 1.3), 1);
	for (int mean = 21; mean < 60; mean += 7)
		for (int sd = 3; sd < 30; sd += 4) {
			assert_false(cf_mean_sd_lists(&lists, mean / 10.,
				sd / 10., cf_unround(5, 1), 10000));
			assert_int_equal(lists, count_lists(list, 0, 5,
				mean / 10., sd / 10.));
		}
	/* Ten pupils with a spread of 14 points: too many to be told. */
	assert_false(cf_mean_sd_lists(&lists, 101.6, 14.1, cf_unround(10, 5),
		4));
	assert_int_equal(lists, 4);
}

static void
test_a_percentage_stands_for_numbers_of_people(void **state)
{
	struct cf_range k;

	(void)state;
	assert_true(cf_percent_people(&k, 3, cf_unround(120, 5)));
	assert_int_equal(k.least, 3);
	assert_int_equal(k.most, 4);
	assert_true(cf_percent_people(&k, 8, cf_unround(655, 5)));
	assert_int_equal(k.least, 49);
	assert_int_equal(k.most, 55);
	/* 12.5 of 14 to 18: 2 of 16 and no other. */
	assert_true(cf_percent_people(&k, 12.5, (struct cf_range){ 14, 18 }));
	assert_int_equal(k.least, 2);
	assert_int_equal(k.most, 2);
	assert_false(cf_percent_people(&k, 50, (struct cf_range){ 1, 1 }));
	assert_false(cf_percent_people(&k, 101, cf_unround(120, 5)));
}

static void
test_percentages_come_from_rounded_numbers(void **state)
{
	(void)state;
	assert_int_equal(cf_percent_rounded(8, 655, 5), 8);
	assert_int_equal(cf_percent_rounded(8.4, 120, 5), 8);
	assert_int_equal(cf_percent_rounded(10, 120, 5), 8);
	assert_int_equal(cf_percent_rounded(11, 120, 5), 13);
	assert_int_equal(cf_percent_rounded(100, 30, 5), 100);
	assert_int_equal(cf_percent_rounded(0, 30, 5), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_rounded_half_up),
		cmocka_unit_test(test_decimals_are_counted),
		cmocka_unit_test(
			test_a_precise_mean_fixes_the_number_of_results),
		cmocka_unit_test(
			test_a_mean_and_spread_of_few_give_the_results_away),
		cmocka_unit_test(
			test_a_percentage_stands_for_numbers_of_people),
		cmocka_unit_test(
			test_percentages_come_from_rounded_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
