/*
 * The merge over random tales: it agrees with the naive merge, and keeps the laws
 * of its rule. SEED=n runs a test again, TALES=n tells more of them.
 */
#include "deciding.h"
#include "shrink_tale.h"

static const char *
ask_agrees(const struct tale *t)
{
	struct result want = naive_merge(t);
	struct cf_merged got = merge_tale(t, true);
	json_t *conflicts = plain(got.conflicts);
	const char *wrong = NULL;

	if (!same(got.body, want.body))
		wrong = "the naive merge has another body";
	else if (!same(conflicts, want.conflicts))
		wrong = "the naive merge has other conflicts";
	json_decref(conflicts);
	cf_merged_clear(&got);
	result_clear(&want);
	return wrong;
}

/* Law 4: the state of what a version has seen, and itself, is its body. */
static const char *
ask_own_view(const struct tale *t)
{
	const char *wrong = NULL;
	struct naive s;

	naive_begin(&s, t);
	for (unsigned i = 0; i < t->n && !wrong; i++)
		if (!t->v[i].stranger && !same(n_state(&s, s.past[i] |
			tale_bit(i))->tree, t->v[i].body))
			wrong = "a version's own view is not its body";
	naive_end(&s);
	return wrong;
}

/* Law 15. */
static const char *
ask_few_sides(const struct tale *t)
{
	struct cf_merged got = merge_tale(t, false);
	const char *wrong = NULL;
	json_t *c;
	size_t i;

	json_array_foreach(got.conflicts, i, c)
		if (json_array_size(json_object_get(c, "sides")) > 9)
			wrong = "more sides than trusts";
	cf_merged_clear(&got);
	return wrong;
}

/* Law 5: a merge that touches nothing, over any versions, changes nothing. */
static const char *
ask_neutral(const struct tale *t)
{
	struct cf_merged before = merge_tale(t, false), after;
	json_t *a = plain(before.conflicts), *b;
	const char *wrong = NULL;
	struct tale more;

	tale_copy(&more, t);
	for (unsigned i = 0; i < 2 && more.n; i++) {
		uint64_t of = tale_bit((unsigned)seed_below(t->n)) |
			tale_bit((unsigned)seed_below(t->n));
		uint64_t set = of | tale_past(t, of);
		struct naive s;

		/* The state as it is before the schema is asked. */
		naive_begin(&s, t);
		(void)tale_add(&more, 9 + i, of, json_incref(n_state(&s, set &
			tale_counting(t))->tree), NULL);
		naive_end(&s);
	}
	after = merge_tale(&more, false);
	b = plain(after.conflicts);
	if (!same(before.body, after.body) || !same(a, b))
		wrong = "an empty merge changes something";
	/* With one head in the end the schema is not asked. */
	if (wrong && json_array_size(before.conflicts) == 1 && strcmp(
		cf_json_str(json_array_get(before.conflicts, 0), "kind"),
		"schema") == 0)
		wrong = NULL;
	json_decref(a);
	json_decref(b);
	cf_merged_clear(&before);
	cf_merged_clear(&after);
	tale_clear(&more);
	return wrong;
}

/* Laws 1, 2, 3, 19: order, names, repeats. */
static const char *
ask_pure(const struct tale *t)
{
	struct cf_merged a = merge_tale(t, false), b = merge_tale(t, true);
	json_t *x = plain(a.conflicts), *y = plain(b.conflicts);
	const char *wrong = same(a.body, b.body) && same(x, y) ? NULL :
		"order or names matter";

	json_decref(x);
	json_decref(y);
	cf_merged_clear(&a);
	cf_merged_clear(&b);
	return wrong;
}

/*
 * Law 8: each write that no later one has seen is what is shown, or a side of a
 * conflict there or above, or taken in by what joins (set, text, max, min, rank).
 */
static bool
is_overtaken(const struct naive *s, const struct n_write *w)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct n_write *o = &s->w[i];
		bool over = o->op == N_DEL && n_within(o->path, w->path);

		if (n_in(s->past[o->v], w->v) && (over ||
			(o->op == N_PUT && strcmp(o->path, w->path) == 0) ||
			(w->op == N_DEL && n_within(w->path, o->path)) ||
			(o->op == N_REM && w->op == N_ADD &&
			strcmp(o->path, w->path) == 0)))
			return true;
		/* The other half of what the same version wrote here. */
		if (o->v == w->v && !(w->op == N_PUT && w->value) &&
			w->op != N_ADD && o != w &&
			strcmp(o->path, w->path) == 0 && (o->op == N_INS ||
			(o->op == N_PUT && (o->value || w->op == N_DEL))))
			return true;
	}
	return false;
}

