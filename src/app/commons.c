/*
 * The commons: refs/heads/commons is made from the verified heads and the
 * ruleset. Only the records that changed are merged again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/mem.h"

/* A trust whose main is part of the commons. */
struct source {
	const char *id;			/* owned by names */
	struct cf_gate gate;
};

struct build {
	struct cf_trust *trust;
	struct cf_names names;
	struct source *source;		/* by trust id, as names */
	struct cf_edit *edit;
	size_t n, cap;
	size_t mark;		/* where the edits of this record begin */
};

static struct source *
source_of(struct build *b, const char *id)
{
	for (size_t i = 0; i < b->names.n; i++)
		if (strcmp(b->source[i].id, id) == 0)
			return &b->source[i];
	return NULL;
}

static const struct cf_err *
load_sources(struct build *b)
{
	struct cf_odb *odb = cf_store_odb(b->trust->store);
	const struct cf_err *err;

	err = cf_index_trusts(&b->names, b->trust->index);
	if (err)
		return err;
	b->source = cf_calloc(b->names.n, sizeof *b->source);
	for (size_t i = 0; i < b->names.n && !err; i++) {
		struct cf_oid pin;
		bool found;

		b->source[i].id = b->names.name[i];
		err = cf_index_pin(&pin, &found, b->trust->index,
			b->names.name[i]);
		if (!err)
			err = cf_gate_load(&b->source[i].gate, odb, &pin);
	}
	return err;
}

static void
clear(struct build *b)
{
	for (size_t i = 0; b->source && i < b->names.n; i++)
		cf_gate_clear(&b->source[i].gate);
	for (size_t i = 0; i < b->n; i++)
		free(b->edit[i].path);
	free(b->edit);
	free(b->source);
	cf_names_clear(&b->names);
}

/* A blob at a path, or (NULL) nothing there any more; the last word counts. */
static void
add_edit(struct build *b, const char *path, const struct cf_oid *blob)
{
	for (size_t i = b->mark; i < b->n; i++)
		if (strcmp(b->edit[i].path, path) == 0) {
			b->edit[i].remove = blob == NULL;
			if (blob)
				b->edit[i].oid = *blob;
			return;
		}
	b->edit = cf_grow(b->edit, b->n, &b->cap, sizeof *b->edit);
	b->edit[b->n] = (struct cf_edit){ .path = cf_strdup(path),
		.remove = blob == NULL };
	if (blob)
		b->edit[b->n].oid = *blob;
	b->n++;
}

static const struct cf_err *
add_json(struct build *b, const char *path, const json_t *doc)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;
	struct cf_oid blob;

	err = cf_json_file_form(&text, doc);
	if (!err)
		err = cf_odb_write(&blob, b->trust->store, CF_BLOB, text.data,
			text.len);
	if (!err)
		add_edit(b, path, &blob);
	cf_buf_clear(&text);
	return err;
}

const struct cf_err *
cf_blob_json(json_t **out, struct cf_trust *trust, const struct cf_oid *blob)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;

	*out = NULL;
	err = cf_odb_read(&text, cf_store_odb(trust->store), blob, CF_BLOB);
	if (!err)
		err = cf_json_read_file_form(out, NULL, NULL,
			(struct cf_str){ text.data, text.len }, CF_MAX_JSON);
	cf_buf_clear(&text);
	return err;
}

/* --- one record -------------------------------------------------------------- */

struct one {
	struct build *b;
	const char *id;
	struct cf_versions versions;
	enum cf_standing standing;
	size_t owner;			/* index of the owner's file */
	/* The heads: one entry for each version id, in order of id. */
	struct head {
		const char *id;
		json_t *doc;		/* with all proofs that count */
	} *head;
	size_t heads;
	json_t *owner_doc;
	json_t *signers;
};

static const struct cf_err *
is_steward(void *payload, bool *out, size_t index, const char *trust)
{
	struct one *one = payload;
	const struct cf_err *err = NULL;

	if (one->owner_doc == NULL)
		err = cf_blob_json(&one->owner_doc, one->b->trust,
			&one->versions.version[index].blob);
	if (!err)
		*out = cf_json_has(json_object_get(one->owner_doc, "stewards"),
			trust);
	return err;
}

