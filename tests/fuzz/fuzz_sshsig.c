/*
 * Verifying any text as an SSH signature. The first byte says how many of the
 * next ones are the message; the rest is the armour.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "sign/sign.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_pubkey signer, same;
	const struct cf_err *err;
	struct cf_str armour;
	size_t n;

	MUST(cf_sign_start() == NULL);
	if (size == 0 || data[0] > size - 1)
		return 0;
	n = data[0];
	armour = (struct cf_str){ (const char *)data + 1 + n, size - 1 - n };
	err = cf_sshsig_verify(&signer, armour, data + 1, n);
	if (err) {
		MUST(err->code == CF_REFUSED && signer.did[0] == '\0');
		MUST(strcmp(err->rule, "commit.signature") == 0);
		return 0;
	}
	/* It names a key, and stands for this message only. */
	MUST(cf_pubkey_parse(&same, cf_str(signer.did)));
	MUST(memcmp(same.raw, signer.raw, 32) == 0);
	MUST(cf_sshsig_verify(&signer, armour, data, n + 1) != NULL);
	armour.n--;
	MUST(cf_sshsig_verify(&signer, armour, data + 1, n) != NULL);
	return 0;
}
