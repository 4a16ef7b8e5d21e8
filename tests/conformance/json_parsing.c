/*
 * JSONTestSuite: y_ must be read, n_ refused; i_ is left to the implementation,
 * and y_ may be refused where I-JSON is narrower than JSON. Both of these are
 * written down here with the rule that refuses and the reason, and are failures
 * when they do not happen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "json/json.h"

#define DUPLICATE "I-JSON: a name stands once in an object"
#define NUL "I-JSON as we take it: NUL would cut a text short in C"
#define NONCHARACTER "I-JSON: texts hold no noncharacters"
#define SURROGATE "I-JSON: texts hold no lone surrogates"
#define ENCODING "JSON is UTF-8"
#define BOM "I-JSON as we take it: no byte order mark, one form of a file"
#define ROUNDED "its canonical form is an integer beyond 2^53 - 1"
#define INFINITE "no finite double"
#define DEEP "limit: 32 levels"
#define EXPONENT "from 1e21 on the canonical form is no integer"
#define TAKEN "the nearest double, as ECMAScript reads it"

struct decision {
	const char *file;
	const char *rule;	/* that refuses it; NULL: it is read */
	const char *reason;
};

static const struct decision decisions[] = {
	{ "y_object_duplicated_key.json", "json.duplicate", DUPLICATE },
	{ "y_object_duplicated_key_and_value.json", "json.duplicate",
	  DUPLICATE },
	{ "y_object_escaped_null_in_key.json", "json.encoding", NUL },
	{ "y_string_null_escape.json", "json.encoding", NUL },
	{ "y_string_escaped_noncharacter.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_nonCharacterInUTF-8_U+10FFFF.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_nonCharacterInUTF-8_U+FFFF.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_last_surrogates_1_and_2.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_unicode_U+10FFFE_nonchar.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_unicode_U+1FFFE_nonchar.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_unicode_U+FDD0_nonchar.json", "json.encoding",
	  NONCHARACTER },
	{ "y_string_unicode_U+FFFE_nonchar.json", "json.encoding",
	  NONCHARACTER },

	{ "i_number_double_huge_neg_exp.json", NULL, TAKEN },
	{ "i_number_real_underflow.json", NULL, TAKEN },
	{ "i_number_too_big_neg_int.json", NULL, EXPONENT },
	{ "i_number_very_big_negative_int.json", NULL, EXPONENT },
	{ "i_number_huge_exp.json", "json.number", INFINITE },
	{ "i_number_neg_int_huge_exp.json", "json.number", INFINITE },
	{ "i_number_pos_double_huge_exp.json", "json.number", INFINITE },
	{ "i_number_real_neg_overflow.json", "json.number", INFINITE },
	{ "i_number_real_pos_overflow.json", "json.number", INFINITE },
	{ "i_number_too_big_pos_int.json", "json.number", ROUNDED },
	{ "i_object_key_lone_2nd_surrogate.json", "json.encoding",
	  SURROGATE },
	{ "i_string_1st_surrogate_but_2nd_missing.json", "json.encoding",
	  SURROGATE },
	{ "i_string_1st_valid_surrogate_2nd_invalid.json", "json.encoding",
	  SURROGATE },
	{ "i_string_incomplete_surrogate_and_escape_valid.json",
	  "json.encoding", SURROGATE },
	{ "i_string_incomplete_surrogate_pair.json", "json.encoding",
	  SURROGATE },
	{ "i_string_incomplete_surrogates_escape_valid.json",
	  "json.encoding", SURROGATE },
	{ "i_string_invalid_lonely_surrogate.json", "json.encoding",
	  SURROGATE },
	{ "i_string_invalid_surrogate.json", "json.encoding", SURROGATE },
	{ "i_string_inverted_surrogates_U+1D11E.json", "json.encoding",
	  SURROGATE },
	{ "i_string_lone_second_surrogate.json", "json.encoding",
	  SURROGATE },
	{ "i_string_UTF-16LE_with_BOM.json", "json.encoding", ENCODING },
	{ "i_string_UTF-8_invalid_sequence.json", "json.encoding", ENCODING },
	{ "i_string_UTF8_surrogate_U+D800.json", "json.encoding", ENCODING },
	{ "i_string_invalid_utf-8.json", "json.encoding", ENCODING },
	{ "i_string_iso_latin_1.json", "json.encoding", ENCODING },
	{ "i_string_lone_utf8_continuation_byte.json", "json.encoding",
	  ENCODING },
	{ "i_string_not_in_unicode_range.json", "json.encoding", ENCODING },
	{ "i_string_overlong_sequence_2_bytes.json", "json.encoding",
	  ENCODING },
	{ "i_string_overlong_sequence_6_bytes.json", "json.encoding",
	  ENCODING },
	{ "i_string_overlong_sequence_6_bytes_null.json", "json.encoding",
	  ENCODING },
	{ "i_string_truncated-utf-8.json", "json.encoding", ENCODING },
	{ "i_string_utf16BE_no_BOM.json", "json.encoding", ENCODING },
	{ "i_string_utf16LE_no_BOM.json", "json.encoding", ENCODING },
	{ "i_structure_500_nested_arrays.json", "json.depth", DEEP },
	{ "i_structure_UTF-8_BOM_empty_object.json", "json.encoding", BOM },
};

