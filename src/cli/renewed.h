#ifndef CF_RENEWED_H
#define CF_RENEWED_H

/*
 * What the commands that change the identity have in common: their options, and
 * what they print.
 */
#include "cli/cmd.h"

struct renew_opts {
	const char *sheet;
	bool no_push;
};
#define RENEW_OPTS(type) \
	{ "sheet", 0, OPT_TEXT, offsetof(type, renew.sheet), "FILE", \
		"take the recovery sheet from this file instead of the " \
		"keyboard" }, \
	{ "no-push", 0, OPT_FLAG, offsetof(type, renew.no_push), NULL, \
		"only sign it in here; 'confer publish' sends it" }

/* What is so now, whether it was sent, and what to do with new sheets. */
void cf_print_renewed(struct page *page, const json_t *result);
/* Paths of recovery sheets and what to do with them. */
void cf_print_sheets(struct page *page, const json_t *sheets);

#endif
