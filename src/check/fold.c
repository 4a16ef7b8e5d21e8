/*
 * What characters beyond ASCII are read as. The tables are part of the ruleset:
 * they do not follow the Unicode version of a library.
 */
#include "check/fold.h"

static const char latin[] =
	" \201\201\201\201\201\201\201\201\201a\"\201\201\201\201\201"
	"\20123'\200\201.\2011o\"\201\201\201\201AAAAAAACEEEEIIIIDNOOOO"
	"O\201OUUUUYTsaaaaaaaceeeeiiiidnooooo\201ouuuuytyAaAaAaCcCcCcCc"
	"DdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNn"
	"OoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200Oo"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200Uu\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200DDdLLlNNnAaIiOoUuUuUuUuUu\200AaAa\200\200\200\200GgKkO"
	"oOo\200\200jDDdGg\200\200NnAa\200\200\200\200AaAaEeEeIiIiOoOoR"
	"rRrUuUuSsTt\200\200Hh\200\200\200\200\200\200AaEeOoOoOoOoYy"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200";

static const char latin_more[] =
	"AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLl"
	"MmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUu"
	"VvVvWwWwWwWwWwXxXxYyZzZzZzhtwyas\200\200S\200AaAaAaAaAaAaAaAaA"
	"aAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuU"
	"uUuYyYyYyYy\200\200\200\200\200\200";

static const char marks[] =
	"           \201\201\201\201\201------\201\201''''\"\"\"\"\201"
	"\201*\201.\201..\n\n\201\201\201\201\201 \201\201'\"\201'\""
	"\201\201''\201\201\201\201\201\201\201\201-/\201\201\201\201"
	"\201\201\201\201\201\201;\201\201\201\201\201\201\201\201\201"
	"\201:\201\201\201\201 \201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201\201\201";

static const char raised[] =
	"0i\201\201456789+\201=()n0123456789+\201=()\201aeox\200hklmnps"
	"t\201\201\201";

static const char letterlike[] =
	"\201\201C\201\201\201\201\200\201\201gHHHh\200IILl\201N\201"
	"\201\201PQRRR\201\201\201\201\201\201Z\201\200\201Z\201KABC"
	"\201eEF\200Mo\200\200\200\200i\201\201\200\200\200\200\201\201"
	"\201\201\201Ddeij\201\201\201\201\200\201";

static const char enclosed[] =
	"123456789\201\201\201\201\201\201\201\201\201\201\201123456789"
	"\201\201\201\201\201\201\201\201\201\201\201123456789\201\201"
	"\201\201\201\201\201\201\201\201\201abcdefghijklmnopqrstuvwxyz"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0\201\201"
	"\201\201\201\201\201\201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201";

static const char wide[] =
	"\201!\"#$%&'()*+,-./0123456789:;<=>\?@ABCDEFGHIJKLMNOPQRSTUVWX"
	"YZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\201\201\201\201\201"
	"\201\201\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200";

