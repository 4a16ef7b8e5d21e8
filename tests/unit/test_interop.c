/*
 * Our proofs before the JavaScript implementation of eddsa-jcs-2022, and its
 * proofs before ours, over documents that nobody chose. Skipped where node or
 * the npm registry cannot be had.
 */
#include "command.h"

#include "sign/sign.h"

#define SOURCE "tests/interop/"
#define DOCUMENTS 16

/* A copy of tests/interop with its packages installed, or NULL. */
static char *workshop;

static bool
copy_file(const char *name)
{
	char *from = cf_asprintf(SOURCE "%s", name);
	char *to = cf_path_join(workshop, name);
	struct cf_buf b = CF_BUF(CF_MAX_JSON);
	bool ok = cf_file_read(&b, from, false) == NULL &&
		cf_file_write(to, b.data, b.len, 0644) == NULL;

	cf_buf_clear(&b);
	free(from);
	free(to);
	return ok;
}

static int
make_workshop(void **state)
{
	static const char *const files[] = { "package.json", "suite.mjs",
		"package-lock.json", "sign.mjs", "verify.mjs" };
	int status = make_folder(state);

	workshop = folder;
	for (size_t i = 0; status == 0 && i < sizeof files / sizeof *files; i++)
		if (!copy_file(files[i]))
			status = -1;
	if (status == 0 && RUN(NULL, NULL, "npm", "ci", "--prefix", workshop,
		"--no-audit", "--no-fund", "--fetch-retry-mintimeout=500",
		"--fetch-retry-maxtimeout=2000") != 0) {
		status = remove_folder(state);
		workshop = NULL;
	}
	return status;
}

static int
remove_workshop(void **state)
{
	const struct cf_err *err = workshop ? cf_remove_all(workshop) : NULL;

	(void)state;
	free(workshop);
	return err ? -1 : 0;
}

static void
need_workshop(void)
{
	if (workshop == NULL) {
		print_message("no node, or no npm registry to reach\n");
		skip();
	}
	folder = workshop;
}

static json_t *
some_text(void)
{
	static const char *const parts[] = { "a", "B", "7", " ", "\"", "\\",
		"/", "\n", "\t", "\x01", "\x7f", "\xc3\xa9", "e\xcc\x81",
		"\xe2\x82\xac", "\xe2\x80\xa8", "\xf0\x9f\x8f\xab",
		"\xef\xac\xb3", "@context", "proof", "\xee\x80\x80" };
	struct cf_buf b = CF_BUF(256);
	json_t *out;

	for (uint64_t i = seed_below(8); i > 0; i--)
		cf_buf_puts(&b, parts[seed_below(sizeof parts /
			sizeof *parts)]);
	out = json_string(b.data);
	cf_buf_clear(&b);
	return out;
}

static json_t *
some_number(void)
{
	static const double reals[] = { 0.0, -0.0, 1.0, 0.1, -2.5, 1e-6, 1e-7,
		5e-324, 2.2250738585072014e-308, 333333333.33333329, 0.3 };

	if (seed_below(2))
		return json_integer((json_int_t)seed_below(1ull << 53) -
			(json_int_t)seed_below(1ull << 53));
	return json_real(reals[seed_below(sizeof reals / sizeof *reals)]);
}

static json_t *
some_value(unsigned depth)
{
	uint64_t what = seed_below(depth ? 8 : 6);
	json_t *out;

	if (what < 2)
		return some_text();
	if (what < 4)
		return some_number();
	if (what < 6)
		return what == 4 ? json_null() : json_boolean(seed_below(2));
	out = what == 6 ? json_array() : json_object();
	for (uint64_t i = seed_below(5); i > 0; i--) {
		json_t *value = some_value(depth - 1), *key = some_text();

		if (what == 6)
			(void)json_array_append_new(out, value);
		else
			(void)json_object_set_new(out, json_string_value(key),
				value);
		json_decref(key);
	}
	return out;
}

/* A document without JSON-LD, as records are. */
static json_t *
some_document(void)
{
	json_t *doc = json_object();

	for (uint64_t i = 1 + seed_below(5); i > 0; i--) {
		json_t *key = some_text();

		(void)json_object_set_new(doc, json_string_value(key),
			some_value(4));
		json_decref(key);
	}
	(void)json_object_del(doc, "proof");
	(void)json_object_del(doc, "@context");
	return doc;
}

/* The exit status of the library's verdict on all of them. */
static int
verify_files(char *const *paths, size_t n)
{
	char *script = cf_path_join(workshop, "verify.mjs");
	const char *args[DOCUMENTS + 3] = { "node", script };
	int status;

	for (size_t i = 0; i < n; i++)
		args[i + 2] = paths[i];
	status = run(NULL, NULL, args);
	free(script);
	return status;
}

