/*
 * What of a pack a commit leads to. A host can send more: objects that no gate
 * looked at, and that stay outside.
 */
#include "base/limits.h"
#include "store/quarantine.h"

struct sift {
	struct cf_odb *pack;
	bool proof;			/* not all of it was verified */
	struct cf_idset *wanted;
	struct cf_idset absent;		/* of what was asked for: no such object */
	struct cf_buf blob;		/* scratch */
};

/* True where it is in the pack and was not met before. */
static bool
meet(struct sift *s, const struct cf_oid *oid)
{
	if (cf_oid_is_zero(oid) || cf_idset_has(s->wanted, oid) ||
		cf_idset_has(&s->absent, oid))
		return false;
	if (cf_odb_has(s->pack, oid))
		return true;
	(void)cf_idset_add(&s->absent, oid);
	return false;
}

/*
 * Reading checks the hash, too. What is damaged is the host's fault, and no reason
 * to leave the others unheard. *good is false where it is not what it should be
 * and no gate has said so yet: then it is left out.
 */
static const struct cf_err *
take(bool *good, struct cf_buf *out, struct sift *s, const struct cf_oid *oid,
	enum cf_type type)
{
	const struct cf_err *err = cf_odb_read(out, s->pack, oid, type);
	char hex[CF_OID_TEXT];
	struct cf_err why;

	*good = err == NULL;
	(void)cf_idset_add(*good ? s->wanted : &s->absent, oid);
	if (err == NULL || (s->proof && (err->code == CF_REFUSED ||
		err->code == CF_TOO_BIG)))
		return NULL;
	why = *err;
	cf_oid_hex(hex, oid);
	return cf_err_rule(CF_REFUSED, "object.corrupt", "the object %s that "
		"was fetched is damaged. Nothing was taken over: %s", hex,
		why.msg);
}

static const struct cf_err *
take_tree(struct sift *s, const struct cf_oid *oid, unsigned depth)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_entry entry = { 0 };
	const struct cf_err *err;
	struct cf_str rest;
	bool good;

	err = take(&good, &raw, s, oid, CF_TREE);
	rest = (struct cf_str){ raw.data, raw.len };
	while (!err && good && rest.n &&
		cf_tree_next(&entry, &rest, NULL) == NULL) {
		bool is_new;

		if (!meet(s, &entry.oid))
			continue;
		if (!entry.is_dir)
			err = take(&is_new, &s->blob, s, &entry.oid, CF_BLOB);
		else if (depth < CF_MAX_TREE_DEPTH)
			err = take_tree(s, &entry.oid, depth + 1);
	}
	cf_buf_clear(&raw);
	return err;
}

/* What is older than what the pack has, the store has. */
const struct cf_err *
cf_sift(struct cf_idset *out, struct cf_odb *pack, const struct cf_oid *head,
	bool proof)
{
	struct sift s = { .pack = pack, .proof = proof, .wanted = out,
		.blob = CF_BUF(CF_MAX_TREE) };
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_oid at = *head, tree, parent = { 0 };
	const struct cf_err *err = NULL;
	bool good, more = true;

	for (; !err && more && meet(&s, &at); at = parent) {
		err = take(&good, &raw, &s, &at, CF_COMMIT);
		if (err || !good || cf_commit_links(&tree, &parent, &more,
			(struct cf_str){ raw.data, raw.len }))
			break;
		if (meet(&s, &tree))
			err = take_tree(&s, &tree, 1);
	}
	cf_buf_clear(&raw);
	cf_buf_clear(&s.blob);
	cf_idset_clear(&s.absent);
	return err;
}