static bool
is_listed(const json_t *conflicts, const char *path)
{
	json_t *c;
	size_t i;

	json_array_foreach(conflicts, i, c)
		if (n_within(cf_json_str(c, "path"), path))
			return true;
	return false;
}

static const char *
ask_nothing_lost(const struct tale *t)
{
	struct cf_merged got = merge_tale(t, false);
	const char *wrong = NULL;
	struct naive s;

	naive_begin(&s, t);
	for (size_t i = 0; i < s.n && !wrong; i++) {
		const struct n_write *w = &s.w[i];
		json_t *shown = n_find(got.body, w->path);
		bool joins = strchr("t><rs", n_kind(w->path)) != NULL;

		if (is_overtaken(&s, w) || is_listed(got.conflicts, w->path))
			continue;
		if (w->op == N_PUT && !n_is_key(w->path) && !joins &&
			!same(shown, w->value) && !(w->value == NULL && shown &&
			n_alive(&s, tale_counting(t), w->path)))
			wrong = "a value that somebody wrote is lost";
		if (w->op == N_ADD && !n_has(shown, w->value))
			wrong = "an element that somebody added is lost";
		if (w->op == N_DEL && !joins && shown)
			wrong = "a removal is lost";
	}
	naive_end(&s);
	cf_merged_clear(&got);
	return wrong;
}

/* --- spelling: law 20 --- */

static json_t *
respell(const json_t *value)
{
	json_t *out, *item;
	const char *name;
	size_t i;

	if (json_is_integer(value) && seed_below(2))
		return json_real((double)json_integer_value(value));
	if (json_is_array(value)) {
		out = json_array();
		json_array_foreach(value, i, item)
			json_array_append_new(out, respell(item));
		return out;
	}
	if (!json_is_object(value))
		return json_deep_copy(value);
	out = json_object();
	for (int turn = 0; turn < 2; turn++)
		json_object_foreach((json_t *)(uintptr_t)value, name, item)
			if (turn || seed_below(2))
				json_object_set_new(out, name, respell(item));
	return out;
}

static const char *
ask_spelling(const struct tale *t)
{
	struct cf_merged before = merge_tale(t, false), after;
	const char *wrong = NULL;
	struct tale other;
	json_t *a, *b;

	tale_copy(&other, t);
	for (unsigned i = 0; i < other.n; i++) {
		json_t *body = other.v[i].body ? respell(other.v[i].body) :
			NULL;

		json_decref(other.v[i].body);
		other.v[i].body = body;
	}
	after = merge_tale(&other, false);
	a = plain(before.conflicts);
	b = plain(after.conflicts);
	if (!same(before.body, after.body) || !same(a, b))
		wrong = "spelling matters";
	json_decref(a);
	json_decref(b);
	cf_merged_clear(&before);
	cf_merged_clear(&after);
	tale_clear(&other);
	return wrong;
}

/* --- history and blame --- */

/* Every field of a version's own view says who wrote it, and a version that
 * changed a field says so. */
static const char *
ask_stories(const struct tale *t)
{
	struct ours *o = cf_calloc(1, sizeof *o);
	struct cf_merge_in in = make_in(o, t, false);
	json_t *history = NULL, *blame = NULL, *row, *paths = json_object();
	const char *wrong = NULL;
	uint64_t counting = tale_counting(t);
	size_t i, n = 0;

	expect_ok(cf_merge_history(&history, &in));
	expect_ok(cf_merge_blame(&blame, &in));
	for (unsigned v = 0; v < t->n; v++)
		n += n_in(counting, v);
	if (json_array_size(history) != n)
		wrong = "a version is not in the history";
	json_array_foreach(history, i, row)
		if (json_array_size(json_object_get(row, "by")) != 1 || (i == 0
			&& !json_array_size(json_object_get(row, "fields"))))
			wrong = "a row of the history is not as it should be";
	json_array_foreach(blame, i, row) {
		json_object_set_new(paths, cf_json_str(row, "path"),
			json_null());
		if (json_array_size(json_object_get(row, "by")) == 0)
			wrong = "a field that nobody wrote";
	}
	if (counting && json_object_get(paths, "/q") == NULL)
		wrong = "a field without a writer";
	json_decref(paths);
	json_decref(history);
	json_decref(blame);
	free(o);
	return wrong;
}

