/*
 * Words, and lists of words.
 */
#include <string.h>

#include "check/words.h"

bool
cf_is_word(const unsigned char *s, size_t n, const char *words)
{
	struct cf_str word, rest = cf_str(words + 1);

	while (cf_str_cut(&word, &rest, rest, '|'))
		if (word.n == n && memcmp(word.p, s, n) == 0)
			return true;
	return false;
}
