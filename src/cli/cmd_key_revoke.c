/*
 * confer key revoke: shut a key out.
 */
#include "cli/renewed.h"

struct key_revoke_opts {
	struct renew_opts renew;
	const char *reason;
	bool no_passphrase;
};

static const struct opt opts[] = {
	{ "reason", 0, OPT_TEXT, offsetof(struct key_revoke_opts, reason),
		"REASON", "why", .required = true,
		.choices = "superseded|lost|compromised" },
	RENEW_OPTS(struct key_revoke_opts),
	{ "no-passphrase", 0, OPT_FLAG,
		offsetof(struct key_revoke_opts, no_passphrase), NULL,
		"keep a new key of this machine without a passphrase" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct key_revoke_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push,
		.no_passphrase = o->no_passphrase };
	const struct cf_revoke what = { .key = call->arg[0],
		.reason = o->reason };

	return cf_key_revoke(&call->result, call->trust, &what, &how);
}

static void
print(struct page *page, const struct call *call)
{
	cf_print_renewed(page, call->result);
}

const struct cmd cmd_key_revoke = {
	.family = "key",
	.name = "revoke",
	.args = "KEY",
	.help = "shut a key out: replaced, lost, or in the wrong hands",
	.about = "Shuts a key out for good ('confer key list' shows the keys). "
		"What it signed while it was in force stays, unless it is in "
		"the wrong hands. Where it is this machine's own, a new one is "
		"made. It takes a recovery sheet.",
	.opts = opts,
	.size = sizeof(struct key_revoke_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
