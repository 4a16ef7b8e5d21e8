#ifndef SCHEMA_CASE_H
#define SCHEMA_CASE_H

/*
 * Schemas and instances as short texts: ' stands for " in them.
 */
#include "expect.h"

#include "base/mem.h"
#include "json/schema.h"

#define URI "https://example.invalid/schema"

static inline json_t *
parse(const char *text)
{
	char *copy = cf_strdup(text);
	json_error_t why;
	json_t *out;

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	out = json_loads(copy, JSON_DECODE_ANY | JSON_ALLOW_NUL |
		JSON_REJECT_DUPLICATES, &why);
	if (out == NULL)
		fail_msg("%s: %s", text, why.text);
	free(copy);
	return out;
}

static inline const struct cf_err *
add(struct cf_schema_set *set, const char *uri, const char *text)
{
	json_t *document = parse(text);
	const struct cf_err *err = cf_schema_add(set, uri, document);

	json_decref(document);
	return err;
}

/* The set of one document; its root is compiled. */
static inline struct cf_schema_set *
set_of(const struct cf_schema **out, const char *text)
{
	struct cf_schema_set *set = cf_schema_set_new();

	expect_ok(add(set, URI, text));
	expect_ok(cf_schema_compile(out, set, URI));
	return set;
}

/* "path keyword: why" for each fault, a line each. The caller frees. */
static inline char *
faults_of(const struct cf_schema *schema, const char *text)
{
	struct cf_schema_faults faults = { .max = 20 };
	struct cf_buf out = CF_BUF(65536);
	json_t *instance = parse(text);
	bool valid = cf_schema_valid(schema, instance, &faults);

	assert_int_equal(valid, faults.n == 0);
	assert_int_equal(valid, cf_schema_valid(schema, instance, NULL));
	for (size_t i = 0; i < faults.n; i++)
		cf_buf_printf(&out, "%s %s: %s\n", faults.fault[i].path,
			faults.fault[i].keyword, faults.fault[i].why);
	cf_schema_faults_clear(&faults);
	json_decref(instance);
	return cf_buf_take(&out);
}

/* The instance has exactly these faults; "" means that it is valid. */
static inline void
check_faults(const char *schema_text, const char *instance, const char *want)
{
	const struct cf_schema *schema;
	struct cf_schema_set *set = set_of(&schema, schema_text);
	char *got = faults_of(schema, instance);

	if (strcmp(got, want) != 0)
		fail_msg("%s\n%s\nhas:\n%swanted:\n%s", schema_text, instance,
			got, want);
	free(got);
	cf_schema_set_free(set);
}

/* The instance is valid, or it is not. */
static inline void
check(const char *schema, const char *instance, bool want)
{
	const struct cf_schema *compiled;
	struct cf_schema_set *set = set_of(&compiled, schema);
	json_t *value = parse(instance);

	if (cf_schema_valid(compiled, value, NULL) != want)
		fail_msg("%s\nmust %stake\n%s", schema, want ? "" : "not ",
			instance);
	json_decref(value);
	cf_schema_set_free(set);
}

#endif
