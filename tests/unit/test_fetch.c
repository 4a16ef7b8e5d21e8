/*
 * Fetching from folders.
 */
#include "partner.h"

#include <sys/stat.h>

static void
fetch(struct cf_fetch *fetch, struct fixture *f)
{
	fetch_with(fetch, f, f->ours, NULL);
	if (fetch->err)
		fail_msg("[%s] %s", fetch->err->rule, fetch->err->msg);
}

static void
expect_failure(struct fixture *f, const char *url, enum cf_code code,
	const char *rule, const char *words)
{
	struct cf_fetch one = { .url = url };

	fetch_with(&one, f, f->ours, NULL);
	if (one.err == NULL)
		fail_msg("fetched %s", url);
	if (one.err->code != code || strcmp(one.err->rule, rule) != 0 ||
		strstr(one.err->msg, words) == NULL)
		fail_msg("%d [%s] %s", (int)one.err->code, one.err->rule,
			one.err->msg);
	assert_true(one.err == &one.error);
	assert_null(one.quarantine);
	cf_fetch_clear(&one);
}

/* --- folders -------------------------------------------------------------- */

static void
test_first_fetch_brings_everything(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 30, "a");
	struct cf_fetch one = { .url = f->theirs_dir };
	struct cf_quarantine q;

	fetch(&one, f);
	assert_true(one.has_head && cf_oid_eq(&one.head, &head));
	/* commits; their root, records, finding and one folder; blobs */
	assert_int_equal(one.objects, 30 * 6);
	assert_non_null(one.quarantine);
	assert_ok(cf_quarantine_open(&q, one.quarantine, f->ours));
	assert_whole(q.pack, &head, 30);
	assert_whole(q.all, &head, 30);
	assert_false(cf_odb_has(cf_store_odb(f->ours), &head));
	cf_quarantine_close(&q);
	cf_fetch_clear(&one);
	assert_int_equal(entries(f->scratch, "quarantine"), 0);
}

static void
accept_all(struct fixture *f, const struct cf_fetch *one)
{
	assert_ok(cf_quarantine_accept(f->ours, one->quarantine,
		&one->head));
}

static void
test_next_fetch_brings_what_is_new(void **state)
{
	struct fixture *f = *state;
	struct cf_oid first = grow(f->theirs, 20, "a"), head;
	struct cf_fetch one = { .url = f->theirs_dir };
	struct cf_quarantine q;

	fetch(&one, f);
	accept_all(f, &one);
	cf_fetch_clear(&one);
	assert_whole(cf_store_odb(f->ours), &first, 20);

	one = (struct cf_fetch){ .url = f->theirs_dir, .have = first,
		.has_have = true };
	fetch(&one, f);
	assert_true(one.has_head && cf_oid_eq(&one.head, &first));
	assert_null(one.quarantine);
	assert_int_equal(one.objects, 0);

	head = grow(f->theirs, 2, "b");
	fetch(&one, f);
	assert_true(cf_oid_eq(&one.head, &head));
	assert_int_equal(one.objects, 2 * 6);
	assert_ok(cf_quarantine_open(&q, one.quarantine, f->ours));
	assert_false(cf_odb_has(q.pack, &first));
	assert_true(cf_odb_has(q.all, &first));
	assert_whole(q.all, &head, 22);
	cf_quarantine_close(&q);
	cf_fetch_clear(&one);
}

/* A pin that we hold no more is asked for again. */
static void
test_a_lost_pin_is_fetched_again(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 3, "a");
	struct cf_fetch one = { .url = f->theirs_dir, .have = head,
		.has_have = true };

	fetch(&one, f);
	assert_non_null(one.quarantine);
	assert_int_equal(one.objects, 3 * 6);
	cf_fetch_clear(&one);
}

/*
 * What we hold for another reason is sent all the same: whether their history
 * is whole must not depend on what else we have.
 */
