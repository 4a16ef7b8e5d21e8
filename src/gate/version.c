/*
 * Steps 6 and 7, one version of a record: whether it counts, or is held. Held
 * is no error: the version stays where it is, and only does not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate/step.h"

struct judged {
	struct cf_run *run;
	struct cf_version_ahead *ahead;
	struct cf_record before;
	struct cf_gate_past *past;	/* NULL: this is the first */
	bool twin;			/* its id is that of another record */
	struct cf_fault fault;		/* rule "": it counts */
};

static bool
fault(struct cf_fault *out, const char *rule, const char *why)
{
	(void)snprintf(out->rule, sizeof out->rule, "%s", rule);
	(void)snprintf(out->why, sizeof out->why, "%s", why);
	cf_utf8_mend(out->why);
	return true;
}

/* --- ahead ---------------------------------------------------------------- */

static bool
bad_place(struct cf_version_ahead *v)
{
	const struct cf_record *r = &v->record;
	json_t *schema = json_object_get(r->doc, "schema");

	if (strcmp(r->id.text, v->change->id.text) != 0 ||
		strcmp(r->kind, v->change->kind) != 0)
		return fault(&v->own, "record.path",
			"its id or kind is not that of its file");
	if (!cf_uuid_certifies(&r->id, r->owner))
		return fault(&v->own, "record.owner",
			"its id was not made by the trust that it names as "
			"its owner");
	if (!cf_kind_known(r->kind))
		return fault(&v->own, "kind.unknown",
			"it is of a kind that needs a newer Confer");
	if (!json_is_integer(schema) ||
		json_integer_value(schema) > CF_SCHEMA_MAX)
		return fault(&v->own, "schema.newer",
			"it needs a newer Confer");
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
bad_people(struct cf_version_ahead *v, const char *trust)
{
	const struct cf_record *r = &v->record;

	if (!rising(r->stewards) || !rising(r->parents))
		return fault(&v->own, "record.order", "its stewards or "
			"parents are not in order, or named twice");
	if (!cf_record_has_steward(r, trust))
		return fault(&v->own, "record.stewards",
			"the trust that published it is not among its "
			"stewards");
	if (!cf_record_has_steward(r, r->owner))
		return fault(&v->own, "record.stewards",
			"its owner is not among its stewards");
	if (is_tombstone(r) && strcmp(r->owner, trust) != 0)
		return fault(&v->own, "record.tombstone",
			"only the trust that owns a record may erase it");
	return false;
}

static bool
bad_proofs(struct cf_version_ahead *v)
{
	const struct cf_record *r = &v->record;
	const char *last = "";

	for (size_t i = 0; i < json_array_size(r->proof); i++) {
		const json_t *proof = json_array_get(r->proof, i);
		const char *method = cf_json_str(proof, "verificationMethod");
		const struct cf_err *err;

		err = cf_proof_verify(&v->signer[i], proof, r->hash);
		if (err)
			return fault(&v->own, err->rule, err->msg);
		if (strcmp(method, last) <= 0)
			return fault(&v->own, "proof.order", "its signatures "
				"are not in order, or one is there twice");
		last = method;
		v->signers++;
	}
	return false;
}

void
cf_version_read_ahead(struct cf_version_ahead *v, const struct cf_run *run)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;

	err = cf_step_read(&bytes, run, &v->change->blob, CF_BLOB);
	v->is_read = true;
	v->bytes = bytes.len;
	if (err) {
		v->err = cf_step_keep(err);
		goto done;
	}
	err = cf_record_read(&v->record,
		(struct cf_str){ bytes.data, bytes.len });
	if (err)
		(void)fault(&v->own, err->rule, err->msg);
	else if (!bad_place(v) &&
		!bad_people(v, cf_chain_trust(&run->gate->chain)) &&
		!bad_proofs(v))
		(void)cf_check_record(&v->check, &v->record);
done:
	cf_buf_clear(&bytes);
}

void
cf_version_ahead_clear(struct cf_version_ahead *v)
{
	cf_record_clear(&v->record);
	free(v->err);
	v->change = NULL;
	v->is_read = false;
	v->err = NULL;
	v->bytes = v->signers = 0;
	v->own.rule[0] = v->check.rule[0] = '\0';
}

/* --- in its turn ------------------------------------------------------------ */

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
	const char *version = j->ahead->record.version.text;

	return j->past && version[0] &&
		strcmp(version, j->past->last.text) == 0;
}

/* The version that it must build on; "" where there is none. */
static const char *
previous_of(const struct judged *j)
{
	if (j->past == NULL)
		return "";
	return is_again(j) ? j->past->before.text : j->past->last.text;
}

