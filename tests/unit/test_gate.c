/*
 * The gate, one lie at a time: each attack is built for real, must be refused or
 * held under its own rule, and the same main without the lie must pass.
 */
#include "mains.h"

/* What a run found. */
struct found {
	unsigned commits, versions, held;
	char rule[48], version[CF_DIGEST_TEXT];
};

static const struct cf_err *
on_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct found *f = payload;

	(void)commit;
	f->commits++;
	return NULL;
}

static const struct cf_err *
on_version(void *payload, const struct cf_gate_version *v)
{
	struct found *f = payload;

	f->versions++;
	f->held += v->rule != NULL;
	(void)snprintf(f->rule, sizeof f->rule, "%s", v->rule ? v->rule : "");
	(void)snprintf(f->version, sizeof f->version, "%s",
		v->record->version.text);
	return NULL;
}

/* The whole main, from its first commit; "" or the rule that refused it. */
static struct found
run_gate(struct made_main *m, struct cf_refusal *refusal)
{
	struct found f = { 0 };
	const struct cf_gate_sink sink = { .payload = &f, .commit = on_commit,
		.version = on_version };
	struct cf_gate gate = { 0 };
	const struct cf_err *err;

	err = cf_gate_run(&gate, NULL, cf_store_odb(m->store), &m->head, &sink,
		refusal);
	if (err && err->code != CF_REFUSED)
		fail_msg("[%s] %s", err->rule, err->msg);
	assert_int_equal(err != NULL, refusal->rule[0] != '\0');
	cf_gate_clear(&gate);
	return f;
}

static void
expect_refused(struct made_main *m, const char *rule)
{
	struct cf_refusal refusal;

	(void)run_gate(m, &refusal);
	assert_string_equal(refusal.rule, rule);
	assert_true(refusal.detail[0] && refusal.commit[0]);
	assert_true(cf_refusal_advice(rule)[0] != '\0');
}

/* A main with one good record in it. */
static struct cf_uuid
begin_with_record(struct made_main *m, struct cf_digest *version)
{
	struct cf_refusal refusal;
	struct found f;
	struct cf_uuid id;
	char path[CF_PATH_TEXT];
	json_t *doc;

	main_begin(m, "Northfield Learning Trust");
	cf_uuid_make(&id, m->id.text);
	doc = record_doc(m, "need", &id, NULL);
	sign_doc(doc, m->publish);
	expect_ok(cf_digest_doc(version, doc));
	cf_record_path(path, "need", &id);
	commit_file(m, path, put_json(m, doc), NULL);
	json_decref(doc);
	f = run_gate(m, &refusal);
	assert_string_equal(refusal.rule, "");
	assert_int_equal(f.commits, 2);
	assert_int_equal(f.versions, 1);
	assert_string_equal(f.rule, "");
	assert_string_equal(f.version, version->text);
	return id;
}

static void
flip_message(struct cf_buf *raw)
{
	char *at = strstr(raw->data, "\n\nPublish");

	assert_non_null(at);
	at[2] = 'p';
}

static void
add_nul(struct cf_buf *raw)
{
	cf_buf_add(raw, "\0", 1);
}

static void
take_signature(struct cf_buf *raw)
{
	char *from = strstr(raw->data, "gpgsig "), *to;

	assert_non_null(from);
	to = strstr(from, "\n\n");
	assert_non_null(to);
	memmove(from, to + 1, raw->len - (size_t)(to + 1 - raw->data) + 1);
	raw->len -= (size_t)(to + 1 - from);
}

