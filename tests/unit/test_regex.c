/*
 * Patterns mean what ECMA-262 says, and nothing that it does not know gets
 * through to PCRE2.
 */
#include "expect.h"

#include "base/mem.h"
#include "json/regex.h"

static void
check(const char *pattern, struct cf_str text, enum cf_regex_answer want)
{
	struct cf_regex_room *room = cf_regex_room_new();
	struct cf_regex *regex;
	enum cf_regex_answer got;

	expect_ok(cf_regex_new(&regex, cf_str(pattern)));
	got = cf_regex_match(regex, room, text);
	if (got != want)
		fail_msg("%s on %.*s: %d", pattern, (int)text.n, text.p,
			(int)got);
	cf_regex_free(regex);
	cf_regex_room_free(room);
}

static void
yes(const char *pattern, const char *text)
{
	check(pattern, cf_str(text), CF_REGEX_YES);
}

static void
no(const char *pattern, const char *text)
{
	check(pattern, cf_str(text), CF_REGEX_NO);
}

static void
test_plain_parts(void **state)
{
	(void)state;
	yes("b", "abc");
	no("^b", "abc");
	yes("^a.c$", "a\xc3\xa9" "c");
	no("^abc$", "abc\n");
	no("a$", "a\nb");
	yes("^(?:a|bc){2,3}$", "abca");
	no("^(?:a|bc){2,3}$", "a");
	yes("^a{2}?$", "aa");
	yes("^a+?$", "aaa");
	yes("^(?=ab)a(?!c)", "ab");
	yes("(?<=a)b(?<!x)", "ab");
	yes("^(a)(b)\\2\\1$", "abba");
	yes("^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10$", "abcdefghijj");
	yes("^(?<x>a|b)\\k<x>$", "bb");
	no("^(?<x>a|b)\\k<x>$", "ab");
	yes("", "anything");
	yes("^\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/$",
		"^$\\.*+?()[]{}|/");
	yes("^ #$", " #");
}

static void
test_a_group_that_took_no_part_is_empty(void **state)
{
	(void)state;
	yes("^(a)?b\\1$", "b");
}

static void
test_escapes(void **state)
{
	(void)state;
	yes("^\\t\\n\\v\\f\\r$", "\t\n\v\f\r");
	no("^\\v$", "\n");
	yes("^\\cJ\\cj$", "\n\n");
	yes("^\\x41\\u0042\\u{43}\\u{1F432}$", "ABC\xf0\x9f\x90\xb2");
	yes("^\\ud83d\\udc32$", "\xf0\x9f\x90\xb2");
	check("^a\\0b$", (struct cf_str){ "a\0b", 3 }, CF_REGEX_YES);
	yes("\\bab\\b", "x ab y");
	no("\\Bab", "ab");
}

static void
test_sets_are_those_of_ecma(void **state)
{
	(void)state;
	yes("^\\d$", "7");
	no("^\\d$", "\xd9\xa1");	/* an Arabic one */
	yes("^\\D$", "\xd9\xa1");
	no("^\\w$", "\xc3\xa9");
	yes("^\\s$", "\xef\xbb\xbf");	/* U+FEFF */
	yes("^\\s$", "\xe2\x80\xa8");	/* U+2028 */
	no("^\\s$", "\xc2\x85");	/* U+0085 */
	yes("^\\S$", "\xc2\x85");
	yes("^[\\s]$", "\xc2\xa0");
	yes("^[^\\s]$", "x");
	no("^[\\S]$", " ");
	yes("^[\\s\\S]$", "\n");
	no("^.$", "\n");
	no("^.$", "\xe2\x80\xa9");
	yes("^.$", "\xc2\x85");
	yes("^\\p{Letter}\\P{Lu}$", "\xc3\xa9" "a");
	yes("^\\p{Script=Greek}\\p{sc=Latin}$", "\xce\xb1" "a");
	yes("^\\p{scx=Greek}$", "\xce\xb1");
	yes("^[\\p{gc=Decimal_Number}_]+$", "1_\xd9\xa1");
}

static void
test_classes(void **state)
{
	(void)state;
	no("[]", "a");
	yes("^[^]$", "\n");
	yes("^[]?$", "");
	yes("^[a-c-]+$", "b-");
	no("^[a-c-]+$", "d");
	yes("^[+--]+$", "+,-");
	yes("^[\\w.-]+$", "a.-");
	no("^[\\w-z]$", "{");
	yes("^[\\s-z]+$", " -z");
	yes("^[a-\\d]+$", "a-1");
	yes("^[[:alpha:]\\]$", "a]");
	no("^[[:alpha:]\\]$", "b]");
	yes("^[\\]\\b\\-]+$", "]\b-");
	yes("^[^a]$", "\xc3\xa9");
	yes("^[\\u{1F400}-\\u{1F4FF}]$", "\xf0\x9f\x90\xb2");
}

