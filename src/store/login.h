#ifndef CF_STORE_LOGIN_H
#define CF_STORE_LOGIN_H

/*
 * User names and passwords for https, on the parent's side: what git credential
 * knows, else what a person answers. Kept for one run, given only to the host
 * that they are for, then overwritten.
 */
#include "base/file.h"
#include "store/url.h"
#include "store/wire.h"

struct cf_transport;
struct cf_login;
struct cf_logins {		/* { 0 } at first */
	struct cf_login *first;
};

struct cf_login_use {		/* what one connection was given; { 0 } at first */
	unsigned asked;
	struct cf_login *last;
};

/*
 * Answers a child that asks for a login, or for another one since the last was
 * refused: fills `say` with CF_SAY_LOGIN or CF_SAY_NO_LOGIN.
 */
void cf_login_find(struct cf_say *say, struct cf_login_use *use,
	struct cf_logins *known, const struct cf_url *url,
	const struct cf_transport *transport);
/* The host took it: git credential may keep it. */
void cf_login_worked(struct cf_login_use *use);
void cf_logins_clear(struct cf_logins *known);

#endif
