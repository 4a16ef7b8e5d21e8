/*
 * confer check: may this be published, and if not, what is to be changed.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/hits.h"
#include "cli/label.h"

#define WATCH_SECONDS 1	/* between two looks at a draft */
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

struct check_opts {
	bool fix, watch;
	const char *accept, *evidence;
};

static const struct opt opts[] = {
	{ "fix", 0, OPT_FLAG, offsetof(struct check_opts, fix), NULL,
		"write a copy beside the draft (FILE.proposed.json) in which "
		"what can be mended is, and show what changed; the draft "
		"stays as it is" },
	{ "accept", 0, OPT_TEXT, offsetof(struct check_opts, accept),
		"RULE=REASON", "write into the draft why what the rule found "
		"may stay: already-public, not-a-person, consented, "
		"public-benefit or tool-error" },
	{ "evidence", 0, OPT_TEXT, offsetof(struct check_opts, evidence),
		"CSV", "count the groups of the draft in this list of people, "
		"one a row; it is read here and kept nowhere" },
	{ "watch", 0, OPT_FLAG, offsetof(struct check_opts, watch), NULL,
		"go on, and check again whenever a draft changes" },
	{ NULL }
};

static void print(struct page *page, const struct call *call);

/* "T-NAME=not-a-person" */
static const struct cf_err *
accept_all(struct call *call, const char *word)
{
	const struct check_opts *o = call->opts;
	const char *equals = strchr(word, '=');
	const struct cf_err *err = NULL;
	char *rule;

	if (equals == NULL || call->n == 0)
		return cf_err(CF_USAGE, "to accept what a rule found, name "
			"the draft, the rule and the reason: confer check "
			"FILE --accept RULE=REASON");
	rule = cf_strndup(word, (size_t)(equals - word));
	for (size_t i = 0; i < call->n && !err; i++)
		err = cf_accept(call->trust, call->arg[i], rule, equals + 1,
			o->evidence);
	free(rule);
	return err;
}

/* Shows what the check says, and again when it says something else; until it
 * is stopped, or nobody reads it any more. */
static const struct cf_err *
watch(struct call *call)
{
	const struct timespec pause = { .tv_sec = WATCH_SECONDS };
	json_t *last = NULL;
	const struct check_opts *o = call->opts;
	struct page page;

	cf_page_open(&page, stdout);
	for (;;) {
		const struct cf_err *err = cf_check(&call->result, call->trust,
			call->arg, call->n, o->evidence);

		if (err && json_array_size(call->result) == 0)
			return err;
		if (!json_equal(call->result, last)) {
			if (last)
				cf_page_line(&page, TONE_STRONG, "---");
			print(&page, call);
		}
		json_decref(last);
		last = call->result;
		call->result = NULL;
		if (fflush(stdout) != 0 || nanosleep(&pause, NULL) != 0)
			break;
	}
	json_decref(last);
	return NULL;
}

static const struct cf_err *
run(struct call *call)
{
	const struct check_opts *o = call->opts;
	const struct cf_err *err = NULL;

	if (o->fix && (o->watch || o->accept || o->evidence))
		return cf_err(CF_USAGE, "--fix stands alone");
	if (o->accept)
		err = accept_all(call, o->accept);
	if (err)
		return err;
	if (o->watch)
		return watch(call);
	if (o->fix)
		return cf_fix(&call->result, call->trust, call->arg, call->n);
	return cf_check(&call->result, call->trust, call->arg, call->n,
		o->evidence);
}

static bool
is_accepted(const json_t *finding)
{
	return cf_has(finding, "accepted");
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
	size_t i, v = 0, n[N_PARTS] = { 0 }, accepted = 0;
	struct cf_buf counts = CF_BUF(512);

	while (v + 1 < sizeof verdicts / sizeof *verdicts &&
		strcmp(cf_get(draft, "verdict"), verdicts[v].verdict) != 0)
		v++;
	json_array_foreach(findings, i, finding) {
		if (is_accepted(finding))
			accepted++;
		else
			n[part_of(finding)]++;
	}
	if (strcmp(cf_get(draft, "verdict"), "unchecked") == 0) {
		cf_page_head(page, verdicts[v].tone, "%s: nothing was checked",
			verdicts[v].words);
		return;
	}
	for (i = 0; i < N_PARTS; i++)
		if (n[i])
			cf_buf_printf(&counts, "%s, ",
				cf_count(n[i], parts[i].noun).text);
	if (accepted)
		cf_buf_printf(&counts, "%zu accepted, ", accepted);
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
	cf_page_text(page, 4, "%s", cf_has(finding, "found") ? found : why);
	free(why);
	free(found);
	free(lead);
	free(path);
}

