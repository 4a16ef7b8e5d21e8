#ifndef CF_STORE_H
#define CF_STORE_H

/*
 * Our own git repository: objects, trees, commits with exact bytes, refs,
 * config, lock, work tree. libgit2 does not show outside this folder. Nothing
 * here judges content; that is the gate's.
 */
#include <stdint.h>

#include "base/file.h"
#include "sign/sign.h"

struct cf_store;		/* an open repository */
struct cf_odb;			/* a place to read objects from */

/* Once: libgit2 with no ambient configuration, small windows, no object cache,
 * fsync on. */
const struct cf_err *cf_store_start(void) CF_MUST;

/* libgit2's version. */
#define CF_VERSION_TEXT 32
void cf_store_version(char out[CF_VERSION_TEXT]);
/* Whether each object is hashed when it is read; for the whole process. 0, or
 * libgit2's error. */
int cf_store_hash(bool on);

/* --- object ids ---------------------------------------------------------- */
#define CF_OID_TEXT 41
struct cf_oid {
	unsigned char raw[20];
};
bool cf_oid_eq(const struct cf_oid *a, const struct cf_oid *b);
bool cf_oid_is_zero(const struct cf_oid *oid);
void cf_oid_hex(char out[CF_OID_TEXT], const struct cf_oid *oid);
bool cf_oid_parse(struct cf_oid *out, struct cf_str hex);

/* --- the repository ------------------------------------------------------ */

/*
 * Begins a repository in the folder `dir` (made where it is missing; files in it
 * are left alone): a temporary git folder inside it, HEAD on main, "drafts/" in
 * info/exclude. Nothing shows as a repository until cf_store_finish renames it
 * to .git (the one step that makes it real); cf_store_free before that removes
 * it. CF_EXISTS where dir has a .git, or lies inside a repository's .git.
 */
const struct cf_err *cf_store_begin(struct cf_store **out, const char *dir)
	CF_MUST;
const struct cf_err *cf_store_finish(struct cf_store *store) CF_MUST;

/* Opens the repository that `dir` is in (looking upward for .git, which must be
 * a folder with our confer/ in it). CF_NOT_FOUND says to run confer init.
 * CF_SYS where it belongs to another user. */
const struct cf_err *cf_store_open(struct cf_store **out, const char *dir)
	CF_MUST;
void cf_store_free(struct cf_store *store);
/* Whether it is begun, and not real yet. */
bool cf_store_is_begun(const struct cf_store *store);

const char *cf_store_git_dir(const struct cf_store *store);
const char *cf_store_work_dir(const struct cf_store *store);
/* <git dir>/confer/<name>, the place of our own files; the caller frees. */
char *cf_store_file(const struct cf_store *store, const char *name);

/*
 * The writer's lock; held once per process, nests. Taking it removes what a
 * killed process left: lock files of refs, config and git's index, temporary
 * objects, quarantines that no living process owns: the first time, and whenever
 * who held it last was killed. CF_BUSY names the holder.
 */
const struct cf_err *cf_store_lock(struct cf_store *store, const char *what)
	CF_MUST;
void cf_store_unlock(struct cf_store *store);

/* --- objects ------------------------------------------------------------- */
enum cf_type {
	CF_COMMIT = 1,
	CF_TREE,
	CF_BLOB
};

struct cf_odb *cf_store_odb(struct cf_store *store);	/* borrowed */
bool cf_odb_has(struct cf_odb *odb, const struct cf_oid *oid);
/*
 * Reads an object into `out`. The size is read from its header and compared
 * with out's cap before it is inflated (CF_TOO_BIG, rule object.size).
 * CF_NOT_FOUND (object.missing), CF_REFUSED (object.type) for another type,
 * CF_SYS for a corrupt one.
 */
const struct cf_err *cf_odb_read(struct cf_buf *out, struct cf_odb *odb,
	const struct cf_oid *oid, enum cf_type type) CF_MUST;
