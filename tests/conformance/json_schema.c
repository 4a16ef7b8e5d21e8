/*
 * The JSON Schema Test Suite against schema.h: every file of draft 2020-12,
 * and of optional/format those whose format we assert. argv[1] is the folder
 * that holds json-schema/. Formats assert only under optional/, as the suite
 * wants it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/schema.h"

#define REMOTES "http://localhost:1234"
#define CASE "https://case.invalid/schema"

static struct {
	size_t passed, failed;
	struct remote {
		char *uri;
		json_t *document;
	} remote[256];
	size_t n_remotes;
} all;

/* The suite has numbers that no 64-bit integer holds; those become reals. */
static json_t *
read_json(const char *path)
{
	struct cf_buf bytes = CF_BUF(64 * 1024 * 1024);
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
		JSON_ALLOW_NUL;
	const struct cf_err *err = cf_file_read(&bytes, path, true);
	json_error_t why = { .line = 0 };
	json_t *out = NULL;

	if (!err)
		out = json_loadb(bytes.data, bytes.len, flags, &why);
	if (!err && out == NULL)
		out = json_loadb(bytes.data, bytes.len,
			flags | JSON_DECODE_INT_AS_REAL, &why);
	if (out == NULL) {
		printf("%s: %s\n", path, err ? err->msg : why.text);
		all.failed++;
	}
	cf_buf_clear(&bytes);
	return out;
}

/* Calls `use` for each .json file below `folder`. `below` is the part of the
 * path that comes after the folder at which it all began. */
static void
each_file(const char *folder, const char *below, bool deep,
	void (*use)(const char *path, const char *below))
{
	struct cf_names names = { .n = 0 };
	const struct cf_err *err = cf_dir_names(&names, folder);

	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(folder, names.name[i]);
		char *part = cf_asprintf("%s/%s", below, names.name[i]);

		if (cf_is_dir(path) && deep)
			each_file(path, part, deep, use);
		else if (cf_ends(path, ".json"))
			use(path, part);
		free(path);
		free(part);
	}
	cf_names_clear(&names);
}

static void
add_remote(const char *path, const char *below)
{
	struct remote *remote = &all.remote[all.n_remotes];

	/* Remotes of the drafts that we do not know are not asked for. */
	if (strstr(below, "/draft") && !strstr(below, "/draft2020-12"))
		return;
	if (strstr(below, "/v1/") || all.n_remotes == 256)
		return;
	remote->document = read_json(path);
	if (remote->document == NULL)
		return;
	remote->uri = cf_asprintf(REMOTES "%s", below);
	all.n_remotes++;
}

static void
fail(const char *file, const char *group, const char *test, const char *why)
{
	printf("FAILED %s: %s: %s: %s\n", file, group, test, why);
	all.failed++;
}

static void
run_test(const char *file, const char *group, const struct cf_schema *schema,
	json_t *test)
{
	struct cf_schema_faults faults = { .max = 100 };
	const char *name = json_string_value(json_object_get(test,
		"description"));
	bool want = json_is_true(json_object_get(test, "valid"));
	json_t *data = json_object_get(test, "data");
	bool valid = cf_schema_valid(schema, data, NULL);

	if (valid != want)
		fail(file, group, name, want ? "refused" : "accepted");
	else if (cf_schema_valid(schema, data, &faults) != valid)
		fail(file, group, name, "another answer with faults");
	else if (valid != (faults.n == 0))
		fail(file, group, name, "faults do not fit the answer");
	else
		all.passed++;
	cf_schema_faults_clear(&faults);
}

static void
run_group(const char *file, json_t *group, bool formats)
{
	struct cf_schema_set *set = cf_schema_set_new();
	const char *name = json_string_value(json_object_get(group,
		"description"));
	const struct cf_err *err = NULL;
	const struct cf_schema *schema;
	json_t *test;
	size_t i;

	cf_schema_set_formats(set, formats);
	for (i = 0; i < all.n_remotes && !err; i++)
		err = cf_schema_add(set, all.remote[i].uri,
			all.remote[i].document);
	if (!err)
		err = cf_schema_add(set, CASE, json_object_get(group,
			"schema"));
	if (!err)
		err = cf_schema_compile(&schema, set, CASE);
	if (err)
		fail(file, name, "(compile)", err->msg);
	json_array_foreach(json_object_get(group, "tests"), i, test)
		if (!err)
			run_test(file, name, schema, test);
	cf_schema_set_free(set);
}

/* Why a file is not run, or NULL. */
static const char *
not_ours(const char *below)
{
	static const char *const format[] = { "date", "date-time", "uuid",
		"uri", "email" };
	bool known = strstr(below, "/optional/format/") == NULL;

	for (size_t i = 0; i < sizeof format / sizeof *format; i++) {
		char *name = cf_asprintf("/format/%s.json", format[i]);

		known = known || cf_ends(below, name);
		free(name);
	}
	if (!known)
		return "a format that is an annotation here";
	if (cf_ends(below, "/cross-draft.json"))
		return "other drafts";
	if (cf_ends(below, "/dependencies-compatibility.json"))
		return "a keyword of other drafts";
	return NULL;
}

static void
run_file(const char *path, const char *below)
{
	const char *skipped = not_ours(below);
	json_t *groups;
	size_t i;

	if (skipped) {
		printf("skipped %s: %s\n", below, skipped);
		return;
	}
	groups = read_json(path);
	for (i = 0; i < json_array_size(groups); i++)
		run_group(below, json_array_get(groups, i),
			strstr(below, "/optional/") != NULL);
	json_decref(groups);
}

int
main(int argc, char **argv)
{
	char *remotes, *tests, *folder;

	if (argc != 2) {
		fprintf(stderr, "usage: json_schema SUITES\n");
		return 2;
	}
	cf_json_start();
	remotes = cf_asprintf("%s/json-schema/remotes", argv[1]);
	tests = cf_asprintf("%s/json-schema/draft2020-12", argv[1]);
	each_file(remotes, "", true, add_remote);
	each_file(tests, "", false, run_file);
	folder = cf_path_join(tests, "optional");
	if (cf_is_dir(folder))
		each_file(folder, "/optional", true, run_file);
	for (size_t i = 0; i < all.n_remotes; i++) {
		json_decref(all.remote[i].document);
		free(all.remote[i].uri);
	}
	free(remotes);
	free(tests);
	free(folder);
	printf("%zu passed, %zu failed\n", all.passed, all.failed);
	return all.failed || all.passed == 0;
}