static void
print_remedy(struct page *page, const json_t *finding)
{
	char *remedy = cf_sentence(cf_get(finding, "remedy"));

	if (cf_has(finding, "found"))
		cf_page_text(page, 4, "%s", cf_get(finding, "why"));
	cf_page_text(page, 4, "Do: %s [%s]", remedy, cf_get(finding, "rule"));
	free(remedy);
}

static bool
same_remedy(const json_t *a, const json_t *b)
{
	return strcmp(cf_get(a, "remedy"), cf_get(b, "remedy")) == 0 &&
		strcmp(cf_get(a, "rule"), cf_get(b, "rule")) == 0;
}

/* How a person says that something may stay. */
static void
print_answer(struct page *page, const json_t *draft, const json_t *finding,
	bool others)
{
	static const struct {
		const char *word, *means;
	} reasons[] = { { "already-public", "it is public already" },
		{ "not-a-person", "it is not about a person" },
		{ "consented", "the person agreed" },
		{ "public-benefit", "the benefit to all is worth it" },
		{ "tool-error", "the check is mistaken" } };
	char *file = cf_shell_word(cf_from_here(cf_get(draft, "file")));
	const char *rule = cf_get(finding, "rule");

	cf_page_gap(page);
	cf_page_text(page, 4, "If what it found does no harm, give the reason. "
		"The reason is published, what was found is not:");
	cf_page_line(page, TONE_PLAIN, "    confer check %s --accept "
		"%s=REASON", file, rule);
	if (others)
		cf_page_text(page, 4, "and so for each rule that stands in [ ] "
			"above,");
	cf_page_text(page, 4, "with one of these for REASON:");
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (i != 1 || rule[0] == 'T')	/* a figure is no name */
			cf_page_line(page, TONE_PLAIN, "      %-14s  %s",
				reasons[i].word, reasons[i].means);
	free(file);
}

#define BY_HAND 2	/* numbers of a table that are put right one by one */

/* Many numbers of tables are put right in one go. */
static void
print_fix(struct page *page, const json_t *draft)
{
	const json_t *findings = cf_get_at(draft, "findings"), *finding;
	char *file;
	size_t i, n = 0;

	json_array_foreach(findings, i, finding)
		n += !is_accepted(finding) && strncmp(cf_get(finding, "rule"),
			"N-", 2) == 0 && strstr(cf_get(finding, "path"),
			"/cells/") != NULL;
	if (n <= BY_HAND || cf_has(draft, "changes"))
		return;
	file = cf_shell_word(cf_from_here(cf_get(draft, "file")));
	cf_page_gap(page);
	cf_page_text(page, 0, "The numbers in tables can be put right all at "
		"once, in a copy beside the draft: confer check --fix %s", file);
	free(file);
}

/* What is to be done is said once for neighbours that need the same. */
static void
print_findings(struct page *page, const json_t *draft)
{
	const json_t *findings = cf_get_at(draft, "findings"), *finding;
	size_t i, number = 1;

	for (size_t part = 0; part < N_PARTS; part++) {
		const json_t *last = NULL;
		size_t rules = 0;

		json_array_foreach(findings, i, finding) {
			if (part_of(finding) != part || is_accepted(finding))
				continue;
			if (last == NULL) {
				cf_page_gap(page);
				cf_page_head(page, TONE_STRONG, "%s",
					parts[part].title);
			} else if (!same_remedy(last, finding)) {
				print_remedy(page, last);
			}
			print_finding(page, finding, number++);
			rules += last == NULL || strcmp(cf_get(last, "rule"),
				cf_get(finding, "rule")) != 0;
			last = finding;
		}
		if (last)
			print_remedy(page, last);
		if (last && strcmp(parts[part].severity, "waivable") == 0)
			print_answer(page, draft, last, rules > 1);
	}
}

