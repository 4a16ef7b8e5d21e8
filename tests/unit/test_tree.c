/*
 * Reading raw trees: what is accepted and what is refused.
 */
#include "scratch.h"

#include "store/store.h"

static void
add(struct cf_buf *b, const char *mode, const char *name, size_t n)
{
	cf_buf_printf(b, "%s ", mode);
	cf_buf_add(b, name, n);
	cf_buf_putc(b, '\0');
	for (unsigned i = 0; i < 20; i++)
		cf_buf_putc(b, (char)(i + 1));
}

#define ADD(b, mode, name) add(b, mode, name, sizeof name - 1)

/* The rule that a whole tree breaks first, or "". */
static const char *
judge(const struct cf_buf *b, size_t *entries)
{
	/* Exactly as long as the bytes, so that reading past them shows. */
	char *copy = cf_malloc(b->len);
	struct cf_str rest = { copy, b->len };
	struct cf_entry entry, last;
	const struct cf_entry *previous = NULL;
	const struct cf_err *err = NULL;

	memcpy(copy, b->data, b->len);
	for (*entries = 0; rest.n && !err; ++*entries) {
		err = cf_tree_next(&entry, &rest, previous);
		last = entry;
		previous = &last;
	}
	free(copy);
	assert_true(!err || err->code == CF_REFUSED);
	return err ? err->rule : "";
}

static void
test_reads_entries_in_order(void **state)
{
	struct cf_buf b = CF_BUF(4096);
	struct cf_str rest;
	struct cf_entry one, two;

	(void)state;
	ADD(&b, "100644", "README.md");
	ADD(&b, "40000", "keys");
	rest = (struct cf_str){ b.data, b.len };
	assert_ok(cf_tree_next(&one, &rest, NULL));
	assert_false(one.is_dir);
	assert_true(cf_str_is(one.name, "README.md"));
	assert_int_equal(one.oid.raw[0], 1);
	assert_int_equal(one.oid.raw[19], 20);
	assert_ok(cf_tree_next(&two, &rest, &one));
	assert_true(two.is_dir);
	assert_true(cf_str_is(two.name, "keys"));
	assert_int_equal(rest.n, 0);
	cf_buf_clear(&b);
}

static void
test_refuses_modes(void **state)
{
	static const char *const modes[] = { "100755", "120000", "160000",
		"100664", "100777", "0100644", "+100644", "040000", "40755",
		"100644x", "644", "00", "-1" };

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct cf_buf b = CF_BUF(4096);
		size_t n;

		ADD(&b, modes[i], "a");
		assert_string_equal(judge(&b, &n), "tree.mode");
		cf_buf_clear(&b);
	}
}

static void
test_refuses_what_is_malformed(void **state)
{
	struct cf_buf b = CF_BUF(4096);
	size_t n;

	(void)state;
	ADD(&b, "100644", "");
	assert_string_equal(judge(&b, &n), "tree.encoding");
	cf_buf_reset(&b);
	ADD(&b, "100644", "a/b");
	assert_string_equal(judge(&b, &n), "tree.encoding");
	cf_buf_reset(&b);
	ADD(&b, "", "a");
	assert_string_equal(judge(&b, &n), "tree.mode");
	/* Every cut is noticed. */
	cf_buf_reset(&b);
	ADD(&b, "100644", "name");
	for (size_t whole = b.len; b.len > 1;) {
		b.len--;
		assert_true(b.len < whole);
		assert_string_equal(judge(&b, &n), "tree.encoding");
	}
	cf_buf_clear(&b);
}

/* A NUL inside a name ends it, and what follows is no entry. */
static void
test_refuses_nul_in_name(void **state)
{
	struct cf_buf b = CF_BUF(4096);
	size_t n;

	(void)state;
	ADD(&b, "100644", "a\0b");
	assert_string_not_equal(judge(&b, &n), "");
	cf_buf_clear(&b);
}

struct order {
	const char *mode1, *name1, *mode2, *name2, *rule;
};

static void
test_order(void **state)
{
	static const struct order cases[] = {
		{ "100644", "a", "100644", "b", "" },
		{ "100644", "b", "100644", "a", "tree.order" },
		{ "100644", "a", "100644", "a", "tree.order" },
		{ "40000", "a", "40000", "a", "tree.order" },
		{ "100644", "a", "40000", "a", "tree.order" },
		{ "40000", "a", "100644", "a", "tree.order" },
		/* A folder is compared as if it ended in "/". */
		{ "100644", "a.b", "40000", "a", "" },
		{ "40000", "a", "100644", "a.b", "tree.order" },
		{ "40000", "a", "100644", "a0", "" },
		{ "100644", "a", "100644", "a.b", "" },
		{ "100644", "A", "100644", "a", "" },
		/* Bytes above 127 come last. */
		{ "100644", "z", "100644", "\xc3\xa9", "" },
		{ "100644", "\xc3\xa9", "100644", "z", "tree.order" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cf_buf b = CF_BUF(4096);
		size_t n;

		add(&b, cases[i].mode1, cases[i].name1,
			strlen(cases[i].name1));
		add(&b, cases[i].mode2, cases[i].name2,
			strlen(cases[i].name2));
		if (strcmp(judge(&b, &n), cases[i].rule) != 0)
			fail_msg("%s %s", cases[i].name1, cases[i].name2);
		cf_buf_clear(&b);
	}
}

/* In git's order other entries can stand between a file and its twin. */
static void
test_refuses_twin_far_away(void **state)
{
	struct cf_buf b = CF_BUF(4096);
	size_t n;

	(void)state;
	ADD(&b, "100644", "a");
	ADD(&b, "100644", "a-b");
	ADD(&b, "40000", "a.b");
	ADD(&b, "40000", "a");
	assert_string_equal(judge(&b, &n), "tree.order");
	cf_buf_reset(&b);
	ADD(&b, "100644", "a");
	ADD(&b, "100644", "a-b");
	ADD(&b, "40000", "a.b");
	ADD(&b, "40000", "b");
	assert_string_equal(judge(&b, &n), "");
	assert_int_equal(n, 4);
	cf_buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_entries_in_order),
		cmocka_unit_test(test_refuses_modes),
		cmocka_unit_test(test_refuses_what_is_malformed),
		cmocka_unit_test(test_refuses_nul_in_name),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_refuses_twin_far_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
