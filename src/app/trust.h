#ifndef CF_TRUST_H
#define CF_TRUST_H

/*
 * What the operations of the library share; for src/app only. Here, and nowhere
 * below, effects are put in order: objects, then the ref, then index and
 * commons.
 */
#include "check/check.h"
#include "gate/gate.h"
#include "index/index.h"
#include "merge/merge.h"
#include "record/message.h"
#include "store/remote.h"

#define CF_MAIN "refs/heads/main"
#define CF_COMMONS "refs/heads/commons"
/* What any remote of ours has or may have taken: never made again. */
#define CF_PUSHED "refs/confer/pushed"
/* What our remote has confirmed to hold. */
#define CF_REMOTE_HEAD "refs/confer/remote"
/* Of a partner, before the trust id: a restart that waits for a person, and a
 * head whose identities part from those that we know. */
#define CF_HELD "refs/confer/held/"
#define CF_FORK "refs/confer/fork/"

struct cf_trust {
	struct cf_store *store;
	struct cf_index *index;
	const struct cf_ui *ui;
	char *id;			/* our trust id */
	struct cf_gate own;		/* our main, as verified */
	struct cf_seckey *key;		/* of this machine, while it is open */
	struct cf_automaton *roll;	/* this machine's, once it is open */
	bool accept, restore;		/* as of struct cf_publish */
	struct cf_ledger *ledger;	/* the same */
	/* What our host had when it was asked last. */
	struct cf_host {
		struct cf_oid head;
		bool has_head;
		bool old_era;	/* what is there is to go, for our newer one */
		bool lost;	/* it has less than it had confirmed */
		bool joined;	/* our main was made again on top of it */
		json_t *again;	/* what was published anew then, and what
				 * contradicts: {records?, conflicts?} as in
				 * the result of cf_publish; or NULL */
	} host;
};

/* The ui, never NULL. */
extern const struct cf_ui cf_no_ui;

/* --- open.c --------------------------------------------------------------- */

/* refs/confer/pins/<trust id>, refs/confer/held/<trust id>; the caller frees. */
char *cf_pin_name(const char *trust);
char *cf_held_name(const char *trust);

/* A partner as the configuration has it. */
struct cf_partner {
	char *name;		/* local, short */
	char *trust;		/* trust id */
	char *url;
};
struct cf_partners {
	struct cf_partner *partner;	/* by name */
	size_t n;
};
const struct cf_err *cf_partners_read(struct cf_partners *out,
	struct cf_trust *trust) CF_MUST;
void cf_partners_clear(struct cf_partners *partners);
/* NULL where there is none of that name or trust id. */
struct cf_partner *cf_partners_find(const struct cf_partners *partners,
	const char *name);

/* Whether a setting is on, as git spells yes and no; `usual` where it is not
 * set. CF_INVALID where it is neither. */
const struct cf_err *cf_setting_on(bool *out, struct cf_store *store,
	const char *key, bool usual) CF_MUST;

/* Settings of transports, read from the configuration. */
struct cf_settings {
	struct cf_transport transport;
	char *proxy, *ca_file, *ssh_key, *known_hosts;
};
const struct cf_err *cf_settings_read(struct cf_settings *out,
	struct cf_store *store, const struct cf_ui *ui) CF_MUST;
void cf_settings_clear(struct cf_settings *settings);

/* --- names.c -------------------------------------------------------------- */

/* A name as people say it: its beginning, whatever the case. */
bool cf_name_begins(const char *name, const char *words);
/* The one that a person means by its name, its trust id or how its name begins;
 * CF_NOT_FOUND, CF_USAGE where several begin so. */
const struct cf_err *cf_partner_named(struct cf_partner **out,
	struct cf_trust *trust, const struct cf_partners *partners,
	const char *name) CF_MUST;

