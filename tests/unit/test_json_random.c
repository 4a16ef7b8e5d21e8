/*
 * Properties of reading and writing, over random values and damaged texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "random_json.h"

#define ROUNDS 4000
#define MAX (1u << 22)

static struct random r;

static json_t *
read_ok(const struct cf_buf *text)
{
	json_t *value;
	const struct cf_err *err = cf_json_read(&value,
		(struct cf_str){ text->data, text->len }, MAX);

	if (err)
		fail_msg("%s: %s", err->msg, text->data);
	return value;
}

static void
assert_same(const struct cf_buf *a, const struct cf_buf *b)
{
	if (a->len != b->len || memcmp(a->data, b->data, a->len) != 0)
		fail_msg("not the same:\n%s\n%s", a->data, b->data);
}

static void
canonical(struct cf_buf *out, const json_t *value, const char *skip)
{
	cf_buf_reset(out);
	assert_null(cf_json_canonical(out, value, skip));
}

static void
file_form(struct cf_buf *out, const json_t *value)
{
	cf_buf_reset(out);
	assert_null(cf_json_file_form(out, value));
}

/* However a value was written, it is read as what it is, and canonical form
 * and file form are where rewriting comes to rest. */
static void
test_write_and_read_are_inverse(void **state)
{
	struct cf_buf loose = CF_BUF(MAX), first = CF_BUF(MAX),
		again = CF_BUF(MAX);

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		json_t *value = random_value(&r, 5), *a, *b;

		cf_buf_reset(&loose);
		loose_text(&r, &loose, value);
		a = read_ok(&loose);
		canonical(&first, value, NULL);
		canonical(&again, a, NULL);
		assert_same(&first, &again);
		b = read_ok(&first);
		assert_true(json_equal(a, b));
		canonical(&again, b, NULL);
		assert_same(&first, &again);
		json_decref(b);

		file_form(&first, value);
		b = read_ok(&first);
		assert_true(json_equal(a, b));
		file_form(&again, b);
		assert_same(&first, &again);
		json_decref(b);
		json_decref(a);
		json_decref(value);
	}
	cf_buf_clear(&loose);
	cf_buf_clear(&first);
	cf_buf_clear(&again);
}

/* Removes white space outside strings. */
static void
squeeze(struct cf_buf *out, const struct cf_buf *text)
{
	bool quoted = false;

	cf_buf_reset(out);
	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		if (quoted && c == '\\') {
			cf_buf_add(out, text->data + i++, 2);
			continue;
		}
		quoted ^= c == '"';
		if (quoted || strchr(" \n", c) == NULL)
			cf_buf_putc(out, c);
	}
}

static const char *
some_member(const json_t *value)
{
	unsigned n = (unsigned)json_object_size(value);
	const char *name;
	json_t *member;

	if (n == 0)
		return "proof";
	n = random_below(&r, n);
	json_object_foreach(cf_json_at(value, ""), name, member)
		if (n-- == 0)
			return name;
	return NULL;
}

/* The one pass gives what the slow way gives. */
static void
test_one_pass_is_read_and_canonical(void **state)
{
	struct cf_buf text = CF_BUF(MAX), want = CF_BUF(MAX), jcs = CF_BUF(MAX);

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		json_t *value = random_value(&r, 5), *slow, *fast;
		const char *skip = random_below(&r, 2) ? some_member(value) :
			NULL;
		const struct cf_err *err;

		file_form(&text, value);
		squeeze(&jcs, &text);
		canonical(&want, value, NULL);
		assert_same(&want, &jcs);
		canonical(&want, value, skip);
		cf_buf_reset(&jcs);
		err = cf_json_read_file_form(&fast, &jcs, skip,
			(struct cf_str){ text.data, text.len }, MAX);
		if (err)
			fail_msg("%s: %s", err->msg, text.data);
		assert_same(&want, &jcs);
		slow = read_ok(&text);
		assert_true(json_equal(slow, fast));
		json_decref(slow);
		json_decref(fast);
		json_decref(value);
	}
	cf_buf_clear(&text);
	cf_buf_clear(&want);
	cf_buf_clear(&jcs);
}

