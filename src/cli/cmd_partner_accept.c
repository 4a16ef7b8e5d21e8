/*
 * confer partner accept: after a telephone call, what a partner began again.
 */
#include "cli/relayed.h"

#define SHOWN 40	/* as sync */

struct accept_opts {
	const char *identity;
};

static const struct opt opts[] = {
	{ "identity", 0, OPT_TEXT, offsetof(struct accept_opts, identity),
		"DIGEST", "where two identities are said to be theirs: the "
		"one that they read out" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct accept_opts *o = call->opts;

	return cf_partner_accept(&call->result, call->trust, call->arg[0],
		o->identity);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *restart = cf_get_at(call->result, "restart");
	const json_t *lost = cf_get_at(restart, "lost"), *one;
	struct rows rows = CF_ROWS(2);
	size_t i;

	if (restart == NULL) {
		cf_page_head(page, TONE_GOOD, "What you have of %s stays",
			cf_get(call->result, "title"));
		return;
	}
	cf_page_head(page, TONE_GOOD, "Accepted: the history of %s as it is "
		"now", cf_get(call->result, "title"));
	cf_page_relayed(page, cf_get_at(call->result, "relay"));
	if (json_array_size(lost) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "What left");
	json_array_foreach(lost, i, one) {
		if (i == SHOWN)
			break;
		cf_rows_add(&rows, cf_get(one, "kind"));
		cf_rows_add(&rows, cf_get(one, "title"));
	}
	cf_rows_print(&rows, page, 2, false);
	if (json_array_size(lost) > SHOWN)
		cf_page_text(page, 2, "and %zu more", json_array_size(lost) -
			SHOWN);
}

const struct cmd cmd_partner_accept = {
	.family = "partner",
	.name = "accept",
	.args = "NAME",
	.help = "take the history that a partner began again",
	.about = "A partner whose key was stolen begins its history again; "
		"until you accept that, the last good state stays. Telephone "
		"them first, at a number that you know: whoever stole their "
		"recovery sheet can do the same. Where two identities are said "
		"to be theirs, --identity names the right one: have them read "
		"out what 'confer id' shows as Identity.",
	.opts = opts,
	.size = sizeof(struct accept_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
