#ifndef CF_APP_ADDRESS_H
#define CF_APP_ADDRESS_H

/*
 * What a partner is called on this machine, and where it is asked; for src/app
 * only.
 */
#include "app/trust.h"

/* ashby-trust: letters and digits of the name, joined by hyphens. Caller frees. */
char *cf_partner_slug(const char *title);
/* Whether a name that a person chose can be used. */
bool cf_partner_name_ok(const char *name);

/* Asks this partner at `url` from now on. Takes no lock. */
const struct cf_err *cf_partner_set_url(struct cf_trust *trust,
	const struct cf_partner *partner, const char *url) CF_MUST;

/* Whether one of these identities, the earlier ones among them, names `url`. */
bool cf_chain_names(const struct cf_chain *chain, const char *url);

/*
 * Where the address that is set was one that their identities named, and the one
 * in force does not: the first that it names, normal; else NULL. An address of
 * our own choice is left alone. The caller frees.
 */
char *cf_partner_moved(const struct cf_partner *partner,
	const struct cf_chain *chain);

#endif
