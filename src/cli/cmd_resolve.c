/*
 * confer resolve: settle what trusts changed in different ways.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/choose.h"
#include "cli/contested.h"
#include "cli/editor.h"
#include "cli/fields.h"
#include "cli/label.h"
#include "cli/mark.h"
#include "cli/published.h"

struct resolve_opts {
	struct opt_texts takes, sets;
	bool edit, dry_run, incomplete, no_push;
};

static const struct opt opts[] = {
	{ "take", 0, OPT_TEXTS, offsetof(struct resolve_opts, takes),
		"FIELD=TRUST", "let a field be as this trust has it, or as it "
		"was 'before'" },
	{ "set", 0, OPT_TEXTS, offsetof(struct resolve_opts, sets),
		"FIELD=JSON", "let a field be this value" },
	{ "edit", 0, OPT_FLAG, offsetof(struct resolve_opts, edit), NULL,
		"write the whole version in your editor ($EDITOR)" },
	{ "dry-run", 'n', OPT_FLAG, offsetof(struct resolve_opts, dry_run),
		NULL, "show the version that would be published, and write "
		"nothing" },
	{ "incomplete", 0, OPT_FLAG, offsetof(struct resolve_opts, incomplete),
		NULL, "go on although versions of other stewards may be "
		"missing" },
	{ "no-push", 0, OPT_FLAG, offsetof(struct resolve_opts, no_push), NULL,
		"sign, but do not send anything yet" },
	{ NULL }
};

static bool
is_file(const char *what)
{
	return strchr(what, '/') || cf_ends(what, ".json");
}

/* What there is to decide, as cf_conflicts says it. */
static const struct cf_err *
read_conflict(json_t **out, const struct call *call)
{
	struct cf_resolve ask = { .file = call->arg[0], .dry_run = true,
		.incomplete = true };
	const struct cf_err *err;
	json_t *all = NULL;

	*out = NULL;
	if (is_file(call->arg[0])) {
		err = cf_resolve(&all, call->trust, &ask);
		if (all && cf_get_size(all, "conflicts"))
			*out = json_incref(json_array_get(cf_get_at(all,
				"conflicts"), 0));
	} else {
		err = cf_conflicts(&all, call->trust, call->arg[0]);
		if (json_array_size(all))
			*out = json_incref(json_array_get(all, 0));
	}
	json_decref(all);
	if (*out || (err && err->code == CF_DECIDE))
		return *out ? NULL : err;
	return err ? err : cf_err(CF_EXISTS, is_file(call->arg[0]) ?
		"nothing contradicts this draft; publish it: confer publish %s"
		: "there is no conflict in the record %s", call->arg[0]);
}

static const struct cf_err *
same_bytes(bool *same, const char *path, const struct cf_buf *before)
{
	struct cf_buf now = CF_BUF(4 * CF_MAX_RECORD);
	const struct cf_err *err = cf_file_read(&now, path, true);

	*same = !err && now.len == before->len &&
		memcmp(now.data, before->data, now.len) == 0;
	cf_buf_clear(&now);
	return err;
}

/* The draft stays where something is wrong with it, to be mended; where nothing
 * was written, nothing stays. */
static const struct cf_err *
edit_draft(struct call *call, const json_t *draft)
{
	const char *path = cf_get(draft, "file");
	const struct resolve_opts *o = call->opts;
	const char *const files[] = { path };
	struct cf_publish what = { .files = files, .n = 1,
		.no_push = o->no_push, .incomplete = o->incomplete };
	struct cf_buf before = CF_BUF(4 * CF_MAX_RECORD);
	const struct cf_err *err = cf_file_read(&before, path, true), *failed;
	bool same = false;

	if (err)
		return err;
	failed = cf_edit_file(call->person, path);
	err = same_bytes(&same, path, &before);
	cf_buf_clear(&before);
	if (!err && same) {
		(void)unlink(path);
		(void)unlink(cf_get(draft, "guide"));
		err = cf_err(CF_CANCELLED, "you changed nothing, so nothing was "
			"published");
	}
	if (failed)
		return same ? failed : cf_err(failed->code, "%s. What was typed "
			"is in %s", failed->msg, cf_from_here(path));
	if (!err)
		err = cf_publish(&call->result, call->trust, &what);
	return err;
}

