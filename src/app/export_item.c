/*
 * A record with where it comes from: which version stands, who signed it with
 * which key, which commit brought it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/export.h"
#include "app/joined.h"
#include "base/mem.h"

/* --- trusts --------------------------------------------------------------- */

static struct cf_export_source *
source_of(struct cf_exporting *x, const char *trust)
{
	for (size_t i = 0; i < x->names.n; i++)
		if (strcmp(x->names.name[i], trust) == 0)
			return &x->source[i];
	cf_bug("a version of a trust that is not followed");
}

static json_t *
trust_row(const struct cf_gate *gate)
{
	const struct cf_identity *now = cf_chain_now(&gate->chain);
	char hex[CF_OID_TEXT], time[CF_TIME_TEXT];

	cf_oid_hex(hex, &gate->head);
	cf_time_format(time, gate->time);
	return json_pack("{s:s, s:s, s:s, s:O, s:i, s:s, s:I, s:s}", "trust",
		cf_chain_trust(&gate->chain), "name", now->name, "role",
		now->role, "urls", json_object_get(now->doc, "urls"),
		"identity", (int)now->version, "head", hex, "sequence",
		(json_int_t)gate->sequence, "committed", time);
}

const struct cf_err *
cf_export_sources(struct cf_exporting *x)
{
	struct cf_odb *odb = cf_store_odb(x->trust->store);
	json_t *trusts = json_array(), *state = NULL;
	char time[CF_TIME_TEXT];
	const struct cf_err *err;
	int64_t latest = 0;

	err = cf_index_trusts(&x->names, x->trust->index);
	x->source = cf_calloc(x->names.n + 1, sizeof *x->source);
	for (size_t i = 0; i < x->names.n && !err; i++) {
		struct cf_export_source *s = &x->source[i];
		struct cf_oid pin;
		bool found;

		err = cf_index_pin(&pin, &found, x->trust->index,
			x->names.name[i]);
		if (!err)
			err = cf_gate_load(&s->gate, odb, &pin);
		if (err)
			break;
		s->next = s->gate.head;
		s->more = true;
		latest = s->gate.time > latest ? s->gate.time : latest;
		json_array_append_new(trusts, trust_row(&s->gate));
	}
	if (!err)
		err = cf_commons_state(&state, x->trust);
	if (!err)
		err = cf_incomplete(&x->incomplete, x->trust);
	cf_time_format(time, latest);
	if (!err)
		x->about = json_pack("{s:O, s:O, s:s, s:i, s:O}", "commit",
			json_object_get(state, "commit"), "tree",
			json_object_get(state, "tree"), "time", time,
			"ruleset", CF_RULESET, "trusts", trusts);
	json_decref(trusts);
	json_decref(state);
	return err;
}

void
cf_export_sources_clear(struct cf_exporting *x)
{
	for (size_t i = 0; x->source && i < x->names.n; i++) {
		cf_gate_clear(&x->source[i].gate);
		free(x->source[i].commit);
	}
	free(x->source);
	cf_names_clear(&x->names);
	json_decref(x->about);
	json_decref(x->incomplete);
}

/* The commit with a number, from the head backwards; each is read once. */
static const struct cf_err *
commit_of(struct cf_oid *out, struct cf_exporting *x,
	struct cf_export_source *s, json_int_t sequence)
{
	uint64_t back = s->gate.sequence - (uint64_t)sequence;
	struct cf_odb *odb = cf_store_odb(x->trust->store);
	const struct cf_err *err = NULL;

	while (!err && s->n <= back && s->more) {
		struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
		struct cf_commit commit;

		s->commit = cf_grow(s->commit, s->n, &s->cap,
			sizeof *s->commit);
		s->commit[s->n++] = s->next;
		err = cf_odb_read(&raw, odb, &s->next, CF_COMMIT);
		if (!err)
			err = cf_commit_parse(&commit, (struct cf_str){
				raw.data, raw.len });
		if (!err) {
			s->next = commit.parent;
			s->more = commit.has_parent;
		}
		cf_buf_clear(&raw);
	}
	if (!err && s->n <= back)
		err = cf_err(CF_SYS, "the index names a commit that is in no "
			"history; 'confer index --rebuild' makes it again");
	if (!err)
		*out = s->commit[back];
	return err;
}

/* --- signatures ----------------------------------------------------------- */

static const char *
state_of(const struct cf_chain *chain, const char *did)
{
	const char *reason = cf_chain_revoked(chain, did);

	if (reason)
		return reason;
	return cf_chain_may_publish(chain, did) ? "in-force" : "retired";
}

