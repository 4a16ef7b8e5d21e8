/*
 * confer sync: what partners have, taken in; one line for each of them, what is
 * new, and what needs a person.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/relayed.h"
#include "cli/verdict.h"

#define SHOWN 40	/* new records; more would push the rest off the screen */
#define SENTENCE 4096	/* bytes of what is said about one partner */
#define HELD_SHOWN 3u	/* sentences about one partner */

struct sync_opts {
	unsigned jobs;
};

static const struct opt opts[] = {
	{ "jobs", 'j', OPT_NUMBER, offsetof(struct sync_opts, jobs), "N",
		"ask so many partners at a time", .max = CF_SYNC_JOBS_MAX },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct sync_opts *o = call->opts;

	return cf_sync(&call->result, call->trust, call->arg, call->n,
		o->jobs);
}

/* "3 findings and 1 project" */
static void
say_new(struct cf_buf *out, const json_t *partner)
{
	json_t *kinds = cf_get_at(partner, "new"), *count;
	size_t i = 0, n = json_object_size(kinds);
	const char *kind;

	json_object_foreach(kinds, kind, count) {
		cf_join(out, i++, n, cf_count((unsigned long long)
			json_integer_value(count), kind).text);
	}
}

static void
say_updated(struct cf_buf *out, const json_t *partner)
{
	unsigned long long versions = cf_get_number(partner, "versions");

	say_new(out, partner);
	/* What was made again is no news. */
	if (cf_get_at(partner, "restart"))
		return;
	if (out->len == 0 && (versions || cf_get_size(partner, "changes") == 0))
		cf_buf_puts(out, versions ? cf_count(versions, "change").text :
			"a sign of life, nothing to read");
}

static void
say_stale(struct cf_buf *out, const json_t *partner)
{
	cf_buf_printf(out, "they have signed nothing since %s, which is "
		"longer than they meant to. Ask them to run 'confer publish'",
		cf_date(cf_get(partner, "signed")).text);
}

/* Nothing is wrong with such a record: it is ours to do something. */
static bool
needs_newer(const json_t *held)
{
	const char *rule = cf_get(held, "rule");

	return strcmp(rule, "kind.unknown") == 0 ||
		strcmp(rule, "schema.newer") == 0;
}

static unsigned long long
count_newer(const json_t *partner)
{
	json_t *held = cf_get_at(partner, "held"), *one;
	unsigned long long n = 0;
	size_t i;

	json_array_foreach(held, i, one) {
		n += needs_newer(one);
	}
	return n;
}

static void
say_held(struct cf_buf *out, const json_t *partner)
{
	unsigned long long newer = count_newer(partner);
	unsigned long long n = cf_get_size(partner, "held") - newer;

	say_new(out, partner);
	if (cf_get_true(cf_get_at(partner, "restart"), "waits")) {
		cf_buf_printf(out, "%sthey began their history again, and that "
			"waits for you. What stood before still stands",
			out->len ? " came in, and " : "");
		return;
	}
	if (out->len)
		cf_buf_puts(out, " came in, and ");
	if (n)
		cf_buf_printf(out, "%s %s for them to mend",
			cf_count(n, "record").text, n == 1 ? "waits" : "wait");
	if (newer)
		cf_buf_printf(out, "%s%s %s a newer Confer here", n ?
			", and " : "", cf_count(newer, "record").text,
			newer == 1 ? "needs" : "need");
	cf_buf_puts(out, "; what stood before still stands");
}

static void
say_refused(struct cf_buf *out, const json_t *partner)
{
	const json_t *refusal = cf_get_at(partner, "refusal");

	cf_buf_puts(out, cf_get(refusal, "detail"));
	if (cf_has(refusal, "advice"))
		cf_buf_printf(out, "%s %s", cf_ends(out->data, ".") ? "" : ".",
			cf_get(refusal, "advice"));
}

/* What is different about the trust itself: its keys, its name. */
static void
print_changes(struct page *page, const json_t *partner)
{
	json_t *changes = cf_get_at(partner, "changes"), *sentence;
	size_t i;

	json_array_foreach(changes, i, sentence) {
		cf_page_text(page, 4, "%s.", json_string_value(sentence));
	}
}

/* The first is the address that is set; what went wrong there is told unless the
 * line about the partner says it already, or it did answer. */
