/*
 * How offers fit needs, part by part; how alike texts are.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/fit.h"

#define DAY "2026-03-10"

static const char need[] = "{\"problem_tags\": [\"decodes_but_slow\","
	"\"weak_inference\"], \"areas\": [\"english_reading\"], \"phases\":"
	"[\"primary\"], \"context\": {\"phase\": \"primary\", \"region\":"
	"\"south_west\", \"size_band\": \"201_to_400\", \"fsm_band\":"
	"\"30_to_39\"}, \"looking_for\": [\"coaching\"],"
	"\"constraints\": {\"start\": \"2026-04\"}}";
static const char offer[] = "{\"problem_tags\": [\"decodes_but_slow\"],"
	"\"areas\": [\"english_reading\", \"oracy\"], \"phases\":"
	"[\"primary\"], \"context\": {\"phase\": \"primary\", \"size_band\":"
	"\"201_to_400\", \"fsm_band\": \"30_to_39\"}, \"offer_type\":"
	"\"coaching\", \"modes\": [\"visit_out\"], \"regions\":"
	"[\"south_west\"], \"capacity\": {\"days_per_term\": 4, \"days_left\":"
	"1, \"from\": \"2026-01\", \"until\": \"2026-07\"}}";

static json_t *
parse(const char *text)
{
	json_t *out = json_loads(text, 0, NULL);

	assert_non_null(out);
	return out;
}

static void
near(double a, double b)
{
	if (fabs(a - b) > 1e-12)
		fail_msg("%.17g is not %.17g", a, b);
}

/* The offer with one member changed (JSON) or taken out (NULL). */
static struct cf_fit
fit(const char *member, const char *value)
{
	json_t *a = parse(need), *b = parse(offer);
	struct cf_fit out;

	if (member && value)
		json_object_set_new(b, member, json_loads(value,
			JSON_DECODE_ANY, NULL));
	else if (member)
		json_object_del(b, member);
	cf_fit(&out, a, b, DAY);
	json_decref(a);
	json_decref(b);
	return out;
}

static void
test_the_parts(void **state)
{
	struct cf_fit f = fit(NULL, NULL);
	double sum = 0;

	(void)state;
	assert_null(f.out);
	near(f.part[CF_FIT_PROBLEM], 0.5);
	near(f.part[CF_FIT_FIELD], 0.75);
	near(f.part[CF_FIT_SETTING], 1);
	near(f.part[CF_FIT_ROOM], 0.25);
	near(f.part[CF_FIT_WAY], 1);
	near(f.sum, 0.45 * 0.5 + 0.2 * 0.75 + 0.15 + 0.1 * 0.25 + 0.1);
	for (int i = 0; i < CF_FIT_PARTS; i++)
		sum += cf_fit_weight[i];
	near(sum, 1);
}

static void
test_what_is_out(void **state)
{
	(void)state;
	assert_non_null(fit("phases", "[\"secondary\"]").out);
	assert_non_null(fit("capacity", "{\"days_left\": 0}").out);
	assert_non_null(fit("capacity", "{\"days_per_term\": 0}").out);
	assert_non_null(fit("capacity", "{\"until\": \"2026-02\"}").out);
	assert_non_null(fit("capacity", "{\"until\": \"2026-03\"}").out);
	assert_non_null(fit("capacity", "{\"from\": \"2026-05\"}").out);
	assert_non_null(fit("regions", "[\"london\"]").out);
	assert_null(fit("capacity", "{\"from\": \"2026-04\"}").out);
	assert_null(fit("modes", "[\"visit_host\"]").out);
}

static void
test_what_is_not_said(void **state)
{
	struct cf_fit f = fit("problem_tags", NULL);

	(void)state;
	assert_true(f.unsaid[CF_FIT_PROBLEM]);
	near(f.part[CF_FIT_PROBLEM], 0.5);
	assert_true(fit("context", NULL).unsaid[CF_FIT_SETTING]);
	assert_true(fit("capacity", NULL).unsaid[CF_FIT_ROOM]);
	assert_false(fit("regions", NULL).unsaid[CF_FIT_WAY]);
}

static void
test_synonyms_are_one(void **state)
{
	static const char *const same[][2] = { { "slow-reading",
		"decodes_but_slow" }, { "absence", "low_attendance" },
		{ "a-b", "a_b" } };

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		char *a = cf_problem_word(same[i][0]);
		char *b = cf_problem_word(same[i][1]);

		assert_string_equal(a, b);
		free(a);
		free(b);
	}
	near(fit("problem_tags", "[\"not-fluent\", \"loses_meaning\"]")
		.part[CF_FIT_PROBLEM], 1);
}

/* Whose they are plays no part: an owner in a record changes nothing. */
static void
test_nobody_is_ranked(void **state)
{
	struct cf_fit a = fit(NULL, NULL), b = fit("owner", "\"zQmOther\"");

	(void)state;
	near(a.sum, b.sum);
	near(fit("effect", "0.9").sum, a.sum);
}

static void
test_texts(void **state)
{
	(void)state;
	near(cf_same_text("Whole-class fluency", "whole class FLUENCY!"), 1);
	near(cf_same_text("abc", "xyz"), 0);
	near(cf_same_text("", ""), 0);
	near(cf_same_text("\xc3\xa9l\xc3\xa8ve", "\xc3\xa9l\xc3\xa8ve"), 1);
	assert_true(cf_same_text("Whole-class fluency routine, 20 minutes",
		"Whole class fluency routine 15 minutes") > 0.6);
	assert_true(cf_same_text("Whole-class fluency routine",
		"Daily retrieval quiz in mathematics") < 0.2);
	/* The two triples of "a": "  a", " a "; of "ab": "  a", " ab", "ab ". */
	near(cf_same_text("a", "ab"), 0.25);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_parts),
		cmocka_unit_test(test_what_is_out),
		cmocka_unit_test(test_what_is_not_said),
		cmocka_unit_test(test_synonyms_are_one),
		cmocka_unit_test(test_nobody_is_ranked),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
