/*
 * The database: opening, format, statements.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/db.h"

#define FORMAT 7	/* of the tables below, and what they hold */

static const char tables[] =
	"CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS trust (id TEXT PRIMARY KEY, head BLOB,"
	" sequence INTEGER, time INTEGER, identity INTEGER, name TEXT,"
	" role TEXT, heartbeat INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS version (n INTEGER PRIMARY KEY,"
	" trust TEXT, record TEXT, kind TEXT, id TEXT, parents TEXT,"
	" previous TEXT, blob BLOB, sequence INTEGER, time INTEGER,"
	" status TEXT, modified TEXT, title TEXT, rule TEXT, why TEXT);"
	"CREATE INDEX IF NOT EXISTS version_record"
	" ON version (record, trust, n);"
	"CREATE INDEX IF NOT EXISTS version_held"
	" ON version (trust, record) WHERE rule IS NOT NULL;"
	"CREATE INDEX IF NOT EXISTS version_erased"
	" ON version (record) WHERE status = 'erased';"
	"CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, kind TEXT,"
	" owner TEXT, standing TEXT, title TEXT, status TEXT,"
	" modified TEXT, conflict INTEGER, lacking INTEGER, heads TEXT,"
	" signers TEXT) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS record_modified"
	" ON record (modified DESC, id);"
	"CREATE INDEX IF NOT EXISTS record_conflict"
	" ON record (modified DESC, id) WHERE conflict;"
	"CREATE INDEX IF NOT EXISTS record_lacking"
	" ON record (id) WHERE lacking;"
	"CREATE INDEX IF NOT EXISTS record_waits"
	" ON record (id) WHERE standing = 'no-owner';"
	"CREATE TABLE IF NOT EXISTS dirty (record TEXT PRIMARY KEY)"
	" WITHOUT ROWID;"
	/* How many there are, kept as rows come and go: nobody counts a million
	 * of them for one line of a report. */
	"CREATE TABLE IF NOT EXISTS tally (what TEXT PRIMARY KEY, n INTEGER)"
	" WITHOUT ROWID;"
	"INSERT OR IGNORE INTO tally VALUES"
	" ('records', 0), ('conflicts', 0), ('versions', 0);"
	"CREATE TRIGGER IF NOT EXISTS version_comes AFTER INSERT ON version"
	" BEGIN UPDATE tally SET n = n + 1 WHERE what = 'versions'; END;"
	"CREATE TRIGGER IF NOT EXISTS version_goes AFTER DELETE ON version"
	" BEGIN UPDATE tally SET n = n - 1 WHERE what = 'versions'; END;"
	"CREATE TRIGGER IF NOT EXISTS record_comes AFTER INSERT ON record"
	" WHEN NEW.standing = 'stands' BEGIN"
	" UPDATE tally SET n = n + 1 WHERE what = 'records';"
	" UPDATE tally SET n = n + 1 WHERE what = 'conflicts'"
	" AND NEW.conflict; END;"
	"CREATE TRIGGER IF NOT EXISTS record_goes AFTER DELETE ON record"
	" WHEN OLD.standing = 'stands' BEGIN"
	" UPDATE tally SET n = n - 1 WHERE what = 'records';"
	" UPDATE tally SET n = n - 1 WHERE what = 'conflicts'"
	" AND OLD.conflict; END;"
	/* What is searched; the words themselves are in `fulltext` only. */
	"CREATE TABLE IF NOT EXISTS entry (n INTEGER PRIMARY KEY,"
	" id TEXT UNIQUE, modified TEXT, title TEXT, problem TEXT,"
	" words TEXT, facets TEXT, about TEXT);"
	"CREATE VIRTUAL TABLE IF NOT EXISTS fulltext USING fts5 (title,"
	" problem, words, facets, content='entry', content_rowid='n',"
	" tokenize='porter unicode61 remove_diacritics 2', prefix=3);"
	"CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab ("
	"fulltext, instance);"
	"CREATE TABLE IF NOT EXISTS link (dst TEXT, relation TEXT, src TEXT,"
	" PRIMARY KEY (dst, relation, src)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS link_src ON link (src);";

