/*
 * Shutting out a key; and, where it was in the wrong hands, beginning history
 * again without what it signed since.
 */
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/identity.h"
#include "base/mem.h"

struct revoking {
	const struct cf_revoke *what;
	struct cf_trust *trust;
	json_t *signers;		/* {commit: did} of what came after base */
	struct cf_restarting restart;
};

static const char *const reasons[] = { "superseded", "lost", "compromised" };

static const struct cf_err *
check_reason(const char *reason)
{
	for (size_t i = 0; i < 3; i++)
		if (reason && strcmp(reason, reasons[i]) == 0)
			return NULL;
	return cf_err(CF_USAGE, "say why the key is shut out: --reason "
		"superseded, lost or compromised (in the wrong hands)");
}

/* A reason may become compromised, and nothing else. */
static const struct cf_err *
check_before(const char *was, const char *is)
{
	if (strcmp(was, is) == 0)
		return cf_err(CF_EXISTS, "that key was shut out already (%s)",
			was);
	if (strcmp(is, "compromised") != 0)
		return cf_err(CF_INVALID, "that key was shut out already (%s), "
			"and the reason may only become compromised", was);
	return NULL;
}

static const struct cf_err *
check_key(struct cf_next *next, const struct cf_revoke *what)
{
	json_t *root = json_object_get(next->doc, "rootKeys");
	json_t *publish = json_object_get(next->doc, "publishKeys");
	const char *was = cf_chain_revoked(&next->trust->own.chain, what->key);

	/* A key that is shut out may have done harm that is seen later. */
	if (was && !(what->base && strcmp(was, "compromised") == 0))
		return check_before(was, what->reason);
	if (!was && !cf_json_has(root, what->key) &&
		!cf_json_has(publish, what->key))
		return cf_err(CF_NOT_FOUND, "no key of this trust is called "
			"%s; 'confer key list' shows them", what->key);
	if (json_array_size(root) == 1 && cf_json_has(root, what->key))
		return cf_err(CF_INVALID, "that is the last recovery sheet. "
			"'confer key rotate --root' makes new ones and shuts "
			"it out");
	return NULL;
}

static const struct cf_err *
edit_revoke(struct cf_next *next, const void *data)
{
	const struct cf_revoke *what = data;
	const struct cf_err *err = check_key(next, what);
	char base[CF_OID_TEXT];

	if (err)
		return err;
	cf_next_revoke(next->doc, what->key, what->reason);
	if (next->fresh.key)
		cf_next_list(next->doc, "publishKeys",
			cf_seckey_public(next->fresh.key)->did);
	if (next->restart) {
		cf_oid_hex(base, &next->restart->base.head);
		json_object_set_new(next->doc, "restart", json_pack(
			"{s:s, s:s}", "reason", next->restart->reason, "base",
			base));
	}
	return NULL;
}

/* Whether it is the key with which this machine publishes. */
static const struct cf_err *
is_ours(bool *out, struct cf_trust *trust, const char *did)
{
	char *own = NULL;
	const struct cf_err *err = cf_own_key(&own, trust,
		cf_publish_keys(trust));

	*out = !err && own && strcmp(own, did) == 0;
	free(own);
	return err;
}

/* The commit of our main that `text` names: by its number, or by eight or more
 * characters of its id. */
static const struct cf_err *
find_base(struct cf_gate *out, struct cf_trust *trust, const char *text)
{
	struct cf_odb *odb = cf_store_odb(trust->store);
	const struct cf_gate nothing = { 0 };
	struct cf_line all = { 0 };
	const struct cf_err *err;
	uint64_t number = 0;
	bool by_number = cf_str_u64(cf_str(text), &number, 9999999);
	size_t hits = 0, at = 0;

	if (!by_number && strlen(text) < 8)
		return cf_err(CF_USAGE, "--base is the last entry that is "
			"good: its number, or 8 or more characters of its "
			"commit. 'confer key log' shows them");
	err = cf_line_read(&all, odb, &nothing, &trust->own.head);
	for (size_t i = 0; i < all.n && !err; i++) {
		char hex[CF_OID_TEXT];

		cf_oid_hex(hex, &all.step[i].oid);
		if (by_number ? all.step[i].sequence == number :
			cf_starts(hex, text)) {
			hits++;
			at = i;
		}
	}
	if (!err && hits != 1)
		err = cf_err(CF_NOT_FOUND, "there is %s entry %s; "
			"'confer key log' shows them", hits ? "more than one" :
			"no", text);
	if (!err)
		err = cf_gate_load(out, odb, &all.step[at].oid);
	cf_line_clear(&all);
	return err;
}

