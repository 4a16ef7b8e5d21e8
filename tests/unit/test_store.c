/*
 * The repository on disk: making, opening, objects. What power cuts and kills
 * do is in test_crash.c.
 */
#include "on_disk.h"

#include <sys/stat.h>

/* --- making --------------------------------------------------------------- */

static void
test_begin_shows_nothing_before_finish(void **state)
{
	char *dir = scratch_new();
	struct cf_store *store, *other;
	struct cf_oid commit;
	struct cf_names names;

	(void)state;
	put_file(dir, "mine.txt", "mine");
	assert_ok(cf_store_begin(&store, dir));
	commit = put_commit(store, NULL, "first\n");
	assert_ok(cf_ref_set(store, "refs/heads/main", &commit, NULL));
	assert_ok(cf_config_set(store, "confer.test", "yes"));
	assert_false(file_there(dir, ".git"));
	assert_err(cf_store_open(&other, dir), CF_NOT_FOUND, "");
	/* given up: nothing remains but what was there */
	cf_store_free(store);
	assert_ok(cf_dir_names(&names, dir));
	assert_int_equal(names.n, 1);
	assert_true(file_is(dir, "mine.txt", "mine"));
	cf_names_clear(&names);
	scratch_free(dir);
}

static void
test_finish_makes_it_real(void **state)
{
	char *dir = scratch_new(), *value;
	char *deep = cf_path_join(dir, "new/deep");
	struct cf_store *store;
	struct cf_oid commit, got;
	struct cf_names names;
	bool found;

	(void)state;
	assert_ok(cf_store_begin(&store, deep));
	commit = put_commit(store, NULL, "first\n");
	assert_ok(cf_ref_set(store, "refs/heads/main", &commit, NULL));
	assert_ok(cf_config_set(store, "confer.test", "yes"));
	assert_ok(cf_store_finish(store));
	/* the same handle goes on */
	assert_ok(cf_ref_read(&got, &found, store, "HEAD"));
	assert_true(found && cf_oid_eq(&got, &commit));
	assert_true(cf_ends(cf_store_git_dir(store), "/new/deep/.git"));
	(void)put_commit(store, NULL, "second\n");
	cf_store_free(store);
	assert_ok(cf_dir_names(&names, deep));
	assert_int_equal(names.n, 1);
	cf_names_clear(&names);
	assert_ok(cf_store_open(&store, deep));
	assert_ok(cf_ref_read(&got, &found, store, "refs/heads/main"));
	assert_true(found && cf_oid_eq(&got, &commit));
	assert_ok(cf_config_get(&value, store, "confer.test"));
	assert_string_equal(value, "yes");
	free(value);
	cf_store_free(store);
	if (have_git()) {
		assert_git_says(deep, "false\n", "config", "core.bare");
		assert_git_says(deep, "main\n", "symbolic-ref", "--short",
			"HEAD");
		assert_int_equal(git(NULL, deep, "fsck", "--strict"), 0);
	}
	free(deep);
	scratch_free(dir);
}

static void
test_drafts_are_ignored(void **state)
{
	struct fixture *f = *state;
	char *drafts = cf_path_join(f->dir, "drafts");

	assert_ok(cf_mkdirs(drafts, 0777));
	put_file(drafts, "a.json", "{}");
	put_file(f->dir, "b.json", "{}");
	if (!have_git())
		skip();
	assert_git_says(f->dir, "?? b.json\n", "status", "--porcelain");
	free(drafts);
}

static void
test_begin_refuses_a_repository(void **state)
{
	struct fixture *f = *state;
	char *inside = cf_path_join(f->dir, ".git/objects/new");
	char *nested = cf_path_join(f->dir, "nested");
	char *bare = cf_path_join(f->dir, "bare.git/new");
	char *file = cf_path_join(f->dir, "file");
	char *refs = cf_path_join(f->dir, "bare.git/refs");
	char *objects = cf_path_join(f->dir, "bare.git/objects");
	struct cf_store *store;

	assert_err(cf_store_begin(&store, f->dir), CF_EXISTS, "");
	assert_null(store);
	assert_err(cf_store_begin(&store, inside), CF_EXISTS, "");
	assert_false(cf_file_exists(inside));
	assert_ok(cf_mkdirs(refs, 0777));
	assert_ok(cf_mkdirs(objects, 0777));
	put_file(f->dir, "bare.git/HEAD", "ref: refs/heads/main\n");
	assert_err(cf_store_begin(&store, bare), CF_EXISTS, "");
	put_file(f->dir, "file", "");
	assert_err(cf_store_begin(&store, file), CF_EXISTS, "");
	/* beside another repository's files is fine */
	assert_ok(cf_store_begin(&store, nested));
	cf_store_free(store);
	assert_false(cf_file_exists(nested));
	free(inside);
	free(nested);
	free(bare);
	free(file);
	free(refs);
	free(objects);
}

