/*
 * Export: what each format makes of difficult texts, and the tables that all of
 * them have in common.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export/cells.h"
#include "export/document.h"
#include "export/pg.h"
#include "export/sql.h"

static int
start(void **state)
{
	(void)state;
	cf_json_start();
	return cf_kind_start() == NULL ? 0 : -1;
}

/* The line of one text, in a column of this type. */
static char *
line(const char *type, const char *text, bool guard)
{
	struct cf_buf out = CF_BUF(4096);
	json_t *fields = json_pack("[{s:s, s:s}, {s:s, s:s}]", "name", "a",
		"type", type, "name", "b", "type", "integer");
	json_t *cells = json_pack("[s, i]", text, 7);

	assert_null(cf_cells_csv(&out, fields, cells, guard));
	json_decref(fields);
	json_decref(cells);
	return cf_buf_take(&out);
}

static void
wants(const char *text, const char *want)
{
	char *got = line("string", text, true);

	assert_string_equal(got, want);
	free(got);
}

static void
test_csv_quotes(void **state)
{
	(void)state;
	wants("plain", "plain,7\r\n");
	wants("a,b", "\"a,b\",7\r\n");
	wants("say \"yes\"", "\"say \"\"yes\"\"\",7\r\n");
	wants("two\nlines", "\"two\nlines\",7\r\n");
	wants("two\r\nlines", "\"two\r\nlines\",7\r\n");
	wants(" edge", "\" edge\",7\r\n");
	wants("", "\"\",7\r\n");
	wants("\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9,7\r\n");
}

static void
test_csv_formulas(void **state)
{
	char *got;

	(void)state;
	wants("=1+1", "'=1+1,7\r\n");
	wants("+44", "'+44,7\r\n");
	wants("-1 is less", "'-1 is less,7\r\n");
	wants("@SUM(A1)", "'@SUM(A1),7\r\n");
	wants("\t=1", "'\t=1,7\r\n");
	wants("\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1,7\r\n");
	wants("'=1", "''=1,7\r\n");
	wants("'tis", "'tis,7\r\n");
	wants("a=1", "a=1,7\r\n");
	got = line("string", "=1+1", false);
	assert_string_equal(got, "=1+1,7\r\n");
	free(got);
	/* Only what is text can be a formula. */
	got = line("array", "-", true);
	assert_string_equal(got, "-,7\r\n");
	free(got);
}

static void
test_csv_values(void **state)
{
	struct cf_buf out = CF_BUF(4096);
	json_t *fields = json_array();
	json_t *cells = json_pack("[n, b, b, f, f, i, [s, s], {s:s}]", 1, 0,
		-0.5, 1e21, -3, "b", "a", "k", "v");

	(void)state;
	for (size_t i = 0; i < json_array_size(cells); i++)
		json_array_append_new(fields, json_pack("{s:s, s:s}", "name",
			"x", "type", "number"));
	assert_null(cf_cells_csv(&out, fields, cells, true));
	assert_string_equal(out.data, ",TRUE,FALSE,-0.5,1e+21,-3,"
		"\"[\"\"b\"\",\"\"a\"\"]\",\"{\"\"k\"\":\"\"v\"\"}\"\r\n");
	cf_buf_clear(&out);
	assert_null(cf_cells_copy(&out, cells));
	assert_string_equal(out.data, "\\N\ttrue\tfalse\t-0.5\t1e+21\t-3\t"
		"[\"b\",\"a\"]\t{\"k\":\"v\"}\n");
	cf_buf_clear(&out);
	json_decref(fields);
	json_decref(cells);
}

static void
test_copy_escapes(void **state)
{
	struct cf_buf out = CF_BUF(4096);
	json_t *cells = json_pack("[s, s, s]", "a\tb\nc\rd\\e", "\\N", "\\.");

	(void)state;
	assert_null(cf_cells_copy(&out, cells));
	assert_string_equal(out.data,
		"a\\tb\\nc\\rd\\\\e\t\\\\N\t\\\\.\n");
	cf_buf_clear(&out);
	json_decref(cells);
}

static void
test_sql_text(void **state)
{
	struct cf_buf out = CF_BUF(4096);

	(void)state;
	cf_sql_text(&out, "a teacher's '");
	assert_string_equal(out.data, "'a teacher''s '''");
	cf_buf_clear(&out);
}

static void
test_bibtex_text(void **state)
{
	struct cf_buf out = CF_BUF(4096);

	(void)state;
	cf_bibtex_text(&out, "50% of A&B_c #1 $5 {x} \\y ~z ^w <v> | \xc3\xa9\n");
	assert_string_equal(out.data, "50\\% of A\\&B\\_c \\#1 \\$5 "
		"{\\textbraceleft}x{\\textbraceright} {\\textbackslash}y "
		"{\\textasciitilde}z {\\textasciicircum}w {\\textless}v"
		"{\\textgreater} {\\textbar} \xc3\xa9 ");
	cf_buf_clear(&out);
}

/* Whatever the text, it cannot end its field: braces are in pairs. */
static void
test_bibtex_braces(void **state)
{
	static const char letters[] = "{}\\%$\"a ";
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (int run = 0; run < 2000; run++) {
		struct cf_buf out = CF_BUF(4096);
		char text[24] = "";
		int depth = 0;

		for (size_t i = 0; i + 1 < sizeof text; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			text[i] = letters[seed % (sizeof letters - 1)];
		}
		cf_bibtex_text(&out, text);
		for (size_t i = 0; i < out.len; i++) {
			depth += out.data[i] == '{';
			depth -= out.data[i] == '}';
			assert_true(depth >= 0);
		}
		assert_int_equal(depth, 0);
		cf_buf_clear(&out);
	}
}

