/*
 * Step 2, history: the head descends from what we verified last.
 */
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"

/* Goes to the parent of a commit, *more false where it has none; `raw` is room.
 * Verified ones are read as they are. */
static const struct cf_err *
go_back(struct cf_oid *at, bool *more, struct cf_buf *raw, struct cf_run *run,
	bool verified)
{
	const struct cf_err *err = verified ?
		cf_odb_read(raw, run->all, at, CF_COMMIT) :
		cf_step_read(raw, run, at, CF_COMMIT);
	struct cf_oid tree, parent;

	if (!err)
		err = cf_commit_links(&tree, &parent, more,
			(struct cf_str){ raw->data, raw->len });
	if (!err && *more)
		*at = parent;
	return err;
}

static void
reverse(struct cf_oids *list)
{
	for (size_t i = 0; i < list->n / 2; i++) {
		struct cf_oid other = list->oid[list->n - 1 - i];

		list->oid[list->n - 1 - i] = list->oid[i];
		list->oid[i] = other;
	}
}

/* Whether `head` lies before the pin, on the history that we verified. */
static const struct cf_err *
is_behind(bool *out, struct cf_run *run, const struct cf_oid *head)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_oid at = run->pin;
	const struct cf_err *err = NULL;
	bool more = true;

	*out = false;
	while (!err && more && !*out) {
		err = go_back(&at, &more, &raw, run, true);
		*out = !err && more && cf_oid_eq(&at, head);
	}
	cf_buf_clear(&raw);
	return err;
}

static const struct cf_err *
rolled_back(void)
{
	return cf_err_rule(CF_REFUSED, "history.rollback", "the repository at "
		"this address is older than what was verified before: its "
		"newest entries are missing");
}

const struct cf_err *
cf_gate_unsent(struct cf_odb *odb, const struct cf_oid *verified,
	const struct cf_oid *head)
{
	struct cf_run run = { .all = odb };
	const struct cf_err *err = NULL;
	bool behind = false;

	if (verified) {
		run.pin = *verified;
		err = is_behind(&behind, &run, head);
	}
	if (err)
		return err;
	return behind ? rolled_back() : cf_err_rule(CF_REFUSED,
		"object.missing", "the host names a newest entry and does not "
		"send it");
}

/* The line does not lead to the pin: it ends before it, it is another trust's,
 * or it parts from the line that we know. `root` is its first commit. */
static const struct cf_err *
parted(struct cf_run *run, const struct cf_oid *head,
	const struct cf_oid *root)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err;
	struct cf_commit c;
	struct cf_place place;
	bool behind;

	err = is_behind(&behind, run, head);
	if (!err && behind)
		err = rolled_back();
	if (!err)
		err = cf_step_read(&raw, run, root, CF_COMMIT);
	if (!err)
		err = cf_commit_parse(&c, (struct cf_str){ raw.data, raw.len });
	if (!err)
		err = cf_message_parse(&place, c.message);
	if (!err && !cf_str_is(place.trust, cf_chain_trust(&run->gate->chain)))
		err = cf_err_rule(CF_REFUSED, "history.other-trust", "the "
			"repository at this address belongs to another trust "
			"(%.*s)", (int)place.trust.n, place.trust.p);
	if (!err)
		err = cf_err_rule(CF_REFUSED, "history.diverged", "the history "
			"at this address is not the one that was verified "
			"before: commits were replaced");
	cf_buf_clear(&raw);
	return err;
}

/* The line goes back to a first commit without meeting the pin. It may be the
 * line of a trust that began its history again. */
static const struct cf_err *
leave(struct cf_oids *out, struct cf_run *run, const struct cf_oid *head)
{
	const struct cf_oid root = out->oid[0];
	const struct cf_err *err = parted(run, head, &root);
	size_t first;

	if (err == NULL || strcmp(err->rule, "history.diverged") != 0)
		return err;
	err = cf_step_leave(&first, run, out);
	if (!err) {
		memmove(out->oid, out->oid + first, (out->n - first) *
			sizeof *out->oid);
		out->n -= first;
	}
	return err;
}

const struct cf_err *
cf_step_history(struct cf_oids *out, struct cf_run *run,
	const struct cf_oid *head)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err = NULL;
	struct cf_oid at = *head;
	bool more = true;

	if (run->has_pin && run->fresh && !cf_oid_eq(head, &run->pin) &&
		!cf_odb_has(run->fresh, head))
		err = parted(run, head, head);
	while (!err && !(run->has_pin && cf_oid_eq(&at, &run->pin))) {
		run->at = at;
		run->has_at = true;
		err = go_back(&at, &more, &raw, run, false);
		if (!err && out->n >= CF_MAX_COMMITS)
			err = cf_err_rule(CF_REFUSED, "limit.commits", "there "
				"are more than %u commits", CF_MAX_COMMITS);
		if (err)
			break;
		out->oid = cf_grow(out->oid, out->n, &out->cap,
			sizeof *out->oid);
		out->oid[out->n++] = run->at;
		if (!more)
			break;
	}
	reverse(out);
	if (!err && run->has_pin && !more)
		err = leave(out, run, head);
	cf_buf_clear(&raw);
	return err;
}
