/*
 * Sync: fetch from all partners, judge each, take in what is sound, merge once.
 * One that fails is one line, and the others go on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/lastsync.h"
#include "app/trust.h"
#include "base/clock.h"
#include "base/mem.h"

struct sync {
	struct cf_trust *trust;
	struct cf_partners partners;
	struct cf_partner **chosen;	/* of partners */
	struct cf_fetch *fetch;		/* beside chosen */
	size_t n;
	json_t *result, *news;
	bool refused, unreachable;
};

static const struct cf_err *
choose(struct sync *s, const char *const *names, size_t n)
{
	size_t all = n ? n : s->partners.n;

	s->chosen = cf_calloc(all, sizeof(struct cf_partner *));
	for (size_t i = 0; i < all; i++) {
		struct cf_partner *p = n ? cf_partners_find(&s->partners,
			names[i]) : &s->partners.partner[i];

		if (p == NULL)
			return cf_err(CF_NOT_FOUND, "there is no partner '%s'; "
				"'confer partner list' shows them", names[i]);
		for (size_t k = 0; k < s->n; k++)
			if (s->chosen[k] == p)
				p = NULL;
		if (p)
			s->chosen[s->n++] = p;
	}
	return NULL;
}

static void
on_progress(void *payload, const struct cf_fetch *fetch)
{
	struct sync *s = payload;
	const struct cf_ui *ui = s->trust->ui;
	size_t i = (size_t)(fetch - s->fetch);
	char *what;

	if (ui->progress == NULL)
		return;
	what = cf_asprintf("Fetching from %s", s->chosen[i]->name);
	ui->progress(ui->payload, what, fetch->objects, 0);
	free(what);
}

static const struct cf_err *
fetch_all(struct sync *s, unsigned jobs)
{
	struct cf_settings settings;
	char *scratch = cf_store_file(s->trust->store, "");
	const struct cf_err *err;

	s->fetch = cf_calloc(s->n, sizeof *s->fetch);
	err = cf_settings_read(&settings, s->trust->store, s->trust->ui);
	for (size_t i = 0; i < s->n && !err; i++) {
		char *pin = cf_pin_name(s->chosen[i]->trust);

		s->fetch[i].url = s->chosen[i]->url;
		err = cf_ref_read(&s->fetch[i].have, &s->fetch[i].has_have,
			s->trust->store, pin);
		free(pin);
	}
	if (!err && s->n)
		err = cf_fetch_all(s->fetch, s->n, jobs ? jobs : CF_SYNC_JOBS,
			s->trust->store, scratch, &settings.transport,
			on_progress, s);
	cf_settings_clear(&settings);
	free(scratch);
	return err;
}

struct one {
	struct sync *s;
	struct cf_partner *partner;
	struct cf_fetch *fetch;
	struct cf_take take;
	bool taken;		/* take.run is filled and kept */
	struct cf_oid from;
	bool has_from;
	char *title;
};

/* Judges what was fetched and keeps it: objects, pin, index. */
static const struct cf_err *
take_in(struct one *o)
{
	struct cf_trust *trust = o->s->trust;
	struct cf_quarantine q = { 0 };
	char *pin = cf_pin_name(o->partner->trust);
	const struct cf_err *err;

	err = cf_quarantine_open(&q, o->fetch->quarantine, trust->store);
	if (!err)
		err = cf_index_begin(trust->index);
	if (err)
		goto done;
	o->take = (struct cf_take){ .id = o->partner->trust, .fresh = q.pack,
		.all = q.all, .head = o->fetch->head };
	err = cf_take_main(&o->take, trust);
	if (!err)
		err = cf_quarantine_accept(trust->store, o->fetch->quarantine);
	if (!err)
		err = cf_ref_set(trust->store, pin, &o->fetch->head,
			o->has_from ? &o->from : NULL);
	if (!err)
		err = cf_index_commit(trust->index);
	else
		cf_index_rollback(trust->index);
	o->taken = err == NULL;
done:
	cf_quarantine_close(&q);
	free(pin);
	return err;
}

