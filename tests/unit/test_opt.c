/*
 * Option tables: what a command line sets, and what is said about a wrong one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/opt.h"

#define MOST 16

struct all {
	bool all;
	const char *kind, *role;
	unsigned jobs;
	struct opt_texts set;
};
static const struct opt table[] = {
	{ "all", 'a', OPT_FLAG, offsetof(struct all, all), NULL, "everything" },
	{ "kind", 0, OPT_TEXT, offsetof(struct all, kind), "KIND", "one kind" },
	{ "role", 'r', OPT_TEXT, offsetof(struct all, role), "ROLE", "a part",
		.choices = "trust|university", .required = true },
	{ "jobs", 'j', OPT_NUMBER, offsetof(struct all, jobs), "N", "at a time",
		.max = 64 },
	{ "set", 0, OPT_TEXTS, offsetof(struct all, set), "A=B", "again" },
	{ "secret", 0, OPT_FLAG, offsetof(struct all, all), NULL, "hidden",
		.hidden = true },
	{ NULL }
};

struct more {
	bool json;
};
static const struct opt more_table[] = {
	{ "json", 0, OPT_FLAG, offsetof(struct more, json), NULL, "as JSON" },
	{ NULL }
};

/* A command line, read: its values, operands, and the error if any. */
struct line {
	struct all all;
	struct more more;
	const char *operand[MOST];
	size_t n;
	struct cf_err err;	/* code 0: none */
};

static struct line
read_words(const char *const *words, size_t n)
{
	struct line line = { 0 };
	const struct opt_set sets[] = { { more_table, &line.more },
		{ table, &line.all } };
	char *argv[MOST];
	struct opt_reader reader = { argv, 0, false };
	const struct cf_err *err;
	const char *operand;

	assert_true(n < MOST);
	for (size_t i = 0; i < n; i++)
		argv[i] = (char *)(uintptr_t)words[i];
	argv[n] = NULL;
	while (!(err = cf_opt_next(&operand, &reader, sets, 2)) && operand)
		line.operand[line.n++] = operand;
	if (err)
		line.err = *err;
	return line;
}
#define READ(...) read_words((const char *const[]){ __VA_ARGS__ }, \
	sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(char *))

/* The words lead to a usage error that says `part`. */
static void
expect_error(const struct line *line, const char *part)
{
	assert_int_equal(line->err.code, CF_USAGE);
	if (strstr(line->err.msg, part) == NULL)
		fail_msg("'%s' does not say '%s'", line->err.msg, part);
}

static void
test_values_in_the_next_word_or_the_same(void **state)
{
	struct line a = READ("--kind", "finding", "--jobs", "4", "-a");
	struct line b = READ("--kind=finding", "-j4", "--all");
	struct line c = READ("-j=4", "-j", "5");

	(void)state;
	assert_int_equal(a.err.code, 0);
	assert_string_equal(a.all.kind, "finding");
	assert_int_equal(a.all.jobs, 4);
	assert_true(a.all.all);
	assert_int_equal(b.err.code, 0);
	assert_string_equal(b.all.kind, "finding");
	assert_int_equal(b.all.jobs, 4);
	assert_true(b.all.all);
	assert_int_equal(c.all.jobs, 4);
	expect_error(&c, "--jobs is given twice");
}

static void
test_some_options_may_be_given_again(void **state)
{
	struct line a = READ("--set", "a=1", "--all", "--set=b=2");
	struct line b = READ("--set", "");

	(void)state;
	assert_int_equal(a.err.code, 0);
	assert_int_equal(a.all.set.n, 2);
	assert_string_equal(a.all.set.text[0], "a=1");
	assert_string_equal(a.all.set.text[1], "b=2");
	expect_error(&b, "--set has an empty value");
}

static void
test_options_stand_before_and_after_operands(void **state)
{
	struct line line = READ("one", "--all", "two", "--json", "-", "-j", "1",
		"three");

	(void)state;
	assert_int_equal(line.err.code, 0);
	assert_int_equal(line.n, 4);
	assert_string_equal(line.operand[0], "one");
	assert_string_equal(line.operand[1], "two");
	assert_string_equal(line.operand[2], "-");
	assert_string_equal(line.operand[3], "three");
	assert_true(line.all.all);
	assert_true(line.more.json);
	assert_int_equal(line.all.jobs, 1);
}

