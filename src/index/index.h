#ifndef CF_INDEX_H
#define CF_INDEX_H

/*
 * The index: every version in every verified main, and every record as the
 * commons has it. A cache in SQLite: what it says is a function of the pins and
 * the ruleset, and it can be made again from git at any time.
 */
#include "gate/gate.h"
#include "index/query.h"
#include "merge/merge.h"

struct cf_index;

/* Opens or makes it. One of another format or ruleset, or a damaged one, is
 * removed and made empty. */
const struct cf_err *cf_index_open(struct cf_index **out, const char *path)
	CF_MUST;
void cf_index_close(struct cf_index *index);
/* Whether the file is a database without damage. Changes nothing. */
bool cf_index_sound(const char *path);
/* Of SQLite. */
const char *cf_index_version(void);

/* Makes its file as small as it can be; what was deleted is not in it. */
const struct cf_err *cf_index_compact(struct cf_index *index) CF_MUST;

/* One writer; nothing is kept without commit. */
const struct cf_err *cf_index_begin(struct cf_index *index) CF_MUST;
/* Reads one state until cf_index_rollback; who writes waits. */
const struct cf_err *cf_index_hold(struct cf_index *index) CF_MUST;
const struct cf_err *cf_index_commit(struct cf_index *index) CF_MUST;
void cf_index_rollback(struct cf_index *index);

/* --- mains ----------------------------------------------------------------- */

/* What the index was built from for a trust; *found false: nothing. */
const struct cf_err *cf_index_pin(struct cf_oid *out, bool *found,
	struct cf_index *index, const char *trust) CF_MUST;
/* How many versions of a trust's main it has. */
const struct cf_err *cf_index_versions_of(size_t *out,
	struct cf_index *index, const char *trust) CF_MUST;
/* Trusts in the index, by id. */
const struct cf_err *cf_index_trusts(struct cf_names *out,
	struct cf_index *index) CF_MUST;
/* Sets where a trust's main stands after a run. */
const struct cf_err *cf_index_set_pin(struct cf_index *index,
	const struct cf_gate *gate) CF_MUST;
/* Forgets a trust and its versions; its records become dirty. */
const struct cf_err *cf_index_forget(struct cf_index *index, const char *trust)
	CF_MUST;
/*
 * Takes a trust back to where the gate stood at an earlier commit. *cut: what was
 * brought after it, oldest first: [{record, version, kind, title, blob, held,
 * commit (its number)}].
 */
const struct cf_err *cf_index_cut(json_t **cut, struct cf_index *index,
	const struct cf_gate *at) CF_MUST;
/* Of such a list what the trust has no more, one entry for each version. */
const struct cf_err *cf_index_lost(json_t **out, struct cf_index *index,
	const char *trust, const json_t *cut) CF_MUST;
/* {trust, name, role, head, sequence, time, identity, heartbeatDays}, or NULL
 * where it is not in the index. */
const struct cf_err *cf_index_trust(json_t **out, struct cf_index *index,
	const char *trust) CF_MUST;

/*
 * Takes in what a run of the gate finds for one trust: fills the callbacks of
 * `sink`. Lives until the run has ended, inside a transaction.
 */
struct cf_index_run {
	struct cf_index *index;
	char trust[CF_DIGEST_TEXT];
	unsigned long long commits, versions;
	json_t *news;		/* {id: {id, kind, title, change}}; owned. change:
				 * new, changed, withdrawn, signed */
	json_t *held;		/* [{id, rule, path, why, title, version}]; owned */
	json_t *cut;		/* as of cf_index_cut, where history was left; or
				 * NULL; owned */
	json_t *had;		/* {version: true} of it; owned */
};
void cf_index_sink(struct cf_gate_sink *sink, struct cf_index_run *run);
void cf_index_run_clear(struct cf_index_run *run);

/* Versions of one record in all mains, each main in its order. */
struct cf_versions {
	struct cf_version *version;
	size_t n, cap;
	json_t *rows;		/* owns the texts; one object per version:
				 * {trust, id, parents, previous, kind, status,
				 * modified, title, time, sequence, rule?, why?} */
};
const struct cf_err *cf_index_versions(struct cf_versions *out,
	struct cf_index *index, const char *record) CF_MUST;
void cf_versions_clear(struct cf_versions *versions);

/* --- records ---------------------------------------------------------------- */

/* Records that must be merged again, and what to do when that is done. */
const struct cf_err *cf_index_dirty(struct cf_names *out,
	struct cf_index *index) CF_MUST;
const struct cf_err *cf_index_all_dirty(struct cf_index *index) CF_MUST;
const struct cf_err *cf_index_clean(struct cf_index *index) CF_MUST;

/* A record as it stands: {id, kind, owner, standing, title, status, modified,
 * conflict, heads: [version], signers: [trust]}, and `lacking`, which is only
 * put: a version that counts names a parent that is in no main here. */
const struct cf_err *cf_index_put_record(struct cf_index *index,
	const json_t *row) CF_MUST;
/* NULL in *out where there is none. */
const struct cf_err *cf_index_record(json_t **out, struct cf_index *index,
	const char *id) CF_MUST;
const struct cf_err *cf_index_drop_record(struct cf_index *index,
	const char *id) CF_MUST;
