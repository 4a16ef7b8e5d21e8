/*
 * Numbers, canonical form, file form, and the order of values.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json/json.h"

static void
test_numbers_as_ecmascript(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1, "-1" },
		{ 100, "100" }, { 0.1, "0.1" }, { 0.1 + 0.2,
		"0.30000000000000004" }, { 1.0 / 3, "0.3333333333333333" },
		{ -1.5, "-1.5" }, { 1234.5678, "1234.5678" },
		/* where exponents begin */
		{ 1e-6, "0.000001" }, { 1.25e-6, "0.00000125" },
		{ 9.99e-7, "9.99e-7" }, { 1e-7, "1e-7" },
		{ -1e-7, "-1e-7" }, { 1e20, "100000000000000000000" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 1e21, "1e+21" }, { 1.5e300, "1.5e+300" },
		{ -1e21, "-1e+21" }, { 12345e25, "1.2345e+29" },
		/* the ends */
		{ 5e-324, "5e-324" }, { 1e-323, "1e-323" },
		{ DBL_MIN, "2.2250738585072014e-308" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ 9007199254740991, "9007199254740991" },
		{ 9007199254740994, "9007199254740994" },
		{ 999999999999999, "999999999999999" },
		{ 1e15, "1000000000000000" },
		{ 0x1p-5, "0.03125" },
		/* powers of two: the nearest of 16 digits is too low */
		{ 0x1p-44, "5.684341886080802e-14" },
		{ 0x1p-24, "5.960464477539063e-8" },
		{ 0x1p-1022, "2.2250738585072014e-308" },
		/* 16 digits, and 17 */
		{ 4.35, "4.35" }, { 2.2204460492503131e-16,
		"2.220446049250313e-16" },
		{ 5e-5, "0.00005" }, { 1.0000000000000002,
		"1.0000000000000002" },
		{ 333333333.33333329, "333333333.3333333" },
		{ 9.5367431640625e-7, "9.5367431640625e-7" },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(cf_json_number(out, cases[i].value));
		assert_string_equal(out, cases[i].text);
	}
	assert_false(cf_json_number(out, (double)INFINITY));
	assert_false(cf_json_number(out, -(double)INFINITY));
	assert_false(cf_json_number(out, (double)NAN));
}

static void
test_numbers_that_records_may_hold(void **state)
{
	(void)state;
	assert_true(cf_json_number_ok(9007199254740991));
	assert_true(cf_json_number_ok(-9007199254740991));
	assert_true(cf_json_number_ok(-0.5));
	assert_true(cf_json_number_ok(1e21));
	assert_true(cf_json_number_ok(-DBL_MAX));
	assert_false(cf_json_number_ok(9007199254740992));
	assert_false(cf_json_number_ok(-9007199254740992));
	assert_false(cf_json_number_ok(nextafter(1e21, 0)));
	assert_false(cf_json_number_ok((double)INFINITY));
	assert_false(cf_json_number_ok((double)NAN));
}

/* The canonical form of what the text says, and its file form. */
static void
check(const char *text, const char *canonical, const char *file_form)
{
	struct cf_buf out = CF_BUF(4096);
	const struct cf_err *err;
	json_t *value;

	err = cf_json_read(&value, cf_str(text), 4096);
	if (err)
		fail_msg("%s: %s", text, err->msg);
	assert_null(cf_json_canonical(&out, value, NULL));
	assert_string_equal(out.data, canonical);
	cf_buf_reset(&out);
	assert_null(cf_json_file_form(&out, value));
	assert_string_equal(out.data, file_form);
	cf_buf_clear(&out);
	json_decref(value);
}

