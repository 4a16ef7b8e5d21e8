/*
 * Sync: fetch from all partners, judge each, take in what is sound, merge once.
 * One that fails is one line, and the others go on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/sync.h"
#include "app/witness.h"
#include "base/mem.h"

static const struct cf_err *
choose(struct cf_syncing *s, const char *const *names, size_t n)
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
	struct cf_syncing *s = payload;
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
fetch_all(struct cf_syncing *s, unsigned jobs)
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

/* Of a history that was replaced the proof is kept, where it is one. */
static const struct cf_err *
keep_fork(struct cf_synced *o, const struct cf_err *why, struct cf_odb *odb)
{
	const struct cf_err refused = *why, *err = NULL;

	if (strcmp(refused.rule, "history.diverged") == 0)
		err = cf_witness_fork(o->s->result, o->s->trust, o->partner,
			odb, &o->fetch->head);
	return err ? err : cf_err_rule(refused.code, refused.rule, "%s",
		refused.msg);
}

/* Judges what was fetched and keeps it: objects, pin, index. */
static const struct cf_err *
take_in(struct cf_synced *o)
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
	if (err && err->code == CF_REFUSED)
		err = keep_fork(o, err, q.all);
done:
	cf_quarantine_close(&q);
	free(pin);
	return err;
}

/* Another sync may have been here since we asked the host. */
static const struct cf_err *
is_old_news(bool *out, struct cf_synced *o)
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
meet_pin(struct cf_synced *o)
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
process_locked(struct cf_synced *o)
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

/* What our own machine cannot do ends it all; what a partner did is a line. */
static bool
is_ours(const struct cf_err *err)
{
	return err && err->code != CF_REFUSED && err->code != CF_REMOTE;
}

static const struct cf_err *
process(struct cf_syncing *s, size_t i)
{
	struct cf_synced o = { .s = s, .partner = s->chosen[i],
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
		err = cf_sync_line(&o, outcome);
	cf_store_unlock(s->trust->store);
	cf_take_clear(&o.take);
	free(o.title);
	return err;
}

static const struct cf_err *
compare(struct cf_syncing *s, bool *decide)
{
	const struct cf_err *err = cf_store_lock(s->trust->store, "sync");

	if (err)
		return err;
	err = cf_witness_compare(s->result, decide, s->trust);
	cf_store_unlock(s->trust->store);
	return err;
}

static const struct cf_err *
finish(struct cf_syncing *s)
{
	const struct cf_err *err;
	json_t *commons = NULL;
	bool decide = false;

	err = cf_catch_up(s->trust);
	if (!err)
		err = cf_commons_state(&commons, s->trust);
	if (!err) {
		json_object_set_new(s->result, "commons", commons);
		err = cf_attention(json_object_get(s->result,
			"attention"), &decide, s->trust, s->news);
	}
	if (!err)
		err = compare(s, &decide);
	if (err)
		return err;
	if (s->refused)
		return cf_err(CF_REFUSED, "a partner was refused; what you "
			"have of it stays as it was");
	if (decide)
		return cf_err(CF_DECIDE, "something needs your decision");
	if (s->unreachable)
		return cf_err(CF_REMOTE, "a partner could not be reached");
	return NULL;
}

const struct cf_err *
cf_sync(json_t **out, struct cf_trust *trust, const char *const *names,
	size_t n, unsigned jobs)
{
	struct cf_syncing s = { .trust = trust, .news = json_array(),
		.result = json_pack("{s:[], s:[], s:[]}", "partners", "attention",
		"splits") };
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
	if (json_object_get(s.result, "commons"))
		cf_compact_if_due(trust);
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