static void
test_what_else_we_hold_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 5, "a"), same;
	struct cf_fetch one = { .url = f->theirs_dir };

	same = grow(f->ours, 5, "a");
	assert_true(cf_oid_eq(&head, &same));
	fetch(&one, f);
	assert_int_equal(one.objects, 5 * 6);
	assert_non_null(one.quarantine);
	cf_fetch_clear(&one);
}

static void
test_empty_and_deleted_branch(void **state)
{
	struct fixture *f = *state;
	struct cf_fetch one = { .url = f->theirs_dir };

	fetch(&one, f);
	assert_false(one.has_head);
	assert_null(one.quarantine);
	(void)grow(f->theirs, 1, "a");
	assert_ok(cf_ref_delete(f->theirs, MAIN));
	fetch(&one, f);
	assert_false(one.has_head);
	assert_null(one.quarantine);
}

/* Behind our pin: the gate is told the head, and it decides. */
static void
test_a_head_behind_the_pin(void **state)
{
	struct fixture *f = *state;
	struct cf_oid first = grow(f->theirs, 3, "a");
	struct cf_oid second = grow(f->theirs, 3, "b");
	struct cf_fetch one = { .url = f->theirs_dir };

	fetch(&one, f);
	accept_all(f, &one);
	cf_fetch_clear(&one);
	assert_ok(cf_ref_set(f->theirs, MAIN, &first, &second));
	one = (struct cf_fetch){ .url = f->theirs_dir, .have = second,
		.has_have = true };
	fetch(&one, f);
	assert_true(one.has_head && cf_oid_eq(&one.head, &first));
	cf_fetch_clear(&one);
}

static void
test_bare_packed_and_by_file_url(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 10, "a");
	char *bare = cf_path_join(f->dir, "their's %20.git");
	char *url = cf_asprintf("file://%s/their's%%20%%2520.git", f->dir);
	struct cf_fetch one = { .url = bare };
	char *normal;
	bool local;

	if (!have_git())
		skip();
	assert_int_equal(git(NULL, f->dir, "clone", "-q", "--bare", "theirs",
		"their's %20.git"), 0);
	assert_int_equal(git(NULL, bare, "gc", "-q"), 0);
	assert_true(file_there(bare, "packed-refs"));
	fetch(&one, f);
	assert_true(cf_oid_eq(&one.head, &head));
	assert_int_equal(one.objects, 10 * 6);
	cf_fetch_clear(&one);
	assert_ok(cf_url_check(&normal, &local, url));
	one = (struct cf_fetch){ .url = normal };
	fetch(&one, f);
	assert_true(cf_oid_eq(&one.head, &head));
	cf_fetch_clear(&one);
	free(normal);
	free(url);
	free(bare);
}

/* Whose folder it is does not matter to a reader. */
static void
test_a_folder_of_another_user(void **state)
{
	struct fixture *f = *state;
	struct cf_fetch one = { .url = f->theirs_dir };

	if (geteuid() != 0)
		skip();
	(void)grow(f->theirs, 1, "a");
	assert_int_equal(chown(f->theirs_dir, 12345, 12345), 0);
	fetch(&one, f);
	assert_non_null(one.quarantine);
	cf_fetch_clear(&one);
}

static void
test_their_configuration_is_not_read(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 2, "a");
	struct cf_fetch one = { .url = f->theirs_dir };

	put_file(f->theirs_dir, ".git/config", "[core\n this is no config");
	put_file(f->theirs_dir, ".git/HEAD", "nonsense");
	fetch(&one, f);
	assert_true(cf_oid_eq(&one.head, &head));
	cf_fetch_clear(&one);
}

