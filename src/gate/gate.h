#ifndef CF_GATE_H
#define CF_GATE_H

/*
 * The gate: what a trust's repository must be before anything of it is trusted.
 * The verdict is a function of that repository's own objects and the ruleset.
 * Steps 1 to 5 refuse the whole update; 6 and 7 hold single versions.
 */
#include "record/identity.h"
#include "record/record.h"
#include "store/store.h"

/* History that was left: a run did not go on from where the gate stood, but from
 * an earlier commit, with an identity that says so. */
struct cf_left {
	bool is;
	struct cf_oid base;	/* the last commit that stays */
	uint64_t sequence;	/* its number */
	size_t known;		/* identities there */
	unsigned identity;	/* that began it again */
	char signer[CF_DID_TEXT];	/* of that commit */
	bool listed;		/* the signer, by the identity at base, too */
};

/* Where a main stands: everything that judging its next commit needs. */
struct cf_gate {
	struct cf_chain chain;
	struct cf_oid head, tree;
	uint64_t sequence;	/* 0: nothing yet */
	int64_t time;		/* of the head commit */
	/* A restart that was verified and waits for a person: what it reaches is
	 * held, and nothing of an older era moves the gate. Set by the caller. */
	struct cf_oid waits;
	bool has_waits;
	struct cf_left left;	/* of the last run */
};
void cf_gate_clear(struct cf_gate *gate);
/* The state at a commit that was verified before. */
const struct cf_err *cf_gate_load(struct cf_gate *out, struct cf_odb *odb,
	const struct cf_oid *verified) CF_MUST;

/* A commit, and a version of a record, as they pass. Borrowed by the call. */
struct cf_gate_commit {
	struct cf_oid oid;
	uint64_t sequence;
	int64_t time;
	unsigned identity;
	const char *signer;		/* did:key */
};
struct cf_gate_version {
	const struct cf_gate_commit *commit;
	const char *path, *kind;
	struct cf_uuid id;
	struct cf_oid blob;
	/* record->doc is NULL where the bytes are not JSON in file form, and
	 * record->version.text is then "". */
	const struct cf_record *record;
	const char *previous;		/* version before it in this main, "" */
	bool first;			/* of the record in this main */
	const char *rule, *why;		/* held; NULL: it counts */
};

/* The rule that holds each version of a file whose id was that of a record of
 * another kind first. */
#define CF_RULE_TWIN "record.kind"

/* What there is of one record file from before, in this main. */
struct cf_gate_past {
	unsigned count;			/* versions */
	struct cf_digest last;		/* the last whose id is known, or "" */
	struct cf_digest before;	/* the last of another id than that */
	struct cf_digest tombstone;	/* of all but it nothing counts, or "" */
	bool twin;			/* it has the id of another record */
};
/* One more: its id ("" where it cannot be computed), oldest first. */
void cf_gate_past_add(struct cf_gate_past *past, const char *id,
	bool tombstone);

/* Who listens. A callback's error ends the run. NULL members: not wanted. All
 * are called by the caller's own thread, in the order of history. */
struct cf_gate_sink {
	void *payload;
	const struct cf_err *(*commit)(void *payload,
		const struct cf_gate_commit *commit);
	const struct cf_err *(*version)(void *payload,
		const struct cf_gate_version *version);
	/* Before the first commit of a run that leaves history at `at`. */
	const struct cf_err *(*leave)(void *payload, const struct cf_gate *at);
	/* What is known of a record file up to the version that `version` was
	 * called with last. NULL: this run starts at the first commit. */
	const struct cf_err *(*past)(void *payload, struct cf_gate_past *out,
		const char *kind, const struct cf_uuid *id);
	void (*progress)(void *payload, unsigned long long done,
		unsigned long long total);
	unsigned threads;		/* to work with; 0: all processors */
};

/* Why an update was refused; rule is "" where it was not. */
struct cf_refusal {
	char rule[48];
	char commit[CF_OID_TEXT];	/* or "" */
	char path[CF_PATH_TEXT];	/* or "" */
	char detail[1024];
};
/* Of an error that no commit is to blame for. */
void cf_refusal_set(struct cf_refusal *out, const struct cf_err *err);
/* What to do about a rule, in a sentence or two for a person. */
const char *cf_refusal_advice(const char *rule);

/*
 * Judges the commits from gate->head (or the first) to `head`, oldest first, and
 * moves the gate there. `fresh` has what was fetched; other objects count only
 * where gate->head reaches them (NULL: `all` is the trust's own and counts).
 * CF_REFUSED with *refusal set; the gate must then be cleared.
 */
const struct cf_err *cf_gate_run(struct cf_gate *gate, struct cf_odb *fresh,
	struct cf_odb *all, const struct cf_oid *head,
	const struct cf_gate_sink *sink, struct cf_refusal *refusal) CF_MUST;

/* The newest commit that two verified mains of one trust have in common. The
 * caller clears *out. */
const struct cf_err *cf_gate_fork(struct cf_gate *out, bool *found,
	struct cf_odb *odb, const struct cf_oid *a, const struct cf_oid *b)
	CF_MUST;
/*
 * What another main may be beside what is known of the same trust, by their
 * chains: CF_REFUSED, identity.fork where they part, history.other-trust where
 * they never met, identity.changed where only signatures differ, history.era
 * where it is from before a restart that is known.
 */
const struct cf_err *cf_gate_eras(const struct cf_chain *known,
	const struct cf_chain *next) CF_MUST;

/*
 * Why a head of which the host sent nothing is refused: it lies before what was
 * verified (NULL: nothing was), or it is not there. That we may hold its objects
 * of somebody else does not count.
 */
const struct cf_err *cf_gate_unsent(struct cf_odb *odb,
	const struct cf_oid *verified, const struct cf_oid *head) CF_MUST;

#endif
