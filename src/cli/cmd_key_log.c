/*
 * confer key log: who signed which entry of our history.
 */
#include <stdio.h>

#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_key_log(&call->result, call->trust, call->arg[0]);
}

static void
print(struct page *page, const struct call *call)
{
	struct rows rows = CF_ROWS(5);
	const json_t *entry;
	char number[24];
	size_t i;

	cf_rows_add(&rows, "ENTRY");
	cf_rows_add(&rows, "DATE");
	cf_rows_add(&rows, "SIGNED ON");
	cf_rows_add(&rows, "WHAT");
	cf_rows_add(&rows, "KEY");
	json_array_foreach(call->result, i, entry) {
		(void)snprintf(number, sizeof number, "%llu",
			cf_get_number(entry, "number"));
		cf_rows_add(&rows, number);
		cf_rows_add(&rows, cf_date(cf_get(entry, "time")).text);
		cf_rows_add(&rows, cf_get_true(entry, "here") ?
			"this machine" : "another machine");
		cf_rows_add(&rows, cf_get(entry, "what"));
		cf_rows_add(&rows, cf_get(entry, "key"));
	}
	cf_rows_print(&rows, page, 0, true);
}

const struct cmd cmd_key_log = {
	.family = "key",
	.name = "log",
	.args = "[KEY]",
	.help = "list what was signed, by number, date and key",
	.about = "Lists the entries of this trust's history, the newest first; "
		"with KEY those that it signed. After a theft, look for the "
		"last entry that is good: 'confer key revoke KEY --reason "
		"stolen --base NUMBER' begins again after it.",
	.flags = CMD_TRUST | CMD_REPORT,
	.max = 1,
	.run = run,
	.print = print
};
