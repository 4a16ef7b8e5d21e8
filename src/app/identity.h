#ifndef CF_APP_IDENTITY_H
#define CF_APP_IDENTITY_H

/*
 * The next identity of our trust, from the one in force to a commit in main;
 * for src/app only.
 */
#include "app/keys.h"
#include "app/line.h"

struct cf_next {
	struct cf_trust *trust;
	const struct cf_renew *how;
	const char *line;		/* of the commit */
	json_t *doc;			/* the document, without proofs */
	struct cf_seckey *sheet;	/* a root key that is in force; NULL: asked
					 * for */
	struct cf_sheets sheets;	/* root keys that begin with it, or none */
	struct cf_new_key fresh;	/* publish key of this machine, or none */
	/* What there is to do beside the document. */
	struct cf_restarting *restart;	/* history begins again, or NULL */
	bool sign_again;		/* records whose proofs count no more */
};

/* Where history begins again, what is kept of what came after, and what became
 * of it. */
struct cf_restarting {
	struct cf_gate base;
	const char *reason;		/* as the identity says it */
	bool (*keep)(void *payload, const struct cf_step *step,
		const struct cf_record *record);
	void *payload;
	json_t *info;			/* {sequence, base, left, again, drafts} */
};
/* restart.c: finds out, and (with the blob of the new identity) makes it. */
const struct cf_err *cf_restart_plan(struct cf_restarting *restart,
	struct cf_trust *trust) CF_MUST;
struct cf_founding {
	const struct cf_identity *identity;
	struct cf_oid blob;
	const struct cf_seckey *key;
};
const struct cf_err *cf_restart_make(struct cf_restarting *restart,
	struct cf_trust *trust, const struct cf_founding *founding) CF_MUST;
/* Adds a proof to every record of ours in which none counts any more. */
const struct cf_err *cf_sign_again(struct cf_trust *trust,
	const struct cf_seckey *key) CF_MUST;

/* Changes next->doc, which is the identity in force to begin with. It runs more
 * than once. CF_INVALID, CF_EXISTS. */
typedef const struct cf_err *(*cf_next_edit)(struct cf_next *next,
	const void *what);

/*
 * All that it takes: asks our host for what is new, makes sure that the edit can
 * be made before anybody types a sheet, proves, commits, pushes. Clears next.
 */
const struct cf_err *cf_next_run(json_t **out, struct cf_next *next,
	cf_next_edit edit, const void *what) CF_MUST;

/* Lists, in the order of the schema: a key more, a key less. */
void cf_next_list(json_t *doc, const char *list, const char *did);
void cf_next_unlist(json_t *doc, const char *list, const char *did);
/* Takes a key from both lists and writes down why. */
void cf_next_revoke(json_t *doc, const char *did, const char *reason);

/* changes.c: what partners are told when an identity follows another. `name`
 * is how they know the trust; sentences are added to `out`. */
void cf_identity_changes(json_t *out, const struct cf_identity *before,
	const struct cf_identity *after);

#endif
