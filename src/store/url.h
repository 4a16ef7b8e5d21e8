#ifndef CF_STORE_URL_H
#define CF_STORE_URL_H

/*
 * A URL, taken apart by allow-list: what is not known to be harmless does not
 * pass. Nothing here looks at the disk or the network.
 */
#include <stdbool.h>

#include "base/err.h"

enum cf_scheme {
	CF_SCHEME_FILE = 1,
	CF_SCHEME_HTTP,		/* to this machine itself only */
	CF_SCHEME_HTTPS,
	CF_SCHEME_SSH
};

struct cf_url {
	enum cf_scheme scheme;
	bool scp;		/* written as host:path */
	char *user;		/* NULL: none; never a password */
	char *host;		/* lower case, IPv6 without its brackets */
	unsigned port;		/* 0: the usual one */
	char *path;		/* as written; of a file: decoded */
};

/* CF_INVALID (url.transport, url.form); *out is empty then. */
const struct cf_err *cf_url_parse(struct cf_url *out, const char *text) CF_MUST;
void cf_url_clear(struct cf_url *url);

/* The one way to write it; the caller frees. */
char *cf_url_text(const struct cf_url *url, bool with_user);
/* The host (and its port, where it is unusual) or the folder, for a sentence
 * to a person. The caller frees. */
char *cf_url_place(const struct cf_url *url);
/* Whether the host is this machine itself. */
bool cf_url_is_loopback(const struct cf_url *url);
/* Whether a login for one may be used for the other. */
bool cf_url_same_host(const struct cf_url *a, const struct cf_url *b);

#endif
