/*
 * Reading a quarantine and taking it over: what is not one sound pack is
 * refused, and a kill at any instant leaves the store whole.
 */
#include "grow.h"
#include "steps.h"

#include <sys/stat.h>

#include "store/git.h"

struct fixture {
	char *dir, *scratch, *theirs_dir, *ours_dir;
	struct cf_store *theirs, *ours;
	struct cf_fetch one;
};

static void
begin(struct fixture *f, unsigned commits)
{
	f->theirs = new_store(f->theirs_dir);
	f->ours = new_store(f->ours_dir);
	f->scratch = cf_path_join(cf_store_git_dir(f->ours), "confer");
	(void)grow(f->theirs, commits, "a");
	f->one = (struct cf_fetch){ .url = f->theirs_dir };
	assert_ok(cf_fetch_all(&f->one, 1, 1, f->ours, f->scratch, NULL, NULL,
		NULL));
	if (f->one.err)
		fail_msg("%s", f->one.err->msg);
}

static int
set_up(void **state)
{
	struct fixture *f = cf_calloc(1, sizeof *f);

	f->dir = scratch_fast();
	f->theirs_dir = cf_path_join(f->dir, "theirs");
	f->ours_dir = cf_path_join(f->dir, "ours");
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	cf_fetch_clear(&f->one);
	cf_store_free(f->theirs);
	cf_store_free(f->ours);
	scratch_free(f->dir);
	free(f->theirs_dir);
	free(f->ours_dir);
	free(f->scratch);
	free(f);
	return 0;
}

/* The path of the pack or its index; the caller frees. */
static char *
pack_file(const struct fixture *f, const char *suffix)
{
	char *dir = cf_path_join(f->one.quarantine, "objects/pack");
	struct cf_names names;
	char *path = NULL;

	assert_ok(cf_dir_names(&names, dir));
	for (size_t i = 0; i < names.n; i++)
		if (cf_ends(names.name[i], suffix))
			path = cf_path_join(dir, names.name[i]);
	cf_names_clear(&names);
	free(dir);
	assert_non_null(path);
	return path;
}

static const struct cf_err *
accept_one(const struct fixture *f)
{
	return cf_quarantine_accept(f->ours, f->one.quarantine, &f->one.head);
}

static void
expect_refused(const struct fixture *f, const char *rule)
{
	struct cf_quarantine q;

	assert_err(cf_quarantine_open(&q, f->one.quarantine, f->ours),
		CF_REFUSED, rule);
	assert_null(q.pack);
	assert_err(accept_one(f), CF_REFUSED, rule);
}

static void
test_only_one_pair_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	char *pack, *idx, *other, *dir;

	begin(f, 2);
	pack = pack_file(f, ".pack");
	idx = pack_file(f, ".idx");
	dir = cf_path_join(f->one.quarantine, "objects/pack");

	other = cf_path_join(dir, "pack-0000000000000000000000000000000000000000"
		".pack");
	assert_int_equal(link(pack, other), 0);
	expect_refused(f, "limit.pack");
	assert_int_equal(unlink(other), 0);

	put_file(dir, "pack-x.keep", "");
	expect_refused(f, "limit.pack");
	free(other);
	other = cf_path_join(dir, "pack-x.keep");
	assert_int_equal(unlink(other), 0);

	free(other);
	other = cf_path_join(f->dir, "aside");
	assert_int_equal(rename(pack, other), 0);
	expect_refused(f, "limit.pack");
	/* a link to a pack is no pack */
	assert_int_equal(symlink(other, pack), 0);
	expect_refused(f, "limit.pack");
	assert_int_equal(unlink(pack), 0);
	assert_int_equal(mkfifo(pack, 0666), 0);
	expect_refused(f, "limit.pack");
	assert_int_equal(unlink(pack), 0);
	assert_int_equal(rename(other, pack), 0);
	assert_int_equal(rename(idx, other), 0);
	expect_refused(f, "limit.pack");
	assert_int_equal(rename(other, idx), 0);
	assert_ok(accept_one(f));
	free(pack);
	free(idx);
	free(dir);
	free(other);
}

