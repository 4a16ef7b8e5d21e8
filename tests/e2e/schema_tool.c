/*
 * schema_tool SCHEMA INSTANCE: whether one JSON file is valid by another, as our
 * own validator sees it; prints what is wrong, and ends with 1 then. The dialect
 * that the schema names is passed over: what the profiles of others use of draft
 * 7 means the same in 2020-12.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json/schema.h"

static json_t *
load(const char *path)
{
	json_error_t error;
	json_t *doc = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (doc == NULL) {
		(void)printf("%s:%d: %s\n", path, error.line, error.text);
		exit(2);
	}
	return doc;
}

static int
judge(const struct cf_schema *schema, const json_t *instance)
{
	struct cf_schema_faults faults = { .max = 20 };
	bool valid = cf_schema_valid(schema, instance, &faults);

	for (size_t i = 0; i < faults.n; i++)
		(void)printf("%s: %s\n", faults.fault[i].path,
			faults.fault[i].why);
	cf_schema_faults_clear(&faults);
	return valid ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static const char uri[] = "https://example.org/schema";
	const struct cf_schema *schema = NULL;
	const struct cf_err *err;
	struct cf_schema_set *set;
	json_t *doc, *instance;
	int status = 2;

	if (argc != 3)
		return 2;
	cf_json_start();
	set = cf_schema_set_new();
	doc = load(argv[1]);
	instance = load(argv[2]);
	json_object_del(doc, "$schema");
	json_object_del(doc, "$id");
	err = cf_schema_add(set, uri, doc);
	if (!err)
		err = cf_schema_compile(&schema, set, uri);
	if (err)
		(void)printf("%s\n", err->msg);
	else
		status = judge(schema, instance);
	json_decref(doc);
	json_decref(instance);
	cf_schema_set_free(set);
	return status;
}
