/*
 * What came before a version decides about it, and nothing else: a main judged
 * at once, commit by commit, or from an index gets one verdict. Random
 * histories.
 */
#include "mains.h"
#include "index/index.h"

#define STEPS 12

struct history {
	struct made_main m;
	struct cf_seckey *other;
	struct cf_uuid id;
	struct cf_digest version[STEPS + 1];	/* whose id is known */
	json_t *doc[STEPS + 1];
	size_t n;
	struct cf_oid commit[STEPS + 1];
	size_t commits;
};

static void
publish_at(struct history *h, const char *kind, struct cf_oid blob)
{
	char path[CF_PATH_TEXT];

	cf_record_path(path, kind, &h->id);
	commit_file(&h->m, path, blob, NULL);
	h->commit[h->commits++] = h->m.head;
}

/* A version on some version that there was, or on the last. */
static void
add_version(struct history *h, const char *kind, bool tombstone)
{
	const char *parent = h->n == 0 ? NULL : h->version[seed_below(3) ?
		h->n - 1 : seed_below(h->n)].text;
	json_t *doc = record_doc(&h->m, kind, &h->id, parent);

	if (tombstone) {
		json_object_set_new(doc, "status", json_string("erased"));
		(void)json_object_del(doc, "body");
	}
	sign_doc(doc, h->m.publish);
	expect_ok(cf_digest_doc(&h->version[h->n], doc));
	publish_at(h, kind, put_json(&h->m, doc));
	h->doc[h->n++] = doc;
}

/* A version that there was, with one more signature, or with one less. */
static void
publish_again(struct history *h, const char *kind)
{
	size_t which = seed_below(2) ? h->n - 1 : seed_below(h->n);
	json_t *doc = json_deep_copy(h->doc[which]), *proof = NULL;
	json_t *proofs = json_object_get(doc, "proof");
	char when[CF_TIME_TEXT];

	cf_time_format(when, 1770000000 + (int64_t)h->commits);
	expect_ok(cf_proof_make(&proof, doc, h->other, when));
	if (seed_below(3) == 0)
		json_array_clear(proofs);
	json_array_append_new(proofs, proof);
	cf_proofs_sort(proofs);
	if (json_array_size(proofs) < 3)
		publish_at(h, kind, put_json(&h->m, doc));
	json_decref(doc);
}

static void
make_history(struct history *h)
{
	*h = (struct history){ .other = cf_seckey_new() };
	main_begin(&h->m, "Northfield Learning Trust");
	h->commit[h->commits++] = h->m.head;
	cf_uuid_make(&h->id, h->m.id.text, NULL);
	for (unsigned i = 0; i < STEPS; i++) {
		const char *kind = seed_below(4) ? "need" : "offer";
		char junk[32];

		switch (seed_below(8)) {
		case 0:
			(void)snprintf(junk, sizeof junk, "{ %u", i);
			publish_at(h, kind, put_blob(&h->m, junk,
				strlen(junk)));
			break;
		case 1:
			add_version(h, kind, seed_below(3) == 0);
			break;
		case 2:
		case 3:
			if (h->n)
				publish_again(h, kind);
			break;
		default:
			add_version(h, kind, false);
			break;
		}
	}
}

static void
free_history(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		json_decref(h->doc[i]);
	cf_seckey_free(h->other);
	main_end(&h->m);
}

/* The index of the main, taken in `step` commits at a time (0: at random). */
static json_t *
judge(struct history *h, size_t step)
{
	char path[128];
	struct cf_index *index;
	struct cf_gate gate = { 0 };
	struct cf_versions all;
	json_t *rows;

	(void)snprintf(path, sizeof path, "%s/index-%zu.db", h->m.dir, step);
	expect_ok(cf_index_open(&index, path));
	for (size_t i = 0; i < h->commits;) {
		struct cf_index_run run = { .index = index };
		struct cf_gate_sink sink = { 0 };
		struct cf_refusal refusal;

		i += step ? step : 1 + seed_below(5);
		if (i > h->commits)
			i = h->commits;
		memcpy(run.trust, h->m.id.text, sizeof h->m.id.text);
		expect_ok(cf_index_begin(index));
		cf_index_sink(&sink, &run);
		expect_ok(cf_gate_run(&gate, NULL, cf_store_odb(h->m.store),
			&h->commit[i - 1], &sink, &refusal));
		cf_index_run_clear(&run);
		expect_ok(cf_index_commit(index));
	}
	cf_gate_clear(&gate);
	expect_ok(cf_index_versions(&all, index, h->id.text));
	rows = json_incref(all.rows);
	cf_versions_clear(&all);
	cf_index_close(index);
	return rows;
}

/* The same without an index, from the first commit. */
static const struct cf_err *
collect(void *payload, const struct cf_gate_version *v)
{
	json_array_append_new(payload, json_pack("{s:s, s:s, s:s*}", "id",
		v->record->version.text, "previous", v->previous, "rule",
		v->rule));
	return NULL;
}

static json_t *
audit(struct history *h)
{
	json_t *rows = json_array();
	const struct cf_gate_sink sink = { .payload = rows,
		.version = collect };
	struct cf_gate gate = { 0 };
	struct cf_refusal refusal;

	expect_ok(cf_gate_run(&gate, NULL, cf_store_odb(h->m.store),
		&h->m.head, &sink, &refusal));
	cf_gate_clear(&gate);
	return rows;
}

static const char *
text_of(const json_t *rows, size_t i, const char *member)
{
	const char *s = cf_json_str(json_array_get(rows, i), member);

	return s ? s : "";
}