/* What the trust has looked at, and its reasons. */
static void
print_accepted(struct page *page, const json_t *draft)
{
	const json_t *findings = cf_get_at(draft, "findings"), *finding;
	bool any = false;
	size_t i;

	json_array_foreach(findings, i, finding) {
		if (!is_accepted(finding))
			continue;
		if (!any) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "Accepted, with a "
				"reason that is published");
		}
		any = true;
		cf_page_entry(page, 1, 3, TONE_PLAIN, "- ", "%s: %s; "
			"%s [%s]", cf_get(finding, "place"),
			cf_get(finding, "found"), cf_get(finding, "accepted"),
			cf_get(finding, "rule"));
	}
}

/* What --fix would write. */
static void
print_changes(struct page *page, const json_t *draft)
{
	const json_t *changes = cf_get_at(draft, "changes"), *change;
	const char *proposed = cf_get(draft, "proposed");
	char *from, *to;
	size_t i;

	if (changes == NULL)
		return;
	cf_page_gap(page);
	if (json_array_size(changes) == 0) {
		cf_page_text(page, 0, "There is nothing in it that a rule can "
			"mend by itself.");
		return;
	}
	cf_page_head(page, TONE_STRONG, "Changed in the copy %s",
		cf_from_here(proposed));
	json_array_foreach(changes, i, change) {
		char *before = cf_sentence(cf_get(change, "before"));

		cf_page_entry(page, 1, 3, TONE_STRONG, "- ", "%s",
			cf_get(change, "place"));
		cf_page_text(page, 4, "%s", before);
		cf_page_text(page, 4, "Now: %s [%s]", cf_get(change,
			"after")[0] ? cf_get(change, "after") : "nothing",
			cf_get(change, "rule"));
		free(before);
	}
	from = cf_shell_word(cf_from_here(proposed));
	to = cf_shell_word(cf_from_here(cf_get(draft, "file")));
	cf_page_text(page, 0, "Read the copy through. If it is right, put it "
		"in the place of the draft; the draft is as it was.");
	cf_page_line(page, TONE_PLAIN, "  mv %s %s", from, to);
	free(from);
	free(to);
}

static bool
same_reason(const json_t *a, const json_t *b)
{
	return b && strcmp(cf_get(a, "reason"), cf_get(b, "reason")) == 0;
}

/* The heading names the file already. */
static const char *
past_file(const json_t *draft, const char *reason)
{
	const char *file = cf_get(draft, "file");
	size_t n = strlen(file);

	return n && strncmp(reason, file, n) == 0 && strncmp(reason + n, ": ",
		2) == 0 ? reason + n + 2 : reason;
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
		char *reason = cf_sentence(past_file(draft, cf_get(one,
			"reason")));

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

	if (json_array_size(call->result) == 0)
		cf_page_text(page, 0, "Every draft here is published. 'confer "
			"new' lists what you can begin.");
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
		print_fix(page, draft);
		print_accepted(page, draft);
		print_not_run(page, draft);
		cf_page_similar(page, 0, cf_get_at(draft, "similar"));
		print_changes(page, draft);
	}
	cf_page_gap(page);
	if (i > 1 && (ready < i || i > MANY))
		cf_page_text(page, 0, "%zu of %s ready.", ready,
			cf_count(i, "draft").text);
	if (i && ready == i && cf_get_at(json_array_get(call->result, 0),
		"changes") == NULL)
		print_next(page, call->result);
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[FILE...]",
	.help = "see whether drafts are safe to publish",
	.about = "Looks in drafts (without FILE: those in drafts/ that are not "
		"published) for what is missing, and for what could point to a "
		"child, a colleague or a school. Nothing leaves this machine. "
		"The answer is Ready, Needs a decision, Not safe to publish, or "
		"Could not check; for each finding it says what, where, why it "
		"matters and what to do, and never shows again what was found. "
		"'confer rules' lists what it looks for. No program finds "
		"everything: read the draft yourself as well.",
	.opts = opts,
	.size = sizeof(struct check_opts),
	.max = CMD_ANY,
	.flags = CMD_MAY_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
