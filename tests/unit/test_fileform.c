/*
 * Reading bytes that must be exactly their file form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "json/json.h"

#define MAX 65536
#define NOT_CANONICAL "these bytes are not in the one form in which records " \
	"are written (members in their order, two spaces for each level, one " \
	"way to write each text and number); write the file again with Confer"

/* From memory without a byte to spare on either side. */
static const struct cf_err *
read_exactly(json_t **out, struct cf_buf *jcs, const char *skip,
	struct cf_str text, size_t max)
{
	char *exact = memcpy(cf_malloc(text.n), text.p, text.n);
	const struct cf_err *err = cf_json_read_file_form(out, jcs, skip,
		(struct cf_str){ exact, text.n }, max);

	free(exact);
	return err;
}

static void
accept(const char *text, const char *skip, const char *canonical)
{
	struct cf_buf jcs = CF_BUF(MAX);
	const struct cf_err *err;
	json_t *fast, *slow;

	cf_buf_puts(&jcs, "before ");
	err = read_exactly(&fast, &jcs, skip, cf_str(text), MAX);
	if (err)
		fail_msg("%s: %s", text, err->msg);
	assert_memory_equal(jcs.data, "before ", 7);
	assert_string_equal(jcs.data + 7, canonical);
	assert_null(cf_json_read(&slow, cf_str(text), MAX));
	assert_true(json_equal(slow, fast));
	json_decref(fast);
	assert_null(read_exactly(&fast, NULL, skip, cf_str(text), MAX));
	assert_true(json_equal(slow, fast));
	json_decref(fast);
	json_decref(slow);
	cf_buf_clear(&jcs);
}

static void
test_takes_file_form(void **state)
{
	(void)state;
	accept("{}\n", NULL, "{}");
	accept("[]\n", NULL, "[]");
	accept("\"\"\n", NULL, "\"\"");
	accept("\"\\n\"\n", NULL, "\"\\n\"");
	accept("0\n", NULL, "0");
	accept("true\n", NULL, "true");
	accept("false\n", NULL, "false");
	accept("null\n", NULL, "null");
	accept("[\n  {},\n  [],\n  [\n    1\n  ],\n  \"a\"\n]\n", NULL,
		"[{},[],[1],\"a\"]");
	accept("{\n  \"\": {\n    \"a\": [\n      true,\n      false\n    ]\n"
		"  },\n  \"b\": null\n}\n", NULL,
		"{\"\":{\"a\":[true,false]},\"b\":null}");
}

static void
test_takes_numbers_as_jcs_writes_them(void **state)
{
	static const char *const numbers[] = { "0", "7", "-7", "10", "0.5",
		"-0.5", "12.25", "0.000001", "1e-7", "-1.5e-7", "1e+21",
		"1.5e+300", "9007199254740991", "-9007199254740991",
		"0.1234567890123", "0.30000000000000004", "1234567890.12345",
		"5e-324", "-0.0000033333333333333333", "999999999999999",
		"4503599627370495.5", "1.7976931348623157e+308" };
	struct cf_buf text = CF_BUF(64);

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		cf_buf_reset(&text);
		cf_buf_printf(&text, "%s\n", numbers[i]);
		accept(text.data, NULL, numbers[i]);
	}
	cf_buf_clear(&text);
}

static void
test_takes_texts_as_jcs_writes_them(void **state)
{
	static const char *const texts[] = { "\"\\b\\t\\n\\f\\r\\\"\\\\\"",
		"\"\\u0001\\u0007\\u000b\\u000e\\u001f\"", "\"/\x7f\"",
		"\"abcdefgh\\nijklmnopqr\\\\\"", "\"12345678\xc3\xa9\"",
		"\"\xe2\x80\xa8\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd\"",
		"\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbd\"", "\"\xef\xbb\xbf\"" };
	struct cf_buf text = CF_BUF(64);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		cf_buf_reset(&text);
		cf_buf_printf(&text, "%s\n", texts[i]);
		accept(text.data, NULL, texts[i]);
	}
	cf_buf_clear(&text);
}

