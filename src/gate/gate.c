/*
 * The order of the gate, and what every step reads through.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"

void
cf_gate_clear(struct cf_gate *gate)
{
	cf_chain_clear(&gate->chain);
	*gate = (struct cf_gate){ 0 };
}

const struct cf_err *
cf_step_chain(struct cf_chain *chain, struct cf_odb *odb,
	const struct cf_oid *tree)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_IDENTITY);
	const struct cf_err *err = NULL;

	for (unsigned n = (unsigned)chain->n + 1; !err; n++) {
		char path[CF_IDENTITY_PATH_TEXT];
		struct cf_identity identity;
		struct cf_entry entry;
		bool found;

		cf_identity_path(path, n);
		err = cf_tree_find(&entry, &found, odb, tree, path);
		if (err || !found)
			break;
		err = cf_odb_read(&bytes, odb, &entry.oid, CF_BLOB);
		if (!err)
			err = cf_identity_read(&identity,
				(struct cf_str){ bytes.data, bytes.len });
		if (!err)
			err = cf_chain_append_take(chain, &identity);
	}
	cf_buf_clear(&bytes);
	return err;
}

const struct cf_err *
cf_gate_load(struct cf_gate *out, struct cf_odb *odb,
	const struct cf_oid *verified)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err;
	struct cf_commit commit;
	struct cf_place place;

	*out = (struct cf_gate){ 0 };
	err = cf_odb_read(&raw, odb, verified, CF_COMMIT);
	if (!err)
		err = cf_commit_parse(&commit,
			(struct cf_str){ raw.data, raw.len });
	if (!err)
		err = cf_message_parse(&place, commit.message);
	if (!err) {
		out->head = *verified;
		out->tree = commit.tree;
		out->sequence = place.sequence;
		out->time = commit.time;
		err = cf_step_chain(&out->chain, odb, &out->tree);
	}
	if (err)
		cf_gate_clear(out);
	cf_buf_clear(&raw);
	return err;
}

static const struct cf_err *
missing(const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, oid);
	return cf_err_rule(CF_REFUSED, "object.missing", "the repository "
		"refers to something that it does not hold (%s)", hex);
}

struct cf_err *
cf_step_keep(const struct cf_err *err)
{
	struct cf_err *kept = cf_malloc(sizeof *kept);

	*kept = *err;
	return kept;
}

const struct cf_err *
cf_step_tell(const struct cf_err *kept)
{
	return cf_err_rule(kept->code, kept->rule, "%s", kept->msg);
}

/* What was not fetched counts where the pin leads to it. */
static const struct cf_err *
have_known(const struct cf_run *run, const struct cf_oid *oid)
{
	const struct cf_err *err;
	bool reached;

	if (run->fresh == NULL)
		return NULL;
	if (!run->has_pin)
		return missing(oid);
	err = cf_reach_has(&reached, run->reach, oid);
	/* What a restart that waits has brought is held, and not sent again. */
	if (!err && !reached && run->held)
		err = cf_reach_has(&reached, run->held, oid);
	return err || reached ? err : missing(oid);
}

const struct cf_err *
cf_step_have(const struct cf_run *run, const struct cf_oid *oid)
{
	if (cf_odb_has(run->fresh ? run->fresh : run->all, oid))
		return NULL;
	return run->fresh ? have_known(run, oid) : missing(oid);
}

const struct cf_err *
cf_step_read(struct cf_buf *out, const struct cf_run *run,
	const struct cf_oid *oid, enum cf_type type)
{
	const struct cf_err *err = NULL;

	if (run->fresh)
		err = cf_odb_read(out, run->fresh, oid, type);
	if (!run->fresh || (err && err->code == CF_NOT_FOUND)) {
		err = have_known(run, oid);
		if (err)
			return err;
		err = cf_odb_read(out, run->all, oid, type);
	}
	if (err && err->code == CF_NOT_FOUND)
		return missing(oid);
	if (err && err->code == CF_TOO_BIG)
		return cf_err_rule(CF_REFUSED, "limit.size", "%s", err->msg);
	if (err && err->code == CF_SYS && run->fresh)
		return cf_err_rule(CF_REFUSED, "object.corrupt", "the "
			"repository is damaged: %s", err->msg);
	return err;
}

void
cf_refusal_set(struct cf_refusal *out, const struct cf_err *err)
{
	*out = (struct cf_refusal){ 0 };
	(void)snprintf(out->rule, sizeof out->rule, "%s", err->rule);
	(void)snprintf(out->detail, sizeof out->detail, "%s", err->msg);
}

/* An error of a step becomes the refusal, with the place where it happened. */
static void
explain(struct cf_refusal *out, const struct cf_run *run,
	const struct cf_err *err)
{
	cf_refusal_set(out, err);
	memcpy(out->path, run->path, sizeof out->path);
	cf_utf8_mend(out->path);
	if (run->has_at)
		cf_oid_hex(out->commit, &run->at);
}

const struct cf_err *
cf_gate_run(struct cf_gate *gate, struct cf_odb *fresh, struct cf_odb *all,
	const struct cf_oid *head, const struct cf_gate_sink *sink,
	struct cf_refusal *refusal)
{
	struct cf_run run = { .gate = gate, .fresh = fresh, .all = all,
		.sink = sink, .pin = gate->head,
		.has_pin = gate->sequence > 0, .pasts = cf_pasts_new(),
		.twins = cf_twins_new() };
	struct cf_oids commits = { 0 };
	const struct cf_err *err;

	*refusal = (struct cf_refusal){ 0 };
	gate->left = (struct cf_left){ 0 };
	run.reach = cf_reach_new(all, &run.pin);
	if (gate->has_waits)
		run.held = cf_reach_new(all, &gate->waits);
	err = cf_step_history(&commits, &run, head);
	if (!err)
		err = cf_step_commits(&run, &commits);
	if (!err)
		err = cf_step_waits(&run);
	if (err && err->code == CF_REFUSED)
		explain(refusal, &run, err);
	cf_pasts_free(run.pasts);
	cf_twins_free(run.twins);
	cf_reach_free(run.reach);
	cf_reach_free(run.held);
	free(commits.oid);
	return err;
}
