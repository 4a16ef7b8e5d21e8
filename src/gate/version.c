/*
 * Steps 6 and 7, one version of a record: whether it counts, or is held. Held
 * is no error: the version stays where it is, and only does not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/check.h"
#include "gate/step.h"

struct judged {
	struct cf_run *run;
	const struct cf_change *change;
	struct cf_record record, before;
	struct cf_gate_past *past;	/* NULL: this is the first */
	struct cf_fault fault;
	bool held;
};

static bool
hold(struct judged *j, const char *rule, const char *why)
{
	(void)snprintf(j->fault.rule, sizeof j->fault.rule, "%s", rule);
	(void)snprintf(j->fault.why, sizeof j->fault.why, "%s", why);
	cf_utf8_mend(j->fault.why);
	j->held = true;
	return true;
}

static bool
bad_place(struct judged *j)
{
	const struct cf_record *r = &j->record;
	json_t *schema = json_object_get(r->doc, "schema");

	if (strcmp(r->id.text, j->change->id.text) != 0 ||
		strcmp(r->kind, j->change->kind) != 0)
		return hold(j, "record.path",
			"its id or kind is not that of its file");
	if (!cf_uuid_certifies(&r->id, r->owner))
		return hold(j, "record.owner",
			"its id was not made by the trust that it names as "
			"its owner");
	if (!cf_kind_known(r->kind))
		return hold(j, "kind.unknown", "it is of a kind that needs a "
			"newer Confer");
	if (!json_is_integer(schema) ||
		json_integer_value(schema) > CF_SCHEMA_MAX)
		return hold(j, "schema.newer", "it needs a newer Confer");
	return false;
}

/* Strictly rising strings: sorted, and none twice. */
static bool
rising(const json_t *list)
{
	for (size_t i = 1; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i - 1)),
			json_string_value(json_array_get(list, i))) >= 0)
			return false;
	return true;
}

static bool
is_tombstone(const struct cf_record *record)
{
	return record->status && strcmp(record->status, "erased") == 0;
}

static bool
bad_people(struct judged *j)
{
	const struct cf_record *r = &j->record;

	if (!rising(r->stewards) || !rising(r->parents))
		return hold(j, "record.order", "its stewards or parents are "
			"not in order, or named twice");
	if (!cf_record_has_steward(r, cf_chain_trust(&j->run->gate->chain)))
		return hold(j, "record.stewards",
			"the trust that published it is not among its "
			"stewards");
	if (!cf_record_has_steward(r, r->owner))
		return hold(j, "record.stewards",
			"its owner is not among its stewards");
	if (is_tombstone(r) && strcmp(r->owner,
		cf_chain_trust(&j->run->gate->chain)) != 0)
		return hold(j, "record.tombstone", "only the trust that owns "
			"a record may erase it");
	return false;
}

static bool
bad_proofs(struct judged *j)
{
	const struct cf_record *r = &j->record;
	const char *last = "";
	bool ours = false;

	for (size_t i = 0; i < json_array_size(r->proof); i++) {
		const json_t *proof = json_array_get(r->proof, i);
		const char *method = cf_json_str(proof, "verificationMethod");
		struct cf_pubkey signer;
		const struct cf_err *err;

		err = cf_proof_verify(&signer, proof, r->hash);
		if (err)
			return hold(j, err->rule, err->msg);
		if (strcmp(method, last) <= 0)
			return hold(j, "proof.order", "its signatures are not "
				"in order, or one is there twice");
		last = method;
		ours |= cf_chain_proof_counts(&j->run->gate->chain,
			signer.did);
	}
	if (!ours)
		return hold(j, "proof.missing", "it is not signed by the trust "
			"that published it");
	return false;
}

/* All proofs that were there are there still. */
static bool
proofs_kept(const struct cf_record *before, const struct cf_record *after)
{
	for (size_t i = 0; i < json_array_size(before->proof); i++) {
		bool kept = false;

		for (size_t k = 0; k < json_array_size(after->proof); k++)
			kept |= cf_json_compare(
				json_array_get(before->proof, i),
				json_array_get(after->proof, k)) == 0;
		if (!kept)
			return false;
	}
	return true;
}

