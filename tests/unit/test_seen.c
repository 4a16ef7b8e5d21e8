/*
 * When two commits of one trust prove that it showed two histories, and when
 * they do not.
 */
#include "forge.h"

#include "gate/seen.h"

struct pair {
	struct made_main m;
	struct cf_buf one, two;
};

static void
read_head(struct cf_buf *out, struct made_main *m)
{
	expect_ok(cf_odb_read(out, cf_store_odb(m->store), &m->head,
		CF_COMMIT));
}

/* Two signs of life with one number, with these lies. */
static void
make_pair(struct pair *p, const struct lie *a, const struct lie *b)
{
	struct cf_oid head;

	p->one = p->two = (struct cf_buf)CF_BUF(CF_MAX_COMMIT);
	head = p->m.head;
	commit_tree(&p->m, &p->m.tree, a);
	read_head(&p->one, &p->m);
	p->m.head = head;
	p->m.sequence--;
	commit_tree(&p->m, &p->m.tree, b);
	read_head(&p->two, &p->m);
}

static void
load_chain(struct cf_chain *chain, struct made_main *m)
{
	struct cf_gate gate;

	expect_ok(cf_gate_load(&gate, cf_store_odb(m->store), &m->head));
	cf_chain_copy(chain, &gate.chain);
	cf_gate_clear(&gate);
}

/* "" where the proof holds, else the rule; by the chain at the head. */
static void
expect_proof(struct pair *p, const char *rule)
{
	struct cf_chain chain;
	json_t *proof, *again, *out = NULL;
	const struct cf_err *err;

	load_chain(&chain, &p->m);
	proof = cf_split_proof(&chain, (struct cf_str){ p->one.data,
		p->one.len }, (struct cf_str){ p->two.data, p->two.len });
	again = cf_split_proof(&chain, (struct cf_str){ p->two.data,
		p->two.len }, (struct cf_str){ p->one.data, p->one.len });
	assert_true(json_equal(proof, again));
	err = cf_split_check(&out, proof);
	if (rule[0] == '\0') {
		expect_ok(err);
		assert_int_equal(json_array_size(json_object_get(out,
			"commits")), 2);
	} else {
		expect_err(err, CF_REFUSED, rule);
	}
	json_decref(out);
	json_decref(proof);
	json_decref(again);
	cf_chain_clear(&chain);
}

static void
pair_end(struct pair *p)
{
	cf_buf_clear(&p->one);
	cf_buf_clear(&p->two);
	main_end(&p->m);
}

static void
test_two_of_one_number(void **state)
{
	struct pair p;

	(void)state;
	main_begin(&p.m, "Northfield Learning Trust");
	make_pair(&p, NULL, &(struct lie){ .time = made_since + 60 });
	expect_proof(&p, "");
	pair_end(&p);
}

static void
test_what_proves_nothing(void **state)
{
	struct cf_seckey *thief = cf_seckey_new();
	const struct {
		const char *rule;
		struct lie lie;
	} table[] = {
		{ "split.proof", { 0 } },
		{ "split.proof", { .sequence = 3 } },
		{ "commit.key", { .key = thief } },
		{ "commit.trust", { .trust =
			"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE" } },
		{ "commit.identity", { .identity = 2 } },
		{ "commit.author", { .name = "Somebody" } },
		{ "commit.author", { .no_parent = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct pair p;
		struct cf_oid good;

		main_begin(&p.m, "Northfield Learning Trust");
		good = p.m.head;
		make_pair(&p, NULL, &table[i].lie);
		p.m.head = good;
		expect_proof(&p, table[i].rule);
		pair_end(&p);
	}
	cf_seckey_free(thief);
}

/* A key that was replaced signed what it signed; one that was lost or stolen may
 * have been in other hands. */
static void
test_keys_that_are_revoked(void **state)
{
	static const struct {
		const char *reason, *rule;
	} table[] = { { "superseded", "" }, { "lost", "commit.key" },
		{ "compromised", "commit.key" } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct cf_seckey *old, *fresh = cf_seckey_new();
		struct pair p;

		main_begin(&p.m, "Northfield Learning Trust");
		make_pair(&p, NULL, &(struct lie){ .time = made_since + 60 });
		old = p.m.publish;
		p.m.publish = fresh;
		commit_identity(&p.m, next_identity(&p.m, json_pack(
			"{s:[s], s:[{s:s, s:s}]}", "publishKeys",
			cf_seckey_public(fresh)->did, "revoked", "key",
			cf_seckey_public(old)->did, "reason",
			table[i].reason), p.m.root, NULL), NULL);
		expect_proof(&p, table[i].rule);
		cf_seckey_free(old);
		pair_end(&p);
	}
}

/* A history that was begun again has every number a second time. */
static void
test_eras(void **state)
{
	struct cf_seen a, b;
	struct cf_chain chain;
	struct cf_oid base;
	char hex[CF_OID_TEXT];
	struct pair p;

	(void)state;
	main_begin(&p.m, "Northfield Learning Trust");
	p.one = p.two = (struct cf_buf)CF_BUF(CF_MAX_COMMIT);
	base = p.m.head;
	cf_oid_hex(hex, &base);
	commit_tree(&p.m, &p.m.tree, NULL);
	read_head(&p.one, &p.m);
	p.m.head = base;
	p.m.sequence--;
	commit_identity(&p.m, next_identity(&p.m, json_pack(
		"{s:{s:s, s:s}}", "restart", "reason", "key-compromise",
		"base", hex), p.m.root, NULL), NULL);
	read_head(&p.two, &p.m);
	load_chain(&chain, &p.m);
	expect_ok(cf_seen_read(&a, &chain, (struct cf_str){ p.one.data,
		p.one.len }));
	expect_ok(cf_seen_read(&b, &chain, (struct cf_str){ p.two.data,
		p.two.len }));
	assert_int_equal(a.sequence, b.sequence);
	assert_int_equal(a.era, 0);
	assert_int_equal(b.era, 2);
	assert_int_equal(cf_chain_era(&chain), 2);
	cf_chain_clear(&chain);
	expect_proof(&p, "split.proof");
	pair_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_of_one_number),
		cmocka_unit_test(test_what_proves_nothing),
		cmocka_unit_test(test_keys_that_are_revoked),
		cmocka_unit_test(test_eras),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
