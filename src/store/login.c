/*
 * Logins for https. One that was given for a host serves every repository there
 * in this run; each is overwritten at its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/helper.h"
#include "store/login.h"
#include "store/remote.h"

#define TEXT (4u * CF_MAX_LOGIN)	/* what git credential says */

struct cf_login {
	struct cf_login *next;
	struct cf_url url;		/* its host is what counts */
	char user[CF_MAX_LOGIN + 1], password[CF_MAX_LOGIN + 1];
	char text[TEXT];		/* as git credential wants it back */
	bool worked, refused;
};

static struct cf_login *
login_new(const struct cf_url *url)
{
	struct cf_login *login = cf_calloc(1, sizeof *login);

	login->url = (struct cf_url){ .scheme = url->scheme,
		.host = cf_strdup(url->host), .port = url->port };
	return login;
}

static void
login_free(struct cf_login *login)
{
	cf_url_clear(&login->url);
	explicit_bzero(login, sizeof *login);
	free(login);
}

/* Where a login is wanted, in the words of git credential(1). No part of a URL
 * has a line break in it. */
static void
describe(char out[TEXT], const struct cf_url *url)
{
	char *place = cf_url_place(url);
	int n = snprintf(out, TEXT, "protocol=%s\nhost=%s\npath=%s\n",
		url->scheme == CF_SCHEME_HTTPS ? "https" : "http", place,
		url->path + 1);

	if (url->user && n > 0 && (size_t)n < TEXT)
		(void)snprintf(out + n, TEXT - (size_t)n, "username=%s\n",
			url->user);
	free(place);
}

/* "key=value" lines; false where the key is missing or its value too long. */
static bool
value_of(char *out, size_t size, const char *text, const char *key)
{
	struct cf_str rest = cf_str(text), line;
	bool found = false;

	while (cf_str_cut(&line, &rest, rest, '\n')) {
		if (!cf_str_skip(&line, key))
			continue;
		if (line.n >= size)
			return false;
		memcpy(out, line.p, line.n);
		out[line.n] = '\0';
		found = true;
	}
	return found;
}

static bool
fill(struct cf_login *login, const struct cf_url *url)
{
	char in[TEXT];

	describe(in, url);
	return cf_git_credential("fill", in, login->text, TEXT) &&
		value_of(login->user, sizeof login->user, login->text,
			"username=") &&
		value_of(login->password, sizeof login->password, login->text,
			"password=");
}

static bool
ask(struct cf_login *login, const struct cf_url *url, bool again,
	const struct cf_transport *t)
{
	char *text = cf_url_text(url, true), *user = NULL, *password = NULL;
	bool good;
	int n = 0;

	good = t && t->ask && t->ask(t->payload, text, again, &user,
		&password) &&
		user && password && cf_say_can(user, CF_MAX_LOGIN) &&
		cf_say_can(password, CF_MAX_LOGIN);
	if (good) {
		(void)snprintf(login->user, sizeof login->user, "%s", user);
		(void)snprintf(login->password, sizeof login->password, "%s",
			password);
		describe(login->text, &(struct cf_url){ .scheme = url->scheme,
			.host = url->host, .port = url->port,
			.path = url->path, .user = user });
		n = (int)strlen(login->text);
		(void)snprintf(login->text + n, TEXT - (size_t)n,
			"password=%s\n", password);
	}
	if (password)
		explicit_bzero(password, strlen(password));
	free(password);
	free(user);
	free(text);
	return good;
}

static struct cf_login *
find_known(const struct cf_logins *known, const struct cf_url *url)
{
	struct cf_login *login = known->first;

	while (login && (login->refused ||
		!cf_url_same_host(&login->url, url) ||
		(url->user && strcmp(url->user, login->user) != 0)))
		login = login->next;
	return login;
}

/* One that served another repository of that host is not wrong; it is only not
 * enough for this one. */
static void
refuse(struct cf_login *login)
{
	char out[TEXT];

	if (!login->worked && !login->refused)
		(void)cf_git_credential("reject", login->text, out, sizeof out);
	login->refused = true;
}

void
cf_login_find(struct cf_say *say, struct cf_login_use *use,
	struct cf_logins *known, const struct cf_url *url,
	const struct cf_transport *transport)
{
	struct cf_login *login;

	memset(say, 0, sizeof *say);
	say->word = CF_SAY_NO_LOGIN;
	if (use->last)
		refuse(use->last);
	use->last = NULL;
	if (++use->asked > CF_MAX_LOGINS)
		return;
	login = find_known(known, url);
	if (login == NULL) {
		login = login_new(url);
		if ((use->asked > 1 || !fill(login, url)) &&
			!ask(login, url, use->asked > 1, transport)) {
			login_free(login);
			return;
		}
		login->next = known->first;
		known->first = login;
	}
	if (!cf_say_can(login->user, CF_MAX_LOGIN) ||
		!cf_say_can(login->password, CF_MAX_LOGIN))
		return;
	use->last = login;
	say->word = CF_SAY_LOGIN;
	memcpy(say->user, login->user, sizeof say->user);
	memcpy(say->password, login->password, sizeof say->password);
}

void
cf_login_worked(struct cf_login_use *use)
{
	struct cf_login *login = use->last;
	char out[TEXT];

	if (login && !login->worked) {
		login->worked = true;
		(void)cf_git_credential("approve", login->text, out,
			sizeof out);
	}
}

void
cf_logins_clear(struct cf_logins *known)
{
	while (known->first) {
		struct cf_login *login = known->first;

		known->first = login->next;
		login_free(login);
	}
}
