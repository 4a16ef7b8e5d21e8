/*
 * confer key list: which keys may speak for the trust.
 */
#include <string.h>

#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_key_list(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	struct rows rows = CF_ROWS(4);
	const json_t *key;
	size_t i;

	cf_rows_add(&rows, "USE");
	cf_rows_add(&rows, "STATE");
	cf_rows_add(&rows, "WHERE");
	cf_rows_add(&rows, "KEY");
	json_array_foreach(call->result, i, key) {
		bool root = strcmp(cf_get(key, "role"), "root") == 0;

		cf_rows_add(&rows, root ? "recovery" : "publishing");
		cf_rows_add(&rows, strcmp(cf_get(key, "status"), "active") ?
			cf_get(key, "status") : "in force");
		cf_rows_add(&rows, root ? "on a sheet" :
			cf_get_true(key, "here") ? "this machine" :
			"another machine");
		cf_rows_add(&rows, cf_get(key, "key"));
	}
	cf_rows_print(&rows, page, 0, true);
}

const struct cmd cmd_key_list = {
	.family = "key",
	.name = "list",
	.help = "list the keys of this trust",
	.about = "Lists the keys that may sign for this trust: one for "
		"publishing on each machine, and those on the recovery "
		"sheets, which are kept nowhere else.",
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