static void
test_second_finish_loses(void **state)
{
	char *dir = scratch_new();
	struct cf_store *one, *two, *open;

	(void)state;
	assert_ok(cf_store_begin(&one, dir));
	assert_ok(cf_store_begin(&two, dir));
	assert_ok(cf_config_set(one, "confer.who", "one"));
	assert_ok(cf_store_finish(one));
	assert_err(cf_store_finish(two), CF_EXISTS, "");
	cf_store_free(two);
	assert_ok(cf_store_open(&open, dir));
	cf_store_free(open);
	cf_store_free(one);
	assert_false(file_there(dir, ".git-begin"));
	scratch_free(dir);
}

/* --- opening -------------------------------------------------------------- */

static void
test_open_looks_upward_once(void **state)
{
	struct fixture *f = *state;
	char *deep = cf_path_join(f->dir, "records/finding");
	char *foreign = cf_path_join(f->dir, "records/.git");
	char *link = cf_path_join(f->dir, "link");
	char *linked = cf_path_join(f->dir, "link/.git");
	char *real = cf_path_join(f->dir, ".git");
	struct cf_store *store;

	assert_ok(cf_mkdirs(deep, 0777));
	assert_ok(cf_store_open(&store, deep));
	assert_string_equal(cf_store_git_dir(store),
		cf_store_git_dir(f->store));
	cf_store_free(store);
	/* another repository in between ends the search */
	assert_ok(cf_mkdirs(foreign, 0777));
	assert_err(cf_store_open(&store, deep), CF_NOT_FOUND, "");
	/* so does a .git that is a link, or a file */
	assert_ok(cf_mkdirs(link, 0777));
	assert_int_equal(symlink(real, linked), 0);
	assert_err(cf_store_open(&store, link), CF_NOT_FOUND, "");
	assert_ok(cf_remove_all(linked));
	put_file(link, ".git", "gitdir: ../.git\n");
	assert_err(cf_store_open(&store, link), CF_NOT_FOUND, "");
	assert_err(cf_store_open(&store, "/"), CF_NOT_FOUND, "");
	assert_err(cf_store_open(&store, "/no/such/folder"), CF_NOT_FOUND, "");
	free(deep);
	free(foreign);
	free(link);
	free(linked);
	free(real);
}

/* Objects must be our own. */
static void
test_open_refuses_borrowed_objects(void **state)
{
	static const char *const files[] = { ".git/commondir",
		".git/objects/info/alternates" };
	struct fixture *f = *state;
	struct cf_store *store;

	for (size_t i = 0; i < 2; i++) {
		char *path = cf_path_join(f->dir, files[i]);

		put_file(f->dir, files[i], "/tmp\n");
		assert_err(cf_store_open(&store, f->dir), CF_INVALID, "");
		assert_ok(cf_remove_all(path));
		free(path);
	}
	assert_ok(cf_store_open(&store, f->dir));
	cf_store_free(store);
}

/* A finished repository where every user of the machine gets to, or NULL. */
static char *
open_to_all(struct cf_store **store)
{
	char *dir = scratch_fast();

	if (geteuid() == 0 && !cf_starts(dir, "/dev/shm/")) {
		scratch_free(dir);
		return NULL;
	}
	assert_ok(cf_store_begin(store, dir));
	assert_ok(cf_store_finish(*store));
	assert_int_equal(chmod(dir, 0755), 0);
	return dir;
}

