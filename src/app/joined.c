/*
 * A record's versions and bodies for the merge.
 */
#include <stdlib.h>
#include <string.h>

#include "app/joined.h"
#include "app/lastsync.h"
#include "base/clock.h"
#include "base/mem.h"

const struct cf_err *
cf_joined_read(struct cf_joined *out, struct cf_trust *trust, const char *id)
{
	const struct cf_err *err;
	json_t *row = NULL;
	const char *owner;

	*out = (struct cf_joined){ .trust = trust };
	err = cf_index_record(&row, trust->index, id);
	owner = cf_json_str(row, "owner");
	if (!err)
		err = cf_join_open(&out->join, trust,
			owner && owner[0] ? owner : NULL, id);
	if (!err && out->join.standing == CF_NO_OWNER)
		err = cf_err(CF_NOT_FOUND, "the record %s waits for its "
			"owner: add that partner to see it", id);
	if (!err && out->join.standing == CF_NO_VERSION)
		err = cf_err(CF_NOT_FOUND, "every version of the record %s is "
			"held; 'confer status' says why", id);
	if (!err)
		err = cf_join_doc(&out->owner_doc, &out->join,
			out->join.in.owner);
	json_decref(row);
	if (err)
		cf_joined_clear(out);
	return err;
}

void
cf_joined_clear(struct cf_joined *joined)
{
	if (joined->with_draft)
		free(joined->with_draft[joined->join.versions.n].parents);
	free(joined->with_draft);
	cf_join_close(&joined->join);
	*joined = (struct cf_joined){ 0 };
}

void
cf_joined_add(struct cf_joined *joined, const json_t *draft,
	const json_t *parents)
{
	size_t n = joined->join.versions.n;
	struct cf_snapshot *s, *all = cf_calloc(n + 1, sizeof *all);

	if (n)
		memcpy(all, joined->join.versions.version, n * sizeof *all);
	s = &all[n];
	joined->us[0] = joined->trust->id;
	cf_time_format(joined->modified, cf_now());
	*s = (struct cf_snapshot){ .id = "", .modified = joined->modified,
		.trust = joined->us, .n_trust = 1, .counts = true,
		.parents = cf_calloc(json_array_size(parents),
		sizeof *s->parents) };
	for (size_t i = 0; i < json_array_size(parents); i++) {
		const char *id = json_string_value(json_array_get(parents, i));
		size_t at = id ? cf_snapshots_find(&joined->join.versions, id) : n;
		bool twice = at == n;

		for (size_t k = 0; k < s->n_parents; k++)
			twice = twice || s->parents[k] == at;
		if (!twice)
			s->parents[s->n_parents++] = at;
	}
	joined->with_draft = all;
	joined->draft = draft;
}

void
cf_joined_past(bool *seen, const struct cf_joined *joined,
	const json_t *parents)
{
	const struct cf_snapshots *all = &joined->join.versions;
	size_t *todo = cf_calloc(all->n + 1, sizeof *todo), n = 0;

	for (size_t i = 0; i < json_array_size(parents); i++) {
		const char *id = json_string_value(json_array_get(parents, i));
		size_t at = id ? cf_snapshots_find(all, id) : all->n;

		if (at < all->n && !seen[at]) {
			seen[at] = true;
			todo[n++] = at;
		}
	}
	while (n) {
		const struct cf_snapshot *s = &all->version[todo[--n]];

		for (size_t i = 0; i < s->n_parents; i++)
			if (!seen[s->parents[i]]) {
				seen[s->parents[i]] = true;
				todo[n++] = s->parents[i];
			}
	}
	free(todo);
}

bool
cf_joined_covers(const struct cf_joined *joined, const json_t *parents)
{
	const struct cf_snapshots *all = &joined->join.versions;
	bool *seen = cf_calloc(all->n + 1, sizeof *seen), covers = true;

	cf_joined_past(seen, joined, parents);
	for (size_t i = 0; i < all->n; i++)
		covers = covers && (seen[i] || !all->version[i].counts);
	free(seen);
	return covers;
}

static const struct cf_err *
load(void *payload, struct cf_content *out, size_t version)
{
	struct cf_joined *j = payload;

	if (version < j->join.versions.n)
		return j->join.in.load(j->join.in.payload, out, version);
	*out = (struct cf_content){ json_object_get(j->draft, "body"),
		json_object_get(j->draft, "settled") };
	return NULL;
}

static struct cf_merge_in
input(struct cf_joined *j)
{
	struct cf_merge_in in = j->join.in;

	if (j->with_draft) {
		in.version = j->with_draft;
		in.n++;
		in.load = load;
		in.payload = j;
	}
	return in;
}

const struct cf_err *
cf_joined_merge(struct cf_merged *out, struct cf_joined *joined)
{
	struct cf_merge_in in = input(joined);

	return cf_merge(out, &in);
}

const struct cf_err *
cf_joined_history(json_t **out, struct cf_joined *joined)
{
	struct cf_merge_in in = input(joined);

	return cf_merge_history(out, &in);
}

const struct cf_err *
cf_joined_blame(json_t **out, struct cf_joined *joined)
{
	struct cf_merge_in in = input(joined);

	return cf_merge_blame(out, &in);
}

void
cf_name_signers(struct cf_trust *trust, json_t *by)
{
	json_t *signer;
	size_t i;

	json_array_foreach(by, i, signer) {
		char *title = cf_trust_title(trust, cf_json_str(signer,
			"trust"));

		json_object_set_new(signer, "name", json_string(title));
		free(title);
	}
}

/* Why a steward's newest may not be here, or NULL. */
static const char *
why_unasked(const struct cf_partners *partners, const json_t *last,
	const char *steward)
{
	const json_t *note = json_object_get(last, steward);
	const char *verdict = cf_json_str(note, "verdict");
	bool followed = false;

	for (size_t i = 0; i < partners->n && !followed; i++)
		followed = strcmp(partners->partner[i].trust, steward) == 0;
	if (!followed)
		return "not followed";
	if (verdict == NULL)
		return "not asked yet";
	return strcmp(verdict, "unreachable") == 0 ||
		strcmp(verdict, "refused") == 0 ? verdict : NULL;
}

const struct cf_err *
cf_joined_missing(json_t **out, struct cf_joined *joined)
{
	json_t *stewards = json_object_get(joined->owner_doc, "stewards");
	struct cf_partners partners = { 0 };
	const struct cf_err *err;
	json_t *last;

	*out = json_array();
	if (!cf_join_lacks(&joined->join))
		return NULL;
	err = cf_partners_read(&partners, joined->trust);
	last = cf_last_sync_read(joined->trust);
	for (size_t i = 0; i < json_array_size(stewards) && !err; i++) {
		const char *id = json_string_value(json_array_get(stewards, i));
		const char *why = strcmp(id, joined->trust->id) == 0 ? NULL :
			why_unasked(&partners, last, id);
		char *title = cf_trust_title(joined->trust, id);

		if (why)
			json_array_append_new(*out, json_pack(
				"{s:s, s:s, s:s}", "trust", id, "name", title,
				"why", why));
		free(title);
	}
	json_decref(last);
	cf_partners_clear(&partners);
	return err;
}