static const struct decision *
decided(const char *file)
{
	for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++)
		if (strcmp(decisions[i].file, file) == 0)
			return &decisions[i];
	return NULL;
}

/* What is read can be written, and read again as the same. */
static const char *
round_trip(const json_t *value)
{
	struct cf_buf form = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_file_form(&form, value);
	const char *wrong = NULL;
	json_t *again = NULL;

	if (err == NULL)
		err = cf_json_read_file_form(&again, NULL, NULL,
			(struct cf_str){ form.data, form.len }, form.max);
	if (err != NULL)
		wrong = "read, but its file form is refused";
	else if (!json_equal(value, again))
		wrong = "read, but its file form is another value";
	json_decref(again);
	cf_buf_clear(&form);
	return wrong;
}

/* NULL, or what is wrong with what we do to this file. */
static const char *
judge(const char *file, const json_t *value, const struct cf_err *err)
{
	const struct decision *decision = decided(file);
	const char *rule = decision ? decision->rule : NULL;

	if (file[0] == 'i' && decision == NULL)
		return "nobody has decided what becomes of it";
	if (file[0] == 'n')
		return err ? NULL : "read, but it is not JSON";
	if (err == NULL)
		return rule ? "read, but it was decided to refuse it" :
			round_trip(value);
	if (rule == NULL)
		return "refused";
	return strcmp(err->rule, rule) == 0 ? NULL : "refused by another rule";
}

/* Reads one file; prints it where it is an exception or a failure. */
static bool
passes(const char *dir, const char *file)
{
	char *path = cf_path_join(dir, file);
	const struct decision *decision = decided(file);
	json_t *value = NULL;
	const struct cf_err *err = cf_json_read_path(&value, path,
		CF_MAX_JSON);
	const char *wrong = judge(file, value, err);

	if (wrong != NULL)
		(void)printf("FAILED %s: %s%s%s\n", file, wrong,
			err ? ": " : "", err ? err->msg : "");
	else if (decision != NULL)
		(void)printf("%s %s: %s\n", err ? "refused" : "read",
			file, decision->reason);
	json_decref(value);
	free(path);
	return wrong == NULL;
}

int
main(int argc, char **argv)
{
	struct cf_names files = { 0 };
	unsigned passed = 0, failed = 0;
	const struct cf_err *err;
	char *dir;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s SUITES\n", argv[0]);
		return 2;
	}
	cf_json_start();
	dir = cf_path_join(argv[1], "json-parsing");
	err = cf_dir_names(&files, dir);
	if (err) {
		(void)printf("%s\n", err->msg);
		failed = 1;
	}
	for (size_t i = 0; i < files.n; i++) {
		if (passes(dir, files.name[i]))
			passed++;
		else
			failed++;
	}
	(void)printf("%u passed, %u failed\n", passed, failed);
	cf_names_clear(&files);
	free(dir);
	return failed > 0 || passed == 0;
}
