#ifndef CF_LASTSYNC_H
#define CF_LASTSYNC_H

/*
 * How the last sync with each partner ended, and how our own host answered last,
 * in .git/confer/last-sync.json; for `status`. Losing it loses nothing.
 */
#include "app/trust.h"

/* {<trust id>: {synced?, tried, verdict, message?, shown?}}; an empty object where
 * there is none. `shown`: the head that an address of theirs had when one was
 * last in order. The caller owns it. */
json_t *cf_last_sync_read(struct cf_trust *trust);
/* Notes how one ended, in an object that the caller owns. message may be NULL.
 * `synced` moves on unless the verdict is unreachable or refused. */
void cf_last_sync_add(json_t *notes, const char *id, const char *verdict,
	const char *message);
void cf_last_sync_shown(json_t *notes, const char *id,
	const struct cf_oid *head);
/* Writes such notes, all at once: the file is as long as there are partners.
 * Under the lock, as the two that follow. */
const struct cf_err *cf_last_sync_write(struct cf_trust *trust, json_t *notes)
	CF_MUST;
const struct cf_err *cf_last_sync_note(struct cf_trust *trust, const char *id,
	const char *verdict, const char *message) CF_MUST;
const struct cf_err *cf_last_sync_forget(struct cf_trust *trust,
	const char *id) CF_MUST;

/* Of our own host, by our own trust id, with the rule, too; verdicts as of
 * cf_pull_look, why NULL: it is well. Takes the lock, where there is something to
 * write: good news is none. */
const struct cf_err *cf_last_sync_host(struct cf_trust *trust,
	const char *verdict, const struct cf_err *why) CF_MUST;

/* Whether a trust (a row of the index, or NULL) has signed nothing for longer
 * than it meant to. */
bool cf_is_stale(const json_t *row);

#endif
