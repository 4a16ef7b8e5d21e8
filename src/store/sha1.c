/*
 * SHA-1 (FIPS 180-4).
 */
#include <string.h>

#include "store/sha1.h"

static uint32_t
rotate(uint32_t x, unsigned bits)
{
	return x << bits | x >> (32 - bits);
}

static void
one_block(uint32_t state[5], const unsigned char *p)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], w[80];

	for (unsigned i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
			(uint32_t)p[2] << 8 | p[3];
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t f, k, next;

		if (i < 20) {
			f = (b & c) | (~b & d);
			k = 0x5a827999;
		} else if (i < 40) {
			f = b ^ c ^ d;
			k = 0x6ed9eba1;
		} else if (i < 60) {
			f = (b & c) | (b & d) | (c & d);
			k = 0x8f1bbcdc;
		} else {
			f = b ^ c ^ d;
			k = 0xca62c1d6;
		}
		next = rotate(a, 5) + f + e + k + w[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void
cf_sha1_init(struct cf_sha1 *s)
{
	*s = (struct cf_sha1){ .state = { 0x67452301, 0xefcdab89, 0x98badcfe,
		0x10325476, 0xc3d2e1f0 } };
}

void
cf_sha1_add(struct cf_sha1 *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t have = s->n % 64;

	s->n += n;
	if (have) {
		size_t more = 64 - have < n ? 64 - have : n;

		memcpy(s->block + have, p, more);
		p += more;
		n -= more;
		if (have + more < 64)
			return;
		one_block(s->state, s->block);
	}
	for (; n >= 64; p += 64, n -= 64)
		one_block(s->state, p);
	if (n)
		memcpy(s->block, p, n);
}

void
cf_sha1_end(unsigned char out[20], struct cf_sha1 *s)
{
	static const unsigned char padding[64] = { 0x80 };
	uint64_t bits = s->n * 8;
	unsigned char length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	cf_sha1_add(s, padding, (119 - s->n % 64) % 64 + 1);
	cf_sha1_add(s, length, sizeof length);
	for (unsigned i = 0; i < 20; i++)
		out[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}
