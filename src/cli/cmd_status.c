/*
 * confer status: where we stand, and what to type next. Nothing is fetched.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/mark.h"
#include "cli/verdict.h"

#define LEFT 14u
#define SOON (3 * 86400)	/* a heartbeat that is due in three days */

static const struct cf_err *
run(struct call *call)
{
	return cf_status(&call->result, call->trust);
}

/* What our own host said last, and that it is another by now. */
static void
print_host(struct page *page, const json_t *s, int64_t now)
{
	const json_t *host = cf_get_at(s, "host");
	const char *verdict = cf_get(host, "verdict");
	char *text;

	if (host && strcmp(verdict, "waiting") == 0)
		cf_page_pair(page, 0, LEFT, "Your host", "another machine of "
			"yours has published; 'confer publish' puts what is "
			"not sent on top of it");
	else if (cf_has(host, "message")) {
		text = cf_asprintf("asked %s: %s", cf_when(cf_get(host,
			"tried"), now).text, cf_get(host, "message"));
		cf_page_pair(page, 0, LEFT, "Your host", text);
		free(text);
	}
	if (cf_has(s, "moved")) {
		text = cf_asprintf("your identity says that you publish at %s. "
			"On this machine, too: confer id --set host=%s",
			cf_get(s, "moved"), cf_get(s, "moved"));
		cf_page_pair(page, 0, LEFT, "Moved", text);
		free(text);
	}
}

static void
print_own(struct page *page, const json_t *s, int64_t now)
{
	unsigned long long unpushed = cf_get_number(s, "unpushed");
	size_t drafts = cf_get_size(s, "drafts");
	const json_t *beat = cf_get_at(s, "heartbeat");
	const char *verdict = cf_get(cf_get_at(s, "host"), "verdict");
	char *text;

	cf_page_pair(page, 0, LEFT, "Drafts", drafts ?
		cf_count(drafts, "draft").text : "none");
	if (!cf_has(s, "remote"))
		text = cf_strdup("no remote is set: nothing leaves this "
			"machine");
	else if (unpushed)
		text = cf_asprintf("%s not sent to %s yet", cf_count(unpushed,
			"signed change").text, cf_get(s, "remote"));
	else if (strcmp(verdict, "behind") == 0)
		text = cf_asprintf("all was sent, but %s has lost some of it",
			cf_get(s, "remote"));
	else if (strcmp(verdict, "refused") == 0)
		text = cf_asprintf("what is at %s is not what you sent",
			cf_get(s, "remote"));
	else
		text = cf_asprintf("all sent to %s", cf_get(s, "remote"));
	cf_page_pair(page, 0, LEFT, "Published", text);
	free(text);
	print_host(page, s, now);
	if (cf_get_true(s, "relay"))
		cf_page_pair(page, 0, LEFT, "Relay", "your host also carries "
			"copies of what your partners published");
	if (cf_has(beat, "due")) {
		text = cf_asprintf("%s %s; publishing anything renews it",
			cf_get_true(beat, "overdue") ? "was due" : "due",
			cf_when(cf_get(beat, "due"), now).text);
		cf_page_pair(page, 0, LEFT, "Sign of life", text);
		free(text);
	}
	if (cf_get_true(s, "waiting"))
		cf_page_pair(page, 0, LEFT, "Key", "waiting to be let in: this "
			"machine can read, but not publish yet");
	else if (!cf_get_true(s, "machine"))
		cf_page_pair(page, 0, LEFT, "Key", "none that may publish is "
			"here: if it was moved, set CONFER_HOME to its folder; "
			"else 'confer key rotate' makes one, with a recovery "
			"sheet");
}

/* "up to date, asked yesterday"; what was new then is not any more. */
static char *
standing(const json_t *partner, int64_t now)
{
	const char *verdict = cf_get(partner, "verdict");
	const char *synced = cf_get(partner, "synced");

	if (strcmp(verdict, "updated") == 0)
		verdict = "up-to-date";
	return synced[0] ? cf_asprintf("%s, asked %s",
		cf_verdict(verdict).word, cf_when(synced, now).text) :
		cf_strdup("not asked yet");
}

static void
print_partners(struct page *page, const json_t *partners, int64_t now)
{
	struct rows rows = CF_ROWS(3);
	const json_t *partner;
	size_t i;

	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Partners");
	if (json_array_size(partners) == 0)
		cf_page_text(page, 2, "You follow nobody yet.");
	json_array_foreach(partners, i, partner) {
		char *stand = standing(partner, now);

		cf_rows_add(&rows, cf_get(partner, "name"));
		cf_rows_add(&rows, cf_get(partner, "title"));
		cf_rows_add(&rows, stand);
		free(stand);
	}
	cf_rows_print(&rows, page, 2, false);
	json_array_foreach(partners, i, partner) {
		const char *title = cf_get(partner, "title");
		const char *message = cf_get(partner, "message");
		char *lead = cf_asprintf("%s:", title);

		if (cf_starts(message, title))
			cf_page_entry(page, 2, 2, TONE_WARN, "-", "%s",
				message);
		else if (message[0])
			cf_page_entry(page, 2, 2, TONE_WARN, lead, "%s",
				message);
		free(lead);
	}
}

