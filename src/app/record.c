/*
 * One record of the commons: from the versions in all mains to its files and its
 * row in the index.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commons.h"
#include "app/join.h"
#include "base/mem.h"

struct one {
	struct cf_build *b;
	const char *id;
	struct cf_join join;
	/* The heads: one entry for each version id, in order of id. */
	struct head {
		const char *id;
		json_t *doc;		/* with all proofs that count */
	} *head;
	size_t heads;
	struct cf_merged merged;
	json_t *signers;
};

/* Whether a later row has the same version in the same main: it comes again with
 * signatures added, and the last file stands. */
static bool
comes_again(const struct cf_versions *all, size_t i)
{
	const struct cf_version *v = &all->version[i];

	for (size_t k = i + 1; k < all->n && strcmp(all->version[k].trust,
		v->trust) == 0; k++)
		if (all->version[k].head &&
			strcmp(all->version[k].id, v->id) == 0)
			return true;
	return false;
}

/* The file of one head, from all mains in which it lies. */
static const struct cf_err *
gather(struct one *one, const char *version, json_t **out)
{
	json_t *docs[CF_MAX_STEWARDS] = { 0 };
	const struct cf_chain *chains[CF_MAX_STEWARDS];
	const struct cf_err *err = NULL;
	size_t n = 0;

	for (size_t i = 0; i < one->join.rows.n && n < CF_MAX_STEWARDS; i++) {
		const struct cf_version *v = &one->join.rows.version[i];
		const struct cf_source *source;

		if (!v->head || strcmp(v->id, version) != 0 ||
			comes_again(&one->join.rows, i))
			continue;
		source = cf_source_of(one->b, v->trust);
		if (source == NULL)
			cf_bug("a version of a trust that is not followed");
		err = cf_blob_json(&docs[n], one->b->trust, &v->blob);
		if (err)
			break;
		/* Whose key was shut out has signed nothing that counts. */
		if (cf_chain_proof(&source->gate.chain, docs[n]) &&
			!cf_json_has(one->signers, v->trust))
			json_array_append_new(one->signers,
				json_string(v->trust));
		chains[n++] = &source->gate.chain;
	}
	if (!err)
		*out = cf_merged_single(docs, chains, n);
	for (size_t i = 0; i < n; i++)
		json_decref(docs[i]);
	return err;
}

static const struct cf_err *
collect_heads(struct one *one)
{
	const struct cf_err *err = NULL;

	one->heads = json_array_size(one->merged.heads);
	one->head = cf_calloc(one->heads, sizeof *one->head);
	for (size_t i = 0; i < one->heads && !err; i++) {
		one->head[i].id = json_string_value(json_array_get(
			one->merged.heads, i));
		err = gather(one, one->head[i].id, &one->head[i].doc);
	}
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
		cf_build_edit(one->b, path, NULL);
	}
	heads = json_object_get(row, "heads");
	for (size_t i = 0; json_array_size(heads) > 1 &&
		i < json_array_size(heads); i++) {
		head_path(path, one->id,
			json_string_value(json_array_get(heads, i)));
		cf_build_edit(one->b, path, NULL);
	}
	json_decref(row);
	return NULL;
}

/* The record's file: the head itself where there is one and its header is the
 * owner's, else the merged record; then every head lies in heads/. */
static const struct cf_err *
write_files(struct one *one, json_t **shown)
{
	char path[CF_PATH_TEXT + CF_DIGEST_TEXT];
	struct cf_digest *ids = cf_calloc(one->heads, sizeof *ids);
	json_t **docs = cf_calloc(one->heads, sizeof *docs);
	const json_t *owner;
	const struct cf_err *err;
	struct cf_uuid id;

	for (size_t i = 0; i < one->heads; i++) {
		(void)snprintf(ids[i].text, sizeof ids[i].text, "%s",
			one->head[i].id);
		docs[i] = one->head[i].doc;
	}
	if (!cf_uuid_parse(&id, cf_str(one->id)))
		cf_bug("a record without an id");
	err = cf_join_doc(&owner, &one->join, one->join.in.owner);
	if (err)
		goto done;
	if (one->heads == 1 && cf_same_header(owner, docs[0]))
		*shown = json_incref(docs[0]);
	else
		*shown = cf_merged_record(owner, one->merged.body, docs, ids,
			one->heads);
	cf_commons_path(path, cf_json_str(owner, "kind"), &id);
	err = cf_build_json(one->b, path, *shown);
	for (size_t i = 0; one->heads > 1 && i < one->heads && !err; i++) {
		head_path(path, one->id, one->head[i].id);
		err = cf_build_json(one->b, path, docs[i]);
	}
done:
	free(ids);
	free(docs);
	return err;
}

