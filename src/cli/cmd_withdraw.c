/*
 * confer withdraw: a record that is no longer to be relied on.
 */
#include "cli/published.h"

struct withdraw_opts {
	const char *reason, *replacement;
	bool no_push, yes;
};

static const struct opt opts[] = {
	{ "reason", 0, OPT_TEXT, offsetof(struct withdraw_opts, reason),
		"TEXT", "why, in a sentence that everybody will read",
		.required = true },
	{ "replacement", 0, OPT_TEXT,
		offsetof(struct withdraw_opts, replacement), "ID",
		"the record that stands in its place" },
	{ "yes", 'y', OPT_FLAG, offsetof(struct withdraw_opts, yes), NULL,
		"do not ask" },
	{ "no-push", 0, OPT_FLAG, offsetof(struct withdraw_opts, no_push),
		NULL, "sign, but do not send anything yet" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct withdraw_opts *o = call->opts;
	const struct cf_withdraw what = { .id = call->arg[0],
		.reason = o->reason, .replacement = o->replacement,
		.no_push = o->no_push, .yes = o->yes };

	return cf_withdraw(&call->result, call->trust, &what);
}

static void
print(struct page *page, const struct call *call)
{
	const struct withdraw_opts *o = call->opts;

	cf_page_published(page, call->result, "Withdrawn", o->no_push);
}

const struct cmd cmd_withdraw = {
	.name = "withdraw",
	.args = "ID",
	.help = "say that a record is no longer to be relied on",
	.about = "Publishes a new version of the record that marks it as "
		"withdrawn, with your reason. Its text stays readable, to "
		"partners too. Only the trust that created a record can "
		"withdraw it.",
	.opts = opts,
	.size = sizeof(struct withdraw_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
