/*
 * Attacks with records: what is signed, in its place, and not as it must be, is
 * held: nothing of it is shown, and everything else comes in. (The numbers are
 * those of tests/attacks.md.)
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

/* The entry about this record in a list of held ones, or NULL. */
static const json_t *
held_entry(const json_t *list, const struct cf_uuid *id)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		if (strcmp(cf_json_str(entry, "id"), id->text) == 0)
			return entry;
	}
	return NULL;
}

static void
expect_entry(const char *what, const json_t *list, const struct cf_uuid *id,
	const char *rule)
{
	const json_t *entry = held_entry(list, id);

	if (entry == NULL)
		fail_msg("%s: it is not held", what);
	if (strcmp(cf_json_str(entry, "rule"), rule) != 0)
		fail_msg("%s: held under %s, not under %s: %s", what,
			cf_json_str(entry, "rule"), rule,
			cf_json_str(entry, "why"));
	assert_true(strlen(cf_json_str(entry, "why")) > 5);
}

static void
commons_tree(char out[CF_OID_TEXT], struct siege *s)
{
	json_t *state = NULL;

	expect_ok(cf_commons_state(&state, s->victim));
	(void)snprintf(out, CF_OID_TEXT, "%s", cf_json_str(state, "tree"));
	json_decref(state);
}

/* What is committed now is authentic and held under this rule, by sync and by
 * verify; the commons shows nothing of it. */
static void
expect_held(const char *what, const struct cf_uuid *id, const char *rule)
{
	struct siege *s = &siege;
	char before[CF_OID_TEXT], after[CF_OID_TEXT];
	json_t *audit = NULL;

	commons_tree(before, s);
	serve_head(s);
	expect_ok(sync_victim(s));
	if (strcmp(line_text(s, "verdict"), "held") != 0)
		fail_msg("%s: sync says %s", what, line_text(s, "verdict"));
	expect_entry(what, json_object_get(s->line, "held"), id, rule);
	commons_tree(after, s);
	assert_string_equal(before, after);
	expect_ok(cf_verify(&audit, s->url, NULL));
	assert_string_equal(cf_json_str(audit, "verdict"), "verified");
	expect_entry(what, json_object_get(audit, "held"), id, rule);
	json_decref(audit);
}

static void
try_blob(const char *what, const struct cf_uuid *id, struct cf_oid blob,
	const char *rule)
{
	char path[CF_PATH_TEXT];

	cf_record_path(path, "need", id);
	commit_file(&siege.m, path, blob, NULL);
	expect_held(what, id, rule);
}

/* The file of a good record in which some bytes are others. */
static void
try_bytes(const struct swap *swap, const char *rule)
{
	struct cf_buf text = CF_BUF(1 << 20);
	struct cf_uuid id;
	json_t *doc = new_need(&siege.m, &id);

	expect_ok(cf_json_file_form(&text, doc));
	swap_bytes(&text, swap);
	try_blob(swap->to, &id, put_blob(&siege.m, text.data, text.len), rule);
	cf_buf_clear(&text);
	json_decref(doc);
}

