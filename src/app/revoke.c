/*
 * Shutting out a key.
 */
#include <stdlib.h>
#include <string.h>

#include "app/identity.h"
#include "base/mem.h"

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
edit_revoke(struct cf_next *next, const void *data)
{
	const struct cf_revoke *what = data;
	json_t *root = json_object_get(next->doc, "rootKeys");
	json_t *publish = json_object_get(next->doc, "publishKeys");
	const char *was = cf_chain_revoked(&next->trust->own.chain, what->key);
	const struct cf_err *err = was ? check_before(was, what->reason) : NULL;

	if (!err && !was && !cf_json_has(root, what->key) &&
		!cf_json_has(publish, what->key))
		err = cf_err(CF_NOT_FOUND, "no key of this trust is called %s; "
			"'confer key list' shows them", what->key);
	if (!err && json_array_size(root) == 1 && cf_json_has(root, what->key))
		err = cf_err(CF_INVALID, "that is the last recovery sheet. "
			"'confer key rotate --root' makes new ones and shuts "
			"it out");
	if (err)
		return err;
	cf_next_revoke(next->doc, what->key, what->reason);
	if (next->fresh.key)
		cf_next_list(next->doc, "publishKeys",
			cf_seckey_public(next->fresh.key)->did);
	return NULL;
}

/* Whether it is the key with which this machine publishes. */
static const struct cf_err *
is_ours(bool *out, struct cf_trust *trust, const char *did)
{
	char *own = NULL;
	const struct cf_err *err = cf_own_key(&own, trust);

	*out = !err && own && strcmp(own, did) == 0;
	free(own);
	return err;
}

const struct cf_err *
cf_key_revoke(json_t **out, struct cf_trust *trust,
	const struct cf_revoke *what, const struct cf_renew *how)
{
	struct cf_next next = { .trust = trust, .how = how,
		.line = "Shut a key out" };
	const struct cf_err *err = check_reason(what->reason);
	bool ours = false;

	*out = NULL;
	if (!err)
		err = is_ours(&ours, trust, what->key);
	if (err)
		return err;
	if (ours)
		next.fresh.key = cf_seckey_new();
	return cf_next_run(out, &next, edit_revoke, what);
}
