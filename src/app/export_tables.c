/*
 * The formats that are tables: CSV with a Data Package, SQLite, PostgreSQL.
 */
#include <stdlib.h>
#include <string.h>

#include "app/export.h"
#include "base/mem.h"
#include "export/cells.h"
#include "export/pg.h"
#include "export/sql.h"
#include "index/dbfile.h"

#define BATCH (1u << 20)	/* bytes of a table that go to a server at a time */

struct state {
	struct cf_export_tables tables;
	json_int_t rows[CF_EXPORT_TABLES];
	json_t *licences;
	/* CSV */
	struct cf_out file[CF_EXPORT_TABLES];
	char *path[CF_EXPORT_TABLES];
	/* SQLite */
	struct cf_dbfile *db;
	struct cf_insert *insert[CF_EXPORT_TABLES];
	/* PostgreSQL */
	struct cf_pg *pg;
	struct cf_buf batch[CF_EXPORT_TABLES];
};

static struct state *
begin_state(struct cf_exporting *x, const char *kind)
{
	struct state *s = cf_calloc(1, sizeof *s);

	cf_export_tables_make(&s->tables, kind);
	s->licences = json_array();
	for (size_t i = 0; i < CF_EXPORT_TABLES; i++) {
		s->file[i].fd = -1;
		cf_buf_init(&s->file[i].buf, 0);
		cf_buf_init(&s->batch[i], CF_MAX_EXPORT_PIECE);
	}
	x->state = s;
	return s;
}

static void
clear_state(struct cf_exporting *x)
{
	struct state *s = x->state;

	if (s == NULL)
		return;
	for (size_t i = 0; i < CF_EXPORT_TABLES; i++) {
		cf_out_clear(&s->file[i]);
		free(s->path[i]);
		cf_insert_free(s->insert[i]);
		cf_buf_clear(&s->batch[i]);
	}
	cf_dbfile_free(s->db);
	cf_pg_close(s->pg);
	json_decref(s->licences);
	cf_export_tables_clear(&s->tables);
	free(s);
	x->state = NULL;
}

/* Every trust, before the records. */
static const struct cf_err *
add_trusts(struct cf_exporting *x, cf_export_row row)
{
	struct state *s = x->state;
	const struct cf_err *err = NULL;
	json_t *trust;
	size_t i;

	json_array_foreach(json_object_get(x->about, "trusts"), i, trust) {
		json_t *item = json_pack("{s:O}", "trust", trust);

		if (!err)
			err = cf_export_rows(&s->tables, item, row, x);
		json_decref(item);
	}
	return err;
}

static void
tell_rows(struct cf_exporting *x)
{
	struct state *s = x->state;
	json_t *list = json_array();

	for (size_t i = 0; i < s->tables.n; i++)
		json_array_append_new(list, json_pack("{s:s, s:I}", "table",
			s->tables.table[i].name, "rows", s->rows[i]));
	json_object_set_new(x->result, "tables", list);
}

/* --- CSV ------------------------------------------------------------------ */

static const struct cf_err *
csv_row(void *payload, size_t table, const json_t *cells)
{
	struct cf_exporting *x = payload;
	struct state *s = x->state;
	const struct cf_err *err;

	s->rows[table]++;
	err = cf_cells_csv(&s->file[table].buf, s->tables.table[table].fields,
		cells, !x->what->exact);
	return err ? err : cf_out_flush(&s->file[table], false);
}

static const struct cf_err *
csv_begin(struct cf_exporting *x)
{
	struct state *s = begin_state(x, x->what->kind);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->tables.n && !err; i++) {
		if (x->place)
			s->path[i] = cf_asprintf("%s/%s.csv", x->place,
				s->tables.table[i].name);
		err = cf_out_open(&s->file[i], s->path[i], NULL);
		cf_cells_head(&s->file[i].buf, s->tables.table[i].fields);
	}
	return err ? err : add_trusts(x, csv_row);
}

static const struct cf_err *
csv_item(struct cf_exporting *x, json_t *item)
{
	struct state *s = x->state;
	const char *licence = cf_json_str(json_object_get(item, "record"),
		"licence");

	if (licence && !cf_json_has(s->licences, licence))
		json_array_append_new(s->licences, json_string(licence));
	return cf_export_rows(&s->tables, item, csv_row, x);
}

