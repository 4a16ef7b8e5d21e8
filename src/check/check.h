#ifndef CF_CHECK_H
#define CF_CHECK_H

/*
 * What a record or a draft must be before it is signed, and before one that
 * somebody else signed is let into the commons.
 */
#include "record/kind.h"
#include "record/record.h"

/*
 * Findings are JSON objects: {rule, severity: never|waivable|advice, path (JSON
 * Pointer), why, remedy}. `never` cannot be waived.
 */

/* The rules that need only the record, as the gate runs them: the first broken
 * one into rule and why, and true; false where all hold. */
struct cf_fault {
	char rule[48];
	char why[512];
};
bool cf_check_record(struct cf_fault *out, const struct cf_record *record);

/*
 * A draft: appends findings and counts the rules that passed. The draft's shape
 * first; the body by the schema of its kind. Sets and keyed lists need not be
 * in order; publish sees to that.
 */
void cf_check_draft(json_t *findings, unsigned *passed, const json_t *draft);

#endif
