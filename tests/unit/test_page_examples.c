/*
 * The worked examples of confer-records(5): a small trust with keys from known
 * seeds, one record and its commons, made by the code and compared with the
 * page byte for byte.
 */
#include "pages.h"

#include "app/trust.h"
#include "base/clock.h"
#include "sign/keyfile.h"
#include "sign/sheet_code.h"

#define PAGE "man/confer-records.5"
#define NAME "Northfield Learning Trust"
#define URL "https://git.example.org/northfield.git"
#define BEGUN "2026-05-01T09:00:00Z"
#define PUBLISHED "2026-05-01T10:00:00Z"
#define TEXT (64u * 1024)

static struct {
	char *dir;
	struct cf_store *store;
	struct cf_seckey *root1, *root2, *publish;
	json_t *identity, *record;
	struct cf_digest id;		/* trust id */
	unsigned char first[8];		/* of the record's id */
	struct cf_uuid uuid;
	struct cf_oid commit1, commit2;
} ex;

/* --- making ----------------------------------------------------------------- */

static struct cf_seckey *
key_of(unsigned char byte)
{
	unsigned char seed[32];

	memset(seed, byte, sizeof seed);
	return cf_seckey_from_seed(seed);
}

static int64_t
time_of(const char *text)
{
	int64_t when;

	assert_true(cf_time_parse(&when, cf_str(text)));
	return when;
}

static json_t *
prove(json_t *proofs, const json_t *doc, const struct cf_seckey *key,
	const char *created)
{
	json_t *proof = NULL;

	assert_ok(cf_proof_make(&proof, doc, key, created));
	proofs = proofs ? proofs : json_array();
	json_array_append_new(proofs, proof);
	cf_proofs_sort(proofs);
	return proofs;
}

static void
make_identity(void)
{
	json_t *proofs;

	ex.identity = json_pack("{s:s, s:i, s:i, s:s, s:s, s:[s], s:[s, s], "
		"s:[s], s:[], s:i}", "kind", "identity", "protocol",
		CF_PROTOCOL, "version", 1, "name", NAME, "role", "trust",
		"urls", URL, "rootKeys", cf_seckey_public(ex.root1)->did,
		cf_seckey_public(ex.root2)->did, "publishKeys",
		cf_seckey_public(ex.publish)->did, "revoked", "heartbeatDays",
		30);
	assert_non_null(ex.identity);
	assert_ok(cf_digest_doc(&ex.id, ex.identity));
	proofs = prove(NULL, ex.identity, ex.root1, BEGUN);
	proofs = prove(proofs, ex.identity, ex.root2, BEGUN);
	json_object_set_new(ex.identity, "proof", proofs);
}

