/*
 * The trust's own people: reading them from CSV, finding them in texts, and
 * keeping them to this machine.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <signal.h>

#include "expect.h"
#include "scratch.h"

#include "base/buf.h"
#include "check/csv.h"
#include "check/roll.h"
#include "record/kind.h"

static char *folder;

static struct cf_automaton *
roll_of(const char *text, struct cf_roll_counts *counts)
{
	struct cf_secret csv = { 0 };
	struct cf_needles words = { 0 };
	struct cf_automaton *out;

	cf_secret_set(&csv, text, strlen(text));
	expect_ok(cf_roll_read(&words, counts, &csv));
	out = cf_automaton_new((struct cf_str){ words.room.p, words.used });
	assert_non_null(out);
	cf_needles_clear(&words);
	cf_secret_clear(&csv);
	return out;
}

static const char people[] =
	"Legal Surname,Legal Forename,Preferred Forename,UPN,DOB,Postcode,"
	"Work Email,Form\r\n"
	"Okafor,Aaliyah Grace,Aaliyah,A123456789012,12/03/2014,BS3 4QT,,8B\r\n"
	"\"O'Brien\",Zo\xc3\xab,Zo\xc3\xab,,2013-09-01,bs34qu,"
	"z.obrien@north.sch.uk,\r\n"
	"May,Will,Will,,,,,\r\n"
	"Grace,Summer,Summer,,,,,\r\n"
	"Okonkwo-Smith,Ngozi,,,,,,\r\n";

/* --- CSV -------------------------------------------------------------------- */

static void
expect_row(struct cf_csv *csv, const char *want)
{
	struct cf_buf got = CF_BUF(1000);
	struct cf_str field[8];
	size_t n = 0;

	if (cf_csv_row(csv, field, 8, &n))
		cf_buf_puts(&got, "|");
	for (size_t i = 0; i < n && i < 8; i++) {
		cf_buf_add(&got, field[i].p, field[i].n);
		cf_buf_puts(&got, "|");
	}
	assert_string_equal(got.data, want);
	cf_buf_clear(&got);
}

static void
test_csv_is_read_as_spreadsheets_write_it(void **state)
{
	char plain[] = "\xef\xbb\xbf" "a, b ,\"c \"\"d\"\", e\"\r\n\n1,,3";
	char semicolons[] = "a;b,c\n\"x\ny\";2\n";
	char tabs[] = "a\tb\nc\td";
	char open[] = "a,b\n\"no end";
	struct cf_csv csv;

	(void)state;
	cf_csv_start(&csv, plain, sizeof plain - 1);
	expect_row(&csv, "|a|b|c \"d\", e|");
	expect_row(&csv, "|1||3|");
	expect_row(&csv, "");
	cf_csv_start(&csv, semicolons, sizeof semicolons - 1);
	expect_row(&csv, "|a|b,c|");
	expect_row(&csv, "|x\ny|2|");
	expect_row(&csv, "");
	cf_csv_start(&csv, tabs, sizeof tabs - 1);
	expect_row(&csv, "|a|b|");
	expect_row(&csv, "|c|d|");
	cf_csv_start(&csv, open, sizeof open - 1);
	expect_row(&csv, "|a|b|");
	expect_row(&csv, "|no end|");
	expect_row(&csv, "");
	cf_csv_start(&csv, open, 0);
	expect_row(&csv, "");
}

/* --- reading ---------------------------------------------------------------- */

static void
test_headings_say_what_a_column_is(void **state)
{
	struct cf_roll_counts n;

	(void)state;
	cf_automaton_free(roll_of(people, &n));
	assert_int_equal(n.people, 5);
	assert_int_equal(n.numbers, 1);
	assert_int_equal(n.births, 2);
	assert_int_equal(n.postcodes, 2);
	assert_int_equal(n.mailboxes, 1);
	/* A title above the headings, and one column of whole names. */
	cf_automaton_free(roll_of("Report of 3 May\n\nPupil Name;ULN\n"
		"\"Okafor, Aaliyah\";9276308686\nZoe O'Brien;\n", &n));
	assert_int_equal(n.people, 2);
	assert_int_equal(n.names, 2);
	assert_int_equal(n.numbers, 1);
}

static void
test_a_file_without_headings_is_refused(void **state)
{
	struct cf_roll_counts n;
	struct cf_secret csv = { 0 };
	struct cf_needles words = { 0 };

	(void)state;
	cf_secret_set(&csv, "School Name,Seats\nx,1\n", 22);
	expect_err(cf_roll_read(&words, &n, &csv), CF_INVALID, "roll.columns");
	cf_secret_clear(&csv);
	cf_needles_clear(&words);
}

