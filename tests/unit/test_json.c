/*
 * Strict reading: what is taken, and what is said about the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"

#define MAX 4096

struct fault {
	struct cf_str text;
	const char *rule;
	const char *msg;
};

/* CF_STR is no constant to gcc. */
#define TEXT(literal) { literal, sizeof(literal) - 1 }

static const struct fault faults[] = {
	{ TEXT(""), "json.syntax", "line 1, column 1: the document is empty; "
	  "it must hold a value, as {} for an object" },
	{ TEXT(" \n\t"), "json.syntax", "line 2, column 2: the document is "
	  "empty; it must hold a value, as {} for an object" },
	{ TEXT("{"), "json.syntax", "line 1, column 2: the document ends too "
	  "early: the '{' of line 1, column 1 is not closed; add '}'" },
	{ TEXT("{\"a\":\n  [1, 2\n"), "json.syntax", "line 3, column 1: the "
	  "document ends too early: the '[' of line 2, column 3 is not closed; "
	  "add ']'" },
	{ TEXT("{\"a\":1,}"), "json.syntax", "line 1, column 8: there is a "
	  "comma before this '}'; remove the comma" },
	{ TEXT("[1,]"), "json.syntax", "line 1, column 4: a value is missing "
	  "before ']'; write it, or remove the comma or the name before it" },
	{ TEXT("[,1]"), "json.syntax", "line 1, column 2: a value is missing "
	  "before ','; write it, or remove the comma or the name before it" },
	{ TEXT("{\"a\":}"), "json.syntax", "line 1, column 6: a value is "
	  "missing before '}'; write it, or remove the comma or the name "
	  "before it" },
	{ TEXT("]"), "json.syntax", "line 1, column 1: a value is missing "
	  "before ']'; write it, or remove the comma or the name before it" },
	{ TEXT("{\"a\" 1}"), "json.syntax", "line 1, column 6: '1' does not "
	  "fit here; a colon must follow the name" },
	{ TEXT("{a:1}"), "json.syntax", "line 1, column 2: 'a' does not fit "
	  "here; a name in double quotes must stand here" },
	{ TEXT("{\"a\":1,5}"), "json.syntax", "line 1, column 8: a name in "
	  "double quotes must stand here; if this is the rest of a number, "
	  "write it with a point, not with a comma" },
	{ TEXT("{'a':1}"), "json.syntax", "line 1, column 2: this quotation "
	  "mark is a curly or single one, as word processors make them; texts "
	  "and names stand in straight ones (\"). Replace all of them, in a "
	  "plain text editor" },
	{ TEXT("[“a”]"), "json.syntax", "line 1, column 2: this quotation "
	  "mark is a curly or single one, as word processors make them; texts "
	  "and names stand in straight ones (\"). Replace all of them, in a "
	  "plain text editor" },
	{ TEXT("[1 2]"), "json.syntax", "line 1, column 4: '2' does not fit "
	  "here; a comma is missing before it, or a closing bracket" },
	{ TEXT("[1,\xc2\xa0" "2]"), "json.syntax", "line 1, column 4: the "
	  "character U+00A0 does not fit here; a value must stand here" },
	{ TEXT("[\x01]"), "json.syntax", "line 1, column 2: the character "
	  "U+0001 does not fit here; a value must stand here" },
	{ TEXT("{\"a\":1,\n \"b\":[2\n}"), "json.syntax", "line 3, column 1: "
	  "'}' cannot close the '[' of line 2, column 6; write ']'" },
	{ TEXT("{} 1"), "json.syntax", "line 1, column 4: '1' does not fit "
	  "here; the document is complete before it, so remove the rest" },
	{ TEXT("[1, // one\n2]"), "json.syntax", "line 1, column 5: comments "
	  "cannot be written here; remove it" },
	{ TEXT("# x\n{}"), "json.syntax", "line 1, column 1: comments cannot "
	  "be written here; remove it" },

	{ TEXT("[\"ab"), "json.syntax", "line 1, column 2: the text that "
	  "begins here has no closing quote on its line; add it, and write a "
	  "line break inside a text as \\n" },
	{ TEXT("[\"ab\nc\"]"), "json.syntax", "line 1, column 2: the text "
	  "that begins here has no closing quote on its line; add it, and "
	  "write a line break inside a text as \\n" },
	{ TEXT("\"ab\\"), "json.syntax", "line 1, column 1: the text "
	  "that begins here has no closing quote on its line; add it, and "
	  "write a line break inside a text as \\n" },
	{ TEXT("[\"é\t\"]"), "json.syntax", "line 1, column 4: a tab stands "
	  "inside a text; write it as \\t" },
	{ TEXT("[\"\x1f\"]"), "json.syntax", "line 1, column 3: the control "
	  "character U+001F stands inside a text; remove it" },
	{ TEXT("\"C:\\Users\""), "json.syntax", "line 1, column 4: this "
	  "backslash means nothing here; write a backslash as \\\\" },
	{ TEXT("\"\\\0\""), "json.syntax", "line 1, column 2: this "
	  "backslash means nothing here; write a backslash as \\\\" },
	{ TEXT("\"\\u12g4\""), "json.syntax", "line 1, column 2: after \\u "
	  "there must be four of 0-9 and a-f" },

	{ TEXT("\xef\xbb\xbf{}"), "json.encoding", "line 1, column 1: the "
	  "document begins with a byte order mark; save it as UTF-8 without "
	  "BOM" },
	{ TEXT("\xff\xfe{\0}\0"), "json.encoding", "line 1, column 1: the "
	  "byte FF is not part of UTF-8; save the file with the encoding "
	  "UTF-8" },
	{ TEXT("{\0}\0"), "json.encoding", "line 1, column 2: a NUL byte "
	  "stands here; save the file as UTF-8 (it may be UTF-16), or remove "
	  "the byte" },
	{ TEXT("\"a\0\""), "json.encoding", "line 1, column 3: a NUL byte "
	  "stands here; save the file as UTF-8 (it may be UTF-16), or remove "
	  "the byte" },
	{ TEXT("\"caf\xe9\""), "json.encoding", "line 1, column 5: the byte "
	  "E9 is not part of UTF-8; save the file with the encoding UTF-8" },
	{ TEXT("\"é\xa9\""), "json.encoding", "line 1, column 3: the byte A9 "
	  "is not part of UTF-8; save the file with the encoding UTF-8" },
	{ TEXT("\"\xc3"), "json.encoding", "line 1, column 2: the byte C3 is "
	  "not part of UTF-8; save the file with the encoding UTF-8" },
	{ TEXT("\"\xed\xa0\x80\""), "json.encoding", "line 1, column 2: the "
	  "byte ED is not part of UTF-8; save the file with the encoding "
	  "UTF-8" },
	{ TEXT("\"\xef\xbf\xbe\""), "json.encoding", "line 1, column 2: the "
	  "code point U+FFFE is no character; remove it" },
	{ TEXT("\"\\u0000\""), "json.encoding", "line 1, column 2: the code "
	  "point U+0000 is no character that a text may hold; remove it" },
	{ TEXT("\"\\uFDD0\""), "json.encoding", "line 1, column 2: the code "
	  "point U+FDD0 is no character that a text may hold; remove it" },
	{ TEXT("\"\\ud83f\\udfff\""), "json.encoding", "line 1, column 2: "
	  "the code point U+1FFFF is no character that a text may hold; "
	  "remove it" },
	{ TEXT("\"\\ud83d\""), "json.encoding", "line 1, column 2: \\ud83d "
	  "is one half of a character; write the character itself, or remove "
	  "it" },
	{ TEXT("\"\\uDE00\\uD83D\""), "json.encoding", "line 1, column 2: "
	  "\\ude00 is one half of a character; write the character itself, or "
	  "remove it" },
	{ TEXT("\"\\ud83d\\u0041\""), "json.encoding", "line 1, column 2: "
	  "\\ud83d is one half of a character; write the character itself, or "
	  "remove it" },

	{ TEXT("\"\\ud83d\\ue000\""), "json.encoding", "line 1, column 2: "
	  "\\ud83d is one half of a character; write the character itself, or "
	  "remove it" },
	{ TEXT("\"\\ud83d\\n\""), "json.encoding", "line 1, column 2: "
	  "\\ud83d is one half of a character; write the character itself, or "
	  "remove it" },

	{ TEXT("True"), "json.syntax", "line 1, column 1: True is written "
	  "true; change it" },
	{ TEXT("[NaN]"), "json.syntax", "line 1, column 2: NaN is no value "
	  "in JSON; write null, or leave the member out" },
	{ TEXT("infinity"), "json.syntax", "line 1, column 1: infinity is no "
	  "value in JSON; write null, or leave the member out" },
	{ TEXT("[nullx]"), "json.syntax", "line 1, column 2: nullx is "
	  "neither a text nor a number; a text stands in double quotes" },

	{ TEXT("+1"), "json.syntax", "line 1, column 1: a number begins with "
	  "a digit or a minus sign; write 0.5, not .5 or +0.5" },
	{ TEXT(".5"), "json.syntax", "line 1, column 1: a number begins with "
	  "a digit or a minus sign; write 0.5, not .5 or +0.5" },
	{ TEXT("-"), "json.syntax", "line 1, column 1: a digit must follow "
	  "the minus sign" },
	{ TEXT("007"), "json.syntax", "line 1, column 1: a number does not "
	  "begin with 0; leave the 0 out, or put it all in double quotes if it "
	  "is a code" },
	{ TEXT("-01"), "json.syntax", "line 1, column 1: a number does not "
	  "begin with 0; leave the 0 out, or put it all in double quotes if it "
	  "is a code" },
	{ TEXT("1."), "json.syntax", "line 1, column 1: a digit must follow "
	  "the point of a number" },
	{ TEXT("1e+"), "json.syntax", "line 1, column 1: a digit must follow "
	  "the e of a number" },
	{ TEXT("[1e400]"), "json.number", "line 1, column 2: the number "
	  "1e400 is too large for a computer to hold; write a smaller one" },
	{ TEXT("9007199254740992"), "json.number", "line 1, column 1: the "
	  "whole number 9007199254740992 is beyond 9007199254740991, where "
	  "programs begin to round; put it in double quotes" },

	{ TEXT("{\"a\":1,\n\"b\":2,\"a\":3}"), "json.duplicate", "line 2, "
	  "column 7: the name \"a\" stands twice in the same object; keep one "
	  "of them" },
	{ TEXT("{\"é\":{\"x\\\\\":1,\"x\\\\\":2}}"), "json.duplicate",
	  "line 1, column 15: the name \"x\\\\\" stands twice in the same "
	  "object; keep one of them" },
	{ TEXT("{\"\":1,\"\":2}"), "json.duplicate", "line 1, column 7: the "
	  "name \"\" stands twice in the same object; keep one of them" },
	{ TEXT("{\"a\\\"\":1,\"\\u0061\\\"\":2}"), "json.duplicate",
	  "line 1, column 10: the name \"\\u0061\\\"\" stands twice in the "
	  "same object; keep one of them" },
};

