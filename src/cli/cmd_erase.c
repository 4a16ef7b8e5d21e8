/*
 * confer erase: a text goes away, everywhere it can; or it is looked for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/renewed.h"

struct erase_opts {
	struct renew_opts renew;
	bool yes, dry_run;
	struct opt_texts check;
	const char *file;
};

static const struct opt opts[] = {
	{ "yes", 'y', OPT_FLAG, offsetof(struct erase_opts, yes), NULL,
		"do not ask: what will happen was read before" },
	{ "dry-run", 'n', OPT_FLAG, offsetof(struct erase_opts, dry_run), NULL,
		"only say what would happen" },
	RENEW_OPTS(struct erase_opts),
	{ "check", 0, OPT_TEXTS, offsetof(struct erase_opts, check), "TEXT",
		"erase nothing: say where this text still is on this machine "
		"(your shell may keep what you type; -f does not)" },
	{ "file", 'f', OPT_TEXT, offsetof(struct erase_opts, file), "FILE",
		"with or without --check: the same for each line of this file, "
		"or (-) of what is typed or piped in" },
	{ NULL }
};

#define BOM "\xef\xbb\xbf"	/* as some editors begin a text */

/* --- looking ------------------------------------------------------------------- */

static const struct cf_err *
read_typed(struct cf_buf *out)
{
	char piece[4096];
	size_t n;

	while (!out->full && (n = fread(piece, 1, sizeof piece, stdin)) != 0)
		cf_buf_add(out, piece, n);
	return ferror(stdin) ? cf_err_sys("cannot read what is typed") :
		cf_buf_check(out, "what is typed");
}

/* One text a line. */
static void
split(struct opt_texts *texts, char *lines)
{
	for (char *end; *lines && texts->n < OPT_TEXTS_MAX; lines = end) {
		size_t n = strcspn(lines, "\n");

		end = lines + n + (lines[n] == '\n');
		lines[n] = '\0';
		if (n && lines[n - 1] == '\r')
			lines[n - 1] = '\0';
		if (lines[0])
			texts->text[texts->n++] = lines;
	}
}

static const struct cf_err *
check(struct call *call)
{
	const struct erase_opts *o = call->opts;
	struct cf_buf lines = CF_BUF(CF_MAX_JSON);
	struct opt_texts texts = o->check;
	const struct cf_err *err = NULL;

	if (call->n || o->yes || o->dry_run || o->renew.sheet)
		return cf_err(CF_USAGE, "--check and -f only look for a text; "
			"leave the rest out");
	if (o->file)
		err = strcmp(o->file, "-") == 0 ? read_typed(&lines) :
			cf_file_read(&lines, o->file, true);
	if (!err && memchr(lines.data, '\0', lines.len))
		err = cf_err(CF_USAGE, "that is no plain text. Save it as plain "
			"text (UTF-8), one text a line");
	if (!err && lines.len) {
		split(&texts, lines.data + (cf_starts(lines.data, BOM) ?
			sizeof BOM - 1 : 0));
		if (texts.n == OPT_TEXTS_MAX)
			err = cf_err(CF_USAGE, "that are more texts than can be "
				"searched for together: give fewer lines");
	}
	if (!err)
		err = cf_erase_check(&call->result, call->trust, texts.text,
			texts.n);
	call->report = true;
	cf_buf_clear(&lines);
	return err;
}

static void
print_find(struct page *page, const json_t *one)
{
	json_t *held = cf_get_at(one, "held");

	if (cf_has(one, "path")) {
		cf_page_text(page, 2, "the file %s", cf_get(one, "path"));
	} else if (cf_has(one, "table")) {
		cf_page_text(page, 2, "the index (%s)", cf_get(one, "table"));
	} else {
		cf_page_text(page, 2, "a %s of the repository, %s%s%s",
			cf_get(one, "type"), cf_get(one, "id"), cf_has(one,
			"record") ? ", of the record " : "", cf_get(one,
			"record"));
		for (size_t i = 0; i < json_array_size(held); i++)
			cf_page_text(page, 6, "%s leads to it", cf_get_text(
				held, i));
		if (held && json_array_size(held) == 0)
			cf_page_text(page, 6, "nothing leads to it: 'confer "
				"compact' removes it");
	}
}

static void
print_check(struct page *page, const json_t *result)
{
	json_t *found = cf_get_at(result, "found"), *one;
	json_t *unread = cf_get_at(result, "unread");
	size_t i;

	if (json_array_size(found) == 0 && json_array_size(unread))
		cf_page_head(page, TONE_WARN, "It was not found, but not "
			"everything could be read.");
	else if (json_array_size(found) == 0)
		cf_page_head(page, TONE_GOOD, "It is nowhere on this machine.");
	else
		cf_page_head(page, TONE_WARN, "It is still here:");
	json_array_foreach(found, i, one) {
		print_find(page, one);
	}
	cf_page_text(page, 0, "Searched: %s, the index, %s. Not searched: "
		"what is sealed (keys, rolls), and everything outside this "
		"repository and its keys.",
		cf_count(cf_get_number(result, "objects"), "object").text,
		cf_count(cf_get_number(result, "files"), "file").text);
	if (json_array_size(unread))
		cf_page_head(page, TONE_WARN, "Could not be read:");
	json_array_foreach(unread, i, one) {
		cf_page_text(page, 2, "%s", json_string_value(one));
	}
}

/* --- erasing ------------------------------------------------------------------- */

