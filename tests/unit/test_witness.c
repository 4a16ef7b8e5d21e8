/*
 * What trusts saw of each other: written with a commit that is made anyway,
 * compared at a sync; two histories of one trust are proved, and nothing else
 * is.
 */
#include "trusts.h"

#include "app/trust.h"
#include "gate/seen.h"
#include "record/witness.h"

/* Northfield, Ashby, Riverside: 0, 1, 2. All follow each other. */
static void
world_of_friends(struct world *w)
{
	world_begin(w);
	for (unsigned i = 0; i < TRUSTS; i++)
		for (unsigned k = 0; k < TRUSTS; k++)
			if (i != k)
				follow_trust(w, i, k);
}

static struct cf_oid
head_of(struct world *w, unsigned who)
{
	return w->of[who].trust->own.head;
}

static void
heartbeat_of(struct world *w, unsigned who)
{
	struct cf_publish what = { .no_push = true };
	json_t *out = NULL;

	reopen(w, who);
	expect_ok(cf_publish(&out, w->of[who].trust, &what));
	json_decref(out);
}

/* What `who` says publicly that it saw of `whom`; false: nothing. */
static bool
saw(struct cf_oid *out, struct world *w, unsigned who, unsigned whom)
{
	struct cf_buf text = CF_BUF(CF_MAX_WITNESS), raw = CF_BUF(
		CF_MAX_COMMIT);
	struct cf_trust *trust = w->of[who].trust;
	char path[CF_WITNESS_PATH_TEXT];
	struct cf_entry entry;
	bool found;

	cf_witness_path(path, w->of[whom].id);
	expect_ok(cf_tree_find(&entry, &found, cf_store_odb(trust->store),
		&trust->own.tree, path));
	if (found) {
		expect_ok(cf_odb_read(&text, cf_store_odb(trust->store),
			&entry.oid, CF_BLOB));
		expect_ok(cf_witness_read(&raw, w->of[whom].id,
			(struct cf_str){ text.data, text.len }));
		cf_oid_of(out, CF_COMMIT, raw.data, raw.len);
	}
	cf_buf_clear(&text);
	cf_buf_clear(&raw);
	return found;
}

static void
test_a_commit_takes_along_what_was_seen(void **state)
{
	struct cf_oid seen, head;
	struct world w;

	(void)state;
	world_of_friends(&w);
	assert_false(saw(&seen, &w, 0, 1));
	heartbeat_of(&w, 0);
	for (unsigned i = 1; i < TRUSTS; i++) {
		head = head_of(&w, i);
		assert_true(saw(&seen, &w, 0, i) && cf_oid_eq(&seen, &head));
	}
	(void)publish_need(&w, 1, 0);
	head = head_of(&w, 1);
	assert_true(saw(&seen, &w, 1, 0));
	json_decref(sync_trust(&w, 0));
	reopen(&w, 0);
	assert_true(saw(&seen, &w, 0, 1) && !cf_oid_eq(&seen, &head));
	(void)publish_need(&w, 0, 0);
	assert_true(saw(&seen, &w, 0, 1) && cf_oid_eq(&seen, &head));
	/* Whom we follow no longer, or nobody is to be told of. */
	{
		json_t *out = NULL;

		expect_ok(cf_partner_remove(&out, w.of[0].trust,
			"riverside-federation"));
		json_decref(out);
	}
	heartbeat_of(&w, 0);
	assert_false(saw(&seen, &w, 0, 2));
	assert_true(saw(&seen, &w, 0, 1));
	expect_ok(cf_config_set(w.of[0].trust->store,
		"confer.publishPartners", "false"));
	heartbeat_of(&w, 0);
	assert_false(saw(&seen, &w, 0, 1));
	heartbeat_of(&w, 0);
	world_end(&w);
}

/* Syncs make no commits, so what was seen is not passed on for ever. */
static void
test_it_comes_to_rest(void **state)
{
	struct cf_oid heads[TRUSTS], now;
	struct world w;

	(void)state;
	world_of_friends(&w);
	for (unsigned i = 0; i < TRUSTS; i++)
		(void)publish_need(&w, i, 0);
	for (unsigned i = 0; i < TRUSTS; i++)
		heads[i] = head_of(&w, i);
	for (unsigned round = 0; round < 5; round++)
		for (unsigned i = 0; i < TRUSTS; i++) {
			json_t *out;

			reopen(&w, i);
			out = sync_trust(&w, i);
			assert_int_equal(json_array_size(json_object_get(out,
				"attention")), 0);
			assert_int_equal(json_array_size(json_object_get(out,
				"splits")), 0);
			json_decref(out);
			now = head_of(&w, i);
			assert_true(cf_oid_eq(&now, &heads[i]));
		}
	world_end(&w);
}

