#ifndef CF_SCHEMA_SET_H
#define CF_SCHEMA_SET_H

/*
 * Inside the schema compiler: the set, its arena, and the builder of one
 * schema. Only src/json includes it.
 */
#include <stdatomic.h>

#include "json/schema_node.h"

#define CF_KEYWORDS_MAX 64	/* entries of cf_keywords */
#define CF_KEYWORD_PLACES 256	/* their hash table; a power of two */
#define CF_ROOMS_KEPT 8		/* rooms kept for the next validation */

/* From a pair of pointers to a pointer; grows, never shrinks. */
struct cf_map_entry {
	const void *a, *b;
	void *value;	/* NULL: an empty place */
};
struct cf_map {
	struct cf_map_entry *entry;
	size_t n, cap;
};
void *cf_map_get(const struct cf_map *map, const void *a, const void *b);
void cf_map_put(struct cf_map *map, const void *a, const void *b, void *value);
void cf_map_clear(struct cf_map *map);

struct cf_named {
	const char *uri;
	struct cf_resource *resource;
};

struct cf_schema_set {
	struct cf_chunk *chunk;
	json_t **document;
	size_t n_documents, cap_documents;
	struct cf_named *name;	/* URIs; a resource may have two */
	size_t n_names, cap_names;
	struct cf_map root;	/* a resource by its JSON */
	struct cf_map node;	/* a schema by its JSON and resource */
	struct cf_schema **schema;	/* all but true and false */
	size_t n_schemas, cap_schemas;
	size_t n_built;		/* so many of them are finished */
	const char **dynamic;	/* names that some $dynamicRef looks for */
	size_t n_dynamic, cap_dynamic;
	struct cf_regex **regex;
	size_t n_regexes, cap_regexes;
	struct cf_schema yes, no;
	bool annotate_formats;
	uint64_t seed;		/* of hashes, so that nobody can aim at them */
	unsigned char keyword[CF_KEYWORD_PLACES];	/* 1 + index, or 0 */
	_Atomic(struct cf_room *) idle[CF_ROOMS_KEPT];
};

/* Zeroed memory that lives as long as the set. */
void *cf_schema_alloc(struct cf_schema_set *set, size_t count, size_t size);
/* A copy in that memory; frees `text`. */
const char *cf_schema_keep(struct cf_schema_set *set, char *text);
/* The keyword of that name, or NULL. */
const struct cf_keyword *cf_keyword_find(const struct cf_schema_set *set,
	const char *name);
uint32_t cf_hash_name(const char *name, size_t n);

/* schema_scan.c: finds the resources and anchors of a document. */
const struct cf_err *cf_schema_scan(struct cf_schema_set *set, const char *uri,
	json_t *document) CF_MUST;

/* schema_ref.c. The resource of that name (without a fragment), or NULL. Loads
 * the meta-schema where that is asked for. */
const struct cf_err *cf_resource_find(struct cf_resource **out,
	struct cf_schema_set *set, const char *uri) CF_MUST;
/* What a reference means at a resource: the JSON, the resource that holds it,
 * its place, and whether it was named by a $dynamicAnchor. */
struct cf_target {
	json_t *json;
	struct cf_resource *resource;
	const char *place;
	const char *dynamic;	/* the anchor's name, or NULL */
};
const struct cf_err *cf_schema_target(struct cf_target *out,
	struct cf_schema_set *set, const char *base, const char *reference)
	CF_MUST;

/* schema_dialect.c: fills in resource->vocabularies. */
const struct cf_err *cf_schema_dialect(struct cf_schema_set *set,
	struct cf_resource *resource) CF_MUST;

/* metaschema.c: the text at a URI of the standard, or NULL. Caller frees. */
char *cf_metaschema(const char *uri);

/* The builder of one schema. */
struct cf_builder {
	struct cf_schema_set *set;
	struct cf_schema *schema;
	const struct cf_keyword *keyword;	/* the one being built */
	struct cf_rule rule[CF_KEYWORDS_MAX];
	size_t n;
	bool members, items;	/* their common rule is there already */
};

/* schema_compile.c */
/* The schema for some JSON of a resource; it is built later. */
const struct cf_err *cf_schema_node(const struct cf_schema **out,
	struct cf_schema_set *set, const struct cf_target *target) CF_MUST;
/* The same for a part of the one being built: keyword/token. */
const struct cf_err *cf_build_child(const struct cf_schema **out,
	struct cf_builder *b, json_t *json, const char *keyword,
	const char *token) CF_MUST;
/* Adds a rule of the current keyword with room for n subschemas. */
struct cf_rule *cf_build_rule(struct cf_builder *b, json_t *value, size_t n);
/* CF_INVALID: the value of the current keyword "must be …". */
const struct cf_err *cf_build_wrong(const struct cf_builder *b,
	const char *must);
/* schema_parts.c. A whole number of at least 0; false otherwise. */
bool cf_count_of(const json_t *value, size_t *out);
const struct cf_err *cf_build_regex(const struct cf_regex **out,
	struct cf_builder *b, struct cf_str pattern) CF_MUST;
/* The number by which rules know the name of a dynamic anchor. */
size_t cf_schema_dynamic(struct cf_schema_set *set, const char *name);

/* schema_format.c */
const struct cf_format *cf_format_find(const char *name);

#endif
