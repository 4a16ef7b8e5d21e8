/*
 * Builds the rules of keywords that hold no subschemas: each value is checked
 * once here, so that validation can rely on it.
 */
#include <string.h>

#include "json/schema_keywords.h"

static unsigned
type_bit(const char *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} type[] = {
		{ "null", CF_T_NULL },
		{ "boolean", CF_T_BOOLEAN },
		{ "integer", CF_T_INTEGER },
		{ "number", CF_T_NUMBER },
		{ "string", CF_T_STRING },
		{ "array", CF_T_ARRAY },
		{ "object", CF_T_OBJECT },
	};

	for (size_t i = 0; name && i < sizeof type / sizeof *type; i++)
		if (strcmp(name, type[i].name) == 0)
			return type[i].bit;
	return 0;
}

const struct cf_err *
cf_build_type(struct cf_builder *b, json_t *value)
{
	unsigned types = type_bit(json_string_value(value));
	json_t *name;
	size_t i;

	json_array_foreach(value, i, name) {
		unsigned bit = type_bit(json_string_value(name));

		if (bit == 0)
			return cf_build_wrong(b, "names of types");
		types |= bit;
	}
	if (types == 0)
		return cf_build_wrong(b, "the name of a type, or a list of "
			"them");
	cf_build_rule(b, value, 0)->types = types;
	return NULL;
}

const struct cf_err *
cf_build_enum(struct cf_builder *b, json_t *value)
{
	if (!json_is_array(value))
		return cf_build_wrong(b, "a list of values");
	(void)cf_build_rule(b, value, 0);
	return NULL;
}

const struct cf_err *
cf_build_const(struct cf_builder *b, json_t *value)
{
	(void)cf_build_rule(b, value, 0);
	return NULL;
}

const struct cf_err *
cf_build_number(struct cf_builder *b, json_t *value)
{
	if (!json_is_number(value))
		return cf_build_wrong(b, "a number");
	(void)cf_build_rule(b, value, 0);
	return NULL;
}

const struct cf_err *
cf_build_multiple(struct cf_builder *b, json_t *value)
{
	if (!json_is_number(value) || !(json_number_value(value) > 0))
		return cf_build_wrong(b, "a number greater than 0");
	cf_build_rule(b, value, 0)->decimal = cf_decimal_of(value);
	return NULL;
}

const struct cf_err *
cf_build_count(struct cf_builder *b, json_t *value)
{
	if (!cf_count_of(value, &cf_build_rule(b, value, 0)->count))
		return cf_build_wrong(b, "a whole number of at least 0");
	return NULL;
}

const struct cf_err *
cf_build_pattern(struct cf_builder *b, json_t *value)
{
	struct cf_str text = { json_string_value(value),
		json_string_length(value) };

	if (!json_is_string(value))
		return cf_build_wrong(b, "text");
	return cf_build_regex(&cf_build_rule(b, value, 0)->regex, b, text);
}

const struct cf_err *
cf_build_format(struct cf_builder *b, json_t *value)
{
	const struct cf_format *format;
	bool always = (b->schema->resource->vocabularies &
		CF_V_FORMAT_ASSERTION) != 0;

	if (!json_is_string(value))
		return cf_build_wrong(b, "the name of a format");
	format = cf_format_find(json_string_value(value));
	if (format == NULL && always)
		return cf_build_wrong(b, "a format that this program can "
			"check, because its dialect says so");
	if (format && (always ||
		(format->core && !b->set->annotate_formats)))
		cf_build_rule(b, value, 0)->format = format;
	return NULL;
}

const struct cf_err *
cf_build_unique(struct cf_builder *b, json_t *value)
{
	if (!json_is_boolean(value))
		return cf_build_wrong(b, "true or false");
	if (json_is_true(value))
		(void)cf_build_rule(b, value, 0);
	return NULL;
}

static bool
are_names(json_t *value)
{
	json_t *name;
	size_t i;

	json_array_foreach(value, i, name)
		if (!json_is_string(name))
			return false;
	return json_is_array(value);
}

const struct cf_err *
cf_build_required(struct cf_builder *b, json_t *value)
{
	if (!are_names(value))
		return cf_build_wrong(b, "a list of names");
	(void)cf_build_rule(b, value, 0);
	return NULL;
}

const struct cf_err *
cf_build_dependent(struct cf_builder *b, json_t *value)
{
	const char *key;
	json_t *names;

	if (!json_is_object(value))
		return cf_build_wrong(b, "lists of names");
	json_object_foreach(value, key, names)
		if (!are_names(names))
			return cf_build_wrong(b, "lists of names");
	(void)cf_build_rule(b, value, 0);
	return NULL;
}
