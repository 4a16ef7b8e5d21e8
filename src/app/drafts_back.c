/*
 * Versions of ours that cannot stand as they are, as drafts again.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/line.h"
#include "base/mem.h"

/* The draft that the version would have been published from. */
static json_t *
draft_of(const struct cf_trust *trust, const json_t *back)
{
	static const char *const owners[] = { "licence", "stewards" };
	const json_t *doc = json_object_get(back, "doc");
	const char *status = cf_json_str(doc, "status");
	json_t *waivers = json_deep_copy(json_object_get(doc, "waivers"));
	json_t *draft = json_pack("{s:O, s:O, s:O, s:O*, s:O*, s:o*}", "kind",
		json_object_get(doc, "kind"), "id", json_object_get(doc, "id"),
		"parents", json_object_get(back, "onto"), "body",
		json_object_get(doc, "body"), "settled", json_object_get(doc,
		"settled"), "waivers", waivers);
	bool owner = strcmp(cf_json_str(doc, "owner"), trust->id) == 0;

	for (size_t i = 0; owner && i < 2; i++)
		json_object_set(draft, owners[i], json_object_get(doc,
			owners[i]));
	if (owner && status && (strcmp(status, "completed") == 0 ||
		strcmp(status, "superseded") == 0))
		json_object_set_new(draft, "status", json_string(status));
	cf_check_remember(draft);
	return draft;
}

/* Whether a draft that is there says the same of the same record. */
static bool
says_it(struct cf_trust *trust, const json_t *draft, const json_t *other)
{
	json_t *body = NULL;
	bool same;

	same = json_equal(json_object_get(draft, "kind"),
		json_object_get(other, "kind")) &&
		json_equal(json_object_get(draft, "id"),
		json_object_get(other, "id")) &&
		json_is_object(json_object_get(draft, "body")) &&
		cf_stored_body(&body, trust, draft) == NULL &&
		cf_json_compare(body, json_object_get(other, "body")) == 0;
	json_decref(body);
	return same;
}

/* The file of it in drafts/ that says the same, or NULL; then what its author had
 * seen when she gave a reason stays as it is. */
static const struct cf_err *
find_same(char **out, struct cf_trust *trust, json_t *draft)
{
	struct cf_names files = { 0 };
	const struct cf_err *err = cf_draft_names(&files, trust);

	*out = NULL;
	for (size_t i = 0; i < files.n && !err && *out == NULL; i++) {
		json_t *other = NULL;

		if (cf_draft_read(&other, files.name[i]) == NULL &&
			says_it(trust, other, draft)) {
			*out = cf_strdup(files.name[i]);
			json_object_set(draft, "waivers", json_object_get(other,
				"waivers"));
		}
		json_decref(other);
	}
	cf_names_clear(&files);
	return err;
}

/* A name in drafts/ that no file has. */
static char *
free_name(struct cf_trust *trust, const json_t *draft)
{
	char *dir = cf_path_join(cf_store_work_dir(trust->store), "drafts");
	char *file = NULL;

	for (unsigned n = 1; file == NULL; n++) {
		char *name = n == 1 ? cf_asprintf("%s-%.13s.json",
			cf_json_str(draft, "kind"), cf_json_str(draft, "id")) :
			cf_asprintf("%s-%.13s-%u.json",
			cf_json_str(draft, "kind"), cf_json_str(draft, "id"),
			n);

		file = cf_path_join(dir, name);
		free(name);
		if (cf_file_exists(file)) {
			free(file);
			file = NULL;
		}
	}
	free(dir);
	return file;
}

