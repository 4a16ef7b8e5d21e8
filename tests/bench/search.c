/*
 * Searching a large index: how fast it is built, what one changed record costs,
 * and how long searches of two to four words take. RECORDS=1000000 for more than
 * 100,000. Texts are made up of the words of schools, some common and some rare,
 * as they are in real texts (Zipf).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "index/index.h"

#define TAIL 60000u		/* rare words beside those below */
#define QUERIES 200u
#define CHANGES 200u
#define BATCH 20000u		/* records in one transaction */
#define TITLE 9u		/* words */

static const char *const words[] = { "the", "of", "and", "pupils", "in", "to",
	"a", "reading", "with", "for", "class", "teachers", "were", "school",
	"year", "text", "lesson", "practice", "weeks", "learning", "teaching",
	"support", "group", "fluency", "vocabulary", "comprehension", "routine",
	"writing", "maths", "test", "small", "daily", "assessment", "feedback",
	"attendance", "behaviour", "questions", "meaning", "accurately",
	"knowledge", "staff", "training", "coaching", "science", "history",
	"progress", "language", "oral", "phonics", "disadvantaged", "tutoring",
	"parents", "homework", "checklist", "model", "partners", "retrieval",
	"quiz", "discussion", "summary", "paragraph", "inference", "number",
	"fractions", "algebra", "problem", "solving", "confidence", "wellbeing",
	"sleep", "breakfast", "transition", "secondary", "primary", "sixth",
	"form", "curriculum", "sequence", "planning", "workload", "marking",
	"verbal", "peer", "review", "visit", "leader", "subject", "geography",
	"music", "drama", "sport", "library", "books", "aloud", "echo", "pairs",
	"lose", "read", "slowly", "decode", "spelling", "handwriting", "grammar" };
#define WORDS (sizeof words / sizeof *words)

static const char *const kinds[] = { "practice", "finding", "adoption", "need",
	"offer", "finding", "adoption", "finding" };
static const char *const phases[] = { "primary", "secondary", "special",
	"early_years" };
static const char *const regions[] = { "north_east", "north_west", "london",
	"south_east", "south_west", "east_midlands" };
static const char *const areas[] = { "english_reading", "mathematics", "science",
	"behaviour", "attendance", "disciplinary_literacy" };
#define PICK(list) (list)[below(sizeof (list) / sizeof *(list))]

static size_t
below(size_t n)
{
	return (size_t)(uniform() * (double)n);
}

