/*
 * RFC 8785: the pairs of cyberphone/json-canonicalization, byte for byte, and
 * number-traps.json: the published numbers and hashes, numbers that naive
 * printers get wrong, and texts that must or must not be the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"

static unsigned passed, failed;

static void
count(bool ok, const char *what, const char *detail)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	(void)printf("FAILED %s: %s\n", what, detail);
}

static void
count_err(const struct cf_err *err, const char *what)
{
	count(err == NULL, what, err ? err->msg : "");
}

/* --- pairs of files ------------------------------------------------------- */

/* The canonical form of `value` is these bytes, and so is that of its file
 * form, read in one pass. */
static void
compare_pair(const char *file, const json_t *value, const struct cf_buf *want)
{
	struct cf_buf got = CF_BUF(CF_MAX_JSON), form = CF_BUF(CF_MAX_JSON);
	json_t *again = NULL;
	const struct cf_err *err = cf_json_canonical(&got, value, NULL);

	count(err == NULL && got.len == want->len &&
		memcmp(got.data, want->data, got.len) == 0, file, got.data);
	cf_buf_reset(&got);
	err = cf_json_file_form(&form, value);
	if (err == NULL)
		err = cf_json_read_file_form(&again, &got, NULL,
			(struct cf_str){ form.data, form.len }, form.max);
	count(err == NULL && got.len == want->len &&
		memcmp(got.data, want->data, got.len) == 0, file,
		err ? err->msg : "its file form has another canonical form");
	json_decref(again);
	cf_buf_clear(&got);
	cf_buf_clear(&form);
}

static void
run_pair(const char *input, const char *output, const char *file)
{
	struct cf_buf want = CF_BUF(CF_MAX_JSON);
	char *from = cf_path_join(input, file);
	char *to = cf_path_join(output, file);
	json_t *value = NULL;
	const struct cf_err *err = cf_json_read_path(&value, from,
		CF_MAX_JSON);

	if (err == NULL)
		err = cf_file_read(&want, to, true);
	if (err)
		count_err(err, file);
	else
		compare_pair(file, value, &want);
	json_decref(value);
	cf_buf_clear(&want);
	free(from);
	free(to);
}

static void
run_pairs(const char *dir)
{
	struct cf_names files = { 0 };
	char *input = cf_path_join(dir, "input");
	char *output = cf_path_join(dir, "output");

	count_err(cf_dir_names(&files, input), input);
	for (size_t i = 0; i < files.n; i++)
		run_pair(input, output, files.name[i]);
	cf_names_clear(&files);
	free(input);
	free(output);
}

/* --- numbers -------------------------------------------------------------- */

static double
of_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}

/* "c46696695dbd1cc3", with no zeros in front. */
static double
of_hex(const char *hex)
{
	char all[17];
	unsigned char byte[8] = { 0 };
	uint64_t bits = 0;

	(void)snprintf(all, sizeof all, "%016d", 0);
	if (strlen(hex) < sizeof all)
		memcpy(all + 16 - strlen(hex), hex, strlen(hex));
	if (!cf_unhex(byte, sizeof byte, cf_str(all)))
		count(false, "not hexadecimal", hex);
	for (size_t i = 0; i < sizeof byte; i++)
		bits = bits << 8 | byte[i];
	return of_bits(bits);
}

/* Rows of [bits in hexadecimal, text]. */
static void
run_rows(const json_t *rows)
{
	const json_t *row;
	char text[32];
	size_t i;

	count(json_array_size(rows) > 0, "number-traps.json", "no rows");
	json_array_foreach(rows, i, row) {
		const char *hex = json_string_value(json_array_get(row, 0));
		const char *want = json_string_value(json_array_get(row, 1));

		count(hex && want && cf_json_number(text, of_hex(hex)) &&
			strcmp(text, want) == 0, want ? want : "a row", text);
	}
}

/* The published sequence: the static rows, 2,000 doubles in a row, and then
 * what a chain of SHA-256 from 32 zero bytes gives, four doubles a link. */
struct sequence {
	const json_t *rows;
	size_t at;
	unsigned char link[crypto_hash_sha256_BYTES];
	size_t used;
};

static double
next_number(struct sequence *s)
{
	size_t n = json_array_size(s->rows), at = s->at++;
	uint64_t bits;
	double d;

	if (at < n)
		return of_hex(json_string_value(json_array_get(
			json_array_get(s->rows, at), 0)));
	if (at < n + 2000)
		return of_bits(UINT64_C(0x0010000000000000) + (at - n));
	do {
		if (s->used == sizeof s->link) {
			(void)crypto_hash_sha256(s->link, s->link,
				sizeof s->link);
			s->used = 0;
		}
		bits = 0;
		for (size_t i = 8; i-- > 0; )
			bits = bits << 8 | s->link[s->used + i];
		s->used += 8;
		d = of_bits(bits);
	} while (d == 0 || d - d != 0);
	return d;
}

/* Compares the hash of the lines so far with the one published for them. */
static void
check_hash(crypto_hash_sha256_state state, const json_t *hashes, size_t lines,
	size_t *found)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1], name[24];
	const char *want;

	(void)snprintf(name, sizeof name, "%zu", lines);
	want = cf_json_str(hashes, name);
	if (want == NULL)
		return;
	++*found;
	(void)crypto_hash_sha256_final(&state, hash);
	cf_hex(hex, hash, sizeof hash);
	count(strcmp(hex, want) == 0, "hash of the first numbers", name);
}