/* A trust's name for people: from its identity, else its id. Caller frees. */
char *cf_trust_title(struct cf_trust *trust, const char *id);
/* That a trust is not the one called `title`, whose name looks like its own and
 * whom we follow as `name` (NULL: our own). Caller frees. */
char *cf_alike_sentence(const char *title, const char *name);

/* [{trust, name}] from trust ids. */
json_t *cf_people(struct cf_trust *trust, const json_t *ids);
/* The trust id that a person means by a partner's name or how one begins, a trust
 * id, or "me"; NULL for NULL. The caller frees. */
const struct cf_err *cf_trust_named(char **out, struct cf_trust *trust,
	const char *name) CF_MUST;

/* --- policy.c ------------------------------------------------------------- */

/* What this trust asks of its own drafts, from the configuration. CF_INVALID
 * (policy.floor) where it asks for less than every trust does. */
const struct cf_err *cf_policy_read(struct cf_policy *out,
	struct cf_trust *trust) CF_MUST;
void cf_policy_clear(struct cf_policy *policy);

/* --- roll.c --------------------------------------------------------------- */

/* Loads the rolls into trust->roll (NULL: none), once; asks for the passphrase. */
const struct cf_err *cf_roll_open(struct cf_trust *trust) CF_MUST;

/* --- catchup.c ------------------------------------------------------------ */

/*
 * Brings the pin of our own main, index and commons up to what the refs say.
 * Cheap where nothing is behind. Takes the lock only where something is. Loads
 * trust->own.
 */
const struct cf_err *cf_catch_up(struct cf_trust *trust) CF_MUST;

/*
 * Judges a main from what the index has of it up to `head` and takes it into
 * the index, inside a transaction that the caller has begun. On success *gate
 * stands at head (the caller clears it). fresh as in cf_gate_run.
 */
struct cf_take {
	const char *id;			/* whose main it must be */
	struct cf_odb *fresh, *all;
	struct cf_oid head;
	/* out */
	struct cf_gate gate;
	struct cf_index_run run;
	struct cf_refusal refusal;
	size_t identities;		/* that we knew before */
	/* in: a restart that waits for a person */
	struct cf_oid waits;
	bool has_waits;
};
const struct cf_err *cf_take_main(struct cf_take *take, struct cf_trust *trust)
	CF_MUST;
void cf_take_clear(struct cf_take *take);

/* --- restarts.c ----------------------------------------------------------- */

/*
 * What a restart means for us, in the transaction in which it was taken in
 * (take->gate.left.is): {reason, identity, base, sequence, signer, lost: [{id,
 * version, kind, title}], erased: [id]}. *alone: nobody need be asked, because the commit was
 * signed by a key that was there before, and all that is lost was erased by its
 * owner.
 */
const struct cf_err *cf_restart_info(json_t **out, bool *alone,
	struct cf_trust *trust, const struct cf_take *take) CF_MUST;
struct cf_restarted {
	const char *id;			/* whose */
	struct cf_oid head;
	bool accepted;			/* by a person */
};
/*
 * Judges a restart that was set aside, and takes it in where nobody need be asked
 * (*alone) or `accepted`; otherwise all stays as it is. *take is for
 * cf_take_clear. Under the lock.
 */
const struct cf_err *cf_restart_take(json_t **out, bool *alone,
	struct cf_trust *trust, struct cf_take *take,
	const struct cf_restarted *what) CF_MUST;
/* The head that waits for a person, `where` being CF_HELD or CF_FORK. One that
 * lies behind the pin already (who took it was killed then) is forgotten. */
const struct cf_err *cf_aside(struct cf_oid *out, bool *found,
	struct cf_trust *trust, const char *where, const char *id) CF_MUST;
/* Nothing of this partner waits any more. */
const struct cf_err *cf_forget_aside(struct cf_trust *trust, const char *id)
	CF_MUST;
