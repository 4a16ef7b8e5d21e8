/*
 * How the files in schemas/ are written: each compiles, keeps to the rules in
 * tests/vectors/schemas/house.json, and its annotations fit each other.
 */
#include "schemas.h"

static void
test_every_schema_has_its_own_name_and_compiles(void **state)
{
	const char *name;
	json_t *doc;

	(void)state;
	assert_int_equal(json_object_size(docs), 16);
	json_object_foreach(docs, name, doc) {
		char *id = cf_asprintf(BASE "%s.json", name);
		const char *kind = cf_json_str(doc, "x-kind");

		assert_string_equal(cf_json_str(doc, "$id"), id);
		if (kind)
			assert_string_equal(kind, name);
		assert_non_null(compiled(name));
		free(id);
	}
}

static void
test_every_schema_is_written_as_the_house_rules_say(void **state)
{
	const struct cf_schema *house = NULL;
	json_t *rules = read_json(VECTORS "house.json");
	const char *name;
	json_t *doc;

	(void)state;
	must(cf_schema_add(set, "house", rules));
	must(cf_schema_compile(&house, set, cf_json_str(rules, "$id")));
	json_object_foreach(docs, name, doc)
		(void)is_valid(house, doc, name);
	json_decref(rules);
	settle();
}

static json_t *
resolve(json_t *node)
{
	const char *ref = cf_json_str(node, "$ref");
	json_t *target;

	if (ref == NULL)
		return node;
	target = cf_json_at(json_object_get(docs, "common"),
		strchr(ref, '#') + 1);
	assert_non_null(target);
	return target;
}

static bool
lists(const json_t *array, const char *word)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (strcmp(json_string_value(json_array_get(array, i)), word)
			== 0)
			return true;
	return false;
}

/* A label for every code and no other, no label twice. */
static void
check_labels(json_t *node, const char *place)
{
	json_t *codes = json_object_get(node, "enum"), *label, *other;
	json_t *labels = json_object_get(node, "x-labels");
	const char *code, *second;

	if (json_object_size(labels) != json_array_size(codes))
		complain("%s: %zu labels for %zu codes", place,
			json_object_size(labels), json_array_size(codes));
	json_object_foreach(labels, code, label) {
		if (!lists(codes, code))
			complain("%s: a label for %s, which is no code", place,
				code);
		json_object_foreach(labels, second, other)
			if (second != code && json_equal(label, other))
				complain("%s: %s and %s look alike", place,
					code, second);
	}
}

static void
check_rank(json_t *node, json_t *rank, const char *place)
{
	json_t *codes = json_object_get(node, "enum");

	if (json_array_size(rank) != json_array_size(codes))
		complain("%s: the rank leaves codes out", place);
	for (size_t i = 0; i < json_array_size(rank); i++)
		if (!lists(codes, json_string_value(json_array_get(rank, i))))
			complain("%s: ranks what is no code", place);
}

/* The elements are objects that must have the key, and it is a short word. */
static void
check_keyed(json_t *node, const char *by, const char *place)
{
	json_t *items = resolve(json_object_get(node, "items"));
	json_t *key = resolve(json_object_get(json_object_get(items,
		"properties"), by));
	const char *pattern = cf_json_str(key, "pattern");

	if (!lists(json_object_get(items, "required"), by))
		complain("%s: an element may lack its %s", place, by);
	if (pattern == NULL || (strcmp(by, "key") == 0 &&
		strcmp(pattern, "^[a-z0-9][a-z0-9_-]{0,39}$") != 0))
		complain("%s: the key has another pattern", place);
}

static void
check_merge(json_t *node, const char *place)
{
	json_t *merge = json_object_get(node, "x-merge");
	const char *by = cf_json_str(merge, "by");
	const char *word = json_string_value(merge);
	const char *type = cf_json_str(node, "type");
	json_t *items = resolve(json_object_get(node, "items"));

	if (json_object_get(merge, "rank"))
		check_rank(node, json_object_get(merge, "rank"), place);
	if (by)
		check_keyed(node, by, place);
	if (word && strcmp(word, "set") == 0 && !(cf_json_str(items, "type")
		&& strcmp(cf_json_str(items, "type"), "string") == 0))
		complain("%s: a set of something else than words", place);
	if (word && (strcmp(word, "max") == 0 || strcmp(word, "min") == 0) &&
		strcmp(type, "string") == 0 && !cf_json_str(node, "format") &&
		!cf_json_str(node, "pattern"))
		complain("%s: %s of words that have no order", place, word);
}

/* What a figure rests on is given beside it. */
static void
check_base(json_t *siblings, json_t *node, const char *place)
{
	json_t *base = json_object_get(node, "x-base");

	for (size_t i = 0; i < json_array_size(base); i++) {
		const char *name = json_string_value(json_array_get(base, i));
		const char *unit = cf_json_str(json_object_get(siblings, name),
			"x-unit");

		if (unit == NULL || strstr(unit, "-count") == NULL)
			complain("%s: %s is no number of people or things",
				place, name);
	}
}