/* Adds the proof that stands for this trust, if the document has one. */
static bool
add_proof(json_t *to, const json_t *doc, const struct cf_chain *chain)
{
	const json_t *proof = cf_chain_proof(chain, doc);
	struct cf_pubkey key;

	if (proof == NULL || !cf_proof_key(&key, proof))
		return false;
	json_object_set_new(to, "key", json_string(key.did));
	json_object_set_new(to, "keyState", json_string(state_of(chain,
		key.did)));
	json_object_set(to, "signed", json_object_get(proof, "created"));
	return true;
}

/* The file of a version that has a proof which counts, from row `at` on, where it
 * came into this trust's main first; proofs are added and never taken away. */
static const struct cf_err *
find_proof(json_t *to, size_t *row, struct cf_exporting *x,
	const struct cf_versions *all, size_t at, const struct cf_chain *chain)
{
	const struct cf_version *first = &all->version[at];
	const struct cf_err *err = NULL;
	bool found = false;

	*row = at;
	for (size_t i = at; i < all->n && !err && !found; i++) {
		json_t *doc = NULL;

		if (all->version[i].held ||
			strcmp(all->version[i].trust, first->trust) != 0 ||
			strcmp(all->version[i].id, first->id) != 0)
			continue;
		err = cf_blob_json(&doc, x->trust, &all->version[i].blob);
		found = !err && add_proof(to, doc, chain);
		if (found)
			*row = i;
		json_decref(doc);
	}
	return err;
}

/* What a trust says of a version that its main holds from row `at` on. */
static const struct cf_err *
signature_of(json_t **out, struct cf_exporting *x,
	const struct cf_versions *all, size_t at)
{
	const char *trust = all->version[at].trust;
	struct cf_export_source *s = source_of(x, trust);
	char hex[CF_OID_TEXT], time[CF_TIME_TEXT];
	json_t *proof = json_object();
	const struct cf_err *err;
	struct cf_oid commit;
	json_int_t sequence;
	const json_t *row;
	size_t i;

	*out = NULL;
	err = find_proof(proof, &i, x, all, at, &s->gate.chain);
	row = json_array_get(all->rows, i);
	sequence = json_integer_value(json_object_get(row, "sequence"));
	if (!err)
		err = commit_of(&commit, x, s, sequence);
	if (!err) {
		cf_oid_hex(hex, &commit);
		cf_time_format(time, json_integer_value(json_object_get(row,
			"time")));
		*out = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s}", "trust",
			trust, "name", cf_chain_now(&s->gate.chain)->name,
			"signature", json_object_size(proof) ? "verified" :
			"none", "commit", hex, "sequence", sequence,
			"committed", time);
		json_object_update(*out, proof);
	}
	json_decref(proof);
	return err;
}

/* Whether row i is where a trust's main has the version first. */
static bool
comes_first(const struct cf_versions *all, size_t i, const char *version)
{
	if (all->version[i].held || strcmp(all->version[i].id, version) != 0)
		return false;
	for (size_t k = 0; k < i; k++)
		if (!all->version[k].held && strcmp(all->version[k].trust,
			all->version[i].trust) == 0 &&
			strcmp(all->version[k].id, version) == 0)
			return false;
	return true;
}

/* The signed document of a head: the commons' own file, one of its heads', or
 * that of the main where it is. */
static const struct cf_err *
head_doc(json_t **out, struct cf_exporting *x, json_t *doc, const json_t *row,
	const struct cf_versions *all, const char *version)
{
	const char *id = cf_json_str(row, "id");
	const struct cf_err *err = NULL;
	char *path = cf_asprintf("heads/%.2s/%.2s/%s/%s.json", id + 34,
		id + 32, id, version);

	*out = NULL;
	if (json_object_get(doc, "proof"))
		*out = json_incref(doc);
	else
		err = cf_commons_read(out, x->trust, path);
	for (size_t i = 0; i < all->n && !err && *out == NULL; i++)
		if (comes_first(all, i, version))
			err = cf_blob_json(out, x->trust,
				&all->version[i].blob);
	free(path);
	return err;
}

static const struct cf_err *
head_of(json_t **out, struct cf_exporting *x, json_t *doc, const json_t *row,
	const struct cf_versions *all, const char *version)
{
	const json_t *signers = json_object_get(row, "signers");
	json_t *signatures = json_array(), *whole = NULL;
	const struct cf_err *err;

	err = head_doc(&whole, x, doc, row, all, version);
	for (size_t i = 0; i < all->n && !err; i++) {
		json_t *one = NULL;

		if (!comes_first(all, i, version) ||
			!cf_json_has(signers, all->version[i].trust))
			continue;
		err = signature_of(&one, x, all, i);
		if (one)
			json_array_append_new(signatures, one);
	}
	*out = json_pack("{s:s, s:O*, s:o}", "version", version, "document",
		whole, "signatures", signatures);
	json_decref(whole);
	return err;
}

/* --- the item ------------------------------------------------------------- */

/* Where one version stands, its owner's signature (or the first) speaks for the
 * record. */