static void
test_names_what_is_wrong_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		const struct fault *f = &faults[i];
		/* Nothing may be read behind the last byte. */
		char *exact = memcpy(cf_malloc(f->text.n), f->text.p,
			f->text.n);
		json_t *value = json_true();
		const struct cf_err *err = cf_json_read(&value,
			(struct cf_str){ exact, f->text.n }, MAX);

		free(exact);
		assert_null(value);
		if (err == NULL)
			fail_msg("accepted: %s", f->text.p);
		assert_int_equal(err->code, CF_INVALID);
		assert_string_equal(err->msg, f->msg);
		assert_string_equal(err->rule, f->rule);
	}
}

static json_t *
read_ok(const char *text)
{
	json_t *value;
	const struct cf_err *err = cf_json_read(&value, cf_str(text), MAX);

	if (err)
		fail_msg("%s: %s", text, err->msg);
	return value;
}

static void
test_reads_every_kind_of_value(void **state)
{
	json_t *value = read_ok("\r\n{ \"a\" : [ true , false , null ] ,\t\""
		"\\u00e9\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\uDE00\", "
		"\"n\": -1.5e-1, \"\": { } , \"e\":[ ]} ");

	(void)state;
	assert_int_equal(json_object_size(value), 5);
	assert_true(json_is_true(cf_json_at(value, "/a/0")));
	assert_true(json_is_false(cf_json_at(value, "/a/1")));
	assert_true(json_is_null(cf_json_at(value, "/a/2")));
	assert_string_equal(cf_json_str(value, "é"),
		"\"\\/\b\f\n\r\t\xf0\x9f\x98\x80");
	assert_true(json_real_value(cf_json_at(value, "/n")) == -0.15);
	assert_int_equal(json_object_size(cf_json_at(value, "/")), 0);
	assert_int_equal(json_array_size(cf_json_at(value, "/e")), 0);
	json_decref(value);
}

