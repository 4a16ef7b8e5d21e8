/*
 * Judging a repository before its trust is followed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/offer.h"
#include "base/mem.h"

void
cf_offer_init_take(struct cf_offer *out, struct cf_trust *trust,
	const struct cf_told *told, char *url, const struct cf_relay *relay)
{
	*out = (struct cf_offer){ .trust = trust, .told = told, .url = url };
	if (relay) {
		out->relay = cf_trust_title(trust, relay->partner->trust);
		out->relay_id = cf_strdup(relay->partner->trust);
	}
	out->place = relay ? cf_asprintf("the copy at the host of %s (%s)",
		out->relay, url) : cf_asprintf("the repository at %s", url);
}

void
cf_offer_clear(struct cf_offer *o)
{
	cf_gate_clear(&o->gate);
	cf_quarantine_close(&o->quarantine);
	cf_fetch_clear(&o->fetch);
	free(o->url);
	free(o->relay);
	free(o->relay_id);
	free(o->place);
	*o = (struct cf_offer){ 0 };
}

static const struct cf_err *
fetch(struct cf_offer *o)
{
	struct cf_settings settings;
	char *scratch = cf_store_file(o->trust->store, "");
	const struct cf_err *err;

	o->fetch.url = o->url;
	o->fetch.of = o->relay ? o->told->id : NULL;
	err = cf_settings_read(&settings, o->trust->store, o->trust->ui);
	if (!err)
		err = cf_fetch_all(&o->fetch, 1, 1, o->trust->store, scratch,
			&settings.transport, NULL, NULL);
	cf_settings_clear(&settings);
	free(scratch);
	if (!err)
		err = cf_err_again(o->fetch.err);
	if (!err && (!o->fetch.has_head || o->fetch.quarantine == NULL))
		err = cf_err(CF_REMOTE, "there is no Confer repository at %s "
			"yet: its branch main is missing", o->url);
	return err ? err : cf_quarantine_open(&o->quarantine,
		o->fetch.quarantine, NULL);
}

/* Whose repository it is, by its first identity; the gate proves it after. */
static const struct cf_err *
claimed_id(struct cf_offer *o)
{
	struct cf_buf raw = CF_BUF(CF_MAX_IDENTITY);
	struct cf_odb *odb = o->quarantine.pack;
	struct cf_identity identity = { 0 };
	struct cf_str text, tree;
	struct cf_entry entry;
	struct cf_oid oid;
	const struct cf_err *err;
	bool found = false;

	err = cf_odb_read(&raw, odb, &o->fetch.head, CF_COMMIT);
	text = (struct cf_str){ raw.data, raw.len };
	if (!err && cf_str_skip(&text, "tree ") &&
		cf_str_cut(&tree, &text, text, '\n') &&
		cf_oid_parse(&oid, tree))
		err = cf_tree_find(&entry, &found, odb, &oid,
			"keys/0001.json");
	if (!err && !found)
		err = cf_err_rule(CF_REFUSED, "identity.missing", "%s is not "
			"one of Confer's", o->place);
	if (!err)
		err = cf_odb_read(&raw, odb, &entry.oid, CF_BLOB);
	if (!err)
		err = cf_identity_read(&identity,
			(struct cf_str){ raw.data, raw.len });
	if (!err)
		memcpy(o->id, identity.digest.text, sizeof o->id);
	else if (err->code == CF_REFUSED && found)
		err = cf_err_wrap(err, "%s is refused", o->place);
	cf_identity_clear(&identity);
	cf_buf_clear(&raw);
	return err;
}

/* The id that was told to us by another way must be the one that is there. */
static const struct cf_err *
check_told(struct cf_offer *o)
{
	const char *want[] = { o->told->id, cf_json_str(o->told->card,
		"trust") };

	for (size_t i = 0; i < 2; i++) {
		if (want[i] == NULL)
			continue;
		if (strcmp(want[i], o->id) != 0)
			return cf_err_rule(CF_REFUSED, "partner.id", "%s "
				"belongs to another trust (%s) than the one "
				"you named (%s). Check both with them on the "
				"telephone", o->place, o->id, want[i]);
		o->certain = true;
	}
	if (strcmp(o->id, o->trust->id) == 0)
		return cf_err(CF_INVALID, "that is your own repository");
	return NULL;
}

static const struct cf_err *
on_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct cf_offer *o = payload;
	const char *head = cf_json_str(o->told->card, "head");
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &commit->oid);
	o->has_card_head |= head && strcmp(head, hex) == 0;
	return NULL;
}

/*
 * The whole history, from the first commit, before anybody is asked: nothing is
 * locked and nothing kept while a person telephones.
 */