/* As the page tells it; cf_uuid_certifies then says whether that is so. */
static void
make_uuid(unsigned char hash[32])
{
	int64_t ms = time_of(PUBLISHED) * 1000;
	struct cf_buf b = CF_BUF(256);
	unsigned char raw[16];
	char hex[33];

	for (int i = 0; i < 6; i++)
		raw[i] = (unsigned char)(ms >> (40 - 8 * i));
	raw[6] = 0x8a;
	raw[7] = 0xbc;
	memcpy(ex.first, raw, 8);
	cf_buf_puts(&b, ex.id.text);
	cf_buf_add(&b, raw, 8);
	cf_sha256(hash, b.data, b.len);
	cf_buf_clear(&b);
	for (int i = 0; i < 8; i++)
		raw[8 + i] = (unsigned char)((i ? hash[i - 1] << 6 : 0x80) |
			hash[i] >> 2);
	cf_hex(hex, raw, 16);
	(void)snprintf(ex.uuid.text, sizeof ex.uuid.text,
		"%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		hex + 20);
}

static void
make_record(void)
{
	ex.record = json_pack("{s:s, s:s, s:{s:s, s:s, s:[s, s]}, s:s, s:s, "
		"s:s, s:[], s:s, s:i, s:s, s:[s]}", "id", ex.uuid.text, "kind",
		"need", "body", "title", "Fractions in Year 5", "problem",
		"Pupils add numerators and denominators.\nWe look for a "
		"routine of 10 minutes.", "looking_for", "materials",
		"practice", "licence", "CC-BY-4.0", "modified", PUBLISHED,
		"owner", ex.id.text, "parents", "salt",
		"AAECAwQFBgcICQoLDA0ODw", "schema", CF_SCHEMA_MAX, "status",
		"active", "stewards", ex.id.text);
	assert_non_null(ex.record);
	json_object_set_new(ex.record, "proof", prove(NULL, ex.record,
		ex.publish, PUBLISHED));
}

static struct cf_oid
put(enum cf_type type, const char *p, size_t n)
{
	struct cf_oid oid;

	assert_ok(cf_odb_write(&oid, ex.store, type, p, n));
	return oid;
}

static struct cf_edit
file(const char *path, const json_t *doc)
{
	struct cf_buf text = CF_BUF(TEXT);
	struct cf_edit edit = { .path = cf_strdup(path) };

	if (doc) {
		assert_ok(cf_json_file_form(&text, doc));
		edit.oid = put(CF_BLOB, text.data, text.len);
	} else {
		edit.oid = put(CF_BLOB, cf_readme().p, cf_readme().n);
	}
	cf_buf_clear(&text);
	return edit;
}

/* A commit of main, with the number `sequence`. */
static struct cf_oid
commit(const struct cf_oid *tree, uint64_t sequence, const char *line,
	const char *when)
{
	struct cf_buf message = CF_BUF(1024), raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_place place = { cf_str(ex.id.text), 1, sequence };
	char *email = cf_trust_email(ex.id.text);
	struct cf_commit c = { .tree = *tree, .parent = ex.commit1,
		.has_parent = sequence > 1, .name = cf_str(NAME),
		.email = cf_str(email), .time = time_of(when) };
	struct cf_oid oid;

	cf_message_make(&message, line, &place);
	c.message = (struct cf_str){ message.data, message.len };
	cf_commit_make(&raw, &c, ex.publish);
	oid = put(CF_COMMIT, raw.data, raw.len);
	cf_buf_clear(&message);
	cf_buf_clear(&raw);
	free(email);
	return oid;
}

static void
make_repository(void)
{
	struct cf_edit edits[2] = { file("keys/0001.json", ex.identity),
		file("README.md", NULL) }, edit;
	char path[CF_PATH_TEXT];
	struct cf_oid tree, tree2;

	assert_ok(cf_tree_edit(&tree, ex.store, NULL, edits, 2));
	ex.commit1 = commit(&tree, 1, "Begin", BEGUN);
	cf_record_path(path, "need", &ex.uuid);
	edit = file(path, ex.record);
	assert_ok(cf_tree_edit(&tree2, ex.store, &tree, &edit, 1));
	ex.commit2 = commit(&tree2, 2, "Publish 1 need", PUBLISHED);
	free(edits[0].path);
	free(edits[1].path);
	free(edit.path);
	assert_ok(cf_config_set(ex.store, "confer.trust", ex.id.text));
	assert_ok(cf_ref_set(ex.store, CF_MAIN, &ex.commit2, NULL));
	assert_ok(cf_store_finish(ex.store));
}

static int
make_all(void **state)
{
	unsigned char hash[32];

	(void)state;
	assert_ok(cf_start());
	ex.dir = scratch_new();
	ex.root1 = key_of(1);
	ex.root2 = key_of(2);
	ex.publish = key_of(3);
	make_identity();
	make_uuid(hash);
	make_record();
	assert_ok(cf_store_begin(&ex.store, ex.dir));
	make_repository();
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	cf_store_free(ex.store);
	cf_seckey_free(ex.root1);
	cf_seckey_free(ex.root2);
	cf_seckey_free(ex.publish);
	json_decref(ex.identity);
	json_decref(ex.record);
	scratch_free(ex.dir);
	return 0;
}

/* --- comparing --------------------------------------------------------------- */

/* What the page shows is this text; it is cleared. */
static void
assert_shown(const char *name, struct cf_buf *text)
{
	struct cf_buf page;

	assert_ok(cf_buf_check(text, name));
	page_example(&page, PAGE, name);
	/* cmocka would cut it. */
	if (strcmp(page.data, text->data) != 0) {
		(void)fprintf(stderr, "the example %s of " PAGE
			" should be:\n%s---\n", name, text->data);
		fail();
	}
	cf_buf_clear(&page);
	cf_buf_clear(text);
}

static void
add_hex(struct cf_buf *out, const char *what, const void *bytes, size_t n)
{
	char hex[129];

	assert_true(n <= 64);
	cf_hex(hex, bytes, n);
	cf_buf_printf(out, "%-7s %s\n", what, hex);
}

static void
assert_file_shown(const char *name, const json_t *doc)
{
	struct cf_buf text = CF_BUF(TEXT);

	assert_ok(cf_json_file_form(&text, doc));
	assert_shown(name, &text);
}

static void
test_keys(void **state)
{
	const struct cf_seckey *const keys[] = { ex.root1, ex.root2,
		ex.publish };
	struct cf_buf text = CF_BUF(TEXT);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		cf_buf_printf(&text, "%s\n", cf_seckey_public(keys[i])->did);
	assert_shown("keys", &text);
	cf_allowed_signer(&text, "zQm...@confer.invalid",
		cf_seckey_public(ex.publish));
	assert_shown("allowed_signers", &text);
}

static void
test_identity_and_its_digest(void **state)
{
	char safety[CF_SAFETY_TEXT];
	struct cf_buf text = CF_BUF(TEXT);

	(void)state;
	assert_file_shown("identity", ex.identity);
	cf_safety_number(safety, ex.id.text);
	cf_buf_printf(&text, "%s\n%s\n", ex.id.text, safety);
	assert_shown("trust", &text);
}

static void
test_record_id(void **state)
{
	struct cf_buf text = CF_BUF(TEXT);
	struct cf_uuid parsed;
	unsigned char hash[32];

	(void)state;
	make_uuid(hash);
	assert_true(cf_uuid_parse(&parsed, cf_str(ex.uuid.text)));
	assert_true(cf_uuid_certifies(&parsed, ex.id.text));
	add_hex(&text, "time", ex.first, 6);
	add_hex(&text, "first 8", ex.first, 8);
	add_hex(&text, "SHA-256", hash, 32);
	cf_buf_printf(&text, "%-7s %s\n", "id", ex.uuid.text);
	assert_shown("record-id", &text);
}

static void
test_record_and_its_proof(void **state)
{
	const json_t *proof = json_array_get(json_object_get(ex.record,
		"proof"), 0);
	struct cf_buf text = CF_BUF(TEXT), jcs = CF_BUF(TEXT);
	struct cf_record record;
	unsigned char hash[64], sig[64];

	(void)state;
	assert_file_shown("record", ex.record);
	assert_ok(cf_json_file_form(&text, ex.record));
	assert_ok(cf_record_read(&record, (struct cf_str){ text.data,
		text.len }));
	cf_buf_reset(&text);
	assert_ok(cf_json_canonical(&jcs, proof, "proofValue"));
	cf_sha256(hash, jcs.data, jcs.len);
	memcpy(hash + 32, record.hash, 32);
	cf_sign_bytes(sig, ex.publish, hash, sizeof hash);
	assert_true(cf_unbase58(hash, 64, cf_str(cf_json_str(proof,
		"proofValue") + 1)));
	assert_memory_equal(hash, sig, 64);
	cf_buf_printf(&text, "%s\n", jcs.data);
	assert_shown("proof-options", &text);
	cf_sha256(hash, jcs.data, jcs.len);
	add_hex(&text, "options", hash, 32);
	add_hex(&text, "record", record.hash, 32);
	add_hex(&text, "sign", sig, 64);
	cf_buf_printf(&text, "%-7s %s\n", "version", record.version.text);
	assert_shown("proof", &text);
	cf_record_clear(&record);
	cf_buf_clear(&jcs);
}

static void
assert_object_shown(const char *name, const struct cf_oid *oid)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);

	assert_ok(cf_odb_read(&raw, cf_store_odb(ex.store), oid, CF_COMMIT));
	assert_shown(name, &raw);
}

