#ifndef CF_STORE_LINK_H
#define CF_STORE_LINK_H

/*
 * A connection to a host, in the child. Everything here runs behind the fence
 * (child.h): it may be slow, crash or be lied to.
 */
#include <git2.h>

#include "store/git.h"
#include "store/landlock.h"
#include "store/remote.h"
#include "store/url.h"
#include "store/wire.h"

/* What transports need, made out in the parent: the child has no environment
 * and stands in another folder. */
struct cf_route {
	char *proxy, *ca_file, *ssh_key;	/* NULL: none */
	char *known_hosts[2];		/* files; NULL: none */
	char *keys[3];			/* the person's usual ssh keys, if any */
};
void cf_route_init(struct cf_route *out, const struct cf_transport *transport);
void cf_route_clear(struct cf_route *route);
/* The files that a child on this way needs: it writes its own folder, `dir`, and
 * the other side's where that is a folder and `pushing`; it reads `objects`
 * (NULL: none) and what the transport asks for. Borrows all of them. */
void cf_route_allow(struct cf_allow *out, const struct cf_route *route,
	const struct cf_url *url, const char *dir, const char *objects,
	bool pushing);

struct cf_link {
	int fd;				/* to the parent */
	const struct cf_url *url;
	const struct cf_route *route;
	const char *dir;		/* our quarantine: all that we may write */
	const char *ref;		/* the branch */
	uint64_t bytes, objects, advertised;
	int64_t told;			/* when the parent was told last, ms */
	bool listing;			/* the list of refs is still coming */
	bool pushing;
	/* What the callbacks learned; what libgit2 says afterwards is less. */
	struct cf_err why;
	char words[300];		/* what the host prints for a person */
	bool has_why, bad_certificate, elsewhere, no_login, other_login;
	unsigned logins, keys, copies;
	struct cf_ssh *ssh;
};

/* Tells the parent how far we are, now and then. */
void cf_link_tick(struct cf_link *link);
void cf_link_tell_head(const struct cf_link *link, bool found,
	const struct cf_oid *head);
/* The same of a branch that is a trust's copy; of any other, nothing. */
void cf_link_tell_copy(struct cf_link *link, const char *ref,
	const struct cf_oid *head);
/* The last words. */
void cf_link_done(struct cf_link *link, bool found);
void cf_link_fail(struct cf_link *link, const struct cf_err *err);
/* Keeps the reason why a callback gives up; always -1. */
int cf_link_stop(struct cf_link *link, const struct cf_err *err);

/*
 * Connects `remote` (NULL repository: nothing but the list of refs) and finds
 * link->ref; tells the parent. The remote is the caller's to free.
 */
const struct cf_err *cf_link_open(git_remote **out, struct cf_link *link,
	git_repository *repo) CF_MUST;
void cf_link_callbacks(git_remote_callbacks *out, struct cf_link *link);
void cf_link_proxy(git_proxy_options *out, const struct cf_link *link);
/* Checks what has come so far against the limits; for libgit2's indexer, with
 * the link as its payload. */
int cf_link_received(const git_indexer_progress *stats, void *payload);
/* A branch as the host listed it; false: it has none. */
bool cf_link_head(struct cf_oid *out, git_remote *remote, const char *ref);

/* What went wrong, for a person. */
const struct cf_err *cf_link_error(const struct cf_link *link, int rc);

/* counted.c: a transport that counts what it reads. */
int cf_counted_transport(git_transport **out, git_remote *owner, void *link);

/* ssh.c: keys of hosts and of the person. */
const struct cf_err *cf_ssh_load(struct cf_link *link) CF_MUST;
int cf_ssh_check_host(struct cf_link *link, const git_cert_hostkey *cert);
int cf_ssh_login(git_credential **out, struct cf_link *link, const char *user,
	unsigned allowed);

#endif
