/*
 * Identity documents and their chain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/identity.h"
#include "record/record.h"

void
cf_identity_path(char out[CF_IDENTITY_PATH_TEXT], unsigned version)
{
	(void)snprintf(out, CF_IDENTITY_PATH_TEXT, "keys/%04u.json",
		version % 10000);
}

char *
cf_trust_email(const char *trust)
{
	return cf_asprintf("%s@confer.invalid", trust);
}

static bool
ascii_letter_or_digit(int32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

/* All white space but the ASCII one, and what looks like it. */
static bool
is_blank(int32_t c)
{
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
		c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
		c == 0x2800 || c == 0x3000;
}

/* Git strips some punctuation from the ends of a name; a name that it would
 * change could not be compared. And one of blanks alone could not be read. */
static bool
may_end(int32_t c)
{
	return c >= 0x80 ? !is_blank(c) : ascii_letter_or_digit(c) || c == ')';
}

bool
cf_name_valid(const char *name)
{
	struct cf_str s = cf_str(name);
	int32_t c = 0;
	size_t n = 0;

	while (s.n) {
		c = cf_utf8_next(&s);
		if (c < 0x20 || c == '<' || c == '>' || c == 0x2028 ||
			c == 0x2029 || cf_utf8_unseen(c))
			return false;
		if (n == 0 && (!may_end(c) || c == ')'))
			return false;
		n++;
	}
	return n > 0 && n <= CF_MAX_NAME && may_end(c);
}

/* The reason of a key in a list of {key, reason}, or NULL. */
static const char *
reason_in(const json_t *revoked, const char *did)
{
	for (size_t i = 0; i < json_array_size(revoked); i++) {
		const json_t *entry = json_array_get(revoked, i);
		const char *key = cf_json_str(entry, "key");

		if (key && strcmp(key, did) == 0)
			return cf_json_str(entry, "reason");
	}
	return NULL;
}

static json_t *
member(const struct cf_identity *identity, const char *name)
{
	return json_object_get(identity->doc, name);
}

/* A key with two reasons would be revoked as whoever reads it likes. */
static const struct cf_err *
check_reasons(const struct cf_identity *identity)
{
	json_t *revoked = member(identity, "revoked");

	for (size_t i = 0; i < json_array_size(revoked); i++)
		for (size_t k = 0; k < i; k++) {
			const char *did = cf_json_str(json_array_get(revoked,
				i), "key");

			if (strcmp(did, cf_json_str(json_array_get(revoked, k),
				"key")) == 0)
				return cf_err_rule(CF_REFUSED,
					"identity.revoked", "the key %s is "
					"revoked twice", did);
		}
	return NULL;
}

/* Every listed key is one Ed25519 key, in one list only, and not revoked. */
static const struct cf_err *
check_keys(const struct cf_identity *identity)
{
	json_t *root = member(identity, "rootKeys");
	json_t *publish = member(identity, "publishKeys");
	json_t *lists[] = { root, publish };

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < json_array_size(lists[l]); i++) {
			const char *did = json_string_value(
				json_array_get(lists[l], i));
			struct cf_pubkey key;

			if (!cf_pubkey_parse(&key, cf_str(did)))
				return cf_err_rule(CF_REFUSED, "identity.key",
					"%s is not an Ed25519 key", did);
			if (cf_json_has(lists[1 - l], did))
				return cf_err_rule(CF_REFUSED,
					"identity.key-reuse", "the key %s is "
					"both a root key and a publish key",
					did);
			if (reason_in(member(identity, "revoked"), did))
				return cf_err_rule(CF_REFUSED,
					"identity.key-reuse", "the key %s is "
					"listed and revoked at once", did);
		}
	return NULL;
}