static void
test_commit(void **state)
{
	struct cf_buf text = CF_BUF(TEXT);
	char hex[CF_OID_TEXT];

	(void)state;
	assert_object_shown("commit", &ex.commit2);
	cf_oid_hex(hex, &ex.commit2);
	cf_buf_printf(&text, "%s\n", hex);
	assert_shown("commit-id", &text);
}

static const struct cf_err *
not_held(void *payload, const struct cf_gate_version *version)
{
	(void)payload;
	assert_null(version->rule);
	return NULL;
}

static void
test_the_gate_takes_the_example(void **state)
{
	const struct cf_gate_sink sink = { .version = not_held };
	struct cf_refusal refusal;
	struct cf_gate gate = { 0 };

	(void)state;
	assert_ok(cf_gate_run(&gate, NULL, cf_store_odb(ex.store),
		&ex.commit2, &sink, &refusal));
	assert_int_equal(gate.sequence, 2);
	cf_gate_clear(&gate);
}

static void
test_commons(void **state)
{
	struct cf_trust *trust = NULL;
	struct cf_buf text = CF_BUF(TEXT);
	json_t *card = NULL, *commons = NULL;
	struct cf_oid commit;
	bool found;

	(void)state;
	assert_ok(cf_open(&trust, ex.dir, NULL));
	assert_ok(cf_ref_read(&commit, &found, trust->store, CF_COMMONS));
	assert_true(found);
	assert_object_shown("commons", &commit);
	assert_ok(cf_commons_state(&commons, trust));
	cf_buf_printf(&text, "%s\n%s\n", cf_json_str(commons, "commit"),
		cf_json_str(commons, "spoken"));
	assert_shown("commons-id", &text);
	assert_ok(cf_card(&card, trust));
	assert_file_shown("card", card);
	json_decref(commons);
	json_decref(card);
	cf_close(trust);
}

