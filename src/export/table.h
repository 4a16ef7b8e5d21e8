#ifndef CF_EXPORT_TABLE_H
#define CF_EXPORT_TABLE_H

/*
 * The tables that CSV, SQLite and PostgreSQL have in common: trusts, records,
 * versions, signatures, and one for each kind with a column for each field of its
 * schema. A table is described by a Table Schema (Data Package 2), which is
 * where every format looks up names, types, keys and descriptions. Pure.
 */
#include "record/kind.h"
#include "record/record.h"

/* What a table has a row for. */
enum cf_export_each {
	CF_EACH_TRUST = 1,
	CF_EACH_RECORD,
	CF_EACH_VERSION,	/* that stands: one, or several side by side */
	CF_EACH_SIGNATURE,
	CF_EACH_KIND		/* a record of one kind that has a body */
};

struct cf_export_table {
	const char *name;	/* of a kind: the kind */
	enum cf_export_each each;
	json_t *about;		/* {name, title, description, schema}; owned */
	json_t *paths;		/* of each field: where its value is; owned */
	json_t *fields;		/* of the schema, borrowed */
};

#define CF_EXPORT_TABLES 16
struct cf_export_tables {
	struct cf_export_table table[CF_EXPORT_TABLES];
	size_t n;
};

/* All, or (kind) only the general ones and that of a kind. */
void cf_export_tables_make(struct cf_export_tables *out, const char *kind);
void cf_export_tables_clear(struct cf_export_tables *tables);

/* The cells of a row, in the order of the fields; JSON null where there is
 * nothing. Borrowed by the call. */
typedef const struct cf_err *(*cf_export_row)(void *payload, size_t table,
	const json_t *cells);
/*
 * The rows of one record, {provenance, record} as app/export.h has it, or of one
 * trust {trust}, in all tables.
 */
const struct cf_err *cf_export_rows(const struct cf_export_tables *tables,
	json_t *item, cf_export_row row, void *payload) CF_MUST;

/* Of a field of a table. */
const char *cf_export_name(const struct cf_export_table *table, size_t field);
const char *cf_export_type(const struct cf_export_table *table, size_t field);
/* Members of the key, and the table that a field refers to, or NULL. */
json_t *cf_export_key(const struct cf_export_table *table);
const char *cf_export_refers(const struct cf_export_table *table,
	const char *field);

/* Columns that are looked up, as pairs of table and column; NULL ends. */
extern const char *const cf_export_indexes[][2];

#endif
