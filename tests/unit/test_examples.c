/*
 * What the schemas say of real data: examples and documents are valid, and one
 * change to a good one is a fault at the place that was changed.
 */
#include "schemas.h"

/* A folder of drafts, and those below it. */
static unsigned
check_drafts(const char *dir)
{
	struct cf_names names = { 0 };
	unsigned n = 0;

	must(cf_dir_names(&names, dir));
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		json_t *draft;

		if (cf_is_dir(path)) {
			n += check_drafts(path);
		} else if (is_json(path)) {
			draft = read_json(path);
			if (is_valid(compiled("draft"), draft, path))
				(void)is_valid(compiled(cf_json_str(draft,
					"kind")), json_object_get(draft,
					"body"), path);
			json_decref(draft);
			n++;
		}
		free(path);
	}
	cf_names_clear(&names);
	return n;
}

static void
test_every_example_is_valid(void **state)
{
	char *dir = cf_path_join(FOLDER, "examples");

	(void)state;
	assert_true(check_drafts(dir) >= 16);
	free(dir);
	settle();
}

/* Readers learn the fields from the examples. One finding cannot have all. */
static void
test_every_example_shows_every_field(void **state)
{
	static const char *const apart[] = { "adoption", "themes", "corrects",
		"correction_reason" };
	const char *name, *field;
	json_t *doc, *schema;

	(void)state;
	json_object_foreach(docs, name, doc) {
		char *path = cf_asprintf(FOLDER "/examples/%s.json", name);
		json_t *draft;

		if (cf_json_str(doc, "x-kind") == NULL) {
			free(path);
			continue;
		}
		draft = read_json(path);
		assert_string_equal(cf_json_str(draft, "kind"), name);
		json_object_foreach(json_object_get(doc, "properties"), field,
			schema) {
			bool skip = false;

			for (size_t i = 0; i < 4; i++)
				skip = skip || (strcmp(name, "finding") == 0 &&
					strcmp(field, apart[i]) == 0);
			if (!skip && !json_object_get(json_object_get(draft,
				"body"), field))
				complain("%s lacks %s", path, field);
		}
		json_decref(draft);
		free(path);
	}
	settle();
}

static void
test_every_document_is_valid(void **state)
{
	struct cf_names names = { 0 };

	(void)state;
	must(cf_dir_names(&names, VECTORS "documents"));
	assert_true(names.n >= 9);
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(VECTORS "documents", names.name[i]);
		char *name = stem(names.name[i]);
		json_t *doc = read_json(path);

		(void)is_valid(compiled(name), doc, path);
		json_decref(doc);
		free(name);
		free(path);
	}
	cf_names_clear(&names);
	settle();
}

/* One change to a good document, and the fault that it makes. What a condition
 * forbids has the keyword "false". */
struct change {
	const char *base;	/* a draft or a document */
	const char *at;		/* where; in drafts within the body */
	const char *value;	/* JSON; NULL takes the member away */
	const char *path, *keyword;
};

#define PRACTICE FOLDER "/examples/practice.json"
#define FINDING FOLDER "/examples/finding.json"
#define PLAIN FOLDER "/examples/demo/northfield-finding.json"
#define MODEL FOLDER "/examples/demo/riverside-finding-short.json"
#define PROJECT FOLDER "/examples/project.json"
#define ADOPTION FOLDER "/examples/adoption.json"
#define NEED FOLDER "/examples/need.json"
#define OFFER FOLDER "/examples/offer.json"
#define DOCUMENT(name) VECTORS "documents/" name ".json"