/* Whether it is the version before it, with other proofs. */
static bool
is_again(const struct judged *j)
{
	return j->past && j->record.version.text[0] &&
		strcmp(j->record.version.text, j->past->last.text) == 0;
}

/* The version that it must build on; "" where there is none. */
static const char *
previous_of(const struct judged *j)
{
	if (j->past == NULL)
		return "";
	return is_again(j) ? j->past->before.text : j->past->last.text;
}

static bool
bad_ancestry(struct judged *j)
{
	const struct cf_record *r = &j->record;
	const char *previous = previous_of(j);

	if (j->past == NULL)
		return false;
	if (j->past->count >= CF_MAX_VERSIONS)
		return hold(j, "record.versions",
			"the record has more than 1,000 versions");
	if (j->past->tombstone.text[0] &&
		strcmp(j->past->tombstone.text, r->version.text) != 0)
		return hold(j, "record.erased", "the record was erased");
	if (is_again(j) && j->before.proof && !proofs_kept(&j->before, r))
		return hold(j, "record.proofs", "a signature was taken away");
	if (previous[0] && !cf_json_has(r->parents, previous))
		return hold(j, "record.parents", "it does not build on the "
			"version that this trust published before");
	return false;
}

/* The file that it replaces, and what came before that. */
static const struct cf_err *
read_before(struct judged *j)
{
	const struct cf_gate_sink *sink = j->run->sink;
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err = NULL;

	j->past = cf_pasts_at(j->run->pasts, j->change->path);
	if (j->past->count == 0 && sink->past)
		err = sink->past(sink->payload, j->past, j->change->kind,
			&j->change->id);
	if (!err)
		err = cf_odb_read(&bytes, j->run->all, &j->change->old,
			CF_BLOB);
	if (!err)
		/* Its faults were judged when it came. */
		(void)(cf_record_read(&j->before,
			(struct cf_str){ bytes.data, bytes.len }) == NULL);
	/* A record that began in this run: that was its first version. */
	if (!err && j->past->count == 0)
		cf_gate_past_add(j->past, j->before.version.text, false);
	cf_buf_clear(&bytes);
	return err;
}

static const struct cf_err *
read_record(struct judged *j)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err, *fault;

	err = cf_step_read(&bytes, j->run, &j->change->blob, CF_BLOB);
	if (!err) {
		fault = cf_record_read(&j->record,
			(struct cf_str){ bytes.data, bytes.len });
		if (fault)
			(void)hold(j, fault->rule, fault->msg);
	}
	cf_buf_clear(&bytes);
	return err;
}

/* For the next version of the record. The first is remembered only where it is
 * a tombstone: else the next one finds it in the tree. */
static void
remember(struct judged *j)
{
	bool tombstone = !j->held && is_tombstone(&j->record);

	if (j->past == NULL && tombstone)
		j->past = cf_pasts_at(j->run->pasts, j->change->path);
	if (j->past)
		cf_gate_past_add(j->past, j->record.version.text, tombstone);
}

const struct cf_err *
cf_step_version(struct cf_run *run, const struct cf_gate_commit *commit,
	const struct cf_change *change)
{
	struct judged j = { .run = run, .change = change };
	struct cf_gate_version out;
	const struct cf_err *err = NULL;

	if (change->had_old)
		err = read_before(&j);
	if (!err)
		err = read_record(&j);
	if (err)
		goto done;
	if (!j.held && !bad_place(&j) && !bad_people(&j) && !bad_proofs(&j) &&
		!bad_ancestry(&j))
		j.held = cf_check_record(&j.fault, &j.record);
	out = (struct cf_gate_version){ .commit = commit,
		.path = change->path, .kind = change->kind, .id = change->id,
		.blob = change->blob, .record = &j.record,
		.previous = previous_of(&j), .first = !change->had_old,
		.rule = j.held ? j.fault.rule : NULL,
		.why = j.held ? j.fault.why : NULL };
	if (run->sink->version)
		err = run->sink->version(run->sink->payload, &out);
	remember(&j);
done:
	cf_record_clear(&j.record);
	cf_record_clear(&j.before);
	return err;
}
