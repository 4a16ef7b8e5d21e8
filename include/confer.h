#ifndef CONFER_H
#define CONFER_H

/*
 * libconfer: signed records that trusts share through git repositories.
 */
#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define CONFER_VERSION "0.1.0"

#if defined(__GNUC__)
#define CF_MUST __attribute__((warn_unused_result))
#else
#define CF_MUST
#endif

/*
 * Errors. Every call that can fail returns a pointer: NULL is success. The
 * error belongs to the library's thread-local ring and stays readable until
 * about eight later errors; copy it to keep it. `rule` names the rule that was
 * broken ("history.rollback") or is empty; `msg` is one or more sentences for a
 * person.
 */
enum cf_code {
	CF_SYS = 1,	/* the machine: disk, permissions, memory      exit 1 */
	CF_NOT_FOUND,	/* no such record, partner, file               exit 1 */
	CF_BUSY,	/* another confer is writing here              exit 1 */
	CF_REMOTE,	/* a host did not answer or does not take it   exit 1 */
	CF_CANCELLED,	/* the user stopped it                         exit 1 */
	CF_USAGE,	/* the command line                            exit 2 */
	CF_DECIDE,	/* a person must decide                        exit 3 */
	CF_REFUSED,	/* verification failed                         exit 4 */
	CF_INVALID,	/* input is not valid, or not yours to do      exit 5 */
	CF_TOO_BIG,	/* past a limit                                exit 5 */
	CF_EXISTS	/* it is there already                         exit 5 */
};

struct cf_err {
	enum cf_code code;
	char rule[48];
	char msg[1024];
};

/*
 * Results are JSON values with the members that confer(1) documents for
 * --json; the caller owns them (json_decref). A result may be set even where an
 * error is returned (a sync that refused one partner and took the others).
 */

/* Once per process, before anything else. CF_REFUSED where a library of this
 * machine would judge signatures otherwise than every other Confer; CF_SYS where
 * its clock is set to what no entry can say. */
const struct cf_err *cf_start(void) CF_MUST;

/* The person in front of the program. NULL members: nobody is there. */
struct cf_ui {
	void *payload;
	/* A passphrase into out (NUL-terminated, at most size bytes). `twice`:
	 * a new one, ask again to be sure. false: none was given. */
	bool (*passphrase)(void *payload, const char *prompt, bool twice,
		char *out, size_t size);
	/* It is typed, so that a wrong one may be asked for again. */
	bool typed;
	/* Shows `text` (several lines) and asks `question`: yes or no. */
	bool (*confirm)(void *payload, const char *text, const char *question);
	/* Shows one recovery sheet; true once the person says it is kept. */
	bool (*sheet)(void *payload, const char *text, unsigned number,
		unsigned total);
	/* One line of a recovery sheet, as it is typed. `fault` says what was
	 * wrong with the last try, or is NULL. */
	bool (*sheet_line)(void *payload, unsigned number, unsigned total,
		const char *fault, char *out, size_t size);
	/* User name and password of a host; malloc'd. `again`: the last ones
	 * were not accepted there. */
	bool (*credentials)(void *payload, const char *url, bool again,
		char **user, char **password);
	/* Whether the person has had enough: nothing more is begun. May be NULL. */
	bool (*stopped)(void *payload);
	/* "Fetching from Ashby Trust"; total 0: not known. */
	void (*progress)(void *payload, const char *what, unsigned long long done,
		unsigned long long total);
	/* A line beside the result: something failed that can wait. */
	void (*note)(void *payload, const char *text);
};

struct cf_trust;	/* our own trust's repository, open */

/* --- a trust -------------------------------------------------------------- */
struct cf_create {
	const char *dir;	/* made where it is missing */
	const char *name;	/* "Northfield Learning Trust" */
	const char *role;	/* trust, university, organisation; NULL: trust */
	const char *remote;	/* where we publish, or NULL */
	const char *sheets;	/* folder, which is there, for the recovery
				 * sheets; NULL: ui->sheet */
	bool no_passphrase;	/* keep the publish key unsealed */
};
/*
 * Makes identity, keys, recovery sheets and repository; all or nothing.
 * *out: as cf_id, and `dir`, `sheets` (paths), `host`: {verdict: empty|
 * unreachable, detail?}. CF_EXISTS (also host.other), CF_REFUSED (host.not-empty),
 * CF_INVALID (name, role, url), CF_USAGE where nobody can be shown the sheets.
 */
