/*
 * Partners: following a trust, once it is certain who it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/address.h"
#include "app/lastsync.h"
#include "app/offer.h"
#include "check/lookalike.h"
#include "base/mem.h"

struct adding {
	struct cf_trust *trust;
	const struct cf_partner_add *what;
	struct cf_told told;
	json_t *urls;			/* where they may be */
	struct cf_offer offer;		/* what was found */
	struct cf_err down;		/* why no address of theirs did */
	json_t *alike;			/* trusts whose names look the same */
	char *url;			/* that is kept */
	char *name;
	struct cf_take take;
};

/* Before anything is fetched: a slip of the pen is not an attack. */
static const struct cf_err *
check_id(const char *id)
{
	struct cf_digest digest;

	if (id == NULL || cf_digest_parse(&digest, cf_str(id)))
		return NULL;
	return cf_err(CF_INVALID, "%s is not a trust id: one begins with zQm "
		"and has 47 characters. Ask the partner for theirs ('confer "
		"id')", id);
}

static const struct cf_err *
read_card(struct adding *a)
{
	struct cf_schema_faults faults = { .max = 1 };
	const struct cf_err *err;

	a->told.id = a->what->id;
	if (a->what->card == NULL)
		return NULL;
	err = cf_json_read_path(&a->told.card, a->what->card, CF_MAX_IDENTITY);
	if (!err && !cf_schema_valid(cf_schema_of("card"), a->told.card,
		&faults))
		err = cf_err(CF_INVALID, "%s is not a partner card: %s %s",
			a->what->card, faults.n ? faults.fault[0].path : "",
			faults.n ? faults.fault[0].why : "");
	cf_schema_faults_clear(&faults);
	if (!err && a->told.id == NULL)
		a->told.id = cf_json_str(a->told.card, "trust");
	return err;
}

/* Where the repository may be: the address that was named, those of the card. */
static const struct cf_err *
choose_urls(struct adding *a)
{
	json_t *card = json_object_get(a->told.card, "urls"), *url;
	const struct cf_err *err = NULL;
	char *normal = NULL;
	bool local;
	size_t i;

	if (a->what->url) {
		err = cf_url_check(&normal, &local, a->what->url);
		if (!err)
			json_array_append_new(a->urls, json_string(normal));
		free(normal);
	}
	json_array_foreach(card, i, url) {
		if (err)
			break;
		err = cf_url_check(&normal, &local, json_string_value(url));
		if (!err && !cf_json_has(a->urls, normal))
			json_array_append_new(a->urls, json_string(normal));
		free(normal);
	}
	if (!err && json_array_size(a->urls) == 0 && a->told.id == NULL)
		err = cf_err(CF_USAGE, "name the address of the partner's "
			"repository");
	return err;
}

/* The first address that answers. What is there counts, good or bad. */
static const struct cf_err *
ask_addresses(struct adding *a)
{
	const struct cf_err *err = NULL;
	json_t *url;
	size_t i;

	json_array_foreach(a->urls, i, url) {
		cf_offer_clear(&a->offer);
		cf_offer_init_take(&a->offer, a->trust, &a->told,
			cf_strdup(json_string_value(url)), NULL);
		err = cf_offer_examine(&a->offer);
		if (err == NULL || err->code != CF_REMOTE)
			return err;
		if (i == 0)
			a->down = *err;
	}
	if (i == 0)
		a->down = *cf_err(CF_REMOTE, "you have named no address of "
			"theirs");
	return cf_err_again(&a->down);
}

/* Theirs, or where that does not answer a copy that a partner relays: whose it
 * is must be known then, since nobody vouches for a copy. */
