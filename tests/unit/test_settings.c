/*
 * Refs and settings, beside stock git that changes them too.
 */
#include "on_disk.h"

#include "base/limits.h"

/* --- refs ----------------------------------------------------------------- */

#define PIN "refs/confer/pins/zQmTrust"

static void
test_refs_compare_and_swap(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = put_commit(f->store, NULL, "one\n"), got;
	struct cf_oid two = put_commit(f->store, NULL, "two\n"), no = { { 7 } };
	bool found;

	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_false(found);
	assert_err(cf_ref_set(f->store, PIN, &one, &two), CF_BUSY,
		"ref.moved");
	assert_ok(cf_ref_set(f->store, PIN, &one, NULL));
	assert_err(cf_ref_set(f->store, PIN, &two, NULL), CF_BUSY,
		"ref.moved");
	assert_err(cf_ref_set(f->store, PIN, &two, &two), CF_BUSY,
		"ref.moved");
	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_true(found && cf_oid_eq(&got, &one));
	assert_ok(cf_ref_set(f->store, PIN, &two, &one));
	assert_ok(cf_ref_set(f->store, PIN, &two, &two));
	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_true(found && cf_oid_eq(&got, &two));
	/* no ref to an object that is not there */
	assert_err(cf_ref_set(f->store, PIN, &no, &two), CF_SYS, "");
	assert_err(cf_ref_set(f->store, "refs/heads/a..b", &one, NULL), CF_SYS,
		"");
	assert_false(file_there(f->dir, ".git/logs"));
	assert_ok(cf_ref_delete(f->store, PIN));
	assert_ok(cf_ref_delete(f->store, PIN));
	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_false(found);
}

/* Stock git packs refs when it tidies up. */
static void
test_packed_refs(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = put_commit(f->store, NULL, "one\n"), got;
	struct cf_oid two = put_commit(f->store, NULL, "two\n");
	bool found;

	if (!have_git())
		skip();
	assert_ok(cf_ref_set(f->store, PIN, &one, NULL));
	assert_int_equal(git(NULL, f->dir, "pack-refs", "--all"), 0);
	assert_false(file_there(f->dir, ".git/" PIN));
	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_true(found && cf_oid_eq(&got, &one));
	assert_err(cf_ref_set(f->store, PIN, &two, NULL), CF_BUSY,
		"ref.moved");
	assert_ok(cf_ref_set(f->store, PIN, &two, &one));
	assert_int_equal(git(NULL, f->dir, "pack-refs", "--all"), 0);
	assert_ok(cf_ref_delete(f->store, PIN));
	assert_ok(cf_ref_read(&got, &found, f->store, PIN));
	assert_false(found);
}

static void
test_locked_ref_is_busy(void **state)
{
	struct fixture *f = *state;
	struct cf_oid one = put_commit(f->store, NULL, "one\n");

	put_file(f->dir, ".git/refs/heads/main.lock", "");
	assert_err(cf_ref_set(f->store, "refs/heads/main", &one, NULL),
		CF_BUSY, "");
	assert_ok(cf_store_lock(f->store, "test"));
	assert_ok(cf_ref_set(f->store, "refs/heads/main", &one, NULL));
	cf_store_unlock(f->store);
}

/* --- settings ------------------------------------------------------------- */

static void
assert_value(struct cf_store *store, const char *key, const char *want)
{
	char *value;

	assert_ok(cf_config_get(&value, store, key));
	if (want == NULL)
		assert_null(value);
	else
		assert_string_equal(value, want);
	free(value);
}

static void
test_config(void **state)
{
	static const char *const values[] = { "", "x", " spaces at ends ",
		"a#b;c", "say \"hi\"", "back\\slash", "two\nlines", "tab\there",
		"Sch\xc3\xbcler", "!cmd", "a = b", "[section]" };
	struct fixture *f = *state;
	struct cf_store *other;
	char *long_value = cf_calloc(CF_MAX_CONFIG_VALUE + 2, 1);

	assert_value(f->store, "confer.proxy", NULL);
	assert_ok(cf_store_open(&other, f->dir));
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		assert_ok(cf_config_set(f->store, "confer.proxy", values[i]));
		assert_value(f->store, "confer.proxy", values[i]);
		/* another process sees it */
		assert_value(other, "confer.proxy", values[i]);
	}
	assert_ok(cf_config_unset(other, "confer.proxy"));
	assert_value(f->store, "confer.proxy", NULL);
	assert_ok(cf_config_unset(f->store, "confer.proxy"));
	memset(long_value, 'x', CF_MAX_CONFIG_VALUE + 1);
	assert_err(cf_config_set(f->store, "confer.proxy", long_value),
		CF_TOO_BIG, "");
	assert_err(cf_config_set(f->store, "nodot", "x"), CF_SYS, "");
	assert_value(f->store, "confer.proxy", NULL);
	assert_false(file_there(f->dir, ".git/config.lock"));
	free(long_value);
	cf_store_free(other);
}

