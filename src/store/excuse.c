/*
 * Why a connection failed, in a sentence with what to do next. libgit2 says most
 * of it only in its messages; what none of them fits is passed on as it is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/link.h"

struct failure {
	const struct cf_link *link;
	char *place, *text;		/* the host; the whole URL */
	const char *said;		/* libgit2's message */
	int class, rc;
};

static bool
says(const struct failure *f, const char *words)
{
	return strstr(f->said, words) != NULL;
}

static const struct cf_err *
of_login(const struct failure *f)
{
	bool ssh = f->link->url->scheme == CF_SCHEME_SSH;

	if (f->link->other_login)
		return cf_err_rule(CF_REMOTE, "remote.login",
			"%s wants a kind of login that Confer does not have. "
			"Ask its people for %s", f->place, ssh ?
			"access with an ssh key" :
			"a user name with a password or token");
	if (ssh && says(f, "private key"))
		return cf_err_rule(CF_REMOTE, "remote.login",
			"your ssh key cannot be used for %s: it has a "
			"passphrase, or is in a form that is not known here. "
			"Start the ssh agent and run ssh-add", f->place);
	if (ssh && f->link->keys <= 1)
		return cf_err_rule(CF_REMOTE, "remote.login",
			"%s wants an ssh key, and none was found here. Start "
			"the ssh agent and run ssh-add, or name a key file in "
			"the setting confer.sshKey", f->place);
	if (ssh)
		return cf_err_rule(CF_REMOTE, "remote.login",
			"%s does not accept your ssh key for %s. Ask its "
			"people to add it; if it has a passphrase, run ssh-add "
			"first", f->place, f->text);
	if (f->link->logins <= 1)
		return cf_err_rule(CF_REMOTE, "remote.login",
			"%s wants a user name and a password or token for %s, "
			"and none is known here. Run this in a terminal to be "
			"asked, or keep one with git credential", f->place,
			f->text);
	return cf_err_rule(CF_REMOTE, "remote.login",
		"%s did not accept the user name and password for %s. Check "
		"them, or ask its people for access", f->place, f->text);
}

static const struct cf_err *
missing(const struct failure *f)
{
	return cf_err_rule(CF_REMOTE, "remote.missing",
		"%s has no repository at %s, or does not show it to you. Check "
		"the address with its owner", f->place, f->text);
}

static const struct cf_err *
of_status(const struct failure *f, unsigned status)
{
	if (status == 404 || status == 410)
		return missing(f);
	if (status == 401)
		return of_login(f);
	if (status == 403)
		return cf_err_rule(CF_REMOTE, "remote.denied",
			"%s does not let you in to %s. Ask its owner for "
			"access", f->place, f->text);
	if (status >= 500 && status < 600)
		return cf_err_rule(CF_REMOTE, "remote.fault",
			"%s has a fault of its own (%u). Try again later",
			f->place, status);
	return cf_err_rule(CF_REMOTE, "remote.protocol",
		"%s gave an answer that is no use here (%u). Check the address "
		"%s with its owner", f->place, status, f->text);
}

/* The number after `mark`, or 0. */
static unsigned
number_after(const char *text, const char *mark)
{
	const char *p = strstr(text, mark);
	struct cf_str digits;
	uint64_t n = 0;

	if (p == NULL)
		return 0;
	digits.p = p + strlen(mark);
	digits.n = strspn(digits.p, "0123456789");
	return cf_str_u64(digits, &n, 999) ? (unsigned)n : 0;
}

static const struct cf_err *
of_http(const struct failure *f)
{
	unsigned status = number_after(f->said, "status code: ");

	if (says(f, "proxy"))
		return cf_err_rule(CF_REMOTE, "remote.proxy",
			"the proxy that the setting confer.proxy names did not "
			"let us through to %s (%s). Ask the people who run "
			"your network", f->place, f->said);
	if (status)
		return of_status(f, status);
	/* Our own address was read before: these are where it leads. */
	if (says(f, "redirect") || says(f, "malformed URL") ||
		says(f, "unknown scheme"))
		return cf_err_rule(CF_REMOTE, "remote.redirect",
			"%s sends us on to another place, and Confer does not "
			"follow. Ask its owner for the new address of %s",
			f->place, f->text);
	return NULL;
}

static const struct cf_err *
of_ssl(const struct failure *f)
{
	const char *what = strstr(f->said, " - ");

	what = what ? what + 3 : f->said;
	if (f->link->bad_certificate || f->rc == GIT_ECERTIFICATE)
		return cf_err_rule(CF_REMOTE, "remote.certificate",
			"the certificate of %s cannot be trusted (%s). "
			"Somebody may be listening in. Ask the people who run "
			"it, or your network; a certificate authority of your "
			"own goes into the setting confer.caFile", f->place,
			what);
	return cf_err_rule(CF_REMOTE, "remote.secure",
		"no secure connection to %s could be made (%s). Try again "
		"later, or ask the people who run it", f->place, what);
}

