/*
 * confer check: may this be published, and if not, what is to be changed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/label.h"

#define MANY 20		/* drafts; of more, only those with problems are shown */
#define NAMES 1024	/* bytes of the files in the next command */

static const struct {
	const char *verdict, *words;
	enum tone tone;
} verdicts[] = {
	{ "ready", "Ready", TONE_GOOD },
	{ "decision", "Needs a decision", TONE_WARN },
	{ "unsafe", "Not safe to publish", TONE_BAD },
	{ "unchecked", "Could not check", TONE_BAD },
};

/* Findings by severity, in the order in which a person should meet them. */
static const struct {
	const char *severity, *title, *noun;
} parts[] = {
	{ "never", "There is a problem", "problem" },
	{ "waivable", "Needs a decision", "decision" },
	{ "advice", "Advice", "suggestion" },
};
#define N_PARTS (sizeof parts / sizeof *parts)

static const struct cf_err *
run(struct call *call)
{
	return cf_check(&call->result, call->trust, call->arg, call->n);
}

/* A severity that this program does not know counts as the worst. */
static size_t
part_of(const json_t *finding)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (strcmp(cf_get(finding, "severity"), parts[i].severity) == 0)
			return i;
	return 0;
}

static void
print_verdict(struct page *page, const json_t *draft)
{
	const json_t *findings = cf_get_at(draft, "findings"), *finding;
	size_t i, v = 0, n[N_PARTS] = { 0 };
	struct cf_buf counts = CF_BUF(512);

	while (v + 1 < sizeof verdicts / sizeof *verdicts &&
		strcmp(cf_get(draft, "verdict"), verdicts[v].verdict) != 0)
		v++;
	json_array_foreach(findings, i, finding) {
		n[part_of(finding)]++;
	}
	for (i = 0; i < N_PARTS; i++)
		if (n[i])
			cf_buf_printf(&counts, "%s, ",
				cf_count(n[i], parts[i].noun).text);
	cf_buf_printf(&counts, "%s passed", cf_count(cf_get_number(draft,
		"passed"), "check").text);
	i = cf_get_size(draft, "notRun");
	if (i)
		cf_buf_printf(&counts, ", %zu could not run", i);
	cf_page_head(page, verdicts[v].tone, "%s: %s", verdicts[v].words,
		counts.data);
	cf_buf_clear(&counts);
}

static void
print_finding(struct page *page, const json_t *finding, size_t number)
{
	char *path = cf_label_path(cf_get(finding, "path"));
	char *lead = cf_asprintf("%2zu  %s", number, cf_get(finding, "place"));
	char *found = cf_sentence(cf_get(finding, "found"));
	char *why = cf_sentence(cf_get(finding, "why"));

	cf_page_entry(page, 0, 4, TONE_STRONG, lead, "%s%s%s",
		path[0] ? "(" : "", path, path[0] ? ")" : "");
	if (cf_has(finding, "found"))
		cf_page_text(page, 4, "%s", found);
	cf_page_text(page, 4, "%s", why);
	free(why);
	free(found);
	free(lead);
	free(path);
}

static void
print_remedy(struct page *page, const json_t *finding)
{
	char *remedy = cf_sentence(cf_get(finding, "remedy"));

	cf_page_text(page, 4, "Do: %s [%s]", remedy, cf_get(finding, "rule"));
	free(remedy);
}

static bool
same_remedy(const json_t *a, const json_t *b)
{
	return strcmp(cf_get(a, "remedy"), cf_get(b, "remedy")) == 0 &&
		strcmp(cf_get(a, "rule"), cf_get(b, "rule")) == 0;
}

/* What is to be done is said once for neighbours that need the same. */
static void
print_findings(struct page *page, const json_t *draft)
{
	const json_t *findings = cf_get_at(draft, "findings"), *finding;
	size_t i, number = 1;

	for (size_t part = 0; part < N_PARTS; part++) {
		const json_t *last = NULL;

		json_array_foreach(findings, i, finding) {
			if (part_of(finding) != part)
				continue;
			if (last == NULL) {
				cf_page_gap(page);
				cf_page_head(page, TONE_STRONG, "%s",
					parts[part].title);
			} else if (!same_remedy(last, finding)) {
				print_remedy(page, last);
			}
			print_finding(page, finding, number++);
			last = finding;
		}
		if (last)
			print_remedy(page, last);
	}
}

static bool
same_reason(const json_t *a, const json_t *b)
{
	return b && strcmp(cf_get(a, "reason"), cf_get(b, "reason")) == 0;
}

/* Rules that could not run for one reason are one line. */
static void
print_not_run(struct page *page, const json_t *draft)
{
	const json_t *list = cf_get_at(draft, "notRun"), *one;
	struct cf_buf rules = CF_BUF(NAMES);
	size_t i;

	if (json_array_size(list)) {
		cf_page_gap(page);
		cf_page_head(page, TONE_STRONG, "Could not check");
	}
	json_array_foreach(list, i, one) {
		char *reason = cf_sentence(cf_get(one, "reason"));

		cf_buf_printf(&rules, "%s%s", rules.len ? ", " : "",
			cf_get(one, "rule"));
		if (!same_reason(one, json_array_get(list, i + 1))) {
			cf_page_entry(page, 1, 3, TONE_PLAIN, "- ", "%s [%s]",
				reason, rules.data);
			cf_buf_reset(&rules);
		}
		free(reason);
	}
	cf_buf_clear(&rules);
}

/* The command to type when all is ready. */
static void
print_next(struct page *page, const json_t *drafts)
{
	struct cf_buf files = CF_BUF(NAMES);
	const json_t *draft;
	char *file;
	size_t i;

	json_array_foreach(drafts, i, draft) {
		cf_buf_puts(&files, " ");
		file = cf_shell_word(cf_from_here(cf_get(draft, "file")));
		cf_buf_puts(&files, file);
		free(file);
	}
	cf_page_text(page, 0, "Read it once more for anything that points to a "
		"child, a colleague or a school: what is published stays "
		"public.");
	cf_page_text(page, 0, "Next: confer publish%s", files.full ? " FILE..." :
		files.data);
	cf_buf_clear(&files);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *draft;
	size_t i, ready = 0;

	json_array_foreach(call->result, i, draft) {
		bool good = strcmp(cf_get(draft, "verdict"), "ready") == 0;

		ready += good;
		if (good && json_array_size(call->result) > MANY)
			continue;
		cf_page_gap(page);
		cf_page_head(page, TONE_STRONG, "%s%s%s",
			cf_from_here(cf_get(draft, "file")), cf_has(draft, "title") ?
			": " : "", cf_get(draft, "title"));
		print_verdict(page, draft);
		print_findings(page, draft);
		print_not_run(page, draft);
	}
	cf_page_gap(page);
	if (i > 1 && (ready < i || i > MANY))
		cf_page_text(page, 0, "%zu of %s ready.", ready,
			cf_count(i, "draft").text);
	if (i && ready == i)
		print_next(page, call->result);
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[FILE...]",
	.help = "see whether drafts are safe to publish",
	.about = "Looks in drafts (without FILE: all in drafts/) for what is "
		"missing or wrong. Nothing is changed, and nothing leaves "
		"this machine. The answer is Ready, Needs a decision, Not "
		"safe to publish, or Could not check. Whether a text points "
		"to a child, a colleague or a school is for you to judge: "
		"this version knows the fields of a record, not what is "
		"written in them.",
	.max = CMD_ANY,
	.flags = CMD_MAY_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