/* --- the table of three-way merges: law 22 --- */

static json_t *
one_field(int value)
{
	json_t *body = json_pack("{s:i}", "q", 0);

	if (value)
		json_object_set_new(body, "a", json_integer(value));
	return body;
}

static void
test_three_way_table(void **state)
{
	(void)state;
	for (int i = 0; i < 64; i++) {
		int base = i & 3, left = i >> 2 & 3, right = i >> 4;
		struct tale t = { .n = 0 };
		struct cf_merged got;
		bool conflict = left != right && left != base && right != base;
		int want = left == base ? right : left;

		tale_add(&t, 0, 0, one_field(base), NULL);
		tale_add(&t, 1, 1, one_field(left), NULL);
		tale_add(&t, 2, 1, one_field(right), NULL);
		got = merge_tale(&t, true);
		assert_int_equal(json_array_size(got.conflicts), conflict);
		assert_int_equal(json_integer_value(json_object_get(got.body,
			"a")), conflict ? base : want);
		cf_merged_clear(&got);
		tale_clear(&t);
	}
}

/* --- all of them --- */

static unsigned
count(unsigned otherwise)
{
	const char *text = getenv("TALES");
	uint64_t n = otherwise;

	if (text && !cf_str_u64(cf_str(text), &n, 100000000))
		fail_msg("TALES must be a number");
	return (unsigned)n;
}

/* What the tales were about: a test that met no conflict says nothing. */
static json_t *met;

static void
ask_all(const struct tale *t)
{
	static const question questions[] = { ask_agrees, ask_own_view,
		ask_pure, ask_few_sides, ask_neutral, ask_nothing_lost,
		ask_settled, ask_challenged, ask_spelling, ask_stories };
	struct cf_merged got = merge_tale(t, false);
	json_t *c;
	size_t i;

	json_array_foreach(got.conflicts, i, c)
		json_object_set_new(met, cf_json_str(c, "kind"), json_null());
	cf_merged_clear(&got);
	for (i = 0; i < sizeof questions / sizeof *questions; i++)
		check(t, questions[i]);
}

static void
test_random_tales(void **state)
{
	struct tale t;
	char *kinds;

	(void)state;
	met = json_object();
	for (unsigned i = 0; i < count(600); i++) {
		tell(&t);
		ask_all(&t);
		tale_clear(&t);
	}
	/* edit/edit, delete/edit, type, order, schema */
	kinds = json_dumps(met, 0);
	print_message("# met %s\n", kinds);
	free(kinds);
	if (count(600) >= 600)
		assert_int_equal(json_object_size(met), 5);
	json_decref(met);
}

/* Laws 16 and 17: versions that are missing, and some that do not count. */
static void
test_tales_with_gaps(void **state)
{
	struct tale t;

	(void)state;
	met = json_object();
	for (unsigned i = 0; i < count(600); i++) {
		tell(&t);
		for (unsigned k = 0; k < 2 && t.n > 2; k++)
			tale_drop(&t, (unsigned)seed_below(t.n));
		for (unsigned k = 1; k < t.n; k++)
			t.v[k].stranger = seed_below(8) == 0;
		ask_all(&t);
		tale_clear(&t);
	}
	json_decref(met);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_tales),
		cmocka_unit_test(test_tales_with_gaps),
		cmocka_unit_test(test_three_way_table),
	};
	struct cf_schema_set *set = cf_schema_set_new();
	json_t *doc;
	int failed;

	seed_start(argc, argv);
	cf_json_start();
	doc = json_loads(tale_schema, 0, NULL);
	if (cf_schema_add(set, "https://example.org/tale", doc) != NULL ||
		cf_schema_compile(&tale_compiled, set,
		"https://example.org/tale") != NULL)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	json_decref(doc);
	cf_schema_set_free(set);
	return failed;
}
