/*
 * Attacks on the history of a trust and on the chain of its identities. (The
 * numbers are those of tests/attacks.md.)
 */
#include "siege.h"

static struct siege siege;

static int
begin(void **state)
{
	(void)state;
	expect_ok(cf_start());
	siege_begin(&siege);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	siege_end(&siege);
	return 0;
}

static const char *
did_of(const struct cf_seckey *key)
{
	return cf_seckey_public(key)->did;
}

/* Puts the main back by n commits. */
static void
go_back(struct made_main *m, unsigned n)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_commit commit;

	for (unsigned i = 0; i <= n; i++) {
		if (i)
			m->head = commit.parent;
		expect_ok(cf_odb_read(&raw, cf_store_odb(m->store), &m->head,
			CF_COMMIT));
		expect_ok(cf_commit_parse(&commit,
			(struct cf_str){ raw.data, raw.len }));
		m->tree = commit.tree;
	}
	m->sequence -= n;
	cf_buf_clear(&raw);
}

/* 26, 28, 29, 37, 45: lines that do not lead on from what was verified. Each
 * is a sound repository to somebody who knows nothing. */
static void
test_other_lines(void **state)
{
	struct siege *s = &siege;

	(void)state;
	attack_begin(s);
	go_back(&s->m, 1);
	expect_attack(s, "26 rollback", "history.rollback", "");
	attack_begin(s);
	go_back(&s->m, 1);
	commit_need(&s->m);
	expect_attack(s, "28 fork", "history.diverged", "");
	attack_begin(s);
	go_back(&s->m, 2);
	for (unsigned i = 0; i < 4; i++)
		commit_need(&s->m);
	expect_attack(s, "29 regrown", "history.diverged", "");
	attack_begin(s);
	go_back(&s->m, 1);
	commit_tree(&s->m, &s->m.tree, NULL);
	expect_attack(s, "28 fork of a sign of life", "history.diverged", "");
	attack_begin(s);
	go_back(&s->m, (unsigned)s->m.sequence - 1);
	for (unsigned i = 0; i < 10; i++)
		commit_need(&s->m);
	expect_attack(s, "45 from the first commit", "history.diverged", "");
}

/* The objects of another main, in this one. */
static void
bring(struct made_main *to, struct made_main *from)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf tree = CF_BUF(CF_MAX_TREE);
	struct cf_buf blob = CF_BUF(CF_MAX_RECORD);
	struct cf_odb *odb = cf_store_odb(from->store);
	static const char *const paths[] = { "keys", "keys/0001.json",
		"README.md" };
	struct cf_oid oid;

	expect_ok(cf_odb_read(&raw, odb, &from->head, CF_COMMIT));
	expect_ok(cf_odb_write(&oid, to->store, CF_COMMIT, raw.data, raw.len));
	expect_ok(cf_odb_read(&tree, odb, &from->tree, CF_TREE));
	expect_ok(cf_odb_write(&oid, to->store, CF_TREE, tree.data, tree.len));
	for (size_t i = 0; i < 3; i++) {
		oid = entry_of(from, paths[i]);
		expect_ok(cf_odb_read(i ? &blob : &tree, odb, &oid, i ?
			CF_BLOB : CF_TREE));
		expect_ok(cf_odb_write(&oid, to->store, i ? CF_BLOB : CF_TREE,
			i ? blob.data : tree.data, i ? blob.len : tree.len));
	}
	cf_buf_clear(&raw);
	cf_buf_clear(&tree);
	cf_buf_clear(&blob);
}

/* 31, 37: what somebody else signed, here. */
static void
test_another_trusts_commits(void **state)
{
	struct siege *s = &siege;
	struct made_main other;

	(void)state;
	main_begin(&other, "Northfield Learning Trust");
	bring(&s->m, &other);
	attack_begin(s);
	s->m.head = other.head;
	expect_attack(s, "31 another trust", "history.other-trust", "");
	attack_begin(s);
	forge_commit(&s->m, &other.tree, &(struct forgery){ .lie = {
		.trust = other.id.text, .key = other.publish } });
	EXPECT_REFUSED(s, "31 another trust's commit on ours", "commit.trust");
	attack_begin(s);
	forge_commit(&s->m, &other.tree, &(struct forgery){ 0 });
	EXPECT_REFUSED(s, "the first identity replaced", "identity.changed");
	main_end(&other);
}

