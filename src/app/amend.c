/*
 * Withdrawing a record, and signing what another trust wrote: one record, made
 * again from what stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/trust.h"
#include "base/clock.h"
#include "base/mem.h"

/* What withdraw and cosign have in common: one record, signed again. */
struct amend {
	struct cf_trust *trust;
	const char *verb;
	struct cf_base base;
	json_t *doc;		/* to sign */
	struct cf_uuid id;
};

static const struct cf_err *
begin_amend(struct amend *a, const char *id)
{
	const struct cf_err *err = cf_resolve_id(&a->id, a->trust, id);

	if (!err)
		err = cf_base_read(&a->base, a->trust, a->id.text);
	if (!err && a->base.doc == NULL)
		err = cf_err(CF_DECIDE, "the record %s waits for its owner: "
			"add that partner first", a->id.text);
	return err;
}

static const struct cf_err *
finish_amend(json_t *result, struct amend *a, const struct cf_seckey *key)
{
	struct cf_batch batch = { 0 };
	char path[CF_PATH_TEXT], hex[CF_OID_TEXT];
	char *title = cf_strdup(cf_record_title(a->doc));
	char *kind = cf_strdup(cf_json_str(a->doc, "kind"));
	struct cf_digest version;
	struct cf_oid commit;
	const struct cf_err *err;

	err = cf_batch_record_take(&batch, a->trust, key, a->doc, &version,
		path);
	a->doc = NULL;
	if (!err)
		err = cf_commit_batch(&commit, a->trust, &batch, a->verb, key);
	if (!err) {
		cf_oid_hex(hex, &commit);
		json_object_set_new(result, "commit", json_string(hex));
		json_array_append_new(json_object_get(result, "records"),
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "id",
			a->id.text, "kind", kind, "title", title, "version",
			version.text, "path", path, "already", 0));
	}
	cf_batch_clear(&batch);
	free(title);
	free(kind);
	return err;
}

typedef const struct cf_err *(*amend_fn)(struct amend *a, const void *what);

static const struct cf_err *
amend(json_t **out, struct amend *a, const char *id, amend_fn make,
	const void *what, bool push)
{
	json_t *result = json_pack("{s:[], s:b}", "records", "pushed", 0);
	struct cf_seckey *key = NULL;
	struct cf_err kept, *pull = NULL;
	const struct cf_err *err = push ? cf_pull_own(a->trust) : NULL;

	*out = NULL;
	if (err && cf_only_unreachable(err)) {
		kept = *err;
		pull = &kept;
		err = NULL;
	}
	if (!err)
		err = cf_host_ready(a->trust);
	if (!err)
		err = cf_open_key(&key, a->trust);
	if (!err)
		err = cf_store_lock(a->trust->store, a->verb);
	if (!err) {
		err = cf_catch_up(a->trust);
		if (!err)
			err = begin_amend(a, id);
		if (!err)
			err = make(a, what);
		if (!err)
			err = finish_amend(result, a, key);
		cf_store_unlock(a->trust->store);
	}
	cf_seckey_free(key);
	cf_base_clear(&a->base);
	json_decref(a->doc);
	if (!err && push)
		err = cf_push_result(result, a->trust, pull);
	cf_take_again(result, a->trust);
	cf_forget_key(a->trust);
	if (!err || json_object_get(result, "commit"))
		*out = json_incref(result);
	json_decref(result);
	return err;
}

/* `other`: the record in its place, where there is one. */
static const struct cf_err *
check_withdrawal(struct cf_uuid *other, const struct amend *a,
	const struct cf_withdraw *w)
{
	const json_t *doc = a->base.doc;

	if (strcmp(cf_json_str(doc, "owner"), a->trust->id) != 0)
		return cf_err(CF_INVALID, "only the owner of a record may "
			"withdraw it; this one belongs to another trust");
	if (strcmp(cf_json_str(doc, "status"), "withdrawn") == 0)
		return cf_err(CF_EXISTS, "the record is withdrawn already");
	return w->replacement ? cf_resolve_id(other, a->trust,
		w->replacement) : NULL;
}