const struct cf_err *cf_create(json_t **out, const struct cf_create *what,
	const struct cf_ui *ui) CF_MUST;

struct cf_machine {
	const char *dir;	/* made where it is missing */
	const char *url;	/* our trust's repository at its host */
	const char *id;		/* trust id, or NULL: a person compares */
	bool no_passphrase;
};
/*
 * A second machine of a trust: its repository from the host, and a publish key
 * of this machine, which cf_key_add on another one lets in. *out: as cf_id, and
 * `dir`. A key of this machine that is in force already is used. CF_DECIDE
 * (join.unconfirmed) where nobody can be asked, CF_REFUSED (join.id).
 */
const struct cf_err *cf_join_machine(json_t **out, const struct cf_machine *what,
	const struct cf_ui *ui) CF_MUST;

/*
 * Opens the trust's repository that `dir` is in. `ui` must outlive it. What an
 * interrupted command left is caught up with. CF_NOT_FOUND says to run init.
 */
const struct cf_err *cf_open(struct cf_trust **out, const char *dir,
	const struct cf_ui *ui) CF_MUST;
void cf_close(struct cf_trust *trust);

/* {trust, name, role, key, keyNumber, identity, identityDigest, safetyNumber,
 * urls, machine, waiting}; `machine` says whether this machine holds a publish key
 * that is in force, `waiting` one that is still to be let in (cf_key_add, with its
 * keyNumber). */
const struct cf_err *cf_id(json_t **out, struct cf_trust *trust) CF_MUST;
/* The card to hand a partner (schemas/card.json). */
const struct cf_err *cf_card(json_t **out, struct cf_trust *trust) CF_MUST;

/* --- keys and identity ---------------------------------------------------- */

/* What every change of the identity takes: a recovery sheet. */
struct cf_renew {
	const char *sheet;	/* file of a recovery sheet; NULL: typed */
	const char *sheets;	/* folder for new sheets; NULL: ui->sheet */
	bool no_passphrase;	/* keep a new publish key unsealed */
	bool no_push;
};
/*
 * Each makes the next identity, signs it in, and pushes: {commit, identity,
 * changes: [sentence], key?, sheets: [path], sealedAgain?: [names of rolls, or
 * numbers], pushed, remote?, pushError?}. What the check keeps sealed with this
 * machine's key is sealed with the new one; where the old cannot be opened, a person
 * is asked first (CF_CANCELLED), or it is noted. Where
 * the push fails, *out is set and the error says so. CF_INVALID: the sheet is
 * not one that is in force (sheet.other), or what is asked for cannot be;
 * CF_EXISTS: it is so already.
 */
/*
 * name=TEXT, urls=URL[,URL]... (may be empty), heartbeatDays=N; and host=URL:
 * publish there from now on, once it was seen to be empty or ours. A sheet is
 * needed only where the identity is to say something else. *out has `host` then:
 * {from?, to, public, identity (it changed), old: [{url, told, error?}]}.
 */
const struct cf_err *cf_id_set(json_t **out, struct cf_trust *trust,
	const char *const *settings, size_t n, const struct cf_renew *how)
	CF_MUST;
/* CF_INVALID (key.short): a new passphrase that is too easy to find. */
const struct cf_err *cf_passphrase_check(const char *text) CF_MUST;
/* Lets another machine publish: its did:key and keyNumber, as cf_join_machine
 * gives them there. number NULL: a person, if there is one, is shown it and
 * asked. CF_INVALID (key.number) where the two do not belong together. *out has
 * `added`, too. */
const struct cf_err *cf_key_add(json_t **out, struct cf_trust *trust,
	const char *did, const char *number, const struct cf_renew *how)
	CF_MUST;
/* A new publish key for this machine (`key`), its old one superseded; or
 * (root) new recovery sheets, the old ones superseded. */
const struct cf_err *cf_key_rotate(json_t **out, struct cf_trust *trust,
	bool root, const struct cf_renew *how) CF_MUST;
