/*
 * Our own remote: what another machine of ours has put there, and what is not
 * ours.
 */
#include <stdlib.h>
#include <string.h>

#include "app/erased.h"
#include "app/host.h"
#include "app/lastsync.h"
#include "app/line.h"
#include "app/witness.h"
#include "base/mem.h"

/* The remote as it was found, and what is to become of it. */
struct pull {
	struct cf_trust *trust;
	struct cf_fetch *fetch;
	struct cf_odb *fresh, *all;	/* fresh NULL: nothing was sent */
	struct cf_oid main;
	struct cf_line_back joined;	/* what came back */
	bool calm;	/* for a sync: nothing is made again unless asked */
	bool waits;	/* and so it waits for the next publish */
};

/* Under the lock, which also clears away what a killed process left locked. */
const struct cf_err *
cf_move_ref(struct cf_trust *trust, const char *name, const struct cf_oid *to)
{
	const struct cf_err *err = cf_store_lock(trust->store, "publish");
	struct cf_oid old;
	bool found;

	if (err)
		return err;
	err = cf_ref_read(&old, &found, trust->store, name);
	if (!err && !(found && cf_oid_eq(&old, to)))
		err = cf_ref_set(trust->store, name, to, found ? &old : NULL);
	cf_store_unlock(trust->store);
	return err;
}

/* Why nothing is taken from our remote, and how to put it right. Where nothing of
 * ours ever arrived, nobody has meddled with it. */
static const struct cf_err *
not_ours(const struct pull *p, const struct cf_err *why)
{
	struct cf_err kept = *why;
	const struct cf_err *err;
	struct cf_oid known;
	bool found;

	if (strcmp(kept.rule, "history.other-trust") == 0)
		return cf_err_rule(CF_REFUSED, kept.rule, "nothing was sent: "
			"%s, at %s. Say where you publish instead: confer id "
			"--set host=URL", kept.msg, p->fetch->url);
	err = cf_ref_read(&known, &found, p->trust->store, CF_REMOTE_HEAD);
	if (err)
		return err;
	if (!found)
		return cf_err_rule(CF_REFUSED, "host.not-empty", "nothing was "
			"sent: the repository at %s holds something that is "
			"not yours (%s), such as the README that a git host "
			"offers to begin with. Have an empty one made; if its "
			"address is another: confer id --set host=URL",
			p->fetch->url, kept.msg);
	return cf_err_rule(CF_REFUSED, kept.rule, "your own repository at %s "
		"is not what you published. Nothing was sent: %s. Somebody "
		"else may have written there: change the password, token or "
		"ssh key with which you log in at that host. Then put your "
		"own back: confer publish --restore", p->fetch->url, kept.msg);
}

static const struct cf_err *
accept(const struct pull *p)
{
	return p->fetch->quarantine ? cf_quarantine_accept(p->trust->store,
		p->fetch->quarantine, &p->fetch->head) : NULL;
}

/* A host that has less than it once confirmed may have lost what another machine
 * of ours published, too. */
static const struct cf_err *
behind(struct pull *p)
{
	struct cf_odb *odb = cf_store_odb(p->trust->store);
	const struct cf_err *err;
	struct cf_oid known;
	struct cf_gate there = { 0 };
	bool found, met = false;

	err = cf_ref_read(&known, &found, p->trust->store, CF_REMOTE_HEAD);
	if (err || !found)
		return err;
	err = cf_gate_fork(&there, &met, odb, &known, &p->fetch->head);
	p->trust->host.lost = !err && !cf_oid_eq(&there.head, &known);
	cf_gate_clear(&there);
	return err;
}

