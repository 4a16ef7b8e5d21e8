#ifndef CF_GIVEN_H
#define CF_GIVEN_H

/*
 * What trusts gave one another, told of all without telling of any: a figure is
 * shown only where enough trusts are behind it, and changes only when enough of
 * them have changed, so that two reports never differ by one trust. Pure.
 */
#include "record/record.h"

/* An episode that both signed: {giver, receiver, days, areas}. */

/* Our own: {given, received, to, from (how many trusts), themes: [{area, given,
 * received}], partners: [{trust, given, received}]}. Themes by their code, partners
 * in an order of `month` alone. */
json_t *cf_given_own(const json_t *episodes, const char *trust,
	const char *month);

/*
 * Of all `trusts` (ids), cells {name: {trust: what it adds}}: "both" (1 gave and
 * received, 0 not), "flow <area>" (days given and received), "unmet <area>" (1 each
 * of `unmet`, [{trust, areas}]). Only those with CF_LEAST_TRUSTS trusts behind
 * them: on either side of a flow, and both among and not among those of "both".
 */
json_t *cf_given_cells(const json_t *episodes, const json_t *trusts,
	const json_t *unmet);
/*
 * The cells to tell, from those now and those told last (NULL: none): the new one
 * where enough trusts' parts of it have changed, else the one told last. *kept
 * gets the names of those that were not renewed.
 */
json_t *cf_given_tell(json_t *kept, const json_t *now, const json_t *told);

#endif
