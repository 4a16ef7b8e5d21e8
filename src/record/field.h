#ifndef CF_FIELD_H
#define CF_FIELD_H

/*
 * The fields of a schema as the gate's walks over a record read them: each
 * annotation looked up once and not for every value of every record. Any thread
 * may.
 */
#include "record/shape.h"

struct cf_field {
	json_t *schema;			/* its $ref resolved */
	struct cf_member {
		const char *name;
		const struct cf_field *field;
	} *member;			/* of an object, in order of names */
	size_t members;
	const struct cf_field *items;	/* of a list, or NULL */
	enum cf_merge merge;
	const char *key;		/* of a keyed list, or NULL */
	const char *holds;		/* x-holds, or NULL */
	bool chosen;			/* one of the words of enum or const */
	const char *unit, *people;	/* x-unit, x-people, or NULL */
	const json_t *base;		/* x-base, or NULL */
	const json_t *sensitive;	/* x-sensitive, or NULL */
	bool says, tables, population;	/* x-says, x-table, x-population */
};

/* The fields of record.json or of a kind, by its document; NULL gives NULL. */
const struct cf_field *cf_fields_of(const json_t *doc);
/*
 * The member of that name, or NULL; `field` may be NULL. `*next` is where the
 * one after it is looked for first (0 to begin with): a record has its members
 * in order.
 */
const struct cf_field *cf_field_member(const struct cf_field *field,
	const char *name, size_t *next);

/*
 * Whether a record of these fields can have the place that a path names, as
 * `settled` does: members that the schema has, and elements of lists with keys,
 * each by its key in brackets. So a path is no room for a text.
 */
bool cf_field_has_place(const struct cf_field *field, const char *path);

#endif
