/*
 * Which vocabularies are in force: what the meta-schema that a resource names
 * as its $schema says in $vocabulary. Without one, all of the standard.
 */
#include <string.h>

#include "json/schema_set.h"

#define STANDARD "https://json-schema.org/draft/2020-12/"

static const struct {
	const char *name;
	unsigned bit;
} vocabulary[] = {
	{ "core", CF_V_CORE },
	{ "applicator", CF_V_APPLICATOR },
	{ "unevaluated", CF_V_UNEVALUATED },
	{ "validation", CF_V_VALIDATION },
	{ "format-annotation", CF_V_FORMAT },
	{ "format-assertion", CF_V_FORMAT_ASSERTION },
	{ "meta-data", CF_V_CORE },	/* annotations: nothing to switch on */
	{ "content", CF_V_CORE },
};

static unsigned
known(const char *uri)
{
	if (!cf_starts(uri, STANDARD "vocab/"))
		return 0;
	uri += strlen(STANDARD "vocab/");
	for (size_t i = 0; i < sizeof vocabulary / sizeof *vocabulary; i++)
		if (strcmp(uri, vocabulary[i].name) == 0)
			return vocabulary[i].bit;
	return 0;
}

static const struct cf_err *
read_vocabulary(unsigned *out, const char *dialect, json_t *object)
{
	const char *uri;
	json_t *needed;

	*out = CF_V_CORE;
	json_object_foreach(object, uri, needed) {
		unsigned bit = known(uri);

		if (bit == 0 && json_is_true(needed))
			return cf_err(CF_INVALID, "the dialect %s needs the "
				"vocabulary %s, which this program does not "
				"know", dialect, uri);
		*out |= bit;
	}
	return NULL;
}

const struct cf_err *
cf_schema_dialect(struct cf_schema_set *set, struct cf_resource *resource)
{
	const char *dialect = resource->dialect;
	struct cf_resource *meta;
	const struct cf_err *err;
	json_t *object;

	resource->vocabularies = CF_V_CORE | CF_V_APPLICATOR |
		CF_V_UNEVALUATED | CF_V_VALIDATION | CF_V_FORMAT;
	if (dialect == NULL || strcmp(dialect, STANDARD "schema") == 0)
		return NULL;
	err = cf_resource_find(&meta, set, dialect);
	if (err)
		return err;
	if (meta == NULL)
		return cf_err(CF_INVALID, "the schema %s is written in the "
			"dialect %s, which this program does not know",
			resource->uri, dialect);
	object = json_object_get(meta->root, "$vocabulary");
	return object ? read_vocabulary(&resource->vocabularies, dialect,
		object) : NULL;
}
