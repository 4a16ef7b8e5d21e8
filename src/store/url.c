/*
 * URLs by allow-list. libgit2 would take any scheme, a password inside the URL,
 * and for ssh a path that the other machine's shell reads as a command.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/remote.h"
#include "store/url.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
/* In a path: nothing that a shell, a header line or a query would read. */
#define IN_PATH LETTERS DIGITS "-._~/+@:%=,"
#define IN_USER LETTERS DIGITS "-._~+"
#define IN_HOST LETTERS DIGITS "-._"
#define IN_IPV6 DIGITS "abcdefABCDEF:."

static bool
all_of(struct cf_str s, const char *allowed)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(allowed, s.p[i]) == NULL)
			return false;
	return true;
}

static char *
lower(struct cf_str s)
{
	char *out = cf_strndup(s.p, s.n);

	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return out;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Decodes %xx; NULL where one is malformed or hides a control character. The
 * caller frees.
 */
static char *
decode(struct cf_str s)
{
	char *out = cf_malloc(s.n + 1), *to = out;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] != '%') {
			*to++ = s.p[i];
			continue;
		}
		high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
		low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
		if (high < 0 || low < 0 || high * 16 + low < 0x20 ||
			high * 16 + low == 0x7f) {
			free(out);
			return NULL;
		}
		*to++ = (char)(high * 16 + low);
		i += 2;
	}
	*to = '\0';
	return out;
}

/* "user:password@" somewhere, however broken the rest is. */
static bool
may_hold_password(const char *text)
{
	const char *start = strstr(text, "://"), *at = strrchr(text, '@');

	start = start ? start + 3 : text;
	return at > start && memchr(start, ':', (size_t)(at - start));
}

/* " NAME" to put into a sentence; nothing where it may hold a password. The
 * caller frees. */
static char *
shown(const char *text)
{
	char *safe, *out;

	if (may_hold_password(text))
		return cf_strdup("");
	safe = cf_printable(text);
	for (char *p = safe; *p; p++)
		if (*p == '\n')
			*p = ' ';
	out = cf_asprintf(" %.200s", safe);
	free(safe);
	return out;
}

static const struct cf_err *
bad_form(const char *text, const char *why)
{
	char *name = shown(text);
	const struct cf_err *err = cf_err_rule(CF_INVALID, "url.form",
		"the address%s cannot be used: %s", name, why);

	free(name);
	return err;
}

static const struct cf_err *
bad_transport(const char *text, const char *advice)
{
	char *name = shown(text);
	const struct cf_err *err = cf_err_rule(CF_INVALID, "url.transport",
		"the address%s cannot be used. %s", name, advice);

	free(name);
	return err;
}

static const char other_transport[] = "Give one that begins with https:// or "
	"ssh://, or a folder of this machine";

/* Valid UTF-8 without control characters: it is shown, stored and put into
 * JSON. */