static void
test_commits_that_lie_are_refused(void **state)
{
	struct cf_seckey *thief = cf_seckey_new();
	const struct {
		const char *rule;
		struct lie lie;
	} table[] = {
		{ "commit.key", { .key = thief } },
		{ "commit.trust", { .trust =
			"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE" } },
		{ "commit.sequence", { .sequence = 9 } },
		{ "commit.identity", { .identity = 2 } },
		{ "commit.author", { .name = "Another Trust" } },
		{ "commit.author", { .email = "a@confer.invalid" } },
		{ "commit.encoding", { .bend = add_nul } },
		{ "commit.encoding", { .bend = take_signature } },
		{ "commit.signature", { .bend = flip_message } },
		{ "history.parent", { .no_parent = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct made_main m;
		struct cf_digest v;

		(void)begin_with_record(&m, &v);
		commit_tree(&m, &m.tree, &table[i].lie);
		if (table[i].lie.no_parent) {
			/* A second root: its history is the one commit. */
			struct cf_refusal refusal;

			(void)run_gate(&m, &refusal);
			assert_string_not_equal(refusal.rule, "");
		} else {
			expect_refused(&m, table[i].rule);
		}
		main_end(&m);
	}
	cf_seckey_free(thief);
}

static void
test_a_heartbeat_passes(void **state)
{
	struct cf_refusal refusal;
	struct made_main m;
	struct cf_digest v;
	struct found f;

	(void)state;
	(void)begin_with_record(&m, &v);
	commit_tree(&m, &m.tree, NULL);
	f = run_gate(&m, &refusal);
	assert_string_equal(refusal.rule, "");
	assert_int_equal(f.commits, 3);
	main_end(&m);
}

static void
test_files_that_do_not_belong_are_refused(void **state)
{
	static const struct {
		const char *rule, *path;
	} table[] = {
		{ "tree.unexpected", "notes.txt" },
		{ "tree.unexpected", ".gitmodules" },
		{ "tree.unexpected", "keys/2.json" },
		{ "tree.unexpected", "keys/00002.json" },
		{ "tree.unexpected", "keys/0000.json" },
		{ "tree.unexpected", "records/x.json" },
		{ "tree.unexpected", "records/Need/ab/x.json" },
		{ "tree.unexpected", "records/need/zz/x.json" },
		{ "tree.unexpected", "records/need/ab/"
			"01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "tree.unexpected", "records/need/0e/"
			"01A2023D-9291-836d-bf09-47a75e29170e.json" },
		{ "tree.unexpected", "partners/someone.json" },
		{ "tree.unexpected", "drafts/need-1.json" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct made_main m;
		struct cf_digest v;

		(void)begin_with_record(&m, &v);
		commit_file(&m, table[i].path, put_blob(&m, "x", 1), NULL);
		expect_refused(&m, table[i].rule);
		main_end(&m);
	}
}

/* A tree object written by hand, with entries that git would not write. */
static struct cf_oid
put_tree(struct made_main *m, const char *mode, const char *name,
	struct cf_oid oid)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE), more = CF_BUF(1024);
	struct cf_oid out;

	expect_ok(cf_odb_read(&raw, cf_store_odb(m->store), &m->tree,
		CF_TREE));
	cf_buf_printf(&more, "%s %s", mode, name);
	cf_buf_add(&raw, more.data, more.len + 1);
	cf_buf_add(&raw, oid.raw, sizeof oid.raw);
	expect_ok(cf_odb_write(&out, m->store, CF_TREE, raw.data, raw.len));
	cf_buf_clear(&raw);
	cf_buf_clear(&more);
	return out;
}

static void
test_trees_that_git_would_not_write_are_refused(void **state)
{
	static const struct {
		const char *rule, *mode, *name;
	} table[] = {
		{ "tree.mode", "100755", "z" },
		{ "tree.mode", "120000", "z" },
		{ "tree.mode", "160000", "z" },
		{ "tree.mode", "0100644", "z" },
		{ "tree.mode", "100777", "z" },
		{ "tree.order", "100644", "README.md" },
		{ "tree.order", "100644", "A" },
		{ "tree.encoding", "100644", "z/y" },
		{ "tree.unexpected", "100644", "z\n" },
		{ "tree.unexpected", "40000", "z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct made_main m;
		struct cf_digest v;
		struct cf_oid tree;

		(void)begin_with_record(&m, &v);
		tree = put_tree(&m, table[i].mode, table[i].name,
			put_blob(&m, "x", 1));
		commit_tree(&m, &tree, NULL);
		expect_refused(&m, table[i].rule);
		main_end(&m);
	}
}

static void
test_what_is_gone_or_changed_is_refused(void **state)
{
	struct cf_edit edit = { .remove = true };
	char path[CF_PATH_TEXT];
	struct made_main m;
	struct cf_digest v;
	struct cf_uuid id;

	(void)state;
	id = begin_with_record(&m, &v);
	cf_record_path(path, "need", &id);
	edit.path = path;
	commit_edits(&m, &edit, 1, NULL);
	expect_refused(&m, "tree.deleted");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	commit_file(&m, "keys/0001.json", put_blob(&m, "x", 1), NULL);
	expect_refused(&m, "identity.changed");
	main_end(&m);

	(void)begin_with_record(&m, &v);
	commit_file(&m, "README.md", put_blob(&m, "Hello", 5), NULL);
	expect_refused(&m, "tree.readme");
	main_end(&m);
}

static void
test_missing_objects_are_refused(void **state)
{
	struct cf_oid nowhere = { "none of these bytes" };
	struct made_main m;
	struct cf_digest v;
	struct cf_uuid id;
	char path[CF_PATH_TEXT];

	(void)state;
	(void)begin_with_record(&m, &v);
	cf_uuid_make(&id, m.id.text);
	cf_record_path(path, "need", &id);
	commit_file(&m, path, nowhere, NULL);
	expect_refused(&m, "object.missing");
	main_end(&m);
}

static void
test_history_goes_forward_only(void **state)
{
	struct cf_refusal refusal;
	const struct cf_gate_sink nobody = { 0 };
	struct made_main m, other;
	struct cf_gate gate;
	struct cf_digest v;
	struct cf_oid old, fork;

	(void)state;
	(void)begin_with_record(&m, &v);
	old = m.head;
	commit_tree(&m, &m.tree, NULL);
	fork = m.head;
	/* Behind the pin. */
	expect_ok(cf_gate_load(&gate, cf_store_odb(m.store), &m.head));
	expect_err(cf_gate_run(&gate, NULL, cf_store_odb(m.store), &old,
		&nobody, &refusal), CF_REFUSED, "history.rollback");
	cf_gate_clear(&gate);
	/* Beside it. */
	m.head = old;
	m.sequence--;
	commit_tree(&m, &m.tree, &(struct lie){ .message = "Renew" });
	expect_ok(cf_gate_load(&gate, cf_store_odb(m.store), &fork));
	expect_err(cf_gate_run(&gate, NULL, cf_store_odb(m.store), &m.head,
		&nobody, &refusal), CF_REFUSED, "history.diverged");
	cf_gate_clear(&gate);
	/* Another trust's. */
	main_begin(&other, "Ashby Trust");
	{
		struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
		struct cf_oid oid;

		expect_ok(cf_odb_read(&raw, cf_store_odb(other.store),
			&other.head, CF_COMMIT));
		expect_ok(cf_odb_write(&oid, m.store, CF_COMMIT, raw.data,
			raw.len));
		cf_buf_clear(&raw);
	}
	expect_ok(cf_gate_load(&gate, cf_store_odb(m.store), &fork));
	expect_err(cf_gate_run(&gate, NULL, cf_store_odb(m.store), &other.head,
		&nobody, &refusal), CF_REFUSED, "history.other-trust");
	cf_gate_clear(&gate);
	main_end(&other);
	main_end(&m);
}

/* --- identities ------------------------------------------------------------- */

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

/* --- held ------------------------------------------------------------------- */

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
	cf_uuid_make(&id, m.id.text);
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
		cmocka_unit_test(test_a_heartbeat_passes),
		cmocka_unit_test(test_commits_that_lie_are_refused),
		cmocka_unit_test(test_files_that_do_not_belong_are_refused),
		cmocka_unit_test(
			test_trees_that_git_would_not_write_are_refused),
		cmocka_unit_test(test_what_is_gone_or_changed_is_refused),
		cmocka_unit_test(test_missing_objects_are_refused),
		cmocka_unit_test(test_history_goes_forward_only),
		cmocka_unit_test(test_an_identity_needs_a_root_key),
		cmocka_unit_test(test_a_retired_key_signs_no_more),
		cmocka_unit_test(test_versions_that_break_a_rule_are_held),
		cmocka_unit_test(
			test_bytes_that_are_not_the_file_form_are_held),
		cmocka_unit_test(
			test_a_signature_may_be_added_but_not_taken_away),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
