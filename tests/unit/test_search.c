/*
 * Searching the index: more records than are looked at in one go, words of which
 * only a beginning is typed, a record that is nothing but one word, and one that
 * leads elsewhere now.
 */
#include "scratch.h"
#include "expect.h"

#include "base/limits.h"
#include "index/index.h"
#include "index/query.h"
#include "record/kind.h"

#define TIMES 20000u

struct world {
	struct cf_index *index;
	char *dir, *path;
};

static void
put_both(struct cf_index *index, unsigned i, const char *title,
	const char *problem)
{
	char *id = cf_asprintf("0190b1e2-0000-8000-8000-%012x", i);
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "id", id,
		"kind", "practice", "owner", "zQmX", "status", "active", "body",
		"title", title, "problem", problem);

	assert_ok(cf_index_put_entry(index, id, "2026-01-01T00:00:00Z", doc));
	json_decref(doc);
	free(id);
}

static void
put(struct cf_index *index, unsigned i, const char *title)
{
	put_both(index, i, title, "");
}

static int
begin(void **state)
{
	struct world *w = cf_calloc(1, sizeof *w);

	w->dir = scratch_fast();
	w->path = cf_path_join(w->dir, "index.db");
	assert_ok(cf_index_open(&w->index, w->path));
	assert_ok(cf_index_begin(w->index));
	*state = w;
	return 0;
}

static int
end(void **state)
{
	struct world *w = *state;

	cf_index_close(w->index);
	scratch_free(w->dir);
	free(w->path);
	free(w);
	return 0;
}

/* Hits in the second group, which are practices; the first is empty, as where one
 * kind is asked for. */
static json_t *
find(struct world *w, const char *text)
{
	static const char *const none[] = { NULL };
	static const char *const practices[] = { "practice", NULL };
	static const char *const *const groups[] = { none, practices };
	struct cf_query query;
	struct cf_searching what = { &query, NULL, groups, 2, 10 };
	json_t *found = NULL, *hits;

	assert_ok(cf_query_parse(&query, text));
	assert_ok(cf_index_search(&found, w->index, &what));
	assert_int_equal(json_array_size(json_array_get(found, 0)), 0);
	hits = json_incref(json_array_get(found, 1));
	json_decref(found);
	cf_query_clear(&query);
	return hits;
}

static size_t
count(struct world *w, const char *text)
{
	json_t *hits = find(w, text);
	size_t n = json_array_size(hits);

	json_decref(hits);
	return n;
}

static void
test_more_than_are_looked_at_in_one_go(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i <= CF_MAX_CANDIDATES; i++)
		put(w->index, i, "Reading aloud together");
	assert_ok(cf_index_commit(w->index));
	assert_int_equal(count(w, "reading"), 10);
	assert_int_equal(count(w, "read* -maths"), 10);
}

static void
test_beginnings(void **state)
{
	static const char *const asked[] = { "increase", "incre*", "increas*",
		"datab*", "databas*", "respons*", "exercis*", "practis*" };
	struct world *w = *state;

	put(w->index, 1, "Increase reading with a database, "
		"responses, an exercise and practising");
	put(w->index, 2, "Something else");
	assert_ok(cf_index_commit(w->index));
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		if (count(w, asked[i]) != 1)
			fail_msg("%s is not found", asked[i]);
	assert_int_equal(count(w, "something -incre*"), 1);
	assert_int_equal(count(w, "reading -incre*"), 0);
}

/* What FTS5 does to show where a word stands takes the square of how often it
 * stands there: of such a record no place is shown, of others one is. */
static void
test_nothing_but_one_word(void **state)
{
	struct world *w = *state;
	struct cf_buf problem = CF_BUF(CF_MAX_RECORD);
	json_t *hits;

	for (unsigned i = 0; i < TIMES; i++)
		cf_buf_puts(&problem, "eal ");
	put_both(w->index, 1, "One", problem.data);
	put_both(w->index, 2, "Two", "Lessons for eal pupils");
	assert_ok(cf_index_commit(w->index));
	hits = find(w, "eal");
	assert_int_equal(json_array_size(hits), 2);
	for (size_t i = 0; i < 2; i++) {
		const json_t *hit = json_array_get(hits, i);
		const char *id = cf_json_str(hit, "id");
		bool shown = json_object_get(hit, "snippet") != NULL;

		assert_true(shown == (id[strlen(id) - 1] == '2'));
	}
	json_decref(hits);
	cf_buf_clear(&problem);
}

/* Words longer than any are not gathered: they would make a search too long. */
static void
test_long_words(void **state)
{
	struct world *w = *state;
	char *word = cf_calloc(8001, 1);

	memset(word, 'x', 8000);
	memcpy(word, "read", 4);
	for (unsigned i = 0; i < CF_MAX_BEGINNINGS - 10; i++) {
		(void)snprintf(word + 4, 8, "%03u", i);
		word[7] = 'x';
		put(w->index, i, word);
	}
	put(w->index, CF_MAX_BEGINNINGS, "Reading and teaching");
	assert_ok(cf_index_commit(w->index));
	assert_int_equal(count(w, "read* teac*"), 1);
	free(word);
}

static size_t
named_as_evidence(struct cf_index *index, const char *id)
{
	struct cf_names names;
	size_t n;

	assert_ok(cf_index_naming(&names, index, id, "evidence", 10));
	n = names.n;
	cf_names_clear(&names);
	return n;
}

/* Of two versions of one second, alike in all else. */
static void
test_only_links_changed(void **state)
{
	static const char *const to[] = { "0190b1e2-0000-8000-8000-00000000000a",
		"0190b1e2-0000-8000-8000-00000000000b" };
	const char *id = "0190b1e2-0000-8000-8000-000000000001";
	struct world *w = *state;

	for (unsigned i = 0; i < 2; i++) {
		json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:[s]}}",
			"id", id, "kind", "practice", "owner", "zQmX",
			"status", "active", "body", "title", "One", "evidence",
			to[i]);

		assert_ok(cf_index_put_entry(w->index, id,
			"2026-01-01T00:00:00Z", doc));
		json_decref(doc);
		assert_int_equal(named_as_evidence(w->index, to[i]), 1);
		assert_int_equal(named_as_evidence(w->index, to[!i]), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_more_than_are_looked_at_in_one_go, begin, end),
		cmocka_unit_test_setup_teardown(test_beginnings, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_but_one_word,
			begin, end),
		cmocka_unit_test_setup_teardown(test_long_words, begin, end),
		cmocka_unit_test_setup_teardown(test_only_links_changed, begin,
			end),
	};

	cf_json_start();
	return cf_kind_start() ? 1 :
		cmocka_run_group_tests(tests, NULL, NULL);
}
