/*
 * Walking from what is kept to what it leads to, each object once. Names go
 * along: libgit2 finds an object's earlier version by its name, and without them
 * the pack is twice as large.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/keep.h"

#define GITLINK 0160000		/* a commit of another repository */
#define TICK 1024u

static const struct cf_err *
damaged(const struct cf_keep *keep, const git_oid *id)
{
	struct cf_oid oid;
	char hex[CF_OID_TEXT];

	cf_oid_from_git(&oid, id);
	cf_oid_hex(hex, &oid);
	return cf_err_rule(CF_SYS, "store.damaged", "the repository %s is "
		"damaged: the object %s is missing or cannot be read. Nothing "
		"was removed. 'git fsck' says more", keep->store->git_dir,
		hex);
}

/* Puts an object into the pack; *is_new is false where it was there, or where it
 * is missing and need not be there. */
static const struct cf_err *
take(bool *is_new, struct cf_keep *keep, const git_oid *id, const char *name)
{
	struct cf_oid oid;

	cf_oid_from_git(&oid, id);
	*is_new = !cf_idset_has(&keep->seen, &oid);
	if (!*is_new)
		return NULL;
	if (git_packbuilder_insert(keep->builder, id, name)) {
		*is_new = false;
		return keep->strict ? damaged(keep, id) : NULL;
	}
	(void)cf_idset_add(&keep->seen, &oid);
	if (keep->progress && keep->seen.n % TICK == 0)
		keep->progress(keep->payload, keep->seen.n, 0);
	return NULL;
}

static void
later(struct cf_keep *keep, const git_oid *id)
{
	keep->todo = cf_grow(keep->todo, keep->n, &keep->cap,
		sizeof *keep->todo);
	cf_oid_from_git(&keep->todo[keep->n++], id);
}

static const struct cf_err *
take_tree(struct cf_keep *keep, const git_oid *id, const char *path,
	unsigned depth)
{
	const struct cf_err *err;
	git_tree *tree = NULL;
	bool is_new;

	err = take(&is_new, keep, id, path);
	if (err || !is_new)
		return err;
	if (depth > CF_MAX_FOLDERS || git_tree_lookup(&tree, keep->store->git, id))
		return damaged(keep, id);
	for (size_t i = 0; i < git_tree_entrycount(tree) && !err; i++) {
		const git_tree_entry *e = git_tree_entry_byindex(tree, i);
		git_filemode_t mode = git_tree_entry_filemode(e);
		char *name;

		if ((unsigned)mode == GITLINK)
			continue;
		name = cf_asprintf("%s%s%s", path, path[0] ? "/" : "",
			git_tree_entry_name(e));
		err = mode == GIT_FILEMODE_TREE ?
			take_tree(keep, git_tree_entry_id(e), name, depth + 1) :
			take(&is_new, keep, git_tree_entry_id(e), name);
		free(name);
	}
	git_tree_free(tree);
	return err;
}

static const struct cf_err *
take_commit(struct cf_keep *keep, const git_oid *id)
{
	git_commit *commit = NULL;
	const struct cf_err *err;

	if (git_commit_lookup(&commit, keep->store->git, id))
		return damaged(keep, id);
	for (unsigned i = 0; i < git_commit_parentcount(commit); i++)
		later(keep, git_commit_parent_id(commit, i));
	err = take_tree(keep, git_commit_tree_id(commit), "", 0);
	git_commit_free(commit);
	return err;
}

static const struct cf_err *
take_tag(struct cf_keep *keep, const git_oid *id)
{
	git_tag *tag = NULL;

	if (git_tag_lookup(&tag, keep->store->git, id))
		return damaged(keep, id);
	later(keep, git_tag_target_id(tag));
	git_tag_free(tag);
	return NULL;
}

static const struct cf_err *
take_any(struct cf_keep *keep, const struct cf_oid *oid)
{
	git_oid id = cf_oid_to_git(oid);
	git_object_t type = GIT_OBJECT_INVALID;
	const struct cf_err *err;
	size_t size;
	bool is_new;

	if (git_odb_read_header(&size, &type, keep->store->odb.git, &id))
		return keep->strict ? damaged(keep, &id) : NULL;
	if (type == GIT_OBJECT_TREE)
		return take_tree(keep, &id, "", 0);
	err = take(&is_new, keep, &id, NULL);
	if (err || !is_new)
		return err;
	if (type == GIT_OBJECT_COMMIT)
		return take_commit(keep, &id);
	return type == GIT_OBJECT_TAG ? take_tag(keep, &id) : NULL;
}

const struct cf_err *
cf_keep_add(struct cf_keep *keep, const struct cf_oid *oid)
{
	git_oid id = cf_oid_to_git(oid);
	const struct cf_err *err = NULL;

	later(keep, &id);
	while (keep->n && !err) {
		struct cf_oid next = keep->todo[--keep->n];

		err = take_any(keep, &next);
	}
	return err;
}

static const struct cf_err *
keep_root(void *payload, const struct cf_root *root)
{
	struct cf_keep *keep = payload;

	keep->strict = root->strict;
	return cf_keep_add(keep, &root->oid);
}

const struct cf_err *
cf_keep_roots(struct cf_keep *keep)
{
	return cf_roots_each(keep->store, keep_root, keep);
}