struct cf_revoke {
	const char *key;	/* did:key */
	const char *reason;	/* superseded, lost, compromised */
	const char *base;	/* begin history again after this entry of main:
				 * its number or commit id; NULL: do not */
	const char *const *keep;	/* records, versions, commits by the key
					 * that are good all the same */
	size_t n_keep;
	bool dry_run;		/* *out is {restart} and nothing is done */
	bool yes;		/* with `base`: do not ask */
};
/*
 * Shuts a key out. Where it is this machine's, a new one is made (`key`). With
 * `base`, what the key signed after it leaves history, and the rest is published
 * again: *out has restart: {reason, base, sequence, left, again: [{id, kind,
 * title, version}], drafts: [{file, id, title, took: [path]}]}.
 */
const struct cf_err *cf_key_revoke(json_t **out, struct cf_trust *trust,
	const struct cf_revoke *what, const struct cf_renew *how) CF_MUST;

/* --- writing -------------------------------------------------------------- */

/*
 * A draft of `kind`, or (from) of what record `from` says now, written to
 * `file` (NULL: a new name in drafts/), and beside it a guide that explains each
 * field. *out: {file, guide, kind, id?}. CF_EXISTS never overwrites.
 */
const struct cf_err *cf_new(json_t **out, struct cf_trust *trust,
	const char *kind, const char *from, const char *file) CF_MUST;

/* A draft with a title and (NULL: none) the practice that an adoption or finding is
 * about. *out also has `similar`: [as of cf_list, and alike (0 to 1), ours, command]
 * where records say nearly the same. */
const struct cf_err *cf_new_about(json_t **out, struct cf_trust *trust,
	const char *kind, const char *title, const char *practice,
	const char *file) CF_MUST;

/* The kinds there are: [{kind, title, description}]. */
json_t *cf_kinds(void);
/* The schema of a kind's body, for the titles of its fields; $refs lead to places
 * within it ("#/$defs/..."). The caller owns it; NULL: there is no such kind. */
json_t *cf_kind_schema(const char *kind);

/*
 * Checks drafts (n 0: those in drafts/ that are not published): [{file, kind?,
 * title?, verdict:
 * ready|decision|unsafe|unchecked, findings: [{rule, severity: never|waivable|
 * advice, path, place, section, found?, why, remedy, accepted?}], passed, notRun: [{rule,
 * reason}], similar? (as of cf_new_about)}]. `found` says what was found, masked;
 * `accepted` is the reason that the draft gives; `title` is left out where something
 * was found in it. CF_INVALID where one is unsafe or unchecked, CF_DECIDE where one
 * needs a decision; *out is set all the same. `trust` NULL: outside a repository;
 * files must be named. `evidence`: a CSV file of the people behind the figures, one
 * row a person, in which groups are counted (NULL: none); nothing of it is kept or
 * is in *out. evidence.empty.
 */
const struct cf_err *cf_check(json_t **out, struct cf_trust *trust,
	const char *const *files, size_t n, const char *evidence) CF_MUST;

/*
 * Proposes a copy of each draft in which what a rule can mend is mended, beside
 * the draft (x.proposed.json; CF_EXISTS where there is one). *out: as cf_check,
 * of the proposals, with `proposed` (the file; absent where nothing could be
 * done) and changes: [{rule, path, place, before, after}]. Exact numbers are kept,
 * sealed with this machine's key; where that fails, notRun (N-ORDER) says so.
 */
const struct cf_err *cf_fix(json_t **out, struct cf_trust *trust,
	const char *const *files, size_t n) CF_MUST;

/*
 * Writes into the draft why what the rule found may stay: already-public,
 * not-a-person, consented, public-benefit, tool-error; and what it was, which
 * stays in the draft. What is found there later waits for a reason of its own.
 * CF_INVALID where no reason is enough, CF_NOT_FOUND where the rule finds nothing.
 * `trust` and `evidence` (as of cf_check) may be NULL.
 */
const struct cf_err *cf_accept(struct cf_trust *trust, const char *file,
	const char *rule, const char *reason, const char *evidence) CF_MUST;

/* The rules of the check: [{rule, severity, title, detects, why, remedy,
 * example, local}]; only `id`, where it is not NULL. CF_NOT_FOUND. */
const struct cf_err *cf_rules_list(json_t **out, const char *id) CF_MUST;

