/*
 * The key store: what was saved opens again and only so, nothing is ever
 * overwritten, and nobody else can read it.
 */
#include "expect.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/keyfile.h"

#define TRUST "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"

static char *home;		/* $CONFER_HOME of one test */

static int
make_home(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *base = cf_asprintf("%s/cf-keys-XXXXXX", tmp ? tmp : "/tmp");

	(void)state;
	if (mkdtemp(base) == NULL)
		return -1;
	home = cf_path_join(base, "new/home");
	free(base);
	return setenv("CONFER_HOME", home, 1);
}

static int
remove_home(void **state)
{
	const struct cf_err *err;

	(void)state;
	*strstr(home, "/new/home") = '\0';
	err = cf_remove_all(home);
	free(home);
	return err ? -1 : unsetenv("CONFER_HOME");
}

static struct cf_secret
secret(const char *text)
{
	struct cf_secret s = { 0 };

	cf_secret_set(&s, text, strlen(text));
	return s;
}

static char *
path_of(const struct cf_seckey *key)
{
	return cf_asprintf("%s/keys/" TRUST "/%s.key", home,
		cf_seckey_public(key)->did + strlen("did:key:"));
}

/* The file of `key` with `text`, whatever it is. */
static void
plant(const struct cf_seckey *key, const char *text)
{
	char *path = path_of(key), *dir = cf_asprintf("%s/keys/" TRUST, home);

	expect_ok(cf_mkdirs(dir, 0700));
	expect_ok(cf_file_write(path, text, strlen(text), 0600));
	free(path);
	free(dir);
}

static void
expect_opens(const struct cf_seckey *key, const struct cf_secret *passphrase)
{
	unsigned char want[32], got[32];
	struct cf_seckey *opened;

	expect_ok(cf_keystore_open(&opened, TRUST, cf_seckey_public(key),
		passphrase));
	cf_seckey_seed(key, want);
	cf_seckey_seed(opened, got);
	assert_memory_equal(want, got, 32);
	cf_seckey_free(opened);
}

static void
expect_closed(const struct cf_seckey *key, const struct cf_secret *passphrase,
	const char *rule)
{
	struct cf_seckey *opened;

	expect_err(cf_keystore_open(&opened, TRUST, cf_seckey_public(key),
		passphrase), CF_INVALID, rule);
	assert_null(opened);
}

static void
test_sealed_key_opens_with_its_passphrase_only(void **state)
{
	struct cf_secret pass = secret("correct horse");
	struct cf_secret wrong = secret("Correct horse");
	struct cf_seckey *key = cf_seckey_new();
	bool here, sealed;

	(void)state;
	expect_ok(cf_keystore_find(&here, &sealed, TRUST,
		cf_seckey_public(key)));
	assert_false(here);
	expect_ok(cf_keystore_save(TRUST, key, &pass));
	expect_ok(cf_keystore_find(&here, &sealed, TRUST,
		cf_seckey_public(key)));
	assert_true(here && sealed);
	expect_opens(key, &pass);
	expect_closed(key, &wrong, "key.passphrase");
	expect_closed(key, NULL, "key.passphrase");
	cf_secret_clear(&wrong);
	expect_closed(key, &wrong, "key.passphrase");
	cf_secret_clear(&pass);
	cf_seckey_free(key);
}

static void
test_unsealed_key_opens_without(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	struct cf_secret unneeded = secret("unneeded");
	bool here, sealed;

	(void)state;
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	expect_ok(cf_keystore_find(&here, &sealed, TRUST,
		cf_seckey_public(key)));
	assert_true(here && !sealed);
	expect_opens(key, NULL);
	expect_opens(key, &unneeded);
	cf_secret_clear(&unneeded);
	cf_seckey_free(key);
}

static void
test_unknown_key_is_not_found(void **state)
{
	struct cf_seckey *key = cf_seckey_new(), *opened;

	(void)state;
	expect_err(cf_keystore_open(&opened, TRUST, cf_seckey_public(key),
		NULL), CF_NOT_FOUND, "");
	cf_seckey_free(key);
}