/* Records in the commons whose ids begin so, at most `most`. */
const struct cf_err *cf_index_find(struct cf_names *out,
	struct cf_index *index, const char *prefix, unsigned most) CF_MUST;
/* Rows as above, newest first, then by id. NULL, 0: any. */
struct cf_index_filter {
	const char *kind, *owner, *status;
	bool conflicts;		/* only those in conflict */
	unsigned limit;
};
const struct cf_err *cf_index_list(json_t **out, struct cf_index *index,
	const struct cf_index_filter *filter) CF_MUST;
/* The same, one after another in the order of their ids, and no limit; an error
 * of `each` ends it. */
const struct cf_err *cf_index_each(struct cf_index *index,
	const struct cf_index_filter *filter,
	const struct cf_err *(*each)(void *payload, const json_t *row),
	void *payload) CF_MUST;
/* Records that are lacking, by id. */
const struct cf_err *cf_index_lacking(struct cf_names *out,
	struct cf_index *index) CF_MUST;
/* Records whose owner is not followed: rows as above, by id, at most `most`. */
const struct cf_err *cf_index_waiting(json_t **out, struct cf_index *index,
	unsigned most) CF_MUST;
struct cf_index_counts {
	unsigned long long records, conflicts, versions;
};
const struct cf_err *cf_index_count(struct cf_index_counts *out,
	struct cf_index *index) CF_MUST;
/* The same of the versions of any main, in the commons or not. */
const struct cf_err *cf_index_find_any(struct cf_names *out,
	struct cf_index *index, const char *prefix, unsigned most) CF_MUST;
/* Versions that are held now, the newest of their main: [{id, rule, why, path,
 * trust, title}]. trust NULL: of all. */
const struct cf_err *cf_index_held(json_t **out, struct cf_index *index,
	const char *trust) CF_MUST;
/* Of one record: [{trust, rule, why}]. */
const struct cf_err *cf_index_held_of(json_t **out, struct cf_index *index,
	const char *record) CF_MUST;
/* Whether it is lacking. */
const struct cf_err *cf_index_lacks(bool *out, struct cf_index *index,
	const char *record) CF_MUST;

/* --- what is searched -------------------------------------------------------- */

/* The words of a record of the commons, and what it is about; one that says what
 * it said before costs a look. Of one that has no body nothing is kept. */
const struct cf_err *cf_index_put_entry(struct cf_index *index, const char *id,
	const char *modified, const json_t *doc) CF_MUST;
const struct cf_err *cf_index_drop_entry(struct cf_index *index,
	const char *id) CF_MUST;
/* For new tables; and takes all out, to be made again. */
const struct cf_err *cf_index_entries_begin(struct cf_index *index) CF_MUST;
const struct cf_err *cf_index_entries_clear(struct cf_index *index) CF_MUST;
/* Members of the body by which the record is compared (entry.c lists them), and
 * `problem`. NULL in *out where there is none. */
const struct cf_err *cf_index_about(json_t **out, struct cf_index *index,
	const char *id) CF_MUST;
/* The records that name `id` so: answers, practice, finding, evidence, corrects;
 * by id, at most `most`. */
const struct cf_err *cf_index_naming(struct cf_names *out,
	struct cf_index *index, const char *id, const char *relation,
	unsigned most) CF_MUST;

/*
 * Searches. A group is a list of kinds (NULL ends it), of which at most `limit`
 * are found: those with all the words, and where there are hardly any, those with
 * most of them, the best match first. *out: for each group [{id, found: all|some,
 * score, snippet?}].
 */
struct cf_searching {
	struct cf_query *query;
	const char *since;	/* a day: only what was changed later; or NULL */
	const char *const *const *groups;
	size_t n;
	unsigned limit;
};
const struct cf_err *cf_index_search(json_t **out, struct cf_index *index,
	const struct cf_searching *what) CF_MUST;

/* Whether a record is among what is asked for, but for the words. */
const struct cf_err *cf_index_passes(bool *out, struct cf_index *index,
	const char *id, const struct cf_searching *what) CF_MUST;

/* --- erasure (erased.c) ------------------------------------------------------ */

/* The number of the commit that brought the first version of a record with a
 * text into a trust's main; 0: there is none. */
const struct cf_err *cf_index_first(uint64_t *out, struct cf_index *index,
	const char *trust, const char *record) CF_MUST;
/* Records of which a trust's main still has versions with a text, and a main has
 * a tombstone that counts. */
const struct cf_err *cf_index_unerased(struct cf_names *out,
	struct cf_index *index, const char *trust) CF_MUST;
/* Everything that its tables hold, piece by piece; `table` says where. */
typedef void (*cf_index_piece)(void *payload, const char *table,
	const void *bytes, size_t n);
const struct cf_err *cf_index_pieces(struct cf_index *index,
	cf_index_piece piece, void *payload) CF_MUST;

/* Keys that begin so are forgotten with any main: what was published is then
 * another. */
#define CF_DRAFT_KEY "draft:"
/* Small values: the commons' commit that the records were made for, … */
const struct cf_err *cf_index_get(char **out, struct cf_index *index,
	const char *key) CF_MUST;
const struct cf_err *cf_index_set(struct cf_index *index, const char *key,
	const char *value) CF_MUST;

#endif
