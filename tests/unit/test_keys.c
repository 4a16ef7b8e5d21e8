/*
 * Keys, their names, signatures on bytes, and the self-test that pins which
 * signatures count.
 */
#include "expect.h"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sign/selftest.h"

/* RFC 8032, 7.1: secret key, public key, message, signature. */
static const char *const rfc8032[][4] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	"5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	"72",
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	"af82",
	"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	"18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
	{ "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
	"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
	"09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" },
};

static size_t
unhex(unsigned char *out, const char *hex)
{
	size_t n = strlen(hex) / 2;

	assert_true(cf_unhex(out, n, cf_str(hex)));
	return n;
}

static void
test_rfc8032_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
		unsigned char seed[32], raw[32], msg[64], want[64], sig[64];
		struct cf_seckey *key;
		size_t n;

		(void)unhex(seed, rfc8032[i][0]);
		(void)unhex(raw, rfc8032[i][1]);
		n = unhex(msg, rfc8032[i][2]);
		(void)unhex(want, rfc8032[i][3]);
		key = cf_seckey_from_seed(seed);
		assert_memory_equal(cf_seckey_public(key)->raw, raw, 32);
		cf_sign_bytes(sig, key, msg, n);
		assert_memory_equal(sig, want, 64);
		expect_ok(cf_verify_bytes(cf_seckey_public(key), sig, msg, n));
		cf_seckey_free(key);
	}
}

static void
test_every_changed_bit_of_a_signature_is_refused(void **state)
{
	struct cf_seckey *key = cf_seckey_new();
	unsigned char sig[64];

	(void)state;
	cf_sign_bytes(sig, key, "text", 4);
	for (size_t i = 0; i < 512; i++) {
		sig[i / 8] ^= (unsigned char)(1 << i % 8);
		expect_err(cf_verify_bytes(cf_seckey_public(key), sig, "text",
			4), CF_REFUSED, "");
		sig[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	expect_ok(cf_verify_bytes(cf_seckey_public(key), sig, "text", 4));
	expect_err(cf_verify_bytes(cf_seckey_public(key), sig, "tex", 3),
		CF_REFUSED, "");
	cf_seckey_free(key);
}

static void
test_seed_comes_back(void **state)
{
	unsigned char seed[32], back[32];
	struct cf_seckey *key, *other = cf_seckey_new();

	(void)state;
	seed_bytes(seed, sizeof seed);
	key = cf_seckey_from_seed(seed);
	cf_seckey_seed(key, back);
	assert_memory_equal(seed, back, 32);
	assert_string_not_equal(cf_seckey_public(key)->did,
		cf_seckey_public(other)->did);
	cf_seckey_free(key);
	cf_seckey_free(other);
	cf_seckey_free(NULL);
}

/* Name and key of the W3C's example for eddsa-jcs-2022. */
static void
test_did_key_of_a_known_key(void **state)
{
	static const char did[] =
		"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
	static const char secret[] =
		"3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
	unsigned char multikey[34];
	struct cf_pubkey key, again;
	struct cf_seckey *full;

	(void)state;
	assert_true(cf_unbase58(multikey, sizeof multikey, cf_str(secret)));
	full = cf_seckey_from_seed(multikey + 2);
	assert_string_equal(cf_seckey_public(full)->did, did);
	assert_true(cf_pubkey_parse(&key, cf_str(did)));
	assert_memory_equal(key.raw, cf_seckey_public(full)->raw, 32);
	cf_pubkey_from_raw(&again, key.raw);
	assert_string_equal(again.did, did);
	cf_seckey_free(full);
}

static void
test_did_key_has_one_form(void **state)
{
	static const char *const bad[] = { "", "did:key:", "did:key:z",
		"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
		"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ",
		"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ22",
		"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#",
		"DID:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
		"did:key:u6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
		"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ0",
		" did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ",
		/* X25519 */
		"did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc" };
	static const unsigned char kinds[][2] = { { 0xed, 0x01 },
		{ 0xed, 0x02 }, { 0xed, 0x00 }, { 0xec, 0x01 },
		{ 0xee, 0x01 } };
	struct cf_pubkey key;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(cf_pubkey_parse(&key, cf_str(bad[i])));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		unsigned char multikey[34] = { kinds[i][0], kinds[i][1], 9 };
		char text[80] = "did:key:z";

		cf_base58(text + strlen(text), multikey, sizeof multikey);
		assert_int_equal(strlen(text), CF_DID_TEXT - 1);
		assert_int_equal(cf_pubkey_parse(&key, cf_str(text)), i == 0);
	}
}

/* y and y + p name one point; only y below p is a key's name. */
static void
test_point_beyond_the_prime_is_no_key(void **state)
{
	struct cf_pubkey key, parsed;
	unsigned char raw[32];

	(void)state;
	memset(raw, 0xff, 32);
	for (unsigned low = 0xe8; low <= 0xff; low++) {
		for (unsigned sign = 0; sign < 2; sign++) {
			raw[0] = (unsigned char)low;
			raw[31] = (unsigned char)(0x7f | sign << 7);
			cf_pubkey_from_raw(&key, raw);
			assert_int_equal(cf_pubkey_parse(&parsed,
				cf_str(key.did)), low < 0xed);
		}
	}
	raw[17] = 0xfe;
	cf_pubkey_from_raw(&key, raw);
	assert_true(cf_pubkey_parse(&parsed, cf_str(key.did)));
}

static int
yes(const unsigned char *sig, const unsigned char *msg, unsigned long long n,
	const unsigned char *key)
{
	(void)sig, (void)msg, (void)n, (void)key;
	return 0;
}

static int
no(const unsigned char *sig, const unsigned char *msg, unsigned long long n,
	const unsigned char *key)
{
	return yes(sig, msg, n, key) - 1;
}

/* s times the point, whatever its order; the identity starts it. */
static void
times(unsigned char out[32], const unsigned char s[32],
	const unsigned char point[32])
{
	memset(out, 0, 32);
	out[0] = 1;
	for (int bit = 255; bit >= 0; bit--) {
		assert_int_equal(crypto_core_ed25519_add(out, out, out), 0);
		if (s[bit / 8] >> bit % 8 & 1)
			assert_int_equal(crypto_core_ed25519_add(out, out,
				point), 0);
	}
}

/* S·B − k·A, for S and k modulo the group order; then times `cofactor`. */
static void
left_side(unsigned char out[32], const unsigned char *sig, const char *msg,
	size_t n, const unsigned char *key, unsigned char cofactor)
{
	unsigned char wide[64], k[32], sb[32], ka[32], c[32] = { cofactor };
	unsigned char base[32], one[32] = { 1 };
	crypto_hash_sha512_state hash;

	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, sig, 32);
	crypto_hash_sha512_update(&hash, key, 32);
	crypto_hash_sha512_update(&hash, (const unsigned char *)msg, n);
	crypto_hash_sha512_final(&hash, wide);
	crypto_core_ed25519_scalar_reduce(k, wide);
	assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(base, one), 0);
	times(sb, sig + 32, base);
	times(ka, k, key);
	assert_int_equal(crypto_core_ed25519_sub(sb, sb, ka), 0);
	times(out, c, sb);
}

