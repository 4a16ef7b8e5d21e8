/*
 * Pushing our main to our own remote, and what a person is asked about it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/copies.h"
#include "app/erased.h"
#include "app/host.h"
#include "app/lastsync.h"
#include "base/mem.h"

#define TRIES 10	/* another machine can be faster so many times */

/* Sends main once. What the host certainly has not taken is not called pushed. */
static const struct cf_err *
send(struct cf_trust *trust, const char *url,
	const struct cf_transport *transport)
{
	const struct cf_oid *replace = trust->host.old_era ?
		&trust->host.head : NULL;
	const struct cf_err *err, *undone = NULL;
	struct cf_oid before;
	struct cf_err why;
	bool had;

	err = cf_ref_read(&before, &had, trust->store, CF_PUSHED);
	/* From here on the host may have it, whatever it answers. */
	if (!err)
		err = cf_move_ref(trust, CF_PUSHED, &trust->own.head);
	if (err)
		return err;
	err = cf_push_replace(trust->store, url, &trust->own.head, replace,
		transport);
	if (err == NULL)
		return cf_move_ref(trust, CF_REMOTE_HEAD, &trust->own.head);
	why = *err;
	if (strcmp(why.rule, "push.moved") == 0 ||
		strcmp(why.rule, "push.locked") == 0 ||
		strcmp(why.rule, "push.rejected") == 0 ||
		strcmp(why.rule, "push.forced") == 0)
		undone = had ? cf_move_ref(trust, CF_PUSHED, &before) :
			cf_ref_delete(trust->store, CF_PUSHED);
	return undone ? undone : cf_err_rule(why.code, why.rule, "%s",
		why.msg);
}

const struct cf_err *
cf_push_own(json_t *result, struct cf_trust *trust)
{
	struct cf_settings settings = { 0 };
	char *url = NULL;
	const struct cf_err *err;
	bool again = true;

	json_object_set_new(result, "pushed", json_false());
	err = cf_config_get(&url, trust->store, "confer.remote");
	if (err || url == NULL)
		goto done;
	json_object_set_new(result, "remote", json_string(url));
	err = cf_settings_read(&settings, trust->store, trust->ui);
	for (unsigned n = 0; n < TRIES && !err && again; n++) {
		err = send(trust, url, &settings.transport);
		again = err && strcmp(err->rule, "push.moved") == 0;
		if (again && n + 1 < TRIES)
			err = cf_pull_own(trust);
	}
	if (!err) {
		json_object_set_new(result, "pushed", json_true());
		cf_erased_finish(trust);
		err = cf_last_sync_host(trust, "up-to-date", NULL);
	}
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
	bool found, met;

	*out = trust->own.sequence;
	err = cf_ref_read(&there, &found, trust->store, CF_REMOTE_HEAD);
	if (err || !found)
		return err;
	err = cf_gate_fork(&gate, &met, cf_store_odb(trust->store), &there,
		&trust->own.head);
	if (!err && met)
		*out = trust->own.sequence - gate.sequence;
	cf_gate_clear(&gate);
	return err;
}

const struct cf_err *
cf_push_result(json_t *result, struct cf_trust *trust,
	const struct cf_err *pull)
{
	const struct cf_err *err = pull ? pull : cf_push_own(result, trust);
	char hex[CF_OID_TEXT];

	/* It may have been made again on top of what another machine sent. */
	cf_oid_hex(hex, &trust->own.head);
	json_object_set_new(result, "commit", json_string(hex));
	if (err == NULL)
		return cf_relay_add(result, trust, NULL);
	json_object_set_new(result, "pushed", json_false());
	json_object_set_new(result, "pushError", json_string(err->msg));
	if (err->code == CF_DECIDE)
		return err;
	return cf_err_rule(err->code, err->rule, "published here, but not sent "
		"yet: %s. 'confer publish' sends it later", err->msg);
}

bool
cf_only_unreachable(const struct cf_err *err)
{
	return err && (err->code == CF_REMOTE || err->code == CF_BUSY);
}

const struct cf_err *
cf_host_ready(struct cf_trust *trust)
{
	if (!trust->host.lost)
		return NULL;
	return cf_err_rule(CF_REFUSED, "history.rollback", "your own host has "
		"lost entries that it had; it may have been restored from a "
		"backup, or be another one. Nothing was published. Type "
		"'confer publish' (without a draft), which sends again what "
		"is missing; if another machine of yours published last, type "
		"it there first");
}

const struct cf_err *
cf_host_put_back(struct cf_trust *trust, const struct cf_err *why)
{
	struct cf_err kept = *why;
	const struct cf_err *err;
	struct cf_oid known;
	bool found, yes = true;
	char *text;

	/* Where an address leads elsewhere, nobody loses anything. */
	err = cf_ref_read(&known, &found, trust->store, CF_REMOTE_HEAD);
	if (err)
		return err;
	if (!found || !trust->host.has_head ||
		strcmp(kept.rule, "history.other-trust") == 0)
		return cf_err_rule(kept.code, kept.rule, "%s", kept.msg);
	if (trust->ui->confirm) {
		text = cf_asprintf("%s.\n\nWhat is there goes, and what you "
			"published takes its place.", kept.msg);
		yes = trust->ui->confirm(trust->ui->payload, text,
			"Put your own back?");
		free(text);
	}
	trust->host.old_era = yes;
	return yes ? NULL : cf_err(CF_CANCELLED, "nothing was changed");
}

const struct cf_err *
cf_restart_ask(struct cf_trust *trust, const json_t *info)
{
	char *titles = cf_restart_titles(info), *text;
	const struct cf_err *err = NULL;
	bool yes;

	if (trust->accept)
		goto done;
	if (trust->ui->confirm == NULL) {
		err = cf_err_rule(CF_DECIDE, "restart.own", "another machine "
			"of yours began the history of your trust again after "
			"entry %lld, %s. What leaves: %s. If that was you, "
			"take it here too: confer publish --accept-restart",
			(long long)json_integer_value(json_object_get(info,
			"sequence")), cf_restart_why(info), titles);
		goto done;
	}
	text = cf_asprintf("Another machine of yours began the history of your "
		"trust again after entry %lld, %s.\n\nWhat leaves: %s\n\nWhat "
		"you have not sent yet is kept, and made again on top of it.",
		(long long)json_integer_value(json_object_get(info,
		"sequence")), cf_restart_why(info), titles);
	yes = trust->ui->confirm(trust->ui->payload, text,
		"Was that you, or a colleague whom you have asked?");
	free(text);
	if (!yes)
		err = cf_err_rule(CF_DECIDE, "restart.own", "nothing was taken "
			"or sent. Somebody who has a recovery sheet of yours "
			"may have done it: ask everybody who could, then make "
			"new sheets");
done:
	free(titles);
	return err;
}