static const struct cf_err *
find(struct adding *a)
{
	const struct cf_err *err = ask_addresses(a);
	struct cf_offer copy;

	if (err == NULL || err->code != CF_REMOTE)
		return err;
	if (a->told.id == NULL)
		return cf_err_rule(CF_REMOTE, a->down.rule, "%s. If a partner "
			"of yours relays it, their trust id (--id) or their "
			"card (--card) is enough", a->down.msg);
	err = cf_offer_relayed(&copy, a->trust, &a->told, a->told.id);
	if (err && err->code == CF_NOT_FOUND && !json_array_size(a->urls))
		err = cf_err(CF_USAGE, "name the address of the partner's "
			"repository%s. No partner of yours relays a copy that "
			"is in order", a->told.card ? " (the card has none)" :
			"");
	else if (err && err->code == CF_NOT_FOUND)
		err = cf_err_rule(CF_REMOTE, a->down.rule, "%s. No partner of "
			"yours relays a copy that is in order, either",
			a->down.msg);
	if (err)
		return err;
	cf_offer_clear(&a->offer);
	a->offer = copy;
	return NULL;
}

/* What is kept as their address. */
static const struct cf_err *
choose_address(struct adding *a)
{
	const struct cf_identity *now = cf_chain_now(&a->offer.gate.chain);
	const char *url = a->offer.relay ? json_string_value(json_array_get(
		a->urls, 0)) : a->offer.url;
	bool local;

	if (url == NULL)
		url = json_string_value(json_array_get(json_object_get(
			now->doc, "urls"), 0));
	if (url == NULL)
		return cf_err(CF_USAGE, "%s does not say where its repository "
			"is. Ask them for the address, and name it",
			now->name);
	return cf_url_check(&a->url, &local, url);
}

static void
add_alike(struct adding *a, const char *trust, const char *name,
	const char *title)
{
	char safety[CF_SAFETY_TEXT];

	if (!cf_names_alike(title, cf_chain_now(&a->offer.gate.chain)->name))
		return;
	cf_safety_number(safety, trust);
	json_array_append_new(a->alike, json_pack("{s:s, s:s*, s:s, s:s}",
		"trust", trust, "name", name, "title", title, "safetyNumber",
		safety));
}

/* Whoever wants to be taken for another takes a name that looks like theirs. */
static const struct cf_err *
find_alike(struct adding *a)
{
	struct cf_partners partners;
	const struct cf_err *err = cf_partners_read(&partners, a->trust);

	if (err)
		return err;
	add_alike(a, a->trust->id, NULL,
		cf_chain_now(&a->trust->own.chain)->name);
	for (size_t i = 0; i < partners.n; i++) {
		const struct cf_partner *p = &partners.partner[i];
		char *title = cf_trust_title(a->trust, p->trust);

		add_alike(a, p->trust, p->name, title);
		free(title);
	}
	cf_partners_clear(&partners);
	return NULL;
}

/* A sentence about the first of them, or "". The caller frees. */
static char *
alike_sentence(const struct adding *a)
{
	const json_t *one = json_array_get(a->alike, 0);
	char *sentence, *out;

	if (one == NULL)
		return cf_strdup("");
	sentence = cf_alike_sentence(cf_json_str(one, "title"),
		cf_json_str(one, "name"));
	out = cf_asprintf("%s. ", sentence);
	free(sentence);
	return out;
}

static const struct cf_err *
confirm(const struct adding *a)
{
	const struct cf_identity *now = cf_chain_now(&a->offer.gate.chain);
	const struct cf_ui *ui = a->trust->ui;
	char safety[CF_SAFETY_TEXT], *text, *care;
	const struct cf_err *err;
	bool yes;

	if (a->offer.certain)
		return NULL;
	cf_safety_number(safety, a->offer.id);
	care = alike_sentence(a);
	if (ui->confirm == NULL) {
		err = cf_err_rule(CF_DECIDE, "partner.unconfirmed", "%scompare "
			"the safety number of %s on the telephone: %s. Then "
			"add it with --id %s, or with its card (--card)", care,
			now->name, safety, a->offer.id);
		free(care);
		return err;
	}
	text = cf_asprintf("The repository at %s says that it belongs to\n\n"
		"    %s\n\n%s%sIts safety number is\n\n    %s\n\nTelephone "
		"them, and ask them to read theirs out ('confer id').", a->url,
		now->name, care, care[0] ? "\n\n" : "", safety);
	free(care);
	yes = ui->confirm(ui->payload, text, "Is it the same?");
	free(text);
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was added. If the "
		"numbers differ, somebody may be standing between you: check "
		"the address with them");
}