static bool
is_text(struct cf_str s)
{
	while (s.n) {
		int32_t c = cf_utf8_next(&s);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

static bool
is_host(struct cf_str host)
{
	char before = '.';

	if (host.n == 0 || host.n > CF_MAX_HOST || !all_of(host, IN_HOST))
		return false;
	for (size_t i = 0; i < host.n; i++) {
		/* no empty label, none that begins with a dash */
		if (before == '.' && (host.p[i] == '.' || host.p[i] == '-'))
			return false;
		before = host.p[i];
	}
	return before != '.' && before != '-';
}

static bool
is_loopback(const char *host)
{
	struct cf_str rest = cf_str(host), part;
	unsigned parts = 0;
	uint64_t n;

	if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	if (!cf_starts(host, "127."))
		return false;
	while (parts < 3 && cf_str_cut(&part, &rest, rest, '.') &&
		cf_str_u64(part, &n, 255))
		parts++;
	return parts == 3 && cf_str_u64(rest, &n, 255);
}

static unsigned
usual_port(enum cf_scheme scheme)
{
	return scheme == CF_SCHEME_HTTPS ? 443 :
		scheme == CF_SCHEME_HTTP ? 80 : 22;
}

/* [user@]host[:port] */
static const struct cf_err *
parse_authority(struct cf_url *out, struct cf_str s, const char *text)
{
	struct cf_str user, rest, host = s;
	uint64_t port = 0;
	bool ipv6;

	if (cf_str_cut(&user, &rest, s, '@')) {
		if (memchr(user.p, ':', user.n))
			return bad_form(text, "leave the password out; Confer "
				"asks for it, or git credential knows it");
		if (user.n == 0 || user.n > CF_MAX_USER || user.p[0] == '-' ||
			!all_of(user, IN_USER))
			return bad_form(text, "the user name is not valid");
		out->user = cf_strndup(user.p, user.n);
		host = rest;
	}
	ipv6 = host.n && host.p[0] == '[';
	if (ipv6) {
		host.p++;
		host.n--;
		if (!cf_str_cut(&host, &rest, host, ']') || host.n < 2 ||
			!all_of(host, IN_IPV6))
			return bad_form(text, "the host is not valid");
		if (rest.n && !cf_str_skip(&rest, ":"))
			return bad_form(text, "the host is not valid");
	} else if (!cf_str_cut(&host, &rest, host, ':')) {
		rest = (struct cf_str){ NULL, 0 };
	}
	if (!ipv6 && !is_host(host))
		return bad_form(text, "the host is not valid");
	if (rest.p && rest.n && (!cf_str_u64(rest, &port, 65535) || port == 0))
		return bad_form(text, "the port is not valid");
	out->host = lower(host);
	out->port = port == usual_port(out->scheme) ? 0 : (unsigned)port;
	return NULL;
}

/* Takes the path; slashes at its end go. */
static const struct cf_err *
parse_path(struct cf_url *out, struct cf_str path, const char *text)
{
	char *decoded;

	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n == 0)
		return bad_form(text, "it names a host and no repository");
	if (memchr(path.p, '?', path.n) || memchr(path.p, '#', path.n))
		return bad_form(text, "leave out what comes after ? or #");
	if (!all_of(path, IN_PATH))
		return bad_form(text, "its path has a character that is not "
			"allowed; write it as % and two hexadecimal digits");
	/* host:-x would be an option to the program over there */
	if (path.p[0] == '-')
		return bad_form(text, "its path begins with a dash");
	decoded = decode(path);
	if (decoded == NULL)
		return bad_form(text, "a % in it is not followed by two "
			"hexadecimal digits, or hides a control character");
	free(decoded);
	out->path = cf_strndup(path.p, path.n);
	return NULL;
}

static const struct cf_err *
parse_file(struct cf_url *out, struct cf_str path, const char *text,
	bool encoded)
{
	if (encoded) {
		(void)cf_str_skip(&path, "localhost");
		if (path.n == 0 || path.p[0] != '/')
			return bad_form(text, "a file address begins with "
				"file:/// and the whole path of the folder");
	}
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	out->path = encoded ? decode(path) : cf_strndup(path.p, path.n);
	if (out->path == NULL || !is_text(cf_str(out->path)))
		return bad_form(text, "it has a control character in it");
	return NULL;
}

static const struct cf_err *
parse_remote(struct cf_url *out, struct cf_str rest, const char *text)
{
	const struct cf_err *err;
	const char *slash = memchr(rest.p, '/', rest.n);
	size_t n = slash ? (size_t)(slash - rest.p) : rest.n;

	err = parse_authority(out, (struct cf_str){ rest.p, n }, text);
	if (!err)
		err = parse_path(out, (struct cf_str){ rest.p + n, rest.n - n },
			text);
	if (!err && out->scheme == CF_SCHEME_HTTP && !is_loopback(out->host))
		err = bad_transport(text, "What goes over http:// can be read "
			"and changed on its way; write https://");
	return err;
}

/* host:path, as ssh and git have it; the first colon comes before any slash */
static const struct cf_err *
parse_scp(struct cf_url *out, struct cf_str s, const char *text)
{
	const struct cf_err *err;
	struct cf_str host, path;

	(void)cf_str_cut(&host, &path, s, ':');
	/* "ext::sh -c …" and the like: git would start a program */
	if (path.n && path.p[0] == ':')
		return bad_transport(text, other_transport);
	if (host.n && memchr(host.p, '[', host.n))
		return bad_form(text, "write it as ssh://host:port/path");
	if (memchr(path.p, '@', path.n))
		return bad_form(text, "leave the password out");
	out->scheme = CF_SCHEME_SSH;
	out->scp = true;
	err = parse_authority(out, host, text);
	return err ? err : parse_path(out, path, text);
}

static const struct cf_err *
parse(struct cf_url *out, const char *text)
{
	struct cf_str rest = cf_str(text);
	const char *colon = strstr(text, "://");
	const struct cf_err *err = NULL;
	char *scheme;

	if (rest.n == 0 || rest.n > CF_MAX_URL)
		return bad_form(text, rest.n ? "it is too long" :
			"it is empty");
	if (!is_text(rest))
		return bad_form(text, "it has a control character in it");
	if (colon == NULL || memchr(text, '/', (size_t)(colon - text))) {
		colon = strchr(text, ':');
		if (colon && memchr(text, '/', (size_t)(colon - text)) == NULL)
			return parse_scp(out, rest, text);
		out->scheme = CF_SCHEME_FILE;
		return parse_file(out, rest, text, false);
	}
	scheme = lower((struct cf_str){ text, (size_t)(colon - text) });
	rest.p = colon + 3;
	rest.n = strlen(rest.p);
	out->scheme = strcmp(scheme, "https") == 0 ? CF_SCHEME_HTTPS :
		strcmp(scheme, "ssh") == 0 ? CF_SCHEME_SSH :
		strcmp(scheme, "http") == 0 ? CF_SCHEME_HTTP :
		CF_SCHEME_FILE;
	if (out->scheme != CF_SCHEME_FILE)
		err = parse_remote(out, rest, text);
	else if (strcmp(scheme, "file") == 0)
		err = parse_file(out, rest, text, true);
	else
		err = bad_transport(text, other_transport);
	free(scheme);
	return err;
}

const struct cf_err *
cf_url_parse(struct cf_url *out, const char *text)
{
	const struct cf_err *err;

	*out = (struct cf_url){ 0 };
	err = parse(out, text);
	if (err)
		cf_url_clear(out);
	return err;
}

void
cf_url_clear(struct cf_url *url)
{
	free(url->user);
	free(url->host);
	free(url->path);
	*url = (struct cf_url){ 0 };
}

/* host, or [host]:port and the like */
static void
add_host(struct cf_buf *b, const struct cf_url *url)
{
	bool ipv6 = strchr(url->host, ':') != NULL;

	cf_buf_printf(b, ipv6 ? "[%s]" : "%s", url->host);
	if (url->port)
		cf_buf_printf(b, ":%u", url->port);
}

char *
cf_url_text(const struct cf_url *url, bool with_user)
{
	struct cf_buf b = CF_BUF(CF_MAX_URL + 16);

	if (url->scheme == CF_SCHEME_FILE)
		return cf_strdup(url->path);
	if (!url->scp)
		cf_buf_puts(&b, url->scheme == CF_SCHEME_HTTPS ? "https://" :
			url->scheme == CF_SCHEME_HTTP ? "http://" : "ssh://");
	if (url->user && with_user)
		cf_buf_printf(&b, "%s@", url->user);
	add_host(&b, url);
	cf_buf_printf(&b, url->scp ? ":%s" : "%s", url->path);
	return cf_buf_take(&b);
}

char *
cf_url_place(const struct cf_url *url)
{
	struct cf_buf b = CF_BUF(CF_MAX_URL);

	if (url->scheme == CF_SCHEME_FILE)
		return cf_printable(url->path);
	add_host(&b, url);
	return cf_buf_take(&b);
}

bool
cf_url_is_loopback(const struct cf_url *url)
{
	return url->scheme != CF_SCHEME_FILE && is_loopback(url->host);
}

bool
cf_url_same_host(const struct cf_url *a, const struct cf_url *b)
{
	return a->scheme == b->scheme && a->scheme != CF_SCHEME_FILE &&
		a->port == b->port && strcmp(a->host, b->host) == 0;
}

const struct cf_err *
cf_url_check(char **normal, bool *local, const char *text)
{
	const struct cf_err *err;
	struct cf_url url;
	char *absolute;

	*normal = NULL;
	*local = false;
	err = cf_url_parse(&url, text);
	if (err)
		return err;
	*local = url.scheme == CF_SCHEME_FILE;
	if (*local) {
		absolute = cf_path_absolute(url.path);
		free(url.path);
		url.path = absolute;
	}
	*normal = cf_url_text(&url, true);
	cf_url_clear(&url);
	return NULL;
}

bool
cf_url_is_public(const char *text)
{
	struct cf_url url;
	bool yes;

	if (cf_url_parse(&url, text))
		return false;
	/* The user of ssh (git@) is part of the address; that of https is
	 * somebody's login. */
	yes = url.scheme == CF_SCHEME_SSH ||
		(url.scheme == CF_SCHEME_HTTPS && url.user == NULL);
	cf_url_clear(&url);
	return yes;
}
