/*
 * Pushing into folders. What needs servers is in tests/e2e/http.bats.
 */
#include "grow.h"

#include <fcntl.h>
#include <sys/stat.h>

struct fixture {
	char *dir, *ours_dir, *bare;
	struct cf_store *ours;
};

static int
set_up(void **state)
{
	struct fixture *f = cf_calloc(1, sizeof *f);

	f->dir = scratch_new();
	f->ours_dir = cf_path_join(f->dir, "ours");
	f->bare = cf_path_join(f->dir, "bare.git");
	f->ours = new_store(f->ours_dir);
	new_bare(f->bare);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	/* it cleans up behind itself, whatever happened */
	assert_int_equal(entries(cf_store_git_dir(f->ours),
		"confer/quarantine"), 0);
	cf_store_free(f->ours);
	scratch_free(f->dir);
	free(f->ours_dir);
	free(f->bare);
	free(f);
	return 0;
}

/* main of the bare repository, zero where it has none. */
static struct cf_oid
head_of(const char *bare)
{
	struct cf_oid out = { 0 };
	git_repository *repo;
	git_oid id;

	assert_int_equal(git_repository_open(&repo, bare), 0);
	if (git_reference_name_to_id(&id, repo, MAIN) == 0)
		memcpy(out.raw, id.id, sizeof out.raw);
	git_repository_free(repo);
	return out;
}

/* Fetching it again gives the whole history. */
static void
assert_arrived(struct fixture *f, const struct cf_oid *head, unsigned commits)
{
	struct cf_fetch one = { .url = f->bare };
	struct cf_quarantine q;

	assert_ok(cf_fetch_all(&one, 1, 1, NULL, f->dir, NULL, NULL, NULL));
	if (one.err)
		fail_msg("%s", one.err->msg);
	assert_true(cf_oid_eq(&one.head, head));
	assert_ok(cf_quarantine_open(&q, one.quarantine, NULL));
	assert_whole(q.pack, head, commits);
	cf_quarantine_close(&q);
	cf_fetch_clear(&one);
}

static void
test_first_push_and_next(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->ours, 3, "a");

	assert_ok(cf_push(f->ours, f->bare, &head, NULL));
	assert_arrived(f, &head, 3);
	/* once more: nothing to do */
	assert_ok(cf_push(f->ours, f->bare, &head, NULL));
	head = grow(f->ours, 2, "b");
	assert_ok(cf_push(f->ours, f->bare, &head, NULL));
	assert_arrived(f, &head, 5);
	/* a few objects do not become a pack each time */
	assert_int_equal(entries(f->bare, "objects/pack"), 0);
	if (have_git()) {
		assert_int_equal(git(NULL, f->bare, "fsck", "--strict"), 0);
		/* who clones it gets main, though "master" is git's default */
		assert_git_says(f->bare, "refs/heads/main\n", "symbolic-ref",
			"HEAD");
	}
}

static void
test_many_objects_become_a_pack(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->ours, CF_LOOSE_MAX / 5, "a");

	assert_ok(cf_push(f->ours, f->bare, &head, NULL));
	assert_arrived(f, &head, CF_LOOSE_MAX / 5);
	assert_int_equal(entries(f->bare, "objects/pack"), 2);
	if (have_git())
		assert_int_equal(git(NULL, f->bare, "fsck", "--strict"), 0);
}

/* Another machine pushed something that we have not seen. */
static void
test_moved_by_another_machine(void **state)
{
	struct fixture *f = *state;
	char *dir = cf_path_join(f->dir, "other");
	struct cf_store *other = new_store(dir);
	struct cf_oid ours = grow(f->ours, 2, "a");
	struct cf_oid theirs = grow(other, 2, "b"), now;

	assert_ok(cf_push(other, f->bare, &theirs, NULL));
	assert_err(cf_push(f->ours, f->bare, &ours, NULL), CF_BUSY,
		"push.moved");
	now = head_of(f->bare);
	assert_true(cf_oid_eq(&now, &theirs));
	cf_store_free(other);
	free(dir);
}

/* We know what is there, and it is not below what we push. */
static void
test_no_way_back(void **state)
{
	struct fixture *f = *state;
	struct cf_oid first = grow(f->ours, 2, "a");
	struct cf_oid second = grow(f->ours, 1, "b"), now;

	assert_ok(cf_push(f->ours, f->bare, &second, NULL));
	assert_err(cf_push(f->ours, f->bare, &first, NULL), CF_BUSY,
		"push.moved");
	now = head_of(f->bare);
	assert_true(cf_oid_eq(&now, &second));
}

/* Somebody else is writing it just now. */
static void
test_a_locked_branch(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->ours, 1, "a"), now;

	put_file(f->bare, "refs/heads/main.lock", "");
	assert_err(cf_push(f->ours, f->bare, &head, NULL), CF_BUSY,
		"push.locked");
	now = head_of(f->bare);
	assert_true(cf_oid_is_zero(&now));
}

static void
expect_failure(struct fixture *f, const char *url, const struct cf_oid *head,
	const char *rule, const char *words)
{
	const struct cf_err *err = cf_push(f->ours, url, head, NULL);

	if (err == NULL)
		fail_msg("pushed to %s", url);
	if (err->code != CF_REMOTE || strcmp(err->rule, rule) != 0 ||
		strstr(err->msg, words) == NULL)
		fail_msg("%d [%s] %s", (int)err->code, err->rule, err->msg);
}

static void
test_only_into_a_bare_repository(void **state)
{
	struct fixture *f = *state;
	char *dir = cf_path_join(f->dir, "work");
	char *inside = cf_path_join(dir, ".git");
	char *none = cf_path_join(f->dir, "none");
	struct cf_store *work = new_store(dir);
	struct cf_oid head = grow(f->ours, 1, "a");

	expect_failure(f, dir, &head, "push.rejected", "git init --bare");
	expect_failure(f, inside, &head, "push.rejected", "git init --bare");
	expect_failure(f, none, &head, "remote.missing", "git init --bare");
	assert_ok(cf_mkdirs(none, 0777));
	expect_failure(f, none, &head, "remote.missing", "git init --bare");
	cf_store_free(work);
	free(dir);
	free(inside);
	free(none);
}

static void
test_bad_url(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->ours, 1, "a");

	assert_err(cf_push(f->ours, "ext::sh -c whoami", &head, NULL),
		CF_INVALID, "url.transport");
}

/* The folder cannot be written: nothing is half done. */
static void
test_a_folder_that_cannot_be_written(void **state)
{
	struct fixture *f = *state;
	struct cf_oid head = grow(f->ours, 1, "a"), now;
	char *objects = cf_path_join(f->bare, "objects");
	char *aside = cf_path_join(f->bare, "aside");
	const struct cf_err *err;

	assert_int_equal(rename(objects, aside), 0);
	put_file(f->bare, "objects", "a file where a folder should be");
	err = cf_push(f->ours, f->bare, &head, NULL);
	assert_non_null(err);
	assert_int_equal(unlink(objects), 0);
	assert_int_equal(rename(aside, objects), 0);
	now = head_of(f->bare);
	assert_true(cf_oid_is_zero(&now));
	free(objects);
	free(aside);
}

static int
start_all(void **state)
{
	(void)state;
	return cf_store_start() ? -1 : 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_push_and_next),
		TEST(test_many_objects_become_a_pack),
		TEST(test_moved_by_another_machine),
		TEST(test_no_way_back),
		TEST(test_a_locked_branch),
		TEST(test_only_into_a_bare_repository),
		TEST(test_bad_url),
		TEST(test_a_folder_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