static void
add_single(json_t *from, const char *owner)
{
	const json_t *head = json_array_get(json_object_get(from, "versions"),
		0);
	const json_t *all = json_object_get(head, "signatures");
	const json_t *best = json_array_get(all, 0);

	for (size_t i = 0; i < json_array_size(all); i++)
		if (strcmp(cf_json_str(json_array_get(all, i), "trust"),
			owner) == 0)
			best = json_array_get(all, i);
	json_object_set(from, "version", json_object_get(head, "version"));
	json_object_set(from, "commit", json_object_get(best, "commit"));
	if (json_object_get(best, "key"))
		json_object_set(from, "key", json_object_get(best, "key"));
}

static const struct cf_err *
add_contested(json_t *from, struct cf_exporting *x, const char *id)
{
	json_t *about = NULL, *paths = json_array(), *field;
	struct cf_joined joined;
	const struct cf_err *err = cf_joined_read(&joined, x->trust, id);
	size_t i;

	if (!err) {
		err = cf_conflicts_of(&about, &joined, id);
		cf_joined_clear(&joined);
	}
	json_array_foreach(json_object_get(about, "fields"), i, field) {
		json_array_append(paths, json_object_get(field, "path"));
	}
	json_object_set_new(from, "contested", paths);
	json_decref(about);
	return err;
}

static json_t *
begin_provenance(struct cf_exporting *x, const json_t *row, const json_t *doc)
{
	const char *owner = cf_json_str(row, "owner");
	const struct cf_identity *now = cf_chain_now(&source_of(x,
		owner)->gate.chain);
	const json_t *proofs = json_object_get(doc, "proof");

	return json_pack("{s:O, s:O, s:b, s:s, s:s, s:s, s:s*, s:[]}",
		"conflict", json_object_get(row, "conflict"), "modified",
		json_object_get(row, "modified"), "incomplete",
		json_object_get(x->incomplete, cf_json_str(row, "id")) != NULL,
		"owner", owner, "ownerName", now->name, "signature",
		proofs == NULL ? "merged" : json_array_size(proofs) ?
		"verified" : "none", "url", cf_https(json_object_get(
		now->doc, "urls")), "versions");
}

const struct cf_err *
cf_export_item(json_t **out, struct cf_exporting *x, const json_t *row)
{
	const char *id = cf_json_str(row, "id");
	json_t *heads = json_object_get(row, "heads"), *doc = NULL, *from;
	struct cf_versions all = { 0 };
	char path[CF_PATH_TEXT];
	const struct cf_err *err;
	struct cf_uuid uuid;

	*out = NULL;
	if (!cf_uuid_parse(&uuid, cf_str(id)))
		cf_bug("a row without an id");
	cf_commons_path(path, cf_json_str(row, "kind"), &uuid);
	err = cf_commons_read(&doc, x->trust, path);
	if (!err && doc == NULL)
		err = cf_err(CF_SYS, "the commons has no file %s; 'confer "
			"index --rebuild' makes it again", path);
	if (!err)
		err = cf_index_versions(&all, x->trust->index, id);
	if (err) {
		json_decref(doc);
		return err;
	}
	from = begin_provenance(x, row, doc);
	for (size_t i = 0; i < json_array_size(heads) && !err; i++) {
		json_t *head = NULL;

		err = head_of(&head, x, doc, row, &all, json_string_value(
			json_array_get(heads, i)));
		json_array_append_new(json_object_get(from, "versions"), head);
	}
	if (!err && json_object_get(doc, "proof"))
		add_single(from, cf_json_str(row, "owner"));
	if (!err && json_is_true(json_object_get(row, "conflict")))
		err = add_contested(from, x, id);
	*out = json_pack("{s:o, s:o}", "provenance", from, "record", doc);
	cf_versions_clear(&all);
	return err;
}

const struct cf_err *
cf_export_bytes(struct cf_buf *out, struct cf_exporting *x, const char *path)
{
	struct cf_odb *odb = cf_store_odb(x->trust->store);
	struct cf_oid tree;
	struct cf_entry entry;
	const struct cf_err *err;
	char *text = NULL;
	bool found = false;

	cf_buf_reset(out);
	err = cf_index_get(&text, x->trust->index, "commons-tree");
	if (!err && (text == NULL || !cf_oid_parse(&tree, cf_str(text))))
		err = cf_err(CF_NOT_FOUND, "there is no commons here yet");
	if (!err)
		err = cf_tree_find(&entry, &found, odb, &tree, path);
	if (!err && !found)
		err = cf_err(CF_SYS, "the commons has no file %s; 'confer "
			"index --rebuild' makes it again", path);
	if (!err)
		err = cf_odb_read(out, odb, &entry.oid, CF_BLOB);
	free(text);
	return err;
}