/* Another sync may have been here since we asked the host. */
static const struct cf_err *
is_old_news(bool *out, struct one *o)
{
	struct cf_odb *odb = cf_store_odb(o->s->trust->store);
	struct cf_gate pin = { 0 }, head = { 0 };
	const struct cf_err *err = NULL;

	*out = o->has_from && cf_oid_eq(&o->from, &o->fetch->head);
	if (*out || !o->has_from || !o->fetch->has_have ||
		cf_oid_eq(&o->from, &o->fetch->have) ||
		!cf_odb_has(odb, &o->fetch->head))
		return NULL;
	err = cf_gate_load(&pin, odb, &o->from);
	if (!err)
		err = cf_gate_load(&head, odb, &o->fetch->head);
	*out = !err && head.sequence <= pin.sequence;
	cf_gate_clear(&pin);
	cf_gate_clear(&head);
	return err;
}

/* A sync that was killed after the pin had moved left the index behind it; what
 * was fetched begins at the pin. */
static const struct cf_err *
meet_pin(struct one *o)
{
	struct cf_trust *trust = o->s->trust;
	const struct cf_err *err;
	struct cf_oid known;
	bool found;

	err = cf_index_pin(&known, &found, trust->index, o->partner->trust);
	if (err || (found == o->has_from && (!found ||
		cf_oid_eq(&known, &o->from))))
		return err;
	return cf_catch_up(trust);
}

static const struct cf_err *
process_locked(struct one *o)
{
	struct cf_store *store = o->s->trust->store;
	char *pin = cf_pin_name(o->partner->trust);
	const struct cf_err *err;
	bool same = false;

	err = cf_ref_read(&o->from, &o->has_from, store, pin);
	free(pin);
	if (!err)
		err = meet_pin(o);
	if (!err)
		err = is_old_news(&same, o);
	if (err || same)
		return err;
	return o->fetch->quarantine ? take_in(o) : cf_gate_unsent(
		cf_store_odb(store), o->has_from ? &o->from : NULL,
		&o->fetch->head);
}

/* A report that can be sent to the partner; its path, or NULL. */
static char *
write_report(struct one *o, const json_t *refusal)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char now[CF_TIME_TEXT], *name, *path, *dir;
	const struct cf_err *err;
	json_t *doc;

	cf_time_format(now, cf_now());
	doc = json_pack("{s:s, s:s, s:s, s:s, s:O}", "kind", "refusal", "trust",
		o->partner->trust, "url", o->partner->url, "found", now,
		"refusal", refusal);
	dir = cf_store_file(o->s->trust->store, "refused");
	name = cf_asprintf("%s.json", o->partner->name);
	path = cf_path_join(dir, name);
	err = cf_mkdirs(dir, 0755);
	if (!err)
		err = cf_json_file_form(&text, doc);
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	if (err) {
		free(path);
		path = NULL;
	}
	cf_buf_clear(&text);
	json_decref(doc);
	free(name);
	free(dir);
	return path;
}

static void
set_refusal(json_t *line, struct one *o, const struct cf_err *err)
{
	const struct cf_refusal *r = &o->take.refusal;
	const char *rule = err->rule[0] ? err->rule : "refused";
	json_t *refusal = json_pack("{s:s, s:s, s:s*, s:s*, s:s}", "rule",
		rule, "detail", err->msg, "commit",
		r->commit[0] ? r->commit : NULL, "path",
		r->path[0] ? r->path : NULL, "advice",
		cf_refusal_advice(rule));
	char *report = write_report(o, refusal);

	if (report)
		json_object_set_new(refusal, "report", json_string(report));
	json_object_set_new(line, "refusal", refusal);
	free(report);
}