static const struct cf_err *
read_doc(struct cf_identity *out, struct cf_str bytes)
{
	struct cf_buf jcs = CF_BUF(CF_MAX_IDENTITY);
	struct cf_schema_faults faults = { .max = 1 };
	const struct cf_err *err;

	err = cf_json_read_file_form(&out->doc, &jcs, "proof", bytes,
		CF_MAX_IDENTITY);
	if (err) {
		err = cf_err_rule(CF_REFUSED, "identity.encoding", "%s",
			err->msg);
		goto done;
	}
	cf_digest_of(&out->digest, jcs.data, jcs.len);
	if (!cf_schema_valid(cf_schema_of("identity"), out->doc, &faults)) {
		err = cf_err_rule(CF_REFUSED, "identity.schema",
			"the identity document at %s: %s",
			faults.n && faults.fault[0].path[0] ?
			faults.fault[0].path : "its top",
			faults.n ? faults.fault[0].why : "not valid");
		goto done;
	}
	out->version = (unsigned)json_integer_value(member(out, "version"));
	out->name = cf_json_str(out->doc, "name");
	out->role = cf_json_str(out->doc, "role");
	if (!cf_name_valid(out->name))
		err = cf_err_rule(CF_REFUSED, "identity.name", "the name of "
			"the trust has characters that are not allowed");
	if (!err)
		err = check_keys(out);
	if (!err)
		err = check_reasons(out);
done:
	cf_schema_faults_clear(&faults);
	cf_buf_clear(&jcs);
	return err;
}

const struct cf_err *
cf_identity_read(struct cf_identity *out, struct cf_str bytes)
{
	const struct cf_err *err;

	*out = (struct cf_identity){ 0 };
	err = read_doc(out, bytes);
	if (err)
		cf_identity_clear(out);
	return err;
}

void
cf_identity_clear(struct cf_identity *identity)
{
	json_decref(identity->doc);
	*identity = (struct cf_identity){ 0 };
}

/* NULL where one of the document's proofs is a good one by a key of `root`. */
static const struct cf_err *
proved_by(const struct cf_identity *identity, const json_t *root,
	const char *whose)
{
	json_t *proofs = member(identity, "proof");
	unsigned char hash[32];

	if (!cf_digest_raw(hash, identity->digest.text))
		cf_bug("own digest does not parse");
	for (size_t i = 0; i < json_array_size(proofs); i++) {
		struct cf_pubkey signer;

		if (cf_proof_verify(&signer, json_array_get(proofs, i), hash)
			== NULL && cf_json_has(root, signer.did))
			return NULL;
	}
	return cf_err_rule(CF_REFUSED, "identity.proof", "identity %u is not "
		"signed by a root key of %s", identity->version, whose);
}

/* `revoked` only grows; a reason may only become "compromised"; a key that was
 * ever revoked is never listed again (check_keys has seen to the latter). */
static const struct cf_err *
check_revoked(const struct cf_identity *old, const struct cf_identity *next)
{
	json_t *before = member(old, "revoked"), *after;

	after = member(next, "revoked");
	for (size_t i = 0; i < json_array_size(before); i++) {
		const json_t *entry = json_array_get(before, i);
		const char *did = cf_json_str(entry, "key");
		const char *was = cf_json_str(entry, "reason");
		const char *is = reason_in(after, did);

		if (is == NULL || (strcmp(is, was) != 0 &&
			strcmp(is, "compromised") != 0))
			return cf_err_rule(CF_REFUSED, "identity.revoked",
				"identity %u takes back that the key %s was "
				"revoked (%s)", next->version, did, was);
	}
	return NULL;
}

