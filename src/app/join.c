/*
 * The versions of one record, read from the index and, where their bodies
 * matter, from their files.
 */
#include <stdlib.h>
#include <string.h>

#include "app/join.h"
#include "base/mem.h"
#include "record/kind.h"

struct owner {
	struct cf_join *join;
	json_t *doc;
};

static const struct cf_err *
is_steward(void *payload, bool *out, size_t index, const char *trust)
{
	struct owner *owner = payload;
	const struct cf_err *err = NULL;

	if (owner->doc == NULL)
		err = cf_blob_json(&owner->doc, owner->join->trust,
			&owner->join->rows.version[index].blob);
	if (!err)
		*out = cf_json_has(json_object_get(owner->doc, "stewards"),
			trust);
	return err;
}

const struct cf_err *
cf_join_doc(const json_t **out, struct cf_join *join, size_t version)
{
	const struct cf_err *err = NULL;

	if (join->doc[version] == NULL)
		err = cf_blob_json(&join->doc[version], join->trust,
			&join->rows.version[join->versions.row[version]].blob);
	*out = join->doc[version];
	return err;
}

static const struct cf_err *
load(void *payload, struct cf_content *out, size_t version)
{
	const struct cf_err *err;
	const json_t *doc;

	*out = (struct cf_content){ 0 };
	err = cf_join_doc(&doc, payload, version);
	if (err)
		return err;
	out->body = json_object_get(doc, "body");
	out->settled = json_object_get(doc, "settled");
	return NULL;
}

/* What the merge needs, once it is known which versions count. */
static void
prepare(struct cf_join *join)
{
	const struct cf_version *owner = &join->rows.version[join->owner_row];

	cf_snapshots_make(&join->versions, join->rows.version, join->rows.n);
	join->doc = cf_calloc(join->versions.n, sizeof(void *));
	join->in = (struct cf_merge_in){ .version = join->versions.version,
		.n = join->versions.n, .schema = cf_schema_of(owner->kind),
		.owner = cf_snapshots_find(&join->versions, owner->id),
		.load = load, .payload = join };
}

const struct cf_err *
cf_join_open(struct cf_join *out, struct cf_trust *trust, const char *owner,
	const char *record)
{
	struct owner steward = { out, NULL };
	struct cf_heads_in in = { .owner = owner, .is_steward = is_steward,
		.payload = &steward };
	const struct cf_err *err;

	*out = (struct cf_join){ .trust = trust, .standing = CF_NO_OWNER };
	err = cf_index_versions(&out->rows, trust->index, record);
	in.version = out->rows.version;
	in.n = out->rows.n;
	if (!err && owner)
		err = cf_heads(&out->standing, &out->owner_row, &in);
	if (!err && out->standing == CF_STANDS) {
		prepare(out);
		out->doc[out->in.owner] = json_incref(steward.doc);
	}
	json_decref(steward.doc);
	if (err)
		cf_join_close(out);
	return err;
}

bool
cf_join_lacks(const struct cf_join *join)
{
	for (size_t i = 0; i < join->rows.n; i++) {
		const struct cf_version *v = &join->rows.version[i];

		/* A tombstone outlives what it was built on. */
		for (size_t k = 0; v->counts && !v->erased && k < v->n_parents;
			k++)
			if (cf_snapshots_find(&join->versions, v->parents[k]) ==
				join->versions.n)
				return true;
	}
	return false;
}

const struct cf_err *
cf_owner_of(char **out, struct cf_trust *trust, const char *record)
{
	struct cf_names names = { 0 };
	struct cf_uuid id;
	const struct cf_err *err;

	*out = NULL;
	err = cf_index_trusts(&names, trust->index);
	for (size_t i = 0; !err && cf_uuid_parse(&id, cf_str(record)) &&
		i < names.n && *out == NULL; i++)
		if (cf_uuid_certifies(&id, names.name[i]))
			*out = cf_strdup(names.name[i]);
	cf_names_clear(&names);
	return err;
}

void
cf_join_close(struct cf_join *join)
{
	for (size_t i = 0; join->doc && i < join->versions.n; i++)
		json_decref(join->doc[i]);
	free(join->doc);
	cf_snapshots_clear(&join->versions);
	cf_versions_clear(&join->rows);
	*join = (struct cf_join){ 0 };
}
