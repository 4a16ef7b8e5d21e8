/*
 * Seed to checked symbols and back.
 */
#include <sodium.h>
#include <string.h>

#include "sign/sheet_code.h"

#define SUM 3
#define BYTES (32 + SUM)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char
cf_sheet_letter(unsigned symbol)
{
	return alphabet[symbol & 31];
}

int
cf_sheet_symbol(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

/* Times x in GF(32), modulo x^5 + x^2 + 1. */
static unsigned
twice(unsigned v)
{
	return (v << 1 ^ (v & 16 ? 0x25u : 0)) & 31;
}

/*
 * The remainder of (number, data) by (X + 1)(X + x) = X^2 + (x + 1)X + x: two
 * consecutive roots, so any two code words differ in three places or more.
 */
static void
check_symbols(unsigned char out[2], unsigned number,
	const unsigned char data[CF_SHEET_DATA])
{
	unsigned high = 0, low = 0;

	for (size_t i = 0; i <= CF_SHEET_DATA; i++) {
		unsigned f = (i ? data[i - 1] : number) ^ high;

		high = low ^ twice(f) ^ f;
		low = twice(f);
	}
	out[0] = (unsigned char)high;
	out[1] = (unsigned char)low;
}

bool
cf_sheet_line_ok(unsigned number, const unsigned char line[CF_SHEET_SYMBOLS])
{
	unsigned char check[2];

	check_symbols(check, number, line);
	return memcmp(check, line + CF_SHEET_DATA, sizeof check) == 0;
}

static void
checksum(unsigned char out[SUM], const unsigned char seed[32])
{
	static const char label[] = "confer recovery sheet 1\n";
	unsigned char text[sizeof label - 1 + 32], hash[32];

	memcpy(text, label, sizeof label - 1);
	memcpy(text + sizeof label - 1, seed, 32);
	cf_sha256(hash, text, sizeof text);
	memcpy(out, hash, SUM);
	sodium_memzero(text, sizeof text);
}

void
cf_sheet_encode(struct cf_sheet_code *out, const unsigned char seed[32])
{
	unsigned char bytes[BYTES];

	memcpy(bytes, seed, 32);
	checksum(bytes + 32, seed);
	memset(out, 0, sizeof *out);
	for (unsigned bit = 0; bit < 8 * BYTES; bit++) {
		unsigned i = bit / 5;

		out->symbol[i / CF_SHEET_DATA][i % CF_SHEET_DATA] |=
			(unsigned char)((bytes[bit / 8] >> (7 - bit % 8) & 1) <<
				(4 - bit % 5));
	}
	for (unsigned n = 0; n < CF_SHEET_LINES; n++)
		check_symbols(out->symbol[n] + CF_SHEET_DATA, n + 1,
			out->symbol[n]);
	sodium_memzero(bytes, sizeof bytes);
}

bool
cf_sheet_decode(unsigned char seed[32], const struct cf_sheet_code *code)
{
	unsigned char bytes[BYTES] = { 0 }, sum[SUM];
	bool ok;

	for (unsigned bit = 0; bit < 8 * BYTES; bit++) {
		unsigned i = bit / 5;

		bytes[bit / 8] |= (unsigned char)((code->symbol
			[i / CF_SHEET_DATA][i % CF_SHEET_DATA] >>
				(4 - bit % 5) & 1) << (7 - bit % 8));
	}
	checksum(sum, bytes);
	ok = memcmp(sum, bytes + 32, SUM) == 0;
	if (ok)
		memcpy(seed, bytes, 32);
	sodium_memzero(bytes, sizeof bytes);
	return ok;
}
