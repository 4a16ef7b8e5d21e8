/*
 * Short pieces of base64 in a text, unpacked: a pupil number is one of 20
 * characters.
 */
#include "base/limits.h"
#include "base/mem.h"
#include "check/packed.h"
#include "check/token.h"

#define LEAST 8u	/* characters: a postcode */

static int
value_of(unsigned char c)
{
	if (cf_upper(c))
		return c - 'A';
	if (cf_lower(c))
		return c - 'a' + 26;
	if (cf_digit(c))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* How much text and nothing else comes out; 0: something else does. `out` may
 * be NULL. */
static size_t
unpack(char *out, const unsigned char *s, size_t n)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t got = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c;

		bits = (bits << 6 | (uint32_t)value_of(s[i])) & 0xffffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		c = bits >> have & 0xff;
		if ((c < ' ' && c != '\n') || c > 0x7e)
			return 0;
		if (out)
			out[got] = (char)c;
		got++;
	}
	return got;
}

bool
cf_packed_next(struct cf_packed *out, const struct cf_text *text, size_t *at)
{
	for (size_t i = *at; i < text->n;) {
		size_t from = i, n;

		while (i < text->n && value_of(text->s[i]) >= 0)
			i++;
		n = i - from;
		if (n >= LEAST && n <= CF_MAX_PACKED && n % 4 != 1 &&
			unpack(NULL, text->s + from, n)) {
			while (i < text->n && text->s[i] == '=')
				i++;
			out->from = from;
			out->to = *at = i;
			out->text = cf_malloc(n + 1);
			out->n = unpack(out->text, text->s + from, n);
			return true;
		}
		i += i == from;
	}
	return false;
}
