/*
 * confer roll list: which rolls this machine has.
 */
#include <stdio.h>

#include "base/clock.h"
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_roll_list(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	struct rows rows = CF_ROWS(3);
	int64_t now = cf_now();
	const json_t *roll;
	char people[32];
	size_t i;

	if (json_array_size(call->result) == 0) {
		cf_page_text(page, 0, "There is no roll on this machine. Begin "
			"with: confer roll import FILE");
		return;
	}
	cf_rows_add(&rows, "NAME");
	cf_rows_add(&rows, "PEOPLE");
	cf_rows_add(&rows, "IMPORTED");
	json_array_foreach(call->result, i, roll) {
		(void)snprintf(people, sizeof people, "%lld",
			(long long)cf_get_number(roll, "people"));
		cf_rows_add(&rows, cf_get(roll, "name"));
		cf_rows_add(&rows, people);
		cf_rows_add(&rows, cf_when(cf_get(roll, "imported"),
			now).text);
	}
	cf_rows_print(&rows, page, 0, true);
}

const struct cmd cmd_roll_list = {
	.family = "roll",
	.name = "list",
	.help = "list the rolls on this machine",
	.about = "Lists the rolls that 'confer roll import' took in, with the "
		"number of people in each and when that was. Nobody is named.",
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
