/*
 * confer partner list: whom we follow.
 */
#include "base/clock.h"
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_partner_list(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	struct rows rows = CF_ROWS(4);
	const json_t *partner;
	int64_t now = cf_now();
	size_t i;

	if (json_array_size(call->result) == 0) {
		cf_page_text(page, 0, "You follow nobody yet. Begin with: "
			"confer partner add URL");
		return;
	}
	cf_rows_add(&rows, "NAME");
	cf_rows_add(&rows, "TRUST");
	cf_rows_add(&rows, "SYNCED");
	cf_rows_add(&rows, "ADDRESS");
	json_array_foreach(call->result, i, partner) {
		cf_rows_add(&rows, cf_get(partner, "name"));
		cf_rows_add(&rows, cf_get(partner, "title"));
		cf_rows_add(&rows, cf_has(partner, "synced") ?
			cf_when(cf_get(partner, "synced"), now).text :
			"never");
		cf_rows_add(&rows, cf_get(partner, "url"));
	}
	cf_rows_print(&rows, page, 0, true);
}

const struct cmd cmd_partner_list = {
	.family = "partner",
	.name = "list",
	.help = "list the trusts that you follow",
	.about = "Lists the trusts that you follow, under the names that you "
		"gave them. With --json it also gives their trust ids and "
		"safety numbers.",
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
