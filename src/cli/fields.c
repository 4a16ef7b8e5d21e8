/*
 * Fields, lists and nested objects, indented. A value that fits stands behind
 * its title; a longer one below it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/fields.h"
#include "cli/label.h"

#define STEP 2u
#define MARK 4u			/* "12. " before the first field of an entry */
#define SHORT 40u		/* longer entries of a list have a line each */

/* Where the printer is: one value, its schema, its place on the page. */
struct at {
	struct page *page;
	json_t *root, *schema;
	unsigned indent, depth;
	size_t *number;		/* of the entry that begins here, or 0 */
};

static void put_members(const struct at *at, json_t *object,
	const char *const *but);

/* "Title: value" with the number of the entry in front of its first field.
 * `text` may be empty: what follows stands below. */
static void
put_title(const struct at *at, const char *title, const char *text)
{
	char *lead;

	if (*at->number) {
		lead = cf_asprintf("%2zu. %s:", *at->number, title);
		cf_page_entry(at->page, at->indent - MARK, MARK + STEP,
			TONE_STRONG, lead, "%s", text);
		*at->number = 0;
	} else {
		lead = cf_asprintf("%s:", title);
		cf_page_entry(at->page, at->indent, STEP, TONE_STRONG, lead,
			"%s", text);
	}
	free(lead);
}

/* Whether a text can stand behind something of so many columns. */
static bool
fits(const struct at *at, unsigned used, const char *text)
{
	return strchr(text, '\n') == NULL &&
		at->indent + used + cf_columns(text) <= at->page->width;
}

static void
put_text(const struct at *at, const char *title, const char *text)
{
	bool behind = fits(at, cf_columns(title) + 2, text);

	put_title(at, title, behind ? text : "");
	if (!behind)
		cf_page_prose(at->page, at->indent + STEP, text);
}

/* A list of a few short things as "Primary, Secondary", else NULL. The caller
 * frees. */
static char *
short_list(const struct at *at, const char *title, const json_t *array)
{
	json_t *items = cf_label_items(at->root, at->schema);
	struct cf_buf out = CF_BUF(256);
	bool simple = true;

	for (size_t i = 0; i < json_array_size(array) && simple; i++) {
		const json_t *value = json_array_get(array, i);
		char *text = NULL;

		simple = !json_is_object(value) && !json_is_array(value);
		if (simple) {
			text = cf_label_value(at->root, items, value);
			simple = !strchr(text, ',') && strlen(text) <= SHORT;
			cf_buf_puts(&out, i ? ", " : "");
			cf_buf_puts(&out, text);
		}
		free(text);
	}
	if (!simple || out.full ||
		!fits(at, cf_columns(title) + 2, out.data)) {
		cf_buf_clear(&out);
		return NULL;
	}
	if (out.len == 0)
		cf_buf_puts(&out, "none");
	return cf_buf_take(&out);
}

/* One entry of a list; at->schema is that of the list. */
static void
put_entry(const struct at *list, json_t *value, size_t number)
{
	struct at at = *list;
	char *text;

	at.schema = cf_label_items(list->root, list->schema);
	at.number = &number;
	if (json_is_object(value)) {
		at.indent += MARK;
		put_members(&at, value, NULL);
		return;
	}
	text = json_is_array(value) ? json_dumps(value, JSON_COMPACT) :
		cf_label_value(at.root, at.schema, value);
	cf_page_entry(at.page, at.indent, STEP, TONE_PLAIN, "-", "%s", text);
	free(text);
}

static void
put_list(const struct at *at, const char *title, const json_t *array)
{
	char *line = short_list(at, title, array);
	struct at inner = *at;

	if (line) {
		put_text(at, title, line);
		free(line);
		return;
	}
	put_title(at, title, "");
	inner.indent += STEP;
	for (size_t i = 0; i < json_array_size(array); i++)
		put_entry(&inner, json_array_get(array, i), i + 1);
}

static void
put_field(const struct at *object, const char *name, json_t *value)
{
	struct at at = *object;
	char *title, *text;

	at.schema = cf_label_member(at.root, object->schema, name);
	title = cf_label_title(at.root, at.schema, name);
	at.depth++;
	if (json_is_array(value)) {
		put_list(&at, title, value);
	} else if (json_is_object(value)) {
		put_title(&at, title, "");
		at.indent += STEP;
		put_members(&at, value, NULL);
	} else {
		text = cf_label_value(at.root, at.schema, value);
		put_text(&at, title, text);
		free(text);
	}
	free(title);
}

/* The key of an entry is for merging; its number says enough to a reader. */
static bool
is_left_out(bool entry, const char *const *but, const char *name)
{
	for (; but && *but; but++)
		if (strcmp(*but, name) == 0)
			return true;
	return entry && strcmp(name, "key") == 0;
}

/* Those that the schema knows first, in its order, then all others. */
static void
put_members(const struct at *at, json_t *object, const char *const *but)
{
	json_t *known = cf_label_members(at->root, at->schema);
	bool entry = *at->number != 0;
	const char *name;
	json_t *value;

	if (at->depth > CF_MAX_DEPTH)
		return;
	json_object_foreach(known, name, value) {
		json_t *field = json_object_get(object, name);

		if (field && !is_left_out(entry, but, name))
			put_field(at, name, field);
	}
	json_object_foreach(object, name, value) {
		if (!json_object_get(known, name) &&
			!is_left_out(entry, but, name))
			put_field(at, name, value);
	}
}

void
cf_page_fields(struct page *page, json_t *schema, json_t *body,
	const char *const *but)
{
	size_t number = 0;
	struct at at = { page, schema, schema, 0, 0, &number };

	put_members(&at, body, but);
}
