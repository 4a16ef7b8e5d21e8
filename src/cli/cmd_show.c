/*
 * confer show: one record as people read it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/contested.h"
#include "cli/fields.h"
#include "cli/history.h"
#include "cli/mark.h"

#define LEFT 13u

struct show_opts {
	bool history, blame;
};

static const struct opt opts[] = {
	{ "blame", 0, OPT_FLAG, offsetof(struct show_opts, blame), NULL,
		"show who wrote last what each field says" },
	{ "history", 0, OPT_FLAG, offsetof(struct show_opts, history), NULL,
		"draw every version: who signed it, and what it changed" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct show_opts *o = call->opts;

	return cf_show(&call->result, call->trust, call->arg[0],
		(o->history ? CF_HISTORY : 0) | (o->blame ? CF_BLAME : 0));
}

static bool
is_one_version(const json_t *heads)
{
	const json_t *first = json_array_get(heads, 0), *head;
	size_t i;

	json_array_foreach(heads, i, head) {
		if (strcmp(cf_get(head, "version"), cf_get(first, "version"))
			!= 0)
			return false;
	}
	return true;
}

/* Where no proof counts: what several versions come to has none, and one version
 * has none left where its key was shut out. */
static void
print_unsigned(struct page *page, const json_t *result)
{
	char *text = is_one_version(cf_get_at(result, "heads")) ?
		cf_asprintf("no key that still counts: the one that signed it "
			"was shut out. Ask %s whether it stands",
			cf_get(result, "ownerName")) :
		cf_strdup("several trusts: each signed its own version, this "
			"is what they come to together");

	cf_page_pair(page, 0, LEFT, "Signed by", text);
	free(text);
}

static void
print_signers(struct page *page, const json_t *result)
{
	const json_t *signers = cf_get_at(result, "signers"), *signer;
	size_t i;

	json_array_foreach(signers, i, signer) {
		char *text = cf_asprintf("%s, key %s", cf_get(signer, "name"),
			cf_short_key(cf_get(signer, "key")).text);

		cf_page_pair(page, 0, LEFT, i ? "" : "Signed by", text);
		free(text);
	}
	if (i == 0)
		print_unsigned(page, result);
}

static void
print_stewards(struct page *page, const json_t *result)
{
	const json_t *stewards = cf_get_at(result, "stewards"), *steward;
	struct cf_buf names = CF_BUF(8192);
	size_t i, n = json_array_size(stewards);

	json_array_foreach(stewards, i, steward) {
		cf_join(&names, i, n, cf_get(steward, "name"));
	}
	if (n > 1)
		cf_page_pair(page, 0, LEFT, "Edited by", names.data);
	cf_buf_clear(&names);
}

/* A withdrawn record that somebody went on to edit. */
static void
print_unseen(struct page *page, const json_t *result)
{
	const char *status = cf_get(cf_get_at(result, "record"), "status");
	json_t *unseen = cf_get_at(result, "unseen"), *head;
	size_t i;

	if (strcmp(status, "withdrawn") != 0)
		return;
	json_array_foreach(unseen, i, head) {
		cf_page_entry(page, 0, 2, TONE_WARN, "Edited meanwhile:", "%s "
			"published a change on %s that the withdrawal had not "
			"seen. It is kept, and the record stays withdrawn.",
			cf_get(head, "name"),
			cf_date(cf_get(head, "modified")).text);
	}
}