/* --- finding ---------------------------------------------------------------- */

static struct cf_automaton *roll;

static const char *
severity_of(const char *text, const char *field)
{
	struct cf_checking with = { .file = "x.json", .roll = roll };
	json_t *draft = json_deep_copy(cf_kind_example("need")), *result;
	const char *out = "none";

	json_object_set_new(json_object_get(draft, "body"), field,
		json_string(text));
	result = cf_check_draft(draft, &with);
	for (size_t i = 0; i < json_array_size(json_object_get(result,
		"findings")); i++) {
		const json_t *f = json_array_get(json_object_get(result,
			"findings"), i);
		const char *severity = cf_json_str(f, "severity");

		if (strcmp(cf_json_str(f, "rule"), "T-ROLL") != 0)
			continue;
		out = strcmp(severity, "never") == 0 ? "never" : "waivable";
		break;
	}
	json_decref(result);
	json_decref(draft);
	return out;
}

static void
test_people_of_the_roll_are_found(void **state)
{
	static const struct {
		const char *text, *severity;
	} rows[] = {
		{ "We saw Aaliyah Okafor read.", "never" },
		{ "we saw aaliyah okafor read", "never" },
		{ "OKAFOR, AALIYAH", "never" },
		{ "Aaliyah Grace Okafor", "never" },
		{ "Zoe O'Brien's book", "never" },
		{ "ZO\xc3\x8b O\xe2\x80\x99" "BRIEN", "never" },
		{ "Ngozi Okonkwo Smith", "never" },
		{ "A&#97;liyah Ok\xe2\x80\x8b" "afor", "never" },
		{ "\xef\xbc\xa1\xef\xbd\x81liyah Okafor", "never" },
		{ "Will May came.", "never" },
		{ "will may pupils read?", "none" },
		{ "Will pupils read?", "none" },
		{ "In May they read.", "none" },
		{ "Mr May helped.", "never" },
		{ "Mr. May helped.", "never" },
		{ "Will said so.", "never" },
		{ "said Will.", "never" },
		{ "In May Year 8 began.", "waivable" },
		{ "Aaliyah liked it.", "waivable" },
		{ "Aaliyah in Year 8 liked it.", "never" },
		{ "aaliyah liked it.", "none" },
		{ "A text by Aaliyah Brown.", "none" },
		{ "A text by Grace Darling.", "none" },
		{ "The grace of the text.", "none" },
		{ "Summer reading", "none" },
		{ "Mrs Okafor", "never" },
		{ "Okaforian texts", "none" },
		{ "A123456789012", "never" },
		{ "born 12 March 2014", "never" },
		{ "12th of March 2014", "waivable" },
		{ "12.3.2014", "waivable" },
		{ "1/9/13 was a Sunday", "waivable" },
		{ "her dob: 1/9/13", "never" },
		{ "13 March 2014", "none" },
		{ "BS3 4QT", "never" }, { "bs34qt", "never" },
		{ "BS3 4QX", "none" },
		{ "z.obrien@north.sch.uk", "never" },
		{ "Write to Z.OBrien@North.sch.uk today.", "never" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = severity_of(rows[i].text, "summary");

		if (strcmp(got, rows[i].severity) != 0)
			fail_msg("%s: %s, wanted %s", rows[i].text, got,
				rows[i].severity);
	}
}

/* --- the automaton ---------------------------------------------------------- */

struct hits {
	size_t n;
	uint64_t sum;
};

static void
count_hit(void *payload, unsigned kinds, size_t from, size_t to)
{
	struct hits *hits = payload;

	hits->n++;
	hits->sum += (from * 1000003 + to) * 31 + kinds;
}

static bool
in_word(char c)
{
	return c != ' ' && c != '.' && c != '\0';
}

/* Every word at every place, one by one. */
static void
search_all(struct hits *out, char word[][8], size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(word[i]);
		bool twice = false;

		for (size_t j = 0; j < i; j++)
			twice = twice || strcmp(word[j], word[i]) == 0;
		for (const char *p = text; !twice && *p; p++) {
			if (strncmp(p, word[i], length) != 0 ||
				(p > text && in_word(p[-1]) && in_word(*p)) ||
				(in_word(p[length]) && in_word(p[length - 1])))
				continue;
			count_hit(out, 1, (size_t)(p - text),
				(size_t)(p - text) + length);
		}
	}
}