static bool
is_no_git(const struct failure *f)
{
	static const char *const words[] = { "content-type", "parser error",
		"packet", "pkt", "invalid response", "invalid hex",
		"protocol error", "symref" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (says(f, words[i]))
			return true;
	return false;
}

static const struct cf_err *
of_network(const struct failure *f)
{
	if (says(f, "failed to resolve"))
		return cf_err_rule(CF_REMOTE, "remote.unknown",
			"there is no host called %s, or the network does not "
			"work. Check the address and the network",
			f->link->url->host);
	if (says(f, "failed to connect"))
		return cf_err_rule(CF_REMOTE, "remote.connect",
			"%s cannot be reached (%s). Check the address and the "
			"network, or try again later", f->place, f->said);
	/* libgit2 has no words for some of what is no answer at all. */
	if (is_no_git(f) || (f->class == GIT_ERROR_NONE && f->link->listing))
		return cf_err_rule(CF_REMOTE, "remote.protocol",
			"%s answers at %s, but not as a git server does. Check "
			"the address with its owner", f->place, f->text);
	if (f->rc == GIT_EEOF || says(f, "EOF") ||
		says(f, "receiving socket data") || says(f, "sending data"))
		return cf_err_rule(CF_REMOTE, "remote.broken",
			"the connection to %s broke off. Try again later",
			f->place);
	return NULL;
}

/* What the program at the other end of ssh printed, or "remote error:". */
static const struct cf_err *
of_words(const struct failure *f)
{
	static const char *const gone[] = { "not appear to be a git repository",
		"not found", "does not exist", "No such file" };
	bool ssh = f->class == GIT_ERROR_SSH;

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		if (says(f, gone[i]) && (ssh || says(f, "remote error")))
			return missing(f);
	if (ssh && f->rc != GIT_EEOF)
		return cf_err_rule(CF_REMOTE, "remote.secure",
			"no ssh connection to %s could be made (%s). Try again "
			"later, or ask the people who run it", f->place,
			f->said);
	if (ssh || says(f, "remote error"))
		return cf_err_rule(CF_REMOTE, "remote.denied",
			"%s refused, and said: %s", f->place, f->said);
	return NULL;
}

static const struct cf_err *
of_pack(const struct failure *f)
{
	if (says(f, "too many objects"))
		return cf_err_rule(CF_REFUSED, "limit.objects",
			"%s sends more in one update than Confer takes (%u "
			"objects at most). Nothing was taken over. Tell its "
			"owner", f->place, CF_MAX_PACK_OBJECTS);
	if (f->class == GIT_ERROR_NOMEMORY)
		return cf_err_rule(CF_REFUSED, "limit.memory",
			"what %s sends needs more memory than any sound update "
			"does. Nothing was taken over. Tell its owner",
			f->place);
	return cf_err_rule(CF_REMOTE, "remote.pack",
		"what %s sent is damaged (%s). Nothing was taken over. Try "
		"again; if it stays so, tell its owner", f->place, f->said);
}

static const struct cf_err *
explain(const struct failure *f)
{
	const struct cf_err *err = NULL;

	if (f->link->elsewhere)
		return cf_err_rule(CF_REMOTE, "remote.redirect",
			"%s sends us on to another place, which asks for a "
			"login. Ask its owner for the new address of %s",
			f->place, f->text);
	if (f->rc == GIT_EAUTH || f->link->no_login || f->link->other_login ||
		says(f, "private key"))
		return of_login(f);
	if (f->class == GIT_ERROR_SSL || f->link->bad_certificate)
		return of_ssl(f);
	if (f->class == GIT_ERROR_NOMEMORY || f->class == GIT_ERROR_INDEXER ||
		f->class == GIT_ERROR_ZLIB || f->class == GIT_ERROR_ODB ||
		says(f, "delta") || (f->class == GIT_ERROR_NONE &&
			!f->link->listing && f->rc != GIT_EEOF))
		return of_pack(f);
	if (f->class == GIT_ERROR_SSH || says(f, "remote error"))
		err = of_words(f);
	if (!err && (f->class == GIT_ERROR_HTTP || says(f, "redirect") ||
		says(f, "URL")))
		err = of_http(f);
	return err ? err : of_network(f);
}

/* libgit2 looks for a configuration on its way, and leaves that it found none:
 * for some of what a host does it has no words. */
static const git_error *
last_words(void)
{
	const git_error *last = git_error_last();

	return last && last->message && strstr(last->message,
		"config' to stat") ? NULL : last;
}

const struct cf_err *
cf_link_error(const struct cf_link *link, int rc)
{
	const git_error *last = last_words();
	struct failure f = { .link = link, .rc = rc };
	const struct cf_err *err;
	char *said;

	if (link->has_why)
		return cf_err_rule(link->why.code, link->why.rule, "%s",
			link->why.msg);
	f.place = cf_url_place(link->url);
	if (cf_git_cause(last)) {
		err = cf_err(CF_SYS, "what %s sends cannot be written here: %s",
			f.place, cf_git_cause(last));
		free(f.place);
		return err;
	}
	said = cf_printable(last && last->message ? last->message :
		"no reason given");
	said[strcspn(said, "\n")] = '\0';
	f.said = said;
	f.class = last ? last->klass : GIT_ERROR_NONE;
	f.text = cf_url_text(link->url, true);
	err = explain(&f);
	if (err == NULL)
		err = cf_err_rule(CF_REMOTE, "remote.failed",
			"talking to %s failed (%s). Try again later", f.place,
			f.said);
	free(f.place);
	free(f.text);
	free(said);
	return err;
}
