/*
 * Where a partner's records come from when the address that is set does not do:
 * other addresses that the partner's identity names, in their order, then copies
 * at the hosts of those who relay. Whoever sent it, what counts is the partner's
 * own signatures; a host that lags or lies is passed over, and named.
 */
#include <stdlib.h>
#include <string.h>

#include "app/sync.h"
#include "base/mem.h"

/* Questions that are asked at the same time. */
struct round {
	struct cf_syncing *s;
	struct try {
		struct cf_synced *of;
		const struct cf_relay *relay;	/* NULL: an address of theirs */
	} *try;
	struct cf_fetch *fetch;		/* beside them */
	size_t n, cap, cap_fetch;
};

static bool
is_pending(const struct cf_synced *o)
{
	return o->outcome.code != 0;
}

static const struct cf_err *
add_try(struct round *r, struct cf_synced *o, const char *url,
	const struct cf_relay *relay)
{
	struct cf_fetch *fetch;

	r->try = cf_grow(r->try, r->n, &r->cap, sizeof *r->try);
	r->fetch = cf_grow(r->fetch, r->n, &r->cap_fetch, sizeof *r->fetch);
	r->try[r->n] = (struct try){ o, relay };
	fetch = &r->fetch[r->n++];
	*fetch = (struct cf_fetch){ .url = url,
		.of = relay ? o->partner->trust : NULL };
	return cf_sync_ask(o, fetch);
}

static void
round_clear(struct round *r)
{
	for (size_t i = 0; i < r->n; i++)
		cf_fetch_clear(&r->fetch[i]);
	free(r->try);
	free(r->fetch);
	*r = (struct round){ .s = r->s };
}

static void
on_progress(void *payload, const struct cf_fetch *fetch)
{
	const struct round *r = payload;
	const struct try *t = &r->try[fetch - r->fetch];
	const struct cf_ui *ui = r->s->trust->ui;
	char *what;

	if (ui->progress == NULL)
		return;
	what = cf_asprintf("Fetching from %s", t->relay ?
		t->relay->partner->name : t->of->partner->name);
	ui->progress(ui->payload, what, fetch->objects, 0);
	free(what);
}

static const struct cf_err *
fetch_round(struct round *r)
{
	struct cf_syncing *s = r->s;
	char *scratch = cf_store_file(s->trust->store, "");
	const struct cf_err *err = NULL;

	if (r->n)
		err = cf_fetch_all(r->fetch, r->n, s->jobs, s->trust->store,
			scratch, &s->settings.transport, on_progress, r);
	free(scratch);
	return err;
}

/* How a source answered; `why` NULL: as the verdict says. */
static void
tell(struct cf_synced *o, const char *url, const struct cf_relay *relay,
	const char *verdict, const struct cf_err *why)
{
	char *name = relay ? cf_trust_title(o->s->trust,
		relay->partner->trust) : NULL;

	if (o->sources == NULL)
		o->sources = json_array();
	json_array_append_new(o->sources, json_pack("{s:s, s:s, s:s*, s:s*, "
		"s:s*, s:s*}", "url", url, "verdict", verdict, "trust",
		relay ? relay->partner->trust : NULL, "name", name, "rule",
		why && why->rule[0] ? why->rule : NULL, "detail",
		why ? why->msg : NULL));
	free(name);
}

static const char *
word_of(const struct cf_err *why)
{
	if (why->code != CF_REFUSED)
		return "unreachable";
	return strcmp(why->rule, "history.rollback") == 0 ||
		strcmp(why->rule, "history.era") == 0 ? "behind" : "refused";
}

/* What an earlier source brought in the same sync is news as well. */
static void
add_earlier(struct cf_take *now, const struct cf_take *before)
{
	json_t *entry, *later;
	const char *id;

	json_object_foreach(before->run.news, id, entry) {
		later = json_object_get(now->run.news, id);
		if (later == NULL)
			json_object_set(now->run.news, id, entry);
		else if (strcmp(cf_json_str(entry, "change"), "new") == 0)
			json_object_set(later, "change",
				json_object_get(entry, "change"));
	}
	now->run.commits += before->run.commits;
	now->run.versions += before->run.versions;
	now->identities = before->identities;
}

