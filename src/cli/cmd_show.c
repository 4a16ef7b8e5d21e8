/*
 * confer show: one record as people read it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/fields.h"

#define LEFT 13u

struct show_opts {
	bool history;
};

static const struct opt opts[] = {
	{ "history", 0, OPT_FLAG, offsetof(struct show_opts, history), NULL,
		"show every version, and who signed it" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct show_opts *o = call->opts;

	return cf_show(&call->result, call->trust, call->arg[0], o->history);
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
		cf_page_pair(page, 0, LEFT, "Signed by", "several trusts: "
			"each signed its own version, this is what they come "
			"to together");
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
	if (cf_get_true(result, "conflict"))
		cf_page_entry(page, 0, 2, TONE_WARN, "In conflict:", "trusts "
			"changed the same field in different ways. Nothing "
			"contested takes effect until one of them settles "
			"it: 'confer new --from %s' begins that.",
			cf_get(cf_get_at(result, "record"), "id"));
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
	free(kind);
}

static void
print_history(struct page *page, const json_t *history)
{
	struct rows rows = CF_ROWS(4);
	const json_t *version;
	size_t i;

	if (!json_is_array(history))
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "History");
	json_array_foreach(history, i, version) {
		bool held = cf_has(version, "held");
		char *state = cf_asprintf("%s%s", held ? "held back: " : "",
			cf_get(version, held ? "why" : "status"));

		cf_rows_add(&rows,
			cf_date_short(cf_get(version, "modified")).text);
		cf_rows_add(&rows, cf_get(version, "name"));
		cf_rows_add(&rows,
			cf_short_key(cf_get(version, "version")).text);
		cf_rows_add(&rows, state);
		free(state);
	}
	cf_rows_print(&rows, page, 2, false);
}

/* The fields of a side that are not as the record shows them. */
static json_t *
differing(const json_t *side, const json_t *record)
{
	json_t *body = cf_get_at(side, "body"), *out = json_object(), *value;
	const char *name;

	json_object_foreach(body, name, value) {
		if (!json_equal(value, json_object_get(cf_get_at(record,
			"body"), name)))
			json_object_set(out, name, value);
	}
	return out;
}

/* What each trust says, where they do not agree. */
static void
print_sides(struct page *page, json_t *schema, const json_t *result)
{
	static const char *const none[] = { NULL };
	const json_t *record = cf_get_at(result, "record"), *side;
	size_t i;

	if (!cf_get_true(result, "conflict"))
		return;
	json_array_foreach(cf_get_at(result, "heads"), i, side) {
		json_t *fields = differing(side, record);

		cf_page_gap(page);
		cf_page_head(page, TONE_STRONG, "%s, %s", cf_get(side, "name"),
			cf_date(cf_get(side, "modified")).text);
		if (json_object_size(fields))
			cf_page_fields(page, schema, fields, none);
		else
			cf_page_text(page, 0, "Every field as above.");
		json_decref(fields);
	}
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
	print_sides(page, schema, call->result);
	print_history(page, cf_get_at(call->result, "history"));
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
