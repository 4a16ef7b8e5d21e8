/*
 * confer help: the overview, a family of commands, or one command.
 */
#include "cli/help.h"

struct help_opts {
	bool options;
};

static const struct opt opts[] = {
	{ "options", 0, OPT_FLAG, offsetof(struct help_opts, options), NULL,
		"list every command and option, one a line", .hidden = true },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const char *first = call->arg[0];
	const char *second = first ? call->arg[1] : NULL;
	const char *family = first && cf_cmd_is_family(first) ? first : NULL;

	if (first == NULL || (family && second == NULL))
		return NULL;
	if (second && !family)
		return cf_err(CF_USAGE, "'confer %s' is one word; there is no "
			"'%s %s'", first, first, second);
	if (cf_cmd_find(family, family ? second : first) == NULL)
		return cf_cmd_unknown(family, family ? second : first);
	return NULL;
}

static void
print(struct page *page, const struct call *call)
{
	const struct help_opts *o = call->opts;
	const char *first = call->arg[0];
	const char *second = first ? call->arg[1] : NULL;

	if (o->options)
		cf_help_options(page);
	else if (first == NULL)
		cf_help_overview(page);
	else if (second)
		cf_help_command(page, cf_cmd_find(first, second));
	else if (cf_cmd_is_family(first))
		cf_help_family(page, first);
	else
		cf_help_command(page, cf_cmd_find(NULL, first));
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.help = "explain a command",
	.about = "Explains a command and its options. Without one it lists "
		"all commands.",
	.opts = opts,
	.size = sizeof(struct help_opts),
	.max = 2,
	.flags = CMD_REPORT | CMD_PLAIN,
	.run = run,
	.print = print
};