/*
 * Publishes drafts: {commit, records: [{id, kind, title, version, path,
 * already}], pushed, remote?, pushError?, heartbeat}. n 0: pushes what is not
 * pushed, or renews the heartbeat. All drafts or none; the rules across releases
 * compare them with each other too. records[] has `uncounted`, the rules that took
 * the list of people behind the figures, where there was none. Where the commit is
 * made and the push fails, *out is set and the error says so (CF_REMOTE).
 */
struct cf_publish {
	const char *const *files;
	size_t n;
	const char *evidence;	/* as of cf_check, or NULL */
	bool no_push;
	bool incomplete;	/* go on although versions may be missing */
	bool restore;		/* our main takes the place of what somebody
				 * else wrote at our host */
	bool accept_restart;	/* take a history that another machine of ours
				 * began again, without asking */
};
const struct cf_err *cf_publish(json_t **out, struct cf_trust *trust,
	const struct cf_publish *what) CF_MUST;
/* Where others changed a record since its draft was begun, the merge decides, and
 * records[] has `merged` ([{version, by, fields}] that the draft had not seen).
 * Where it contradicts them: CF_DECIDE (draft.conflict), and *out has `conflicts`,
 * as cf_conflicts, with `file` and `merged`; cf_resolve takes the draft. */

/* A decision about a contested field. */
struct cf_choice {
	const char *field;	/* its path: "/design/clusters", "design.clusters" */
	/* Whose: a trust's name or id, a partner's local name, "me", "draft", or
	 * "before" (what was there before); or NULL: `value`. */
	const char *take;
	const json_t *value;	/* NULL: nothing */
};
struct cf_resolve {
	const char *id;		/* a record, or NULL and */
	const char *file;	/* a draft that contradicts what stands */
	const struct cf_choice *choices;
	size_t n;
	const json_t *heads;	/* what was decided upon; NULL: as it stands */
	bool dry_run, no_push, incomplete;
};
/* Publishes a version that builds on everything and decides the chosen fields:
 * as cf_publish, and `decided`: [{path, value | absent}], `open`: conflicts that
 * are left. Dry run: `record` is what would be published. Where a person can be
 * asked, what the check does not let through is kept as a draft. CF_EXISTS: no
 * conflict; CF_DECIDE: nothing is chosen, or something missing (draft.incomplete). */
const struct cf_err *cf_resolve(json_t **out, struct cf_trust *trust,
	const struct cf_resolve *what) CF_MUST;
/* A draft that decides every conflict as it was before, to be edited: as cf_new. */
const struct cf_err *cf_new_settling(json_t **out, struct cf_trust *trust,
	const char *id) CF_MUST;
struct cf_withdraw {
	const char *id;
	const char *reason;		/* shown to everybody */
	const char *replacement;	/* a record id, or NULL */
	bool no_push;
	bool yes;			/* do not ask */
};
/* A new version that withdraws the record; *out as cf_publish. */
const struct cf_err *cf_withdraw(json_t **out, struct cf_trust *trust,
	const struct cf_withdraw *what) CF_MUST;
/* Our signature on the version that stands; *out as cf_publish. */
const struct cf_err *cf_cosign(json_t **out, struct cf_trust *trust,
	const char *id, bool no_push) CF_MUST;


struct cf_erase {
	const char *const *ids;	/* records, as of cf_show */
	size_t n;
	bool yes;		/* nobody need be asked */
	bool dry_run;		/* *out has `plan`, a text, and nothing is done */
};
/*
 * Erases records for good: a tombstone where we own them, then our history from
 * before their texts came in, the rest of it as it was, then the text leaves this
 * disk. Of a record that its owner has erased, our own versions. Goes on where an
 * earlier run was cut short. *out: {records: [{id, kind, title, owner, versions,
 * already, others: [{trust, name}]}], restart?, alone? (partners follow without a
 * person), commit?, identity?, pushed, pushError?, done (the text is gone from
 * here), held: [{place, what, remedy}] (what still has it), plan?}. CF_INVALID
 * (erase.owner) where it is another trust's; CF_DECIDE where nobody can be asked;
 * CF_REMOTE where the host does not take the new history.
 */
const struct cf_err *cf_erase(json_t **out, struct cf_trust *trust,
	const struct cf_erase *what, const struct cf_renew *how) CF_MUST;
