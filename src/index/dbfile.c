/*
 * A SQLite file for others.
 */
#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "index/dbfile.h"

struct cf_dbfile {
	sqlite3 *db;
	char *path;
};

struct cf_insert {
	sqlite3_stmt *stmt;
};

static const struct cf_err *
file_err(struct cf_dbfile *file)
{
	if (sqlite3_errcode(file->db) == SQLITE_FULL)
		return cf_err(CF_SYS, "the disk is full: %s was not written. "
			"Make room and try again", file->path);
	return cf_err(CF_SYS, "cannot write %s: %s", file->path,
		sqlite3_errmsg(file->db));
}

const struct cf_err *
cf_dbfile_run(struct cf_dbfile *file, const char *sql)
{
	return sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK ?
		NULL : file_err(file);
}

/* No journal: a file that is cut short is thrown away. */
const struct cf_err *
cf_dbfile_begin(struct cf_dbfile **out, const char *path)
{
	struct cf_dbfile *file = cf_calloc(1, sizeof *file);
	const struct cf_err *err = NULL;
	char *start = cf_asprintf("PRAGMA page_size = 4096; PRAGMA encoding = "
		"'UTF-8'; PRAGMA journal_mode = OFF; PRAGMA application_id = "
		"%d; BEGIN", CF_DBFILE_ID);

	file->path = cf_strdup(path);
	if (sqlite3_open_v2(path, &file->db, SQLITE_OPEN_READWRITE |
		SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		err = file_err(file);
	if (!err)
		err = cf_dbfile_run(file, start);
	free(start);
	*out = err ? NULL : file;
	if (err)
		cf_dbfile_free(file);
	return err;
}

const struct cf_err *
cf_dbfile_prepare(struct cf_insert **out, struct cf_dbfile *file,
	const char *sql)
{
	struct cf_insert *insert = cf_calloc(1, sizeof *insert);

	*out = insert;
	return sqlite3_prepare_v2(file->db, sql, -1, &insert->stmt, NULL) ==
		SQLITE_OK ? NULL : file_err(file);
}

static const struct cf_err *
bind_json(struct cf_dbfile *file, sqlite3_stmt *stmt, int at,
	const json_t *value)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = NULL;
	int rc;

	if (json_is_null(value)) {
		rc = sqlite3_bind_null(stmt, at);
	} else if (json_is_boolean(value)) {
		rc = sqlite3_bind_int(stmt, at, json_is_true(value));
	} else if (json_is_integer(value)) {
		rc = sqlite3_bind_int64(stmt, at, json_integer_value(value));
	} else if (json_is_real(value)) {
		rc = sqlite3_bind_double(stmt, at, json_real_value(value));
	} else if (json_is_string(value)) {
		rc = sqlite3_bind_text(stmt, at, json_string_value(value),
			(int)json_string_length(value), SQLITE_TRANSIENT);
	} else {
		err = cf_json_canonical(&text, value, NULL);
		rc = sqlite3_bind_text(stmt, at, text.data, (int)text.len,
			SQLITE_TRANSIENT);
	}
	cf_buf_clear(&text);
	return err ? err : rc == SQLITE_OK ? NULL : file_err(file);
}

const struct cf_err *
cf_dbfile_insert(struct cf_dbfile *file, struct cf_insert *insert,
	const json_t *cells)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(cells) && !err; i++)
		err = bind_json(file, insert->stmt, (int)i + 1,
			json_array_get(cells, i));
	if (!err && sqlite3_step(insert->stmt) != SQLITE_DONE)
		err = file_err(file);
	(void)sqlite3_reset(insert->stmt);
	return err;
}

void
cf_insert_free(struct cf_insert *insert)
{
	if (insert)
		(void)sqlite3_finalize(insert->stmt);
	free(insert);
}

const struct cf_err *
cf_dbfile_end(struct cf_dbfile *file)
{
	return cf_dbfile_run(file, "COMMIT");
}

void
cf_dbfile_free(struct cf_dbfile *file)
{
	if (file == NULL)
		return;
	(void)sqlite3_close(file->db);
	free(file->path);
	free(file);
}
