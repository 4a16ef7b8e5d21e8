#ifndef TEST_ACROSS_H
#define TEST_ACROSS_H

/*
 * Drafts beside what was published before, for the rules across releases.
 */
#include <stdio.h>

#include "expect.h"

#include "check/check.h"
#include "check/past.h"
#include "record/kind.h"

static json_t *past;

/* A finding whose only number is its attrition.analysed, of these people. */
static inline json_t *
finding(const char *who, unsigned n)
{
	json_t *draft = json_deep_copy(cf_kind_example("finding"));
	json_t *body = json_object_get(draft, "body"), *traits = json_array();
	struct cf_str rest = cf_str(who), one;

	(void)json_object_del(body, "tables");
	(void)json_object_del(body, "subgroups");
	(void)json_object_del(body, "raw");
	(void)json_object_del(body, "effect");
	while (cf_str_cut(&one, &rest, rest, ' '))
		json_array_append_new(traits, json_stringn(one.p, one.n));
	if (rest.n)
		json_array_append_new(traits, json_stringn(rest.p, rest.n));
	json_object_set_new(body, "population", traits);
	json_object_set_new(body, "attrition", json_pack("{s:i}", "analysed",
		(int)n));
	return draft;
}

static inline void
publish_take(json_t *draft, bool ours)
{
	json_array_append_new(past, json_pack("{s:s, s:b, s:O}", "id",
		"0192f4c0-1a5b-8c47-b2d3-6a91e07c44f8", "ours", (int)ours,
		"body", json_object_get(draft, "body")));
	json_decref(draft);
}

static inline void
publish(const char *who, unsigned n)
{
	publish_take(finding(who, n), true);
}

static inline void
expect_at(json_t *draft, const char *rule, const char *severity, int line)
{
	struct cf_checking with = { .file = "x.json", .past = past };
	json_t *result = cf_check_draft(draft, &with);
	const json_t *list = json_object_get(result, "findings"), *f;
	const char *got = "none";
	size_t i;

	json_array_foreach(list, i, f)
		if (strcmp(cf_json_str(f, "rule"), rule) == 0)
			got = cf_json_str(f, "severity");
	if (strcmp(got, severity) != 0) {
		print_error("line %d: %s %s, wanted %s\n", line, rule, got,
			severity);
		(void)json_dumpf(list, stderr, JSON_INDENT(1));
		fail();
	}
	json_decref(result);
	json_decref(draft);
}
#define expect_rule(draft, rule, severity) \
	expect_at((draft), (rule), (severity), __LINE__)

static inline bool
could_not_run(json_t *draft, const char *rule)
{
	struct cf_checking with = { .file = "x.json", .past = past };
	json_t *result = cf_check_draft(draft, &with), *f;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(result, "notRun"), i, f)
		found = found || strcmp(cf_json_str(f, "rule"), rule) == 0;
	json_decref(result);
	json_decref(draft);
	return found;
}

static inline int
start(void **state)
{
	(void)state;
	return cf_start() != NULL;
}

static inline int
fresh(void **state)
{
	(void)state;
	past = json_array();
	return 0;
}

static inline int
forget(void **state)
{
	(void)state;
	json_decref(past);
	return 0;
}

#define with_past(f) cmocka_unit_test_setup_teardown(f, fresh, forget)

#endif
