#ifndef CF_EXPORT_PG_H
#define CF_EXPORT_PG_H

/*
 * PostgreSQL through libpq, which is looked for when it is needed: nobody else
 * has its libraries (TLS, Kerberos, LDAP) in the process that holds a key. All
 * happens in one transaction: what is cut short leaves the database as it was.
 */
#include "export/table.h"

struct cf_pg;

/*
 * Connects to a postgresql:// address; what it leaves out comes from libpq's own
 * places (PGPASSWORD, ~/.pgpass, PGSSLMODE …). CF_SYS where there is no libpq,
 * CF_USAGE for an address it cannot read, CF_REMOTE. No error holds a password.
 */
const struct cf_err *cf_pg_open(struct cf_pg **out, const char *url) CF_MUST;
/* Gives up what was not ended. */
void cf_pg_close(struct cf_pg *pg);
/* "database on host, as user"; borrowed. */
const char *cf_pg_place(const struct cf_pg *pg);

/*
 * Begins: makes the schema "confer" with its tables where they are missing, or
 * again where they are of another format. CF_EXISTS (export.schema) where
 * somebody else's tables are in it.
 */
const struct cf_err *cf_pg_begin(struct cf_pg *pg,
	const struct cf_export_tables *tables) CF_MUST;
/* Lines as cf_cells_copy writes them. */
const struct cf_err *cf_pg_copy(struct cf_pg *pg,
	const struct cf_export_table *table, struct cf_str lines) CF_MUST;
/*
 * Makes the tables what was copied, and notes {key: text}. *out: [{table, changed,
 * removed}]. Until cf_pg_commit nobody sees any of it.
 */
const struct cf_err *cf_pg_end(json_t **out, struct cf_pg *pg,
	const struct cf_export_tables *tables, const json_t *notes) CF_MUST;
const struct cf_err *cf_pg_commit(struct cf_pg *pg) CF_MUST;

/* The message with every `secret` in it made unreadable. The caller frees. */
char *cf_pg_hide(const char *message, const char *secret);

#endif
