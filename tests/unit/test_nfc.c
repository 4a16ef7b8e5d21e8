/*
 * One spelling of each text. The digests are those of Python's unicodedata
 * (Unicode 14.0.0), over the same texts.
 */
#include "expect.h"

#include "base/mem.h"
#include "base/nfc.h"
#include "base/small.h"
#include "sign/sign.h"

#define TEXTS 200000u

static void
put(char **to, unsigned c)
{
	if (c >= 0x10000) {
		*(*to)++ = (char)(0xf0 | c >> 18);
		*(*to)++ = (char)(0x80 | (c >> 12 & 0x3f));
	} else if (c >= 0x800) {
		*(*to)++ = (char)(0xe0 | c >> 12);
	}
	if (c >= 0x800)
		*(*to)++ = (char)(0x80 | (c >> 6 & 0x3f));
	else if (c >= 0x80)
		*(*to)++ = (char)(0xc0 | c >> 6);
	*(*to)++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
}

static void
expect_digest(struct cf_buf *all, const char *want)
{
	char hex[2 * 32 + 1];
	unsigned char hash[32];

	assert_false(all->full);
	cf_sha256(hash, all->data, all->len);
	cf_hex(hex, hash, sizeof hash);
	assert_string_equal(hex, want);
	cf_buf_clear(all);
}

/* Each character alone: NFC(c) for c in all code points, a line each. */
static void
test_each_character(void **state)
{
	struct cf_buf all = CF_BUF(16 << 20);

	(void)state;
	for (unsigned c = 0x20; c < 0x110000; c++) {
		char text[8], *to = text, *got;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		put(&to, c);
		*to = '\0';
		got = cf_nfc(text);
		cf_buf_printf(&all, "%s\n", got);
		free(got);
	}
	expect_digest(&all, "cd3dba8c125d4892eeafaf0c33a4b06d"
		"0bc6515d2b5a241745e78cbdfcafba88");
}

/* Letters and marks in any order: up to eight, out of those that join. */
static void
test_sequences(void **state)
{
	static const unsigned from[] = { 0x41, 0x65, 0x6f, 0xc5, 0x1e69, 0x212b,
		0x300, 0x301, 0x307, 0x323, 0x327, 0x345, 0x3b1, 0x1f00, 0x430,
		0x306, 0x627, 0x653, 0x654, 0x915, 0x93c, 0xb47, 0xb3e, 0x1100,
		0x1161, 0x11a8, 0xac00, 0xac01, 0xf900, 0x1d15e, 0x334, 0x20 };
	struct cf_buf all = CF_BUF(16 << 20);
	uint64_t x = 1;

	(void)state;
	for (unsigned i = 0; i < TEXTS; i++) {
		char text[64], *to = text, *got, *again;
		unsigned n;

		x = x * UINT64_C(6364136223846793005) + 1;
		n = 1 + (unsigned)(x >> 61);
		while (n--) {
			x = x * UINT64_C(6364136223846793005) + 1;
			put(&to, from[x >> 59]);
		}
		*to = '\0';
		got = cf_nfc(text);
		again = cf_nfc(got);
		assert_string_equal(got, again);
		cf_buf_printf(&all, "%s\n", got);
		free(got);
		free(again);
	}
	expect_digest(&all, "cb3ccc255d3bc59a80ab5adc6b595be5"
		"0c4f86f60e262d058d72991b422afe6b");
}

static void
test_what_looks_alike(void **state)
{
	(void)state;
	assert_true(cf_same_letters("Caf\xc3\xa9", "Cafe\xcc\x81"));
	assert_true(cf_same_letters("\xe2\x84\xab", "A\xcc\x8a"));
	assert_true(cf_same_letters("plain", "plain"));
	assert_false(cf_same_letters("Cafe", "Caf\xc3\xa9"));
	assert_false(cf_same_letters("a\xcc\x81\xcc\x80", "a\xcc\x80\xcc\x81"));
	/* What is not UTF-8 is itself. */
	assert_true(cf_same_letters("e\xcc\x81\xff", "e\xcc\x81\xff"));
	assert_false(cf_same_letters("e\xcc\x81\xff", "\xc3\xa9\xff"));
}

/* A text of marks alone takes no time to speak of. */
static void
test_many_marks(void **state)
{
	char *text = cf_malloc(2 * 100000 + 2), *to = text, *got;

	(void)state;
	*to++ = 'a';
	for (unsigned i = 0; i < 100000; i++)
		put(&to, i % 2 ? 0x323 : 0x301);
	*to = '\0';
	got = cf_nfc(text);
	assert_int_equal(strlen(got), 2 * 100000 + 1);
	free(got);
	free(text);
}

/* A small letter stays small, and takes the place of its capital. */
static void
test_small_letters(void **state)
{
	unsigned capitals = 0;

	(void)state;
	for (unsigned c = 0; c < 0x110000; c++) {
		unsigned small = (unsigned)cf_small((int32_t)c);
		char text[8], *a = text, *b = text;

		put(&a, c);
		put(&b, small);
		assert_int_equal(a - text, b - text);
		assert_int_equal(cf_small((int32_t)small), small);
		capitals += small != c;
	}
	assert_int_equal(capitals, 566);
	assert_int_equal(cf_small(0x152), 0x153);
	assert_int_equal(cf_small(0xd7), 0xd7);
	assert_int_equal(cf_small(0x1e80), 0x1e81);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_letters),
		cmocka_unit_test(test_each_character),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_what_looks_alike),
		cmocka_unit_test(test_many_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
