/*
 * Names that look alike.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/lookalike.h"
#include "check/fold.h"

/* What one character is read as; 0: nothing. */
static int32_t
seen_as(int32_t c)
{
	unsigned char folded = c < 0x80 ? (unsigned char)c : cf_fold(c);

	if (cf_utf8_unseen(c) || folded == CF_SIGN)
		return 0;
	if (folded == CF_LETTER)
		return c;
	if (folded >= 'A' && folded <= 'Z')
		folded = (unsigned char)(folded + 32);
	if (folded == '0')
		return 'o';
	if (folded == '1' || folded == 'i')
		return 'l';
	return (folded >= 'a' && folded <= 'z') || (folded >= '2' &&
		folded <= '9') ? folded : 0;
}

/* The name as it is seen; the caller frees. */
static int32_t *
skeleton(size_t *n, const char *name)
{
	struct cf_str rest = cf_str(name);
	int32_t *out = cf_calloc(rest.n, sizeof *out);

	*n = 0;
	while (rest.n) {
		int32_t c = cf_utf8_next(&rest);

		if (c < 0)
			break;
		c = seen_as(c);
		if (c == 'n' && *n && out[*n - 1] == 'r')
			out[*n - 1] = 'm';
		else if (c)
			out[(*n)++] = c;
	}
	return out;
}

bool
cf_names_alike(const char *a, const char *b)
{
	size_t n, m;
	int32_t *x = skeleton(&n, a), *y = skeleton(&m, b);
	bool same = n && n == m && memcmp(x, y, n * sizeof *x) == 0;

	free(x);
	free(y);
	return same;
}
