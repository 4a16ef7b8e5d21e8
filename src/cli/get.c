/*
 * Members of results.
 */
#include "cli/get.h"

json_t *
cf_get_at(const json_t *object, const char *member)
{
	return json_object_get(object, member);
}

const char *
cf_get(const json_t *object, const char *member)
{
	const char *text = json_string_value(cf_get_at(object, member));

	return text ? text : "";
}

unsigned long long
cf_get_number(const json_t *object, const char *member)
{
	json_int_t n = json_integer_value(cf_get_at(object, member));

	return n > 0 ? (unsigned long long)n : 0;
}

bool
cf_get_true(const json_t *object, const char *member)
{
	return json_is_true(cf_get_at(object, member));
}

bool
cf_has(const json_t *object, const char *member)
{
	return cf_get(object, member)[0] != '\0';
}

const char *
cf_get_text(const json_t *array, size_t index)
{
	const char *text = json_string_value(json_array_get(array, index));

	return text ? text : "";
}

size_t
cf_get_size(const json_t *object, const char *member)
{
	const json_t *value = cf_get_at(object, member);

	return json_is_array(value) ? json_array_size(value) :
		json_object_size(value);
}
