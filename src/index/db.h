#ifndef CF_INDEX_DB_H
#define CF_INDEX_DB_H

/*
 * SQLite for src/index only: statements with their parameters in one call.
 */
#include <sqlite3.h>

#include "index/index.h"

enum cf_entry_stmt {		/* of entries.c */
	CF_ENTRY_OLD,
	CF_ENTRY_NEW,
	CF_ENTRY_SET,
	CF_ENTRY_GONE,
	CF_WORDS_ADD,
	CF_WORDS_DROP,
	CF_LINKS_DROP,
	CF_LINK_ADD,
	CF_ENTRY_STMTS
};

struct cf_index {
	sqlite3 *db;
	char *path;
	/* The statements of the hot path, prepared once. */
	sqlite3_stmt *add_version, *add_dirty, *past, *known;
	sqlite3_stmt *entry[CF_ENTRY_STMTS];
	struct fts5_api *fts;	/* of this connection */
};

const struct cf_err *cf_db_err(struct cf_index *index);
const struct cf_err *cf_db_exec(struct cf_index *index, const char *sql)
	CF_MUST;

/*
 * Prepares and binds: `types` has one letter for each following argument: s a
 * string (NULL: SQL NULL), i a long long, o a const struct cf_oid *.
 */
const struct cf_err *cf_db_query(sqlite3_stmt **out, struct cf_index *index,
	const char *sql, const char *types, ...) CF_MUST;
/* Moves to the next row; *row false at the end. */
const struct cf_err *cf_db_step(bool *row, struct cf_index *index,
	sqlite3_stmt *stmt) CF_MUST;
/* A statement without rows. */
const struct cf_err *cf_db_run(struct cf_index *index, const char *sql,
	const char *types, ...) CF_MUST;

/* One text column of all rows; ends the statement. */
const struct cf_err *cf_db_names(struct cf_names *out, struct cf_index *index,
	sqlite3_stmt *stmt) CF_MUST;

/* Columns; never NULL, "" for SQL NULL. Borrowed until the next step. */
const char *cf_db_text(sqlite3_stmt *stmt, int column);
bool cf_db_oid(struct cf_oid *out, sqlite3_stmt *stmt, int column);

/* cf_score() and cf_kind() of a row of full text: how well it matches, and which of
 * the first words of the expression is its kind. */
const struct cf_err *cf_db_add_score(struct cf_index *index) CF_MUST;
/* Looks up, for each beginning of a word in the query, which words begin so. */
const struct cf_err *cf_db_expand(struct cf_query *query,
	struct cf_index *index) CF_MUST;

#endif