/* A key that counts where this version lies. */
static bool
unsigned_by_us(struct judged *j)
{
	for (size_t i = 0; i < j->ahead->signers; i++)
		if (cf_chain_proof_counts(&j->run->gate->chain,
			j->ahead->signer[i].did))
			return false;
	return fault(&j->fault, "proof.missing", "it is not signed by the "
		"trust that published it");
}

static bool
bad_ancestry(struct judged *j)
{
	const struct cf_record *r = &j->ahead->record;
	const char *previous = previous_of(j);

	if (j->past == NULL)
		return false;
	if (j->past->count >= CF_MAX_VERSIONS)
		return fault(&j->fault, "record.versions",
			"the record has more than 1,000 versions");
	if (j->past->tombstone.text[0] &&
		strcmp(j->past->tombstone.text, r->version.text) != 0)
		return fault(&j->fault, "record.erased",
			"the record was erased");
	if (is_again(j) && j->before.proof && !proofs_kept(&j->before, r))
		return fault(&j->fault, "record.proofs",
			"a signature was taken away");
	if (previous[0] && !cf_json_has(r->parents, previous))
		return fault(&j->fault, "record.parents", "it does not build "
			"on the version that this trust published before");
	return false;
}

/* The file that it replaces, where that can say more than is known of it. */
static const struct cf_err *
read_before(struct judged *j)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err;

	if (j->past->count && !is_again(j))
		return NULL;
	err = cf_odb_read(&bytes, j->run->all, &j->ahead->change->old,
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

/* What came before it in this main. */
static const struct cf_err *
find_past(struct judged *j)
{
	const struct cf_change *change = j->ahead->change;
	const struct cf_gate_sink *sink = j->run->sink;
	const struct cf_err *err = NULL;

	if (!change->had_old)
		return cf_step_twin(&j->twin, j->run, change);
	j->past = cf_pasts_at(j->run->pasts, change->path);
	if (j->past->count == 0 && sink->past)
		err = sink->past(sink->payload, j->past, change->kind,
			&change->id);
	j->twin = j->past->twin;
	return err ? err : read_before(j);
}

/* For the next version of the record. The first is remembered only where it is
 * a tombstone or a twin: else the next one finds it in the tree. */
static void
remember(struct judged *j)
{
	const struct cf_record *record = &j->ahead->record;
	bool tombstone = !j->fault.rule[0] && is_tombstone(record);

	if (j->past == NULL && (tombstone || j->twin))
		j->past = cf_pasts_at(j->run->pasts, j->ahead->change->path);
	if (j->past) {
		cf_gate_past_add(j->past, record->version.text, tombstone);
		j->past->twin = j->twin;
	}
}

/* The names of fields are the partner's own, and the reason is a sentence. */
static void
one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			*text = '?';
}

static const struct cf_err *
tell(struct judged *j, const struct cf_gate_commit *commit)
{
	const struct cf_gate_sink *sink = j->run->sink;
	const struct cf_change *change = j->ahead->change;
	bool held = j->fault.rule[0] != '\0';
	const struct cf_gate_version out = { .commit = commit,
		.path = change->path, .kind = change->kind, .id = change->id,
		.blob = change->blob, .record = &j->ahead->record,
		.previous = previous_of(j), .first = !change->had_old,
		.rule = held ? j->fault.rule : NULL,
		.why = held ? j->fault.why : NULL };

	one_line(j->fault.why);
	return sink->version ? sink->version(sink->payload, &out) : NULL;
}

const struct cf_err *
cf_step_version(struct cf_run *run, const struct cf_gate_commit *commit,
	struct cf_version_ahead *v)
{
	struct judged j = { .run = run, .ahead = v };
	const struct cf_err *err;

	if (!v->is_read)
		cf_version_read_ahead(v, run);
	err = find_past(&j);
	if (!err && v->err)
		err = cf_step_tell(v->err);
	if (err)
		goto done;
	/* First of all: whatever else is wrong with it, the versions after it are
	 * known by this. */
	if (j.twin)
		(void)fault(&j.fault, CF_RULE_TWIN, "its id is that of a record "
			"of another kind; a record keeps its kind, and a new "
			"one needs an id of its own");
	else if (v->own.rule[0])
		j.fault = v->own;
	else if (!unsigned_by_us(&j) && !bad_ancestry(&j) && v->check.rule[0])
		j.fault = v->check;
	err = tell(&j, commit);
	remember(&j);
done:
	cf_record_clear(&j.before);
	return err;
}
