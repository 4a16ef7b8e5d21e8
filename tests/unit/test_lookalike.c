/*
 * Names that look alike.
 */
#include "expect.h"

#include "check/lookalike.h"

static void
test_what_looks_the_same(void **state)
{
	static const char *const pairs[][2] = {
		{ "Ashby Trust", "Ashby Trust" },
		{ "Ashby Trust", "ASHBY  TRUST" },
		{ "Ashby Trust", "Ashby-Trust" },
		{ "Ashby Trust", "AshbyTrust" },
		{ "Ashby Trust", "\xd0\x90shby Trust" },	/* Cyrillic A */
		{ "Ashby Trust", "Ashby \xd0\xa2rust" },	/* Cyrillic T */
		{ "Ashby Trust", "\xc3\x84shb\xc3\xbd Trust" },	/* accents */
		{ "Hill Trust", "HiII Trust" },
		{ "Hill Trust", "Hi1l Trust" },
		{ "Oak Trust", "0ak Trust" },
		{ "Farnham Trust", "Famham Trust" },
		{ "Ashby Trust", "\xef\xbc\xa1shby Trust" },	/* wide A */
		{ "\xe4\xb8\xad\xe6\x96\x87", "\xe4\xb8\xad \xe6\x96\x87" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (!cf_names_alike(pairs[i][0], pairs[i][1]) ||
			!cf_names_alike(pairs[i][1], pairs[i][0]))
			fail_msg("told apart: %s, %s", pairs[i][0],
				pairs[i][1]);
	}
}

static void
test_what_does_not(void **state)
{
	static const char *const pairs[][2] = {
		{ "Ashby Trust", "Ashby Trusts" },
		{ "Ashby Trust", "Ashby" },
		{ "Ashby Trust", "Riverside Trust" },
		{ "Trust 2", "Trust 3" },
		{ "\xe4\xb8\xad", "\xe6\x96\x87" },
		{ "", "" },
		{ "...", "---" },	/* nothing to read in either */
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (cf_names_alike(pairs[i][0], pairs[i][1]))
			fail_msg("alike: %s, %s", pairs[i][0], pairs[i][1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_looks_the_same),
		cmocka_unit_test(test_what_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