static void
run_sequence(const json_t *rows, const json_t *hashes)
{
	struct sequence s = { .rows = rows, .used = sizeof s.link };
	size_t total = json_object_size(hashes), found = 0;
	crypto_hash_sha256_state state;

	count(total > 0, "number-traps.json", "no hashes");
	(void)crypto_hash_sha256_init(&state);
	for (size_t line = 1; found < total && line <= 1000000; line++) {
		double d = next_number(&s);
		char text[32], row[64];
		uint64_t bits;
		int n;

		memcpy(&bits, &d, sizeof bits);
		if (!cf_json_number(text, d))
			text[0] = '\0';
		n = snprintf(row, sizeof row, "%llx,%s\n",
			(unsigned long long)bits, text);
		(void)crypto_hash_sha256_update(&state,
			(const unsigned char *)row, (size_t)n);
		check_hash(state, hashes, line, &found);
	}
	count(found == total, "hashes", "some were not reached");
}

/* --- texts ---------------------------------------------------------------- */

static void
run_refusals(const json_t *cases)
{
	const json_t *row;
	size_t i;

	count(json_array_size(cases) > 0, "must_reject", "no cases");
	json_array_foreach(cases, i, row) {
		const char *text = cf_json_str(row, "text");
		const char *hex = cf_json_str(row, "hex");
		const char *why = cf_json_str(row, "why");
		char bytes[256];
		struct cf_str given = { bytes, 0 };
		json_t *value;

		if (text != NULL)
			given = cf_str(text);
		else if (hex != NULL && strlen(hex) < sizeof bytes &&
			cf_unhex(bytes, strlen(hex) / 2, cf_str(hex)))
			given.n = strlen(hex) / 2;
		count(given.n > 0 && cf_json_read(&value, given, CF_MAX_JSON)
			!= NULL, "must be refused", why);
	}
}

/* Pairs of texts that have, or do not have, the same canonical form. */
static void
run_equality(const json_t *cases, bool equal)
{
	const json_t *row;
	size_t i;

	count(json_array_size(cases) > 0, "equality", "no cases");
	json_array_foreach(cases, i, row) {
		const char *a = json_string_value(json_array_get(row, 0));
		const char *b = json_string_value(json_array_get(row, 1));
		json_t *x = NULL, *y = NULL;
		const struct cf_err *err = cf_json_read(&x, cf_str(a),
			CF_MAX_JSON);

		if (err == NULL)
			err = cf_json_read(&y, cf_str(b), CF_MAX_JSON);
		count(err == NULL && (cf_json_compare(x, y) == 0) == equal,
			equal ? "must be equal to this" : "must differ", a);
		json_decref(x);
		json_decref(y);
	}
}

static void
run_key_order(const json_t *order)
{
	struct cf_buf got = CF_BUF(CF_MAX_JSON);
	json_t *object = json_object(), *again = NULL;
	const json_t *want = json_object_get(order, "utf16_order_required");
	const json_t *name;
	const char *key;
	json_t *value;
	const struct cf_err *err;
	size_t i;

	json_array_foreach(json_object_get(order, "input_keys"), i, name)
		(void)json_object_set_new(object, json_string_value(name),
			json_null());
	count(json_object_size(object) > 1, "key_order", "no names");
	err = cf_json_canonical(&got, object, NULL);
	if (err == NULL)
		err = cf_json_read(&again, (struct cf_str){ got.data, got.len },
			got.max);
	count_err(err, "key_order");
	/* jansson keeps the order in which members were read. */
	i = 0;
	json_object_foreach(again, key, value) {
		const char *must = json_string_value(json_array_get(want, i));

		count(must && strcmp(key, must) == 0, "key_order", key);
		i++;
	}
	count(i == json_array_size(want), "key_order", "names are missing");
	json_decref(object);
	json_decref(again);
	cf_buf_clear(&got);
}

static void
run_traps(const char *dir)
{
	char *path = cf_path_join(dir, "number-traps.json");
	json_t *traps = NULL;
	const json_t *rows;

	count_err(cf_json_read_path(&traps, path, CF_MAX_JSON), path);
	rows = json_object_get(traps, "static");
	run_rows(rows);
	run_rows(cf_json_at(traps,
		"/powers_of_two_that_break_a_printf_loop/rows"));
	run_sequence(rows, json_object_get(traps, "official_hashes"));
	run_refusals(json_object_get(traps, "must_reject"));
	run_equality(json_object_get(traps, "equal_after_canonicalisation"),
		true);
	run_equality(json_object_get(traps, "not_equal"), false);
	run_key_order(json_object_get(traps, "key_order"));
	json_decref(traps);
	free(path);
}

int
main(int argc, char **argv)
{
	char *dir;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s SUITES\n", argv[0]);
		return 2;
	}
	cf_json_start();
	dir = cf_path_join(argv[1], "jcs");
	run_pairs(dir);
	run_traps(dir);
	free(dir);
	(void)printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