static void
test_alternates_are_not_followed(void **state)
{
	struct fixture *f = *state;
	char *other = cf_path_join(f->dir, "other");
	struct cf_fetch one = { .url = other };
	struct cf_store *store = new_store(other);
	char *line = cf_asprintf("%s/objects\n", cf_store_git_dir(f->theirs));
	struct cf_oid head = grow(f->theirs, 2, "a");
	char hex[CF_OID_TEXT + 1];

	cf_oid_hex(hex, &head);
	hex[40] = '\n';
	hex[41] = '\0';
	put_file(other, ".git/refs/heads/main", hex);
	put_file(other, ".git/objects/info/alternates", line);
	fetch(&one, f);
	assert_true(one.has_head);
	assert_null(one.quarantine);
	cf_store_free(store);
	free(line);
	free(other);
}

static void
test_links_are_refused(void **state)
{
	struct fixture *f = *state;
	char *trap = cf_path_join(f->dir, "trap");
	char *git_dir = cf_path_join(trap, ".git");
	char *theirs_git = cf_path_join(f->theirs_dir, ".git");
	char *pack = cf_path_join(theirs_git, "objects/pack");
	char *moved = cf_path_join(f->dir, "moved");
	char *fifo = cf_path_join(theirs_git, "objects/zz");

	(void)grow(f->theirs, 2, "a");
	assert_ok(cf_mkdirs(trap, 0777));
	assert_int_equal(symlink(theirs_git, git_dir), 0);
	expect_failure(f, trap, CF_REMOTE, "remote.missing", "is a link");
	assert_int_equal(unlink(git_dir), 0);
	put_file(trap, ".git", "gitdir: ../theirs/.git\n");
	expect_failure(f, trap, CF_REMOTE, "remote.missing", "is a link");
	/* among the objects */
	assert_int_equal(rename(pack, moved), 0);
	assert_int_equal(symlink(moved, pack), 0);
	expect_failure(f, f->theirs_dir, CF_REFUSED, "source.link", "links");
	assert_int_equal(unlink(pack), 0);
	assert_int_equal(rename(moved, pack), 0);
	assert_int_equal(mkfifo(fifo, 0666), 0);
	expect_failure(f, f->theirs_dir, CF_REFUSED, "source.link", "links");
	free(trap);
	free(git_dir);
	free(theirs_git);
	free(pack);
	free(moved);
	free(fifo);
}

static void
test_no_such_folder_or_repository(void **state)
{
	struct fixture *f = *state;
	char *none = cf_path_join(f->dir, "none");

	expect_failure(f, none, CF_REMOTE, "remote.missing",
		"there is no folder");
	assert_ok(cf_mkdirs(none, 0777));
	expect_failure(f, none, CF_REMOTE, "remote.missing",
		"there is no git repository");
	free(none);
}

static void
remove_object(struct cf_store *store, const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT], *path;

	cf_oid_hex(hex, oid);
	path = cf_asprintf("%s/objects/%.2s/%s", cf_store_git_dir(store), hex,
		hex + 2);
	assert_int_equal(unlink(path), 0);
	free(path);
}

/* What is not there is not sent: the gate names it, as over a network. */
static void
test_a_damaged_source(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 3, "a"), blob;
	struct cf_fetch one = { .url = f->theirs_dir };
	static const char body[] = "{\"what\": \"a 1\"}\n";
	struct cf_quarantine q;

	cf_oid_of(&blob, CF_BLOB, body, sizeof body - 1);
	remove_object(f->theirs, &blob);
	fetch(&one, f);
	assert_ok(cf_quarantine_open(&q, one.quarantine, NULL));
	assert_true(cf_odb_has(q.pack, &head));
	assert_false(cf_odb_has(q.pack, &blob));
	cf_quarantine_close(&q);
	cf_fetch_clear(&one);
	remove_object(f->theirs, &head);
	fetch(&one, f);
	assert_true(one.has_head && cf_oid_eq(&one.head, &head));
	assert_null(one.quarantine);
}

