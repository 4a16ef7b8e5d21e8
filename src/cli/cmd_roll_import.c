/*
 * confer roll import: the trust's own people, for the check.
 */
#include "cli/cmd.h"

struct roll_opts {
	const char *name;
};

static const struct opt opts[] = {
	{ "name", 0, OPT_TEXT, offsetof(struct roll_opts, name), "NAME",
		"what to call this roll (default: people); one of the same name "
		"is replaced" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct roll_opts *o = call->opts;

	return cf_roll_import(&call->result, call->trust, call->arg[0],
		o->name);
}

static void
print(struct page *page, const struct call *call)
{
	cf_page_text(page, 0, "Roll '%s': %lld people, with %s, %s, %s and %s.",
		cf_get(call->result, "name"),
		(long long)cf_get_number(call->result, "people"),
		cf_count((size_t)cf_get_number(call->result, "numbers"),
		"number").text,
		cf_count((size_t)cf_get_number(call->result, "births"),
		"birth date").text,
		cf_count((size_t)cf_get_number(call->result, "postcodes"),
		"postcode").text,
		cf_count((size_t)cf_get_number(call->result, "mailboxes"),
		"e-mail address").text);
	cf_page_text(page, 0, "It lies sealed beside the key of this machine and "
		"nowhere else. 'confer check' and 'confer publish' now look for "
		"these people in what you write. The file itself was not "
		"changed: delete it if you do not need it.");
}

const struct cmd cmd_roll_import = {
	.family = "roll",
	.name = "import",
	.args = "FILE",
	.help = "let the check know your own people",
	.about = "Reads a CSV file from your information system, such as SIMS, "
		"Arbor or Bromcom, with pupils or staff, and keeps from "
		"it names, numbers (UPN, ULN), birth dates, postcodes and "
		"e-mail addresses, sealed with the key of this machine. Columns "
		"are known by their headings; others are left out. 'confer "
		"check' then asks for the passphrase and looks for these people "
		"in drafts. Nothing of it is ever published or shown.",
	.opts = opts,
	.size = sizeof(struct roll_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
