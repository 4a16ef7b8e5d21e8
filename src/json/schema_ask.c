/*
 * What a schema says of the places inside an instance, for those who walk one:
 * through $ref and every other schema that looks at the same instance.
 */
#include "base/limits.h"
#include "json/schema_keywords.h"

#define DEPTH 16	/* of $ref in allOf in …, which may go in circles */

/* What `own` says of some schema that looks at the instance; the first answer
 * that is not NULL, nearest first. */
struct question {
	const void *(*own)(const struct question *q,
		const struct cf_schema *schema);
	struct cf_str name;
	const char *keyword;
	bool always;	/* only of schemas that every instance must meet */
	size_t *left;	/* schemas that may still be looked at: in a circle of
			 * several ways each round has more of them */
};

static const void *
ask(const struct question *q, const struct cf_schema *schema, size_t depth)
{
	const void *found = q->own(q, schema);

	if (*q->left == 0)
		return found;
	--*q->left;
	for (size_t i = 0; i < schema->n && depth && !found; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (!rule->keyword->in_place ||
			(q->always && rule->keyword->holds != cf_holds_all))
			continue;
		for (size_t j = 0; j < rule->n && !found; j++)
			if (rule->list[j])
				found = ask(q, rule->list[j], depth - 1);
	}
	return found;
}

static const void *
own_annotation(const struct question *q, const struct cf_schema *schema)
{
	return json_object_get(schema->source, q->keyword);
}

const json_t *
cf_schema_annotation(const struct cf_schema *schema, const char *keyword)
{
	struct question q = { .own = own_annotation, .keyword = keyword,
		.left = &(size_t){ CF_MAX_SCHEMAS_ASKED } };

	return ask(&q, schema, DEPTH);
}

static const struct cf_schema *
by_pattern(const struct cf_schema *schema, const struct cf_members *members,
	struct cf_str name)
{
	const struct cf_schema *found = NULL;
	struct cf_room *room;

	if (members->n_patterns == 0)
		return NULL;
	room = cf_room_take(schema->set);
	for (size_t i = 0; i < members->n_patterns && !found; i++)
		if (cf_regex_match(members->pattern[i], room->regex, name) ==
			CF_REGEX_YES)
			found = members->by_pattern[i];
	cf_room_give(schema->set, room);
	return found;
}

static const void *
own_member(const struct question *q, const struct cf_schema *schema)
{
	const struct cf_schema *found = NULL;

	for (size_t i = 0; i < schema->n && !found; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (!cf_rule_has_members(rule))
			continue;
		found = cf_members_find(rule->members, q->name);
		if (!found)
			found = by_pattern(schema, rule->members, q->name);
		if (!found)
			found = rule->members->other;
	}
	/* Asked for a keyword: one that says nothing of it is no answer. */
	if (found && q->keyword && !cf_schema_annotation(found, q->keyword))
		found = NULL;
	return found;
}

/* What nothing else speaks of. */
static const void *
own_other_member(const struct question *q, const struct cf_schema *schema)
{
	(void)q;
	for (size_t i = 0; i < schema->n; i++)
		if (schema->rule[i].keyword->holds == cf_holds_other_members)
			return schema->rule[i].list[0];
	return NULL;
}

const struct cf_schema *
cf_schema_member(const struct cf_schema *schema, struct cf_str name,
	const char *keyword)
{
	size_t left = 3 * CF_MAX_SCHEMAS_ASKED;
	struct question q = { .own = own_member, .name = name,
		.keyword = keyword, .left = &left };
	const struct cf_schema *found = ask(&q, schema, DEPTH);

	q.keyword = NULL;
	if (!found)
		found = ask(&q, schema, DEPTH);
	q.own = own_other_member;
	return found ? found : ask(&q, schema, DEPTH);
}

static const void *
own_items(const struct question *q, const struct cf_schema *schema)
{
	(void)q;
	for (size_t i = 0; i < schema->n; i++)
		if (schema->rule[i].keyword->holds == cf_holds_items)
			return schema->rule[i].list[0];
	return NULL;
}

const struct cf_schema *
cf_schema_items(const struct cf_schema *schema)
{
	struct question q = { .own = own_items,
		.left = &(size_t){ CF_MAX_SCHEMAS_ASKED } };

	return ask(&q, schema, DEPTH);
}

static const void *
own_required(const struct question *q, const struct cf_schema *schema)
{
	const json_t *names = json_object_get(schema->source, "required");
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
		if (cf_str_eq((struct cf_str){ json_string_value(name),
			json_string_length(name) }, q->name))
			return name;
	return NULL;
}

bool
cf_schema_requires(const struct cf_schema *schema, struct cf_str name)
{
	struct question q = { .own = own_required, .name = name,
		.always = true, .left = &(size_t){ CF_MAX_SCHEMAS_ASKED } };

	return ask(&q, schema, DEPTH) != NULL;
}
