#ifndef CF_TABLE_H
#define CF_TABLE_H

/*
 * All commands, and the options that every one of them takes.
 */
#include "cli/cmd.h"

struct entry {
	const char *group;	/* heading above it in the overview, or NULL */
	const struct cmd *cmd;	/* NULL ends the table */
};
extern const struct entry cmd_table[];

struct globals {
	const char *dir, *passphrase_file;
	bool json, quiet, help, version;
};
extern const struct opt cmd_globals[];

/* The command, or NULL. `family` is NULL for one of a single word. */
const struct cmd *cf_cmd_find(const char *family, const char *name);
/* Whether there are commands "word ...". */
bool cf_cmd_is_family(const char *word);
/* CF_USAGE: there is no such command; says which was perhaps meant. `name` may
 * be NULL where only the family was given. */
const struct cf_err *cf_cmd_unknown(const char *family, const char *name);

/* "partner add" */
struct word cf_cmd_name(const struct cmd *cmd);
/* "confer list [--kind KIND]"; the caller frees. */
char *cf_cmd_usage(const struct cmd *cmd);

#endif
