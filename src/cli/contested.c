/*
 * Conflicts as sentences; longer texts as what became of their words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/nfc.h"
#include "cli/contested.h"
#include "cli/get.h"
#include "cli/label.h"
#include "cli/words.h"
#include "cli/worddiff.h"

#define LONG 60u		/* columns of a text that is shown by itself */
#define NAME 40u		/* columns of the name of an entry */
#define KEPT 40u		/* of a hundred words, to show what became of them */
#define TEXT (4u * CF_MAX_RECORD)

/* --- values ----------------------------------------------------------------- */

static void put_value(struct cf_buf *out, json_t *root, json_t *schema,
	const json_t *value, unsigned depth);

static void
put_scalar(struct cf_buf *out, json_t *root, json_t *schema,
	const json_t *value)
{
	char *text = cf_label_value(root, schema, value);
	const char *raw = json_string_value(value);
	/* What is not a code needs quotes, or nobody sees where it ends. */
	bool quote = raw && strcmp(raw, text) == 0 && strpbrk(raw, " ,;");

	cf_buf_printf(out, "%s%s%s", quote || (raw && !*raw) ? "\xe2\x80\x9c" :
		"", text, quote || (raw && !*raw) ? "\xe2\x80\x9d" : "");
	free(text);
}

static void
put_object(struct cf_buf *out, json_t *root, json_t *schema, json_t *object,
	unsigned depth)
{
	json_t *known = cf_label_members(root, schema), *value;
	const char *name, *join = "";

	for (int pass = 0; pass < 2; pass++)
		json_object_foreach(pass == 0 ? known : object, name, value) {
			json_t *is = json_object_get(object, name), *part;
			char *title;

			if (is == NULL || strcmp(name, "key") == 0 ||
				(pass == 1 && json_object_get(known, name)))
				continue;
			part = cf_label_member(root, schema, name);
			title = cf_label_title(root, part, name);
			cf_buf_printf(out, "%s%s: ", join, title);
			put_value(out, root, part, is, depth + 1);
			free(title);
			join = "; ";
		}
}

static void
put_value(struct cf_buf *out, json_t *root, json_t *schema,
	const json_t *value, unsigned depth)
{
	json_t *array = (json_t *)(uintptr_t)value, *item;
	size_t i;

	if (depth > CF_MAX_DEPTH)
		return;
	if (json_is_object(value)) {
		put_object(out, root, schema, array, depth);
	} else if (json_is_array(value)) {
		json_array_foreach(array, i, item) {
			cf_buf_puts(out, i == 0 ? "" :
				json_is_object(item) ? " / " : ", ");
			put_value(out, root, cf_label_items(root, schema),
				item, depth + 1);
		}
		if (i == 0)
			cf_buf_puts(out, "an empty list");
	} else {
		put_scalar(out, root, schema, value);
	}
}

char *
cf_contested_value(json_t *root, json_t *schema, const json_t *value)
{
	struct cf_buf out = CF_BUF(TEXT);

	put_value(&out, root, schema, value, 0);
	return cf_buf_take(&out);
}

/* Keys in canonical form, as an order has them, by the names that people know. */
static char *
order_text(const json_t *keys, const json_t *names)
{
	struct cf_buf out = CF_BUF(TEXT);

	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *text = cf_get_text(keys, i);
		json_t *key = json_loads(text, JSON_DECODE_ANY, NULL);
		char *name = cf_one_line(cf_has(names, text) ? cf_get(names,
			text) : json_is_string(key) ? json_string_value(key) :
			text);

		cf_clip(name, NAME);
		cf_buf_printf(&out, cf_has(names, text) ?
			"%s\xe2\x80\x9c%s\xe2\x80\x9d" : "%s%s",
			i ? ", " : "", name);
		free(name);
		json_decref(key);
	}
	return cf_buf_take(&out);
}

/* --- who -------------------------------------------------------------------- */

/* Names of the trusts of a side, each once. */
static void
collect_names(json_t *names, const json_t *side)
{
	const json_t *by = cf_get_at(side, "by"), *signer;
	size_t i;

	json_array_foreach(by, i, signer) {
		const char *name = cf_get(signer, "name");
		bool draft = cf_get_at(signer, "version") &&
			!cf_has(signer, "version"), known = false;
		char *text = cf_asprintf("%s%s", name[0] ? name :
			cf_get(signer, "trust"), draft ? " (your draft)" : "");

		for (size_t k = 0; k < json_array_size(names); k++)
			known = known || strcmp(cf_get_text(names, k),
				text) == 0;
		if (!known)
			json_array_append_new(names, json_string(text));
		free(text);
	}
}

