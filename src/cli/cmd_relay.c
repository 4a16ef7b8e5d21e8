/*
 * confer relay: copies of partners' records at our own host, for others.
 */
#include <string.h>

#include "cli/relayed.h"

static const struct cf_err *
run(struct call *call)
{
	const char *word = call->n ? call->arg[0] : NULL;
	bool on = word && strcmp(word, "on") == 0;

	if (word && !on && strcmp(word, "off") != 0)
		return cf_err(CF_USAGE, "'confer relay' takes on or off, not "
			"'%s'", word);
	return cf_relay(&call->result, call->trust, word ? &on : NULL);
}

static void
print_copies(struct page *page, const json_t *list)
{
	struct rows rows = CF_ROWS(2);
	const json_t *copy;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	cf_rows_add(&rows, "TRUST");
	cf_rows_add(&rows, "COPY");
	json_array_foreach(list, i, copy) {
		cf_rows_add(&rows, cf_get(copy, "title"));
		cf_rows_add(&rows, cf_get(copy, "commit"));
	}
	cf_page_gap(page);
	cf_rows_print(&rows, page, 0, true);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *result = call->result;

	if (cf_get_true(result, "relay"))
		cf_page_text(page, 0, "You relay: your host (%s) also carries "
			"copies of what your partners published, for those "
			"whom their hosts do not answer. Everybody who can "
			"read your host can see whom you follow.",
			cf_get(result, "remote"));
	else
		cf_page_text(page, 0, "You do not relay: your host carries "
			"what you published, and nothing of your partners. To "
			"help those whom a partner's host does not answer: "
			"confer relay on");
	cf_page_relayed(page, result);
	print_copies(page, cf_get_at(result, "copies"));
}

const struct cmd cmd_relay = {
	.name = "relay",
	.args = "[on|off]",
	.help = "let your host carry copies of your partners' records",
	.about = "With 'on', what you verified of your partners is also put at "
		"your own host, and kept up to date by 'sync' and 'publish'. "
		"Whoever follows you can then have it from there when a "
		"partner's own host does not answer. Nobody need trust you "
		"for that: every signature is the partner's. It shows whom "
		"you follow to everybody who can read your host. 'off' takes "
		"the copies away again; alone it says how it is.",
	.max = 1,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