/*
 * Searches everything on this machine that belongs to the trust for texts, as
 * they are, as JSON escapes them, and with accents spelt either way; letters A to
 * Z in either case: {found: [{where: object|file|index, id?, type?, path?, table?,
 * held?: [place]}], objects, files, unread: [path or id]}. CF_DECIDE with *out set
 * where there is one; CF_USAGE for a text of less than 4 bytes.
 */
const struct cf_err *cf_erase_check(json_t **out, struct cf_trust *trust,
	const char *const *texts, size_t n) CF_MUST;

/* --- our own people -------------------------------------------------------- */

/*
 * Takes names, numbers, birth dates, postcodes and mailboxes from a CSV file with
 * headings, and keeps them sealed with this machine's key, outside the
 * repository, under `name` (NULL: "people"; one of that name is replaced). *out:
 * {name, imported, people, names, numbers, births, postcodes, mailboxes}, counts.
 * CF_INVALID: roll.columns where no heading is known, roll.empty.
 */
const struct cf_err *cf_roll_import(json_t **out, struct cf_trust *trust,
	const char *file, const char *name) CF_MUST;
/* [as above], from what needs no passphrase. */
const struct cf_err *cf_roll_list(json_t **out, struct cf_trust *trust)
	CF_MUST;
const struct cf_err *cf_roll_forget(struct cf_trust *trust, const char *name)
	CF_MUST;

/* --- partners ------------------------------------------------------------- */
struct cf_partner_add {
	const char *url;	/* may be NULL with a card or an id */
	const char *name;	/* short local name; NULL: from theirs */
	const char *id;		/* trust id, or NULL */
	const char *card;	/* path of a card, or NULL */
};
/* Fetches, verifies, and pins once the id is confirmed by id, card or person.
 * *out: {name, trust, title, role, url, safetyNumber, commit, versions,
 * records, via?: {trust, name, url, why}: a copy at that trust's host, because
 * theirs did not answer, alike?: [{trust, name?, title, safetyNumber}]: others
 * whose names look the same}; of a trust that is followed already {name, trust,
 * title, url, moved: the address before}. CF_DECIDE where nobody can be asked; CF_REFUSED
 * (partner.id) where the id is another. */
const struct cf_err *cf_partner_add(json_t **out, struct cf_trust *trust,
	const struct cf_partner_add *what) CF_MUST;
/* [{name, trust, title, role, url, safetyNumber, commit, synced}]. */
const struct cf_err *cf_partner_list(json_t **out, struct cf_trust *trust)
	CF_MUST;
/*
 * Takes what waits of a partner: a history that it began again, or (`identity`,
 * the digest of one of two that part) one of two chains. *out: {name, trust,
 * title, commit, identity, restart?: {reason, sequence, lost: [{id, version,
 * kind, title}], …}}. CF_NOT_FOUND where nothing waits.
 */
const struct cf_err *cf_partner_accept(json_t **out, struct cf_trust *trust,
	const char *name, const char *identity) CF_MUST;
const struct cf_err *cf_partner_remove(json_t **out, struct cf_trust *trust,
	const char *name) CF_MUST;

/* Whether our host carries copies of what we verified of our partners, for those
 * whom their hosts do not answer; it shows whom we follow. `on` NULL: says so
 * only. *out: {relay, remote?, copies: [{trust, name?, title, commit}], sent?,
 * removed?, error?}; CF_REMOTE with *out set where the host did not take it. */
const struct cf_err *cf_relay(json_t **out, struct cf_trust *trust,
	const bool *on) CF_MUST;

/*
 * Fetches from partners (n 0: all), `jobs` at a time (0: the default), verifies,
 * merges. *out: {partners: [{name, trust, title, verdict, from, to, commits,
 * versions, signed, new: {kind: count}, changes: [sentence], held: [{id, rule,
 * path, why}], refusal?: {rule, commit?, path?, detail, advice, report}, error?}],
 * commons: {commit, tree, records, conflicts, spoken}, new: [{id, kind, title,
 * trust, name, change: new|changed|signed|withdrawn|erased}], attention: [sentence],
 * splits: [{trust, title, sequence, commits, saw, proof}], own?: {remote, verdict:
 * up-to-date|updated|waiting|behind|held|refused|unreachable, commits, rule?,
 * detail?}, relay?: as of cf_relay}. Where a partner's address did not do, it has
 * sources: [{url, trust?, name?, verdict: taken|same|behind|refused|unreachable,
 * rule?, detail?}]: other addresses of theirs, and (`trust`) copies at others'.
 * The error, if any, gives the exit status of the whole (4 if any is refused,
 * else 3, else 1); *out is set.
 */
