/*
 * Corner cases of the merge as data: tests/vectors/merge. Each is given to the
 * merge as a user gives it, in both orders.
 */
#include "expect.h"

#include "merged.h"

#include "base/file.h"

static json_t *cases;

static json_t *
merge(const json_t *row, bool turned)
{
	json_t *versions = json_array(), *v, *doc, *out;
	size_t i;

	json_array_foreach(json_object_get(row, "versions"), i, v)
		json_array_insert(versions, turned ? 0 : i, v);
	doc = json_pack("{s:O, s:s, s:o}", "schema", json_object_get(row,
		"schema"), "owner", "trust-a", "versions", versions);
	out = merge_document(doc);
	json_decref(doc);
	return out;
}

static void
check_case(const json_t *row, bool turned)
{
	json_t *got = merge(row, turned);

	if (!merged_is(got, json_object_get(row, "body"),
		json_object_get(row, "conflicts"))) {
		char *text = json_dumps(got, JSON_COMPACT);

		fail_msg("%s: %s", cf_json_str(row, "name"), text);
	}
	json_decref(got);
}

static void
test_each_case(void **state)
{
	json_t *row;
	size_t i;

	(void)state;
	assert_true(json_array_size(cases) > 30);
	json_array_foreach(cases, i, row) {
		check_case(row, false);
		check_case(row, true);
	}
}

/* A document that cannot be merged: why, and that it is named. Its line says so
 * too. */
static void
check_bad(const char *text, const char *why)
{
	const struct cf_err *err;
	json_t *out;

	err = merge_text(&out, text);
	assert_non_null(err);
	assert_int_equal(err->code, CF_INVALID);
	if (strstr(err->msg, why) == NULL)
		fail_msg("%s", err->msg);
	assert_non_null(strstr(cf_json_str(json_object_get(out, "error"),
		"message"), why));
	json_decref(out);
}

#define GOOD "{\"schema\": true, \"owner\": \"a\", \"versions\": []}\n"
#define ONE(members) "{\"schema\": true, \"owner\": \"a\", \"versions\": " \
	"[{\"id\": \"v\", \"trust\": \"a\", " members "}]}"

static void
test_bad_documents_are_named(void **state)
{
	(void)state;
	check_bad("[]", "document 1");
	check_bad(GOOD GOOD "{\"schema\": 1}", "document 3");
	check_bad("{", "document 1");
	check_bad(GOOD "}", "document 2");
	check_bad("{\"schema\": true, \"versions\": []}", "owner");
	check_bad("{\"schema\": {\"x-merge\": \"sett\"}, \"owner\": \"a\", "
		"\"versions\": []}", "x-merge");
	check_bad("{\"schema\": {\"$ref\": \"#/nowhere\"}, \"owner\": \"a\", "
		"\"versions\": []}", "document 1");
	check_bad(ONE("\"parents\": [\"v\"]"), "circle");
	check_bad(ONE("\"parents\": \"v\""), "parents");
	check_bad(ONE("\"parents\": [], \"settled\": [1]"), "settled");
	check_bad("{\"schema\": {\"x-merge\": \"set\"}, \"owner\": \"a\", "
		"\"versions\": [{\"id\": \"v\", \"trust\": \"a\", \"parents\": "
		"[], \"body\": [1, 1.0]}]}", "twice");
	check_bad("{\"schema\": {\"x-merge\": {\"by\": \"k\"}}, \"owner\": "
		"\"a\", \"versions\": [{\"id\": \"v\", \"trust\": \"a\", "
		"\"parents\": [], \"body\": [{\"k\": 1}, {\"k\": 1}]}]}",
		"no other has");
}

/* The others are merged; how many were wrong decides nothing but the error. */
static void
test_the_others_go_on(void **state)
{
	const struct cf_err *err;
	json_t *out;

	(void)state;
	err = merge_text(&out, "{\"schema\": 1} 7 " GOOD);
	assert_int_equal(err->code, CF_INVALID);
	assert_non_null(strstr(err->msg, "document 1: "));
	assert_non_null(strstr(err->msg, "and others after it"));
	assert_int_equal(json_array_size(json_object_get(out, "heads")), 0);
	assert_non_null(json_object_get(out, "conflicts"));
	json_decref(out);
}

static void
count_line(void *payload, const char *line)
{
	json_t *of = payload, *row = json_loads(line, JSON_DECODE_ANY, NULL);

	json_array_append_new(of, row);
}