/* So that 1, 1.0 and 1e0 are the same to whoever looks at the value. */
static void
test_whole_numbers_are_integers(void **state)
{
	static const char *const whole[] = { "7", "7.0", "70e-1", "0.7E1" };
	json_t *value;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		value = read_ok(whole[i]);
		assert_true(json_is_integer(value));
		assert_int_equal(json_integer_value(value), 7);
		json_decref(value);
	}
	value = read_ok("[-0, -0.0, 0e5, 1e-400, {\"a\": 2.0}, 0.5, 1e21,"
		"9007199254740991, -9007199254740991.0]");
	for (size_t i = 0; i < 4; i++) {
		json_t *zero = json_array_get(value, i);

		assert_true(json_is_integer(zero));
		assert_int_equal(json_integer_value(zero), 0);
	}
	assert_true(json_is_integer(cf_json_at(value, "/4/a")));
	assert_true(json_is_real(json_array_get(value, 5)));
	assert_true(json_is_real(json_array_get(value, 6)));
	assert_int_equal(json_integer_value(json_array_get(value, 7)),
		CF_MAX_WHOLE);
	assert_int_equal(json_integer_value(json_array_get(value, 8)),
		-CF_MAX_WHOLE);
	json_decref(value);
}

/* However it is written, what canonical form writes as an integer beyond
 * 2^53 - 1 is refused; from 10^21 on it writes an exponent. */