/* 32, 33, 34: a commit of theirs that belongs elsewhere. */
static void
test_commits_out_of_place(void **state)
{
	struct siege *s = &siege;
	struct cf_oid old = s->m.tree;

	(void)state;
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .lie.sequence = 2 });
	EXPECT_REFUSED(s, "32 of another place", "commit.sequence");
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .lie.sequence =
		s->m.sequence });
	EXPECT_REFUSED(s, "32 the same number", "commit.sequence");
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .lie.sequence =
		(UINT64_C(1) << 53) - 1 });
	EXPECT_REFUSED(s, "34 the last number", "commit.sequence");
	commit_need(&s->m);
	serve_head(s);
	expect_ok(sync_victim(s));
	attack_begin(s);
	forge_commit(&s->m, &old, &(struct forgery){ 0 });
	EXPECT_REFUSED(s, "33 an old tree signed again", "tree.deleted");
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .lie.no_parent =
		true });
	expect_attack(s, "37 a second root", "history.diverged",
		"commit.sequence");
}

/* 5, 37, 38, 39, 41: main is one line. */
static void
test_merges(void **state)
{
	struct siege *s = &siege;
	char parents[10][64], *many = cf_calloc(10000, 49), *end = many;
	const char *line = "parent 1111111111111111111111111111111111111111\n";
	struct swap swap = { "author", parents[0] };

	(void)state;
	(void)snprintf(parents[0], sizeof parents[0], "%sauthor", line);
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .payload = swap });
	EXPECT_REFUSED(s, "37 two parents", "commit.encoding");
	for (unsigned i = 0; i < 8000; i++, end += strlen(line))
		memcpy(end, line, strlen(line) + 1);
	memcpy(end, "author", 7);
	swap.to = many;
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &(struct forgery){ .payload = swap });
	EXPECT_REFUSED(s, "41 thousands of parents", "limit.size");
	free(many);
}

/* --- identities ------------------------------------------------------------- */

static void
try_identity(const char *what, json_t *next, const char *rule)
{
	struct siege *s = &siege;

	attack_begin(s);
	commit_identity(&s->m, next, NULL);
	EXPECT_REFUSED(s, what, rule);
}

