/*
 * Recovery sheets: what is printed comes back however it is typed, and a line
 * that is typed wrongly is named.
 */
#include "expect.h"

#include "base/mem.h"
#include "sign/sheet_code.h"

#define TRUST "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
#define LINES CF_SHEET_LINES
#define GROUPS 11		/* "000 G40 RVP" */

/* The lines of the seed 00 01 02 … 1f, computed apart from this program. */
static const char *const known[LINES] = { "000 G40 RVP", "40M 30E 2M9",
	"091 85G R2C", "38E 1W8 15G", "24G K2G ABK", "HC5 RR3 42V",
	"D1P 70X 3TY", "RFZ 681 26B" };

static char page[8192];

static const char *
write_page(const struct cf_seckey *key, const char *name, unsigned total)
{
	struct cf_sheet sheet = { .trust_name = name, .trust_id = TRUST,
		.number = 1, .total = total,
		.created = "2026-05-01T10:00:00Z" };
	struct cf_buf b = CF_BUF(sizeof page - 1);

	cf_sheet_write(&b, key, &sheet);
	assert_false(b.full);
	memcpy(page, b.data, b.len + 1);
	cf_buf_wipe(&b);
	return page;
}

/* The groups of each line as they are printed. */
static void
groups_of(char out[LINES][GROUPS + 1], const struct cf_seckey *key)
{
	const char *p = write_page(key, "Name", 2);

	for (int i = 0; i < LINES; i++) {
		char start[24];

		(void)snprintf(start, sizeof start, "\n          %d   ", i + 1);
		p = strstr(p, start);
		assert_non_null(p);
		p += strlen(start);
		memcpy(out[i], p, GROUPS);
		out[i][GROUPS] = '\0';
		assert_int_equal(p[GROUPS], '\n');
	}
}

/* The lines as somebody types them, with their numbers. */
static char *
typed(char lines[LINES][GROUPS + 1])
{
	char *out = cf_strdup("");

	for (int i = 0; i < LINES; i++) {
		char *more = cf_asprintf("%s%d %s\n", out, i + 1, lines[i]);

		free(out);
		out = more;
	}
	return out;
}

static void
expect_key(const char *text, const struct cf_seckey *want)
{
	struct cf_seckey *key;

	expect_ok(cf_sheet_read(&key, cf_str(text)));
	assert_string_equal(cf_seckey_public(key)->did,
		cf_seckey_public(want)->did);
	cf_seckey_free(key);
}

/* Refused, and the message names line `number`. */
static void
expect_line(const char *text, int number)
{
	const struct cf_err *err;
	struct cf_seckey *key;
	char name[16];

	err = cf_sheet_read(&key, cf_str(text));
	expect_err(err, CF_INVALID, "sheet.line");
	assert_null(key);
	(void)snprintf(name, sizeof name, "Line %d ", number);
	if (strstr(err->msg, name) == NULL)
		fail_msg("%s does not name line %d of\n%s", err->msg, number,
			text);
}

static struct cf_seckey *
some_key(void)
{
	unsigned char seed[32];

	seed_bytes(seed, sizeof seed);
	return cf_seckey_from_seed(seed);
}

static void
test_known_seed_has_known_lines(void **state)
{
	unsigned char seed[32];
	char lines[LINES][GROUPS + 1], *text;
	struct cf_seckey *key;

	(void)state;
	for (unsigned char i = 0; i < 32; i++)
		seed[i] = i;
	key = cf_seckey_from_seed(seed);
	groups_of(lines, key);
	for (int i = 0; i < LINES; i++)
		assert_string_equal(lines[i], known[i]);
	text = typed(lines);
	expect_key(text, key);
	free(text);
	cf_seckey_free(key);
}

