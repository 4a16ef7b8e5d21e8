/*
 * SHA-256 and digestMultibase, base58, base64, salts and the safety number.
 */
#include "expect.h"

#include "base/mem.h"
#include "sign/sign.h"

#define EMPTY "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
#define EMPTY_HASH \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
test_sha256_of_known_texts(void **state)
{
	unsigned char hash[32];
	char hex[65];

	(void)state;
	cf_sha256(hash, "", 0);
	cf_hex(hex, hash, 32);
	assert_string_equal(hex, EMPTY_HASH);
	cf_sha256(hash, "abc", 3);
	cf_hex(hex, hash, 32);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad");
}

static void
test_digest_is_base58_of_a_multihash(void **state)
{
	struct cf_digest d, again;
	unsigned char raw[32];
	char hex[65];

	(void)state;
	cf_digest_of(&d, "", 0);
	assert_string_equal(d.text, EMPTY);
	assert_true(cf_digest_parse(&again, cf_str(EMPTY)));
	assert_string_equal(again.text, EMPTY);
	assert_true(cf_digest_raw(raw, EMPTY));
	cf_hex(hex, raw, 32);
	assert_string_equal(hex, EMPTY_HASH);
	cf_digest_from_hash(&again, raw);
	assert_string_equal(again.text, EMPTY);
}

static void
test_digest_has_one_form(void **state)
{
	static const char *const bad[] = { "", "z",
		EMPTY "1",		/* longer */
		"QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
		"zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1",
		"zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR10",
		"zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1l",
		"uQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
		"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
		"z1111111111111111111111111111111111111111111111" };
	struct cf_digest d;
	unsigned char raw[32];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(cf_digest_parse(&d, cf_str(bad[i])));
		assert_false(cf_digest_raw(raw, bad[i]));
	}
}

/* The same 32 bytes under another hash's number, or with another length. */
static void
test_digest_of_another_kind_is_refused(void **state)
{
	static const unsigned char kinds[][2] = { { 0x12, 0x20 },
		{ 0x13, 0x20 }, { 0x11, 0x20 }, { 0x12, 0x1f },
		{ 0x12, 0x21 } };
	unsigned char multihash[34], raw[32];
	struct cf_digest d;
	char text[80] = "z";

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		memset(multihash, 0x5a, sizeof multihash);
		memcpy(multihash, kinds[i], 2);
		cf_base58(text + 1, multihash, sizeof multihash);
		assert_int_equal(strlen(text), CF_DIGEST_TEXT - 1);
		assert_int_equal(cf_digest_parse(&d, cf_str(text)), i == 0);
		assert_int_equal(cf_digest_raw(raw, text), i == 0);
	}
}

static void
test_base58_of_known_texts(void **state)
{
	/* draft-msporny-base58-03, and edges */
	static const struct {
		const char *bytes;
		size_t n;
		const char *text;
	} known[] = {
		{ "Hello World!", 12, "2NEpo7TZRRrLZSi2U" },
		{ "The quick brown fox jumps over the lazy dog.", 44,
			"USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMei"
			"KrLJUUBk6Z" },
		{ "\x00\x00\x28\x7f\xb4\xcd", 6, "11233QC4" },
		{ "", 0, "" }, { "\0", 1, "1" }, { "\0\0\0\0\0", 5, "11111" },
		{ "\x39", 1, "z" }, { "\x3a", 1, "21" },
		{ "\xff\xff\xff\xff", 4, "7YXq9G" },
		{ "\0\xff\xff\xff\xff", 5, "17YXq9G" },
	};
	char text[128];
	unsigned char back[64];

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t n = known[i].n;

		cf_base58(text, known[i].bytes, n);
		assert_string_equal(text, known[i].text);
		assert_true(cf_unbase58(back, n, cf_str(text)));
		assert_memory_equal(back, known[i].bytes, n);
		assert_false(cf_unbase58(back, n + 1, cf_str(text)));
		assert_true(n == 0 || !cf_unbase58(back, n - 1, cf_str(text)));
	}
	/* 2^32, 2^272: one more than fits */
	assert_false(cf_unbase58(back, 4, cf_str("7YXq9H")));
	assert_false(cf_unbase58(back, 2, cf_str("LUw")));
	assert_true(cf_unbase58(back, 2, cf_str("LUv")));
	assert_false(cf_unbase58(back, 1, cf_str("5R")));
	assert_false(cf_unbase58(back, 1, cf_str("0")));
	assert_false(cf_unbase58(back, 1, cf_str("\xc3\xa9")));
}

/* The schoolbook way, one digit at a time. */
static void
slow_base58(char *out, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
		"abcdefghijkmnopqrstuvwxyz";
	unsigned char b[128];
	char text[256];
	size_t len = 0, zeros = 0;

	memcpy(b, bytes, n);
	while (zeros < n && b[zeros] == 0)
		zeros++;
	for (size_t first = zeros; first < n;) {
		unsigned rest = 0;

		for (size_t i = first; i < n; i++) {
			rest = rest << 8 | b[i];
			b[i] = (unsigned char)(rest / 58);
			rest %= 58;
		}
		text[len++] = digits[rest];
		while (first < n && b[first] == 0)
			first++;
	}
	for (size_t i = 0; i < zeros; i++)
		*out++ = '1';
	while (len)
		*out++ = text[--len];
	*out = '\0';
}

