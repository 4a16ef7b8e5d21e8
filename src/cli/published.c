/*
 * Which records were signed, and whether the host has them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/published.h"

#define SHOWN 20	/* records; more would push the rest off the screen */

/* False where all of them were published before. */
static bool
print_records(struct page *page, const json_t *records, const char *done)
{
	struct rows rows = CF_ROWS(3);
	const json_t *record;
	size_t i, already = 0;

	json_array_foreach(records, i, record) {
		bool before = cf_get_true(record, "already");
		char *title;

		already += before;
		if (i >= SHOWN)
			continue;
		title = cf_asprintf("%s%s", cf_get(record, "title"),
			before ? " (as before)" : "");
		cf_rows_add(&rows, cf_get(record, "id"));
		cf_rows_add(&rows, cf_get(record, "kind"));
		cf_rows_add(&rows, title);
		free(title);
	}
	if (already == i)
		cf_page_head(page, TONE_GOOD, "%s before; nothing has changed "
			"since", done);
	else
		cf_page_head(page, TONE_GOOD, "%s: %s", done,
			cf_count(i - already, "record").text);
	cf_rows_print(&rows, page, 2, false);
	if (i > SHOWN)
		cf_page_text(page, 2, "and %zu more; 'confer list' shows them",
			i - SHOWN);
	return already < i;
}

void
cf_page_published(struct page *page, const json_t *result, const char *done,
	bool no_push)
{
	const json_t *records = cf_get_at(result, "records");

	if (json_array_size(records) && !print_records(page, records, done))
		return;
	if (cf_get_true(result, "heartbeat"))
		cf_page_text(page, 0, "You named no draft, so this only "
			"renews your sign of life: partners see that you are "
			"still there. A draft is published by its name: "
			"confer publish FILE");
	/* Where sending failed, the error says so. */
	if (cf_get_true(result, "pushed"))
		cf_page_text(page, 0, "Sent to %s.", cf_get(result, "remote"));
	else if (no_push)
		cf_page_text(page, 0, "Not sent yet. Send it with: confer "
			"publish");
	else if (!cf_has(result, "pushError"))
		cf_page_text(page, 0, "It stays on this machine: no remote is "
			"set, so partners cannot fetch it yet.");
}