static void
expect_same(const json_t *a, const json_t *b)
{
	static const char *const members[] = { "id", "previous", "rule" };

	assert_int_equal(json_array_size(a), json_array_size(b));
	for (size_t i = 0; i < json_array_size(a); i++)
		for (size_t k = 0; k < 3; k++)
			assert_string_equal(text_of(a, i, members[k]),
				text_of(b, i, members[k]));
}

static void
test_one_verdict_however_it_is_reached(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		struct history h;
		json_t *once, *other;

		make_history(&h);
		once = judge(&h, STEPS + 1);
		other = audit(&h);
		expect_same(once, other);
		json_decref(other);
		for (size_t step = 0; step < 3; step++) {
			other = judge(&h, step);
			expect_same(once, other);
			json_decref(other);
		}
		json_decref(once);
		free_history(&h);
	}
}

/* Publishes and says under which rule it is held. */
static const char *
last_rule(struct history *h, json_t *doc)
{
	static char rule[48];
	json_t *rows;

	publish_at(h, "need", put_json(&h->m, doc));
	rows = audit(h);
	(void)snprintf(rule, sizeof rule, "%s", text_of(rows,
		json_array_size(rows) - 1, "rule"));
	json_decref(rows);
	return rule;
}

static void
begin_plain(struct history *h)
{
	*h = (struct history){ .other = cf_seckey_new() };
	main_begin(&h->m, "Northfield Learning Trust");
	h->commit[h->commits++] = h->m.head;
	cf_uuid_make(&h->id, h->m.id.text, NULL);
	add_version(h, "need", false);
}

static void
test_a_held_version_is_not_let_in_by_another_signature(void **state)
{
	struct history h;
	json_t *doc, *proof = NULL;

	(void)state;
	begin_plain(&h);
	doc = record_doc(&h.m, "need", &h.id, NULL);
	sign_doc(doc, h.m.publish);
	assert_string_equal(last_rule(&h, doc), "record.parents");
	expect_ok(cf_proof_make(&proof, doc, h.other, "2026-02-03T00:00:00Z"));
	json_array_append_new(json_object_get(doc, "proof"), proof);
	cf_proofs_sort(json_object_get(doc, "proof"));
	assert_string_equal(last_rule(&h, doc), "record.parents");
	json_decref(doc);
	free_history(&h);
}

static void
test_nothing_counts_after_a_tombstone(void **state)
{
	struct cf_digest last;
	struct history h;

	(void)state;
	begin_plain(&h);
	add_version(&h, "need", true);
	last = h.version[h.n - 1];
	for (unsigned i = 0; i < 3; i++) {
		json_t *doc = record_doc(&h.m, "need", &h.id, last.text);

		sign_doc(doc, h.m.publish);
		expect_ok(cf_digest_doc(&last, doc));
		assert_string_equal(last_rule(&h, doc), "record.erased");
		json_decref(doc);
	}
	free_history(&h);
}

/* A version that was held for its owner does not hold the next one too. */
static void
test_a_wrong_owner_can_be_put_right(void **state)
{
	struct cf_digest other = { "" };
	struct history h;
	json_t *doc;

	(void)state;
	begin_plain(&h);
	cf_digest_of(&other, "x", 1);
	doc = record_doc(&h.m, "need", &h.id, h.version[0].text);
	json_object_set_new(doc, "owner", json_string(other.text));
	sign_doc(doc, h.m.publish);
	assert_string_equal(last_rule(&h, doc), "record.owner");
	expect_ok(cf_digest_doc(&other, doc));
	json_decref(doc);
	doc = record_doc(&h.m, "need", &h.id, other.text);
	sign_doc(doc, h.m.publish);
	assert_string_equal(last_rule(&h, doc), "");
	json_decref(doc);
	free_history(&h);
}

static void
test_only_the_owner_erases(void **state)
{
	struct cf_digest owner;
	struct history h;
	json_t *doc;

	(void)state;
	begin_plain(&h);
	cf_digest_of(&owner, "x", 1);
	cf_uuid_make(&h.id, owner.text, NULL);
	doc = record_doc(&h.m, "need", &h.id, NULL);
	json_object_set_new(doc, "owner", json_string(owner.text));
	json_object_set_new(doc, "stewards", strcmp(owner.text, h.m.id.text) <
		0 ? json_pack("[s, s]", owner.text, h.m.id.text) :
		json_pack("[s, s]", h.m.id.text, owner.text));
	json_object_set_new(doc, "status", json_string("erased"));
	(void)json_object_del(doc, "body");
	sign_doc(doc, h.m.publish);
	assert_string_equal(last_rule(&h, doc), "record.tombstone");
	json_decref(doc);
	free_history(&h);
}

static void
test_no_time_is_shown_after_that_of_the_commit(void **state)
{
	struct history h;
	json_t *doc, *rows;

	(void)state;
	begin_plain(&h);
	doc = record_doc(&h.m, "need", &h.id, h.version[0].text);
	json_object_set_new(doc, "modified",
		json_string("2099-01-01T00:00:00Z"));
	sign_doc(doc, h.m.publish);
	publish_at(&h, "need", put_json(&h.m, doc));
	json_decref(doc);
	rows = judge(&h, 1);
	assert_string_equal(text_of(rows, 0, "modified"),
		"2026-02-02T00:00:00Z");
	assert_string_equal(text_of(rows, 1, "modified"),
		"2026-02-02T02:40:02Z");
	json_decref(rows);
	free_history(&h);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_verdict_however_it_is_reached),
		cmocka_unit_test(
			test_a_held_version_is_not_let_in_by_another_signature),
		cmocka_unit_test(test_nothing_counts_after_a_tombstone),
		cmocka_unit_test(test_a_wrong_owner_can_be_put_right),
		cmocka_unit_test(test_only_the_owner_erases),
		cmocka_unit_test(
			test_no_time_is_shown_after_that_of_the_commit),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start_library, NULL);
}