static void
test_refuses_integers_that_others_round(void **state)
{
	static const char *const refused[] = { "9007199254740992",
		"-9007199254740992", "9007199254740993", "9007199254740992.0",
		"9007199254740991.9", "9.007199254740992e15", "1e20", "-1E20",
		"18446744073709551616", "99999999999999999999",
		"999999999999999868928", "1e309", "-1e400",
		"[{\"a\":[1,1e16]}]" };
	static const char *const taken[] = { "9007199254740991",
		"9007199254740991.2", "1e21", "-1.5e300", "4503599627370495.5",
		"1000000000000000000000", "1.7976931348623157e308", "5e-324" };
	json_t *value;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		const struct cf_err *err = cf_json_read(&value,
			cf_str(refused[i]), MAX);

		assert_string_equal(err ? err->rule : refused[i],
			"json.number");
	}
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		json_decref(read_ok(taken[i]));
}

/* `n` brackets of one kind around nothing. */
static void
nest(struct cf_buf *out, const char *open, const char *close, size_t n)
{
	cf_buf_reset(out);
	for (size_t i = 0; i < n; i++)
		cf_buf_puts(out, open);
	for (size_t i = 0; i < n; i++)
		cf_buf_puts(out, close);
}

static void
test_depth_is_bounded(void **state)
{
	struct cf_buf text = CF_BUF(1u << 20);
	const struct cf_err *err;
	json_t *value;

	(void)state;
	nest(&text, "[", "]", CF_MAX_DEPTH);
	json_decref(read_ok(text.data));
	nest(&text, "[", "]", CF_MAX_DEPTH + 1);
	err = cf_json_read(&value, cf_str(text.data), MAX);
	assert_non_null(err);
	assert_string_equal(err->rule, "json.depth");
	assert_string_equal(err->msg, "line 1, column 33: objects and lists "
		"lie more than 32 deep in each other; use fewer levels");
	nest(&text, "{\"a\":[", "", 100000);
	err = cf_json_read(&value, cf_str(text.data), text.len);
	assert_non_null(err);
	assert_string_equal(err->rule, "json.depth");
	cf_buf_clear(&text);
}

