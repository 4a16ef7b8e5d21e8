/*
 * Numbers and equality without rounding, and lists without duplicates.
 */
#include "schema_case.h"

static void
test_values_are_equal_as_json_means_it(void **state)
{
	(void)state;
	check("{'const':1}", "1.0", true);
	check("{'const':{'a':[1,{'b':2}],'c':null}}",
		"{'c':null,'a':[1.0,{'b':2}]}", true);
	check("{'const':[1,2]}", "[2,1]", false);
	check("{'const':0}", "false", false);
	check("{'const':9007199254740993}", "9007199254740992.0", false);
	check("{'const':9007199254740992}", "9007199254740992.0", true);
	check("{'const':'a\\u0000b'}", "'a'", false);
	check("{'type':'integer'}", "1e3", true);
	check("{'type':'integer'}", "1.5", false);
	check("{'maximum':9007199254740992.0}", "9007199254740993", false);
	check("{'minimum':-9223372036854775808}", "-1e19", false);
	check("{'exclusiveMinimum':-1e19}", "-9223372036854775808", true);
}

static void
test_multiples_are_those_of_decimal_numbers(void **state)
{
	(void)state;
	check("{'multipleOf':0.01}", "19.99", true);
	check("{'multipleOf':0.01}", "19.999", false);
	check("{'multipleOf':0.1}", "1e21", true);
	check("{'multipleOf':1e21}", "1e22", true);
	check("{'multipleOf':1e22}", "1e21", false);
	check("{'multipleOf':3}", "1e300", false);
	check("{'multipleOf':5}", "-15", true);
	check("{'multipleOf':5}", "-16", false);
	check("{'multipleOf':1e300}", "0", true);
	check("{'multipleOf':9223372036854775807}", "9223372036854775807",
		true);
	check("{'multipleOf':2.5e-7}", "1", true);
	check("{'multipleOf':5e-324}", "1.7976931348623157e308", true);
}

/* A value among few, so that equal ones meet, some of them 1 and 1.0. */
static json_t *
random_value(int depth)
{
	json_t *out;

	switch (seed_below(depth ? 6 : 4)) {
	case 0:
		return json_integer((json_int_t)seed_below(4));
	case 1:
		return json_real((double)seed_below(8) / 2);
	case 2:
		return json_string(seed_below(2) ? "longer than a word" : "b");
	case 3:
		return json_boolean(seed_below(2));
	case 4:
		out = json_array();
		for (uint64_t n = seed_below(3); n > 0; n--)
			json_array_append_new(out, random_value(depth - 1));
		return out;
	default:
		out = json_object();
		for (uint64_t n = seed_below(3); n > 0; n--)
			json_object_set_new(out, seed_below(2) ? "x" : "y",
				random_value(depth - 1));
		return out;
	}
}

static bool
any_equal(json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		for (size_t j = 0; j < i; j++)
			if (cf_json_compare(json_array_get(list, i),
				json_array_get(list, j)) == 0)
				return true;
	return false;
}

static void
test_a_list_is_unique_if_no_two_canonical_forms_agree(void **state)
{
	const struct cf_schema *schema;
	struct cf_schema_set *set = set_of(&schema, "{'uniqueItems':true}");
	size_t unique = 0, n = 3000;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		json_t *list = json_array();
		uint64_t size = seed_below(20);
		bool want;

		while (size-- > 0)
			json_array_append_new(list, random_value(2));
		want = !any_equal(list);
		assert_int_equal(cf_schema_valid(schema, list, NULL), want);
		unique += want;
		json_decref(list);
	}
	assert_true(unique > 0 && unique < n);
	cf_schema_set_free(set);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_equal_as_json_means_it),
		cmocka_unit_test(test_multiples_are_those_of_decimal_numbers),
		cmocka_unit_test(
			test_a_list_is_unique_if_no_two_canonical_forms_agree),
	};

	cf_json_start();
	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
