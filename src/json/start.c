/*
 * What the process needs before the first JSON value.
 */
#include <locale.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/json.h"

void
cf_json_start(void)
{
	json_set_alloc_funcs(cf_malloc, free);
	/* Takes the seed of the hash tables from the system now, before threads
	 * and before a child may no longer open files. */
	json_object_seed(0);
	/* strtod and printf write 1.5, not 1,5. */
	(void)setlocale(LC_NUMERIC, "C");
}
