/*
 * Which records were signed, and whether the host has them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/contested.h"
#include "cli/hits.h"
#include "cli/label.h"
#include "cli/published.h"
#include "cli/relayed.h"

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

/* Who changed a record while a draft of it was written, and what. */
static void
print_merged(struct page *page, json_t *schema, const json_t *merged,
	const char *then)
{
	const json_t *version, *field;
	size_t i, k;

	json_array_foreach(merged, i, version) {
		struct cf_buf fields = CF_BUF(4096);
		json_t *list = cf_get_at(version, "fields"), *part;
		char *who = cf_contested_names(version);

		json_array_foreach(list, k, field) {
			char *place = cf_label_place(&part, schema,
				cf_get(field, "path"));

			cf_join(&fields, k, json_array_size(list), place);
			free(place);
		}
		cf_page_text(page, 2, "Meanwhile %s changed %s.%s", who,
			fields.data, then);
		free(who);
		cf_buf_clear(&fields);
	}
}

static void
print_all_merged(struct page *page, const json_t *records)
{
	const json_t *record;
	size_t i;

	json_array_foreach(records, i, record) {
		json_t *schema = cf_kind_schema(cf_get(record, "kind"));

		print_merged(page, schema, cf_get_at(record, "merged"),
			" That is part of what you published.");
		json_decref(schema);
	}
}

void
cf_page_draft_conflicts(struct page *page, const json_t *conflicts)
{
	const json_t *draft, *field;
	size_t i, k;

	json_array_foreach(conflicts, i, draft) {
		json_t *schema = cf_kind_schema(cf_get(draft, "kind"));
		json_t *fields = cf_get_at(draft, "fields");
		char *word = cf_shell_word(cf_from_here(cf_get(draft,
			"file")));

		cf_page_gap(page);
		cf_page_head(page, TONE_WARN, "%s", cf_get(draft, "title"));
		print_merged(page, schema, cf_get_at(draft, "merged"), "");
		json_array_foreach(fields, k, field) {
			cf_page_contested(page, 2, schema, field);
		}
		if (cf_contested_words(fields))
			cf_page_word_marks(page, 2);
		cf_page_text(page, 2, "Next: confer resolve %s", word);
		free(word);
		json_decref(schema);
	}
	cf_page_gap(page);
}

/* Once for all records; of those without figures there is nothing to say. */
static void
print_uncounted(struct page *page, const json_t *records)
{
	struct cf_buf rules = CF_BUF(200);
	const json_t *record;
	json_t *list = NULL;
	size_t i;

	json_array_foreach(records, i, record) {
		if (list == NULL && cf_get_size(record, "uncounted"))
			list = cf_get_at(record, "uncounted");
	}
	for (i = 0; i < json_array_size(list); i++)
		cf_join(&rules, i, json_array_size(list),
			json_string_value(json_array_get(list, i)));
	if (list)
		cf_page_text(page, 0, "Whether few people share what is said, "
			"or one school makes up a figure, was not counted (%s): "
			"that takes the list of people behind the figures. "
			"Count it with: confer check FILE --evidence CSV",
			rules.data);
	cf_buf_clear(&rules);
}

void
cf_page_published(struct page *page, const json_t *result, const char *done,
	bool no_push)
{
	const json_t *records = cf_get_at(result, "records"), *record;
	size_t i;

	if (cf_get_size(result, "conflicts")) {
		cf_page_draft_conflicts(page, cf_get_at(result, "conflicts"));
		return;
	}
	if (json_array_size(records) && !print_records(page, records, done))
		return;
	print_all_merged(page, records);
	json_array_foreach(records, i, record) {
		cf_page_similar(page, 2, cf_get_at(record, "similar"));
	}
	print_uncounted(page, records);
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
	cf_page_relayed(page, cf_get_at(result, "relay"));
}