static void
test_open_refuses_another_owner(void **state)
{
	struct cf_store *store, *other;
	const struct cf_err *err;
	pid_t pid;
	int status;
	char *dir;

	(void)state;
	/* only root can play two users */
	if (geteuid() != 0 || (dir = open_to_all(&store)) == NULL)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		err = cf_store_open(&other, dir);
		_exit(err && err->code == CF_SYS &&
			strstr(err->msg, "another user") ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	/* root opens a user's */
	assert_int_equal(chown(dir, 65534, 65534), 0);
	assert_int_equal(chown(cf_store_git_dir(store), 65534, 65534), 0);
	assert_ok(cf_store_open(&other, dir));
	cf_store_free(other);
	cf_store_free(store);
	scratch_free(dir);
}

static void
test_open_with_sparse_checkout(void **state)
{
	struct fixture *f = *state;
	struct cf_store *store;

	if (!have_git())
		skip();
	assert_int_equal(git(NULL, f->dir, "sparse-checkout", "set", "keys"),
		0);
	assert_ok(cf_store_open(&store, f->dir));
	cf_store_free(store);
}

/* Everything below belongs to nobody. */
static void
give_away(const char *path)
{
	struct cf_names names = { 0 };

	assert_int_equal(lchown(path, 65534, 65534), 0);
	if (!cf_is_dir(path))
		return;
	assert_ok(cf_dir_names(&names, path));
	for (size_t i = 0; i < names.n; i++) {
		char *child = cf_path_join(path, names.name[i]);

		give_away(child);
		free(child);
	}
	cf_names_clear(&names);
}

static void
make_writable(const char *dir)
{
	const char *const locked[] = { ".git", ".git/objects",
		".git/refs/heads" };

	for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) {
		char *path = cf_path_join(dir, locked[i]);

		assert_int_equal(chmod(path, 0755), 0);
		free(path);
	}
}

/* What a write says where this person may only read. */
static bool
says_no_permission(const struct cf_err *err, const char *git_dir)
{
	if (err && strstr(err->msg, "no permission") &&
		strstr(err->msg, git_dir))
		return true;
	(void)fprintf(stderr, "%s\n", err ? err->msg : "no error");
	return false;
}

/* In a process of its own, which gives up root's rights. */
static bool
write_without_permission(const char *dir)
{
	const char *const locked[] = { "objects", "refs/heads", "." };
	struct cf_store *store;
	struct cf_oid commit, oid;
	const char *git_dir;
	bool said;

	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return false;
	assert_ok(cf_store_open(&store, dir));
	git_dir = cf_store_git_dir(store);
	commit = put_commit(store, NULL, "one\n");
	for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) {
		char *path = cf_path_join(git_dir, locked[i]);

		assert_int_equal(chmod(path, 0555), 0);
		free(path);
	}
	said = says_no_permission(cf_odb_write(&oid, store, CF_BLOB, "x", 1),
			git_dir) &&
		says_no_permission(cf_ref_set(store, "refs/heads/main",
			&commit, NULL), git_dir) &&
		says_no_permission(cf_config_set(store, "confer.x", "1"),
			git_dir);
	cf_store_free(store);
	return said;
}

