/*
 * What the man pages say that could go out of date: numbers, against limits.h
 * and the schemas; names of rules, against the source.
 */
#include "pages.h"

#include "json/json.h"

/* Limits that a reader of the pages must know. */
#define LIMIT(name) { #name, (long long)(name) }
static const struct {
	const char *name;
	long long value;
} limits[] = {
	LIMIT(CF_MAX_RECORD),
	LIMIT(CF_MAX_DEPTH),
	LIMIT(CF_MAX_WHOLE),
	LIMIT(CF_MAX_PARENTS),
	LIMIT(CF_MAX_STEWARDS),
	LIMIT(CF_MAX_PROOFS),
	LIMIT(CF_MAX_SETTLED),
	LIMIT(CF_MAX_VERSIONS),
	LIMIT(CF_MAX_IDENTITIES),
	LIMIT(CF_MAX_IDENTITY),
	LIMIT(CF_MAX_IDENTITY_KEYS),
	LIMIT(CF_MAX_REVOKED),
	LIMIT(CF_MAX_HEARTBEAT),
	LIMIT(CF_MAX_NAME),
	LIMIT(CF_MAX_URL),
	LIMIT(CF_MAX_WITNESS),
	LIMIT(CF_MAX_COMMIT),
	LIMIT(CF_MAX_TREE),
	LIMIT(CF_MAX_TREE_ENTRIES),
	LIMIT(CF_MAX_MESSAGE_LINE),
	LIMIT(CF_MAX_PACK),
	LIMIT(CF_MAX_PACK_OBJECTS),
	LIMIT(CF_MAX_COMMITS),
	LIMIT(CF_MAX_REFS),
	LIMIT(CF_MAX_ADVERTISED),
	LIMIT(CF_MAX_LOGINS),
	LIMIT(CF_LOOSE_MAX),
	LIMIT(CF_FETCH_SECONDS),
	LIMIT(CF_FETCH_IDLE_SECONDS),
	LIMIT(CF_FETCH_MEMORY),
	LIMIT(CF_FETCH_CPU_SECONDS),
	LIMIT(CF_FETCH_FILES),
	LIMIT(CF_SYNC_JOBS),
	LIMIT(CF_SYNC_JOBS_MAX),
	LIMIT(CF_MAX_COPIES),
	LIMIT(CF_MAX_PARTNERS),
	LIMIT(CF_MAX_PASSPHRASE),
	LIMIT(CF_MAX_KEY_FILE),
	LIMIT(CF_MAX_KDF_MEMORY),
	LIMIT(CF_MAX_KDF_PASSES),
	LIMIT(CF_LOCK_SECONDS)
};
#define LIMITS (sizeof limits / sizeof *limits)

static unsigned complaints;

#define complain(...) do { \
	print_error(__VA_ARGS__); \
	complaints++; \
} while (0)

/* Every complaint of a test is printed before the test fails. */
static void
settle(void)
{
	unsigned n = complaints;

	complaints = 0;
	assert_int_equal(n, 0);
}

/* --- numbers ----------------------------------------------------------------- */

/* record.json#/properties/settled/maxItems */
static long long
schema_value(const char *what)
{
	const char *hash = strchr(what, '#');
	char *path = cf_asprintf("schemas/%.*s", (int)(hash - what), what);
	json_t *doc = NULL, *value;
	long long n;

	assert_ok(cf_json_read_path(&doc, path, CF_MAX_JSON));
	value = cf_json_at(doc, hash + 1);
	if (!json_is_integer(value))
		fail_msg("there is no number at %s", what);
	n = json_integer_value(value);
	json_decref(doc);
	free(path);
	return n;
}

static long long
value_of(const char *what, bool used[LIMITS])
{
	for (size_t i = 0; i < LIMITS; i++)
		if (strcmp(limits[i].name, what) == 0) {
			used[i] = true;
			return limits[i].value;
		}
	if (strchr(what, '#') == NULL)
		fail_msg("no limit is called %s here", what);
	return schema_value(what);
}