static void
print_conflicts(struct page *page, const json_t *conflicts)
{
	struct rows rows = CF_ROWS(3);
	const json_t *record;
	size_t i;

	if (json_array_size(conflicts) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Changed by several trusts in different "
		"ways");
	json_array_foreach(conflicts, i, record) {
		cf_rows_add(&rows, cf_get(record, "id"));
		cf_rows_add(&rows, cf_get_true(record, "ours") ?
			"yours to settle" : "for others to settle");
		cf_rows_add(&rows, cf_get(record, "title"));
	}
	cf_rows_print(&rows, page, 2, false);
}

static void
print_incomplete(struct page *page, const json_t *incomplete)
{
	const json_t *record;
	size_t i;

	if (json_array_size(incomplete) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Not all of it is here");
	json_array_foreach(incomplete, i, record) {
		cf_page_text(page, 2, "%s", cf_get(record, "title"));
		cf_page_incomplete(page, cf_get_at(record, "stewards"));
	}
}

static void
print_ownerless(struct page *page, const json_t *records)
{
	const json_t *record;
	size_t i;

	if (json_array_size(records) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Waits for an owner whom you do not "
		"follow");
	json_array_foreach(records, i, record) {
		char *lead = cf_asprintf("%s:", cf_get(record, "title"));

		cf_page_entry(page, 2, 2, TONE_PLAIN, lead, "%s has a version; "
			"ask which trust owns it, and add that: confer partner "
			"add", json_string_value(json_array_get(cf_get_at(record,
			"from"), 0)));
		free(lead);
	}
}

/* The local name of a partner, by trust id. */
static const char *
name_of(const json_t *partners, const char *trust)
{
	const json_t *partner;
	size_t i;

	json_array_foreach(partners, i, partner) {
		if (strcmp(cf_get(partner, "trust"), trust) == 0)
			return cf_get(partner, "title");
	}
	return trust;
}

static void
print_held(struct page *page, const json_t *s)
{
	const json_t *held = cf_get_at(s, "held"), *one;
	size_t i;

	if (json_array_size(held) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Held back for now");
	json_array_foreach(held, i, one) {
		char *lead = cf_asprintf("%s:", name_of(cf_get_at(s,
			"partners"), cf_get(one, "trust")));

		cf_page_entry(page, 2, 2, TONE_PLAIN, lead, "%s [%s, %s]",
			cf_get(one, "why"), cf_get(one, "rule"),
			cf_get(one, "id"));
		free(lead);
	}
}

/* Whether a partner was not asked today, or could not be reached. One that was
 * refused, or waits for a yes, is not mended by asking again. */
static bool
should_sync(const json_t *partners, int64_t now)
{
	char today[CF_TIME_TEXT];
	const json_t *partner;
	size_t i;

	cf_time_format(today, now);
	json_array_foreach(partners, i, partner) {
		const char *verdict = cf_get(partner, "verdict");

		if (strcmp(verdict, "refused") == 0)
			continue;
		if (strncmp(cf_get(partner, "synced"), today, 10) != 0 ||
			strcmp(verdict, "unreachable") == 0)
			return true;
	}
	return false;
}

/* Whether it began its history again, and nobody has said yes to that. */
static bool
waits(const json_t *partner)
{
	return strcmp(cf_get(partner, "verdict"), "held") == 0 &&
		cf_has(partner, "message");
}

static const json_t *
first_to_call(const json_t *partners)
{
	const json_t *partner;
	size_t i;

	json_array_foreach(partners, i, partner) {
		if (strcmp(cf_get(partner, "verdict"), "refused") == 0 ||
			waits(partner))
			return partner;
	}
	return NULL;
}

static bool
heartbeat_is_due(const json_t *s, int64_t now)
{
	const char *due = cf_get(cf_get_at(s, "heartbeat"), "due");
	int64_t when;

	return cf_time_parse(&when, cf_str(due)) && when < now + SOON;
}

static const json_t *
first_of_ours(const json_t *conflicts)
{
	const json_t *record;
	size_t i;

	json_array_foreach(conflicts, i, record) {
		if (cf_get_true(record, "ours"))
			return record;
	}
	return NULL;
}

struct next {
	const char *what, *why;
	char *made;		/* what `what` points to, or NULL */
};

/* What cannot wait: somebody else may be at work at a host. */
static bool
urgent(struct next *out, const json_t *s)
{
	const json_t *partner = first_to_call(cf_get_at(s, "partners"));
	const json_t *host = cf_get_at(s, "host");
	const char *verdict = cf_get(host, "verdict");
	const char *rule = cf_get(host, "rule");

	if (strcmp(verdict, "refused") == 0 && (strcmp(rule, "host.not-empty")
		== 0 || strcmp(rule, "history.other-trust") == 0)) {
		out->what = "confer id --set host=URL";
		out->why = "with the address of an empty repository of your "
			"own; or have that one emptied";
	} else if (strcmp(verdict, "refused") == 0) {
		out->what = "change the password, token or ssh key with which "
			"you log in at your host";
		out->why = "then 'confer publish --restore' puts your own back";
	} else if (strcmp(verdict, "behind") == 0) {
		out->what = "confer publish";
		out->why = "without a draft, to send again what your host has "
			"lost";
	} else if (partner) {
		out->made = cf_asprintf("telephone %s, at a number that you "
			"know", cf_get(partner, "title"));
		out->what = out->made;
		out->why = waits(partner) ? "and ask whether they began their "
			"history again; if it was them, type what stands above"
			: "and read to them what stands above; what you have "
			"of them stays as it was";
	}
	return out->what != NULL;
}

static void
usual(struct next *out, const json_t *s, int64_t now)
{
	const char *verdict = cf_get(cf_get_at(s, "host"), "verdict");
	const json_t *conflict = first_of_ours(cf_get_at(s, "conflicts"));

	if (conflict) {
		out->made = cf_asprintf("confer resolve %s",
			cf_get(conflict, "id"));
		out->what = out->made;
		out->why = "to see what each trust says, and settle it";
	} else if (cf_has(s, "moved")) {
		out->made = cf_asprintf("confer id --set host=%s",
			cf_get(s, "moved"));
		out->what = out->made;
		out->why = "where your trust publishes now";
	} else if (cf_get_size(s, "drafts")) {
		out->what = "confer check";
		out->why = "to see whether your drafts are safe to publish";
	} else if (cf_has(s, "remote") && (cf_get_number(s, "unpushed") ||
		strcmp(verdict, "waiting") == 0)) {
		out->what = "confer publish";
		out->why = "to send what is signed";
	} else if (heartbeat_is_due(s, now)) {
		out->what = "confer publish";
		out->why = "to renew your sign of life";
	} else if (cf_get_size(s, "partners") == 0) {
		out->what = "confer partner add URL";
		out->why = "to follow another trust";
	} else if (should_sync(cf_get_at(s, "partners"), now)) {
		out->what = "confer sync";
		out->why = "to see what partners have published";
	} else {
		out->what = "confer new";
		out->why = "to write down what your schools tried or found";
	}
}

/* The one thing that is worth doing now. */
static void
print_next(struct page *page, const json_t *s, int64_t now)
{
	struct next next = { 0 };

	cf_page_gap(page);
	if (cf_get_true(s, "waiting")) {
		cf_page_text(page, 0, "Next: with a recovery sheet at hand, on "
			"a machine that publishes (or here, if there is none "
			"any more), type the line below; then 'confer sync' "
			"here.");
		cf_page_line(page, TONE_STRONG, "  confer key add %s "
			"--number %s", cf_get(s, "key"), cf_get(s,
			"keyNumber"));
		return;
	}
	if (!urgent(&next, s))
		usual(&next, s, now);
	cf_page_entry(page, 0, 6, TONE_STRONG, "Next:", "%s, %s", next.what,
		next.why);
	free(next.made);
}

static void
print_splits(struct page *page, const json_t *splits)
{
	const json_t *split;
	size_t i;

	if (json_array_size(splits) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_BAD, "Different histories");
	json_array_foreach(splits, i, split) {
		char *lead = cf_asprintf("%s:", cf_get(split, "title"));

		cf_page_entry(page, 2, 2, TONE_PLAIN, lead, "signed two "
			"entries number %llu. Telephone them; once it is "
			"settled, remove the proof, %s",
			cf_get_number(split, "sequence"), cf_get(split,
			"proof"));
		free(lead);
	}
}

static void
print_erasures(struct page *page, const json_t *erasures)
{
	const json_t *sentence;
	size_t i;

	if (json_array_size(erasures) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Erased records");
	json_array_foreach(erasures, i, sentence) {
		cf_page_entry(page, 2, 2, TONE_PLAIN, "-", "%s",
			json_string_value(sentence));
	}
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *s = call->result;
	int64_t now = cf_now();

	cf_page_head(page, TONE_STRONG, "%s", cf_get(s, "name"));
	print_own(page, s, now);
	print_partners(page, cf_get_at(s, "partners"), now);
	print_conflicts(page, cf_get_at(s, "conflicts"));
	print_incomplete(page, cf_get_at(s, "incomplete"));
	print_ownerless(page, cf_get_at(s, "ownerless"));
	print_held(page, s);
	print_splits(page, cf_get_at(s, "splits"));
	print_erasures(page, cf_get_at(s, "erasures"));
	cf_page_gap(page);
	cf_page_commons(page, cf_get_at(s, "commons"),
		cf_get_size(s, "partners") != 0);
	print_next(page, s, now);
}

const struct cmd cmd_status = {
	.name = "status",
	.help = "show where you stand and what to do next",
	.about = "Shows what waits here: drafts, signed changes that are not "
		"sent, partners to ask, conflicts, records held back. Nothing "
		"is fetched or changed. The last line is the command to type "
		"next.",
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
