/*
 * Reading any text as a recovery sheet. A key that comes out prints as a sheet
 * from which the same key comes out.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "sign/sign.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cf_sheet head = { .trust_name = "1 ABC DEF GHJ",
		.trust_id = "zQm", .number = 1, .total = 2, .created = "2026" };
	struct cf_buf page = CF_BUF(8192);
	struct cf_seckey *key, *same;
	const struct cf_err *err;

	MUST(cf_sign_start() == NULL);
	err = cf_sheet_read(&key, (struct cf_str){ (const char *)data, size });
	if (err) {
		MUST(key == NULL && err->code == CF_INVALID);
		MUST(cf_starts(err->rule, "sheet."));
		return 0;
	}
	cf_sheet_write(&page, key, &head);
	MUST(cf_sheet_read(&same, cf_str(page.data)) == NULL);
	MUST(strcmp(cf_seckey_public(key)->did,
		cf_seckey_public(same)->did) == 0);
	cf_buf_wipe(&page);
	cf_seckey_free(key);
	cf_seckey_free(same);
	return 0;
}
