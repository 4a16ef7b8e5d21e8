/*
 * The mains: pins, and what a run of the gate finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "index/db.h"

const struct cf_err *
cf_index_pin(struct cf_oid *out, bool *found, struct cf_index *index,
	const char *trust)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	*found = false;
	err = cf_db_query(&stmt, index, "SELECT head FROM trust WHERE id = ?",
		"s", trust);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row)
		*found = cf_db_oid(out, stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

const struct cf_err *
cf_index_trusts(struct cf_names *out, struct cf_index *index)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	*out = (struct cf_names){ 0 };
	err = cf_db_query(&stmt, index, "SELECT id FROM trust ORDER BY id",
		"");
	return err ? err : cf_db_names(out, index, stmt);
}

const struct cf_err *
cf_index_set_pin(struct cf_index *index, const struct cf_gate *gate)
{
	const struct cf_identity *now = cf_chain_now(&gate->chain);
	const struct cf_err *err;

	/* Which of its signatures count may be another matter now. */
	err = cf_db_run(index, "INSERT OR IGNORE INTO dirty SELECT DISTINCT "
		"v.record FROM version v JOIN trust t ON t.id = v.trust "
		"WHERE v.trust = ? AND t.identity <> ?", "si",
		cf_chain_trust(&gate->chain), (long long)now->version);
	return err ? err : cf_db_run(index, "INSERT OR REPLACE INTO trust "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "soiiissi",
		cf_chain_trust(&gate->chain), &gate->head,
		(long long)gate->sequence, (long long)gate->time,
		(long long)now->version, now->name, now->role,
		(long long)json_integer_value(json_object_get(now->doc,
		"heartbeatDays")));
}

const struct cf_err *
cf_index_forget(struct cf_index *index, const char *trust)
{
	const struct cf_err *err;

	err = cf_db_run(index, "INSERT OR IGNORE INTO dirty SELECT DISTINCT "
		"record FROM version WHERE trust = ?", "s", trust);
	if (!err)
		err = cf_db_run(index, "DELETE FROM version WHERE trust = ?",
			"s", trust);
	if (!err)
		err = cf_db_run(index, "DELETE FROM trust WHERE id = ?", "s",
			trust);
	if (!err)
		err = cf_db_exec(index, "DELETE FROM meta WHERE key LIKE '"
			CF_DRAFT_KEY "%'");
	return err;
}

const struct cf_err *
cf_index_trust(json_t **out, struct cf_index *index, const char *trust)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	struct cf_oid head;
	char hex[CF_OID_TEXT];
	bool row = false;

	*out = NULL;
	err = cf_db_query(&stmt, index, "SELECT head, sequence, time, "
		"identity, name, role, heartbeat FROM trust WHERE id = ?", "s",
		trust);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	if (row && cf_db_oid(&head, stmt, 0)) {
		cf_oid_hex(hex, &head);
		*out = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I}",
			"trust", trust, "name", cf_db_text(stmt, 4), "role",
			cf_db_text(stmt, 5), "head", hex, "sequence",
			(json_int_t)sqlite3_column_int64(stmt, 1), "time",
			(json_int_t)sqlite3_column_int64(stmt, 2), "identity",
			(json_int_t)sqlite3_column_int64(stmt, 3),
			"heartbeatDays",
			(json_int_t)sqlite3_column_int64(stmt, 6));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

static const struct cf_err *
take_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct cf_index_run *run = payload;

	(void)commit;
	run->commits++;
	return NULL;
}

static void
text(sqlite3_stmt *stmt, int at, const char *value)
{
	(void)sqlite3_bind_text(stmt, at, value, -1, SQLITE_TRANSIENT);
}

