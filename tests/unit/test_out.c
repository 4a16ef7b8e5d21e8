/*
 * JSON for other programs, error objects and exit statuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/out.h"

static char text[8192];

/* What `value` (taken) is written as. */
static const char *
written(json_t *value)
{
	FILE *f = tmpfile();
	size_t n;

	assert_non_null(f);
	assert_non_null(value);
	cf_out_json(f, value);
	json_decref(value);
	rewind(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	return text;
}

static void
test_members_are_sorted_and_indented(void **state)
{
	(void)state;
	assert_string_equal(written(json_pack("{s:i,s:[i,n,b],s:{},s:[]}",
		"b", 1, "a", 1, 1, "d", "c")),
		"{\n  \"a\": [\n    1,\n    null,\n    true\n  ],\n"
		"  \"b\": 1,\n  \"c\": [],\n  \"d\": {}\n}\n");
	assert_string_equal(written(json_false()), "false\n");
	assert_string_equal(written(json_string("x")), "\"x\"\n");
}

static void
test_numbers_are_the_shortest_that_read_back(void **state)
{
	static const struct {
		double value;
		const char *want;
	} table[] = {
		{ 0.1, "0.1" }, { 0.185607, "0.185607" }, { 13, "13" },
		{ -2.5, "-2.5" }, { 1e300, "1e+300" },
		{ 0.1 + 0.2, "0.30000000000000004" }, { 0, "0" },
		{ 9007199254740991.0, "9007199254740991" },
	};
	char got[CF_NUMBER_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		cf_out_number(got, table[i].value);
		assert_true(strtod(got, NULL) == table[i].value);
		assert_string_equal(got, table[i].want);
	}
	cf_out_number(got, 5e-324);
	assert_true(strtod(got, NULL) == 5e-324);
	assert_string_equal(written(json_real(98.9)), "98.9\n");
	assert_string_equal(written(json_integer(-9007199254740991)),
		"-9007199254740991\n");
}

static void
test_strings_cannot_drive_a_terminal(void **state)
{
	const char *evil = "\"\\\n\t\r\b\f\x01\x1b[2J\x7f\xc2\x9b"
		"\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf" "caf\xc3\xa9";
	const char *safe = "\"\\\"\\\\\\n\\t\\r\\b\\f\\u0001\\u001b[2J\\u007f"
		"\\u009b\\u202e\\u2028\\ufeff" "caf\xc3\xa9\"\n";
	json_t *back;

	(void)state;
	assert_string_equal(written(json_string(evil)), safe);
	back = json_loads(text, JSON_DECODE_ANY, NULL);
	assert_string_equal(json_string_value(back), evil);
	json_decref(back);
	assert_string_equal(written(json_pack("{s:i}", "a\x1b", 1)),
		"{\n  \"a\\u001b\": 1\n}\n");
}

static void
test_errors_are_objects(void **state)
{
	FILE *f = tmpfile();
	struct cf_err err = { CF_REFUSED, "history.rollback",
		"older\x1b \xff than before" };
	json_t *whole, *object;

	(void)state;
	assert_non_null(f);
	cf_out_error(f, &err);
	rewind(f);
	whole = json_loadf(f, 0, NULL);
	(void)fclose(f);
	object = json_object_get(whole, "error");
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object,
		"code")), "refused");
	assert_string_equal(json_string_value(json_object_get(object,
		"rule")), "history.rollback");
	assert_string_equal(json_string_value(json_object_get(object,
		"message")),
		"older\xef\xbf\xbd \xef\xbf\xbd than before");
	json_decref(whole);
}

static void
test_exit_statuses(void **state)
{
	static const struct {
		enum cf_code code;
		int status;
	} table[] = {
		{ CF_SYS, 1 }, { CF_NOT_FOUND, 1 }, { CF_BUSY, 1 },
		{ CF_REMOTE, 1 }, { CF_CANCELLED, 1 }, { CF_USAGE, 2 },
		{ CF_DECIDE, 3 }, { CF_REFUSED, 4 }, { CF_INVALID, 5 },
		{ CF_TOO_BIG, 5 }, { CF_EXISTS, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(cf_exit_status(table[i].code),
			table[i].status);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_are_sorted_and_indented),
		cmocka_unit_test(test_numbers_are_the_shortest_that_read_back),
		cmocka_unit_test(test_strings_cannot_drive_a_terminal),
		cmocka_unit_test(test_errors_are_objects),
		cmocka_unit_test(test_exit_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