static bool
is_stale(const json_t *row)
{
	json_int_t time = json_integer_value(json_object_get(row, "time"));
	json_int_t days = json_integer_value(json_object_get(row,
		"heartbeatDays"));

	return row && cf_now() - time > days * 86400;
}

/* {kind: count} of what is new, and the entries for the whole report. */
static json_t *
count_news(struct one *o)
{
	json_t *counts = json_object(), *entry;
	const char *id;

	if (!o->taken)
		return counts;
	json_object_foreach(o->take.run.news, id, entry) {
		const char *kind = cf_json_str(entry, "kind");

		json_object_set_new(counts, kind, json_integer(1 +
			json_integer_value(json_object_get(counts, kind))));
		json_array_append_new(o->s->news, json_pack(
			"{s:s, s:s, s:O, s:s, s:s, s:O}", "id", id, "kind",
			kind, "title", json_object_get(entry, "title"),
			"trust", o->partner->trust, "name", o->title, "change",
			json_object_get(entry, "change")));
	}
	return counts;
}

static const char *
verdict_of(struct one *o, const struct cf_err *err, const json_t *held,
	const json_t *row)
{
	if (err && err->code == CF_REFUSED)
		return "refused";
	if (err)
		return "unreachable";
	if (json_array_size(held))
		return "held";
	if (is_stale(row))
		return "stale";
	return o->taken && o->take.run.commits ? "updated" : "up-to-date";
}

static void
set_ends(json_t *line, struct one *o, const json_t *row)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &o->from);
	json_object_set_new(line, "from", o->has_from ? json_string(hex) :
		json_null());
	json_object_set_new(line, "to", json_string(row ?
		cf_json_str(row, "head") : o->has_from ? hex : ""));
	if (row) {
		char when[CF_TIME_TEXT];

		cf_time_format(when, json_integer_value(json_object_get(row,
			"time")));
		json_object_set_new(line, "signed", json_string(when));
	}
}

static const struct cf_err *
report(struct one *o, const struct cf_err *outcome)
{
	struct cf_trust *trust = o->s->trust;
	json_t *held = NULL, *row = NULL, *line;
	const struct cf_err *err;
	const char *verdict;
	struct cf_err why = { 0 };

	if (outcome)
		why = *outcome;
	err = cf_index_held(&held, trust->index, o->partner->trust);
	if (!err)
		err = cf_index_trust(&row, trust->index, o->partner->trust);
	if (err)
		goto done;
	o->title = cf_trust_title(trust, o->partner->trust);
	verdict = verdict_of(o, outcome ? &why : NULL, held, row);
	line = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:O, s:o}", "name",
		o->partner->name, "trust", o->partner->trust, "title",
		o->title, "verdict", verdict, "commits", (json_int_t)(o->taken ?
		o->take.run.commits : 0), "versions", (json_int_t)(o->taken ?
		o->take.run.versions : 0), "held", held, "new",
		count_news(o));
	set_ends(line, o, row);
	if (outcome && why.code == CF_REFUSED) {
		set_refusal(line, o, &why);
		o->s->refused = true;
	} else if (outcome) {
		json_object_set_new(line, "error", json_string(why.msg));
		o->s->unreachable = true;
	}
	json_array_append_new(json_object_get(o->s->result, "partners"), line);
	err = cf_last_sync_note(trust, o->partner->trust, verdict,
		outcome ? why.msg : NULL);
done:
	json_decref(held);
	json_decref(row);
	return err;
}

/* What our own machine cannot do ends it all; what a partner did is a line. */
static bool
is_ours(const struct cf_err *err)
{
	return err && err->code != CF_REFUSED && err->code != CF_REMOTE;
}

