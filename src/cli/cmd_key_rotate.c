/*
 * confer key rotate: a new key for this machine, or new recovery sheets.
 */
#include "cli/renewed.h"

struct key_rotate_opts {
	struct renew_opts renew;
	bool root, no_passphrase;
	const char *sheets;
};

static const struct opt opts[] = {
	{ "root", 0, OPT_FLAG, offsetof(struct key_rotate_opts, root), NULL,
		"make new recovery sheets instead; the old ones open nothing "
		"any more" },
	{ "sheets", 0, OPT_TEXT, offsetof(struct key_rotate_opts, sheets),
		"DIR", "with --root: write the new sheets into this folder, "
		"instead of showing them once" },
	RENEW_OPTS(struct key_rotate_opts),
	{ "no-passphrase", 0, OPT_FLAG,
		offsetof(struct key_rotate_opts, no_passphrase), NULL,
		"keep the new key without a passphrase" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct key_rotate_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push, .sheets = o->sheets,
		.no_passphrase = o->no_passphrase };

	if (o->sheets && !o->root)
		return cf_err(CF_USAGE, "--sheets is for new recovery sheets: "
			"add --root");
	return cf_key_rotate(&call->result, call->trust, o->root, &how);
}

static void
print(struct page *page, const struct call *call)
{
	cf_print_renewed(page, call->result);
}

const struct cmd cmd_key_rotate = {
	.family = "key",
	.name = "rotate",
	.help = "change this machine's key, or (--root) the recovery sheets",
	.about = "Makes a new key for this machine; the old one publishes no "
		"more, and what it signed stays good. With --root it makes two "
		"new recovery sheets, after which the old ones open nothing. "
		"Either takes a recovery sheet that is in force. It also helps "
		"where this machine's key was lost or its passphrase "
		"forgotten.",
	.opts = opts,
	.size = sizeof(struct key_rotate_opts),
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