/* {id, version, kind, title} of each, from cf_index_lost. */
json_t *cf_lost_rows(const json_t *lost);
/* "'A', 'B' and 3 more" of its lost versions. The caller frees. */
char *cf_restart_titles(const json_t *info);
/* "because a key was in the wrong hands" */
const char *cf_restart_why(const json_t *info);

/* --- sheet.c -------------------------------------------------------------- */

/* The root key of a recovery sheet, from `file` or (NULL) typed. */
const struct cf_err *cf_read_sheet(struct cf_seckey **out,
	struct cf_trust *trust, const char *file) CF_MUST;
/* CF_INVALID (sheet.other) where it is not one that the identity lists. */
const struct cf_err *cf_sheet_in_force(const struct cf_identity *identity,
	const struct cf_seckey *sheet) CF_MUST;

/* --- compact.c ------------------------------------------------------------ */

/* Compacts where there is much to. What fails is tried again next time. */
void cf_compact_if_due(struct cf_trust *trust);

/* --- commons.c ------------------------------------------------------------ */

/* Merges what is dirty and moves refs/heads/commons; under the lock. */
const struct cf_err *cf_commons_update(struct cf_trust *trust) CF_MUST;

/* --- commons_read.c ------------------------------------------------------- */

/* {commit, tree, records, conflicts, spoken}; what there is now. */
const struct cf_err *cf_commons_state(json_t **out, struct cf_trust *trust)
	CF_MUST;
/* A file of the commons as JSON; *out NULL where there is none. */
const struct cf_err *cf_commons_read(json_t **out, struct cf_trust *trust,
	const char *path) CF_MUST;
/* The trust among `ids` whose chain has the key, or NULL. Borrowed from ids. */
const char *cf_key_holder(struct cf_trust *trust, const json_t *ids,
	const char *did);
/* A record file by its blob, without judging it. */
const struct cf_err *cf_blob_json(json_t **out, struct cf_trust *trust,
	const struct cf_oid *blob) CF_MUST;

/* --- id.c ----------------------------------------------------------------- */

/* The name of this machine's key, or NULL: as the settings say, unless that one
 * is not among `publish` and one that is lies here. The caller frees. */
const struct cf_err *cf_own_key(char **out, struct cf_trust *trust,
	const json_t *publish) CF_MUST;
/* The publish keys that are in force. Borrowed. */
json_t *cf_publish_keys(const struct cf_trust *trust);

/* --- author.c: what we write ---------------------------------------------- */

/* The publish key of this machine, opened. The passphrase is asked for once,
 * until the key is forgotten: at the end of each operation. */
const struct cf_err *cf_open_key(struct cf_seckey **out,
	struct cf_trust *trust) CF_MUST;
void cf_forget_key(struct cf_trust *trust);
/* The same, for an identity that lists these publish keys. */
const struct cf_err *cf_open_key_of(struct cf_seckey **out,
	struct cf_trust *trust, const json_t *publish) CF_MUST;

/* Files for one commit. */
struct cf_batch {
	struct cf_edit *edit;
	size_t n, cap;
	struct cf_tally tally;
};
/*
 * Adds a record: sorts its sets, signs it, writes its blob. Takes `doc` (all
 * but the proof; `proof` may hold others' proofs of the same version). *version
 * and *path (CF_PATH_TEXT bytes) may be NULL.
 */
const struct cf_err *cf_batch_record_take(struct cf_batch *batch,
	struct cf_trust *trust, const struct cf_seckey *key, json_t *doc,
	struct cf_digest *version, char *path) CF_MUST;
/* A file that is written already; kind NULL: no record. */
void cf_batch_add(struct cf_batch *batch, const char *path,
	const struct cf_oid *blob, const char *kind);
void cf_batch_clear(struct cf_batch *batch);
/* Sorts an array of strings and drops what is there twice. */
void cf_sort_strings(json_t *list);