/* 8 to 13, 35: identities that do not follow. */
static void
test_identities(void **state)
{
	struct cf_seckey *other = cf_seckey_new(), *fresh = cf_seckey_new();
	struct siege *s = &siege;
	struct made_main *m = &s->m;
	json_t *doc, *proofs;

	(void)state;
	try_identity("10 by the publish key", next_identity(m, json_object(),
		m->publish, NULL), "identity.proof");
	try_identity("10 by nobody", next_identity(m, json_object(), NULL,
		NULL), "identity.schema");
	try_identity("10 by the old root only", next_identity(m, json_pack(
		"{s:[s]}", "rootKeys", did_of(other)), m->root, NULL),
		"identity.proof");
	try_identity("10 by the new root only", next_identity(m, json_pack(
		"{s:[s]}", "rootKeys", did_of(other)), other, NULL),
		"identity.proof");
	/* 9: one key is one key, however often it signs. */
	doc = next_identity(m, json_pack("{s:[s]}", "rootKeys", did_of(other)),
		m->root, NULL);
	proofs = json_object_get(doc, "proof");
	json_array_append(proofs, json_array_get(proofs, 0));
	try_identity("9 the same signature twice", doc, "identity.proof");
	try_identity("11 a version left out", next_identity(m, json_pack(
		"{s:i}", "version", 3), m->root, NULL), "identity.version");
	try_identity("12 another previous", next_identity(m, json_pack(
		"{s:s}", "previous",
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE"), m->root,
		NULL), "identity.previous");
	try_identity("13 the first again", json_deep_copy(m->identity),
		"identity.version");
	try_identity("35 another protocol", next_identity(m, json_pack(
		"{s:i}", "protocol", 2), m->root, NULL), "identity.schema");
	try_identity("a key that is both", next_identity(m, json_pack(
		"{s:[s]}", "publishKeys", did_of(m->root)), m->root, NULL),
		"identity.key-reuse");
	try_identity("listed and revoked", next_identity(m, json_pack(
		"{s:[{s:s, s:s}]}", "revoked", "key", did_of(m->publish),
		"reason", "lost"), m->root, NULL), "identity.key-reuse");
	try_identity("no publish key", next_identity(m, json_pack("{s:[]}",
		"publishKeys"), m->root, NULL), "identity.schema");
	try_identity("a name for a terminal", next_identity(m, json_pack(
		"{s:s}", "name", "North\xe2\x80\xae" "field"), m->root, NULL),
		"identity.name");
	try_identity("an address that runs a program", next_identity(m,
		json_pack("{s:[s]}", "urls", "ext::sh -c true"), m->root,
		NULL), "identity.schema");
	cf_seckey_free(other);
	cf_seckey_free(fresh);
}

/* --- two identities ----------------------------------------------------------- */

/* Puts a document in the place of the newest identity, on a commit that nobody
 * signed whom we know. */
static void
replace_identity(const char *what, json_t *doc, const struct cf_seckey *key)
{
	struct siege *s = &siege;
	char path[CF_IDENTITY_PATH_TEXT];

	attack_begin(s);
	cf_identity_path(path, s->m.identities);
	go_back(&s->m, 1);
	commit_file(&s->m, path, put_json(&s->m, doc),
		&(struct lie){ .key = key });
	expect_attack(s, what, "identity.changed", "commit.key");
	json_decref(doc);
}

/* Only who has a recovery sheet makes two identities of one trust. What anybody
 * can write is no such thing, and nothing of it is kept. */
static void
test_forks_without_a_sheet(void **state)
{
	struct cf_seckey *fresh = cf_seckey_new(), *thief = cf_seckey_new();
	struct siege *s = &siege;
	struct made_main other;
	json_t *doc, *proofs;

	(void)state;
	main_begin(&other, "Northfield Learning Trust");
	other.sequence = 0;
	other.id = s->m.id;
	commit_tree(&other, &other.tree, NULL);
	bring(&s->m, &other);
	attack_begin(s);
	s->m.head = other.head;
	expect_attack(s, "45 another trust that says it is this one",
		"history.other-trust", "commit.trust");
	main_end(&other);

	commit_identity(&s->m, next_identity(&s->m, json_pack("{s:[s, s]}",
		"rootKeys", did_of(s->m.root), did_of(fresh)), s->m.root,
		fresh), NULL);
	serve_head(s);
	expect_ok(sync_victim(s));
	doc = json_deep_copy(s->m.identity);
	proofs = json_object_get(doc, "proof");
	json_array_append(proofs, json_array_get(proofs, 0));
	json_array_remove(proofs, 0);
	replace_identity("12 signatures in another order", doc, thief);
	/* that of the new key: without the old one's it proves nothing */
	doc = json_deep_copy(s->m.identity);
	proofs = json_object_get(doc, "proof");
	json_array_remove(proofs, strncmp(cf_json_str(json_array_get(proofs, 0),
		"verificationMethod"), did_of(fresh), strlen(did_of(fresh))) ?
		1 : 0);
	replace_identity("12 a signature less", doc, thief);
	doc = json_deep_copy(s->m.identity);
	json_array_append(json_object_get(doc, "proof"),
		json_array_get(json_object_get(doc, "proof"), 0));
	replace_identity("12 a signature more", doc, thief);
	cf_seckey_free(fresh);
	cf_seckey_free(thief);
}

/* An identity document that is not as large or as deep as others. */
static void
test_huge_identities(void **state)
{
	struct siege *s = &siege;
	struct made_main *m = &s->m;
	json_t *many = json_array(), *doc;

	(void)state;
	for (unsigned i = 0; i < 65; i++) {
		struct cf_seckey *key = cf_seckey_new();

		json_array_append_new(many, json_string(did_of(key)));
		cf_seckey_free(key);
	}
	try_identity("65 keys", next_identity(m, json_pack("{s:O}",
		"publishKeys", many), m->root, NULL), "identity.schema");
	for (unsigned i = 0; i < 2000; i++)
		json_array_append(many, json_array_get(many, 0));
	doc = next_identity(m, json_object(), m->root, NULL);
	json_object_set(doc, "publishKeys", many);
	try_identity("2,000 keys", doc, "limit.size");
	json_decref(many);
}

/* Files in keys/ that are not the next identity. */
static void
test_key_files(void **state)
{
	static const struct {
		const char *path, *rule;
	} table[] = {
		{ "keys/0003.json", "identity.version" },
		{ "keys/0000.json", "tree.unexpected" },
		{ "keys/0001.JSON", "tree.unexpected" },
		{ "keys/0001.json ", "tree.unexpected" },
		{ "keys/1.json", "tree.unexpected" },
		{ "keys/1025.json", "tree.unexpected" },
		{ "keys/9999.json", "tree.unexpected" },
		{ "keys/00002.json", "tree.unexpected" },
		{ "keys/+002.json", "tree.unexpected" },
		{ "keys/0002.json/0002.json", "tree.unexpected" },
		{ "keys/x/0002.json", "tree.unexpected" },
		{ "Keys/0002.json", "tree.unexpected" },
	};
	struct siege *s = &siege;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *next = next_identity(&s->m, json_object(), s->m.root,
			NULL);

		attack_begin(s);
		commit_file(&s->m, table[i].path, put_json(&s->m, next), NULL);
		json_decref(next);
		EXPECT_REFUSED(s, table[i].path, table[i].rule);
	}
}

