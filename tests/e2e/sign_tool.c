/*
 * Signs what no Confer would: a record on standard input, as the next version of
 * the one in a file.
 *	sign_tool TRUST DID FILE	(parents is set to the version in FILE)
 * The key is that of the machine, not sealed. Standard output: the file form.
 * NEXT=no in the environment: parents as they stand in the input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "json/json.h"
#include "sign/sign.h"

static void
must(const struct cf_err *err)
{
	if (err == NULL)
		return;
	(void)fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void
sign(json_t *doc, const struct cf_seckey *key)
{
	char now[CF_TIME_TEXT];
	json_t *proof = NULL;

	cf_time_format(now, cf_now());
	(void)json_object_del(doc, "proof");
	must(cf_proof_make(&proof, doc, key, now));
	json_object_set_new(doc, "proof", json_pack("[o]", proof));
}

int
main(int argc, char **argv)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);
	const char *next = getenv("NEXT");
	struct cf_seckey *secret = NULL;
	struct cf_digest version;
	struct cf_pubkey key;
	json_t *before = NULL, *doc;

	if (argc != 4 || !cf_pubkey_parse(&key, cf_str(argv[2]))) {
		(void)fprintf(stderr, "usage: sign_tool TRUST DID FILE\n");
		return 2;
	}
	must(cf_sign_start());
	cf_json_start();
	must(cf_json_read_path(&before, argv[3], CF_MAX_RECORD));
	must(cf_digest_doc(&version, before));
	must(cf_keystore_open(&secret, argv[1], &key, NULL));
	doc = json_loadf(stdin, 0, NULL);
	if (!json_is_object(doc)) {
		(void)fprintf(stderr, "no record on standard input\n");
		return 2;
	}
	if (next == NULL || strcmp(next, "no") != 0)
		json_object_set_new(doc, "parents", json_pack("[s]",
			version.text));
	sign(doc, secret);
	must(cf_json_file_form(&out, doc));
	(void)fwrite(out.data, 1, out.len, stdout);
	cf_buf_clear(&out);
	cf_seckey_free(secret);
	json_decref(before);
	json_decref(doc);
	return 0;
}
