/*
 * What lies at an address that is to be our own host. It is asked before the
 * address is in any identity: to take it out again needs a recovery sheet.
 */
#include <stdlib.h>
#include <string.h>

#include "app/host.h"
#include "base/mem.h"

void
cf_host_seen_clear(struct cf_host_seen *seen)
{
	free(seen->name);
	*seen = (struct cf_host_seen){ 0 };
}

json_t *
cf_host_json(const struct cf_host_seen *seen)
{
	return json_pack("{s:s, s:s*}", "verdict", !seen->reached ?
		"unreachable" : seen->empty ? "empty" : "ours", "detail",
		seen->reached ? NULL : seen->why.msg);
}

/* Many hosts offer to begin a repository with a file; then it is not empty. */
static const struct cf_err *
judge(struct cf_host_seen *out, const struct cf_fetch *fetch)
{
	const struct cf_gate_sink sink = { 0 };
	struct cf_quarantine q = { 0 };
	struct cf_refusal refusal;
	struct cf_gate gate = { 0 };
	const struct cf_err *err = cf_quarantine_open(&q, fetch->quarantine,
		NULL);

	if (!err)
		err = cf_gate_run(&gate, q.pack, q.all, &fetch->head, &sink,
			&refusal);
	if (!err) {
		memcpy(out->trust, cf_chain_trust(&gate.chain),
			sizeof out->trust);
		out->name = cf_strdup(cf_chain_now(&gate.chain)->name);
	} else if (err->code == CF_REFUSED) {
		err = cf_err_rule(CF_REFUSED, "host.not-empty", "the "
			"repository at %s is not empty: it holds something "
			"that Confer did not make, such as the README that a "
			"git host offers to begin with. Have an empty one "
			"made, without any file in it. Nothing was changed",
			fetch->url);
	}
	cf_gate_clear(&gate);
	cf_quarantine_close(&q);
	return err;
}

const struct cf_err *
cf_host_look(struct cf_host_seen *out, struct cf_store *store, const char *url,
	const struct cf_ui *ui)
{
	struct cf_fetch fetch = { .url = url };
	struct cf_settings settings;
	char *scratch = cf_store_file(store, "");
	const struct cf_err *err;

	*out = (struct cf_host_seen){ 0 };
	err = cf_settings_read(&settings, store, ui);
	if (!err)
		err = cf_fetch_all(&fetch, 1, 1, NULL, scratch,
			&settings.transport, NULL, NULL);
	if (!err && fetch.err && fetch.err->code == CF_REMOTE) {
		out->why = *fetch.err;
	} else if (!err) {
		err = cf_err_again(fetch.err);
		out->reached = err == NULL;
		out->empty = !fetch.has_head;
	}
	if (!err && fetch.has_head && fetch.quarantine)
		err = judge(out, &fetch);
	cf_fetch_clear(&fetch);
	cf_settings_clear(&settings);
	free(scratch);
	return err;
}
