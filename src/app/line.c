/*
 * Moving our main to another line, and joining one that another machine of ours
 * has made.
 */
#include <stdlib.h>
#include <string.h>

#include "app/line.h"
#include "base/mem.h"

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
	held = json_array_get(take.run.held, 0);
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
