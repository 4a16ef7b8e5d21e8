#ifndef CF_STORE_SHA1_H
#define CF_STORE_SHA1_H

/*
 * SHA-1, for the one thing that libgit2 does not offer it for: the checksum that
 * a pack and its index end with. Nothing is trusted because of it.
 */
#include <stddef.h>
#include <stdint.h>

struct cf_sha1 {
	uint32_t state[5];
	uint64_t n;			/* bytes so far */
	unsigned char block[64];
};

void cf_sha1_init(struct cf_sha1 *s);
void cf_sha1_add(struct cf_sha1 *s, const void *bytes, size_t n);
void cf_sha1_end(unsigned char out[20], struct cf_sha1 *s);

#endif
