#ifndef MAINS_H
#define MAINS_H

/*
 * Mains for tests of the gate: real stores, real keys, commits made one by one,
 * with anything about them wrong on purpose.
 */
#include "expect.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "gate/gate.h"
#include "record/message.h"
#include "record/shape.h"

struct made_main {
	char dir[64];
	struct cf_store *store;
	struct cf_seckey *root, *publish;
	json_t *identity;		/* the newest, with its proofs */
	struct cf_digest id;
	unsigned identities;
	const char *name;
	struct cf_oid head, tree;
	uint64_t sequence;
};

/* When a main is begun; each commit comes a second after the one before it. */
static int64_t made_since = 1770000000;

/* What a commit says instead of the truth; zero members: the truth. */
struct lie {
	const struct cf_seckey *key;
	const char *trust, *name, *email, *message;
	uint64_t identity, sequence;
	int64_t time;
	const struct cf_oid *parent;
	bool no_parent;
	/* Changes the finished bytes. */
	void (*bend)(struct cf_buf *raw);
};

static inline struct cf_oid
put_blob(struct made_main *m, const char *bytes, size_t n)
{
	struct cf_oid oid;

	expect_ok(cf_odb_write(&oid, m->store, CF_BLOB, bytes, n));
	return oid;
}

static inline struct cf_oid
put_json(struct made_main *m, const json_t *doc)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	struct cf_oid oid;

	expect_ok(cf_json_file_form(&text, doc));
	oid = put_blob(m, text.data, text.len);
	cf_buf_clear(&text);
	return oid;
}

static inline struct cf_edit
edit_of(const char *path, struct cf_oid oid)
{
	return (struct cf_edit){ .path = (char *)(uintptr_t)path, .oid = oid };
}

/* A commit on the head with this tree. */
static inline void
commit_tree(struct made_main *m, const struct cf_oid *tree,
	const struct lie *lie)
{
	const struct lie none = { 0 };
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), message = CF_BUF(1024);
	const struct lie *l = lie ? lie : &none;
	char *email = cf_trust_email(m->id.text);
	struct cf_place place = { cf_str(l->trust ? l->trust : m->id.text),
		l->identity ? l->identity : m->identities,
		l->sequence ? l->sequence : m->sequence + 1 };
	struct cf_commit c = { .tree = *tree, .parent = l->parent ?
		*l->parent : m->head, .has_parent = m->sequence > 0 &&
		!l->no_parent, .name = cf_str(l->name ? l->name : m->name),
		.email = cf_str(l->email ? l->email : email),
		.time = l->time ? l->time : made_since +
		(int64_t)m->sequence };

	cf_message_make(&message, l->message ? l->message : "Publish", &place);
	c.message = (struct cf_str){ message.data, message.len };
	cf_commit_make(&raw, &c, l->key ? l->key : m->publish);
	if (l->bend)
		l->bend(&raw);
	expect_ok(cf_odb_write(&m->head, m->store, CF_COMMIT, raw.data,
		raw.len));
	m->tree = *tree;
	m->sequence++;
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
	free(email);
}

static inline void
commit_edits(struct made_main *m, const struct cf_edit *edits, size_t n,
	const struct lie *lie)
{
	struct cf_oid tree;

	expect_ok(cf_tree_edit(&tree, m->store, m->sequence ? &m->tree : NULL,
		edits, n));
	commit_tree(m, &tree, lie);
}

static inline void
commit_file(struct made_main *m, const char *path, struct cf_oid oid,
	const struct lie *lie)
{
	struct cf_edit edit = edit_of(path, oid);

	commit_edits(m, &edit, 1, lie);
}

/* Signs an identity by up to two root keys. */
static inline void
prove_identity(json_t *doc, const struct cf_seckey *a,
	const struct cf_seckey *b)
{
	const struct cf_seckey *keys[] = { a, b };
	json_t *proofs = json_array();

	for (size_t i = 0; i < 2; i++) {
		json_t *proof = NULL;

		if (keys[i] == NULL)
			continue;
		expect_ok(cf_proof_make(&proof, doc, keys[i],
			"2026-02-02T00:00:00Z"));
		json_array_append_new(proofs, proof);
	}
	cf_proofs_sort(proofs);
	json_object_set_new(doc, "proof", proofs);
}

