/*
 * Keywords that look into objects and arrays.
 */
#include <stdio.h>

#include "json/schema_keywords.h"

#define HOLDS(name) bool \
	cf_holds_##name(struct cf_run *run, const struct cf_rule *rule, \
		struct cf_spot *at, size_t marks)

static struct cf_spot
member_of(struct cf_spot *at, const char *key, json_t *value)
{
	struct cf_spot spot = cf_spot_of(value, at);

	spot.key = key;
	return spot;
}

static struct cf_spot
item_of(struct cf_spot *at, size_t i, json_t *value)
{
	struct cf_spot spot = cf_spot_of(value, at);

	spot.index = i;
	return spot;
}

static bool
has_all(struct cf_run *run, const struct cf_rule *rule, struct cf_spot *at,
	json_t *names)
{
	bool ok = true;
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		if (json_object_getn(at->value, json_string_value(name),
			json_string_length(name)))
			continue;
		ok = false;
		cf_schema_fault(run, rule, at, json_string_value(name));
		if (cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(required)
{
	(void)marks;
	return has_all(run, rule, at, rule->value);
}

HOLDS(dependent)
{
	bool ok = true;
	const char *key;
	json_t *names;

	(void)marks;
	json_object_foreach(rule->value, key, names)
		if (json_object_get(at->value, key) &&
			!has_all(run, rule, at, names))
			ok = false;
	return ok;
}

HOLDS(names)
{
	bool ok = true;
	const char *key;
	json_t *value;
	size_t n;

	(void)marks;
	json_object_keylen_foreach(at->value, key, n, value) {
		struct cf_spot name = { .type = CF_T_STRING, .text = { key, n },
			.up = at, .key = key };

		if (cf_schema_holds(run, rule->list[0], &name, 0))
			continue;
		ok = false;
		if (cf_run_over(run))
			break;
	}
	return ok;
}

/* A member that no keyword before took. `false` means: not known here. */
static bool
other(struct cf_run *run, const struct cf_rule *rule,
	const struct cf_schema *schema, struct cf_spot *member)
{
	if (schema->never) {
		cf_schema_fault(run, rule, member, member->key);
		return false;
	}
	return cf_schema_holds(run, schema, member, 0);
}

const struct cf_schema *
cf_members_find(const struct cf_members *members, struct cf_str name)
{
	size_t i = cf_hash_name(name.p, name.n) & members->mask;

	for (; members->table[i].schema; i = (i + 1) & members->mask)
		if (cf_str_eq(members->table[i].name, name))
			return members->table[i].schema;
	return NULL;
}

bool
cf_rule_has_members(const struct cf_rule *rule)
{
	return rule->keyword->holds == cf_holds_members;
}

/* One member against all that speaks of it; *taken where something does. */
static bool
member_holds(struct cf_run *run, const struct cf_rule *rule,
	struct cf_spot *member, struct cf_str name, bool *taken)
{
	const struct cf_members *members = rule->members;
	const struct cf_schema *schema = cf_members_find(members, name);
	bool ok = true;

	*taken = schema != NULL;
	if (schema)
		ok = cf_schema_holds(run, schema, member, 0);
	for (size_t i = 0; i < members->n_patterns; i++) {
		enum cf_regex_answer answer = cf_regex_match(
			members->pattern[i], run->room->regex, name);

		if (answer == CF_REGEX_STUCK)
			cf_schema_stuck(run, member,
				"its name is too long or too irregular");
		if (answer != CF_REGEX_YES)
			continue;
		*taken = true;
		if (!cf_schema_holds(run, members->by_pattern[i], member, 0))
			ok = false;
	}
	if (!*taken && members->other) {
		*taken = true;
		ok = other(run, rule, members->other, member);
	}
	return ok;
}

HOLDS(members)
{
	bool ok = true, taken;
	const char *key;
	json_t *value;
	size_t i = 0, n;

	json_object_keylen_foreach(at->value, key, n, value) {
		struct cf_spot member = member_of(at, key, value);

		if (!member_holds(run, rule, &member, (struct cf_str){ key, n },
			&taken))
			ok = false;
		if (taken)
			cf_mark(run->room, marks, i);
		i++;
		if (!ok && cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(other_members)
{
	bool ok = true;
	const char *key;
	json_t *value;
	size_t i = 0;

	json_object_foreach(at->value, key, value) {
		struct cf_spot member = member_of(at, key, value);

		if (!cf_marked(run->room, marks, i) &&
			!other(run, rule, rule->list[0], &member))
			ok = false;
		cf_mark(run->room, marks, i++);
		if (!ok && cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(items)
{
	bool ok = true;
	json_t *value;
	size_t i;

	json_array_foreach(at->value, i, value) {
		const struct cf_schema *schema = i + 1 < rule->n ?
			rule->list[i + 1] : rule->list[0];
		struct cf_spot item = item_of(at, i, value);

		if (schema == NULL)
			break;
		cf_mark(run->room, marks, i);
		if (cf_schema_holds(run, schema, &item, 0))
			continue;
		ok = false;
		if (cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(other_items)
{
	bool ok = true;
	json_t *value;
	size_t i;

	json_array_foreach(at->value, i, value) {
		struct cf_spot item = item_of(at, i, value);

		if (!cf_marked(run->room, marks, i) &&
			!cf_schema_holds(run, rule->list[0], &item, 0))
			ok = false;
		cf_mark(run->room, marks, i);
		if (!ok && cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(contains)
{
	json_t *value;
	size_t i, n = 0;

	json_array_foreach(at->value, i, value) {
		struct cf_spot item = item_of(at, i, value);

		if (!cf_schema_decide(run, rule->list[0], &item, 0))
			continue;
		n++;
		cf_mark(run->room, marks, i);
	}
	if (n >= rule->range.min && n <= rule->range.max)
		return true;
	cf_schema_fault(run, rule, at, n > rule->range.max ? "many" : NULL);
	return false;
}

HOLDS(unique)
{
	char both[64];
	size_t a, b;

	(void)marks;
	if (cf_json_unique(run, at->value, &a, &b))
		return true;
	(void)snprintf(both, sizeof both, "%zu and %zu", a + 1, b + 1);
	cf_schema_fault(run, rule, at, both);
	return false;
}