static void
test_base58_agrees_with_the_schoolbook(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t n = (size_t)seed_below(129);
		unsigned char bytes[128], back[128];
		char fast[257], slow[257];

		seed_bytes(bytes, n);
		memset(bytes, 0, (size_t)seed_below(4) * (n > 3));
		cf_base58(fast, bytes, n);
		slow_base58(slow, bytes, n);
		assert_string_equal(fast, slow);
		assert_true(cf_unbase58(back, n, cf_str(fast)));
		assert_memory_equal(back, bytes, n);
	}
}

/* Whatever text is accepted is the text that its bytes have. */
static void
test_base58_has_one_form(void **state)
{
	(void)state;
	for (int i = 0; i < 50000; i++) {
		static const char some[] = "112zYX9Aaj";
		char text[12] = { 0 }, again[32];
		size_t n = (size_t)seed_below(7);
		unsigned char bytes[8];

		for (size_t j = (size_t)seed_below(sizeof text); j-- > 0;)
			text[j] = some[seed_below(sizeof some - 1)];
		if (!cf_unbase58(bytes, n, cf_str(text)))
			continue;
		cf_base58(again, bytes, n);
		assert_string_equal(again, text);
	}
}

static void
test_base64_of_known_texts(void **state)
{
	static const char *const known[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xef\xff", "++//" } };
	struct cf_buf b = CF_BUF(64);

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		cf_buf_reset(&b);
		cf_base64_add(&b, known[i][0], strlen(known[i][0]));
		assert_string_equal(b.data, known[i][1]);
		cf_buf_reset(&b);
		assert_true(cf_base64_decode(&b, cf_str(known[i][1])));
		assert_string_equal(b.data, known[i][0]);
	}
	cf_buf_clear(&b);
}

static void
test_base64_has_one_form(void **state)
{
	static const char *const bad[] = { "Zg", "Zg=", "Zg===", "Zh==", "Zm9=",
		"Zm 9v", "Zm9v\n", " Zm9v", "Zm9v=", "Z-_v", "====", "=",
		"Zg==Zg==", "Zm9vYg", "Zm9\xc3" };
	struct cf_buf b = CF_BUF(64), small = CF_BUF(2);

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(cf_base64_decode(&b, cf_str(bad[i])));
	assert_int_equal(b.len, 0);
	assert_false(cf_base64_decode(&b, (struct cf_str){ "Zm\0v", 4 }));
	assert_false(cf_base64_decode(&small, cf_str("Zm9v")));
	cf_buf_clear(&b);
}

static void
test_salts_are_22_letters_and_differ(void **state)
{
	char a[23], b[23];

	(void)state;
	cf_salt(a);
	cf_salt(b);
	assert_int_equal(strlen(a), 22);
	assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-_"), 22);
	assert_string_not_equal(a, b);
}

/* The digits were computed apart from this program. */
static void
test_safety_number_of_a_known_trust(void **state)
{
	char text[CF_SAFETY_TEXT];

	(void)state;
	cf_safety_number(text, EMPTY);
	assert_string_equal(text, "53424 86063 58468 01512 19034 38675");
}

static void
test_number_of_a_key(void **state)
{
	char text[CF_KEY_NUMBER_TEXT];

	(void)state;
	cf_key_number(text, "did:key:"
		"z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH");
	assert_string_equal(text, "900360");
}

static void
test_digest_of_a_document_leaves_proof_out(void **state)
{
	json_t *doc = json_pack("{s:i, s:s, s:[i]}", "b", 1, "a", "x", "proof",
		7);
	struct cf_digest d, want;

	(void)state;
	expect_ok(cf_digest_doc(&d, doc));
	cf_digest_of(&want, "{\"a\":\"x\",\"b\":1}", 15);
	assert_string_equal(d.text, want.text);
	json_decref(doc);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256_of_known_texts),
		cmocka_unit_test(test_digest_is_base58_of_a_multihash),
		cmocka_unit_test(test_digest_has_one_form),
		cmocka_unit_test(test_digest_of_another_kind_is_refused),
		cmocka_unit_test(test_base58_of_known_texts),
		cmocka_unit_test(test_base58_agrees_with_the_schoolbook),
		cmocka_unit_test(test_base58_has_one_form),
		cmocka_unit_test(test_base64_of_known_texts),
		cmocka_unit_test(test_base64_has_one_form),
		cmocka_unit_test(test_salts_are_22_letters_and_differ),
		cmocka_unit_test(test_safety_number_of_a_known_trust),
		cmocka_unit_test(test_number_of_a_key),
		cmocka_unit_test(test_digest_of_a_document_leaves_proof_out),
	};

	seed_start(argc, argv);
	cf_json_start();
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
