/*
 * confer index --rebuild: the index and the commons, made again from git.
 */
#include "cli/cmd.h"

struct index_opts {
	bool rebuild;
};

static const struct opt opts[] = {
	{ "rebuild", 0, OPT_FLAG, offsetof(struct index_opts, rebuild), NULL,
		"make the index again", .required = true },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	return cf_index_rebuild(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	unsigned long long held = cf_get_number(call->result, "held");

	cf_page_text(page, 0, "The index is made again: %s in all.",
		cf_count(cf_get_number(call->result, "records"),
		"record").text);
	if (held)
		cf_page_text(page, 0, "Held back: %s. 'confer status' says "
			"why.", cf_count(held, "version").text);
}

const struct cmd cmd_index = {
	.name = "index",
	.help = "make the index again",
	.about = "The index speeds up reading and can be made again at any "
		"time from the signed records. Nothing is lost by it.",
	.opts = opts,
	.size = sizeof(struct index_opts),
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