/* What there was before a source was tried. */
struct before {
	struct cf_err outcome;
	struct cf_fetch *fetch;
	struct cf_take take;
	struct cf_oid from, seen;
	const char *where;
	bool taken, has_from;
};

static struct before
put_by(struct cf_synced *o)
{
	struct before b = { o->outcome, o->fetch, o->take, o->from, o->seen,
		o->where, o->taken, o->has_from };

	o->take = (struct cf_take){ 0 };
	o->taken = false;
	return b;
}

static void
put_back(struct cf_synced *o, const struct before *b)
{
	cf_take_clear(&o->take);
	o->outcome = b->outcome;
	o->take = b->take;
	o->taken = b->taken;
	o->seen = b->seen;
	o->where = b->where;
	o->from = b->from;
	o->has_from = b->has_from;
}

/* The source is good, and its host may list copies of others. */
static void
pass(struct cf_synced *o, struct before *b, struct cf_fetch *fetch)
{
	if (b->taken) {
		o->from = b->from;
		o->has_from = b->has_from;
	}
	if (b->taken && o->taken)
		add_earlier(&o->take, &b->take);
	if (b->taken && !o->taken) {
		cf_take_clear(&o->take);
		o->take = b->take;
		o->taken = true;
	} else {
		cf_take_clear(&b->take);
	}
	if (fetch->of)
		return;
	free(b->fetch->copies);
	b->fetch->copies = fetch->copies;
	b->fetch->n_copies = fetch->n_copies;
	fetch->copies = NULL;
	fetch->n_copies = 0;
	o->answered = fetch->url;
	o->shown = fetch->head;
	o->has_shown = true;
}

/*
 * Judges what one source sent. Theirs is good where it passes; a copy at
 * somebody else's only where it has something new: that it has nothing may be the
 * relay's fault. What a relay shows never makes the partner refused.
 */
static const struct cf_err *
try_one(const struct try *t, struct cf_fetch *fetch)
{
	struct cf_synced *o = t->of;
	const char *url = fetch->url;
	struct before b = put_by(o);
	const struct cf_err *err;
	bool news;

	/* One host more or less is no reason to end it all. */
	if (fetch->err && fetch->err->code != CF_REFUSED) {
		tell(o, url, t->relay, "unreachable", fetch->err);
		put_back(o, &b);
		return NULL;
	}
	o->fetch = fetch;
	err = cf_sync_judge(o);
	o->fetch = b.fetch;
	if (err) {
		put_back(o, &b);
		return err;
	}
	news = o->taken || o->take.gate.left.is;
	if (o->outcome.code == 0 && (news || t->relay == NULL)) {
		tell(o, url, t->relay, news ? "taken" : "same", NULL);
		pass(o, &b, fetch);
		return NULL;
	}
	if (o->outcome.code == 0)
		tell(o, url, t->relay, "same", NULL);
	else
		tell(o, url, t->relay, word_of(&o->outcome), &o->outcome);
	if (t->relay == NULL && b.outcome.code != CF_REFUSED &&
		strcmp(word_of(&o->outcome), "refused") == 0)
		cf_take_clear(&b.take);
	else
		put_back(o, &b);
	return NULL;
}

/* The addresses that they name, without the one that is set. */
static const struct cf_err *
read_urls(struct cf_synced *o)
{
	struct cf_gate pin = { 0 };
	const struct cf_err *err = NULL;
	json_t *urls, *url;
	size_t i;

	o->urls = json_array();
	if (o->has_asked)
		err = cf_gate_load(&pin, cf_store_odb(o->s->trust->store),
			&o->asked);
	if (err || !o->has_asked)
		return err;
	urls = json_object_get(cf_chain_now(&pin.chain)->doc, "urls");
	json_array_foreach(urls, i, url) {
		char *normal = NULL;
		bool local;

		if (cf_url_check(&normal, &local, json_string_value(url)) ==
			NULL && strcmp(normal, o->partner->url) != 0)
			json_array_append_new(o->urls, json_string(normal));
		free(normal);
	}
	cf_gate_clear(&pin);
	return NULL;
}