const struct cf_err *cf_sync(json_t **out, struct cf_trust *trust,
	const char *const *names, size_t n, unsigned jobs) CF_MUST;

/* --- reading -------------------------------------------------------------- */

/* {trust, name, role, key, commit, unpushed, remote?, host?: {verdict, tried,
 * message?, rule?} (where the own host did not answer as it should), moved?: address that
 * the identity names instead, relay, heartbeat: {due, days,
 * overdue}, drafts: [{file, title}], partners: [{name, trust, title, verdict,
 * synced?, commit, held: count, message?}],
 * commons: {commit, records, conflicts, spoken}, conflicts: [{id, kind, title,
 * ours, fields: count}], incomplete: [{id, kind, title, stewards: [{trust, name,
 * why}]}], ownerless: [{id, kind, title, from: [name]}] (records whose owner is
 * not followed, the first few), held: [{id, rule, trust, why}], splits: [{trust, title, sequence,
 * proof}], erasures: [sentence] (what is left of some)}; nothing is fetched. */
const struct cf_err *cf_status(json_t **out, struct cf_trust *trust) CF_MUST;

/* Audits a whole repository from its first commit, trusting nothing local.
 * `where`: a folder or URL. *out: {verdict, trust: {id, name, role}, head,
 * sequence, identity, commits, versions, records, since, signers: [{key, commits,
 * from, until}], changes: [{identity, since}], held: [{id, rule, path, why}],
 * refusal?}. CF_REFUSED with *out set where it does not verify. */
const struct cf_err *cf_verify(json_t **out, const char *where,
	const struct cf_ui *ui) CF_MUST;

/* Checks a proof that a trust showed different histories, from a file that
 * cf_sync kept, trusting neither side and nothing local: {verdict: "proved",
 * proof, trust: {id, name, role}, safetyNumber, sequence, commits: [{id, time,
 * signer}]}. CF_REFUSED where it proves nothing. */
const struct cf_err *cf_verify_proof(json_t **out, const char *file) CF_MUST;

struct cf_filter {	/* NULL, 0: any */
	const char *kind, *owner, *status;
	unsigned limit;
};
/* [{id, kind, title, owner, ownerName, modified, status, conflict, incomplete,
 * signers: [{trust, name}]}], newest first, then by id. `owner`: a partner's name or a
 * trust id. */
const struct cf_err *cf_list(json_t **out, struct cf_trust *trust,
	const struct cf_filter *filter) CF_MUST;
/* {record, heads: [{version, trust, name, modified, body?}], signers: [{trust,
 * key, name}], ownerName, modified, stewards: [{trust, name}], conflict, path,
 * fields, incomplete, ours (as of cf_conflicts), unseen: [{trust, name, version,
 * modified}] (heads that the owner has not built on), history?: [{version, trust,
 * name, modified, parents, status, held?, why?, counts, onto?: [version], fields?:
 * [{path, before?, after?, decided?}]}], blame?: [{path, by: [{trust, name,
 * version, modified}], contested?}]}. `counts`: its trust is a steward; then
 * `onto` are the nearest versions that count which it builds on, and `fields`
 * what it changed. `modified` of the record is never later than the commit that
 * brought it. `id` may be the first 8 or more characters, if one record has
 * them. */
#define CF_HISTORY 1u
#define CF_BLAME 2u
const struct cf_err *cf_show(json_t **out, struct cf_trust *trust,
	const char *id, unsigned more) CF_MUST;

/* --- finding ----------------------------------------------------------------- */

/* NULL, 0: any, or the default. `query` as confer(1) has it, codes those of the
 * schemas. `mine`: "phase=primary,size=201_to_400,…" instead of the setting
 * confer.mine. `limit`: of each group. */
