/*
 * Sync: fetch from all partners, judge each, take in what is sound, merge once.
 * One that fails is one line, and the others go on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/erased.h"
#include "app/sync.h"
#include "app/witness.h"
#include "base/mem.h"

static const struct cf_err *
choose(struct cf_syncing *s, const char *const *names, size_t n)
{
	size_t all = n ? n : s->partners.n;

	s->one = cf_calloc(all, sizeof *s->one);
	for (size_t i = 0; i < all; i++) {
		struct cf_partner *p = n ? NULL : &s->partners.partner[i];
		const struct cf_err *err = n ? cf_partner_named(&p, s->trust,
			&s->partners, names[i]) : NULL;

		if (err)
			return err;
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
	what = cf_asprintf("Fetching from %s", i < s->n ?
		s->one[i].partner->name : "your own host");
	ui->progress(ui->payload, what, fetch->objects, 0);
	free(what);
}

/* What we have of a partner, to ask for the rest. A restart that waits is held:
 * it need not be sent again. */
const struct cf_err *
cf_sync_ask(struct cf_synced *o, struct cf_fetch *fetch)
{
	struct cf_store *store = o->s->trust->store;
	char *pin = cf_pin_name(o->partner->trust);
	char *held = cf_held_name(o->partner->trust);
	const struct cf_err *err;

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
fetch_all(struct cf_syncing *s)
{
	char *scratch = cf_store_file(s->trust->store, "");
	const struct cf_err *err;
	size_t n = s->n + (s->remote != NULL);

	s->fetch = cf_calloc(n, sizeof *s->fetch);
	if (s->remote)
		s->fetch[s->n] = (struct cf_fetch){ .url = s->remote,
			.have = s->trust->own.head, .has_have = true };
	err = cf_settings_read(&s->settings, s->trust->store, s->trust->ui);
	for (size_t i = 0; i < s->n && !err; i++) {
		s->one[i].fetch = &s->fetch[i];
		s->fetch[i].url = s->one[i].partner->url;
		err = cf_sync_ask(&s->one[i], &s->fetch[i]);
	}
	if (!err && n)
		err = cf_fetch_all(s->fetch, n, s->jobs, s->trust->store,
			scratch, &s->settings.transport, on_progress, s);
	free(scratch);
	return err;
}

/* What our own machine cannot do ends it all; what a partner did is a line. So is
 * whatever a child could not do: who knows what it met there. */
static bool
is_ours(const struct cf_err *err)
{
	return err && err->code != CF_REFUSED && err->code != CF_REMOTE;
}

static void
set_outcome(struct cf_synced *o, const struct cf_err *err)
{
	o->outcome = (struct cf_err){ 0 };
	if (err)
		o->outcome = *err;
	o->where = o->fetch->url;
	o->seen = o->fetch->head;
}

const struct cf_err *
cf_sync_judge(struct cf_synced *o)
{
	struct cf_store *store = o->s->trust->store;
	const struct cf_err *err, *outcome = cf_err_again(o->fetch->err);
	const bool fetched = outcome == NULL;

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
	if (fetched && is_ours(outcome))
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

/* The lines of all. What was noted before an error is written all the same. */
static const struct cf_err *
conclude_all(struct cf_syncing *s)
{
	const struct cf_err *err = NULL, *lost;

	for (size_t i = 0; i < s->n && !err; i++)
		err = conclude(&s->one[i]);
	lost = cf_store_lock(s->trust->store, "sync");
	if (lost)
		return err ? err : lost;
	lost = cf_last_sync_write(s->trust, s->notes);
	cf_store_unlock(s->trust->store);
	return err ? err : lost;
}

/* What another machine of ours has published, or begun again. */
static const struct cf_err *
own_host(struct cf_syncing *s)
{
	const struct cf_err *err;
	json_t *own = NULL;
	bool decide;

	if (s->remote == NULL)
		return NULL;
	err = cf_pull_look(&own, s->trust, &s->fetch[s->n]);
	json_object_set_new(s->result, "own", own);
	decide = err && err->code == CF_DECIDE;
	s->decide |= decide;
	s->own_refused = err && err->code == CF_REFUSED;
	s->own_unreachable = cf_only_unreachable(err);
	return decide || s->own_refused || s->own_unreachable ? NULL : err;
}

/* After all that, what we relay is what we have. */
static const struct cf_err *
relay(struct cf_syncing *s)
{
	const struct cf_fetch *host = s->remote && !s->fetch[s->n].err ?
		&s->fetch[s->n] : NULL;
	const struct cf_err *err = cf_relay_add(s->result, s->trust, host);

	s->own_unreachable |= cf_json_str(json_object_get(s->result, "relay"),
		"error") != NULL;
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

	err = own_host(s);
	if (!err)
		err = cf_catch_up(s->trust);
	if (!err) {
		cf_erased_finish(s->trust);
		err = cf_commons_state(&commons, s->trust);
	}
	if (!err) {
		json_object_set_new(s->result, "commons", commons);
		err = cf_attention(json_object_get(s->result,
			"attention"), &conflict, s->trust, s->news);
		s->decide |= conflict;
	}
	if (!err)
		err = compare(s);
	if (!err)
		err = relay(s);
	if (err)
		return err;
	if (s->own_refused)
		return cf_err(CF_REFUSED, "what is at your own host is not "
			"what you published");
	if (s->refused)
		return cf_err(CF_REFUSED, "a partner was refused; what you "
			"have of it stays as it was");
	if (s->decide)
		return cf_err(CF_DECIDE, "something needs your decision");
	if (s->unreachable)
		return cf_err(CF_REMOTE, "a partner could not be reached");
	if (s->own_unreachable)
		return cf_err(CF_REMOTE, "your own host could not be reached");
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
	json_decref(o->urls);
	json_decref(o->sources);
	free(o->title);
}

const struct cf_err *
cf_sync(json_t **out, struct cf_trust *trust, const char *const *names,
	size_t n, unsigned jobs)
{
	struct cf_syncing s = { .trust = trust, .news = json_array(),
		.notes = json_object(),
		.jobs = jobs == 0 ? CF_SYNC_JOBS : jobs < CF_SYNC_JOBS_MAX ?
			jobs : CF_SYNC_JOBS_MAX,
		.result = json_pack("{s:[], s:[], s:[]}", "partners", "attention",
		"splits") };
	const struct cf_err *err;

	*out = NULL;
	json_object_set(s.result, "new", s.news);
	err = cf_partners_read(&s.partners, trust);
	if (!err)
		err = choose(&s, names, n);
	/* Of some partners only: those are what is asked for. */
	if (!err && n == 0)
		err = cf_config_get(&s.remote, trust->store, "confer.remote");
	if (!err)
		err = fetch_all(&s);
	for (size_t i = 0; i < s.n && !err; i++) {
		err = cf_sync_judge(&s.one[i]);
		s.one[i].has_shown = s.one[i].outcome.code == 0;
		s.one[i].shown = s.one[i].fetch->head;
	}
	if (!err)
		err = cf_sync_elsewhere(&s);
	if (!err)
		err = cf_sync_excuse(&s);
	if (!err)
		err = conclude_all(&s);
	if (!err)
		err = finish(&s);
	if (json_object_get(s.result, "commons"))
		cf_compact_if_due(trust);
	for (size_t i = 0; i < s.n; i++)
		clear(&s.one[i]);
	if (s.remote && s.fetch)
		cf_fetch_clear(&s.fetch[s.n]);
	free(s.remote);
	if (json_object_get(s.result, "commons"))
		*out = json_incref(s.result);
	json_decref(s.result);
	json_decref(s.news);
	json_decref(s.notes);
	free(s.fetch);
	free(s.one);
	cf_settings_clear(&s.settings);
	cf_partners_clear(&s.partners);
	return err;
}