static const struct cf_err *
judge(struct cf_offer *o)
{
	const struct cf_gate_sink sink = { .payload = o,
		.commit = on_commit };
	struct cf_refusal refusal;
	const struct cf_err *err;

	err = cf_gate_run(&o->gate, o->quarantine.pack, o->quarantine.all,
		&o->fetch.head, &sink, &refusal);
	if (err && err->code == CF_REFUSED)
		err = cf_err_rule(CF_REFUSED, err->rule, "%s is refused: "
			"%s%s%s. %s", o->place, err->msg,
			refusal.path[0] ? ", in " : "", refusal.path,
			cf_refusal_advice(refusal.rule));
	if (!err && strcmp(cf_chain_trust(&o->gate.chain), o->id) != 0)
		cf_bug("a chain that does not begin with its first identity");
	return err;
}

/* A card is the first pin: what is there goes on from the commit that it names. */
static const struct cf_err *
check_card_pin(const struct cf_offer *o)
{
	json_int_t sequence = json_integer_value(json_object_get(o->told->card,
		"sequence"));

	if (o->told->card == NULL || o->has_card_head)
		return NULL;
	if ((json_int_t)o->gate.sequence < sequence)
		return cf_err_rule(CF_REFUSED, "history.rollback", "%s is "
			"older than the card says: its newest entries are "
			"missing. Ask them to publish again", o->place);
	return cf_err_rule(CF_REFUSED, "history.diverged", "%s is not the one "
		"that the card was made from: its history was replaced. "
		"Telephone them", o->place);
}

const struct cf_err *
cf_offer_examine(struct cf_offer *o)
{
	const struct cf_err *err = fetch(o);

	if (!err)
		err = claimed_id(o);
	if (!err)
		err = check_told(o);
	if (!err)
		err = judge(o);
	return err ? err : check_card_pin(o);
}

/* --- copies ---------------------------------------------------------------- */

/* Asks the hosts of all partners what they list. */
static const struct cf_err *
look(struct cf_fetch *fetch, const struct cf_partners *partners,
	struct cf_trust *trust)
{
	char *scratch = cf_store_file(trust->store, "");
	struct cf_settings settings;
	const struct cf_err *err;

	for (size_t i = 0; i < partners->n; i++)
		fetch[i] = (struct cf_fetch){ .look = true,
			.url = partners->partner[i].url };
	err = cf_settings_read(&settings, trust->store, trust->ui);
	if (!err && partners->n)
		err = cf_fetch_all(fetch, partners->n, CF_SYNC_JOBS,
			trust->store, scratch, &settings.transport, NULL, NULL);
	cf_settings_clear(&settings);
	free(scratch);
	return err;
}

/* Keeps the better of two; a copy that is not in order is as if it were not
 * there. What this machine cannot do ends it. */
static const struct cf_err *
take_better(struct cf_offer *best, struct cf_offer *next)
{
	const struct cf_err *err = cf_offer_examine(next);

	if (err && err->code != CF_REFUSED && err->code != CF_REMOTE)
		return err;
	if (!err && next->gate.sequence > best->gate.sequence) {
		struct cf_offer other = *best;

		*best = *next;
		*next = other;
	}
	return NULL;
}

const struct cf_err *
cf_offer_relayed(struct cf_offer *out, struct cf_trust *trust,
	const struct cf_told *told, const char *id)
{
	struct cf_partners partners = { 0 };
	struct cf_relay *relay = NULL;
	struct cf_fetch *fetch = NULL;
	struct cf_shows shows = { .n = 0 };
	const struct cf_err *err = cf_partners_read(&partners, trust);

	*out = (struct cf_offer){ 0 };
	if (err)
		return err;
	fetch = cf_calloc(partners.n, sizeof *fetch);
	relay = cf_calloc(partners.n, sizeof *relay);
	err = look(fetch, &partners, trust);
	for (size_t i = 0; i < partners.n && !err; i++) {
		const struct cf_copy *copy;

		relay[i] = (struct cf_relay){ &partners.partner[i],
			fetch[i].url, fetch[i].copies, fetch[i].n_copies };
		copy = cf_relay_copy(&relay[i], id);
		if (copy)
			cf_shows_add(&shows, &relay[i], &copy->head);
	}
	for (size_t i = 0; i < shows.n && !err; i++) {
		struct cf_offer next;

		cf_offer_init_take(&next, trust, told,
			cf_strdup(shows.shown[i].relay->url),
			shows.shown[i].relay);
		err = take_better(out, &next);
		cf_offer_clear(&next);
	}
	if (!err && out->gate.sequence == 0)
		err = cf_err(CF_NOT_FOUND, "no partner of yours relays it");
	for (size_t i = 0; i < partners.n; i++)
		cf_fetch_clear(&fetch[i]);
	free(fetch);
	free(relay);
	cf_partners_clear(&partners);
	if (err)
		cf_offer_clear(out);
	return err;
}