static const struct cf_err *
bring_back(json_t *out, struct cf_trust *trust, const json_t *back)
{
	json_t *draft = draft_of(trust, back);
	const struct cf_err *err;
	char *file = NULL;
	bool made;

	err = find_same(&file, trust, draft);
	made = file == NULL;
	if (!err && made)
		file = free_name(trust, draft);
	if (!err)
		err = cf_draft_write(file, draft);
	if (!err)
		json_array_append_new(out, json_pack("{s:o, s:b, s:O, s:O, "
			"s:O, s:O, s:O*}", "file", cf_path_json(file), "made",
			made, "id", json_object_get(back, "id"), "title",
			json_object_get(back, "title"), "took",
			json_object_get(back, "took"), "left",
			json_object_get(back, "left"), "withdrawal",
			json_object_get(json_object_get(back, "doc"),
			"withdrawal")));
	free(file);
	json_decref(draft);
	return err;
}

/* In the place of a version that is gone, what it built on. */
static bool
lead_on(json_t *draft, const json_t *back)
{
	json_t *parents = json_object_get(draft, "parents"), *onto;
	const char *version = cf_json_str(back, "version");

	if (!cf_json_has(parents, version))
		return false;
	onto = json_copy(json_object_get(back, "onto"));
	for (size_t i = 0; i < json_array_size(parents); i++) {
		json_t *parent = json_array_get(parents, i);
		const char *is = json_string_value(parent);

		if (is && strcmp(is, version) != 0 && !cf_json_has(onto, is))
			json_array_append(onto, parent);
	}
	json_object_set_new(draft, "parents", onto);
	return true;
}

/* People may have gone on writing in a draft after it was signed. */
static const struct cf_err *
lead_drafts_on(struct cf_trust *trust, const json_t *back)
{
	struct cf_names files = { 0 };
	const struct cf_err *err = cf_draft_names(&files, trust);

	for (size_t i = 0; i < files.n && !err; i++) {
		json_t *draft = NULL;
		bool led = false;

		if (cf_draft_read(&draft, files.name[i]) == NULL)
			for (size_t k = 0; k < json_array_size(back); k++)
				led |= lead_on(draft, json_array_get(back, k));
		if (led)
			err = cf_draft_write(files.name[i], draft);
		json_decref(draft);
	}
	cf_names_clear(&files);
	return err;
}

const struct cf_err *
cf_drafts_back(json_t **out, struct cf_trust *trust, const json_t *back)
{
	char *dir = cf_path_join(cf_store_work_dir(trust->store), "drafts");
	const struct cf_err *err = NULL;
	json_t *one;
	size_t i;

	*out = json_array();
	if (json_array_size(back))
		err = cf_mkdirs(dir, 0755);
	free(dir);
	if (!err && json_array_size(back))
		err = lead_drafts_on(trust, back);
	json_array_foreach((json_t *)(uintptr_t)back, i, one) {
		const char *id = cf_json_str(one, "id");
		bool later = !json_is_object(json_object_get(
			json_object_get(one, "doc"), "body"));

		/* A tombstone says nothing. Of several versions of one record
		 * the last says it all. */
		for (size_t k = i + 1; k < json_array_size(back); k++)
			later |= strcmp(id, cf_json_str(json_array_get(back,
				k), "id")) == 0;
		if (!err && !later)
			err = bring_back(*out, trust, one);
	}
	return err;
}

static const struct cf_err *
rebase_one(struct cf_trust *trust, const json_t *entry)
{
	const char *file = cf_json_str(entry, "file");
	struct cf_base base = { 0 };
	json_t *draft = NULL;
	const struct cf_err *err;

	err = cf_draft_read(&draft, file);
	if (!err)
		err = cf_base_read(&base, trust, cf_json_str(entry, "id"));
	if (!err && base.parents)
		json_object_set(draft, "parents", base.parents);
	else if (!err)
		(void)json_object_del(draft, "parents");
	if (!err)
		err = cf_draft_write(file, draft);
	cf_base_clear(&base);
	json_decref(draft);
	return err;
}

const struct cf_err *
cf_drafts_rebase(struct cf_trust *trust, const json_t *drafts)
{
	const struct cf_err *err = NULL;
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)drafts, i, entry) {
		if (!err)
			err = rebase_one(trust, entry);
	}
	return err;
}
