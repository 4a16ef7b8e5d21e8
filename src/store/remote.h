#ifndef CF_REMOTE_H
#define CF_REMOTE_H

/*
 * Fetch and push. Each runs in a child process with its own limits and
 * deadline; the child writes a pack into a quarantine, and the parent reads
 * nothing else of it.
 */
#include "store/store.h"

/* What transports need. NULL members: the default. All borrowed. */
struct cf_transport {
	const char *proxy;	/* http proxy URL */
	const char *ca_file;	/* further certificate authorities, PEM */
	const char *ssh_key;	/* private key file; default: the agent */
	const char *known_hosts;/* default ~/.ssh/known_hosts */
	unsigned seconds;	/* deadline of one child; 0: CF_FETCH_SECONDS */
	/*
	 * Asks a person for https credentials when git credential has none;
	 * NULL where nobody can be asked. true: *user and *password are set,
	 * malloc'd. `again`: the last ones were not accepted there.
	 */
	bool (*ask)(void *payload, const char *url, bool again, char **user,
		char **password);
	void *payload;
};

/*
 * The transport by allow-list: https, ssh (also host:path), file (also a path),
 * http to loopback. CF_INVALID (url.transport, url.form) for all else: another
 * scheme, control characters, user:password, a host or user that starts with
 * "-". *local says that the URL names a folder of this machine. *normal (the
 * caller frees) is the URL to store: a path becomes absolute, trailing slashes
 * go.
 */
const struct cf_err *cf_url_check(char **normal, bool *local, const char *text)
	CF_MUST;
/* Whether an identity may publish it: https or ssh without credentials. */
bool cf_url_is_public(const char *url);

/*
 * A copy of a trust's main at another trust's host, refs/heads/via/<trust id>,
 * as it is listed or is to be. Whoever has that host can put anything there.
 */
#define CF_COPIES "refs/heads/via/"
struct cf_copy {
	char trust[CF_DIGEST_TEXT];
	struct cf_oid head;	/* zero: there is none, or is to be none */
};

/* A folder, seen from the child that works in it. */
struct cf_there {
	void *arg;
	struct cf_odb *odb;	/* what it holds; every object is hashed */
	struct cf_oid head;	/* its main */
	const char *dir;	/* where the child may write files */
	void (*tick)(void *link, uint64_t done);	/* how far it is */
	void *link;
	/* NULL, or why what cannot be read any more is nobody's fault */
	const struct cf_err *(*changed)(void *source);
	void *source;
};

struct cf_fetch {
	/* in */
	const char *url;	/* as cf_url_check gives it */
	const char *of;		/* the trust whose copy is wanted; NULL: main */
	bool look;		/* only what is listed, and no objects */
	struct cf_oid have;	/* the pin */
	bool has_have;
	/* Of a folder of this machine; NULL: fetch. Called in the child: what it
	 * finds out it writes into files, and `quarantine` is where they are. */
	const struct cf_err *(*there)(const struct cf_there *place);
	void *there_arg;
	/* out */
	const struct cf_err *err;	/* points to `error`, or NULL */
	struct cf_err error;		/* CF_REMOTE, or CF_REFUSED for a limit */
	bool has_head;		/* the remote has refs/heads/main, or the copy */
	struct cf_oid head;
	char *quarantine;	/* folder with one pack, or NULL: nothing new */
	uint64_t bytes, objects;
	struct cf_copy *copies;	/* that the host lists */
	size_t n_copies;
};

/* Called now and then while children run; fetch is the one that moved on. */
typedef void (*cf_fetch_progress)(void *payload, const struct cf_fetch *fetch);

/*
 * Fetches the branch of every one, `jobs` children at a time. Quarantines
 * are made under `scratch`/quarantine (same file system as the store). `store`
 * may be NULL (nothing to share). One that fails has its error in it; the call
 * itself fails only where nothing can be started.
 */
const struct cf_err *cf_fetch_all(struct cf_fetch *list, size_t n,
	unsigned jobs, struct cf_store *store, const char *scratch,
	const struct cf_transport *transport, cf_fetch_progress progress,
	void *payload) CF_MUST;
void cf_fetch_clear(struct cf_fetch *fetch);	/* removes the quarantine */

/*
 * Reading a quarantine: `pack` has what was fetched and no more, `all` also
 * what the store holds (store may be NULL). CF_REFUSED where the pack breaks a
 * limit (limit.pack, limit.objects). Until it is closed, what is read is not
 * hashed: the child did that, and taking over does it again.
 */
struct cf_quarantine {
	struct cf_odb *pack, *all;
};
const struct cf_err *cf_quarantine_open(struct cf_quarantine *out,
	const char *dir, struct cf_store *store) CF_MUST;
void cf_quarantine_close(struct cf_quarantine *q);
/* Moves the objects that the verified `head` leads to into the store, durably:
 * loose below CF_LOOSE_MAX objects, as a pack (.pack, then .idx) otherwise. What
 * else was sent stays outside. */
const struct cf_err *cf_quarantine_accept(struct cf_store *store,
	const char *dir, const struct cf_oid *head) CF_MUST;
/* The same of one that was refused and is kept as proof: what is not as it should
 * be stays outside, too. */
const struct cf_err *cf_quarantine_keep(struct cf_store *store,
	const char *dir, const struct cf_oid *head) CF_MUST;

/*
 * Pushes `commit` to refs/heads/main of the URL as a fast-forward (or the first
 * commit). CF_REMOTE where it cannot be reached; CF_BUSY (push.moved) where the
 * host has gone on or refuses because its branch moved; CF_REMOTE
 * (push.rejected) with the host's words where it refuses otherwise; in all these
 * cases, but not where the connection broke (push.unknown, or another error), the
 * host has not taken it.
 */
const struct cf_err *cf_push(struct cf_store *store, const char *url,
	const struct cf_oid *commit, const struct cf_transport *transport)
	CF_MUST;
/* The same where `commit` does not go on from what is there: it takes the place
 * of `old`, and of nothing else. CF_REMOTE (push.forced) where the host does not
 * allow that. */
const struct cf_err *cf_push_replace(struct cf_store *store, const char *url,
	const struct cf_oid *commit, const struct cf_oid *old,
	const struct cf_transport *transport) CF_MUST;
/*
 * Makes these copies at the host what they are to be (a head, or nothing), and
 * touches no other branch: each takes the place of whatever is there. CF_REMOTE
 * (push.copies) where the host does not allow that.
 */
const struct cf_err *cf_push_copies(struct cf_store *store, const char *url,
	const struct cf_copy *copies, size_t n,
	const struct cf_transport *transport) CF_MUST;

#endif