static void
test_two_forms(void **state)
{
	(void)state;
	check(" true ", "true", "true\n");
	check("null", "null", "null\n");
	check("\"\"", "\"\"", "\"\"\n");
	check("-0", "0", "0\n");
	check("{ }", "{}", "{}\n");
	check("[ ]", "[]", "[]\n");
	check("[[],{}]", "[[],{}]", "[\n  [],\n  {}\n]\n");
	check("[1.0,[2,false]]", "[1,[2,false]]",
		"[\n  1,\n  [\n    2,\n    false\n  ]\n]\n");
	check("{\"b\":{\"d\":1e2},\"a\":[{\"c\":null}]}",
		"{\"a\":[{\"c\":null}],\"b\":{\"d\":100}}",
		"{\n  \"a\": [\n    {\n      \"c\": null\n    }\n  ],\n"
		"  \"b\": {\n    \"d\": 100\n  }\n}\n");
	check("{\"\":1}", "{\"\":1}", "{\n  \"\": 1\n}\n");
}

/* Escapes are used where JSON has no other way, and in their short form. */
static void
test_strings_are_escaped_sparingly(void **state)
{
	(void)state;
	check("\"\\u0001\\b\\t\\n\\u000B\\f\\r\\u001F\"",
		"\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\"",
		"\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\"\n");
	check("\"\\\"\\\\\\/ \\u007f\\u00e9\\u2028\\ud83d\\ude00</a>\"",
		"\"\\\"\\\\/ \x7f\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80</a>\"",
		"\"\\\"\\\\/ \x7f\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80</a>\"\n");
	/* No normalisation: two spellings of é are two texts. */
	check("[\"\\u00e9\",\"e\\u0301\"]", "[\"é\",\"e\xcc\x81\"]",
		"[\n  \"é\",\n  \"e\xcc\x81\"\n]\n");
}

/* By UTF-16 code units: characters beyond U+FFFF come before U+E000. */
static void
test_members_are_sorted_as_utf16(void **state)
{
	(void)state;
	check("{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":2,\"\xee\x80\x80\":3,"
		"\"\xed\x9f\xbf\":4,\"aa\":5,\"a\":6,\"B\":7,\"\":8,\"\\n\":9,"
		"\"10\":10,\"1\":11,\"\xf4\x8f\xbf\xbd\":12,\"a\\\"\":13}",
		"{\"\":8,\"\\n\":9,\"1\":11,\"10\":10,\"B\":7,\"a\":6,"
		"\"a\\\"\":13,\"aa\":5,\"\xed\x9f\xbf\":4,"
		"\"\xf0\x9f\x98\x80\":2,\"\xf4\x8f\xbf\xbd\":12,"
		"\"\xee\x80\x80\":3,\"\xef\xac\xb3\":1}",
		"{\n  \"\": 8,\n  \"\\n\": 9,\n  \"1\": 11,\n  \"10\": 10,\n"
		"  \"B\": 7,\n  \"a\": 6,\n  \"a\\\"\": 13,\n  \"aa\": 5,\n"
		"  \"\xed\x9f\xbf\": 4,\n  \"\xf0\x9f\x98\x80\": 2,\n"
		"  \"\xf4\x8f\xbf\xbd\": 12,\n  \"\xee\x80\x80\": 3,\n"
		"  \"\xef\xac\xb3\": 1\n}\n");
}

