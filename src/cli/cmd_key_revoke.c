/*
 * confer key revoke: shut a key out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/renewed.h"

struct key_revoke_opts {
	struct renew_opts renew;
	const char *reason, *base;
	struct opt_texts keep;
	bool no_passphrase, dry_run, yes;
};

static const struct opt opts[] = {
	{ "reason", 0, OPT_TEXT, offsetof(struct key_revoke_opts, reason),
		"REASON", "why", .required = true,
		.choices = "superseded|lost|compromised|stolen" },
	{ "base", 0, OPT_TEXT, offsetof(struct key_revoke_opts, base),
		"ENTRY", "begin history again after this entry, without what "
		"the key signed since" },
	{ "keep", 0, OPT_TEXTS, offsetof(struct key_revoke_opts, keep), "ID",
		"with --base: a record (or a commit) that the key signed and "
		"that is good all the same" },
	{ "dry-run", 'n', OPT_FLAG, offsetof(struct key_revoke_opts, dry_run),
		NULL, "with --base: only show what would leave" },
	{ "yes", 'y', OPT_FLAG, offsetof(struct key_revoke_opts, yes), NULL,
		"with --base: do not ask" },
	RENEW_OPTS(struct key_revoke_opts),
	{ "no-passphrase", 0, OPT_FLAG,
		offsetof(struct key_revoke_opts, no_passphrase), NULL,
		"keep a new key of this machine without a passphrase" },
	{ NULL }
};

/* The word that people use. */
static const char *
reason(const struct key_revoke_opts *o)
{
	return strcmp(o->reason, "stolen") == 0 ? "compromised" : o->reason;
}

static const struct cf_err *
run(struct call *call)
{
	const struct key_revoke_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push,
		.no_passphrase = o->no_passphrase };
	const struct cf_revoke what = { .key = call->arg[0],
		.reason = reason(o), .base = o->base, .keep = o->keep.text,
		.n_keep = o->keep.n, .dry_run = o->dry_run, .yes = o->yes };

	return cf_key_revoke(&call->result, call->trust, &what, &how);
}

static bool
has_id(const json_t *list, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (strcmp(cf_get(one, "id"), id) == 0)
			return true;
	}
	return false;
}

/* Of a record that is in `stays` too, not all of it leaves. */
static void
print_list(struct page *page, const char *head, const json_t *list,
	const json_t *stays)
{
	struct rows rows = CF_ROWS(3);
	const json_t *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "%s", head);
	json_array_foreach(list, i, one) {
		const char *id = cf_get(one, "id");
		char *title = cf_asprintf("%s%s", has_id(stays, id) ?
			"(one version; another stays) " : "",
			cf_get(one, "title"));

		cf_rows_add(&rows, id);
		cf_rows_add(&rows, cf_get(one, "kind"));
		cf_rows_add(&rows, title);
		free(title);
	}
	cf_rows_print(&rows, page, 2, false);
}

/* Each draft, and the places in it that came from what was left out. */
static void
print_drafts(struct page *page, const json_t *drafts)
{
	const json_t *one, *path;
	size_t i, k;

	if (json_array_size(drafts) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Drafts again, because they build on "
		"what left");
	json_array_foreach(drafts, i, one) {
		cf_page_text(page, 2, "%s", cf_get(one, cf_has(one, "file") ?
			"file" : "title"));
		json_array_foreach(cf_get_at(one, "took"), k, path) {
			cf_page_text(page, 4, "%s says what the version that "
				"left said: is it true?",
				json_string_value(path));
		}
	}
}

static void
print(struct page *page, const struct call *call)
{
	const struct key_revoke_opts *o = call->opts;
	const json_t *restart = cf_get_at(call->result, "restart");

	if (restart) {
		cf_page_head(page, TONE_STRONG, o->dry_run ? "History would "
			"begin again after entry %llu" : "History begins again "
			"after entry %llu", cf_get_number(restart,
			"sequence"));
		print_list(page, o->dry_run ? "Would leave" : "Left",
			cf_get_at(restart, "left"), cf_get_at(restart,
			"again"));
		print_list(page, "Published again as it is",
			cf_get_at(restart, "again"), NULL);
		print_drafts(page, cf_get_at(restart, "drafts"));
		cf_page_gap(page);
	}
	if (o->dry_run)
		cf_page_text(page, 0, "Nothing was changed. What is yours and "
			"should stay: --keep ID");
	else
		cf_print_renewed(page, call->result);
	if (!restart && strcmp(reason(o), "compromised") == 0) {
		cf_page_gap(page);
		cf_page_text(page, 0, "What this key signed until now stays. "
			"'confer key log %s' lists it. If somebody else wrote "
			"some of that, begin history again after the last "
			"entry that is good:", call->arg[0]);
		cf_page_line(page, TONE_STRONG, "  confer key revoke %s "
			"--reason stolen --base NUMBER --dry-run",
			call->arg[0]);
	}
	if (restart && !o->dry_run)
		cf_page_text(page, 0, "Telephone your partners: what left "
			"leaves their commons once they have typed 'confer "
			"partner accept'.");
}

const struct cmd cmd_key_revoke = {
	.family = "key",
	.name = "revoke",
	.args = "KEY",
	.help = "shut a key out: replaced, lost, or in the wrong hands",
	.about = "Shuts a key out for good ('confer key list' shows the keys). "
		"What it signed while it was in force stays, unless it is in "
		"the wrong hands. Where it is this machine's own, a new one is "
		"made. It takes a recovery sheet. With --base, history begins "
		"again after the last entry that is good ('confer key log' has "
		"their numbers): what the key signed since then leaves, "
		"unless --keep names it; the rest is "
		"published again. Look first with --dry-run.",
	.opts = opts,
	.size = sizeof(struct key_revoke_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
