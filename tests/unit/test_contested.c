/*
 * Conflicts in words, word by word in longer texts, and the drawing of a history.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/contested.h"
#include "cli/history.h"
#include "cli/lanes.h"
#include "cli/worddiff.h"

#define SCHEMA \
"{ 'properties': {" \
"  'size': { 'title': 'Sample size' }," \
"  'share': { 'title': 'Share', 'x-unit': 'percentage' }," \
"  'cost': { 'title': 'Cost', 'x-unit': 'pounds' }," \
"  'length': { 'title': 'Length', 'x-unit': 'weeks' }," \
"  'on': { 'title': 'Day', 'format': 'date' }," \
"  'stage': { 'title': 'Stage', 'x-labels': { 'run': 'Running', 'rep':" \
"    'Reported' } }," \
"  'title': { 'title': 'Title' }, 'sure': { 'title': 'Sure' }," \
"  'notes': { 'title': 'Notes' }," \
"  'words': { 'title': 'Other words', 'items': {} }," \
"  'plan': { 'title': 'Plan', 'x-merge': { 'by': 'key', 'order': 'author' }," \
"    'items': { 'properties': { 'key': { 'title': 'Key' }, 'what': { 'title':" \
"      'What' }, 'minutes': { 'title': 'Time', 'x-unit': 'minutes' } } } } } }"

/* JSON with ' for ". */
static json_t *
json(const char *quoted)
{
	char *copy = cf_strdup(quoted);
	json_error_t e;
	json_t *value;

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	value = json_loads(copy, JSON_DECODE_ANY, &e);
	if (value == NULL)
		fail_msg("%s: %s", e.text, copy);
	free(copy);
	return value;
}

static char said[16384];

static void
begin(struct page *page)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	cf_page_open(page, f);
	page->width = 80;
}

static void
end(struct page *page)
{
	size_t n;

	rewind(page->to);
	n = fread(said, 1, sizeof said - 1, page->to);
	said[n] = '\0';
	(void)fclose(page->to);
}

/* What a person reads of one entry of a conflict. */
static void
expect(const char *field, const char *want)
{
	json_t *schema = json(SCHEMA), *value = json(field);
	struct page page;

	begin(&page);
	cf_page_contested(&page, 0, schema, value);
	end(&page);
	json_decref(schema);
	json_decref(value);
	assert_string_equal(said, want);
}

#define BY(name) "'by': [{ 'trust': '" name "', 'name': '" name "', " \
	"'version': 'v' }]"
#define FIELD(path, kind, before, sides) "{ 'path': '" path "', 'kind': '" \
	kind "'" before ", 'sides': [" sides "] }"
#define AND ", "
#define SAYS(value, name) "{ 'value': " value ", " BY(name) " }"
#define GONE(name) "{ 'absent': true, " BY(name) " }"

static void
test_sentences(void **state)
{
	(void)state;
	expect(FIELD("/size", "edit/edit", ", 'before': 230, 'shown': 230",
		SAYS("240", "Northfield") AND SAYS("236", "Ashby")),
		"Sample size: Northfield says 240, Ashby says 236; before, both "
		"had 230.\n");
	expect(FIELD("/size", "edit/edit", "", SAYS("240", "Northfield") AND
		SAYS("236", "Ashby")),
		"Sample size: Northfield says 240, Ashby says 236; before, "
		"there was nothing.\n");
	expect(FIELD("/size", "delete/edit", ", 'before': 230, 'shown': 230",
		GONE("Northfield") AND SAYS("236", "Ashby")),
		"Sample size: removed by Northfield, Ashby says 236; before, "
		"both had 230.\n");
	/* Of a field that a record must have, one value is shown. */
	expect(FIELD("/size", "edit/edit", ", 'shown': 236", SAYS("236",
		"Ashby") AND SAYS("240", "Northfield")),
		"Sample size: Ashby says 236, Northfield says 240; before, "
		"there was nothing.\n  Until it is settled, 236 is shown.\n");
}

