/*
 * Words for people, and the nearest word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cli/near.h"
#include "cli/words.h"

static void
test_plurals(void **state)
{
	static const char *const pair[][2] = {
		{ "finding", "findings" }, { "practice", "practices" },
		{ "synthesis", "syntheses" }, { "survey", "surveys" },
		{ "enquiry", "enquiries" }, { "address", "addresses" },
		{ "switch", "switches" }, { "signed change", "signed changes" },
		{ "ox", "ox" },
	};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof pair / sizeof *pair; i++) {
		assert_string_equal(cf_plural(1, pair[i][0]).text, pair[i][0]);
		assert_string_equal(cf_plural(2, pair[i][0]).text, pair[i][1]);
		assert_string_equal(cf_plural(0, pair[i][0]).text, pair[i][1]);
	}
}

static void
test_counts(void **state)
{
	(void)state;
	assert_string_equal(cf_count(0, "finding").text, "no findings");
	assert_string_equal(cf_count(1, "finding").text, "1 finding");
	assert_string_equal(cf_count(3, "finding").text, "3 findings");
	assert_string_equal(cf_count(999, "record").text, "999 records");
	assert_string_equal(cf_count(1000, "record").text, "1,000 records");
	assert_string_equal(cf_count(1234567, "record").text,
		"1,234,567 records");
	assert_string_equal(cf_count(UINT64_MAX, "record").text,
		"18,446,744,073,709,551,615 records");
	assert_string_equal(cf_count_spelt(1, "record").text, "One record");
	assert_string_equal(cf_count_spelt(3, "finding").text,
		"Three findings");
	assert_string_equal(cf_count_spelt(10, "need").text, "Ten needs");
	assert_string_equal(cf_count_spelt(11, "need").text, "11 needs");
	assert_string_equal(cf_count_spelt(0, "need").text, "No needs");
}

static void
test_a_noun_of_any_length_is_safe(void **state)
{
	char noun[1000];

	(void)state;
	memset(noun, 'a', sizeof noun - 1);
	noun[sizeof noun - 1] = '\0';
	assert_true(strlen(cf_plural(2, noun).text) < sizeof(struct word));
	assert_true(strlen(cf_count(2, noun).text) < sizeof(struct word));
	assert_true(strlen(cf_short_key(noun).text) < 20);
	assert_true(strlen(cf_date(noun).text) < sizeof(struct word));
}

static void
test_dates(void **state)
{
	(void)state;
	assert_string_equal(cf_date("2026-05-01T10:00:00Z").text,
		"1 May 2026");
	assert_string_equal(cf_date_short("2026-11-22T10:00:00Z").text,
		"22 Nov 2026");
	assert_string_equal(cf_date_short("soon").text, "soon");
	assert_string_equal(cf_date("2024-02-29").text, "29 February 2024");
	assert_string_equal(cf_date("2026-12-31").text, "31 December 2026");
	assert_string_equal(cf_date("2026-02-29").text, "2026-02-29");
	assert_string_equal(cf_date("2026-13-01").text, "2026-13-01");
	assert_string_equal(cf_date("2026-05").text, "2026-05");
	assert_string_equal(cf_date("soon").text, "soon");
	assert_string_equal(cf_date("").text, "");
}

static void
test_days_from_now(void **state)
{
	int64_t now;

	(void)state;
	assert_true(cf_time_parse(&now, cf_str("2026-05-10T23:59:59Z")));
	assert_string_equal(cf_when("2026-05-10T00:00:00Z", now).text,
		"today");
	assert_string_equal(cf_when("2026-05-09T23:00:00Z", now).text,
		"yesterday");
	assert_string_equal(cf_when("2026-05-11T00:00:00Z", now).text,
		"tomorrow");
	assert_string_equal(cf_when("2026-05-07T00:00:00Z", now).text,
		"3 days ago");
	assert_string_equal(cf_when("2026-05-23T00:00:00Z", now).text,
		"in 13 days");
	assert_string_equal(cf_when("2026-05-24T00:00:00Z", now).text,
		"24 May 2026");
	assert_string_equal(cf_when("2026-04-26T00:00:00Z", now).text,
		"26 April 2026");
	assert_string_equal(cf_when("never", now).text, "never");
}

static void
test_short_names(void **state)
{
	(void)state;
	assert_string_equal(cf_short_key("did:key:z6MkhaXgBZDvotDkL5257faiz"
		).text, "z6MkhaXgBZ\xe2\x80\xa6");
	assert_string_equal(cf_short_key("zQmYtUc4iTCbbfVSDNKvtQqrfyezPPnFv"
		).text, "zQmYtUc4iT\xe2\x80\xa6");
	assert_string_equal(cf_short_key("zQm").text, "zQm");
}

static void
test_lists_of_words(void **state)
{
	static const char *const item[] = { "a", "b", "c" };

	(void)state;
	for (size_t n = 1; n <= 3; n++) {
		struct cf_buf out = CF_BUF(64);

		for (size_t i = 0; i < n; i++)
			cf_join(&out, i, n, item[i]);
		assert_string_equal(out.data, n == 1 ? "a" : n == 2 ?
			"a and b" : "a, b and c");
		cf_buf_clear(&out);
	}
}

static void
expect_text(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static void
test_sentences_and_names(void **state)
{
	(void)state;
	expect_text(cf_spaced("when_weeks"), "When weeks");
	expect_text(cf_spaced("whenWeeks"), "When weeks");
	expect_text(cf_spaced("n_t"), "N t");
	expect_text(cf_spaced("URL"), "URL");
	expect_text(cf_spaced(""), "");
	expect_text(cf_sentence("the count is below 10"),
		"The count is below 10.");
	expect_text(cf_sentence("Is it?"), "Is it?");
	expect_text(cf_sentence(""), "");
	expect_text(cf_shell_word("drafts/need-1.json"), "drafts/need-1.json");
	expect_text(cf_shell_word("my files"), "'my files'");
	expect_text(cf_shell_word("head's"), "'head'\\''s'");
	expect_text(cf_shell_word(""), "''");
}

/* The best of a few commands for what somebody typed. */
static const char *
meant(const char *word)
{
	static const char *const commands[] = { "publish", "partner", "status",
		"sync", "show", "list", "verify", "id" };
	struct near near = { 0 };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		cf_near(&near, word, commands[i]);
	return near.best;
}

static void
test_the_nearest_word(void **state)
{
	(void)state;
	assert_string_equal(meant("pubish"), "publish");
	assert_string_equal(meant("pulbish"), "publish");
	assert_string_equal(meant("verfiy"), "verify");
	assert_string_equal(meant("snyc"), "sync");
	assert_string_equal(meant("stat"), "status");
	assert_string_equal(meant("lst"), "list");
	assert_string_equal(meant("partners"), "partner");
	assert_null(meant("frobnicate"));
	assert_null(meant("x"));
	assert_null(meant(""));
	assert_null(meant("a-word-that-is-longer-than-any-command-can-be"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plurals),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_a_noun_of_any_length_is_safe),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_days_from_now),
		cmocka_unit_test(test_short_names),
		cmocka_unit_test(test_lists_of_words),
		cmocka_unit_test(test_sentences_and_names),
		cmocka_unit_test(test_the_nearest_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
