/*
 * confer key check: does this recovery sheet still open the trust?
 */
#include "base/clock.h"
#include "cli/cmd.h"
#include "cli/words.h"

struct key_check_opts {
	const char *sheet;
};

static const struct opt opts[] = {
	{ "sheet", 0, OPT_TEXT, offsetof(struct key_check_opts, sheet), "FILE",
		"take the sheet from this file instead of the keyboard" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct key_check_opts *o = call->opts;

	return cf_key_check(&call->result, call->trust, o->sheet);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *result = call->result, *other;
	int64_t now = cf_now();
	size_t i;

	cf_page_head(page, TONE_GOOD, "Recovery sheet %llu is in order",
		cf_get_number(result, "sheet"));
	cf_page_gap(page);
	cf_page_pair(page, 2, 8, "Key", cf_get(result, "key"));
	cf_page_gap(page);
	cf_page_text(page, 0, "It can still be used for this trust. Put it "
		"back into its safe; nothing of it was kept here.");
	if (cf_has(result, "tried"))
		cf_page_text(page, 0, "You tried this one before, %s.",
			cf_when(cf_get(result, "tried"), now).text);
	json_array_foreach(cf_get_at(result, "others"), i, other) {
		if (cf_has(other, "tried"))
			cf_page_text(page, 0, "Sheet %llu was tried %s.",
				cf_get_number(other, "sheet"),
				cf_when(cf_get(other, "tried"), now).text);
		else
			cf_page_text(page, 0, "Sheet %llu was not tried on "
				"this machine yet. Next: confer key check, "
				"with sheet %llu.", cf_get_number(other,
				"sheet"), cf_get_number(other, "sheet"));
	}
}

const struct cmd cmd_key_check = {
	.family = "key",
	.name = "check",
	.help = "try a recovery sheet, without using it",
	.about = "Reads a recovery sheet and says whether it is one of this "
		"trust's that are in force, and which. You type its eight lines; each is "
		"checked at once, and small letters and spaces make no "
		"difference. Do it once a year, and after printing.",
	.opts = opts,
	.size = sizeof(struct key_check_opts),
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