/* The file of one head, from all mains in which it lies. */
static const struct cf_err *
gather(struct one *one, const char *version, json_t **out)
{
	json_t *docs[CF_MAX_STEWARDS] = { 0 };
	const struct cf_chain *chains[CF_MAX_STEWARDS];
	const struct cf_err *err = NULL;
	size_t n = 0;

	for (size_t i = 0; i < one->versions.n && n < CF_MAX_STEWARDS; i++) {
		const struct cf_version *v = &one->versions.version[i];
		const struct cf_version *next = v + 1;
		const struct source *source;

		if (!v->head || strcmp(v->id, version) != 0)
			continue;
		/* With proofs added it comes again: the last one stands. */
		if (i + 1 < one->versions.n && next->head &&
			strcmp(next->trust, v->trust) == 0 &&
			strcmp(next->id, version) == 0)
			continue;
		source = source_of(one->b, v->trust);
		if (source == NULL)
			cf_bug("a version of a trust that is not followed");
		err = cf_blob_json(&docs[n], one->b->trust, &v->blob);
		if (err)
			break;
		chains[n++] = &source->gate.chain;
		if (!cf_json_has(one->signers, v->trust))
			json_array_append_new(one->signers,
				json_string(v->trust));
	}
	if (!err)
		*out = cf_merged_single(docs, chains, n);
	for (size_t i = 0; i < n; i++)
		json_decref(docs[i]);
	return err;
}

static int
by_version(const void *a, const void *b)
{
	return strcmp(((const struct head *)a)->id,
		((const struct head *)b)->id);
}

static const struct cf_err *
collect_heads(struct one *one)
{
	const struct cf_err *err = NULL;
	size_t n = 0;

	one->head = cf_calloc(one->versions.n, sizeof *one->head);
	for (size_t i = 0; i < one->versions.n; i++)
		if (one->versions.version[i].head)
			one->head[n++].id = one->versions.version[i].id;
	qsort(one->head, n, sizeof *one->head, by_version);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(one->head[i].id,
			one->head[one->heads - 1].id) != 0)
			one->head[one->heads++].id = one->head[i].id;
	for (size_t i = 0; i < one->heads && !err; i++)
		err = gather(one, one->head[i].id, &one->head[i].doc);
	return err;
}

static void
head_path(char out[CF_PATH_TEXT + CF_DIGEST_TEXT], const char *id,
	const char *version)
{
	(void)snprintf(out, CF_PATH_TEXT + CF_DIGEST_TEXT,
		"heads/%.2s/%.2s/%s/%s.json", id + 34, id + 32, id, version);
}

/* What the commons had of the record, away with it. */
static const struct cf_err *
remove_old(struct one *one)
{
	char path[CF_PATH_TEXT + CF_DIGEST_TEXT];
	struct cf_uuid id;
	const struct cf_err *err;
	json_t *row, *heads;

	err = cf_index_record(&row, one->b->trust->index, one->id);
	if (err || row == NULL)
		return err;
	if (strcmp(cf_json_str(row, "standing"), "stands") == 0 &&
		cf_uuid_parse(&id, cf_str(one->id))) {
		cf_commons_path(path, cf_json_str(row, "kind"), &id);
		add_edit(one->b, path, NULL);
	}
	heads = json_object_get(row, "heads");
	for (size_t i = 0; json_array_size(heads) > 1 &&
		i < json_array_size(heads); i++) {
		head_path(path, one->id,
			json_string_value(json_array_get(heads, i)));
		add_edit(one->b, path, NULL);
	}
	json_decref(row);
	return NULL;
}

/* The merged file: the head itself, or the owner's body where heads differ; then
 * every head lies in heads/ and nothing contested takes effect. */
static const struct cf_err *
write_files(struct one *one, json_t **shown)
{
	char path[CF_PATH_TEXT + CF_DIGEST_TEXT];
	const json_t *owner = one->owner_doc;
	struct cf_digest *ids = cf_calloc(one->heads, sizeof *ids);
	json_t **docs = cf_calloc(one->heads, sizeof *docs);
	const struct cf_err *err = NULL;
	struct cf_uuid id;

	for (size_t i = 0; i < one->heads; i++) {
		(void)snprintf(ids[i].text, sizeof ids[i].text, "%s",
			one->head[i].id);
		docs[i] = one->head[i].doc;
	}
	if (one->heads == 1 && cf_same_header(owner, docs[0]))
		*shown = json_incref(docs[0]);
	else
		*shown = cf_merged_record(owner, json_object_get(
			one->heads == 1 ? docs[0] : owner, "body"), docs, ids,
			one->heads);
	if (!cf_uuid_parse(&id, cf_str(one->id)))
		cf_bug("a record without an id");
	cf_commons_path(path, cf_json_str(owner, "kind"), &id);
	err = add_json(one->b, path, *shown);
	for (size_t i = 0; one->heads > 1 && i < one->heads && !err; i++) {
		head_path(path, one->id, one->head[i].id);
		err = add_json(one->b, path, docs[i]);
	}
	free(ids);
	free(docs);
	return err;
}

