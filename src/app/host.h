#ifndef CF_APP_HOST_H
#define CF_APP_HOST_H

/*
 * Our own host: what is there before anything of ours is, and moving to another;
 * for src/app only.
 */
#include "app/trust.h"

/* What an address has that is to be ours. */
struct cf_host_seen {
	bool reached;		/* else `why` says why not */
	bool empty;		/* and so anything can be published there */
	char trust[CF_DIGEST_TEXT];	/* of whom the repository there is, or "" */
	char *name;		/* the same for people; or NULL */
	struct cf_err why;
};
/*
 * Asks, and takes nothing over. Fails for our own machine's sake, and (CF_REFUSED,
 * host.not-empty) where something lies there that Confer did not make.
 */
const struct cf_err *cf_host_look(struct cf_host_seen *out,
	struct cf_store *store, const char *url, const struct cf_ui *ui) CF_MUST;
void cf_host_seen_clear(struct cf_host_seen *seen);
/* The member `host` of a result: {verdict: empty|ours|unreachable, detail?}. */
json_t *cf_host_json(const struct cf_host_seen *seen);

/* push.c: what another machine of ours began again, shown and asked about. */
const struct cf_err *cf_restart_ask(struct cf_trust *trust, const json_t *info)
	CF_MUST;

/* cf_id_set without the setting of the host. */
const struct cf_err *cf_id_change(json_t **out, struct cf_trust *trust,
	const char *const *settings, size_t n, const struct cf_renew *how)
	CF_MUST;
/* cf_id_set where settings[at] is "host=URL". */
const struct cf_err *cf_host_move(json_t **out, struct cf_trust *trust,
	const char *const *settings, size_t n, size_t at,
	const struct cf_renew *how) CF_MUST;

#endif
