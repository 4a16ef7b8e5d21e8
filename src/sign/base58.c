/*
 * base58btc (Bitcoin's alphabet). Each leading zero byte is a '1'; the rest is
 * one big number. Five digits at a time go through 32-bit limbs: every version
 * id and every signature passes here.
 */
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "sign/sign.h"

#define LIMBS (CF_MAX_BASE58 / 4)
#define CHUNK 5			/* 58^5 fits 32 bits */
#define CHUNK_BASE 656356768u

static const char alphabet[] =
	"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* One more than the digit of a character; 0: none. */
static const unsigned char digit_of[128] = {
	['1'] = 1, ['2'] = 2, ['3'] = 3, ['4'] = 4, ['5'] = 5, ['6'] = 6,
	['7'] = 7, ['8'] = 8, ['9'] = 9, ['A'] = 10, ['B'] = 11, ['C'] = 12,
	['D'] = 13, ['E'] = 14, ['F'] = 15, ['G'] = 16, ['H'] = 17,
	['J'] = 18, ['K'] = 19, ['L'] = 20, ['M'] = 21, ['N'] = 22,
	['P'] = 23, ['Q'] = 24, ['R'] = 25, ['S'] = 26, ['T'] = 27,
	['U'] = 28, ['V'] = 29, ['W'] = 30, ['X'] = 31, ['Y'] = 32,
	['Z'] = 33, ['a'] = 34, ['b'] = 35, ['c'] = 36, ['d'] = 37,
	['e'] = 38, ['f'] = 39, ['g'] = 40, ['h'] = 41, ['i'] = 42,
	['j'] = 43, ['k'] = 44, ['m'] = 45, ['n'] = 46, ['o'] = 47,
	['p'] = 48, ['q'] = 49, ['r'] = 50, ['s'] = 51, ['t'] = 52,
	['u'] = 53, ['v'] = 54, ['w'] = 55, ['x'] = 56, ['y'] = 57,
	['z'] = 58
};

/* Divides the number (most significant limb first) by 58^5. */
static uint32_t
divide(uint32_t *limb, size_t limbs)
{
	uint64_t rest = 0;

	for (size_t i = 0; i < limbs; i++) {
		rest = rest << 32 | limb[i];
		limb[i] = (uint32_t)(rest / CHUNK_BASE);
		rest %= CHUNK_BASE;
	}
	return (uint32_t)rest;
}

void
cf_base58(char *out, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;
	uint32_t limb[LIMBS] = { 0 };
	size_t zeros = 0, first = 0, limbs = (n + 3) / 4, len = 0;
	char digits[2 * CF_MAX_BASE58];

	if (n > CF_MAX_BASE58)
		cf_bug("base58 of too many bytes");
	while (zeros < n && b[zeros] == 0)
		zeros++;
	for (size_t i = 0; i < n; i++)
		limb[limbs - 1 - (n - 1 - i) / 4] |=
			(uint32_t)b[i] << 8 * ((n - 1 - i) % 4);
	for (;;) {
		uint32_t chunk;

		while (first < limbs && limb[first] == 0)
			first++;
		if (first == limbs)
			break;
		chunk = divide(limb + first, limbs - first);
		for (int i = 0; i < CHUNK; i++, chunk /= 58)
			digits[len++] = alphabet[chunk % 58];
	}
	while (len && digits[len - 1] == '1')
		len--;
	memset(out, '1', zeros);
	out += zeros;
	while (len)
		*out++ = digits[--len];
	*out = '\0';
}

/* Multiplies by 58^5 and adds; false where the number outgrows its limbs. */
static bool
multiply_add(uint32_t *limb, size_t limbs, uint32_t add)
{
	uint64_t carry = add;

	for (size_t i = limbs; i-- > 0;) {
		carry += (uint64_t)limb[i] * CHUNK_BASE;
		limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return carry == 0;
}

static bool
chunk_value(uint32_t *out, struct cf_str digits)
{
	*out = 0;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned char c = (unsigned char)digits.p[i];

		if (c >= sizeof digit_of || digit_of[c] == 0)
			return false;
		*out = *out * 58 + digit_of[c] - 1;
	}
	return true;
}

bool
cf_unbase58(void *out, size_t n, struct cf_str text)
{
	unsigned char *b = out;
	uint32_t limb[LIMBS] = { 0 }, value;
	size_t zeros = 0, limbs = (n + 3) / 4, left;

	if (n > CF_MAX_BASE58)
		cf_bug("base58 of too many bytes");
	while (zeros < text.n && text.p[zeros] == '1')
		zeros++;
	if (zeros > n)
		return false;
	for (size_t i = zeros; i < text.n;) {
		size_t take = (text.n - i) % CHUNK;

		take = take ? take : CHUNK;
		if (!chunk_value(&value, (struct cf_str){ text.p + i, take }) ||
			!multiply_add(limb, limbs, value))
			return false;
		i += take;
	}
	/* The limbs may hold up to three bytes more than were asked for. */
	left = limbs * 4 - n;
	if (left && limb[0] >> 8 * (4 - left))
		return false;
	for (size_t i = 0; i < n; i++)
		b[i] = (unsigned char)(limb[limbs - 1 - (n - 1 - i) / 4] >>
			8 * ((n - 1 - i) % 4));
	/* As many ones as leading zero bytes: the form is the only one. */
	for (size_t i = 0; i < zeros; i++)
		if (b[i] != 0)
			return false;
	return zeros == n || b[zeros] != 0;
}
