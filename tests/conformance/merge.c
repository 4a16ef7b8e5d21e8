/*
 * The merge: cases.json, what the rule makes of each corner case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"

static unsigned passed, failed;

struct run {
	const json_t *cases;
	size_t at;
};

/* Sides as the expectation has them: null, or {"value"}. */
static json_t *
plain(const json_t *conflicts)
{
	json_t *out = json_array(), *conflict, *side;
	size_t i, k;

	json_array_foreach(conflicts, i, conflict) {
		json_t *sides = json_array();

		json_array_foreach(json_object_get(conflict, "sides"), k, side)
			json_array_append_new(sides, json_object_get(side,
				"absent") ? json_null() : json_pack("{s:O}",
				"value", json_object_get(side, "value")));
		json_array_append_new(out, json_pack("{s:O, s:O, s:o}", "path",
			json_object_get(conflict, "path"), "kind",
			json_object_get(conflict, "kind"), "sides", sides));
	}
	return out;
}

static void
compare(void *payload, const char *line)
{
	struct run *run = payload;
	const json_t *row = json_array_get(run->cases, run->at++);
	const json_t *want = json_object_get(row, "expected");
	json_t *got = NULL, *conflicts;
	const json_t *body, *must = json_object_get(want, "body");
	const struct cf_err *err = cf_json_read(&got, cf_str(line),
		CF_MAX_JSON);

	conflicts = plain(json_object_get(got, "conflicts"));
	body = json_object_get(got, "body");
	if (!err && (body == NULL) == (must == NULL) &&
		(body == NULL || cf_json_compare(body, must) == 0) &&
		cf_json_compare(conflicts, json_object_get(want,
		"conflicts")) == 0) {
		passed++;
	} else {
		failed++;
		(void)printf("FAILED %s (%s): %s\n", cf_json_str(row, "id"),
			cf_json_str(row, "title"), line);
	}
	json_decref(conflicts);
	json_decref(got);
}

/* Every case as a document of one file, as a user gives them. */
static void
run_cases(const json_t *cases)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	struct run run = { cases, 0 };
	char path[] = "/tmp/confer-merge-XXXXXX";
	int fd = mkstemp(path);
	const struct cf_err *err = NULL;
	json_t *row;
	size_t i;

	json_array_foreach(cases, i, row) {
		if (!err)
			err = cf_json_canonical(&text, json_object_get(row,
				"input"), NULL);
		cf_buf_putc(&text, '\n');
	}
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0600);
	if (!err)
		err = cf_debug_merge(path, compare, &run);
	if (err || run.at == 0) {
		failed++;
		(void)printf("FAILED: %s\n", err ? err->msg : "no cases");
	}
	if (fd >= 0)
		(void)close(fd);
	(void)unlink(path);
	cf_buf_clear(&text);
}

int
main(int argc, char **argv)
{
	const struct cf_err *err = cf_start();
	json_t *suite = NULL;
	char *path;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s SUITES\n", argv[0]);
		return 2;
	}
	path = cf_path_join(argv[1], "merge/cases.json");
	if (!err)
		err = cf_json_read_path(&suite, path, CF_MAX_JSON);
	if (err) {
		failed++;
		(void)printf("FAILED: %s\n", err->msg);
	} else {
		run_cases(json_object_get(suite, "cases"));
	}
	json_decref(suite);
	free(path);
	(void)printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