static void
test_the_automaton_finds_what_a_search_finds(void **state)
{
	static const char letters[] = "ab .";

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct hits want = { 0 }, got = { 0 };
		struct cf_needles words = { 0 };
		struct cf_automaton *a;
		char word[12][8], text[64];
		size_t n = 1 + seed_below(12);

		for (size_t i = 0; i < n; i++) {
			size_t length = 1 + seed_below(5);

			for (size_t k = 0; k < length; k++)
				word[i][k] = letters[seed_below(4)];
			word[i][length] = '\0';
			cf_needles_add(&words, 1, word[i], length);
		}
		for (size_t k = 0; k + 1 < sizeof text; k++)
			text[k] = letters[seed_below(4)];
		text[sizeof text - 1] = '\0';
		a = cf_automaton_new((struct cf_str){ words.room.p,
			words.used });
		cf_automaton_scan(a, (unsigned char *)text, strlen(text),
			count_hit, &got);
		search_all(&want, word, n, text);
		assert_int_equal(got.n, want.n);
		assert_int_equal(got.sum, want.sum);
		cf_automaton_free(a);
		cf_needles_clear(&words);
	}
}

static void
test_words_of_another_form_are_refused(void **state)
{
	(void)state;
	assert_null(cf_automaton_new((struct cf_str){ "\1", 1 }));
	assert_null(cf_automaton_new((struct cf_str){ "\1\5abc", 5 }));
	assert_null(cf_automaton_new((struct cf_str){ "\1\1A", 3 }));
}

/* --- sealed ----------------------------------------------------------------- */

static void
test_a_sealed_file_opens_with_its_key_only(void **state)
{
	struct cf_seckey *key = cf_seckey_new(), *other = cf_seckey_new();
	char *path = cf_path_join(folder, "x.roll"), *line = NULL;
	struct cf_buf raw = CF_BUF(4096);
	struct cf_secret got = { 0 };

	(void)state;
	expect_ok(cf_sealed_write(path, key, "{\"people\":3}",
		CF_STR("aaliyah okafor")));
	expect_ok(cf_sealed_line(&line, path, 4096));
	assert_string_equal(line, "{\"people\":3}");
	expect_ok(cf_sealed_read(&got, path, 4096, key));
	assert_int_equal(got.n, 14);
	assert_memory_equal(got.p, "aaliyah okafor", 14);
	cf_secret_clear(&got);
	expect_err(cf_sealed_read(&got, path, 4096, other), CF_INVALID,
		"roll.key");
	expect_ok(cf_file_read(&raw, path, false));
	for (size_t i = 0; i + 3 < raw.len; i++)
		assert_memory_not_equal(raw.data + i, "okaf", 4);
	/* Its line is bound to it. */
	raw.data[20] ^= 1;
	expect_ok(cf_file_write(path, raw.data, raw.len, 0600));
	assert_non_null(cf_sealed_read(&got, path, 4096, key));
	cf_buf_clear(&raw);
	free(line);
	free(path);
	cf_seckey_free(key);
	cf_seckey_free(other);
}

/* A process that dies with the roll open leaves nothing of its memory. */
static void
test_no_core_is_dumped(void **state)
{
	struct rlimit limit;
	struct cf_names names;
	int status = 0;
	pid_t child;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	child = fork();
	if (child == 0) {
		if (chdir(folder) != 0)
			_exit(1);
		(void)signal(SIGABRT, SIG_DFL);
		abort();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_false(WCOREDUMP(status));
	expect_ok(cf_dir_names(&names, folder));
	for (size_t i = 0; i < names.n; i++)
		assert_false(cf_starts(names.name[i], "core"));
	cf_names_clear(&names);
}

static int
start(void **state)
{
	struct cf_roll_counts counts;

	(void)state;
	if (cf_start() != NULL)
		return -1;
	folder = scratch_new();
	roll = roll_of(people, &counts);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	cf_automaton_free(roll);
	scratch_free(folder);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_is_read_as_spreadsheets_write_it),
		cmocka_unit_test(test_headings_say_what_a_column_is),
		cmocka_unit_test(test_a_file_without_headings_is_refused),
		cmocka_unit_test(test_people_of_the_roll_are_found),
		cmocka_unit_test(test_the_automaton_finds_what_a_search_finds),
		cmocka_unit_test(test_words_of_another_form_are_refused),
		cmocka_unit_test(test_a_sealed_file_opens_with_its_key_only),
		cmocka_unit_test(test_no_core_is_dumped),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start, stop);
}