/* 1,073,741,824 */
static void
with_commas(char out[32], long long n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%lld", n);

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether `line` has `word` and no further digit at its ends. */
static bool
has_number(const char *line, const char *word)
{
	for (const char *at = line; (at = strstr(at, word)) != NULL; at++) {
		const char *end = at + strlen(word);
		char before = at > line ? at[-1] : ' ';

		if (strchr("0123456789,.", before) == NULL &&
			!is_digit(*end) && !(*end == ',' && is_digit(end[1])))
			return true;
	}
	return false;
}

static bool
says(const char *line, long long n)
{
	static const char *const units[] = { "KiB", "MiB", "GiB" };
	char word[32];

	(void)snprintf(word, sizeof word, "%lld", n);
	if (has_number(line, word))
		return true;
	with_commas(word, n);
	if (has_number(line, word))
		return true;
	for (size_t i = 0; i < 3 && n % 1024 == 0; i++) {
		n /= 1024;
		(void)snprintf(word, sizeof word, "%lld %s", n, units[i]);
		if (has_number(line, word))
			return true;
	}
	return false;
}

static void
check_numbers(const char *path, bool used[LIMITS])
{
	struct cf_buf text;
	struct cf_str rest, line;

	page_read(&text, path);
	rest = (struct cf_str){ text.data, text.len };
	while (page_line(&line, &rest)) {
		char *what, *said;

		if (!cf_str_skip(&line, ".\\\" = "))
			continue;
		what = cf_strndup(line.p, line.n);
		assert_true(page_line(&line, &rest));
		said = cf_strndup(line.p, line.n);
		if (!says(said, value_of(what, used)))
			complain("%s says \"%s\" where %s is %lld\n", path,
				said, what, value_of(what, used));
		free(what);
		free(said);
	}
	cf_buf_clear(&text);
}

static void
test_numbers_are_those_of_the_source(void **state)
{
	bool used[LIMITS] = { false };

	(void)state;
	for (size_t i = 0; i < PAGES; i++)
		check_numbers(pages[i], used);
	for (size_t i = 0; i < LIMITS; i++)
		if (!used[i])
			complain("no page says how much %s is\n",
				limits[i].name);
	settle();
}

static void
test_a_number_is_found_whole(void **state)
{
	(void)state;
	assert_true(says("at most 262,144 bytes", 262144));
	assert_true(says("at most 256 KiB", 262144));
	assert_true(says("(32)", 32));
	assert_false(says("at most 132", 32));
	assert_false(says("at most 32,000", 32));
	assert_false(says("at most 320", 32));
	assert_false(says("1,032 of them", 32));
	assert_false(says("nothing", 1));
}

/* --- rules --------------------------------------------------------------------- */

static const char *const folders[] = { "src/json", "src/sign", "src/store",
	"src/record", "src/check", "src/gate", "src/merge", "src/app" };

/* Families of rules that decide what is refused or held. Other rules are about
 * a person's own machine, and their messages say all there is. */
static const char *const families[] = { "json.", "object.", "tree.",
	"commit.", "history.", "identity.", "record.", "proof.", "schema.",
	"kind.", "limit.", "partner.", "source.", "ssh." };

static bool
is_rule(struct cf_str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (s.p[i] != '.' && s.p[i] != '-' &&
			(s.p[i] < 'a' || s.p[i] > 'z'))
			return false;
	}
	return dots == 1 && s.p[0] != '.' && s.p[s.n - 1] != '.';
}

/* Adds what stands in quotes on a line and has the form of a rule's name. */
static void
add_quoted(json_t *rules, struct cf_str line)
{
	struct cf_str head, word, rest;

	while (cf_str_cut(&head, &rest, line, '"')) {
		if (!cf_str_cut(&word, &line, rest, '"'))
			return;
		if (word.n && is_rule(word))
			json_object_setn_new_nocheck(rules, word.p, word.n,
				json_true());
	}
}

static void
add_source(json_t *rules, const char *folder)
{
	struct cf_names names;

	assert_ok(cf_dir_names(&names, folder));
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(folder, names.name[i]);
		struct cf_str rest, line;
		struct cf_buf text;

		page_read(&text, path);
		rest = (struct cf_str){ text.data, text.len };
		while (page_line(&line, &rest))
			if (!starts(line, "#include"))
				add_quoted(rules, line);
		cf_buf_clear(&text);
		free(path);
	}
	cf_names_clear(&names);
}

/* Rules that a page explains: its list entries ".It Li x.y". */
static void
add_explained(json_t *rules, const char *page)
{
	struct cf_str rest, line;
	struct cf_buf text;

	page_read(&text, page);
	rest = (struct cf_str){ text.data, text.len };
	while (page_line(&line, &rest)) {
		char *word;

		if (!cf_str_skip(&line, ".It Li ") || !is_rule(line))
			continue;
		word = cf_strndup(line.p, line.n);
		if (json_object_get(rules, word))
			complain("%s explains %s twice\n", page, word);
		json_object_set_new(rules, word, json_true());
		free(word);
	}
	cf_buf_clear(&text);
}

static bool
decides(const char *rule)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (cf_starts(rule, families[i]))
			return true;
	return false;
}

static void
test_rules_are_those_of_the_source(void **state)
{
	json_t *source = json_object(), *explained = json_object(), *value;
	const char *rule;

	(void)state;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		add_source(source, folders[i]);
	for (size_t i = 0; i < PAGES; i++)
		add_explained(explained, pages[i]);
	json_object_foreach(source, rule, value)
		if (decides(rule) && !json_object_get(explained, rule))
			complain("no page explains the rule %s\n", rule);
	json_object_foreach(explained, rule, value)
		if (!json_object_get(source, rule))
			complain("nothing in the source is called %s\n", rule);
	json_decref(source);
	json_decref(explained);
	settle();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_those_of_the_source),
		cmocka_unit_test(test_a_number_is_found_whole),
		cmocka_unit_test(test_rules_are_those_of_the_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