static const struct cf_err *
run_editor(struct call *call)
{
	const struct resolve_opts *o = call->opts;
	const struct cf_err *err;
	json_t *draft = NULL;

	if (o->takes.n || o->sets.n || o->dry_run)
		return cf_err(CF_USAGE, "--edit goes alone: with it, you write "
			"every field yourself");
	if (is_file(call->arg[0]))
		return cf_err(CF_USAGE, "--edit is for a record: give its id");
	err = cf_new_settling(&draft, call->trust, call->arg[0]);
	if (!err)
		err = edit_draft(call, draft);
	json_decref(draft);
	return err;
}

static const struct cf_err *
run(struct call *call)
{
	const struct resolve_opts *o = call->opts;
	struct cf_resolve what = { .dry_run = o->dry_run,
		.no_push = o->no_push, .incomplete = o->incomplete };
	struct choices choices = { 0 };
	json_t *record = NULL;
	const struct cf_err *err;

	call->report = o->dry_run;
	if (o->edit)
		return run_editor(call);
	err = read_conflict(&record, call);
	if (!err && (o->takes.n || o->sets.n))
		err = cf_choices_read(&choices, record, &o->takes, &o->sets);
	else if (!err && call->ui->confirm)
		err = cf_choices_ask(&choices, call, record, !o->dry_run);
	if (is_file(call->arg[0]))
		what.file = call->arg[0];
	else
		what.id = call->arg[0];
	what.choices = choices.choice;
	what.n = choices.n;
	what.heads = cf_get_at(record, "heads");
	if (!err)
		err = cf_resolve(&call->result, call->trust, &what);
	cf_choices_clear(&choices);
	json_decref(record);
	return err;
}

static void
print_decided(struct page *page, json_t *schema, const json_t *result)
{
	json_t *decided = cf_get_at(result, "decided"), *one, *part;
	size_t i;

	json_array_foreach(decided, i, one) {
		json_t *value = cf_get_at(one, "value");
		char *place = cf_label_place(&part, schema,
			cf_get(one, "path"));
		char *lead = cf_asprintf("%s:", place);
		char *text = value ? cf_contested_value(schema, part, value) :
			cf_strdup("nothing, it is removed");

		cf_page_entry(page, 2, 2, TONE_STRONG, lead, "%s", text);
		free(place);
		free(lead);
		free(text);
	}
}

static void
print_open(struct page *page, json_t *schema, const json_t *result)
{
	json_t *open = cf_get_at(result, "open"), *field;
	size_t i;

	if (json_array_size(open) == 0)
		return;
	cf_page_head(page, TONE_WARN, "Still open");
	json_array_foreach(open, i, field) {
		cf_page_contested(page, 2, schema, field);
	}
}

static void
print(struct page *page, const struct call *call)
{
	static const char *const shown[] = { "title", NULL };
	const struct resolve_opts *o = call->opts;
	const json_t *result = call->result;
	json_t *record = cf_get_at(result, "record");
	json_t *body = cf_get_at(record, "body");
	const json_t *first = json_array_get(cf_get_at(result, "records"), 0);
	json_t *schema;

	if (cf_get_size(result, "conflicts")) {
		cf_page_draft_conflicts(page, cf_get_at(result, "conflicts"));
		return;
	}
	schema = cf_kind_schema(cf_get(record ? record : first, "kind"));
	if (!record && cf_get_true(first, "already"))
		cf_page_head(page, TONE_GOOD, "What you chose stands already, "
			"so nothing was published");
	else if (record)
		cf_page_head(page, TONE_STRONG, "This would be published: %s",
			cf_get(body, "title"));
	else
		cf_page_published(page, result, "Settled and published",
			o->no_push);
	print_decided(page, schema, result);
	print_open(page, schema, result);
	if (record) {
		cf_page_gap(page);
		cf_page_fields(page, schema, body, shown);
		cf_page_gap(page);
		cf_page_text(page, 0, "Nothing was written.");
	}
	json_decref(schema);
}

const struct cmd cmd_resolve = {
	.name = "resolve",
	.args = "ID|FILE",
	.help = "settle what trusts changed in different ways",
	.about = "Settles the conflicts of a record with a version of yours "
		"that builds on everybody's. On a terminal it asks for each "
		"field: whose value, or one that you write; what you leave "
		"open stays open, and nothing is written before the end. With "
		"--take and --set it asks nothing. FIELD is the field's title "
		"or its path as 'confer conflicts --json' shows it; TRUST is a "
		"trust's name, 'me', or 'before'. Your decision travels to all "
		"partners, so nobody is asked again. With the FILE of a draft "
		"that was not published because others had changed the same "
		"field, it settles that; the draft's own side is 'draft'.",
	.opts = opts,
	.size = sizeof(struct resolve_opts),
	.min = 1,
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
