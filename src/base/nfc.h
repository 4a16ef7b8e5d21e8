#ifndef CF_NFC_H
#define CF_NFC_H

/*
 * One spelling of each text. A letter with an accent can be typed as one character
 * or as a letter and a mark: they look alike, and are different texts to a
 * program. Normalization Form C (Unicode 14) is what most keyboards make.
 */
#include <stdbool.h>

/* A UTF-8 text in that form; what is not UTF-8 stays as it is. The caller frees
 * it. */
char *cf_nfc(const char *text);
/* The same with each letter and its marks apart (Form D). */
char *cf_nfd(const char *text);

/* Whether two texts look alike because they differ only in that. */
bool cf_same_letters(const char *a, const char *b);

#endif
