#ifndef CF_HELP_H
#define CF_HELP_H

/*
 * Help, printed from the tables that also read the command line.
 */
#include "cli/table.h"

/* All commands in their groups. */
void cf_help_overview(struct page *page);
/* The commands "family ...", a line each. */
void cf_help_family(struct page *page, const char *family);
/* Usage, explanation, options. */
void cf_help_command(struct page *page, const struct cmd *cmd);
/* "list --kind": a line for each command and option, for tests and shells. */
void cf_help_options(struct page *page);

#endif
