/*
 * The commons: refs/heads/commons is made from the verified heads and the
 * ruleset. Only the records that changed are merged again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commons.h"
#include "base/mem.h"

/* From so many records on, their files are written together. */
#define BULK 100

struct cf_source *
cf_source_of(struct cf_build *b, const char *id)
{
	for (size_t i = 0; i < b->names.n; i++)
		if (strcmp(b->source[i].id, id) == 0)
			return &b->source[i];
	return NULL;
}

static const struct cf_err *
load_sources(struct cf_build *b)
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
clear(struct cf_build *b)
{
	for (size_t i = 0; b->source && i < b->names.n; i++)
		cf_gate_clear(&b->source[i].gate);
	for (size_t i = 0; i < b->n; i++)
		free(b->edit[i].path);
	free(b->edit);
	free(b->source);
	cf_names_clear(&b->names);
}

void
cf_build_edit(struct cf_build *b, const char *path, const struct cf_oid *blob)
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

const struct cf_err *
cf_build_json(struct cf_build *b, const char *path, const json_t *doc)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;
	struct cf_oid blob;

	err = cf_json_file_form(&text, doc);
	if (!err)
		err = cf_odb_write(&blob, b->trust->store, CF_BLOB, text.data,
			text.len);
	if (!err)
		cf_build_edit(b, path, &blob);
	cf_buf_clear(&text);
	return err;
}

/* trusts/<id>.json: the identity in force, of each; and commons.json. */
static const struct cf_err *
add_trusts(struct cf_build *b, const struct cf_oid *base)
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
			cf_build_edit(b, path, &entry.oid);
		free(path);
	}
	if (err || base)
		return err;
	head = json_pack("{s:i, s:i}", "ruleset", CF_RULESET, "protocol",
		CF_PROTOCOL);
	err = cf_build_json(b, "commons.json", head);
	json_decref(head);
	return err;
}

/* Identities of trusts that are no longer followed. */
static const struct cf_err *
remove_trusts(struct cf_build *b, const struct cf_oid *base)
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
		if (cf_source_of(b, id) == NULL) {
			char *path = cf_asprintf("trusts/%.*s",
				(int)entry.name.n, entry.name.p);

			cf_build_edit(b, path, NULL);
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
write_commit(struct cf_oid *out, struct cf_build *b, const struct cf_oid *tree)
{
	struct cf_oid *parents = cf_calloc(b->names.n, sizeof *parents);
	struct cf_commit commit = { .tree = *tree, .name = cf_str("Confer"),
		.email = cf_str("commons@confer.invalid") };
	const struct cf_err *err;
	char message[80];

	for (size_t i = 0; i < b->names.n; i++) {
		parents[i] = b->source[i].gate.head;
		if (b->source[i].gate.time > commit.time)
			commit.time = b->source[i].gate.time;
	}
	(void)snprintf(message, sizeof message,
		"Commons of %zu trust%s, ruleset %d\n", b->names.n,
		b->names.n == 1 ? "" : "s", CF_RULESET);
	commit.message = cf_str(message);
	err = cf_commit_write_plain(out, b->trust->store, &commit, parents,
		b->names.n);
	free(parents);
	return err;
}

/* Rows and `dirty` in one transaction with the id that they describe. */
static const struct cf_err *
finish(struct cf_build *b, const struct cf_oid *commit, const struct cf_oid *tree)
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

static const struct cf_err *
merge_all(struct cf_build *b, const struct cf_names *dirty)
{
	const struct cf_err *err = NULL;
	bool bulk = dirty->n >= BULK;

	if (bulk)
		err = cf_bulk_begin(b->trust->store);
	for (size_t i = 0; i < dirty->n && !err; i++)
		err = cf_merge_record(b, dirty->name[i]);
	if (bulk && !err)
		err = cf_bulk_end(b->trust->store);
	else if (bulk)
		cf_bulk_drop(b->trust->store);
	b->mark = b->n;
	return err;
}

static const struct cf_err *
update(struct cf_build *b)
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
	struct cf_build b = { .trust = trust };
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
