/*
 * What the gate refuses, one lie at a time: each attack is built for real and
 * must be refused under its own rule; the same main without the lie must pass.
 */
#include "mains.h"

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
	cf_uuid_make(&id, m.id.text, NULL);
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

static void
add_entry(struct cf_buf *tree, const char *mode, const char *name,
	const struct cf_oid *oid)
{
	cf_buf_printf(tree, "%s %s", mode, name);
	cf_buf_putc(tree, '\0');
	cf_buf_add(tree, oid->raw, sizeof oid->raw);
}

static struct cf_oid
put_whole_tree(struct made_main *m, struct cf_buf *tree)
{
	struct cf_oid oid;

	expect_ok(cf_odb_write(&oid, m->store, CF_TREE, tree->data,
		tree->len));
	cf_buf_reset(tree);
	return oid;
}

/* The tree of the head with a folder of records. */
static struct cf_oid
put_with_records(struct made_main *m, struct cf_buf *tree,
	const struct cf_oid *records)
{
	struct cf_entry keys, readme;
	bool found;

	expect_ok(cf_tree_find(&readme, &found, cf_store_odb(m->store),
		&m->tree, "README.md"));
	expect_ok(cf_tree_find(&keys, &found, cf_store_odb(m->store), &m->tree,
		"keys"));
	add_entry(tree, "100644", "README.md", &readme.oid);
	add_entry(tree, "40000", "keys", &keys.oid);
	add_entry(tree, "40000", "records", records);
	return put_whole_tree(m, tree);
}

/* One folder of 1,000 files stands under 300 kinds: few objects, and more files
 * than anybody could judge. */
static void
test_a_folder_that_stands_at_many_places_is_refused(void **state)
{
	struct cf_buf tree = CF_BUF(CF_MAX_TREE);
	struct made_main m;
	struct cf_oid oid;
	char name[64];

	(void)state;
	main_begin(&m, "Northfield Learning Trust");
	oid = put_blob(&m, "{}\n", 3);
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof name, "01a2023d-9291-836d-bf09-"
			"47a75%05xab.json", i);
		add_entry(&tree, "100644", name, &oid);
	}
	oid = put_whole_tree(&m, &tree);
	add_entry(&tree, "40000", "ab", &oid);
	oid = put_whole_tree(&m, &tree);
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof name, "k%03u", i);
		add_entry(&tree, "40000", name, &oid);
	}
	oid = put_whole_tree(&m, &tree);
	oid = put_with_records(&m, &tree, &oid);
	commit_tree(&m, &oid, NULL);
	expect_refused(&m, "limit.changes");
	cf_buf_clear(&tree);
	main_end(&m);
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
		cmocka_unit_test(
			test_a_folder_that_stands_at_many_places_is_refused),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