static void
test_empty_passphrase_is_refused(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	struct cf_secret none = { 0 };

	(void)state;
	expect_err(cf_keystore_save(TRUST, key, &none), CF_INVALID,
		"key.passphrase");
	assert_false(cf_file_exists(home));
	cf_seckey_free(key);
}

static void
test_a_trust_id_is_never_a_path(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../../x", "zQm/..",
		(TRUST "/x"), ("/" TRUST) };
	struct cf_seckey *key = cf_seckey_new(), *opened;
	bool here, sealed;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		expect_err(cf_keystore_save(bad[i], key, NULL), CF_INVALID, "");
		expect_err(cf_keystore_open(&opened, bad[i],
			cf_seckey_public(key), NULL), CF_INVALID, "");
		expect_err(cf_keystore_find(&here, &sealed, bad[i],
			cf_seckey_public(key)), CF_INVALID, "");
	}
	cf_seckey_free(key);
}

static void
test_nothing_is_overwritten(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	struct cf_secret pass = secret("x");

	(void)state;
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	expect_err(cf_keystore_save(TRUST, key, &pass), CF_EXISTS, "");
	expect_opens(key, NULL);
	cf_secret_clear(&pass);
	cf_seckey_free(key);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
test_only_the_owner_can_look(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	char *path = path_of(key), *dir;

	(void)state;
	(void)umask(0);
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	(void)umask(022);
	assert_int_equal(mode_of(path), 0600);
	for (dir = cf_strdup(path); strcmp(dir, home) != 0;) {
		*strrchr(dir, '/') = '\0';
		assert_int_equal(mode_of(dir), 0700);
	}
	free(dir);
	free(path);
	cf_seckey_free(key);
}

static void
test_file_that_others_can_touch_is_refused(void **state)
{
	static const mode_t bad[] = { 0640, 0604, 0660, 0620, 0602, 0610, 0644,
		0777 };
	struct cf_seckey *key = cf_seckey_new();
	char *path = path_of(key);
	bool here, sealed;

	(void)state;
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		expect_closed(key, NULL, "key.permissions");
		expect_err(cf_keystore_find(&here, &sealed, TRUST,
			cf_seckey_public(key)), CF_INVALID, "key.permissions");
	}
	assert_int_equal(chmod(path, 0400), 0);
	expect_opens(key, NULL);
	free(path);
	cf_seckey_free(key);
}

static void
test_link_or_folder_is_no_key_file(void **state)
{
	struct cf_seckey *key = cf_seckey_new(), *opened;
	char *path = path_of(key), *other = cf_asprintf("%s.other", path);

	(void)state;
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	expect_err(cf_keystore_open(&opened, TRUST, cf_seckey_public(key),
		NULL), CF_SYS, "");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_closed(key, NULL, "key.damaged");
	free(other);
	free(path);
	cf_seckey_free(key);
}

static void
test_damaged_file_is_refused(void **state)
{
	struct cf_seckey *key = cf_seckey_new(), *other = cf_seckey_new();
	struct cf_buf text = CF_BUF(4096);
	char *path = path_of(key), *from;

	(void)state;
	expect_ok(cf_keystore_save(TRUST, key, NULL));
	expect_ok(cf_file_read(&text, path, false));
	for (size_t i = 0; i < text.len; i++) {
		char was = text.data[i];

		text.data[i] = (char)(was ^ 1);
		plant(key, text.data);
		expect_closed(key, NULL, "key.damaged");
		text.data[i] = '\0';
		plant(key, text.data);
		expect_closed(key, NULL, "key.damaged");
		text.data[i] = was;
	}
	plant(key, text.data);
	expect_opens(key, NULL);
	cf_buf_puts(&text, "\n");
	plant(key, text.data);
	expect_closed(key, NULL, "key.damaged");
	while (text.len < 3000)
		cf_buf_puts(&text, "          ");
	plant(key, text.data);
	expect_closed(key, NULL, "key.damaged");
	/* The file of another key under this one's name. */
	expect_ok(cf_keystore_save(TRUST, other, NULL));
	from = path_of(other);
	assert_int_equal(rename(from, path), 0);
	expect_closed(key, NULL, "key.damaged");
	free(from);
	free(path);
	cf_buf_clear(&text);
	cf_seckey_free(key);
	cf_seckey_free(other);
}