/* 66 to 71: the JSON of a record. */
static void
test_json(void **state)
{
	static const struct {
		const char *rule;
		struct swap swap;
	} table[] = {
		{ "json.duplicate", { "\"schema\": 1",
			"\"schema\": 1,\n  \"schema\": 1" } },
		{ "json.duplicate", { "\"schema\": 1",
			"\"schema\": 1,\n  \"\\u0073chema\": 1" } },
		{ "json.encoding", { "CC-BY", "CC\xff" "BY" } },
		{ "json.encoding", { "CC-BY", "CC\xc0\xaf" "BY" } },
		{ "json.encoding", { "CC-BY", "CC\xed\xa0\x80" "BY" } },
		{ "json.encoding", { "CC-BY", "CC\xef\xbf\xbf" "BY" } },
		{ "json.encoding", { "{", "\xef\xbb\xbf{" } },
		{ "json.encoding", { "CC-BY", "CC\\ud800BY" } },
		{ "json.encoding", { "CC-BY", "CC\\u0000BY" } },
		{ "json.number", { "\"schema\": 1",
			"\"schema\": 9007199254740993" } },
		{ "json.number", { "\"schema\": 1", "\"schema\": 1e400" } },
		{ "json.not-canonical", { "\"schema\": 1",
			"\"schema\": 1e-400" } },
		{ "json.not-canonical", { "\"schema\": 1", "\"schema\": -0" } },
		{ "json.not-canonical", { "\"schema\": 1", "\"schema\": 1.0" } },
		{ "json.syntax", { "\"schema\": 1", "\"schema\": 01" } },
		{ "json.syntax", { "\"schema\": 1", "\"schema\": NaN" } },
		{ "json.not-canonical", { "\"schema\": 1", "\"schema\":  1" } },
		{ "json.not-canonical", { "\"schema\"", "\"\\u0073chema\"" } },
		{ "json.not-canonical", { "\"owner\"", "\"powner\"" } },
		{ "json.syntax", { "\n}\n", "\n}\n{}" } },
		{ "json.not-canonical", { "\n}\n", "\n}\n\n" } },
		{ "json.not-canonical", { "\n}\n", "\n}" } },
		{ "json.syntax", { "\n}\n", "\n" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_bytes(&table[i].swap, table[i].rule);
}

/* 67, 73: depth and numbers of members. */
static void
test_large_json(void **state)
{
	struct cf_buf text = CF_BUF(4 << 20);
	struct cf_uuid id;

	(void)state;
	for (unsigned levels = 33; levels < 100000; levels *= 40) {
		cf_buf_reset(&text);
		for (unsigned i = 0; i < levels; i++)
			cf_buf_puts(&text, "[");
		cf_uuid_make(&id, siege.m.id.text, NULL);
		try_blob("67 deep", &id, put_blob(&siege.m, text.data,
			text.len), "json.depth");
	}
	cf_buf_reset(&text);
	cf_buf_puts(&text, "{\n");
	for (unsigned i = 0; text.len < CF_MAX_RECORD - 64; i++)
		cf_buf_printf(&text, "  \"k%05u\": 0,\n", i);
	cf_buf_puts(&text, "  \"z\": 0\n}\n");
	cf_uuid_make(&id, siege.m.id.text, NULL);
	try_blob("73 keys", &id, put_blob(&siege.m, text.data, text.len),
		"record.shape");
	cf_buf_clear(&text);
}

/* One that is too large is not looked at, so nothing of the update is. */
static void
test_too_large(void **state)
{
	struct siege *s = &siege;
	char *big = cf_calloc(1, CF_MAX_RECORD + 1), path[CF_PATH_TEXT];
	struct cf_uuid id;

	(void)state;
	attack_begin(s);
	cf_uuid_make(&id, s->m.id.text, NULL);
	cf_record_path(path, "need", &id);
	commit_file(&s->m, path, put_blob(&s->m, big, CF_MAX_RECORD + 1), NULL);
	EXPECT_REFUSED(s, "too large", "limit.size");
	free(big);
}

/* A new record with `change` made to it, signed by `key` after that. */
static void
try_change(const char *what, json_t *change, const struct cf_seckey *key,
	const char *rule)
{
	struct siege *s = &siege;
	struct cf_uuid id;
	json_t *doc = new_need(&s->m, &id);

	json_object_update(doc, change);
	json_decref(change);
	sign_doc(doc, key ? key : s->m.publish);
	commit_record(&s->m, &id, doc, NULL);
	expect_held(what, &id, rule);
}

/* 74, 75, and who may say what of whom. */
static void
test_members(void **state)
{
	static const char other[] =
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE";
	struct cf_seckey *key = cf_seckey_new();
	struct siege *s = &siege;
	struct cf_uuid id;

	(void)state;
	cf_uuid_make(&id, other, NULL);
	try_change("74 another id", json_pack("{s:s}", "id", id.text), NULL,
		"record.path");
	try_change("74 another kind", json_pack("{s:s}", "kind", "offer"),
		NULL, "record.path");
	try_change("74 another owner", json_pack("{s:s}", "owner", other),
		NULL, "record.owner");
	try_change("75 a member more", json_pack("{s:s}", "note", "x"), NULL,
		"schema.record");
	try_change("75 a newer schema", json_pack("{s:i}", "schema", 2), NULL,
		"schema.newer");
	try_change("75 schema as text", json_pack("{s:s}", "schema", "1"),
		NULL, "schema.newer");
	try_change("schema 0", json_pack("{s:i}", "schema", 0), NULL,
		"schema.record");
	try_change("not a steward", json_pack("{s:[s]}", "stewards", other),
		NULL, "record.stewards");
	try_change("stewards not in order", json_pack("{s:[s,s]}", "stewards",
		s->m.id.text, s->m.id.text), NULL, "record.order");
	try_change("no stewards", json_pack("{s:[]}", "stewards"), NULL,
		"record.stewards");
	try_change("erased with a text", json_pack("{s:s}", "status",
		"erased"), NULL, "schema.record");
	try_change("a status that is none", json_pack("{s:s}", "status",
		"published"), NULL, "schema.record");
	try_change("3 by nobody's key", json_object(), key, "proof.missing");
	try_change("by a root key", json_object(), s->m.root, "proof.missing");
	try_change("a time that is none", json_pack("{s:s}", "modified",
		"2026-02-30T00:00:00Z"), NULL, "schema.record");
	cf_seckey_free(key);
}

/* The file of another trust's record, as its own or as ours. */
static void
test_records_of_others(void **state)
{
	struct siege *s = &siege;
	struct cf_seckey *key = cf_seckey_new();
	struct made_main other;
	struct cf_uuid id;
	json_t *doc, *proofs, *proof;

	(void)state;
	main_begin(&other, "Riverside Trust");
	doc = new_need(&other, &id);
	commit_record(&s->m, &id, doc, NULL);
	expect_held("another trust's, as it is", &id, "record.stewards");
	doc = new_need(&other, &id);
	sign_doc(doc, s->m.publish);
	commit_record(&s->m, &id, doc, NULL);
	expect_held("another trust's, signed by us", &id, "record.stewards");
	doc = new_need(&s->m, &id);
	sign_doc(doc, other.publish);
	commit_record(&s->m, &id, doc, NULL);
	expect_held("ours, signed by another trust", &id, "proof.missing");
	/* 9: one signature twice; two by one key. */
	doc = new_need(&s->m, &id);
	proofs = json_object_get(doc, "proof");
	json_array_append(proofs, json_array_get(proofs, 0));
	commit_record(&s->m, &id, doc, NULL);
	expect_held("9 the same signature twice", &id, "proof.order");
	doc = new_need(&s->m, &id);
	proofs = json_object_get(doc, "proof");
	expect_ok(cf_proof_make(&proof, doc, s->m.publish,
		"2026-02-03T00:00:00Z"));
	json_array_append_new(proofs, proof);
	cf_proofs_sort(proofs);
	commit_record(&s->m, &id, doc, NULL);
	expect_held("9 two by one key", &id, "proof.order");
	doc = new_need(&s->m, &id);
	proofs = json_object_get(doc, "proof");
	for (unsigned i = 0; i < 33; i++)
		json_array_append(proofs, json_array_get(proofs, 0));
	commit_record(&s->m, &id, doc, NULL);
	expect_held("34 signatures", &id, "record.shape");
	cf_seckey_free(key);
	main_end(&other);
}

/* 33, 77: a version that was there before, and one that skips another. */
static void
test_versions_that_go_back(void **state)
{
	struct siege *s = &siege;
	struct cf_digest first, second;
	struct cf_uuid id;
	json_t *one = new_need(&s->m, &id), *two;

	(void)state;
	expect_ok(cf_digest_doc(&first, one));
	commit_record(&s->m, &id, json_deep_copy(one), NULL);
	two = record_doc(&s->m, "need", &id, first.text);
	sign_doc(two, s->m.publish);
	expect_ok(cf_digest_doc(&second, two));
	commit_record(&s->m, &id, two, NULL);
	serve_head(s);
	expect_ok(sync_victim(s));
	commit_record(&s->m, &id, one, NULL);
	expect_held("33 the version before", &id, "record.parents");
	two = record_doc(&s->m, "need", &id, second.text);
	sign_doc(two, s->m.publish);
	commit_record(&s->m, &id, two, NULL);
	expect_held("one that leaves out what was held", &id,
		"record.parents");
}

/* Lists with keys: two entries of one key would be one place of the merge. */
static void
try_tried(const char *what, const char *list, const char *rule)
{
	struct siege *s = &siege;
	struct cf_uuid id;
	json_t *doc = new_need(&s->m, &id);
	json_t *tried = json_loads(list, 0, NULL);

	assert_non_null(tried);
	json_object_set_new(json_object_get(doc, "body"), "tried", tried);
	sign_doc(doc, s->m.publish);
	commit_record(&s->m, &id, doc, NULL);
	expect_held(what, &id, rule);
}

static void
test_lists_with_keys(void **state)
{
	(void)state;
	try_tried("one key twice", "[{\"key\": \"a1\", \"text\": \"This.\"}, "
		"{\"key\": \"a1\", \"text\": \"That.\"}]", "schema.keys");
	try_tried("one entry twice", "[{\"key\": \"a1\", \"text\": \"This.\"}, "
		"{\"key\": \"a1\", \"text\": \"This.\"}]", "schema.keys");
	try_tried("keys not in order", "[{\"key\": \"b1\", \"text\": \"This.\"}"
		", {\"key\": \"a1\", \"text\": \"That.\"}]", "schema.order");
	try_tried("no key", "[{\"text\": \"This.\"}]", "schema.body");
}

static void
try_settled(const char *path, const char *rule)
{
	struct siege *s = &siege;
	struct cf_uuid id;
	json_t *doc = new_need(&s->m, &id);

	json_object_set_new(doc, "settled", json_pack("[s]", path));
	sign_doc(doc, s->m.publish);
	commit_record(&s->m, &id, doc, NULL);
	expect_held(path, &id, rule);
}

/* What a version says that it settles is no place for a text. */
static void
test_settled_is_no_text(void **state)
{
	(void)state;
	try_settled("/Jane Smith of Year 8", "schema.settled");
	try_settled("/title/Jane Smith", "schema.settled");
	try_settled("/tried/a1", "schema.settled");
	try_settled("/tried/[Jane]", "schema.settled");
	try_settled("/tried/[a1]/Jane", "schema.settled");
	try_settled("/tried/[a1", "schema.settled");
	try_settled("/title/", "schema.settled");
	try_settled("/\xe2\x80\xae", "schema.settled");
	try_settled("/tried/[jane_07700900123]/text", "T-DIGITS");
}

static void
commit_as(struct siege *s, const char *kind, const struct cf_uuid *id,
	json_t *doc)
{
	char path[CF_PATH_TEXT];

	cf_record_path(path, kind, id);
	commit_file(&s->m, path, put_json(&s->m, doc), NULL);
	json_decref(doc);
}

/* One id in two folders: a record keeps the kind that it had first. */
static void
test_one_id_under_two_kinds(void **state)
{
	struct siege *s = &siege;
	struct cf_uuid id;
	struct cf_digest first;
	json_t *doc = new_need(&s->m, &id), *shown = NULL;

	(void)state;
	commit_record(&s->m, &id, doc, NULL);
	serve_head(s);
	expect_ok(sync_victim(s));
	doc = record_doc(&s->m, "offer", &id, NULL);
	sign_doc(doc, s->m.publish);
	expect_ok(cf_digest_doc(&first, doc));
	commit_as(s, "offer", &id, doc);
	expect_held("the second kind", &id, "record.kind");
	doc = record_doc(&s->m, "offer", &id, first.text);
	sign_doc(doc, s->m.publish);
	commit_as(s, "offer", &id, doc);
	expect_held("what builds on it", &id, "record.kind");
	expect_ok(cf_show(&shown, s->victim, id.text, false));
	assert_string_equal(cf_json_str(json_object_get(shown, "record"),
		"kind"), "need");
	json_decref(shown);
}

/* Both in one commit: the first in the order of the tree is the record. The file
 * of the other may be anything. */
static void
test_two_kinds_at_once(void **state)
{
	struct siege *s = &siege;
	char path[2][CF_PATH_TEXT];
	struct cf_uuid id;
	json_t *need = new_need(&s->m, &id), *offer, *shown = NULL;
	struct cf_edit edit[2];

	(void)state;
	cf_record_path(path[0], "need", &id);
	cf_record_path(path[1], "offer", &id);
	edit[0] = edit_of(path[0], put_json(&s->m, need));
	edit[1] = edit_of(path[1], put_blob(&s->m, "{}", 2));
	commit_edits(&s->m, edit, 2, NULL);
	json_decref(need);
	serve_head(s);
	expect_ok(sync_victim(s));
	expect_entry("both", json_object_get(s->line, "held"), &id,
		"record.kind");
	expect_ok(cf_show(&shown, s->victim, id.text, false));
	assert_string_equal(cf_json_str(json_object_get(shown, "record"),
		"kind"), "need");
	json_decref(shown);
	offer = record_doc(&s->m, "offer", &id, NULL);
	sign_doc(offer, s->m.publish);
	commit_as(s, "offer", &id, offer);
	expect_held("mended, under the second kind", &id, "record.kind");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_large_json),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_records_of_others),
		cmocka_unit_test(test_versions_that_go_back),
		cmocka_unit_test(test_lists_with_keys),
		cmocka_unit_test(test_settled_is_no_text),
		cmocka_unit_test(test_one_id_under_two_kinds),
		cmocka_unit_test(test_two_kinds_at_once),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