static const struct cf_err *
take_past(void *payload, struct cf_gate_past *out, const char *kind,
	const struct cf_uuid *id)
{
	struct cf_index_run *run = payload;
	struct cf_index *index = run->index;
	const struct cf_err *err;
	bool row;

	*out = (struct cf_gate_past){ 0 };
	if (index->past == NULL) {
		err = cf_db_query(&index->past, index, "SELECT id, status = "
			"'erased' AND rule IS NULL, rule = '" CF_RULE_TWIN
			"' FROM version WHERE record = ? AND trust = ? AND "
			"kind = ? ORDER BY n", "");
		if (err)
			return err;
	}
	(void)sqlite3_reset(index->past);
	text(index->past, 1, id->text);
	text(index->past, 2, run->trust);
	text(index->past, 3, kind);
	while ((err = cf_db_step(&row, index, index->past)) == NULL && row) {
		cf_gate_past_add(out, cf_db_text(index->past, 0),
			sqlite3_column_int(index->past, 1));
		out->twin |= sqlite3_column_int(index->past, 2);
	}
	(void)sqlite3_reset(index->past);
	return err;
}

/* Whether any main had this record before, and this very version of it. */
static const struct cf_err *
is_known(bool *record, bool *version, struct cf_index *index,
	const struct cf_gate_version *v)
{
	sqlite3_stmt *stmt = index->known;
	const struct cf_err *err;
	bool row;

	(void)sqlite3_reset(stmt);
	text(stmt, 1, v->id.text);
	text(stmt, 2, v->record->version.text);
	err = cf_db_step(&row, index, stmt);
	*record = row && sqlite3_column_int64(stmt, 0) > 0;
	*version = row && sqlite3_column_int64(stmt, 1) > 0;
	(void)sqlite3_reset(stmt);
	return err;
}

/* The title under which people knew a record, or "". */
static const struct cf_err *
known_title(char **out, struct cf_index *index, const char *record)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row = false;

	err = cf_db_query(&stmt, index, "SELECT title FROM record WHERE id = ?",
		"s", record);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	*out = cf_strdup(row ? cf_db_text(stmt, 0) : "");
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Of a text that is erased, who had it is told. */
static const struct cf_err *
note_erased(struct cf_index_run *run, const struct cf_gate_version *v,
	bool known)
{
	const struct cf_err *err;
	char *title;

	err = known_title(&title, run->index, v->id.text);
	if (known || title[0])
		json_object_set_new(run->news, v->id.text, json_pack(
			"{s:s, s:s, s:s, s:s}", "id", v->id.text, "kind",
			v->kind, "title", title, "change", "erased"));
	else
		(void)json_object_del(run->news, v->id.text);
	free(title);
	return err;
}

/* A line that can stand in a sentence. */
static bool
is_title(const char *text)
{
	struct cf_str rest = cf_str(text);
	bool plain = rest.n <= CF_MAX_TITLE;

	while (plain && rest.n) {
		int32_t c = cf_utf8_next(&rest);

		plain = c >= 0x20 && (c < 0x7f || c > 0x9f);
	}
	return plain;
}

/* What a text must not say may stand in the title: that one is not told. Nor is
 * what no schema has looked at, where it is no title at all. */
static const char *
title_of(const struct cf_gate_version *v)
{
	bool text = v->rule && strncmp(v->rule, "T-", 2) == 0;
	const char *title = v->record->doc && !text ?
		cf_record_title(v->record->doc) : "";

	return v->rule && !is_title(title) ? "" : title;
}

/* What people are told. A record that changed twice is told once, as it is in
 * the end. */
static const struct cf_err *
note(struct cf_index_run *run, const struct cf_gate_version *v)
{
	const struct cf_record *r = v->record;
	const char *before = cf_json_str(json_object_get(run->news,
		v->id.text), "change");
	const struct cf_err *err;
	bool record, version;
	const char *change;

	if (v->rule) {
		json_array_append_new(run->held, json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s}", "id", v->id.text,
			"rule", v->rule, "path", v->path, "why", v->why,
			"title", title_of(v),
			"version", r->version.text));
		return NULL;
	}
	/* It was there before history was left. */
	if (json_object_get(run->had, r->version.text))
		return NULL;
	err = is_known(&record, &version, run->index, v);
	if (!err && strcmp(r->status, "erased") == 0)
		return note_erased(run, v, record);
	if (err)
		return err;
	change = strcmp(r->status, "withdrawn") == 0 ? "withdrawn" :
		!record || (before && strcmp(before, "new") == 0) ? "new" :
		version ? "signed" : "changed";
	json_object_set_new(run->news, v->id.text, json_pack(
		"{s:s, s:s, s:s, s:s}", "id", v->id.text, "kind", v->kind,
		"title", cf_record_title(r->doc), "change", change));
	return NULL;
}