/* What came back, for the person whose it is. */
static const struct cf_err *
came_back(const struct pull *p)
{
	const json_t *first = json_array_get(p->joined.drafts, 0);
	size_t n = json_array_size(p->joined.drafts);

	if (n == 0)
		return p->joined.identity ? cf_err_rule(CF_DECIDE,
			"identity.meanwhile", "another machine of yours "
			"changed the identity at the same time. What you "
			"changed in it was not sent: look at 'confer key list' "
			"and do it again if it is still wanted") : NULL;
	if (p->joined.no_key)
		return cf_err_rule(CF_DECIDE, "draft.came-back", "the key of "
			"this machine was shut out by another one. What you "
			"had not sent is a draft again: %s%s. With a recovery "
			"sheet, 'confer key rotate' makes a new key here",
			cf_json_str(first, "file"), n == 1 ? "" : " and others "
			"beside it");
	if (json_is_true(json_object_get(first, "left")))
		return cf_err_rule(CF_DECIDE, "draft.came-back", "what you "
			"wrote in '%s' builds on a version that was left out, "
			"so it was not sent. It waits as a draft: %s%s. Look "
			"for what you took from that version, then publish it",
			cf_json_str(first, "title"), cf_json_str(first, "file"),
			n == 1 ? "" : ", and others beside it");
	return cf_err_rule(CF_DECIDE, "draft.came-back", "another machine of "
		"yours changed '%s' too, in the same place and not as you did "
		"here. What you wrote was not sent; it waits as a draft%s. "
		"'confer resolve %s' shows both and lets you choose%s",
		cf_json_str(first, "title"), n == 1 ? "" : ", and others beside "
		"it", cf_json_str(first, "file"),
		json_object_get(first, "withdrawal") ? ". That you withdrew "
		"the record was not sent either: do it again" : "");
}

static const struct cf_err *
join(struct pull *p)
{
	const struct cf_err *err = accept(p);

	if (!err)
		err = cf_line_join(&p->joined, p->trust, &p->fetch->head);
	p->trust->host.joined = err == NULL;
	return err;
}

/*
 * Whether what we sent after the fork never arrived: a push broke off, the host
 * did not say since that it has it, and no partner saw it there. That another
 * machine could add something after the fork says the rest.
 */
static const struct cf_err *
never_arrived(bool *out, const struct pull *p, const struct cf_gate *fork)
{
	struct cf_store *store = p->trust->store;
	struct cf_gate known = { 0 };
	const struct cf_err *err;
	struct cf_oid confirmed;
	bool found, met = true, seen = false;

	*out = false;
	err = cf_ref_read(&confirmed, &found, store, CF_REMOTE_HEAD);
	if (!err && found)
		err = cf_gate_fork(&known, &met, cf_store_odb(store),
			&confirmed, &p->main);
	if (!err)
		err = cf_witness_of_ours(&seen, p->trust, fork->sequence);
	*out = !err && met && known.sequence <= fork->sequence && !seen;
	cf_gate_clear(&known);
	return err;
}

/* Nothing of ours after this commit is at a host. */
static const struct cf_err *
set_pushed(struct pull *p, const struct cf_oid *to)
{
	const struct cf_err *err;
	struct cf_oid old;
	bool found;

	err = cf_ref_read(&old, &found, p->trust->store, CF_PUSHED);
	return err ? err : cf_ref_set(p->trust->store, CF_PUSHED, to,
		found ? &old : NULL);
}

/*
 * A line beside ours that does not begin history again: another machine of ours
 * was faster, if it is good from where it parts, and nothing of ours after that
 * has reached a host. `why` is what the gate said.
 */
static const struct cf_err *
beside(struct pull *p, const struct cf_err *why)
{
	const struct cf_gate_sink sink = { 0 };
	struct cf_err kept = *why;
	struct cf_refusal refusal;
	struct cf_gate fork = { 0 };
	const struct cf_err *err;
	struct cf_oid at;
	uint64_t pushed;
	bool met = false, lost = false;

	err = cf_pushed_until(&pushed, p->trust);
	if (err)
		return err;
	/* What is there is a stranger's until the gate has passed it. */
	if (cf_gate_fork(&fork, &met, p->all, &p->main, &p->fetch->head))
		met = false;
	if (met && pushed > fork.sequence)
		err = never_arrived(&lost, p, &fork);
	if (!err && (!met || (pushed > fork.sequence && !lost)))
		err = not_ours(p, &kept);
	if (err) {
		cf_gate_clear(&fork);
		return err;
	}
	at = fork.head;
	err = cf_gate_run(&fork, p->fresh, p->all, &p->fetch->head, &sink,
		&refusal);
	cf_gate_clear(&fork);
	if (err && err->code == CF_REFUSED)
		return not_ours(p, err);
	p->waits = p->calm;
	if (!err && !p->calm && lost)
		err = set_pushed(p, &at);
	return err || p->calm ? err : join(p);
}

