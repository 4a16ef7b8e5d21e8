/*
 * The commons is a function of the verified heads: three trusts publish, edit,
 * sign, withdraw and sync in random order, and in the end have one commit id,
 * however each came by its part.
 */
#include "trusts.h"

#include "app/trust.h"

#define RECORDS 8
#define MOVES 40

struct story {
	struct world w;
	struct cf_uuid id[RECORDS];
	unsigned n;
};

/* What a person may be told; anything else is a fault. */
static void
expect_sane(const struct cf_err *err)
{
	if (err && err->code != CF_DECIDE && err->code != CF_INVALID &&
		err->code != CF_EXISTS && err->code != CF_NOT_FOUND)
		fail_msg("[%s] %s", err->rule, err->msg);
}

/* Forgets what can be made again from git. */
static void
lose_index(struct world *w, unsigned who)
{
	char *path = cf_store_file(w->of[who].trust->store, "index.db");

	cf_close(w->of[who].trust);
	w->of[who].trust = NULL;
	expect_ok(cf_remove_all(path));
	free(path);
	expect_ok(cf_open(&w->of[who].trust, w->of[who].dir, NULL));
}

static void
rebuild(struct world *w, unsigned who)
{
	json_t *out = NULL;

	if (seed_below(2)) {
		lose_index(w, who);
		return;
	}
	expect_ok(cf_index_rebuild(&out, w->of[who].trust));
	json_decref(out);
}

static void
leave_and_return(struct world *w, unsigned who)
{
	unsigned whom = (who + 1 + (unsigned)seed_below(TRUSTS - 1)) % TRUSTS;
	json_t *out = NULL;

	expect_ok(cf_partner_remove(&out, w->of[who].trust, w->of[whom].id));
	json_decref(out);
	follow_trust(w, who, whom);
}

/* Who may edit is the owner's to say, also while others edit. */
static const struct cf_err *
change_stewards(struct story *s, unsigned who, const char *id)
{
	json_t *out = NULL, *draft = NULL, *stewards = json_array();
	unsigned bits = (unsigned)seed_below(1u << TRUSTS) | 1u << who;
	const struct cf_err *err;
	char path[128];

	draft_path(path, &s->w);
	err = cf_new(&out, s->w.of[who].trust, NULL, id, path);
	json_decref(out);
	for (unsigned i = 0; i < TRUSTS; i++)
		if (bits & 1u << i)
			json_array_append_new(stewards,
				json_string(s->w.of[i].id));
	if (!err) {
		expect_ok(cf_json_read_path(&draft, path, CF_MAX_RECORD));
		json_object_set(draft, "stewards", stewards);
		write_draft_file(path, draft);
		err = publish_file(&s->w, who, path);
	}
	json_decref(draft);
	json_decref(stewards);
	return err;
}

static void
change(struct story *s, unsigned who)
{
	const char *id = s->id[seed_below(s->n)].text;
	struct cf_trust *trust = s->w.of[who].trust;
	char title[40];
	json_t *out = NULL;

	(void)snprintf(title, sizeof title, "Title %u",
		(unsigned)seed_below(1000));
	switch (seed_below(8)) {
	case 6:
	case 7:
		expect_sane(change_stewards(s, who, id));
		break;
	case 0:
		expect_sane(cf_withdraw(&out, trust, &(struct cf_withdraw){
			.id = id, .reason = "No longer so.", .no_push = true,
			.yes = true }));
		break;
	case 1:
		expect_sane(cf_cosign(&out, trust, id, true));
		break;
	default:
		expect_sane(edit_title(&s->w, who, id, title));
		break;
	}
	json_decref(out);
}

static void
move(struct story *s)
{
	unsigned who = (unsigned)seed_below(TRUSTS);

	switch (seed_below(10)) {
	case 0:
	case 1:
		if (s->n < RECORDS)
			s->id[s->n++] = publish_need(&s->w, who,
				(unsigned)seed_below(8));
		break;
	case 2:
	case 3:
		json_decref(sync_trust(&s->w, who));
		break;
	case 4:
		rebuild(&s->w, who);
		break;
	case 5:
		leave_and_return(&s->w, who);
		break;
	default:
		if (s->n)
			change(s, who);
		break;
	}
}

/* Every version of ours counts: nothing of our own is ever held. */
static void
expect_nothing_held(struct world *w, unsigned who)
{
	json_t *status = NULL;

	expect_ok(cf_status(&status, w->of[who].trust));
	if (json_array_size(json_object_get(status, "held"))) {
		char *text = json_dumps(json_object_get(status, "held"), 0);

		fail_msg("held: %s", text);
	}
	json_decref(status);
}