/* RFC 8032's other equation: 8·S·B = 8·R + 8·k·A. Libraries that use it take
 * signatures that others refuse. */
static int
cofactored(const unsigned char *sig, const unsigned char *msg,
	unsigned long long n, const unsigned char *key)
{
	unsigned char left[32], right[32], eight[32] = { 8 };

	left_side(left, sig, (const char *)msg, (size_t)n, key, 8);
	times(right, eight, sig);
	return memcmp(left, right, 32) == 0 ? 0 : -1;
}

/* The equation of this program without the rules on small order and on S. */
static int
equation_only(const unsigned char *sig, const unsigned char *msg,
	unsigned long long n, const unsigned char *key)
{
	unsigned char left[32];

	left_side(left, sig, (const char *)msg, (size_t)n, key, 1);
	return memcmp(left, sig, 32) == 0 ? 0 : -1;
}

static void
test_selftest_refuses_libraries_that_judge_otherwise(void **state)
{
	(void)state;
	expect_ok(cf_selftest(crypto_sign_verify_detached));
	expect_err(cf_selftest(yes), CF_REFUSED, "selftest.signature");
	expect_err(cf_selftest(no), CF_REFUSED, "selftest.signature");
	expect_err(cf_selftest(cofactored), CF_REFUSED, "selftest.signature");
	expect_err(cf_selftest(equation_only), CF_REFUSED,
		"selftest.signature");
}

/* The torsion vectors tell the two equations apart, and nothing else does. */
static void
test_torsion_vectors_are_what_they_say(void **state)
{
	size_t apart = 0;

	(void)state;
	for (size_t i = 0; i < cf_vectors_n; i++) {
		const struct cf_vector *v = &cf_vectors[i];
		const unsigned char *msg = (const unsigned char *)v->msg;
		unsigned char key[32], sig[64];
		bool torsion = strstr(v->what, "with a torsion part") != NULL;
		bool with, without;

		(void)unhex(key, v->key);
		(void)unhex(sig, v->sig);
		with = cofactored(sig, msg, strlen(v->msg), key) == 0;
		without = equation_only(sig, msg, strlen(v->msg), key) == 0;
		if (torsion) {
			assert_true(with);
			assert_int_equal(without, v->good);
			apart += with != without;
		}
		assert_true(!v->good || (with && without));
	}
	assert_int_equal(apart, 2);
}

static void
test_core_dumps_are_off(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc8032_vectors),
		cmocka_unit_test(
			test_every_changed_bit_of_a_signature_is_refused),
		cmocka_unit_test(test_seed_comes_back),
		cmocka_unit_test(test_did_key_of_a_known_key),
		cmocka_unit_test(test_did_key_has_one_form),
		cmocka_unit_test(test_point_beyond_the_prime_is_no_key),
		cmocka_unit_test(
			test_selftest_refuses_libraries_that_judge_otherwise),
		cmocka_unit_test(test_torsion_vectors_are_what_they_say),
		cmocka_unit_test(test_core_dumps_are_off),
	};

	seed_start(argc, argv);
	expect_ok(cf_sign_start());
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