/* A commit that goes on from `on`, under an identity that its tree has. */
struct cf_writing {
	const struct cf_gate *on;
	struct cf_oid tree;
	const char *line;
	const struct cf_identity *identity;
};
/* Its bytes, written; main has not moved. */
const struct cf_err *cf_write_commit(struct cf_oid *out,
	struct cf_trust *trust, const struct cf_writing *w,
	const struct cf_seckey *key) CF_MUST;
/* Passes a commit on our main through the gate and moves main there. */
const struct cf_err *cf_go_on(struct cf_trust *trust,
	const struct cf_oid *commit) CF_MUST;

/*
 * Commits the batch (an empty one renews the heartbeat) to main, passes it
 * through the gate, and brings pin, index, commons and work tree along. Under
 * the lock.
 */
const struct cf_err *cf_commit_batch(struct cf_oid *out, struct cf_trust *trust,
	const struct cf_batch *batch, const char *verb,
	const struct cf_seckey *key) CF_MUST;

/* --- pull.c, push.c, back.c: our own host --------------------------------- */

/*
 * Fetches our own remote and goes forward to it where another machine of ours
 * was faster: what was not sent is made again on top. Not under the lock.
 * CF_DECIDE where something came back as a draft, or where another machine began
 * history again; CF_REFUSED where the host has what is not ours.
 */
const struct cf_err *cf_pull_own(struct cf_trust *trust) CF_MUST;
/*
 * The same for a sync that has fetched it: what was not sent stays, a restart is
 * asked about. *out: {remote, verdict: up-to-date|updated|waiting|behind|held|
 * refused|unreachable, commits, rule?, detail?}, and the error that it is.
 */
const struct cf_err *cf_pull_look(json_t **out, struct cf_trust *trust,
	struct cf_fetch *fetch) CF_MUST;
/* Moves what was published anew meanwhile into a result. */
void cf_take_again(json_t *result, struct cf_trust *trust);
/* Our main is to take the place of what is there; asks. CF_CANCELLED, or `why`. */
const struct cf_err *cf_host_put_back(struct cf_trust *trust,
	const struct cf_err *why) CF_MUST;
/* Moves a ref of ours; takes the lock. */
const struct cf_err *cf_move_ref(struct cf_trust *trust, const char *name,
	const struct cf_oid *to) CF_MUST;
/* CF_REFUSED: the host has lost what another machine may have built on. */
const struct cf_err *cf_host_ready(struct cf_trust *trust) CF_MUST;
/* Pushes main where there is a remote; sets `pushed`, `remote` in result. */
const struct cf_err *cf_push_own(json_t *result, struct cf_trust *trust)
	CF_MUST;
/* The same after a commit: where the host cannot be reached (`pull`, or the push
 * itself), the result and the error say that the commit stays and waits. */
const struct cf_err *cf_push_result(json_t *result, struct cf_trust *trust,
	const struct cf_err *pull) CF_MUST;
/* Whether a pull failed only for the network's or the host's sake. */
bool cf_only_unreachable(const struct cf_err *err);
/* How many commits of main no remote has (may have) yet. */
const struct cf_err *cf_unpushed(unsigned long long *out,
	struct cf_trust *trust) CF_MUST;

/* --- base.c --------------------------------------------------------------- */

/* Where a record stands for somebody who edits it. */
struct cf_base {
	json_t *row;		/* of the index; NULL: no such record */
	json_t *doc;		/* the commons' file */
	json_t *parents;	/* of every steward the newest version, sorted */
	char own[CF_DIGEST_TEXT];	/* our newest version, or "" */
	struct cf_oid own_blob;
};
const struct cf_err *cf_base_read(struct cf_base *out, struct cf_trust *trust,
	const char *id) CF_MUST;
void cf_base_clear(struct cf_base *base);
/* A whole record id from its beginning. */
const struct cf_err *cf_resolve_id(struct cf_uuid *out, struct cf_trust *trust,
	const char *prefix) CF_MUST;

#endif