static void
test_units_labels_and_lists(void **state)
{
	(void)state;
	expect(FIELD("/share", "edit/edit", ", 'before': 12.5",
		SAYS("20", "Northfield") AND SAYS("15", "Ashby")),
		"Share: Northfield says 20%, Ashby says 15%; before, both had "
		"12.5%.\n");
	expect(FIELD("/cost", "edit/edit", ", 'before': 0", SAYS("1200",
		"Northfield") AND SAYS("900", "Ashby")),
		"Cost: Northfield says \xc2\xa3" "1200, Ashby says "
		"\xc2\xa3" "900; before, both had \xc2\xa3" "0.\n");
	expect(FIELD("/length", "edit/edit", ", 'before': 2",
		SAYS("1", "Northfield") AND SAYS("12", "Ashby")),
		"Length: Northfield says 1 week, Ashby says 12 weeks; before, "
		"both had 2 weeks.\n");
	expect(FIELD("/on", "edit/edit", ", 'before': '2026-05-01'",
		SAYS("'2026-05-02'", "Northfield") AND GONE("Ashby")),
		"Day: Northfield says 2 May 2026, removed by Ashby; before, "
		"both had 1 May 2026.\n");
	expect(FIELD("/stage", "edit/edit", ", 'before': 'plan'",
		SAYS("'run'", "Northfield") AND SAYS("'rep'", "Ashby")),
		"Stage: Northfield says Running, Ashby says Reported; "
		"before, both had plan.\n");
	expect(FIELD("/sure", "edit/edit", ", 'before': null", SAYS("true",
		"Northfield") AND SAYS("false", "Ashby")),
		"Sure: Northfield says yes, Ashby says no; before, both had "
		"nothing.\n");
	expect(FIELD("/words", "edit/edit", ", 'before': ['a', 'b']",
		SAYS("['a', 'b', 'c']", "Northfield") AND SAYS("[]", "Ashby")),
		"Other words: Northfield says a, b, c; Ashby says an empty "
		"list; before, both had\n  a, b.\n");
	expect(FIELD("/title", "edit/edit", ", 'before': ''",
		SAYS("'Two words'", "Northfield") AND SAYS("'One'", "Ashby")),
		"Title: Northfield says \xe2\x80\x9cTwo words\xe2\x80\x9d, "
		"Ashby says One; before, both had \xe2\x80\x9c\xe2\x80\x9d.\n");
}

static void
test_several_trusts(void **state)
{
	(void)state;
	expect(FIELD("/size", "edit/edit", ", 'before': 230",
		"{ 'value': 240, 'by': [{ 'name': 'Northfield' }, { 'name': "
		"'Wessex' }, { 'name': 'Riverside' }] }" AND
		SAYS("236", "Ashby")),
		"Sample size: Northfield, Wessex and Riverside say 240, "
		"Ashby says 236; before,\n  all had 230.\n");
	expect(FIELD("/size", "edit/edit", ", 'before': 230", SAYS("1",
		"Northfield") AND SAYS("2", "Ashby") AND GONE("Wessex")),
		"Sample size: Northfield says 1, Ashby says 2, removed by "
		"Wessex; before, all had\n  230.\n");
	/* The same trust on two machines is one, a draft is called so. */
	expect(FIELD("/size", "edit/edit", ", 'before': 230",
		"{ 'value': 1, 'by': [{ 'name': 'Ashby', 'version': 'a' }, "
		"{ 'name': 'Ashby', 'version': 'b' }] }" AND
		"{ 'value': 2, 'by': [{ 'name': 'Ashby', 'version': '' }] }"),
		"Sample size: Ashby says 1, Ashby (your draft) says 2; "
		"before, both had 230.\n");
	/* A trust without a known name. */
	expect(FIELD("/size", "edit/edit", ", 'before': 230", SAYS("1",
		"Northfield") AND "{ 'value': 2, 'by': [{ 'trust': 'zQmX', "
		"'name': '' }] }"),
		"Sample size: Northfield says 1, zQmX says 2; before, both "
		"had 230.\n");
}

