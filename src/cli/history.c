/*
 * The drawing of a history, and the list of who wrote what last.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/contested.h"
#include "cli/get.h"
#include "cli/history.h"
#include "cli/label.h"
#include "cli/lanes.h"
#include "cli/rows.h"
#include "cli/words.h"

#define FIELDS 6u		/* named beside one version */
#define SENTENCE 4096u

/* One entry for each version that counts: a version in several mains has several
 * signers. */
static json_t *
by_version(const json_t *history)
{
	json_t *out = json_array(), *known = json_object(), *row;
	size_t i;

	json_array_foreach(history, i, row) {
		const char *id = cf_get(row, "version");
		json_t *signer = json_pack("{s:s, s:s, s:s}", "name",
			cf_get(row, "name"), "trust", cf_get(row, "trust"),
			"version", id), *entry = json_object_get(known, id);

		if (cf_get_true(row, "counts") && entry == NULL) {
			entry = json_copy(row);
			json_object_set_new(entry, "by", json_array());
			json_object_set_new(known, id, entry);
			json_array_append(out, entry);
		}
		if (cf_get_true(row, "counts"))
			json_array_append(cf_get_at(entry, "by"), signer);
		json_decref(signer);
	}
	json_decref(known);
	return out;
}

/* Whether a field belongs to those that were decided, or to those that were not;
 * one that is there for both was decided. */
static bool
belongs(const json_t *fields, const json_t *field, bool decided)
{
	const char *path = cf_get(field, "path");
	bool is = cf_get_true(field, "decided");

	for (size_t i = 0; i < json_array_size(fields) && !is; i++) {
		const json_t *other = json_array_get(fields, i);

		if (cf_get_true(other, "decided") &&
			strcmp(cf_get(other, "path"), path) == 0)
			return false;
	}
	return is == decided;
}

/* "Question, Title and 2 more" of those that were decided, or were not. */
static void
name_fields(struct cf_buf *out, json_t *schema, json_t *fields, bool decided)
{
	size_t i, n = 0, shown = 0;
	json_t *field, *part;

	json_array_foreach(fields, i, field) {
		n += belongs(fields, field, decided);
	}
	json_array_foreach(fields, i, field) {
		char *place;

		if (!belongs(fields, field, decided) || shown == FIELDS)
			continue;
		place = cf_label_place(&part, schema, cf_get(field, "path"));
		cf_join(out, shown++, n > FIELDS ? FIELDS + 1 : n,
			place);
		free(place);
	}
	if (n > FIELDS) {
		char *more = cf_asprintf("%zu more", n - FIELDS);

		cf_join(out, FIELDS, FIELDS + 1, more);
		free(more);
	}
}

/* What a version did: "changed Title; decided Question". */
static char *
deed(json_t *schema, const json_t *version)
{
	json_t *fields = cf_get_at(version, "fields");
	struct cf_buf out = CF_BUF(SENTENCE), names = CF_BUF(SENTENCE);
	size_t onto = cf_get_size(version, "onto");

	if (onto == 0) {
		cf_buf_puts(&out, "first version");
		return cf_buf_take(&out);
	}
	name_fields(&names, schema, fields, false);
	if (names.len)
		cf_buf_printf(&out, "changed %s", names.data);
	cf_buf_reset(&names);
	name_fields(&names, schema, fields, true);
	if (names.len)
		cf_buf_printf(&out, "%sdecided %s", out.len ? "; " : "",
			names.data);
	cf_buf_clear(&names);
	if (strcmp(cf_get(version, "status"), "active") != 0)
		cf_buf_printf(&out, "%s%s", out.len ? "; " : "",
			cf_get(version, "status"));
	if (out.len == 0)
		cf_buf_puts(&out, onto > 1 ? "joined what there was" :
			"changed nothing in the text");
	return cf_buf_take(&out);
}

static void
print_line(struct page *page, const char *text)
{
	char *line = cf_one_line(text);

	if (page->terminal)
		cf_clip(line, page->width - 1);
	cf_page_line(page, TONE_PLAIN, "%s", line);
	free(line);
}

static void
print_version(struct page *page, json_t *schema, const json_t *version,
	const json_t *drawing, unsigned width)
{
	const char *node = cf_get(drawing, "node");
	char *who = cf_contested_names(version), *what = deed(schema, version);
	char *line = cf_asprintf("  %s%*s%s  %s  %s", node,
		(int)(width - cf_columns(node)), "",
		cf_date_short(cf_get(version, "modified")).text, who, what);
	json_t *after = cf_get_at(drawing, "after");

	print_line(page, line);
	free(line);
	for (size_t i = 0; i < json_array_size(after); i++) {
		line = cf_asprintf("  %s", cf_get_text(after, i));
		print_line(page, line);
		free(line);
	}
	free(who);
	free(what);
}

/* Versions that are in some main and take no part. */
static void
print_others(struct page *page, const json_t *history)
{
	json_t *row;
	size_t i;

	json_array_foreach(history, i, row) {
		if (cf_get_true(row, "counts"))
			continue;
		cf_page_entry(page, 2, 2, TONE_WARN, "Left out:", "a version of "
			"%s, %s: %s.", cf_get(row, "name"),
			cf_date(cf_get(row, "modified")).text,
			cf_has(row, "held") ? cf_get(row, "why") :
			"the owner's version does not have this trust among "
			"its stewards, or the owner has erased the record");
	}
}

void
cf_page_history(struct page *page, json_t *schema, const json_t *history)
{
	json_t *versions, *ordered, *drawing;
	unsigned width = 0;
	size_t i;

	if (!json_is_array(history))
		return;
	versions = by_version(history);
	ordered = cf_lanes_order(versions);
	drawing = cf_lanes_draw(ordered);
	for (i = 0; i < json_array_size(drawing); i++) {
		unsigned n = cf_columns(cf_get(json_array_get(drawing, i),
			"node"));

		width = n > width ? n : width;
	}
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "History");
	for (i = 0; i < json_array_size(drawing); i++)
		print_version(page, schema, json_array_get(ordered, i),
			json_array_get(drawing, i), width + 2);
	print_others(page, history);
	json_decref(versions);
	json_decref(ordered);
	json_decref(drawing);
}

/* The signers of one entry, and when. */
static void
add_blame(struct rows *rows, json_t *schema, const json_t *entry)
{
	json_t *by = cf_get_at(entry, "by"), *part;
	char *place = cf_label_place(&part, schema, cf_get(entry, "path"));
	char *who = cf_contested_names(entry);
	char *text = cf_asprintf("%s%s", who, cf_get_true(entry, "contested") ?
		" (contested)" : "");

	cf_rows_add(rows, place);
	cf_rows_add(rows, cf_date_short(cf_get(json_array_get(by, 0),
		"modified")).text);
	cf_rows_add(rows, text);
	free(place);
	free(who);
	free(text);
}

void
cf_page_blame(struct page *page, json_t *schema, const json_t *blame)
{
	struct rows rows = CF_ROWS(3);
	const json_t *entry;
	size_t i;

	if (!json_is_array(blame))
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Who wrote last what each field says");
	json_array_foreach(blame, i, entry) {
		/* The key of an entry is for merging. */
		if (cf_ends(cf_get(entry, "path"), "]/key"))
			continue;
		add_blame(&rows, schema, entry);
	}
	cf_rows_print(&rows, page, 2, false);
}