/* Of the heads the latest time, as it may be shown; of a record that does not
 * stand, of all its versions. */
static const char *
shown_time(const struct one *one)
{
	const char *latest = "";

	for (size_t i = 0; i < one->join.rows.n; i++) {
		const char *time = cf_json_str(json_array_get(
			one->join.rows.rows, i), "modified");

		if ((one->heads == 0 || one->join.rows.version[i].head) &&
			strcmp(time, latest) > 0)
			latest = time;
	}
	return latest;
}

static const struct cf_err *
write_row(struct one *one, const json_t *shown)
{
	json_t *heads = json_array(), *row;
	const struct cf_err *err;
	const json_t *first = json_array_get(one->join.rows.rows, 0);

	for (size_t i = 0; i < one->heads; i++)
		json_array_append_new(heads, json_string(one->head[i].id));
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:O}",
		"id", one->id,
		"kind", cf_json_str(shown ? shown : first, "kind"),
		"owner", shown ? cf_json_str(shown, "owner") : "",
		"standing", one->join.standing == CF_STANDS ? "stands" :
		one->join.standing == CF_NO_OWNER ? "no-owner" : "no-version",
		"title", shown ? cf_record_title(shown) :
		cf_json_str(first, "title"),
		"status", cf_json_str(shown ? shown : first, "status"),
		"modified", shown_time(one),
		"conflict", json_array_size(one->merged.conflicts) > 0,
		"lacking", cf_join_lacks(&one->join),
		"heads", heads,
		"signers", one->signers);
	if (row == NULL)
		cf_bug("a record's row does not pack");
	err = cf_index_put_record(one->b->trust->index, row);
	json_decref(row);
	if (err)
		return err;
	return json_object_get(shown, "body") ? cf_index_put_entry(
		one->b->trust->index, one->id, shown_time(one), shown) :
		cf_index_drop_entry(one->b->trust->index, one->id);
}

/* The trust, among those followed, that the id certifies; NULL if none. */
static const char *
owner_of(struct cf_build *b, const char *record)
{
	struct cf_uuid id;

	for (size_t i = 0; cf_uuid_parse(&id, cf_str(record)) &&
		i < b->names.n; i++)
		if (cf_uuid_certifies(&id, b->names.name[i]))
			return b->names.name[i];
	return NULL;
}

static const struct cf_err *
merge(struct one *one)
{
	const struct cf_err *err = NULL;
	json_t *shown = NULL;

	if (one->join.standing == CF_STANDS) {
		err = cf_merge(&one->merged, &one->join.in);
		if (!err)
			err = collect_heads(one);
		if (!err)
			err = write_files(one, &shown);
	}
	if (!err)
		err = write_row(one, shown);
	json_decref(shown);
	return err;
}

const struct cf_err *
cf_merge_record(struct cf_build *b, const char *id)
{
	struct one one = { .b = b, .id = id, .signers = json_array() };
	const struct cf_err *err;

	b->mark = b->n;
	err = cf_join_open(&one.join, b->trust, owner_of(b, id), id);
	if (!err)
		err = remove_old(&one);
	if (!err && one.join.rows.n)
		err = merge(&one);
	else if (!err)
		err = cf_index_drop_record(b->trust->index, id);
	if (!err && one.join.rows.n == 0)
		err = cf_index_drop_entry(b->trust->index, id);
	for (size_t i = 0; i < one.heads; i++)
		json_decref(one.head[i].doc);
	free(one.head);
	json_decref(one.signers);
	cf_merged_clear(&one.merged);
	cf_join_close(&one.join);
	return err;
}
