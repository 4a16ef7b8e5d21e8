/*
 * Checking drafts before they are signed.
 */
#include <string.h>

#include "app/draft.h"
#include "app/known.h"
#include "app/near.h"

struct worst {
	bool unsafe, unchecked, decision;
};

static json_t *
unchecked(const struct cf_err *err)
{
	return json_pack("{s:s, s:[], s:i, s:[{s:s, s:s}]}", "verdict",
		"unchecked", "findings", "passed", 0, "notRun", "rule",
		err->rule[0] ? err->rule : "draft.read", "reason", err->msg);
}

/* Advice for a draft of a new record; a check does not fail for want of it. */
static void
add_similar(json_t *out, struct cf_trust *trust, const json_t *draft)
{
	json_t *similar = NULL, *row = NULL;
	const char *id = cf_json_str(draft, "id");

	if (id && (cf_index_record(&row, trust->index, id) != NULL || row)) {
		json_decref(row);
		return;
	}
	if (cf_near_draft(&similar, trust, draft) == NULL &&
		json_array_size(similar))
		json_object_set(out, "similar", similar);
	json_decref(similar);
}

/* Whether something was found in the title itself: then it is not said again. */
static bool
is_title_found(const json_t *findings)
{
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);

		if (strcmp(cf_json_str(f, "path"), "/body/title") == 0 &&
			json_object_get(f, "found"))
			return true;
	}
	return false;
}

/* {file, kind?, title?, verdict, …} of one draft; *worst grows. */
static json_t *
check_one(const char *file, struct cf_trust *trust, struct cf_known *known,
	struct worst *worst)
{
	struct cf_checking with = known->with;
	const struct cf_err *err;
	json_t *draft = NULL, *out;
	const char *verdict, *title;

	with.file = file;
	err = cf_draft_read(&draft, file);
	out = err ? unchecked(err) : cf_check_draft(draft, &with);
	verdict = cf_json_str(out, "verdict");
	worst->unchecked |= strcmp(verdict, "unchecked") == 0;
	worst->unsafe |= strcmp(verdict, "unsafe") == 0;
	worst->decision |= strcmp(verdict, "decision") == 0;
	json_object_set_new(out, "file", cf_path_json(file));
	if (cf_json_str(draft, "kind"))
		json_object_set(out, "kind", json_object_get(draft, "kind"));
	title = draft ? cf_record_title(draft) : "";
	if (title[0] && !is_title_found(json_object_get(out, "findings")))
		json_object_set_new(out, "title", json_string(title));
	if (trust && draft) {
		add_similar(out, trust, draft);
		cf_past_add(&known->past, file, draft);
	}
	json_decref(draft);
	return out;
}

/* The drafts that wait; CF_NOT_FOUND where there is no draft at all. */
static const struct cf_err *
waiting(struct cf_names *out, struct cf_trust *trust)
{
	const struct cf_err *err = cf_drafts_open(out, trust);
	struct cf_names all = { 0 };

	if (err || out->n)
		return err;
	err = cf_draft_names(&all, trust);
	if (!err && all.n == 0)
		err = cf_err(CF_NOT_FOUND, "there are no drafts yet; 'confer "
			"new' lists what you can begin");
	cf_names_clear(&all);
	return err;
}

const struct cf_err *
cf_check(json_t **out, struct cf_trust *trust, const char *const *files,
	size_t n, const char *evidence)
{
	struct cf_names found = { 0 };
	struct worst worst = { .unsafe = false };
	const struct cf_err *err = NULL;
	struct cf_known known;

	*out = NULL;
	if (n == 0 && trust == NULL)
		return cf_err(CF_USAGE, "name the drafts to check");
	if (n == 0)
		err = waiting(&found, trust);
	if (err)
		goto done;
	*out = json_array();
	if (n + found.n == 0)
		goto done;
	err = cf_known_open(&known, trust, evidence);
	if (err) {
		json_decref(*out);
		*out = NULL;	/* "no drafts" is another answer */
	}
	for (size_t i = 0; !err && i < (n ? n : found.n); i++)
		json_array_append_new(*out, check_one(n ? files[i] :
			found.name[i], trust, &known, &worst));
	cf_known_clear(&known);
done:
	cf_names_clear(&found);
	if (!err && worst.unchecked)
		err = cf_err(CF_INVALID, "a draft could not be checked");
	if (!err && worst.unsafe)
		err = cf_err(CF_INVALID, "a draft cannot be published yet");
	if (!err && worst.decision)
		err = cf_err(CF_DECIDE, "a draft needs a decision before it "
			"can be published");
	return err;
}

const struct cf_err *
cf_rules_list(json_t **out, const char *id)
{
	*out = cf_check_rules(id);
	if (*out == NULL)
		return cf_err(CF_NOT_FOUND, "there is no rule '%.60s'; "
			"'confer rules' lists them", id);
	return NULL;
}
