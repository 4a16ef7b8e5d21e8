/*
 * What the index knows for an erasure: where a text came in, who has it still,
 * and all that is written in its own tables.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "index/db.h"

const struct cf_err *
cf_index_first(uint64_t *out, struct cf_index *index, const char *trust,
	const char *record)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = 0;
	err = cf_db_query(&stmt, index, "SELECT coalesce(min(sequence), 0) "
		"FROM version WHERE record = ? AND trust = ? AND NOT (status = "
		"'erased' AND rule IS NULL)", "ss", record, trust);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row)
		*out = (uint64_t)sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_unerased(struct cf_names *out, struct cf_index *index,
	const char *trust)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index, "SELECT DISTINCT t.record FROM version "
		"t CROSS JOIN version v ON v.record = t.record WHERE t.status = "
		"'erased' AND t.rule IS NULL AND v.trust = ? AND v.status <> "
		"'erased' ORDER BY t.record", "s", trust);
	return err ? err : cf_db_names(out, index, stmt);
}

static const struct cf_err *
read_table(struct cf_index *index, const char *table, cf_index_piece piece,
	void *payload)
{
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	err = cf_db_query(&stmt, index, sql, "");
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row)
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const void *bytes = sqlite3_column_blob(stmt, i);

			if (bytes)
				piece(payload, table, bytes, (size_t)
					sqlite3_column_bytes(stmt, i));
		}
	(void)sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return err;
}

const struct cf_err *
cf_index_pieces(struct cf_index *index, cf_index_piece piece, void *payload)
{
	struct cf_names tables = { 0 };
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	err = cf_db_query(&stmt, index, "SELECT name FROM sqlite_master WHERE "
		"type = 'table' ORDER BY name", "");
	if (!err)
		err = cf_db_names(&tables, index, stmt);
	for (size_t i = 0; i < tables.n && !err; i++)
		err = read_table(index, tables.name[i], piece, payload);
	cf_names_clear(&tables);
	return err;
}
