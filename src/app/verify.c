/*
 * The audit of a whole repository, from its first commit, trusting nothing
 * local.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/temp.h"

struct audit {
	const struct cf_ui *ui;
	char *url;
	bool local;
	char *scratch;
	struct cf_fetch fetch;
	struct cf_quarantine quarantine;
	struct cf_gate gate;
	struct cf_refusal refusal;
	unsigned long long commits, versions, records;
	int64_t since;
	json_t *signers;	/* {did: {key, commits, from, until}} */
	json_t *held;		/* {record id: {id, rule, path, why}} */
	unsigned identity;	/* of the newest commit so far */
	json_t *changes;	/* [{identity, since}], from the second on */
	const struct cf_there *there;	/* in the child: where it works */
};

static const struct cf_err *
on_commit(void *payload, const struct cf_gate_commit *commit)
{
	struct audit *a = payload;
	json_t *entry = json_object_get(a->signers, commit->signer);
	char when[CF_TIME_TEXT];

	cf_time_format(when, commit->time);
	if (a->commits++ == 0)
		a->since = commit->time;
	else if (commit->identity != a->identity)
		json_array_append_new(a->changes, json_pack("{s:i, s:s}",
			"identity", (int)commit->identity, "since", when));
	a->identity = commit->identity;
	if (entry == NULL) {
		entry = json_pack("{s:s, s:I, s:s, s:s}", "key",
			commit->signer, "commits", (json_int_t)0, "from", when,
			"until", when);
		json_object_set_new(a->signers, commit->signer, entry);
	}
	json_object_set_new(entry, "commits", json_integer(1 +
		json_integer_value(json_object_get(entry, "commits"))));
	json_object_set_new(entry, "until", json_string(when));
	return NULL;
}

static const struct cf_err *
on_version(void *payload, const struct cf_gate_version *v)
{
	struct audit *a = payload;

	a->versions++;
	if (v->first)
		a->records++;
	if (v->rule)
		json_object_set_new(a->held, v->id.text, json_pack(
			"{s:s, s:s, s:s, s:s}", "id", v->id.text, "rule",
			v->rule, "path", v->path, "why", v->why));
	else
		(void)json_object_del(a->held, v->id.text);
	return NULL;
}

static void
on_progress(void *payload, unsigned long long done, unsigned long long total)
{
	struct audit *a = payload;

	if (a->there)
		a->there->tick(a->there->link, done);
	else if (a->ui->progress)
		a->ui->progress(a->ui->payload, "Verifying", done, total);
}

static void
on_fetch(void *payload, const struct cf_fetch *fetch)
{
	struct audit *a = payload;

	if (a->ui->progress)
		a->ui->progress(a->ui->payload, a->local ? "Verifying" :
			"Reading", fetch->objects, 0);
}

/* A folder is judged where it is, by the child alone, which is the only one to
 * open a repository that we did not make. */
static const struct cf_err *judge_there(const struct cf_there *place);

static const struct cf_err *
get(struct audit *a)
{
	struct cf_settings settings;
	struct cf_store *here;
	const struct cf_err *err;

	err = cf_temp_new(&a->scratch, "verify");
	if (err)
		return err;
	a->fetch.url = a->url;
	/* How to reach hosts from here (proxy, authorities) is all that our own
	 * repository has to say in this, where there is one. */
	if (cf_store_open(&here, ".") != NULL)
		here = NULL;
	err = cf_settings_read(&settings, here, a->ui);
	if (a->local) {
		settings.transport.seconds = CF_AUDIT_SECONDS;
		a->fetch.there = judge_there;
		a->fetch.there_arg = a;
	}
	if (!err)
		err = cf_fetch_all(&a->fetch, 1, 1, NULL, a->scratch,
			&settings.transport, on_fetch, a);
	cf_settings_clear(&settings);
	cf_store_free(here);
	if (!err)
		err = cf_err_again(a->fetch.err);
	if (!err && !a->fetch.has_head)
		err = cf_err(CF_REMOTE, "there is no Confer repository at %s: "
			"its branch main is missing", a->url);
	return err;
}

/* From the first commit to the head. */
static const struct cf_err *
run_gate(struct audit *a, struct cf_odb *fresh, struct cf_odb *all)
{
	const struct cf_gate_sink sink = { .payload = a, .commit = on_commit,
		.version = on_version, .progress = on_progress };

	return cf_gate_run(&a->gate, fresh, all, &a->fetch.head, &sink,
		&a->refusal);
}

static bool
is_verdict(const struct audit *a, const struct cf_err *err)
{
	return err == NULL || (err->code == CF_REFUSED && a->refusal.rule[0]);
}

static const struct cf_err *
judge(struct audit *a)
{
	const struct cf_err *err;

	if (a->fetch.quarantine == NULL) {
		err = cf_gate_unsent(NULL, NULL, &a->fetch.head);
		cf_refusal_set(&a->refusal, err);
		return err;
	}
	err = cf_quarantine_open(&a->quarantine, a->fetch.quarantine, NULL);
	return err ? err : run_gate(a, a->quarantine.pack, a->quarantine.all);
}

