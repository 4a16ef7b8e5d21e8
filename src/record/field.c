/*
 * Fields, made from the schemas when they are first asked for.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/field.h"

/* Of each schema that was met, so that a shared one is made once. */
static struct cf_field **made;
static size_t n_made, cap_made;
/* The documents among them come first. */
static size_t roots;

static void fill(struct cf_field *field, json_t *schema);

static struct cf_field *
find(const json_t *schema, size_t among)
{
	for (size_t i = 0; i < among; i++)
		if (made[i]->schema == schema)
			return made[i];
	return NULL;
}

static struct cf_field *
add(json_t *schema)
{
	struct cf_field *field = cf_calloc(1, sizeof *field);

	made = cf_grow(made, n_made, &cap_made, sizeof *made);
	field->schema = schema;
	return made[n_made++] = field;
}

static const struct cf_field *
field_of(json_t *schema)
{
	struct cf_field *field = find(schema, n_made);

	if (field == NULL) {
		field = add(schema);
		fill(field, schema);
	}
	return field;
}

static int
by_name(const void *a, const void *b)
{
	const struct cf_member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
fill_members(struct cf_field *field, json_t *properties)
{
	const char *name;
	json_t *part;

	field->member = cf_calloc(json_object_size(properties),
		sizeof *field->member);
	json_object_foreach(properties, name, part)
		field->member[field->members++] = (struct cf_member){ name,
			field_of(cf_schema_resolve(part)) };
	if (field->members)
		qsort(field->member, field->members, sizeof *field->member,
			by_name);
}

static void
fill(struct cf_field *field, json_t *schema)
{
	json_t *items = json_object_get(schema, "items");

	field->merge = cf_shape_of(schema);
	field->key = cf_shape_key(schema);
	field->holds = cf_json_str(schema, "x-holds");
	field->chosen = json_object_get(schema, "enum") ||
		json_object_get(schema, "const");
	field->unit = cf_json_str(schema, "x-unit");
	field->people = cf_json_str(schema, "x-people");
	field->base = json_object_get(schema, "x-base");
	field->sensitive = json_object_get(schema, "x-sensitive");
	field->says = json_object_get(schema, "x-says") != NULL;
	field->tables = json_object_get(schema, "x-table") != NULL;
	field->population = json_object_get(schema, "x-population") != NULL;
	if (items)
		field->items = field_of(cf_schema_resolve(items));
	fill_members(field, json_object_get(schema, "properties"));
}

static void
make_all(void)
{
	const char *const *kind = cf_kind_names();

	(void)add(cf_schema_doc("record"));
	for (; *kind; kind++)
		(void)add(cf_schema_doc(*kind));
	roots = n_made;
	for (size_t i = 0; i < roots; i++)
		fill(made[i], made[i]->schema);
}

const struct cf_field *
cf_fields_of(const json_t *doc)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, make_all);
	return find(doc, roots);
}

const struct cf_field *
cf_field_member(const struct cf_field *field, const char *name, size_t *next)
{
	const struct cf_member key = { .name = name }, *found;

	if (field == NULL || field->members == 0)
		return NULL;
	if (*next < field->members && strcmp(field->member[*next].name,
		name) == 0)
		return field->member[(*next)++].field;
	found = bsearch(&key, field->member, field->members, sizeof key,
		by_name);
	if (found == NULL)
		return NULL;
	*next = (size_t)(found - field->member) + 1;
	return found->field;
}
