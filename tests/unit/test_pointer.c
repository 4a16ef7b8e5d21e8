/*
 * JSON Pointer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json/json.h"

static json_t *
sample(void)
{
	json_t *value;

	assert_null(cf_json_read(&value, CF_STR("{\"list\":[\"a\",[\"b\"]],"
		"\"\":0,\"x/y\":1,\"m~n\":2,\"m/n\":8,\"~1\":3,\" \":4,\"é\":5,"
		"\"0\":{\"\":6},\"01\":7}"), 1024));
	return value;
}

static void
test_finds_what_it_names(void **state)
{
	static const struct {
		const char *pointer;
		json_int_t value;
	} cases[] = {
		{ "/", 0 }, { "/x~1y", 1 }, { "/m~0n", 2 }, { "/~01", 3 },
		{ "/ ", 4 }, { "/é", 5 }, { "/0/", 6 }, { "/01", 7 },
	};
	json_t *value = sample();

	(void)state;
	assert_ptr_equal(cf_json_at(value, ""), value);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const json_t *at = cf_json_at(value, cases[i].pointer);

		assert_true(json_is_integer(at));
		assert_int_equal(json_integer_value(at), cases[i].value);
	}
	assert_string_equal(json_string_value(cf_json_at(value, "/list/0")),
		"a");
	assert_string_equal(json_string_value(cf_json_at(value, "/list/1/0")),
		"b");
	json_decref(value);
}

static void
test_finds_nothing_else(void **state)
{
	static const char *const none[] = { "list", "/list/2", "/list/-",
		"/list/00", "/list/+0", "/list/ 0", "/list/0x0", "/list/",
		"/list/0/0", "/list/18446744073709551616", "/nothing", "/x/y",
		"/m~n", "/m~", "/m~2n", "/x~1y/", "//", "/list/1/0/b", "/list~"
	};
	json_t *value = sample();

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (cf_json_at(value, none[i]) != NULL)
			fail_msg("%s names something", none[i]);
	assert_null(cf_json_at(NULL, ""));
	assert_null(cf_json_at(NULL, "/a"));
	json_decref(value);
}

static void
test_tokens_are_escaped(void **state)
{
	struct cf_buf pointer = CF_BUF(64);
	json_t *value = sample();

	(void)state;
	cf_json_pointer_add(&pointer, "x/y");
	assert_string_equal(pointer.data, "/x~1y");
	assert_int_equal(json_integer_value(cf_json_at(value, pointer.data)),
		1);
	cf_buf_reset(&pointer);
	cf_json_pointer_add(&pointer, "~1");
	assert_int_equal(json_integer_value(cf_json_at(value, pointer.data)),
		3);
	cf_json_pointer_add(&pointer, "");
	cf_json_pointer_add(&pointer, "a~/b");
	assert_string_equal(pointer.data, "/~01//a~0~1b");
	cf_buf_clear(&pointer);
	json_decref(value);
}

static void
test_string_members(void **state)
{
	json_t *value = json_pack("{s:s, s:i}", "text", "abc", "number", 1);

	(void)state;
	assert_string_equal(cf_json_str(value, "text"), "abc");
	assert_null(cf_json_str(value, "number"));
	assert_null(cf_json_str(value, "none"));
	assert_null(cf_json_str(NULL, "text"));
	json_decref(value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_it_names),
		cmocka_unit_test(test_finds_nothing_else),
		cmocka_unit_test(test_tokens_are_escaped),
		cmocka_unit_test(test_string_members),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
