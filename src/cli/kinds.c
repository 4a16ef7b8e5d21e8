/*
 * Looking a typed kind up.
 */
#include <string.h>

#include "base/buf.h"
#include "cli/get.h"
#include "cli/kinds.h"
#include "cli/near.h"
#include "cli/words.h"

#define NAMES 1024	/* bytes of the list of kinds */

const struct cf_err *
cf_kind_typed(const char *typed)
{
	json_t *kinds = cf_kinds();
	struct cf_buf names = CF_BUF(NAMES);
	const struct cf_err *err = NULL;
	struct near near = { 0 };
	bool known = false;
	const json_t *one;
	size_t i;

	json_array_foreach(kinds, i, one) {
		const char *kind = cf_get(one, "kind");

		known = known || strcmp(kind, typed) == 0;
		cf_near(&near, typed, kind);
		cf_join(&names, i, json_array_size(kinds), kind);
	}
	if (!known && near.best)
		err = cf_err(CF_USAGE, "there is no kind '%s'. Did you mean "
			"'%s'?", typed, near.best);
	else if (!known)
		err = cf_err(CF_USAGE, "there is no kind '%s'. The kinds are "
			"%s", typed, names.data);
	cf_buf_clear(&names);
	json_decref(kinds);
	return err;
}
