/*
 * Heads of a record's versions: which versions count, which are superseded, and
 * what a held version does to those after it.
 */
#include "expect.h"

#include "merge/merge.h"

#define MOST 12

/* A version as a test writes it: parents separated by spaces. */
struct row {
	const char *trust, *id, *parents, *previous;
	bool held;
	const char *kind;		/* NULL: need */
	bool erased;
};

struct graph {
	struct cf_version version[MOST];
	const char *parent[MOST][4];
	char text[MOST][64];
	size_t n;
	const char *stewards;		/* letters of trusts */
	enum cf_standing standing;
	size_t owner_file;
};

static const struct cf_err *
is_steward(void *payload, bool *out, size_t index, const char *trust)
{
	const struct graph *g = payload;

	(void)index;
	*out = strchr(g->stewards, trust[0]) != NULL;
	return NULL;
}

static void
make(struct graph *g, const struct row *rows, size_t n, const char *stewards)
{
	struct cf_heads_in in = { .version = g->version, .owner = "A",
		.is_steward = is_steward, .payload = g };

	*g = (struct graph){ .stewards = stewards, .n = n };
	for (size_t i = 0; i < n; i++) {
		struct cf_version *v = &g->version[i];
		char *save = NULL, *word;

		*v = (struct cf_version){ .trust = rows[i].trust,
			.id = rows[i].id, .held = rows[i].held,
			.erased = rows[i].erased, .previous =
			rows[i].previous ? rows[i].previous : "",
			.parents = g->parent[i], .kind = rows[i].kind ?
			rows[i].kind : "need" };
		(void)snprintf(g->text[i], sizeof g->text[i], "%s",
			rows[i].parents);
		for (word = strtok_r(g->text[i], " ", &save); word;
			word = strtok_r(NULL, " ", &save))
			g->parent[i][v->n_parents++] = word;
	}
	in.n = n;
	expect_ok(cf_heads(&g->standing, &g->owner_file, &in));
}

/* The heads' ids, each once, as one string in the order of the rows. */
static const char *
heads(const struct graph *g)
{
	static char out[128];

	out[0] = '\0';
	for (size_t i = 0; i < g->n; i++)
		if (g->version[i].head && strstr(out, g->version[i].id) == NULL)
			(void)snprintf(out + strlen(out), sizeof out -
				strlen(out), "%s ", g->version[i].id);
	return out;
}

#define GRAPH(stewards, ...) do { \
	static const struct row rows[] = { __VA_ARGS__ }; \
	make(&g, rows, sizeof rows / sizeof *rows, stewards); \
} while (0)

static void
test_a_chain_has_one_head(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("A", { "A", "v1", "" }, { "A", "v2", "v1" }, { "A", "v3", "v2" });
	assert_string_equal(heads(&g), "v3 ");
	assert_int_equal(g.standing, CF_STANDS);
	assert_int_equal(g.owner_file, 2);
}

static void
test_an_edit_by_a_steward_is_the_head(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "B", "w1", "v1" });
	assert_string_equal(heads(&g), "w1 ");
}

static void
test_concurrent_edits_are_two_heads(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1" },
		{ "B", "w1", "v1" });
	assert_string_equal(heads(&g), "v2 w1 ");
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1" },
		{ "A", "v3", "v2 w1" }, { "B", "w1", "v1" });
	assert_string_equal(heads(&g), "v3 ");
}

static void
test_a_version_by_a_stranger_does_not_count(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("A", { "A", "v1", "" }, { "C", "x1", "v1" });
	assert_string_equal(heads(&g), "v1 ");
	assert_false(g.version[1].counts);
}

static void
test_what_the_owner_took_up_counts(void **state)
{
	struct graph g;

	(void)state;
	/* C was a steward, wrote x1, the owner built on it and let C go. */
	GRAPH("A", { "A", "v1", "" }, { "A", "v2", "v1 x1" },
		{ "C", "x1", "v1" });
	assert_true(g.version[2].counts);
	assert_string_equal(heads(&g), "v2 ");
}

static void
test_without_the_owner_nothing_stands(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "B", "w1", "v1" });
	assert_int_equal(g.standing, CF_NO_OWNER);
	GRAPH("AB", { "A", "v1", "", NULL, true }, { "B", "w1", "v1" });
	assert_int_equal(g.standing, CF_NO_OWNER);
}

static void
test_a_held_version_is_no_head_but_leads_on(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1", "v1", true });
	assert_string_equal(heads(&g), "v1 ");
	/* v3 builds on the held v2 alone: v1 is still behind it. */
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "", "v1", true },
		{ "A", "v3", "v2", "v2" });
	assert_string_equal(heads(&g), "v3 ");
}

static void
test_a_version_held_elsewhere_gets_no_ancestors_from_there(void **state)
{
	struct graph g;

	(void)state;
	/* C publishes B's w1 again after its own x1, out of turn: there it is
	 * held. w1 must not come to stand behind x1, nor x1 behind w1. */
	GRAPH("ABC", { "A", "v1", "" }, { "B", "w1", "v1" },
		{ "C", "x1", "w1" }, { "C", "w1", "v1", "x1", true });
	assert_string_equal(heads(&g), "x1 ");
}

static void
test_a_cosigned_version_is_one_head(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "B", "v1", "" });
	assert_string_equal(heads(&g), "v1 ");
	assert_true(g.version[0].head && g.version[1].head);
}

static void
test_a_missing_parent_is_as_if_not_named(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "B", "w2", "v1 w1" });
	assert_string_equal(heads(&g), "w2 ");
}

