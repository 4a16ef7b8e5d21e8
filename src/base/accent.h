#ifndef CF_ACCENT_H
#define CF_ACCENT_H

/*
 * Letters with accents have two spellings in Unicode: one character, or a letter
 * and a mark. They look alike, and are different texts to a program.
 */
#include <stdbool.h>

/* Whether two texts differ only in that. Latin letters, which the languages of
 * these islands are written in. */
bool cf_same_letters(const char *a, const char *b);

#endif
