/*
 * The index keeps count of what comes and goes, and finds the few records that
 * are in conflict or lack a version without looking at the others.
 */
#include "scratch.h"
#include "expect.h"

#include "index/index.h"

#define RECORDS 12

/* What the index should have. */
struct model {
	bool there, stands, conflict, lacking;
};

static void
put(struct cf_index *index, unsigned i, const struct model *m)
{
	char id[16];
	json_t *row;

	(void)snprintf(id, sizeof id, "record-%02u", i);
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:[], "
		"s:[]}", "id", id, "kind", "need", "owner", "o", "standing",
		m->stands ? "stands" : "no-owner", "title", "T", "status",
		"active", "modified", "2026-01-01T00:00:00Z", "conflict",
		m->conflict, "lacking", m->lacking, "heads", "signers");
	assert_non_null(row);
	if (m->there)
		assert_ok(cf_index_put_record(index, row));
	else
		assert_ok(cf_index_drop_record(index, id));
	json_decref(row);
}

static void
expect_all(struct cf_index *index, const struct model *m)
{
	const struct cf_index_filter in_conflict = { .conflicts = true };
	unsigned long long records = 0, conflicts = 0, lacking = 0;
	struct cf_index_counts count;
	struct cf_names names;
	json_t *list;

	for (unsigned i = 0; i < RECORDS; i++) {
		records += m[i].there && m[i].stands;
		conflicts += m[i].there && m[i].stands && m[i].conflict;
		lacking += m[i].there && m[i].lacking;
	}
	assert_ok(cf_index_count(&count, index));
	assert_int_equal(count.records, records);
	assert_int_equal(count.conflicts, conflicts);
	assert_ok(cf_index_list(&list, index, &in_conflict));
	assert_int_equal(json_array_size(list), conflicts);
	json_decref(list);
	assert_ok(cf_index_lacking(&names, index));
	assert_int_equal(names.n, lacking);
	for (size_t i = 1; i < names.n; i++)
		assert_true(strcmp(names.name[i - 1], names.name[i]) < 0);
	cf_names_clear(&names);
}

static void
test_counts_follow_what_comes_and_goes(void **state)
{
	struct model m[RECORDS] = { 0 };
	struct cf_index *index;
	char *dir = scratch_fast(), *path = cf_path_join(dir, "index.db");

	(void)state;
	assert_ok(cf_index_open(&index, path));
	for (unsigned n = 0; n < 400; n++) {
		unsigned i = (unsigned)seed_below(RECORDS);
		bool undo = seed_below(5) == 0;
		struct model old = m[i];

		m[i] = (struct model){ seed_below(4) > 0, seed_below(4) > 0,
			seed_below(3) == 0, seed_below(3) == 0 };
		assert_ok(cf_index_begin(index));
		put(index, i, &m[i]);
		if (undo)
			cf_index_rollback(index);
		else
			assert_ok(cf_index_commit(index));
		m[i] = undo ? old : m[i];
		expect_all(index, m);
	}
	cf_index_close(index);
	/* They are in the file. */
	assert_ok(cf_index_open(&index, path));
	expect_all(index, m);
	cf_index_close(index);
	free(path);
	scratch_free(dir);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_follow_what_comes_and_goes),
	};

	seed_start(argc, argv);
	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
