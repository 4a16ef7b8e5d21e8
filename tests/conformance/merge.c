/*
 * The merge: what its rule makes of each corner case (cases.json), and cases from
 * the tests of other tools as far as they speak of objects, values, sets and
 * keyed lists; each both ways round.
 */
#include "unit/merged.h"

#include "base/file.h"

static unsigned passed, failed;

static void
count(bool ok, const char *id, const char *what)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	(void)printf("FAILED %s: %s\n", id, what);
}

static bool
same(const json_t *a, const json_t *b)
{
	return (a == NULL) == (b == NULL) &&
		(a == NULL || cf_json_compare(a, b) == 0);
}

/* --- cases.json --- */

static void
run_case(const json_t *row)
{
	const json_t *want = json_object_get(row, "expected");
	json_t *got = merge_document(json_object_get(row, "input"));

	count(merged_is(got, json_object_get(want, "body"),
		json_object_get(want, "conflicts")), cf_json_str(row, "id"),
		cf_json_str(row, "title"));
	json_decref(got);
}

/* --- three-way rows of others --- */

static void
add_version(json_t *versions, const char *id, const char *trust, json_t *body)
{
	json_array_append_new(versions, json_pack(
		"{s:s, s:s, s:s, s:o, s:O*}", "id", id, "trust", trust,
		"modified", "", "parents", versions && json_array_size(versions)
		? json_pack("[s]", "base") : json_array(), "body", body));
}

/* A document from a base and the sides of it; NULL: absent. */
static json_t *
document(json_t *schema, json_t *base, json_t *const *side, size_t n)
{
	static const char *const ids[] = { "one", "two", "three" };
	json_t *versions = json_array();

	add_version(versions, "base", "owner", base);
	for (size_t i = 0; i < n; i++)
		add_version(versions, ids[i], ids[i], side[i]);
	return json_pack("{s:O, s:s, s:o}", "schema", schema, "owner", "owner",
		"versions", versions);
}

/* A list as the field v of a record; its words become elements. */
static json_t *
in_field(const json_t *row, const char *name, bool keyed)
{
	json_t *value = json_object_get(row, name), *list, *item;
	size_t i;

	if (value == NULL || !keyed)
		return value ? json_pack("{s:O}", "v", value) : NULL;
	list = json_array();
	json_array_foreach(value, i, item)
		json_array_append_new(list, json_is_object(item) ?
			json_incref(item) : json_pack("{s:O}", "id", item));
	return json_pack("{s:o}", "v", list);
}

struct row {
	json_t *schema, *base, *left, *right, *merged;
};

/* The schema that makes a row's kind ours. */
static void
read_row(struct row *out, const json_t *row)
{
	const char *kind = cf_json_str(row, "kind");
	bool keyed = kind && (strcmp(kind, "keyed-by-id") == 0 ||
		strcmp(kind, "array-by-value") == 0);
	json_t **value[] = { &out->base, &out->left, &out->right,
		&out->merged };
	static const char *const names[] = { "base", "left", "right",
		"merged" };

	for (size_t i = 0; i < 4; i++)
		*value[i] = kind && strcmp(kind, "object") != 0 ?
			in_field(row, names[i], keyed) :
			json_incref(json_object_get(row, names[i]));
	if (keyed)
		out->schema = json_pack("{s:{s:{s:{s:s, s:s}}}}", "properties",
			"v", "x-merge", "by", "id", "order", "author");
	else if (kind && strcmp(kind, "set") == 0)
		out->schema = json_pack("{s:{s:{s:s}}}", "properties", "v",
			"x-merge", "set");
	else
		out->schema = json_true();
}

static bool
has_paths(const json_t *conflicts, const json_t *paths, size_t ours)
{
	json_t *path, *c;
	size_t i, k, found = 0;

	json_array_foreach(paths, i, path)
		json_array_foreach(conflicts, k, c)
			found += strcmp(cf_json_str(c, "path"),
				json_string_value(path)) == 0;
	return found + ours == json_array_size(paths) &&
		json_array_size(conflicts) == json_array_size(paths);
}

