/*
 * The registry of kinds: compiled once at start, read-only after.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/embed.h"
#include "record/field.h"

#define DOCS 24
#define BASE "https://confer.invalid/schemas/"

static const char *const kinds[] = { "practice", "finding", "project",
	"adoption", "need", "offer", "synthesis", NULL };
static const char *const documents[] = { "record", "draft", "identity",
	"witness", "equivocation", "commons", "card", NULL };

static struct {
	struct cf_schema_set *set;
	struct {
		const char *name;
		json_t *doc;
		const struct cf_schema *schema;
	} doc[DOCS];
	size_t n;
	/* Where each schema with a $ref leads: by the address of the schema, in
	 * an open table. The gate asks for each value of each record. */
	struct target {
		const json_t *from;
		json_t *to;
	} *target;
	size_t targets, room;
} registry;

/* The place of a schema in the table, or the free one where it belongs. */
static struct target *
target_of(const json_t *schema)
{
	size_t i = (size_t)((uintptr_t)schema / sizeof(void *) * 2654435761u);

	for (;; i++) {
		struct target *t = &registry.target[i & (registry.room - 1)];

		if (t->from == NULL || t->from == schema)
			return t;
	}
}

static void
grow_targets(void)
{
	struct target *old = registry.target;
	size_t room = registry.room;

	registry.room = room ? room * 2 : 256;
	registry.target = cf_calloc(registry.room, sizeof *old);
	for (size_t i = 0; i < room; i++)
		if (old[i].from)
			*target_of(old[i].from) = old[i];
	free(old);
}

/* Follows the references of a schema to its end: to common.json, never in a
 * circle. */
static json_t *
follow(json_t *schema)
{
	const char *ref;

	while ((ref = cf_json_str(schema, "$ref")) != NULL) {
		const char *hash = strchr(ref, '#');

		schema = hash ? cf_json_at(cf_schema_doc("common"), hash + 1) :
			NULL;
		if (schema == NULL)
			cf_bug("a schema refers to what common.json lacks");
	}
	return schema;
}

/* Notes where the references in a document lead. */
static void
note_targets(json_t *value)
{
	json_t *part;
	const char *name;
	size_t i;

	if (json_is_string(json_object_get(value, "$ref"))) {
		if (registry.targets * 2 >= registry.room)
			grow_targets();
		*target_of(value) = (struct target){ value, follow(value) };
		registry.targets++;
	}
	json_object_foreach(value, name, part)
		note_targets(part);
	json_array_foreach(value, i, part)
		note_targets(part);
}

static const struct cf_err *
load(const struct cf_embedded *file)
{
	const struct cf_err *err;
	json_t *doc = NULL;

	err = cf_json_read(&doc, file->text, CF_MAX_JSON);
	if (!err && !cf_starts(file->name, "example/"))
		err = cf_schema_add(registry.set, file->name, doc);
	if (err) {
		json_decref(doc);
		return cf_err_wrap(err, "built-in schema %s", file->name);
	}
	registry.doc[registry.n].name = file->name;
	registry.doc[registry.n++].doc = doc;
	return NULL;
}

static const struct cf_err *
compile(const char *name)
{
	for (size_t i = 0; i < registry.n; i++) {
		const struct cf_err *err;
		char *uri;

		if (strcmp(registry.doc[i].name, name) != 0)
			continue;
		uri = cf_asprintf(BASE "%s.json", name);
		err = cf_schema_compile(&registry.doc[i].schema, registry.set,
			uri);
		free(uri);
		return err ? cf_err_wrap(err, "built-in schema %s", name) :
			NULL;
	}
	cf_bug("a kind without a schema");
}

static void
start_fields(void)
{
	json_t *doc[sizeof registry.doc / sizeof *registry.doc];
	size_t n = 0;

	for (size_t i = 0; i < registry.n; i++)
		if (registry.doc[i].schema)
			doc[n++] = registry.doc[i].doc;
	cf_fields_start(doc, n);
}

const struct cf_err *
cf_kind_start(void)
{
	const struct cf_err *err = NULL;

	if (registry.set)
		return NULL;
	registry.set = cf_schema_set_new();
	for (const struct cf_embedded *f = cf_embedded(); f->name && !err; f++)
		err = load(f);
	for (size_t i = 0; kinds[i] && !err; i++)
		err = compile(kinds[i]);
	for (size_t i = 0; documents[i] && !err; i++)
		err = compile(documents[i]);
	for (size_t i = 0; i < registry.n && !err; i++)
		if (!cf_starts(registry.doc[i].name, "example/"))
			note_targets(registry.doc[i].doc);
	if (!err)
		start_fields();
	return err;
}

const char *const *
cf_kind_names(void)
{
	return kinds;
}

bool
cf_kind_known(const char *kind)
{
	for (size_t i = 0; kinds[i]; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

const struct cf_schema *
cf_schema_of(const char *name)
{
	for (size_t i = 0; i < registry.n; i++)
		if (strcmp(registry.doc[i].name, name) == 0)
			return registry.doc[i].schema;
	return NULL;
}

json_t *
cf_schema_doc(const char *name)
{
	for (size_t i = 0; i < registry.n; i++)
		if (strcmp(registry.doc[i].name, name) == 0)
			return registry.doc[i].doc;
	return NULL;
}

json_t *
cf_kind_example(const char *kind)
{
	char *name = cf_asprintf("example/%s", kind);
	json_t *doc = cf_schema_doc(name);

	free(name);
	return doc;
}

json_t *
cf_schema_resolve(json_t *schema)
{
	const struct target *t;

	if (schema == NULL || json_object_get(schema, "$ref") == NULL)
		return schema;
	t = target_of(schema);
	/* One that is not from a document of ours is followed on the spot. */
	return t->from ? t->to : follow(schema);
}

struct cf_str
cf_readme(void)
{
	return CF_STR(
"# A Confer repository\n"
"\n"
"A trust publishes here what its schools found and tried, as signed records.\n"
"Everything in it is public to whoever can read it, and nothing in it may\n"
"identify a child, a colleague or a school.\n"
"\n"
"- `keys/` says who this trust is: its identity documents, each signed by the\n"
"  one before it.\n"
"- `records/` holds one file for each record.\n"
"- `partners/` holds what this trust last saw of the trusts that it follows.\n"
"\n"
"Every commit and every record is signed. Do not edit files here by hand: a\n"
"commit that Confer did not make is refused by everybody who follows this\n"
"trust. To follow it, give this repository's address to `confer partner add`\n"
"and compare the safety number on the telephone.\n");
}
