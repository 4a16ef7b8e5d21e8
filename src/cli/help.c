/*
 * Writing the tables as help.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"

#define LINE 1024	/* bytes of one explanation */
#define NAMES 18u	/* columns of the overview's left side */
#define OPTIONS 24u	/* of the left side of a list of options */

void
cf_help_overview(struct page *page)
{
	cf_page_text(page, 0, "Confer lets trusts share what their schools "
		"tried and found, as signed records that name no child, no "
		"colleague and no school.");
	for (const struct entry *e = cmd_table; e->cmd; e++) {
		if (e->cmd->flags & CMD_HIDDEN)
			continue;
		if (e->group) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "%s", e->group);
		}
		cf_page_pair(page, 2, 2 + NAMES, cf_cmd_name(e->cmd).text,
			e->cmd->help);
	}
	cf_page_gap(page);
	cf_page_text(page, 0, "'confer help COMMAND' explains one. Begin with "
		"'confer init'; 'confer status' says what to do next.");
}

void
cf_help_family(struct page *page, const char *family)
{
	for (const struct entry *e = cmd_table; e->cmd; e++)
		if (e->cmd->family && strcmp(e->cmd->family, family) == 0)
			cf_page_pair(page, 0, NAMES, cf_cmd_name(e->cmd).text,
				e->cmd->help);
	cf_page_gap(page);
	cf_page_text(page, 0, "'confer help %s COMMAND' explains one.",
		family);
}

/* The rows of an option table: what to type, and what it does. */
static void
put_options(struct page *page, const char *title, const struct opt *o)
{
	struct cf_buf left = CF_BUF(LINE), right = CF_BUF(LINE);
	bool begun = false;

	for (; o && o->name; o++) {
		if (o->hidden)
			continue;
		if (!begun) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "%s", title);
			begun = true;
		}
		cf_buf_reset(&left);
		cf_buf_reset(&right);
		cf_opt_left(&left, o);
		cf_buf_puts(&right, o->help);
		if (o->choices)
			cf_buf_printf(&right, " (%s)", o->choices);
		else if (o->type == OPT_NUMBER)
			cf_buf_printf(&right, " (1 to %u)", o->max);
		cf_page_pair(page, 2, 2 + OPTIONS, left.data, right.data);
	}
	cf_buf_clear(&left);
	cf_buf_clear(&right);
}

void
cf_help_command(struct page *page, const struct cmd *cmd)
{
	char *usage = cf_cmd_usage(cmd);

	cf_page_entry(page, 0, 7, TONE_STRONG, "Usage:", "%s", usage);
	free(usage);
	cf_page_gap(page);
	cf_page_prose(page, 0, cmd->about);
	put_options(page, "Options", cmd->opts);
	put_options(page, "Options of every command", cmd_globals);
}

static void
list_options(struct page *page, const char *name, const struct opt *o)
{
	for (; o && o->name; o++) {
		if (o->hidden)
			continue;
		cf_page_line(page, TONE_PLAIN, "%s --%s", name, o->name);
		if (o->letter)
			cf_page_line(page, TONE_PLAIN, "%s -%c", name,
				o->letter);
	}
}

void
cf_help_options(struct page *page)
{
	list_options(page, "confer", cmd_globals);
	for (const struct entry *e = cmd_table; e->cmd; e++) {
		cf_page_line(page, TONE_PLAIN, "%s",
			cf_cmd_name(e->cmd).text);
		list_options(page, cf_cmd_name(e->cmd).text, e->cmd->opts);
	}
}