/* Whatever the trust is called, its page can be printed and read back. */
static void
test_page_is_ascii_of_66_columns_and_comes_back(void **state)
{
	static const char *const names[] = { "Northfield Learning Trust", "",
		"St Mary\xe2\x80\x99s \xe2\x80\x93 Ymddiriedolaeth "
			"Dysgu M\xc3\xb4n \xc5\xb4",
		"1 ABC DEF GHJ", "l 000 000 000", "8\n8 ABC DEF GHJ\n",
		"\xff\xfe\x80 broken", "\xf0\x9f\x8f\xab school \x1b[31m",
		"The Diocese of Somewhere Very Long Multi Academy Trust of "
			"Church Schools in the North East of the County" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (unsigned total = 1; total < 4; total++) {
			struct cf_seckey *key = some_key();
			const char *text = write_page(key, names[i], total);
			size_t column = 0;

			for (const char *p = text; *p; p++) {
				column = *p == '\n' ? 0 : column + 1;
				assert_true(*p == '\n' ||
					(*p >= ' ' && *p <= '~'));
				assert_true(column <= 66);
			}
			assert_non_null(strstr(text, TRUST));
			assert_non_null(strstr(text,
				cf_seckey_public(key)->did));
			assert_non_null(strstr(text, "2026-05-01\n"));
			expect_key(text, key);
			cf_seckey_free(key);
		}
	}
}

static void
test_names_lose_their_marks_and_their_tail(void **state)
{
	struct cf_seckey *key = some_key();

	(void)state;
	assert_non_null(strstr(write_page(key, "St Mary\xe2\x80\x99s "
		"\xe2\x80\x93 M\xc3\xb4n \xc5\xb4 \xe4\xb8\xad", 2),
		"Trust:    St Mary's - Mon W ?\n"));
	/* 56 letters fit, 57 do not */
	assert_non_null(strstr(write_page(key, "12345678901234567890123456789"
		"012345678901234567890123456", 2), " 1234567890123456789012345"
		"6789012345678901234567890123456\n"));
	assert_non_null(strstr(write_page(key, "12345678901234567890123456789"
		"0123456789012345678901234567", 2), " 1234567890123456789012345"
		"6789012345678901234567890123...\n"));
	cf_seckey_free(key);
}

/* The same key, typed in other ways. */
static void
test_reading_forgives_how_people_type(void **state)
{
	char lines[LINES][GROUPS + 1], *text, *p;
	struct cf_seckey *key = some_key();
	struct cf_buf b = CF_BUF(4096);

	(void)state;
	groups_of(lines, key);
	for (int way = 0; way < 8; way++) {
		cf_buf_reset(&b);
		for (int i = 0; i < LINES; i++) {
			int line = way == 3 ? LINES - 1 - i : i;
			char *g = lines[line];

			if (way == 0)
				cf_buf_printf(&b, "%d.%s\r\n", line + 1, g);
			else if (way == 1)
				cf_buf_printf(&b, "> %d) %.3s-%.3s-%.3s\n\n",
					line + 1, g, g + 4, g + 8);
			else if (way == 2)
				cf_buf_printf(&b, "%d%.3s%.3s%.3s\n", line + 1,
					g, g + 4, g + 8);
			else if (way == 4)
				cf_buf_printf(&b, "%s\n", g);
			else if (way == 5)
				cf_buf_printf(&b, "%.3s%.3s%.3s\n\n", g, g + 4,
					g + 8);
			else if (way == 6)
				cf_buf_printf(&b, "%d: %.1s  %.10s\n%d %s\n",
					line + 1, g, g + 1, line + 1, g);
			else
				cf_buf_printf(&b, "%d %s\n", line + 1, g);
		}
		expect_key(b.data, key);
	}
	cf_buf_clear(&b);
	text = typed(lines);
	for (p = text; *p; p++) {
		if (*p >= 'A' && *p <= 'Z' && seed_below(2))
			*p = (char)(*p - 'A' + 'a');
		if (*p == '0' && p[-1] != '\n')
			*p = "oO"[seed_below(2)];
		if (*p == '1' && p != text)
			*p = "iIlL"[seed_below(4)];
	}
	expect_key(text, key);
	free(text);
	cf_seckey_free(key);
}