/* A main with its first commit. */
static inline void
main_begin(struct made_main *m, const char *name)
{
	struct cf_edit edits[2];
	struct cf_str readme = cf_readme();

	*m = (struct made_main){ .name = name, .identities = 1 };
	(void)snprintf(m->dir, sizeof m->dir, "%.40s/confer-gate-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(m->dir));
	expect_ok(cf_store_begin(&m->store, m->dir));
	m->root = cf_seckey_new();
	m->publish = cf_seckey_new();
	m->identity = json_pack("{s:s, s:i, s:i, s:s, s:s, s:[], s:[s], s:[s], "
		"s:[], s:i}", "kind", "identity", "protocol", 1, "version", 1,
		"name", name, "role", "trust", "urls", "rootKeys",
		cf_seckey_public(m->root)->did, "publishKeys",
		cf_seckey_public(m->publish)->did, "revoked", "heartbeatDays",
		30);
	prove_identity(m->identity, m->root, NULL);
	expect_ok(cf_digest_doc(&m->id, m->identity));
	edits[0] = edit_of("keys/0001.json", put_json(m, m->identity));
	edits[1] = edit_of("README.md", put_blob(m, readme.p, readme.n));
	commit_edits(m, edits, 2, NULL);
}

static inline void
main_end(struct made_main *m)
{
	cf_store_free(m->store);
	cf_seckey_free(m->root);
	cf_seckey_free(m->publish);
	json_decref(m->identity);
	expect_ok(cf_remove_all(m->dir));
}

/* A record without proof; the example of a kind is its body. */
static inline json_t *
record_doc(struct made_main *m, const char *kind, const struct cf_uuid *id,
	const char *parent)
{
	json_t *body = json_deep_copy(json_object_get(cf_kind_example(kind),
		"body"));
	json_t *parents = json_array();
	char salt[23];

	cf_salt(salt);
	if (parent)
		json_array_append_new(parents, json_string(parent));
	cf_shape_sort(cf_schema_doc(kind), body);
	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:s, s:i, s:s, "
		"s:[s]}", "id", id->text, "kind", kind, "body", body,
		"licence", "CC-BY-4.0", "modified", "2026-02-02T00:00:00Z",
		"owner", m->id.text, "parents", parents, "salt", salt,
		"schema", 1, "status", "active", "stewards", m->id.text);
}

static inline void
sign_doc(json_t *doc, const struct cf_seckey *key)
{
	json_t *proof = NULL, *proofs = json_array();

	expect_ok(cf_proof_make(&proof, doc, key, "2026-02-02T00:00:00Z"));
	json_array_append_new(proofs, proof);
	json_object_set_new(doc, "proof", proofs);
}

/* What a run found. */
struct found {
	unsigned commits, versions, held;
	char rule[48], version[CF_DIGEST_TEXT];
};

static inline const struct cf_err *
on_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct found *f = payload;

	(void)commit;
	f->commits++;
	return NULL;
}

static inline const struct cf_err *
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
static inline struct found
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

static inline void
expect_refused(struct made_main *m, const char *rule)
{
	struct cf_refusal refusal;

	(void)run_gate(m, &refusal);
	assert_string_equal(refusal.rule, rule);
	assert_true(refusal.detail[0] && refusal.commit[0]);
	assert_true(cf_refusal_advice(rule)[0] != '\0');
}

/* A main with one good record in it. */
static inline struct cf_uuid
begin_with_record(struct made_main *m, struct cf_digest *version)
{
	struct cf_refusal refusal;
	struct found f;
	struct cf_uuid id;
	char path[CF_PATH_TEXT];
	json_t *doc;

	main_begin(m, "Northfield Learning Trust");
	cf_uuid_make(&id, m->id.text, NULL);
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

static inline int
start_library(void **state)
{
	(void)state;
	expect_ok(cf_start());
	return 0;
}

#endif