static const struct cf_err *
prepare(struct cf_index *index)
{
	const struct cf_err *err = NULL;

	if (index->add_version == NULL)
		err = cf_db_query(&index->add_version, index,
			"INSERT INTO version VALUES (NULL, ?, ?, ?, ?, ?, ?, "
			"?, ?, ?, ?, ?, ?, ?, ?)", "");
	if (!err && index->add_dirty == NULL)
		err = cf_db_query(&index->add_dirty, index,
			"INSERT OR IGNORE INTO dirty VALUES (?)", "");
	if (!err && index->known == NULL)
		err = cf_db_query(&index->known, index, "SELECT count(*), "
			"coalesce(sum(id = ?2), 0) FROM version "
			"WHERE record = ?1", "");
	return err;
}

/* `modified` orders lists for people; no later time is shown than that of the
 * commit that brought it, or one could stay at the top for ever. */
static void
bind_modified(sqlite3_stmt *stmt, int at, const struct cf_gate_version *v)
{
	const char *modified = v->record->modified;
	char brought[CF_TIME_TEXT];

	cf_time_format(brought, v->commit->time);
	text(stmt, at, modified == NULL ? "" :
		strcmp(modified, brought) > 0 ? brought : modified);
}

static const struct cf_err *
take_version(void *payload, const struct cf_gate_version *v)
{
	struct cf_index_run *run = payload;
	struct cf_index *index = run->index;
	const struct cf_record *r = v->record;
	const struct cf_err *err = prepare(index);
	char *parents = NULL;
	sqlite3_stmt *stmt = index->add_version;
	bool row;

	if (!err)
		err = note(run, v);
	if (err)
		return err;
	run->versions++;
	/* Shapes have been checked where the record is not held. */
	parents = r->parents ? json_dumps(r->parents, JSON_COMPACT) : NULL;
	(void)sqlite3_reset(stmt);
	text(stmt, 1, run->trust);
	text(stmt, 2, v->id.text);
	text(stmt, 3, v->kind);
	text(stmt, 4, r->version.text);
	text(stmt, 5, parents ? parents : "[]");
	text(stmt, 6, v->previous);
	(void)sqlite3_bind_blob(stmt, 7, v->blob.raw, sizeof v->blob.raw,
		SQLITE_TRANSIENT);
	(void)sqlite3_bind_int64(stmt, 8, (long long)v->commit->sequence);
	(void)sqlite3_bind_int64(stmt, 9, v->commit->time);
	text(stmt, 10, r->status ? r->status : "");
	bind_modified(stmt, 11, v);
	text(stmt, 12, title_of(v));
	text(stmt, 13, v->rule);
	text(stmt, 14, v->why);
	err = cf_db_step(&row, index, stmt);
	(void)sqlite3_reset(stmt);
	free(parents);
	if (err)
		return err;
	(void)sqlite3_reset(index->add_dirty);
	text(index->add_dirty, 1, v->id.text);
	err = cf_db_step(&row, index, index->add_dirty);
	(void)sqlite3_reset(index->add_dirty);
	return err;
}

static const struct cf_err *
leave(void *payload, const struct cf_gate *at)
{
	struct cf_index_run *run = payload;

	const struct cf_err *err;
	json_t *row;
	size_t i;

	json_decref(run->cut);
	json_decref(run->had);
	run->had = json_object();
	err = cf_index_cut(&run->cut, run->index, at);
	json_array_foreach(run->cut, i, row) {
		json_object_set_new(run->had, cf_json_str(row, "version"),
			json_true());
	}
	return err;
}

void
cf_index_sink(struct cf_gate_sink *sink, struct cf_index_run *run)
{
	run->news = json_object();
	run->held = json_array();
	sink->payload = run;
	sink->commit = take_commit;
	sink->version = take_version;
	sink->leave = leave;
	sink->past = take_past;
}

void
cf_index_run_clear(struct cf_index_run *run)
{
	json_decref(run->news);
	json_decref(run->held);
	json_decref(run->cut);
	json_decref(run->had);
	run->news = run->held = run->cut = run->had = NULL;
}
