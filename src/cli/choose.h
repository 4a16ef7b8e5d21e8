#ifndef CF_CHOOSE_H
#define CF_CHOOSE_H

/*
 * Decisions about a record's conflicts: from the command line, or asked for one
 * by one on the terminal. Nothing is written here.
 */
#include "cli/cmd.h"

struct choices {
	struct cf_choice *choice;
	size_t n, cap;
	json_t *kept;		/* owns texts and values of choices */
};
void cf_choices_clear(struct choices *choices);

/*
 * "FIELD=TRUST" and "FIELD=JSON"; `record` is what cf_conflicts says of the
 * record, for titles of fields. CF_USAGE.
 */
const struct cf_err *cf_choices_read(struct choices *out, const json_t *record,
	const struct opt_texts *takes, const struct opt_texts *sets) CF_MUST;

/* Asks for each field. CF_CANCELLED: the person stopped, or left everything
 * open. `confirm`: asks in the end whether to publish. */
const struct cf_err *cf_choices_ask(struct choices *out,
	const struct call *call, const json_t *record, bool confirm) CF_MUST;

#endif
