/*
 * A cold verification of n commits with one record each, against 2n bare
 * Ed25519 checks on the same machine in the same run; and reading a record in
 * file form against jansson alone. Prints ratios: times move with the machine.
 */
#include <time.h>

#include "store/remote.h"
#include "unit/mains.h"

#define COMMITS 2000
#define READS 20000

static double
seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double
bare_checks(const struct made_main *m, unsigned n)
{
	char text[2200];
	unsigned char sig[64];
	double start;

	memset(text, 'a', sizeof text);
	cf_sign_bytes(sig, m->publish, text, 64);
	start = seconds();
	for (unsigned i = 0; i < n; i++)
		expect_ok(cf_verify_bytes(cf_seckey_public(m->publish), sig,
			text, 64));
	return seconds() - start;
}

/* As `confer verify` does it: what the fetch brought, one pack, is judged. */
static double
cold_verify(struct made_main *m)
{
	const struct cf_gate_sink nobody = { 0 };
	const struct cf_transport none = { 0 };
	struct cf_fetch fetch = { .url = m->dir };
	struct cf_quarantine q = { 0 };
	struct cf_refusal refusal;
	struct cf_gate gate = { 0 };
	char *scratch;
	double start;

	expect_ok(cf_ref_set(m->store, "refs/heads/main", &m->head, NULL));
	expect_ok(cf_store_finish(m->store));
	scratch = cf_store_file(m->store, "");
	expect_ok(cf_fetch_all(&fetch, 1, 1, NULL, scratch, &none, NULL,
		NULL));
	expect_ok(fetch.err);
	expect_ok(cf_quarantine_open(&q, fetch.quarantine, NULL));
	start = seconds();
	expect_ok(cf_gate_run(&gate, q.pack, q.all, &fetch.head, &nobody,
		&refusal));
	start = seconds() - start;
	cf_gate_clear(&gate);
	cf_quarantine_close(&q);
	cf_fetch_clear(&fetch);
	free(scratch);
	return start;
}

static void
add_record(struct made_main *m, json_t **last)
{
	char path[CF_PATH_TEXT];
	struct cf_uuid id;

	cf_uuid_make(&id, m->id.text, NULL);
	json_decref(*last);
	*last = record_doc(m, "need", &id, NULL);
	sign_doc(*last, m->publish);
	cf_record_path(path, "need", &id);
	commit_file(m, path, put_json(m, *last), NULL);
}

static void
compare_reading(const json_t *doc)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD), jcs = CF_BUF(CF_MAX_RECORD);
	double start, ours, theirs;
	json_t *read;

	expect_ok(cf_json_file_form(&text, doc));
	start = seconds();
	for (int i = 0; i < READS; i++) {
		cf_buf_reset(&jcs);
		expect_ok(cf_json_read_file_form(&read, &jcs, "proof",
			(struct cf_str){ text.data, text.len },
			CF_MAX_RECORD));
		json_decref(read);
	}
	ours = seconds() - start;
	start = seconds();
	for (int i = 0; i < READS; i++)
		json_decref(json_loadb(text.data, text.len,
			JSON_REJECT_DUPLICATES, NULL));
	theirs = seconds() - start;
	(void)printf("read a record of %zu bytes, check its form, write its "
		"canonical form: %.2f of json_loadb alone\n", text.len,
		ours / theirs);
	cf_buf_clear(&text);
	cf_buf_clear(&jcs);
}

int
main(void)
{
	struct made_main m;
	json_t *last = NULL;
	double bare, cold;

	expect_ok(cf_start());
	main_begin(&m, "Bench Trust");
	for (int i = 1; i < COMMITS; i++)
		add_record(&m, &last);
	bare = bare_checks(&m, 2 * COMMITS);
	cold = cold_verify(&m);
	(void)printf("verify %d commits with one record each, one thread: %.2f "
		"of %d bare signature checks\n", COMMITS, cold / bare,
		2 * COMMITS);
	compare_reading(last);
	json_decref(last);
	main_end(&m);
	return 0;
}
