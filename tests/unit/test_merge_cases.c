/*
 * Corner cases of the merge as data: tests/vectors/merge. Each is given to the
 * merge as a user gives it, in both orders.
 */
#include "expect.h"

#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"

static json_t *cases;

static void
take_line(void *payload, const char *line)
{
	json_t **out = payload;

	json_decref(*out);
	*out = json_loads(line, JSON_DECODE_ANY, NULL);
}

static json_t *
merge(const json_t *row, bool turned)
{
	char *path = cf_asprintf("%s/confer-merge-XXXXXX", getenv("TMPDIR") ?
		getenv("TMPDIR") : "/tmp");
	int fd = mkstemp(path);
	json_t *versions = json_array(), *v, *doc, *out = NULL;
	size_t i;

	json_array_foreach(json_object_get(row, "versions"), i, v)
		json_array_insert(versions, turned ? 0 : i, v);
	doc = json_pack("{s:O, s:s, s:o}", "schema", json_object_get(row,
		"schema"), "owner", "trust-a", "versions", versions);
	assert_true(fd >= 0);
	assert_int_equal(json_dumpfd(doc, fd, 0), 0);
	expect_ok(cf_debug_merge(path, take_line, &out));
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	json_decref(doc);
	free(path);
	return out;
}

/* Sides as the cases have them: null, or {"value"}. */
static json_t *
plain(const json_t *conflicts)
{
	json_t *out = json_array(), *c, *side;
	size_t i, k;

	json_array_foreach(conflicts, i, c) {
		json_t *sides = json_array();

		json_array_foreach(json_object_get(c, "sides"), k, side)
			json_array_append_new(sides, json_object_get(side,
				"absent") ? json_null() : json_pack("{s:O}",
				"value", json_object_get(side, "value")));
		json_array_append_new(out, json_pack("{s:O, s:O, s:o}", "path",
			json_object_get(c, "path"), "kind",
			json_object_get(c, "kind"), "sides", sides));
	}
	return out;
}

static void
check_case(const json_t *row, bool turned)
{
	json_t *got = merge(row, turned);
	json_t *conflicts = plain(json_object_get(got, "conflicts"));
	const json_t *body = json_object_get(got, "body");
	const json_t *want = json_object_get(row, "body");

	if ((body == NULL) != (want == NULL) ||
		(body && cf_json_compare(body, want) != 0) ||
		cf_json_compare(conflicts, json_object_get(row, "conflicts"))) {
		char *text = json_dumps(got, JSON_COMPACT);

		fail_msg("%s: %s", cf_json_str(row, "name"), text);
	}
	json_decref(conflicts);
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

/* A document that cannot be merged: why, and that it is named. */
static void
check_bad(const char *text, const char *why)
{
	char *path = cf_asprintf("%s/confer-merge-XXXXXX", getenv("TMPDIR") ?
		getenv("TMPDIR") : "/tmp");
	int fd = mkstemp(path);
	const struct cf_err *err;
	json_t *out = NULL;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
	err = cf_debug_merge(path, take_line, &out);
	assert_non_null(err);
	assert_int_equal(err->code, CF_INVALID);
	if (strstr(err->msg, why) == NULL)
		fail_msg("%s", err->msg);
	assert_int_equal(unlink(path), 0);
	json_decref(out);
	free(path);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case),
		cmocka_unit_test(test_bad_documents_are_named),
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