/* A key file as the documented form says, sealed by hand. */
static char *
sealed_by_hand(const struct cf_seckey *key, const char *passphrase,
	unsigned long long memory, unsigned long long passes, bool claim_only)
{
	unsigned char salt[16] = { 7 }, box[24 + 16 + 32] = { 9 }, k[32], s[32];
	struct cf_buf salt_text = CF_BUF(64), box_text = CF_BUF(256);
	char *out;

	cf_seckey_seed(key, s);
	assert_int_equal(crypto_pwhash(k, 32, passphrase, strlen(passphrase),
		salt, claim_only ? 1 : passes, claim_only ? 8192 : memory,
		crypto_pwhash_ALG_ARGON2ID13), 0);
	assert_int_equal(crypto_secretbox_easy(box + 24, s, 32, box, k), 0);
	cf_base64_add(&salt_text, salt, sizeof salt);
	cf_base64_add(&box_text, box, sizeof box);
	out = cf_asprintf("{\n  \"argon2id\": {\n    \"memory\": %llu,\n"
		"    \"passes\": %llu,\n    \"salt\": \"%s\"\n  },\n"
		"  \"box\": \"%s\",\n  \"key\": \"%s\",\n"
		"  \"kind\": \"confer-key\",\n  \"version\": 1\n}\n", memory,
		passes, salt_text.data, box_text.data,
		cf_seckey_public(key)->did);
	cf_buf_clear(&salt_text);
	cf_buf_clear(&box_text);
	return out;
}

static void
test_cost_in_the_file_counts_and_is_bounded(void **state)
{
	static const struct {
		unsigned long long memory, passes;
		bool claim, good;
	} costs[] = { { 8192, 1, false, true }, { 1048576, 2, false, true },
		{ 8193 * 1024, 3, false, true }, { 8191, 1, true, false },
		{ 7168, 1, true, false }, { 8193, 1, true, false },
		{ 0, 1, true, false }, { 8192, 0, true, false },
		{ 8192, CF_MAX_KDF_PASSES + 1, true, false },
		{ CF_MAX_KDF_MEMORY + 1024, 1, true, false },
		{ 18446744073709550592ull, 1, true, false },
		{ 8192, 18446744073709551615ull, true, false } };
	struct cf_secret pass = secret("pass"), wrong = secret("Pass");
	struct cf_seckey *key = cf_seckey_new();

	(void)state;
	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
		char *text = sealed_by_hand(key, "pass", costs[i].memory,
			costs[i].passes, costs[i].claim);

		plant(key, text);
		if (costs[i].good) {
			expect_opens(key, &pass);
			expect_closed(key, &wrong, "key.passphrase");
		} else {
			expect_closed(key, &pass, "key.damaged");
		}
		free(text);
	}
	cf_secret_clear(&pass);
	cf_secret_clear(&wrong);
	cf_seckey_free(key);
}

/* Each byte of a sealed file changed: refused, and never another key. */
static void
test_damaged_sealed_file_is_refused(void **state)
{
	struct cf_secret pass = secret("pass");
	struct cf_seckey *key = cf_seckey_new(), *opened;
	char *text = sealed_by_hand(key, "pass", 8192, 1, false);

	(void)state;
	for (size_t i = 0; text[i]; i++) {
		const struct cf_err *err;

		text[i] ^= 1;
		plant(key, text);
		err = cf_keystore_open(&opened, TRUST, cf_seckey_public(key),
			&pass);
		assert_non_null(err);
		assert_int_equal(err->code, CF_INVALID);
		assert_null(opened);
		text[i] ^= 1;
	}
	plant(key, text);
	expect_opens(key, &pass);
	free(text);
	cf_secret_clear(&pass);
	cf_seckey_free(key);
}

