#ifndef CF_TEST_GOLDEN_COMMIT_H
#define CF_TEST_GOLDEN_COMMIT_H

/*
 * One commit in its parts and as a whole; its key is made of the bytes 0 to 31.
 */
#include "on_disk.h"

#define NAME "Northfield Learning Trust"
#define EMAIL "zQmNorthfield@confer.invalid"
#define WHO NAME " <" EMAIL "> 1767225600 +0000\n"
#define TREE "tree 1111111111111111111111111111111111111111\n"
#define PARENT "parent 2222222222222222222222222222222222222222\n"
#define SIGNATURE \
	"gpgsig -----BEGIN SSH SIGNATURE-----\n" \
	" U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmW" \
	"fk1j\n" \
	" CbpQ1fHdyGZBJVMbgAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1" \
	"NTE5\n" \
	" AAAAQBEU6QbdN1y8TxXlXkKlaBSeUJltAXcTwpliMwDPiqkA44BqGK+U0S0zbWEu9J" \
	"Cw7s\n" \
	" 9478mKpFVA03CC4NUWygc=\n" \
	" -----END SSH SIGNATURE-----\n"
#define MESSAGE \
	"Publish 1 finding\n\nConfer-Trust: zQmNorthfield\n" \
	"Confer-Identity: 1\nConfer-Sequence: 2\n"

#define PEOPLE "author " WHO "committer " WHO
#define REST SIGNATURE "\n" MESSAGE

static const char golden[] = TREE PARENT PEOPLE REST;

static inline struct cf_seckey *
golden_key(void)
{
	unsigned char seed[32];

	for (unsigned char i = 0; i < sizeof seed; i++)
		seed[i] = i;
	return cf_seckey_from_seed(seed);
}

static inline struct cf_commit
golden_commit(void)
{
	struct cf_commit c = { .has_parent = true, .name = CF_STR(NAME),
		.email = CF_STR(EMAIL), .time = 1767225600,
		.message = CF_STR(MESSAGE) };

	memset(c.tree.raw, 0x11, sizeof c.tree.raw);
	memset(c.parent.raw, 0x22, sizeof c.parent.raw);
	return c;
}

/* Parses a copy that is exactly as long: reading past it shows. */
static inline bool
parses(struct cf_str raw)
{
	char *copy = cf_malloc(raw.n);
	struct cf_commit c;
	const struct cf_err *err;

	if (raw.n)
		memcpy(copy, raw.p, raw.n);
	err = cf_commit_parse(&c, (struct cf_str){ copy, raw.n });
	free(copy);
	if (err) {
		assert_int_equal(err->code, CF_REFUSED);
		assert_string_equal(err->rule, "commit.encoding");
	}
	return err == NULL;
}

#endif