static const struct change changes[] = {
	/* What each kind cannot be without. */
	{ PRACTICE, "/title", NULL, "", "required" },
	{ PRACTICE, "/procedure", NULL, "", "required" },
	{ PRACTICE, "/procedure", "[]", "/procedure", "minItems" },
	{ FINDING, "/conclusion", NULL, "", "required" },
	{ PROJECT, "/question", NULL, "", "required" },
	{ ADOPTION, "/practice", NULL, "", "required" },
	{ NEED, "/problem", NULL, "", "required" },
	{ OFFER, "/summary", NULL, "", "required" },
	/* Nothing that nobody described. */
	{ PRACTICE, "/teacher", "\"x\"", "/teacher", "additionalProperties" },
	{ PRACTICE, "/context/postcode", "\"x\"", "/context/postcode",
		"additionalProperties" },
	{ PRACTICE, "/procedure/0/name", "\"x\"", "/procedure/0/name",
		"additionalProperties" },
	{ OFFER, "/contact/telephone", "\"x\"", "/contact/telephone",
		"additionalProperties" },
	{ OFFER, "/contact", "{}", "/contact", "minProperties" },
	/* Text, words, bounds. */
	{ PRACTICE, "/title", "\"\"", "/title", "minLength" },
	{ PRACTICE, "/title", "\"two\\nlines\"", "/title", "pattern" },
	{ PRACTICE, "/title", "\"a line\\n\"", "/title", "pattern" },
	{ PRACTICE, "/title", "\" space\"", "/title", "pattern" },
	{ PRACTICE, "/title", "7", "/title", "type" },
	{ PRACTICE, "/problem", "\"bell \\u0007\"", "/problem", "pattern" },
	{ PRACTICE, "/problem", "\"line\\r\\nline\"", "/problem", "pattern" },
	{ PRACTICE, "/problem_tags/0", "\"Two Words\"", "/problem_tags/0",
		"pattern" },
	{ PRACTICE, "/problem_tags", "[\"a\", \"a\"]", "/problem_tags",
		"uniqueItems" },
	{ PRACTICE, "/areas/0", "\"reading\"", "/areas/0", "enum" },
	{ PRACTICE, "/cost/band", "\"cheap\"", "/cost/band", "enum" },
	{ PRACTICE, "/dose/weeks", "-1", "/dose/weeks", "minimum" },
	{ PRACTICE, "/reviewed_on", "\"2026-02-30\"", "/reviewed_on",
		"format" },
	{ PRACTICE, "/reviewed_on", "\"27.3.2026\"", "/reviewed_on",
		"format" },
	{ PRACTICE, "/procedure/0/key", NULL, "/procedure/0", "required" },
	{ PRACTICE, "/procedure/0/key", "\"-a\"", "/procedure/0/key",
		"pattern" },
	{ PRACTICE, "/answers/0", "\"0190b1e2-7c3f-7a3a-9f10-5e0c3c0f12ab\"",
		"/answers/0", "pattern" },
	{ PRACTICE, "/sources/0/url", "\"https://me:secret@example.org/\"",
		"/sources/0/url", "pattern" },
	{ PRACTICE, "/contact/mailbox", "\"nobody\"", "/contact/mailbox",
		"format" },
	{ ADOPTION, "/started", "\"2025-13\"", "/started", "pattern" },
	{ ADOPTION, "/stage", "\"done\"", "/stage", "enum" },
	{ ADOPTION, "/related/0/record", NULL, "/related/0", "required" },
	{ ADOPTION, "/practice_version", "\"zQm\"", "/practice_version",
		"pattern" },
	{ NEED, "/matches/0/state", "\"maybe\"", "/matches/0/state", "enum" },
	{ OFFER, "/regions/0", "\"cornwall\"", "/regions/0", "enum" },
	{ PROJECT, "/ethics/no_performance_management", "false",
		"/ethics/no_performance_management", "const" },
	{ PROJECT, "/evaluation_plan/0/level", "6",
		"/evaluation_plan/0/level", "maximum" },
	/* A finding can be pooled. */
	{ FINDING, "/effect/v", "0", "/effect/v", "exclusiveMinimum" },
	{ FINDING, "/effect/v", NULL, "/effect", "required" },
	{ FINDING, "/subgroups/0/v", "-0.1", "/subgroups/0/v",
		"exclusiveMinimum" },
	{ FINDING, "/raw/sd_t", "0", "/raw/sd_t", "exclusiveMinimum" },
	{ FINDING, "/raw/n_c", NULL, "/raw", "required" },
	{ FINDING, "/raw/type", "\"counts\"", "/raw", "required" },
	{ FINDING, "/raw/events_t", "120", "/raw/events_t", "enum" },
	{ FINDING, "/raw/n_t", "310.5", "/raw/n_t", "type" },
	{ FINDING, "/design", NULL, "", "required" },
	{ FINDING, "/outcome", NULL, "", "required" },
	{ FINDING, "/outcome/higher_is_better", NULL, "/outcome",
		"required" },
	{ FINDING, "/design/unit_of_assignment", NULL, "/design",
		"required" },
	{ FINDING, "/design/clusters_t", NULL, "/design", "required" },
	{ FINDING, "/design/icc", NULL, "/design", "required" },
	{ FINDING, "/design/icc_source", NULL, "/design", "required" },
	{ FINDING, "/design/icc", "1", "/design/icc", "exclusiveMaximum" },
	{ FINDING, "/design/clusters_c", "1", "/design/clusters_c",
		"minimum" },
	{ FINDING, "/effect/clusters_accounted", NULL, "/effect",
		"required" },
	{ FINDING, "/finding_type", "\"themes\"", "", "required" },
	{ FINDING, "/corrects", "\"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab\"",
		"", "dependentRequired" },
	{ FINDING, "/project", NULL, "", "dependentRequired" },
	{ PLAIN, "/raw", NULL, "", "required" },
	{ MODEL, "/effect", NULL, "", "required" },
	{ MODEL, "/effect/n_t", NULL, "/effect", "required" },
	/* Documents. */
	{ DOCUMENT("record"), "/body", NULL, "", "required" },
	{ DOCUMENT("record"), "/note", "1", "/note", "additionalProperties" },
	{ DOCUMENT("record"), "/salt", "\"AAAAAAAAAAAAAAAAAAAAAB\"", "/salt",
		"pattern" },
	{ DOCUMENT("record"), "/modified", "\"2026-05-01T10:00:00+01:00\"",
		"/modified", "pattern" },
	{ DOCUMENT("record"), "/stewards", "[]", "/stewards", "minItems" },
	{ DOCUMENT("record"), "/proof", "[]", "/proof", "minItems" },
	{ DOCUMENT("record"), "/proof/0/proofPurpose", "\"authentication\"",
		"/proof/0/proofPurpose", "const" },
	{ DOCUMENT("record"), "/settled/0", "\"title\"", "/settled/0",
		"pattern" },
	{ DOCUMENT("record"), "/waivers/0/text", "\"x\"", "/waivers/0/text",
		"additionalProperties" },
	{ DOCUMENT("record"), "/status", "\"withdrawn\"", "", "required" },
	{ DOCUMENT("record-withdrawn"), "/status", "\"active\"",
		"/withdrawal", "false" },
	{ DOCUMENT("record-erased"), "/body", "{}", "/body", "false" },
	{ DOCUMENT("draft"), "/owner", "\"x\"", "/owner",
		"additionalProperties" },
	{ DOCUMENT("draft"), "/kind", "\"finnding\"", "/kind", "enum" },
	{ DOCUMENT("draft"), "/status", "\"erased\"", "/status", "enum" },
	{ DOCUMENT("identity"), "/previous", "\"zQm\"", "/previous",
		"false" },
	{ DOCUMENT("identity"), "/publishKeys", "[]", "/publishKeys",
		"minItems" },
	{ DOCUMENT("identity"), "/urls/0", "\"http://git.example.org/a.git\"",
		"/urls/0", "pattern" },
	{ DOCUMENT("identity"), "/urls/0", "\"https://a@example.org/a.git\"",
		"/urls/0", "pattern" },
	{ DOCUMENT("identity"), "/urls/0", "\"ssh://a:b@example.org/a.git\"",
		"/urls/0", "pattern" },
	{ DOCUMENT("identity"), "/name", "\"Ashby Trust.\"", "/name",
		"pattern" },
	{ DOCUMENT("identity"), "/name", "\"Ashby <Trust>\"", "/name",
		"pattern" },
	{ DOCUMENT("identity-next"), "/previous", NULL, "", "required" },
	{ DOCUMENT("identity-next"), "/restart/base", NULL, "/restart",
		"required" },
	{ DOCUMENT("witness"), "/commit", "\"not base64\"", "/commit",
		"pattern" },
	{ DOCUMENT("commons"), "/kind", "\"commons\"", "/kind",
		"additionalProperties" },
	{ DOCUMENT("card"), "/head", NULL, "", "required" },
	{ DOCUMENT("card"), "/safetyNumber", "\"04213 88120\"",
		"/safetyNumber", "pattern" },
};

