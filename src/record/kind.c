/*
 * The registry of kinds. A document is parsed, and a schema compiled, when it is
 * first asked for: most commands need a few of them. Any thread may ask.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/embed.h"
#include "record/field.h"

#define DOCS 24
#define BASE "https://confer.invalid/schemas/"

static const char *const kinds[] = { "practice", "finding", "project",
	"adoption", "need", "offer", "synthesis", "support", NULL };

/* One of them; NULL until it is asked for, and never changed after that. */
struct document {
	const char *name;
	struct cf_str text;
	_Atomic(json_t *) doc;
	_Atomic(const struct cf_schema *) schema;
};

static struct {
	struct cf_schema_set *set;
	struct document doc[DOCS];
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

/* --- when it is asked for ---------------------------------------------------- */

static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

/* What is built in can be wrong by a fault of the build alone. */
static void
must(const struct cf_err *err)
{
	if (err)
		cf_bug(err->msg);
}

static struct document *
find(const char *name)
{
	for (size_t i = 0; i < registry.n; i++)
		if (strcmp(registry.doc[i].name, name) == 0)
			return &registry.doc[i];
	return NULL;
}

/* Parsed, with `making` held. */
static json_t *
parsed(struct document *d)
{
	json_t *doc = atomic_load(&d->doc);

	if (doc)
		return doc;
	must(cf_json_read(&doc, d->text, CF_MAX_JSON));
	if (!cf_starts(d->name, "example/"))
		must(cf_schema_add(registry.set, d->name, doc));
	atomic_store(&d->doc, doc);
	return doc;
}

/* The same; schemas refer to common.json and no other. */
static void
compile(struct document *d)
{
	char *uri = cf_asprintf(BASE "%s.json", d->name);
	const struct cf_schema *schema = NULL;

	(void)parsed(find("common"));
	(void)parsed(d);
	must(cf_schema_compile(&schema, registry.set, uri));
	atomic_store(&d->schema, schema);
	free(uri);
}

static void
list_documents(void)
{
	registry.set = cf_schema_set_new();
	for (const struct cf_embedded *f = cf_embedded(); f->name; f++) {
		registry.doc[registry.n].name = f->name;
		registry.doc[registry.n++].text = f->text;
	}
}

static void
find_targets(void)
{
	for (size_t i = 0; i < registry.n; i++)
		if (!cf_starts(registry.doc[i].name, "example/"))
			note_targets(cf_schema_doc(registry.doc[i].name));
}

const struct cf_err *
cf_kind_start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, list_documents);
	return find("common") && find("identity") ? NULL :
		cf_err(CF_INVALID, "this program was built without its schemas. "
		"Install it again");
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
	struct document *d = find(name);

	if (d == NULL)
		return NULL;
	if (atomic_load(&d->schema) == NULL) {
		(void)pthread_mutex_lock(&making);
		if (atomic_load(&d->schema) == NULL)
			compile(d);
		(void)pthread_mutex_unlock(&making);
	}
	return atomic_load(&d->schema);
}

json_t *
cf_schema_doc(const char *name)
{
	struct document *d = find(name);

	if (d == NULL)
		return NULL;
	if (atomic_load(&d->doc) == NULL) {
		(void)pthread_mutex_lock(&making);
		(void)parsed(d);
		(void)pthread_mutex_unlock(&making);
	}
	return atomic_load(&d->doc);
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
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct target *t;

	(void)pthread_once(&once, find_targets);
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