static const struct cf_err *
check_next(const struct cf_chain *chain, const struct cf_identity *next)
{
	const struct cf_identity *now = cf_chain_now(chain);
	const char *previous = cf_json_str(next->doc, "previous");
	const struct cf_err *err;

	if (next->version != chain->n + 1 || chain->n >= CF_MAX_IDENTITIES)
		return cf_err_rule(CF_REFUSED, "identity.version",
			"identity %u comes where number %zu is due",
			next->version, chain->n + 1);
	if (now == NULL)
		return previous ? cf_err_rule(CF_REFUSED, "identity.previous",
			"the first identity names a previous one") :
			proved_by(next, member(next, "rootKeys"), "its own");
	if (previous == NULL || strcmp(previous, now->digest.text) != 0)
		return cf_err_rule(CF_REFUSED, "identity.previous",
			"identity %u does not follow from identity %u",
			next->version, now->version);
	err = proved_by(next, member(now, "rootKeys"), "the one before");
	if (!err)
		err = proved_by(next, member(next, "rootKeys"), "its own");
	return err ? err : check_revoked(now, next);
}

const struct cf_err *
cf_chain_append_take(struct cf_chain *chain, struct cf_identity *next)
{
	const struct cf_err *err = check_next(chain, next);

	if (err) {
		cf_identity_clear(next);
		return err;
	}
	chain->link = cf_grow(chain->link, chain->n, &chain->cap,
		sizeof *chain->link);
	chain->link[chain->n++] = *next;
	*next = (struct cf_identity){ 0 };
	return NULL;
}

void
cf_chain_clear(struct cf_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++)
		cf_identity_clear(&chain->link[i]);
	free(chain->link);
	*chain = (struct cf_chain){ 0 };
}

void
cf_chain_copy(struct cf_chain *out, const struct cf_chain *chain)
{
	*out = (struct cf_chain){ .link = cf_calloc(chain->n,
		sizeof *out->link), .n = chain->n, .cap = chain->n };
	for (size_t i = 0; i < chain->n; i++) {
		out->link[i] = chain->link[i];
		json_incref(out->link[i].doc);
	}
}

const struct cf_identity *
cf_chain_now(const struct cf_chain *chain)
{
	return chain->n ? &chain->link[chain->n - 1] : NULL;
}

const char *
cf_chain_trust(const struct cf_chain *chain)
{
	return chain->n ? chain->link[0].digest.text : "";
}

size_t
cf_chain_common(const struct cf_chain *a, const struct cf_chain *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n && json_equal(a->link[n].doc,
		b->link[n].doc))
		n++;
	return n;
}

const char *
cf_restart_reason(const struct cf_identity *identity)
{
	return cf_json_str(member(identity, "restart"), "reason");
}

const char *
cf_restart_base(const struct cf_identity *identity)
{
	return cf_json_str(member(identity, "restart"), "base");
}

const struct cf_identity *
cf_chain_restart(const struct cf_chain *chain)
{
	for (size_t i = chain->n; i-- > 0;)
		if (cf_restart_base(&chain->link[i]))
			return &chain->link[i];
	return NULL;
}

bool
cf_chain_may_publish(const struct cf_chain *chain, const char *did)
{
	const struct cf_identity *now = cf_chain_now(chain);

	return now && cf_json_has(member(now, "publishKeys"), did);
}

bool
cf_chain_proof_counts(const struct cf_chain *chain, const char *did)
{
	const char *reason = cf_chain_revoked(chain, did);

	if (reason && strcmp(reason, "compromised") == 0)
		return false;
	for (size_t i = chain->n; i-- > 0;)
		if (cf_json_has(member(&chain->link[i], "publishKeys"), did))
			return true;
	return false;
}

json_t *
cf_chain_proof(const struct cf_chain *chain, const json_t *doc)
{
	json_t *proofs = json_object_get(doc, "proof"), *best = NULL;

	for (size_t i = 0; i < json_array_size(proofs); i++) {
		json_t *proof = json_array_get(proofs, i);
		struct cf_pubkey key;

		if (cf_proof_key(&key, proof) &&
			cf_chain_proof_counts(chain, key.did) &&
			(best == NULL || cf_json_compare(proof, best) < 0))
			best = proof;
	}
	return best;
}

const char *
cf_chain_revoked(const struct cf_chain *chain, const char *did)
{
	const struct cf_identity *now = cf_chain_now(chain);

	return now ? reason_in(member(now, "revoked"), did) : NULL;
}