static const struct cf_err *
write_row(struct one *one, const json_t *shown)
{
	json_t *heads = json_array(), *row;
	const struct cf_err *err;
	const json_t *first = json_array_get(one->versions.rows, 0);

	for (size_t i = 0; i < one->heads; i++)
		json_array_append_new(heads, json_string(one->head[i].id));
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:O}",
		"id", one->id,
		"kind", cf_json_str(shown ? shown : first, "kind"),
		"owner", shown ? cf_json_str(shown, "owner") : "",
		"standing", one->standing == CF_STANDS ? "stands" :
		one->standing == CF_NO_OWNER ? "no-owner" : "no-version",
		"title", shown ? cf_record_title(shown) :
		cf_json_str(first, "title"),
		"status", cf_json_str(shown ? shown : first, "status"),
		"modified", cf_json_str(shown ? shown : first, "modified"),
		"conflict", one->heads > 1, "heads", heads,
		"signers", one->signers);
	if (row == NULL)
		cf_bug("a record's row does not pack");
	err = cf_index_put_record(one->b->trust->index, row);
	json_decref(row);
	return err;
}

/* The trust, among those followed, that the id certifies; NULL if none. */
static const char *
owner_of(struct build *b, const char *record)
{
	struct cf_uuid id;

	for (size_t i = 0; cf_uuid_parse(&id, cf_str(record)) &&
		i < b->names.n; i++)
		if (cf_uuid_certifies(&id, b->names.name[i]))
			return b->names.name[i];
	return NULL;
}

static const struct cf_err *
merge_one(struct build *b, const char *id)
{
	struct one one = { .b = b, .id = id, .signers = json_array(),
		.standing = CF_NO_OWNER };
	const char *owner = owner_of(b, id);
	struct cf_heads_in in = { .owner = owner, .is_steward = is_steward,
		.payload = &one };
	const struct cf_err *err;
	json_t *shown = NULL;

	b->mark = b->n;
	err = cf_index_versions(&one.versions, b->trust->index, id);
	if (!err)
		err = remove_old(&one);
	in.version = one.versions.version;
	in.n = one.versions.n;
	if (!err && one.versions.n == 0) {
		err = cf_index_drop_record(b->trust->index, id);
		goto done;
	}
	if (!err && owner)
		err = cf_heads(&one.standing, &one.owner, &in);
	if (!err && one.standing == CF_STANDS)
		err = collect_heads(&one);
	if (!err && one.standing == CF_STANDS && one.owner_doc == NULL)
		err = cf_blob_json(&one.owner_doc, b->trust,
			&in.version[one.owner].blob);
	if (!err && one.standing == CF_STANDS)
		err = write_files(&one, &shown);
	if (!err)
		err = write_row(&one, shown);
done:
	for (size_t i = 0; i < one.heads; i++)
		json_decref(one.head[i].doc);
	free(one.head);
	json_decref(shown);
	json_decref(one.owner_doc);
	json_decref(one.signers);
	cf_versions_clear(&one.versions);
	return err;
}

/* --- the whole ---------------------------------------------------------------- */

