#ifndef CF_SMALL_H
#define CF_SMALL_H

#include <stdint.h>

/*
 * The small letter of a capital (Unicode 14, simple mappings), in the alphabets
 * of Europe and its neighbours: Latin, Greek, Cyrillic, Armenian. All else stays
 * as it is. Both have the same length in UTF-8.
 */
int32_t cf_small(int32_t c);

#endif
