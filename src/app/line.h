#ifndef CF_LINE_H
#define CF_LINE_H

/*
 * Our main made again on another line: because another machine of ours was
 * faster, because one began history again, or because we do; for src/app only.
 * What was published keeps its bytes; what no longer fits comes back as a draft.
 */
#include "app/trust.h"

/* One commit of a line, and its number. */
struct cf_step {
	struct cf_oid oid;
	uint64_t sequence;
};
struct cf_line {
	struct cf_step *step;		/* oldest first */
	size_t n, cap;
};
/* The commits after `from` (a commit on the way; nothing: all) up to `to`. */
const struct cf_err *cf_line_read(struct cf_line *out, struct cf_odb *odb,
	const struct cf_gate *from, const struct cf_oid *to) CF_MUST;
void cf_line_clear(struct cf_line *line);

struct cf_replay {
	struct cf_trust *trust;
	struct cf_seckey *key;		/* signs what is made again; owned; NULL:
					 * this machine's, opened when needed */
	struct cf_gate on;		/* where the new line stands; owned */
	json_t *have;			/* {version}: the new line has it */
	json_t *gone;			/* {version: {body, onto, left}}: the new
					 * line has not got it; left: because of
					 * what `keep` left out */
	json_t *back;			/* [{id, kind, title, version, doc, onto,
					 * left, took}] */
	json_t *left;			/* [{id, kind, title, version}] by keep */
	json_t *again;			/* the same of what is published again */
	json_t *plan;			/* {path: doc}: nothing is written or
					 * signed, only found out; NULL: not so */
	bool identity;			/* a change of it was left out */
	bool no_key;			/* this machine may not publish there */
	/* Whether a version is published again. NULL: all are. */
	bool (*keep)(void *payload, const struct cf_step *step,
		const struct cf_record *record);
	void *payload;
};
void cf_replay_clear(struct cf_replay *replay);
/* Adds the versions of a line to `have`. */
const struct cf_err *cf_replay_have(struct cf_replay *replay,
	const struct cf_line *line) CF_MUST;
/* One commit of the old line, on top of the new one. */
const struct cf_err *cf_replay_step(struct cf_replay *replay,
	const struct cf_step *step) CF_MUST;
/* Signs every record in which no proof of ours counts any more. */
const struct cf_err *cf_replay_sign(struct cf_replay *replay) CF_MUST;

/*
 * drafts_back.c: versions as drafts again, durably, before main moves: [{file,
 * made, id, title, took, left, withdrawal?}]; `made`: the file is new. Other drafts
 * that build on versions which are gone build on what those built on.
 */
const struct cf_err *cf_drafts_back(json_t **out, struct cf_trust *trust,
	const json_t *back) CF_MUST;
/* After it: they build on what stands now. */
const struct cf_err *cf_drafts_rebase(struct cf_trust *trust,
	const json_t *drafts) CF_MUST;

/* pull.c: as cf_pull_own, before history is begun again: what the host has belongs
 * to what is judged, and what is not ours at all is overwritten. */
const struct cf_err *cf_see_host(struct cf_trust *trust) CF_MUST;

/* The number of the last commit of our main that a host has, or may have. */
const struct cf_err *cf_pushed_until(uint64_t *out, struct cf_trust *trust)
	CF_MUST;

/* Moves main to the end of a line that begins at `fork`, once the gate has passed
 * it; under the lock. */
const struct cf_err *cf_line_move(struct cf_trust *trust,
	const struct cf_gate *fork, const struct cf_oid *head) CF_MUST;

/*
 * Our main on top of `theirs`: verified, in the store, and beside ours. What was
 * pushed is not made again, and what is not in theirs of it is gone. Under the
 * lock.
 */
struct cf_line_back {
	json_t *drafts;		/* as of cf_drafts_back; owned */
	bool identity, no_key;	/* as of the replay */
};
const struct cf_err *cf_line_join(struct cf_line_back *out,
	struct cf_trust *trust, const struct cf_oid *theirs) CF_MUST;

/* back.c: what came back and contradicts nothing, merged with what stands and
 * signed anew; it leaves the list. What was published so, and what contradicts,
 * goes into trust->host.again, as in the result of cf_publish. */
const struct cf_err *cf_publish_back(struct cf_trust *trust, json_t *drafts)
	CF_MUST;

#endif
