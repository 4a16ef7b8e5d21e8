#ifndef CF_CODES_H
#define CF_CODES_H

/*
 * Codes that a person typed; for src/app only.
 */
#include "record/record.h"

/* CF_USAGE where `word` (NULL passes) is no code of what is called `name`: phase,
 * region, area, size, fsm, eal, send, outcome, with or without "--" in front. The
 * error lists those there are. */
const struct cf_err *cf_code_known(const char *name, const char *word) CF_MUST;
/* The same for a list of codes. */
const struct cf_err *cf_code_among(const char *name, const char *word,
	const json_t *codes) CF_MUST;

#endif
