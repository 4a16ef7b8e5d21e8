#ifndef MERGED_H
#define MERGED_H

/*
 * A document given to the merge as a user gives it, and what comes back in the
 * form that lists of cases have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/json.h"
#include "confer.h"

static inline void
merged_line(void *payload, const char *line)
{
	json_t **out = payload;

	json_decref(*out);
	*out = json_loads(line, JSON_DECODE_ANY, NULL);
}

/* A text as the merge reads it, from a file; *out gets the last line. */
static inline const struct cf_err *
merge_text(json_t **out, const char *text)
{
	char *path = cf_asprintf("%s/confer-merge-XXXXXX", getenv("TMPDIR") ?
		getenv("TMPDIR") : "/tmp");
	const struct cf_err *err;
	int fd = mkstemp(path);

	*out = NULL;
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
		close(fd) != 0)
		cf_bug("a scratch file cannot be written");
	err = cf_debug_merge(path, merged_line, out);
	(void)unlink(path);
	free(path);
	return err;
}

/* What one document comes to; NULL: it is refused. */
static inline json_t *
merge_document(const json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);
	json_t *out;

	if (merge_text(&out, text)) {
		json_decref(out);
		out = NULL;
	}
	free(text);
	return out;
}

/* Conflicts as the cases have them: of each side null, or {"value"}. */
static inline json_t *
plain_conflicts(const json_t *conflicts)
{
	json_t *out = json_array(), *c, *side;
	size_t i, k;

	json_array_foreach(conflicts, i, c) {
		json_t *sides = json_array();

		json_array_foreach(json_object_get(c, "sides"), k, side)
			json_array_append_new(sides, json_object_get(side,
				"absent") ? json_null() : json_pack("{s:O}",
				"value", json_object_get(side, "value")));
		json_array_append_new(out, json_pack("{s:O, s:O, s:o}", "path",
			json_object_get(c, "path"), "kind",
			json_object_get(c, "kind"), "sides", sides));
	}
	return out;
}

/* Whether a result has this body (NULL: none) and these conflicts. */
static inline bool
merged_is(const json_t *got, const json_t *body, const json_t *conflicts)
{
	json_t *plain = plain_conflicts(json_object_get(got, "conflicts"));
	const json_t *is = json_object_get(got, "body");
	bool same = got && (is == NULL) == (body == NULL) &&
		(is == NULL || cf_json_compare(is, body) == 0) &&
		cf_json_compare(plain, conflicts) == 0;

	json_decref(plain);
	return same;
}

#endif
