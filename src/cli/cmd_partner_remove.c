/*
 * confer partner remove: no longer follow a trust.
 */
#include "cli/relayed.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_partner_remove(&call->result, call->trust, call->arg[0]);
}

static void
print(struct page *page, const struct call *call)
{
	cf_page_text(page, 0, "You no longer follow '%s'. What only they "
		"published is gone from what you read; to follow them again: "
		"confer partner add", call->arg[0]);
	cf_page_relayed(page, cf_get_at(call->result, "relay"));
}

const struct cmd cmd_partner_remove = {
	.family = "partner",
	.name = "remove",
	.args = "NAME",
	.help = "no longer follow a trust",
	.about = "Takes the trust off the list. What only they published is "
		"then no longer among the records that you read.",
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
