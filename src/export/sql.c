/*
 * SQL. Names come from our own schemas and are quoted all the same; texts are
 * never put in but through cf_sql_text.
 */
#include <string.h>

#include "export/sql.h"

static const struct {
	const char *type, *sqlite, *postgres;
} types[] = {
	{ "integer", "INTEGER", "bigint" },
	{ "number", "REAL", "double precision" },
	{ "boolean", "INTEGER", "boolean" },
	{ "date", "TEXT", "date" },
	{ "datetime", "TEXT", "timestamptz" },
	{ "array", "TEXT", "jsonb" },
	{ "object", "TEXT", "jsonb" },
};

static const char *
sql_type(const char *type, enum cf_sql dialect)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].type, type) == 0)
			return dialect == CF_SQLITE ? types[i].sqlite :
				types[i].postgres;
	return dialect == CF_SQLITE ? "TEXT" : "text";
}

void
cf_sql_text(struct cf_buf *out, const char *text)
{
	cf_buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			cf_buf_putc(out, '\'');
		cf_buf_putc(out, *text);
	}
	cf_buf_putc(out, '\'');
}

static void
name_table(struct cf_buf *out, const char *table, enum cf_sql dialect)
{
	cf_buf_printf(out, "%s\"%s\"", dialect == CF_POSTGRES ?
		CF_SQL_SCHEMA "." : "", table);
}

/* "a", "b" */
static void
list_key(struct cf_buf *out, const struct cf_export_table *t)
{
	const json_t *key = cf_export_key(t);

	for (size_t i = 0; i < json_array_size(key); i++)
		cf_buf_printf(out, "%s\"%s\"", i ? ", " : "",
			json_string_value(json_array_get(key, i)));
}

/* "a", "b", with something in front of each. */
static void
list_columns(struct cf_buf *out, const struct cf_export_table *t,
	const char *in_front)
{
	for (size_t i = 0; i < json_array_size(t->fields); i++)
		cf_buf_printf(out, "%s%s\"%s\"", i ? ", " : "", in_front,
			cf_export_name(t, i));
}

static void
add_references(struct cf_buf *out, const struct cf_export_table *t,
	enum cf_sql dialect)
{
	for (size_t i = 0; i < json_array_size(t->fields); i++) {
		const char *name = cf_export_name(t, i);
		const char *to = cf_export_refers(t, name);

		if (to == NULL)
			continue;
		cf_buf_printf(out, ",\n  FOREIGN KEY (\"%s\") REFERENCES ",
			name);
		name_table(out, to, dialect);
		cf_buf_puts(out, " DEFERRABLE INITIALLY DEFERRED");
	}
}

static void
add_indexes(struct cf_buf *out, const struct cf_export_table *t,
	enum cf_sql dialect)
{
	for (size_t i = 0; cf_export_indexes[i][0]; i++) {
		const char *column = cf_export_indexes[i][1];

		if (strcmp(cf_export_indexes[i][0], t->name) != 0)
			continue;
		cf_buf_printf(out, "CREATE INDEX \"%s_%s\" ON ", t->name,
			column);
		name_table(out, t->name, dialect);
		cf_buf_printf(out, " (\"%s\");\n", column);
	}
}

/* PostgreSQL keeps what a column is in the database itself. */
static void
add_comments(struct cf_buf *out, const struct cf_export_table *t)
{
	cf_buf_puts(out, "COMMENT ON TABLE ");
	name_table(out, t->name, CF_POSTGRES);
	cf_buf_puts(out, " IS ");
	cf_sql_text(out, cf_json_str(t->about, "description"));
	cf_buf_puts(out, ";\n");
	for (size_t i = 0; i < json_array_size(t->fields); i++) {
		const json_t *field = json_array_get(t->fields, i);
		const char *about = cf_json_str(field, "description");

		cf_buf_puts(out, "COMMENT ON COLUMN ");
		name_table(out, t->name, CF_POSTGRES);
		cf_buf_printf(out, ".\"%s\" IS ", cf_export_name(t, i));
		cf_sql_text(out, about ? about : cf_json_str(field, "title"));
		cf_buf_puts(out, ";\n");
	}
}

