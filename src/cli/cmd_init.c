/*
 * confer init: a new trust.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/renewed.h"

struct init_opts {
	const char *name, *role, *remote, *sheets;
	bool no_passphrase;
};

static const struct opt opts[] = {
	{ "name", 0, OPT_TEXT, offsetof(struct init_opts, name), "NAME",
		"the trust's name, as partners will see it",
		.required = true },
	{ "role", 0, OPT_TEXT, offsetof(struct init_opts, role), "ROLE",
		"what takes part; without it a trust",
		.choices = "trust|university|organisation" },
	{ "remote", 0, OPT_TEXT, offsetof(struct init_opts, remote), "URL",
		"the empty repository at a git host where you will publish" },
	{ "sheets", 0, OPT_TEXT, offsetof(struct init_opts, sheets), "DIR",
		"write the recovery sheets into this folder, outside the "
		"repository, instead of showing them once" },
	{ "no-passphrase", 0, OPT_FLAG,
		offsetof(struct init_opts, no_passphrase), NULL,
		"keep the key without a passphrase: whoever can read your "
		"files can then publish in the trust's name" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct init_opts *o = call->opts;
	struct cf_create what = {
		.dir = call->n ? call->arg[0] : ".",
		.name = o->name,
		.role = o->role,
		.remote = o->remote,
		.sheets = o->sheets,
		.no_passphrase = o->no_passphrase
	};

	return cf_create(&call->result, &what, call->ui);
}

static void
print(struct page *page, const struct call *call)
{
	const struct init_opts *o = call->opts;
	const json_t *result = call->result;

	cf_page_head(page, TONE_GOOD, "%s has its repository: %s",
		cf_get(result, "name"), cf_get(result, "dir"));
	cf_page_gap(page);
	cf_page_pair(page, 2, 18, "Trust id", cf_get(result, "trust"));
	cf_page_pair(page, 2, 18, "Safety number",
		cf_get(result, "safetyNumber"));
	cf_print_sheets(page, cf_get_at(result, "sheets"));
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Next");
	if (call->n) {
		char *dir = cf_shell_word(call->arg[0]);
		char *cd = cf_asprintf("cd %s", dir);

		cf_page_pair(page, 2, 26, cd, "go to its folder");
		free(cd);
		free(dir);
	}
	cf_page_pair(page, 2, 26, "confer key check",
		"try each recovery sheet, before you need it");
	cf_page_pair(page, 2, 26, "confer new practice",
		"begin a draft; 'confer new' lists what else there is");
	cf_page_pair(page, 2, 26, "confer check",
		"see whether your drafts are safe to publish");
	cf_page_pair(page, 2, 26, "confer publish FILE", o->remote ?
		"sign it and send it to your host" :
		"sign it; it stays here until there is a remote");
	cf_page_pair(page, 2, 26, "confer id --card",
		"what a partner needs to follow you");
	cf_page_pair(page, 2, 26, "confer partner add URL",
		"follow a partner");
}

const struct cmd cmd_init = {
	.name = "init",
	.args = "[DIR]",
	.help = "make the trust's identity, its keys and its repository",
	.about = "Makes a repository in DIR (without it: here), with an "
		"identity and a key to publish with. Two recovery sheets are "
		"made for the day on which the key is lost or stolen: they are "
		"shown once, or written to the folder that --sheets names, and "
		"no copy is kept.",
	.opts = opts,
	.size = sizeof(struct init_opts),
	.max = 1,
	.run = run,
	.print = print
};
