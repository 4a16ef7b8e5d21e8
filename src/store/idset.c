/*
 * A set of object ids.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/idset.h"

static size_t
place_of(const struct cf_idset *set, const struct cf_oid *oid)
{
	size_t i;

	memcpy(&i, oid->raw, sizeof i);
	i &= set->cap - 1;
	while (!cf_oid_is_zero(&set->slot[i]) &&
		!cf_oid_eq(&set->slot[i], oid))
		i = (i + 1) & (set->cap - 1);
	return i;
}

static void
enlarge(struct cf_idset *set)
{
	struct cf_idset bigger = { .cap = set->cap ? set->cap * 2 : 4096 };

	bigger.slot = cf_calloc(bigger.cap, sizeof *bigger.slot);
	for (size_t i = 0; i < set->cap; i++)
		if (!cf_oid_is_zero(&set->slot[i]))
			bigger.slot[place_of(&bigger, &set->slot[i])] =
				set->slot[i];
	bigger.n = set->n;
	free(set->slot);
	*set = bigger;
}

bool
cf_idset_add(struct cf_idset *set, const struct cf_oid *oid)
{
	size_t i;

	if (set->n * 2 >= set->cap)
		enlarge(set);
	i = place_of(set, oid);
	if (!cf_oid_is_zero(&set->slot[i]))
		return false;
	set->slot[i] = *oid;
	set->n++;
	return true;
}

bool
cf_idset_has(const struct cf_idset *set, const struct cf_oid *oid)
{
	return set->cap && !cf_oid_is_zero(&set->slot[place_of(set, oid)]);
}

void
cf_idset_clear(struct cf_idset *set)
{
	free(set->slot);
	*set = (struct cf_idset){ 0 };
}
