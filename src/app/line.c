/*
 * Lines of commits: reading one, moving our main to another, and joining one that
 * another machine of ours has made.
 */
#include <stdlib.h>
#include <string.h>

#include "app/line.h"
#include "base/mem.h"

const struct cf_err *
cf_line_read(struct cf_line *out, struct cf_odb *odb,
	const struct cf_gate *from, const struct cf_oid *to)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_oid at = *to;
	const struct cf_err *err = NULL;
	struct cf_commit c;
	struct cf_place place;

	*out = (struct cf_line){ 0 };
	while (!err && !(from->sequence && cf_oid_eq(&at, &from->head))) {
		err = cf_odb_read(&raw, odb, &at, CF_COMMIT);
		if (!err)
			err = cf_commit_parse(&c,
				(struct cf_str){ raw.data, raw.len });
		if (!err)
			err = cf_message_parse(&place, c.message);
		if (err)
			break;
		out->step = cf_grow(out->step, out->n, &out->cap,
			sizeof *out->step);
		out->step[out->n++] = (struct cf_step){ at, place.sequence };
		if (!c.has_parent && from->sequence)
			cf_bug("a line that does not lead to its fork");
		if (!c.has_parent)
			break;
		at = c.parent;
	}
	for (size_t i = 0; i < out->n / 2; i++) {
		struct cf_step other = out->step[i];

		out->step[i] = out->step[out->n - 1 - i];
		out->step[out->n - 1 - i] = other;
	}
	cf_buf_clear(&raw);
	return err;
}

void
cf_line_clear(struct cf_line *line)
{
	free(line->step);
	*line = (struct cf_line){ 0 };
}

/* The first version that partners would hold back, and did not hold before. */
static const json_t *
newly_held(const json_t *held, const json_t *cut)
{
	json_t *now, *old;
	size_t i, k;

	json_array_foreach((json_t *)(uintptr_t)held, i, now) {
		bool before = false;

		json_array_foreach((json_t *)(uintptr_t)cut, k, old) {
			before |= json_is_true(json_object_get(old, "held")) &&
				json_equal(json_object_get(old, "version"),
				json_object_get(now, "version"));
		}
		if (!before)
			return now;
	}
	return NULL;
}

/* What partners would hold back is not made; the index stays as it is. */
static const struct cf_err *
rehearse_line(struct cf_trust *trust, const struct cf_gate *fork,
	const struct cf_oid *head)
{
	struct cf_take take = { .id = trust->id,
		.all = cf_store_odb(trust->store), .head = *head };
	const struct cf_err *err = cf_index_begin(trust->index);
	json_t *cut = NULL;
	const json_t *held;

	if (err)
		return err;
	err = cf_index_cut(&cut, trust->index, fork);
	if (!err)
		err = cf_take_main(&take, trust);
	cf_index_rollback(trust->index);
	held = newly_held(take.run.held, cut);
	if (!err && held)
		err = cf_err_rule(CF_INVALID, cf_json_str(held, "rule"),
			"'%s' cannot be published again as it is, because "
			"partners would hold it back: %s. Nothing was changed",
			cf_json_str(held, "title"), cf_json_str(held, "why"));
	cf_take_clear(&take);
	json_decref(cut);
	return err;
}

/* The pin says first that the new line is meant: a main that stands beside an
 * index is taken only where it is the pin. */
const struct cf_err *
cf_line_move(struct cf_trust *trust, const struct cf_gate *fork,
	const struct cf_oid *head)
{
	char *pin = cf_pin_name(trust->id);
	const struct cf_err *err;
	struct cf_oid main, old;
	bool found, pinned;

	err = rehearse_line(trust, fork, head);
	if (!err)
		err = cf_ref_read(&main, &found, trust->store, CF_MAIN);
	if (!err)
		err = cf_ref_read(&old, &pinned, trust->store, pin);
	if (!err)
		err = cf_ref_set(trust->store, pin, head,
			pinned ? &old : NULL);
	if (!err)
		err = cf_ref_set(trust->store, CF_MAIN, head,
			found ? &main : NULL);
	free(pin);
	return err ? err : cf_catch_up(trust);
}

const struct cf_err *
cf_pushed_until(uint64_t *out, struct cf_trust *trust)
{
	const struct cf_err *err;
	struct cf_oid pushed, main;
	struct cf_gate gate = { 0 };
	bool found, has_main = false, met = false;

	*out = 0;
	err = cf_ref_read(&pushed, &found, trust->store, CF_PUSHED);
	if (!err && found)
		err = cf_ref_read(&main, &has_main, trust->store, CF_MAIN);
	if (!err && has_main)
		err = cf_gate_fork(&gate, &met, cf_store_odb(trust->store),
			&pushed, &main);
	if (!err && met)
		*out = gate.sequence;
	cf_gate_clear(&gate);
	return err;
}

static bool
keep_unpushed(void *payload, const struct cf_step *step,
	const struct cf_record *record)
{
	const uint64_t *pushed = payload;

	(void)record;
	return step->sequence > *pushed;
}

static const struct cf_err *
replay(struct cf_replay *r, const struct cf_gate *fork,
	const struct cf_oid *ours, const struct cf_oid *theirs)
{
	struct cf_odb *odb = cf_store_odb(r->trust->store);
	struct cf_line old = { 0 }, new = { 0 };
	const struct cf_err *err;
	uint64_t pushed = 0;

	err = cf_line_read(&old, odb, fork, ours);
	if (!err)
		err = cf_line_read(&new, odb, fork, theirs);
	if (!err)
		err = cf_gate_load(&r->on, odb, theirs);
	if (!err)
		err = cf_pushed_until(&pushed, r->trust);
	if (!err)
		err = cf_replay_have(r, &new);
	r->payload = &pushed;
	for (size_t i = 0; i < old.n && !err; i++)
		err = cf_replay_step(r, &old.step[i]);
	r->payload = NULL;
	cf_line_clear(&old);
	cf_line_clear(&new);
	return err;
}

const struct cf_err *
cf_line_join(struct cf_line_back *out, struct cf_trust *trust,
	const struct cf_oid *theirs)
{
	struct cf_replay r = { .trust = trust, .have = json_object(),
		.gone = json_object(), .back = json_array(),
		.keep = keep_unpushed };
	struct cf_gate fork = { 0 };
	struct cf_oid main;
	const struct cf_err *err;
	bool found, met;

	*out = (struct cf_line_back){ 0 };
	err = cf_ref_read(&main, &found, trust->store, CF_MAIN);
	if (!err)
		err = cf_gate_fork(&fork, &met, cf_store_odb(trust->store),
			&main, theirs);
	if (!err && !met)
		cf_bug("two lines of one trust that do not meet");
	if (!err)
		err = replay(&r, &fork, &main, theirs);
	if (!err)
		err = cf_drafts_back(&out->drafts, trust, r.back);
	if (!err)
		err = cf_line_move(trust, &fork, &r.on.head);
	out->identity = r.identity;
	out->no_key = r.no_key;
	cf_gate_clear(&fork);
	cf_replay_clear(&r);
	return err;
}
