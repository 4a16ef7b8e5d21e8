/*
 * The order of proofs in a document: a set has one form.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/sign.h"

static int
compare(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	const char *p = cf_json_str(x, "verificationMethod");
	const char *q = cf_json_str(y, "verificationMethod");
	int order = strcmp(p ? p : "", q ? q : "");

	return order ? order : cf_json_compare(x, y);
}

void
cf_proofs_sort(json_t *proofs)
{
	size_t n = json_array_size(proofs), kept = 0;
	json_t **list = cf_calloc(n, sizeof(json_t *));

	for (size_t i = 0; i < n; i++)
		list[i] = json_incref(json_array_get(proofs, i));
	if (n)
		qsort(list, n, sizeof(json_t *), compare);
	(void)json_array_clear(proofs);
	for (size_t i = 0; i < n; i++) {
		if (kept && compare(&list[kept - 1], &list[i]) == 0) {
			json_decref(list[i]);
			continue;
		}
		list[kept++] = list[i];
		(void)json_array_append_new(proofs, list[i]);
	}
	free(list);
}
