/*
 * Publishing at another address from now on. It is tried before anything is
 * changed; the identity says it to partners, and the address that was left gets
 * that identity too, because it is there that they ask. Until it was told, a note
 * says which it is: whoever stops a move, to fetch the sheet, types it again.
 */
#include <stdlib.h>
#include <string.h>

#include "app/address.h"
#include "app/host.h"
#include "base/file.h"
#include "base/mem.h"

#define NOTE "moving.json"	/* {from, to} */

struct move {
	struct cf_trust *trust;
	char *from, *to;		/* from NULL: there was none */
	json_t *before, *urls;		/* of the identity: they were, will be */
	bool leaves;			/* `from` is another, and was asked */
	struct cf_err why;		/* why it will not do; code 0: it does */
	struct cf_oid confirmed;	/* what `from` had confirmed */
	bool has_confirmed;
};

static const struct cf_err *
set_remote(struct move *m, const char *url, bool confirmed)
{
	struct cf_store *store = m->trust->store;
	const struct cf_err *err = cf_store_lock(store, "a change of the host");

	if (err)
		return err;
	/* What is confirmed is confirmed of one host; without it nothing of a
	 * host counts as sent. */
	err = cf_ref_delete(store, CF_REMOTE_HEAD);
	if (!err)
		err = url ? cf_config_set(store, "confer.remote", url) :
			cf_config_unset(store, "confer.remote");
	if (!err && confirmed)
		err = cf_ref_set(store, CF_REMOTE_HEAD, &m->confirmed, NULL);
	cf_store_unlock(store);
	return err;
}

/* What is left, for a move that does not come to its end. */
static const struct cf_err *
note_left(const struct move *m)
{
	char *path = cf_store_file(m->trust->store, NOTE);
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	json_t *doc = json_pack("{s:s, s:s}", "from", m->from, "to", m->to);
	const struct cf_err *err = cf_json_file_form(&text, doc);

	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	json_decref(doc);
	cf_buf_clear(&text);
	free(path);
	return err;
}

/* One that stays makes the next move begin where this one began, no more. */
static void
drop_note(const struct move *m)
{
	char *path = cf_store_file(m->trust->store, NOTE);
	const struct cf_err *kept = cf_remove_all(path);

	(void)kept;
	free(path);
}

/*
 * A move that did not come to its end begins again where it began: there is more
 * to take from the address that was left, and to tell it. One to a third address
 * does, too, where the identity does not say the second yet.
 */
static const struct cf_err *
begin_again(struct move *m)
{
	char *path = cf_store_file(m->trust->store, NOTE);
	json_t *urls = json_object_get(cf_chain_now(&m->trust->own.chain)->doc,
		"urls");
	const struct cf_err *err = NULL;
	json_t *doc = NULL;
	const char *from, *to;

	if (cf_json_read_path(&doc, path, CF_MAX_JSON) == NULL && m->from) {
		from = cf_json_str(doc, "from");
		to = cf_json_str(doc, "to");
		if (from && to && strcmp(to, m->from) == 0 &&
			(strcmp(to, m->to) == 0 || !cf_json_has(urls, to))) {
			free(m->from);
			m->from = cf_strdup(from);
			m->has_confirmed = false;
			err = set_remote(m, from, false);
		}
	}
	json_decref(doc);
	free(path);
	return err;
}

static const struct cf_err *
read_move(struct move *m, const char *to)
{
	const struct cf_err *err;
	bool local;

	err = cf_url_check(&m->to, &local, to);
	if (!err)
		err = cf_config_get(&m->from, m->trust->store,
			"confer.remote");
	if (!err)
		err = cf_ref_read(&m->confirmed, &m->has_confirmed,
			m->trust->store, CF_REMOTE_HEAD);
	return err ? err : begin_again(m);
}

/* The new address takes the place of the old one; one that nobody else can ask
 * stays out, and the old one goes all the same. */
