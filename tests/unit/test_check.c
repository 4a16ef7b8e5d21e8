/*
 * The check as a whole: what a draft's findings say, what a reason does, and
 * that the gate asks the same of a record.
 */
#include "expect.h"

#include "check/rule.h"

#define UPN "A123456789012"
#define SHAPE "B123456789012"

static json_t *
draft_with(const char *summary)
{
	json_t *draft = json_deep_copy(cf_kind_example("need"));

	json_object_set_new(json_object_get(draft, "body"), "summary",
		json_string(summary));
	return draft;
}

static void
accept(json_t *draft, const char *rule, const char *section)
{
	json_object_set_new(draft, "waivers", json_pack(
		"[{s:s, s:s, s:s}]", "rule", rule, "section", section,
		"reason", "not-a-person"));
}

static void
expect_verdict(json_t *result, const char *verdict, size_t findings)
{
	if (json_array_size(json_object_get(result, "findings")) != findings)
		(void)json_dumpf(result, stderr, JSON_INDENT(1));
	assert_string_equal(cf_json_str(result, "verdict"), verdict);
	assert_int_equal(json_array_size(json_object_get(result, "findings")),
		findings);
}

static json_t *
only(json_t *result)
{
	return json_array_get(json_object_get(result, "findings"), 0);
}

static void
test_every_example_passes(void **state)
{
	(void)state;
	for (const char *const *kind = cf_kind_names(); *kind; kind++) {
		json_t *result = cf_check_draft(cf_kind_example(*kind), NULL);

		expect_verdict(result, "ready", 0);
		assert_true(json_integer_value(json_object_get(result,
			"passed")) > 2);
		json_decref(result);
	}
}

static void
test_a_finding_shows_nothing_of_the_match(void **state)
{
	json_t *draft = draft_with("First.\n\nThe pupil (" UPN ") came.");
	json_t *result = cf_check_draft(draft, NULL);
	char *text = json_dumps(result, 0);

	(void)state;
	expect_verdict(result, "unsafe", 1);
	assert_string_equal(cf_json_str(only(result), "rule"), "T-UPN");
	assert_string_equal(cf_json_str(only(result), "severity"), "never");
	assert_string_equal(cf_json_str(only(result), "path"),
		"/body/summary");
	assert_string_equal(cf_json_str(only(result), "place"),
		"Summary, paragraph 2");
	assert_non_null(strstr(cf_json_str(only(result), "found"),
		"\"A************\", 13 characters"));
	assert_null(strstr(text, "123456"));
	free(text);
	json_decref(result);
	json_decref(draft);
}

/* What a draft says that it settles is published as it stands. */
static void
test_settled_is_read(void **state)
{
	static const char *const rows[][3] = { { "/title", "", "ready" },
		{ "", "", "ready" },
		{ "/procedure/[model]/text", "", "ready" },
		{ "/Jane Smith of Year 8", "schema.settled", "unsafe" },
		{ "/procedure/model", "schema.settled", "unsafe" },
		{ "/procedure/[a07700900123]", "T-DIGITS", "decision" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *draft = json_deep_copy(cf_kind_example("practice"));
		json_t *result;

		json_object_set_new(draft, "settled", json_pack("[s]",
			rows[i][0]));
		result = cf_check_draft(draft, NULL);
		expect_verdict(result, rows[i][2], rows[i][1][0] != '\0');
		if (rows[i][1][0]) {
			assert_string_equal(cf_json_str(only(result), "rule"),
				rows[i][1]);
			assert_string_equal(cf_json_str(only(result), "path"),
				"/settled/0");
		}
		json_decref(result);
		json_decref(draft);
	}
}

static void
test_a_reason_is_enough_for_some_rules_in_that_field(void **state)
{
	json_t *draft = draft_with("The code " SHAPE " is on the box.");
	json_t *result = cf_check_draft(draft, NULL);

	(void)state;
	expect_verdict(result, "decision", 1);
	json_decref(result);
	accept(draft, "T-UPN-SHAPE", "problem");
	result = cf_check_draft(draft, NULL);
	expect_verdict(result, "decision", 1);
	json_decref(result);
	accept(draft, "T-UPN-SHAPE", "summary");
	result = cf_check_draft(draft, NULL);
	expect_verdict(result, "ready", 1);
	assert_string_equal(cf_json_str(only(result), "accepted"),
		"not-a-person");
	json_decref(result);
	json_decref(draft);
	draft = draft_with("The pupil (" UPN ") came.");
	accept(draft, "T-UPN", "summary");
	result = cf_check_draft(draft, NULL);
	expect_verdict(result, "unsafe", 1);
	json_decref(result);
	json_decref(draft);
}

static void
test_names_of_fields_and_of_the_file_are_read(void **state)
{
	json_t *draft = draft_with("Nothing.");
	const struct cf_checking with = { .file = "drafts/" UPN ".json" };
	json_t *result = cf_check_draft(draft, &with);

	(void)state;
	expect_verdict(result, "ready", 1);
	assert_string_equal(cf_json_str(only(result), "place"),
		"The name of the file");
	json_decref(result);
	json_object_set_new(json_object_get(draft, "body"), "x_" UPN,
		json_integer(1));
	result = cf_check_draft(draft, NULL);
	expect_verdict(result, "unsafe", 2);
	json_decref(result);
	json_decref(draft);
}

static void
test_a_policy_is_stricter(void **state)
{
	json_t *draft = draft_with("The code " SHAPE " is on the box.");
	struct cf_policy policy = cf_policy_floor;
	const struct cf_checking with = { .policy = &policy };
	json_t *result;

	(void)state;
	policy.never = json_pack("[s]", "T-UPN-SHAPE");
	accept(draft, "T-UPN-SHAPE", "summary");
	result = cf_check_draft(draft, &with);
	expect_verdict(result, "unsafe", 1);
	json_decref(policy.never);
	json_decref(result);
	json_decref(draft);
}

/* Every rule says enough for a person, and finds its own example. */
static void
test_every_rule_explains_itself(void **state)
{
	(void)state;
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++) {
		const struct cf_rule *r = *rule;
		json_t *draft, *result, *f;
		bool found = false;
		size_t i;

		assert_ptr_equal(cf_rule_find(r->id), r);
		assert_true(r->title && r->detects && r->why && r->remedy &&
			r->example && (r->local ||
			(r->text == NULL) != (r->record == NULL)));
		if (r->text == NULL || r->local)
			continue;
		draft = draft_with(r->example);
		result = cf_check_draft(draft, NULL);
		json_array_foreach(json_object_get(result, "findings"), i, f)
			found = found || strcmp(cf_json_str(f, "rule"),
				r->id) == 0;
		if (!found)
			fail_msg("%s does not find its example", r->id);
		json_decref(result);
		json_decref(draft);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_example_passes),
		cmocka_unit_test(test_settled_is_read),
		cmocka_unit_test(test_a_finding_shows_nothing_of_the_match),
		cmocka_unit_test(
			test_a_reason_is_enough_for_some_rules_in_that_field),
		cmocka_unit_test(test_names_of_fields_and_of_the_file_are_read),
		cmocka_unit_test(test_a_policy_is_stricter),
		cmocka_unit_test(test_every_rule_explains_itself),
	};

	cf_json_start();
	expect_ok(cf_kind_start());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
