/*
 * Step 2 of the gate where history was begun again: what may leave the line that
 * was verified, what may not, and what counts once a restart is known.
 */
#include "mains.h"

/* A trust in the hands of its own and of a thief. */
struct theft {
	struct made_main m;
	struct cf_oid base, base_tree, pin;
	uint64_t base_sequence;
};

/* The next identity document, as `edit` (a JSON object) changes it. */
static struct cf_oid
next_identity(struct made_main *m, json_t *edit_take)
{
	struct cf_digest digest;
	json_t *next = json_deep_copy(m->identity);

	expect_ok(cf_digest_doc(&digest, m->identity));
	(void)json_object_del(next, "proof");
	(void)json_object_del(next, "restart");
	json_object_set_new(next, "version",
		json_integer((json_int_t)++m->identities));
	json_object_set_new(next, "previous", json_string(digest.text));
	json_object_update(next, edit_take);
	json_decref(edit_take);
	prove_identity(next, m->root, NULL);
	json_decref(m->identity);
	m->identity = next;
	return put_json(m, next);
}

static json_t *
restart_at(const struct cf_oid *base)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, base);
	return json_pack("{s:{s:s, s:s}}", "restart", "reason",
		"key-compromise", "base", hex);
}

/* Back to the base: what is committed next lies beside the pin. */
static void
go_back(struct theft *t)
{
	t->m.head = t->base;
	t->m.tree = t->base_tree;
	t->m.sequence = t->base_sequence;
}

/* A record, then two heartbeats of the thief's. */
static void
steal(struct theft *t)
{
	struct cf_digest v;

	*t = (struct theft){ 0 };
	(void)begin_with_record(&t->m, &v);
	t->base = t->m.head;
	t->base_tree = t->m.tree;
	t->base_sequence = t->m.sequence;
	commit_tree(&t->m, &t->m.tree, NULL);
	commit_tree(&t->m, &t->m.tree, NULL);
	t->pin = t->m.head;
}

static const struct cf_err *
note_leave(void *payload, const struct cf_gate *at)
{
	struct cf_oid *left = payload;

	*left = at->head;
	return NULL;
}

/* From the pin to the head; the rule that refused it, or "". */
static void
judge(char rule[48], struct cf_left *left, const struct theft *t,
	const struct cf_oid *pin, const struct cf_oid *waits)
{
	struct cf_odb *odb = cf_store_odb(t->m.store);
	struct cf_oid seen = { 0 };
	const struct cf_gate_sink sink = { .payload = &seen,
		.leave = note_leave };
	struct cf_refusal refusal;
	const struct cf_err *err;
	struct cf_gate gate;

	expect_ok(cf_gate_load(&gate, odb, pin));
	if (waits) {
		gate.waits = *waits;
		gate.has_waits = true;
	}
	err = cf_gate_run(&gate, NULL, odb, &t->m.head, &sink, &refusal);
	(void)snprintf(rule, 48, "%s", err ? err->rule : "");
	assert_true(err == NULL || err->code == CF_REFUSED);
	if (err == NULL)
		assert_true(cf_oid_eq(&gate.head, &t->m.head));
	if (err == NULL && gate.left.is)
		assert_true(cf_oid_eq(&seen, &gate.left.base));
	*left = gate.left;
	cf_gate_clear(&gate);
}

static void
expect(const struct theft *t, const struct cf_oid *waits, const char *rule)
{
	struct cf_left left;
	char is[48];

	judge(is, &left, t, &t->pin, waits);
	assert_string_equal(is, rule);
}

