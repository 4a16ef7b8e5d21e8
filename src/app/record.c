/*
 * One record of the commons: from the versions in all mains to its files and its
 * row in the index.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commons.h"
#include "base/mem.h"

struct one {
	struct cf_build *b;
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

	for (size_t i = 0; i < one->versions.n && n < CF_MAX_STEWARDS; i++) {
		const struct cf_version *v = &one->versions.version[i];
		const struct cf_source *source;

		if (!v->head || strcmp(v->id, version) != 0 ||
			comes_again(&one->versions, i))
			continue;
		source = cf_source_of(one->b, v->trust);
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
	err = cf_build_json(one->b, path, *shown);
	for (size_t i = 0; one->heads > 1 && i < one->heads && !err; i++) {
		head_path(path, one->id, one->head[i].id);
		err = cf_build_json(one->b, path, docs[i]);
	}
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

	for (size_t i = 0; i < one->versions.n; i++) {
		const char *time = cf_json_str(json_array_get(
			one->versions.rows, i), "modified");

		if ((one->heads == 0 || one->versions.version[i].head) &&
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
		"modified", shown_time(one),
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
owner_of(struct cf_build *b, const char *record)
{
	struct cf_uuid id;

	for (size_t i = 0; cf_uuid_parse(&id, cf_str(record)) &&
		i < b->names.n; i++)
		if (cf_uuid_certifies(&id, b->names.name[i]))
			return b->names.name[i];
	return NULL;
}

const struct cf_err *
cf_merge_record(struct cf_build *b, const char *id)
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
