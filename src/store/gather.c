/*
 * Which objects lead from one commit to another. libgit2's own walk looks up
 * every tree of every commit, also those that it has seen: on 20,000 commits 49
 * seconds where this takes one.
 */
#include <stdlib.h>

#include <git2/sys/repository.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/gather.h"

#define DEPTH_MAX (CF_MAX_TREE_DEPTH + 1)
#define NAME_TEXT 64	/* <uuid>.json has 41; more of a name is no use */

static const struct cf_err *
damaged(const struct cf_gather *g, const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, oid);
	return cf_err_rule(CF_REMOTE, "remote.damaged",
		"the repository in %s is damaged: the object %s is missing or "
		"cannot be read. Copy it from its owner again", g->place, hex);
}

static int
building(int stage, uint32_t current, uint32_t total, void *payload)
{
	(void)stage;
	(void)current;
	(void)total;
	cf_link_tick(payload);
	return 0;
}

/*
 * Puts an object into the pack; *was_there says that there is nothing to be done
 * about it: it is in it already, or a stranger lacks it. By its name libgit2
 * finds what it is a later version of: without names a pack is twice as large.
 */
static const struct cf_err *
insert(struct cf_gather *g, const struct cf_oid *oid, struct cf_str name,
	bool *was_there)
{
	git_oid id = cf_oid_to_git(oid);
	size_t before = git_packbuilder_object_count(g->builder);
	char text[NAME_TEXT];
	size_t n = name.n < sizeof text ? name.n : sizeof text - 1;

	if (n)
		memcpy(text, name.p, n);
	text[n] = '\0';
	*was_there = false;
	if (git_packbuilder_insert(g->builder, &id, text)) {
		g->lacks = true;
		*was_there = g->foreign;
		return g->foreign ? NULL : damaged(g, oid);
	}
	*was_there = git_packbuilder_object_count(g->builder) == before;
	if (!*was_there) {
		g->oid = cf_grow(g->oid, g->n, &g->cap, sizeof *g->oid);
		g->oid[g->n++] = *oid;
	}
	if (before >= CF_MAX_PACK_OBJECTS)
		return cf_err_rule(CF_REFUSED, "limit.objects",
			"%s has more in one update than Confer takes (%u "
			"objects at most). Nothing was taken over. Tell its "
			"owner", g->place, CF_MAX_PACK_OBJECTS);
	return NULL;
}

/* *out is NULL where it is not such an object: in a stranger's repository the
 * gate says what that is. */
static const struct cf_err *
read_object(git_odb_object **out, struct cf_gather *g,
	const struct cf_oid *oid, git_object_t type, size_t max)
{
	git_oid id = cf_oid_to_git(oid);
	git_object_t found;
	size_t size;

	*out = NULL;
	if (git_odb_read_header(&size, &found, g->odb, &id) ||
		found != type || size > max ||
		git_odb_read(out, g->odb, &id)) {
		g->lacks = true;
		return g->foreign ? NULL : damaged(g, oid);
	}
	return NULL;
}

/* The entry of the same name in `old`, which is in the same order. */
static bool
same_in(struct cf_str *old, struct cf_entry *at, bool *has,
	const struct cf_entry *entry)
{
	while (*has) {
		size_t n = at->name.n < entry->name.n ? at->name.n :
			entry->name.n;
		int order = memcmp(at->name.p, entry->name.p, n);

		if (order == 0 && at->name.n == entry->name.n)
			return true;
		if (order > 0 || (order == 0 && at->name.n > entry->name.n))
			return false;
		*has = old->n && cf_tree_next(at, old, NULL) == NULL;
	}
	return false;
}

static const struct cf_err *insert_tree(struct cf_gather *g,
	const struct cf_entry *tree, const struct cf_oid *old, unsigned depth);

/*
 * Inserts what `tree` has and `old` has not. What a tree names twice, or in no
 * order, or in a form that is not git's, is for the gate to refuse: here it ends
 * the tree.
 */
static const struct cf_err *
insert_entries(struct cf_gather *g, struct cf_str tree, struct cf_str old,
	unsigned depth)
{
	const struct cf_err *err = NULL;
	struct cf_entry entry, at = { 0 };
	bool has = old.n && cf_tree_next(&at, &old, NULL) == NULL;
	bool same, there;

	while (!err && tree.n && cf_tree_next(&entry, &tree, NULL) == NULL) {
		same = same_in(&old, &at, &has, &entry) &&
			at.is_dir == entry.is_dir;
		if (same && cf_oid_eq(&at.oid, &entry.oid))
			continue;
		if (!entry.is_dir)
			err = insert(g, &entry.oid, entry.name, &there);
		else if (depth)
			err = insert_tree(g, &entry, same ? &at.oid : NULL,
				depth - 1);
	}
	return err;
}

static const struct cf_err *
insert_tree(struct cf_gather *g, const struct cf_entry *tree,
	const struct cf_oid *old, unsigned depth)
{
	git_odb_object *now = NULL, *before = NULL;
	struct cf_str a = { NULL, 0 }, b = { NULL, 0 };
	const struct cf_err *err;
	bool was_there;

	/* What is in the pack has been walked, or it may be a bomb. */
	err = insert(g, &tree->oid, tree->name, &was_there);
	if (err || was_there)
		return err;
	err = read_object(&now, g, &tree->oid, GIT_OBJECT_TREE, CF_MAX_TREE);
	if (!err && now && old)
		err = read_object(&before, g, old, GIT_OBJECT_TREE,
			CF_MAX_TREE);
	if (!err && now) {
		a = (struct cf_str){ git_odb_object_data(now),
			git_odb_object_size(now) };
		if (before)
			b = (struct cf_str){ git_odb_object_data(before),
				git_odb_object_size(before) };
		err = insert_entries(g, a, b, depth);
	}
	git_odb_object_free(now);
	git_odb_object_free(before);
	return err;
}

