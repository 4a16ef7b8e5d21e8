#ifndef CF_MEND_H
#define CF_MEND_H

/*
 * Mending the figures of a draft; for src/check only.
 */
#include "check/rule.h"

/*
 * Writes into `draft` (a copy) what the rules for figures propose: rounded
 * numbers, cells that are held back with those that must go with them, totals
 * that add up. Rules are asked again until they propose nothing new. Appends
 * {rule, path, place, before, after} to `changes`; `before` is in words, for a
 * number that is held back is not shown again.
 */
void cf_mend_figures(json_t *draft, json_t *changes,
	const struct cf_checking *with);

#endif
