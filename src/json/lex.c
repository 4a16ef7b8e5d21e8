/*
 * Which characters a text may hold, and the order of names.
 */
#include <string.h>

#include "json/lex.h"

bool
cf_json_char_ok(int32_t c)
{
	return c != 0 && (c < 0xfdd0 || c > 0xfdef) && (c & 0xfffe) != 0xfffe;
}

bool
cf_json_text_ok(struct cf_str text, size_t *bad)
{
	struct cf_str rest = text;

	while (rest.n) {
		size_t at = text.n - rest.n;
		unsigned char first = (unsigned char)*rest.p;
		int32_t c;

		if (first >= 1 && first < 0x80) {
			rest.p++;
			rest.n--;
			continue;
		}
		c = cf_utf8_next(&rest);
		if (c < 0 || !cf_json_char_ok(c)) {
			*bad = at;
			return false;
		}
	}
	return true;
}

/*
 * UTF-8 sorts as code points do. UTF-16 differs in one place only: characters
 * beyond U+FFFF (first byte f0 and above) are written with surrogates, which
 * come before U+E000 to U+FFFF (first byte ee or ef).
 */
static int
rank(unsigned char byte)
{
	return byte == 0xee || byte == 0xef ? byte + 16 : byte;
}

int
cf_json_name_order(struct cf_str a, struct cf_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++)
		if (a.p[i] != b.p[i])
			return rank((unsigned char)a.p[i]) -
				rank((unsigned char)b.p[i]);
	return (a.n > b.n) - (a.n < b.n);
}
