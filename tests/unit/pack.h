#ifndef TEST_PACK_H
#define TEST_PACK_H

/*
 * Packs byte by byte.
 */
#include "siege.h"
#include "store/git.h"

#define PACK_MAX (96u << 20)

/* --- bytes ------------------------------------------------------------------- */

static inline uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline void
sha1_block(uint32_t h[5], const unsigned char *p)
{
	static const uint32_t k[4] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc,
		0xca62c1d6 };
	uint32_t w[80], v[5];

	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
			(uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
	for (unsigned i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(v, h, sizeof v);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t f = i < 20 ? (v[1] & v[2]) | (~v[1] & v[3]) :
			i >= 40 && i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) |
			(v[2] & v[3]) : v[1] ^ v[2] ^ v[3];
		uint32_t t = rotate(v[0], 5) + f + v[4] + k[i / 20] + w[i];

		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = t;
	}
	for (unsigned i = 0; i < 5; i++)
		h[i] += v[i];
}

static inline void
sha1(unsigned char out[20], const void *bytes, size_t n)
{
	uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
		0xc3d2e1f0 };
	unsigned char last[128] = { 0 };
	const unsigned char *p = bytes;
	size_t i = 0, rest, end;

	for (; i + 64 <= n; i += 64)
		sha1_block(h, p + i);
	rest = n - i;
	memcpy(last, p + i, rest);
	last[rest] = 0x80;
	end = rest < 56 ? 64 : 128;
	for (unsigned k = 0; k < 8; k++)
		last[end - 1 - k] = (unsigned char)((uint64_t)n * 8 >> 8 * k);
	for (i = 0; i < end; i += 64)
		sha1_block(h, last + i);
	for (unsigned k = 0; k < 20; k++)
		out[k] = (unsigned char)(h[k / 4] >> (24 - 8 * (k % 4)));
}

static inline void
add_u32(struct cf_buf *out, uint32_t n)
{
	const unsigned char bytes[4] = { (unsigned char)(n >> 24),
		(unsigned char)(n >> 16), (unsigned char)(n >> 8),
		(unsigned char)n };

	cf_buf_add(out, bytes, sizeof bytes);
}

/* zlib, not compressed. */
static inline void
add_stored(struct cf_buf *out, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint32_t a = 1, b = 0;
	size_t at = 0;

	cf_buf_add(out, "\x78\x01", 2);
	do {
		size_t part = n - at < 65535 ? n - at : 65535;
		const unsigned char head[5] = { at + part == n,
			(unsigned char)part, (unsigned char)(part >> 8),
			(unsigned char)~part, (unsigned char)(~part >> 8) };

		cf_buf_add(out, head, sizeof head);
		cf_buf_add(out, p + at, part);
		at += part;
	} while (at < n);
	for (size_t i = 0; i < n; i++) {
		a = (a + p[i]) % 65521;
		b = (b + a) % 65521;
	}
	add_u32(out, b << 16 | a);
}

struct bits {
	struct cf_buf *out;
	unsigned n, value;
};

static inline void
add_bits(struct bits *b, unsigned value, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		b->value |= (value >> i & 1) << b->n;
		if (++b->n == 8) {
			cf_buf_putc(b->out, (char)b->value);
			b->n = b->value = 0;
		}
	}
}

/* zlib: 258 n + 1 zeros, each 258 of them in 13 bits. */
static inline void
add_zeros(struct cf_buf *out, uint64_t n)
{
	struct bits b = { .out = out };

	cf_buf_add(out, "\x78\x01", 2);
	add_bits(&b, 1, 1);
	add_bits(&b, 1, 2);	/* fixed codes */
	add_bits(&b, 0x0c, 8);	/* a zero: 00110000, its first bit first */
	for (uint64_t i = 0; i < n; i++) {
		add_bits(&b, 0xa3, 8);	/* length 258: 11000101 */
		add_bits(&b, 0, 5);	/* distance 1 */
	}
	add_bits(&b, 0, 7);	/* the end */
	add_bits(&b, 0, (8 - b.n) % 8);
	add_u32(out, (uint32_t)((258 * n + 1) % 65521) << 16 | 1);
}

/* --- packs ------------------------------------------------------------------- */

static inline void
pack_begin(struct cf_buf *out, uint32_t objects)
{
	cf_buf_reset(out);
	cf_buf_puts(out, "PACK");
	add_u32(out, 2);
	add_u32(out, objects);
}

static inline void
pack_head(struct cf_buf *out, unsigned type, uint64_t size)
{
	unsigned char c = (unsigned char)(type << 4 | (size & 15));

	for (size >>= 4; size; size >>= 7) {
		cf_buf_putc(out, (char)(c | 0x80));
		c = size & 0x7f;
	}
	cf_buf_putc(out, (char)c);
}

static inline void
pack_add(struct cf_buf *out, unsigned type, const void *bytes, size_t n)
{
	pack_head(out, type, n);
	add_stored(out, bytes, n);
}

static inline void
pack_end(struct cf_buf *out)
{
	unsigned char sum[20];

	sha1(sum, out->data, out->len);
	cf_buf_add(out, sum, sizeof sum);
}

/* Every object of a store, as a pack; `skip` (or NULL) is left out. */
struct packing {
	struct cf_buf *out;
	git_odb *odb;
	const struct cf_oid *skip;
	uint32_t n;
};

static inline int
pack_one(const git_oid *id, void *payload)
{
	struct packing *p = payload;
	git_odb_object *object;

	if (p->skip && memcmp(p->skip->raw, id->id, 20) == 0)
		return 0;
	assert_int_equal(git_odb_read(&object, p->odb, id), 0);
	pack_add(p->out, (unsigned)git_odb_object_type(object),
		git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	p->n++;
	return 0;
}

/* The pack is not ended: more may follow, if pack_count says so at last. */
static inline void
pack_store(struct packing *p, struct cf_buf *out, struct made_main *m,
	const struct cf_oid *skip)
{
	*p = (struct packing){ .out = out, .skip = skip,
		.odb = cf_store_odb(m->store)->git };
	pack_begin(out, 0);
	assert_int_equal(git_odb_foreach(p->odb, pack_one, p), 0);
}

static inline void
pack_count(struct cf_buf *out, uint32_t n)
{
	struct cf_buf four = CF_BUF(8);

	add_u32(&four, n);
	memcpy(out->data + 8, four.data, 4);
	cf_buf_clear(&four);
}

#endif