static void
test_two_dashes_end_the_options(void **state)
{
	struct line line = READ("-a", "--", "--kind", "-j", "--");

	(void)state;
	assert_int_equal(line.err.code, 0);
	assert_true(line.all.all);
	assert_null(line.all.kind);
	assert_int_equal(line.n, 3);
	assert_string_equal(line.operand[0], "--kind");
	assert_string_equal(line.operand[2], "--");
}

static void
test_unknown_options_suggest_the_nearest(void **state)
{
	struct line swapped = READ("--kidn", "finding");
	struct line other_set = READ("--jsno");
	struct line beginning = READ("--ki=x");
	struct line far = READ("--frobnicate");
	struct line letter = READ("-z");
	struct line joined = READ("-az");
	struct line empty = READ("--=x");
	struct line hidden = READ("--secre");

	(void)state;
	expect_error(&swapped, "no option --kidn here. Did you mean --kind?");
	expect_error(&other_set, "Did you mean --json?");
	expect_error(&beginning, "Did you mean --kind?");
	expect_error(&far, "no option --frobnicate here");
	assert_null(strstr(far.err.msg, "mean"));
	expect_error(&letter, "no option -z");
	expect_error(&joined, "takes no value");
	expect_error(&empty, "no option -- here");
	assert_null(strstr(hidden.err.msg, "mean"));
}

static void
test_a_forgotten_value_swallows_no_option(void **state)
{
	struct line last = READ("--kind");
	struct line next = READ("--kind", "--all");
	struct line meant = READ("--kind=--all");
	struct line dash = READ("--kind", "-a");
	struct line empty = READ("--kind=");

	(void)state;
	expect_error(&last, "--kind needs a value: write --kind KIND");
	expect_error(&next, "--kind needs a value");
	assert_false(next.all.all);
	assert_int_equal(meant.err.code, 0);
	assert_string_equal(meant.all.kind, "--all");
	assert_int_equal(dash.err.code, 0);
	assert_string_equal(dash.all.kind, "-a");
	expect_error(&empty, "empty value");
}

static void
test_values_are_checked(void **state)
{
	static const char *const numbers[] = { "0", "65", "-1", "4x", "04",
		"+4", " 4", "99999999999999999999" };
	struct line role = READ("--role", "trst");
	struct line good = READ("--role", "university");
	struct line part = READ("-r", "univ");
	struct line flag = READ("--all=yes");
	struct line twice = READ("--kind", "a", "--kind=b");

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct line line = READ("--jobs", numbers[i]);

		expect_error(&line, "--jobs takes a number from 1 to 64");
		assert_int_equal(line.all.jobs, 0);
	}
	expect_error(&role, "it can be trust or university");
	assert_int_equal(good.err.code, 0);
	expect_error(&part, "--role cannot be 'univ'");
	expect_error(&flag, "--all takes no value");
	expect_error(&twice, "--kind is given twice: 'a' and 'b'");
}

static void
test_required_options(void **state)
{
	struct all all = { 0 };
	const struct opt_set set = { table, &all }, none = { NULL, NULL };
	const struct cf_err *err = cf_opt_complete(&set);

	(void)state;
	assert_non_null(err);
	assert_int_equal(err->code, CF_USAGE);
	assert_string_equal(err->msg, "--role ROLE is missing");
	all.role = "trust";
	assert_null(cf_opt_complete(&set));
	assert_null(cf_opt_complete(&none));
}

static void
test_usage_comes_from_the_table(void **state)
{
	struct cf_buf out = CF_BUF(1024);

	(void)state;
	cf_opt_synopsis(&out, table);
	assert_string_equal(out.data,
		"[-a] [--kind KIND] -r ROLE [-j N] [--set A=B]...");
	cf_buf_reset(&out);
	cf_opt_left(&out, &table[3]);
	assert_string_equal(out.data, "-j, --jobs N");
	cf_buf_reset(&out);
	cf_opt_synopsis(&out, NULL);
	assert_string_equal(out.data, "");
	cf_buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_in_the_next_word_or_the_same),
		cmocka_unit_test(test_some_options_may_be_given_again),
		cmocka_unit_test(test_options_stand_before_and_after_operands),
		cmocka_unit_test(test_two_dashes_end_the_options),
		cmocka_unit_test(test_unknown_options_suggest_the_nearest),
		cmocka_unit_test(test_a_forgotten_value_swallows_no_option),
		cmocka_unit_test(test_values_are_checked),
		cmocka_unit_test(test_required_options),
		cmocka_unit_test(test_usage_comes_from_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
