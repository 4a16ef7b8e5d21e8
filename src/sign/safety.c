/*
 * The safety number: a trust id as thirty digits that two people can read to
 * each other on the telephone; and the six of a key that somebody copies.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sign/sign.h"

static void
hash_of(unsigned char hash[32], const char *what, const char *name)
{
	char *text = cf_asprintf("confer %s number 1\n%s", what, name);
	struct cf_str all = cf_str(text);

	cf_sha256(hash, all.p, all.n);
	free(text);
}

/* The five bytes of group i. */
static uint64_t
group(const unsigned char hash[32], size_t i)
{
	uint64_t v = 0;

	for (size_t j = 0; j < 5; j++)
		v = v << 8 | hash[5 * i + j];
	return v;
}

void
cf_safety_number(char out[CF_SAFETY_TEXT], const char *trust_id)
{
	unsigned char hash[32];

	hash_of(hash, "safety", trust_id);
	for (size_t i = 0; i < 6; i++)
		(void)snprintf(out + 6 * i, CF_SAFETY_TEXT - 6 * i, "%05u%s",
			(unsigned)(group(hash, i) % 100000), i < 5 ? " " : "");
}

void
cf_key_number(char out[CF_KEY_NUMBER_TEXT], const char *did)
{
	unsigned char hash[32];

	hash_of(hash, "key", did);
	(void)snprintf(out, CF_KEY_NUMBER_TEXT, "%06u",
		(unsigned)(group(hash, 0) % 1000000));
}
