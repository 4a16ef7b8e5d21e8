/*
 * Edit distance (insert, delete, replace, swap neighbours) over short ASCII
 * words. A candidate counts as near where about a third of it is wrong at most,
 * or where the word is the beginning of it.
 */
#include <string.h>

#include "cli/near.h"

#define WORD 32		/* longer words are no command and no option */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t d[WORD + 1][WORD + 1];

	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
				d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[n][m];
}

void
cf_near(struct near *near, const char *word, const char *candidate)
{
	size_t n = strlen(word), m = strlen(candidate), d;

	if (n == 0 || n > WORD || m > WORD)
		return;
	d = distance(word, n, candidate, m);
	if (n >= 2 && strncmp(word, candidate, n) == 0)
		d = 1;
	if (d > (m + 2) / 3 || d >= n)
		return;
	if (near->best == NULL || d < near->distance)
		*near = (struct near){ candidate, d };
}
