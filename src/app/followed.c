/*
 * The trusts that we follow: listing them, and following one no longer.
 */
#include <stdlib.h>
#include <string.h>

#include "app/copies.h"
#include "app/lastsync.h"
#include "app/report.h"
#include "app/trust.h"

const struct cf_err *
cf_partner_list(json_t **out, struct cf_trust *trust)
{
	struct cf_partners partners;
	const struct cf_err *err;
	json_t *last = NULL;

	*out = json_array();
	err = cf_partners_read(&partners, trust);
	if (err)
		return err;
	last = cf_last_sync_read(trust);
	for (size_t i = 0; i < partners.n && !err; i++) {
		const struct cf_partner *p = &partners.partner[i];
		char safety[CF_SAFETY_TEXT];
		json_t *row = NULL;

		err = cf_index_trust(&row, trust->index, p->trust);
		cf_safety_number(safety, p->trust);
		json_array_append_new(*out, json_pack("{s:s, s:s, s:s, s:s, "
			"s:s, s:s, s:s*, s:O*}", "name", p->name, "trust",
			p->trust, "title", row ? cf_json_str(row, "name") :
			p->name, "role", row ? cf_json_str(row, "role") : "",
			"url", p->url, "safetyNumber", safety, "commit",
			cf_json_str(row, "head"), "synced", json_object_get(
			json_object_get(last, p->trust), "synced")));
		json_decref(row);
	}
	json_decref(last);
	cf_partners_clear(&partners);
	return err;
}

static const struct cf_err *
remove_locked(json_t **out, struct cf_trust *trust, const char *name)
{
	struct cf_partners partners;
	struct cf_partner *p;
	const struct cf_err *err;
	char *pin = NULL, *title = NULL;

	err = cf_partners_read(&partners, trust);
	if (err)
		return err;
	err = cf_partner_named(&p, trust, &partners, name);
	if (err)
		goto done;
	title = cf_trust_title(trust, p->trust);
	pin = cf_pin_name(p->trust);
	err = cf_config_remove_section(trust->store, "confer-partner",
		p->name);
	if (!err)
		err = cf_ref_delete(trust->store, pin);
	if (!err)
		err = cf_forget_aside(trust, p->trust);
	if (!err)
		err = cf_last_sync_forget(trust, p->trust);
	if (!err)
		cf_report_drop(trust, p->name);
	if (!err)
		*out = json_pack("{s:s, s:s, s:s}", "name", p->name, "trust",
			p->trust, "title", title);
	if (!err)
		err = cf_catch_up(trust);
done:
	free(pin);
	free(title);
	cf_partners_clear(&partners);
	return err;
}

const struct cf_err *
cf_partner_remove(json_t **out, struct cf_trust *trust, const char *name)
{
	const struct cf_err *err = cf_store_lock(trust->store,
		"partner remove");

	*out = NULL;
	if (err)
		return err;
	err = remove_locked(out, trust, name);
	cf_store_unlock(trust->store);
	if (!err)
		err = cf_relay_add(*out, trust, NULL);
	return err;
}
