/*
 * Versions: reading those of one record, and taking back what came after a
 * commit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/db.h"

static const struct cf_err *
add_row(struct cf_versions *out, sqlite3_stmt *stmt)
{
	static const char *const member[] = { "trust", "id", "previous",
		"kind", "status", "modified", "title", "rule", "why" };
	json_t *row = json_object();
	struct cf_version *v;

	for (int i = 0; i < 9; i++)
		if (i < 7 || sqlite3_column_type(stmt, i) != SQLITE_NULL)
			json_object_set_new(row, member[i],
				json_string(cf_db_text(stmt, i)));
	json_object_set_new(row, "parents", json_loads(cf_db_text(stmt, 9), 0,
		NULL));
	json_object_set_new(row, "time", json_integer(
		sqlite3_column_int64(stmt, 10)));
	json_object_set_new(row, "sequence", json_integer(
		sqlite3_column_int64(stmt, 12)));
	json_array_append_new(out->rows, row);
	out->version = cf_grow(out->version, out->n, &out->cap,
		sizeof *out->version);
	v = &out->version[out->n++];
	*v = (struct cf_version){ .trust = cf_json_str(row, "trust"),
		.id = cf_json_str(row, "id"),
		.previous = cf_json_str(row, "previous"),
		.kind = cf_json_str(row, "kind"),
		.modified = cf_json_str(row, "modified"),
		.erased = strcmp(cf_json_str(row, "status"), "erased") == 0,
		.held = sqlite3_column_type(stmt, 7) != SQLITE_NULL };
	if (!cf_db_oid(&v->blob, stmt, 11))
		return cf_err(CF_SYS, "the index is damaged; 'confer index "
			"--rebuild' makes it again");
	return NULL;
}

/* The parents as plain C strings, borrowed from the row. */
static void
set_parents(struct cf_version *v, const json_t *row)
{
	json_t *parents = json_object_get(row, "parents");
	size_t n = json_array_size(parents);
	const char **list = cf_calloc(n, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		const char *id = json_string_value(json_array_get(parents, i));

		list[i] = id ? id : "";
	}
	v->parents = list;
	v->n_parents = n;
}

const struct cf_err *
cf_index_versions(struct cf_versions *out, struct cf_index *index,
	const char *record)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	*out = (struct cf_versions){ .rows = json_array() };
	err = cf_db_query(&stmt, index, "SELECT trust, id, previous, kind, "
		"status, modified, title, rule, why, parents, time, blob, "
		"sequence FROM version WHERE record = ? ORDER BY trust, n", "s",
		record);
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row)
		err = add_row(out, stmt);
	(void)sqlite3_finalize(stmt);
	for (size_t i = 0; i < out->n && !err; i++)
		set_parents(&out->version[i], json_array_get(out->rows, i));
	if (err)
		cf_versions_clear(out);
	return err;
}

void
cf_versions_clear(struct cf_versions *versions)
{
	for (size_t i = 0; i < versions->n; i++)
		free((void *)(uintptr_t)versions->version[i].parents);
	free(versions->version);
	json_decref(versions->rows);
	*versions = (struct cf_versions){ 0 };
}

const struct cf_err *
cf_index_dirty(struct cf_names *out, struct cf_index *index)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index,
		"SELECT record FROM dirty ORDER BY record", "");
	return err ? err : cf_db_names(out, index, stmt);
}

static const struct cf_err *
find(struct cf_names *out, struct cf_index *index, const char *sql,
	const char *prefix, unsigned most)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	char *end = cf_asprintf("%s\x7f", prefix);

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index, sql, "ssi", prefix, end,
		(long long)most);
	free(end);
	return err ? err : cf_db_names(out, index, stmt);
}

const struct cf_err *
cf_index_find(struct cf_names *out, struct cf_index *index,
	const char *prefix, unsigned most)
{
	return find(out, index, "SELECT id FROM record WHERE id >= ? AND id < ? "
		"ORDER BY id LIMIT ?", prefix, most);
}

const struct cf_err *
cf_index_find_any(struct cf_names *out, struct cf_index *index,
	const char *prefix, unsigned most)
{
	return find(out, index, "SELECT DISTINCT record FROM version WHERE "
		"record >= ? AND record < ? ORDER BY record LIMIT ?", prefix,
		most);
}

/* Rows of what a trust brought after a commit. */
static const struct cf_err *
list_after(json_t *out, struct cf_index *index, const char *trust,
	uint64_t sequence)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	err = cf_db_query(&stmt, index, "SELECT record, id, kind, title, blob, "
		"sequence, rule IS NOT NULL FROM version WHERE trust = ? AND "
		"sequence > ? ORDER BY n", "si", trust, (long long)sequence);
	while (!err && (err = cf_db_step(&row, index, stmt)) == NULL && row) {
		char hex[CF_OID_TEXT] = "";
		struct cf_oid blob;

		if (cf_db_oid(&blob, stmt, 4))
			cf_oid_hex(hex, &blob);
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s, "
			"s:s, s:I, s:b}", "record", cf_db_text(stmt, 0),
			"version", cf_db_text(stmt, 1), "kind",
			cf_db_text(stmt, 2), "title", cf_db_text(stmt, 3),
			"blob", hex, "commit",
			(json_int_t)sqlite3_column_int64(stmt, 5), "held",
			sqlite3_column_int(stmt, 6)));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_cut(json_t **cut, struct cf_index *index, const struct cf_gate *at)
{
	const char *trust = cf_chain_trust(&at->chain);
	const struct cf_err *err;

	*cut = json_array();
	err = list_after(*cut, index, trust, at->sequence);
	if (!err)
		err = cf_db_run(index, "INSERT OR IGNORE INTO dirty SELECT "
			"DISTINCT record FROM version WHERE trust = ? AND "
			"sequence > ?", "si", trust, (long long)at->sequence);
	if (!err)
		err = cf_db_run(index, "DELETE FROM version WHERE trust = ? "
			"AND sequence > ?", "si", trust,
			(long long)at->sequence);
	return err ? err : cf_index_set_pin(index, at);
}

/* The version, or (where its id was never known) the very file. */
static const struct cf_err *
is_there(bool *out, struct cf_index *index, const char *trust,
	const json_t *row)
{
	const char *version = cf_json_str(row, "version");
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	struct cf_oid blob;

	*out = false;
	if (version[0])
		err = cf_db_query(&stmt, index, "SELECT 1 FROM version WHERE "
			"trust = ? AND record = ? AND id = ?", "sss", trust,
			cf_json_str(row, "record"), version);
	else if (cf_oid_parse(&blob, cf_str(cf_json_str(row, "blob"))))
		err = cf_db_query(&stmt, index, "SELECT 1 FROM version WHERE "
			"trust = ? AND record = ? AND blob = ?", "sso", trust,
			cf_json_str(row, "record"), &blob);
	else
		return NULL;
	if (!err)
		err = cf_db_step(out, index, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_lost(json_t **out, struct cf_index *index, const char *trust,
	const json_t *cut)
{
	const struct cf_err *err = NULL;
	json_t *seen = json_object(), *row;
	size_t i;

	*out = json_array();
	json_array_foreach((json_t *)(uintptr_t)cut, i, row) {
		const char *version = cf_json_str(row, "version");
		const char *key = version[0] ? version :
			cf_json_str(row, "blob");
		bool there;

		err = is_there(&there, index, trust, row);
		if (err)
			break;
		if (there || json_object_get(seen, key))
			continue;
		json_object_set_new(seen, key, json_true());
		json_array_append(*out, row);
	}
	json_decref(seen);
	return err;
}
