#ifndef CF_GATE_STEP_H
#define CF_GATE_STEP_H

/*
 * What the steps of the gate share; for src/gate only.
 *
 * What a commit and a version are by themselves (bytes, signatures, what they
 * change, schema) is found out ahead, by several threads. What depends on the
 * commits before (place, identities, keys, ancestry) is decided after that by
 * one thread, in the order of history, and every error is told then: so the
 * verdict is the same as if each was read when its turn came.
 */
#include "check/check.h"
#include "gate/gate.h"
#include "record/message.h"

struct cf_reach;	/* the objects that a commit reaches */
struct cf_pasts;	/* of the record files that changed in this run */
struct cf_twins;	/* ids of records that were met in this run */

struct cf_run {
	struct cf_gate *gate;
	struct cf_odb *fresh, *all;
	const struct cf_gate_sink *sink;
	struct cf_oid pin;		/* where the run began */
	bool has_pin;
	struct cf_reach *reach, *held;	/* of the pin; of what waits, or NULL */
	struct cf_pasts *pasts;
	struct cf_twins *twins;
	struct cf_oid before;		/* the tree before the commit judged last */
	bool has_before;
	uint64_t changes;		/* of all commits so far */
	char signer[CF_DID_TEXT];	/* of the last commit */
	/* Where we are, for the refusal. */
	struct cf_oid at;
	bool has_at;
	char path[CF_PATH_TEXT];
};

/* An object that a new commit refers to was fetched, or is reachable from the
 * pin (object.missing otherwise). Any thread may. */
const struct cf_err *cf_step_have(const struct cf_run *run,
	const struct cf_oid *oid) CF_MUST;
/* Reads one. Any thread may. */
const struct cf_err *cf_step_read(struct cf_buf *out,
	const struct cf_run *run, const struct cf_oid *oid, enum cf_type type)
	CF_MUST;

/* An error to be told later, by another thread perhaps; free it. */
struct cf_err *cf_step_keep(const struct cf_err *err);
const struct cf_err *cf_step_tell(const struct cf_err *kept);

/* reach.c: the set of all that a commit reaches, found when first asked for. */
struct cf_reach *cf_reach_new(struct cf_odb *odb, const struct cf_oid *commit);
const struct cf_err *cf_reach_has(bool *out, struct cf_reach *set,
	const struct cf_oid *oid) CF_MUST;
void cf_reach_free(struct cf_reach *set);

/* history.c: commits from after the pin (or the first) to head, oldest first. */
struct cf_oids {
	struct cf_oid *oid;
	size_t n, cap;
};
const struct cf_err *cf_step_history(struct cf_oids *out, struct cf_run *run,
	const struct cf_oid *head) CF_MUST;

/* restart.c: a line (oldest first, from its first commit) that does not lead to
 * the pin. Where it begins history again, the gate moves back to the fork and
 * *first is the commit after it. */
const struct cf_err *cf_step_leave(size_t *first, struct cf_run *run,
	const struct cf_oids *line) CF_MUST;
/* Notes who signed the commit that left history. */
void cf_step_left(struct cf_run *run);
/* After the last commit: against a restart that waits. */
const struct cf_err *cf_step_waits(struct cf_run *run) CF_MUST;
/* gate.c: the identities that a tree holds, from the gate's own on. */
const struct cf_err *cf_step_chain(struct cf_chain *chain, struct cf_odb *odb,
	const struct cf_oid *tree) CF_MUST;

