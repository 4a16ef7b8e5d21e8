/*
 * Reading any text as a key file: its form is one, so what is taken is exactly
 * what its parts are written as.
 */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "sign/keyfile.h"

static char *
write_again(const struct cf_keyfile *f)
{
	if (!f->sealed)
		return cf_asprintf("{\n  \"key\": \"%s\",\n"
			"  \"kind\": \"confer-key\",\n  \"seed\": \"%.*s\",\n"
			"  \"version\": 1\n}\n", f->key.did, (int)f->seed.n,
			f->seed.p);
	return cf_asprintf("{\n  \"argon2id\": {\n    \"memory\": %llu,\n"
		"    \"passes\": %llu,\n    \"salt\": \"%.*s\"\n  },\n"
		"  \"box\": \"%.*s\",\n  \"key\": \"%s\",\n"
		"  \"kind\": \"confer-key\",\n  \"version\": 1\n}\n",
		(unsigned long long)f->memory, (unsigned long long)f->passes,
		(int)f->salt.n, f->salt.p, (int)f->box.n, f->box.p,
		f->key.did);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str text = { (const char *)data, size };
	struct cf_seckey *key;
	struct cf_keyfile file;
	const struct cf_err *err;
	char *again;

	MUST(cf_sign_start() == NULL);
	if (size > CF_MAX_KEY_FILE || !cf_keyfile_parse(&file, text))
		return 0;
	if (memchr(data, '\0', size) == NULL) {
		again = write_again(&file);
		MUST(cf_str_eq(cf_str(again), text));
		free(again);
	}
	/* Without a passphrase: Argon2id is slow, and not asked here. */
	err = cf_keyfile_open(&key, &file, NULL);
	MUST((err == NULL) == (key != NULL));
	MUST(err == NULL || err->code == CF_INVALID);
	MUST(err != NULL || strcmp(cf_seckey_public(key)->did,
		file.key.did) == 0);
	cf_seckey_free(key);
	return 0;
}