static void
test_a_restart_leaves_at_its_base(void **state)
{
	struct cf_refusal refusal;
	struct cf_left left;
	struct theft t;
	char rule[48];

	(void)state;
	steal(&t);
	go_back(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		restart_at(&t.base)), NULL);
	commit_tree(&t.m, &t.m.tree, NULL);
	judge(rule, &left, &t, &t.pin, NULL);
	assert_string_equal(rule, "");
	assert_true(left.is && cf_oid_eq(&left.base, &t.base));
	assert_int_equal(left.sequence, 2);
	assert_int_equal(left.identity, 2);
	assert_true(left.listed);
	assert_string_equal(left.signer, cf_seckey_public(t.m.publish)->did);
	/* From the first commit it is a history like any other. */
	(void)run_gate(&t.m, &refusal);
	assert_string_equal(refusal.rule, "");
	main_end(&t.m);
}

static void
test_a_new_key_is_not_listed_at_the_base(void **state)
{
	struct cf_seckey *fresh = cf_seckey_new();
	struct cf_left left;
	struct theft t;
	char rule[48];
	json_t *edit;

	(void)state;
	steal(&t);
	go_back(&t);
	edit = restart_at(&t.base);
	json_object_set_new(edit, "publishKeys", json_pack("[s]",
		cf_seckey_public(fresh)->did));
	json_object_set_new(edit, "revoked", json_pack("[{s:s, s:s}]", "key",
		cf_seckey_public(t.m.publish)->did, "reason", "compromised"));
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m, edit),
		&(struct lie){ .key = fresh });
	judge(rule, &left, &t, &t.pin, NULL);
	assert_string_equal(rule, "");
	assert_true(left.is && !left.listed);
	cf_seckey_free(fresh);
	main_end(&t.m);
}

static void
test_only_a_restart_at_the_fork_may_leave(void **state)
{
	struct theft t;

	(void)state;
	steal(&t);
	/* Nothing says so. */
	go_back(&t);
	commit_tree(&t.m, &t.m.tree, &(struct lie){ .message = "Renew" });
	expect(&t, NULL, "history.diverged");
	/* An identity that is no restart. */
	go_back(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		json_object()), NULL);
	expect(&t, NULL, "history.diverged");
	main_end(&t.m);
	/* It says so only after the fork. */
	steal(&t);
	go_back(&t);
	commit_tree(&t.m, &t.m.tree, &(struct lie){ .message = "Renew" });
	{
		struct cf_oid after = t.m.head;

		commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
			restart_at(&after)), NULL);
	}
	expect(&t, NULL, "history.diverged");
	main_end(&t.m);
}

static void
test_a_restart_names_its_own_parent(void **state)
{
	struct theft t;

	(void)state;
	steal(&t);
	/* Beside the pin, another commit is named. */
	go_back(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		restart_at(&t.pin)), NULL);
	expect(&t, NULL, "history.diverged");
	expect_refused(&t.m, "identity.restart");
	main_end(&t.m);
	/* In a line that goes on from the pin. */
	steal(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		restart_at(&t.base)), NULL);
	expect(&t, NULL, "identity.restart");
	main_end(&t.m);
}

/* The thief cannot make identities; but the trust had made one since. */
static void
test_a_restart_brings_every_identity_that_was_known(void **state)
{
	struct cf_edit edits[2];
	struct cf_oid second, third;
	struct theft t;

	(void)state;
	steal(&t);
	second = next_identity(&t.m, json_pack("{s:i}", "heartbeatDays", 9));
	commit_file(&t.m, "keys/0002.json", second, NULL);
	t.pin = t.m.head;
	third = next_identity(&t.m, restart_at(&t.base));
	go_back(&t);
	edits[0] = edit_of("keys/0002.json", second);
	edits[1] = edit_of("keys/0003.json", third);
	commit_edits(&t.m, edits, 2, NULL);
	expect(&t, NULL, "");
	main_end(&t.m);
	/* Another document in the place of one that was verified. */
	steal(&t);
	second = next_identity(&t.m, json_pack("{s:i}", "heartbeatDays", 9));
	commit_file(&t.m, "keys/0002.json", second, NULL);
	t.pin = t.m.head;
	json_decref(t.m.identity);
	{
		struct cf_buf bytes = CF_BUF(CF_MAX_IDENTITY);
		struct cf_identity first;
		struct cf_entry entry;
		bool found;

		expect_ok(cf_tree_find(&entry, &found, cf_store_odb(t.m.store),
			&t.base_tree, "keys/0001.json"));
		expect_ok(cf_odb_read(&bytes, cf_store_odb(t.m.store),
			&entry.oid, CF_BLOB));
		expect_ok(cf_identity_read(&first,
			(struct cf_str){ bytes.data, bytes.len }));
		t.m.identity = json_incref(first.doc);
		t.m.identities = 1;
		cf_identity_clear(&first);
		cf_buf_clear(&bytes);
	}
	go_back(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		restart_at(&t.base)), NULL);
	expect(&t, NULL, "identity.fork");
	main_end(&t.m);
}