struct cf_search_what {
	const char *query, *kind, *phase, *region, *area, *fsm, *trust, *since;
	const char *mine, *sort, *size, *outcome;
	const char *padlocks;	/* "3": findings with so many or more */
	unsigned limit;
};
/* Rows as of cf_list, and: group (problem, practice, adoption, finding, other, in
 * this order), found: all|some|linked (how many of the words; or by what led
 * there), held: [{trust, name, rule, why}], snippet?, problem?, answers?,
 * practice?, stage?, context?, padlocks?, reviewBy? (a day that is past), similarity? (of
 * adoptions to our setting): {distance? (absent: not comparable), samePhase,
 * sameRegion, parts: [{field, mine, theirs, weight, apart}], mine, from: option|
 * setting|a record}. CF_USAGE for a query that cannot be read, or an order. */
const struct cf_err *cf_search(json_t **out, struct cf_trust *trust,
	const struct cf_search_what *what) CF_MUST;

struct cf_match_what {
	const char *id;		/* one need or offer of ours; NULL: all */
	const char *sort;
	unsigned limit;		/* proposals for each; 0: the default */
};
/* Offers for our needs and needs for our offers: [{id, title, kind, proposals:
 * [as of cf_list, and held, state?, contact?, context?, fit: {sum, parts: [{part,
 * weight, value, said}]}], more}]. */
const struct cf_err *cf_match(json_t **out, struct cf_trust *trust,
	const struct cf_match_what *what) CF_MUST;

/* What we gave and received, from the records of support that both signed: {given,
 * received (days), to, from (trusts), themes: [{area, given, received}], partners:
 * [{trust, name, given, received}], unsigned: [{id, title, ours}], network: {both?
 * (in 100 trusts), flows: [{area, days}], unmet: [area], waiting (figures that stay
 * as they were told)}}. `sort` other than NULL: CF_USAGE (order.ranking). */
const struct cf_err *cf_reciprocity(json_t **out, struct cf_trust *trust,
	const char *sort) CF_MUST;

/* --- pooling ---------------------------------------------------------------- */

/* What to pool and how. NULL: any, or the default. Codes are those of the schemas
 * (reading_comprehension, primary, south_west …). */
struct cf_pool_what {
	const char *outcome;	/* one or more, with commas between */
	const char *measure;	/* smd (default), log_odds_ratio … */
	const char *method;	/* REML (default), ML, PM, DL, fixed */
	bool knapp_hartung;
	bool by_trust;		/* three levels, robust errors */
	const char *groups;	/* phase, region, fsm, design, practice */
	const char *moderator;	/* weeks, year, fsm, padlocks */
	const char *practice, *phase, *region, *area, *fsm, *design, *owner;
	const char *exclude;	/* record ids or their beginnings, with commas */
	/* SVG files to write: forest, funnel, leave-one-out. */
	const char *plot, *funnel, *left_out;
	/* The result as a synthesis: the draft is kept, and published. */
	bool publish, no_push;
	const char *title, *asks;	/* of it; `asks` is its question */
};
/*
 * Pools the findings of the commons on an outcome. *out: {question, model, k,
 * trusts, estimate, se, ci95, p, pi95, tau2, i2, q …, inputs: [{record, version,
 * owner, ownerName, signers, title, effect, v, se, ci95, weight, from …}],
 * excluded: [{record, version, title, ownerName, code, why}], notRead, warnings,
 * months?, plots?, draft?, published?}, as confer(1) has it. CF_INVALID
 * (pool.few) where there are fewer than 3; *out says which and why. CF_EXISTS
 * (pool.published) where the same was published before.
 */
const struct cf_err *cf_pool_findings(json_t **out, struct cf_trust *trust,
	const struct cf_pool_what *what) CF_MUST;
/*
 * Pools again what the synthesis `id` names, from the very versions: {record,
 * title, same, differences: [{field, published, now}], missing: [{record,
 * version, why}], since: {changed: [id], new: n}, result}. CF_REFUSED
 * (pool.replay) where the numbers differ, CF_NOT_FOUND where versions are
 * missing; *out is set.
 */
const struct cf_err *cf_pool_replay(json_t **out, struct cf_trust *trust,
	const char *id) CF_MUST;