/* Each of the 72 characters, replaced by each other one: always the line. */
static void
test_every_single_typo_names_its_line(void **state)
{
	char lines[LINES][GROUPS + 1];
	struct cf_seckey *key = some_key();

	(void)state;
	groups_of(lines, key);
	for (int i = 0; i < LINES * GROUPS; i++) {
		char *c = &lines[i / GROUPS][i % GROUPS], was = *c;

		for (unsigned s = 0; s < 32 && was != ' '; s++) {
			char *text;

			*c = cf_sheet_letter(s);
			if (*c == was)
				continue;
			text = typed(lines);
			expect_line(text, i / GROUPS + 1);
			free(text);
		}
		*c = was;
	}
	cf_seckey_free(key);
}

/* Two neighbours exchanged, in many keys; also across the gap of a group. */
static void
test_every_exchange_of_neighbours_names_its_line(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		char lines[LINES][GROUPS + 1];
		struct cf_seckey *key = some_key();

		groups_of(lines, key);
		for (int i = 0; i < LINES; i++) {
			for (int a = 0; a + 1 < GROUPS; a++) {
				int b = lines[i][a + 1] == ' ' ? a + 2 : a + 1;
				char was = lines[i][a], *text;

				if (was == ' ' || was == lines[i][b])
					continue;
				lines[i][a] = lines[i][b];
				lines[i][b] = was;
				text = typed(lines);
				expect_line(text, i + 1);
				free(text);
				lines[i][b] = lines[i][a];
				lines[i][a] = was;
			}
		}
		cf_seckey_free(key);
	}
}

/* A line left out, one with a character too few or too many, a U. */
static void
test_lost_and_surplus_characters_name_their_line(void **state)
{
	(void)state;
	for (int i = 0; i < LINES; i++) {
		char lines[LINES][GROUPS + 1], *text, *line;
		struct cf_seckey *key = some_key();

		groups_of(lines, key);
		text = typed(lines);
		line = text + i * (GROUPS + 3);
		memmove(line, line + GROUPS + 3, strlen(line + GROUPS + 3) + 1);
		expect_line(text, i + 1);
		free(text);
		text = typed(lines);
		line = text + i * (GROUPS + 3);
		memmove(line + 6, line + 7, strlen(line + 7) + 1);
		expect_line(text, i + 1);
		free(text);
		text = typed(lines);
		text[i * (GROUPS + 3) + 5] = '8';
		expect_line(text, i + 1);
		text[i * (GROUPS + 3) + 5] = ' ';
		text[i * (GROUPS + 3) + 4] = 'u';
		expect_line(text, i + 1);
		free(text);
		cf_seckey_free(key);
	}
}

/* U is no symbol, not even where it would count as the last one, Z. */
static void
test_u_is_never_taken_for_another_letter(void **state)
{
	char lines[LINES][GROUPS + 1], *text;

	(void)state;
	for (int i = 0; i < LINES; i++)
		memcpy(lines[i], known[i], sizeof lines[i]);
	assert_int_equal(lines[7][2], 'Z');
	lines[7][2] = 'U';
	text = typed(lines);
	expect_line(text, 8);
	free(text);
}

static void
test_a_line_under_another_number_is_refused(void **state)
{
	char lines[LINES][GROUPS + 1], copy[GROUPS + 1], *text;
	struct cf_seckey *key = some_key();

	(void)state;
	groups_of(lines, key);
	memcpy(copy, lines[2], sizeof copy);
	memcpy(lines[2], lines[5], sizeof copy);
	memcpy(lines[5], copy, sizeof copy);
	text = typed(lines);
	expect_line(text, 3);
	free(text);
	cf_seckey_free(key);
}

