/*
 * The check of a draft with 64 KiB of text: its time, which has a limit, and the
 * ratio to SHA-256 over the same bytes, which everything signed needs anyhow.
 */
#include "bench/bench.h"
#include "check/rule.h"
#include "sign/sign.h"
#include "unit/clean.h"

#define PASSES 40
#define KIB 64u

/* A practice of 64 KiB: as many steps as it takes. */
static json_t *
large_draft(size_t *bytes)
{
	json_t *draft = json_deep_copy(cf_kind_example("practice"));
	json_t *steps = json_array();
	char key[16];

	for (unsigned i = 0; *bytes < KIB * 1024; i++) {
		struct cf_buf text = CF_BUF(4096);

		write_sentences(&text, 20);
		(void)snprintf(key, sizeof key, "s%u", i);
		json_array_append_new(steps, json_pack("{s:s, s:s, s:s}",
			"key", key, "title", "A step", "text", text.data));
		*bytes += text.len;
		cf_buf_clear(&text);
	}
	json_object_set_new(json_object_get(draft, "body"), "procedure",
		steps);
	return draft;
}

int
main(void)
{
	unsigned char hash[32];
	size_t bytes = 0;
	double check = 1e9, sha = 1e9;
	json_t *draft;
	char *text;

	seed_state = 1;
	cf_json_start();
	expect_ok(cf_sign_start());
	expect_ok(cf_kind_start());
	draft = large_draft(&bytes);
	text = json_dumps(draft, 0);
	for (unsigned i = 0; i < PASSES; i++) {
		double start = seconds();
		json_t *result = cf_check_draft(draft, NULL);

		start = seconds() - start;
		check = start < check ? start : check;
		json_decref(result);
		start = seconds();
		cf_sha256(hash, text, strlen(text));
		start = seconds() - start;
		sha = start < sha ? start : sha;
	}
	(void)printf("a record of %zu KiB: %.2f ms (limit 20), %.0f MB/s of "
		"text, %.1f times its SHA-256\n", bytes / 1024, check * 1e3,
		(double)bytes / check / 1e6, check / sha);
	free(text);
	json_decref(draft);
	return check > 0.020;
}