static void
test_the_past_of_a_version_ends_with_it(void **state)
{
	static const char *const ids[] = { "w1", "none" };
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1" },
		{ "B", "w1", "v1" }, { "B", "w2", "w1" });
	cf_mark_past(g.version, g.n, ids, 2);
	assert_true(g.version[0].past && g.version[2].past);
	assert_false(g.version[1].past || g.version[3].past);
}

static void
test_a_stranger_cannot_make_a_version_look_older(void **state)
{
	struct graph g;

	(void)state;
	/* B's w1 is not here, only C's copy of it, which is held; A's v2 builds
	 * on w1. C puts T's x1 before the copy: x1 must stay a head. */
	GRAPH("ABT", { "A", "v1", "" }, { "A", "v2", "v1 w1" },
		{ "C", "x1", "v1", NULL, true }, { "C", "w1", "v1", "x1", true },
		{ "T", "x1", "v1" });
	assert_string_equal(heads(&g), "v2 x1 ");
}

static void
test_a_circle_hides_nothing(void **state)
{
	struct graph g;

	(void)state;
	/* B builds p1 on h1 and publishes h1 after it, out of turn. */
	GRAPH("AB", { "A", "v1", "" }, { "B", "p1", "v1 h1" },
		{ "B", "h1", "v1", "p1", true });
	assert_string_equal(heads(&g), "p1 ");
	GRAPH("AB", { "A", "v1", "" }, { "B", "p1", "v1 h2" },
		{ "B", "h1", "v1", "p1", true }, { "B", "p2", "h1" },
		{ "B", "h2", "v1", "p2", true });
	assert_int_equal(g.standing, CF_STANDS);
	GRAPH("AB", { "A", "v1", "" }, { "B", "h1", "", "h1", true },
		{ "B", "p1", "v1 h1" });
	assert_string_equal(heads(&g), "p1 ");
}

static void
test_a_file_of_another_kind_does_not_count(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "B", "w1", "v1", NULL, false,
		"offer" });
	assert_string_equal(heads(&g), "v1 ");
	/* The owner's own: the record keeps the kind that it had first. */
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1", NULL, false,
		"offer" });
	assert_string_equal(heads(&g), "v1 ");
	assert_int_equal(g.owner_file, 0);
}

/* The order in which mains are read decides nothing: random graphs, shuffled. */
static void
test_heads_do_not_depend_on_the_order_of_mains(void **state)
{
	static const char *const names[] = { "n0", "n1", "n2", "n3", "n4",
		"n5", "n6", "n7" };
	static const char *const trusts[] = { "A", "B", "C", "D" };

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct row rows[8], moved[8];
		char parents[8][64], one[128];
		struct graph g;
		size_t n = 0;

		for (size_t i = 0; i < 8; i++) {
			size_t who = i == 0 ? 0 : seed_below(4);

			parents[i][0] = '\0';
			for (size_t k = 0; k < i; k++)
				if (seed_below(3) == 0 && strlen(parents[i]) <
					9)
					(void)snprintf(parents[i] +
						strlen(parents[i]), 16, "%s ",
						names[k]);
			rows[i] = (struct row){ trusts[who], names[i],
				parents[i], NULL, i && seed_below(8) == 0 };
		}
		make(&g, rows, 8, "ABC");
		/* Heads as a set, in the order of names. */
		one[0] = '\0';
		for (size_t i = 0; i < 8; i++)
			if (g.version[i].head)
				(void)snprintf(one + strlen(one), 8, "%s ",
					g.version[i].id);
		for (size_t t = 4; t-- > 0;)
			for (size_t i = 0; i < 8; i++)
				if (rows[i].trust == trusts[t])
					moved[n++] = rows[i];
		make(&g, moved, n, "ABC");
		for (size_t i = 0; i < n; i++)
			if (g.version[i].head != (strstr(one,
				g.version[i].id) != NULL))
				fail_msg("round %d: %s", round,
					g.version[i].id);
	}
}

/* Whoever holds what, and whatever its owner writes after it. */
static void
test_of_an_erased_record_the_tombstone_counts(void **state)
{
	struct graph g;

	(void)state;
	GRAPH("AB", { "A", "v1", "" }, { "A", "v2", "v1", .erased = true },
		{ "A", "v3", "v2" }, { "B", "w1", "v1" }, { "B", "w2", "w1 v2" });
	assert_string_equal(heads(&g), "v2 ");
	assert_int_equal(g.owner_file, 1);
	/* A steward's is no tombstone. */
	GRAPH("AB", { "A", "v1", "" }, { "B", "w1", "v1", .erased = true },
		{ "A", "v2", "v1" });
	assert_string_equal(heads(&g), "w1 v2 ");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_chain_has_one_head),
		cmocka_unit_test(test_an_edit_by_a_steward_is_the_head),
		cmocka_unit_test(test_concurrent_edits_are_two_heads),
		cmocka_unit_test(test_a_version_by_a_stranger_does_not_count),
		cmocka_unit_test(test_what_the_owner_took_up_counts),
		cmocka_unit_test(test_without_the_owner_nothing_stands),
		cmocka_unit_test(test_a_held_version_is_no_head_but_leads_on),
		cmocka_unit_test(
			test_a_version_held_elsewhere_gets_no_ancestors_from_there),
		cmocka_unit_test(test_a_cosigned_version_is_one_head),
		cmocka_unit_test(test_a_missing_parent_is_as_if_not_named),
		cmocka_unit_test(test_the_past_of_a_version_ends_with_it),
		cmocka_unit_test(
			test_a_stranger_cannot_make_a_version_look_older),
		cmocka_unit_test(test_a_circle_hides_nothing),
		cmocka_unit_test(
			test_of_an_erased_record_the_tombstone_counts),
		cmocka_unit_test(test_a_file_of_another_kind_does_not_count),
		cmocka_unit_test(
			test_heads_do_not_depend_on_the_order_of_mains),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
