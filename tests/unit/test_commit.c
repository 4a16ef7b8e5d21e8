/*
 * Commits: the one form of their bytes, and every other one is refused.
 */
#include "golden_commit.h"

#include "base/limits.h"

static void
test_golden_bytes(void **state)
{
	struct cf_buf out = CF_BUF(CF_MAX_COMMIT);
	struct cf_seckey *key = golden_key();
	struct cf_commit c = golden_commit(), got;
	struct cf_pubkey signer;

	(void)state;
	cf_commit_make(&out, &c, key);
	assert_string_equal(out.data, golden);
	assert_ok(cf_commit_parse(&got, cf_str(golden)));
	assert_true(cf_oid_eq(&got.tree, &c.tree));
	assert_true(got.has_parent && cf_oid_eq(&got.parent, &c.parent));
	assert_true(cf_str_is(got.name, NAME));
	assert_true(cf_str_is(got.email, EMAIL));
	assert_int_equal(got.time, c.time);
	assert_true(cf_str_is(got.message, MESSAGE));
	assert_ok(cf_commit_verify(&signer, &got));
	assert_string_equal(signer.did, cf_seckey_public(key)->did);
	assert_ok(cf_commit_verify(NULL, &got));
	cf_seckey_free(key);
	cf_buf_clear(&out);
}

/* Appended to what is there; the signature covers all but its own header. */
static void
test_make_appends(void **state)
{
	struct cf_buf out = CF_BUF(CF_MAX_COMMIT);
	struct cf_seckey *key = golden_key();
	struct cf_commit c = golden_commit();

	(void)state;
	cf_buf_puts(&out, "before");
	cf_commit_make(&out, &c, key);
	assert_string_equal(out.data + 6, golden);
	cf_seckey_free(key);
	cf_buf_clear(&out);
}

static void
test_first_commit_has_no_parent(void **state)
{
	struct cf_buf out = CF_BUF(CF_MAX_COMMIT);
	struct cf_seckey *key = golden_key();
	struct cf_commit c = golden_commit(), got;

	(void)state;
	c.has_parent = false;
	cf_commit_make(&out, &c, key);
	assert_null(strstr(out.data, "parent"));
	assert_ok(cf_commit_parse(&got, cf_str(out.data)));
	assert_false(got.has_parent);
	assert_ok(cf_commit_verify(NULL, &got));
	cf_seckey_free(key);
	cf_buf_clear(&out);
}