/* What we have not sent is made again, and does not leave. */
static const struct cf_err *
drop_unsent(json_t *cut, struct cf_trust *trust)
{
	const struct cf_err *err;
	uint64_t pushed;

	err = cf_pushed_until(&pushed, trust);
	for (size_t i = json_array_size(cut); i-- > 0 && !err;)
		if (json_integer_value(json_object_get(json_array_get(cut, i),
			"commit")) > (json_int_t)pushed)
			(void)json_array_remove(cut, i);
	return err;
}

static const struct cf_err *
restarted(struct pull *p)
{
	struct cf_trust *trust = p->trust;
	struct cf_take take = { .id = trust->id,
		.all = cf_store_odb(trust->store), .head = p->fetch->head };
	const struct cf_err *err = accept(p);
	json_t *info = NULL;
	bool alone;

	if (!err)
		err = cf_index_begin(trust->index);
	if (err)
		return err;
	err = cf_take_main(&take, trust);
	if (!err)
		err = drop_unsent(take.run.cut, trust);
	if (!err)
		err = cf_restart_info(&info, &alone, trust, &take);
	cf_index_rollback(trust->index);
	cf_take_clear(&take);
	if (!err)
		err = cf_restart_ask(trust, info);
	if (!err && json_array_size(json_object_get(info, "erased")))
		err = cf_erased_note(trust, json_object_get(info, "erased"));
	json_decref(info);
	return err ? err : join(p);
}

/* Judges what our remote has, and takes it. */
static const struct cf_err *
go_forward(struct pull *p)
{
	const struct cf_gate_sink sink = { 0 };
	struct cf_refusal refusal;
	struct cf_gate gate;
	const struct cf_err *err;
	bool left = false;

	err = cf_gate_load(&gate, cf_store_odb(p->trust->store), &p->main);
	if (err)
		return err;
	err = cf_gate_run(&gate, p->fresh, p->all, &p->fetch->head, &sink,
		&refusal);
	left = gate.left.is;
	cf_gate_clear(&gate);
	if (err && strcmp(err->rule, "history.rollback") == 0)
		return behind(p);
	if (err && strcmp(err->rule, "history.era") == 0) {
		/* It gets what we began again in the place of that. */
		p->trust->host.old_era = true;
		return NULL;
	}
	if (err && (strcmp(err->rule, "history.diverged") == 0 ||
		strcmp(err->rule, "identity.fork") == 0))
		return beside(p, err);
	if (err && err->code == CF_REFUSED)
		return not_ours(p, err);
	if (!err && left)
		return restarted(p);
	if (!err)
		err = accept(p);
	return err ? err : cf_ref_set(p->trust->store, CF_MAIN,
		&p->fetch->head, &p->main);
}

/* Under the lock. */
static const struct cf_err *
judge(struct pull *p)
{
	struct cf_store *store = p->trust->store;
	struct cf_quarantine q = { 0 };
	const struct cf_err *err = NULL;
	bool found;

	p->all = cf_store_odb(store);
	if (p->fetch->quarantine) {
		err = cf_quarantine_open(&q, p->fetch->quarantine, store);
		p->fresh = q.pack;
		p->all = q.all;
	} else if (!cf_odb_has(p->all, &p->fetch->head))
		return not_ours(p, cf_err_rule(CF_REFUSED, "object.missing",
			"the host names a newest entry and does not send it"));
	if (!err)
		err = cf_ref_read(&p->main, &found, store, CF_MAIN);
	if (!err && !cf_oid_eq(&p->main, &p->fetch->head))
		err = go_forward(p);
	cf_quarantine_close(&q);
	return err;
}

/* What the host has is ours, and can be called sent. */
static const struct cf_err *
note_host(struct pull *p)
{
	struct cf_trust *trust = p->trust;
	const struct cf_err *err;
	uint64_t pushed;
	struct cf_gate there;

	if (trust->host.old_era || trust->host.lost || p->waits)
		return NULL;
	err = cf_move_ref(trust, CF_REMOTE_HEAD, &p->fetch->head);
	if (!err)
		err = cf_pushed_until(&pushed, trust);
	if (!err)
		err = cf_gate_load(&there, cf_store_odb(trust->store),
			&p->fetch->head);
	if (err)
		return err;
	if (there.sequence > pushed)
		err = cf_move_ref(trust, CF_PUSHED, &p->fetch->head);
	cf_gate_clear(&there);
	return err;
}

