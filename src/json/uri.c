/*
 * RFC 3986: what is a URI, and what a reference means at a base.
 */
#include <string.h>

#include "base/buf.h"
#include "json/format.h"

/* The five parts; those that can be told from an empty one have a flag. */
struct parts {
	struct cf_str scheme, authority, path, query, fragment;
	bool has_scheme, has_authority, has_query, has_fragment;
};

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_scheme(struct cf_str s)
{
	if (s.n == 0 || !is_alpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) &&
			(s.p[i] == '\0' || !strchr("+-.", s.p[i])))
			return false;
	return true;
}

/* Cuts `s` before the first of `ends`; `rest` begins with it. */
static struct cf_str
take_until(struct cf_str *rest, struct cf_str s, const char *ends)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == '\0' || !strchr(ends, s.p[n])))
		n++;
	*rest = (struct cf_str){ s.p + n, s.n - n };
	return (struct cf_str){ s.p, n };
}

static void
split(struct parts *out, struct cf_str s)
{
	struct cf_str rest, head;

	*out = (struct parts){ .has_scheme = false };
	head = take_until(&rest, s, ":/?#");
	if (cf_str_skip(&rest, ":") && is_scheme(head)) {
		out->has_scheme = true;
		out->scheme = head;
		s = rest;
	}
	if (cf_str_skip(&s, "//")) {
		out->has_authority = true;
		out->authority = take_until(&s, s, "/?#");
	}
	out->path = take_until(&s, s, "?#");
	if (cf_str_skip(&s, "?")) {
		out->has_query = true;
		out->query = take_until(&s, s, "#");
	}
	if (cf_str_skip(&s, "#")) {
		out->has_fragment = true;
		out->fragment = s;
	}
}

/* Unreserved characters, sub-delimiters, `more` and escaped bytes. */
static bool
consists_of(struct cf_str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (s.n - i < 3 || !is_hex(s.p[i + 1]) ||
				!is_hex(s.p[i + 2]))
				return false;
			i += 2;
		} else if (c == '\0' || (!is_alpha(c) && !is_digit(c) &&
			!strchr("-._~!$&'()*+,;=", c) && !strchr(more, c))) {
			return false;
		}
	}
	return true;
}

/* What stands in brackets: an IPv6 address or "v", a version, ".", text. */
static bool
is_ip_literal(struct cf_str s)
{
	struct cf_str version, text;

	if (!cf_str_skip(&s, "v") && !cf_str_skip(&s, "V"))
		return cf_is_ipv6(s);
	if (!cf_str_cut(&version, &text, s, '.') || version.n == 0)
		return false;
	for (size_t i = 0; i < version.n; i++)
		if (!is_hex(version.p[i]))
			return false;
	return text.n > 0 && !memchr(text.p, '%', text.n) &&
		consists_of(text, ":");
}

static bool
is_authority(struct cf_str s)
{
	struct cf_str user, host, port = CF_STR("");

	if (cf_str_cut(&user, &host, s, '@')) {
		if (!consists_of(user, ":"))
			return false;
		s = host;
	}
	if (cf_str_skip(&s, "[")) {
		if (!cf_str_cut(&host, &port, s, ']') || !is_ip_literal(host) ||
			(port.n && !cf_str_skip(&port, ":")))
			return false;
	} else {
		if (!cf_str_cut(&host, &port, s, ':'))
			host = s;
		if (!consists_of(host, ""))
			return false;
	}
	for (size_t i = 0; i < port.n; i++)
		if (!is_digit(port.p[i]))
			return false;
	return true;
}

bool
cf_is_uri(struct cf_str s)
{
	struct parts p;

	split(&p, s);
	return p.has_scheme && is_authority(p.authority) &&
		consists_of(p.path, ":@/") && consists_of(p.query, ":@/?") &&
		consists_of(p.fragment, ":@/?");
}

bool
cf_uri_has_scheme(const char *uri)
{
	struct parts p;

	split(&p, cf_str(uri));
	return p.has_scheme;
}

/* Takes the last segment off `out`, which begins at `start`. */
static void
drop_segment(struct cf_buf *out, size_t start)
{
	while (out->len > start && out->data[out->len - 1] != '/')
		out->len--;
	if (out->len > start)
		out->len--;
}

/* Appends a path without its "." and ".." segments (RFC 3986, 5.2.4). */
static void
add_path(struct cf_buf *out, struct cf_str path)
{
	size_t start = out->len;
	bool rooted = path.n && path.p[0] == '/', first = true, more = true;

	if (rooted)
		(void)cf_str_skip(&path, "/");
	while (more) {
		struct cf_str segment = path, rest = CF_STR("");

		more = cf_str_cut(&segment, &rest, path, '/');
		path = rest;
		if (cf_str_is(segment, "..") || cf_str_is(segment, ".")) {
			if (segment.n == 2)
				drop_segment(out, start);
			first = out->len == start && !rooted;
			if (!more && !first)
				cf_buf_putc(out, '/');
			continue;
		}
		if (rooted || !first)
			cf_buf_putc(out, '/');
		cf_buf_add(out, segment.p, segment.n);
		first = false;
	}
}

/* The reference's path in place of what follows the base's last slash. */
static void
merge_path(struct cf_buf *out, const struct parts *base, struct cf_str path)
{
	size_t n = base->path.n;

	if (base->has_authority && n == 0)
		cf_buf_putc(out, '/');
	while (n && base->path.p[n - 1] != '/')
		n--;
	cf_buf_add(out, base->path.p, n);
	cf_buf_add(out, path.p, path.n);
}

/* Fills what the reference leaves to its base; the path goes to `path`. */
static void
inherit(struct parts *r, const struct parts *base, struct cf_buf *path)
{
	if (r->has_scheme || r->has_authority ||
		(r->path.n && r->path.p[0] == '/')) {
		add_path(path, r->path);
	} else if (r->path.n) {
		struct cf_buf merged = CF_BUF(path->max);

		merge_path(&merged, base, r->path);
		add_path(path, (struct cf_str){ merged.data, merged.len });
		cf_buf_clear(&merged);
	} else {
		cf_buf_add(path, base->path.p, base->path.n);
		if (!r->has_query) {
			r->has_query = base->has_query;
			r->query = base->query;
		}
	}
	if (!r->has_scheme && !r->has_authority) {
		r->has_authority = base->has_authority;
		r->authority = base->authority;
	}
	if (!r->has_scheme) {
		r->has_scheme = base->has_scheme;
		r->scheme = base->scheme;
	}
}

char *
cf_uri_resolve(const char *base, const char *reference)
{
	size_t max = strlen(base) + strlen(reference) + 8;
	struct cf_buf out = CF_BUF(max), path = CF_BUF(max);
	struct parts b, r;

	split(&b, cf_str(base));
	split(&r, cf_str(reference));
	inherit(&r, &b, &path);
	if (r.has_scheme) {
		cf_buf_add(&out, r.scheme.p, r.scheme.n);
		cf_buf_putc(&out, ':');
	}
	if (r.has_authority) {
		cf_buf_puts(&out, "//");
		cf_buf_add(&out, r.authority.p, r.authority.n);
	}
	cf_buf_add(&out, path.data, path.len);
	if (r.has_query) {
		cf_buf_putc(&out, '?');
		cf_buf_add(&out, r.query.p, r.query.n);
	}
	if (r.has_fragment) {
		cf_buf_putc(&out, '#');
		cf_buf_add(&out, r.fragment.p, r.fragment.n);
	}
	cf_buf_clear(&path);
	return cf_buf_take(&out);
}