static void
test_two_identities_without_a_restart_are_refused(void **state)
{
	struct cf_edit edits[2];
	struct theft t;

	(void)state;
	steal(&t);
	edits[0] = edit_of("keys/0002.json", next_identity(&t.m, json_pack(
		"{s:i}", "heartbeatDays", 9)));
	edits[1] = edit_of("keys/0003.json", next_identity(&t.m, json_pack(
		"{s:i}", "heartbeatDays", 8)));
	commit_edits(&t.m, edits, 2, NULL);
	expect(&t, NULL, "identity.count");
	main_end(&t.m);
}

static void
test_once_a_restart_is_known_the_old_era_is_over(void **state)
{
	struct cf_oid held;
	struct cf_left left;
	struct theft t;
	char rule[48];

	(void)state;
	steal(&t);
	go_back(&t);
	commit_file(&t.m, "keys/0002.json", next_identity(&t.m,
		restart_at(&t.base)), NULL);
	held = t.m.head;
	commit_tree(&t.m, &t.m.tree, NULL);
	/* It waits, and goes on. */
	expect(&t, &held, "");
	/* The thief goes on from the pin. */
	t.m.head = t.pin;
	t.m.tree = t.base_tree;
	t.m.sequence = t.base_sequence + 2;
	t.m.identities = 1;
	commit_tree(&t.m, &t.m.tree, NULL);
	expect(&t, NULL, "");
	expect(&t, &held, "history.era");
	/* Who has followed it is shown the old line. */
	judge(rule, &left, &t, &held, NULL);
	assert_string_equal(rule, "history.era");
	main_end(&t.m);
}

static void
test_where_two_lines_meet(void **state)
{
	struct cf_odb *odb;
	struct cf_gate fork;
	struct theft t;
	bool met;

	(void)state;
	steal(&t);
	odb = cf_store_odb(t.m.store);
	go_back(&t);
	commit_tree(&t.m, &t.m.tree, &(struct lie){ .message = "Renew" });
	expect_ok(cf_gate_fork(&fork, &met, odb, &t.pin, &t.m.head));
	assert_true(met && cf_oid_eq(&fork.head, &t.base));
	cf_gate_clear(&fork);
	expect_ok(cf_gate_fork(&fork, &met, odb, &t.base, &t.pin));
	assert_true(met && cf_oid_eq(&fork.head, &t.base));
	cf_gate_clear(&fork);
	main_end(&t.m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_restart_leaves_at_its_base),
		cmocka_unit_test(test_a_new_key_is_not_listed_at_the_base),
		cmocka_unit_test(test_only_a_restart_at_the_fork_may_leave),
		cmocka_unit_test(test_a_restart_names_its_own_parent),
		cmocka_unit_test(
			test_a_restart_brings_every_identity_that_was_known),
		cmocka_unit_test(
			test_two_identities_without_a_restart_are_refused),
		cmocka_unit_test(
			test_once_a_restart_is_known_the_old_era_is_over),
		cmocka_unit_test(test_where_two_lines_meet),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
