/*
 * confer conflicts: what several trusts changed in different ways.
 */
#include "cli/cmd.h"
#include "cli/contested.h"
#include "cli/mark.h"

static const struct cf_err *
run(struct call *call)
{
	return cf_conflicts(&call->result, call->trust, call->arg[0]);
}

static void
print_record(struct page *page, const json_t *record)
{
	json_t *schema = cf_kind_schema(cf_get(record, "kind"));
	json_t *fields = cf_get_at(record, "fields"), *field;
	size_t i;

	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "%s", cf_get(record, "title"));
	cf_page_line(page, TONE_PLAIN, "%s %s", cf_get(record, "kind"),
		cf_get(record, "id"));
	cf_page_incomplete(page, cf_get_at(record, "incomplete"));
	json_array_foreach(fields, i, field) {
		cf_page_contested(page, 2, schema, field);
	}
	if (cf_contested_words(fields))
		cf_page_word_marks(page, 2);
	if (cf_get_true(record, "ours"))
		cf_page_text(page, 2, "To settle it: confer resolve %s",
			cf_get(record, "id"));
	else
		cf_page_text(page, 2, "Its stewards settle that; you only "
			"read it.");
	json_decref(schema);
}

static void
print(struct page *page, const struct call *call)
{
	size_t i, n = json_array_size(call->result), fields = 0, ours = 0;
	const json_t *record;

	json_array_foreach(call->result, i, record) {
		print_record(page, record);
		fields += cf_get_size(record, "fields");
		ours += cf_get_true(record, "ours") ?
			cf_get_size(record, "fields") : 0;
	}
	cf_page_gap(page);
	if (n == 0)
		cf_page_text(page, 0, call->n ? "There is no conflict in it." :
			"There are no conflicts.");
	else
		cf_page_text(page, 0, "%s in %s; %llu of them yours to settle.",
			cf_count(fields, "conflict").text,
			cf_count(n, "record").text,
			(unsigned long long)ours);
}

const struct cmd cmd_conflicts = {
	.name = "conflicts",
	.args = "[ID]",
	.help = "show what trusts changed in different ways",
	.about = "Says for each record that several trusts edit, or for the "
		"one that you name, which fields they changed at the same time "
		"to different values: what it was before, and what each made "
		"of it. Nothing contested takes effect until a steward settles "
		"it with 'confer resolve'. Everything else in the record can "
		"be edited meanwhile. The exit status is 3 where something is "
		"yours to settle.",
	.max = 1,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
