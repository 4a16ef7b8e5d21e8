/*
 * The exact numbers behind what is shown: kept, found again, forgotten; and what
 * is written of them.
 */
#include "expect.h"

#include "base/file.h"
#include "check/ledger.h"
#include "record/kind.h"

static json_t *
finding(int girls, int boys)
{
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *body = json_object_get(draft, "body");

	json_object_clear(body);
	json_object_set_new(body, "population", json_pack("[s, s]", "term=2026-1",
		"year=8"));
	json_object_set_new(body, "attrition", json_pack("{s:i, s:i}",
		"analysed", girls, "assigned", boys));
	return draft;
}

static void
read_stats(struct cf_stats *out, int girls, int boys)
{
	json_t *draft = finding(girls, boys);

	*out = (struct cf_stats){ 0 };
	cf_stats_read(out, "finding", json_object_get(draft, "body"), 0, true);
	assert_int_equal(out->n, 2);
	json_decref(draft);
}

/* What is known behind what a finding of two numbers shows: -1 for neither. */
static int64_t
known(const struct cf_ledger *l, int girls, int boys, bool hidden)
{
	struct cf_stats stats;
	int64_t out = -1;

	read_stats(&stats, girls, boys);
	stats.stat[0].hidden = hidden;
	(void)cf_ledger_get(&out, l, &stats.stat[0]);
	cf_stats_clear(&stats);
	return out;
}

static void
note(struct cf_ledger *l, int girls, int boys, bool want)
{
	json_t *draft = finding(girls, boys);
	bool changed = false;

	assert_true(cf_ledger_note(l, &changed, draft, &cf_policy_floor));
	assert_int_equal(changed, want);
	json_decref(draft);
}

static void
test_exact_numbers_are_found_by_what_is_shown(void **state)
{
	struct cf_ledger l = { 0 };

	(void)state;
	assert_int_equal(known(NULL, 60, 60, false), -1);
	assert_int_equal(known(&l, 60, 60, false), -1);
	note(&l, 58, 60, true);
	note(&l, 58, 60, false);
	assert_int_equal(known(&l, 60, 60, false), 58);
	assert_int_equal(known(&l, 1, 60, true), 58);
	assert_int_equal(known(&l, 65, 60, false), -1);
	/* Another time it was another number; each stays with its own. */
	note(&l, 67, 60, true);
	assert_int_equal(known(&l, 60, 60, false), 58);
	assert_int_equal(known(&l, 65, 60, false), 67);
	assert_int_equal(known(&l, 1, 60, true), 67);
	/* What may stand as it is says nothing of what it was. */
	note(&l, 70, 70, false);
	assert_int_equal(known(&l, 70, 70, false), -1);
	cf_ledger_clear(&l);
}

static void
test_numbers_of_a_body_are_forgotten(void **state)
{
	struct cf_ledger l = { 0 };
	json_t *shown = finding(60, 65);
	bool changed = false;

	(void)state;
	note(&l, 58, 66, true);
	cf_ledger_forget(&l, &changed, "finding", json_object_get(shown,
		"body"));
	assert_true(changed);
	assert_int_equal(l.used, 0);
	assert_int_equal(known(&l, 60, 65, false), -1);
	changed = false;
	cf_ledger_forget(&l, &changed, "finding", json_object_get(shown,
		"body"));
	assert_false(changed);
	json_decref(shown);
	cf_ledger_clear(&l);
}

/* What it holds, by another way of keeping it: an array. */
static void
test_any_order_of_work(void **state)
{
	static int64_t want[400];
	struct cf_ledger l = { 0 };

	(void)state;
	for (size_t i = 0; i < 400; i++)
		want[i] = -1;
	for (unsigned turn = 0; turn < 600; turn++) {
		unsigned n = 11 + (unsigned)seed_below(380);
		json_t *draft = finding((int)n, 60);
		bool changed = false;

		if (seed_below(3) || n % 5 == 0) {
			assert_true(cf_ledger_note(&l, &changed, draft,
				&cf_policy_floor));
			if (n % 5)
				want[(n + 2) / 5 * 5] = n;
		} else {
			json_object_set_new(json_object_get(json_object_get(
				draft, "body"), "attrition"), "analysed",
				json_integer((n + 2) / 5 * 5));
			cf_ledger_forget(&l, &changed, "finding",
				json_object_get(draft, "body"));
			want[(n + 2) / 5 * 5] = -1;
		}
		json_decref(draft);
	}
	for (int n = 10; n < 395; n += 5)
		assert_int_equal(known(&l, n, 60, false), want[n]);
	cf_ledger_clear(&l);
}

static void
test_only_a_ledger_is_taken(void **state)
{
	struct cf_ledger l = { 0 }, again;
	struct cf_secret bytes = { 0 };

	(void)state;
	note(&l, 58, 66, true);
	cf_secret_room(&bytes, l.used);
	memcpy(bytes.p, l.room.p, l.used);
	assert_true(cf_ledger_take(&again, &bytes));
	assert_null(bytes.p);
	assert_int_equal(known(&again, 60, 65, false), 58);
	cf_ledger_clear(&again);
	cf_secret_room(&bytes, l.used - 1);
	memcpy(bytes.p, l.room.p, l.used - 1);
	assert_false(cf_ledger_take(&again, &bytes));
	/* Twice the same entry, or out of order. */
	cf_secret_room(&bytes, 80);
	memcpy(bytes.p, l.room.p, 40);
	memcpy(bytes.p + 40, l.room.p, 40);
	assert_false(cf_ledger_take(&again, &bytes));
	cf_secret_clear(&bytes);
	cf_ledger_clear(&l);
}

/* No words, and no digits, of what is counted. */
static void
test_nothing_can_be_read_in_it(void **state)
{
	static const char *const words[] = { "year=8", "2026-1", "term",
		"n_t", "58", "analysed" };
	struct cf_ledger l = { 0 };

	(void)state;
	note(&l, 58, 66, true);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t k = 0; k + strlen(words[i]) <= l.used; k++)
			assert_int_not_equal(memcmp(l.room.p + k, words[i],
				strlen(words[i])), 0);
	cf_ledger_clear(&l);
}

static int
start(void **state)
{
	(void)state;
	expect_ok(cf_sign_start());
	cf_json_start();
	expect_ok(cf_kind_start());
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_numbers_are_found_by_what_is_shown),
		cmocka_unit_test(test_numbers_of_a_body_are_forgotten),
		cmocka_unit_test(test_any_order_of_work),
		cmocka_unit_test(test_only_a_ledger_is_taken),
		cmocka_unit_test(test_nothing_can_be_read_in_it),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start, NULL);
}