static void
test_what_ecma_does_not_know_is_refused(void **state)
{
	static const char *const wrong[] = {
		"(", ")", "(a", "a)", "[", "[a", "[a\\", "\\", "*", "a**",
		"a*+", "a?+", "(?i)a", "(?i:a)", "(?>a)", "(?|a)", "(?#a)",
		"(?P<n>a)", "(?<n", "(?<>a)", "(?<1>a)", "(?<a b>c)", "(*UTF)a", "a{,2}",
		"a{2", "a{3,2}", "a{x}", "{2}", "a{99999}", "]", "}", "^*",
		"\\a", "\\A", "\\z", "\\Z", "\\Q", "\\h", "\\R", "\\K", "\\G",
		"\\e", "\\C", "\\N", "\\k", "\\k<a>", "\\2", "\\01", "\\c1",
		"\\x4", "\\u12", "\\u{}", "\\u{110000}", "\\ud83d", "\\udc32",
		"\\p", "\\pL", "\\p{}", "\\p{No_Such}", "\\p{x=y}",
		"\\p{=L}", "\\p{L", "[\\p{^L}]", "[b-a]", "[\\a]", "[\\1]",
		"(?<a>x)(?<a>y)", "\xff", "\\\xc3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct cf_regex *regex;
		const struct cf_err *err = cf_regex_new(&regex,
			cf_str(wrong[i]));

		if (err == NULL || err->code != CF_INVALID || regex)
			fail_msg("%s is taken", wrong[i]);
	}
}

static void
test_a_match_without_end_is_stopped(void **state)
{
	char text[5001];

	(void)state;
	memset(text, 'a', 5000);
	text[5000] = '\0';
	check("^(a+)+[bc]$", cf_str(text), CF_REGEX_STUCK);
	/* What is only long is not stopped. */
	yes("^(?:a|b)*$", text);
	check("a", CF_STR("\xff"), CF_REGEX_STUCK);
}

static void
test_long_texts_of_records_are_within_the_limits(void **state)
{
	struct cf_buf text = CF_BUF(256 * 1024);

	(void)state;
	while (text.len < 256 * 1024)
		cf_buf_puts(&text, "a b ");
	yes("^[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]*$", text.data);
	yes("^\\S(?:[\\s\\S]*\\S)?\\s$", text.data);
	no("^(?:[a-z]+ )*x$", text.data);
	cf_buf_clear(&text);
}

/* --- the quick way ---------------------------------------------------------- */

/* Rows of sets, and a text that each takes. */
static const struct {
	const char *pattern, *text;
} rows[] = {
	{ "^$", "" },
	{ "^[a-z][a-z0-9_]{0,4}$", "a_9z" },
	{ "^[A-Za-z0-9+/]+={0,2}$", "QUJD==" },
	{ "^[A-Za-z0-9_-]{3}[AQgw]$", "a-_Q" },
	{ "^[0-9]{4}-(0[1-9]|1[0-2])$", "2026-11" },
	{ "^10\\.[0-9]{2,9}/[\\x21-\\x7e]+$", "10.12/z(1)" },
	{ "^[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]*$", "caf\xc3\xa9 \n" },
	{ "^([^ ;]([^;]*[^ ;])?)?$", "a  \xe2\x82\xac b" },
	{ "^(a(b(c)?)?)?$", "abc" },
	{ "^(a{2,3}b*b)?$", "aabbb" },
	{ "^[ab]*[bc]$", "abac" },
	{ "^[a-c]*a[ab]$", "cbaab" },
	{ "^a?a?a$", "aa" },
	{ "^a{0}b{2,}$", "bbb" },
	{ "^[ab-]+[^a-]$", "a-bx" },
	{ "^[^a]*a$", "\xc2\x85za" },
};

/* A character put in, taken out or changed; most texts break their row now. */
static void
change(struct cf_buf *out, struct cf_str text)
{
	static const char *const chars[] = { "", "a", "b", "c", "z", "-", " ",
		";", "0", "1", "=", "Q", ".", "/", "\n", "\x7f", "\xc2\x85",
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xb2", "\x80" };
	size_t at = seed_below(text.n + 1);
	size_t drop = at < text.n ? seed_below(2) : 0;

	cf_buf_reset(out);
	cf_buf_add(out, text.p, at);
	cf_buf_puts(out, chars[seed_below(sizeof chars / sizeof *chars)]);
	cf_buf_add(out, text.p + at + drop, text.n - at - drop);
}

/* What the quick way takes, the other one takes; and the texts of the table
 * show that it takes something. */
static void
test_the_quick_way_takes_nothing_else(void **state)
{
	struct cf_buf text = CF_BUF(256), next = CF_BUF(256);
	size_t quick = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cf_regex_plain *plain;
		/* A group that takes part in nothing: never a row. */
		char *slow = cf_asprintf("(?:)%s", rows[i].pattern);

		plain = cf_regex_plain_new(cf_str(slow));
		assert_null(plain);
		plain = cf_regex_plain_new(cf_str(rows[i].pattern));
		yes(slow, rows[i].text);
		for (int k = 0; plain && k < 400; k++) {
			struct cf_str now = { text.data, text.len };

			if (k % 8 == 0)
				now = cf_str(rows[i].text);
			change(&next, now);
			cf_buf_reset(&text);
			cf_buf_add(&text, next.data, next.len);
			now = (struct cf_str){ text.data, text.len };
			if (!cf_regex_plain_match(plain, now))
				continue;
			quick++;
			check(slow, now, CF_REGEX_YES);
		}
		quick += plain && cf_regex_plain_match(plain,
			cf_str(rows[i].text));
		free(plain);
		free(slow);
	}
	assert_true(quick > 100);	/* about 360, by chance */
	cf_buf_clear(&text);
	cf_buf_clear(&next);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_parts),
		cmocka_unit_test(test_a_group_that_took_no_part_is_empty),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_sets_are_those_of_ecma),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_what_ecma_does_not_know_is_refused),
		cmocka_unit_test(test_a_match_without_end_is_stopped),
		cmocka_unit_test(
			test_long_texts_of_records_are_within_the_limits),
		cmocka_unit_test(test_the_quick_way_takes_nothing_else),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