static const struct cf_err *
not_followed(const struct adding *a, const struct cf_partners *partners)
{
	const struct cf_partner *same = cf_partners_find(partners, a->offer.id);

	return same ? cf_err(CF_EXISTS, "you follow this trust already, as "
		"'%s'", same->name) : NULL;
}

/* Whose repository it is was certain before: only where it is asked is new. */
static const struct cf_err *
move(json_t **out, struct adding *a)
{
	struct cf_partners partners;
	const struct cf_err *err = cf_partners_read(&partners, a->trust);
	const struct cf_partner *p;

	if (err)
		return err;
	p = cf_partners_find(&partners, a->offer.id);
	if (p && !a->offer.relay && !a->what->name &&
		strcmp(p->url, a->url) != 0) {
		err = cf_store_lock(a->trust->store, "partner add");
		if (!err) {
			err = cf_partner_set_url(a->trust, p, a->url);
			cf_store_unlock(a->trust->store);
		}
		if (!err)
			*out = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name",
				p->name, "trust", p->trust, "title",
				cf_chain_now(&a->offer.gate.chain)->name,
				"url", a->url, "moved", p->url);
	}
	cf_partners_clear(&partners);
	return err;
}

/* A name that our user chose. */
static const struct cf_err *
check_name(const char *name, const struct cf_partners *partners)
{
	if (name && !cf_partner_name_ok(name))
		return cf_err(CF_INVALID, "the name '%s' cannot be used: take "
			"small letters, digits and hyphens", name);
	if (name && cf_partners_find(partners, name))
		return cf_err(CF_EXISTS, "there is a partner called '%s' "
			"already; choose another --name", name);
	return NULL;
}

/* Before anybody telephones in vain; under the lock it is asked again. */
static const struct cf_err *
check_new(const struct adding *a)
{
	struct cf_partners partners;
	const struct cf_err *err = cf_partners_read(&partners, a->trust);

	if (err)
		return err;
	err = not_followed(a, &partners);
	if (!err)
		err = check_name(a->what->name, &partners);
	cf_partners_clear(&partners);
	return err;
}

static const struct cf_err *
choose_name(struct adding *a, const struct cf_partners *partners)
{
	const struct cf_err *err = not_followed(a, partners);

	if (!err)
		err = check_name(a->what->name, partners);
	if (err)
		return err;
	if (partners->n >= CF_MAX_PARTNERS)
		return cf_err(CF_TOO_BIG, "you follow %u trusts already, which "
			"is the most", CF_MAX_PARTNERS);
	a->name = a->what->name ? cf_strdup(a->what->name) :
		cf_partner_slug(cf_chain_now(&a->offer.gate.chain)->name);
	for (unsigned n = 2; cf_partners_find(partners, a->name); n++) {
		char *other = cf_partner_slug(cf_chain_now(&a->offer.gate.chain)->name);

		free(a->name);
		a->name = cf_asprintf("%.36s-%u", other, n);
		free(other);
	}
	return NULL;
}

/* Objects, the pin, then the settings: a pin without settings is nothing, and of
 * the settings the trust id, which comes last, makes the partner real. */
static const struct cf_err *
keep(struct adding *a)
{
	struct cf_store *store = a->trust->store;
	char *trust_key = cf_asprintf("confer-partner.%s.trust", a->name);
	char *url_key = cf_asprintf("confer-partner.%s.url", a->name);
	char *pin = cf_pin_name(a->offer.id);
	struct cf_oid old;
	const struct cf_err *err;
	bool found = false;

	err = cf_quarantine_accept(store, a->offer.fetch.quarantine,
		&a->offer.fetch.head);
	if (!err)
		err = cf_ref_read(&old, &found, store, pin);
	if (!err)
		err = cf_ref_set(store, pin, &a->offer.fetch.head,
			found ? &old : NULL);
	if (!err)
		err = cf_config_set(store, url_key, a->url);
	if (!err)
		err = cf_config_set(store, trust_key, a->offer.id);
	free(trust_key);
	free(url_key);
	free(pin);
	return err;
}

