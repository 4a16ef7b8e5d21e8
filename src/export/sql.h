#ifndef CF_EXPORT_SQL_H
#define CF_EXPORT_SQL_H

/*
 * The tables as SQL, for SQLite and for PostgreSQL (there in the schema
 * "confer"). Pure: text only.
 */
#include "export/table.h"

enum cf_sql {
	CF_SQLITE = 1,
	CF_POSTGRES
};

#define CF_SQL_SCHEMA "confer"
/* A statement may be as long as a codebook. */
#define CF_SQL_ROOM (1024u * 1024)

/* CREATE TABLE and CREATE INDEX of one, with what each column is. */
void cf_sql_create(struct cf_buf *out, const struct cf_export_table *table,
	enum cf_sql dialect);
/* INSERT with a parameter for each column (SQLite). */
void cf_sql_insert(struct cf_buf *out, const struct cf_export_table *table);

/* PostgreSQL: a table of this session for what comes, COPY into it, and then
 * what differs into the one that stays. */
void cf_sql_stage(struct cf_buf *out, const struct cf_export_table *table);
void cf_sql_copy(struct cf_buf *out, const struct cf_export_table *table);
void cf_sql_upsert(struct cf_buf *out, const struct cf_export_table *table);
void cf_sql_delete(struct cf_buf *out, const struct cf_export_table *table);

/* 'text', with quotes doubled. */
void cf_sql_text(struct cf_buf *out, const char *text);

#endif