/* Their k-th other address, of all whose earlier ones did not do. */
static const struct cf_err *
ask_addresses(struct cf_syncing *s, size_t k, bool *more)
{
	struct round r = { .s = s };
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->n && !err; i++) {
		const char *url = json_string_value(json_array_get(
			s->one[i].urls, k));

		if (is_pending(&s->one[i]) && url)
			err = add_try(&r, &s->one[i], url, NULL);
	}
	*more = r.n > 0;
	if (!err)
		err = fetch_round(&r);
	for (size_t i = 0; i < r.n && !err; i++)
		err = try_one(&r.try[i], &r.fetch[i]);
	round_clear(&r);
	return err;
}

/* --- relays ---------------------------------------------------------------- */

/* All partners' hosts, as far as they answered. */
struct relays {
	struct cf_relay *relay;
	size_t n;
	struct cf_fetch *look;		/* of those that were not asked yet */
};

/* Where only some partners are asked, the others may be relays all the same. */
static const struct cf_err *
look(struct relays *out, struct cf_syncing *s)
{
	char *scratch = cf_store_file(s->trust->store, "");
	const struct cf_err *err = NULL;
	size_t n = 0;

	out->look = cf_calloc(s->partners.n, sizeof *out->look);
	for (size_t i = 0; i < s->partners.n; i++) {
		bool asked = false;

		for (size_t k = 0; k < s->n; k++)
			asked |= s->one[k].partner == &s->partners.partner[i];
		if (!asked)
			out->look[n++] = (struct cf_fetch){ .look = true,
				.url = s->partners.partner[i].url };
	}
	if (n)
		err = cf_fetch_all(out->look, n, s->jobs, s->trust->store,
			scratch, &s->settings.transport, NULL, NULL);
	free(scratch);
	return err;
}

/* `all`: those that were not chosen, too. */
static const struct cf_err *
find_relays(struct relays *out, struct cf_syncing *s, bool all)
{
	const struct cf_err *err = all ? look(out, s) : NULL;
	size_t looked = 0;

	out->relay = cf_calloc(s->partners.n, sizeof *out->relay);
	for (size_t i = 0; i < s->partners.n && !err; i++) {
		const struct cf_partner *p = &s->partners.partner[i];
		const struct cf_synced *o = NULL;
		const struct cf_fetch *fetch;

		for (size_t k = 0; k < s->n && !o; k++)
			o = s->one[k].partner == p ? &s->one[k] : NULL;
		if (o == NULL && !all)
			continue;
		fetch = o ? o->fetch : &out->look[looked++];
		if (fetch->n_copies)
			out->relay[out->n++] = (struct cf_relay){ p,
				o && o->answered ? o->answered : p->url,
				fetch->copies, fetch->n_copies };
	}
	return err;
}

static void
relays_clear(struct relays *r, const struct cf_syncing *s)
{
	for (size_t i = 0; r->look && i < s->partners.n; i++)
		cf_fetch_clear(&r->look[i]);
	free(r->look);
	free(r->relay);
}

/* A copy that leads nowhere is passed over without fetching it. */
static const struct cf_err *
consider(struct cf_shows *shows, struct cf_synced *o,
	const struct cf_relay *relay, const struct cf_copy *copy)
{
	struct cf_odb *odb = cf_store_odb(o->s->trust->store);
	const struct cf_err *why;

	/* Whose own host answered is behind only where there is more. */
	if (!is_pending(o)) {
		if (!cf_odb_has(odb, &copy->head))
			cf_shows_add(shows, relay, &copy->head);
		return NULL;
	}
	if ((o->has_asked && cf_oid_eq(&o->asked, &copy->head)) ||
		(o->has_waits && cf_oid_eq(&o->waits, &copy->head))) {
		tell(o, relay->url, relay, "same", NULL);
		return NULL;
	}
	if (o->has_asked && cf_odb_has(odb, &copy->head)) {
		why = cf_gate_unsent(odb, &o->asked, &copy->head);
		if (why && why->code != CF_REFUSED)
			return why;
		if (why && strcmp(why->rule, "history.rollback") == 0) {
			tell(o, relay->url, relay, "behind", why);
			return NULL;
		}
	}
	cf_shows_add(shows, relay, &copy->head);
	return NULL;
}

