/*
 * Partners: following a trust, once it is certain who it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "app/lastsync.h"
#include "base/mem.h"

struct adding {
	struct cf_trust *trust;
	const struct cf_partner_add *what;
	json_t *card;			/* or NULL */
	char *url;
	char *name;
	struct cf_fetch fetch;
	struct cf_quarantine quarantine;
	struct cf_gate gate;
	bool has_card_head;		/* the commit that the card names */
	struct cf_take take;
	char id[CF_DIGEST_TEXT];	/* of the repository at the address */
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

	if (a->what->card == NULL)
		return NULL;
	err = cf_json_read_path(&a->card, a->what->card, CF_MAX_IDENTITY);
	if (!err && !cf_schema_valid(cf_schema_of("card"), a->card, &faults))
		err = cf_err(CF_INVALID, "%s is not a partner card: %s %s",
			a->what->card, faults.n ? faults.fault[0].path : "",
			faults.n ? faults.fault[0].why : "");
	cf_schema_faults_clear(&faults);
	return err;
}

static const struct cf_err *
choose_url(struct adding *a)
{
	const char *url = a->what->url;
	bool local;

	if (url == NULL)
		url = json_string_value(json_array_get(json_object_get(a->card,
			"urls"), 0));
	if (url == NULL)
		return cf_err(CF_USAGE, "name the address of the partner's "
			"repository%s", a->card ? " (the card has none)" : "");
	return cf_url_check(&a->url, &local, url);
}

static const struct cf_err *
fetch(struct adding *a)
{
	struct cf_settings settings;
	char *scratch = cf_store_file(a->trust->store, "");
	const struct cf_err *err;

	a->fetch.url = a->url;
	err = cf_settings_read(&settings, a->trust->store, a->trust->ui);
	if (!err)
		err = cf_fetch_all(&a->fetch, 1, 1, a->trust->store, scratch,
			&settings.transport, NULL, NULL);
	cf_settings_clear(&settings);
	free(scratch);
	if (!err)
		err = cf_err_again(a->fetch.err);
	if (!err && (!a->fetch.has_head || a->fetch.quarantine == NULL))
		err = cf_err(CF_REMOTE, "there is no Confer repository at %s "
			"yet: its branch main is missing", a->url);
	return err ? err : cf_quarantine_open(&a->quarantine,
		a->fetch.quarantine, NULL);
}

/* Whose repository it is, by its first identity; the gate proves it after. */
static const struct cf_err *
claimed_id(struct adding *a)
{
	struct cf_buf raw = CF_BUF(CF_MAX_IDENTITY);
	struct cf_odb *odb = a->quarantine.pack;
	struct cf_identity identity = { 0 };
	struct cf_str text, tree;
	struct cf_entry entry;
	struct cf_oid oid;
	const struct cf_err *err;
	bool found = false;

	err = cf_odb_read(&raw, odb, &a->fetch.head, CF_COMMIT);
	text = (struct cf_str){ raw.data, raw.len };
	if (!err && cf_str_skip(&text, "tree ") &&
		cf_str_cut(&tree, &text, text, '\n') &&
		cf_oid_parse(&oid, tree))
		err = cf_tree_find(&entry, &found, odb, &oid,
			"keys/0001.json");
	if (!err && !found)
		err = cf_err_rule(CF_REFUSED, "identity.missing", "the "
			"repository at %s is not one of Confer's", a->url);
	if (!err)
		err = cf_odb_read(&raw, odb, &entry.oid, CF_BLOB);
	if (!err)
		err = cf_identity_read(&identity,
			(struct cf_str){ raw.data, raw.len });
	if (!err)
		memcpy(a->id, identity.digest.text, sizeof a->id);
	else if (err->code == CF_REFUSED && found)
		err = cf_err_wrap(err, "the repository at %s is refused",
			a->url);
	cf_identity_clear(&identity);
	cf_buf_clear(&raw);
	return err;
}

/* The id that was told to us by another way must be the one that is there. */
static const struct cf_err *
check_told(const struct adding *a, bool *told)
{
	const char *want[] = { a->what->id, cf_json_str(a->card, "trust") };

	*told = false;
	for (size_t i = 0; i < 2; i++) {
		if (want[i] == NULL)
			continue;
		if (strcmp(want[i], a->id) != 0)
			return cf_err_rule(CF_REFUSED, "partner.id", "the "
				"repository at %s belongs to another trust "
				"(%s) than the one you named (%s). Check both "
				"with them on the telephone", a->url, a->id,
				want[i]);
		*told = true;
	}
	if (strcmp(a->id, a->trust->id) == 0)
		return cf_err(CF_INVALID, "that is your own repository");
	return NULL;
}