static json_t *
result_of(const struct adding *a)
{
	const struct cf_identity *now = cf_chain_now(&a->offer.gate.chain);
	char safety[CF_SAFETY_TEXT], head[CF_OID_TEXT];
	json_t *out;

	cf_safety_number(safety, a->offer.id);
	cf_oid_hex(head, &a->offer.fetch.head);
	out = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, "
		"s:O}",
		"name", a->name, "trust", a->offer.id, "title", now->name,
		"role", now->role, "url", a->url, "safetyNumber", safety,
		"commit", head, "commits", (json_int_t)a->take.run.commits,
		"versions", (json_int_t)a->take.run.versions, "records",
		(json_int_t)json_object_size(a->take.run.news), "held",
		a->take.run.held);
	if (json_array_size(a->alike))
		json_object_set(out, "alike", a->alike);
	if (a->offer.relay)
		json_object_set_new(out, "via", json_pack(
			"{s:s, s:s, s:s, s:s}", "trust", a->offer.relay_id,
			"name", a->offer.relay, "url", a->offer.url, "why",
			a->down.msg));
	return out;
}

/* Into the index and the store, in one transaction. */
static const struct cf_err *
take_in(json_t **out, struct adding *a)
{
	struct cf_partners partners = { 0 };
	const struct cf_err *err;

	err = cf_index_begin(a->trust->index);
	if (err)
		return err;
	a->take = (struct cf_take){ .id = a->offer.id,
		.fresh = a->offer.quarantine.pack,
		.all = a->offer.quarantine.all, .head = a->offer.fetch.head };
	err = cf_take_main(&a->take, a->trust);
	if (!err)
		err = cf_partners_read(&partners, a->trust);
	if (!err)
		err = choose_name(a, &partners);
	if (!err)
		err = keep(a);
	cf_partners_clear(&partners);
	if (err) {
		cf_index_rollback(a->trust->index);
		return err;
	}
	*out = result_of(a);
	return cf_index_commit(a->trust->index);
}

static const struct cf_err *
add(json_t **out, struct adding *a)
{
	const struct cf_err *err = cf_store_lock(a->trust->store,
		"partner add");

	if (err)
		return err;
	err = take_in(out, a);
	if (!err)
		err = cf_catch_up(a->trust);
	if (!err)
		err = cf_last_sync_note(a->trust, a->offer.id, "up-to-date",
			NULL);
	cf_store_unlock(a->trust->store);
	return err;
}

const struct cf_err *
cf_partner_add(json_t **out, struct cf_trust *trust,
	const struct cf_partner_add *what)
{
	struct adding a = { .trust = trust, .what = what,
		.urls = json_array(), .alike = json_array() };
	const struct cf_err *err;
	struct cf_err kept;

	*out = NULL;
	err = check_id(what->id);
	if (!err)
		err = read_card(&a);
	if (!err)
		err = choose_urls(&a);
	if (!err)
		err = find(&a);
	if (!err)
		err = choose_address(&a);
	if (!err)
		err = move(out, &a);
	if (!err && !*out)
		err = check_new(&a);
	if (!err && !*out)
		err = find_alike(&a);
	if (!err && !*out)
		err = confirm(&a);
	if (!err && !*out)
		err = add(out, &a);
	if (err) {
		kept = *err;	/* a fetch's error lives in the fetch */
		err = cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
	}
	cf_take_clear(&a.take);
	cf_offer_clear(&a.offer);
	json_decref(a.told.card);
	json_decref(a.urls);
	json_decref(a.alike);
	free(a.url);
	free(a.name);
	return err;
}
