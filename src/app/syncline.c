/*
 * What a sync says of one partner.
 */
#include <stdlib.h>
#include <string.h>

#include "app/address.h"
#include "app/report.h"
#include "app/sync.h"
#include "base/clock.h"
#include "base/mem.h"
#include "check/lookalike.h"

static void
set_refusal(json_t *line, struct cf_synced *o, const struct cf_err *err)
{
	const struct cf_refusal *r = &o->take.refusal;
	const char *rule = err->rule[0] ? err->rule : "refused";
	struct cf_partner at = *o->partner;
	json_t *refusal = json_pack("{s:s, s:s, s:s*, s:s*, s:s}", "rule",
		rule, "detail", err->msg, "commit",
		r->commit[0] ? r->commit : NULL, "path",
		r->path[0] ? r->path : NULL, "advice",
		cf_refusal_advice(rule));
	char *report;

	/* Two documents of one number are a proof by themselves. */
	if (o->fork)
		json_object_set(refusal, "proof", o->fork);
	at.url = (char *)(uintptr_t)o->where;
	report = cf_report_write(o->s->trust, &at, &o->seen,
		o->has_from ? &o->from : NULL, refusal);
	if (report)
		json_object_set_new(refusal, "report", json_string(report));
	json_object_set_new(line, "refusal", refusal);
	free(report);
}

/* {kind: count} of what is new, and the entries for the whole report. */
static json_t *
count_news(struct cf_synced *o)
{
	json_t *counts = json_object(), *entry;
	const char *id;

	if (!o->taken)
		return counts;
	json_object_foreach(o->take.run.news, id, entry) {
		const char *kind = cf_json_str(entry, "kind");

		if (strcmp(cf_json_str(entry, "change"), "erased") != 0)
			json_object_set_new(counts, kind, json_integer(1 +
				json_integer_value(json_object_get(counts,
				kind))));
		json_array_append_new(o->s->news, json_pack(
			"{s:s, s:s, s:O, s:s, s:s, s:O}", "id", id, "kind",
			kind, "title", json_object_get(entry, "title"),
			"trust", o->partner->trust, "name", o->title, "change",
			json_object_get(entry, "change")));
	}
	return counts;
}

static void
tell_alike(json_t *changes, const char *now, const char *title,
	const char *name)
{
	char *sentence;

	if (!cf_names_alike(now, title))
		return;
	sentence = cf_alike_sentence(title, name);
	json_array_append_new(changes, json_string(sentence));
	free(sentence);
}

/* Whoever follows a trust under one name is to know when it takes another's. */
static void
tell_all_alike(json_t *changes, const struct cf_synced *o, const char *now)
{
	struct cf_trust *trust = o->s->trust;

	tell_alike(changes, now, cf_chain_now(&trust->own.chain)->name, NULL);
	for (size_t i = 0; i < o->s->partners.n; i++) {
		const struct cf_partner *p = &o->s->partners.partner[i];
		char *title = cf_trust_title(trust, p->trust);

		if (p != o->partner)
			tell_alike(changes, now, title, p->name);
		free(title);
	}
}

/* What is different about the trust itself. */
static json_t *
identity_news(const struct cf_synced *o)
{
	const struct cf_chain *chain = &o->take.gate.chain;
	size_t before = o->take.identities;
	json_t *changes = json_array();
	char *titles;

	if (o->taken && o->restart) {
		titles = cf_restart_titles(o->restart);
		json_array_append_new(changes, json_sprintf("%s began its "
			"history again, %s. What left: %s", o->title,
			cf_restart_why(o->restart), titles));
		free(titles);
	}
	if (o->taken && before && before < chain->n) {
		const struct cf_identity *was = &chain->link[before - 1];
		const struct cf_identity *is = cf_chain_now(chain);

		cf_identity_changes(changes, was, is);
		if (strcmp(was->name, is->name) != 0)
			tell_all_alike(changes, o, is->name);
	}
	return changes;
}

/* Whoever changes hosts says so in the identity, and is asked there next time. */
static const struct cf_err *
follow_address(json_t *line, struct cf_synced *o)
{
	const struct cf_chain *chain = &o->take.gate.chain;
	const struct cf_err *err;
	char *to;

	if (!o->taken || o->take.identities == 0 ||
		o->take.identities >= chain->n)
		return NULL;
	to = cf_partner_moved(o->partner, chain);
	if (to == NULL)
		return NULL;
	err = cf_partner_set_url(o->s->trust, o->partner, to);
	json_array_append_new(json_object_get(line, "changes"), json_sprintf(
		"From now on %s is asked at %s", o->title, to));
	free(to);
	return err;
}