static const struct cf_err *
on_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct adding *a = payload;
	const char *head = cf_json_str(a->card, "head");
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &commit->oid);
	a->has_card_head |= head && strcmp(head, hex) == 0;
	return NULL;
}

/*
 * The whole history, from the first commit, before anybody is asked: nothing is
 * locked and nothing kept while a person telephones.
 */
static const struct cf_err *
judge(struct adding *a)
{
	const struct cf_gate_sink sink = { .payload = a,
		.commit = on_commit };
	struct cf_refusal refusal;
	const struct cf_err *err;

	err = cf_gate_run(&a->gate, a->quarantine.pack, a->quarantine.all,
		&a->fetch.head, &sink, &refusal);
	if (err && err->code == CF_REFUSED)
		err = cf_err_rule(CF_REFUSED, err->rule, "the repository at %s "
			"is refused: %s%s%s. %s", a->url, err->msg,
			refusal.path[0] ? ", in " : "", refusal.path,
			cf_refusal_advice(refusal.rule));
	if (!err && strcmp(cf_chain_trust(&a->gate.chain), a->id) != 0)
		cf_bug("a chain that does not begin with its first identity");
	return err;
}

/* A card is the first pin: what is there goes on from the commit that it names. */
static const struct cf_err *
check_card_pin(const struct adding *a)
{
	json_int_t sequence = json_integer_value(json_object_get(a->card,
		"sequence"));

	if (a->card == NULL || a->has_card_head)
		return NULL;
	if ((json_int_t)a->gate.sequence < sequence)
		return cf_err_rule(CF_REFUSED, "history.rollback", "the "
			"repository at %s is older than the card says: its "
			"newest entries are missing. Ask them to publish "
			"again", a->url);
	return cf_err_rule(CF_REFUSED, "history.diverged", "the repository at "
		"%s is not the one that the card was made from: its history "
		"was replaced. Telephone them", a->url);
}

static const struct cf_err *
confirm(const struct adding *a, bool told)
{
	const struct cf_identity *now = cf_chain_now(&a->gate.chain);
	const struct cf_ui *ui = a->trust->ui;
	char safety[CF_SAFETY_TEXT], *text;
	bool yes;

	if (told)
		return NULL;
	cf_safety_number(safety, a->id);
	if (ui->confirm == NULL)
		return cf_err_rule(CF_DECIDE, "partner.unconfirmed", "compare "
			"the safety number of %s on the telephone: %s. Then "
			"add it with --id %s, or with its card (--card)",
			now->name, safety, a->id);
	text = cf_asprintf("The repository at %s says that it belongs to\n\n"
		"    %s\n\nIts safety number is\n\n    %s\n\nTelephone them, "
		"and ask them to read theirs out ('confer id').", a->url,
		now->name, safety);
	yes = ui->confirm(ui->payload, text, "Is it the same?");
	free(text);
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was added. If the "
		"numbers differ, somebody may be standing between you: check "
		"the address with them");
}

/* The plain letter under a Latin letter with an accent, from U+00C0 on; others
 * as they are. */
static int32_t
plain_letter(int32_t c)
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
		"aaaaaaaceeeeiiiidnooooo ouuuuyty";

	if (c >= 0xc0 && c <= 0xff)
		return plain[c - 0xc0];
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* ashby-trust: letters and digits of the name, joined by hyphens. */
static char *
slug(const char *title)
{
	struct cf_buf out = CF_BUF(40);
	struct cf_str rest = cf_str(title);

	while (rest.n) {
		int32_t c = plain_letter(cf_utf8_next(&rest));

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			cf_buf_putc(&out, (char)c);
		else if (out.len && out.data[out.len - 1] != '-')
			cf_buf_putc(&out, '-');
	}
	while (out.len && out.data[out.len - 1] == '-')
		out.data[--out.len] = '\0';
	if (out.len == 0)
		cf_buf_puts(&out, "partner");
	return cf_buf_take(&out);
}

