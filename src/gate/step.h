#ifndef CF_GATE_STEP_H
#define CF_GATE_STEP_H

/*
 * What the steps of the gate share; for src/gate only.
 */
#include "gate/gate.h"

struct cf_reach;	/* the objects that a commit reaches */
struct cf_pasts;	/* of the record files that changed in this run */

struct cf_run {
	struct cf_gate *gate;
	struct cf_odb *fresh, *all;
	const struct cf_gate_sink *sink;
	struct cf_oid pin;		/* where the run began */
	bool has_pin;
	struct cf_reach *reach;		/* made when first needed */
	struct cf_pasts *pasts;
	uint64_t changes;		/* of all commits so far */
	/* Where we are, for the refusal. */
	struct cf_oid at;
	bool has_at;
	char path[CF_PATH_TEXT];
};

/* An object that a new commit refers to was fetched, or is reachable from the
 * pin (object.missing otherwise). */
const struct cf_err *cf_step_have(struct cf_run *run, const struct cf_oid *oid)
	CF_MUST;
/* Reads one. */
const struct cf_err *cf_step_read(struct cf_buf *out, struct cf_run *run,
	const struct cf_oid *oid, enum cf_type type) CF_MUST;

/* reach.c: the set of all that a commit reaches, built once. */
const struct cf_err *cf_reach_new(struct cf_reach **out, struct cf_odb *odb,
	const struct cf_oid *commit) CF_MUST;
bool cf_reach_has(const struct cf_reach *reach, const struct cf_oid *oid);
void cf_reach_free(struct cf_reach *set);

/* history.c: commits from after the pin (or the first) to head, oldest first. */
struct cf_oids {
	struct cf_oid *oid;
	size_t n, cap;
};
const struct cf_err *cf_step_history(struct cf_oids *out, struct cf_run *run,
	const struct cf_oid *head) CF_MUST;

/* tree.c: what a commit changes. */
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
const struct cf_err *cf_step_tree(struct cf_changes *out, struct cf_run *run,
	const struct cf_oid *tree) CF_MUST;

/* commit.c: one commit, all steps; moves run->gate on. */
const struct cf_err *cf_step_commit(struct cf_run *run,
	const struct cf_oid *oid) CF_MUST;

/* version.c: one record file. */
const struct cf_err *cf_step_version(struct cf_run *run,
	const struct cf_gate_commit *commit, const struct cf_change *change)
	CF_MUST;

/* past.c: earlier versions, by the path of the file. */
struct cf_pasts *cf_pasts_new(void);
void cf_pasts_free(struct cf_pasts *pasts);
/* All zero where it is new. Borrowed until the next call. */
struct cf_gate_past *cf_pasts_at(struct cf_pasts *pasts, const char *path);

#endif