/* Whether a restart of theirs waits for a person. */
static bool
waits(const struct cf_synced *o)
{
	return json_is_true(json_object_get(o->restart, "waits"));
}

static const char *
verdict_of(struct cf_synced *o, const json_t *held, const json_t *row)
{
	if (o->outcome.code == CF_REFUSED)
		return "refused";
	if (o->outcome.code)
		return waits(o) ? "held" : "unreachable";
	if (json_array_size(held) || waits(o))
		return "held";
	if (cf_is_stale(row))
		return "stale";
	return o->taken && o->take.run.commits ? "updated" : "up-to-date";
}

static void
set_ends(json_t *line, struct cf_synced *o, const json_t *row)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, &o->from);
	json_object_set_new(line, "from", o->has_from ? json_string(hex) :
		json_null());
	json_object_set_new(line, "to", json_string(row ?
		cf_json_str(row, "head") : o->has_from ? hex : ""));
	if (row) {
		char when[CF_TIME_TEXT];

		cf_time_format(when, json_integer_value(json_object_get(row,
			"time")));
		json_object_set_new(line, "signed", json_string(when));
	}
}

/* What the person is to do about a restart that waits. */
static char *
restart_sentence(struct cf_synced *o)
{
	char *titles = cf_restart_titles(o->restart);
	char *text = cf_asprintf("%s began its history again after entry %lld, "
		"%s. What would leave: %s. Telephone them, at a number that "
		"you know. If it was them: confer partner accept %s", o->title,
		(long long)json_integer_value(json_object_get(o->restart,
		"sequence")), cf_restart_why(o->restart), titles,
		o->partner->name);

	free(titles);
	return text;
}

static void
note(struct cf_synced *o, const char *verdict)
{
	char *text = waits(o) ? restart_sentence(o) : NULL;

	if (text) {
		o->s->decide = true;
		json_array_append_new(json_object_get(o->s->result,
			"attention"), json_string(text));
	}
	cf_last_sync_add(o->s->notes, o->partner->trust, verdict,
		o->outcome.code ? o->outcome.msg : text);
	if (o->has_shown)
		cf_last_sync_shown(o->s->notes, o->partner->trust, &o->shown);
	free(text);
}

static json_t *
line_of(struct cf_synced *o, const char *verdict, json_t *held,
	const json_t *row)
{
	json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:O, s:o, "
		"s:o, s:O*}", "name", o->partner->name, "trust",
		o->partner->trust, "title", o->title, "verdict", verdict,
		"commits", (json_int_t)(o->taken ? o->take.run.commits : 0),
		"versions", (json_int_t)(o->taken ? o->take.run.versions : 0),
		"held", held, "new", count_news(o), "changes",
		identity_news(o), "restart", o->restart);

	set_ends(line, o, row);
	if (o->outcome.code == CF_REFUSED)
		set_refusal(line, o, &o->outcome);
	else if (o->outcome.code)
		json_object_set_new(line, "error",
			json_string(o->outcome.msg));
	/* That it was asked where it is always asked goes without saying, and what
	 * went wrong there has been said. */
	if (json_array_size(o->sources) > (o->outcome.code != 0))
		json_object_set(line, "sources", o->sources);
	return line;
}

const struct cf_err *
cf_sync_line(struct cf_synced *o)
{
	struct cf_trust *trust = o->s->trust;
	json_t *held = NULL, *row = NULL;
	const struct cf_err *err;
	const char *verdict;
	json_t *line;

	err = cf_index_held(&held, trust->index, o->partner->trust);
	if (!err)
		err = cf_index_trust(&row, trust->index, o->partner->trust);
	if (err)
		goto done;
	o->title = cf_trust_title(trust, o->partner->trust);
	verdict = verdict_of(o, held, row);
	line = line_of(o, verdict, held, row);
	json_array_append_new(json_object_get(o->s->result, "partners"), line);
	o->s->refused |= o->outcome.code == CF_REFUSED;
	if (o->outcome.code == 0)
		cf_report_drop(trust, o->partner->name);
	o->s->unreachable |= o->outcome.code && o->outcome.code != CF_REFUSED;
	err = follow_address(line, o);
	if (!err)
		note(o, verdict);
done:
	json_decref(held);
	json_decref(row);
	return err;
}