/* Who signed what came after the base. */
static const struct cf_err *
read_signers(struct revoking *r)
{
	struct cf_odb *odb = cf_store_odb(r->trust->store);
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_line line = { 0 };
	const struct cf_err *err;

	json_decref(r->signers);
	r->signers = json_object();
	err = cf_line_read(&line, odb, &r->restart.base, &r->trust->own.head);
	for (size_t i = 0; i < line.n && !err; i++) {
		char hex[CF_OID_TEXT];
		struct cf_pubkey signer;
		struct cf_commit c;

		err = cf_odb_read(&raw, odb, &line.step[i].oid, CF_COMMIT);
		if (!err)
			err = cf_commit_parse(&c,
				(struct cf_str){ raw.data, raw.len });
		if (!err)
			err = cf_commit_verify(&signer, &c);
		cf_oid_hex(hex, &line.step[i].oid);
		if (!err)
			json_object_set_new(r->signers, hex,
				json_string(signer.did));
	}
	cf_line_clear(&line);
	cf_buf_clear(&raw);
	return err;
}

/* What another key signed is good, and what our user says is. */
static bool
is_good(void *payload, const struct cf_step *step,
	const struct cf_record *record)
{
	const struct revoking *r = payload;
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &step->oid);
	for (size_t i = 0; i < r->what->n_keep; i++)
		if (cf_starts(record->id.text, r->what->keep[i]) ||
			cf_starts(hex, r->what->keep[i]) ||
			strcmp(record->version.text, r->what->keep[i]) == 0)
			return true;
	return strcmp(cf_json_str(r->signers, hex), r->what->key) != 0;
}

static const struct cf_err *
check_keep(const struct cf_revoke *what)
{
	for (size_t i = 0; i < what->n_keep; i++)
		if (strlen(what->keep[i]) < 8)
			return cf_err(CF_USAGE, "--keep is a record or a "
				"commit, by 8 or more characters of its id, "
				"not '%s'", what->keep[i]);
	if (what->base && strcmp(what->reason, "compromised") != 0)
		return cf_err(CF_USAGE, "history begins again only for a key "
			"in the wrong hands: --reason compromised");
	if (what->base == NULL && (what->n_keep || what->dry_run))
		return cf_err(CF_USAGE, "--keep and --dry-run go with --base");
	return NULL;
}

static void
name_all(struct cf_buf *out, const char *what, const json_t *list)
{
	const json_t *one;
	size_t i;

	if (json_array_size(list))
		cf_buf_printf(out, "%s\n", what);
	json_array_foreach(list, i, one) {
		cf_buf_printf(out, "    %s\n", cf_json_str(one, "title"));
	}
}

/* Shows what leaves before anybody types a sheet. */
static const struct cf_err *
ask(const struct revoking *r)
{
	const json_t *info = r->restart.info;
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err;

	cf_buf_printf(&text, "Your history begins again after entry %lld.\n\n",
		(long long)json_integer_value(json_object_get(info,
		"sequence")));
	name_all(&text, "What the key signed since then leaves:",
		json_object_get(info, "left"));
	name_all(&text, "This comes back to you as drafts, because it builds "
		"on that:", json_object_get(info, "drafts"));
	name_all(&text, "This is published again as it is:",
		json_object_get(info, "again"));
	cf_buf_puts(&text, "\n--keep names records of yours that are to stay.");
	err = cf_ask_final(r->trust->ui, r->what->yes, &(struct cf_final){
		text.data, "Is that right?", NULL });
	cf_buf_clear(&text);
	return err;
}

/* Begins history again; or (dry_run) only says what would become of it. */
static const struct cf_err *
restart(json_t **out, struct revoking *r, struct cf_next *next)
{
	const struct cf_err *err;

	err = next->how->no_push ? NULL : cf_see_host(r->trust);
	if (!err)
		err = find_base(&r->restart.base, r->trust, r->what->base);
	if (!err)
		err = read_signers(r);
	if (!err)
		err = cf_restart_plan(&r->restart, r->trust);
	if (!err && r->what->dry_run) {
		*out = json_pack("{s:O}", "restart", r->restart.info);
		return NULL;
	}
	if (!err)
		err = ask(r);
	next->restart = &r->restart;
	return err ? err : cf_next_run(out, next, edit_revoke, r->what);
}

const struct cf_err *
cf_key_revoke(json_t **out, struct cf_trust *trust,
	const struct cf_revoke *what, const struct cf_renew *how)
{
	struct revoking r = { .what = what, .trust = trust,
		.restart = { .reason = "key-compromise", .keep = is_good } };
	struct cf_next next = { .trust = trust, .how = how,
		.line = "Shut a key out" };
	const struct cf_err *err = check_reason(what->reason);
	bool ours = false;

	*out = NULL;
	r.restart.payload = &r;
	if (!err)
		err = check_keep(what);
	if (!err)
		err = is_ours(&ours, trust, what->key);
	if (err)
		return err;
	if (ours)
		next.fresh.key = cf_seckey_new();
	next.sign_again = strcmp(what->reason, "compromised") == 0;
	err = what->base ? restart(out, &r, &next) : cf_next_run(out, &next,
		edit_revoke, what);
	cf_new_key_clear(&next.fresh, trust->id, true);
	cf_gate_clear(&r.restart.base);
	json_decref(r.restart.info);
	json_decref(r.signers);
	return err;
}
