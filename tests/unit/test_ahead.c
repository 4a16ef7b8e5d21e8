/*
 * The gate's threads: whatever their number, each thing is worked on once, and
 * what the gate tells of a history, good or not, is the same word for word.
 */
#include "mains.h"

#include <stdatomic.h>

#include "base/work.h"

#define MOST_COMMITS (CF_GATE_COMMITS + 40)

/* --- the work itself -------------------------------------------------------- */

struct tally {
	atomic_uint done[1000];
	atomic_uint busy[CF_WORK_THREADS];
};

static void
work_one(void *arg, unsigned worker, size_t i)
{
	struct tally *t = arg;

	assert_true(worker < CF_WORK_THREADS);
	assert_int_equal(atomic_fetch_add(&t->busy[worker], 1), 0);
	(void)atomic_fetch_add(&t->done[i], 1);
	(void)atomic_fetch_sub(&t->busy[worker], 1);
}

static void
test_each_once(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 1000 };

	(void)state;
	for (unsigned threads = 0; threads < 12; threads++)
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct tally t = { 0 };

			cf_work_each(threads, sizes[s], work_one, &t);
			for (size_t i = 0; i < 1000; i++)
				assert_int_equal(atomic_load(&t.done[i]),
					i < sizes[s]);
		}
}

/* --- what the gate tells ------------------------------------------------------ */

/* Everything that a sink hears, as text. */
static const struct cf_err *
hear_commit(void *payload, const struct cf_gate_commit *c)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &c->oid);
	cf_buf_printf(payload, "%s %llu %u %s\n", hex,
		(unsigned long long)c->sequence, c->identity, c->signer);
	return NULL;
}

static const struct cf_err *
hear_version(void *payload, const struct cf_gate_version *v)
{
	cf_buf_printf(payload, "  %s %s %s %d %s %s\n", v->path,
		v->record->version.text, v->previous, v->first,
		v->rule ? v->rule : "", v->why ? v->why : "");
	return NULL;
}

static void
hear(struct cf_buf *out, struct made_main *m, unsigned threads)
{
	const struct cf_gate_sink sink = { .payload = out, .commit =
		hear_commit, .version = hear_version, .threads = threads };
	struct cf_refusal refusal;
	struct cf_gate gate = { 0 };

	cf_buf_reset(out);
	(void)!cf_gate_run(&gate, NULL, cf_store_odb(m->store), &m->head,
		&sink, &refusal);
	cf_buf_printf(out, "%s %s %s %s\n", refusal.rule, refusal.commit,
		refusal.path, refusal.detail);
	cf_gate_clear(&gate);
}

static void
expect_same(struct made_main *m, const char *rule)
{
	static const unsigned threads[] = { 2, 5, 0 };
	struct cf_buf one = CF_BUF(CF_MAX_JSON), many = CF_BUF(CF_MAX_JSON);
	char *wanted = cf_asprintf("\n%s ", rule);

	hear(&one, m, 1);
	assert_false(one.full);
	assert_non_null(strstr(one.data, wanted));
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		hear(&many, m, threads[i]);
		assert_string_equal(one.data, many.data);
	}
	cf_buf_clear(&one);
	cf_buf_clear(&many);
	free(wanted);
}

/* A version of one of a few records: new ones and changed ones, some held. */
static void
add_version(struct made_main *m, struct cf_uuid *id, struct cf_digest *last,
	unsigned i)
{
	char path[CF_PATH_TEXT];
	json_t *doc;

	if (!id->text[0])
		cf_uuid_make(id, m->id.text, NULL);
	doc = record_doc(m, "need", id, last->text[0] ? last->text : NULL);
	if (i % 7 == 3)
		json_object_set_new(doc, "kind", json_string("finding"));
	sign_doc(doc, m->publish);
	expect_ok(cf_digest_doc(last, doc));
	cf_record_path(path, "need", id);
	commit_file(m, path, put_json(m, doc), NULL);
	json_decref(doc);
}

static void
grow_main(struct made_main *m, unsigned n)
{
	struct cf_uuid id[20] = { 0 };
	struct cf_digest last[20] = { 0 };

	for (unsigned i = 0; i < n; i++)
		add_version(m, &id[i % 20], &last[i % 20], i);
}

static void
test_same_for_good_history(void **state)
{
	struct made_main m;

	(void)state;
	main_begin(&m, "Northfield Learning Trust");
	grow_main(&m, MOST_COMMITS);
	expect_same(&m, "");
	main_end(&m);
}

static void
bend_signature(struct cf_buf *raw)
{
	char *at = strstr(raw->data, "gpgsig ");

	assert_non_null(at);
	at[250] = at[250] == 'A' ? 'B' : 'A';
}

/* Two faults in one history, in both orders: the older one is told. */
static void
test_same_for_bad_history(void **state)
{
	const struct lie bent = { .bend = bend_signature },
		late = { .sequence = 999 };
	struct made_main m;

	(void)state;
	for (int order = 0; order < 2; order++) {
		main_begin(&m, "Northfield Learning Trust");
		grow_main(&m, 30);
		commit_tree(&m, &m.tree, order ? &bent : &late);
		grow_main(&m, 10);
		commit_tree(&m, &m.tree, order ? &late : &bent);
		grow_main(&m, 10);
		expect_same(&m, order ? "commit.signature" :
			"commit.sequence");
		main_end(&m);
	}
}

/* What libgit2 would not write: a folder of the name of a file that stays. */
static void
test_twin_after_equal_entries(void **state)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_oid keys, root;
	struct cf_entry entry;
	struct made_main m;
	bool found;

	(void)state;
	main_begin(&m, "Northfield Learning Trust");
	grow_main(&m, 30);
	expect_ok(cf_tree_find(&entry, &found, cf_store_odb(m.store), &m.tree,
		"keys"));
	assert_true(found);
	expect_ok(cf_odb_read(&raw, cf_store_odb(m.store), &entry.oid,
		CF_TREE));
	cf_buf_printf(&raw, "40000 0001.json");
	cf_buf_putc(&raw, '\0');
	cf_buf_add(&raw, entry.oid.raw, 20);
	expect_ok(cf_odb_write(&keys, m.store, CF_TREE, raw.data, raw.len));
	expect_ok(cf_odb_read(&raw, cf_store_odb(m.store), &m.tree, CF_TREE));
	memcpy(strstr(raw.data + 30, "keys") + 5, keys.raw, 20);
	expect_ok(cf_odb_write(&root, m.store, CF_TREE, raw.data, raw.len));
	commit_tree(&m, &root, NULL);
	expect_same(&m, "tree.order");
	cf_buf_clear(&raw);
	main_end(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_once),
		cmocka_unit_test(test_same_for_good_history),
		cmocka_unit_test(test_same_for_bad_history),
		cmocka_unit_test(test_twin_after_equal_entries),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