/* --- export ------------------------------------------------------------------ */
struct cf_export_what {		/* NULL, 0: any, or the default */
	/* csv, ro-crate (into a folder), sqlite, jsonl, bibtex, csl-json, metafor
	 * (into a file), postgresql (an address): confer-export(5). */
	const char *format;
	const char *target;	/* NULL: `write` gets the file */
	const char *kind, *owner, *status;
	const char *const *ids;	/* only these records: ids or their beginnings */
	size_t n_ids;
	const struct cf_pool_what *pool;	/* metafor: which findings */
	bool exact;	/* CSV: leave texts that a spreadsheet takes as formulas */
	bool force;	/* replace what is no earlier export */
	bool dry_run;	/* only count */
	bool (*write)(void *payload, const void *bytes, size_t n);
	void *payload;
};
/*
 * Writes the commons for other programs, all at once or nothing; the same commons
 * gives the same bytes. *out: {format, target?, dryRun, commons, time, records,
 * held, tables?: [{table, rows, changed?, removed?}], excluded?, notRead? (as of
 * cf_pool_findings)}. CF_EXISTS (export.exists, export.schema) where something
 * else is there, CF_NOT_FOUND where there is nothing to export, CF_REMOTE.
 */
const struct cf_err *cf_export(json_t **out, struct cf_trust *trust,
	const struct cf_export_what *what) CF_MUST;

/* Where trusts changed the same thing in different ways; id NULL: in any record.
 * [{id, kind, title, status, ours, heads: [version], fields: [{path, kind:
 * edit/edit|delete/edit|type|order|schema, before?, shown?, sides: [{value |
 * absent: true, by: [{trust, name, version, modified}]}]}], incomplete: [{trust,
 * name, why}]}]. `path` is a JSON Pointer into the body, elements of keyed lists
 * by [key]. CF_DECIDE with *out set where one of them is `ours` to settle. */
const struct cf_err *cf_conflicts(json_t **out, struct cf_trust *trust,
	const char *id) CF_MUST;

/* [{key, role: publish|root, status: active|revoked, identity, here}]. */
const struct cf_err *cf_key_list(json_t **out, struct cf_trust *trust) CF_MUST;
/* The entries of our main, newest first, or those that the key `did` signed:
 * [{number, commit, time, key, here, what}]. CF_NOT_FOUND: it signed none. */
const struct cf_err *cf_key_log(json_t **out, struct cf_trust *trust,
	const char *did) CF_MUST;
/*
 * Tries a recovery sheet, from `file` or (NULL) typed line by line: {key,
 * identity, sheet: the number on it, tried?: when it was tried here before,
 * others: [{sheet, tried?}]}. CF_INVALID says which line to look at again, or that the sheet is
 * not one of this trust's that is in force.
 */
const struct cf_err *cf_key_check(json_t **out, struct cf_trust *trust,
	const char *file) CF_MUST;
/* An allowed_signers file: ours and every partner's keys ever listed. The
 * caller frees *text. */
const struct cf_err *cf_key_export(char **text, struct cf_trust *trust)
	CF_MUST;

/*
 * Writes all that is in use into one pack and removes everything else from the
 * disk, with the reports of refused updates: {objects, before, after (bytes),
 * reports, left, held (as of cf_erase)}. `left`: another program is reading, so
 * that old files stay until the next time. Interrupted, nothing is missing.
 */
const struct cf_err *cf_compact(json_t **out, struct cf_trust *trust) CF_MUST;

/* Examines what Confer rests on, in and around the repository that `dir` is in
 * (or none), and mends what can be (`dry`: only looks): {findings: [{check, state:
 * good|note|mended|mendable|wrong, what, remedy?}], wrong, mended, dryRun}.
 * CF_DECIDE with *out set where something is left to a person. */
const struct cf_err *cf_doctor(json_t **out, const char *dir, bool dry,
	const struct cf_ui *ui) CF_MUST;

/* Makes the index and the commons again from git; {versions, records, held}. */
const struct cf_err *cf_index_rebuild(json_t **out, struct cf_trust *trust)
	CF_MUST;

/* --- for tests of the merge ------------------------------------------------ */

/*
 * Merges each of the documents in `file` ("-": standard input), one after
 * another: {schema, owner, versions: [{id, parents, trust, modified, body?,
 * settled?, stewards?, status?}]}. `each` gets the canonical form of {body?,
 * conflicts, heads} of one after the other; of one that is wrong, {error:
 * {document (its number), message, rule?}}. CF_INVALID then, with the first of
 * those. One that is cut off ends where a line begins with "{" and no value fits.
 */
const struct cf_err *cf_debug_merge(const char *file,
	void (*each)(void *payload, const char *line), void *payload) CF_MUST;

#endif
