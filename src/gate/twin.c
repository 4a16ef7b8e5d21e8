/*
 * One id under two kinds: a record keeps the kind that it had first in a main,
 * and what is beside it under another kind is held, with all its versions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"

/* In a run from the first commit an id that was not met before can have no twin,
 * and no tree is looked at for it. Some are taken for met that were not: then the
 * trees say so. */
struct cf_twins {
	uint64_t bit[CF_GATE_TWINS / 64];
};

struct cf_twins *
cf_twins_new(void)
{
	return cf_calloc(1, sizeof(struct cf_twins));
}

void
cf_twins_free(struct cf_twins *twins)
{
	free(twins);
}

/* Whether an id may have been met before; it has been from now on. */
static bool
meet(struct cf_twins *twins, const struct cf_uuid *id)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	unsigned a, b;
	bool met;

	for (const char *p = id->text; *p; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
	a = (unsigned)(hash % CF_GATE_TWINS);
	b = (unsigned)((hash >> 32) % CF_GATE_TWINS);
	met = twins->bit[a / 64] >> a % 64 & twins->bit[b / 64] >> b % 64 & 1;
	twins->bit[a / 64] |= UINT64_C(1) << a % 64;
	twins->bit[b / 64] |= UINT64_C(1) << b % 64;
	return met;
}

static const struct cf_err *
has(bool *out, const struct cf_run *run, const struct cf_oid *tree,
	const char *kind, const struct cf_uuid *id)
{
	char path[CF_PATH_TEXT];
	struct cf_entry entry;

	cf_record_path(path, kind, id);
	return cf_tree_find(&entry, out, run->all, tree, path);
}

/* The folders of kinds, in the order in which their records are judged. */
static const struct cf_err *
ask_kinds(bool *out, const struct cf_run *run, const struct cf_change *change,
	struct cf_str raw)
{
	struct cf_entry entry = { 0 }, last;
	const struct cf_err *err = NULL;
	bool before = true;

	for (bool first = true; raw.n && !*out && !err; first = false) {
		char kind[CF_KIND_TEXT];

		last = entry;
		err = cf_tree_next(&entry, &raw, first ? NULL : &last);
		if (err)
			break;
		(void)snprintf(kind, sizeof kind, "%.*s", (int)entry.name.n,
			entry.name.p);
		if (strcmp(kind, change->kind) == 0)
			before = false;
		else if (before)
			err = has(out, run, &run->gate->tree, kind,
				&change->id);
		else if (run->has_before)
			err = has(out, run, &run->before, kind, &change->id);
	}
	return err;
}

const struct cf_err *
cf_step_twin(bool *out, const struct cf_run *run,
	const struct cf_change *change)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	const struct cf_err *err;
	struct cf_entry records;
	bool found;

	*out = false;
	if (!meet(run->twins, &change->id) && !run->has_pin)
		return NULL;
	err = cf_tree_find(&records, &found, run->all, &run->gate->tree,
		"records");
	if (!err && found)
		err = cf_odb_read_again(&raw, run->all, &records.oid, CF_TREE);
	if (!err)
		err = ask_kinds(out, run, change,
			(struct cf_str){ raw.data, raw.len });
	cf_buf_clear(&raw);
	return err;
}