static void
test_entries_types_and_orders(void **state)
{
	(void)state;
	expect(FIELD("/plan/[a1]/minutes", "edit/edit", ", 'before': 10",
		SAYS("1", "Northfield") AND SAYS("20", "Ashby")),
		"Plan (a1): Time: Northfield says 1 minute, Ashby says 20 "
		"minutes; before, both\n  had 10 minutes.\n");
	expect(FIELD("/plan/[a1]", "delete/edit", ", 'before': { 'key': 'a1', "
		"'what': 'Read' }", GONE("Northfield") AND SAYS("{ 'key': 'a1', "
		"'what': 'Read it aloud', 'minutes': 5 }", "Ashby")),
		"Plan (a1): removed by Northfield; Ashby says What: "
		"\xe2\x80\x9cRead it aloud\xe2\x80\x9d; Time: 5\n"
		"  minutes; before, both had What: Read.\n");
	expect(FIELD("/size", "type", ", 'before': 1", SAYS("'many'",
		"Northfield") AND SAYS("{ 'a': 1, 'b': [2, 3] }", "Ashby")),
		"Sample size: Northfield says many; Ashby says A: 1; B: 2, "
		"3; before, both had 1.\n");
	expect(FIELD("/plan", "order", ", 'before': ['\\'a\\'', '\\'b\\'', "
		"'\\'c\\'']", SAYS("['\\'c\\'', '\\'a\\'', '\\'b\\'']",
		"Northfield") AND SAYS("['\\'b\\'', '\\'a\\'', '\\'c\\'']", "Ashby")),
		"Plan, in which order: Northfield says c, a, b; Ashby says "
		"b, a, c; before, both\n  had a, b, c.\n");
	expect("{ 'path': '/plan', 'kind': 'order', 'names': { '\\'a\\'': "
		"'Train the teachers', '\\'b\\'': 'Draw the classes of each "
		"school and year' }, 'before': ['\\'a\\'', '\\'b\\''], 'sides': ["
		SAYS("['\\'b\\'', '\\'a\\'']", "Northfield") AND
		SAYS("['\\'a\\'', '\\'b\\'', '\\'c\\'']", "Ashby") "] }",
		"Plan, in which order: Northfield says \xe2\x80\x9c" "Draw "
		"the classes of each school and\n"
		"  year\xe2\x80\x9d, \xe2\x80\x9cTrain the "
		"teachers\xe2\x80\x9d; Ashby says \xe2\x80\x9cTrain the "
		"teachers\xe2\x80\x9d, \xe2\x80\x9c" "Draw the\n"
		"  classes of each school and year\xe2\x80\x9d, c; before, "
		"both had \xe2\x80\x9cTrain the teachers\xe2\x80\x9d,\n"
		"  \xe2\x80\x9c" "Draw the classes of each school and "
		"year\xe2\x80\x9d.\n");
	expect("{ 'path': '', 'kind': 'schema', 'why': 'the entries are 21 and "
		"may be 20 at most', 'sides': [" SAYS("{}", "Northfield") AND
		SAYS("{ 'a': 1 }", "Ashby") "] }",
		"The record as a whole: what Northfield and Ashby wrote is "
		"right by itself and\n"
		"  does not fit together. The entries are 21 and may be 20 "
		"at most. Until it is\n"
		"  settled, the owner's version is shown.\n");
}

#define OLD "The partners meet in the library on the first Monday of each " \
	"month and read."

static void
test_longer_texts(void **state)
{
	(void)state;
	expect(FIELD("/notes", "edit/edit", ", 'before': '" OLD "'",
		SAYS("'The partners meet in the hall on the first Monday of "
		"each month and read.'", "Northfield") AND SAYS("'The partners "
		"meet in the library on the last Monday of each month and "
		"read.'", "Ashby")),
		"Notes: the same text was changed in different ways\n"
		"  Northfield says:\n"
		"    The partners meet in the [-library-] {+hall+} on the "
		"first Monday of each\n    month and \xe2\x80\xa6\n"
		"  Ashby says:\n"
		"    The partners meet in the library on the [-first-] "
		"{+last+} Monday of each\n    month and read.\n");
	expect(FIELD("/notes", "delete/edit", ", 'before': '" OLD "'",
		GONE("Northfield") AND SAYS("'The partners meet in the library on "
		"the last Monday of each month and read.'", "Ashby")),
		"Notes: the same text was changed in different ways\n"
		"  Removed by Northfield.\n  Ashby says:\n"
		"    The partners meet in the library on the [-first-] "
		"{+last+} Monday of each\n    month and read.\n");
	expect(FIELD("/notes", "edit/edit", ", 'before': '" OLD "'",
		SAYS("'The  partners meet in the library on the first Monday "
		"of each month and read.'", "Northfield") AND GONE("Ashby")),
		"Notes: the same text was changed in different ways\n"
		"  Northfield only changed the spaces between words.\n"
		"  Removed by Ashby.\n");
	/* Several fields are not one text. */
	expect(FIELD("/recruiting", "delete/edit", ", 'before': { 'open': true,"
		" 'until': '2026-06-30', 'looking_for': '" OLD "' }",
		GONE("Northfield") AND SAYS("{ 'open': true, 'until': "
		"'2027-01-01', 'looking_for': '" OLD "' }", "Ashby")),
		"Recruiting: it was changed in different ways\n"
		"  Removed by Northfield.\n  Ashby says:\n"
		"    Open: yes; Until: [-2026-06-30;-] {+2027-01-01;+} Looking "
		"for: \xe2\x80\x9cThe partners\n    meet in the library "
		"\xe2\x80\xa6\n");
	/* Nothing stayed: one after the other. */
	expect(FIELD("/notes", "edit/edit", ", 'before': '" OLD "'",
		SAYS("'Another text altogether, of another length and of other "
		"words, too.'", "Northfield") AND SAYS("'Short.'", "Ashby")),
		"Notes: before, it was\n"
		"    The partners meet in the library on the first Monday of "
		"each month and read.\n  Northfield says:\n"
		"    Another text altogether, of another length and of other "
		"words, too.\n  Ashby says:\n    Short.\n");
	expect(FIELD("/notes", "edit/edit", "", SAYS("'One\\nTwo'",
		"Northfield") AND SAYS("'Three'", "Ashby")),
		"Notes: before, there was nothing\n  Northfield says:\n"
		"    One\n    Two\n  Ashby says:\n    Three\n");
}

