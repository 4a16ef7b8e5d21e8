#ifndef CF_OUT_H
#define CF_OUT_H

/*
 * What leaves the program for other programs: JSON, error objects and the exit
 * status.
 */
#include <stdio.h>

#include "base/err.h"

/* The shortest decimal that reads back as the same double. */
#define CF_NUMBER_TEXT 32
void cf_out_number(char out[CF_NUMBER_TEXT], double value);

/*
 * The value, members sorted, indented by two spaces, and a newline. What could
 * drive a terminal (control characters, changes of writing direction) is
 * escaped; a reader of JSON gets the same text.
 */
void cf_out_json(FILE *to, const json_t *value);

/* {"error": {"code", "message", "rule"?}} */
void cf_out_error(FILE *to, const struct cf_err *err);

int cf_exit_status(enum cf_code code);

#endif
