/*
 * confer roll forget: take a roll off this machine.
 */
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_roll_forget(call->trust, call->arg[0]);
}

static void
print(struct page *page, const struct call *call)
{
	cf_page_text(page, 0, "The roll '%s' is gone from this machine. The "
		"check no longer looks for its people.", call->arg[0]);
}

const struct cmd cmd_roll_forget = {
	.family = "roll",
	.name = "forget",
	.args = "NAME",
	.help = "take a roll off this machine",
	.about = "Deletes a roll. The check then no longer looks for its "
		"people.",
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
