#ifndef CF_FORMAT_H
#define CF_FORMAT_H

/*
 * Text forms that JSON Schema names, and the addresses that they contain.
 * Everything is ASCII; the whole text must have the form.
 */
#include "base/str.h"

bool cf_is_date(struct cf_str s);	/* RFC 3339 full-date */
bool cf_is_date_time(struct cf_str s);	/* RFC 3339, any offset */
bool cf_is_uuid(struct cf_str s);	/* RFC 9562, any version, any case */
bool cf_is_email(struct cf_str s);	/* RFC 5321 Mailbox */
bool cf_is_uri(struct cf_str s);	/* RFC 3986, with a scheme */
bool cf_is_ipv4(struct cf_str s);	/* four numbers, no zero in front */
bool cf_is_ipv6(struct cf_str s);	/* RFC 4291, 2.2, without a zone */

/* The URI that a reference means at a base (RFC 3986, 5.2). Caller frees. */
char *cf_uri_resolve(const char *base, const char *reference);
bool cf_uri_has_scheme(const char *uri);

#endif
