/*
 * The records as the commons has them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/db.h"

#define COLUMNS "id, kind, owner, standing, title, status, modified, " \
	"conflict, heads, signers"

const struct cf_err *
cf_index_all_dirty(struct cf_index *index)
{
	return cf_db_exec(index, "INSERT OR IGNORE INTO dirty "
		"SELECT DISTINCT record FROM version; "
		"INSERT OR IGNORE INTO dirty SELECT id FROM record");
}

const struct cf_err *
cf_index_clean(struct cf_index *index)
{
	return cf_db_exec(index, "DELETE FROM dirty");
}

const struct cf_err *
cf_index_put_record(struct cf_index *index, const json_t *row)
{
	char *heads = json_dumps(json_object_get(row, "heads"), JSON_COMPACT);
	char *signers = json_dumps(json_object_get(row, "signers"),
		JSON_COMPACT);
	const struct cf_err *err;

	/* Not "OR REPLACE", which takes a row away without telling anybody. */
	err = cf_index_drop_record(index, cf_json_str(row, "id"));
	if (!err)
		err = cf_db_run(index, "INSERT INTO record (" COLUMNS
		", lacking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"sssssssissi",
		cf_json_str(row, "id"), cf_json_str(row, "kind"),
		cf_json_str(row, "owner"), cf_json_str(row, "standing"),
		cf_json_str(row, "title"), cf_json_str(row, "status"),
		cf_json_str(row, "modified"),
		(long long)json_is_true(json_object_get(row, "conflict")),
		heads, signers,
		(long long)json_is_true(json_object_get(row, "lacking")));
	free(heads);
	free(signers);
	return err;
}

static json_t *
row_of(sqlite3_stmt *stmt)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o}",
		"id", cf_db_text(stmt, 0), "kind", cf_db_text(stmt, 1),
		"owner", cf_db_text(stmt, 2), "standing", cf_db_text(stmt, 3),
		"title", cf_db_text(stmt, 4), "status", cf_db_text(stmt, 5),
		"modified", cf_db_text(stmt, 6), "conflict",
		sqlite3_column_int(stmt, 7) != 0, "heads",
		json_loads(cf_db_text(stmt, 8), 0, NULL), "signers",
		json_loads(cf_db_text(stmt, 9), 0, NULL));
}

const struct cf_err *
cf_index_record(json_t **out, struct cf_index *index, const char *id)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = NULL;
	err = cf_db_query(&stmt, index, "SELECT " COLUMNS " FROM record "
		"WHERE id = ?", "s", id);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row)
		*out = row_of(stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_drop_record(struct cf_index *index, const char *id)
{
	return cf_db_run(index, "DELETE FROM record WHERE id = ?", "s", id);
}

/* All rows of a query, which ends. */
static const struct cf_err *
rows_of(json_t **out, struct cf_index *index, sqlite3_stmt *stmt)
{
	const struct cf_err *err;
	json_t *rows = json_array();
	bool row;

	while ((err = cf_db_step(&row, index, stmt)) == NULL && row)
		json_array_append_new(rows, row_of(stmt));
	(void)sqlite3_finalize(stmt);
	if (err) {
		json_decref(rows);
		return err;
	}
	*out = rows;
	return NULL;
}

const struct cf_err *
cf_index_list(json_t **out, struct cf_index *index,
	const struct cf_index_filter *filter)
{
	/* The few in conflict have an index of their own. */
	char *sql = cf_asprintf("SELECT " COLUMNS " FROM record "
		"WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR owner = ?2)"
		" AND (?3 IS NULL OR status = ?3)%s AND standing = 'stands'"
		" ORDER BY modified DESC, id LIMIT ?4",
		filter->conflicts ? " AND conflict" : "");
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = NULL;
	err = cf_db_query(&stmt, index, sql, "sssi", filter->kind,
		filter->owner, filter->status,
		filter->limit ? (long long)filter->limit : -1LL);
	free(sql);
	return err ? err : rows_of(out, index, stmt);
}

const struct cf_err *
cf_index_waiting(json_t **out, struct cf_index *index, unsigned most)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = NULL;
	err = cf_db_query(&stmt, index, "SELECT " COLUMNS " FROM record "
		"WHERE standing = 'no-owner' ORDER BY id LIMIT ?", "i",
		(long long)most);
	return err ? err : rows_of(out, index, stmt);
}

