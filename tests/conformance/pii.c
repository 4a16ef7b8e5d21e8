/*
 * Texts that a disclosure rule must find, or must leave alone: pii/cases.jsonl.
 * Prints recall and precision of each rule; a row that is judged otherwise than
 * it says is a failure. With a second argument, the path of another such file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "check/rule.h"
#include "json/json.h"

#define MOST_RULES 128u

struct tally {
	const char *rule;
	unsigned found, missed, wrong, left;
};

struct tallies {
	struct tally of[MOST_RULES];
	size_t n;
};

static struct tally *
tally_of(struct tallies *t, const struct cf_rule *rule)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->of[i].rule, rule->id) == 0)
			return &t->of[i];
	if (t->n == MOST_RULES)
		cf_bug("more rules than there is room for");
	t->of[t->n].rule = rule->id;
	return &t->of[t->n++];
}

/* As the check sees it: the text is a field of a draft. */
static bool
is_found(const char *text, const char *rule)
{
	json_t *draft = json_pack("{s:s, s:{s:s}}", "kind", "need", "body",
		"summary", text);
	json_t *result = cf_check_draft(draft, NULL), *finding;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(result, "findings"), i, finding)
		if (strcmp(cf_json_str(finding, "rule"), rule) == 0)
			found = true;
	json_decref(result);
	json_decref(draft);
	return found;
}

/* One row; false where it is judged otherwise than it says. */
static bool
passes(struct tallies *tallies, const json_t *row)
{
	const char *id = cf_json_str(row, "rule");
	const char *text = cf_json_str(row, "text");
	bool want = json_is_true(json_object_get(row, "match")), is;
	const struct cf_rule *rule = cf_rule_find(id ? id : "");
	struct tally *t;

	if (rule == NULL || text == NULL) {
		(void)printf("FAILED: there is no rule %s\n", id ? id : "");
		return false;
	}
	t = tally_of(tallies, rule);
	is = is_found(text, id);
	if (want)
		*(is ? &t->found : &t->missed) += 1;
	else
		*(is ? &t->wrong : &t->left) += 1;
	if (want != is)
		(void)printf("FAILED %s: %s: %s\n", id,
			want ? "not found" : "found", text);
	return want == is;
}

static double
share(unsigned part, unsigned rest)
{
	return part + rest ? 100.0 * part / (part + rest) : 100.0;
}

static void
print_tallies(const struct tallies *tallies)
{
	(void)printf("%-18s %6s %6s %7s %9s\n", "rule", "must", "mustn't",
		"recall", "precision");
	for (size_t i = 0; i < tallies->n; i++) {
		const struct tally *t = &tallies->of[i];

		(void)printf("%-18s %6u %7u %6.1f%% %8.1f%%\n", t->rule,
			t->found + t->missed, t->wrong + t->left,
			share(t->found, t->missed), share(t->found, t->wrong));
	}
}

int
main(int argc, char **argv)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	static struct tallies tallies;
	unsigned passed = 0, failed = 0;
	struct cf_str line, rest;
	const struct cf_err *err;
	char *path;

	if (argc != 2 && argc != 3) {
		(void)fprintf(stderr, "usage: %s SUITES [FILE]\n", argv[0]);
		return 2;
	}
	cf_json_start();
	path = argc == 3 ? cf_strdup(argv[2]) : cf_path_join(argv[1],
		"pii/cases.jsonl");
	err = cf_kind_start();
	if (!err)
		err = cf_file_read(&text, path, true);
	if (err) {
		(void)printf("%s\n", err->msg);
		failed = 1;
	}
	rest = (struct cf_str){ text.data, text.len };
	while (!err && cf_str_cut(&line, &rest, rest, '\n')) {
		json_t *row = NULL;

		err = cf_json_read(&row, line, CF_MAX_JSON);
		if (err)
			(void)printf("%s\n", err->msg);
		if (!err && passes(&tallies, row))
			passed++;
		else
			failed++;
		json_decref(row);
	}
	print_tallies(&tallies);
	(void)printf("%u passed, %u failed\n", passed, failed);
	cf_buf_clear(&text);
	free(path);
	return failed > 0 || passed == 0;
}