/* An identity comes alone. */
static void
test_mixed_commits(void **state)
{
	struct siege *s = &siege;
	struct cf_edit edits[3];
	struct cf_uuid id;
	char path[CF_PATH_TEXT];
	json_t *doc, *next;

	(void)state;
	attack_begin(s);
	doc = new_need(&s->m, &id);
	next = next_identity(&s->m, json_object(), s->m.root, NULL);
	cf_record_path(path, "need", &id);
	edits[0] = edit_of("keys/0002.json", put_json(&s->m, next));
	edits[1] = edit_of(path, put_json(&s->m, doc));
	commit_edits(&s->m, edits, 2, &(struct lie){ .identity = 2 });
	EXPECT_REFUSED(s, "with a record", "identity.mixed");
	attack_begin(s);
	edits[1] = edit_of("keys/0003.json", edits[0].oid);
	commit_edits(&s->m, edits, 2, &(struct lie){ .identity = 3 });
	EXPECT_REFUSED(s, "one twice", "identity.version");
	attack_begin(s);
	edits[1] = edit_of("partners/zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCG"
		"Foc6HE.json", edits[0].oid);
	commit_edits(&s->m, &edits[1], 1, NULL);
	commit_edits(&s->m, (struct cf_edit[]){ edits[0], { .path =
		edits[1].path, .remove = true } }, 2, &(struct lie){
		.identity = 2 });
	EXPECT_REFUSED(s, "and a witness taken away", "identity.mixed");
	attack_begin(s);
	edits[1] = (struct cf_edit){ .path = path, .remove = true };
	commit_file(&s->m, "keys/0002.json", edits[0].oid, NULL);
	EXPECT_REFUSED(s, "that the commit does not name", "commit.identity");
	json_decref(next);
	json_decref(doc);
}

/* 4, 5, 6, 25: keys that were good once. Two identities come in honestly: the
 * second retires the key, the third calls it compromised. */
static void
test_keys_that_were_good(void **state)
{
	struct siege *s = &siege;
	struct made_main *m = &s->m;
	struct cf_seckey *old = m->publish, *fresh = cf_seckey_new();
	struct cf_uuid id;
	json_t *doc;

	(void)state;
	expect_audit(s, "25 before", "");
	m->publish = fresh;
	commit_identity(m, next_identity(m, json_pack(
		"{s:[s], s:[{s:s, s:s}]}", "publishKeys", did_of(fresh),
		"revoked", "key", did_of(old), "reason", "superseded"),
		m->root, NULL), NULL);
	serve_head(s);
	expect_ok(sync_victim(s));
	assert_string_equal(line_text(s, "verdict"), "updated");
	attack_begin(s);
	commit_tree(m, &m->tree, &(struct lie){ .key = old });
	EXPECT_REFUSED(s, "4 retired", "commit.key");
	attack_begin(s);
	commit_tree(m, &m->tree, &(struct lie){ .key = old, .time = made_since,
		.identity = 1 });
	EXPECT_REFUSED(s, "4 retired, under the old identity",
		"commit.identity");
	/* 5: from before it was retired, in place of what came after. */
	attack_begin(s);
	go_back(m, 3);
	m->identities = 1;
	commit_tree(m, &m->tree, &(struct lie){ .key = old });
	expect_attack(s, "5 an old branch", "history.diverged", "");
	try_identity("a revoked key comes back", next_identity(m, json_pack(
		"{s:[s], s:[]}", "publishKeys", did_of(old), "revoked"),
		m->root, NULL), "identity.revoked");
	try_identity("a reason made better", next_identity(m, json_pack(
		"{s:[{s:s, s:s}]}", "revoked", "key", did_of(old), "reason",
		"lost"), m->root, NULL), "identity.revoked");
	try_identity("one key, two reasons", next_identity(m, json_pack(
		"{s:[{s:s, s:s}, {s:s, s:s}]}", "revoked", "key", did_of(old),
		"reason", "superseded", "key", did_of(old), "reason",
		"compromised"), m->root, NULL), "identity.revoked");
	/* 6: what a compromised key signs now does not count, wherever. */
	commit_identity(m, next_identity(m, json_pack("{s:[{s:s, s:s}]}",
		"revoked", "key", did_of(old), "reason", "compromised"),
		m->root, NULL), NULL);
	doc = new_need(m, &id);
	sign_doc(doc, old);
	commit_record(m, &id, doc, NULL);
	serve_head(s);
	expect_ok(sync_victim(s));
	assert_string_equal(line_text(s, "verdict"), "held");
	assert_string_equal(cf_json_str(json_array_get(json_object_get(s->line,
		"held"), 0), "rule"), "proof.missing");
	cf_seckey_free(old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_another_trusts_commits),
		cmocka_unit_test(test_commits_out_of_place),
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_huge_identities),
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_mixed_commits),
		cmocka_unit_test(test_keys_that_were_good),
		cmocka_unit_test(test_forks_without_a_sheet),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