static void
print_state(struct page *page, const json_t *result)
{
	const json_t *record = cf_get_at(result, "record");
	const json_t *withdrawal = cf_get_at(record, "withdrawal");
	const char *status = cf_get(record, "status");

	cf_page_gap(page);
	if (cf_has(withdrawal, "reason"))
		cf_page_entry(page, 0, 2, TONE_BAD, "Withdrawn:", "%s",
			cf_get(withdrawal, "reason"));
	if (cf_has(withdrawal, "replacement"))
		cf_page_text(page, 2, "In its place: confer show %s",
			cf_get(withdrawal, "replacement"));
	if (strcmp(status, "erased") == 0)
		cf_page_entry(page, 0, 2, TONE_BAD, "Erased:", "its owner has "
			"taken the text back for good.");
	print_unseen(page, result);
	cf_page_incomplete(page, cf_get_at(result, "incomplete"));
	if (cf_get_true(result, "conflict"))
		cf_page_entry(page, 0, 2, TONE_WARN, "In conflict:", "trusts "
			"changed %s of it in different ways, as is said below. "
			"Until that is settled, it shows what was there "
			"before.%s%s", cf_count(cf_get_size(result, "fields"),
			"field").text, cf_get_true(result, "ours") ?
			" To settle it: confer resolve " : "",
			cf_get_true(result, "ours") ? cf_get(record, "id") :
			"");
}

/* What the check found, and its trust lets stand. */
static void
print_waivers(struct page *page, const json_t *record)
{
	const json_t *waivers = cf_get_at(record, "waivers"), *waiver;
	size_t i;

	json_array_foreach(waivers, i, waiver) {
		char *text = cf_asprintf("what %s found in %s: %s",
			cf_get(waiver, "rule"), cf_get(waiver, "section"),
			cf_get(waiver, "reason"));

		cf_page_pair(page, 0, LEFT, i ? "" : "Let stand", text);
		free(text);
	}
}

static void
print_head(struct page *page, const json_t *result)
{
	const json_t *record = cf_get_at(result, "record");
	const char *title = cf_get(cf_get_at(record, "body"), "title");
	char *kind = cf_spaced(cf_get(record, "kind"));

	cf_page_head(page, TONE_STRONG, "%s", title[0] ? title : kind);
	cf_page_gap(page);
	cf_page_pair(page, 0, LEFT, kind, cf_get(record, "id"));
	cf_page_pair(page, 0, LEFT, "State", cf_get(record, "status"));
	cf_page_pair(page, 0, LEFT, "Created by",
		cf_get(result, "ownerName"));
	print_signers(page, result);
	print_stewards(page, result);
	cf_page_pair(page, 0, LEFT, "Changed", cf_date(cf_get(result,
		"modified")).text);
	cf_page_pair(page, 0, LEFT, "Licence", cf_get(record, "licence"));
	if (cf_get_size(result, "heads") == 1)
		cf_page_pair(page, 0, LEFT, "Version", cf_get(json_array_get(
			cf_get_at(result, "heads"), 0), "version"));
	print_waivers(page, record);
	free(kind);
}

/* What each trust says, where they do not agree. */
static void
print_contested(struct page *page, json_t *schema, const json_t *result)
{
	json_t *fields = cf_get_at(result, "fields"), *field;
	size_t i;

	if (json_array_size(fields) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "In conflict");
	json_array_foreach(fields, i, field) {
		cf_page_contested(page, 2, schema, field);
	}
	if (cf_contested_words(fields))
		cf_page_word_marks(page, 2);
}

static void
print(struct page *page, const struct call *call)
{
	static const char *const shown[] = { "title", NULL };
	const json_t *record = cf_get_at(call->result, "record");
	json_t *body = cf_get_at(record, "body");
	json_t *schema = cf_kind_schema(cf_get(record, "kind"));

	print_head(page, call->result);
	print_state(page, call->result);
	cf_page_gap(page);
	cf_page_fields(page, schema, body, shown);
	print_contested(page, schema, call->result);
	cf_page_blame(page, schema, cf_get_at(call->result, "blame"));
	cf_page_history(page, schema, cf_get_at(call->result, "history"));
	json_decref(schema);
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "ID",
	.help = "read one record",
	.about = "Shows a record: what it is, who signed it, and every field "
		"that is filled in. The first 8 characters of the ID are "
		"enough where no other record begins with them.",
	.opts = opts,
	.size = sizeof(struct show_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
