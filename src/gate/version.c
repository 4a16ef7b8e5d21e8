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

/* --- how many versions, and the last id: only for records that change ---- */

struct count {
	struct cf_uuid id;
	unsigned n;
	struct cf_digest last;
};

struct cf_counts {		/* open addressing by the id's text */
	struct count *slot;
	size_t n, cap;
};

struct cf_counts *
cf_counts_new(void)
{
	return cf_calloc(1, sizeof(struct cf_counts));
}

void
cf_counts_free(struct cf_counts *counts)
{
	free(counts->slot);
	free(counts);
}

static struct count *
slot_of(const struct cf_counts *counts, const struct cf_uuid *id)
{
	size_t i = 5381;

	for (const char *p = id->text; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= counts->cap - 1; counts->slot[i].n; i = (i + 1) &
		(counts->cap - 1))
		if (strcmp(counts->slot[i].id.text, id->text) == 0)
			break;
	return &counts->slot[i];
}

static void
enlarge(struct cf_counts *counts)
{
	struct cf_counts bigger = { .cap = counts->cap ? counts->cap * 2 : 64,
		.n = counts->n };

	bigger.slot = cf_calloc(bigger.cap, sizeof *bigger.slot);
	for (size_t i = 0; i < counts->cap; i++)
		if (counts->slot[i].n)
			*slot_of(&bigger, &counts->slot[i].id) =
				counts->slot[i];
	free(counts->slot);
	*counts = bigger;
}

/* What is known of a record's earlier versions; a new slot asks the sink. */
static const struct cf_err *
count_of(struct count **out, struct cf_run *run, const struct cf_uuid *id)
{
	struct cf_counts *counts = run->counts;
	const struct cf_err *err = NULL;
	struct count *c;

	if (counts->n * 2 >= counts->cap)
		enlarge(counts);
	c = slot_of(counts, id);
	if (c->n == 0) {
		c->id = *id;
		if (run->sink->past)
			err = run->sink->past(run->sink->payload, &c->n,
				&c->last, id);
		/* A record that began in this run was not counted then. */
		c->n = c->n ? c->n : 1;
		counts->n++;
	}
	*out = c;
	return err;
}

/* --- what a version must be ---------------------------------------------- */

struct judged {
	struct cf_run *run;
	const struct cf_change *change;
	struct cf_record record, before;
	struct cf_digest previous;	/* text "": this is the first */
	unsigned count;
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
	if (j->before.doc && j->before.owner &&
		strcmp(j->before.owner, r->owner) != 0)
		return hold(j, "record.owner", "its owner has changed");
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

static bool
bad_ancestry(struct judged *j)
{
	const struct cf_record *r = &j->record;
	const char *previous = j->previous.text;

	if (j->count > CF_MAX_VERSIONS)
		return hold(j, "record.versions",
			"the record has more than 1,000 versions");
	if (!previous[0])
		return false;
	if (strcmp(r->version.text, previous) == 0)
		return j->before.proof &&
			!proofs_kept(&j->before, r) && hold(j,
			"record.proofs", "a signature was taken away");
	if (!cf_json_has(r->parents, previous))
		return hold(j, "record.parents", "it does not build on the "
			"version that this trust published before");
	if (j->before.status && strcmp(j->before.status, "erased") == 0)
		return hold(j, "record.erased", "the record was erased");
	return false;
}

/* Reads the file and the one that it replaces. */
static const struct cf_err *
read_both(struct judged *j)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;
	struct count *count;

	j->count = 1;
	if (j->change->had_old) {
		err = count_of(&count, j->run, &j->change->id);
		if (!err)
			err = cf_odb_read(&bytes, j->run->all,
				&j->change->old, CF_BLOB);
		if (err)
			goto done;
		/* Its faults were judged when it came; here only its id. */
		(void)(cf_record_read(&j->before,
			(struct cf_str){ bytes.data, bytes.len }) == NULL);
		j->previous = j->before.version.text[0] ? j->before.version :
			count->last;
		count->last = j->previous;
		j->count = ++count->n;
	}
	err = cf_step_read(&bytes, j->run, &j->change->blob, CF_BLOB);
	if (!err) {
		const struct cf_err *fault = cf_record_read(&j->record,
			(struct cf_str){ bytes.data, bytes.len });

		if (fault)
			(void)hold(j, fault->rule, fault->msg);
	}
done:
	cf_buf_clear(&bytes);
	return err;
}

const struct cf_err *
cf_step_version(struct cf_run *run, const struct cf_gate_commit *commit,
	const struct cf_change *change)
{
	struct judged j = { .run = run, .change = change };
	struct cf_gate_version out;
	const struct cf_err *err;

	err = read_both(&j);
	if (err)
		goto done;
	if (!j.held && !bad_place(&j) && !bad_people(&j) && !bad_proofs(&j) &&
		!bad_ancestry(&j))
		j.held = cf_check_record(&j.fault, &j.record);
	out = (struct cf_gate_version){ .commit = commit,
		.path = change->path, .kind = change->kind, .id = change->id,
		.blob = change->blob, .record = &j.record,
		.previous = j.previous.text,
		.rule = j.held ? j.fault.rule : NULL,
		.why = j.held ? j.fault.why : NULL };
	if (run->sink->version)
		err = run->sink->version(run->sink->payload, &out);
done:
	cf_record_clear(&j.record);
	cf_record_clear(&j.before);
	return err;
}