const struct cf_err *
cf_index_each(struct cf_index *index, const struct cf_index_filter *filter,
	const struct cf_err *(*each)(void *payload, const json_t *row),
	void *payload)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	err = cf_db_query(&stmt, index, "SELECT " COLUMNS " FROM record "
		"WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR owner = ?2)"
		" AND (?3 IS NULL OR status = ?3) AND (?4 = 0 OR conflict)"
		" AND standing = 'stands' ORDER BY id", "sssi", filter->kind,
		filter->owner, filter->status, (long long)filter->conflicts);
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row) {
		json_t *one = row_of(stmt);

		err = each(payload, one);
		json_decref(one);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_lacking(struct cf_names *out, struct cf_index *index)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index, "SELECT id FROM record WHERE lacking "
		"ORDER BY id", "");
	return err ? err : cf_db_names(out, index, stmt);
}

const struct cf_err *
cf_index_count(struct cf_index_counts *out, struct cf_index *index)
{
	unsigned long long *const to[] = { &out->conflicts, &out->records,
		&out->versions };
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = (struct cf_index_counts){ 0 };
	err = cf_db_query(&stmt, index, "SELECT n FROM tally ORDER BY what",
		"");
	for (size_t i = 0; i < 3 && !err; i++) {
		err = cf_db_step(&row, index, stmt);
		if (row)
			*to[i] = (unsigned long long)sqlite3_column_int64(stmt,
				0);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_held(json_t **out, struct cf_index *index, const char *trust)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	*out = json_array();
	err = cf_db_query(&stmt, index, "SELECT v.record, v.rule, v.why, "
		"v.kind, v.trust, v.title FROM version v WHERE v.rule IS NOT "
		"NULL AND (?1 IS NULL OR v.trust = ?1) AND NOT EXISTS (SELECT "
		"1 FROM version w WHERE w.record = v.record AND w.trust = "
		"v.trust AND w.n > v.n) ORDER BY v.trust, v.record", "s",
		trust);
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row) {
		struct cf_uuid id;
		char path[CF_PATH_TEXT] = "";

		if (cf_uuid_parse(&id, cf_str(cf_db_text(stmt, 0))))
			cf_record_path(path, cf_db_text(stmt, 3), &id);
		json_array_append_new(*out, json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s}", "id",
			cf_db_text(stmt, 0), "rule", cf_db_text(stmt, 1),
			"why", cf_db_text(stmt, 2), "path", path, "trust",
			cf_db_text(stmt, 4), "title", cf_db_text(stmt, 5)));
	}
	(void)sqlite3_finalize(stmt);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}

const struct cf_err *
cf_index_held_of(json_t **out, struct cf_index *index, const char *record)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	*out = json_array();
	err = cf_db_query(&stmt, index, "SELECT v.trust, v.rule, v.why FROM "
		"version v WHERE v.record = ? AND v.rule IS NOT NULL AND NOT "
		"EXISTS (SELECT 1 FROM version w WHERE w.record = v.record AND "
		"w.trust = v.trust AND w.n > v.n) ORDER BY v.trust", "s",
		record);
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row)
		json_array_append_new(*out, json_pack("{s:s, s:s, s:s}",
			"trust", cf_db_text(stmt, 0), "rule",
			cf_db_text(stmt, 1), "why", cf_db_text(stmt, 2)));
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_lacks(bool *out, struct cf_index *index, const char *record)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = false;
	err = cf_db_query(&stmt, index, "SELECT 1 FROM record WHERE id = ? AND "
		"lacking", "s", record);
	if (!err)
		err = cf_db_step(out, index, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}
