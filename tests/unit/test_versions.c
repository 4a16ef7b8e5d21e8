/*
 * Identities, and versions that are held: one lie at a time.
 */
#include "mains.h"

/* Adds identity 2, after `change` and signed by old and new root keys. */
static void
add_identity(struct made_main *m, const char *path, json_t *change,
	const struct cf_seckey *a, const struct cf_seckey *b)
{
	struct cf_digest previous;
	json_t *next = json_deep_copy(m->identity);

	expect_ok(cf_digest_doc(&previous, m->identity));
	json_object_set_new(next, "version", json_integer(2));
	json_object_set_new(next, "previous", json_string(previous.text));
	json_object_update(next, change);
	json_decref(change);
	prove_identity(next, a, b);
	m->identities = 2;
	commit_file(m, path, put_json(m, next), NULL);
	json_decref(m->identity);
	m->identity = next;
}

static void
test_an_identity_needs_a_root_key(void **state)
{
	struct cf_seckey *other = cf_seckey_new();
	struct cf_refusal refusal;
	struct made_main m;
	struct cf_digest v;

	(void)state;
	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0002.json", json_pack("{s:i}", "heartbeatDays",
		60), m.root, NULL);
	(void)run_gate(&m, &refusal);
	assert_string_equal(refusal.rule, "");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0002.json", json_pack("{s:i}", "heartbeatDays",
		60), m.publish, NULL);
	expect_refused(&m, "identity.proof");
	main_end(&m);

	/* New root keys must sign too, or the old sheets lose the trust. */
	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0002.json", json_pack("{s:[s]}", "rootKeys",
		cf_seckey_public(other)->did), m.root, NULL);
	expect_refused(&m, "identity.proof");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0003.json", json_object(), m.root, NULL);
	expect_refused(&m, "identity.version");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0002.json", json_pack("{s:s}", "previous",
		v.text), m.root, NULL);
	expect_refused(&m, "identity.previous");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	add_identity(&m, "keys/0002.json", json_pack("{s:[s]}", "publishKeys",
		cf_seckey_public(m.root)->did), m.root, NULL);
	expect_refused(&m, "identity.key-reuse");
	main_end(&m);
	cf_seckey_free(other);
}

static void
test_a_retired_key_signs_no_more(void **state)
{
	struct cf_seckey *fresh = cf_seckey_new(), *old;
	struct cf_refusal refusal;
	struct made_main m;
	struct cf_digest v;

	(void)state;
	(void)begin_with_record(&m, &v);
	old = m.publish;
	m.publish = fresh;
	add_identity(&m, "keys/0002.json", json_pack("{s:[s], s:[{s:s, s:s}]}",
		"publishKeys", cf_seckey_public(fresh)->did, "revoked", "key",
		cf_seckey_public(old)->did, "reason", "superseded"), m.root,
		NULL);
	(void)run_gate(&m, &refusal);
	assert_string_equal(refusal.rule, "");
	commit_tree(&m, &m.tree, &(struct lie){ .key = old });
	expect_refused(&m, "commit.key");
	main_end(&m);
	cf_seckey_free(old);
}

/* Publishes `doc` at the path of `id` and says under which rule it is held. */
static struct found
publish_doc(struct made_main *m, const struct cf_uuid *id, json_t *doc)
{
	struct cf_refusal refusal;
	char path[CF_PATH_TEXT];
	struct found f;

	cf_record_path(path, "need", id);
	commit_file(m, path, put_json(m, doc), NULL);
	json_decref(doc);
	f = run_gate(m, &refusal);
	assert_string_equal(refusal.rule, "");
	return f;
}

static void
expect_held(json_t *change, const char *rule, bool foreign_key)
{
	struct cf_seckey *other = cf_seckey_new();
	struct made_main m;
	struct cf_digest v;
	struct cf_uuid id;
	struct found f;
	json_t *doc;

	id = begin_with_record(&m, &v);
	doc = record_doc(&m, "need", &id, v.text);
	json_object_update(doc, change);
	json_decref(change);
	sign_doc(doc, foreign_key ? other : m.publish);
	f = publish_doc(&m, &id, doc);
	assert_string_equal(f.rule, rule);
	main_end(&m);
	cf_seckey_free(other);
}