/* Zero where it has no such link. */
static const struct cf_err *
read_commit(struct cf_oid *tree, struct cf_oid *parent, struct cf_gather *g,
	const struct cf_oid *oid)
{
	git_odb_object *object = NULL;
	const struct cf_err *err;
	bool has_parent, good;

	*tree = *parent = (struct cf_oid){ 0 };
	err = read_object(&object, g, oid, GIT_OBJECT_COMMIT, CF_MAX_COMMIT);
	if (object == NULL)
		return err;
	good = cf_commit_links(tree, parent, &has_parent, (struct cf_str){
		git_odb_object_data(object), git_odb_object_size(object) }) ==
		NULL;
	git_odb_object_free(object);
	return good || g->foreign ? NULL : damaged(g, oid);
}

struct step {
	struct cf_oid commit, tree;
};

/*
 * The steps from `head` down, newest first; the last one is `stop` or the first
 * commit. main is one line; where it is not, the gate refuses whatever the
 * other parents hold.
 */
static const struct cf_err *
walk_down(struct step **out, size_t *n, struct cf_gather *g,
	const struct cf_oid *head, const struct cf_oid *stop)
{
	struct cf_oid at = *head, parent;
	const struct cf_err *err = NULL;
	struct step *steps = NULL;
	bool more = true;
	size_t cap = 0;

	for (*n = 0; !err && more && *n <= CF_MAX_COMMITS; at = parent) {
		steps = cf_grow(steps, *n, &cap, sizeof *steps);
		steps[*n].commit = at;
		err = read_commit(&steps[*n].tree, &parent, g, &at);
		more = !cf_oid_is_zero(&parent) &&
			!(stop && cf_oid_eq(&at, stop));
		++*n;
	}
	*out = steps;
	return err;
}

/*
 * Oldest first, so that all a tree leads to is there once the tree is: whether
 * a later commit keeps it or a later one comes back to it, it can be left out.
 */
const struct cf_err *
cf_gather_history(struct cf_gather *g, const struct cf_oid *head,
	const struct cf_oid *stop)
{
	struct step *steps = NULL;
	const struct cf_err *err;
	bool was_there;
	size_t n;

	err = walk_down(&steps, &n, g, head, stop);
	if (!err && stop && cf_oid_eq(&steps[n - 1].commit, stop))
		n--;
	else
		stop = NULL;
	for (size_t i = n; !err && i-- > 0;) {
		const struct cf_oid *old = i + 1 < n || stop ?
			&steps[i + 1].tree : NULL;
		const struct cf_entry root = { .oid = steps[i].tree };

		if (old && cf_oid_is_zero(old))
			old = NULL;
		err = insert(g, &steps[i].commit, root.name, &was_there);
		if (!err && !cf_oid_is_zero(&root.oid) &&
			!(old && cf_oid_eq(&root.oid, old)))
			err = insert_tree(g, &root, old, DEPTH_MAX);
	}
	free(steps);
	return err;
}

const struct cf_err *
cf_gather_open(struct cf_gather *out, struct cf_link *link, git_odb *odb,
	const char *place)
{
	int rc;

	*out = (struct cf_gather){ .link = link, .odb = odb, .place = place };
	rc = git_repository_wrap_odb(&out->repo, odb);
	if (!rc)
		rc = git_config_new(&out->config);
	if (!rc)
		rc = git_repository_set_config(out->repo, out->config);
	if (!rc)
		rc = git_packbuilder_new(&out->builder, out->repo);
	if (!rc)
		rc = git_packbuilder_set_callbacks(out->builder, building,
			link);
	return rc ? cf_link_error(link, rc) : NULL;
}

struct feed {
	git_indexer *indexer;
	git_indexer_progress stats;
	struct cf_link *link;
};

static int
feed(void *bytes, size_t n, void *payload)
{
	struct feed *f = payload;
	int rc;

	f->stats.received_bytes += n;
	f->link->bytes += n;
	rc = cf_link_received(&f->stats, f->link);
	return rc ? rc : git_indexer_append(f->indexer, bytes, n, &f->stats);
}

const struct cf_err *
cf_gather_write(struct cf_gather *g, const char *dir)
{
	git_indexer_options opts = GIT_INDEXER_OPTIONS_INIT;
	struct feed f = { .link = g->link };
	int rc;

	/* as many threads as the machine has */
	(void)git_packbuilder_set_threads(g->builder, 0);
	rc = git_indexer_new(&f.indexer, dir, 0444, NULL, &opts);
	if (!rc)
		rc = git_packbuilder_foreach(g->builder, feed, &f);
	if (!rc)
		rc = git_indexer_commit(f.indexer, &f.stats);
	git_indexer_free(f.indexer);
	g->link->objects = g->n;
	return rc ? cf_link_error(g->link, rc) : NULL;
}

void
cf_gather_close(struct cf_gather *g)
{
	git_packbuilder_free(g->builder);
	git_repository_free(g->repo);
	git_config_free(g->config);
	free(g->oid);
	*g = (struct cf_gather){ 0 };
}