/* What was cut off does not take along what begins on a line of its own. */
static void
test_cut_off(void **state)
{
	static const char *const cut[] = { "{\"schema\": true, \"owner\": \"a\"",
		"{\"schema\": {\"type\": [\"object\"]", "{\"schema\": 1",
		"{\"schema\": true, \"owner\": \"a", "{\"schema\": \"\\" };
	char path[] = "/tmp/confer-merge-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	json_t *rows = json_array();
	size_t n = sizeof cut / sizeof *cut;

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < n; i++)
		assert_true(fprintf(file, "%s\n" GOOD, cut[i]) > 0);
	/* Whatever may stand at the beginning of a line inside of one. */
	assert_true(fputs("{\"schema\":\n{},\n\"owner\":\n\"a\",\"versions\""
		":\n[\n{\"id\": \"1\", \"trust\": \"a\", \"parents\": [], "
		"\"body\":\n{}},\n{\"id\": \"2\", \"trust\": \"a\", "
		"\"parents\": [\"1\"], \"body\": {}}\n]}\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_non_null(cf_debug_merge(path, count_line, rows));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(json_array_size(rows), 2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		json_t *error = json_object_get(json_array_get(rows, 2 * i),
			"error");

		assert_int_equal(json_integer_value(json_object_get(error,
			"document")), 2 * i + 1);
		assert_string_equal(cf_json_str(error, "rule"), "json.syntax");
		assert_non_null(json_object_get(json_array_get(rows, 2 * i + 1),
			"heads"));
	}
	assert_int_equal(json_array_size(json_object_get(json_array_get(rows,
		2 * n), "heads")), 1);
	json_decref(rows);
}

/* Of two trusts' additions to a set: whether the schema was understood. */
static void
check_set(const char *schema)
{
	char *text = cf_asprintf("{\"schema\": %s, \"owner\": \"a\", "
		"\"versions\": [{\"id\": \"\u00e9 \\\\ 1\", \"trust\": \"a\", "
		"\"parents\": [], \"body\": {\"v\": [1]}}, {\"id\": \"2\", "
		"\"trust\": \"a\", \"parents\": [\"\u00e9 \\\\ 1\"], "
		"\"body\": {\"v\": [1, 2]}}, {\"id\": \"3\", \"trust\": \"b\","
		" \"parents\": [\"\u00e9 \\\\ 1\"], \"body\": {\"v\": "
		"[1, 3]}}]}", schema);
	json_t *out, *want = json_pack("{s:[i,i,i]}", "v", 1, 2, 3);

	expect_ok(merge_text(&out, text));
	if (!json_equal(json_object_get(out, "body"), want))
		fail_msg("not a set: %s", schema);
	json_decref(want);
	json_decref(out);
	free(text);
}

#define SET "{\"x-merge\": \"set\"}"

static void
test_any_schema(void **state)
{
	static const char *const schemas[] = {
		"{\"properties\": {\"v\": " SET "}}",
		"{\"$defs\": {\"s\": " SET "}, \"properties\": {\"v\": "
			"{\"$ref\": \"#/$defs/s\"}}}",
		"{\"$defs\": {\"s\": {\"$anchor\": \"s\", \"x-merge\": "
			"\"set\"}}, \"allOf\": [{\"properties\": {\"v\": "
			"{\"$ref\": \"#s\"}}}]}",
		"{\"definitions\": {\"s\": " SET "}, \"$schema\": \"http://"
			"json-schema.org/draft-07/schema#\", \"properties\": "
			"{\"v\": {\"$ref\": \"#/definitions/s\"}}}",
		"{\"patternProperties\": {\"^v\": " SET "}}",
		"{\"additionalProperties\": " SET "}",
		"{\"unevaluatedProperties\": " SET "}",
		"{\"properties\": {\"v\": {\"anyOf\": [{\"type\": \"null\"}, "
			SET "]}}}",
		"{\"if\": true, \"then\": {\"properties\": {\"v\": " SET "}}}",
		/* What is no schema is no annotation. */
		"{\"properties\": {\"v\": " SET ", \"w\": {\"default\": "
			"{\"x-merge\": \"?\"}, \"enum\": [{\"x-merge\": 1}]}}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
		check_set(schemas[i]);
}

/* References that lead in a circle by several ways: it comes to an end. */
static void
test_circles(void **state)
{
	json_t *out;

	(void)state;
	expect_ok(merge_text(&out, "{\"schema\": {\"allOf\": [{\"$ref\": \"#\"}"
		", {\"$ref\": \"#\"}, {\"$ref\": \"#\"}, {\"$ref\": \"#\"}]}, "
		"\"owner\": \"a\", \"versions\": [{\"id\": \"1\", \"trust\": "
		"\"a\", \"parents\": [], \"body\": {\"v\": 1}}, {\"id\": \"2\", "
		"\"trust\": \"a\", \"parents\": [], \"body\": {\"v\": 2}}]}"));
	assert_int_equal(json_array_size(json_object_get(out, "conflicts")),
		1);
	json_decref(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case),
		cmocka_unit_test(test_bad_documents_are_named),
		cmocka_unit_test(test_the_others_go_on),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_any_schema),
		cmocka_unit_test(test_circles),
	};
	int failed;

	if (cf_start() != NULL || cf_json_read_path(&cases,
		"tests/vectors/merge/cases.json", CF_MAX_JSON) != NULL) {
		print_error("run it from the top of the source\n");
		return 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	json_decref(cases);
	return failed;
}
