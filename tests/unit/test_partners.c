/*
 * Following and syncing where something was cut short, or went on meanwhile in
 * another confer.
 */
#include "trusts.h"

#include "app/trust.h"

static size_t
partners_of(struct world *w, unsigned who)
{
	json_t *list = NULL;
	size_t n;

	expect_ok(cf_partner_list(&list, w->of[who].trust));
	n = json_array_size(list);
	json_decref(list);
	return n;
}

static void
test_half_a_partner_is_none(void **state)
{
	static const char *const keys[] = { "confer-partner.half.url",
		"confer-partner.half.trust" };
	struct world w;

	(void)state;
	world_begin(&w);
	for (unsigned i = 0; i < 2; i++) {
		const char *value = i ? w.of[1].id : "https://a.example/b.git";

		expect_ok(cf_config_set(w.of[0].trust->store, keys[i], value));
		reopen(&w, 0);
		assert_int_equal(partners_of(&w, 0), 0);
		json_decref(sync_trust(&w, 0));
		expect_ok(cf_config_unset(w.of[0].trust->store, keys[i]));
	}
	expect_ok(cf_config_set(w.of[0].trust->store, keys[0], "x"));
	follow_trust(&w, 0, 1);
	assert_int_equal(partners_of(&w, 0), 1);
	world_end(&w);
}

/* The commit that a partner stands at for a trust. */
static struct cf_oid
pin_of(struct world *w, unsigned who, unsigned whom)
{
	char *name = cf_pin_name(w->of[whom].id);
	struct cf_oid pin;
	bool found;

	expect_ok(cf_ref_read(&pin, &found, w->of[who].trust->store, name));
	assert_true(found);
	free(name);
	return pin;
}

/* As a sync that is killed once the pin has moved. */
static void
move_pin_only(struct world *w, unsigned who, unsigned whom)
{
	const struct cf_transport transport = { 0 };
	struct cf_store *store = w->of[who].trust->store;
	struct cf_oid old = pin_of(w, who, whom);
	struct cf_fetch fetch = { .url = w->of[whom].dir, .has_have = true,
		.have = old };
	char *scratch = cf_store_file(store, "");
	char *name = cf_pin_name(w->of[whom].id);

	expect_ok(cf_fetch_all(&fetch, 1, 1, store, scratch, &transport, NULL,
		NULL));
	expect_ok(fetch.err);
	expect_ok(cf_quarantine_accept(store, fetch.quarantine, &fetch.head));
	expect_ok(cf_ref_set(store, name, &fetch.head, &old));
	cf_fetch_clear(&fetch);
	free(name);
	free(scratch);
}

static const char *
verdict_of(const json_t *report)
{
	return cf_json_str(json_array_get(json_object_get(report, "partners"),
		0), "verdict");
}

static void
test_sync_goes_on_where_the_index_is_behind_the_pin(void **state)
{
	struct world w;
	json_t *report;

	(void)state;
	world_begin(&w);
	follow_trust(&w, 0, 1);
	(void)publish_need(&w, 1, 0);
	move_pin_only(&w, 0, 1);
	(void)publish_need(&w, 1, 0);
	report = sync_trust(&w, 0);
	assert_string_equal(verdict_of(report), "updated");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(
		report, "commons"), "records")), 2);
	json_decref(report);
	world_end(&w);
}

/* The line of a sync's report about a trust. */
static json_t *
line_of(const json_t *report, const char *trust)
{
	json_t *lines = json_object_get(report, "partners");

	for (size_t i = 0; i < json_array_size(lines); i++)
		if (strcmp(cf_json_str(json_array_get(lines, i), "trust"),
			trust) == 0)
			return json_array_get(lines, i);
	fail_msg("no line about %s", trust);
	return NULL;
}

/* 0 syncs, refuses 1 under this rule and takes what 2 has new; the pin of 1
 * stays. */
static void
expect_one_refused(struct world *w, const char *rule)
{
	struct cf_oid before = pin_of(w, 0, 1), after;
	json_t *out = NULL, *line;

	(void)publish_need(w, 2, 0);
	expect_err(cf_sync(&out, w->of[0].trust, NULL, 0, 0), CF_REFUSED, "");
	line = line_of(out, w->of[1].id);
	assert_string_equal(cf_json_str(line, "verdict"), "refused");
	assert_string_equal(cf_json_str(json_object_get(line, "refusal"),
		"rule"), rule);
	assert_true(cf_file_exists(cf_json_str(json_object_get(line,
		"refusal"), "report")));
	assert_string_equal(cf_json_str(line_of(out, w->of[2].id), "verdict"),
		"updated");
	after = pin_of(w, 0, 1);
	assert_true(cf_oid_eq(&before, &after));
	json_decref(out);
}

static void
test_one_refused_partner_stops_no_other(void **state)
{
	struct cf_oid old, new;
	struct cf_trust *them;
	struct world w;
	bool found;

	(void)state;
	world_begin(&w);
	follow_trust(&w, 0, 1);
	follow_trust(&w, 0, 2);
	follow_trust(&w, 1, 0);
	them = w.of[1].trust;
	expect_ok(cf_ref_read(&old, &found, them->store, CF_MAIN));
	(void)publish_need(&w, 1, 0);
	json_decref(sync_trust(&w, 0));
	/* An old state of it, then a commit of another trust that we hold. */
	expect_ok(cf_ref_read(&new, &found, them->store, CF_MAIN));
	expect_ok(cf_ref_set(them->store, CF_MAIN, &old, &new));
	expect_one_refused(&w, "history.rollback");
	expect_ok(cf_ref_set(them->store, CF_MAIN, &w.of[0].trust->own.head,
		&old));
	expect_one_refused(&w, "history.other-trust");
	world_end(&w);
}

/* That we hold a commit of somebody else does not make it theirs. */
static void
test_what_was_not_sent_is_missing(void **state)
{
	struct cf_odb *odb;
	struct cf_oid pin;
	struct world w;

	(void)state;
	world_begin(&w);
	follow_trust(&w, 0, 1);
	pin = pin_of(&w, 0, 1);
	odb = cf_store_odb(w.of[0].trust->store);
	expect_err(cf_gate_unsent(odb, &pin, &w.of[0].trust->own.head),
		CF_REFUSED, "object.missing");
	expect_err(cf_gate_unsent(odb, NULL, &pin), CF_REFUSED,
		"object.missing");
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_a_partner_is_none),
		cmocka_unit_test(
			test_sync_goes_on_where_the_index_is_behind_the_pin),
		cmocka_unit_test(test_one_refused_partner_stops_no_other),
		cmocka_unit_test(test_what_was_not_sent_is_missing),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