/* A file that a person spoiled is named, and stays as it is. */
static void
test_damaged_config(void **state)
{
	static const char text[] = "[core]\n\tbare = false\n[confer\n";
	struct fixture *f = *state;
	const struct cf_err *err;
	struct cf_names names;
	char *value;

	put_file(f->dir, ".git/config", text);
	err = cf_config_get(&value, f->store, "confer.proxy");
	assert_non_null(err);
	assert_int_equal(err->code, CF_SYS);
	assert_non_null(strstr(err->msg, ".git/config"));
	assert_null(value);
	assert_err(cf_config_names(&names, f->store, "confer-partner"), CF_SYS,
		"");
	assert_err(cf_config_set(f->store, "confer.proxy", "x"), CF_SYS, "");
	assert_true(file_is(f->dir, ".git/config", text));
	assert_false(file_there(f->dir, ".git/config.lock"));
}

static void
test_locked_config_is_busy(void **state)
{
	struct fixture *f = *state;

	assert_ok(cf_store_lock(f->store, "test"));
	put_file(f->dir, ".git/config.lock", "theirs");
	assert_err(cf_config_set(f->store, "confer.proxy", "x"), CF_BUSY, "");
	assert_true(file_is(f->dir, ".git/config.lock", "theirs"));
	cf_store_unlock(f->store);
	/* left by a stopped program */
	next_command(f);
	assert_ok(cf_store_lock(f->store, "test"));
	assert_ok(cf_config_set(f->store, "confer.proxy", "x"));
	cf_store_unlock(f->store);
}

static void
test_config_sections(void **state)
{
	struct fixture *f = *state;
	struct cf_names names;

	assert_ok(cf_config_set(f->store, "confer-partner.south.url", "u"));
	assert_ok(cf_config_set(f->store, "confer-partner.North.url", "u"));
	assert_ok(cf_config_set(f->store, "confer-partner.North.trust", "t"));
	assert_ok(cf_config_set(f->store, "confer-partner.a.b.url", "u"));
	assert_ok(cf_config_set(f->store, "confer-partner.a.url", "v"));
	assert_ok(cf_config_set(f->store, "confer-partners.x.url", "u"));
	assert_ok(cf_config_set(f->store, "confer-partner.plain", "u"));
	assert_ok(cf_config_names(&names, f->store, "confer-partner"));
	assert_int_equal(names.n, 4);
	assert_string_equal(names.name[0], "North");
	assert_string_equal(names.name[1], "a");
	assert_string_equal(names.name[2], "a.b");
	assert_string_equal(names.name[3], "south");
	cf_names_clear(&names);
	assert_ok(cf_config_remove_section(f->store, "confer-partner", "a"));
	assert_value(f->store, "confer-partner.a.url", NULL);
	assert_value(f->store, "confer-partner.a.b.url", "u");
	assert_value(f->store, "confer-partner.North.url", "u");
	assert_ok(cf_config_remove_section(f->store, "confer-partner", "none"));
	assert_ok(cf_config_names(&names, f->store, "confer-partner"));
	assert_int_equal(names.n, 3);
	cf_names_clear(&names);
	if (have_git())
		assert_git_says(f->dir, "u\n", "config",
			"confer-partner.North.url");
}

/* What stock git writes is read at once, whatever else the person set. */
static void
test_config_beside_git(void **state)
{
	struct fixture *f = *state;
	struct cf_names names;

	assert_value(f->store, "confer.proxy", NULL);
	if (!have_git())
		skip();
	assert_int_equal(git(NULL, f->dir, "config", "confer.proxy", "one"), 0);
	assert_value(f->store, "confer.proxy", "one");
	assert_int_equal(git(NULL, f->dir, "config", "confer.proxy", "two"), 0);
	assert_value(f->store, "confer.proxy", "two");
	assert_int_equal(git(NULL, f->dir, "config", "--add",
		"confer-partner.x.url", "1"), 0);
	assert_int_equal(git(NULL, f->dir, "config", "--add",
		"confer-partner.x.url", "2"), 0);
	assert_ok(cf_config_remove_section(f->store, "confer-partner", "x"));
	assert_ok(cf_config_names(&names, f->store, "confer-partner"));
	assert_int_equal(names.n, 0);
	cf_names_clear(&names);
}

/* Neither the person's own configuration nor the machine's has a say. */
static void
test_no_ambient_config(void **state)
{
	struct fixture *f = *state;
	char *home = cf_path_join(f->dir, "home"), *value;
	pid_t pid;
	int status;

	assert_ok(cf_mkdirs(home, 0777));
	put_file(home, ".gitconfig", "[confer]\n\tproxy = ambient\n");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct cf_store *store;
		bool same;

		(void)setenv("HOME", home, 1);
		(void)setenv("XDG_CONFIG_HOME", home, 1);
		same = cf_store_start() == NULL &&
			cf_store_open(&store, f->dir) == NULL &&
			cf_config_get(&value, store, "confer.proxy") == NULL &&
			value == NULL;
		_exit(same ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	free(home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(test_refs_compare_and_swap),
		ON_DISK(test_packed_refs),
		ON_DISK(test_locked_ref_is_busy),
		ON_DISK(test_config),
		ON_DISK(test_damaged_config),
		ON_DISK(test_locked_config_is_busy),
		ON_DISK(test_config_sections),
		ON_DISK(test_config_beside_git),
		ON_DISK(test_no_ambient_config),
	};

	if (cf_store_start() != NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