static const char mathematical[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
	"KLMNOPQRSTUVWXYZabcdefg\201ijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
	"RSTUVWXYZabcdefghijklmnopqrstuvwxyzA\201CD\201\201G\201\201JK"
	"\201\201NOPQ\201STUVWXYZabcd\201f\201hijklmn\201pqrstuvwxyzABC"
	"DEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzAB\201DEFG"
	"\201\201JKLMNOPQ\201STUVWXY\201abcdefghijklmnopqrstuvwxyzAB"
	"\201DEFG\201IJKLM\201O\201\201\201STUVWXY\201abcdefghijklmnopq"
	"rstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzA"
	"BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJK"
	"LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTU"
	"VWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcde"
	"fghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
	"pqrstuvwxyz\200\200\201\201\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\201\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\201\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\201\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\201\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\201\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\201\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\201\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\201\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\201\200\200\200\200\200"
	"\200\200\200\200\200\200\200\200\200\200\200\200\200\200\200"
	"\200\200\200\200\200\201\200\200\200\200\200\200\200\200\201"
	"\20101234567890123456789012345678901234567890123456789";

static const char squared[] =
	"0\201\201\201\201\201\201\201\201\201\201\201\201\201\201\201A"
	"BCDEFGHIJKLMNOPQRSTUVWXYZ\201CR\201\201\201ABCDEFGHIJKLMNOPQRS"
	"TUVWXYZ\201\201\201\201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201\201\201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201\201\201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201\201\201\201\201\201\201\201\201\201\201\201"
	"\201\201\201\201\201\201";

static const struct {
	int32_t first, last;	/* last + 1 */
	const char *as;
} tables[] = {
	{ 0xa0, 0x250, latin },
	{ 0x1e00, 0x1f00, latin_more },
	{ 0x2000, 0x2070, marks },
	{ 0x2070, 0x20a0, raised },
	{ 0x2100, 0x2150, letterlike },
	{ 0x2460, 0x2500, enclosed },
	{ 0xff00, 0xffa0, wide },
	{ 0x1d400, 0x1d800, mathematical },
	{ 0x1f100, 0x1f18a, squared },
};

/* Letters of other scripts that look like Latin ones. */
static const struct {
	uint16_t cp;
	char as;
} twins[] = {
	{ 0x0251, 'a' }, { 0x0261, 'g' }, { 0x029f, 'L' }, { 0x0391, 'A' },
	{ 0x0392, 'B' }, { 0x0395, 'E' }, { 0x0396, 'Z' }, { 0x0397, 'H' },
	{ 0x0399, 'I' }, { 0x039a, 'K' }, { 0x039c, 'M' }, { 0x039d, 'N' },
	{ 0x039f, 'O' }, { 0x03a1, 'P' }, { 0x03a4, 'T' }, { 0x03a5, 'Y' },
	{ 0x03a7, 'X' }, { 0x03b1, 'a' }, { 0x03b9, 'i' }, { 0x03ba, 'k' },
	{ 0x03bd, 'v' }, { 0x03bf, 'o' }, { 0x03c1, 'p' }, { 0x03c5, 'u' },
	{ 0x03f2, 'c' }, { 0x03f3, 'j' }, { 0x03f9, 'C' }, { 0x0405, 'S' },
	{ 0x0406, 'I' }, { 0x0408, 'J' }, { 0x0410, 'A' }, { 0x0412, 'B' },
	{ 0x0415, 'E' }, { 0x0417, '3' }, { 0x041a, 'K' }, { 0x041c, 'M' },
	{ 0x041d, 'H' }, { 0x041e, 'O' }, { 0x0420, 'P' }, { 0x0421, 'C' },
	{ 0x0422, 'T' }, { 0x0423, 'Y' }, { 0x0425, 'X' }, { 0x0430, 'a' },
	{ 0x0432, 'b' }, { 0x0435, 'e' }, { 0x0437, '3' }, { 0x043a, 'k' },
	{ 0x043c, 'm' }, { 0x043d, 'h' }, { 0x043e, 'o' }, { 0x0440, 'p' },
	{ 0x0441, 'c' }, { 0x0442, 't' }, { 0x0443, 'y' }, { 0x0445, 'x' },
	{ 0x0455, 's' }, { 0x0456, 'i' }, { 0x0458, 'j' }, { 0x04ae, 'Y' },
	{ 0x04af, 'y' }, { 0x04bb, 'h' }, { 0x0501, 'd' }, { 0x050d, 'G' },
	{ 0x051a, 'Q' }, { 0x051b, 'q' }, { 0x051c, 'W' }, { 0x051d, 'w' },
	{ 0x0566, 'q' }, { 0x0570, 'h' }, { 0x0578, 'n' }, { 0x057d, 'u' },
	{ 0x0581, 'g' }, { 0x0585, 'o' }, { 0x13a2, 'T' }, { 0x13aa, 'A' },
	{ 0x13ac, 'E' }, { 0x13b3, 'W' }, { 0x13b7, 'M' }, { 0x13bb, 'H' },
	{ 0x13c3, 'Z' }, { 0x13df, 'C' }, { 0x13e2, 'P' }, { 0x13e6, 'K' },
	{ 0x13f4, 'B' }, { 0x217c, 'l' },
};

/* The noughts of decimal digits; nine more follow each. */
static const int32_t noughts[] = {
	0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66,
	0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20,
	0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
	0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0,
	0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136,
	0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730,
	0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
	0x16b50, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
};

unsigned char
cf_twin(int32_t cp)
{
	size_t low = 0, high = sizeof twins / sizeof *twins;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (twins[middle].cp < cp)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof twins / sizeof *twins && twins[low].cp == cp ?
		(unsigned char)twins[low].as : 0;
}

/* Scripts' letters, roughly: what is not a letter there is rare in a text, and
 * at worst a word is taken to be longer than it is. */
static bool
is_letter(int32_t cp)
{
	return (cp >= 0x250 && cp < 0x2000) || (cp >= 0x2c00 && cp < 0x2e00) ||
		(cp >= 0x3040 && cp < 0xe000) || (cp >= 0xf900 && cp < 0xfe00) ||
		(cp >= 0xfe70 && cp < 0xff00) || (cp >= 0x10000 && cp < 0x1d000) ||
		(cp >= 0x1e000 && cp < 0x1f000) || cp >= 0x20000;
}

unsigned char
cf_fold(int32_t cp)
{
	unsigned char twin;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (cp >= tables[i].first && cp < tables[i].last)
			return (unsigned char)tables[i].as[cp -
				tables[i].first];
	twin = cf_twin(cp);
	if (twin)
		return twin;
	for (size_t i = 0; i < sizeof noughts / sizeof *noughts; i++)
		if (cp >= noughts[i] && cp < noughts[i] + 10)
			return (unsigned char)('0' + (cp - noughts[i]));
	if (cp == 0x3000)
		return ' ';
	if (cp == 0xfe6b || cp == 0xfe52)
		return cp == 0xfe6b ? '@' : '.';
	if (cp == 0x2212 || cp == 0xfe58 || cp == 0xfe63)
		return '-';
	return is_letter(cp) ? CF_LETTER : CF_SIGN;
}
