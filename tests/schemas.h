#ifndef CF_TEST_SCHEMAS_H
#define CF_TEST_SCHEMAS_H

/*
 * What the tests of the data in schemas/ share: its files in one set, and
 * complaints that are all printed before a test fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/schema.h"

#define BASE "https://confer.invalid/schemas/"
#define FOLDER "schemas"
#define VECTORS "tests/vectors/schemas/"

static struct cf_schema_set *set;
static struct cf_names files;		/* "finding.json", … */
static json_t *docs;			/* "finding": the schema */
static unsigned complaints;

static void complain(const char *fmt, ...) CF_PRINTF(1, 2);

static void
complain(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	print_error("%s\n", text);
	complaints++;
}

/* Every complaint of a test is printed before the test fails. */
static void
settle(void)
{
	unsigned n = complaints;

	complaints = 0;
	assert_int_equal(n, 0);
}

static void
must(const struct cf_err *err)
{
	if (err)
		fail_msg("%s", err->msg);
}

static json_t *
read_json(const char *path)
{
	json_t *doc = NULL;

	must(cf_json_read_path(&doc, path, CF_MAX_JSON));
	return doc;
}

static bool
is_json(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

/* "finding" of "finding.json" and of "documents/finding-two.json". */
static char *
stem(const char *name)
{
	return cf_strndup(name, strcspn(name, "-."));
}

static const struct cf_schema *
compiled(const char *name)
{
	const struct cf_schema *schema = NULL;
	char *uri = cf_asprintf(BASE "%s.json", name);

	must(cf_schema_compile(&schema, set, uri));
	free(uri);
	return schema;
}

static bool
is_valid(const struct cf_schema *schema, const json_t *value, const char *what)
{
	struct cf_schema_faults faults = { .max = 20 };
	bool ok = cf_schema_valid(schema, value, &faults);

	for (size_t i = 0; i < faults.n; i++)
		complain("%s at %s: %s (%s)", what, faults.fault[i].path,
			faults.fault[i].why, faults.fault[i].keyword);
	if (!ok && faults.n == 0)
		complain("%s is not valid", what);
	cf_schema_faults_clear(&faults);
	return ok;
}

static int
load_all(void **state)
{
	(void)state;
	cf_json_start();
	set = cf_schema_set_new();
	docs = json_object();
	must(cf_dir_names(&files, FOLDER));
	for (size_t i = 0; i < files.n; i++) {
		char *path, *name;

		if (!is_json(files.name[i]))
			continue;
		path = cf_path_join(FOLDER, files.name[i]);
		name = stem(files.name[i]);
		json_object_set_new(docs, name, read_json(path));
		must(cf_schema_add(set, path, json_object_get(docs, name)));
		free(name);
		free(path);
	}
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	json_decref(docs);
	cf_names_clear(&files);
	cf_schema_set_free(set);
	return 0;
}

#endif
