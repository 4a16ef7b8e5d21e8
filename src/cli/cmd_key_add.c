/*
 * confer key add: another machine may publish.
 */
#include "cli/renewed.h"

struct key_add_opts {
	const char *number;
	struct renew_opts renew;
};

static const struct opt opts[] = {
	{ "number", 0, OPT_TEXT, offsetof(struct key_add_opts, number),
		"DIGITS", "the number of the key, as the other machine shows "
		"it: so no slip lets in a key that nobody has" },
	RENEW_OPTS(struct key_add_opts),
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct key_add_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push };

	return cf_key_add(&call->result, call->trust, call->arg[0], o->number,
		&how);
}

static void
print(struct page *page, const struct call *call)
{
	cf_print_renewed(page, call->result);
	cf_page_gap(page);
	cf_page_text(page, 0, "On that machine, 'confer sync' takes it in: "
		"then it can publish.");
}

const struct cmd cmd_key_add = {
	.family = "key",
	.name = "add",
	.args = "KEY",
	.help = "let another machine publish for this trust",
	.about = "Lets the machine publish whose key this is: the did:key that "
		"'confer init --join' printed there, with its number. "
		"Without the number it is shown, and you are asked. It takes "
		"a recovery sheet. Where the first machine is lost, the second one can "
		"let itself in with a sheet.",
	.opts = opts,
	.size = sizeof(struct key_add_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
