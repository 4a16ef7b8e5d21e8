/*
 * confer debug merge: the merge of versions given as JSON, for tests.
 */
#include <stdio.h>

#include "cli/cmd.h"

static void
each(void *payload, const char *line)
{
	(void)payload;
	(void)puts(line);
}

static const struct cf_err *
run(struct call *call)
{
	return cf_debug_merge(call->arg[0], each, NULL);
}

const struct cmd cmd_debug_merge = {
	.family = "debug",
	.name = "merge",
	.args = "FILE",
	.help = "merge versions given as JSON, for tests",
	.about = "Reads documents {\"schema\", \"owner\", \"versions\": "
		"[{\"id\", \"parents\", \"trust\", \"modified\", \"body\", "
		"\"settled\", \"stewards\", \"status\"}]}, one after another, "
		"and prints {\"body\", \"conflicts\", \"heads\"} for each, one "
		"a line; of one that is wrong, {\"error\"}. FILE may be - for "
		"standard input.",
	.min = 1,
	.max = 1,
	.flags = CMD_HIDDEN,
	.run = run,
};