static const struct cf_err *
add_copies(struct round *r, struct cf_synced *o, const struct relays *relays)
{
	struct cf_shows shows = { .n = 0 };
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < relays->n && !err; i++) {
		const struct cf_copy *copy = cf_relay_copy(&relays->relay[i],
			o->partner->trust);

		if (copy)
			err = consider(&shows, o, &relays->relay[i], copy);
	}
	for (size_t i = 0; i < shows.n && !err; i++)
		err = add_try(r, o, shows.shown[i].relay->url,
			shows.shown[i].relay);
	return err;
}

/*
 * A copy of somebody whose own host did answer: that host may be stuck, or be made
 * to show an old state. Nothing is said unless the copy has more, or is not sound.
 */
static const struct cf_err *
try_newer(const struct try *t, struct cf_fetch *fetch)
{
	struct cf_synced *o = t->of;
	json_t *before = json_deep_copy(o->sources);
	const struct cf_err *err = try_one(t, fetch);
	const json_t *last = json_array_get(o->sources,
		json_array_size(o->sources) - 1);
	const char *verdict = last ? cf_json_str(last, "verdict") : "";
	bool taken = strcmp(verdict, "taken") == 0;

	if (!taken && strcmp(verdict, "refused") != 0) {
		json_decref(o->sources);
		o->sources = json_incref(before);
	} else if (before == NULL) {
		json_array_insert_new(o->sources, 0, json_pack(
			"{s:s, s:s, s:s*}", "url", o->fetch->url, "verdict",
			taken ? "behind" : "same", "detail",
			taken ? cf_sync_lags : NULL));
	}
	json_decref(before);
	return err;
}

/* Of those whose own addresses did not do; or (`pending` false) of the others,
 * as far as the hosts that were asked anyway list copies. */
static const struct cf_err *
ask_relays(struct cf_syncing *s, bool pending)
{
	struct round r = { .s = s };
	struct relays relays = { 0 };
	const struct cf_err *err = find_relays(&relays, s, pending);

	for (size_t i = 0; i < s->n && !err; i++)
		if (is_pending(&s->one[i]) == pending)
			err = add_copies(&r, &s->one[i], &relays);
	if (!err)
		err = fetch_round(&r);
	for (size_t i = 0; i < r.n && !err; i++)
		err = pending ? try_one(&r.try[i], &r.fetch[i]) :
			try_newer(&r.try[i], &r.fetch[i]);
	round_clear(&r);
	relays_clear(&relays, s);
	return err;
}

const struct cf_err *
cf_sync_elsewhere(struct cf_syncing *s)
{
	const struct cf_err *err = NULL;
	size_t pending = 0;
	bool more = true;

	for (size_t i = 0; i < s->n && !err; i++) {
		struct cf_synced *o = &s->one[i];

		if (!is_pending(o))
			continue;
		pending++;
		tell(o, o->fetch->url, NULL, word_of(&o->outcome), &o->outcome);
		err = read_urls(o);
	}
	if (err || pending == 0)
		return err ? err : ask_relays(s, false);
	for (size_t k = 0; more && !err; k++)
		err = ask_addresses(s, k, &more);
	pending = 0;
	for (size_t i = 0; i < s->n; i++)
		pending += is_pending(&s->one[i]);
	if (!err)
		err = ask_relays(s, false);
	return !err && pending ? ask_relays(s, true) : err;
}