static void
test_one_member_can_be_left_out(void **state)
{
	static const struct {
		const char *text, *skip, *canonical;
	} cases[] = {
		{ "{\"a\":1,\"b\":2,\"c\":3}", "a", "{\"b\":2,\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "b", "{\"a\":1,\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "c", "{\"a\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "d",
		  "{\"a\":1,\"b\":2,\"c\":3}" },
		{ "{\"a\":{\"a\":1,\"b\":2}}", "b",
		  "{\"a\":{\"a\":1,\"b\":2}}" },
		{ "{\"a\":[{\"a\":1}]}", "a", "{}" },
		{ "[{\"a\":1}]", "a", "[{\"a\":1}]" },
	};
	struct cf_buf out = CF_BUF(256);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *value = json_loads(cases[i].text, 0, NULL);

		cf_buf_reset(&out);
		assert_null(cf_json_canonical(&out, value, cases[i].skip));
		assert_string_equal(out.data, cases[i].canonical);
		json_decref(value);
	}
	cf_buf_clear(&out);
}

static void
refuse(json_t *value, size_t room, enum cf_code code, const char *msg)
{
	struct cf_buf out = CF_BUF(room);
	const struct cf_err *err = cf_json_canonical(&out, value, NULL);

	assert_non_null(err);
	assert_int_equal(err->code, code);
	assert_string_equal(err->msg, msg);
	cf_buf_reset(&out);
	err = cf_json_file_form(&out, value);
	assert_non_null(err);
	assert_int_equal(err->code, code);
	cf_buf_clear(&out);
	json_decref(value);
}

/* What we would not read, we do not write. */
static void
test_values_without_a_form(void **state)
{
	json_t *deep = json_array();

	(void)state;
	refuse(json_integer(9007199254740992), 99, CF_INVALID, "the whole "
		"number 9007199254740992 is beyond 9007199254740991; write it "
		"as a text");
	refuse(json_pack("[[I]]", (json_int_t)INT64_MIN), 99, CF_INVALID,
		"the whole number -9223372036854775808 is beyond "
		"9007199254740991; write it as a text");
	refuse(json_pack("{s:f}", "a", -1e20), 99, CF_INVALID, "the whole "
		"number -100000000000000000000 is beyond 9007199254740991; "
		"write it as a text");
	refuse(json_stringn_nocheck("a\0b", 3), 99, CF_INVALID, "a text holds "
		"a NUL or a code point that is no character, after 1 bytes; "
		"remove it");
	refuse(json_stringn_nocheck("\xef\xbf\xbf", 3), 99, CF_INVALID,
		"a text holds a NUL or a code point that is no character, "
		"after 0 bytes; remove it");
	refuse(json_pack("{s:i}", "\xef\xb7\x90", 1), 99, CF_INVALID,
		"a text holds a NUL or a code point that is no character, "
		"after 0 bytes; remove it");
	for (unsigned i = 0; i < CF_MAX_DEPTH; i++) {
		json_t *outer = json_array();

		(void)json_array_append_new(outer, deep);
		deep = outer;
	}
	refuse(deep, 4096, CF_INVALID, "objects and lists lie more than 32 "
		"deep in each other; use fewer levels");
	refuse(json_pack("[s]", "abc"), 6, CF_TOO_BIG,
		"the canonical form is larger than 6 bytes");
}

static void
test_order_is_that_of_the_bytes(void **state)
{
	/* Ascending; those on one line are the same. */
	static const char *const rows[][3] = {
		{ "\" \"" }, { "\"\"" }, { "\"a\"", "\"\\u0061\"" },
		{ "\"a\\\\\"" }, { "\"aa\"" }, { "\"é\"" }, { "-1" },
		{ "0", "-0", "0.0" }, { "0.5", "5e-1" }, { "1", "1.0", "1e0" },
		{ "10" }, { "2" }, { "[1,2]" }, { "[1]" }, { "[]" },
		{ "false" }, { "null" }, { "true" },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}" },
		{ "{\"a\":1}" }, { "{}" },
	};
	enum { N = sizeof rows / sizeof rows[0] };
	json_t *value[N][3];

	(void)state;
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < 3; k++)
			assert_null(cf_json_read(&value[i][k], cf_str(
				rows[i][k] ? rows[i][k] : rows[i][0]), 99));
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < N; j++) {
			int order = cf_json_compare(value[i][j % 3],
				value[j][i % 3]);

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%s and %s: %d", rows[i][0],
					rows[j][0], order);
		}
	}
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < 3; k++)
			json_decref(value[i][k]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_as_ecmascript),
		cmocka_unit_test(test_numbers_that_records_may_hold),
		cmocka_unit_test(test_two_forms),
		cmocka_unit_test(test_strings_are_escaped_sparingly),
		cmocka_unit_test(test_members_are_sorted_as_utf16),
		cmocka_unit_test(test_one_member_can_be_left_out),
		cmocka_unit_test(test_values_without_a_form),
		cmocka_unit_test(test_order_is_that_of_the_bytes),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
