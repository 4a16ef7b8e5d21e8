/*
 * The entries of our main, with the key that signed each: what a person looks
 * through when a key was in the wrong hands.
 */
#include <string.h>

#include "app/line.h"
#include "base/clock.h"
#include "base/mem.h"

static const struct cf_err *
add_entry(json_t *out, struct cf_trust *trust, const struct cf_step *step,
	const char *did)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	char hex[CF_OID_TEXT], time[CF_TIME_TEXT];
	struct cf_pubkey signer, own;
	struct cf_str what, rest;
	const struct cf_err *err;
	struct cf_commit c;
	bool here = false, sealed;

	err = cf_odb_read(&raw, cf_store_odb(trust->store), &step->oid,
		CF_COMMIT);
	if (!err)
		err = cf_commit_parse(&c,
			(struct cf_str){ raw.data, raw.len });
	if (!err)
		err = cf_commit_verify(&signer, &c);
	if (!err && (did == NULL || strcmp(did, signer.did) == 0) &&
		cf_pubkey_parse(&own, cf_str(signer.did)))
		err = cf_keystore_find(&here, &sealed, trust->id, &own);
	if (!err && (did == NULL || strcmp(did, signer.did) == 0)) {
		if (!cf_str_cut(&what, &rest, c.message, '\n'))
			what = c.message;
		cf_time_format(time, c.time);
		cf_oid_hex(hex, &step->oid);
		json_array_append_new(out, json_pack(
			"{s:I, s:s, s:s, s:s, s:b, s:s%}", "number",
			(json_int_t)step->sequence, "commit", hex, "time",
			time, "key", signer.did, "here", here, "what", what.p,
			what.n));
	}
	cf_buf_clear(&raw);
	return err;
}

const struct cf_err *
cf_key_log(json_t **out, struct cf_trust *trust, const char *did)
{
	const struct cf_gate nothing = { 0 };
	struct cf_line all = { 0 };
	const struct cf_err *err;

	*out = json_array();
	err = cf_line_read(&all, cf_store_odb(trust->store), &nothing,
		&trust->own.head);
	for (size_t i = all.n; i-- > 0 && !err;)
		err = add_entry(*out, trust, &all.step[i], did);
	cf_line_clear(&all);
	if (!err && did && json_array_size(*out) == 0)
		err = cf_err(CF_NOT_FOUND, "no entry was signed by %s; 'confer "
			"key list' shows the keys", did);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}
