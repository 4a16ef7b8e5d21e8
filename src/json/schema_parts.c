/*
 * Builds the rules of keywords that hold subschemas or refer to some. Keywords
 * that read each other's results (properties and additionalProperties, items
 * and prefixItems, contains and its bounds, if and then) become one rule.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/schema_keywords.h"

bool
cf_count_of(const json_t *value, size_t *out)
{
	double d = json_number_value(value);

	if (!json_is_number(value) || (cf_json_type(value) != CF_T_INTEGER) ||
		d < 0)
		return false;
	/* No instance has so many of anything. */
	*out = d >= 1e15 ? SIZE_MAX : (size_t)d;
	return true;
}

const struct cf_err *
cf_build_regex(const struct cf_regex **out, struct cf_builder *b,
	struct cf_str pattern)
{
	struct cf_schema_set *set = b->set;
	struct cf_regex *regex;
	const struct cf_err *err = cf_regex_new(&regex, pattern);

	if (err)
		return cf_err_wrap(err, "the schema %s cannot be used",
			b->schema->place);
	set->regex = cf_grow(set->regex, set->n_regexes, &set->cap_regexes,
		sizeof(void *));
	set->regex[set->n_regexes++] = regex;
	*out = regex;
	return NULL;
}

static const struct cf_err *
find_target(struct cf_target *out, struct cf_builder *b, json_t *value)
{
	const struct cf_err *err;

	*out = (struct cf_target){ .json = NULL };
	if (!json_is_string(value))
		return cf_build_wrong(b, "a reference");
	err = cf_schema_target(out, b->set, b->schema->resource->uri,
		json_string_value(value));
	return err ? cf_err_wrap(err, "the schema %s cannot be used",
		b->schema->place) : NULL;
}

const struct cf_err *
cf_build_ref(struct cf_builder *b, json_t *value)
{
	struct cf_target target;
	const struct cf_err *err = find_target(&target, b, value);

	return err ? err : cf_schema_node(&cf_build_rule(b, value, 1)->list[0],
		b->set, &target);
}

const struct cf_err *
cf_build_dynamic_ref(struct cf_builder *b, json_t *value)
{
	struct cf_target target;
	const struct cf_err *err = find_target(&target, b, value);
	struct cf_rule *rule;

	if (err)
		return err;
	rule = cf_build_rule(b, value, 1);
	if (target.dynamic)
		rule->dynamic = cf_schema_dynamic(b->set, target.dynamic);
	return cf_schema_node(&rule->list[0], b->set, &target);
}

const struct cf_err *
cf_build_one(struct cf_builder *b, json_t *value)
{
	return cf_build_child(&cf_build_rule(b, value, 1)->list[0], b, value,
		b->keyword->name, NULL);
}

/* The schemas of an array, each at its number. */
static const struct cf_err *
children(const struct cf_schema **list, struct cf_builder *b, json_t *array,
	const char *keyword)
{
	const struct cf_err *err = NULL;
	json_t *part;
	size_t i;

	json_array_foreach(array, i, part) {
		char *number = cf_asprintf("%zu", i);

		if (!err)
			err = cf_build_child(&list[i], b, part, keyword,
				number);
		free(number);
	}
	return err;
}

const struct cf_err *
cf_build_list(struct cf_builder *b, json_t *value)
{
	if (json_array_size(value) == 0)
		return cf_build_wrong(b, "a list of schemas");
	return children(cf_build_rule(b, value, json_array_size(value))->list,
		b, value, b->keyword->name);
}

const struct cf_err *
cf_build_map(struct cf_builder *b, json_t *value)
{
	const struct cf_err *err = NULL;
	struct cf_rule *rule;
	const char *key;
	json_t *part;
	size_t i = 0;

	if (!json_is_object(value))
		return cf_build_wrong(b, "schemas by name");
	rule = cf_build_rule(b, value, json_object_size(value));
	json_object_foreach(value, key, part)
		if (!err)
			err = cf_build_child(&rule->list[i++], b, part,
				b->keyword->name, key);
	return err;
}

static const struct cf_err *
build_table(struct cf_members *members, struct cf_builder *b, json_t *value)
{
	const struct cf_err *err = NULL;
	size_t places = 4, n;
	const char *key;
	json_t *part;

	while (places < 2 * json_object_size(value))
		places *= 2;
	members->mask = places - 1;
	members->table = cf_schema_alloc(b->set, places,
		sizeof *members->table);
	json_object_keylen_foreach(value, key, n, part) {
		size_t i = cf_hash_name(key, n) & members->mask;

		while (members->table[i].schema)
			i = (i + 1) & members->mask;
		members->table[i].name = (struct cf_str){ key, n };
		if (!err)
			err = cf_build_child(&members->table[i].schema, b,
				part, "properties", key);
		if (err)
			break;
	}
	return err;
}

