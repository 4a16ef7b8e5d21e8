/*
 * From member names and codes to titles and labels.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/get.h"
#include "cli/label.h"
#include "cli/out.h"
#include "cli/words.h"

#define REFS 8		/* a chain of references is one or two long */

/* One token of a JSON Pointer, unescaped; "~2" is a bracket inside [key]. The
 * caller frees. */
static char *
token_of(struct cf_str raw)
{
	char *out = cf_malloc(raw.n + 1), *to = out;

	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '~' && i + 1 < raw.n &&
			raw.p[i + 1] >= '0' && raw.p[i + 1] <= '2')
			*to++ = "~/]"[raw.p[++i] - '0'];
		else
			*to++ = raw.p[i];
	}
	*to = '\0';
	return out;
}

/* Cuts the next token off a pointer. False at its end. */
static bool
next_token(char **token, struct cf_str *pointer)
{
	struct cf_str head, rest;

	*token = NULL;
	if (!cf_str_skip(pointer, "/"))
		return false;
	rest = *pointer;
	if (cf_str_cut(&head, &rest, rest, '/')) {
		*pointer = (struct cf_str){ rest.p - 1, rest.n + 1 };
	} else {
		head = rest;
		pointer->n = 0;
	}
	*token = token_of(head);
	return true;
}

/* What "#/$defs/line" names. */
static json_t *
at_fragment(json_t *root, const char *fragment)
{
	struct cf_str rest = cf_str(fragment);
	char *token;

	while (root && next_token(&token, &rest)) {
		root = json_object_get(root, token);
		free(token);
	}
	return root;
}

static json_t *
resolve(json_t *root, json_t *schema)
{
	for (unsigned i = 0; i < REFS && cf_has(schema, "$ref"); i++) {
		const char *hash = strchr(cf_get(schema, "$ref"), '#');

		schema = hash ? at_fragment(root, hash + 1) : NULL;
	}
	return schema;
}

json_t *
cf_label_members(json_t *root, json_t *schema)
{
	return cf_get_at(resolve(root, schema), "properties");
}

json_t *
cf_label_member(json_t *root, json_t *schema, const char *member)
{
	return json_object_get(cf_label_members(root, schema), member);
}

json_t *
cf_label_items(json_t *root, json_t *schema)
{
	json_t *own = cf_get_at(schema, "items");

	return own ? own : cf_get_at(resolve(root, schema), "items");
}

/* A text keyword beside $ref, or behind it. */
static const char *
keyword(json_t *root, json_t *schema, const char *name)
{
	return cf_has(schema, name) ? cf_get(schema, name) :
		cf_get(resolve(root, schema), name);
}

char *
cf_label_title(json_t *root, json_t *schema, const char *member)
{
	const char *title = keyword(root, schema, "title");

	return title[0] ? cf_strdup(title) : cf_spaced(member);
}

static char *
number_value(const json_t *value, const char *unit)
{
	static const char *const units[][2] = { { "days", "day" },
		{ "hours", "hour" }, { "minutes", "minute" },
		{ "weeks", "week" }, { "times", "time" } };
	char text[CF_NUMBER_TEXT];
	bool one;

	cf_out_number(text, json_number_value(value));
	one = strcmp(text, "1") == 0;
	if (cf_ends(unit, "percentage"))
		return cf_asprintf("%s%%", text);
	if (strcmp(unit, "pounds") == 0)
		return cf_asprintf("\xc2\xa3%s", text);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(unit, units[i][0]) == 0)
			return cf_asprintf("%s %s", text, units[i][one]);
	return cf_strdup(text);
}

char *
cf_label_value(json_t *root, json_t *schema, const json_t *value)
{
	json_t *labels = cf_get_at(schema, "x-labels");
	const char *text = json_string_value(value);

	if (labels == NULL)
		labels = cf_get_at(resolve(root, schema), "x-labels");
	if (text && strcmp(keyword(root, schema, "format"), "date") == 0)
		return cf_strdup(cf_date(text).text);
	if (text)
		return cf_strdup(cf_has(labels, text) ? cf_get(labels, text) :
			text);
	if (json_is_number(value))
		return number_value(value, keyword(root, schema, "x-unit"));
	if (json_is_boolean(value))
		return cf_strdup(json_is_true(value) ? "yes" : "no");
	return cf_strdup("nothing");
}

char *
cf_label_place(json_t **part, json_t *root, const char *pointer)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);
	struct cf_str rest = cf_str(pointer);
	char *token, *title;

	*part = root;
	while (next_token(&token, &rest)) {
		size_t n = strlen(token);

		if (out.len && token[0] == '[' && token[n - 1] == ']') {
			*part = cf_label_items(root, *part);
			cf_buf_printf(&out, " (%.*s)", (int)n - 2, token + 1);
		} else {
			*part = cf_label_member(root, *part, token);
			title = cf_label_title(root, *part, token);
			cf_buf_printf(&out, "%s%s", out.len ? ": " : "",
				title);
			free(title);
		}
		free(token);
	}
	if (out.len == 0)
		cf_buf_puts(&out, "The record");
	return cf_buf_take(&out);
}

static bool
is_index(const char *token, uint64_t *index)
{
	return cf_str_u64(cf_str(token), index, CF_MAX_RECORD);
}

char *
cf_label_path(const char *pointer)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);
	struct cf_str rest = cf_str(pointer);
	char *token;

	if (rest.n > 5 && cf_starts(rest.p, "/body/"))
		(void)cf_str_skip(&rest, "/body");
	while (next_token(&token, &rest)) {
		uint64_t index;

		if (out.len && (token[0] == '[' || is_index(token, &index)))
			cf_buf_puts(&out, "[]");
		else
			cf_buf_printf(&out, "%s%s", out.len ? "." : "", token);
		free(token);
	}
	return cf_buf_take(&out);
}
