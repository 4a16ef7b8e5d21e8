/*
 * Queries: what is read, what is refused, and what becomes of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "index/query.h"

/* "word phrase=two words prefix=rea -left one|other" of a query. */
static void
reads(const char *text, const char *want)
{
	struct cf_buf out = CF_BUF(4096);
	struct cf_query q;
	const struct cf_err *err = cf_query_parse(&q, text);

	if (err)
		fail_msg("%s: %s", text, err->msg);
	for (size_t i = 0; i < q.n; i++)
		cf_buf_printf(&out, "%s%s%s%s", q.word[i].without ? "-" : "",
			q.word[i].phrase ? "phrase=" : q.word[i].prefix ?
			"prefix=" : q.word[i].little ? "little=" : "",
			q.word[i].text, q.word[i].or_next ? "|" :
			i + 1 < q.n ? " " : "");
	assert_string_equal(out.data, want);
	cf_buf_clear(&out);
	cf_query_clear(&q);
}

static void
refuses(const char *text, const char *why)
{
	struct cf_query q;
	const struct cf_err *err = cf_query_parse(&q, text);

	assert_non_null(err);
	assert_int_equal(err->code, CF_USAGE);
	if (strstr(err->msg, why) == NULL)
		fail_msg("%s: %s", text, err->msg);
	cf_query_clear(&q);
}

static void
matches(const char *text, const char *want)
{
	struct cf_ask ask[CF_MAX_QUERY_WORDS];
	struct cf_buf words = CF_BUF(4096), out = CF_BUF(8192);
	struct cf_query q;

	assert_null(cf_query_parse(&q, text));
	cf_match_all(&words, ask, cf_query_asks(ask, &q));
	cf_match_whole(&out, &q, "title", words.data);
	assert_string_equal(out.data, want);
	cf_buf_clear(&words);
	cf_buf_clear(&out);
	cf_query_clear(&q);
}

static void
test_words(void **state)
{
	(void)state;
	reads("pupils read accurately but lose meaning",
		"pupils read accurately little=but lose meaning");
	reads("  one\ttwo\n", "one two");
	reads("whole-class (I, we, you).", "whole-class little=I little=we "
		"little=you");
	reads("the teacher's view", "little=the teacher view");
	reads("the teacher\xe2\x80\x99s view", "little=the teacher view");
	reads("a AND b", "little=a b");
	reads("\xc3\xa9l\xc3\xa8ve \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe4\xbd\xa0",
		"\xc3\xa9l\xc3\xa8ve \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
		"\xe4\xbd\xa0");
	reads("x -- y \xe2\x80\x94 z", "x y z");
}

static void
test_signs(void **state)
{
	(void)state;
	reads("read* quiz**", "prefix=read prefix=quiz");
	reads("\"two words\" more", "phrase=two words little=more");
	reads("\xe2\x80\x9ctwo words\xe2\x80\x9d", "phrase=two words");
	reads("fluency -phonics", "fluency -phonics");
	reads("fluency NOT phonics", "fluency -phonics");
	reads("fluency -\"look and say\"", "fluency -phrase=look and say");
	reads("reading OR literacy OR books aloud",
		"reading|literacy|books aloud");
	reads("one\"two three\"four", "one phrase=two three four");
	reads("phase:primary reading", "reading");
	reads("\"\" reading", "reading");
}

static void
test_what_is_refused(void **state)
{
	struct cf_buf many = CF_BUF(8 * (CF_MAX_QUERY_WORDS + 1));

	(void)state;
	refuses("", "no word in it");
	refuses("-- \xe2\x80\x94 !", "no word in it");
	refuses("\"open", "does not end");
	refuses("re*ad", "at its end");
	refuses("re*", "at least 3 letters");
	refuses("OR x", "OR stands between");
	refuses("x OR", "OR stands between");
	refuses("x OR -y", "left out");
	refuses("x NOT", "NOT wants a word");
	refuses("-x", "not only what to leave out");
	refuses("colour:red x", "'colour:' is nothing to search by; there are "
		"kind:, phase:, region:, area:, fsm:, trust:, cost:, stage:");
	refuses("tag:slow x", "is nothing to search by");
	refuses("phase:primary phase:special x", "twice");
	refuses("owner:a trust:b x", "'trust:' stands there twice ('owner:' "
		"and 'trust:' are the same)");
	refuses("-phase:primary x", "not left out");
	refuses("caf\xe9", "UTF-8");
	for (unsigned i = 0; i <= CF_MAX_QUERY_WORDS; i++)
		cf_buf_puts(&many, "word ");
	refuses(many.data, "more than 40 words");
	cf_buf_clear(&many);
}

static void
test_what_is_asked_of_the_index(void **state)
{
	(void)state;
	matches("the reading of texts", "({title} : (\"reading\" AND "
		"\"texts\"))");
	matches("the", "({title} : (\"the\"))");
	matches("reading OR books kind:need",
		"(facets : \"xkindneed0\" AND {title} : ((\"reading\" OR "
		"\"books\")))");
	matches("phase:early_years", "(facets : \"xphaseearlyyears0\")");
	matches("Phase:early_years", "(facets : \"xphaseearlyyears0\")");
	matches("OWNER:x", "(facets : \"xtrustx0\")");
	matches("Maths:sums", "({title} : (\"Maths:sums\"))");
	matches("x -y -z", "({title} : (\"x\")) NOT ({title problem words} : "
		"(\"y\" OR \"z\"))");
	matches("accuratel*", "({title} : ((\"accuratel\"* OR \"accur\" OR "
		"\"accurate\")))");
	matches("a^b {c} NEAR(d", "({title} : (\"a^b\" AND \"{c}\" AND "
		"\"NEAR(d\"))");
}

static void
test_some_of_the_words(void **state)
{
	struct cf_ask ask[CF_MAX_QUERY_WORDS];
	struct cf_buf out = CF_BUF(4096);
	struct cf_query q;

	(void)state;
	assert_null(cf_query_parse(&q, "ape bee cat"));
	assert_int_equal(cf_query_asks(ask, &q), 3);
	cf_match_most(&out, ask, 3, 1);
	assert_string_equal(out.data, "(\"ape\" AND \"bee\") OR (\"ape\" AND "
		"\"cat\") OR (\"bee\" AND \"cat\")");
	cf_buf_clear(&out);
	cf_query_clear(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_what_is_asked_of_the_index),
		cmocka_unit_test(test_some_of_the_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
