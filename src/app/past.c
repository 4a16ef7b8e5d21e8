/*
 * What was published before, for the rules across releases: our own repository is
 * the ledger, so that every machine of the trust knows as much, and nothing that
 * was erased is kept. Of others, what the commons shows.
 */
#include <string.h>

#include "app/draft.h"
#include "app/past.h"
#include "base/limits.h"

static const struct cf_err *
add_blob(json_t *out, struct cf_trust *trust, const char *id,
	const struct cf_oid *blob, bool ours)
{
	json_t *doc = NULL, *body;
	const struct cf_err *err = cf_blob_json(&doc, trust, blob);

	body = json_object_get(doc, "body");
	if (!err && body)
		json_array_append_new(out, json_pack("{s:s, s:b, s:O}", "id",
			id, "ours", (int)ours, "body", body));
	json_decref(doc);
	return err;
}

/* Every version of ours; of others the newest of each. */
static const struct cf_err *
add_record(json_t *out, struct cf_trust *trust, const char *id)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err = cf_index_versions(&all, trust->index, id);

	for (size_t i = 0; i < all.n && !err; i++) {
		const struct cf_version *v = &all.version[i];
		bool ours = strcmp(v->trust, trust->id) == 0;
		bool last = i + 1 == all.n ||
			strcmp(all.version[i + 1].trust, v->trust) != 0;

		if ((ours || last) && !v->erased && !v->held)
			err = add_blob(out, trust, id, &v->blob, ours);
	}
	cf_versions_clear(&all);
	return err;
}

const struct cf_err *
cf_past_open(struct cf_past *out, struct cf_trust *trust)
{
	const struct cf_index_filter findings = { .kind = "finding" };
	const struct cf_err *err;
	json_t *rows = NULL;

	*out = (struct cf_past){ .list = json_array() };
	err = cf_index_list(&rows, trust->index, &findings);
	for (size_t i = 0; i < json_array_size(rows) && !err &&
		json_array_size(out->list) < CF_MAX_RELEASES; i++)
		err = add_record(out->list, trust, cf_json_str(json_array_get(
			rows, i), "id"));
	json_decref(rows);
	if (err) {
		cf_past_clear(out);
		return err;
	}
	cf_stats_read_all(&out->stats, out->list, 0);
	out->published = json_array_size(out->list);
	out->numbers = out->stats.n;
	return NULL;
}

void
cf_past_add(struct cf_past *past, const char *file, const json_t *draft)
{
	const char *kind = cf_json_str(draft, "kind");
	json_t *body = json_object_get(draft, "body");
	size_t n = json_array_size(past->list);

	if (kind == NULL || strcmp(kind, "finding") != 0 ||
		!json_is_object(body))
		return;
	json_array_append_new(past->list, json_pack("{s:o, s:b, s:O}", "file",
		cf_path_json(file), "ours", 1, "body", body));
	cf_stats_read_all(&past->stats, past->list, n);
}

void
cf_past_drop_drafts(struct cf_past *past)
{
	while (json_array_size(past->list) > past->published)
		json_array_remove(past->list, json_array_size(past->list) - 1);
	cf_stats_cut(&past->stats, past->numbers);
}

void
cf_past_clear(struct cf_past *past)
{
	json_decref(past->list);
	cf_stats_clear(&past->stats);
	*past = (struct cf_past){ .list = NULL };
}
