#ifndef CF_JSON_LEX_H
#define CF_JSON_LEX_H

/*
 * Characters, names and numbers: what the reader, the file form and the writer
 * must judge alike. Private to src/json.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Whether a text may hold this character: no NUL, which would end a C string
 * early, and no noncharacter (U+FDD0 to U+FDEF, and the last two code points of
 * each plane). Surrogates never get here: they are not UTF-8.
 */
bool cf_json_char_ok(int32_t c);

/*
 * Whether the bytes are UTF-8 and all characters are allowed; where not, *bad
 * is the offset of the first one that is wrong.
 */
bool cf_json_text_ok(struct cf_str text, size_t *bad);

/* Orders two names by their UTF-16 code units, as RFC 8785 sorts members. */
int cf_json_name_order(struct cf_str a, struct cf_str b);

/* 1, 10, 100 … 10^15, all exact. */
extern const double cf_json_ten[16];

#endif
