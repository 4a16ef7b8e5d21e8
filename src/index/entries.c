/*
 * Keeping what is searched: one entry for each record of the commons that has a
 * body, changed only where its text has.
 */
#include <stdio.h>
#include <string.h>

#include "index/db.h"
#include "index/entry.h"

static const char *const sql[CF_ENTRY_STMTS] = {
	[CF_ENTRY_OLD] = "SELECT n, modified, title, problem, words, facets, "
		"about FROM entry WHERE id = ?",
	[CF_ENTRY_NEW] = "INSERT INTO entry (id, modified, title, problem, "
		"words, facets, about) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[CF_ENTRY_SET] = "UPDATE entry SET modified = ?2, title = ?3, "
		"problem = ?4, words = ?5, facets = ?6, about = ?7 "
		"WHERE id = ?1",
	[CF_ENTRY_GONE] = "DELETE FROM entry WHERE n = ?",
	[CF_WORDS_ADD] = "INSERT INTO fulltext (rowid, title, problem, words, "
		"facets) VALUES (?, ?, ?, ?, ?)",
	[CF_WORDS_DROP] = "INSERT INTO fulltext (fulltext, rowid, title, "
		"problem, words, facets) VALUES ('delete', ?, ?, ?, ?, ?)",
	[CF_LINKS_DROP] = "DELETE FROM link WHERE src = ?",
	[CF_LINK_ADD] = "INSERT OR IGNORE INTO link (dst, relation, src) "
		"VALUES (?, ?, ?)"
};

static const struct cf_err *
ready(sqlite3_stmt **out, struct cf_index *index, enum cf_entry_stmt which)
{
	const struct cf_err *err = NULL;

	if (index->entry[which] == NULL)
		err = cf_db_query(&index->entry[which], index, sql[which], "");
	*out = index->entry[which];
	if (!err)
		(void)sqlite3_reset(*out);
	return err;
}

static void
bind(sqlite3_stmt *stmt, int at, const char *text)
{
	(void)sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
}

/* Runs a statement that has no rows. */
static const struct cf_err *
run(struct cf_index *index, sqlite3_stmt *stmt)
{
	const struct cf_err *err;
	bool row;

	err = cf_db_step(&row, index, stmt);
	(void)sqlite3_reset(stmt);
	return err;
}

/* The four columns of full text, from `at` on. */
static void
bind_words(sqlite3_stmt *stmt, int at, const struct cf_entry_text *e)
{
	bind(stmt, at, e->title.data);
	bind(stmt, at + 1, e->problem.data);
	bind(stmt, at + 2, e->words.data);
	bind(stmt, at + 3, e->facets.data);
}

/* Takes the words of the row that `old` stands at out of full text: they must be
 * the very ones that were put in. */
static const struct cf_err *
drop_words(struct cf_index *index, sqlite3_stmt *old)
{
	sqlite3_stmt *drop;
	const struct cf_err *err = ready(&drop, index, CF_WORDS_DROP);

	if (err)
		return err;
	(void)sqlite3_bind_int64(drop, 1, sqlite3_column_int64(old, 0));
	for (int i = 0; i < 4; i++)
		bind(drop, 2 + i, cf_db_text(old, 2 + i));
	return run(index, drop);
}

static const struct cf_err *
put_links(struct cf_index *index, const char *id, const json_t *links)
{
	sqlite3_stmt *drop, *put;
	const struct cf_err *err = ready(&drop, index, CF_LINKS_DROP);
	const json_t *link;
	size_t i;

	if (!err)
		err = ready(&put, index, CF_LINK_ADD);
	if (err)
		return err;
	bind(drop, 1, id);
	err = run(index, drop);
	json_array_foreach(links, i, link) {
		if (err)
			break;
		bind(put, 1, json_string_value(json_array_get(link, 1)));
		bind(put, 2, json_string_value(json_array_get(link, 0)));
		bind(put, 3, id);
		err = run(index, put);
	}
	return err;
}

static bool
same(sqlite3_stmt *old, const struct cf_entry_text *e)
{
	return strcmp(cf_db_text(old, 2), e->title.data) == 0 &&
		strcmp(cf_db_text(old, 3), e->problem.data) == 0 &&
		strcmp(cf_db_text(old, 4), e->words.data) == 0 &&
		strcmp(cf_db_text(old, 5), e->facets.data) == 0;
}

/* Writes the row, and its words where they are others than before. `old` stands
 * at the row that there was, or is NULL. */
