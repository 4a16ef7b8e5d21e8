/*
 * Reading any bytes as an identity document, and as the first and the second of
 * a chain. Nothing but a refusal or a sound identity comes out.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "record/identity.h"
#include "record/record.h"

static void
check_identity(const struct cf_identity *identity)
{
	json_t *root = json_object_get(identity->doc, "rootKeys");
	json_t *publish = json_object_get(identity->doc, "publishKeys");

	MUST(identity->version >= 1 && identity->version <= CF_MAX_IDENTITIES);
	MUST(cf_name_valid(identity->name) && identity->role);
	for (size_t i = 0; i < json_array_size(publish); i++) {
		const char *did = json_string_value(
			json_array_get(publish, i));
		struct cf_pubkey key;

		MUST(cf_pubkey_parse(&key, cf_str(did)));
		MUST(!cf_json_has(root, did));
	}
}

/* After what there is. */
static void
append(struct cf_chain *chain, struct cf_str bytes)
{
	struct cf_identity next;
	size_t before = chain->n;
	const struct cf_err *err = cf_identity_read(&next, bytes);

	if (!err) {
		check_identity(&next);
		err = cf_chain_append_take(chain, &next);
		MUST(next.doc == NULL);
	}
	MUST(!err || (err->code == CF_REFUSED && err->rule[0]));
	MUST(chain->n == before + (err == NULL));
	if (!err) {
		MUST(cf_chain_now(chain)->version == chain->n);
		MUST(strcmp(cf_chain_trust(chain),
			chain->link[0].digest.text) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *cut = size ? memchr(text, '\0', size) : NULL;
	struct cf_chain chain = { 0 };

	cf_json_start();
	MUST(cf_sign_start() == NULL);
	MUST(cf_kind_start() == NULL);
	/* A NUL, which no document has, divides two of them. */
	append(&chain, (struct cf_str){ text, cut ? (size_t)(cut - text) :
		size });
	if (cut)
		append(&chain, (struct cf_str){ cut + 1,
			size - (size_t)(cut + 1 - text) });
	cf_chain_clear(&chain);
	return 0;
}