static void
choose_urls(struct move *m)
{
	bool public = cf_url_is_public(m->to), put = false;
	json_t *url;
	size_t i;

	m->before = json_deep_copy(json_object_get(cf_chain_now(
		&m->trust->own.chain)->doc, "urls"));
	m->urls = json_array();
	json_array_foreach(m->before, i, url) {
		const char *text = json_string_value(url);
		bool old = m->from && strcmp(text, m->from) == 0;

		if (old && public && !put && !cf_json_has(m->before, m->to)) {
			json_array_append_new(m->urls, json_string(m->to));
			put = true;
		} else if (!old || strcmp(text, m->to) == 0) {
			json_array_append(m->urls, url);
		}
	}
	if (public && !cf_json_has(m->urls, m->to))
		json_array_insert_new(m->urls, 0, json_string(m->to));
}

/* Another machine of ours may have published where we leave. That it cannot be
 * asked, or is not ours any more, may be why we leave. */
static const struct cf_err *
take_last(struct move *m)
{
	const struct cf_err *err;

	if (m->from == NULL || strcmp(m->from, m->to) == 0)
		return NULL;
	m->leaves = true;
	err = cf_pull_own(m->trust);
	if (err)
		m->why = *err;
	if (err && err->code != CF_REFUSED && !cf_only_unreachable(err))
		return err;
	return cf_ref_read(&m->confirmed, &m->has_confirmed, m->trust->store,
		CF_REMOTE_HEAD);
}

static const struct cf_err *
look(struct move *m)
{
	struct cf_host_seen seen;
	const struct cf_err *err = cf_host_look(&seen, m->trust->store, m->to,
		m->trust->ui);

	if (!err && !seen.reached)
		err = cf_err_rule(seen.why.code, seen.why.rule, "nothing was "
			"changed: %s", seen.why.msg);
	else if (!err && !seen.empty && strcmp(seen.trust, m->trust->id) != 0)
		err = cf_err_rule(CF_REFUSED, "history.other-trust", "nothing "
			"was changed: the repository at %s belongs to %s. Ask "
			"for an empty one of your own", m->to, seen.name);
	cf_host_seen_clear(&seen);
	return err;
}

/* The settings for the identity: all but the host, and the addresses, where they
 * have to be others and nobody named them. The caller frees *list and *urls. */
static size_t
rest_of(const char ***list, char **urls, const struct move *m,
	const char *const *settings, size_t n)
{
	bool named = false;
	size_t k = 0;

	*list = cf_calloc(n + 1, sizeof **list);
	for (size_t i = 0; i < n; i++) {
		named |= cf_starts(settings[i], "urls=");
		if (!cf_starts(settings[i], "host="))
			(*list)[k++] = settings[i];
	}
	if (!named && !json_equal(m->before, m->urls)) {
		struct cf_buf text = CF_BUF(CF_MAX_JSON);
		json_t *url;
		size_t i;

		cf_buf_puts(&text, "urls=");
		json_array_foreach(m->urls, i, url)
			cf_buf_printf(&text, "%s%s", i ? "," : "",
				json_string_value(url));
		*urls = cf_buf_take(&text);
		(*list)[k++] = *urls;
	}
	return k;
}

/* One that partners asked until now. What it answers changes nothing for us. */
static void
tell(json_t *told, struct move *m, const char *url,
	const struct cf_transport *transport)
{
	const struct cf_err *err;

	if (url == NULL || strcmp(url, m->to) == 0)
		return;
	err = cf_push(m->trust->store, url, &m->trust->own.head, transport);
	json_array_append_new(told, json_pack("{s:s, s:b, s:s*}", "url", url,
		"told", err == NULL, "error", err ? err->msg : NULL));
}

/* Those that an identity names or named, and so partners may ask. */
static json_t *
tell_old(struct move *m)
{
	json_t *told = json_array(), *now, *url;
	struct cf_settings settings;
	bool asked;
	size_t i;

	now = json_object_get(cf_chain_now(&m->trust->own.chain)->doc, "urls");
	if (cf_settings_read(&settings, m->trust->store, m->trust->ui))
		return told;
	asked = m->leaves && cf_chain_names(&m->trust->own.chain, m->from);
	if (asked && m->why.code)
		json_array_append_new(told, json_pack("{s:s, s:b, s:s}", "url",
			m->from, "told", 0, "error", m->why.msg));
	else if (asked)
		tell(told, m, m->from, &settings.transport);
	json_array_foreach(m->before, i, url) {
		const char *text = json_string_value(url);

		if (!cf_json_has(now, text) && (m->from == NULL ||
			strcmp(text, m->from) != 0))
			tell(told, m, text, &settings.transport);
	}
	cf_settings_clear(&settings);
	return told;
}

