/*
 * keys/examples.json: each seed gives the key that is named beside it.
 */
#include "expect.h"

#include "record/kind.h"
#include "sign/sign.h"

static void
test_each_seed_gives_its_key(void **state)
{
	json_t *list = NULL;

	(void)state;
	expect_ok(cf_json_read_path(&list, "keys/examples.json", CF_MAX_JSON));
	assert_true(json_array_size(list) > 0);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		struct cf_seckey *key;
		unsigned char seed[32];

		assert_true(cf_unhex(seed, sizeof seed,
			cf_str(cf_json_str(entry, "seed"))));
		key = cf_seckey_from_seed(seed);
		assert_string_equal(cf_seckey_public(key)->did,
			cf_json_str(entry, "key"));
		cf_seckey_free(key);
	}
	json_decref(list);
}

static int
start(void **state)
{
	(void)state;
	expect_ok(cf_start());
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_seed_gives_its_key),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
