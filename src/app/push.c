/*
 * Our own remote: going forward to what another machine of ours pushed, and
 * pushing.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/mem.h"

/* What our remote has confirmed to hold. */
#define CF_REMOTE_REF "refs/confer/remote"

/* Under the lock, which also clears away what a killed process left locked. */
static const struct cf_err *
move_ref(struct cf_trust *trust, const char *name, const struct cf_oid *to)
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

/* Why nothing is taken from our remote, and how to put it right. */
static const struct cf_err *
not_ours(struct cf_trust *trust, const char *url, const struct cf_err *why)
{
	if (strcmp(why->rule, "history.other-trust") == 0)
		return cf_err_rule(CF_REFUSED, why->rule, "nothing was sent: "
			"%s. The setting confer.remote leads to %s; change it "
			"to your own: git -C %s config confer.remote URL",
			why->msg, url, cf_store_work_dir(trust->store));
	return cf_err_rule(CF_REFUSED, why->rule, "your own repository at %s "
		"is not what you published. Nothing was sent: %s. Somebody "
		"else may have written there: change its password. Then put "
		"your own back with: git -C %s push --force %s main", url,
		why->msg, cf_store_work_dir(trust->store), url);
}

/* Judges what our remote has beyond our main, and takes it. A remote that lies
 * behind, because something was not sent or it was restored from a backup, gets
 * the rest with the next push. */
static const struct cf_err *
go_forward(struct cf_trust *trust, struct cf_fetch *fetch)
{
	const struct cf_gate_sink sink = { 0 };
	struct cf_quarantine q = { 0 };
	struct cf_refusal refusal;
	struct cf_gate gate;
	struct cf_oid main;
	const struct cf_err *err;
	bool found;

	err = cf_quarantine_open(&q, fetch->quarantine, trust->store);
	if (err)
		return err;
	err = cf_ref_read(&main, &found, trust->store, CF_MAIN);
	if (!err)
		err = cf_gate_load(&gate, cf_store_odb(trust->store), &main);
	if (!err) {
		err = cf_gate_run(&gate, q.pack, q.all, &fetch->head, &sink,
			&refusal);
		cf_gate_clear(&gate);
	}
	cf_quarantine_close(&q);
	if (err && strcmp(err->rule, "history.rollback") == 0)
		return NULL;
	if (err && err->code == CF_REFUSED)
		return not_ours(trust, fetch->url, err);
	if (!err)
		err = cf_quarantine_accept(trust->store, fetch->quarantine);
	return err ? err : cf_ref_set(trust->store, CF_MAIN, &fetch->head,
		&main);
}

static const struct cf_err *
take_own(struct cf_trust *trust, struct cf_fetch *fetch)
{
	const struct cf_err *err = NULL;

	if (fetch->err || !fetch->has_head)
		return fetch->err;
	if (fetch->quarantine && !cf_oid_eq(&fetch->head, &fetch->have)) {
		err = cf_store_lock(trust->store, "publish");
		if (!err) {
			err = go_forward(trust, fetch);
			cf_store_unlock(trust->store);
		}
	}
	if (!err)
		err = move_ref(trust, CF_REMOTE_REF, &fetch->head);
	return err ? err : cf_catch_up(trust);
}

const struct cf_err *
cf_pull_own(struct cf_trust *trust)
{
	struct cf_settings settings = { 0 };
	struct cf_fetch fetch = { .have = trust->own.head, .has_have = true };
	char *url = NULL, *scratch = cf_store_file(trust->store, "");
	const struct cf_err *err;

	err = cf_config_get(&url, trust->store, "confer.remote");
	if (err || url == NULL)
		goto done;
	fetch.url = url;
	err = cf_settings_read(&settings, trust->store, trust->ui);
	if (!err)
		err = cf_fetch_all(&fetch, 1, 1, trust->store, scratch,
			&settings.transport, NULL, NULL);
	if (!err)
		err = take_own(trust, &fetch);
	if (err) {
		struct cf_err copy = *err;

		cf_fetch_clear(&fetch);
		err = cf_err_rule(copy.code, copy.rule, "%s", copy.msg);
	} else {
		cf_fetch_clear(&fetch);
	}
done:
	cf_settings_clear(&settings);
	free(url);
	free(scratch);
	return err;
}

const struct cf_err *
cf_push_own(json_t *result, struct cf_trust *trust)
{
	struct cf_settings settings = { 0 };
	char *url = NULL;
	const struct cf_err *err;

	json_object_set_new(result, "pushed", json_false());
	err = cf_config_get(&url, trust->store, "confer.remote");
	if (err || url == NULL)
		goto done;
	json_object_set_new(result, "remote", json_string(url));
	err = cf_settings_read(&settings, trust->store, trust->ui);
	/* From here on the host may have it, whatever it answers. */
	if (!err)
		err = move_ref(trust, CF_PUSHED, &trust->own.head);
	if (!err)
		err = cf_push(trust->store, url, &trust->own.head,
			&settings.transport);
	if (!err)
		err = move_ref(trust, CF_REMOTE_REF, &trust->own.head);
	if (!err)
		json_object_set_new(result, "pushed", json_true());
done:
	cf_settings_clear(&settings);
	free(url);
	return err;
}

const struct cf_err *
cf_unpushed(unsigned long long *out, struct cf_trust *trust)
{
	const struct cf_err *err;
	struct cf_oid there;
	struct cf_gate gate;
	bool found;

	*out = trust->own.sequence;
	err = cf_ref_read(&there, &found, trust->store, CF_REMOTE_REF);
	if (err || !found)
		return err;
	err = cf_gate_load(&gate, cf_store_odb(trust->store), &there);
	if (!err) {
		*out = gate.sequence < trust->own.sequence ?
			trust->own.sequence - gate.sequence : 0;
		cf_gate_clear(&gate);
	}
	return err;
}

const struct cf_err *
cf_push_result(json_t *result, struct cf_trust *trust,
	const struct cf_err *pull)
{
	const struct cf_err *err = pull ? pull : cf_push_own(result, trust);

	if (err == NULL)
		return NULL;
	json_object_set_new(result, "pushed", json_false());
	json_object_set_new(result, "pushError", json_string(err->msg));
	return cf_err_rule(err->code, err->rule, "published here, but not sent "
		"yet: %s. 'confer publish' sends it later", err->msg);
}

bool
cf_only_unreachable(const struct cf_err *err)
{
	return err && (err->code == CF_REMOTE || err->code == CF_BUSY);
}
