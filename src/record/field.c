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

/* "[key]": every list with keys has such keys, or ids, which look the same. */
static bool
is_key(struct cf_str token)
{
	struct cf_str key = { token.p + 1, token.n - 2 };

	if (token.n < 3 || token.p[0] != '[' || token.p[token.n - 1] != ']' ||
		key.n > CF_MAX_KEY || key.p[0] == '-' || key.p[0] == '_')
		return false;
	for (size_t i = 0; i < key.n; i++)
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') &&
			!(key.p[i] >= '0' && key.p[i] <= '9') &&
			key.p[i] != '-' && key.p[i] != '_')
			return false;
	return true;
}

/* One step down, or NULL. */
static const struct cf_field *
below(const struct cf_field *field, struct cf_str token)
{
	bool list = field->merge == CF_KEYED || field->merge == CF_ORDERED;
	char *name = cf_strndup(token.p, token.n);
	const struct cf_field *part;
	size_t next = 0;

	if (list)
		part = is_key(token) ? field->items : NULL;
	else
		part = cf_field_member(field, name, &next);
	free(name);
	return part;
}

bool
cf_field_has_place(const struct cf_field *field, const char *path)
{
	struct cf_str rest = cf_str(path), token;

	while (field && cf_str_skip(&rest, "/")) {
		token = rest;
		while (rest.n && rest.p[0] != '/') {
			rest.p++;
			rest.n--;
		}
		token.n -= rest.n;
		field = below(field, token);
	}
	return field && rest.n == 0;
}
