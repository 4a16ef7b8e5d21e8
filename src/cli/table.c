/*
 * The table of commands, and looking one up.
 */
#include <stdio.h>
#include <string.h>

#include "cli/near.h"
#include "cli/table.h"

#define USAGE 4096	/* bytes of a usage line, of a list of names */

const struct entry cmd_table[] = {
	{ "Begin", &cmd_init },
	{ NULL, &cmd_id },
	{ "Write and publish", &cmd_new },
	{ NULL, &cmd_check },
	{ NULL, &cmd_rules },
	{ NULL, &cmd_roll_import },
	{ NULL, &cmd_roll_list },
	{ NULL, &cmd_roll_forget },
	{ NULL, &cmd_publish },
	{ NULL, &cmd_withdraw },
	{ NULL, &cmd_cosign },
	{ NULL, &cmd_erase },
	{ "Follow other trusts", &cmd_partner_add },
	{ NULL, &cmd_partner_list },
	{ NULL, &cmd_partner_accept },
	{ NULL, &cmd_partner_remove },
	{ NULL, &cmd_sync },
	{ NULL, &cmd_relay },
	{ "Read", &cmd_status },
	{ NULL, &cmd_search },
	{ NULL, &cmd_list },
	{ NULL, &cmd_show },
	{ NULL, &cmd_match },
	{ NULL, &cmd_reciprocity },
	{ NULL, &cmd_pool },
	{ NULL, &cmd_export },
	{ "Settle conflicts", &cmd_conflicts },
	{ NULL, &cmd_resolve },
	{ "Examine and repair", &cmd_verify },
	{ NULL, &cmd_index },
	{ NULL, &cmd_compact },
	{ NULL, &cmd_doctor },
	{ NULL, &cmd_debug_merge },
	{ "Keys", &cmd_key_list },
	{ NULL, &cmd_key_log },
	{ NULL, &cmd_key_check },
	{ NULL, &cmd_key_add },
	{ NULL, &cmd_key_rotate },
	{ NULL, &cmd_key_revoke },
	{ NULL, &cmd_key_export },
	{ "Help", &cmd_help },
	{ NULL, NULL }
};

const struct opt cmd_globals[] = {
	{ "dir", 'C', OPT_TEXT, offsetof(struct globals, dir), "DIR",
		"work in this folder instead of the current one; other paths "
		"are seen from there" },
	{ "json", 0, OPT_FLAG, offsetof(struct globals, json), NULL,
		"print the result as JSON, for programs" },
	{ "quiet", 'q', OPT_FLAG, offsetof(struct globals, quiet), NULL,
		"only results and errors: no talk, no progress" },
	{ "passphrase-file", 0, OPT_TEXT,
		offsetof(struct globals, passphrase_file), "FILE",
		"take the passphrase from this file, which only you may read "
		"(or name the file in $CONFER_PASSPHRASE_FILE)" },
	{ "help", 'h', OPT_FLAG, offsetof(struct globals, help), NULL,
		"explain the command" },
	{ "version", 0, OPT_FLAG, offsetof(struct globals, version), NULL,
		"print the version of the program" },
	{ NULL }
};

static bool
is(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

const struct cmd *
cf_cmd_find(const char *family, const char *name)
{
	for (const struct entry *e = cmd_table; e->cmd; e++)
		if (is(e->cmd->family, family) && is(e->cmd->name, name))
			return e->cmd;
	return NULL;
}

bool
cf_cmd_is_family(const char *word)
{
	for (const struct entry *e = cmd_table; e->cmd; e++)
		if (is(e->cmd->family, word))
			return true;
	return false;
}

/* "partner needs one of: add, list, remove" */
static const struct cf_err *
incomplete(const char *family, const char *name)
{
	struct cf_buf list = CF_BUF(USAGE);
	struct near near = { 0 };
	const struct cf_err *err;

	for (const struct entry *e = cmd_table; e->cmd; e++) {
		if (!is(e->cmd->family, family))
			continue;
		cf_buf_puts(&list, list.len ? ", " : "");
		cf_buf_puts(&list, e->cmd->name);
		if (name)
			cf_near(&near, name, e->cmd->name);
	}
	if (near.best)
		err = cf_err(CF_USAGE, "there is no command '%s %s'. Did you "
			"mean 'confer %s %s'?", family, name, family,
			near.best);
	else if (name)
		err = cf_err(CF_USAGE, "there is no command '%s %s'. After "
			"'confer %s' comes one of: %s", family, name, family,
			list.data);
	else
		err = cf_err(CF_USAGE, "'confer %s' alone does nothing; add "
			"one of: %s", family, list.data);
	cf_buf_clear(&list);
	return err;
}

const struct cf_err *
cf_cmd_unknown(const char *family, const char *name)
{
	struct near near = { 0 };

	if (family)
		return incomplete(family, name);
	for (const struct entry *e = cmd_table; e->cmd; e++)
		cf_near(&near, name, e->cmd->family ? e->cmd->family :
			e->cmd->name);
	if (near.best)
		return cf_err(CF_USAGE, "there is no command '%s'. Did you "
			"mean 'confer %s'?", name, near.best);
	return cf_err(CF_USAGE, "there is no command '%s'. 'confer help' "
		"lists the commands", name);
}

struct word
cf_cmd_name(const struct cmd *cmd)
{
	struct word w;

	(void)snprintf(w.text, sizeof w.text, "%.40s%s%.40s",
		cmd->family ? cmd->family : "", cmd->family ? " " : "",
		cmd->name);
	return w;
}

char *
cf_cmd_usage(const struct cmd *cmd)
{
	struct cf_buf out = CF_BUF(USAGE), opts = CF_BUF(USAGE);

	cf_opt_synopsis(&opts, cmd->opts);
	cf_buf_printf(&out, "confer %s", cf_cmd_name(cmd).text);
	if (cmd->args)
		cf_buf_printf(&out, " %s", cmd->args);
	if (opts.len)
		cf_buf_printf(&out, " %s", opts.data);
	cf_buf_clear(&opts);
	return cf_buf_take(&out);
}
