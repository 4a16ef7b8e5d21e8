/*
 * Fields by their titles: labels, places, and a whole body on a page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/fields.h"
#include "cli/label.h"

#define SCHEMA \
"{ 'title': 'Finding', 'type': 'object', 'properties': {" \
"  'title': { 'title': 'Title', 'type': 'string' }," \
"  'phases': { 'title': 'Phases', 'type': 'array'," \
"    'items': { '$ref': 'common.json#/$defs/phase' } }," \
"  'design': { 'title': 'Design', 'type': 'object', 'properties': {" \
"    'clusters_t': { 'title': 'Classes', 'type': 'integer' }," \
"    'share': { 'title': 'Share', 'x-unit': 'percentage' } } }," \
"  'steps': { 'title': 'Steps', 'type': 'array', 'items': {" \
"    'type': 'object', 'properties': {" \
"      'key': { 'title': 'Key' }, 'text': { 'title': 'What is done' }," \
"      'minutes': { 'title': 'Time', 'x-unit': 'minutes' } } } }," \
"  'context': { 'title': 'Context', '$ref': '#/$defs/context' }," \
"  'sure': { 'title': 'Sure', 'type': 'boolean' }," \
"  'on': { 'title': 'Day', '$ref': 'common.json#/$defs/date' }," \
"  'notes': { 'title': 'Notes', 'type': 'array' } }," \
"'$defs': {" \
"  'phase': { 'enum': ['a', 'b/c'], 'x-labels': { 'a': 'Primary' } }," \
"  'date': { 'type': 'string', 'format': 'date' }," \
"  'loop': { '$ref': '#/$defs/loop' }," \
"  'context': { 'type': 'object', 'properties': {" \
"    'region': { 'title': 'Region', 'x-labels': { 'sw': 'South West' } }" \
"  } } } }"

static json_t *schema;

/* JSON with ' for ". */
static json_t *
json(const char *quoted)
{
	char *copy = strdup(quoted);
	json_error_t e;
	json_t *value;

	assert_non_null(copy);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	value = json_loads(copy, JSON_DECODE_ANY, &e);
	if (value == NULL)
		fail_msg("%s: %s", e.text, copy);
	free(copy);
	return value;
}

static int
start(void **state)
{
	(void)state;
	schema = json(SCHEMA);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	json_decref(schema);
	return 0;
}

static void
expect_path(const char *pointer, const char *want)
{
	char *got = cf_label_path(pointer);

	assert_string_equal(got, want);
	free(got);
}

static void
test_places(void **state)
{
	(void)state;
	expect_path("/body/procedure/1/text", "procedure[].text");
	expect_path("/body/procedure/[model]/text", "procedure[].text");
	expect_path("/stewards", "stewards");
	expect_path("", "");
}

/* The label of a value of the member. */
static void
value_reads(const char *member, const char *value, const char *want)
{
	json_t *v = json(value);
	char *got = cf_label_value(schema, cf_label_member(schema, schema,
		member), v);

	assert_string_equal(got, want);
	free(got);
	json_decref(v);
}

static void
test_values(void **state)
{
	(void)state;
	value_reads("sure", "true", "yes");
	value_reads("sure", "false", "no");
	value_reads("sure", "null", "nothing");
	value_reads("title", "'a'", "a");
	value_reads("on", "'2026-05-01'", "1 May 2026");
	value_reads("on", "'soon'", "soon");
	value_reads("none", "0.1", "0.1");
	value_reads("none", "7", "7");
}

static void
test_units(void **state)
{
	json_t *design = cf_label_member(schema, schema, "design");
	json_t *step = cf_label_items(schema, cf_label_member(schema, schema,
		"steps"));
	json_t *one = json_integer(1), *many = json_real(2.5);
	char *got = cf_label_value(schema, cf_label_member(schema, design,
		"share"), many);

	(void)state;
	assert_string_equal(got, "2.5%");
	free(got);
	got = cf_label_value(schema, cf_label_member(schema, step, "minutes"),
		one);
	assert_string_equal(got, "1 minute");
	free(got);
	got = cf_label_value(schema, cf_label_member(schema, step, "minutes"),
		many);
	assert_string_equal(got, "2.5 minutes");
	free(got);
	json_decref(one);
	json_decref(many);
}

static void
test_references_in_a_circle_end(void **state)
{
	json_t *loop = json("{ '$ref': '#/$defs/loop' }");
	char *got = cf_label_title(schema, loop, "name");

	(void)state;
	assert_string_equal(got, "Name");
	free(got);
	json_decref(loop);
}

/* What the fields of `body` (quoted) look like in 30 columns. */
static void
expect_fields(json_t *root, const char *body, const char *want)
{
	static const char *const but[] = { "title", NULL };
	static char got[8192];
	json_t *object = json(body);
	struct page page;
	size_t n;

	cf_page_open(&page, tmpfile());
	page.width = 30;
	cf_page_fields(&page, root, object, but);
	json_decref(object);
	rewind(page.to);
	n = fread(got, 1, sizeof got - 1, page.to);
	got[n] = '\0';
	(void)fclose(page.to);
	assert_string_equal(got, want);
}

static void
test_fields_in_the_order_of_the_schema(void **state)
{
	(void)state;
	expect_fields(schema, "{ 'zeal': 1, 'sure': true, 'title': 'x',"
		"'design': { 'share': 5, 'clusters_t': 11 },"
		"'phases': ['a', 'b/c'] }",
		"Phases: Primary, b/c\n"
		"Design:\n  Classes: 11\n  Share: 5%\n"
		"Sure: yes\n"
		"Zeal: 1\n");
	expect_fields(NULL, "{ 'b_c': 'x', 'a': [] }",
		"B c: x\nA: none\n");
	expect_fields(schema, "{}", "");
}

static void
test_long_values_stand_below_their_title(void **state)
{
	(void)state;
	expect_fields(schema, "{ 'on': 'a text that is too long for it' }",
		"Day:\n  a text that is too long for\n  it\n");
	expect_fields(schema, "{ 'on': 'two\\nlines' }",
		"Day:\n  two\n  lines\n");
	expect_fields(schema, "{ 'notes': ['one, with a comma', 'two'] }",
		"Notes:\n  - one, with a comma\n  - two\n");
}

static void
test_entries_are_numbered_and_keys_left_out(void **state)
{
	(void)state;
	expect_fields(schema, "{ 'steps': ["
		"{ 'text': 'Read it aloud', 'key': 'i', 'minutes': 5 },"
		"{ 'key': 'we', 'text': 'Read it together, in turn' } ] }",
		"Steps:\n"
		"   1. What is done:\n"
		"        Read it aloud\n"
		"      Time: 5 minutes\n"
		"   2. What is done:\n"
		"        Read it together, in\n"
		"        turn\n");
	expect_fields(schema, "{ 'notes': [[1, 2], 3] }",
		"Notes:\n  - [1,2]\n  - 3\n");
}

static void
test_a_value_cannot_pretend_to_be_a_field(void **state)
{
	(void)state;
	expect_fields(schema, "{ 'on': 'x\\nSure: yes\\u001b[1m' }",
		"Day:\n  x\n  Sure: yes\xef\xbf\xbd[1m\n");
	expect_fields(schema, "{ 'a\\nSure': 'yes' }", "A Sure: yes\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_references_in_a_circle_end),
		cmocka_unit_test(test_fields_in_the_order_of_the_schema),
		cmocka_unit_test(test_long_values_stand_below_their_title),
		cmocka_unit_test(test_entries_are_numbered_and_keys_left_out),
		cmocka_unit_test(test_a_value_cannot_pretend_to_be_a_field),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
