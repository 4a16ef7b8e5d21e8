/*
 * libpq.
 */
#include <dlfcn.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/pg.h"
#include "export/sql.h"
#include "sign/sign.h"

#define LIBRARY "libpq.so.5"
#define WAIT "30"	/* seconds for a connection, unless the address says */
#define FORMAT "1"	/* of what is not in the tables' own text */

#define FUNCTIONS(F) \
	F(PQconninfoParse) F(PQconninfoFree) F(PQconnectdbParams) \
	F(PQstatus) F(PQerrorMessage) F(PQfinish) F(PQexec) \
	F(PQexecParams) F(PQresultStatus) F(PQresultErrorField) F(PQclear) \
	F(PQgetvalue) F(PQntuples) F(PQcmdTuples) F(PQcmdStatus) \
	F(PQputCopyData) F(PQputCopyEnd) F(PQgetResult) F(PQfreemem) \
	F(PQsetNoticeProcessor) F(PQdb) F(PQuser) F(PQhost)

struct cf_pg {
	void *library;
	struct {
#define MEMBER(name) __typeof__(name) *name;
		FUNCTIONS(MEMBER)
#undef MEMBER
	} f;
	PGconn *conn;
	char *password;		/* or NULL */
	char *place;
};

/* --- errors --------------------------------------------------------------- */

char *
cf_pg_hide(const char *message, const char *secret)
{
	struct cf_buf out = CF_BUF(CF_MAX_REPORT);
	size_t n = secret ? strlen(secret) : 0;

	while (*message && !out.full) {
		if (n && strncmp(message, secret, n) == 0) {
			cf_buf_puts(&out, "***");
			message += n;
		} else {
			cf_buf_putc(&out, (unsigned char)*message < ' ' ? ' ' :
				*message);
			message++;
		}
	}
	while (out.len && out.data[out.len - 1] == ' ')
		out.data[--out.len] = '\0';
	return cf_buf_take(&out);
}

static const struct cf_err *
server_err(struct cf_pg *pg, const PGresult *result)
{
	char *said = cf_pg_hide(pg->f.PQerrorMessage(pg->conn), pg->password);
	const char *state = result ? pg->f.PQresultErrorField(result,
		PG_DIAG_SQLSTATE) : NULL;
	const struct cf_err *err;

	if (state && strcmp(state, "42501") == 0)
		err = cf_err(CF_REMOTE, "the database does not let this user "
			"do what an export needs. Whoever looks after it can "
			"allow it: GRANT CREATE ON DATABASE, or a schema "
			"'confer' that belongs to the user. It says: %.400s",
			said);
	else if (state && strcmp(state, "2BP01") == 0)
		err = cf_err_rule(CF_REMOTE, "export.depends", "this Confer "
			"makes the tables in another form than the one before, "
			"and something of yours is built on the old ones. Drop "
			"it, export again, and make it again. The database "
			"says: %.500s", said);
	else
		err = cf_err(CF_REMOTE, "the database has not taken it, and is "
			"as it was before. It says: %.600s", said);
	free(said);
	return err;
}

/* --- opening -------------------------------------------------------------- */