/* Changes the member or element that `pointer` leads to; it has no escapes. */
static void
apply(json_t *doc, const char *pointer, const char *value)
{
	char *parent = cf_strndup(pointer,
		(size_t)(strrchr(pointer, '/') - pointer));
	const char *last = strrchr(pointer, '/') + 1;
	json_t *holder = cf_json_at(doc, parent);
	json_t *fresh = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;

	assert_non_null(holder);
	assert_true(value == NULL || fresh != NULL);
	if (json_is_array(holder))
		assert_int_equal(json_array_set_new(holder,
			(size_t)(last[0] - '0'), fresh), 0);
	else if (fresh)
		assert_int_equal(json_object_set_new(holder, last, fresh), 0);
	else
		assert_int_equal(json_object_del(holder, last), 0);
	free(parent);
}

static bool
found(const struct cf_schema_faults *faults, const struct change *want)
{
	for (size_t i = 0; i < faults->n; i++)
		if (strcmp(faults->fault[i].path, want->path) == 0 &&
			strcmp(faults->fault[i].keyword, want->keyword) == 0)
			return true;
	return false;
}

/* A teacher reads it: words, not a pattern. */
static void
check_words(const struct cf_schema_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		if (strpbrk(faults->fault[i].why, "^$\\"))
			complain("the fault at %s shows a pattern: %s",
				faults->fault[i].path, faults->fault[i].why);
}