static void
test_versions_that_break_a_rule_are_held(void **state)
{
	static const char trust[] =
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE";

	(void)state;
	expect_held(json_object(), "", false);
	expect_held(json_object(), "proof.missing", true);
	expect_held(json_pack("{s:[]}", "parents"), "record.parents", false);
	expect_held(json_pack("{s:s}", "owner", trust), "record.owner", false);
	expect_held(json_pack("{s:[s]}", "stewards", trust),
		"record.stewards", false);
	expect_held(json_pack("{s:i}", "schema", 2), "schema.newer", false);
	expect_held(json_pack("{s:s}", "kind", "finding"), "record.path",
		false);
	expect_held(json_pack("{s:s}", "id",
		"01a2023d-9291-836d-bf09-47a75e29170e"), "record.path", false);
	expect_held(json_pack("{s:s}", "note", "x"), "schema.record", false);
	expect_held(json_pack("{s:{s:s}}", "body", "title", "x"),
		"schema.body", false);
}

static void
test_bytes_that_are_not_the_file_form_are_held(void **state)
{
	static const struct {
		const char *rule, *bytes;
	} table[] = {
		{ "json.syntax", "{" },
		{ "json.not-canonical", "{\"a\":1}" },
		{ "json.duplicate", "{\n  \"a\": 1,\n  \"a\": 2\n}\n" },
		{ "record.shape", "{\n  \"a\": 1\n}\n" },
		{ "record.shape", "[]\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct cf_refusal refusal;
		char path[CF_PATH_TEXT];
		struct made_main m;
		struct cf_digest v;
		struct cf_uuid id;
		struct found f;
		json_t *doc;

		id = begin_with_record(&m, &v);
		cf_record_path(path, "need", &id);
		commit_file(&m, path, put_blob(&m, table[i].bytes,
			strlen(table[i].bytes)), NULL);
		f = run_gate(&m, &refusal);
		assert_string_equal(refusal.rule, "");
		assert_string_equal(f.rule, table[i].rule);
		/* The next builds on the last whose id could be computed. */
		doc = record_doc(&m, "need", &id, i < 3 ? v.text : f.version);
		sign_doc(doc, m.publish);
		f = publish_doc(&m, &id, doc);
		assert_string_equal(f.rule, "");
		main_end(&m);
	}
}

static void
test_a_signature_may_be_added_but_not_taken_away(void **state)
{
	struct cf_seckey *other = cf_seckey_new();
	struct made_main m;
	struct cf_digest v;
	struct cf_uuid id;
	struct found f;
	json_t *doc, *both, *proof = NULL;

	(void)state;
	main_begin(&m, "Northfield Learning Trust");
	cf_uuid_make(&id, m.id.text, NULL);
	doc = record_doc(&m, "need", &id, NULL);
	sign_doc(doc, m.publish);
	expect_ok(cf_digest_doc(&v, doc));
	both = json_deep_copy(doc);
	expect_ok(cf_proof_make(&proof, doc, other, "2026-02-02T00:00:00Z"));
	json_array_append_new(json_object_get(both, "proof"), proof);
	cf_proofs_sort(json_object_get(both, "proof"));
	assert_string_equal(publish_doc(&m, &id, json_deep_copy(doc)).rule, "");
	f = publish_doc(&m, &id, both);
	assert_string_equal(f.rule, "");
	assert_string_equal(f.version, v.text);
	f = publish_doc(&m, &id, doc);
	assert_string_equal(f.rule, "record.proofs");
	main_end(&m);
	cf_seckey_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_identity_needs_a_root_key),
		cmocka_unit_test(test_a_retired_key_signs_no_more),
		cmocka_unit_test(test_versions_that_break_a_rule_are_held),
		cmocka_unit_test(
			test_bytes_that_are_not_the_file_form_are_held),
		cmocka_unit_test(
			test_a_signature_may_be_added_but_not_taken_away),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