/* Moves main of a trust as somebody would who has its machine: the pin of its
 * own and the index follow. */
static void
set_main(struct world *w, unsigned who, const struct cf_oid *to)
{
	struct cf_store *store = w->of[who].trust->store;
	struct cf_oid old;
	bool found;
	char *name = cf_pin_name(w->of[who].id), *index;

	expect_ok(cf_ref_read(&old, &found, store, CF_MAIN));
	expect_ok(cf_ref_set(store, CF_MAIN, to, &old));
	expect_ok(cf_ref_delete(store, name));
	index = cf_store_file(store, "index.db");
	cf_close(w->of[who].trust);
	w->of[who].trust = NULL;
	assert_int_equal(unlink(index), 0);
	expect_ok(cf_open(&w->of[who].trust, w->of[who].dir, NULL));
	free(index);
	free(name);
}

/* Ashby (1) shows one history to Riverside (2), another one to Northfield (0). */
static void
show_two(struct world *w)
{
	struct cf_oid before, one;

	world_of_friends(w);
	before = head_of(w, 1);
	(void)publish_need(w, 1, 0);
	one = head_of(w, 1);
	json_decref(sync_trust(w, 2));
	set_main(w, 1, &before);
	(void)publish_need(w, 1, 0);
	json_decref(sync_trust(w, 0));
	set_main(w, 1, &one);
}

static void
check_with_others(struct world *w, const char *file)
{
	json_t *out = NULL, *proof = NULL, *commits;
	char path[128];

	expect_ok(cf_verify_proof(&out, file));
	assert_string_equal(cf_json_str(out, "verdict"), "proved");
	assert_string_equal(cf_json_str(json_object_get(out, "trust"), "id"),
		w->of[1].id);
	json_decref(out);
	/* Nothing in it can be another way. */
	expect_ok(cf_json_read_path(&proof, file, CF_MAX_JSON));
	commits = json_object_get(proof, "commits");
	(void)snprintf(path, sizeof path, "%s/proof.json", w->dir);
	json_object_set_new(proof, "trust", json_string(w->of[0].id));
	write_draft_file(path, proof);
	expect_err(cf_verify_proof(&out, path), CF_REFUSED, "split.proof");
	json_object_set_new(proof, "trust", json_string(w->of[1].id));
	json_array_set(commits, 0, json_array_get(commits, 1));
	write_draft_file(path, proof);
	expect_err(cf_verify_proof(&out, path), CF_REFUSED, "split.proof");
	json_array_set_new(commits, 0, json_string("dHJlZSA="));
	write_draft_file(path, proof);
	expect_err(cf_verify_proof(&out, path), CF_REFUSED, "commit.encoding");
	json_decref(proof);
}

static void
test_two_histories_are_proved(void **state)
{
	json_t *out = NULL, *split, *status = NULL;
	const struct cf_err *err;
	struct world w;

	(void)state;
	show_two(&w);
	heartbeat_of(&w, 2);
	/* Northfield hears of it from Riverside, though Ashby's host is what it
	 * was. */
	{
		static const char *const names[] = { "riverside-federation" };

		err = cf_sync(&out, w.of[0].trust, names, 1, 0);
	}
	assert_true(err && err->code == CF_DECIDE);
	split = json_array_get(json_object_get(out, "splits"), 0);
	assert_string_equal(cf_json_str(split, "trust"), w.of[1].id);
	assert_int_equal(json_integer_value(json_object_get(split,
		"sequence")), 2);
	assert_int_equal(json_array_size(json_object_get(out, "attention")),
		1);
	check_with_others(&w, cf_json_str(split, "proof"));
	json_decref(out);
	/* It is said once by sync, and by status until it is put right. */
	json_decref(sync_trust(&w, 2));
	expect_ok(cf_status(&status, w.of[0].trust));
	assert_int_equal(json_array_size(json_object_get(status, "splits")),
		1);
	json_decref(status);
	world_end(&w);
}

/* The same where the host itself shows both, one after the other. */
static void
test_a_replaced_history_is_proved(void **state)
{
	json_t *out = NULL, *split;
	struct world w;

	(void)state;
	show_two(&w);
	expect_err(cf_sync(&out, w.of[0].trust, NULL, 0, 0), CF_REFUSED, "");
	split = json_array_get(json_object_get(out, "splits"), 0);
	assert_non_null(split);
	check_with_others(&w, cf_json_str(split, "proof"));
	json_decref(out);
	world_end(&w);
}