static const struct cf_err *
make_withdrawal(struct amend *a, const void *what)
{
	const struct cf_withdraw *w = what;
	char now[CF_TIME_TEXT], salt[23];
	struct cf_uuid other = { "" };
	const json_t *doc = a->base.doc;
	const struct cf_err *err = check_withdrawal(&other, a, w);

	if (err)
		return err;
	cf_time_format(now, cf_now());
	cf_salt(salt);
	a->doc = json_pack("{s:s, s:O, s:O*, s:O, s:s, s:O, s:O, s:s, s:O, "
		"s:s, s:O, s:{s:s, s:s*}}", "id", a->id.text, "kind",
		json_object_get(doc, "kind"), "body",
		json_object_get(doc, "body"), "licence",
		json_object_get(doc, "licence"), "modified", now, "owner",
		json_object_get(doc, "owner"), "parents", a->base.parents,
		"salt", salt, "schema", json_object_get(doc, "schema"),
		"status", "withdrawn", "stewards",
		json_object_get(doc, "stewards"), "withdrawal", "reason",
		w->reason, "replacement", other.text[0] ? other.text : NULL);
	return a->doc ? NULL : cf_err(CF_INVALID,
		"the reason must be UTF-8 text");
}

/* An id is easily another one: the title is shown. */
static const struct cf_err *
ask_withdrawal(struct cf_trust *trust, const struct cf_withdraw *w)
{
	struct amend a = { .trust = trust };
	struct cf_uuid other;
	const struct cf_err *err = begin_amend(&a, w->id);
	char *text;

	if (!err)
		err = check_withdrawal(&other, &a, w);
	if (!err) {
		text = cf_asprintf("%s\n\n    %s\n\nEverybody will read, for "
			"good, that it is not to be relied on:\n\n    %s",
			a.id.text, cf_record_title(a.base.doc), w->reason);
		err = cf_ask_final(trust->ui, w->yes, &(struct cf_final){
			text, "Withdraw it?", NULL });
		free(text);
	}
	cf_base_clear(&a.base);
	return err;
}

const struct cf_err *
cf_withdraw(json_t **out, struct cf_trust *trust, const struct cf_withdraw *w)
{
	struct amend a = { .trust = trust, .verb = "Withdraw" };
	const struct cf_err *err;

	*out = NULL;
	if (w->reason == NULL || w->reason[strspn(w->reason, " \t\n")] == '\0')
		return cf_err(CF_USAGE, "say why, in a sentence that everybody "
			"may read: --reason \"…\"");
	err = ask_withdrawal(trust, w);
	return err ? err : amend(out, &a, w->id, make_withdrawal, w,
		!w->no_push);
}

static const struct cf_err *
make_cosignature(struct amend *a, const void *what)
{
	(void)what;
	if (json_is_true(json_object_get(a->base.row, "conflict")))
		return cf_err(CF_DECIDE, "the record is in conflict: trusts "
			"have changed it differently. Settle that first");
	if (!cf_json_has(json_object_get(a->base.doc, "stewards"),
		a->trust->id))
		return cf_err(CF_INVALID, "you are not a steward of this "
			"record; its owner can make you one");
	if (cf_json_has(json_object_get(a->base.row, "signers"), a->trust->id))
		return cf_err(CF_EXISTS, "your signature is on this version "
			"already");
	if (json_object_get(a->base.doc, "salt") == NULL)
		return cf_err(CF_DECIDE, "what stands is put together from "
			"several versions; publish it first ('confer new "
			"--from %s')", a->id.text);
	a->doc = json_deep_copy(a->base.doc);
	return NULL;
}

const struct cf_err *
cf_cosign(json_t **out, struct cf_trust *trust, const char *id, bool no_push)
{
	struct amend a = { .trust = trust, .verb = "Sign" };

	return amend(out, &a, id, make_cosignature, NULL, !no_push);
}