static void
run_row(const json_t *row)
{
	const char *id = cf_json_str(row, "id");
	const json_t *paths = json_object_get(row, "conflict_paths");
	/* Of two new objects that differ inside, the rule names the member. */
	bool finer = strcmp(id, "nbdime-079") == 0;
	struct row r = { 0 };
	json_t *side[2], *doc, *got;

	read_row(&r, row);
	for (int turn = 0; turn < 2; turn++) {
		const json_t *conflicts;
		bool conflict = json_is_true(json_object_get(row, "conflict"));

		side[0] = turn ? r.right : r.left;
		side[1] = turn ? r.left : r.right;
		doc = document(r.schema, r.base, side, 2);
		got = merge_document(doc);
		conflicts = json_object_get(got, "conflicts");
		if (json_object_get(row, "error"))
			count(got == NULL, id, "must be refused");
		else
			count(got && conflict == (json_array_size(conflicts) >
				0) && (conflict ? !paths || has_paths(conflicts,
				paths, finer) : same(json_object_get(got,
				"body"), r.merged)), id, "another result");
		json_decref(doc);
		json_decref(got);
	}
	json_decref(r.schema);
	json_decref(r.base);
	json_decref(r.left);
	json_decref(r.right);
	json_decref(r.merged);
}

/* Rows that say what the rule makes of them: "same", or "conflict PATH:KIND". */
static void
run_told(const json_t *row)
{
	const char *told = cf_json_str(row, "ours_schemaless");
	json_t *side[] = { json_object_get(row, "left"),
		json_object_get(row, "right") };
	json_t *schema = json_true(), *c, *doc, *got;
	char *say = NULL;

	doc = document(schema, json_object_get(row, "base"), side, 2);
	got = merge_document(doc);
	c = json_array_get(json_object_get(got, "conflicts"), 0);
	if (c)
		say = cf_asprintf("conflict %s:%s", cf_json_str(c, "path"),
			cf_json_str(c, "kind"));
	else
		say = cf_strdup(same(json_object_get(got, "body"),
			json_object_get(row, "merged")) ? "same" : "differs");
	/* They name a member with a slash in it as it is. */
	for (char *at = say; (at = strstr(at, "~1")) != NULL;) {
		*at++ = '/';
		memmove(at, at + 1, strlen(at));
	}
	count(got && cf_starts(told, say), cf_json_str(row, "id"), say);
	free(say);
	json_decref(doc);
	json_decref(got);
}

/* Terms add, remove, add, …: where all that is removed is the same, that is the
 * base. null: a conflict. */
static void
run_terms(const json_t *row)
{
	const json_t *terms = json_object_get(row, "terms");
	const json_t *want = json_object_get(row, "accept_same_change");
	json_t *side[3] = { 0 }, *base = NULL, *doc, *got, *body;
	size_t n = json_array_size(terms);
	bool one = n == 3 || n == 5;

	for (size_t i = 1; i < n && one; i += 2)
		one = same(json_array_get(terms, 1), json_array_get(terms, i));
	if (!one)
		return;
	for (size_t i = 0; i < n; i += 2)
		side[i / 2] = json_pack("{s:O}", "t", json_array_get(terms, i));
	base = json_pack("{s:O}", "t", json_array_get(terms, 1));
	doc = document(json_true(), base, side, n / 2 + 1);
	got = merge_document(doc);
	body = json_object_get(got, "body");
	if (json_is_null(want))
		count(json_array_size(json_object_get(got, "conflicts")) == 1,
			"terms", "must be a conflict");
	else
		count(same(json_object_get(body, "t"), want) &&
			!json_array_size(json_object_get(got, "conflicts")),
			"terms", "another value");
	for (size_t i = 0; i < 3; i++)
		json_decref(side[i]);
	json_decref(base);
	json_decref(doc);
	json_decref(got);
}

static void
run_rows(const char *suites, const char *file, const char *list,
	void (*run)(const json_t *row))
{
	char *path = cf_path_join(suites, file);
	json_t *suite = NULL, *row;
	const struct cf_err *err = cf_json_read_path(&suite, path, CF_MAX_JSON);
	unsigned before = passed + failed;
	size_t i;

	json_array_foreach(json_object_get(suite, list), i, row) {
		const char *usable = cf_json_str(row, "usable");

		if (usable == NULL || strcmp(usable, "yes") == 0)
			run(row);
	}
	count(err == NULL && passed + failed > before, file, err ? err->msg :
		"no rows");
	json_decref(suite);
	free(path);
}

int
main(int argc, char **argv)
{
	static const char *const files[] = { "dolt-json-merge",
		"git-json-merge", "jsoncargo", "mergiraf-json", "nbdime-merge",
		"noms-merge", "trimerge" };

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s SUITES\n", argv[0]);
		return 2;
	}
	if (cf_start() != NULL)
		return 1;
	run_rows(argv[1], "merge/cases.json", "cases", run_case);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *file = cf_asprintf("merge/external/%s.json", files[i]);

		run_rows(argv[1], file, "cases", run_row);
		free(file);
	}
	run_rows(argv[1], "merge/external/kyaml-merge3.json", "cases",
		run_told);
	run_rows(argv[1], "merge/external/jj-conflict-algebra.json",
		"trivial_merge", run_terms);
	(void)printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
