/*
 * Two hundred leaks in a hundred realistic records: each is found where it was
 * put, also in disguise; and records without one are nearly always left alone.
 */
#include "leaks.h"

#define RECORDS 100u
#define LEAKS 200u

static unsigned
count(json_t *result, const char *path)
{
	json_t *findings = json_object_get(result, "findings"), *f;
	unsigned n = 0;
	size_t i;

	json_array_foreach(findings, i, f)
		n += path == NULL || strcmp(cf_json_str(f, "path"), path) == 0;
	return n;
}

static void
show(json_t *draft, json_t *result)
{
	json_t *findings = json_object_get(result, "findings"), *f;
	size_t i;

	json_array_foreach(findings, i, f)
		print_message("  %s, %s\n  in: %s\n", cf_json_str(f, "rule"),
			cf_json_str(f, "found"), json_string_value(cf_json_at(
			draft, cf_json_str(f, "path"))));
}

static void
test_clean_records_are_left_alone(void **state)
{
	unsigned found = 0, ready = 0;
	char path[64];

	(void)state;
	for (unsigned i = 0; i < RECORDS; i++) {
		json_t *draft = clean_record(path, sizeof path);
		json_t *result = cf_check_draft(draft, NULL);

		found += count(result, NULL);
		ready += strcmp(cf_json_str(result, "verdict"), "ready") == 0;
		show(draft, result);
		json_decref(result);
		json_decref(draft);
	}
	print_message("%u clean records: %u ready, %.2f findings each\n",
		RECORDS, ready, found / (double)RECORDS);
	assert_true(found < RECORDS / 2);
	assert_true(ready > RECORDS / 2);
}

/* Between two sentences of the text. */
static void
put_into(json_t *draft, const char *path, const char *leak)
{
	const char *old = json_string_value(cf_json_at(draft, path));
	const char *at = strstr(old, ". ");
	char *fresh = at ? cf_asprintf("%.*s %s%s", (int)(at - old + 1), old,
		leak, at + 1) : cf_asprintf("%s %s", old, leak);

	json_object_set_new(json_object_get(draft, "body"), path + 6,
		json_string(fresh));
	free(fresh);
}

static void
test_every_leak_is_found(void **state)
{
	unsigned missed = 0;
	char path[64];

	(void)state;
	for (unsigned i = 0; i < LEAKS / 2; i++) {
		json_t *draft = clean_record(path, sizeof path);

		for (unsigned k = 0; k < 2; k++) {
			struct cf_buf leak = CF_BUF(2048);
			json_t *copy = json_deep_copy(draft), *result;
			unsigned before;

			result = cf_check_draft(copy, NULL);
			before = count(result, path);
			json_decref(result);
			make_leak(&leak, 2 * i + k);
			put_into(copy, path, leak.data);
			result = cf_check_draft(copy, NULL);
			if (count(result, path) <= before || strcmp(cf_json_str(
				result, "verdict"), "ready") == 0) {
				missed++;
				print_error("missed: %s\n", leak.data);
			}
			json_decref(result);
			json_decref(copy);
			cf_buf_clear(&leak);
		}
		json_decref(draft);
	}
	print_message("%u leaks: %u missed\n", LEAKS, missed);
	assert_int_equal(missed, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean_records_are_left_alone),
		cmocka_unit_test(test_every_leak_is_found),
	};

	seed_start(argc, argv);
	cf_json_start();
	expect_ok(cf_kind_start());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