static bool
is_told(const json_t *partner, const json_t *source, size_t i)
{
	const char *verdict = cf_get(partner, "verdict");

	return i == 0 && (strcmp(verdict, "unreachable") == 0 ||
		strcmp(verdict, "refused") == 0 ||
		strcmp(cf_get(source, "verdict"), "same") == 0);
}

static void
print_address(struct page *page, const json_t *source, size_t i)
{
	const char *verdict = cf_get(source, "verdict");
	const char *url = cf_get(source, "url");

	if (i > 0 && (strcmp(verdict, "taken") == 0 ||
		strcmp(verdict, "same") == 0))
		cf_page_text(page, 4, "%s, which they name as theirs too, did "
			"answer. To ask there from now on: confer partner add "
			"%s", url, url);
	else
		cf_page_text(page, 4, "Passed over %s: %s.", url,
			cf_get(source, "detail"));
}

static void
print_copy(struct page *page, const json_t *partner, const json_t *source)
{
	const char *verdict = cf_get(source, "verdict");
	const char *relay = cf_get(source, "name");
	const char *title = cf_get(partner, "title");

	if (strcmp(verdict, "taken") == 0)
		cf_page_text(page, 4, "It came from the copy at the host of "
			"%s. Every signature in it is that of %s.", relay,
			title);
	else if (strcmp(verdict, "same") == 0)
		cf_page_text(page, 4, "The copy at the host of %s has nothing "
			"newer.", relay);
	else if (strcmp(verdict, "behind") == 0)
		cf_page_text(page, 4, "Passed over the copy at the host of %s: "
			"it is older than what you have.", relay);
	else if (strcmp(verdict, "unreachable") == 0)
		cf_page_text(page, 4, "The copy at the host of %s could not be "
			"had: %s.", relay, cf_get(source, "detail"));
	else
		cf_page_text(page, 4, "Passed over the copy at the host of %s "
			"(%s): %s. Tell %s; it says nothing about %s.", relay,
			cf_get(source, "url"), cf_get(source, "detail"), relay,
			title);
}

/* Where else was asked, when their address did not do, or showed too little. */
static void
print_sources(struct page *page, const json_t *partner)
{
	json_t *list = cf_get_at(partner, "sources"), *source;
	size_t i;

	json_array_foreach(list, i, source) {
		if (cf_has(source, "trust"))
			print_copy(page, partner, source);
		else if (!is_told(partner, source, i))
			print_address(page, source, i);
	}
}

/* A sentence about each record, for whoever published it. */
static void
print_held(struct page *page, const json_t *partner)
{
	const json_t *held = cf_get_at(partner, "held"), *one;
	unsigned long long newer = count_newer(partner);
	size_t i, shown = 0, n = json_array_size(held) - newer;

	if (newer)
		cf_page_text(page, 4, "They use a newer Confer than you do. "
			"Have yours brought up to date, and then: confer sync");
	json_array_foreach(held, i, one) {
		const char *title = cf_get(one, "title");

		if (needs_newer(one))
			continue;
		if (shown++ == HELD_SHOWN)
			break;
		cf_page_text(page, 4, "To send on: your record %s%s%s%s is held "
			"back by those who follow you, and what stood before "
			"still stands: %s [%s]. 'confer check' on your computer "
			"says what to change; then publish it again.",
			cf_get(one, "id"), title[0] ? " ('" : "", title,
			title[0] ? "')" : "", cf_get(one, "why"),
			cf_get(one, "rule"));
	}
	if (n > HELD_SHOWN)
		cf_page_text(page, 4, "The others: confer status");
}

