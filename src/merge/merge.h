#ifndef CF_MERGE_H
#define CF_MERGE_H

/*
 * What several trusts' versions of one record come to. Pure: the versions that
 * lie in the verified mains, in any order, give one result.
 */
#include "record/identity.h"
#include "record/record.h"
#include "store/store.h"

/* One version in one trust's main. */
struct cf_version {
	const char *trust;
	const char *id;			/* version id; "" where unknown */
	const char *kind;		/* of its file */
	const char *const *parents;	/* n_parents version ids */
	size_t n_parents;
	const char *previous;		/* before it in the same main, or "" */
	const char *modified;		/* for people; or NULL */
	bool held;
	bool erased;			/* a tombstone */
	struct cf_oid blob;
	/* Whether the trust is a steward in the owner's file: found by cf_heads,
	 * given to cf_mark_past. */
	bool party;
	/* Found by cf_heads. */
	bool counts, head;
	/* Found by cf_mark_past. */
	bool past;
	size_t node;
};

/* How a record stands. */
enum cf_standing {
	CF_STANDS,	/* it is in the commons */
	CF_NO_OWNER,	/* the owner is not followed, or has no version */
	CF_NO_VERSION	/* nothing that counts */
};

/*
 * Decides which versions count (DESIGN 6.3) and which of them are heads.
 * `versions` holds those of each trust in the order of its main. `owner` is the
 * trust that the record's id certifies. *owner_file is the index of the version
 * at the owner's head; its stewards come through the callback, which may read
 * the file.
 */
struct cf_heads_in {
	struct cf_version *version;
	size_t n;
	const char *owner;
	/* Whether `trust` is a steward in the file of versions[index]. */
	const struct cf_err *(*is_steward)(void *payload, bool *out,
		size_t index, const char *trust);
	void *payload;
};
const struct cf_err *cf_heads(enum cf_standing *out, size_t *owner_file,
	struct cf_heads_in *in) CF_MUST;

/* Marks the versions with these ids, and all that they build on, by the same
 * graph. */
void cf_mark_past(struct cf_version *version, size_t n, const char *const *ids,
	size_t n_ids);

/*
 * The commons' file of a record with one head: the head's document with, for each
 * trust in whose main it lies, one proof: of those by a key of that trust that
 * counts, the one with the smallest canonical form. `docs` are the files of the
 * n trusts, `chains` their identities. The caller owns the result.
 */
json_t *cf_merged_single(json_t *const *docs,
	const struct cf_chain *const *chains, size_t n);

/*
 * The commons' file of a record whose heads differ, or whose header is not the
 * owner's: header of `owner`, body as given, parents the heads' ids (sorted). No
 * proof, salt, settled, waivers.
 */
json_t *cf_merged_record(const json_t *owner, const json_t *body,
	json_t *const *heads, const struct cf_digest *ids, size_t n);

/* Whether two records agree in what comes from the owner's file. */
bool cf_same_header(const json_t *a, const json_t *b);

/* --- bodies ------------------------------------------------------------------ */

/* A version as the merge of bodies sees it. */
struct cf_snapshot {
	const char *id, *modified;
	const char **trust;	/* n_trust that stand behind it, sorted */
	size_t n_trust;
	size_t *parents;	/* n_parents numbers of versions, in no circle */
	size_t n_parents;
	/* False: ancestry runs through it, and that is all (DESIGN 6.3). */
	bool counts;
};

/*
 * Each version of the rows once, by id, with what cf_heads found; texts are
 * borrowed from the rows. row[i] is a row of version i, one that counts where
 * there is one.
 */
struct cf_snapshots {
	struct cf_snapshot *version;
	size_t *row;
	size_t n;
};
void cf_snapshots_make(struct cf_snapshots *out, const struct cf_version *rows,
	size_t n);
void cf_snapshots_clear(struct cf_snapshots *snapshots);
/* The number of a version; n where there is none. */
size_t cf_snapshots_find(const struct cf_snapshots *snapshots, const char *id);

/* What a version holds. */
struct cf_content {
	const json_t *body;	/* NULL: none */
	const json_t *settled;	/* JSON Pointers that it decides, or NULL */
};

struct cf_merge_in {
	const struct cf_snapshot *version;
	size_t n;
	const struct cf_schema *schema;	/* of the body, or NULL */
	size_t owner;	/* the owner's file; n: there is none */
	/* What a version that counts holds: it must live and stay as it is until
	 * the merge is done. Where the versions lie in one line only the last
	 * one is asked for. */
	const struct cf_err *(*load)(void *payload, struct cf_content *out,
		size_t version);
	void *payload;
};

/*
 * What the versions that count come to: a pure function of them and the schema
 * (DESIGN 6.2). A path is a JSON Pointer into the body in which an element of a
 * keyed list is named by its key in brackets: /items/[a]/x. `by` is always
 * [{trust, version, modified}], one for each trust.
 */
struct cf_merged {
	json_t *body;		/* NULL: there is none */
	/* [{path, kind, before?, shown?, sides: [{value | absent: true, by}]}]
	 * by path, sides by canonical form. kind: edit/edit, delete/edit, type,
	 * order (values are lists of keys in canonical form), schema (the whole
	 * record: `keyword`, `pointer` and `why` say what the merged body
	 * breaks; sides are the heads' bodies). */
	json_t *conflicts;
	json_t *heads;		/* ids, sorted */
};
const struct cf_err *cf_merge(struct cf_merged *out,
	const struct cf_merge_in *in) CF_MUST;
void cf_merged_clear(struct cf_merged *merged);

/*
 * What each version that counts changed against the merged state of its past,
 * oldest first: [{version, by, parents: [id], fields: [{path, before?, after?,
 * decided?}]}]. `parents` are the nearest ones that count; a
 * list that was put into another order stands there under its own path.
 */
const struct cf_err *cf_merge_history(json_t **out,
	const struct cf_merge_in *in) CF_MUST;

/* Who wrote last what each field shows: [{path, by, contested?}] by path. */
const struct cf_err *cf_merge_blame(json_t **out,
	const struct cf_merge_in *in) CF_MUST;

/* Whether each keyed list of a body has a key of its own at every entry, and no
 * set something twice. Else `why` gets a sentence. The merge takes a list that is
 * not so as one value. */
bool cf_merge_fits(const struct cf_schema *schema, const json_t *body,
	struct cf_buf *why);

#endif
