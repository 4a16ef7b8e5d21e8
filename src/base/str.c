/*
 * Slices and strict parsers.
 */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct cf_str
cf_str(const char *s)
{
	return (struct cf_str){ s, strlen(s) };
}

bool
cf_str_eq(struct cf_str a, struct cf_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
cf_str_is(struct cf_str a, const char *s)
{
	return cf_str_eq(a, cf_str(s));
}

bool
cf_str_skip(struct cf_str *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || memcmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

bool
cf_str_cut(struct cf_str *head, struct cf_str *rest, struct cf_str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	if (at == NULL)
		return false;
	*head = (struct cf_str){ s.p, (size_t)(at - s.p) };
	*rest = (struct cf_str){ at + 1, s.n - head->n - 1 };
	return true;
}

bool
cf_str_u64(struct cf_str s, uint64_t *out, uint64_t max)
{
	uint64_t v = 0;

	if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}

bool
cf_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
cf_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

void
cf_hex(char *out, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++) {
		*out++ = "0123456789abcdef"[b[i] >> 4];
		*out++ = "0123456789abcdef"[b[i] & 15];
	}
	*out = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
cf_unhex(void *out, size_t n, struct cf_str hex)
{
	unsigned char *b = out;

	if (hex.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex.p[2 * i]);
		int low = hex_digit(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		b[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

int32_t
cf_utf8_next(struct cf_str *s)
{
	static const int32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)s->p[0];
	unsigned more = first < 0x80 ? 0 : first < 0xe0 ? 1 :
		first < 0xf0 ? 2 : 3;
	int32_t c = more == 0 ? first : first & (0x3f >> more);

	if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || s->n <= more)
		return -1;
	for (unsigned i = 1; i <= more; i++) {
		unsigned char next = (unsigned char)s->p[i];

		if ((next & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (next & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return -1;
	s->p += more + 1;
	s->n -= more + 1;
	return c;
}

/* Ranges that take no room on the page, or change the direction of what does. */
static const struct {
	int32_t first, last;
} unseen[] = {
	{ 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c },
	{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180e },
	{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
	{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }
};

bool
cf_utf8_unseen(int32_t c)
{
	if (c < 0xad)
		return c < 0x20 ? c != '\n' && c != '\t' && c != '\r' :
			c >= 0x7f && c < 0xa0;
	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (c >= unseen[i].first && c <= unseen[i].last)
			return true;
	return false;
}

void
cf_utf8_mend(char *s)
{
	struct cf_str in = cf_str(s);

	while (in.n) {
		char *at = s + (in.p - s);
		int32_t c = cf_utf8_next(&in);

		if (c < 0) {
			in.p++;
			in.n--;
		}
		if (c < 0 || (c < 0x20 && c != '\n') || c == 0x7f)
			*at = '?';
	}
}

static bool
unsafe_on_terminal(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
		(c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *
cf_printable(const char *s)
{
	struct cf_str in = cf_str(s);
	char *out = cf_malloc(3 * in.n + 1), *to = out;

	while (in.n) {
		const char *from = in.p;
		int32_t c = cf_utf8_next(&in);

		if (c < 0) {
			in.p++;
			in.n--;
		}
		if (c >= 0 && (c == '\n' || !unsafe_on_terminal(c))) {
			memcpy(to, from, (size_t)(in.p - from));
			to += in.p - from;
		} else {
			memcpy(to, "\xef\xbf\xbd", 3);
			to += 3;
		}
	}
	*to = '\0';
	return out;
}
