#ifndef CF_NEAR_H
#define CF_NEAR_H

/*
 * The word that was perhaps meant.
 */
#include <stddef.h>

/* Keeps the candidate that is nearest to `word`; start with a zeroed one. */
struct near {
	const char *best;	/* NULL: none is near enough */
	size_t distance;
};
void cf_near(struct near *near, const char *word, const char *candidate);

#endif
