/*
 * Passphrase files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/pass.h"

#define SIZE (CF_MAX_PASSPHRASE + 1)

static char folder[2048], path[4096];
static char got[SIZE];

static int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/pass-XXXXXX", tmp ? tmp :
		"/tmp");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof path, "%s/file", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return cf_remove_all(folder) == NULL ? 0 : -1;
}

static const struct cf_err *
read_bytes(const void *bytes, size_t n, mode_t mode)
{
	assert_null(cf_file_write(path, bytes, n, mode));
	memset(got, 'z', sizeof got);
	return cf_pass_read(got, sizeof got, path);
}

static void
test_one_newline_is_stripped(void **state)
{
	(void)state;
	assert_null(read_bytes("secret", 6, 0600));
	assert_string_equal(got, "secret");
	assert_null(read_bytes("secret\n", 7, 0400));
	assert_string_equal(got, "secret");
	assert_null(read_bytes("secret\r\n", 8, 0600));
	assert_string_equal(got, "secret");
	assert_null(read_bytes(" two words \n", 12, 0600));
	assert_string_equal(got, " two words ");
}

static void
test_a_file_that_others_can_open_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0644, 0620, 0602, 0610 };

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		const struct cf_err *err = read_bytes("secret\n", 7, modes[i]);

		assert_non_null(err);
		assert_int_equal(err->code, CF_INVALID);
		assert_non_null(strstr(err->msg, "chmod 600 '"));
		assert_null(strstr(got, "secret"));
	}
}

static void
expect_refused(const void *bytes, size_t n, const char *part)
{
	const struct cf_err *err = read_bytes(bytes, n, 0600);

	assert_non_null(err);
	assert_non_null(strstr(err->msg, part));
	for (size_t i = 0; i < sizeof got; i++)
		assert_int_equal(got[i], 0);
}

static void
test_what_is_no_passphrase_is_refused_and_wiped(void **state)
{
	char *large = cf_malloc(SIZE + 10);

	(void)state;
	memset(large, 'a', SIZE + 10);
	expect_refused("", 0, "is empty");
	expect_refused("\n", 1, "is empty");
	expect_refused("one\ntwo\n", 8, "several lines");
	expect_refused("one\n\n", 5, "several lines");
	expect_refused("a\0b", 3, "several lines");
	expect_refused(large, SIZE + 10, "at most 1024 bytes");
	expect_refused(large, SIZE, "at most 1024 bytes");
	assert_null(read_bytes(large, CF_MAX_PASSPHRASE, 0600));
	assert_int_equal(strlen(got), CF_MAX_PASSPHRASE);
	free(large);
}

static void
test_a_longest_passphrase_may_end_in_a_newline(void **state)
{
	char *large = cf_malloc(CF_MAX_PASSPHRASE + 1);

	(void)state;
	memset(large, 'a', CF_MAX_PASSPHRASE);
	large[CF_MAX_PASSPHRASE] = '\n';
	assert_null(read_bytes(large, CF_MAX_PASSPHRASE + 1, 0600));
	assert_int_equal(strlen(got), CF_MAX_PASSPHRASE);
	free(large);
}

static void
test_what_is_not_there(void **state)
{
	const struct cf_err *err = cf_pass_read(got, sizeof got, "/nowhere/x");

	(void)state;
	assert_non_null(err);
	assert_int_equal(err->code, CF_NOT_FOUND);
	err = cf_pass_read(got, sizeof got, "/");
	assert_non_null(err);
	assert_int_equal(err->code, CF_INVALID);
}

static void
test_a_pipe_will_do(void **state)
{
	char name[64];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "secret\n", 7), 7);
	assert_int_equal(close(ends[1]), 0);
	(void)snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
	assert_null(cf_pass_read(got, sizeof got, name));
	assert_string_equal(got, "secret");
	(void)close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_newline_is_stripped),
		cmocka_unit_test(test_a_file_that_others_can_open_is_refused),
		cmocka_unit_test(
			test_what_is_no_passphrase_is_refused_and_wiped),
		cmocka_unit_test(
			test_a_longest_passphrase_may_end_in_a_newline),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_a_pipe_will_do),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
