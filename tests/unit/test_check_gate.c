/*
 * The rules in the gate: a signed record that breaks one is held by its name,
 * unless the record gives a reason and the rule takes one.
 */
#include "mains.h"

#include "check/check.h"

#define UPN "The pupil (A123456789012) joined."
#define NAME "Thanks to Sarah Whitfield for the data."

/* The rule that holds a need with this summary, or "". */
static void
expect_held_by(const char *summary, const char *waived, const char *rule)
{
	struct cf_refusal refusal;
	struct made_main m;
	struct cf_uuid id;
	struct found f;
	char path[CF_PATH_TEXT];
	json_t *doc;

	main_begin(&m, "Northfield Learning Trust");
	cf_uuid_make(&id, m.id.text, NULL);
	doc = record_doc(&m, "need", &id, NULL);
	json_object_set_new(json_object_get(doc, "body"), "summary",
		json_string(summary));
	if (waived)
		json_object_set_new(doc, "waivers", json_pack(
			"[{s:s, s:s, s:s}]", "rule", waived, "section",
			"summary", "reason", "consented"));
	sign_doc(doc, m.publish);
	cf_record_path(path, "need", &id);
	commit_file(&m, path, put_json(&m, doc), NULL);
	json_decref(doc);
	f = run_gate(&m, &refusal);
	assert_string_equal(refusal.rule, "");
	assert_int_equal(f.versions, 1);
	assert_string_equal(f.rule, rule);
	main_end(&m);
}

static void
test_the_gate_holds_what_breaks_a_rule(void **state)
{
	(void)state;
	expect_held_by("A plain summary.", NULL, "");
	expect_held_by(UPN, NULL, "T-UPN");
	expect_held_by(UPN, "T-UPN", "T-UPN");
	expect_held_by(NAME, NULL, "T-NAME");
	expect_held_by(NAME, "T-NAME", "");
	expect_held_by(NAME, "T-KIN", "T-NAME");
	/* The graver one is named. */
	expect_held_by(NAME " " UPN, NULL, "T-UPN");
}

/* The sentence can be sent to the partner: it shows nothing of the match. */
static void
test_the_sentence_shows_nothing(void **state)
{
	struct cf_record record;
	struct cf_fault fault;
	struct made_main m;
	struct cf_uuid id;
	json_t *doc;

	(void)state;
	main_begin(&m, "Northfield Learning Trust");
	cf_uuid_make(&id, m.id.text, NULL);
	doc = record_doc(&m, "need", &id, NULL);
	json_object_set_new(json_object_get(doc, "body"), "summary",
		json_string(UPN));
	sign_doc(doc, m.publish);
	expect_ok(cf_record_take(&record, doc));
	assert_true(cf_check_record(&fault, &record));
	assert_string_equal(fault.rule, "T-UPN");
	assert_non_null(strstr(fault.why, "Summary"));
	assert_non_null(strstr(fault.why, "pupil number"));
	assert_null(strstr(fault.why, "1234"));
	cf_record_clear(&record);
	main_end(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_gate_holds_what_breaks_a_rule),
		cmocka_unit_test(test_the_sentence_shows_nothing),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
