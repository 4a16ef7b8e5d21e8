/*
 * confer key list: which keys may speak for the trust.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_key_list(&call->result, call->trust);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *key;
	size_t i;

	/* A key has 56 characters, and people copy it. */
	json_array_foreach(call->result, i, key) {
		bool root = strcmp(cf_get(key, "role"), "root") == 0;
		bool active = strcmp(cf_get(key, "status"), "active") == 0;
		char *gone = cf_asprintf("shut out (%s)", cf_get(key,
			"reason"));

		cf_page_line(page, TONE_STRONG, "%s", cf_get(key, "key"));
		cf_page_text(page, 4, "%s, %s, %s, since %s", root ?
			"recovery" : "publishing", active ? "in force" : gone,
			root ? "on a sheet" : cf_get_true(key, "here") ?
			"this machine" : "another machine",
			cf_date(cf_get(key, "since")).text);
		free(gone);
	}
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
