/*
 * Proposals for a draft, beside it and never in its place; and the reasons that
 * a person gives for what is to stay.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/exact.h"
#include "app/known.h"
#include "base/mem.h"

#define SUFFIX ".proposed.json"

/* drafts/x.json: drafts/x.proposed.json; the caller frees. */
static char *
proposal_name(const char *file)
{
	size_t n = strlen(file);

	return cf_asprintf("%.*s" SUFFIX, (int)(cf_ends(file, ".json") ?
		n - 5 : n), file);
}

bool
cf_is_proposal(const char *file)
{
	return cf_ends(file, SUFFIX);
}

/* Writes it, unless one is there that somebody may have worked on. */
static const struct cf_err *
write_proposal(json_t *out, const char *file, const json_t *draft)
{
	char *name = proposal_name(file);
	const struct cf_err *err = NULL;

	if (cf_file_exists(name))
		err = cf_err(CF_EXISTS, "%s is there already. Look through it, "
			"and delete it or give it another name; then run this "
			"again", name);
	if (!err)
		err = cf_draft_write(name, draft);
	if (!err)
		json_object_set_new(out, "proposed", cf_path_json(name));
	free(name);
	return err;
}

/* What is rounded and held back now is remembered, sealed; where it cannot be,
 * the proposal stands and says so. */
static void
keep_exact(json_t *out, struct cf_trust *trust, const json_t *draft,
	const struct cf_policy *policy)
{
	const struct cf_err *err = cf_exact_keep(trust, draft, policy);

	if (err)
		json_array_append_new(json_object_get(out, "notRun"),
			json_pack("{s:s, s:s}", "rule", "N-ORDER", "reason",
			err->msg));
	cf_forget_key(trust);
}

/* {file, proposed?, changes, verdict, findings, passed, notRun}: what the check
 * says of the proposal. */
static const struct cf_err *
fix_one(json_t **out, struct cf_trust *trust, const char *file,
	const struct cf_checking *local)
{
	struct cf_checking with = *local;
	json_t *draft = NULL, *fix, *after;
	const struct cf_err *err;

	with.file = file;
	*out = NULL;
	err = cf_draft_read(&draft, file);
	if (err)
		return err;
	fix = cf_check_fix(draft, &with);
	after = json_object_get(fix, "draft");
	*out = cf_check_draft(after, &with);
	json_object_set_new(*out, "file", cf_path_json(file));
	json_object_set(*out, "changes", json_object_get(fix, "changes"));
	if (json_array_size(json_object_get(fix, "changes")))
		err = write_proposal(*out, file, after);
	if (!err && trust)
		keep_exact(*out, trust, draft, with.policy);
	json_decref(fix);
	json_decref(draft);
	return err;
}

static const struct cf_err *
verdict_error(const json_t *results)
{
	bool unsafe = false, decision = false;

	for (size_t i = 0; i < json_array_size(results); i++) {
		const char *verdict = cf_json_str(json_array_get(results, i),
			"verdict");

		unsafe = unsafe || strcmp(verdict, "unsafe") == 0;
		decision = decision || strcmp(verdict, "decision") == 0;
	}
	if (unsafe)
		return cf_err(CF_INVALID, "what is proposed cannot be "
			"published yet: the rest needs a person");
	if (decision)
		return cf_err(CF_DECIDE, "what is proposed needs a decision "
			"before it can be published");
	return NULL;
}

const struct cf_err *
cf_fix(json_t **out, struct cf_trust *trust, const char *const *files,
	size_t n)
{
	const struct cf_err *err;
	struct cf_known known;

	*out = json_array();
	if (n == 0)
		return cf_err(CF_USAGE, "name the draft that a copy is to be "
			"proposed for");
	err = cf_known_open(&known, trust, NULL);
	for (size_t i = 0; !err && i < n; i++) {
		json_t *one;

		err = fix_one(&one, trust, files[i], &known.with);
		if (one)
			json_array_append_new(*out, one);
	}
	cf_known_clear(&known);
	return err ? err : verdict_error(*out);
}

/* --- reasons ---------------------------------------------------------------- */

static bool
is_reason(const char *word)
{
	static const char *const reasons[] = { "already-public",
		"not-a-person", "consented", "public-benefit", "tool-error" };

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(word, reasons[i]) == 0)
			return true;
	return false;
}

const struct cf_err *
cf_accept(struct cf_trust *trust, const char *file, const char *rule,
	const char *reason, const char *evidence)
{
	const char *name = cf_check_rule_name(rule);
	const struct cf_err *err;
	struct cf_known known;
	json_t *draft = NULL;

	if (name == NULL)
		return cf_err(CF_USAGE, "there is no rule '%.60s'; 'confer "
			"rules' lists them", rule);
	if (!is_reason(reason))
		return cf_err(CF_USAGE, "'%.60s' is no reason. The reasons "
			"are: already-public, not-a-person, consented, "
			"public-benefit, tool-error", reason);
	err = cf_draft_read(&draft, file);
	if (err)
		return err;
	err = cf_known_open(&known, trust, evidence);
	known.with.file = file;
	if (!err)
		err = cf_check_waive(draft, &known.with, name, reason);
	cf_known_clear(&known);
	if (err)
		err = cf_err_wrap(err, "%s", file);
	if (!err)
		err = cf_draft_write(file, draft);
	json_decref(draft);
	return err;
}
