/*
 * The safety number: a trust id as thirty digits that two people can read to
 * each other on the telephone.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sign/sign.h"

void
cf_safety_number(char out[CF_SAFETY_TEXT], const char *trust_id)
{
	char *text = cf_asprintf("confer safety number 1\n%s", trust_id);
	struct cf_str all = cf_str(text);
	unsigned char hash[32];

	cf_sha256(hash, all.p, all.n);
	free(text);
	for (size_t i = 0; i < 6; i++) {
		uint64_t v = 0;

		for (size_t j = 0; j < 5; j++)
			v = v << 8 | hash[5 * i + j];
		(void)snprintf(out + 6 * i, CF_SAFETY_TEXT - 6 * i, "%05u%s",
			(unsigned)(v % 100000), i < 5 ? " " : "");
	}
}
