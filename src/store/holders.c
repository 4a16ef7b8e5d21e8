/*
 * From each place along what it leads to, until something is found that is
 * looked for. What is known to lead to nothing is not walked again.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/holders.h"
#include "store/keep.h"

struct search {
	struct cf_store *store;
	const struct cf_holding *what;
	struct cf_idset clean;		/* trees and commits */
	struct cf_names *out;
	size_t cap;
};

static bool
is_one(const struct search *s, const char *name, const git_oid *id)
{
	struct cf_oid oid;

	cf_oid_from_git(&oid, id);
	return s->what->is(s->what->payload, name, &oid);
}

static bool
in_tree(struct search *s, const char *name, const git_oid *id, unsigned depth)
{
	git_tree *tree = NULL;
	struct cf_oid oid;
	bool found = is_one(s, name, id);

	cf_oid_from_git(&oid, id);
	if (found || cf_idset_has(&s->clean, &oid) || depth > CF_MAX_FOLDERS ||
		git_tree_lookup(&tree, s->store->git, id))
		return found;
	for (size_t i = 0; i < git_tree_entrycount(tree) && !found; i++) {
		const git_tree_entry *e = git_tree_entry_byindex(tree, i);
		const git_oid *at = git_tree_entry_id(e);

		found = git_tree_entry_type(e) == GIT_OBJECT_TREE ?
			in_tree(s, git_tree_entry_name(e), at, depth + 1) :
			is_one(s, git_tree_entry_name(e), at);
	}
	git_tree_free(tree);
	if (!found)
		(void)cf_idset_add(&s->clean, &oid);
	return found;
}

/* Commits that were found on the way and not looked at yet. */
struct todo {
	git_oid *id;
	size_t n, cap;
};

static void
later(struct todo *todo, const git_oid *id)
{
	todo->id = cf_grow(todo->id, todo->n, &todo->cap, sizeof *todo->id);
	todo->id[todo->n++] = *id;
}

static bool
in_commit(struct search *s, struct todo *todo, const git_oid *id, bool alone)
{
	git_commit *commit = NULL;
	bool found = is_one(s, "", id);

	if (found || git_commit_lookup(&commit, s->store->git, id))
		return found;
	found = in_tree(s, "", git_commit_tree_id(commit), 0);
	for (unsigned i = 0; i < git_commit_parentcount(commit) && !found &&
		!alone; i++)
		later(todo, git_commit_parent_id(commit, i));
	git_commit_free(commit);
	return found;
}

static bool
in_history(struct search *s, const git_oid *id, bool alone)
{
	struct cf_idset seen = { 0 };
	struct todo todo = { 0 };
	bool found = false;

	later(&todo, id);
	while (todo.n && !found) {
		git_oid at = todo.id[--todo.n];
		struct cf_oid oid;

		cf_oid_from_git(&oid, &at);
		if (!cf_idset_has(&s->clean, &oid) && cf_idset_add(&seen, &oid))
			found = in_commit(s, &todo, &at, alone);
	}
	for (size_t i = 0; i < seen.cap && !found && !alone; i++)
		if (!cf_oid_is_zero(&seen.slot[i]))
			(void)cf_idset_add(&s->clean, &seen.slot[i]);
	cf_idset_clear(&seen);
	free(todo.id);
	return found;
}

static bool
in_tag(struct search *s, const git_oid *id)
{
	git_object *tag = NULL, *target = NULL;
	bool found = is_one(s, "", id);

	if (found || git_object_lookup(&tag, s->store->git, id,
		GIT_OBJECT_TAG))
		return found;
	if (git_object_peel(&target, tag, GIT_OBJECT_ANY) == 0)
		found = git_object_type(target) == GIT_OBJECT_COMMIT ?
			in_history(s, git_object_id(target), false) :
			in_tree(s, "", git_object_id(target), 0);
	git_object_free(target);
	git_object_free(tag);
	return found;
}

static bool
is_held(struct search *s, const struct cf_root *root)
{
	git_oid id = cf_oid_to_git(&root->oid);
	git_object_t type = GIT_OBJECT_INVALID;
	size_t size;

	if (git_odb_read_header(&size, &type, s->store->odb.git, &id))
		return false;
	if (type == GIT_OBJECT_COMMIT)
		return in_history(s, &id, s->what->alone &&
			strcmp(root->place, s->what->alone) == 0);
	if (type == GIT_OBJECT_TAG)
		return in_tag(s, &id);
	return type == GIT_OBJECT_TREE ? in_tree(s, root->name, &id, 0) :
		is_one(s, root->name, &id);
}

static const struct cf_err *
look_at(void *payload, const struct cf_root *root)
{
	struct search *s = payload;

	for (size_t i = 0; i < s->out->n; i++)
		if (strcmp(s->out->name[i], root->place) == 0)
			return NULL;
	if (!is_held(s, root))
		return NULL;
	s->out->name = cf_grow(s->out->name, s->out->n, &s->cap,
		sizeof *s->out->name);
	s->out->name[s->out->n++] = cf_strdup(root->place);
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const struct cf_err *
cf_store_holders(struct cf_names *out, struct cf_store *store,
	const struct cf_holding *what)
{
	struct search s = { .store = store, .what = what, .out = out };
	const struct cf_err *err;

	*out = (struct cf_names){ 0 };
	err = cf_roots_each(store, look_at, &s);
	cf_idset_clear(&s.clean);
	if (err)
		cf_names_clear(out);
	else if (out->n)
		qsort(out->name, out->n, sizeof *out->name, by_name);
	return err;
}

/* --- all there is ------------------------------------------------------------ */

struct listing {
	struct cf_idset seen;
	struct cf_oid *oid;
	size_t n, cap;
};

static int
list_one(const git_oid *id, void *payload)
{
	struct listing *l = payload;
	struct cf_oid oid;

	cf_oid_from_git(&oid, id);
	if (cf_idset_add(&l->seen, &oid)) {
		l->oid = cf_grow(l->oid, l->n, &l->cap, sizeof *l->oid);
		l->oid[l->n++] = oid;
	}
	return 0;
}

const struct cf_err *
cf_objects_each(struct cf_store *store,
	void (*each)(void *payload, const struct cf_object *object),
	void *payload)
{
	struct listing l = { 0 };
	int rc = git_odb_foreach(store->odb.git, list_one, &l);
	const struct cf_err *err = rc ? cf_err_git(rc, "the objects of %s "
		"cannot be listed", store->git_dir) : NULL;

	for (size_t i = 0; i < l.n && !err; i++) {
		git_oid id = cf_oid_to_git(&l.oid[i]);
		struct cf_object object = { .oid = l.oid[i], .type = "",
			.number = i, .total = l.n };
		git_odb_object *read = NULL;

		if (git_odb_read(&read, store->odb.git, &id) == 0) {
			object.type = git_object_type2string(
				git_odb_object_type(read));
			object.bytes = git_odb_object_data(read);
			object.n = git_odb_object_size(read);
		}
		each(payload, &object);
		git_odb_object_free(read);
	}
	cf_idset_clear(&l.seen);
	free(l.oid);
	return err;
}