static const struct cf_err *
run(struct call *call)
{
	const struct erase_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push };
	const struct cf_erase what = { .ids = call->arg, .n = call->n,
		.yes = o->yes, .dry_run = o->dry_run };

	if (o->check.n || o->file)
		return check(call);
	if (call->n == 0)
		return cf_err(CF_USAGE, "say which record is to be erased "
			"('confer list' shows them), or with --check which "
			"text is to be searched for");
	return cf_erase(&call->result, call->trust, &what, &how);
}

static void
print_held(struct page *page, const json_t *held)
{
	const json_t *one;
	size_t i;

	if (json_array_size(held) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "These still have the text. Look at "
		"each, and let go of it:");
	json_array_foreach(held, i, one) {
		cf_page_text(page, 2, "%s", cf_get(one, "what"));
		cf_page_text(page, 6, "%s", cf_get(one, "remedy"));
	}
}

/* To be sent on as it is. */
static void
print_letter(struct page *page, const json_t *result)
{
	json_t *records = cf_get_at(result, "records"), *one;
	bool owner = false;
	size_t i;

	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Tell your partners:");
	cf_page_text(page, 2, "We have taken back for good what we had "
		"published under the number below. Please run 'confer sync': "
		"your Confer %s, and removes our text from your disk. Please "
		"destroy what you have exported, printed or passed on of it.",
		cf_get_true(result, "alone") ? "follows by itself" : "will ask "
		"you to telephone us, and names the command to type then");
	json_array_foreach(records, i, one) {
		cf_page_text(page, 4, "%s", cf_get(one, "id"));
		owner |= cf_get_size(one, "others") > 0;
	}
	if (owner)
		cf_page_text(page, 2, "Who has written in it: 'confer sync' "
			"names the command that takes that out of your own "
			"history.");
}

/* What others wrote stays until they take it out. */
static bool
print_others(struct page *page, const json_t *result)
{
	json_t *records = cf_get_at(result, "records"), *one, *other;
	struct cf_buf names = CF_BUF(8192);
	bool any = false;
	size_t i, k;

	json_array_foreach(records, i, one) {
		const json_t *others = cf_get_at(one, "others");

		cf_buf_reset(&names);
		json_array_foreach((json_t *)(uintptr_t)others, k, other)
			cf_join(&names, k, json_array_size(others),
				cf_get(other, "name"));
		if (json_array_size(others) == 0)
			continue;
		any = true;
		cf_page_text(page, 0, "What you wrote is out of your history. "
			"What %s wrote in it stays on this machine until they "
			"type 'confer erase %s' and you sync.", names.data,
			cf_get(one, "id"));
	}
	cf_buf_clear(&names);
	return any;
}

static void
print_where(struct page *page, const json_t *result)
{
	if (cf_get_true(result, "done"))
		cf_page_text(page, 0, "Its text is gone from this machine's "
			"repository.");
	else if (cf_has(result, "pushError"))
		cf_page_text(page, 0, "Your host still has the text, and so "
			"has this machine. 'confer publish' tries again, and "
			"goes on from there.");
	else if (cf_has(result, "failed"))
		cf_page_text(page, 0, "The text is still on this machine's "
			"disk, because it could not be removed: %s. When that "
			"is mended: confer compact", cf_get(result, "failed"));
	else if (!print_others(page, result) &&
		cf_get_size(result, "held") == 0)
		cf_page_text(page, 0, "The text leaves this machine's disk "
			"once your host has the new history, and nobody else "
			"reads here: with 'confer publish', or at the next "
			"'confer sync'.");
}

static void
print(struct page *page, const struct call *call)
{
	const struct erase_opts *o = call->opts;
	const json_t *result = call->result, *one;
	json_t *records = cf_get_at(result, "records");
	size_t i, new = 0;

	if (o->check.n || o->file) {
		print_check(page, result);
		return;
	}
	if (o->dry_run) {
		cf_page_prose(page, 0, cf_get(result, "plan"));
		print_held(page, cf_get_at(result, "held"));
		cf_page_gap(page);
		cf_page_text(page, 0, "Nothing was changed.");
		return;
	}
	json_array_foreach(records, i, one) {
		bool already = cf_get_true(one, "already");

		new += !already;
		cf_page_head(page, TONE_GOOD, "Erased%s: %s", already ?
			" before" : "", cf_has(one, "title") ? cf_get(one,
			"title") : cf_get(one, "id"));
	}
	if (cf_get_true(result, "pushed"))
		cf_page_text(page, 0, "Sent to %s.", cf_get(result, "remote"));
	print_where(page, result);
	print_held(page, cf_get_at(result, "held"));
	if (new && cf_get_true(result, "pushed"))
		print_letter(page, result);
	else if (new)
		cf_page_text(page, 0, "Nothing was sent yet, so that partners "
			"do not know. 'confer publish' sends it; then ask them "
			"to run 'confer sync', and to destroy what they have "
			"exported, printed or passed on of it.");
}

const struct cmd cmd_erase = {
	.name = "erase",
	.args = "[ID...]",
	.help = "take a record's text back for good; or say where a text "
		"still is",
	.about = "Puts a mark in the place of the record, makes your history "
		"again from before its text came in, sends that to your host "
		"in the place of the old one, and removes the text from this "
		"machine. Partners follow at their next sync. It cannot be "
		"undone, takes a recovery sheet, and says first what it cannot "
		"reach. Only the trust that created a record can erase it; once "
		"it has, who wrote in it takes that out with the same command. "
		"Cut short at any moment, the same command goes on.",
	.opts = opts,
	.size = sizeof(struct erase_opts),
	.max = CMD_ANY,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