static void
test_leaves_one_member_out(void **state)
{
	static const char text[] = "{\n  \"a\": 1,\n  \"b\": {\n    \"a\": 2,\n"
		"    \"b\": \"\\n\"\n  },\n  \"c\": []\n}\n";

	(void)state;
	accept(text, "a", "{\"b\":{\"a\":2,\"b\":\"\\n\"},\"c\":[]}");
	accept(text, "b", "{\"a\":1,\"c\":[]}");
	accept(text, "c", "{\"a\":1,\"b\":{\"a\":2,\"b\":\"\\n\"}}");
	accept(text, "d", "{\"a\":1,\"b\":{\"a\":2,\"b\":\"\\n\"},\"c\":[]}");
	accept("{\n  \"a\": 1\n}\n", "a", "{}");
	accept("{\n  \"a\\n\": 1\n}\n", "a\n", "{}");
	accept("[\n  {\n    \"a\": 1\n  }\n]\n", "a", "[{\"a\":1}]");
	accept("\"a\"\n", "a", "\"a\"");
}

static const struct {
	const char *text;
	const char *place;
} other_forms[] = {
	{ "{}", "line 1, column 3: " },
	{ "1", "line 1, column 2: " },
	{ "{}\n\n", "line 2, column 1: " },
	{ " {}\n", "line 1, column 1: " },
	{ "{ }\n", "line 1, column 2: " },
	{ "{\n}\n", "line 1, column 2: " },
	{ "{}\r\n", "line 1, column 3: " },
	{ "[\n  1\n]\n ", "line 4, column 1: " },
	{ "[1]\n", "line 1, column 2: " },
	{ "[\n 1\n]\n", "line 2, column 2: " },
	{ "[\n   1\n]\n", "line 2, column 3: " },
	{ "[\n\t1\n]\n", "line 2, column 1: " },
	{ "[\n  1 ,\n  2\n]\n", "line 2, column 4: " },
	{ "[\n  1, \n  2\n]\n", "line 2, column 5: " },
	{ "[\n  1,\n  2]\n", "line 3, column 4: " },
	{ "[\n  1\n  ]\n", "line 3, column 1: " },
	{ "{\n  \"a\":1\n}\n", "line 2, column 7: " },
	{ "{\n  \"a\" : 1\n}\n", "line 2, column 6: " },
	{ "{\n  \"a\":  1\n}\n", "line 2, column 8: " },
	{ "{\n  \"b\": 1,\n  \"a\": 2\n}\n", "line 2, column 4: " },
	{ "{\n  \"\xef\xac\xb3\": 1,\n  \"\xf0\x9f\x98\x80\": 2\n}\n",
	  "line 2, column 4: " },
	{ "1.0\n", "line 1, column 2: " },
	{ "-0\n", "line 1, column 1: " },
	{ "0.50\n", "line 1, column 4: " },
	{ "1e2\n", "line 1, column 2: " },
	{ "1E-7\n", "line 1, column 2: " },
	{ "1e-07\n", "line 1, column 4: " },
	{ "1e21\n", "line 1, column 3: " },
	{ "0.0000001\n", "line 1, column 1: " },
	{ "10e-7\n", "line 1, column 1: " },
	{ "0.30000000000000005\n", "line 1, column 19: " },
	{ "0.1000000000000000055\n", "line 1, column 4: " },
	{ "1e-400\n", "line 1, column 1: " },
	{ "\"\\/\"\n", "line 1, column 2: " },
	{ "\"\\u000a\"\n", "line 1, column 3: " },
	{ "\"\\u001F\"\n", "line 1, column 7: " },
	{ "\"\\u0041\"\n", "line 1, column 2: " },
	{ "\"\\u0022\"\n", "line 1, column 3: " },
	{ "\"\\u007f\"\n", "line 1, column 2: " },
	{ "\"\\ud83d\\ude00\"\n", "line 1, column 2: " },
};

