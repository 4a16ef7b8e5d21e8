#ifndef CF_WORDS_OF_TEXT_H
#define CF_WORDS_OF_TEXT_H

/*
 * The words of a text, and what kind of word each is. Kinds come from lists that
 * are part of the program.
 */
#include "check/text.h"

/* Whether the n bytes are one of the words between bars: "|info|office|". */
bool cf_is_word(const unsigned char *s, size_t n, const char *words);

#endif