/* The same for one that was read before with the same cap, so that its size is
 * known to fit: asking for it first costs as much as reading. */
const struct cf_err *cf_odb_read_again(struct cf_buf *out, struct cf_odb *odb,
	const struct cf_oid *oid, enum cf_type type) CF_MUST;
/*
 * Lets go of what was kept of the objects read so far, where they are not the
 * store's own (or NULL): libgit2 keeps 16 MiB of a pack's, and cannot be told
 * not to. Nobody else may be reading.
 */
const struct cf_err *cf_odb_forget(struct cf_odb *a, struct cf_odb *b) CF_MUST;
/* Durable when it returns. */
const struct cf_err *cf_odb_write(struct cf_oid *out, struct cf_store *store,
	enum cf_type type, const void *bytes, size_t n) CF_MUST;
/*
 * Between begin and end, cf_odb_write collects objects in memory and in packs:
 * they are durable when end returns NULL, and nothing reads them before. drop
 * gives up on what was not written yet. For thousands of objects at once.
 */
const struct cf_err *cf_bulk_begin(struct cf_store *store) CF_MUST;
const struct cf_err *cf_bulk_end(struct cf_store *store) CF_MUST;
void cf_bulk_drop(struct cf_store *store);
/* The id that these bytes have; nothing is written. */
void cf_oid_of(struct cf_oid *out, enum cf_type type, const void *bytes,
	size_t n);

/* --- trees --------------------------------------------------------------- */
struct cf_entry {		/* one entry of a raw tree; borrows its bytes */
	bool is_dir;		/* mode 40000; otherwise 100644 */
	struct cf_str name;
	struct cf_oid oid;
};

/*
 * Reads the entry at *rest and moves past it. CF_REFUSED: tree.encoding
 * (malformed, empty name, "/" or NUL), tree.mode (anything but 40000 and
 * 100644 as git writes them), tree.order (not strictly after `previous` in
 * git's order, duplicates included; pass NULL for the first).
 */
const struct cf_err *cf_tree_next(struct cf_entry *out, struct cf_str *rest,
	const struct cf_entry *previous) CF_MUST;

/* The entry at a path like "keys/0001.json"; *found says whether there is one. */
const struct cf_err *cf_tree_find(struct cf_entry *out, bool *found,
	struct cf_odb *odb, const struct cf_oid *tree, const char *path) CF_MUST;

struct cf_edit {
	char *path;
	bool remove;
	struct cf_oid oid;	/* the blob */
};
/* The tree `base` (NULL: empty) with these edits, written durably; empty
 * folders vanish. Edits are in any order, paths are unique; removing what is not
 * there changes nothing. CF_INVALID for a path that git cannot hold, CF_REFUSED
 * (tree.order) where a file and a folder would share a name. Cost goes with the
 * edits, not with the tree. */
const struct cf_err *cf_tree_edit(struct cf_oid *out, struct cf_store *store,
	const struct cf_oid *base, const struct cf_edit *edits, size_t n) CF_MUST;

/* Every file that differs between two trees (NULL: empty), in order: its blob in
 * the old one and in the new one, NULL where it is not there. Cost goes with the
 * difference. An error of `file` ends it. */
typedef const struct cf_err *(*cf_tree_file)(void *payload, const char *path,
	const struct cf_oid *was, const struct cf_oid *is);
const struct cf_err *cf_tree_compare(struct cf_odb *odb,
	const struct cf_oid *old_tree, const struct cf_oid *new_tree,
	cf_tree_file file, void *payload) CF_MUST;

/* --- commits: one form of bytes (DESIGN 3.5) ------------------------------ */
struct cf_commit {
	struct cf_oid tree;
	struct cf_oid parent;
	bool has_parent;
	struct cf_str name, email;	/* author and committer, equal */
	int64_t time;
	struct cf_str message;		/* whole, after the blank line */
	/* What was signed: the bytes before and after the gpgsig header. */
	struct cf_str armour_folded;	/* as in the header, with its " " */
	struct cf_str before, after;
};