static const struct cf_err *
load(struct cf_pg *pg)
{
	pg->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (pg->library == NULL)
		return cf_err(CF_SYS, "PostgreSQL's library is not on this "
			"machine. Install it (on Debian: apt install libpq5) "
			"and try again");
#define LOAD(name) \
	*(void **)&pg->f.name = dlsym(pg->library, #name); \
	if (pg->f.name == NULL) \
		return cf_err(CF_SYS, LIBRARY " is too old: it has no " \
			#name);
	FUNCTIONS(LOAD)
#undef LOAD
	return NULL;
}

/* Whether each part of the address is where it seems to be: a password with an @
 * or a / in it, not written %40 or %2F, would be taken for a host or a port, and
 * shown as one. */
static bool
well_parted(const char *url)
{
	const char *at = strstr(url, "://");
	size_t n, all;

	if (at == NULL)
		return false;
	at += 3;
	n = strcspn(at, "/?#");
	all = strcspn(at, "?");
	for (size_t i = 0, seen = 0; i < all; i++)
		if (at[i] == '@' && (i > n || seen++))
			return false;
	return true;
}

/* What libpq says of an address that it cannot read may have the password in it,
 * whole or in part, so that nothing of it is shown. */
static const struct cf_err *
read_address(struct cf_pg *pg, const char *url)
{
	PQconninfoOption *options = NULL, *o;
	char *why = NULL;
	bool good = well_parted(url);

	if (good)
		options = pg->f.PQconninfoParse(url, &why);
	pg->f.PQfreemem(why);
	for (o = options; o && o->keyword; o++) {
		if (o->val == NULL || o->val[0] == '\0')
			continue;
		if (strcmp(o->keyword, "password") == 0)
			pg->password = cf_strdup(o->val);
		if (strcmp(o->keyword, "port") == 0)
			good = o->val[strspn(o->val, "0123456789,")] == '\0';
	}
	if (options)
		pg->f.PQconninfoFree(options);
	if (options && good)
		return NULL;
	return cf_err(CF_USAGE, "that is no address of a database. It looks "
		"like postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full;"
		" in a user name or password write %%40 for @, %%3A for :, "
		"%%2F for /, %%3F for ? and %%25 for %%");
}

static void
quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static const struct cf_err *
connect_to(struct cf_pg *pg, const char *url)
{
	static const char *const names[] = { "connect_timeout", "dbname",
		"fallback_application_name", "client_encoding", NULL };
	const char *const values[] = { WAIT, url, "confer", "UTF8", NULL };
	const struct cf_err *err = NULL;
	char *said;

	pg->conn = pg->f.PQconnectdbParams(names, values, 1);
	if (pg->f.PQstatus(pg->conn) != CONNECTION_OK) {
		said = cf_pg_hide(pg->f.PQerrorMessage(pg->conn),
			pg->password);
		err = cf_err(CF_REMOTE, "cannot reach the database: %.700s",
			said);
		free(said);
		return err;
	}
	(void)pg->f.PQsetNoticeProcessor(pg->conn, quiet, NULL);
	pg->place = cf_asprintf("%s on %s, as %s", pg->f.PQdb(pg->conn),
		pg->f.PQhost(pg->conn), pg->f.PQuser(pg->conn));
	return NULL;
}

const struct cf_err *
cf_pg_open(struct cf_pg **out, const char *url)
{
	struct cf_pg *pg = cf_calloc(1, sizeof *pg);
	const struct cf_err *err;

	*out = NULL;
	err = load(pg);
	if (!err)
		err = read_address(pg, url);
	if (!err)
		err = connect_to(pg, url);
	if (err)
		cf_pg_close(pg);
	else
		*out = pg;
	return err;
}

void
cf_pg_close(struct cf_pg *pg)
{
	if (pg == NULL)
		return;
	if (pg->conn)
		pg->f.PQfinish(pg->conn);
	/* The library stays: what it loaded cannot all be unloaded. */
	free(pg->password);
	free(pg->place);
	free(pg);
}

const char *
cf_pg_place(const struct cf_pg *pg)
{
	return pg->place;
}

/* --- statements ----------------------------------------------------------- */

/* *value (may be NULL): the only cell, "" without rows; the caller frees. *rows
 * (may be NULL): how many the statement touched. */
static const struct cf_err *
run(struct cf_pg *pg, const char *sql, char **value, json_int_t *rows)
{
	PGresult *result = pg->f.PQexec(pg->conn, sql);
	ExecStatusType status = pg->f.PQresultStatus(result);
	const struct cf_err *err = NULL;
	uint64_t n = 0;

	if (value)
		*value = NULL;
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		err = server_err(pg, result);
	else if (value)
		*value = cf_strdup(pg->f.PQntuples(result) ?
			pg->f.PQgetvalue(result, 0, 0) : "");
	if (!err && rows) {
		(void)cf_str_u64(cf_str(pg->f.PQcmdTuples(result)), &n,
			CF_MAX_WHOLE);
		*rows = (json_int_t)n;
	}
	pg->f.PQclear(result);
	return err;
}

/* A statement that `write` makes of a table. */
static const struct cf_err *
run_of(struct cf_pg *pg, const struct cf_export_table *table,
	void (*write)(struct cf_buf *, const struct cf_export_table *),
	json_int_t *rows)
{
	struct cf_buf sql = CF_BUF(CF_SQL_ROOM);
	const struct cf_err *err;

	write(&sql, table);
	err = cf_buf_check(&sql, "a statement");
	if (!err)
		err = run(pg, sql.data, NULL, rows);
	cf_buf_clear(&sql);
	return err;
}

/* --- the schema ----------------------------------------------------------- */

/* The text of all tables, and what it is called: another text, another format. */
static const struct cf_err *
write_tables(struct cf_buf *sql, struct cf_digest *format,
	const struct cf_export_tables *tables)
{
	const struct cf_err *err;

	for (size_t i = 0; i < tables->n; i++)
		cf_sql_create(sql, &tables->table[i], CF_POSTGRES);
	cf_buf_puts(sql, "CREATE TABLE " CF_SQL_SCHEMA ".\"about\" "
		"(key text PRIMARY KEY, value text);\n-- " FORMAT "\n");
	err = cf_buf_check(sql, "the tables");
	cf_digest_of(format, sql->data, sql->len);
	return err;
}

/* The tables of another format go, unless something is built on them. */
static const struct cf_err *
drop_tables(struct cf_pg *pg, const struct cf_export_tables *tables)
{
	const struct cf_err *err = NULL;
	struct cf_buf sql = CF_BUF(CF_SQL_ROOM);

	cf_buf_puts(&sql, "DROP TABLE IF EXISTS " CF_SQL_SCHEMA ".\"about\"");
	for (size_t i = 0; i < tables->n; i++)
		cf_buf_printf(&sql, ", " CF_SQL_SCHEMA ".\"%s\"",
			tables->table[i].name);
	err = run(pg, sql.data, NULL, NULL);
	cf_buf_clear(&sql);
	return err;
}

static const struct cf_err *
make_tables(struct cf_pg *pg, const struct cf_export_tables *tables)
{
	struct cf_buf sql = CF_BUF(CF_SQL_ROOM);
	struct cf_digest format;
	char *others = NULL, *ours = NULL, *had = NULL;
	const struct cf_err *err;

	err = write_tables(&sql, &format, tables);
	if (!err)
		err = run(pg, "SELECT count(*) FROM pg_class WHERE "
			"relnamespace = to_regnamespace('" CF_SQL_SCHEMA "')",
			&others, NULL);
	if (!err)
		err = run(pg, "SELECT to_regclass('" CF_SQL_SCHEMA ".about')",
			&ours, NULL);
	if (!err && ours[0])
		err = run(pg, "SELECT value FROM " CF_SQL_SCHEMA ".about "
			"WHERE key = 'format'", &had, NULL);
	/* Ours says its format, from the same moment on. */
	if (!err && strcmp(others, "0") != 0 && (had == NULL || !had[0]))
		err = cf_err_rule(CF_EXISTS, "export.schema", "the database "
			"has a schema '" CF_SQL_SCHEMA "' already, with tables "
			"that Confer did not make. Nothing was changed; export "
			"to another database, or rename that schema");
	else if (!err && strcmp(others, "0") == 0)
		err = run(pg, "CREATE SCHEMA IF NOT EXISTS " CF_SQL_SCHEMA,
			NULL, NULL);
	if (!err && had && strcmp(had, format.text) != 0)
		err = drop_tables(pg, tables);
	if (!err && (had == NULL || strcmp(had, format.text) != 0))
		err = run(pg, sql.data, NULL, NULL);
	if (!err) {
		cf_buf_reset(&sql);
		cf_buf_printf(&sql, "DELETE FROM " CF_SQL_SCHEMA ".about; "
			"INSERT INTO " CF_SQL_SCHEMA ".about VALUES ('format', "
			"'%s')", format.text);
		err = run(pg, sql.data, NULL, NULL);
	}
	free(others);
	free(ours);
	free(had);
	cf_buf_clear(&sql);
	return err;
}

const struct cf_err *
cf_pg_begin(struct cf_pg *pg, const struct cf_export_tables *tables)
{
	const struct cf_err *err;

	err = run(pg, "BEGIN", NULL, NULL);
	/* One export at a time; the number is only ours. */
	if (!err)
		err = run(pg, "SELECT pg_advisory_xact_lock(1668247142)", NULL,
			NULL);
	if (!err)
		err = make_tables(pg, tables);
	for (size_t i = 0; i < tables->n && !err; i++)
		err = run_of(pg, &tables->table[i], cf_sql_stage, NULL);
	return err;
}

/* --- rows ----------------------------------------------------------------- */

#define PIECE (1u << 20)	/* bytes that libpq is given at a time */

const struct cf_err *
cf_pg_copy(struct cf_pg *pg, const struct cf_export_table *table,
	struct cf_str lines)
{
	struct cf_buf sql = CF_BUF(CF_SQL_ROOM);
	const struct cf_err *err = NULL;
	PGresult *result;
	bool taken = true;

	cf_sql_copy(&sql, table);
	result = pg->f.PQexec(pg->conn, sql.data);
	cf_buf_clear(&sql);
	if (pg->f.PQresultStatus(result) != PGRES_COPY_IN)
		err = server_err(pg, result);
	pg->f.PQclear(result);
	if (err)
		return err;
	while (lines.n && taken) {
		size_t n = lines.n < PIECE ? lines.n : PIECE;

		taken = pg->f.PQputCopyData(pg->conn, lines.p, (int)n) == 1;
		lines.p += n;
		lines.n -= n;
	}
	if (!taken || pg->f.PQputCopyEnd(pg->conn, NULL) != 1)
		err = server_err(pg, NULL);
	while ((result = pg->f.PQgetResult(pg->conn)) != NULL) {
		if (!err && pg->f.PQresultStatus(result) != PGRES_COMMAND_OK)
			err = server_err(pg, result);
		pg->f.PQclear(result);
		if (pg->f.PQstatus(pg->conn) != CONNECTION_OK)
			break;
	}
	return err;
}

static const struct cf_err *
note(struct cf_pg *pg, const json_t *notes)
{
	const struct cf_err *err = NULL;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)notes, key, value) {
		const char *const values[] = { key,
			json_string_value(value) };
		PGresult *result;

		if (err)
			break;
		result = pg->f.PQexecParams(pg->conn, "INSERT INTO "
			CF_SQL_SCHEMA ".about VALUES ($1, $2)", 2, NULL,
			values, NULL, NULL, 0);
		if (pg->f.PQresultStatus(result) != PGRES_COMMAND_OK)
			err = server_err(pg, result);
		pg->f.PQclear(result);
	}
	return err;
}

const struct cf_err *
cf_pg_end(json_t **out, struct cf_pg *pg,
	const struct cf_export_tables *tables, const json_t *notes)
{
	const struct cf_err *err = NULL;

	*out = json_array();
	for (size_t i = 0; i < tables->n && !err; i++) {
		json_int_t changed = 0, removed = 0;

		err = run_of(pg, &tables->table[i], cf_sql_upsert, &changed);
		if (!err)
			err = run_of(pg, &tables->table[i], cf_sql_delete,
				&removed);
		json_array_append_new(*out, json_pack("{s:s, s:I, s:I}",
			"table", tables->table[i].name, "changed", changed,
			"removed", removed));
	}
	return err ? err : note(pg, notes);
}

/* A commit of what failed before is a rollback, and no error to the server. */
const struct cf_err *
cf_pg_commit(struct cf_pg *pg)
{
	PGresult *result = pg->f.PQexec(pg->conn, "COMMIT");
	const struct cf_err *err = NULL;

	if (pg->f.PQresultStatus(result) != PGRES_COMMAND_OK ||
		strcmp(pg->f.PQcmdStatus(result), "COMMIT") != 0)
		err = server_err(pg, result);
	pg->f.PQclear(result);
	return err;
}