const struct cf_err *
cf_db_err(struct cf_index *index)
{
	int code = sqlite3_errcode(index->db);

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return cf_err(CF_BUSY, "another confer is using the index; "
			"wait until it has finished and try again");
	if (code == SQLITE_FULL)
		return cf_err(CF_SYS, "the disk is full. Make room and try "
			"again; nothing is lost");
	if (code == SQLITE_READONLY || code == SQLITE_PERM ||
		code == SQLITE_CANTOPEN)
		return cf_err(CF_SYS, "cannot write the index %s. Check that "
			"you may write in this folder", index->path);
	return cf_err(CF_SYS, "the index %s: %s. 'confer index --rebuild' "
		"makes it again", index->path, sqlite3_errmsg(index->db));
}

const struct cf_err *
cf_db_exec(struct cf_index *index, const char *sql)
{
	return sqlite3_exec(index->db, sql, NULL, NULL, NULL) == SQLITE_OK ?
		NULL : cf_db_err(index);
}

static const struct cf_err *
bind(struct cf_index *index, sqlite3_stmt *stmt, const char *types, va_list ap)
{
	for (int i = 1; types[i - 1]; i++) {
		const struct cf_oid *oid;
		int rc = SQLITE_MISUSE;

		switch (types[i - 1]) {
		case 's':
			rc = sqlite3_bind_text(stmt, i,
				va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
			break;
		case 'i':
			rc = sqlite3_bind_int64(stmt, i, va_arg(ap, long long));
			break;
		case 'o':
			oid = va_arg(ap, const struct cf_oid *);
			rc = sqlite3_bind_blob(stmt, i, oid->raw,
				sizeof oid->raw, SQLITE_TRANSIENT);
			break;
		default:
			cf_bug("unknown type of a parameter");
		}
		if (rc != SQLITE_OK)
			return cf_db_err(index);
	}
	return NULL;
}

static const struct cf_err *
prepare(sqlite3_stmt **out, struct cf_index *index, const char *sql,
	const char *types, va_list ap)
{
	const struct cf_err *err;

	*out = NULL;
	if (sqlite3_prepare_v2(index->db, sql, -1, out, NULL) != SQLITE_OK)
		return cf_db_err(index);
	err = bind(index, *out, types, ap);
	if (err) {
		(void)sqlite3_finalize(*out);
		*out = NULL;
	}
	return err;
}

const struct cf_err *
cf_db_query(sqlite3_stmt **out, struct cf_index *index, const char *sql,
	const char *types, ...)
{
	const struct cf_err *err;
	va_list ap;

	va_start(ap, types);
	err = prepare(out, index, sql, types, ap);
	va_end(ap);
	return err;
}

const struct cf_err *
cf_db_step(bool *row, struct cf_index *index, sqlite3_stmt *stmt)
{
	int rc = sqlite3_step(stmt);

	*row = rc == SQLITE_ROW;
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? NULL : cf_db_err(index);
}

const struct cf_err *
cf_db_run(struct cf_index *index, const char *sql, const char *types, ...)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	va_list ap;
	bool row;

	va_start(ap, types);
	err = prepare(&stmt, index, sql, types, ap);
	va_end(ap);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

const char *
cf_db_text(sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);

	return text ? (const char *)text : "";
}

bool
cf_db_oid(struct cf_oid *out, sqlite3_stmt *stmt, int column)
{
	const void *blob = sqlite3_column_blob(stmt, column);

	if (blob == NULL || sqlite3_column_bytes(stmt, column) !=
		sizeof out->raw)
		return false;
	memcpy(out->raw, blob, sizeof out->raw);
	return true;
}

/* What the file is. */
enum state {
	OURS,
	EMPTY,		/* no tables yet */
	OTHER		/* another format or ruleset, or not a database */
};

static const struct cf_err *
examine(enum state *out, struct cf_index *index, const char *want)
{
	const struct cf_err *err;
	char *value = NULL;
	int code;

	*out = OTHER;
	err = cf_index_get(&value, index, "format");
	code = sqlite3_errcode(index->db);
	if (err == NULL)
		*out = value && strcmp(value, want) == 0 ? OURS : OTHER;
	else if (code == SQLITE_ERROR)
		*out = EMPTY;
	free(value);
	return err && code != SQLITE_ERROR && code != SQLITE_NOTADB &&
		code != SQLITE_CORRUPT ? err : NULL;
}

