/*
 * Checking drafts before they are signed.
 */
#include <string.h>

#include "app/draft.h"

/* {verdict, …} of one draft; *worst grows. */
static json_t *
check_one(const char *file, bool *unsafe, bool *unchecked)
{
	json_t *findings = json_array(), *not_run = json_array();
	json_t *draft = NULL, *out;
	const char *kind, *verdict = "ready";
	const struct cf_err *err;
	unsigned passed = 0;

	err = cf_draft_read(&draft, file);
	if (err) {
		verdict = "unchecked";
		*unchecked = true;
		json_array_append_new(not_run, json_pack("{s:s, s:s}", "rule",
			err->rule[0] ? err->rule : "draft.read", "reason",
			err->msg));
	} else {
		cf_check_draft(findings, &passed, draft);
		if (json_array_size(findings)) {
			verdict = "unsafe";
			*unsafe = true;
		}
	}
	kind = cf_json_str(draft, "kind");
	out = json_pack("{s:o, s:s, s:o, s:i, s:o, s:s*, s:s*}", "file",
		cf_path_json(file), "verdict", verdict, "findings", findings,
		"passed", (int)passed, "notRun", not_run, "kind", kind, "title",
		draft && cf_record_title(draft)[0] ? cf_record_title(draft) :
		NULL);
	json_decref(draft);
	return out;
}

const struct cf_err *
cf_check(json_t **out, struct cf_trust *trust, const char *const *files,
	size_t n)
{
	struct cf_names found = { 0 };
	bool unsafe = false, unchecked = false;
	const struct cf_err *err = NULL;

	*out = json_array();
	if (n == 0 && trust == NULL)
		return cf_err(CF_USAGE, "name the drafts to check");
	if (n == 0)
		err = cf_draft_names(&found, trust);
	if (!err && n == 0 && found.n == 0)
		err = cf_err(CF_NOT_FOUND, "there are no drafts yet; 'confer "
			"new' lists what you can begin");
	for (size_t i = 0; !err && i < (n ? n : found.n); i++)
		json_array_append_new(*out, check_one(n ? files[i] :
			found.name[i], &unsafe, &unchecked));
	cf_names_clear(&found);
	if (!err && unchecked)
		err = cf_err(CF_INVALID, "a draft could not be checked");
	if (!err && unsafe)
		err = cf_err(CF_INVALID, "a draft cannot be published yet");
	return err;
}