static char *
join_names(const json_t *names)
{
	struct cf_buf out = CF_BUF(TEXT);

	for (size_t i = 0; i < json_array_size(names); i++)
		cf_join(&out, i, json_array_size(names),
			cf_get_text(names, i));
	return cf_buf_take(&out);
}

char *
cf_contested_names(const json_t *side)
{
	json_t *names = json_array();
	char *out;

	collect_names(names, side);
	out = join_names(names);
	json_decref(names);
	return out;
}

/* How many trusts (and drafts) contradict each other. */
static size_t
count_names(const json_t *field)
{
	json_t *sides = cf_get_at(field, "sides"), *side, *names = json_array();
	size_t i, n;

	json_array_foreach(sides, i, side) {
		collect_names(names, side);
	}
	n = json_array_size(names);
	json_decref(names);
	return n;
}

/* --- sentences -------------------------------------------------------------- */

/* Where a conflict is being put into words. */
struct at {
	struct page *page;
	json_t *root, *part;
	const json_t *field;
	char *place;
	unsigned indent;
	bool order;
};

static char *
value_text(const struct at *at, const json_t *value)
{
	return at->order ? order_text(value, cf_get_at(at->field, "names")) :
		cf_contested_value(at->root, at->part, value);
}

static bool
is_long(const struct at *at, const json_t *value)
{
	char *text = value ? value_text(at, value) : NULL;
	bool out = text && (strchr(text, '\n') || cf_columns(text) > LONG);

	free(text);
	return out;
}

static bool
any_long(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	bool any = is_long(at, cf_get_at(at->field, "before"));
	size_t i;

	json_array_foreach(sides, i, side) {
		any = any || is_long(at, cf_get_at(side, "value"));
	}
	return any;
}

/* ", removed by Ashby Trust" or ", Ashby Trust says 236". */
static void
say_side(struct cf_buf *out, const struct at *at, const json_t *side,
	const char *join)
{
	json_t *value = cf_get_at(side, "value"), *names = json_array();
	char *who, *text;

	collect_names(names, side);
	who = join_names(names);
	cf_buf_puts(out, out->len ? join : "");
	if (value == NULL) {
		cf_buf_printf(out, "removed by %s", who);
	} else {
		text = value_text(at, value);
		cf_buf_printf(out, "%s %s %s", who,
			json_array_size(names) == 1 ? "says" : "say", text);
		free(text);
	}
	free(who);
	json_decref(names);
}

static void
say_before(struct cf_buf *out, const struct at *at)
{
	json_t *before = cf_get_at(at->field, "before");
	json_t *shown = cf_get_at(at->field, "shown");
	size_t n = count_names(at->field);
	char *text;

	if (before) {
		text = value_text(at, before);
		cf_buf_printf(out, "; before, %s %s.", n == 2 ? "both had" :
			n > 2 ? "all had" : "it was", text);
		free(text);
	} else {
		cf_buf_puts(out, "; before, there was nothing.");
	}
	if (shown && !(before && json_equal(before, shown))) {
		text = value_text(at, shown);
		cf_buf_printf(out, " Until it is settled, %s is shown.", text);
		free(text);
	}
}

/* Values with commas in them; between sides stands something else then. */
static bool
has_lists(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	bool any = at->order;
	size_t i;

	json_array_foreach(sides, i, side) {
		json_t *value = cf_get_at(side, "value");

		any = any || json_is_array(value) || json_is_object(value);
	}
	return any;
}

static void
print_sentence(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	struct cf_buf out = CF_BUF(TEXT);
	char *lead = cf_asprintf("%s%s:", at->place, at->order ?
		", in which order" : "");
	size_t i;

	json_array_foreach(sides, i, side) {
		say_side(&out, at, side, has_lists(at) ? "; " : ", ");
	}
	say_before(&out, at);
	cf_page_entry(at->page, at->indent, 2, TONE_STRONG, lead, "%s",
		out.data);
	free(lead);
	cf_buf_clear(&out);
}

/* --- longer texts ----------------------------------------------------------- */

/* The text itself, or a structure as a text. */
static char *
whole_text(const struct at *at, const json_t *value)
{
	return json_is_string(value) ? cf_strdup(json_string_value(value)) :
		value_text(at, value);
}

/* Whether the sides are rather what was there before than something new. */
static bool
are_edits(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	json_t *before = cf_get_at(at->field, "before"), *value;
	bool all = before != NULL;
	char *old = before ? whole_text(at, before) : NULL, *text;
	size_t i;

	json_array_foreach(sides, i, side) {
		value = cf_get_at(side, "value");
		if (!all || value == NULL)
			continue;
		text = whole_text(at, value);
		all = cf_words_kept(old, text) >= KEPT;
		free(text);
	}
	free(old);
	return all;
}

