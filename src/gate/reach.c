/*
 * Which objects a commit reaches: needed when a trust goes back to bytes that
 * it had before, which a fetch does not send again. Rare, so it is built only
 * then, by walking everything once.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "gate/step.h"
#include "store/idset.h"

struct cf_reach {
	struct cf_odb *odb;
	struct cf_oid commit;
	pthread_mutex_t lock;
	bool built;
	struct cf_err *failed;
	struct cf_idset ids;
};

static const struct cf_err *
add_tree(struct cf_reach *set, struct cf_odb *odb, const struct cf_oid *oid,
	unsigned depth)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	const struct cf_err *err;
	struct cf_entry entry, previous;
	struct cf_str rest;
	bool first = true;

	if (!cf_idset_add(&set->ids, oid))
		return NULL;
	if (depth > CF_MAX_TREE_DEPTH)
		cf_bug("a verified tree is too deep");
	err = cf_odb_read(&raw, odb, oid, CF_TREE);
	rest = (struct cf_str){ raw.data, raw.len };
	while (!err && rest.n) {
		err = cf_tree_next(&entry, &rest, first ? NULL : &previous);
		if (!err && entry.is_dir)
			err = add_tree(set, odb, &entry.oid, depth + 1);
		else if (!err)
			(void)cf_idset_add(&set->ids, &entry.oid);
		previous = entry;
		first = false;
	}
	cf_buf_clear(&raw);
	return err;
}

static const struct cf_err *
build(struct cf_reach *set)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_oid at = set->commit;
	const struct cf_err *err = NULL;
	struct cf_commit c = { .has_parent = true };

	while (!err && c.has_parent && cf_idset_add(&set->ids, &at)) {
		err = cf_odb_read(&raw, set->odb, &at, CF_COMMIT);
		if (!err)
			err = cf_commit_parse(&c,
				(struct cf_str){ raw.data, raw.len });
		if (!err)
			err = add_tree(set, set->odb, &c.tree, 1);
		if (!err)
			at = c.parent;
	}
	cf_buf_clear(&raw);
	return err;
}

struct cf_reach *
cf_reach_new(struct cf_odb *odb, const struct cf_oid *commit)
{
	struct cf_reach *set = cf_calloc(1, sizeof *set);

	set->odb = odb;
	set->commit = *commit;
	if (pthread_mutex_init(&set->lock, NULL) != 0)
		cf_bug("no lock");
	return set;
}

const struct cf_err *
cf_reach_has(bool *out, struct cf_reach *set, const struct cf_oid *oid)
{
	const struct cf_err *err;

	(void)pthread_mutex_lock(&set->lock);
	if (!set->built) {
		err = build(set);
		set->failed = err ? cf_step_keep(err) : NULL;
		set->built = true;
	}
	*out = !set->failed && cf_idset_has(&set->ids, oid);
	err = set->failed ? cf_step_tell(set->failed) : NULL;
	(void)pthread_mutex_unlock(&set->lock);
	return err;
}

void
cf_reach_free(struct cf_reach *set)
{
	if (set == NULL)
		return;
	(void)pthread_mutex_destroy(&set->lock);
	free(set->failed);
	cf_idset_clear(&set->ids);
	free(set);
}
