/*
 * confer compact: a small repository, without what nothing refers to.
 */
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_compact(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	unsigned long long before = cf_get_number(call->result, "before");
	unsigned long long after = cf_get_number(call->result, "after");
	unsigned long long reports = cf_get_number(call->result, "reports");

	cf_page_text(page, 0, "All that is in use is in one pack: %s, %s.",
		cf_count(cf_get_number(call->result, "objects"),
		"object").text, cf_bytes(after).text);
	if (cf_get_true(call->result, "left"))
		cf_page_text(page, 0, "Another program is reading here, so "
			"what is old was left in its place. Run 'confer "
			"compact' again when it has finished.");
	else if (before > after)
		cf_page_text(page, 0, "Freed: %s.",
			cf_bytes(before - after).text);
	if (reports)
		cf_page_text(page, 0, "Removed: %s of updates that were "
			"refused.", cf_count(reports, "report").text);
}

const struct cmd cmd_compact = {
	.name = "compact",
	.help = "make the repository small, and drop what nothing refers to",
	.about = "What you and your partners published is written together "
		"into one file, and what is left over is removed from the "
		"disk. No record and no version is lost. Confer does this by "
		"itself when it is time.",
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
