#ifndef CF_SCHEMA_H
#define CF_SCHEMA_H

/*
 * JSON Schema 2020-12 (draft-bhutton-json-schema-01 and -validation-01). A
 * schema is compiled once; validation then allocates nothing for a keyword.
 * `format` asserts for date, date-time, uuid, uri, email; others are annotation.
 * `pattern` goes to PCRE2 in UTF mode with a match limit; a fault says what
 * `x-why` beside it says ("must be …").
 */
#include "json/json.h"

struct cf_schema_set;	/* documents that can refer to each other, by URI */
struct cf_schema;	/* one compiled schema, owned by its set */

struct cf_schema_set *cf_schema_set_new(void);
void cf_schema_set_free(struct cf_schema_set *set);

/* Whether `format` asserts (as it does unless this says no) or is annotation.
 * Before anything is compiled. */
void cf_schema_set_formats(struct cf_schema_set *set, bool assert);

/* Adds a document under its $id and, where `uri` is absolute, under that too.
 * CF_EXISTS where another one has that name. Refs are resolved when a schema is
 * compiled, so the order of adding does not matter. The set keeps a reference
 * to `document`, which must not change any more. */
const struct cf_err *cf_schema_add(struct cf_schema_set *set, const char *uri,
	json_t *document) CF_MUST;

/* Compiles the schema at `uri` (which may have a fragment). *out lives as long
 * as the set. CF_INVALID names the keyword and place that is wrong. Not while
 * another thread validates with the set. */
const struct cf_err *cf_schema_compile(const struct cf_schema **out,
	struct cf_schema_set *set, const char *uri) CF_MUST;

/*
 * What is wrong with an instance, in the order of the schema's keywords and the
 * instance's members, nothing twice. `path` is a JSON Pointer to what is wrong
 * (a missing field is wrong in its object), `keyword` the keyword that failed
 * ("false" is the schema false, "limit" what cannot be decided), `why` a
 * sentence in plain words ("'Design' must be one of: rct, quasi").
 */
struct cf_schema_fault {
	char *path;
	char *keyword;
	char *why;
};

struct cf_schema_faults {
	struct cf_schema_fault *fault;
	size_t n;
	size_t max;	/* collects at most so many (and CF_MAX_FAULTS); 0: only yes or no */
};
void cf_schema_faults_clear(struct cf_schema_faults *faults);

/* True where the instance is valid. `faults` may be NULL; what it held is
 * freed. Any number of threads may validate at once. */
bool cf_schema_valid(const struct cf_schema *schema, const json_t *instance,
	struct cf_schema_faults *faults);

/*
 * What a schema says of the places inside an instance, through $ref and every
 * other schema that looks at the same instance; NULL where it says nothing.
 * Borrowed from the set. `keyword` (or NULL): where several schemas speak of a
 * member, prefer one that has this keyword.
 */
const struct cf_schema *cf_schema_member(const struct cf_schema *schema,
	struct cf_str name, const char *keyword);
const struct cf_schema *cf_schema_items(const struct cf_schema *schema);
/* The value of a keyword that decides nothing, such as x-merge. */
const json_t *cf_schema_annotation(const struct cf_schema *schema,
	const char *keyword);
/* Whether every valid instance has this member. */
bool cf_schema_requires(const struct cf_schema *schema, struct cf_str name);

#endif
