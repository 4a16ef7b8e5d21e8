/*
 * Signed commits: no byte can change, and stock git agrees. And the commit of
 * the commons.
 */
#include "golden_commit.h"

#include "base/limits.h"

/* Whether a commit with these bytes would be taken for somebody's. */
static bool
counts(struct cf_str raw)
{
	struct cf_commit c;
	struct cf_pubkey signer;

	return cf_commit_parse(&c, raw) == NULL &&
		cf_commit_verify(&signer, &c) == NULL;
}

static void
test_every_cut_is_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof golden - 1; n++)
		assert_false(counts((struct cf_str){ golden, n }));
}

static void
test_no_changed_byte_counts(void **state)
{
	char raw[sizeof golden + 1];
	const size_t n = sizeof golden - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < 12; k++) {
			char c = (char)(k < 8 ? golden[i] ^ 1 << k :
				(int)random_below(256));

			memcpy(raw, golden, sizeof golden);
			raw[i] = c;
			if (c != golden[i])
				assert_false(counts((struct cf_str){ raw, n }));
		}
		/* one less */
		memcpy(raw, golden, i);
		memcpy(raw + i, golden + i + 1, n - i);
		assert_false(counts((struct cf_str){ raw, n - 1 }));
		/* one more: each byte twice, and something in between */
		memcpy(raw + i, golden + i, 1);
		memcpy(raw + i + 1, golden + i, n - i);
		assert_false(counts((struct cf_str){ raw, n + 1 }));
		raw[i] = " \n\ta0+"[random_below(6)];
		assert_false(counts((struct cf_str){ raw, n + 1 }));
	}
	assert_true(counts(cf_str(golden)));
}

static void
random_text(struct cf_buf *out, size_t n)
{
	static const char *const parts[] = { "a", "Z", "0", " x", "-", "(b)",
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8f\xab", "& c", "/d" };

	cf_buf_puts(out, "N");
	while (n--)
		cf_buf_puts(out, parts[random_below(11)]);
	cf_buf_puts(out, "n");
}

static void
test_what_is_made_is_read(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	struct cf_buf name = CF_BUF(1000), raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf message = CF_BUF(1000);

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct cf_commit c = { .has_parent = random_below(2),
			.time = (int64_t)random_below(1ull << 32),
			.email = CF_STR(EMAIL) }, got;
		struct cf_pubkey signer;

		for (unsigned i = 0; i < 20; i++) {
			c.tree.raw[i] = (unsigned char)random_below(256);
			c.parent.raw[i] = (unsigned char)random_below(256);
		}
		cf_buf_reset(&name);
		cf_buf_reset(&raw);
		cf_buf_reset(&message);
		random_text(&name, random_below(30));
		while (random_below(20))
			cf_buf_putc(&message, "ab \n\r\t\xff"[random_below(7)]);
		c.name = (struct cf_str){ name.data, name.len };
		c.message = (struct cf_str){ message.data, message.len };
		cf_commit_make(&raw, &c, key);
		assert_ok(cf_commit_parse(&got,
			(struct cf_str){ raw.data, raw.len }));
		assert_ok(cf_commit_verify(&signer, &got));
		assert_string_equal(signer.did, cf_seckey_public(key)->did);
		assert_true(cf_oid_eq(&got.tree, &c.tree));
		assert_int_equal(got.has_parent, c.has_parent);
		if (c.has_parent)
			assert_true(cf_oid_eq(&got.parent, &c.parent));
		assert_true(cf_str_eq(got.name, c.name));
		assert_true(cf_str_eq(got.message, c.message));
		assert_int_equal(got.time, c.time);
	}
	cf_seckey_free(key);
	cf_buf_clear(&name);
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
}

/* A signature of one commit does not fit another. */
static void
test_signature_of_another_commit(void **state)
{
	struct cf_buf one = CF_BUF(CF_MAX_COMMIT), two = CF_BUF(CF_MAX_COMMIT);
	struct cf_seckey *key = golden_key();
	struct cf_commit c = golden_commit(), a, b;

	(void)state;
	cf_commit_make(&one, &c, key);
	c.time++;
	cf_commit_make(&two, &c, key);
	assert_ok(cf_commit_parse(&a, cf_str(one.data)));
	assert_ok(cf_commit_parse(&b, cf_str(two.data)));
	a.armour_folded = b.armour_folded;
	assert_err(cf_commit_verify(NULL, &a), CF_REFUSED, "commit.signature");
	cf_seckey_free(key);
	cf_buf_clear(&one);
	cf_buf_clear(&two);
}