static void
test_size_is_bounded(void **state)
{
	const struct cf_err *err;
	json_t *value;

	(void)state;
	err = cf_json_read(&value, CF_STR("[1,2]"), 5);
	assert_null(err);
	json_decref(value);
	err = cf_json_read(&value, CF_STR("[1,2] "), 5);
	assert_non_null(err);
	assert_int_equal(err->code, CF_TOO_BIG);
	assert_string_equal(err->rule, "json.size");
	assert_string_equal(err->msg, "6 bytes are more than the 5 that are "
		"allowed; shorten it");
	assert_null(value);
}

/* Every noncharacter there is, and the characters beside it. */
static void
test_noncharacters(void **state)
{
	(void)state;
	for (unsigned c = 0xfdce; c <= 0x10ffff; c++) {
		bool last = (c & 0xffff) >= 0xfffc;
		bool arabic = c <= 0xfdf1;
		bool wrong = (c & 0xfffe) == 0xfffe ||
			(c >= 0xfdd0 && c <= 0xfdef);
		char text[16];
		json_t *value;
		const struct cf_err *err;

		if (!last && !arabic)
			continue;
		if (c < 0x10000)
			(void)snprintf(text, sizeof text, "\"\\u%04x\"", c);
		else
			(void)snprintf(text, sizeof text, "\"\\u%04x\\u%04x\"",
				0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
		err = cf_json_read(&value, cf_str(text), MAX);
		assert_int_equal(err != NULL, wrong);
		json_decref(value);
	}
}

/* A message shows the beginning of a long name, and no half characters. */
static void
test_long_names_are_cut(void **state)
{
	struct cf_buf text = CF_BUF(MAX);
	const struct cf_err *err;
	json_t *value;

	(void)state;
	cf_buf_putc(&text, '{');
	for (int twice = 0; twice < 2; twice++) {
		cf_buf_puts(&text, twice ? ",\"" : "\"");
		for (int i = 0; i < 50; i++)
			cf_buf_puts(&text, "é");
		cf_buf_puts(&text, "\":1");
	}
	cf_buf_putc(&text, '}');
	err = cf_json_read(&value, (struct cf_str){ text.data, text.len }, MAX);
	assert_non_null(err);
	assert_string_equal(err->msg, "line 1, column 57: the name \""
		"ééééééééééééééééééééééééééééé… stands twice in the same "
		"object; keep one of them");
	cf_buf_clear(&text);
}

static void
test_errors_of_files_name_the_path(void **state)
{
	char *dir = cf_strdup("/tmp/cf-json-XXXXXX"), *path;
	const struct cf_err *err;
	json_t *value;
	char want[256];

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = cf_path_join(dir, "draft.json");
	err = cf_json_read_path(&value, path, MAX);
	assert_non_null(err);
	assert_int_equal(err->code, CF_NOT_FOUND);

	assert_null(cf_file_write(path, "{\n \"a\" 1}", 9, 0600));
	err = cf_json_read_path(&value, path, MAX);
	assert_non_null(err);
	(void)snprintf(want, sizeof want, "%s: line 2, column 6: '1' does not "
		"fit here; a colon must follow the name", path);
	assert_string_equal(err->msg, want);
	assert_string_equal(err->rule, "json.syntax");
	err = cf_json_read_path(&value, path, 8);
	assert_non_null(err);
	assert_int_equal(err->code, CF_TOO_BIG);
	assert_non_null(strstr(err->msg, path));

	assert_null(cf_file_write(path, "{\"a\": 1}", 8, 0600));
	assert_null(cf_json_read_path(&value, path, 8));
	assert_int_equal(json_integer_value(cf_json_at(value, "/a")), 1);
	json_decref(value);
	assert_null(cf_remove_all(dir));
	free(path);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_what_is_wrong_and_where),
		cmocka_unit_test(test_reads_every_kind_of_value),
		cmocka_unit_test(test_whole_numbers_are_integers),
		cmocka_unit_test(test_refuses_integers_that_others_round),
		cmocka_unit_test(test_depth_is_bounded),
		cmocka_unit_test(test_size_is_bounded),
		cmocka_unit_test(test_noncharacters),
		cmocka_unit_test(test_long_names_are_cut),
		cmocka_unit_test(test_errors_of_files_name_the_path),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
