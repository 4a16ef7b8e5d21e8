/*
 * Compiles schemas one by one from a list: building one adds those that it
 * refers to, so nothing recurses and a reference back finds what is there. At
 * the end come those that only a $dynamicRef can reach.
 */
#include <string.h>

#include "base/mem.h"
#include "json/schema_set.h"

const struct cf_err *
cf_schema_node(const struct cf_schema **out, struct cf_schema_set *set,
	const struct cf_target *target)
{
	struct cf_schema *schema;

	*out = NULL;
	if (json_is_boolean(target->json)) {
		*out = json_is_true(target->json) ? &set->yes : &set->no;
		return NULL;
	}
	if (!json_is_object(target->json))
		return cf_err(CF_INVALID, "the schema %s is neither an object "
			"nor true or false", target->place);
	schema = cf_map_get(&set->node, target->json, target->resource);
	if (schema == NULL) {
		schema = cf_schema_alloc(set, 1, sizeof *schema);
		schema->set = set;
		schema->resource = target->resource;
		schema->source = target->json;
		schema->place = target->place;
		schema->title = cf_json_str(target->json, "title");
		target->resource->entered = true;
		cf_map_put(&set->node, target->json, target->resource, schema);
		set->schema = cf_grow(set->schema, set->n_schemas,
			&set->cap_schemas, sizeof(void *));
		set->schema[set->n_schemas++] = schema;
	}
	*out = schema;
	return NULL;
}

const struct cf_err *
cf_build_child(const struct cf_schema **out, struct cf_builder *b,
	json_t *json, const char *keyword, const char *token)
{
	struct cf_resource *inner = cf_map_get(&b->set->root, json, NULL);
	struct cf_buf place = CF_BUF(CF_MAX_JSON);
	struct cf_target target = { .json = json };

	target.resource = inner ? inner : b->schema->resource;
	cf_buf_puts(&place, b->schema->place);
	if (strchr(b->schema->place, '#') == NULL)
		cf_buf_putc(&place, '#');
	cf_json_pointer_add(&place, keyword);
	if (token)
		cf_json_pointer_add(&place, token);
	target.place = cf_schema_keep(b->set, cf_buf_take(&place));
	return cf_schema_node(out, b->set, &target);
}

struct cf_rule *
cf_build_rule(struct cf_builder *b, json_t *value, size_t n)
{
	struct cf_rule *rule = &b->rule[b->n++];

	*rule = (struct cf_rule){ .keyword = b->keyword, .schema = b->schema,
		.value = value, .n = n };
	if (n)
		rule->list = cf_schema_alloc(b->set, n, sizeof(void *));
	return rule;
}

const struct cf_err *
cf_build_wrong(const struct cf_builder *b, const char *must)
{
	return cf_err(CF_INVALID, "the schema %s cannot be used: '%s' must be "
		"%s", b->schema->place, b->keyword->name, must);
}

size_t
cf_schema_dynamic(struct cf_schema_set *set, const char *name)
{
	for (size_t i = 0; i < set->n_dynamic; i++)
		if (strcmp(set->dynamic[i], name) == 0)
			return i + 1;
	set->dynamic = cf_grow(set->dynamic, set->n_dynamic, &set->cap_dynamic,
		sizeof *set->dynamic);
	set->dynamic[set->n_dynamic++] = name;
	return set->n_dynamic;
}

/* The keywords of one schema, in the order of the table. */
static const struct cf_err *
build(struct cf_schema_set *set, struct cf_schema *schema)
{
	struct cf_builder b = { .set = set, .schema = schema };
	json_t *value[CF_KEYWORDS_MAX] = { NULL }, *member;
	const struct cf_err *err = NULL;
	const char *name;

	if (schema->resource->vocabularies == 0)
		err = cf_schema_dialect(set, schema->resource);
	if (err)
		return err;
	json_object_foreach(schema->source, name, member) {
		const struct cf_keyword *found = cf_keyword_find(set, name);

		if (found && (found->vocabularies &
			schema->resource->vocabularies))
			value[found - cf_keywords] = member;
	}
	for (size_t i = 0; cf_keywords[i].name && !err; i++) {
		b.keyword = &cf_keywords[i];
		if (value[i] && b.keyword->build)
			err = b.keyword->build(&b, value[i]);
	}
	schema->rule = cf_schema_alloc(set, b.n, sizeof *schema->rule);
	memcpy(schema->rule, b.rule, b.n * sizeof *schema->rule);
	schema->n = b.n;
	for (size_t i = 0; i < b.n; i++)
		if (b.rule[i].keyword->vocabularies & CF_V_UNEVALUATED)
			schema->tracks = true;
	return err;
}

/* Compiles the dynamic anchors that some $dynamicRef may find, in resources
 * that validation can enter. Each may bring new ones of both. */
static const struct cf_err *
add_dynamic(struct cf_schema_set *set, struct cf_resource *resource)
{
	const struct cf_err *err = NULL;

	for (struct cf_anchor *a = resource->anchor; a && !err; a = a->next) {
		struct cf_target t = { .json = a->at, .resource = resource };
		size_t i = 0;

		while (i < set->n_dynamic &&
			strcmp(set->dynamic[i], a->name) != 0)
			i++;
		if (a->schema || !a->dynamic || i == set->n_dynamic)
			continue;
		t.place = cf_schema_keep(set, cf_asprintf("%s#%s",
			resource->uri, a->name));
		err = cf_schema_node(&a->schema, set, &t);
	}
	return err;
}

static const struct cf_err *
build_all(struct cf_schema_set *set)
{
	const struct cf_err *err = NULL;

	while (set->n_built < set->n_schemas && !err) {
		while (set->n_built < set->n_schemas && !err)
			err = build(set, set->schema[set->n_built++]);
		for (size_t i = 0; i < set->n_names && !err; i++)
			if (set->name[i].resource->entered)
				err = add_dynamic(set, set->name[i].resource);
	}
	return err;
}

/* Forgets the schemas of a compilation that failed. */
static void
forget(struct cf_schema_set *set, size_t n)
{
	cf_map_clear(&set->node);
	for (size_t i = 0; i < set->n_names; i++) {
		struct cf_resource *resource = set->name[i].resource;

		resource->entered = false;
		resource->vocabularies = 0;
	}
	set->n_schemas = set->n_built = n;
	for (size_t i = 0; i < n; i++) {
		struct cf_schema *schema = set->schema[i];

		schema->resource->entered = true;
		cf_map_put(&set->node, schema->source, schema->resource,
			schema);
	}
	for (size_t i = 0; i < set->n_names; i++) {
		struct cf_resource *resource = set->name[i].resource;

		for (struct cf_anchor *a = resource->anchor; a; a = a->next)
			a->schema = cf_map_get(&set->node, a->at, resource);
	}
}

const struct cf_err *
cf_schema_compile(const struct cf_schema **out, struct cf_schema_set *set,
	const char *uri)
{
	size_t before = set->n_schemas;
	struct cf_target target;
	const struct cf_err *err;

	*out = NULL;
	err = cf_schema_target(&target, set, "", uri);
	if (err)
		return cf_err_wrap(err, "the schema %s cannot be used", uri);
	err = cf_schema_node(out, set, &target);
	if (!err)
		err = build_all(set);
	if (err) {
		*out = NULL;
		forget(set, before);
	}
	return err;
}
