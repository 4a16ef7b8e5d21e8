/*
 * What is written for people: wrapped, in columns, and safe on a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/rows.h"

#define FFFD "\xef\xbf\xbd"
#define DOTS "\xe2\x80\xa6"

/* A page over a temporary file, and what was written to it. */
static struct page page;
static char text[8192];

static void
begin(unsigned width)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	cf_page_open(&page, f);
	assert_false(page.terminal);
	assert_false(page.colour);
	assert_int_equal(page.width, 80);
	page.width = width;
}

static const char *
end(void)
{
	size_t n;

	rewind(page.to);
	n = fread(text, 1, sizeof text - 1, page.to);
	text[n] = '\0';
	(void)fclose(page.to);
	return text;
}

static void
test_paragraphs_wrap_at_the_width(void **state)
{
	(void)state;
	begin(20);
	cf_page_text(&page, 2, "one two three four five six");
	assert_string_equal(end(), "  one two three four\n  five six\n");
	begin(20);
	cf_page_text(&page, 0, "%s", "12345678901234567890");
	assert_string_equal(end(), "12345678901234567890\n");
	begin(20);
	cf_page_text(&page, 0, "see https://example.org/a/long/address now");
	assert_string_equal(end(),
		"see\nhttps://example.org/a/long/address\nnow\n");
	begin(20);
	cf_page_text(&page, 0, "%s", "");
	assert_string_equal(end(), "\n");
}

static void
test_wide_and_combining_characters_are_measured(void **state)
{
	(void)state;
	assert_int_equal(cf_columns("abc"), 3);
	assert_int_equal(cf_columns("caf\xc3\xa9"), 4);
	assert_int_equal(cf_columns("cafe\xcc\x81"), 4);
	assert_int_equal(cf_columns("\xe6\x97\xa5\xe6\x9c\xac"), 4);
	assert_int_equal(cf_columns("\xf0\x9f\x98\x80"), 2);
	begin(10);
	cf_page_text(&page, 0, "\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5 "
		"\xe6\x9c\xac\xe6\x97\xa5 a");
	assert_string_equal(end(), "\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\n"
		"\xe6\x9c\xac\xe6\x97\xa5 a\n");
}

static void
test_a_record_cannot_draw_on_the_terminal(void **state)
{
	const char *evil = "x\033[2J\x07\xc2\x9b" "31m\xe2\x80\xae" "y\xff";
	const char *safe = "x" FFFD "[2J" FFFD FFFD "31m" FFFD "y" FFFD "\n";

	(void)state;
	begin(80);
	cf_page_text(&page, 0, "%s", evil);
	assert_string_equal(end(), safe);
	begin(80);
	cf_page_line(&page, TONE_BAD, "%s", evil);
	assert_string_equal(end(), safe);
	begin(80);
	cf_page_prose(&page, 0, evil);
	assert_string_equal(end(), safe);
	begin(80);
	cf_page_entry(&page, 0, 2, TONE_BAD, evil, "%s", "");
	assert_string_equal(end(), safe);
	begin(80);
	cf_page_pair(&page, 0, 4, "a", evil);
	assert_string_equal(end() + 4, safe);
}

static void
test_a_record_cannot_write_a_line_of_ours(void **state)
{
	const char *evil = "Plover\nAshby Trust: refused\r\nx\ry\tz";

	(void)state;
	begin(80);
	cf_page_text(&page, 0, "%s", evil);
	cf_page_head(&page, TONE_BAD, "%s", evil);
	cf_page_line(&page, TONE_BAD, "%s", evil);
	assert_string_equal(end(), "Plover Ashby Trust: refused x y z\n"
		"Plover Ashby Trust: refused x y z\n"
		"Plover Ashby Trust: refused x y z\n");
	begin(80);
	cf_page_prose(&page, 2, evil);
	assert_string_equal(end(), "  Plover\n  Ashby Trust: refused\n  x\n"
		"  y z\n");
}

static void
test_prose_keeps_its_lines(void **state)
{
	(void)state;
	begin(20);
	cf_page_prose(&page, 2, "one\n  two three four five\n\n\n\nsix\n\n");
	assert_string_equal(end(),
		"  one\n    two three four\n    five\n\n  six\n");
}

static void
test_gaps_are_single(void **state)
{
	(void)state;
	begin(80);
	cf_page_gap(&page);
	cf_page_text(&page, 0, "a");
	cf_page_gap(&page);
	cf_page_gap(&page);
	cf_page_text(&page, 0, "b");
	assert_string_equal(end(), "a\n\nb\n");
}