static json_t *
values(json_t *object)
{
	json_t *out = json_array(), *value;
	const char *name;

	json_object_foreach(object, name, value)
		json_array_append(out, value);
	return out;
}

static json_t *
refusal_of(const struct audit *a)
{
	const struct cf_refusal *r = &a->refusal;

	return json_pack("{s:s, s:s, s:s*, s:s*, s:s}", "rule", r->rule,
		"detail", r->detail, "commit", r->commit[0] ? r->commit : NULL,
		"path", r->path[0] ? r->path : NULL, "advice",
		cf_refusal_advice(r->rule));
}

static json_t *
result_of(struct audit *a, bool refused)
{
	const struct cf_identity *now = cf_chain_now(&a->gate.chain);
	char head[CF_OID_TEXT], since[CF_TIME_TEXT];
	json_t *out;

	cf_oid_hex(head, &a->fetch.head);
	cf_time_format(since, a->since);
	out = json_pack("{s:s, s:s, s:s, s:I, s:i, s:I, s:I, s:I, s:s, s:o, "
		"s:o, s:O}", "verdict", refused ? "refused" : "verified", "url",
		a->url, "head", head, "sequence",
		(json_int_t)a->gate.sequence, "identity",
		(int)a->gate.chain.n, "commits", (json_int_t)a->commits,
		"versions", (json_int_t)a->versions, "records",
		(json_int_t)a->records, "since", since, "signers",
		values(a->signers), "held", values(a->held), "changes",
		a->changes);
	if (now)
		json_object_set_new(out, "trust", json_pack(
			"{s:s, s:s, s:s}", "id", cf_chain_trust(&a->gate.chain),
			"name", now->name, "role", now->role));
	if (refused)
		json_object_set_new(out, "refusal", refusal_of(a));
	return out;
}

/* --- of a folder ---------------------------------------------------------------- */

#define RESULT "result.json"

/* Said of an object that may only have been unreadable. */
static bool
is_of_reading(const char *rule)
{
	return cf_starts(rule, "object.") || strcmp(rule, "limit.size") == 0;
}

static const struct cf_err *
judge_there(const struct cf_there *place)
{
	char *path = cf_path_join(place->dir, RESULT), *text = NULL;
	struct audit *a = place->arg;
	const struct cf_err *err;
	json_t *result;

	a->there = place;
	a->fetch.head = place->head;
	err = run_gate(a, place->odb, place->odb);
	if (err && (!is_verdict(a, err) || is_of_reading(a->refusal.rule))) {
		const struct cf_err *why = place->changed(place->source);

		err = why ? why : err;
	}
	if (is_verdict(a, err)) {
		result = result_of(a, err != NULL);
		text = json_dumps(result, JSON_COMPACT);
		json_decref(result);
		err = cf_file_write(path, text, strlen(text), 0600);
	}
	free(text);
	free(path);
	return err;
}

/* What the child wrote. */
static const struct cf_err *
take_result(json_t **out, const struct audit *a)
{
	char *path = cf_path_join(a->fetch.quarantine, RESULT);
	const struct cf_err *err = cf_json_read_path(out, path, CF_MAX_AUDIT);
	json_t *refusal = json_object_get(*out, "refusal");
	const char *rule = cf_json_str(refusal, "rule");
	const char *detail = cf_json_str(refusal, "detail");
	const char *verdict = cf_json_str(*out, "verdict");

	if (!err && refusal)
		err = cf_err_rule(CF_REFUSED, rule ? rule : "", "%s", detail ?
			detail : "");
	else if (!err && (verdict == NULL || strcmp(verdict, "verified") != 0))
		err = cf_err(CF_SYS, "the audit ended without a verdict; try "
			"again");
	free(path);
	return err;
}

static const struct cf_err *
audit(json_t **out, struct audit *a)
{
	const struct cf_err *err = get(a);

	if (err)
		return err;
	if (a->fetch.there)
		return take_result(out, a);
	err = judge(a);
	if (is_verdict(a, err))
		*out = result_of(a, err != NULL);
	return err;
}

static void
clear(struct audit *a)
{
	cf_gate_clear(&a->gate);
	cf_quarantine_close(&a->quarantine);
	cf_fetch_clear(&a->fetch);
	if (a->scratch)
		(void)(cf_remove_all(a->scratch) == NULL);
	json_decref(a->signers);
	json_decref(a->held);
	json_decref(a->changes);
	free(a->scratch);
	free(a->url);
}

const struct cf_err *
cf_verify(json_t **out, const char *where, const struct cf_ui *ui)
{
	struct audit a = { .ui = ui ? ui : &cf_no_ui,
		.signers = json_object(), .held = json_object(),
		.changes = json_array() };
	const struct cf_err *err;
	struct cf_err kept;

	*out = NULL;
	err = cf_url_check(&a.url, &a.local, where);
	if (!err)
		err = audit(out, &a);
	if (err) {
		kept = *err;	/* a fetch's error lives in the fetch */
		err = cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
	}
	clear(&a);
	return err;
}