/* In file form, with the proofs of two keys, as it lies in a repository. */
static char *
write_signed(const char *name, json_t *doc, json_t **proofs)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *path;

	*proofs = json_array();
	for (int i = 0; i < 2; i++) {
		struct cf_seckey *key = cf_seckey_new();
		json_t *proof;

		expect_ok(cf_proof_make(&proof, doc, key,
			"2026-05-01T10:00:00Z"));
		(void)json_array_append_new(*proofs, proof);
		cf_seckey_free(key);
	}
	cf_proofs_sort(*proofs);
	(void)json_object_set(doc, "proof", *proofs);
	expect_ok(cf_json_file_form(&text, doc));
	path = in_folder(name, text.data);
	cf_buf_clear(&text);
	return path;
}

static void
test_javascript_library_accepts_our_proofs(void **state)
{
	char *paths[DOCUMENTS];

	(void)state;
	need_workshop();
	for (size_t i = 0; i < DOCUMENTS; i++) {
		json_t *doc = some_document(), *proofs;
		char name[32];

		(void)snprintf(name, sizeof name, "ours-%zu.json", i);
		paths[i] = write_signed(name, doc, &proofs);
		json_decref(proofs);
		json_decref(doc);
	}
	assert_int_equal(verify_files(paths, DOCUMENTS), 0);
	for (size_t i = 0; i < DOCUMENTS; i++)
		free(paths[i]);
}

/* A document with two good proofs; `spoil` makes one thing in it wrong. */
static int
verify_spoilt(void (*spoil)(json_t *doc, json_t *proofs))
{
	json_t *doc = json_pack("{s:s, s:i}", "a", "x", "b", 1), *proofs;
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *path = write_signed("spoilt.json", doc, &proofs);
	int status;

	spoil(doc, proofs);
	expect_ok(cf_json_file_form(&text, doc));
	expect_ok(cf_file_write(path, text.data, text.len, 0600));
	status = verify_files(&path, 1);
	cf_buf_clear(&text);
	free(path);
	json_decref(doc);
	json_decref(proofs);
	return status;
}

static void
nothing(json_t *doc, json_t *proofs)
{
	(void)doc, (void)proofs;
}

static void
a_value(json_t *doc, json_t *proofs)
{
	(void)proofs;
	(void)json_object_set_new(doc, "b", json_integer(2));
}

static void
all_proofs(json_t *doc, json_t *proofs)
{
	(void)doc;
	(void)json_array_clear(proofs);
}

/* One proof stays good: the other one alone must be enough to refuse. */
static void
the_time_of_one_proof(json_t *doc, json_t *proofs)
{
	(void)doc;
	(void)json_object_set_new(json_array_get(proofs, 1), "created",
		json_string("2026-05-01T10:00:01Z"));
}

static void
test_javascript_library_refuses_what_was_changed(void **state)
{
	(void)state;
	need_workshop();
	assert_int_equal(verify_spoilt(nothing), 0);
	assert_int_equal(verify_spoilt(a_value), 1);
	assert_int_equal(verify_spoilt(all_proofs), 1);
	assert_int_equal(verify_spoilt(the_time_of_one_proof), 1);
}

static void
test_our_verification_accepts_the_librarys_proofs(void **state)
{
	char *script, *in, *out;

	(void)state;
	need_workshop();
	script = cf_path_join(workshop, "sign.mjs");
	for (int i = 0; i < 6; i++) {
		json_t *doc = some_document(), *theirs, *proof;
		struct cf_buf text = CF_BUF(CF_MAX_JSON);
		unsigned char hash[32], want[32];
		struct cf_digest digest;

		expect_ok(cf_json_file_form(&text, doc));
		in = in_folder("in.json", text.data);
		out = in_folder("out.json", NULL);
		assert_int_equal(RUN(in, out, "node", script), 0);
		expect_ok(cf_json_read_path(&theirs, out, CF_MAX_JSON));
		expect_ok(cf_digest_doc(&digest, theirs));
		assert_true(cf_digest_raw(hash, digest.text));
		proof = json_array_get(json_object_get(theirs, "proof"), 0);
		expect_ok(cf_proof_verify(NULL, proof, hash));
		expect_ok(cf_digest_doc(&digest, doc));
		assert_true(cf_digest_raw(want, digest.text));
		assert_memory_equal(hash, want, 32);
		json_decref(doc);
		json_decref(theirs);
		cf_buf_clear(&text);
		free(in);
		free(out);
	}
	free(script);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_javascript_library_accepts_our_proofs),
		cmocka_unit_test(
			test_javascript_library_refuses_what_was_changed),
		cmocka_unit_test(
			test_our_verification_accepts_the_librarys_proofs),
	};

	seed_start(argc, argv);
	cf_json_start();
	expect_ok(cf_sign_start());
	return cmocka_run_group_tests_name("interop", tests, make_workshop,
		remove_workshop);
}