/* Another program's spelling: nobody can see the difference. */
static void
test_twins(void **state)
{
	(void)state;
	expect(FIELD("/title", "edit/edit", "", SAYS("'Caf\xc3\xa9'",
		"Northfield") AND SAYS("'Cafe\xcc\x81'", "Ashby")),
		"Title: Northfield says Caf\xc3\xa9, Ashby says "
		"Cafe\xcc\x81; before, there was nothing.\n"
		"  These look alike: an accented letter is typed as one "
		"character in the one and\n"
		"  as letter and accent in the other. Either is right; take "
		"one.\n");
}

/* Nothing that a record holds begins a line of ours or moves the cursor. */
static void
test_hostile_values(void **state)
{
	(void)state;
	expect(FIELD("/title", "edit/edit", ", 'before': 'a\\u001b[2Jb'",
		SAYS("'x\\u0007y'", "North\\u001b[1mfield") AND SAYS("'\\u202ez'",
		"Ashby")),
		"Title: North\xef\xbf\xbd[1mfield says x\xef\xbf\xbdy, Ashby "
		"says \xef\xbf\xbdz; before, both had a\xef\xbf\xbd[2Jb.\n");
	expect(FIELD("/notes", "edit/edit", "", SAYS("'One\\nconfer: all is "
		"well'", "Northfield") AND SAYS("'Three'", "Ashby")),
		"Notes: before, there was nothing\n  Northfield says:\n"
		"    One\n    confer: all is well\n  Ashby says:\n    Three\n");
	expect(FIELD("/no~1such/[a~2b]/x~0y", "edit/edit", "", SAYS("1",
		"Northfield") AND SAYS("2", "Ashby")),
		"No/such (a]b): X~y: Northfield says 1, Ashby says 2; "
		"before, there was nothing.\n");
}

/* --- word by word ------------------------------------------------------------ */

static void
expect_diff(const char *before, const char *after, const char *want)
{
	char *got = cf_word_diff(before, after);

	assert_string_equal(got, want);
	free(got);
}

#define DOTS "\xe2\x80\xa6"

static void
test_words(void **state)
{
	(void)state;
	expect_diff("We meet twice a week.", "We meet once a week.",
		"We meet [-twice-] {+once+} a week.");
	expect_diff("", "New.", "{+New.+}");
	expect_diff("Old.", "", "[-Old.-]");
	expect_diff("The same.", "The  same.", DOTS);
	expect_diff("a b c d", "a x c y",
		"a [-b-] {+x+} c [-d-] {+y+}");
	expect_diff("One.\nTwo.\nThree.", "One.\nThree.",
		"One.\n[-Two.\n-] Three.");
	expect_diff("a b", "b a",
		"[-a-] b {+a+}");
	expect_diff("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 here 1 2",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 there 1 2",
		"\xe2\x80\xa6 13 14 15 16 17 18 19 20 [-here-] {+there+} 1 2");
	assert_int_equal(cf_words_kept("a b c d", "a b x y"), 50);
	assert_int_equal(cf_words_kept("a  b", "a b"), 100);
	assert_int_equal(cf_words_kept("", ""), 100);
	assert_int_equal(cf_words_kept("a", "b"), 0);
}