void
cf_sql_create(struct cf_buf *out, const struct cf_export_table *table,
	enum cf_sql dialect)
{
	cf_buf_puts(out, "CREATE TABLE ");
	name_table(out, table->name, dialect);
	cf_buf_puts(out, " (");
	for (size_t i = 0; i < json_array_size(table->fields); i++) {
		const char *name = cf_export_name(table, i);

		cf_buf_printf(out, "%s\n  \"%s\" %s%s", i ? "," : "", name,
			sql_type(cf_export_type(table, i), dialect),
			cf_json_has(cf_export_key(table), name) ?
			" NOT NULL" : "");
	}
	cf_buf_puts(out, ",\n  PRIMARY KEY (");
	list_key(out, table);
	cf_buf_puts(out, ")");
	add_references(out, table, dialect);
	cf_buf_puts(out, ");\n");
	add_indexes(out, table, dialect);
	if (dialect == CF_POSTGRES)
		add_comments(out, table);
}

void
cf_sql_insert(struct cf_buf *out, const struct cf_export_table *table)
{
	cf_buf_printf(out, "INSERT INTO \"%s\" VALUES (", table->name);
	for (size_t i = 0; i < json_array_size(table->fields); i++)
		cf_buf_puts(out, i ? ", ?" : "?");
	cf_buf_puts(out, ")");
}

void
cf_sql_stage(struct cf_buf *out, const struct cf_export_table *table)
{
	cf_buf_printf(out, "CREATE TEMPORARY TABLE \"confer_new_%s\" (LIKE "
		CF_SQL_SCHEMA ".\"%s\") ON COMMIT DROP", table->name,
		table->name);
}

void
cf_sql_copy(struct cf_buf *out, const struct cf_export_table *table)
{
	cf_buf_printf(out, "COPY pg_temp.\"confer_new_%s\" (", table->name);
	list_columns(out, table, "");
	cf_buf_puts(out, ") FROM STDIN");
}

void
cf_sql_upsert(struct cf_buf *out, const struct cf_export_table *table)
{
	cf_buf_puts(out, "INSERT INTO ");
	name_table(out, table->name, CF_POSTGRES);
	cf_buf_puts(out, " AS there (");
	list_columns(out, table, "");
	cf_buf_puts(out, ") SELECT ");
	list_columns(out, table, "");
	cf_buf_printf(out, " FROM pg_temp.\"confer_new_%s\" ON CONFLICT (",
		table->name);
	list_key(out, table);
	cf_buf_puts(out, ") DO UPDATE SET ");
	for (size_t i = 0; i < json_array_size(table->fields); i++)
		cf_buf_printf(out, "%s\"%s\" = excluded.\"%s\"", i ? ", " : "",
			cf_export_name(table, i), cf_export_name(table, i));
	cf_buf_puts(out, " WHERE (");
	list_columns(out, table, "there.");
	cf_buf_puts(out, ") IS DISTINCT FROM (");
	list_columns(out, table, "excluded.");
	cf_buf_puts(out, ")");
}

void
cf_sql_delete(struct cf_buf *out, const struct cf_export_table *table)
{
	const json_t *key = cf_export_key(table);

	cf_buf_puts(out, "DELETE FROM ");
	name_table(out, table->name, CF_POSTGRES);
	cf_buf_printf(out, " AS there WHERE NOT EXISTS (SELECT 1 FROM "
		"pg_temp.\"confer_new_%s\" AS came WHERE ", table->name);
	for (size_t i = 0; i < json_array_size(key); i++) {
		const char *name = json_string_value(json_array_get(key, i));

		cf_buf_printf(out, "%scame.\"%s\" = there.\"%s\"", i ? " AND " :
			"", name, name);
	}
	cf_buf_puts(out, ")");
}
