/*
 * Texts that a rule must find, or must leave alone, in our own words: one a line
 * in tests/vectors/check/text.jsonl.
 */
#include "expect.h"

#include "base/file.h"
#include "base/mem.h"
#include "check/rule.h"
#include "check/words.h"

#define VECTORS "tests/vectors/check/text.jsonl"
#define CLEAN "tests/vectors/check/clean.txt"

static bool
is_found(const char *text, const char *rule)
{
	json_t *draft = json_pack("{s:s, s:{s:s}}", "kind", "need", "body",
		"summary", text);
	json_t *result = cf_check_draft(draft, NULL), *f;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(result, "findings"), i, f)
		found = found || strcmp(cf_json_str(f, "rule"), rule) == 0;
	json_decref(result);
	json_decref(draft);
	return found;
}

static void
test_rules_find_what_they_must(void **state)
{
	struct cf_buf file = CF_BUF(CF_MAX_JSON);
	struct cf_str line, rest;
	unsigned rows = 0, wrong = 0;

	(void)state;
	expect_ok(cf_file_read(&file, VECTORS, false));
	rest = (struct cf_str){ file.data, file.len };
	while (cf_str_cut(&line, &rest, rest, '\n')) {
		json_t *row = NULL;
		const char *text, *rule;
		bool want;

		expect_ok(cf_json_read(&row, line, CF_MAX_RECORD));
		text = cf_json_str(row, "text");
		rule = cf_json_str(row, "rule");
		want = json_is_true(json_object_get(row, "match"));
		assert_non_null(cf_rule_find(rule));
		if (is_found(text, rule) != want) {
			print_error("%s %s: %s\n", rule, want ?
				"does not find" : "finds", text);
			wrong++;
		}
		rows++;
		json_decref(row);
	}
	cf_buf_clear(&file);
	assert_true(rows > 1600);
	assert_int_equal(wrong, 0);
}

/* Texts as schools write them, one a line: of a hundred, two may be asked about
 * at the most. */
static void
test_clean_texts_are_left_alone(void **state)
{
	struct cf_buf file = CF_BUF(CF_MAX_JSON);
	struct cf_str line, rest;
	size_t lines = 0, found = 0;

	(void)state;
	expect_ok(cf_file_read(&file, CLEAN, false));
	rest = (struct cf_str){ file.data, file.len };
	while (cf_str_cut(&line, &rest, rest, '\n')) {
		json_t *draft = json_pack("{s:s, s:{s:s%}}", "kind", "need",
			"body", "summary", line.p, line.n);
		json_t *result = cf_check_draft(draft, NULL), *f;
		size_t i;

		json_array_foreach(json_object_get(result, "findings"), i, f)
			if (cf_rule_find(cf_json_str(f, "rule")) &&
				strcmp(cf_json_str(f, "severity"),
				"advice") != 0) {
				print_error("%s: %.*s\n", cf_json_str(f,
					"rule"), (int)line.n, line.p);
				found++;
			}
		lines++;
		json_decref(result);
		json_decref(draft);
	}
	cf_buf_clear(&file);
	assert_true(lines > 160);
	assert_true(found * 50 <= lines);
}

/* What is hidden in base64, in entities or between other words is told where it
 * stands, and nothing of it is shown. */
static void
test_a_disguise_is_no_shelter(void **state)
{
	static const char *const texts[] = {
		"It says QTEyMzQ1Njc4OTAxMg== in the file.",
		"It says &#65;123456789012 in the file.",
		"It says \xef\xbc\xa1-123456789012 in the file.",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *draft = json_pack("{s:s, s:{s:s}}", "kind", "need",
			"body", "summary", texts[i]);
		json_t *result = cf_check_draft(draft, NULL), *f;
		bool found = false;
		size_t k;

		json_array_foreach(json_object_get(result, "findings"), k, f) {
			if (strcmp(cf_json_str(f, "rule"), "T-UPN") != 0)
				continue;
			found = true;
			assert_string_equal(cf_json_str(f, "path"),
				"/body/summary");
			assert_null(strstr(cf_json_str(f, "found"), "1234"));
			assert_null(strstr(cf_json_str(f, "found"), "QTE"));
		}
		assert_true(found);
		json_decref(result);
		json_decref(draft);
	}
}

/* --- what a rule needs -------------------------------------------------------- */

/* Words of the rows of the vectors, in any order and company. */
static struct words {
	struct cf_buf text;
	struct cf_str word[20000];
	size_t n;
} words;

static void
read_words(void)
{
	struct cf_buf file = CF_BUF(CF_MAX_JSON);
	struct cf_str line, rest;

	cf_buf_init(&words.text, CF_MAX_JSON);

	expect_ok(cf_file_read(&file, VECTORS, false));
	rest = (struct cf_str){ file.data, file.len };
	while (cf_str_cut(&line, &rest, rest, '\n')) {
		json_t *row = NULL;

		expect_ok(cf_json_read(&row, line, CF_MAX_RECORD));
		cf_buf_printf(&words.text, "%s ", cf_json_str(row, "text"));
		json_decref(row);
	}
	cf_buf_clear(&file);
	rest = (struct cf_str){ words.text.data, words.text.len };
	while (words.n < 20000 && cf_str_cut(&line, &rest, rest, ' '))
		words.word[words.n++] = line;
}

static void
make_text(struct cf_buf *out)
{
	static const char *const between[] = { " ", " ", " ", "\n", ". ", "",
		"-", ":", "@", "/", "'" };

	cf_buf_reset(out);
	for (uint64_t n = 1 + seed_below(6); n; n--) {
		struct cf_str word = words.word[seed_below(words.n)];

		cf_buf_add(out, word.p, word.n);
		cf_buf_puts(out, between[seed_below(11)]);
	}
}

static bool
needs_more(const struct cf_rule *rule, const struct cf_text *text)
{
	return (rule->needs && !(rule->needs & text->has)) ||
		text->digits < rule->digits ||
		(rule->kinds && !(rule->kinds & text->words->is));
}

/* Asked all the same, a rule finds nothing in a text that lacks what it says
 * that it needs. */
static void
test_a_rule_needs_what_it_says(void **state)
{
	static const struct cf_checking with = { .file = NULL };
	struct cf_buf raw = CF_BUF(CF_MAX_RECORD);
	size_t asked = 0;

	(void)state;
	read_words();
	for (unsigned round = 0; round < 4000; round++) {
		struct cf_probe probe = { .with = &with };
		struct cf_words list;
		struct cf_text text;

		make_text(&raw);
		cf_text_read(&text, (struct cf_str){ raw.data, raw.len });
		cf_words_read(&list, &text);
		text.words = &list;
		for (size_t i = 0; cf_rules[i]; i++) {
			probe.rule = cf_rules[i];
			if (probe.rule->text == NULL || probe.rule->local ||
				!needs_more(probe.rule, &text))
				continue;
			probe.rule->text(&probe, &text);
			asked++;
			if (probe.n)
				fail_msg("%s finds something in: %s",
					probe.rule->id, raw.data);
		}
		cf_words_clear(&list);
		cf_text_clear(&text);
		cf_probe_clear(&probe);
	}
	assert_true(asked > 10000);
	cf_buf_clear(&words.text);
	cf_buf_clear(&raw);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_find_what_they_must),
		cmocka_unit_test(test_clean_texts_are_left_alone),
		cmocka_unit_test(test_a_disguise_is_no_shelter),
		cmocka_unit_test(test_a_rule_needs_what_it_says),
	};

	seed_start(argc, argv);
	cf_json_start();
	expect_ok(cf_kind_start());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