static void
print_partner(struct page *page, const json_t *partner)
{
	struct cf_buf text = CF_BUF(SENTENCE);
	const char *name = cf_get(partner, "verdict");
	const json_t *refusal = cf_get_at(partner, "refusal");
	struct verdict verdict = cf_verdict(name);
	char *lead;

	if (strcmp(name, "updated") == 0)
		say_updated(&text, partner);
	else if (strcmp(name, "stale") == 0)
		say_stale(&text, partner);
	else if (strcmp(name, "held") == 0)
		say_held(&text, partner);
	else if (strcmp(name, "refused") == 0)
		say_refused(&text, partner);
	else
		cf_buf_puts(&text, cf_get(partner, "error"));
	lead = cf_asprintf("%s: %s%s", cf_has(partner, "title") ?
		cf_get(partner, "title") : cf_get(partner, "name"),
		verdict.word, text.len ? ":" : "");
	cf_page_entry(page, 0, 4, verdict.tone, lead, "%s", text.data);
	print_changes(page, partner);
	print_held(page, partner);
	print_sources(page, partner);
	if (cf_has(refusal, "report"))
		cf_page_text(page, 4, "A report that you can send them: %s",
			cf_get(refusal, "report"));
	free(lead);
	cf_buf_clear(&text);
}

static void
print_new(struct page *page, const json_t *result)
{
	const json_t *list = cf_get_at(result, "new"), *record;
	struct rows rows = CF_ROWS(4);
	size_t i;

	if (json_array_size(list) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "New for you");
	json_array_foreach(list, i, record) {
		const char *change = cf_get(record, "change");

		if (i == SHOWN)
			break;
		cf_rows_add(&rows, change);
		cf_rows_add(&rows, cf_get(record, "kind"));
		cf_rows_add(&rows, cf_get(record, "name"));
		cf_rows_add(&rows, cf_get(record, "title"));
	}
	cf_rows_print(&rows, page, 2, false);
	if (json_array_size(list) > SHOWN)
		cf_page_text(page, 2, "and %zu more; 'confer list' shows them",
			json_array_size(list) - SHOWN);
}

static void
print_attention(struct page *page, const json_t *list)
{
	const json_t *sentence;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Needs you");
	json_array_foreach(list, i, sentence) {
		cf_page_entry(page, 2, 2, TONE_PLAIN, "-", "%s",
			json_string_value(sentence));
	}
}

/* Our own host: what other machines of ours did, and what we relay. */
static void
print_own(struct page *page, const json_t *result)
{
	const json_t *own = cf_get_at(result, "own");
	const json_t *relay = cf_get_at(result, "relay");
	const char *verdict = cf_get(own, "verdict");
	char *lead = cf_asprintf("Your own host: %s:",
		cf_verdict(verdict).word);

	if (strcmp(verdict, "updated") == 0)
		cf_page_entry(page, 0, 4, TONE_GOOD, lead,
			"another machine of yours has published (%s); it is "
			"here now, too",
			cf_count(cf_get_number(own, "commits"), "entry").text);
	else if (strcmp(verdict, "waiting") == 0)
		cf_page_entry(page, 0, 4, TONE_WARN, "Your own host:",
			"another machine of yours has published meanwhile. "
			"What you have not sent yet goes on top of it: confer "
			"publish");
	else if (strcmp(verdict, "behind") == 0)
		cf_page_entry(page, 0, 4, TONE_WARN, "Your own host:",
			"it has lost entries that it had. 'confer publish', "
			"without a draft, sends them again");
	else if (cf_has(own, "detail"))
		cf_page_entry(page, 0, 4, cf_verdict(verdict).tone,
			lead, "%s", cf_get(own, "detail"));
	cf_page_relayed(page, relay);
	free(lead);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *partners = cf_get_at(call->result, "partners"), *partner;
	size_t i;

	json_array_foreach(partners, i, partner) {
		print_partner(page, partner);
	}
	if (i == 0)
		cf_page_text(page, 0, "You follow nobody yet. Begin with: "
			"confer partner add URL");
	print_own(page, call->result);
	print_new(page, call->result);
	print_attention(page, cf_get_at(call->result, "attention"));
	cf_page_gap(page);
	cf_page_commons(page, cf_get_at(call->result, "commons"), i != 0);
}

const struct cmd cmd_sync = {
	.name = "sync",
	.args = "[NAME...]",
	.help = "take in what partners have published",
	.about = "Asks all partners (or those named) for what is new, verifies "
		"every signature, and takes in what is sound. One line for "
		"each partner: up to date, updated, stale (not heard of for "
		"too long), held (something of theirs must be mended first, "
		"or waits for you), "
		"refused (it does not verify; what you had stays), or "
		"unreachable. It needs no passphrase and can run by itself.",
	.opts = opts,
	.size = sizeof(struct sync_opts),
	.max = CMD_ANY,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