/* Two texts of which nothing is the same take no time to speak of. */
static void
test_many_words(void **state)
{
	struct cf_buf a = CF_BUF(1 << 20), b = CF_BUF(1 << 20);
	char *got;

	(void)state;
	for (unsigned i = 0; i < 30000; i++) {
		cf_buf_printf(&a, "a%u ", i);
		cf_buf_printf(&b, "b%u ", i);
	}
	got = cf_word_diff(a.data, b.data);
	assert_int_equal(strncmp(got, "[-a0 ", 5), 0);
	assert_non_null(strstr(got, "-] {+b0 "));
	free(got);
	cf_buf_clear(&a);
	cf_buf_clear(&b);
}

/* --- the drawing ------------------------------------------------------------- */

/* One line for each node and each row of links, spaces and all. */
static void
expect_drawing(const char *versions, const char *want)
{
	json_t *list = json(versions), *ordered, *drawn, *row, *line;
	struct cf_buf out = CF_BUF(8192);
	size_t i, k;

	ordered = cf_lanes_order(list);
	drawn = cf_lanes_draw(ordered);
	json_array_foreach(drawn, i, row) {
		cf_buf_printf(&out, "%s %s\n", json_string_value(
			json_object_get(row, "node")), json_string_value(
			json_object_get(json_array_get(ordered, i),
			"version")));
		json_array_foreach(json_object_get(row, "after"), k, line)
			cf_buf_printf(&out, "%s\n", json_string_value(line));
	}
	assert_string_equal(out.data, want);
	cf_buf_clear(&out);
	json_decref(drawn);
	json_decref(ordered);
	json_decref(list);
}

#define V(id, time, ...) "{ 'version': '" id "', 'modified': '" time \
	"', 'onto': [" __VA_ARGS__ "] }"

static void
test_drawings(void **state)
{
	(void)state;
	expect_drawing("[" V("a", "1", "") "," V("b", "2", "'a'") "]",
		"\xe2\x97\x8f b\n\xe2\x97\x8f a\n");
	/* Two at the same time, and one that joins them. */
	expect_drawing("[" V("a", "1", "") "," V("b", "2", "'a'") ","
		V("c", "3", "'a'") "," V("d", "4", "'b', 'c'") "]",
		"\xe2\x97\x8f d\n\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xae\n"
		"\xe2\x94\x82 \xe2\x97\x8f c\n\xe2\x97\x8f \xe2\x94\x82 b\n"
		"\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xaf\n\xe2\x97\x8f a\n");
	/* Three heads. */
	expect_drawing("[" V("a", "1", "") "," V("b", "2", "'a'") ","
		V("c", "3", "'a'") "," V("d", "4", "'a'") "]",
		"\xe2\x97\x8f d\n\xe2\x94\x82 \xe2\x97\x8f c\n"
		"\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xaf\n"
		"\xe2\x94\x82 \xe2\x97\x8f b\n"
		"\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xaf\n\xe2\x97\x8f a\n");
	/* Crossed. */
	expect_drawing("[" V("a", "1", "") "," V("b", "2", "'a'") ","
		V("c", "3", "'a'") "," V("d", "4", "'b', 'c'") ","
		V("e", "5", "'b', 'c'") "]",
		"\xe2\x97\x8f e\n\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xae\n"
		"\xe2\x94\x82 \xe2\x94\x82 \xe2\x97\x8f d\n"
		"\xe2\x94\x9c\xe2\x94\x80\xe2\x94\xbc\xe2\x94\x80\xe2\x95\xaf\n"
		"\xe2\x94\x82 \xe2\x97\x8f c\n\xe2\x97\x8f \xe2\x94\x82 b\n"
		"\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xaf\n\xe2\x97\x8f a\n");
	/* A clock that goes wrong does not put a child under its parent. */
	expect_drawing("[" V("a", "9", "") "," V("b", "2", "'a'") "]",
		"\xe2\x97\x8f b\n\xe2\x97\x8f a\n");
	/* What is built on something that is not there. */
	expect_drawing("[" V("b", "2", "'gone'") "," V("c", "3", "'b'") "]",
		"\xe2\x97\x8f c\n\xe2\x97\x8f b\n");
	expect_drawing("[]", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_units_labels_and_lists),
		cmocka_unit_test(test_several_trusts),
		cmocka_unit_test(test_entries_types_and_orders),
		cmocka_unit_test(test_longer_texts),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_many_words),
		cmocka_unit_test(test_drawings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