static void
set_result(json_t *out, struct move *m)
{
	json_t *host = json_pack("{s:s*, s:s, s:b, s:b}", "from", m->from,
		"to", m->to, "public", cf_url_is_public(m->to), "identity",
		!json_equal(m->before, json_object_get(cf_chain_now(
		&m->trust->own.chain)->doc, "urls")));

	json_object_set_new(host, "old", json_is_true(json_object_get(out,
		"pushed")) ? tell_old(m) : json_array());
	json_object_set_new(out, "host", host);
}

/* The new one is asked first for what another machine has sent there already,
 * the identity among it; that one is changed, with a recovery sheet, where it is
 * to say something else. */
static const struct cf_err *
run(json_t **out, struct move *m, const char *const *settings, size_t n,
	const struct cf_renew *how)
{
	const char **rest = NULL;
	char *urls = NULL;
	const struct cf_err *err = cf_pull_own(m->trust);
	size_t k;

	if (err)
		return err;
	choose_urls(m);
	k = rest_of(&rest, &urls, m, settings, n);
	if (k) {
		err = cf_id_change(out, m->trust, rest, k, how);
	} else {
		*out = json_pack("{s:b, s:[], s:[]}", "pushed", 0, "changes",
			"sheets");
		err = cf_push_result(*out, m->trust, NULL);
	}
	free(urls);
	free(rest);
	return err;
}

static const struct cf_err *
move(json_t **out, struct move *m, const char *const *settings, size_t n,
	const struct cf_renew *how)
{
	const struct cf_err *err = take_last(m), *undone = NULL;
	struct cf_err kept;

	if (!err)
		err = look(m);
	if (!err && m->leaves)
		err = note_left(m);
	if (!err)
		err = set_remote(m, m->to, false);
	if (err)
		return err;
	err = run(out, m, settings, n, how);
	if (err)
		kept = *err;
	if (*out)
		set_result(*out, m);
	else if (err)
		undone = set_remote(m, m->from, m->has_confirmed);
	if (undone)
		kept = *undone;
	else if (*out == NULL || json_is_true(json_object_get(*out, "pushed")))
		drop_note(m);
	return err ? cf_err_rule(kept.code, kept.rule, "%s", kept.msg) : NULL;
}

/* Where nothing is to be sent, and the identity says so. */
static bool
is_there(const struct move *m, size_t n)
{
	json_t *urls = json_object_get(cf_chain_now(&m->trust->own.chain)->doc,
		"urls");

	return n == 1 && m->from && strcmp(m->from, m->to) == 0 &&
		m->has_confirmed && cf_oid_eq(&m->confirmed,
		&m->trust->own.head) && (!cf_url_is_public(m->to) ||
		cf_json_has(urls, m->to));
}

const struct cf_err *
cf_host_move(json_t **out, struct cf_trust *trust, const char *const *settings,
	size_t n, size_t at, const struct cf_renew *how)
{
	struct move m = { .trust = trust };
	const struct cf_err *err;

	*out = NULL;
	if (how->no_push)
		return cf_err(CF_USAGE, "a new host is tried at once: leave "
			"--no-push out");
	for (size_t i = at + 1; i < n; i++)
		if (cf_starts(settings[i], "host="))
			return cf_err(CF_USAGE, "name one host: the one to "
				"which this machine sends");
	err = read_move(&m, strchr(settings[at], '=') + 1);
	if (!err && is_there(&m, n))
		err = cf_err(CF_EXISTS, "you publish there already, and all is "
			"sent; nothing was changed");
	if (!err)
		err = move(out, &m, settings, n, how);
	json_decref(m.before);
	json_decref(m.urls);
	free(m.from);
	free(m.to);
	return err;
}