static const struct cf_err *
build_patterns(struct cf_members *members, struct cf_builder *b,
	json_t *value)
{
	size_t n = json_object_size(value), i = 0, length;
	const struct cf_err *err = NULL;
	const char *key;
	json_t *part;

	members->n_patterns = n;
	members->pattern = cf_schema_alloc(b->set, n,
		sizeof(void *));
	members->by_pattern = cf_schema_alloc(b->set, n,
		sizeof(void *));
	json_object_keylen_foreach(value, key, length, part) {
		err = cf_build_regex(&members->pattern[i], b,
			(struct cf_str){ key, length });
		if (!err)
			err = cf_build_child(&members->by_pattern[i++], b,
				part, "patternProperties", key);
		if (err)
			break;
	}
	return err;
}

const struct cf_err *
cf_build_members(struct cf_builder *b, json_t *value)
{
	json_t *source = b->schema->source;
	json_t *properties = json_object_get(source, "properties");
	json_t *patterns = json_object_get(source, "patternProperties");
	json_t *other = json_object_get(source, "additionalProperties");
	const struct cf_err *err = NULL;
	struct cf_members *members;
	struct cf_rule *rule;

	if (b->members)
		return NULL;
	b->members = true;
	if ((properties && !json_is_object(properties)) ||
		(patterns && !json_is_object(patterns)))
		return cf_build_wrong(b, "schemas by name");
	members = cf_schema_alloc(b->set, 1, sizeof *members);
	rule = cf_build_rule(b, value, 0);
	rule->members = members;
	/* Whichever of the three comes first: this one is what reports. */
	rule->keyword = cf_keyword_find(b->set, "additionalProperties");
	err = build_table(members, b, properties);
	if (!err)
		err = build_patterns(members, b, patterns);
	if (!err && other)
		err = cf_build_child(&members->other, b, other,
			"additionalProperties", NULL);
	return err;
}

/* list[0] is for the items after the first ones; those are list[1], … */
const struct cf_err *
cf_build_items(struct cf_builder *b, json_t *value)
{
	json_t *source = b->schema->source;
	json_t *first = json_object_get(source, "prefixItems");
	json_t *rest = json_object_get(source, "items");
	const struct cf_err *err;
	struct cf_rule *rule;

	if (b->items)
		return NULL;
	b->items = true;
	if (first && json_array_size(first) == 0)
		return cf_build_wrong(b, "a list of schemas");
	rule = cf_build_rule(b, value, 1 + json_array_size(first));
	err = children(rule->list + 1, b, first, "prefixItems");
	if (!err && rest)
		err = cf_build_child(&rule->list[0], b, rest, "items", NULL);
	return err;
}

/* A bound of contains; `otherwise` where it is missing or not in force. */
static const struct cf_err *
bound(size_t *out, struct cf_builder *b, const char *name, size_t otherwise)
{
	json_t *value = json_object_get(b->schema->source, name);

	*out = otherwise;
	if (value == NULL ||
		!(b->schema->resource->vocabularies & CF_V_VALIDATION))
		return NULL;
	if (!cf_count_of(value, out))
		return cf_err(CF_INVALID, "the schema %s cannot be used: '%s' "
			"must be a whole number of at least 0",
			b->schema->place, name);
	return NULL;
}

const struct cf_err *
cf_build_contains(struct cf_builder *b, json_t *value)
{
	struct cf_rule *rule = cf_build_rule(b, value, 1);
	const struct cf_err *err;

	err = bound(&rule->range.min, b, "minContains", 1);
	if (!err)
		err = bound(&rule->range.max, b, "maxContains", SIZE_MAX);
	return err ? err : cf_build_child(&rule->list[0], b, value, "contains",
		NULL);
}

const struct cf_err *
cf_build_if(struct cf_builder *b, json_t *value)
{
	static const char *const name[] = { "if", "then", "else" };
	struct cf_rule *rule = cf_build_rule(b, value, 3);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < 3 && !err; i++) {
		json_t *part = json_object_get(b->schema->source, name[i]);

		if (part)
			err = cf_build_child(&rule->list[i], b, part, name[i],
				NULL);
	}
	return err;
}
