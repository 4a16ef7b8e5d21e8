/*
 * Hosts that stand still while somebody else has a newer copy.
 */
#include <string.h>

#include "app/sync.h"

const char cf_sync_lags[] = "it does not show all that they have published. It "
	"may be stuck, or somebody may hold the newer entries back; tell them";

/*
 * Whether their address lags and did not go back: it shows what was there when an
 * address of theirs was last in order, or more of it. What we have beyond that
 * came from a copy.
 */
static const struct cf_err *
is_stuck(bool *out, const struct cf_synced *o, const json_t *notes)
{
	const char *hex = cf_json_str(json_object_get(notes,
		o->partner->trust), "shown");
	const bool back = strcmp(o->outcome.rule, "history.rollback") == 0;
	struct cf_odb *odb = cf_store_odb(o->s->trust->store);
	struct cf_gate now = { 0 }, then = { 0 };
	const struct cf_err *err = NULL;
	struct cf_oid shown;

	*out = false;
	if (!o->fetch->has_head || (!back && strcmp(o->outcome.rule,
		"history.era") != 0) || hex == NULL ||
		!cf_oid_parse(&shown, cf_str(hex)))
		return NULL;
	*out = cf_oid_eq(&shown, &o->fetch->head);
	if (*out || !back || !cf_odb_has(odb, &shown))
		return NULL;
	/* Both are behind the pin: the numbers tell which comes first. */
	err = cf_gate_load(&now, odb, &o->fetch->head);
	if (!err)
		err = cf_gate_load(&then, odb, &shown);
	*out = !err && now.sequence >= then.sequence;
	cf_gate_clear(&now);
	cf_gate_clear(&then);
	return err;
}

/* Another address of theirs has what does not verify at all. */
static bool
has_worse(const struct cf_synced *o)
{
	json_t *source;
	size_t i;

	json_array_foreach(o->sources, i, source) {
		if (json_object_get(source, "trust") == NULL && strcmp(
			cf_json_str(source, "verdict"), "refused") == 0)
			return true;
	}
	return false;
}

/* A host that lags is no reason to refuse whose it is. */
const struct cf_err *
cf_sync_excuse(struct cf_syncing *s)
{
	json_t *notes = cf_last_sync_read(s->trust);
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->n && !err; i++) {
		struct cf_synced *o = &s->one[i];
		bool stuck = false;

		if (o->outcome.code && !has_worse(o))
			err = is_stuck(&stuck, o, notes);
		if (!stuck)
			continue;
		o->outcome = (struct cf_err){ 0 };
		json_object_set_new(json_array_get(o->sources, 0), "detail",
			json_string(cf_sync_lags));
	}
	json_decref(notes);
	return err;
}
