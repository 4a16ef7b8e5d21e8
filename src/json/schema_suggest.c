/*
 * Names that a schema knows: the schema of a field, and which field a misspelt
 * name meant.
 */
#include <string.h>

#include "json/schema_node.h"

#define DEPTH 8		/* of $ref in allOf in …: enough for what is written */
#define NAME_MAX 64	/* a longer name is no misspelling */

struct search {
	struct cf_str name;
	const json_t *object;
	const char *best;
	size_t distance;	/* of the best; a larger one is no suggestion */
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Letters to add, drop, replace or swap with a neighbour; case is free. */
static size_t
distance(struct cf_str a, struct cf_str b)
{
	size_t row[3][NAME_MAX + 1];
	size_t *before = row[0], *above = row[1], *now = row[2];

	for (size_t j = 0; j <= b.n; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *oldest = before;

		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			char c = lower(a.p[i - 1]), d = lower(b.p[j - 1]);

			now[j] = least(above[j - 1] + (c != d),
				least(above[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && c == lower(b.p[j - 2]) &&
				d == lower(a.p[i - 2]))
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = above;
		above = now;
		now = oldest;
	}
	return above[b.n];
}

static void
consider(struct search *s, const struct cf_members *members)
{
	for (size_t i = 0; i <= members->mask; i++) {
		struct cf_str name = members->table[i].name;
		size_t d;

		if (members->table[i].schema == NULL || name.n > NAME_MAX ||
			json_object_getn(s->object, name.p, name.n))
			continue;
		d = distance(s->name, name);
		if (d > s->distance || (d == s->distance && s->best &&
			strcmp(name.p, s->best) >= 0))
			continue;
		s->distance = d;
		s->best = name.p;
	}
}

static void
visit(struct search *s, const struct cf_schema *schema, size_t depth)
{
	for (size_t i = 0; i < schema->n; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (cf_rule_has_members(rule))
			consider(s, rule->members);
		for (size_t j = 0; rule->keyword->in_place && depth &&
			j < rule->n; j++)
			if (rule->list[j])
				visit(s, rule->list[j], depth - 1);
	}
}

const char *
cf_schema_suggest(const struct cf_schema *schema, struct cf_str name,
	const json_t *object)
{
	/* One letter in three, so that short names need to be close. */
	struct search s = { .name = name, .object = object,
		.distance = name.n < 3 ? 0 : least(1 + name.n / 4, 3) };

	if (name.n > 0 && name.n <= NAME_MAX)
		visit(&s, schema, DEPTH);
	return s.best;
}

static const struct cf_schema *
find(const struct cf_schema *schema, struct cf_str name, size_t depth)
{
	const struct cf_schema *found = NULL;

	for (size_t i = 0; i < schema->n && !found; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (cf_rule_has_members(rule))
			found = cf_members_find(rule->members, name);
		for (size_t j = 0; rule->keyword->in_place && depth && !found &&
			j < rule->n; j++)
			if (rule->list[j])
				found = find(rule->list[j], name, depth - 1);
	}
	return found;
}

const struct cf_schema *
cf_schema_property(const struct cf_schema *schema, struct cf_str name)
{
	return find(schema, name, DEPTH);
}

const char *
cf_schema_title(const struct cf_schema *schema)
{
	for (size_t i = 0; i < DEPTH && schema; i++) {
		const struct cf_rule *ref = cf_schema_rule(schema, "$ref");

		if (schema->title)
			return schema->title;
		schema = ref ? ref->list[0] : NULL;
	}
	return NULL;
}
