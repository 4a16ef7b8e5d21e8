#ifndef CF_LOOKALIKE_H
#define CF_LOOKALIKE_H

#include <stdbool.h>

/* Whether two names look the same to a person who reads quickly: letters of other
 * scripts, accents, capitals, spaces and signs make no difference, nor do 0 and
 * O, 1 and l and I, rn and m. */
bool cf_names_alike(const char *a, const char *b);

#endif
