/*
 * Writing packs: libgit2 and git read them as they read their own.
 */
#include "partner.h"

#include <sys/stat.h>

#include "store/packer.h"
#include "store/sha1.h"

static void
test_sha1(void **state)
{
	static const struct {
		const char *text, *hash;
	} known[] = {
		{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	};
	unsigned char out[20];
	char hex[41];
	struct cf_sha1 s;

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		cf_sha1_init(&s);
		cf_sha1_add(&s, known[i].text, strlen(known[i].text));
		cf_sha1_end(out, &s);
		cf_hex(hex, out, 20);
		assert_string_equal(hex, known[i].hash);
	}
}

/* Of every length, in pieces: as git hashes a blob. */
static void
test_sha1_as_libgit2(void **state)
{
	char text[300];
	struct cf_oid want;
	struct cf_sha1 s;
	struct cf_oid got;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t n = 0; n < sizeof text; n++) {
		char head[20];
		int m = snprintf(head, sizeof head, "blob %zu", n);

		cf_sha1_init(&s);
		cf_sha1_add(&s, head, (size_t)m + 1);
		cf_sha1_add(&s, text, n / 3);
		cf_sha1_add(&s, text, n - n / 3);
		cf_sha1_end(got.raw, &s);
		cf_oid_of(&want, CF_BLOB, text, n);
		assert_true(cf_oid_eq(&got, &want));
	}
}

static struct cf_oid
add(struct cf_packer *p, const char *text)
{
	struct cf_oid oid;

	cf_oid_of(&oid, CF_BLOB, text, strlen(text));
	assert_ok(cf_packer_add(p, &oid, CF_BLOB, text, strlen(text)));
	return oid;
}

/* Enough for the table to grow, in an order of their own. */
static void
test_many_objects_are_found_again(void **state)
{
	char *dir = scratch_new(), text[40];
	struct cf_packer p;
	struct cf_oid oid;

	(void)state;
	assert_ok(cf_packer_open(&p, dir));
	for (unsigned i = 0; i < 5000; i++) {
		(void)snprintf(text, sizeof text, "object %u", i);
		cf_oid_of(&oid, CF_BLOB, text, strlen(text));
		assert_null(cf_packer_find(&p, &oid));
		oid = add(&p, text);
		assert_non_null(cf_packer_find(&p, &oid));
	}
	for (unsigned i = 0; i < 5000; i += 7) {
		const struct cf_packed *found;

		(void)snprintf(text, sizeof text, "object %u", i);
		cf_oid_of(&oid, CF_BLOB, text, strlen(text));
		found = cf_packer_find(&p, &oid);
		assert_non_null(found);
		assert_true(cf_oid_eq(&found->oid, &oid));
	}
	assert_ok(cf_packer_finish(&p, true));
	cf_packer_close(&p);
	if (have_git()) {
		struct cf_names names;

		assert_ok(cf_dir_names(&names, dir));
		assert_int_equal(names.n, 2);
		assert_int_equal(git(NULL, dir, "verify-pack", names.name[0]),
			0);
		cf_names_clear(&names);
	}
	scratch_free(dir);
}

/* Given up, or failed: nothing remains. */
static void
test_nothing_remains_of_what_is_not_finished(void **state)
{
	char *dir = scratch_new(), *none = cf_path_join(dir, "none");
	struct cf_packer p;

	(void)state;
	assert_ok(cf_packer_open(&p, dir));
	(void)add(&p, "one");
	cf_packer_close(&p);
	assert_int_equal(entries(dir, ""), 0);
	assert_err(cf_packer_open(&p, none), CF_SYS, "");
	cf_packer_close(&p);
	free(none);
	scratch_free(dir);
}

/* --- deltas --------------------------------------------------------------- */

/* Adds, changes and removes up to ten files, some of them side by side, in names
 * that begin alike. */
static struct cf_oid
random_step(struct cf_store *store, const struct cf_oid *parent,
	const struct cf_oid *old, struct cf_oid *tree)
{
	struct cf_edit edits[10];
	size_t n = 0, want = 1 + random_below(10);
	uint64_t at = random_below(300);

	while (n < want) {
		char body[40];

		(void)snprintf(body, sizeof body, "%u", (unsigned)
			random_below(100000));
		at += 1 + random_below(4);
		edits[n].path = cf_asprintf("%s/%u%s", random_below(2) ?
			"a" : "a.b", (unsigned)at, random_below(2) ? "" : "x");
		edits[n].remove = random_below(4) == 0;
		assert_ok(cf_odb_write(&edits[n].oid, store, CF_BLOB, body,
			strlen(body)));
		n++;
	}
	assert_ok(cf_tree_edit(tree, store, old, edits, n));
	for (size_t i = 0; i < n; i++)
		free(edits[i].path);
	return commit_of(store, tree, parent, 1000, "random");
}

/* Every tree of a random history comes out of its pack as it went in. */
static void
test_deltas_give_back_every_tree(void **state)
{
	enum { STEPS = 130 };
	struct fixture *f = *state;
	struct cf_oid head, trees[STEPS];
	struct cf_fetch one = { .url = f->theirs_dir };
	struct cf_quarantine q;

	for (unsigned i = 0; i < STEPS; i++)
		head = random_step(f->theirs, i ? &head : NULL,
			i ? &trees[i - 1] : NULL, &trees[i]);
	assert_ok(cf_ref_set(f->theirs, MAIN, &head, NULL));
	fetch_with(&one, f, f->ours, NULL);
	assert_null(one.err);
	assert_ok(cf_quarantine_open(&q, one.quarantine, NULL));
	for (unsigned i = 0; i < STEPS; i++)
		assert_tree(q.pack, &trees[i]);
	cf_quarantine_close(&q);
	if (have_git()) {
		assert_ok(cf_quarantine_accept(f->ours, one.quarantine));
		assert_int_equal(git(NULL, f->ours_dir, "fsck", "--strict",
			"--no-dangling"), 0);
	}
	cf_fetch_clear(&one);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha1),
		cmocka_unit_test(test_sha1_as_libgit2),
		cmocka_unit_test(test_many_objects_are_found_again),
		cmocka_unit_test(test_nothing_remains_of_what_is_not_finished),
		TEST(test_deltas_give_back_every_tree),
	};

	random_seed(argc, argv);
	return cmocka_run_group_tests(tests, start_all, NULL);
}
