#ifndef CF_INDEX_DBFILE_H
#define CF_INDEX_DBFILE_H

/*
 * Writing a new SQLite file that others read. The same statements and rows in
 * the same order make the same bytes, with one version of SQLite.
 */
#include "json/json.h"

struct cf_dbfile;
struct cf_insert;	/* a prepared INSERT */

/* "Conf": what file(1) and PRAGMA application_id say of it. */
#define CF_DBFILE_ID 0x436f6e66

/* There must be nothing at `path`. One transaction, ended by cf_dbfile_end. */
const struct cf_err *cf_dbfile_begin(struct cf_dbfile **out, const char *path)
	CF_MUST;
const struct cf_err *cf_dbfile_run(struct cf_dbfile *file, const char *sql)
	CF_MUST;
const struct cf_err *cf_dbfile_prepare(struct cf_insert **out,
	struct cf_dbfile *file, const char *sql) CF_MUST;
/* Texts, numbers, yes and no as they are, JSON null as NULL, lists and objects
 * as JSON. */
const struct cf_err *cf_dbfile_insert(struct cf_dbfile *file,
	struct cf_insert *insert, const json_t *cells) CF_MUST;
/* Ends what was prepared; NULL is fine. */
void cf_insert_free(struct cf_insert *insert);
const struct cf_err *cf_dbfile_end(struct cf_dbfile *file) CF_MUST;
/* Closes it, ended or not. */
void cf_dbfile_free(struct cf_dbfile *file);

#endif