/* Sound in form, though no signature fits: what the limits allow. */
static void
test_accepts(void **state)
{
	static const char *const cases[] = {
#define BY(who) TREE "author " who "committer " who REST
		BY("A <a@b> 0 +0000\n"),
		BY("A <a@b> 4294967295 +0000\n"),
		BY("Sch\xc3\xbcler & S\xc3\xb6hne (North) <a@b> 1 +0000\n"),
		BY("A  B <a@b> 1 +0000\n"),
		TREE PEOPLE SIGNATURE "\n",
		TREE PEOPLE SIGNATURE "\n\n\nx",
		TREE PEOPLE "gpgsig x\n\n" MESSAGE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (!parses(cf_str(cases[i])))
			fail_msg("refused: %s", cases[i]);
}

static void
test_refuses_other_headers(void **state)
{
	static const char *const cases[] = {
		"",
		"\n",
		TREE,
		/* a header too few */
		PARENT PEOPLE REST,
		TREE PARENT "committer " WHO REST,
		TREE PARENT "author " WHO REST,
		TREE PARENT PEOPLE "\n" MESSAGE,
		TREE PARENT PEOPLE "gpgsig \n\n" MESSAGE,
		TREE PARENT PEOPLE "gpgsig\n\n" MESSAGE,
		/* another order */
		PARENT TREE PEOPLE REST,
		TREE PARENT "committer " WHO "author " WHO REST,
		TREE PARENT SIGNATURE PEOPLE "\n" MESSAGE,
		SIGNATURE TREE PARENT PEOPLE "\n" MESSAGE,
		TREE "author " WHO PARENT "committer " WHO REST,
		/* one too many */
		TREE TREE PEOPLE REST,
		TREE PARENT PARENT PEOPLE REST,
		TREE "author " WHO PEOPLE REST,
		TREE PEOPLE SIGNATURE REST,
		TREE PEOPLE SIGNATURE "gpgsig x\n\n" MESSAGE,
		TREE PEOPLE "encoding UTF-8\n" REST,
		TREE PEOPLE SIGNATURE "encoding UTF-8\n\n" MESSAGE,
		TREE PEOPLE "mergetag object 1\n" REST,
		TREE PEOPLE "gpgsig-evil x\n" REST,
		TREE PEOPLE "gpgsig-sha256 x\n" REST,
		/* the signature in the message */
		TREE PEOPLE "\n" REST,
		/* no blank line, no end of line */
		TREE PEOPLE SIGNATURE MESSAGE,
		TREE PEOPLE SIGNATURE,
		TREE PEOPLE "gpgsig x",
		/* other spaces */
		"tree  1111111111111111111111111111111111111111\nauthor " WHO
		"committer " WHO REST,
		TREE "author  " WHO "committer  " WHO REST,
		TREE "Author " WHO "Committer " WHO REST,
		"tree 1111111111111111111111111111111111111111\r\nauthor " WHO
		"committer " WHO REST,
		TREE PEOPLE SIGNATURE "\r\n" MESSAGE,
		" " TREE PEOPLE REST,
		"\n" TREE PEOPLE REST,
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (parses(cf_str(cases[i])))
			fail_msg("accepted: %s", cases[i]);
}

static void
test_refuses_other_ids(void **state)
{
	static const char *const ids[] = { "", "1",
		"111111111111111111111111111111111111111",
		"11111111111111111111111111111111111111111",
		"A111111111111111111111111111111111111111",
		"g111111111111111111111111111111111111111",
		" 111111111111111111111111111111111111111",
		"11111111111111111111111111111111111111 1",
		("1111111111111111111111111111111111111111"
		 "111111111111111111111111") };

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		char *raw = cf_asprintf("tree %s\nauthor " WHO "committer " WHO
			REST, ids[i]);

		assert_false(parses(cf_str(raw)));
		free(raw);
		raw = cf_asprintf(TREE "parent %s\nauthor " WHO "committer " WHO
			REST, ids[i]);
		assert_false(parses(cf_str(raw)));
		free(raw);
	}
}

static void
test_refuses_other_people(void **state)
{
	static const char *const people[] = {
		/* the name */
		" <a@b> 1 +0000", "<a@b> 1 +0000", "A<a@b> 1 +0000",
		" A <a@b> 1 +0000", "A  <a@b> 1 +0000", "A. <a@b> 1 +0000",
		"\"A\" <a@b> 1 +0000", "A, <a@b> 1 +0000", ".A <a@b> 1 +0000",
		"A\t <a@b> 1 +0000", "A\x01" "B <a@b> 1 +0000",
		"A\x7f" "B <a@b> 1 +0000", "A > B <a@b> 1 +0000",
		"A < B <a@b> 1 +0000", "A\xc2\x85" "B <a@b> 1 +0000",
		"A\xff" "B <a@b> 1 +0000", "A\xc0\xae" "B <a@b> 1 +0000",
		"A\r <a@b> 1 +0000",
		/* the address */
		"A <> 1 +0000", "A <a b> 1 +0000", "A < a@b> 1 +0000",
		"A <a@b > 1 +0000", "A <a<b> 1 +0000", "A <a>b> 1 +0000",
		"A <a\x01> 1 +0000", "A <a@b.> 1 +0000", "A a@b 1 +0000",
		"A <a@b 1 +0000", "A a@b> 1 +0000",
		/* the time */
		"A <a@b> -1 +0000", "A <a@b> +1 +0000", "A <a@b> 01 +0000",
		"A <a@b> 00 +0000", "A <a@b> 4294967296 +0000",
		"A <a@b> 18446744073709551617 +0000", "A <a@b>  1 +0000",
		"A <a@b> 1  +0000", "A <a@b>1 +0000", "A <a@b> +0000",
		"A <a@b>  +0000", "A <a@b> 1.0 +0000", "A <a@b> 0x1 +0000",
		/* the zone */
		"A <a@b> 1 +0100", "A <a@b> 1 -0000", "A <a@b> 1 +0000 ",
		"A <a@b> 1 +00000", "A <a@b> 1 +000", "A <a@b> 1 0000",
		"A <a@b> 1 Z", "A <a@b> 1", "A <a@b> 1 ",
		"A <a@b> 1 +0000\r", "A <a@b> 1 +0000 +0000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		char *raw = cf_asprintf(TREE "author %s\ncommitter %s\n"
			REST, people[i], people[i]);

		if (parses(cf_str(raw)))
			fail_msg("accepted: %s", people[i]);
		free(raw);
	}
}

static void
test_refuses_another_committer(void **state)
{
	static const char *const committers[] = {
		NAME "s <" EMAIL "> 1767225600 +0000\n",
		NAME " <x" EMAIL "> 1767225600 +0000\n",
		NAME " <" EMAIL "> 1767225601 +0000\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof committers / sizeof *committers; i++) {
		char *raw = cf_asprintf(TREE "author " WHO "committer %s"
			REST, committers[i]);

		assert_false(parses(cf_str(raw)));
		free(raw);
	}
}

static void
test_refuses_nul_and_length(void **state)
{
	char raw[sizeof golden + 8];
	struct cf_buf b = CF_BUF(2 * CF_MAX_COMMIT);

	(void)state;
	for (size_t i = 0; i < sizeof golden - 1; i++) {
		memcpy(raw, golden, sizeof golden);
		raw[i] = '\0';
		assert_false(parses((struct cf_str){ raw, sizeof golden - 1 }));
	}
	memcpy(raw, golden, sizeof golden);
	memcpy(raw + sizeof golden - 1, "\0tail", 5);
	assert_false(parses((struct cf_str){ raw, sizeof golden + 4 }));
	assert_false(parses((struct cf_str){ raw, sizeof golden }));
	/* at the limit, and past it */
	cf_buf_puts(&b, golden);
	while (b.len < CF_MAX_COMMIT)
		cf_buf_putc(&b, 'x');
	assert_true(parses((struct cf_str){ b.data, b.len }));
	cf_buf_putc(&b, 'x');
	assert_false(parses((struct cf_str){ b.data, b.len }));
	cf_buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(test_golden_bytes),
		PLAIN(test_make_appends),
		PLAIN(test_first_commit_has_no_parent),
		PLAIN(test_accepts),
		PLAIN(test_refuses_other_headers),
		PLAIN(test_refuses_other_ids),
		PLAIN(test_refuses_other_people),
		PLAIN(test_refuses_another_committer),
		PLAIN(test_refuses_nul_and_length),
	};

	if (cf_sign_start() != NULL || cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