static const struct cf_err *
process(struct sync *s, size_t i)
{
	struct one o = { .s = s, .partner = s->chosen[i],
		.fetch = &s->fetch[i] };
	const struct cf_err *err, *outcome = s->fetch[i].err;

	err = cf_store_lock(s->trust->store, "sync");
	if (err)
		return err;
	o.from = o.fetch->have;
	o.has_from = o.fetch->has_have;
	if (!outcome && !o.fetch->has_head)
		outcome = cf_err_rule(CF_REMOTE, "history.missing", "there is "
			"nothing at %s any more: the branch main is gone. What "
			"you have of them stays", o.fetch->url);
	if (!outcome) {
		outcome = process_locked(&o);
		if (is_ours(outcome))
			err = outcome;
	}
	if (!err)
		err = report(&o, outcome);
	cf_store_unlock(s->trust->store);
	cf_take_clear(&o.take);
	free(o.title);
	return err;
}

/* Sentences for what needs a person. */
static const struct cf_err *
attention(struct sync *s, bool *decide)
{
	const struct cf_index_filter conflicts = { .conflicts = true };
	json_t *list = json_object_get(s->result, "attention");
	json_t *rows = NULL, *row;
	const struct cf_err *err;
	size_t i;

	*decide = false;
	err = cf_index_list(&rows, s->trust->index, &conflicts);
	json_array_foreach(rows, i, row) {
		json_t *doc = NULL;
		char path[CF_PATH_TEXT];
		struct cf_uuid id;

		if (!cf_uuid_parse(&id, cf_str(cf_json_str(row, "id"))))
			continue;
		cf_commons_path(path, cf_json_str(row, "kind"), &id);
		err = cf_commons_read(&doc, s->trust, path);
		if (err)
			break;
		if (cf_json_has(json_object_get(doc, "stewards"),
			s->trust->id)) {
			*decide = true;
			json_array_append_new(list, json_sprintf(
				"'%s' was changed by several trusts at once. "
				"'confer show %.18s' shows what each says; "
				"'confer new --from %.18s' begins the version "
				"that settles it.", cf_json_str(row, "title"),
				id.text, id.text));
		}
		json_decref(doc);
	}
	json_decref(rows);
	return err;
}

static const struct cf_err *
finish(struct sync *s)
{
	const struct cf_err *err;
	json_t *commons = NULL;
	bool decide = false;

	err = cf_catch_up(s->trust);
	if (!err)
		err = cf_commons_state(&commons, s->trust);
	if (!err) {
		json_object_set_new(s->result, "commons", commons);
		err = attention(s, &decide);
	}
	if (err)
		return err;
	if (s->refused)
		return cf_err(CF_REFUSED, "a partner was refused; what you "
			"have of it stays as it was");
	if (decide)
		return cf_err(CF_DECIDE, "a record needs your decision");
	if (s->unreachable)
		return cf_err(CF_REMOTE, "a partner could not be reached");
	return NULL;
}

const struct cf_err *
cf_sync(json_t **out, struct cf_trust *trust, const char *const *names,
	size_t n, unsigned jobs)
{
	struct sync s = { .trust = trust, .news = json_array(),
		.result = json_pack("{s:[], s:[]}", "partners", "attention") };
	const struct cf_err *err;

	*out = NULL;
	json_object_set(s.result, "new", s.news);
	err = cf_partners_read(&s.partners, trust);
	if (!err)
		err = choose(&s, names, n);
	if (!err)
		err = fetch_all(&s, jobs < CF_SYNC_JOBS_MAX ? jobs :
			CF_SYNC_JOBS_MAX);
	for (size_t i = 0; i < s.n && !err; i++)
		err = process(&s, i);
	if (!err)
		err = finish(&s);
	for (size_t i = 0; s.fetch && i < s.n; i++)
		cf_fetch_clear(&s.fetch[i]);
	if (json_object_get(s.result, "commons"))
		*out = json_incref(s.result);
	json_decref(s.result);
	json_decref(s.news);
	free(s.fetch);
	free(s.chosen);
	cf_partners_clear(&s.partners);
	return err;
}
