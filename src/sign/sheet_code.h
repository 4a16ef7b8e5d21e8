#ifndef CF_SHEET_CODE_H
#define CF_SHEET_CODE_H

/*
 * The lines of a recovery sheet. 35 bytes (the seed and the first 3 bytes of a
 * SHA-256 over it) are 56 symbols of 5 bits: eight lines of seven. Each line
 * has two more, a Reed-Solomon code over GF(32) that also covers the line's
 * number: whatever two symbols of a line are wrong, exchanged or moved to
 * another line, the line does not check. The alphabet is Crockford's base 32,
 * which has no I, L, O, U.
 */
#include "sign/sign.h"

#define CF_SHEET_DATA 7		/* symbols of a line that carry the key */
#define CF_SHEET_SYMBOLS 9	/* with its check symbols: three groups of three */

struct cf_sheet_code {
	unsigned char symbol[CF_SHEET_LINES][CF_SHEET_SYMBOLS];	/* 0 to 31 */
};

char cf_sheet_letter(unsigned symbol);
/* Forgives case, O for 0, I and L for 1; -1 where it is no symbol. */
int cf_sheet_symbol(char c);

void cf_sheet_encode(struct cf_sheet_code *out, const unsigned char seed[32]);
/* Whether line `number` (from 1) checks. */
bool cf_sheet_line_ok(unsigned number,
	const unsigned char line[CF_SHEET_SYMBOLS]);
/* False where the lines are not of one sheet. The lines were checked. */
bool cf_sheet_decode(unsigned char seed[32], const struct cf_sheet_code *code);

#endif
