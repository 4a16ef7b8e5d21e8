/*
 * Record ids: they certify their owner, and a thousand made at once are a
 * thousand.
 */
#include "expect.h"

#include "record/record.h"

static const char owner[] = "zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE";
static const char other[] = "zQmZPW9UDVyE9nn7tx9qvwfq41vE6kkJbvjfyCT6Jp1kqr3";

static void
test_an_id_certifies_its_owner(void **state)
{
	struct cf_uuid id, same;

	(void)state;
	cf_uuid_make(&id, owner, NULL);
	assert_true(cf_uuid_parse(&same, cf_str(id.text)));
	assert_string_equal(id.text, same.text);
	assert_true(cf_uuid_certifies(&id, owner));
	assert_false(cf_uuid_certifies(&id, other));
	assert_int_equal(id.text[14], '8');
	assert_non_null(strchr("89ab", id.text[19]));
}

static void
test_any_other_digit_certifies_nobody(void **state)
{
	struct cf_uuid id, bent;

	(void)state;
	cf_uuid_make(&id, owner, NULL);
	for (size_t i = 0; i < CF_UUID_TEXT - 1; i++) {
		if (id.text[i] == '-' || i == 14)
			continue;
		bent = id;
		bent.text[i] = bent.text[i] == '0' ? '1' : '0';
		assert_false(cf_uuid_certifies(&bent, owner));
	}
}

static void
test_ids_made_at_once_differ_and_rise(void **state)
{
	struct cf_uuid last, id;

	(void)state;
	cf_uuid_make(&last, owner, NULL);
	for (int i = 0; i < 20000; i++) {
		cf_uuid_make(&id, owner, &last);
		assert_true(strncmp(last.text, id.text, 18) < 0);
		assert_true(cf_uuid_certifies(&id, owner));
		last = id;
	}
}

static void
test_only_the_one_form_parses(void **state)
{
	static const char *const bad[] = { "",
		"01A2023D-9291-836d-bf09-47a75e29170e",
		"01a2023d-9291-436d-bf09-47a75e29170e",
		"01a2023d-9291-836d-cf09-47a75e29170e",
		"01a2023d-9291-836d-bf09-47a75e29170",
		"01a2023d-9291-836d-bf09-47a75e29170e0",
		"01a2023d9291-836d-bf09-47a75e29170e-",
		"01a2023d-9291-836d-bf09_47a75e29170e" };
	struct cf_uuid id;

	(void)state;
	assert_true(cf_uuid_parse(&id,
		cf_str("01a2023d-9291-836d-bf09-47a75e29170e")));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(cf_uuid_parse(&id, cf_str(bad[i])));
}

static void
test_paths_end_in_the_last_digits(void **state)
{
	char path[CF_PATH_TEXT];
	struct cf_uuid id;

	(void)state;
	assert_true(cf_uuid_parse(&id,
		cf_str("01a2023d-9291-836d-bf09-47a75e29170e")));
	cf_record_path(path, "need", &id);
	assert_string_equal(path, "records/need/0e/"
		"01a2023d-9291-836d-bf09-47a75e29170e.json");
	cf_commons_path(path, "need", &id);
	assert_string_equal(path, "records/need/0e/17/"
		"01a2023d-9291-836d-bf09-47a75e29170e.json");
}

static int
start(void **state)
{
	(void)state;
	expect_ok(cf_start());
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_id_certifies_its_owner),
		cmocka_unit_test(test_any_other_digit_certifies_nobody),
		cmocka_unit_test(test_ids_made_at_once_differ_and_rise),
		cmocka_unit_test(test_only_the_one_form_parses),
		cmocka_unit_test(test_paths_end_in_the_last_digits),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