static void
test_cite_key(void **state)
{
	json_t *item = json_pack("{s:{s:s, s:s}, s:{s:s, s:{s:s}}}",
		"provenance", "ownerName", "St \xc3\x89loi's Trust",
		"modified", "2026-05-01T10:00:00Z", "record", "id",
		"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab", "body", "title",
		"Do 20 {minutes} help?");
	char *key = cf_cite_key(item);

	(void)state;
	assert_string_equal(key, "st2026minutes-5e0c3c0f12ab");
	free(key);
	json_decref(item);
}

static void
test_passwords_are_hidden(void **state)
{
	char *said = cf_pg_hide("no: s3cret and s3cret\n", "s3cret");

	(void)state;
	assert_string_equal(said, "no: *** and ***");
	free(said);
	said = cf_pg_hide("as it is", NULL);
	assert_string_equal(said, "as it is");
	free(said);
}

/* PostgreSQL cuts names at 63 bytes, and a name stands once in a table. */
static void
check_fields(const struct cf_export_table *t)
{
	static const char *const types[] = { "string", "integer", "number",
		"boolean", "date", "datetime", "yearmonth", "array",
		"object" };
	json_t *seen = json_object();
	const json_t *key = cf_export_key(t);

	assert_int_equal(json_array_size(t->fields), json_array_size(t->paths));
	for (size_t i = 0; i < json_array_size(t->fields); i++) {
		const char *name = cf_export_name(t, i);
		bool known = false;

		assert_true(strlen(name) <= 63);
		assert_null(json_object_get(seen, name));
		json_object_set_new(seen, name, json_true());
		for (size_t j = 0; j < sizeof types / sizeof *types; j++)
			known |= strcmp(cf_export_type(t, i), types[j]) == 0;
		assert_true(known);
		assert_non_null(cf_json_str(json_array_get(t->fields, i),
			"title"));
	}
	for (size_t i = 0; i < json_array_size(key); i++)
		assert_non_null(json_object_get(seen, json_string_value(
			json_array_get(key, i))));
	json_decref(seen);
}

static void
test_tables(void **state)
{
	struct cf_export_tables all, one;
	size_t kinds = 0;

	(void)state;
	while (cf_kind_names()[kinds])
		kinds++;
	cf_export_tables_make(&all, NULL);
	assert_int_equal(all.n, 4 + kinds);
	for (size_t i = 0; i < all.n; i++)
		check_fields(&all.table[i]);
	cf_export_tables_make(&one, "finding");
	assert_int_equal(one.n, 5);
	assert_string_equal(one.table[4].name, "finding");
	cf_export_tables_clear(&one);
	/* What is looked up is there. */
	for (size_t i = 0; cf_export_indexes[i][0]; i++) {
		bool found = false;

		for (size_t j = 0; j < all.n; j++)
			for (size_t k = 0; k < json_array_size(
				all.table[j].fields); k++)
				found |= strcmp(all.table[j].name,
					cf_export_indexes[i][0]) == 0 &&
					strcmp(cf_export_name(&all.table[j],
					k), cf_export_indexes[i][1]) == 0;
		assert_true(found);
	}
	cf_export_tables_clear(&all);
}

static const struct cf_err *
count(void *payload, size_t table, const json_t *cells)
{
	size_t *rows = payload;

	assert_true(json_array_size(cells) > 0);
	rows[table]++;
	return NULL;
}

/* A record without a body (erased) is a record, and no row of its kind. */
static void
test_rows(void **state)
{
	size_t rows[CF_EXPORT_TABLES] = { 0 };
	struct cf_export_tables all;
	json_t *item = json_pack("{s:{s:[{s:s, s:[{s:s}, {s:s}]}, {s:s, s:[]}]}, "
		"s:{s:s, s:s}}", "provenance", "versions", "version", "zQmA",
		"signatures", "trust", "zQm1", "trust", "zQm2", "version",
		"zQmB", "signatures", "record", "id", "0190b1e2", "kind",
		"finding");

	(void)state;
	cf_export_tables_make(&all, "finding");
	assert_null(cf_export_rows(&all, item, count, rows));
	assert_int_equal(rows[0], 0);
	assert_int_equal(rows[1], 1);
	assert_int_equal(rows[2], 2);
	assert_int_equal(rows[3], 2);
	assert_int_equal(rows[4], 0);
	json_object_set_new(json_object_get(item, "record"), "body",
		json_object());
	assert_null(cf_export_rows(&all, item, count, rows));
	assert_int_equal(rows[4], 1);
	json_decref(item);
	cf_export_tables_clear(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_quotes),
		cmocka_unit_test(test_csv_formulas),
		cmocka_unit_test(test_csv_values),
		cmocka_unit_test(test_copy_escapes),
		cmocka_unit_test(test_sql_text),
		cmocka_unit_test(test_bibtex_text),
		cmocka_unit_test(test_bibtex_braces),
		cmocka_unit_test(test_cite_key),
		cmocka_unit_test(test_passwords_are_hidden),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
