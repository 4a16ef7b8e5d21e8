#ifndef CF_KIND_H
#define CF_KIND_H

/*
 * What the program knows of kinds: their schemas and examples, which are part of
 * the binary. Everything that decides has one number, the ruleset.
 */
#include "json/schema.h"

#define CF_PROTOCOL 1	/* bytes of commits, trees, identities */
#define CF_RULESET 1	/* schemas, kinds, disclosure rules, merge */
#define CF_SCHEMA_MAX 1	/* newest `schema` of a record that we know */

/* Before anything else of this header; each schema is parsed and compiled when it
 * is first asked for. CF_INVALID where none is built in (a fault of the build). */
const struct cf_err *cf_kind_start(void) CF_MUST;

/* Names of the kinds in the order for people; NULL ends the list. */
const char *const *cf_kind_names(void);
bool cf_kind_known(const char *kind);

/* Compiled schemas. Kinds as above, and the documents record, draft, identity,
 * witness, commons, card. */
const struct cf_schema *cf_schema_of(const char *name);
/* The schema as JSON (borrowed), or NULL. */
json_t *cf_schema_doc(const char *name);
/* The example draft of a kind (borrowed). */
json_t *cf_kind_example(const char *kind);

/* The schema at the end of `schema`'s $ref, itself where it has none. */
json_t *cf_schema_resolve(json_t *schema);

/* The fixed README.md of every repository, by protocol number. */
struct cf_str cf_readme(void);

#endif
