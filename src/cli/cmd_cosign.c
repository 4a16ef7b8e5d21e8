/*
 * confer cosign: our signature beside another trust's.
 */
#include "cli/published.h"

struct cosign_opts {
	bool no_push;
};

static const struct opt opts[] = {
	{ "no-push", 0, OPT_FLAG, offsetof(struct cosign_opts, no_push), NULL,
		"sign, but do not send anything yet" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct cosign_opts *o = call->opts;

	return cf_cosign(&call->result, call->trust, call->arg[0],
		o->no_push);
}

static void
print(struct page *page, const struct call *call)
{
	const struct cosign_opts *o = call->opts;

	cf_page_published(page, call->result, "Signed", o->no_push);
}

const struct cmd cmd_cosign = {
	.name = "cosign",
	.args = "ID",
	.help = "add your signature to a record that you share",
	.about = "Signs the version of the record that stands now, word for "
		"word, and publishes it from your repository too: your trust "
		"stands behind it. You must be one of its stewards.",
	.opts = opts,
	.size = sizeof(struct cosign_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
