/*
 * What people type to search: whatever it is, it is refused in a sentence, or the
 * index can read what we make of it.
 */
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "base/mem.h"
#include "index/index.h"

static const char *const kinds[] = { "need", "practice", NULL };
static const char *const *const groups[] = { kinds };

/* An index with one record, made once. */
static struct cf_index *
small_index(void)
{
	static struct cf_index *index;
	char dir[] = "/tmp/fuzz-query-XXXXXX", *path;
	json_t *doc;

	if (index)
		return index;
	cf_json_start();
	MUST(cf_kind_start() == NULL);
	MUST(mkdtemp(dir) != NULL);
	path = cf_asprintf("%s/index.db", dir);
	MUST(cf_index_open(&index, path) == NULL);
	doc = json_pack("{s:s, s:s, s:{s:s, s:s, s:[s]}}", "kind", "need",
		"owner", "zQm", "body", "title", "Pupils read accurately",
		"problem", "They lose meaning", "areas", "english_reading");
	MUST(cf_index_put_entry(index, "one", "2026-01-01T00:00:00Z", doc)
		== NULL);
	json_decref(doc);
	(void)unlink(path);
	(void)rmdir(dir);
	free(path);
	return index;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = cf_strndup((const char *)data, size);
	struct cf_query query;
	struct cf_searching what = { &query, NULL, groups, 1, 5 };
	json_t *found = NULL;
	const struct cf_err *err = cf_query_parse(&query, text);

	MUST(err == NULL || (err->code == CF_USAGE && err->msg[0]));
	if (err == NULL) {
		err = cf_index_search(&found, small_index(), &what);
		MUST(err == NULL);
		MUST(json_array_size(found) == 1);
	}
	json_decref(found);
	cf_query_clear(&query);
	free(text);
	return 0;
}