/* trusts/<id>.json: the identity in force, of each; and commons.json. */
static const struct cf_err *
add_trusts(struct build *b, const struct cf_oid *base)
{
	struct cf_odb *odb = cf_store_odb(b->trust->store);
	const struct cf_err *err = NULL;
	json_t *head;

	for (size_t i = 0; i < b->names.n && !err; i++) {
		const struct cf_gate *gate = &b->source[i].gate;
		char key[CF_IDENTITY_PATH_TEXT];
		struct cf_entry entry, old;
		char *path;
		bool found, same = false;

		cf_identity_path(key, cf_chain_now(&gate->chain)->version);
		path = cf_asprintf("trusts/%s.json", b->names.name[i]);
		err = cf_tree_find(&entry, &found, odb, &gate->tree, key);
		if (!err && base)
			err = cf_tree_find(&old, &same, odb, base, path);
		if (!err && found && !(same && cf_oid_eq(&old.oid,
			&entry.oid)))
			add_edit(b, path, &entry.oid);
		free(path);
	}
	if (err || base)
		return err;
	head = json_pack("{s:i, s:i}", "ruleset", CF_RULESET, "protocol",
		CF_PROTOCOL);
	err = add_json(b, "commons.json", head);
	json_decref(head);
	return err;
}

/* Identities of trusts that are no longer followed. */
static const struct cf_err *
remove_trusts(struct build *b, const struct cf_oid *base)
{
	struct cf_odb *odb = cf_store_odb(b->trust->store);
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_entry dir, entry, previous;
	const struct cf_err *err;
	struct cf_str rest;
	bool found, first = true;

	err = cf_tree_find(&dir, &found, odb, base, "trusts");
	if (!err && found)
		err = cf_odb_read(&raw, odb, &dir.oid, CF_TREE);
	rest = (struct cf_str){ raw.data, raw.len };
	while (!err && rest.n) {
		char id[CF_DIGEST_TEXT] = "";

		err = cf_tree_next(&entry, &rest, first ? NULL : &previous);
		if (err)
			break;
		previous = entry;
		first = false;
		if (entry.name.n == CF_DIGEST_TEXT - 1 + 5)
			memcpy(id, entry.name.p, CF_DIGEST_TEXT - 1);
		if (source_of(b, id) == NULL) {
			char *path = cf_asprintf("trusts/%.*s",
				(int)entry.name.n, entry.name.p);

			add_edit(b, path, NULL);
			free(path);
		}
	}
	cf_buf_clear(&raw);
	return err;
}

/* The tree of the commons that the index's rows describe, or false. */
static const struct cf_err *
base_tree(struct cf_oid *tree, struct cf_oid *commit, bool *known, bool *exists,
	struct cf_trust *trust)
{
	const struct cf_err *err;
	char hex[CF_OID_TEXT], *made = NULL, *text = NULL;

	*known = false;
	err = cf_ref_read(commit, exists, trust->store, CF_COMMONS);
	if (!err && *exists)
		err = cf_index_get(&made, trust->index, "commons");
	if (!err && *exists)
		err = cf_index_get(&text, trust->index, "commons-tree");
	if (!err && *exists && made && text) {
		cf_oid_hex(hex, commit);
		*known = strcmp(made, hex) == 0 &&
			cf_oid_parse(tree, cf_str(text)) &&
			cf_odb_has(cf_store_odb(trust->store), tree);
	}
	free(made);
	free(text);
	return err;
}

static const struct cf_err *
write_commit(struct cf_oid *out, struct build *b, const struct cf_oid *tree)
{
	struct cf_oid *parents = cf_calloc(b->names.n, sizeof *parents);
	const struct cf_err *err;
	char message[80];
	int64_t time = 0;

	for (size_t i = 0; i < b->names.n; i++) {
		parents[i] = b->source[i].gate.head;
		if (b->source[i].gate.time > time)
			time = b->source[i].gate.time;
	}
	(void)snprintf(message, sizeof message,
		"Commons of %zu trust%s, ruleset %d\n", b->names.n,
		b->names.n == 1 ? "" : "s", CF_RULESET);
	err = cf_commit_write_plain(out, b->trust->store, tree, parents,
		b->names.n, "Confer", "commons@confer.invalid", time, message);
	free(parents);
	return err;
}

/* Rows and `dirty` in one transaction with the id that they describe. */
static const struct cf_err *
finish(struct build *b, const struct cf_oid *commit, const struct cf_oid *tree)
{
	struct cf_index *index = b->trust->index;
	char hex[CF_OID_TEXT];
	const struct cf_err *err;

	cf_oid_hex(hex, commit);
	err = cf_index_set(index, "commons", hex);
	cf_oid_hex(hex, tree);
	if (!err)
		err = cf_index_set(index, "commons-tree", hex);
	if (!err)
		err = cf_index_clean(index);
	return err;
}

#define BULK 100	/* from so many records on, files are written together */