/* What makes figures private is a code that there is. */
static void
check_sensitive(json_t *node, const char *place)
{
	json_t *codes = json_object_get(node, "x-sensitive");

	if (json_is_true(codes) && strcmp(cf_json_str(node, "type"),
		"boolean") != 0)
		complain("%s: what is no yes or no is private", place);
	for (size_t i = 0; i < json_array_size(codes); i++)
		if (!lists(json_object_get(node, "enum"),
			json_string_value(json_array_get(codes, i))))
			complain("%s: what is no code is private", place);
}

/* A bound beside a reference must be narrower, or it means nothing. */
static void
check_bound(json_t *node, const char *place)
{
	json_t *here = json_object_get(node, "maxLength");
	json_t *there = json_object_get(resolve(node), "maxLength");

	if (json_object_get(node, "$ref") && here &&
		json_integer_value(here) >= json_integer_value(there))
		complain("%s: maxLength is no narrower than that of its $ref",
			place);
}

/* Which annotations a file may have. */
struct look {
	bool merges;		/* a kind, or what kinds share */
	unsigned marks;		/* x-merge seen */
};

static void walk(json_t *node, struct look *look, const char *place);

static void
walk_members(json_t *map, struct look *look, const char *place)
{
	const char *name;
	json_t *node;

	json_object_foreach(map, name, node) {
		char *at = cf_asprintf("%s/%s", place, name);

		check_base(map, node, at);
		walk(node, look, at);
		free(at);
	}
}

static void
walk(json_t *node, struct look *look, const char *place)
{
	json_t *items = json_object_get(node, "items");

	check_bound(node, place);
	check_sensitive(node, place);
	if (json_object_get(node, "enum"))
		check_labels(node, place);
	if (json_object_get(node, "x-merge")) {
		look->marks++;
		if (!look->merges)
			complain("%s: x-merge where nothing merges", place);
		check_merge(node, place);
	}
	if (items)
		walk(items, look, place);
	walk_members(json_object_get(node, "properties"), look, place);
	walk_members(json_object_get(node, "$defs"), look, place);
}

static void
test_annotations_fit_each_other(void **state)
{
	const char *name;
	json_t *doc;

	(void)state;
	json_object_foreach(docs, name, doc) {
		bool kind = cf_json_str(doc, "x-kind") != NULL;
		struct look look = { .merges = kind ||
			strcmp(name, "common") == 0 };

		walk(doc, &look, name);
		if (look.merges && look.marks == 0)
			complain("%s: nothing says how it merges", name);
		if (kind && !lists(json_object_get(doc, "required"), "title"))
			complain("%s: has no title for lists", name);
	}
	settle();
}

static void
test_a_practice_has_the_twelve_points_of_tidier(void **state)
{
	json_t *fields = cf_json_at(json_object_get(docs, "practice"),
		"/properties"), *field;
	unsigned seen[13] = { 0 };
	const char *name;

	(void)state;
	json_object_foreach(fields, name, field)
		seen[json_integer_value(json_object_get(field, "x-tidier"))]++;
	for (size_t i = 1; i <= 12; i++)
		assert_int_equal(seen[i], 1);
}

static void
test_bounds_are_those_of_the_program(void **state)
{
	static const struct {
		const char *schema, *at;
		unsigned bound;
	} rows[] = {
		{ "record", "/properties/parents/maxItems", CF_MAX_PARENTS },
		{ "record", "/properties/stewards/maxItems", CF_MAX_STEWARDS },
		{ "record", "/properties/settled/maxItems", CF_MAX_SETTLED },
		{ "common", "/$defs/proofs/maxItems", CF_MAX_PROOFS },
		{ "draft", "/properties/parents/maxItems", CF_MAX_PARENTS },
		{ "identity", "/properties/version/maximum",
			CF_MAX_IDENTITIES },
		{ "identity", "/properties/rootKeys/maxItems",
			CF_MAX_IDENTITY_KEYS },
		{ "identity", "/properties/publishKeys/maxItems",
			CF_MAX_IDENTITY_KEYS },
		{ "identity", "/properties/revoked/maxItems", CF_MAX_REVOKED },
		{ "identity", "/properties/urls/maxItems",
			CF_MAX_IDENTITY_URLS },
		{ "identity", "/properties/heartbeatDays/maximum",
			CF_MAX_HEARTBEAT },
		{ "common", "/$defs/name/maxLength", CF_MAX_NAME },
		{ "common", "/$defs/repository_url/maxLength", CF_MAX_URL },
		{ "witness", "/properties/commit/maxLength",
			(CF_MAX_COMMIT + 2) / 3 * 4 },
		{ "equivocation", "/properties/commits/items/maxLength",
			(CF_MAX_COMMIT + 2) / 3 * 4 },
		{ "equivocation", "/properties/identities/maxItems",
			CF_MAX_IDENTITIES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(json_integer_value(cf_json_at(json_object_get(
			docs, rows[i].schema), rows[i].at)), rows[i].bound);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_every_schema_has_its_own_name_and_compiles),
		cmocka_unit_test(
			test_every_schema_is_written_as_the_house_rules_say),
		cmocka_unit_test(test_annotations_fit_each_other),
		cmocka_unit_test(
			test_a_practice_has_the_twelve_points_of_tidier),
		cmocka_unit_test(test_bounds_are_those_of_the_program),
	};

	return cmocka_run_group_tests(tests, load_all, free_all);
}
