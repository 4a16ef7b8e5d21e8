/*
 * confer list: the records of our trust and all partners.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/kinds.h"
#include "cli/mark.h"

struct list_opts {
	const char *kind, *owner, *status;
	unsigned limit;
};

static const struct opt opts[] = {
	{ "kind", 0, OPT_TEXT, offsetof(struct list_opts, kind), "KIND",
		"only this kind, such as finding" },
	{ "owner", 0, OPT_TEXT, offsetof(struct list_opts, owner), "NAME",
		"only what this partner (or trust id) created" },
	{ "status", 0, OPT_TEXT, offsetof(struct list_opts, status), "STATUS",
		"only records in this state",
		.choices = "active|completed|superseded|withdrawn|erased" },
	{ "limit", 0, OPT_NUMBER, offsetof(struct list_opts, limit), "N",
		"the newest N only", .max = CF_MAX_LISTED },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct list_opts *o = call->opts;
	struct cf_filter filter = { o->kind, o->owner, o->status, o->limit };
	const struct cf_err *err = o->kind ? cf_kind_typed(o->kind) : NULL;

	return err ? err : cf_list(&call->result, call->trust, &filter);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* How much of the ids tells the records of this list apart: the time of
 * creation at least, further groups where records were made together. */
static int
id_length(const json_t *list)
{
	static const int lengths[] = { 13, 18, 23 };
	size_t n = json_array_size(list), choice = 0;
	const char **ids = cf_calloc(n, sizeof *ids);

	for (size_t i = 0; i < n; i++)
		ids[i] = cf_get(json_array_get(list, i), "id");
	if (n)
		qsort(ids, n, sizeof *ids, by_text);
	for (size_t i = 1; i < n && choice < 3; i++)
		while (choice < 3 && strncmp(ids[i - 1], ids[i],
			(size_t)lengths[choice]) == 0)
			choice++;
	free(ids);
	return choice < 3 ? lengths[choice] : 36;
}

static void
add_row(struct rows *rows, const json_t *record, int length)
{
	char *marks = cf_record_mark(record);
	char *id = cf_asprintf("%.*s", length, cf_get(record, "id"));
	char *title = cf_asprintf("%s%s", marks, cf_get(record, "title"));

	cf_rows_add(rows, id);
	cf_rows_add(rows, cf_get(record, "kind"));
	cf_rows_add(rows, cf_date_short(cf_get(record, "modified")).text);
	cf_rows_add(rows, cf_has(record, "ownerName") ?
		cf_get(record, "ownerName") :
		cf_short_key(cf_get(record, "owner")).text);
	cf_rows_add(rows, title);
	free(title);
	free(marks);
	free(id);
}

static void
print(struct page *page, const struct call *call)
{
	const struct list_opts *o = call->opts;
	struct rows rows = CF_ROWS(5);
	int length = id_length(call->result);
	const json_t *record;
	size_t i;

	if (json_array_size(call->result) == 0) {
		cf_page_text(page, 0, "%s 'confer new' begins one of your "
			"own, and 'confer sync' asks partners for theirs.",
			o->kind || o->owner || o->status ? "There is no such "
			"record here." : "There are no records yet.");
		return;
	}
	cf_rows_add(&rows, "ID");
	cf_rows_add(&rows, "KIND");
	cf_rows_add(&rows, "CHANGED");
	cf_rows_add(&rows, "FROM");
	cf_rows_add(&rows, "TITLE");
	json_array_foreach(call->result, i, record) {
		add_row(&rows, record, length);
	}
	cf_rows_print(&rows, page, 0, true);
}

const struct cmd cmd_list = {
	.name = "list",
	.help = "list the records of your trust and its partners",
	.about = "Lists the records that you can read, the newest first. The "
		"beginning of an id is enough for 'confer show'.",
	.opts = opts,
	.size = sizeof(struct list_opts),
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
