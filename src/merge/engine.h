#ifndef CF_MERGE_ENGINE_H
#define CF_MERGE_ENGINE_H

/*
 * Inside the merge of bodies. Versions are numbered so that each comes after
 * all that it builds on; a set of versions is a row of bits. Every path that
 * some version writes is a node of one tree, and keeps the writes to it in the
 * order of their versions. The state of a set is a walk over that tree.
 */
#include "merge/merge.h"

/* --- sets of versions ------------------------------------------------------- */
static inline bool
cf_bit(const uint64_t *set, size_t i)
{
	return set[i / 64] >> i % 64 & 1;
}

static inline void
cf_bit_set(uint64_t *set, size_t i)
{
	set[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void
cf_bits_join(uint64_t *into, const uint64_t *from, size_t words)
{
	for (size_t i = 0; i < words; i++)
		into[i] |= from[i];
}

/* --- places and what was written there --------------------------------------- */
enum cf_merges {
	CF_BY_MEMBER,	/* objects property by property; all else is one value */
	CF_ATOMIC,
	CF_TEXT,
	CF_MAX,
	CF_MIN,
	CF_RANK,
	CF_SET,
	CF_KEYED,
	CF_ELEMENT	/* of a set */
};

struct cf_write {
	size_t version;
	const json_t *value;	/* of a put (NULL: absent), or the order's keys */
	bool ignored;		/* a removal, while what it contests is built */
	bool moved;		/* an order: not only shorter than before */
};

struct cf_writes {
	struct cf_write *write;	/* by version, one of each */
	size_t n, cap;
};

struct cf_base {
	const uint64_t *set;
	json_t *value;		/* NULL: nothing */
	bool contested;
};

struct cf_node {
	struct cf_node *up;
	char *token;		/* its part of a path: "/title", "/[a]" */
	char *name;		/* member name, or canonical form of the key */
	const json_t *key;	/* of an element */
	enum cf_merges merges;
	const struct cf_schema *schema;		/* NULL: says nothing */
	const json_t *rank;
	const char *by;		/* of a keyed list */
	bool author;		/* it keeps the author's order */
	bool required;
	bool put_once;		/* some version put a value here, or took it away */
	json_t *index;		/* names of children to their numbers */
	struct cf_node **child;
	size_t n, cap;
	struct cf_writes put, ins, del, order;	/* of CF_ELEMENT: add and rem
						 * are ins and del */
	size_t contested, disordered, settled;	/* in the round of that number */
	struct cf_base *base;
	size_t n_base, cap_base;
};

struct cf_engine {
	const struct cf_merge_in *in;
	size_t n, words;	/* versions that count */
	size_t *given;		/* their numbers in `in` */
	uint64_t **past;
	struct cf_content *content;
	bool *loaded;
	bool *calm;		/* nothing is contested in its past and itself */
	size_t seed;		/* the oldest version that matters */
	size_t traced;		/* so many versions were traced */
	bool seeded;		/* its writes are in the tree */
	struct cf_node *root;
	const uint64_t **set;	/* interned */
	size_t n_set, set_mask;
	json_t *keep;		/* values that nodes refer to */
	bool whole;		/* nothing is left out as settled for good */
};

/* node.c */
struct cf_node *cf_node_root(const struct cf_schema *schema);
void cf_node_free(struct cf_node *node);
/* Forgets all writes, below it too. */
void cf_node_reset(struct cf_node *node);
struct cf_node *cf_node_member(struct cf_node *node, const char *name);
/* Of a keyed list or a set, by key or value. */
struct cf_node *cf_node_element(struct cf_node *node, const json_t *key);
/* The node at a path, made where it is missing; NULL: there can be none. */
struct cf_node *cf_node_at(struct cf_node *root, const char *path);
/* A new text. */
char *cf_node_path(const struct cf_node *node);
/* The value of a node inside that of the one above it. Borrowed. */
const json_t *cf_node_value(const struct cf_node *node, const json_t *in);
/* The same from the root's value. */
const json_t *cf_node_find(const struct cf_node *node, const json_t *body);
/* How a value stands at a node. */
enum cf_form { CF_NONE, CF_LEAF, CF_STRUCTURE };
enum cf_form cf_form_of(const struct cf_node *node, const json_t *value);
bool cf_node_structured(const struct cf_node *node);
/* Canonical form as a new text. */
char *cf_canonical_text(const json_t *value);

/* diff.c: the writes of a version against what was shown to it. `notes`, where
 * not NULL, gets {path, before?, after?, decided?} for each change. */
void cf_diff(struct cf_engine *e, size_t version, const json_t *shown,
	json_t *notes);
/* Notes where a version's body has values: a removal later on sees that there
 * was something once. */
void cf_trace(struct cf_engine *e, size_t version);
/* Writes all of a version's body as if there had been nothing, and that nothing
 * is where there was something once. */
void cf_seed(struct cf_engine *e, size_t version);
/* The number of the round in which `version` is compared. */
static inline size_t
cf_round(size_t version)
{
	return version + 1;
}

/* --- the state of a set ------------------------------------------------------- */

/* A value at a path that no other write there has seen. */
struct cf_top {
	size_t version;
	const json_t *value;	/* NULL: absent */
	char *text;		/* canonical; "" where absent; owned */
};

enum cf_found { CF_FOUND_NONE, CF_FOUND_LEAF, CF_FOUND_STRUCTURE,
	CF_FOUND_CONFLICT };

struct cf_finding {
	enum cf_found what;
	json_t *value;		/* of a leaf; owned */
	struct cf_top *top;	/* by text */
	size_t n, cap;
	const char *kind;	/* of a conflict */
	bool content;		/* the structure is a side of it */
	bool ignoring;		/* its removals are left out of that side */
	uint64_t *living;	/* versions whose writes make that side, or NULL */
	uint64_t *writing;	/* versions that write here or below, or NULL */
};

struct cf_view {
	struct cf_engine *e;
	const uint64_t *in;	/* the set */
	const uint64_t *covered;	/* what removals here and above saw; may be
					 * NULL */
	struct cf_write **del;	/* those removals, the last ones nearest */
	size_t n_del, cap_del;
	json_t *conflicts;	/* collected, or NULL */
	json_t *writers;	/* {path, by} of each field, or NULL */
	size_t round;		/* contested nodes are marked with it; 0: not */
};

/* state.c. The tree of a set, or NULL where there is nothing. */
json_t *cf_state(struct cf_view *view);
/* What stood at a node in the common past of the versions in `of`. Its value
 * lives as long as the node. */
struct cf_base cf_base_of(struct cf_engine *e, struct cf_node *node,
	const uint64_t *of);

/* cover.c. Removals of a node come into view and go again. */
struct cf_cover {
	const uint64_t *covered;
	uint64_t *own;
	size_t n_del;
};
void cf_cover(struct cf_cover *saved, struct cf_view *view,
	struct cf_node *node);
void cf_uncover(const struct cf_cover *saved, struct cf_view *view);
bool cf_live(const struct cf_view *view, size_t version);
/* Versions with live writes at the node or below (`all`; removals of the node
 * itself are none), and those whose writes
 * say that there is something (`living`). The node is covered. */
void cf_life(struct cf_view *view, struct cf_node *node, uint64_t *all,
	uint64_t *living);
/* Whether an element of a set is in it. */
bool cf_in_set(const struct cf_view *view, const struct cf_node *element);

/* find.c: what stands at a node, which is covered. */
void cf_find(struct cf_finding *out, struct cf_view *view,
	struct cf_node *node);
/* Whether a version that took away what was at the node still stands against what
 * is there: it put nothing else in its place, and nobody who saw it wrote here
 * again. */
bool cf_stands(const struct cf_view *view, const struct cf_node *node,
	size_t version, const uint64_t *writing);
void cf_finding_clear(struct cf_finding *finding);
/* The versions that contest the node, as a new set. */
uint64_t *cf_contestants(const struct cf_engine *e,
	const struct cf_finding *finding);

/* leaf.c: one value from the tops of a node, or a conflict. */
void cf_sort_tops(struct cf_finding *finding);
void cf_settle_leaf(struct cf_finding *finding, struct cf_view *view,
	struct cf_node *node);

/* text.c: joins texts line by line; NULL where changes touch. */
json_t *cf_join_texts(const char *base, const char *const *sides, size_t n);

/* order.c: puts the n children of a keyed list that are kept into their order. */
void cf_order(struct cf_view *view, struct cf_node *node,
	struct cf_node **kept, size_t n);

/* side.c. Adds a side to those of a conflict: `value` NULL is absent. */
void cf_side_add(json_t *sides, const struct cf_engine *e, json_t *value,
	const uint64_t *by);
/* [{trust, version, modified}], the last version of each trust. */
json_t *cf_by(const struct cf_engine *e, const uint64_t *versions);
/* What is shown of a conflict, or NULL; where they are collected, adds it. */
json_t *cf_contest(struct cf_view *view, struct cf_node *node,
	const struct cf_finding *finding, json_t *content);
/* Takes the references. */
void cf_conflict_add(json_t *conflicts, const struct cf_node *node,
	const char *kind, json_t *before, json_t *shown, json_t *sides);

/* writers.c */
void cf_add_writers(struct cf_view *view, struct cf_node *node,
	const struct cf_finding *finding);

/* engine.c. Reads the versions in their order until all writes are known.
 * `history`, where not NULL, gets a row for each. */
const struct cf_err *cf_engine_run(struct cf_engine *e,
	const struct cf_merge_in *in, json_t *history) CF_MUST;
void cf_engine_clear(struct cf_engine *e);
/* The one version that all others in the set lead to; n where there are more or
 * none. */
size_t cf_engine_head(const struct cf_engine *e, const uint64_t *set);
const struct cf_err *cf_engine_load(struct cf_engine *e, size_t version)
	CF_MUST;
/* What is shown of a set, and whether nothing in it is contested. Contested nodes
 * are marked with the round; `conflicts` (or NULL) gets them. */
const struct cf_err *cf_engine_show(json_t **shown, bool *calm,
	struct cf_engine *e, const uint64_t *set, size_t round,
	json_t *conflicts) CF_MUST;

#endif