static void
test_no_permission(void **state)
{
	struct cf_store *store;
	pid_t pid;
	int status;
	char *dir = open_to_all(&store);

	(void)state;
	if (dir == NULL)
		skip();
	cf_store_free(store);
	if (geteuid() == 0)
		give_away(dir);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(write_without_permission(dir) ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	make_writable(dir);
	scratch_free(dir);
}

/* --- objects -------------------------------------------------------------- */

static void
test_objects(void **state)
{
	struct fixture *f = *state;
	struct cf_odb *odb = cf_store_odb(f->store);
	struct cf_buf small = CF_BUF(4), big = CF_BUF(100);
	struct cf_oid oid, same, missing = { { 1 } };

	assert_ok(cf_odb_write(&oid, f->store, CF_BLOB, "hello", 5));
	cf_oid_of(&same, CF_BLOB, "hello", 5);
	assert_true(cf_oid_eq(&oid, &same));
	cf_oid_of(&same, CF_COMMIT, "hello", 5);
	assert_false(cf_oid_eq(&oid, &same));
	assert_true(cf_odb_has(odb, &oid));
	assert_false(cf_odb_has(odb, &missing));
	assert_ok(cf_odb_read(&big, odb, &oid, CF_BLOB));
	assert_string_equal(big.data, "hello");
	assert_err(cf_odb_read(&small, odb, &oid, CF_BLOB), CF_TOO_BIG,
		"object.size");
	assert_err(cf_odb_read(&big, odb, &oid, CF_TREE), CF_REFUSED,
		"object.type");
	assert_err(cf_odb_read(&big, odb, &missing, CF_BLOB), CF_NOT_FOUND,
		"object.missing");
	assert_int_equal(big.len, 0);
	/* an empty one */
	assert_ok(cf_odb_write(&oid, f->store, CF_BLOB, "", 0));
	assert_ok(cf_odb_read(&big, odb, &oid, CF_BLOB));
	assert_int_equal(big.len, 0);
	cf_buf_clear(&small);
	cf_buf_clear(&big);
}

static void
test_damaged_object(void **state)
{
	struct fixture *f = *state;
	struct cf_buf out = CF_BUF(1000);
	struct cf_oid one, two;
	char hex[2][CF_OID_TEXT], *path[2];

	assert_ok(cf_odb_write(&one, f->store, CF_BLOB, "one", 3));
	assert_ok(cf_odb_write(&two, f->store, CF_BLOB, "two", 3));
	cf_oid_hex(hex[0], &one);
	cf_oid_hex(hex[1], &two);
	for (unsigned i = 0; i < 2; i++)
		path[i] = cf_asprintf("%s/objects/%.2s/%s",
			cf_store_git_dir(f->store), hex[i], hex[i] + 2);
	/* one object in the place of another */
	assert_int_equal(rename(path[0], path[1]), 0);
	assert_err(cf_odb_read(&out, cf_store_odb(f->store), &two, CF_BLOB),
		CF_SYS, "");
	assert_int_equal(chmod(path[1], 0600), 0);
	assert_ok(cf_file_write(path[1], "\x78\x01 rubbish", 10, 0444));
	assert_err(cf_odb_read(&out, cf_store_odb(f->store), &two, CF_BLOB),
		CF_SYS, "");
	free(path[0]);
	free(path[1]);
	cf_buf_clear(&out);
}

static void
test_bulk(void **state)
{
	struct fixture *f = *state;
	struct cf_buf out = CF_BUF(100);
	struct cf_oid oid[3];

	assert_ok(cf_odb_write(&oid[0], f->store, CF_BLOB, "0", 1));
	assert_ok(cf_bulk_begin(f->store));
	for (unsigned i = 0; i < 3; i++)
		for (unsigned twice = 0; twice < 2; twice++)
			assert_ok(cf_odb_write(&oid[i], f->store, CF_BLOB,
				&"012"[i], 1));
	assert_false(cf_odb_has(cf_store_odb(f->store), &oid[1]));
	assert_ok(cf_bulk_end(f->store));
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(cf_odb_read(&out, cf_store_odb(f->store), &oid[i],
			CF_BLOB));
		assert_int_equal(out.data[0], "012"[i]);
	}
	/* given up */
	assert_ok(cf_bulk_begin(f->store));
	assert_ok(cf_odb_write(&oid[0], f->store, CF_BLOB, "x", 1));
	cf_bulk_drop(f->store);
	assert_false(cf_odb_has(cf_store_odb(f->store), &oid[0]));
	/* nothing to write */
	assert_ok(cf_bulk_begin(f->store));
	assert_ok(cf_bulk_end(f->store));
	if (have_git())
		assert_int_equal(git(NULL, f->dir, "fsck", "--strict"), 0);
	cf_buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(test_begin_shows_nothing_before_finish),
		PLAIN(test_finish_makes_it_real),
		ON_DISK(test_drafts_are_ignored),
		ON_DISK(test_begin_refuses_a_repository),
		PLAIN(test_second_finish_loses),
		ON_DISK(test_open_looks_upward_once),
		ON_DISK(test_open_refuses_borrowed_objects),
		PLAIN(test_open_refuses_another_owner),
		ON_DISK(test_open_with_sparse_checkout),
		PLAIN(test_no_permission),
		ON_DISK(test_objects),
		ON_DISK(test_damaged_object),
		ON_DISK(test_bulk),
	};

	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