static void
test_the_same_heads_give_the_same_commons(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 4; round++) {
		char want[CF_OID_TEXT], have[CF_OID_TEXT];
		struct story s = { .n = 0 };

		world_begin(&s.w);
		for (unsigned i = 0; i < TRUSTS * TRUSTS; i++)
			if (i % TRUSTS != i / TRUSTS)
				follow_trust(&s.w, i / TRUSTS, i % TRUSTS);
		for (unsigned i = 0; i < MOVES; i++)
			move(&s);
		for (unsigned i = 0; i < TRUSTS; i++)
			json_decref(sync_trust(&s.w, i));
		commons_of(want, &s.w, 0);
		assert_string_not_equal(want, "");
		for (unsigned i = 0; i < TRUSTS; i++) {
			commons_of(have, &s.w, i);
			assert_string_equal(have, want);
			rebuild(&s.w, i);
			commons_of(have, &s.w, i);
			assert_string_equal(have, want);
			expect_nothing_held(&s.w, i);
		}
		world_end(&s.w);
	}
}

/* A main of a world's trust, to write to by hand. */
static void
take_main(struct made_main *m, struct world *w, unsigned who)
{
	char sheet[160];
	struct cf_buf text = CF_BUF(64u * 1024);
	struct cf_trust *trust = w->of[who].trust;
	struct cf_pubkey key;
	char *did = NULL;

	*m = (struct made_main){ .name = trust_name[who], .store = trust->store,
		.identities = 1, .head = trust->own.head,
		.tree = trust->own.tree, .sequence = trust->own.sequence,
		.identity = json_deep_copy(cf_chain_now(&trust->own.chain)->doc)
	};
	(void)snprintf(m->id.text, sizeof m->id.text, "%s", trust->id);
	(void)snprintf(sheet, sizeof sheet, "%s/sheets-%u/recovery-sheet-1-"
		"%.8s.txt", w->dir, who, m->id.text + 3);
	expect_ok(cf_file_read(&text, sheet, false));
	expect_ok(cf_sheet_read(&m->root,
		(struct cf_str){ text.data, text.len }));
	cf_buf_clear(&text);
	expect_ok(cf_config_get(&did, trust->store, "confer.key"));
	assert_true(cf_pubkey_parse(&key, cf_str(did)));
	expect_ok(cf_keystore_open(&m->publish, trust->id, &key, NULL));
	free(did);
}

/* The main moves to what was written by hand; the trust is opened again. */
static void
give_main(struct made_main *m, struct world *w, unsigned who)
{
	expect_ok(cf_ref_set(m->store, CF_MAIN, &m->head,
		&w->of[who].trust->own.head));
	reopen(w, who);
	cf_seckey_free(m->root);
	cf_seckey_free(m->publish);
	json_decref(m->identity);
}

/* Identity 2: a new publish key; the old one fell into the wrong hands. */
static void
rotate(struct world *w, unsigned who)
{
	struct cf_seckey *fresh = cf_seckey_new(), *old;
	struct cf_digest previous;
	struct made_main m;
	json_t *next, *change;

	take_main(&m, w, who);
	next = json_deep_copy(m.identity);
	expect_ok(cf_digest_doc(&previous, m.identity));
	change = json_pack("{s:i, s:s, s:[s], s:[{s:s, s:s}]}", "version", 2,
		"previous", previous.text, "publishKeys",
		cf_seckey_public(fresh)->did, "revoked", "key",
		cf_seckey_public(m.publish)->did, "reason", "compromised");
	json_object_update(next, change);
	json_decref(change);
	prove_identity(next, m.root, NULL);
	m.identities = 2;
	old = m.publish;
	m.publish = fresh;
	commit_file(&m, "keys/0002.json", put_json(&m, next), NULL);
	m.publish = old;
	json_decref(next);
	cf_seckey_free(fresh);
	give_main(&m, w, who);
}

static void
test_a_new_identity_decides_which_signatures_count(void **state)
{
	char a[CF_OID_TEXT], b[CF_OID_TEXT];
	struct world w;
	struct cf_uuid id;
	json_t *shown;

	(void)state;
	world_begin(&w);
	follow_trust(&w, 1, 0);
	id = publish_need(&w, 0, 0);
	json_decref(sync_trust(&w, 1));
	shown = show_record(&w, 1, id.text);
	assert_int_equal(json_array_size(json_object_get(shown, "signers")), 1);
	json_decref(shown);
	rotate(&w, 0);
	json_decref(sync_trust(&w, 1));
	shown = show_record(&w, 1, id.text);
	assert_int_equal(json_array_size(json_object_get(shown, "signers")), 0);
	json_decref(shown);
	commons_of(a, &w, 1);
	lose_index(&w, 1);
	commons_of(b, &w, 1);
	assert_string_equal(a, b);
	world_end(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_heads_give_the_same_commons),
		cmocka_unit_test(
			test_a_new_identity_decides_which_signatures_count),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start_library, NULL);
}