static const struct cf_err *
csv_end(struct cf_exporting *x)
{
	struct state *s = x->state;
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	json_t *files = json_array(), *package;
	char *path = x->place ? cf_asprintf("%s/datapackage.json", x->place) :
		NULL;
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->tables.n && !err; i++) {
		err = cf_out_close(&s->file[i]);
		json_array_append_new(files, json_pack("{s:s, s:I, s:s}",
			"name", s->tables.table[i].name, "bytes",
			(json_int_t)s->file[i].bytes, "sha256",
			s->file[i].sha256));
	}
	package = cf_package(x->about, &s->tables, files, s->licences);
	if (!err)
		err = cf_json_file_form(&text, package);
	if (!err && path)
		err = cf_out_whole(x, path, (struct cf_str){ text.data,
			text.len });
	tell_rows(x);
	json_decref(package);
	json_decref(files);
	cf_buf_clear(&text);
	free(path);
	return err;
}

static const char *const csv_names[] = { "datapackage.json", "trusts.csv",
	"records.csv", "versions.csv", "signatures.csv", NULL };

const struct cf_export_format cf_export_csv = { .name = "csv",
	.to = CF_TO_FOLDER, .names = csv_names, .kinds = ".csv",
	.begin = csv_begin,
	.item = csv_item, .end = csv_end, .clear = clear_state };

/* --- SQLite --------------------------------------------------------------- */

static const struct cf_err *
sqlite_row(void *payload, size_t table, const json_t *cells)
{
	struct cf_exporting *x = payload;
	struct state *s = x->state;

	s->rows[table]++;
	return s->db ? cf_dbfile_insert(s->db, s->insert[table], cells) : NULL;
}

/* What a column is, in the file itself. */
static const struct cf_err *
write_columns(struct state *s)
{
	struct cf_insert *insert = NULL;
	const struct cf_err *err;

	err = cf_dbfile_run(s->db, "CREATE TABLE \"columns\" (\"table\" TEXT, "
		"\"column\" TEXT, \"type\" TEXT, \"title\" TEXT, "
		"\"description\" TEXT, PRIMARY KEY (\"table\", \"column\"));"
		"CREATE TABLE \"about\" (\"key\" TEXT PRIMARY KEY, \"value\" "
		"TEXT)");
	if (!err)
		err = cf_dbfile_prepare(&insert, s->db, "INSERT INTO "
			"\"columns\" VALUES (?, ?, ?, ?, ?)");
	for (size_t i = 0; i < s->tables.n; i++) {
		const struct cf_export_table *t = &s->tables.table[i];

		for (size_t j = 0; j < json_array_size(t->fields) && !err;
			j++) {
			const json_t *f = json_array_get(t->fields, j);
			json_t *about = json_object_get(f, "description");
			json_t *row = json_pack("[s, s, s, O, O]", t->name,
				cf_export_name(t, j), cf_export_type(t, j),
				json_object_get(f, "title"), about ? about :
				json_null());

			err = cf_dbfile_insert(s->db, insert, row);
			json_decref(row);
		}
	}
	cf_insert_free(insert);
	return err;
}

static const struct cf_err *
sqlite_begin(struct cf_exporting *x)
{
	struct state *s = begin_state(x, NULL);
	struct cf_buf sql = CF_BUF(CF_SQL_ROOM);
	const struct cf_err *err = NULL;

	if (x->place)
		err = cf_dbfile_begin(&s->db, x->place);
	for (size_t i = 0; i < s->tables.n && s->db && !err; i++) {
		cf_buf_reset(&sql);
		cf_sql_create(&sql, &s->tables.table[i], CF_SQLITE);
		err = cf_buf_check(&sql, "the tables");
		if (!err)
			err = cf_dbfile_run(s->db, sql.data);
		cf_buf_reset(&sql);
		cf_sql_insert(&sql, &s->tables.table[i]);
		if (!err)
			err = cf_dbfile_prepare(&s->insert[i], s->db, sql.data);
	}
	if (!err && s->db)
		err = write_columns(s);
	cf_buf_clear(&sql);
	return err ? err : add_trusts(x, sqlite_row);
}

