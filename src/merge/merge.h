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
	bool held;
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

#endif
