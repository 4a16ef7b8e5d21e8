/*
 * Work trees of main and of the commons, where an erased text may still lie: in
 * git's index, and in files.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "store/git.h"
#include "store/holders.h"

static void
add_name(struct cf_names *out, size_t *cap, char *take)
{
	out->name = cf_grow(out->name, out->n, cap, sizeof *out->name);
	out->name[out->n++] = take;
}

/* Of one that was removed without git there is only the name. */
static const struct cf_err *
linked_trees(git_strarray *out, struct cf_store *store)
{
	int rc = git_worktree_list(out, store->git);

	return rc ? cf_err_git(rc, "the work trees of %s cannot be listed",
		store->git_dir) : NULL;
}

const struct cf_err *
cf_store_work_dirs(struct cf_names *out, struct cf_store *store)
{
	git_strarray names = { 0 };
	const struct cf_err *err = linked_trees(&names, store);
	size_t cap = 0;

	*out = (struct cf_names){ 0 };
	if (err)
		return err;
	add_name(out, &cap, cf_strdup(store->work_dir));
	for (size_t i = 0; i < names.count; i++) {
		git_worktree *tree = NULL;

		if (git_worktree_lookup(&tree, store->git, names.strings[i]))
			continue;
		if (cf_is_dir(git_worktree_path(tree)))
			add_name(out, &cap, cf_strdup(git_worktree_path(
				tree)));
		git_worktree_free(tree);
	}
	git_strarray_dispose(&names);
	return NULL;
}

/* --- tidying ----------------------------------------------------------------- */

/* Whether a branch of ours is checked out there. */
static bool
is_ours(git_repository *git)
{
	git_reference *head = NULL;
	const char *target = NULL;
	bool ours;

	if (git_reference_lookup(&head, git, "HEAD") == 0)
		target = git_reference_symbolic_target(head);
	ours = target && (strcmp(target, "refs/heads/main") == 0 ||
		strcmp(target, "refs/heads/commons") == 0);
	git_reference_free(head);
	return ours;
}

/* The paths in the index that are looked for. */
static void
collect(struct cf_names *out, git_index *index, const struct cf_holding *what)
{
	size_t cap = 0;

	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const git_index_entry *e = git_index_get_byindex(index, i);
		struct cf_oid oid;

		cf_oid_from_git(&oid, &e->id);
		if (what->is(what->payload, e->path, &oid))
			add_name(out, &cap, cf_strdup(e->path));
	}
}

static int
check_out(git_repository *git, git_index *index, struct cf_names *paths)
{
	git_checkout_options opts = GIT_CHECKOUT_OPTIONS_INIT;
	git_object *tree = NULL;
	int rc;

	/* What is in the index is what a file that nobody changed has. */
	opts.checkout_strategy = GIT_CHECKOUT_SAFE |
		GIT_CHECKOUT_ALLOW_CONFLICTS | GIT_CHECKOUT_RECREATE_MISSING |
		GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
	opts.baseline_index = index;
	opts.paths = (git_strarray){ paths->name, paths->n };
	rc = git_revparse_single(&tree, git, "HEAD^{tree}");
	if (!rc)
		rc = git_checkout_tree(git, tree, &opts);
	git_object_free(tree);
	return rc;
}

static const struct cf_err *
tidy(git_repository *git, const struct cf_holding *what)
{
	struct cf_names paths = { 0 };
	git_index *index = NULL;
	int rc = 0;

	if (!is_ours(git))
		return NULL;
	rc = git_repository_index(&index, git);
	if (!rc)
		rc = git_index_read(index, 1);
	if (!rc)
		collect(&paths, index, what);
	if (!rc && paths.n)
		rc = check_out(git, index, &paths);
	git_index_free(index);
	cf_names_clear(&paths);
	return rc ? cf_err_git(rc, "the files in %s could not be brought up to "
		"date", git_repository_workdir(git)) : NULL;
}

const struct cf_err *
cf_work_trees_tidy(struct cf_store *store, const struct cf_holding *what)
{
	git_strarray names = { 0 };
	const struct cf_err *err = linked_trees(&names, store);

	if (!err)
		err = tidy(store->git, what);
	for (size_t i = 0; i < names.count && !err; i++) {
		git_repository *git = NULL;
		git_worktree *tree = NULL;

		if (git_worktree_lookup(&tree, store->git, names.strings[i]) ==
			0 && cf_is_dir(git_worktree_path(tree)) &&
			git_repository_open_from_worktree(&git, tree) == 0)
			err = tidy(git, what);
		git_repository_free(git);
		git_worktree_free(tree);
	}
	git_strarray_dispose(&names);
	return err;
}
