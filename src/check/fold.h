#ifndef CF_FOLD_H
#define CF_FOLD_H

/*
 * What one character is read as; for src/check only.
 */
#include "check/text.h"

/* A byte of a folded text: ASCII, CF_LETTER or CF_SIGN. Not for ASCII. */
unsigned char cf_fold(int32_t cp);
/* The Latin letter that a letter of another script looks like, or 0. */
unsigned char cf_twin(int32_t cp);

static inline bool
cf_is_cyrillic(int32_t cp)
{
	return cp >= 0x400 && cp < 0x530;
}

#endif
