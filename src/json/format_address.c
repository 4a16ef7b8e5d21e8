/*
 * Internet addresses: IPv4 and IPv6 as text, and mailboxes of RFC 5321 with
 * quoted names and address literals.
 */
#include <string.h>
#include <strings.h>

#include "json/format.h"

#define LOCAL_MAX 64	/* RFC 5321, 4.5.3.1 */
#define DOMAIN_MAX 255
#define LABEL_MAX 63	/* RFC 1035, 2.3.4 */

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
		(c >= 'A' && c <= 'F');
}

bool
cf_is_ipv4(struct cf_str s)
{
	struct cf_str part;
	uint64_t value;

	for (int i = 0; i < 3; i++)
		if (!cf_str_cut(&part, &s, s, '.') ||
			!cf_str_u64(part, &value, 255))
			return false;
	return cf_str_u64(s, &value, 255);
}

/*
 * Counts the 16-bit groups of "1:2:3"; an IPv4 address at the end is two.
 * -1 where it is not of that form; 0 for the empty text.
 */
static int
groups(struct cf_str s, bool at_end)
{
	struct cf_str part, rest = s;
	bool more = s.n > 0;
	int n = 0;

	while (more) {
		more = cf_str_cut(&part, &rest, rest, ':');
		if (!more)
			part = rest;
		if (!more && at_end && cf_is_ipv4(part))
			return n + 2;
		if (part.n < 1 || part.n > 4)
			return -1;
		for (size_t i = 0; i < part.n; i++)
			if (!is_hex(part.p[i]))
				return -1;
		if (++n > 8)
			return -1;
	}
	return n;
}

bool
cf_is_ipv6(struct cf_str s)
{
	int before, after;

	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] != ':' || s.p[i + 1] != ':')
			continue;
		before = groups((struct cf_str){ s.p, i }, false);
		after = groups((struct cf_str){ s.p + i + 2, s.n - i - 2 },
			true);
		return before >= 0 && after >= 0 && before + after <= 7;
	}
	return groups(s, true) == 8;
}

/* Letters, digits and inner hyphens. */
static bool
is_label(struct cf_str s)
{
	if (s.n == 0 || s.n > LABEL_MAX || s.p[0] == '-' ||
		s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

static bool
is_domain(struct cf_str s)
{
	struct cf_str label;

	if (s.n > DOMAIN_MAX)
		return false;
	while (cf_str_cut(&label, &s, s, '.'))
		if (!is_label(label))
			return false;
	return is_label(s);
}

/* What stands in brackets in place of a domain. */
static bool
is_literal(struct cf_str s)
{
	struct cf_str tag, content;

	if (!cf_str_cut(&tag, &content, s, ':'))
		return cf_is_ipv4(s);
	if (tag.n == 4 && strncasecmp(tag.p, "IPv6", 4) == 0)
		return cf_is_ipv6(content);
	for (size_t i = 0; i < content.n; i++)
		if (content.p[i] < 33 || content.p[i] > 126 ||
			strchr("[\\]", content.p[i]))
			return false;
	return is_label(tag) && content.n > 0;
}

/* The name as words joined by dots; moves past it. */
static bool
take_words(struct cf_str *s)
{
	do {
		size_t n = 0;

		while (n < s->n && s->p[n] && (is_alnum(s->p[n]) ||
			strchr("!#$%&'*+-/=?^_`{|}~", s->p[n])))
			n++;
		if (n == 0)
			return false;
		s->p += n;
		s->n -= n;
	} while (cf_str_skip(s, "."));
	return true;
}

/* The name in quotes, after the opening one; moves past the closing one. */
static bool
take_quoted(struct cf_str *s)
{
	bool escaped = false;

	for (size_t i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (c < 32 || c > 126)
			return false;
		if (c == '"' && !escaped) {
			s->p += i + 1;
			s->n -= i + 1;
			return true;
		}
		escaped = c == '\\' && !escaped;
	}
	return false;
}

bool
cf_is_email(struct cf_str s)
{
	const char *start = s.p;

	if (!(cf_str_skip(&s, "\"") ? take_quoted(&s) : take_words(&s)) ||
		s.p - start > LOCAL_MAX || !cf_str_skip(&s, "@"))
		return false;
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		return is_literal((struct cf_str){ s.p + 1, s.n - 2 });
	return is_domain(s);
}
