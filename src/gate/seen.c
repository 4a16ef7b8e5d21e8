/*
 * Commits that somebody saw, and proofs made of two of them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gate/seen.h"
#include "record/message.h"
#include "record/record.h"

static unsigned
era_at(const struct cf_chain *chain, size_t identities)
{
	for (size_t i = identities; i-- > 0;)
		if (json_object_get(chain->link[i].doc, "restart"))
			return chain->link[i].version;
	return 0;
}

unsigned
cf_chain_era(const struct cf_chain *chain)
{
	return era_at(chain, chain->n);
}

/* A key that was lost or stolen proves nothing: who found it may have signed. */
static bool
counts(const struct cf_chain *chain, const struct cf_identity *then,
	const char *did)
{
	const char *reason = cf_chain_revoked(chain, did);

	return cf_json_has(json_object_get(then->doc, "publishKeys"), did) &&
		(reason == NULL || strcmp(reason, "superseded") == 0);
}

static const struct cf_err *
check_maker(const struct cf_chain *chain, const struct cf_commit *commit,
	const struct cf_place *place, const struct cf_pubkey *signer)
{
	const struct cf_identity *then;
	char *email;
	bool named;

	if (!cf_str_is(place->trust, cf_chain_trust(chain)))
		return cf_err_rule(CF_REFUSED, "commit.trust",
			"the commit was made for another trust");
	if (place->identity == 0 || place->identity > chain->n)
		return cf_err_rule(CF_REFUSED, "commit.identity", "the commit "
			"names an identity document that is not known");
	then = &chain->link[place->identity - 1];
	email = cf_trust_email(cf_chain_trust(chain));
	named = cf_str_is(commit->name, then->name) &&
		cf_str_is(commit->email, email);
	free(email);
	if (!named || commit->has_parent != (place->sequence > 1))
		return cf_err_rule(CF_REFUSED, "commit.author",
			"the commit is not as this trust makes them");
	if (!counts(chain, then, signer->did))
		return cf_err_rule(CF_REFUSED, "commit.key", "the commit is "
			"signed with %s, which was not a key of this trust "
			"there, or was lost or stolen", signer->did);
	return NULL;
}

const struct cf_err *
cf_seen_read(struct cf_seen *out, const struct cf_chain *chain,
	struct cf_str commit)
{
	struct cf_pubkey signer;
	const struct cf_err *err;
	struct cf_commit c;
	struct cf_place place;

	*out = (struct cf_seen){ 0 };
	err = cf_commit_parse(&c, commit);
	if (!err)
		err = cf_message_parse(&place, c.message);
	if (!err)
		err = cf_commit_verify(&signer, &c);
	if (!err)
		err = check_maker(chain, &c, &place, &signer);
	if (err)
		return err;
	cf_oid_of(&out->oid, CF_COMMIT, commit.p, commit.n);
	out->sequence = place.sequence;
	out->identity = (unsigned)place.identity;
	out->era = era_at(chain, out->identity);
	out->time = c.time;
	memcpy(out->signer, signer.did, sizeof out->signer);
	return NULL;
}

bool
cf_seen_split(const struct cf_seen *a, const struct cf_seen *b)
{
	return a->sequence == b->sequence && a->era == b->era &&
		!cf_oid_eq(&a->oid, &b->oid);
}

/* --- proofs --------------------------------------------------------------- */

static json_t *
base64_of(struct cf_str bytes)
{
	struct cf_buf text = CF_BUF(2 * CF_MAX_COMMIT);
	json_t *out;

	cf_base64_add(&text, bytes.p, bytes.n);
	out = json_string(text.data);
	cf_buf_clear(&text);
	return out;
}

json_t *
cf_split_proof(const struct cf_chain *chain, struct cf_str a, struct cf_str b)
{
	json_t *identities = json_array(), *one = base64_of(a);
	json_t *two = base64_of(b);
	bool swap = strcmp(json_string_value(one), json_string_value(two)) > 0;

	for (size_t i = 0; i < chain->n; i++)
		json_array_append(identities, chain->link[i].doc);
	return json_pack("{s:s, s:i, s:s, s:o, s:[o, o]}", "kind",
		"equivocation", "protocol", 1, "trust", cf_chain_trust(chain),
		"identities", identities, "commits", swap ? two : one,
		swap ? one : two);
}

static const struct cf_err *
nothing(const char *why)
{
	return cf_err_rule(CF_REFUSED, "split.proof", "the file proves "
		"nothing: %s", why);
}

/* The chain of the proof, each link judged as in a repository. */
static const struct cf_err *
read_chain(struct cf_chain *chain, const json_t *proof)
{
	json_t *list = json_object_get(proof, "identities");
	struct cf_buf text = CF_BUF(CF_MAX_IDENTITY);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(list) && !err; i++) {
		struct cf_identity identity;

		cf_buf_reset(&text);
		err = cf_json_file_form(&text, json_array_get(list, i));
		if (!err)
			err = cf_identity_read(&identity,
				(struct cf_str){ text.data, text.len });
		if (!err)
			err = cf_chain_append_take(chain, &identity);
	}
	cf_buf_clear(&text);
	if (!err && strcmp(cf_chain_trust(chain), cf_json_str(proof, "trust"))
		!= 0)
		err = nothing("its identity documents are another trust's");
	return err;
}

static const struct cf_err *
read_commit(struct cf_seen *out, const struct cf_chain *chain,
	const json_t *text)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err;

	if (!cf_base64_decode(&raw, cf_str(json_string_value(text))))
		err = nothing("a commit in it is not in base64");
	else
		err = cf_seen_read(out, chain, (struct cf_str){ raw.data,
			raw.len });
	cf_buf_clear(&raw);
	return err;
}

static json_t *
describe(const struct cf_seen *seen)
{
	char hex[CF_OID_TEXT], when[CF_TIME_TEXT];

	cf_oid_hex(hex, &seen->oid);
	cf_time_format(when, seen->time);
	return json_pack("{s:s, s:s, s:s}", "id", hex, "time", when, "signer",
		seen->signer);
}

static json_t *
result_of(const struct cf_chain *chain, const struct cf_seen seen[2])
{
	const struct cf_identity *now = cf_chain_now(chain);
	char safety[CF_SAFETY_TEXT];

	cf_safety_number(safety, cf_chain_trust(chain));
	return json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:I, s:[o, o]}",
		"proof", "equivocation", "trust", "id", cf_chain_trust(chain),
		"name", now->name, "role", now->role, "safetyNumber", safety,
		"sequence", (json_int_t)seen[0].sequence, "commits",
		describe(&seen[0]), describe(&seen[1]));
}

const struct cf_err *
cf_split_check(json_t **out, json_t *proof)
{
	struct cf_schema_faults faults = { .max = 1 };
	struct cf_chain chain = { 0 };
	struct cf_seen seen[2];
	const struct cf_err *err = NULL;
	json_t *commits;

	*out = NULL;
	if (!cf_schema_valid(cf_schema_of("equivocation"), proof, &faults))
		err = nothing("it is not such a proof");
	cf_schema_faults_clear(&faults);
	if (!err)
		err = read_chain(&chain, proof);
	commits = json_object_get(proof, "commits");
	for (size_t i = 0; i < 2 && !err; i++)
		err = read_commit(&seen[i], &chain, json_array_get(commits,
			i));
	if (!err && !cf_seen_split(&seen[0], &seen[1]))
		err = nothing("one history can have both commits");
	if (!err)
		*out = result_of(&chain, seen);
	cf_chain_clear(&chain);
	return err;
}