/* Of this process: others on the machine are not counted. */
static double
spent(void)
{
	return clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void
must(const struct cf_err *err)
{
	if (err == NULL)
		return;
	fprintf(stderr, "search: %s\n", err->msg);
	exit(1);
}

/* The nth word is as frequent as 1/n. */
static void
put_word(struct cf_buf *out)
{
	static const char *const syllables[] = { "ba", "con", "der", "fil",
		"gra", "hol", "in", "jus", "kel", "lor", "mun", "nor", "pel",
		"qua", "rit", "ser", "tol", "ul", "ver", "wim" };
	size_t n = (size_t)pow((double)(WORDS + TAIL), uniform()) - 1;

	if (out->len)
		cf_buf_putc(out, ' ');
	if (n < WORDS) {
		cf_buf_puts(out, words[n]);
		return;
	}
	for (n += 400; n; n /= 20)
		cf_buf_puts(out, syllables[n % 20]);
}

static json_t *
text_of(size_t n)
{
	struct cf_buf text = CF_BUF(64 * 1024);
	json_t *out;

	while (n--)
		put_word(&text);
	out = json_string(text.data);
	cf_buf_clear(&text);
	return out;
}

static void
id_of(char out[CF_UUID_TEXT], unsigned long long n)
{
	(void)snprintf(out, CF_UUID_TEXT, "%08x-%04x-8000-8000-%012llx",
		0x01900000u + (unsigned)(n >> 16), (unsigned)(n & 0xffff),
		n * 0x9e3779b97f4a7c15u >> 16);
}

static json_t *
record(unsigned long long n)
{
	const char *kind = kinds[n % (sizeof kinds / sizeof *kinds)];
	char id[CF_UUID_TEXT], other[CF_UUID_TEXT];
	json_t *body;

	id_of(id, n);
	id_of(other, n - n % 8);
	body = json_pack("{s:o, s:o, s:o, s:o, s:[s], s:[s], s:{s:s, s:s}}",
		"title", text_of(TITLE), "summary", text_of(30 + below(30)),
		"problem", text_of(20 + below(20)), "why",
		text_of(40 + below(120)), "areas", PICK(areas), "phases",
		PICK(phases), "context", "phase", PICK(phases), "region",
		PICK(regions));
	if (strcmp(kind, "adoption") == 0 || strcmp(kind, "finding") == 0)
		json_object_set_new(body, "practice", json_string(other));
	return json_pack("{s:s, s:s, s:s, s:o}", "id", id, "kind", kind,
		"owner", "zQmSyntheticTrust", "body", body);
}

static void
put(struct cf_index *index, unsigned long long n, const char *modified)
{
	json_t *doc = record(n);

	must(cf_index_put_entry(index, cf_json_str(doc, "id"), modified, doc));
	json_decref(doc);
}

static void
build(struct cf_index *index, unsigned long long n)
{
	double start = spent(), made, text = 0;
	struct rusage use;

	for (unsigned long long i = 0; i < n; i++) {
		if (i % BATCH == 0)
			must(cf_index_begin(index));
		put(index, i, "2026-05-01T10:00:00Z");
		if (i % BATCH == BATCH - 1 || i == n - 1)
			must(cf_index_commit(index));
	}
	made = spent() - start;
	for (unsigned long long i = 0; i < n / 20; i++) {
		start = spent();
		json_decref(record(i));
		text += spent() - start;
	}
	(void)getrusage(RUSAGE_SELF, &use);
	printf("search: %llu records indexed in %.1f s (%.0f a second, without "
		"%.1f s for making them up), %ld MB of memory at most\n", n,
		made, (double)n / (made - 20 * text), 20 * text,
		use.ru_maxrss / 1024);
}

static int
by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
tell(const char *what, double *times, size_t n)
{
	qsort(times, n, sizeof *times, by_time);
	printf("  %s: p50 %.1f ms, p95 %.1f ms, worst %.1f ms\n", what,
		1e3 * times[n / 2], 1e3 * times[n * 95 / 100],
		1e3 * times[n - 1]);
}

static double
ask(struct cf_index *index, const char *text)
{
	static const char *const needs[] = { "need", NULL },
		*const practices[] = { "practice", NULL },
		*const adoptions[] = { "adoption", NULL },
		*const findings[] = { "finding", NULL },
		*const others[] = { "project", "offer", "synthesis", NULL };
	static const char *const *const groups[] = { needs, practices,
		adoptions, findings, others };
	struct cf_query query;
	struct cf_searching what = { &query, NULL, groups, 5, 20 };
	double start = spent();
	json_t *found;

	must(cf_query_parse(&query, text));
	must(cf_index_search(&found, index, &what));
	start = spent() - start;
	json_decref(found);
	cf_query_clear(&query);
	return start;
}

/* Words as people choose them: those of a title, which are no little ones. */
static void
search(struct cf_index *index, const char *what, size_t least, size_t most,
	const char *more)
{
	static double times[QUERIES];

	for (size_t i = 0; i < QUERIES; i++) {
		struct cf_buf text = CF_BUF(4096);
		size_t n = least + below(most - least + 1);

		while (n--)
			put_word(&text);
		cf_buf_puts(&text, more);
		times[i] = ask(index, text.data);
		cf_buf_clear(&text);
	}
	tell(what, times, QUERIES);
}

static void
change(struct cf_index *index, unsigned long long n)
{
	static double times[CHANGES];

	for (size_t i = 0; i < CHANGES; i++) {
		double start = spent();

		must(cf_index_begin(index));
		put(index, below((size_t)n), "2026-06-01T10:00:00Z");
		must(cf_index_commit(index));
		times[i] = spent() - start;
	}
	tell("one changed record", times, CHANGES);
}

int
main(void)
{
	const char *asked = getenv("RECORDS");
	uint64_t n = 100000;
	char *dir = cf_asprintf("%s/search-XXXXXX", getenv("TMPDIR") ?
		getenv("TMPDIR") : "/tmp"), *path;
	struct cf_index *index;
	struct stat st;

	if (asked && !cf_str_u64(cf_str(asked), &n, 100000000))
		return 2;
	cf_json_start();
	must(cf_kind_start());
	if (mkdtemp(dir) == NULL)
		return 1;
	path = cf_asprintf("%s/index.db", dir);
	must(cf_index_open(&index, path));
	build(index, n);
	if (stat(path, &st) == 0)
		printf("  %.0f MB on the disk\n", (double)st.st_size / 1e6);
	(void)ask(index, "reading");
	search(index, "two to four words", 2, 4, "");
	search(index, "the same, of one kind and region", 2, 4,
		" kind:practice region:london");
	search(index, "eight words, hardly ever all together", 8, 8, "");
	search(index, "a longer one (pupil*)", 1, 1, " pupil*");
	search(index, "a beginning (pup*)", 1, 1, " pup*");
	change(index, n);
	search(index, "two to four words, after that", 2, 4, "");
	cf_index_close(index);
	(void)unlink(path);
	(void)rmdir(dir);
	free(path);
	free(dir);
	return 0;
}
