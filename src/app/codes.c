/*
 * Codes that a person typed, and those that the schemas have.
 */
#include <stdlib.h>
#include <string.h>

#include "app/codes.h"
#include "record/kind.h"

static const struct {
	const char *name, *at;
} places[] = { { "phase", "/$defs/phase/enum" },
	{ "region", "/$defs/region/enum" }, { "area", "/$defs/area/enum" },
	{ "size", "/$defs/context/properties/size_band/enum" },
	{ "fsm", "/$defs/context/properties/fsm_band/enum" },
	{ "eal", "/$defs/context/properties/eal_band/enum" },
	{ "send", "/$defs/context/properties/send_band/enum" },
	{ "outcome", "/$defs/construct/enum" } };

const struct cf_err *
cf_code_among(const char *name, const char *word, const json_t *codes)
{
	struct cf_buf list = CF_BUF(900);
	const struct cf_err *err;

	if (word == NULL || cf_json_has(codes, word))
		return NULL;
	for (size_t i = 0; i < json_array_size(codes); i++)
		cf_buf_printf(&list, "%s%s", i ? ", " : "",
			json_string_value(json_array_get(codes, i)));
	err = cf_err(CF_USAGE, "there is no '%.60s' for %s; it is one of %s",
		word, name, list.data);
	cf_buf_clear(&list);
	return err;
}

const struct cf_err *
cf_code_known(const char *name, const char *word)
{
	const char *plain = cf_starts(name, "--") ? name + 2 : name;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(places[i].name, plain) == 0)
			return cf_code_among(name, word, cf_json_at(
				cf_schema_doc("common"), places[i].at));
	cf_bug("codes that no schema has");
}