static const struct cf_err *
put(struct cf_index *index, const char *id, const char *modified,
	sqlite3_stmt *old, const struct cf_entry_text *e)
{
	char *about;
	bool words = old == NULL || !same(old, e);
	long long n = old ? sqlite3_column_int64(old, 0) : 0;
	sqlite3_stmt *row, *add;
	const struct cf_err *err = NULL;

	/* So that other links are another row. */
	json_object_set(e->about, "links", e->links);
	about = json_dumps(e->about, JSON_COMPACT | JSON_SORT_KEYS);
	if (!words && strcmp(cf_db_text(old, 1), modified) == 0 &&
		strcmp(cf_db_text(old, 6), about) == 0)
		goto done;
	if (old && words)
		err = drop_words(index, old);
	if (!err)
		err = ready(&row, index, old ? CF_ENTRY_SET : CF_ENTRY_NEW);
	if (err)
		goto done;
	bind(row, 1, id);
	bind(row, 2, modified);
	bind_words(row, 3, e);
	bind(row, 7, about);
	err = run(index, row);
	if (!err && old == NULL)
		n = sqlite3_last_insert_rowid(index->db);
	if (!err && words)
		err = ready(&add, index, CF_WORDS_ADD);
	if (!err && words) {
		(void)sqlite3_bind_int64(add, 1, n);
		bind_words(add, 2, e);
		err = run(index, add);
	}
	if (!err)
		err = put_links(index, id, e->links);
done:
	free(about);
	return err;
}

static const struct cf_err *
find_old(sqlite3_stmt **old, bool *found, struct cf_index *index,
	const char *id)
{
	const struct cf_err *err = ready(old, index, CF_ENTRY_OLD);

	*found = false;
	if (err)
		return err;
	bind(*old, 1, id);
	return cf_db_step(found, index, *old);
}

const struct cf_err *
cf_index_put_entry(struct cf_index *index, const char *id,
	const char *modified, const json_t *doc)
{
	struct cf_entry_text e;
	const struct cf_err *err;
	sqlite3_stmt *old;
	bool found;

	cf_entry_make(&e, doc);
	err = find_old(&old, &found, index, id);
	if (!err)
		err = put(index, id, modified, found ? old : NULL, &e);
	(void)sqlite3_reset(old);
	cf_entry_clear(&e);
	return err;
}

const struct cf_err *
cf_index_drop_entry(struct cf_index *index, const char *id)
{
	const struct cf_err *err;
	sqlite3_stmt *old, *drop;
	bool found;

	err = find_old(&old, &found, index, id);
	if (!err && found)
		err = drop_words(index, old);
	if (!err && found)
		err = ready(&drop, index, CF_ENTRY_GONE);
	if (!err && found) {
		(void)sqlite3_bind_int64(drop, 1,
			sqlite3_column_int64(old, 0));
		(void)sqlite3_reset(old);
		err = run(index, drop);
	}
	(void)sqlite3_reset(old);
	if (!err && found)
		err = ready(&drop, index, CF_LINKS_DROP);
	if (err || !found)
		return err;
	bind(drop, 1, id);
	return run(index, drop);
}

const struct cf_err *
cf_index_entries_begin(struct cf_index *index)
{
	char hash[160];

	(void)snprintf(hash, sizeof hash, "INSERT INTO fulltext (fulltext, "
		"rank) VALUES ('hashsize', %u)", CF_INDEX_HASH);
	return cf_db_exec(index, hash);
}

const struct cf_err *
cf_index_entries_clear(struct cf_index *index)
{
	const struct cf_err *err;

	err = cf_db_exec(index, "INSERT INTO fulltext (fulltext) VALUES "
		"('delete-all'); DELETE FROM entry; DELETE FROM link");
	return err ? err : cf_index_entries_begin(index);
}

const struct cf_err *
cf_index_about(json_t **out, struct cf_index *index, const char *id)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*out = NULL;
	err = cf_db_query(&stmt, index, "SELECT about, problem FROM entry "
		"WHERE id = ?", "s", id);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row) {
		*out = json_loads(cf_db_text(stmt, 0), 0, NULL);
		if (cf_db_text(stmt, 1)[0])
			json_object_set_new(*out, "problem", json_string(
				cf_db_text(stmt, 1)));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_naming(struct cf_names *out, struct cf_index *index, const char *id,
	const char *relation, unsigned most)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index, "SELECT src FROM link WHERE dst = ? "
		"AND relation = ? ORDER BY src LIMIT ?", "ssi", id, relation,
		(long long)most);
	return err ? err : cf_db_names(out, index, stmt);
}