static const struct cf_err *
sqlite_item(struct cf_exporting *x, json_t *item)
{
	return cf_export_rows(&((struct state *)x->state)->tables, item,
		sqlite_row, x);
}

/* {key: text} of the commons. */
static json_t *
notes_of(const struct cf_exporting *x)
{
	return json_pack("{s:O, s:O, s:O, s:o}", "commons",
		json_object_get(x->about, "commit"), "commons_tree",
		json_object_get(x->about, "tree"), "commons_time",
		json_object_get(x->about, "time"), "ruleset",
		json_sprintf("%d", CF_RULESET));
}

static const struct cf_err *
sqlite_end(struct cf_exporting *x)
{
	struct state *s = x->state;
	struct cf_insert *insert = NULL;
	const struct cf_err *err = NULL;
	json_t *notes = notes_of(x), *value;
	const char *key;

	tell_rows(x);
	if (s->db)
		err = cf_dbfile_prepare(&insert, s->db,
			"INSERT INTO \"about\" VALUES (?, ?)");
	json_object_foreach(notes, key, value) {
		json_t *row = json_pack("[s, O]", key, value);

		if (s->db && !err)
			err = cf_dbfile_insert(s->db, insert, row);
		json_decref(row);
	}
	cf_insert_free(insert);
	if (s->db && !err)
		err = cf_dbfile_end(s->db);
	json_decref(notes);
	return err;
}

/* The application id of a SQLite file, at byte 68. */
const struct cf_export_format cf_export_sqlite = { .name = "sqlite",
	.to = CF_TO_FILE, .magic = "Conf", .magic_at = 68,
	.begin = sqlite_begin, .item = sqlite_item, .end = sqlite_end,
	.clear = clear_state };

/* --- PostgreSQL ----------------------------------------------------------- */

static const struct cf_err *
send_batch(struct state *s, size_t table, size_t least)
{
	struct cf_buf *b = &s->batch[table];
	const struct cf_err *err;

	if (b->len == 0 || b->len < least)
		return cf_buf_check(b, "the export");
	err = cf_pg_copy(s->pg, &s->tables.table[table], (struct cf_str){
		b->data, b->len });
	cf_buf_reset(b);
	return err;
}

static const struct cf_err *
pg_row(void *payload, size_t table, const json_t *cells)
{
	struct cf_exporting *x = payload;
	struct state *s = x->state;
	const struct cf_err *err;

	s->rows[table]++;
	err = cf_cells_copy(&s->batch[table], cells);
	return err ? err : send_batch(s, table, BATCH);
}

static const struct cf_err *
pg_begin(struct cf_exporting *x)
{
	struct state *s = begin_state(x, NULL);
	const struct cf_err *err = cf_pg_open(&s->pg, x->what->target);

	if (!err)
		json_object_set_new(x->result, "target", json_string(
			cf_pg_place(s->pg)));
	if (!err)
		err = cf_pg_begin(s->pg, &s->tables);
	return err ? err : add_trusts(x, pg_row);
}

static const struct cf_err *
pg_item(struct cf_exporting *x, json_t *item)
{
	return cf_export_rows(&((struct state *)x->state)->tables, item,
		pg_row, x);
}

static const struct cf_err *
pg_end(struct cf_exporting *x)
{
	struct state *s = x->state;
	json_t *notes = notes_of(x), *changes = NULL, *tables;
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->tables.n && !err; i++)
		err = send_batch(s, i, 0);
	tell_rows(x);
	if (!err)
		err = cf_pg_end(&changes, s->pg, &s->tables, notes);
	/* Only what was done can be told for certain; it is given up then. */
	if (!err && !x->what->dry_run)
		err = cf_pg_commit(s->pg);
	tables = json_object_get(x->result, "tables");
	for (size_t i = 0; i < json_array_size(changes); i++)
		json_object_update(json_array_get(tables, i),
			json_array_get(changes, i));
	json_decref(changes);
	json_decref(notes);
	return err;
}

const struct cf_export_format cf_export_postgresql = { .name = "postgresql",
	.to = CF_TO_SERVER, .begin = pg_begin, .item = pg_item,
	.end = pg_end, .clear = clear_state };