/*
 * Parses the raw bytes and accepts only the one form: tree, one parent or none,
 * author, committer equal to author, +0000, 0 <= time < 2^32 in plain decimal,
 * gpgsig, blank line, message without NUL. CF_REFUSED, commit.encoding.
 * The slices point into `raw`. The signature's own strictness is the
 * SSHSIG's.
 */
const struct cf_err *cf_commit_parse(struct cf_commit *out, struct cf_str raw)
	CF_MUST;
/* What it leads to, of one whose other bytes are looked at elsewhere. */
const struct cf_err *cf_commit_links(struct cf_oid *tree,
	struct cf_oid *parent, bool *has_parent, struct cf_str raw) CF_MUST;
/* The signature, checked over the bytes that it covers. *signer may be NULL. */
const struct cf_err *cf_commit_verify(struct cf_pubkey *signer,
	const struct cf_commit *commit) CF_MUST;
/* Serialises and signs; only tree, parent, name, email, time, message are
 * read. Appends to `out`. */
void cf_commit_make(struct cf_buf *out, const struct cf_commit *commit,
	const struct cf_seckey *key);

/* The commons' commit (DESIGN 3.7): unsigned, many parents. Only tree, name,
 * email, time, message of `commit` are read. */
const struct cf_err *cf_commit_write_plain(struct cf_oid *out,
	struct cf_store *store, const struct cf_commit *commit,
	const struct cf_oid *parents, size_t n) CF_MUST;

/* --- refs ---------------------------------------------------------------- */
const struct cf_err *cf_ref_read(struct cf_oid *out, bool *found,
	struct cf_store *store, const char *name) CF_MUST;
/* Compare and swap, durable, no reflog: `expected` NULL means "is not there
 * yet". CF_BUSY (ref.moved) when it is something else. */
const struct cf_err *cf_ref_set(struct cf_store *store, const char *name,
	const struct cf_oid *value, const struct cf_oid *expected) CF_MUST;
const struct cf_err *cf_ref_delete(struct cf_store *store, const char *name)
	CF_MUST;
/* What follows `prefix` in the names of refs, sorted. Free with
 * cf_names_clear. */
const struct cf_err *cf_ref_names(struct cf_names *out, struct cf_store *store,
	const char *prefix) CF_MUST;

/* --- config (git config of this repository only) --------------------------- */

/* The value, or NULL where it is not set; the caller frees. */
const struct cf_err *cf_config_get(char **out, struct cf_store *store,
	const char *key) CF_MUST;
const struct cf_err *cf_config_set(struct cf_store *store, const char *key,
	const char *value) CF_MUST;
const struct cf_err *cf_config_unset(struct cf_store *store, const char *key)
	CF_MUST;
/* Sections "<section>.<name>.*": the names, sorted. Free with
 * cf_names_clear. */
const struct cf_err *cf_config_names(struct cf_names *out,
	struct cf_store *store, const char *section) CF_MUST;
const struct cf_err *cf_config_remove_section(struct cf_store *store,
	const char *section, const char *name) CF_MUST;

/* --- work tree ------------------------------------------------------------ */

/*
 * Brings git's index and the files of the work tree from the tree of `old`
 * (NULL: empty) to that of `new`, when HEAD is on main; a file that the user
 * changed stays as it is. Cost goes with the difference of the trees. Safe to
 * repeat after a crash.
 */
const struct cf_err *cf_work_tree_move(struct cf_store *store,
	const struct cf_oid *old_commit, const struct cf_oid *new_commit) CF_MUST;
/* The commit that it was last brought to; *found is false before the first. One
 * other than main's means that a move was cut short: move from it. */
const struct cf_err *cf_work_tree_at(struct cf_oid *out, bool *found,
	struct cf_store *store) CF_MUST;

#endif