/* --- with stock git ------------------------------------------------------- */

static void
test_git_verifies_it(void **state)
{
	struct fixture *f = *state;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), signers = CF_BUF(1000);
	struct cf_seckey *key = golden_key();
	struct cf_commit c = golden_commit();
	struct cf_oid oid;
	char hex[CF_OID_TEXT], *option, *path;

	if (!have_git() || access("/usr/bin/ssh-keygen", X_OK) != 0)
		skip();
	c.has_parent = false;
	assert_ok(cf_tree_edit(&c.tree, f->store, NULL, NULL, 0));
	cf_commit_make(&raw, &c, key);
	assert_ok(cf_odb_write(&oid, f->store, CF_COMMIT, raw.data, raw.len));
	assert_ok(cf_ref_set(f->store, "refs/heads/main", &oid, NULL));
	cf_allowed_signer(&signers, EMAIL, cf_seckey_public(key));
	put_file(f->dir, ".git/signers", signers.data);
	path = cf_path_join(f->dir, ".git/signers");
	option = cf_asprintf("gpg.ssh.allowedSignersFile=%s", path);
	cf_oid_hex(hex, &oid);
	assert_int_equal(git(NULL, f->dir, "-c", option, "verify-commit", hex),
		0);
	assert_int_equal(git(NULL, f->dir, "fsck", "--strict"), 0);
	cf_seckey_free(key);
	cf_buf_clear(&raw);
	cf_buf_clear(&signers);
	free(option);
	free(path);
}

static void
test_plain_commit(void **state)
{
	struct fixture *f = *state;
	struct cf_oid parents[40], tree, oid;
	struct cf_commit commit;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), want = CF_BUF(CF_MAX_COMMIT);
	char hex[CF_OID_TEXT];

	assert_ok(cf_tree_edit(&tree, f->store, NULL, NULL, 0));
	cf_oid_hex(hex, &tree);
	cf_buf_printf(&want, "tree %s\n", hex);
	for (size_t i = 0; i < 40; i++) {
		char text[20];

		(void)snprintf(text, sizeof text, "commit %zu\n", i);
		parents[i] = put_commit(f->store, NULL, text);
		cf_oid_hex(hex, &parents[i]);
		cf_buf_printf(&want, "parent %s\n", hex);
	}
	cf_buf_puts(&want, "author Confer <commons@confer.invalid> 5 +0000\n"
		"committer Confer <commons@confer.invalid> 5 +0000\n\n"
		"Commons of 40 trusts, ruleset 1\n");
	commit = plain(&tree, 5, "Commons of 40 trusts, ruleset 1\n");
	assert_ok(cf_commit_write_plain(&oid, f->store, &commit, parents, 40));
	assert_ok(cf_odb_read(&raw, cf_store_odb(f->store), &oid, CF_COMMIT));
	assert_string_equal(raw.data, want.data);
	/* no trust's main can hold it */
	assert_false(parses(cf_str(raw.data)));
	if (have_git()) {
		assert_ok(cf_ref_set(f->store, "refs/heads/commons", &oid,
			NULL));
		assert_git_says(f->dir, "41\n", "rev-list", "--count",
			"commons");
		assert_int_equal(git(NULL, f->dir, "fsck", "--strict"), 0);
	}
	cf_buf_clear(&raw);
	cf_buf_clear(&want);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		PLAIN(test_every_cut_is_refused),
		PLAIN(test_no_changed_byte_counts),
		PLAIN(test_what_is_made_is_read),
		PLAIN(test_signature_of_another_commit),
		ON_DISK(test_git_verifies_it),
		ON_DISK(test_plain_commit),
	};

	random_seed(argc, argv);
	if (cf_sign_start() != NULL || cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
