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

	s->one = cf_calloc(all, sizeof *s->one);
	for (size_t i = 0; i < all; i++) {
		struct cf_partner *p = n ? cf_partners_find(&s->partners,
			names[i]) : &s->partners.partner[i];

		if (p == NULL)
			return cf_err(CF_NOT_FOUND, "there is no partner '%s'; "
				"'confer partner list' shows them", names[i]);
		for (size_t k = 0; k < s->n; k++)
			if (s->one[k].partner == p)
				p = NULL;
		if (p)
			s->one[s->n++] = (struct cf_synced){ .s = s,
				.partner = p };
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
	what = cf_asprintf("Fetching from %s", s->one[i].partner->name);
	ui->progress(ui->payload, what, fetch->objects, 0);
	free(what);
}

/* What we have of a partner, to ask for the rest. A restart that waits is held:
 * it need not be sent again. */
static const struct cf_err *
ask(struct cf_synced *o, struct cf_fetch *fetch)
{
	struct cf_store *store = o->s->trust->store;
	char *pin = cf_pin_name(o->partner->trust);
	char *held = cf_held_name(o->partner->trust);
	const struct cf_err *err;

	o->fetch = fetch;
	fetch->url = o->partner->url;
	err = cf_ref_read(&o->asked, &o->has_asked, store, pin);
	if (!err)
		err = cf_ref_read(&o->waits, &o->has_waits, store, held);
	fetch->have = o->has_waits ? o->waits : o->asked;
	fetch->has_have = o->has_waits || o->has_asked;
	free(held);
	free(pin);
	return err;
}

static const struct cf_err *
fetch_all(struct cf_syncing *s, unsigned jobs)
{
	struct cf_settings settings;
	char *scratch = cf_store_file(s->trust->store, "");
	const struct cf_err *err;

	s->fetch = cf_calloc(s->n, sizeof *s->fetch);
	err = cf_settings_read(&settings, s->trust->store, s->trust->ui);
	for (size_t i = 0; i < s->n && !err; i++)
		err = ask(&s->one[i], &s->fetch[i]);
	if (!err && s->n)
		err = cf_fetch_all(s->fetch, s->n, jobs ? jobs : CF_SYNC_JOBS,
			s->trust->store, scratch, &settings.transport,
			on_progress, s);
	cf_settings_clear(&settings);
	free(scratch);
	return err;
}

/* What our own machine cannot do ends it all; what a partner did is a line. */
static bool
is_ours(const struct cf_err *err)
{
	return err && err->code != CF_REFUSED && err->code != CF_REMOTE;
}

static void
set_outcome(struct cf_synced *o, const struct cf_err *err)
{
	if (err)
		o->outcome = *err;
}

static const struct cf_err *
process(struct cf_synced *o)
{
	struct cf_store *store = o->s->trust->store;
	const struct cf_err *err, *outcome = cf_err_again(o->fetch->err);

	err = cf_store_lock(store, "sync");
	if (err)
		return err;
	o->from = o->asked;
	o->has_from = o->has_asked;
	if (!outcome && !o->fetch->has_head)
		outcome = cf_err_rule(CF_REMOTE, "history.missing", "there is "
			"nothing at %s any more: the branch main is gone. What "
			"you have of them stays", o->fetch->url);
	if (!outcome)
		outcome = cf_sync_take(o);
	set_outcome(o, outcome);
	if (is_ours(outcome))
		err = outcome;
	cf_store_unlock(store);
	return err;
}

static const struct cf_err *
conclude(struct cf_synced *o)
{
	struct cf_store *store = o->s->trust->store;
	const struct cf_err *err = cf_store_lock(store, "sync");

	if (err)
		return err;
	err = cf_sync_settle(o);
	if (!err)
		err = cf_sync_line(o);
	cf_store_unlock(store);
	return err;
}

static const struct cf_err *
compare(struct cf_syncing *s)
{
	const struct cf_err *err = cf_store_lock(s->trust->store, "sync");

	if (err)
		return err;
	err = cf_witness_compare(s->result, &s->decide, s->trust);
	cf_store_unlock(s->trust->store);
	return err;
}

static const struct cf_err *
finish(struct cf_syncing *s)
{
	const struct cf_err *err;
	json_t *commons = NULL;
	bool conflict = false;

	err = cf_catch_up(s->trust);
	if (!err)
		err = cf_commons_state(&commons, s->trust);
	if (!err) {
		json_object_set_new(s->result, "commons", commons);
		err = cf_attention(json_object_get(s->result,
			"attention"), &conflict, s->trust, s->news);
		s->decide |= conflict;
	}
	if (!err)
		err = compare(s);
	if (err)
		return err;
	if (s->refused)
		return cf_err(CF_REFUSED, "a partner was refused; what you "
			"have of it stays as it was");
	if (s->decide)
		return cf_err(CF_DECIDE, "something needs your decision");
	if (s->unreachable)
		return cf_err(CF_REMOTE, "a partner could not be reached");
	return NULL;
}

static void
clear(struct cf_synced *o)
{
	if (o->fetch)
		cf_fetch_clear(o->fetch);
	cf_take_clear(&o->take);
	json_decref(o->restart);
	json_decref(o->fork);
	free(o->title);
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
		err = process(&s.one[i]);
	for (size_t i = 0; i < s.n && !err; i++)
		err = conclude(&s.one[i]);
	if (!err)
		err = finish(&s);
	if (json_object_get(s.result, "commons"))
		cf_compact_if_due(trust);
	for (size_t i = 0; i < s.n; i++)
		clear(&s.one[i]);
	if (json_object_get(s.result, "commons"))
		*out = json_incref(s.result);
	json_decref(s.result);
	json_decref(s.news);
	free(s.fetch);
	free(s.one);
	cf_partners_clear(&s.partners);
	return err;
}