static void
print_words(const struct at *at, const json_t *names, const char *who,
	const char *old, const char *text)
{
	char *shown = old ? cf_word_diff(old, text) : cf_strdup(text);

	cf_page_text(at->page, at->indent + 2, "%s %s:", who,
		json_array_size(names) == 1 ? "says" : "say");
	cf_page_prose(at->page, at->indent + 4, shown);
	free(shown);
}

static void
print_side(const struct at *at, const json_t *side, const char *old)
{
	json_t *value = cf_get_at(side, "value"), *names = json_array();
	char *who, *text;

	collect_names(names, side);
	who = join_names(names);
	if (value == NULL) {
		cf_page_text(at->page, at->indent + 2, "Removed by %s.", who);
	} else {
		text = whole_text(at, value);
		if (old && cf_words_kept(old, text) == 100)
			cf_page_text(at->page, at->indent + 2, "%s only "
				"changed the spaces between words.", who);
		else
			print_words(at, names, who, old, text);
		free(text);
	}
	free(who);
	json_decref(names);
}

static void
print_block(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	json_t *before = cf_get_at(at->field, "before");
	char *lead = cf_asprintf("%s:", at->place);
	char *old = before ? whole_text(at, before) : NULL;
	bool edits = are_edits(at);
	size_t i;

	cf_page_entry(at->page, at->indent, 2, TONE_STRONG, lead, "%s",
		edits && json_is_string(before) ?
		"the same text was changed in different ways" :
		edits ? "it was changed in different ways" :
		before ? "before, it was" : "before, there was nothing");
	if (before && !edits)
		cf_page_prose(at->page, at->indent + 4, old);
	json_array_foreach(sides, i, side) {
		print_side(at, side, edits ? old : NULL);
	}
	free(old);
	free(lead);
}

/* --- twins ------------------------------------------------------------------ */

static bool
are_twins(const json_t *a, const json_t *b)
{
	const char *x = json_string_value(a), *y = json_string_value(b);

	return x && y && strcmp(x, y) != 0 && cf_same_letters(x, y);
}

/* Two sides that nobody can tell apart by looking at them. */
static void
print_twins(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides");
	size_t n = json_array_size(sides);
	bool found = false;

	for (size_t i = 0; i < n && !found; i++)
		for (size_t k = 0; k < i && !found; k++)
			found = are_twins(cf_get_at(json_array_get(sides, i),
				"value"), cf_get_at(json_array_get(sides, k),
				"value"));
	if (found)
		cf_page_text(at->page, at->indent + 2, "These look alike: an "
			"accented letter is typed as one character in the one "
			"and as letter and accent in the other. Either is "
			"right; take one.");
}

static void
print_whole(const struct at *at)
{
	json_t *sides = cf_get_at(at->field, "sides"), *side;
	json_t *names = json_array();
	char *who, *why = cf_sentence(cf_get(at->field, "why"));
	size_t i;

	json_array_foreach(sides, i, side) {
		collect_names(names, side);
	}
	who = join_names(names);
	cf_page_entry(at->page, at->indent, 2, TONE_STRONG, "The record as a "
		"whole:", "what %s wrote is right by itself and does not fit "
		"together. %s Until it is settled, the owner's version is "
		"shown.", who, why);
	free(who);
	free(why);
	json_decref(names);
}

void
cf_page_contested(struct page *page, unsigned indent, json_t *schema,
	const json_t *field)
{
	struct at at = { .page = page, .root = schema, .field = field,
		.indent = indent,
		.order = strcmp(cf_get(field, "kind"), "order") == 0 };

	at.place = cf_label_place(&at.part, schema, cf_get(field, "path"));
	if (strcmp(cf_get(field, "kind"), "schema") == 0)
		print_whole(&at);
	else if (!at.order && any_long(&at))
		print_block(&at);
	else
		print_sentence(&at);
	print_twins(&at);
	free(at.place);
}

bool
cf_contested_words(const json_t *fields)
{
	const json_t *field;
	size_t i;

	json_array_foreach(fields, i, field) {
		struct at at = { .field = field };

		if (strcmp(cf_get(field, "kind"), "schema") != 0 &&
			strcmp(cf_get(field, "kind"), "order") != 0 &&
			any_long(&at) && are_edits(&at))
			return true;
	}
	return false;
}

void
cf_page_word_marks(struct page *page, unsigned indent)
{
	cf_page_text(page, indent, "In longer texts, [-these words-] were "
		"taken out and {+these+} were put in.");
}
