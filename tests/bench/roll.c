/*
 * How fast texts are checked with a roll of 20,000 people, against grep -F -f with
 * the same names over the same text; and how long a record of 64 KiB takes.
 * Ratios and times of one run.
 */

#include "base/file.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "check/roll.h"
#include "check/text.h"
#include "record/kind.h"
#include "unit/expect.h"
#include "unit/scratch.h"

#define PEOPLE 20000
#define TEXT (16u * 1024 * 1024)
#define RECORD (64u * 1024)
#define ONE 8000	/* a text of a record, at the most */

/* A name of two to four syllables. */
static void
add_name(struct cf_buf *out)
{
	static const char *const parts[] = { "ka", "ro", "min", "el", "sha",
		"ton", "vi", "der", "ny", "lu", "bra", "ith", "zo", "mar",
		"fen", "gil" };
	size_t at = out->len, n = 2 + seed_below(3);

	for (size_t i = 0; i < n; i++)
		cf_buf_puts(out, parts[seed_below(16)]);
	out->data[at] = (char)(out->data[at] - 32);
}

static void
make_roll(struct cf_buf *csv, struct cf_buf *names)
{
	cf_buf_puts(csv, "Forename,Surname,UPN,DOB,Postcode\n");
	for (int i = 0; i < PEOPLE; i++) {
		size_t at = csv->len;

		add_name(csv);
		cf_buf_puts(csv, ",");
		add_name(csv);
		cf_buf_add(names, csv->data + at, csv->len - at);
		for (size_t k = names->len - (csv->len - at); k < names->len;
			k++)
			if (names->data[k] == ',')
				names->data[k] = ' ';
		cf_buf_puts(names, "\n");
		cf_buf_printf(csv, ",A%012llu,%02u/%02u/20%02u,BS%u %uAB\n",
			(unsigned long long)seed_below(1000000000000u),
			1 + (unsigned)seed_below(28), 1 +
			(unsigned)seed_below(12), 8 + (unsigned)seed_below(10),
			(unsigned)seed_below(50), (unsigned)seed_below(10));
	}
}

/* Prose of a need, over and over, with a name here and there that is nobody's. */
static void
make_text(struct cf_buf *out, size_t n)
{
	static const char prose[] = "Pupils who decode but read slowly fall "
		"behind in every subject. Classes used the routine for twelve "
		"weeks, three times a week, in ordinary lessons. Teachers chose "
		"the texts and kept a short log of what was read. ";

	while (out->len < n) {
		cf_buf_puts(out, prose);
		if (seed_below(10) == 0) {
			add_name(out);
			cf_buf_puts(out, " read on. ");
		}
	}
	out->len = n;
	out->data[n] = '\0';
}

static void
count(void *payload, unsigned kinds, size_t from, size_t to)
{
	(void)kinds;
	(void)from;
	(void)to;
	++*(size_t *)payload;
}

/* As the rule does it with each text: folded, brought into the form of words,
 * scanned. */
static void
look(const struct cf_automaton *roll, struct cf_str text)
{
	struct cf_text folded;
	struct cf_normal form;
	size_t hits = 0;

	cf_text_read(&folded, text);
	form = (struct cf_normal){ cf_malloc(folded.n + 1),
		cf_calloc(folded.n + 1, sizeof *form.at), 0 };
	cf_roll_normal(&form, folded.l, folded.n);
	cf_automaton_scan(roll, form.text, form.n, count, &hits);
	free(form.text);
	free(form.at);
	cf_text_clear(&folded);
}

static double
our_time(const struct cf_automaton *roll, const struct cf_buf *text)
{
	double start = seconds();

	for (size_t at = 0; at < text->len; at += ONE)
		look(roll, (struct cf_str){ text->data + at, text->len - at <
			ONE ? text->len - at : ONE });
	return seconds() - start;
}

static double
grep_time(const char *dir)
{
	char *command = cf_asprintf("cd '%s' && LC_ALL=C grep -F -c -f names "
		"text >/dev/null; true", dir);
	double start = seconds();
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	free(command);
	return seconds() - start;
}

static void
bench_record(const struct cf_automaton *roll)
{
	struct cf_checking with = { .file = "x.json", .roll = roll };
	json_t *draft = json_deep_copy(cf_kind_example("practice"));
	json_t *list = json_array(), *past = json_array();
	struct cf_buf text = CF_BUF(RECORD);
	double start, best = 1e9;

	/* Beyond what the schema allows in one field: the rules read it. */
	make_text(&text, RECORD - 8192);
	for (size_t at = 0; at < text.len; at += 2000)
		json_array_append_new(list, json_stringn(text.data + at,
			text.len - at < 2000 ? text.len - at : 2000));
	json_object_set_new(json_object_get(draft, "body"), "model_language",
		list);
	with.past = past;
	for (int i = 0; i < 5; i++) {
		start = seconds();
		json_decref(cf_check_draft(draft, &with));
		if (seconds() - start < best)
			best = seconds() - start;
	}
	printf("check of a record of 64 KiB, all rules: %.1f ms\n",
		best * 1000);
	json_decref(draft);
	json_decref(past);
	cf_buf_clear(&text);
}

int
main(int argc, char **argv)
{
	struct cf_buf csv = CF_BUF(16u << 20), names = CF_BUF(16u << 20);
	struct cf_buf text = CF_BUF(TEXT + 1024);
	struct cf_secret secret = { 0 };
	struct cf_needles words = { 0 };
	struct cf_roll_counts counts;
	struct cf_automaton *roll;
	char *dir = scratch_new(), *path;
	double ours, theirs, start;

	seed_start(argc, argv);
	expect_ok(cf_start());
	make_roll(&csv, &names);
	make_text(&text, TEXT);
	path = cf_path_join(dir, "names");
	expect_ok(cf_file_write(path, names.data, names.len, 0600));
	free(path);
	path = cf_path_join(dir, "text");
	expect_ok(cf_file_write(path, text.data, text.len, 0600));
	free(path);
	cf_secret_set(&secret, csv.data, csv.len);
	start = seconds();
	expect_ok(cf_roll_read(&words, &counts, &secret));
	roll = cf_automaton_new((struct cf_str){ words.room.p, words.used });
	printf("roll of %zu people, %zu words: made in %.0f ms\n",
		counts.people, words.n, (seconds() - start) * 1000);
	(void)our_time(roll, &text);
	ours = our_time(roll, &text);
	theirs = grep_time(dir);
	printf("roll over %u MiB of text: %.0f MB/s, grep -F -f %.0f MB/s: "
		"%.2f of its speed\n", TEXT >> 20, TEXT / ours / 1e6,
		TEXT / theirs / 1e6, theirs / ours);
	bench_record(roll);
	cf_automaton_free(roll);
	cf_needles_clear(&words);
	cf_secret_clear(&secret);
	cf_buf_clear(&csv);
	cf_buf_clear(&names);
	cf_buf_clear(&text);
	scratch_free(dir);
	return 0;
}
