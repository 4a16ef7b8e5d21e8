/*
 * Starting the library, and what it knows of kinds.
 */
#include "app/trust.h"
#include "base/clock.h"
#include "base/mem.h"

const struct cf_ui cf_no_ui = { 0 };

/* The time of an entry is a number of 32 bits. */
static const struct cf_err *
check_clock(void)
{
	int64_t now = cf_now();

	return now >= 0 && now <= UINT32_MAX ? NULL : cf_err(CF_SYS, "the clock "
		"of this machine is set to a year before 1970 or after 2105. "
		"Set it right, then try again");
}

const struct cf_err *
cf_start(void)
{
	const struct cf_err *err;

	cf_mem_start();
	cf_json_start();
	err = check_clock();
	if (!err)
		err = cf_sign_start();
	if (!err)
		err = cf_kind_start();
	if (!err)
		err = cf_store_start();
	return err;
}

json_t *
cf_kind_schema(const char *kind)
{
	json_t *out = cf_kind_known(kind) ? json_copy(cf_schema_doc(kind)) :
		NULL;

	if (out)
		json_object_set(out, "$defs", json_object_get(
			cf_schema_doc("common"), "$defs"));
	return out;
}

json_t *
cf_kinds(void)
{
	json_t *out = json_array();

	for (const char *const *name = cf_kind_names(); *name; name++) {
		json_t *schema = cf_schema_doc(*name);

		json_array_append_new(out, json_pack("{s:s, s:O, s:O}", "kind",
			*name, "title", json_object_get(schema, "title"),
			"description", json_object_get(schema,
			"description")));
	}
	return out;
}
