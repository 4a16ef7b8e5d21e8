/*
 * A folder whose loose objects a stranger wrote.
 */
#include "partner.h"

/* A loose object of `n` bytes that says it has 12: zlib, stored. */
static void
write_lie(const char *path, uint16_t n)
{
	static const char head[] = "blob 12";
	size_t all = sizeof head + n;
	unsigned char *bytes = cf_malloc(7 + all + 4), *p = bytes + 7;
	uint32_t a = 1, b = 0;

	memcpy(bytes, (unsigned char[]){ 0x78, 0x01, 0x01, all & 0xff,
		all >> 8 & 0xff, ~all & 0xff, ~all >> 8 & 0xff }, 7);
	memcpy(p, head, sizeof head);
	memset(p + sizeof head, 'x', n);
	for (size_t i = 0; i < all; i++) {
		a = (a + p[i]) % 65521;
		b = (b + a) % 65521;
	}
	p[all] = (unsigned char)(b >> 8);
	p[all + 1] = (unsigned char)b;
	p[all + 2] = (unsigned char)(a >> 8);
	p[all + 3] = (unsigned char)a;
	assert_ok(cf_file_write(path, bytes, 7 + all + 4, 0444));
	free(bytes);
}

/* libgit2 #7177: a loose object whose header says less than it holds is written
 * past the end of its room. Ours never is, and one that holds less is refused. */
static void
test_a_loose_object_that_lies(void **state)
{
	static const char body[] = "{\"what\": \"a 0\"}\n";
	static const uint16_t sizes[] = { 5, 13, 50, 60000 };
	struct fixture *f = *state;
	char hex[CF_OID_TEXT], name[100];
	struct cf_oid blob;

	(void)grow(f->theirs, 1, "a");
	cf_oid_of(&blob, CF_BLOB, body, sizeof body - 1);
	cf_oid_hex(hex, &blob);
	(void)snprintf(name, sizeof name, "%s/.git/objects/%.2s/%s",
		f->theirs_dir, hex, hex + 2);
	assert_int_equal(unlink(name), 0);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct cf_fetch one = { .url = f->theirs_dir };

		write_lie(name, sizes[i]);
		fetch_with(&one, f, f->ours, NULL);
		assert_non_null(one.err);
		assert_null(one.quarantine);
		assert_non_null(strstr(one.err->msg, "not as long as it says"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_loose_object_that_lies),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