static void
test_entries_and_pairs_hang(void **state)
{
	(void)state;
	begin(24);
	cf_page_entry(&page, 2, 3, TONE_WARN, "Ashby:", "updated: 3 findings");
	cf_page_pair(&page, 0, 8, "Name", "a text of some length");
	cf_page_pair(&page, 2, 8, "A longer name", "text");
	assert_string_equal(end(), "  Ashby: updated: 3\n     findings\n"
		"Name    a text of some\n        length\n"
		"  A longer name\n        text\n");
}

static void
test_colour_only_where_the_page_has_it(void **state)
{
	(void)state;
	begin(80);
	page.colour = true;
	cf_page_entry(&page, 0, 0, TONE_BAD, "confer:", "no");
	cf_page_line(&page, TONE_PLAIN, "plain");
	assert_string_equal(end(), "\033[31mconfer:\033[0m no\nplain\n");
}

static char *
clipped(const char *s, unsigned columns)
{
	char *line = cf_one_line(s);

	cf_clip(line, columns);
	return line;
}

static void
test_clipping(void **state)
{
	static const struct {
		const char *text;
		unsigned columns;
		const char *want;
	} table[] = {
		{ "abc", 3, "abc" }, { "abcd", 3, "ab" DOTS },
		{ "a bcd", 3, "a" DOTS }, { "abc", 1, DOTS },
		{ "\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9" DOTS },
		{ "\xe6\x97\xa5\xe6\x97\xa5", 3, "\xe6\x97\xa5" DOTS },
		{ "", 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *line = clipped(table[i].text, table[i].columns);

		assert_string_equal(line, table[i].want);
		free(line);
	}
}

static void
fill(struct rows *rows)
{
	static const char *const cell[] = { "ID", "TITLE", "1",
		"a title that is longer than the line", "22", NULL };

	for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
		cf_rows_add(rows, cell[i]);
}

static void
test_tables(void **state)
{
	struct rows rows = CF_ROWS(2);

	(void)state;
	begin(30);
	fill(&rows);
	cf_rows_print(&rows, &page, 1, true);
	assert_string_equal(end(), " ID  TITLE\n"
		" 1   a title that is longer than the line\n 22\n");
	assert_int_equal(rows.n, 0);
	begin(30);
	page.terminal = true;
	fill(&rows);
	cf_rows_print(&rows, &page, 1, true);
	assert_string_equal(end(), " ID  TITLE\n"
		" 1   a title that is longer t" DOTS "\n 22\n");
	begin(30);
	cf_rows_print(&rows, &page, 0, false);
	assert_string_equal(end(), "");
}

static void
test_middle_columns_give_way(void **state)
{
	static const char *const cell[] = { "0190b1e2-7c3f",
		"a long middle column that must give way", "short",
		"the title of a record" };
	struct rows rows = CF_ROWS(4);

	(void)state;
	begin(52);
	page.terminal = true;
	for (size_t i = 0; i < 4; i++)
		cf_rows_add(&rows, cell[i]);
	cf_rows_print(&rows, &page, 0, false);
	assert_string_equal(end(), "0190b1e2-7c3f  a long mid" DOTS
		"  short  the title of a r" DOTS "\n");
	begin(20);
	page.terminal = true;
	for (size_t i = 0; i < 4; i++)
		cf_rows_add(&rows, cell[i]);
	cf_rows_print(&rows, &page, 0, false);
	assert_string_equal(end(), "0190b1e2-7c3f  a long mid" DOTS
		"  short  the tit" DOTS "\n");
	begin(52);
	page.terminal = true;
	rows.whole = 1u << 1;
	for (size_t i = 0; i < 4; i++)
		cf_rows_add(&rows, cell[i]);
	cf_rows_print(&rows, &page, 0, false);
	assert_string_equal(end(), "0190b1e2-7c3f  a long middle column that "
		"must give way  short  the tit" DOTS "\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paragraphs_wrap_at_the_width),
		cmocka_unit_test(
			test_wide_and_combining_characters_are_measured),
		cmocka_unit_test(test_a_record_cannot_draw_on_the_terminal),
		cmocka_unit_test(test_a_record_cannot_write_a_line_of_ours),
		cmocka_unit_test(test_prose_keeps_its_lines),
		cmocka_unit_test(test_gaps_are_single),
		cmocka_unit_test(test_entries_and_pairs_hang),
		cmocka_unit_test(test_colour_only_where_the_page_has_it),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_middle_columns_give_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
