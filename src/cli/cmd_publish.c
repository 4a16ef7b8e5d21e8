/*
 * confer publish: check, sign, send.
 */
#include "cli/published.h"

struct publish_opts {
	const char *evidence;
	bool no_push, incomplete, accept_restart, restore;
};

static const struct opt opts[] = {
	{ "evidence", 0, OPT_TEXT, offsetof(struct publish_opts, evidence),
		"CSV", "count the groups of the drafts in this list of people, "
		"one a row, as check does; it is read here and kept nowhere" },
	{ "no-push", 0, OPT_FLAG, offsetof(struct publish_opts, no_push), NULL,
		"sign, but do not send anything yet" },
	{ "incomplete", 0, OPT_FLAG, offsetof(struct publish_opts, incomplete),
		NULL, "go on although versions of other stewards may be "
		"missing" },
	{ "accept-restart", 0, OPT_FLAG,
		offsetof(struct publish_opts, accept_restart), NULL,
		"take the history that another machine of yours began again" },
	{ "restore", 0, OPT_FLAG, offsetof(struct publish_opts, restore),
		NULL, "put what you published back at your host, where "
		"somebody else has written there" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct publish_opts *o = call->opts;
	struct cf_publish what = { .files = call->arg, .n = call->n,
		.evidence = o->evidence, .no_push = o->no_push,
		.incomplete = o->incomplete,
		.accept_restart = o->accept_restart, .restore = o->restore };

	if (o->restore && o->no_push)
		return cf_err(CF_USAGE, "--restore sends to your host: leave "
			"--no-push out");
	if (o->evidence && call->n == 0)
		return cf_err(CF_USAGE, "--evidence is about drafts: name the "
			"ones to publish");
	return cf_publish(&call->result, call->trust, &what);
}

static void
print(struct page *page, const struct call *call)
{
	const struct publish_opts *o = call->opts;

	cf_page_published(page, call->result, "Published", o->no_push);
}

const struct cmd cmd_publish = {
	.name = "publish",
	.args = "[FILE...]",
	.help = "check drafts, sign them and send them to your host",
	.about = "Checks the drafts that you name, signs them and sends "
		"them: all of them, or none. Without FILE it sends what is "
		"signed but not sent yet, or renews the sign of life that "
		"tells partners you are still there.",
	.opts = opts,
	.size = sizeof(struct publish_opts),
	.max = CMD_ANY,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