static const struct cf_err *
merge_all(struct build *b, const struct cf_names *dirty)
{
	const struct cf_err *err = NULL;
	bool bulk = dirty->n >= BULK;

	if (bulk)
		err = cf_bulk_begin(b->trust->store);
	for (size_t i = 0; i < dirty->n && !err; i++)
		err = merge_one(b, dirty->name[i]);
	if (bulk && !err)
		err = cf_bulk_end(b->trust->store);
	else if (bulk)
		cf_bulk_drop(b->trust->store);
	b->mark = b->n;
	return err;
}

static const struct cf_err *
update(struct build *b)
{
	struct cf_trust *trust = b->trust;
	struct cf_oid base, old, tree, commit;
	struct cf_names dirty = { 0 };
	const struct cf_err *err;
	bool known, exists;

	err = load_sources(b);
	if (!err)
		err = base_tree(&base, &old, &known, &exists, trust);
	if (!err && !known)
		err = cf_index_all_dirty(trust->index);
	if (!err)
		err = cf_index_dirty(&dirty, trust->index);
	if (!err)
		err = merge_all(b, &dirty);
	if (!err)
		err = add_trusts(b, known ? &base : NULL);
	if (!err && known)
		err = remove_trusts(b, &base);
	if (!err)
		err = cf_tree_edit(&tree, trust->store, known ? &base : NULL,
			b->edit, b->n);
	if (!err)
		err = write_commit(&commit, b, &tree);
	if (!err)
		err = finish(b, &commit, &tree);
	/* The ref goes last: until it has moved, the transaction can go. */
	if (!err && !(exists && cf_oid_eq(&old, &commit)))
		err = cf_ref_set(trust->store, CF_COMMONS, &commit,
			exists ? &old : NULL);
	cf_names_clear(&dirty);
	return err;
}

const struct cf_err *
cf_commons_update(struct cf_trust *trust)
{
	struct build b = { .trust = trust };
	const struct cf_err *err = cf_index_begin(trust->index);

	if (err)
		return err;
	err = update(&b);
	clear(&b);
	if (!err)
		return cf_index_commit(trust->index);
	cf_index_rollback(trust->index);
	return err;
}

/* --- reading ------------------------------------------------------------------- */

static const struct cf_err *
commons_tree(struct cf_oid *tree, bool *found, struct cf_trust *trust)
{
	const struct cf_err *err;
	char *text = NULL;

	err = cf_index_get(&text, trust->index, "commons-tree");
	*found = !err && text && cf_oid_parse(tree, cf_str(text));
	free(text);
	return err;
}

const struct cf_err *
cf_commons_read(json_t **out, struct cf_trust *trust, const char *path)
{
	struct cf_entry entry;
	struct cf_oid tree;
	const struct cf_err *err;
	bool found;

	*out = NULL;
	err = commons_tree(&tree, &found, trust);
	if (!err && found)
		err = cf_tree_find(&entry, &found, cf_store_odb(trust->store),
			&tree, path);
	return err || !found ? err : cf_blob_json(out, trust, &entry.oid);
}

/* A commit id in a form to read out: the first 20 hex digits in fives. */
static void
speak(char out[24], const char hex[CF_OID_TEXT])
{
	(void)snprintf(out, 24, "%.5s %.5s %.5s %.5s", hex, hex + 5, hex + 10,
		hex + 15);
}

const struct cf_err *
cf_commons_state(json_t **out, struct cf_trust *trust)
{
	unsigned long long records, conflicts;
	char hex[CF_OID_TEXT] = "", text[CF_OID_TEXT] = "", spoken[24] = "";
	struct cf_oid commit, tree;
	const struct cf_err *err;
	bool found, made = false;

	*out = NULL;
	err = cf_ref_read(&commit, &found, trust->store, CF_COMMONS);
	if (!err)
		err = commons_tree(&tree, &made, trust);
	if (!err)
		err = cf_index_count(&records, &conflicts, trust->index);
	if (err)
		return err;
	if (found) {
		cf_oid_hex(hex, &commit);
		speak(spoken, hex);
	}
	if (made)
		cf_oid_hex(text, &tree);
	*out = json_pack("{s:s, s:s, s:I, s:I, s:s}", "commit", hex, "tree",
		text, "records", (json_int_t)records, "conflicts",
		(json_int_t)conflicts, "spoken", spoken);
	return NULL;
}