/* What we write is JSON, names its cost, and keeps the seed out of sight. */
static void
test_sealed_file_is_the_documented_json(void **state)
{
	struct cf_secret pass = secret("pass"), text = { 0 }, again = { 0 };
	struct cf_seckey *key = cf_seckey_new();
	struct cf_buf seed_text = CF_BUF(64);
	unsigned char seed[32];
	json_error_t error;
	json_t *doc, *cost;

	(void)state;
	expect_ok(cf_keyfile_write(&text, key, &pass));
	expect_ok(cf_keyfile_write(&again, key, &pass));
	assert_true(text.n != again.n || memcmp(text.p, again.p, text.n) != 0);
	doc = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(doc);
	assert_int_equal(json_object_size(doc), 5);
	cost = json_object_get(doc, "argon2id");
	assert_int_equal(json_integer_value(json_object_get(cost, "memory")),
		256 * 1024 * 1024);
	assert_int_equal(json_integer_value(json_object_get(cost, "passes")),
		3);
	assert_string_equal(json_string_value(json_object_get(doc, "key")),
		cf_seckey_public(key)->did);
	cf_seckey_seed(key, seed);
	cf_base64_add(&seed_text, seed, 32);
	assert_null(strstr(text.p, seed_text.data));
	json_decref(doc);
	cf_buf_wipe(&seed_text);
	cf_secret_clear(&pass);
	cf_secret_clear(&text);
	cf_secret_clear(&again);
	cf_seckey_free(key);
}

static void
expect_dir(const char *want)
{
	char *dir;

	expect_ok(cf_keystore_dir(&dir));
	assert_string_equal(dir, want);
	free(dir);
}

static void
test_folder_comes_from_the_environment(void **state)
{
	char *dir, *old = cf_strdup(getenv("HOME") ? getenv("HOME") : "/");

	(void)state;
	(void)setenv("CONFER_HOME", "/some/where", 1);
	(void)setenv("XDG_DATA_HOME", "/data", 1);
	(void)setenv("HOME", "/home/x", 1);
	expect_dir("/some/where");
	(void)setenv("CONFER_HOME", "", 1);
	expect_dir("/data/confer");
	(void)setenv("XDG_DATA_HOME", "relative", 1);
	expect_dir("/home/x/.local/share/confer");
	(void)unsetenv("XDG_DATA_HOME");
	expect_dir("/home/x/.local/share/confer");
	(void)unsetenv("HOME");
	expect_err(cf_keystore_dir(&dir), CF_USAGE, "");
	assert_null(dir);
	(void)setenv("HOME", old, 1);
	free(old);
}

int
main(int argc, char **argv)
{
#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, make_home, \
	remove_home)
	const struct CMUnitTest tests[] = {
		IN_HOME(test_sealed_key_opens_with_its_passphrase_only),
		IN_HOME(test_unsealed_key_opens_without),
		IN_HOME(test_unknown_key_is_not_found),
		IN_HOME(test_empty_passphrase_is_refused),
		IN_HOME(test_a_trust_id_is_never_a_path),
		IN_HOME(test_nothing_is_overwritten),
		IN_HOME(test_only_the_owner_can_look),
		IN_HOME(test_file_that_others_can_touch_is_refused),
		IN_HOME(test_link_or_folder_is_no_key_file),
		IN_HOME(test_damaged_file_is_refused),
		IN_HOME(test_cost_in_the_file_counts_and_is_bounded),
		IN_HOME(test_damaged_sealed_file_is_refused),
		IN_HOME(test_sealed_file_is_the_documented_json),
		IN_HOME(test_folder_comes_from_the_environment),
	};

	(void)argc, (void)argv;
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("keystore", tests, NULL, NULL);
}