/* The one pass and the slow way must give the same verdict on these bytes. */
static void
same_verdict(const struct cf_buf *text, unsigned *accepted)
{
	struct cf_str bytes = { text->data, text->len };
	struct cf_buf form = CF_BUF(MAX), jcs = CF_BUF(MAX), want = CF_BUF(MAX);
	json_t *slow, *fast;
	const struct cf_err *why = cf_json_read(&slow, bytes, MAX);
	const struct cf_err *err = cf_json_read_file_form(&fast, &jcs, NULL,
		bytes, MAX);
	bool same = false;

	if (why == NULL) {
		file_form(&form, slow);
		same = form.len == text->len &&
			memcmp(form.data, text->data, form.len) == 0;
	}
	if (same) {
		assert_null(err);
		assert_true(json_equal(slow, fast));
		canonical(&want, slow, NULL);
		assert_same(&want, &jcs);
		++*accepted;
	} else {
		if (err == NULL || strstr(err->msg, "please report"))
			fail_msg("%s: %s", err ? err->msg : "accepted",
				text->data);
		assert_null(fast);
		assert_int_equal(jcs.len, 0);
		assert_string_equal(err->rule, why ? why->rule :
			"json.not-canonical");
	}
	json_decref(slow);
	json_decref(fast);
	cf_buf_clear(&form);
	cf_buf_clear(&jcs);
	cf_buf_clear(&want);
}

static void
test_damage_is_judged_alike(void **state)
{
	struct cf_buf text = CF_BUF(MAX);
	unsigned accepted = 0;

	(void)state;
	for (unsigned i = 0; i < 8 * ROUNDS; i++) {
		json_t *value = random_value(&r, 4);

		file_form(&text, value);
		for (unsigned n = 1 + random_below(&r, 2); n > 0; n--)
			random_damage(&r, &text);
		same_verdict(&text, &accepted);
		json_decref(value);
	}
	/* Letters and digits may change without harm: both ways were met. */
	assert_in_range(accepted, 8, 7 * ROUNDS);
	cf_buf_clear(&text);
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_compare_is_an_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		json_t *a = random_value(&r, 1), *b = random_value(&r, 1);
		json_t *c = random_value(&r, 1);

		assert_int_equal(cf_json_compare(a, a), 0);
		assert_int_equal(sign(cf_json_compare(a, b)),
			-sign(cf_json_compare(b, a)));
		if (cf_json_compare(a, b) <= 0 && cf_json_compare(b, c) <= 0)
			assert_true(cf_json_compare(a, c) <= 0);
		json_decref(a);
		json_decref(b);
		json_decref(c);
	}
}

/* How many digits it has, without zeros at its ends. */
static int
significant(const char *number)
{
	int n = 0, zeros = 0;

	for (; *number != '\0' && *number != 'e'; number++) {
		if (*number < '0' || *number > '9' ||
			(n == 0 && *number == '0'))
			continue;
		n++;
		zeros = *number == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

/* Adds one to the last digit of "d.ddde±xx", or takes one away. */
static void
neighbour(char *out, const char *text, int by)
{
	char *p;

	memcpy(out, text, strlen(text) + 1);
	for (p = strchr(out, 'e') - 1; p >= out; p--) {
		if (*p == '.')
			continue;
		*p = (char)(*p + by);
		if (*p >= '0' && *p <= '9')
			return;
		*p = by > 0 ? '0' : '9';
	}
}

/* Reads back as the same double, and no decimal with a digit less does: not
 * the nearest, nor its neighbours. */
static void
test_numbers_are_shortest(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10 * ROUNDS; i++) {
		double d = fabs(random_double(&r));
		char text[32], shorter[48], other[48];
		int n;

		assert_true(cf_json_number(text, d));
		assert_true(strtod(text, NULL) == d);
		n = significant(text);
		assert_in_range(n, d > 0, 17);
		if (n < 2)
			continue;
		(void)snprintf(shorter, sizeof shorter, "%.*e", n - 2, d);
		assert_true(strtod(shorter, NULL) != d);
		neighbour(other, shorter, 1);
		assert_true(strtod(other, NULL) != d);
		neighbour(other, shorter, -1);
		assert_true(strtod(other, NULL) != d);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read_are_inverse),
		cmocka_unit_test(test_one_pass_is_read_and_canonical),
		cmocka_unit_test(test_damage_is_judged_alike),
		cmocka_unit_test(test_compare_is_an_order),
		cmocka_unit_test(test_numbers_are_shortest),
	};

	cf_json_start();
	r = random_seed(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