/* tree.c: what a commit changes. */
#define CF_TREE_ZONES 6		/* kinds of folders that a main has */
enum cf_change_kind {
	CF_CHANGE_README,
	CF_CHANGE_KEY,
	CF_CHANGE_RECORD,
	CF_CHANGE_PARTNER
};
struct cf_change {
	enum cf_change_kind what;
	char path[CF_PATH_TEXT];
	char kind[CF_KIND_TEXT];	/* records */
	struct cf_uuid id;		/* records */
	unsigned version;		/* keys */
	struct cf_oid blob, old;
	bool had_old;
	bool gone;			/* partners: taken away */
};
struct cf_changes {
	struct cf_change *change;
	size_t n, cap;
};
/* The trees that were read last: most are the next commit's old ones. */
struct cf_trees {
	struct {
		struct cf_oid oid;
		struct cf_buf raw;
	} last[CF_TREE_ZONES];
};
void cf_trees_clear(struct cf_trees *trees);
/* From one tree (NULL: none) to another. Where it fails, `path` says where. Any
 * thread may, each with trees of its own (all zero at first). */
const struct cf_err *cf_step_tree(struct cf_changes *out,
	char path[CF_PATH_TEXT], struct cf_trees *trees,
	const struct cf_run *run, const struct cf_oid *old,
	const struct cf_oid *tree) CF_MUST;

/* commit.c: one commit. */
enum cf_stage {			/* how far it got by itself */
	CF_STAGE_NEW,
	CF_STAGE_READ,		/* commit and place are known */
	CF_STAGE_SIGNED		/* and signer */
};
struct cf_commit_ahead {
	struct cf_oid oid;
	enum cf_stage stage;
	bool walked;		/* changes are known; not read by neighbours */
	struct cf_err *fault;	/* why it got no further; NULL: not tried */
	char path[CF_PATH_TEXT];	/* of the fault */
	struct cf_buf raw;
	struct cf_commit commit;
	struct cf_place place;
	struct cf_pubkey signer;
	struct cf_changes changes;
};
/* Any thread may. */
void cf_commit_read_ahead(struct cf_commit_ahead *c, const struct cf_run *run);
void cf_commit_walk_ahead(struct cf_commit_ahead *c, struct cf_trees *trees,
	const struct cf_run *run, const struct cf_oid *old_tree);
void cf_commit_ahead_clear(struct cf_commit_ahead *c);
/* Steps 3 to 5; moves run->gate on. *seen is what is to be reported of it. */
const struct cf_err *cf_step_commit(struct cf_gate_commit *seen,
	struct cf_run *run, struct cf_commit_ahead *c) CF_MUST;

/* version.c: one version of a record. */
struct cf_version_ahead {
	const struct cf_change *change;
	bool is_read;
	struct cf_err *err;		/* it cannot be read at all */
	size_t bytes;
	struct cf_record record;
	struct cf_pubkey signer[CF_MAX_PROOFS];
	size_t signers;
	/* The first fault of each, rule "": none. */
	struct cf_fault own;		/* bytes, place, people, proofs */
	struct cf_fault check;		/* schema, disclosure */
};
/* Any thread may. */
void cf_version_read_ahead(struct cf_version_ahead *v,
	const struct cf_run *run);
void cf_version_ahead_clear(struct cf_version_ahead *v);
/* Steps 6 and 7; tells the sink. */
const struct cf_err *cf_step_version(struct cf_run *run,
	const struct cf_gate_commit *commit, struct cf_version_ahead *v)
	CF_MUST;

/* twin.c: whether a new file's id was that of a record of another kind before. In
 * the order of history. */
struct cf_twins *cf_twins_new(void);
void cf_twins_free(struct cf_twins *twins);
const struct cf_err *cf_step_twin(bool *out, const struct cf_run *run,
	const struct cf_change *change) CF_MUST;

/* ahead.c: all commits of a list, in order; what can be found out ahead is. */
const struct cf_err *cf_step_commits(struct cf_run *run,
	const struct cf_oids *commits) CF_MUST;

/* past.c: earlier versions, by the path of the file. */
struct cf_pasts *cf_pasts_new(void);
void cf_pasts_free(struct cf_pasts *pasts);
/* All zero where it is new. Borrowed until the next call. */
struct cf_gate_past *cf_pasts_at(struct cf_pasts *pasts, const char *path);

#endif
