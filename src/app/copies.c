/*
 * What partners' hosts list of other trusts.
 */
#include <string.h>

#include "app/copies.h"

const struct cf_copy *
cf_relay_copy(const struct cf_relay *relay, const char *trust)
{
	/* Nobody is their own relay. */
	if (strcmp(relay->partner->trust, trust) == 0)
		return NULL;
	for (size_t i = 0; i < relay->n; i++)
		if (strcmp(relay->copies[i].trust, trust) == 0)
			return &relay->copies[i];
	return NULL;
}

void
cf_shows_add(struct cf_shows *shows, const struct cf_relay *relay,
	const struct cf_oid *head)
{
	for (size_t i = 0; i < shows->n; i++)
		if (cf_oid_eq(&shows->shown[i].head, head))
			return;
	if (shows->n < CF_MAX_COPIES)
		shows->shown[shows->n++] = (struct cf_shown){ relay, *head };
}
