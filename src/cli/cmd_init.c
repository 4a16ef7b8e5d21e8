/*
 * confer init: a new trust, or another machine of one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/renewed.h"

struct init_opts {
	const char *name, *role, *remote, *sheets, *join, *id;
	bool no_passphrase;
};

static const struct opt opts[] = {
	{ "name", 0, OPT_TEXT, offsetof(struct init_opts, name), "NAME",
		"the trust's name, as partners will see it" },
	{ "role", 0, OPT_TEXT, offsetof(struct init_opts, role), "ROLE",
		"what takes part; without it a trust",
		.choices = "trust|university|organisation" },
	{ "remote", 0, OPT_TEXT, offsetof(struct init_opts, remote), "URL",
		"the empty repository at a git host where you will publish" },
	{ "sheets", 0, OPT_TEXT, offsetof(struct init_opts, sheets), "DIR",
		"write the recovery sheets into this folder, outside the "
		"repository, instead of showing them once" },
	{ "join", 0, OPT_TEXT, offsetof(struct init_opts, join), "URL",
		"make this another machine of the trust whose repository is "
		"there" },
	{ "id", 0, OPT_TEXT, offsetof(struct init_opts, id), "TRUST",
		"with --join: the trust id, instead of comparing the safety "
		"number" },
	{ "no-passphrase", 0, OPT_FLAG,
		offsetof(struct init_opts, no_passphrase), NULL,
		"keep the key without a passphrase: whoever can read your "
		"files can then publish in the trust's name" },
	{ NULL }
};

static const struct cf_err *
run_join(struct call *call)
{
	const struct init_opts *o = call->opts;
	const struct cf_machine what = {
		.dir = call->n ? call->arg[0] : ".",
		.url = o->join,
		.id = o->id,
		.no_passphrase = o->no_passphrase
	};

	if (o->name || o->role || o->remote || o->sheets)
		return cf_err(CF_USAGE, "with --join the trust has its name, "
			"sheets and address already: leave the other options "
			"out");
	return cf_join_machine(&call->result, &what, call->ui);
}

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

	if (o->join)
		return run_join(call);
	if (o->name == NULL)
		return cf_err(CF_USAGE, "--name NAME is missing");
	if (o->id)
		return cf_err(CF_USAGE, "--id goes with --join");
	return cf_create(&call->result, &what, call->ui);
}

static void
print_cd(struct page *page, const struct call *call)
{
	if (call->n) {
		char *dir = cf_shell_word(call->arg[0]);
		char *cd = cf_asprintf("cd %s", dir);

		cf_page_pair(page, 2, 26, cd, "go to its folder");
		free(cd);
		free(dir);
	}
}

static void
print_join(struct page *page, const struct call *call)
{
	const json_t *result = call->result;

	cf_page_head(page, TONE_GOOD, "%s has another machine: %s",
		cf_get(result, "name"), cf_get(result, "dir"));
	cf_page_gap(page);
	cf_page_pair(page, 2, 18, "Trust id", cf_get(result, "trust"));
	cf_page_pair(page, 2, 18, "Key", cf_get(result, "key"));
	cf_page_gap(page);
	if (cf_get_true(result, "machine")) {
		cf_page_text(page, 0, "This machine has a key already that may "
			"publish. What was published is back; follow your "
			"partners again with 'confer partner add'.");
		return;
	}
	cf_page_text(page, 0, "It can read, but not publish yet. On the first "
		"machine, with a recovery sheet at hand, type:");
	cf_page_line(page, TONE_STRONG, "  confer key add %s --number %s",
		cf_get(result, "key"), cf_get(result, "keyNumber"));
	cf_page_gap(page);
	cf_page_text(page, 0, "If there is no first machine any more, type it "
		"here. Then follow your partners with 'confer partner add'.");
	print_cd(page, call);
}

static void
print_host(struct page *page, const struct init_opts *o, const json_t *host)
{
	const char *verdict = cf_get(host, "verdict");

	if (host == NULL)
		return;
	cf_page_gap(page);
	if (strcmp(verdict, "empty") == 0)
		cf_page_text(page, 0, "Your host answers at %s, and nothing "
			"is published there yet, as it should be. Nothing has "
			"been sent.", o->remote);
	else
		cf_page_text(page, 0, "Your host could not be tried: %s. The "
			"first publish will try again; another address is set "
			"with 'confer id --set host=URL'.", cf_get(host,
			"detail"));
}

static void
print(struct page *page, const struct call *call)
{
	const struct init_opts *o = call->opts;
	const json_t *result = call->result;

	if (o->join) {
		print_join(page, call);
		return;
	}
	cf_page_head(page, TONE_GOOD, "%s has its repository: %s",
		cf_get(result, "name"), cf_get(result, "dir"));
	cf_page_gap(page);
	cf_page_pair(page, 2, 18, "Trust id", cf_get(result, "trust"));
	cf_page_pair(page, 2, 18, "Safety number",
		cf_get(result, "safetyNumber"));
	print_host(page, o, cf_get_at(result, "host"));
	cf_print_sheets(page, cf_get_at(result, "sheets"));
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Next");
	print_cd(page, call);
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
		"no copy is kept. The host that --remote names is tried: it "
		"should be there, and empty. With --join it makes another machine of a "
		"trust that exists: compare the safety number, and then let "
		"its key in with 'confer key add' on the first machine.",
	.opts = opts,
	.size = sizeof(struct init_opts),
	.max = 1,
	.run = run,
	.print = print
};
