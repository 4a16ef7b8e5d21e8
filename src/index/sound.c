/*
 * Looking at an index without changing it.
 */
#include <string.h>

#include "index/db.h"

const char *
cf_index_version(void)
{
	return sqlite3_libversion();
}

bool
cf_index_sound(const char *path)
{
	struct cf_index index = { 0 };
	sqlite3_stmt *stmt = NULL;
	bool good;

	good = sqlite3_open_v2(path, &index.db, SQLITE_OPEN_READONLY |
		SQLITE_OPEN_NOFOLLOW, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(index.db, "PRAGMA integrity_check(1)", -1,
		&stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW &&
		strcmp(cf_db_text(stmt, 0), "ok") == 0;
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(index.db);
	return good;
}

const struct cf_err *
cf_index_versions_of(size_t *out, struct cf_index *index, const char *trust)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = 0;
	err = cf_db_query(&stmt, index, "SELECT count(*) FROM version WHERE "
		"trust = ?", "s", trust);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (!err && row)
		*out = (size_t)sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}