static bool
name_allowed(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= 40 && name[0] != '-' && name[strspn(name,
		"abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static const struct cf_err *
not_followed(const struct adding *a, const struct cf_partners *partners)
{
	const struct cf_partner *same = cf_partners_find(partners, a->id);

	return same ? cf_err(CF_EXISTS, "you follow this trust already, as "
		"'%s'", same->name) : NULL;
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
	cf_partners_clear(&partners);
	return err;
}

static const struct cf_err *
choose_name(struct adding *a, const struct cf_partners *partners)
{
	const struct cf_err *err = not_followed(a, partners);

	if (err)
		return err;
	if (a->what->name && !name_allowed(a->what->name))
		return cf_err(CF_INVALID, "the name '%s' cannot be used: take "
			"small letters, digits and hyphens", a->what->name);
	if (partners->n >= CF_MAX_PARTNERS)
		return cf_err(CF_TOO_BIG, "you follow %u trusts already, which "
			"is the most", CF_MAX_PARTNERS);
	a->name = a->what->name ? cf_strdup(a->what->name) :
		slug(cf_chain_now(&a->gate.chain)->name);
	for (unsigned n = 2; cf_partners_find(partners, a->name); n++) {
		char *other;

		if (a->what->name)
			return cf_err(CF_EXISTS, "there is a partner called "
				"'%s' already; choose another --name",
				a->name);
		other = slug(cf_chain_now(&a->gate.chain)->name);
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
	char *pin = cf_pin_name(a->id);
	struct cf_oid old;
	const struct cf_err *err;
	bool found = false;

	err = cf_quarantine_accept(store, a->fetch.quarantine);
	if (!err)
		err = cf_ref_read(&old, &found, store, pin);
	if (!err)
		err = cf_ref_set(store, pin, &a->fetch.head,
			found ? &old : NULL);
	if (!err)
		err = cf_config_set(store, url_key, a->url);
	if (!err)
		err = cf_config_set(store, trust_key, a->id);
	free(trust_key);
	free(url_key);
	free(pin);
	return err;
}

static json_t *
result_of(const struct adding *a)
{
	const struct cf_identity *now = cf_chain_now(&a->gate.chain);
	char safety[CF_SAFETY_TEXT], head[CF_OID_TEXT];

	cf_safety_number(safety, a->id);
	cf_oid_hex(head, &a->fetch.head);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, "
		"s:O}",
		"name", a->name, "trust", a->id, "title", now->name, "role",
		now->role, "url", a->url, "safetyNumber", safety, "commit",
		head, "commits", (json_int_t)a->take.run.commits, "versions",
		(json_int_t)a->take.run.versions, "records",
		(json_int_t)json_object_size(a->take.run.news), "held",
		a->take.run.held);
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
	a->take = (struct cf_take){ .id = a->id, .fresh = a->quarantine.pack,
		.all = a->quarantine.all, .head = a->fetch.head };
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

const struct cf_err *
cf_partner_add(json_t **out, struct cf_trust *trust,
	const struct cf_partner_add *what)
{
	struct adding a = { .trust = trust, .what = what };
	const struct cf_err *err;
	struct cf_err kept;
	bool told = false;

	*out = NULL;
	err = check_id(what->id);
	if (!err)
		err = read_card(&a);
	if (!err)
		err = choose_url(&a);
	if (!err)
		err = fetch(&a);
	if (!err)
		err = claimed_id(&a);
	if (!err)
		err = check_told(&a, &told);
	if (!err)
		err = check_new(&a);
	if (!err)
		err = judge(&a);
	if (!err)
		err = check_card_pin(&a);
	if (!err)
		err = confirm(&a, told);
	if (!err)
		err = cf_store_lock(trust->store, "partner add");
	if (!err) {
		err = take_in(out, &a);
		if (!err)
			err = cf_catch_up(trust);
		if (!err)
			err = cf_last_sync_note(trust, a.id, "up-to-date",
				NULL);
		cf_store_unlock(trust->store);
	}
	if (err) {
		kept = *err;	/* a fetch's error lives in the fetch */
		err = cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
	}
	cf_gate_clear(&a.gate);
	cf_take_clear(&a.take);
	cf_quarantine_close(&a.quarantine);
	cf_fetch_clear(&a.fetch);
	json_decref(a.card);
	free(a.url);
	free(a.name);
	return err;
}
