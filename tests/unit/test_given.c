/*
 * What was given and received: sums of our own, and figures about all that tell
 * of nobody.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "index/given.h"

static void
gave(json_t *episodes, const char *giver, const char *receiver, double days,
	const char *area)
{
	json_array_append_new(episodes, json_pack("{s:s, s:s, s:f, s:[s]}",
		"giver", giver, "receiver", receiver, "days", days, "areas",
		area));
}

/* a, b, c give mathematics to d, e, f; and d, e, f something back. */
static json_t *
some(void)
{
	json_t *out = json_array();

	gave(out, "a", "d", 2, "mathematics");
	gave(out, "b", "e", 3, "mathematics");
	gave(out, "c", "f", 4, "mathematics");
	gave(out, "d", "a", 1, "science");
	gave(out, "e", "b", 1, "science");
	return out;
}

static json_t *
eight(void)
{
	return json_pack("[s, s, s, s, s, s, s, s]", "a", "b", "c", "d", "e",
		"f", "g", "h");
}

/* Takes all three. */
static json_t *
cells(json_t *episodes, json_t *trusts, json_t *unmet)
{
	json_t *out = cf_given_cells(episodes, trusts, unmet);

	json_decref(episodes);
	json_decref(trusts);
	json_decref(unmet);
	return out;
}

static void
test_our_own(void **state)
{
	json_t *episodes = some(), *own = cf_given_own(episodes, "a",
		"2026-03");

	(void)state;
	assert_true(fabs(json_number_value(json_object_get(own, "given")) - 2)
		< 1e-12);
	assert_true(fabs(json_number_value(json_object_get(own, "received")) -
		1) < 1e-12);
	assert_int_equal(json_integer_value(json_object_get(own, "to")), 1);
	assert_int_equal(json_array_size(json_object_get(own, "themes")), 2);
	assert_int_equal(json_array_size(json_object_get(own, "partners")),
		1);
	json_decref(own);
	json_decref(episodes);
}

/* The order of partners says nothing of amounts: it is the same for any, and
 * another one in some other month. */
static void
test_partners_have_no_order(void **state)
{
	static const char *const names[] = { "b", "c", "d", "e", "f" };
	json_t *up = json_array(), *down = json_array();
	bool differs = false;
	char first[2] = "";

	(void)state;
	for (int i = 0; i < 5; i++) {
		gave(up, "a", names[i], i + 1, "science");
		gave(down, "a", names[i], 9 - i, "science");
	}
	for (int month = 1; month <= 9; month++) {
		char text[] = "2026-01";
		json_t *x, *y;

		text[6] = (char)('0' + month);
		x = cf_given_own(up, "a", text);
		y = cf_given_own(down, "a", text);
		for (size_t i = 0; i < 5; i++)
			assert_string_equal(cf_json_str(json_array_get(
				json_object_get(x, "partners"), i), "trust"),
				cf_json_str(json_array_get(json_object_get(y,
				"partners"), i), "trust"));
		differs |= first[0] && first[0] != cf_json_str(json_array_get(
			json_object_get(x, "partners"), 0), "trust")[0];
		first[0] = cf_json_str(json_array_get(json_object_get(x,
			"partners"), 0), "trust")[0];
		json_decref(x);
		json_decref(y);
	}
	assert_true(differs);
	json_decref(up);
	json_decref(down);
}

static void
test_too_few_are_not_told(void **state)
{
	json_t *episodes = some(), *out;

	(void)state;
	/* Science: two gave. Both: a, b, d, e of eight. */
	out = cells(episodes, eight(), json_array());
	assert_non_null(json_object_get(out, "flow mathematics"));
	assert_null(json_object_get(out, "flow science"));
	assert_non_null(json_object_get(out, "both"));
	json_decref(out);
	/* Of six trusts only two did not: not told. */
	out = cells(some(), json_pack("[s, s, s, s, s, s]", "a", "b", "c",
		"d", "e", "f"), json_array());
	assert_null(json_object_get(out, "both"));
	json_decref(out);
	out = cells(json_array(), eight(), json_pack("[{s:s, s:[s]}, {s:s, "
		"s:[s, s]}, {s:s, s:[s]}, {s:s, s:[s]}]", "trust", "a",
		"areas", "music", "trust", "b", "areas", "music", "art",
		"trust", "b", "areas", "art", "trust", "c", "areas",
		"music"));
	assert_non_null(json_object_get(out, "unmet music"));
	assert_null(json_object_get(out, "unmet art"));
	json_decref(out);
}

/* A figure stays until three trusts' parts of it have changed. */
static void
test_two_reports_never_tell_of_one_trust(void **state)
{
	json_t *told = cells(some(), eight(), json_array()), *episodes, *now;
	json_t *kept = json_array(), *out;

	(void)state;
	episodes = some();
	gave(episodes, "a", "d", 5, "mathematics");
	now = cells(episodes, eight(), json_array());
	out = cf_given_tell(kept, now, told);
	assert_true(json_equal(json_object_get(out, "flow mathematics"),
		json_object_get(told, "flow mathematics")));
	assert_int_equal(json_array_size(kept), 1);
	json_decref(now);
	json_decref(out);
	json_array_clear(kept);
	episodes = some();
	gave(episodes, "a", "d", 5, "mathematics");
	gave(episodes, "a", "e", 5, "mathematics");
	now = cells(episodes, eight(), json_array());
	out = cf_given_tell(kept, now, told);
	assert_true(json_equal(json_object_get(out, "flow mathematics"),
		json_object_get(now, "flow mathematics")));
	assert_int_equal(json_array_size(kept), 0);
	json_decref(now);
	json_decref(out);
	/* One that is gone stays too, unless enough have gone. */
	now = cells(json_array(), eight(), json_array());
	out = cf_given_tell(kept, now, told);
	assert_null(json_object_get(out, "flow mathematics"));
	json_decref(now);
	json_decref(out);
	/* The first time, and where nothing has changed. */
	out = cf_given_tell(kept, told, NULL);
	assert_true(json_equal(out, told));
	json_decref(out);
	json_decref(told);
	json_decref(kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_own),
		cmocka_unit_test(test_partners_have_no_order),
		cmocka_unit_test(test_too_few_are_not_told),
		cmocka_unit_test(test_two_reports_never_tell_of_one_trust),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