static const struct cf_err *
open_db(struct cf_index *index)
{
	if (sqlite3_open_v2(index->path, &index->db, SQLITE_OPEN_READWRITE |
		SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		return cf_db_err(index);
	(void)sqlite3_busy_timeout(index->db, CF_LOCK_SECONDS * 1000);
	return cf_db_exec(index, "PRAGMA journal_mode=TRUNCATE;"
		"PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF;"
		"PRAGMA cache_size=-16000; PRAGMA secure_delete=ON");
}

/* "IF NOT EXISTS": two processes may find an empty file at the same time. */
static const struct cf_err *
make_tables(struct cf_index *index, const char *format)
{
	const struct cf_err *err;

	err = cf_index_begin(index);
	if (!err)
		err = cf_db_exec(index, tables);
	if (!err)
		err = cf_index_entries_begin(index);
	if (!err)
		err = cf_index_set(index, "format", format);
	if (!err)
		return cf_index_commit(index);
	cf_index_rollback(index);
	return err;
}

const struct cf_err *
cf_index_open(struct cf_index **out, const char *path)
{
	struct cf_index *index = cf_calloc(1, sizeof *index);
	const struct cf_err *err;
	enum state state = OTHER;
	char format[64];

	*out = NULL;
	(void)snprintf(format, sizeof format, "%d.%d.%d", FORMAT, CF_PROTOCOL,
		CF_RULESET);
	index->path = cf_strdup(path);
	err = open_db(index);
	if (!err || sqlite3_errcode(index->db) == SQLITE_NOTADB)
		err = examine(&state, index, format);
	if (!err && state == OTHER) {
		(void)sqlite3_close(index->db);
		index->db = NULL;
		err = cf_remove_all(path);
		if (!err)
			err = open_db(index);
	}
	if (!err && state != OURS)
		err = make_tables(index, format);
	if (!err)
		err = cf_db_add_score(index);
	if (err) {
		cf_index_close(index);
		return err;
	}
	*out = index;
	return NULL;
}

void
cf_index_close(struct cf_index *index)
{
	if (index == NULL)
		return;
	(void)sqlite3_finalize(index->add_version);
	(void)sqlite3_finalize(index->add_dirty);
	(void)sqlite3_finalize(index->past);
	(void)sqlite3_finalize(index->known);
	for (int i = 0; i < CF_ENTRY_STMTS; i++)
		(void)sqlite3_finalize(index->entry[i]);
	(void)sqlite3_close(index->db);
	free(index->path);
	free(index);
}

const struct cf_err *
cf_index_compact(struct cf_index *index)
{
	/* Words of what is gone stay in full text until it is merged. */
	return cf_db_exec(index, "INSERT INTO fulltext (fulltext) VALUES "
		"('optimize'); VACUUM");
}

const struct cf_err *
cf_index_begin(struct cf_index *index)
{
	return cf_db_exec(index, "BEGIN IMMEDIATE");
}

const struct cf_err *
cf_index_hold(struct cf_index *index)
{
	return cf_db_exec(index, "BEGIN");
}

const struct cf_err *
cf_index_commit(struct cf_index *index)
{
	return cf_db_exec(index, "COMMIT");
}

void
cf_index_rollback(struct cf_index *index)
{
	/* Fails where SQLite has rolled back by itself already. */
	(void)sqlite3_exec(index->db, "ROLLBACK", NULL, NULL, NULL);
}

const struct cf_err *
cf_index_get(char **out, struct cf_index *index, const char *key)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = NULL;
	err = cf_db_query(&stmt, index, "SELECT value FROM meta WHERE key = ?",
		"s", key);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row)
		*out = cf_strdup(cf_db_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_set(struct cf_index *index, const char *key, const char *value)
{
	return cf_db_run(index, "INSERT OR REPLACE INTO meta VALUES (?, ?)",
		"ss", key, value);
}

const struct cf_err *
cf_db_names(struct cf_names *out, struct cf_index *index, sqlite3_stmt *stmt)
{
	const struct cf_err *err;
	size_t cap = 0;
	bool row;

	*out = (struct cf_names){ 0 };
	while ((err = cf_db_step(&row, index, stmt)) == NULL && row) {
		out->name = cf_grow(out->name, out->n, &cap,
			sizeof *out->name);
		out->name[out->n++] = cf_strdup(cf_db_text(stmt, 0));
	}
	(void)sqlite3_finalize(stmt);
	if (err)
		cf_names_clear(out);
	return err;
}
