/*
 * Keywords whose subschemas look at the same instance. What a subschema
 * evaluates counts where it holds; where a rule can hold without it, its marks
 * are kept apart until that is known.
 */
#include <string.h>

#include "json/schema_keywords.h"

#define HOLDS(name) bool \
	cf_holds_##name(struct cf_run *run, const struct cf_rule *rule, \
		struct cf_spot *at, size_t marks)

/* Whether a subschema that may fail holds; only then its marks count. */
static bool
tries(struct cf_run *run, const struct cf_schema *schema, struct cf_spot *at,
	size_t marks)
{
	size_t own = marks ? cf_marks_push(run->room, at) : 0;
	bool ok = cf_schema_decide(run, schema, at, own);

	if (own && ok)
		cf_marks_join(run->room, marks, own, at);
	if (own)
		cf_marks_pop(run->room, own);
	return ok;
}

/* $ref and allOf. */
HOLDS(all)
{
	bool ok = true;

	for (size_t i = 0; i < rule->n; i++) {
		if (cf_schema_holds(run, rule->list[i], at, marks))
			continue;
		ok = false;
		if (cf_run_over(run))
			break;
	}
	return ok;
}

/* The outermost resource of the scope that has this dynamic anchor; else what
 * the reference means by itself. */
HOLDS(dynamic_ref)
{
	const char *name = rule->dynamic ?
		rule->schema->set->dynamic[rule->dynamic - 1] : NULL;
	const struct cf_schema *found = rule->list[0];

	for (size_t i = 0; name && i < run->room->n_scope; i++) {
		const struct cf_anchor *a = run->room->scope[i]->anchor;

		while (a && !(a->dynamic && strcmp(a->name, name) == 0))
			a = a->next;
		if (a == NULL)
			continue;
		found = a->schema;
		break;
	}
	return cf_schema_holds(run, found, at, marks);
}

HOLDS(dependent_schemas)
{
	bool ok = true;
	const char *key;
	json_t *part;
	size_t i = 0;

	json_object_foreach(rule->value, key, part) {
		const struct cf_schema *schema = rule->list[i++];

		if (json_object_get(at->value, key) == NULL ||
			cf_schema_holds(run, schema, at, marks))
			continue;
		ok = false;
		if (cf_run_over(run))
			break;
	}
	return ok;
}

HOLDS(if)
{
	const struct cf_schema *next = tries(run, rule->list[0], at, marks) ?
		rule->list[1] : rule->list[2];

	return next == NULL || cf_schema_holds(run, next, at, marks);
}

/* All branches are tried where somebody asks what they evaluate. */
HOLDS(any)
{
	bool ok = false;

	for (size_t i = 0; i < rule->n && (!ok || marks); i++)
		if (tries(run, rule->list[i], at, marks))
			ok = true;
	if (!ok)
		cf_schema_nearest(run, rule, at, marks);
	return ok;
}

HOLDS(one)
{
	size_t n = 0;

	for (size_t i = 0; i < rule->n && n < 2; i++)
		n += tries(run, rule->list[i], at, marks);
	if (n == 0)
		cf_schema_nearest(run, rule, at, marks);
	else if (n > 1)
		cf_schema_fault(run, rule, at, NULL);
	return n == 1;
}

HOLDS(not)
{
	(void)marks;
	if (!cf_schema_decide(run, rule->list[0], at, 0))
		return true;
	cf_schema_fault(run, rule, at, NULL);
	return false;
}