static void
test_recovery_sheet(void **state)
{
	const struct cf_sheet sheet = { .trust_name = NAME,
		.trust_id = ex.id.text, .number = 1, .total = 2,
		.created = BEGUN };
	struct cf_buf all = CF_BUF(TEXT), text = CF_BUF(TEXT);
	struct cf_seckey *key = NULL;
	struct cf_str rest, line;

	(void)state;
	cf_sheet_write(&all, ex.root1, &sheet);
	rest = (struct cf_str){ all.data, all.len };
	/* The lines of the key and no other begin with so many spaces. */
	while (page_line(&line, &rest))
		if (starts(line, "          "))
			cf_buf_printf(&text, "%.*s\n", (int)line.n - 10,
				line.p + 10);
	assert_ok(cf_sheet_read(&key, (struct cf_str){ text.data, text.len }));
	assert_string_equal(cf_seckey_public(key)->did,
		cf_seckey_public(ex.root1)->did);
	assert_shown("sheet", &text);
	cf_seckey_free(key);
	cf_buf_clear(&all);
}

/* The sealed file has random bytes in it, so the page's is opened. */
static void
test_key_files(void **state)
{
	struct cf_secret text = { 0 }, passphrase = { 0 };
	struct cf_buf shown = CF_BUF(TEXT);
	struct cf_seckey *key = NULL;
	struct cf_keyfile file;

	(void)state;
	assert_ok(cf_keyfile_write(&text, ex.publish, NULL));
	cf_buf_add(&shown, text.p, text.n);
	assert_shown("key-file", &shown);
	page_example(&shown, PAGE, "sealed-key-file");
	assert_true(cf_keyfile_parse(&file, (struct cf_str){ shown.data,
		shown.len }));
	cf_secret_set(&passphrase, "correct horse battery staple", 28);
	assert_ok(cf_keyfile_open(&key, &file, &passphrase));
	assert_string_equal(cf_seckey_public(key)->did,
		cf_seckey_public(ex.publish)->did);
	cf_seckey_free(key);
	cf_secret_clear(&text);
	cf_secret_clear(&passphrase);
	cf_buf_clear(&shown);
}

static void
test_readme(void **state)
{
	struct cf_buf text = CF_BUF(TEXT);

	(void)state;
	cf_buf_add(&text, cf_readme().p, cf_readme().n);
	assert_shown("readme", &text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_identity_and_its_digest),
		cmocka_unit_test(test_record_id),
		cmocka_unit_test(test_record_and_its_proof),
		cmocka_unit_test(test_commit),
		cmocka_unit_test(test_the_gate_takes_the_example),
		cmocka_unit_test(test_commons),
		cmocka_unit_test(test_recovery_sheet),
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_readme),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