/* Changes bytes of a file that may not be written. */
static void
poke(const char *path, off_t at, const void *bytes, size_t n)
{
	int fd;

	assert_int_equal(chmod(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	(void)close(fd);
}

static void
test_the_number_of_objects_is_limited(void **state)
{
	static const unsigned char many[4] = { 0, 0x1e, 0x84, 0x81 };
	static const unsigned char huge[4] = { 0xff, 0xff, 0xff, 0xff };
	struct fixture *f = *state;
	char *idx;

	begin(f, 2);
	idx = pack_file(f, ".idx");
	/* CF_MAX_PACK_OBJECTS + 1 */
	poke(idx, 8 + 255 * 4, many, 4);
	expect_refused(f, "limit.objects");
	poke(idx, 8 + 255 * 4, huge, 4);
	expect_refused(f, "limit.objects");
	poke(idx, 0, "XXXX", 4);
	expect_refused(f, "limit.pack");
	free(idx);
}

/*
 * An index that leads from the name of one object to the bytes of another: as
 * if a child had been taken over. Nothing of it is taken over.
 */
static void
test_an_index_that_lies(void **state)
{
	struct fixture *f = *state;
	struct cf_buf file = CF_BUF(1 << 20);
	struct cf_oid name, last;
	unsigned n;
	char *idx;

	begin(f, 2);
	idx = pack_file(f, ".idx");
	assert_ok(cf_file_read(&file, idx, false));
	n = (unsigned char)file.data[8 + 255 * 4 + 3];
	assert_int_equal(n, 12);
	/* the names, without their order: the last takes the first's place */
	memcpy(name.raw, file.data + 1032, 20);
	memcpy(last.raw, file.data + 1032 + 20 * (n - 1), 20);
	/* its offset too: then every name is there, two of them lie */
	poke(idx, 1032 + 24 * n, file.data + 1032 + 24 * n + 4 * (n - 1), 4);
	assert_non_null(accept_one(f));
	assert_false(cf_odb_has(cf_store_odb(f->ours), &name));
	cf_buf_clear(&file);
	free(idx);
}

static void
test_a_damaged_pack(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	char *pack;

	begin(f, CF_LOOSE_MAX / 5);
	pack = pack_file(f, ".pack");
	assert_int_equal(stat(pack, &st), 0);
	poke(pack, st.st_size / 2, "damaged!", 8);
	assert_non_null(accept_one(f));
	/* the switch was not thrown */
	assert_int_equal(entries(cf_store_git_dir(f->ours), "objects/pack"), 0);
	free(pack);
}

/*
 * An object whose header does not say what it is, is damaged and not merely of no
 * use. The first one of a pack comes after 12 bytes: kinds 0 and 5 mean nothing,
 * and a delta (6) has no base 127 bytes before it.
 */
static void
test_a_damaged_header(void **state)
{
	static const char headers[][2] = { { 0x09, 0 }, { 0x59, 0 },
		{ 0x69, 0x7f } };
	struct fixture *f = *state;
	char *pack;

	begin(f, CF_LOOSE_MAX / 5);
	pack = pack_file(f, ".pack");
	for (size_t i = 0; i < 3; i++) {
		poke(pack, 12, headers[i], 2);
		assert_err(accept_one(f), CF_REFUSED, "object.corrupt");
		assert_int_equal(entries(cf_store_git_dir(f->ours),
			"objects/pack"), 0);
	}
	free(pack);
}

static size_t
loose_objects(const struct fixture *f)
{
	size_t n = 0;

	for (unsigned i = 0; i < 256; i++) {
		char name[20];

		(void)snprintf(name, sizeof name, "objects/%02x", i);
		n += entries(cf_store_git_dir(f->ours), name);
	}
	return n;
}

static void
test_a_few_become_loose_objects(void **state)
{
	struct fixture *f = *state;

	begin(f, 10);
	assert_int_equal(f->one.objects, 60);
	assert_ok(accept_one(f));
	assert_int_equal(loose_objects(f), 60);
	assert_int_equal(entries(cf_store_git_dir(f->ours), "objects/pack"), 0);
	assert_whole(cf_store_odb(f->ours), &f->one.head, 10);
	assert_ok(accept_one(f));	/* once more changes nothing */
	assert_int_equal(loose_objects(f), 60);
	if (have_git())
		assert_int_equal(git(NULL, f->ours_dir, "fsck", "--strict",
			"--no-dangling"), 0);
}

static void
test_many_become_a_pack(void **state)
{
	struct fixture *f = *state;
	struct cf_quarantine q;
	struct stat st;
	char *pack;

	begin(f, CF_LOOSE_MAX / 5);
	assert_true(f->one.objects >= CF_LOOSE_MAX);
	assert_ok(cf_quarantine_open(&q, f->one.quarantine, f->ours));
	assert_ok(accept_one(f));
	assert_int_equal(loose_objects(f), 0);
	assert_int_equal(entries(cf_store_git_dir(f->ours), "objects/pack"), 2);
	assert_whole(cf_store_odb(f->ours), &f->one.head, CF_LOOSE_MAX / 5);
	/* who reads the quarantine can go on */
	assert_whole(q.pack, &f->one.head, CF_LOOSE_MAX / 5);
	assert_ok(cf_odb_forget(q.pack, q.all));
	assert_whole(q.pack, &f->one.head, CF_LOOSE_MAX / 5);
	assert_whole(q.all, &f->one.head, CF_LOOSE_MAX / 5);
	assert_ok(cf_odb_forget(q.all, q.all));
	assert_whole(q.all, &f->one.head, CF_LOOSE_MAX / 5);
	cf_quarantine_close(&q);
	assert_ok(accept_one(f));
	assert_int_equal(entries(cf_store_git_dir(f->ours), "objects/pack"), 2);
	/* not even its owner writes to it */
	pack = pack_file(f, ".pack");
	assert_int_equal(stat(pack, &st), 0);
	assert_int_equal(st.st_mode & 0222, 0);
	free(pack);
	if (have_git())
		assert_int_equal(git(NULL, f->ours_dir, "fsck", "--strict",
			"--no-dangling"), 0);
}

/* The name of a pack is the child's to choose. */
static void
test_never_over_another_pack(void **state)
{
	struct fixture *f = *state;
	char *pack, *there, *folder;

	begin(f, CF_LOOSE_MAX / 5);
	pack = pack_file(f, ".pack");
	folder = cf_path_join(cf_store_git_dir(f->ours), "objects/pack");
	there = cf_path_join(folder, strrchr(pack, '/') + 1);
	assert_ok(cf_file_write(there, "another pack, longer than a trailer",
		35, 0444));
	assert_err(accept_one(f), CF_REFUSED, "limit.pack");
	assert_true(file_is(folder, strrchr(pack, '/') + 1,
		"another pack, longer than a trailer"));
	free(pack);
	free(there);
	free(folder);
}

/* Larger than anything that the gate takes: not below a verified head. */
static void
test_a_proof_leaves_out_what_is_too_large(void **state)
{
	struct fixture *f = *state;
	char *big = cf_calloc(1, CF_MAX_TREE + 1);
	struct cf_edit edit = { .path = (char []){ "big" } };
	struct cf_oid tree, head;

	f->theirs = new_store(f->theirs_dir);
	f->ours = new_store(f->ours_dir);
	f->scratch = cf_path_join(cf_store_git_dir(f->ours), "confer");
	assert_ok(cf_odb_write(&edit.oid, f->theirs, CF_BLOB, big,
		CF_MAX_TREE + 1));
	assert_ok(cf_tree_edit(&tree, f->theirs, NULL, &edit, 1));
	head = commit_of(f->theirs, &tree, NULL, 1, "big\n");
	assert_ok(cf_ref_set(f->theirs, MAIN, &head, NULL));
	f->one = (struct cf_fetch){ .url = f->theirs_dir };
	assert_ok(cf_fetch_all(&f->one, 1, 1, f->ours, f->scratch, NULL, NULL,
		NULL));
	assert_int_equal(f->one.objects, 3);
	assert_err(accept_one(f), CF_REFUSED, "object.corrupt");
	assert_ok(cf_quarantine_keep(f->ours, f->one.quarantine, &head));
	assert_true(cf_odb_has(cf_store_odb(f->ours), &head));
	assert_false(cf_odb_has(cf_store_odb(f->ours), &edit.oid));
	free(big);
}

/* In a process of its own: takes over, and ends before step n. */
static int
accept_until(struct fixture *f, long n)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		steps.left = n;
		_exit(accept_one(f) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Killed before each of its steps in turn, and then done again. */
static void
kill_at_every_step(struct fixture *f, unsigned commits)
{
	struct cf_store *store;
	long n = 0;

	for (;; n += n < 20 ? 1 : 7) {
		int status = accept_until(f, n);

		assert_true(status == 9 || status == 0);
		if (have_git() && n % 5 == 0)
			assert_int_equal(git(NULL, f->ours_dir, "fsck"), 0);
		if (status == 0)
			break;
		assert_true(n < 10000);
	}
	assert_true(n > 5);
	assert_ok(accept_one(f));
	assert_ok(cf_store_open(&store, f->ours_dir));
	assert_whole(cf_store_odb(store), &f->one.head, commits);
	cf_store_free(store);
}

static void
test_killed_while_taking_loose_objects(void **state)
{
	begin(*state, 5);
	kill_at_every_step(*state, 5);
}

static void
test_killed_while_taking_a_pack(void **state)
{
	begin(*state, CF_LOOSE_MAX / 5);
	kill_at_every_step(*state, CF_LOOSE_MAX / 5);
}

/* Every call that fails is told, and a second try succeeds. */
static void
fail_at_every_step(struct fixture *f, unsigned commits)
{
	long n = 0;

	do {
		const struct cf_err *err;

		steps.failed = false;
		steps.error = ENOSPC;
		steps.left = n++;
		err = accept_one(f);
		steps.left = -1;
		steps.error = 0;
		assert_int_equal(err != NULL, steps.failed);
	} while (steps.failed && n < 10000);
	assert_true(n > 5);
	assert_whole(cf_store_odb(f->ours), &f->one.head, commits);
}

static void
test_a_full_disk_loose(void **state)
{
	begin(*state, 3);
	fail_at_every_step(*state, 3);
}

static void
test_a_full_disk_pack(void **state)
{
	begin(*state, CF_LOOSE_MAX / 5);
	fail_at_every_step(*state, CF_LOOSE_MAX / 5);
}

static void
cut_power(struct fixture *f, unsigned commits)
{
	begin(f, commits);
	watch_begin();
	assert_ok(accept_one(f));
	assert_safe();
}

static void
test_a_power_cut_loses_no_loose_object(void **state)
{
	cut_power(*state, 5);
}

static void
test_a_power_cut_loses_no_pack(void **state)
{
	cut_power(*state, CF_LOOSE_MAX / 5);
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
		TEST(test_only_one_pair_and_nothing_else),
		TEST(test_the_number_of_objects_is_limited),
		TEST(test_an_index_that_lies),
		TEST(test_a_damaged_pack),
		TEST(test_a_damaged_header),
		TEST(test_a_few_become_loose_objects),
		TEST(test_many_become_a_pack),
		TEST(test_never_over_another_pack),
		TEST(test_a_proof_leaves_out_what_is_too_large),
		TEST(test_killed_while_taking_loose_objects),
		TEST(test_killed_while_taking_a_pack),
		TEST(test_a_full_disk_loose),
		TEST(test_a_full_disk_pack),
		TEST(test_a_power_cut_loses_no_loose_object),
		TEST(test_a_power_cut_loses_no_pack),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