/* A witness of one's own making, put into a main by its owner. */
static void
lie(struct world *w, unsigned who, unsigned whom, const char *commit, size_t n)
{
	struct cf_trust *trust = w->of[who].trust;
	struct cf_buf text = CF_BUF(CF_MAX_WITNESS), raw = CF_BUF(
		CF_MAX_COMMIT);
	char path[CF_WITNESS_PATH_TEXT], *email = cf_trust_email(trust->id);
	struct cf_buf message = CF_BUF(1024);
	struct cf_place place = { cf_str(trust->id), 1,
		trust->own.sequence + 1 };
	struct cf_edit edit = { .path = path };
	struct cf_commit c = { .parent = trust->own.head, .has_parent = true,
		.name = cf_str(trust_name[who]), .email = cf_str(email),
		.time = trust->own.time };
	struct cf_seckey *key;
	struct cf_oid oid, old = trust->own.head;

	cf_witness_path(path, w->of[whom].id);
	expect_ok(cf_witness_make(&text, w->of[whom].id,
		(struct cf_str){ commit, n }));
	expect_ok(cf_odb_write(&edit.oid, trust->store, CF_BLOB, text.data,
		text.len));
	expect_ok(cf_tree_edit(&c.tree, trust->store, &trust->own.tree, &edit,
		1));
	cf_message_make(&message, "Renew", &place);
	c.message = (struct cf_str){ message.data, message.len };
	expect_ok(cf_open_key(&key, trust));
	cf_commit_make(&raw, &c, key);
	cf_seckey_free(key);
	expect_ok(cf_odb_write(&oid, trust->store, CF_COMMIT, raw.data,
		raw.len));
	expect_ok(cf_ref_set(trust->store, CF_MAIN, &oid, &old));
	reopen(w, who);
	cf_buf_clear(&text);
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
	free(email);
}

static void
expect_quiet(struct world *w, unsigned who)
{
	json_t *out = sync_trust(w, who);

	assert_int_equal(json_array_size(json_object_get(out, "splits")), 0);
	assert_int_equal(json_array_size(json_object_get(out, "attention")),
		0);
	json_decref(out);
}

static void
test_a_lying_witness_proves_nothing(void **state)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct world w;
	struct cf_oid head;

	(void)state;
	world_of_friends(&w);
	(void)publish_need(&w, 1, 0);
	json_decref(sync_trust(&w, 0));
	head = head_of(&w, 1);
	expect_ok(cf_odb_read(&raw, cf_store_odb(w.of[1].trust->store), &head,
		CF_COMMIT));
	/* Bytes that are nothing; a commit with a bit changed; one of its own
	 * in another's name; one of another trust. */
	lie(&w, 2, 1, "nonsense", 8);
	expect_quiet(&w, 0);
	raw.data[raw.len - 2] ^= 1;
	lie(&w, 2, 1, raw.data, raw.len);
	expect_quiet(&w, 0);
	head = head_of(&w, 2);
	expect_ok(cf_odb_read(&raw, cf_store_odb(w.of[2].trust->store), &head,
		CF_COMMIT));
	lie(&w, 2, 1, raw.data, raw.len);
	expect_quiet(&w, 0);
	lie(&w, 2, 0, raw.data, raw.len);
	expect_quiet(&w, 0);
	cf_buf_clear(&raw);
	world_end(&w);
}

/* A partner has seen more of us than there is here and at our host. */
static void
test_a_machine_that_is_behind_does_not_publish(void **state)
{
	struct cf_oid before, newer;
	struct cf_publish what = { .no_push = true };
	json_t *out = NULL;
	struct world w;

	(void)state;
	world_of_friends(&w);
	before = head_of(&w, 1);
	(void)publish_need(&w, 1, 0);
	newer = head_of(&w, 1);
	json_decref(sync_trust(&w, 0));
	heartbeat_of(&w, 0);
	set_main(&w, 1, &before);
	out = sync_trust(&w, 1);
	assert_int_equal(json_array_size(json_object_get(out, "attention")),
		1);
	json_decref(out);
	out = NULL;
	expect_err(cf_publish(&out, w.of[1].trust, &what), CF_REFUSED,
		"publish.behind");
	json_decref(out);
	set_main(&w, 1, &newer);
	heartbeat_of(&w, 1);
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_commit_takes_along_what_was_seen),
		cmocka_unit_test(test_it_comes_to_rest),
		cmocka_unit_test(test_two_histories_are_proved),
		cmocka_unit_test(test_a_replaced_history_is_proved),
		cmocka_unit_test(test_a_lying_witness_proves_nothing),
		cmocka_unit_test(
			test_a_machine_that_is_behind_does_not_publish),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
