/*
 * Project Wycheproof's Ed25519 vectors: every signature is judged as they say.
 * argv[1] is the folder that holds ed25519/wycheproof.json.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/sign.h"

#define MAX_BYTES 1024		/* the longest message has 256 */

static unsigned passed, failed;

/* False where the member is no hex text that fits. */
static bool
bytes_of(unsigned char *out, size_t *n, const json_t *object,
	const char *member)
{
	const char *hex = cf_json_str(object, member);

	*n = hex ? strlen(hex) / 2 : 0;
	return hex && *n <= MAX_BYTES && cf_unhex(out, *n, cf_str(hex));
}

/* A signature that has not 64 bytes never gets as far as the arithmetic. */
static bool
accepted(const struct cf_pubkey *key, const json_t *test, bool *read)
{
	unsigned char msg[MAX_BYTES], sig[MAX_BYTES];
	size_t n, sig_n;

	*read = bytes_of(msg, &n, test, "msg") &&
		bytes_of(sig, &sig_n, test, "sig");
	return *read && sig_n == 64 && cf_verify_bytes(key, sig, msg, n) == NULL;
}

static void
judge(const struct cf_pubkey *key, const json_t *test)
{
	const char *want = cf_json_str(test, "result");
	const char *comment = cf_json_str(test, "comment");
	bool read, yes = accepted(key, test, &read);

	if (read && want && strcmp(want, yes ? "valid" : "invalid") == 0) {
		passed++;
		return;
	}
	failed++;
	printf("test %lld (%s): wanted %s, %s\n",
		(long long)json_integer_value(json_object_get(test, "tcId")),
		comment ? comment : "", want ? want : "?",
		!read ? "could not be read" : yes ? "accepted" : "refused");
}

static void
judge_group(const json_t *group)
{
	unsigned char raw[MAX_BYTES];
	struct cf_pubkey key;
	const json_t *tests = json_object_get(group, "tests");
	size_t n;

	if (!bytes_of(raw, &n, json_object_get(group, "publicKey"), "pk") ||
		n != 32) {
		failed += (unsigned)json_array_size(tests);
		return;
	}
	cf_pubkey_from_raw(&key, raw);
	for (size_t i = 0; i < json_array_size(tests); i++)
		judge(&key, json_array_get(tests, i));
}

int
main(int argc, char **argv)
{
	const struct cf_err *err;
	json_t *suite = NULL;
	const json_t *groups;
	char *path;

	if (argc != 2) {
		fputs("usage: conformance_ed25519 SUITES\n", stderr);
		return 2;
	}
	cf_json_start();
	path = cf_path_join(argv[1], "ed25519/wycheproof.json");
	err = cf_sign_start();
	if (!err)
		err = cf_json_read_path(&suite, path, CF_MAX_JSON);
	if (err) {
		printf("%s\n", err->msg);
		failed++;
	}
	groups = json_object_get(suite, "testGroups");
	for (size_t i = 0; i < json_array_size(groups); i++)
		judge_group(json_array_get(groups, i));
	if (!err && passed + failed != json_integer_value(
		json_object_get(suite, "numberOfTests"))) {
		printf("%s: not every test was found\n", path);
		failed++;
	}
	json_decref(suite);
	free(path);
	printf("%u passed, %u failed\n", passed, failed);
	return failed || passed == 0;
}
