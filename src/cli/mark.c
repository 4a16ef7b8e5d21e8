/*
 * Marks on records.
 */
#include <string.h>

#include "base/mem.h"
#include "cli/get.h"
#include "cli/mark.h"
#include "cli/words.h"

char *
cf_record_mark(const json_t *record)
{
	const char *status = cf_get(record, "status");
	const char *const marks[] = {
		cf_get_true(record, "conflict") ? "conflict" : "",
		cf_get_true(record, "incomplete") ? "incomplete" : "",
		strcmp(status, "active") == 0 ? "" : status };
	struct cf_buf out = CF_BUF(256);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i][0])
			cf_buf_printf(&out, "%s%s", out.len ? ", " : "(",
				marks[i]);
	if (out.len)
		cf_buf_puts(&out, ") ");
	return cf_buf_take(&out);
}

/* What can be done about a steward whose newest is not here. */
static const char *
remedy(const char *why)
{
	if (strcmp(why, "not followed") == 0)
		return "is not followed ('confer partner add' follows it)";
	if (strcmp(why, "unreachable") == 0)
		return "could not be reached";
	if (strcmp(why, "refused") == 0)
		return "was refused at the last sync";
	return "has not been asked yet ('confer sync')";
}

void
cf_page_incomplete(struct page *page, const json_t *missing)
{
	const json_t *steward;
	size_t i;

	json_array_foreach(missing, i, steward) {
		const char *name = cf_get(steward, "name");

		if (strcmp(name, cf_get(steward, "trust")) == 0)
			name = "a steward whose name is not known here";
		cf_page_entry(page, 0, 2, TONE_WARN, "Incomplete:", "part of "
			"what this builds on is not here; %s %s.", name,
			remedy(cf_get(steward, "why")));
	}
}