static const char *
verdict_of(const struct pull *p, uint64_t before, const struct cf_err *err)
{
	if (err)
		return err->code == CF_REFUSED ? "refused" :
			err->code == CF_DECIDE ? "held" : "unreachable";
	if (p->trust->host.lost)
		return "behind";
	return p->waits ? "waiting" : p->trust->own.sequence > before ?
		"updated" : "up-to-date";
}

/* For `status`, which asks nobody. */
static const struct cf_err *
note_own(const struct pull *p, uint64_t before, const struct cf_err *why)
{
	struct cf_err kept = { 0 };
	const struct cf_err *err;

	if (why)
		kept = *why;
	err = cf_last_sync_host(p->trust, verdict_of(p, before, why),
		why ? &kept : NULL);
	return !why ? err : cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
}

static const struct cf_err *
take_host(struct pull *p)
{
	struct cf_trust *trust = p->trust;
	const struct cf_err *err;

	trust->host = (struct cf_host){ .again = trust->host.again };
	if (p->fetch->err || !p->fetch->has_head)
		return cf_err_again(p->fetch->err);
	trust->host.head = p->fetch->head;
	trust->host.has_head = true;
	err = cf_store_lock(trust->store, "publish");
	if (!err) {
		err = judge(p);
		cf_store_unlock(trust->store);
	}
	if (!err)
		err = note_host(p);
	if (!err)
		err = cf_catch_up(trust);
	if (!err && !p->joined.no_key)
		err = cf_publish_back(trust, p->joined.drafts);
	if (!err)
		cf_erased_finish(trust);
	return err ? err : came_back(p);
}

static const struct cf_err *
take_own(struct pull *p)
{
	uint64_t before = p->trust->own.sequence;

	return note_own(p, before, take_host(p));
}

const struct cf_err *
cf_pull_own(struct cf_trust *trust)
{
	struct cf_settings settings = { 0 };
	struct cf_fetch fetch = { .have = trust->own.head, .has_have = true };
	struct pull p = { .trust = trust, .fetch = &fetch };
	char *url = NULL, *scratch = cf_store_file(trust->store, "");
	const struct cf_err *err;
	struct cf_err copy;

	err = cf_config_get(&url, trust->store, "confer.remote");
	if (err || url == NULL)
		goto done;
	fetch.url = url;
	err = cf_settings_read(&settings, trust->store, trust->ui);
	if (!err)
		err = cf_fetch_all(&fetch, 1, 1, trust->store, scratch,
			&settings.transport, NULL, NULL);
	if (!err)
		err = take_own(&p);
	if (err && err->code == CF_REFUSED && trust->restore)
		err = cf_host_put_back(trust, err);
	/* Nothing goes on without the host where somebody meant to stop. */
	if (err && trust->ui->stopped && trust->ui->stopped(trust->ui->payload))
		err = cf_err(CF_CANCELLED, "stopped; nothing was made or sent");
	if (err) {
		copy = *err;	/* a fetch's error lives in the fetch */
		err = cf_err_rule(copy.code, copy.rule, "%s", copy.msg);
	}
	cf_fetch_clear(&fetch);
	json_decref(p.joined.drafts);
done:
	cf_settings_clear(&settings);
	free(url);
	free(scratch);
	return err;
}

const struct cf_err *
cf_pull_look(json_t **out, struct cf_trust *trust, struct cf_fetch *fetch)
{
	struct pull p = { .trust = trust, .fetch = fetch, .calm = true };
	uint64_t before = trust->own.sequence;
	const struct cf_err *err = take_own(&p);

	json_decref(p.joined.drafts);
	*out = json_pack("{s:s, s:s, s:I, s:s*, s:s*}", "remote", fetch->url,
		"verdict", verdict_of(&p, before, err), "commits",
		(json_int_t)(trust->own.sequence > before ?
		trust->own.sequence - before : 0), "rule", err && err->rule[0] ?
		err->rule : NULL, "detail", err ? err->msg : NULL);
	return err;
}

const struct cf_err *
cf_see_host(struct cf_trust *trust)
{
	const struct cf_err *err = cf_pull_own(trust);

	if (err && (cf_only_unreachable(err) || (err->code == CF_REFUSED &&
		trust->host.has_head &&
		strcmp(err->rule, "history.other-trust") != 0)))
		return NULL;
	return err;
}