static void
test_a_line_is_judged_by_itself(void **state)
{
	char text[32];

	(void)state;
	for (unsigned n = 1; n <= LINES; n++) {
		expect_ok(cf_sheet_line(cf_str(known[n - 1]), n));
		(void)snprintf(text, sizeof text, " %u: %s", n, known[n - 1]);
		expect_ok(cf_sheet_line(cf_str(text), n));
		expect_err(cf_sheet_line(cf_str(known[n - 1]), n % LINES + 1),
			CF_INVALID, "sheet.line");
		expect_err(cf_sheet_line(cf_str(""), n), CF_INVALID,
			"sheet.line");
	}
	expect_err(cf_sheet_line(cf_str("000 G40 RVQ"), 1), CF_INVALID,
		"sheet.line");
}

static void
test_lines_of_two_sheets_are_refused(void **state)
{
	char lines[LINES][GROUPS + 1], other[LINES][GROUPS + 1], *text, *both;
	struct cf_seckey *key = some_key(), *second = some_key(), *got;

	(void)state;
	groups_of(lines, key);
	groups_of(other, second);
	both = cf_asprintf("%s7 %s\n", text = typed(lines), other[6]);
	expect_err(cf_sheet_read(&got, cf_str(both)), CF_INVALID,
		"sheet.whole");
	free(both);
	free(text);
	memcpy(lines[6], other[6], sizeof lines[6]);
	text = typed(lines);
	expect_err(cf_sheet_read(&got, cf_str(text)), CF_INVALID,
		"sheet.whole");
	assert_null(got);
	free(text);
	cf_seckey_free(key);
	cf_seckey_free(second);
}

static void
test_text_without_a_sheet_is_refused(void **state)
{
	static const char *const texts[] = { "", "\n\n \n", "---" };
	struct cf_seckey *key;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_err(cf_sheet_read(&key, cf_str(texts[i])), CF_INVALID,
			"sheet.whole");
	expect_err(cf_sheet_read(&key, cf_str("Dear Confer, please let me in")),
		CF_INVALID, "sheet.whole");
}

/* Many wrong characters at once: never accepted as another key. */
static void
test_no_mangled_sheet_is_read_as_another_key(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char lines[LINES][GROUPS + 1], *text;
		struct cf_seckey *key = some_key(), *got;
		size_t n;

		if (round % 100 == 0)
			groups_of(lines, key);
		text = typed(lines);
		n = strlen(text);
		for (uint64_t i = 0, more = 1 + seed_below(12); i < more; i++)
			text[seed_below(n)] = cf_sheet_letter(
				(unsigned)seed_below(32));
		if (cf_sheet_read(&got, cf_str(text)) == NULL) {
			char back[LINES][GROUPS + 1];

			groups_of(back, got);
			assert_memory_equal(back, lines, sizeof back);
			cf_seckey_free(got);
		}
		free(text);
		cf_seckey_free(key);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_seed_has_known_lines),
		cmocka_unit_test(
			test_page_is_ascii_of_66_columns_and_comes_back),
		cmocka_unit_test(test_names_lose_their_marks_and_their_tail),
		cmocka_unit_test(test_reading_forgives_how_people_type),
		cmocka_unit_test(test_every_single_typo_names_its_line),
		cmocka_unit_test(
			test_every_exchange_of_neighbours_names_its_line),
		cmocka_unit_test(
			test_lost_and_surplus_characters_name_their_line),
		cmocka_unit_test(test_u_is_never_taken_for_another_letter),
		cmocka_unit_test(test_a_line_under_another_number_is_refused),
		cmocka_unit_test(test_a_line_is_judged_by_itself),
		cmocka_unit_test(test_lines_of_two_sheets_are_refused),
		cmocka_unit_test(test_text_without_a_sheet_is_refused),
		cmocka_unit_test(test_no_mangled_sheet_is_read_as_another_key),
	};

	seed_start(argc, argv);
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