static void
check_change(const struct change *change)
{
	bool body = strstr(change->base, "/examples/") != NULL;
	struct cf_schema_faults faults = { .max = 20 };
	json_t *doc = read_json(change->base), *part = doc;
	char *name = stem(strrchr(change->base, '/') + 1);

	if (body) {
		part = json_object_get(doc, "body");
		free(name);
		name = cf_strdup(cf_json_str(doc, "kind"));
	}
	apply(part, change->at, change->value);
	if (cf_schema_valid(compiled(name), part, &faults)) {
		complain("%s: %s may be %s", change->base, change->at,
			change->value ? change->value : "missing");
	} else if (!found(&faults, change)) {
		complain("%s: the fault in %s is not %s at \"%s\"",
			change->base, change->at, change->keyword,
			change->path);
		for (size_t i = 0; i < faults.n; i++)
			print_error("  but %s at \"%s\": %s\n",
				faults.fault[i].keyword, faults.fault[i].path,
				faults.fault[i].why);
	}
	check_words(&faults);
	cf_schema_faults_clear(&faults);
	json_decref(doc);
	free(name);
}

static void
test_what_is_wrong_is_found_where_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		check_change(&changes[i]);
	settle();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_example_is_valid),
		cmocka_unit_test(test_every_example_shows_every_field),
		cmocka_unit_test(test_every_document_is_valid),
		cmocka_unit_test(test_what_is_wrong_is_found_where_it_is),
	};

	return cmocka_run_group_tests(tests, load_all, free_all);
}