static void
test_names_where_another_form_begins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof other_forms / sizeof other_forms[0];
		i++) {
		const char *text = other_forms[i].text;
		const char *place = other_forms[i].place;
		struct cf_buf jcs = CF_BUF(MAX);
		json_t *value = json_true();
		const struct cf_err *err = read_exactly(&value, &jcs, NULL,
			cf_str(text), MAX);

		if (err == NULL)
			fail_msg("accepted: %s", text);
		assert_int_equal(err->code, CF_INVALID);
		assert_string_equal(err->rule, "json.not-canonical");
		if (strncmp(err->msg, place, strlen(place)) != 0)
			fail_msg("%s: %s", text, err->msg);
		assert_string_equal(err->msg + strlen(place), NOT_CANONICAL);
		assert_null(value);
		assert_int_equal(jcs.len, 0);
		cf_buf_clear(&jcs);
	}
}

#define TEXT(literal) { literal, sizeof(literal) - 1 }
static const struct {
	struct cf_str text;
	const char *rule;
} not_json[] = {
	{ TEXT(""), "json.syntax" },
	{ TEXT("\n"), "json.syntax" },
	{ TEXT("{\n"), "json.syntax" },
	{ TEXT("{\n  \n}\n"), "json.not-canonical" },
	{ TEXT("{\n  \"a\": 1,\n}\n"), "json.syntax" },
	{ TEXT("[\n  1,\n]\n"), "json.syntax" },
	{ TEXT("[\n  1\n}\n"), "json.syntax" },
	{ TEXT("[\n  1\n"), "json.syntax" },
	{ TEXT("[\n  \n"), "json.syntax" },
	{ TEXT("tru\n"), "json.syntax" },
	{ TEXT("nulL\n"), "json.syntax" },
	{ TEXT("-\n"), "json.syntax" },
	{ TEXT(".5\n"), "json.syntax" },
	{ TEXT("1.\n"), "json.syntax" },
	{ TEXT("1.2.3\n"), "json.syntax" },
	{ TEXT("01\n"), "json.syntax" },
	{ TEXT("-01\n"), "json.syntax" },
	{ TEXT("00.5\n"), "json.syntax" },
	{ TEXT("--1\n"), "json.syntax" },
	{ TEXT("\"a\n"), "json.syntax" },
	{ TEXT("\"\\\n"), "json.syntax" },
	{ TEXT("\"\\u\n"), "json.syntax" },
	{ TEXT("\"\\u00\n"), "json.syntax" },
	{ TEXT("\"\\u000\n"), "json.syntax" },
	{ TEXT("\"\\u0001\n"), "json.syntax" },
	{ TEXT("\"\\x\"\n"), "json.syntax" },
	{ TEXT("\"a\tb\"\n"), "json.syntax" },
	{ TEXT("\"\x1f\"\n"), "json.syntax" },
	{ TEXT("{\n  1: 2\n}\n"), "json.syntax" },
	{ TEXT("\"\0\"\n"), "json.encoding" },
	{ TEXT("\"\\\0\"\n"), "json.syntax" },
	{ TEXT("\"\\u0000\"\n"), "json.encoding" },
	{ TEXT("\"\\ud800\"\n"), "json.encoding" },
	{ TEXT("\"\xff\"\n"), "json.encoding" },
	{ TEXT("\"\xc3\n"), "json.encoding" },
	{ TEXT("\"\xed\xa0\x80\"\n"), "json.encoding" },
	{ TEXT("\"\xc0\x80\"\n"), "json.encoding" },
	{ TEXT("\"\xf4\x90\x80\x80\"\n"), "json.encoding" },
	{ TEXT("\"\xef\xbf\xbe\"\n"), "json.encoding" },
	{ TEXT("\"\xef\xb7\x90\"\n"), "json.encoding" },
	{ TEXT("\"\xf0\x9f\xbf\xbf\"\n"), "json.encoding" },
	{ TEXT("\xef\xbb\xbf{}\n"), "json.encoding" },
	{ TEXT("9007199254740992\n"), "json.number" },
	{ TEXT("-9007199254740992\n"), "json.number" },
	{ TEXT("100000000000000000000\n"), "json.number" },
	{ TEXT("1e+400\n"), "json.number" },
	{ TEXT("{\n  \"a\": 1,\n  \"a\": 2\n}\n"), "json.duplicate" },
};