/* The same folder again and again as an entry: 2^20 paths, 21 trees. */
static void
test_a_tree_bomb_ends_soon(void **state)
{
	struct fixture *f = *state;
	struct cf_fetch one = { .url = f->theirs_dir };
	struct cf_oid oid, head;
	static const char body[] = "boom";

	assert_ok(cf_odb_write(&oid, f->theirs, CF_BLOB, body, 4));
	for (unsigned level = 0; level < 20; level++) {
		struct cf_buf tree = CF_BUF(200);

		for (char c = 'a'; c <= 'z'; c++) {
			cf_buf_printf(&tree, "%s %c", level ? "40000" :
				"100644", c);
			cf_buf_putc(&tree, '\0');
			cf_buf_add(&tree, oid.raw, sizeof oid.raw);
			if (c == 'b')
				break;
		}
		assert_ok(cf_odb_write(&oid, f->theirs, CF_TREE, tree.data,
			tree.len));
		cf_buf_clear(&tree);
	}
	head = commit_of(f->theirs, &oid, NULL, 1, "bomb\n");
	assert_ok(cf_ref_set(f->theirs, MAIN, &head, NULL));
	fetch(&one, f);
	assert_true(one.objects < 30);
	cf_fetch_clear(&one);
}

/* --- several -------------------------------------------------------------- */

static void
count_calls(void *payload, const struct cf_fetch *one)
{
	unsigned *n = payload;

	assert_non_null(one->url);
	(*n)++;
}

static void
test_one_bad_partner_among_good_ones(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 2, "a");
	char *none = cf_path_join(f->dir, "none");
	struct cf_fetch list[6];
	unsigned calls = 0;

	for (size_t i = 0; i < 6; i++)
		list[i] = (struct cf_fetch){ .url = f->theirs_dir };
	list[1].url = none;
	list[3].url = "ext::sh -c whoami";
	assert_ok(cf_fetch_all(list, 6, 2, f->ours, f->scratch, NULL,
		count_calls, &calls));
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(list[i].err != NULL, i == 1 || i == 3);
		assert_int_equal(list[i].quarantine != NULL,
			i != 1 && i != 3);
		if (list[i].quarantine)
			assert_true(cf_oid_eq(&list[i].head, &head));
	}
	assert_string_equal(list[3].err->rule, "url.transport");
	assert_true(calls >= 5);
	assert_int_equal(entries(f->scratch, "quarantine"), 4);
	for (size_t i = 0; i < 6; i++)
		cf_fetch_clear(&list[i]);
	assert_int_equal(entries(f->scratch, "quarantine"), 0);
	free(none);
}

static void
test_nobody_to_fetch_from(void **state)
{
	struct fixture *f = *state;

	assert_ok(cf_fetch_all(NULL, 0, 0, NULL, f->scratch, NULL, NULL,
		NULL));
}

static void
test_without_a_store(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->theirs, 2, "a");
	struct cf_fetch one = { .url = f->theirs_dir };
	struct cf_quarantine q;

	fetch_with(&one, f, NULL, NULL);
	assert_null(one.err);
	assert_ok(cf_quarantine_open(&q, one.quarantine, NULL));
	assert_whole(q.all, &head, 2);
	cf_quarantine_close(&q);
	cf_fetch_clear(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_fetch_brings_everything),
		TEST(test_next_fetch_brings_what_is_new),
		TEST(test_a_lost_pin_is_fetched_again),
		TEST(test_what_else_we_hold_does_not_count),
		TEST(test_empty_and_deleted_branch),
		TEST(test_a_head_behind_the_pin),
		TEST(test_bare_packed_and_by_file_url),
		TEST(test_a_folder_of_another_user),
		TEST(test_their_configuration_is_not_read),
		TEST(test_alternates_are_not_followed),
		TEST(test_links_are_refused),
		TEST(test_no_such_folder_or_repository),
		TEST(test_a_damaged_source),
		TEST(test_a_tree_bomb_ends_soon),
		TEST(test_one_bad_partner_among_good_ones),
		TEST(test_nobody_to_fetch_from),
		TEST(test_without_a_store),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