static void
test_says_what_the_reader_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof not_json / sizeof not_json[0]; i++) {
		json_t *value;
		const struct cf_err *err = read_exactly(&value, NULL, NULL,
			not_json[i].text, MAX);

		if (err == NULL)
			fail_msg("accepted: %s", not_json[i].text.p);
		assert_string_equal(err->rule, not_json[i].rule);
		assert_null(value);
	}
}

/* `levels` lists in each other, in file form. */
static void
nest(struct cf_buf *out, unsigned levels)
{
	cf_buf_reset(out);
	for (unsigned i = 1; i < levels; i++)
		cf_buf_printf(out, "[\n%*s", (int)(2 * i), "");
	cf_buf_puts(out, "[]\n");
	for (unsigned i = levels - 1; i > 0; i--)
		cf_buf_printf(out, "%*s]\n", (int)(2 * (i - 1)), "");
}

static void
test_depth_is_bounded(void **state)
{
	struct cf_buf text = CF_BUF(MAX);
	const struct cf_err *err;
	json_t *value;

	(void)state;
	nest(&text, CF_MAX_DEPTH);
	assert_null(read_exactly(&value, NULL, NULL, cf_str(text.data), MAX));
	json_decref(value);
	nest(&text, CF_MAX_DEPTH + 1);
	err = read_exactly(&value, NULL, NULL, cf_str(text.data), MAX);
	assert_non_null(err);
	assert_string_equal(err->rule, "json.depth");
	cf_buf_clear(&text);
}

/* Texts with and without escapes, on both sides of what fits the stack. */
static void
test_long_documents(void **state)
{
	struct cf_buf text = CF_BUF(1u << 20), jcs = CF_BUF(1u << 20);

	(void)state;
	for (unsigned n = 3000; n < 6000; n += 100) {
		json_t *value, *slow;

		cf_buf_reset(&text);
		cf_buf_reset(&jcs);
		cf_buf_puts(&text, "[\n  \"");
		for (unsigned i = 0; i < n; i++)
			cf_buf_puts(&text, n % 200 ? "a\\nbé" : "abcdé");
		cf_buf_puts(&text, "\"\n]\n");
		assert_null(read_exactly(&value, &jcs, NULL,
			(struct cf_str){ text.data, text.len }, 1u << 20));
		assert_int_equal(jcs.len, text.len - 5);
		assert_null(cf_json_read(&slow,
			(struct cf_str){ jcs.data, jcs.len }, 1u << 20));
		assert_true(json_equal(slow, value));
		json_decref(slow);
		json_decref(value);
	}
	cf_buf_clear(&text);
	cf_buf_clear(&jcs);
}

static void
test_sizes_are_bounded(void **state)
{
	static const struct cf_str text = { "[\n  1\n]\n", 8 };
	struct cf_buf jcs = CF_BUF(2);
	const struct cf_err *err;
	json_t *value;

	(void)state;
	assert_null(read_exactly(&value, NULL, NULL, text, 8));
	json_decref(value);
	err = read_exactly(&value, NULL, NULL, text, 7);
	assert_non_null(err);
	assert_int_equal(err->code, CF_TOO_BIG);
	assert_string_equal(err->rule, "json.size");
	assert_null(value);
	err = read_exactly(&value, &jcs, NULL, text, 8);
	assert_non_null(err);
	assert_int_equal(err->code, CF_TOO_BIG);
	assert_null(value);
	assert_int_equal(jcs.len, 0);
	cf_buf_clear(&jcs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_file_form),
		cmocka_unit_test(test_takes_numbers_as_jcs_writes_them),
		cmocka_unit_test(test_takes_texts_as_jcs_writes_them),
		cmocka_unit_test(test_leaves_one_member_out),
		cmocka_unit_test(test_names_where_another_form_begins),
		cmocka_unit_test(test_says_what_the_reader_says),
		cmocka_unit_test(test_depth_is_bounded),
		cmocka_unit_test(test_long_documents),
		cmocka_unit_test(test_sizes_are_bounded),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
