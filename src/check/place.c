/*
 * Where something stands, in the words of the form that people filled in.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/rule.h"

/* Cuts the next token off a pointer and unescapes it; false at its end. */
static bool
next_token(char **token, struct cf_str *pointer)
{
	struct cf_str head, rest;
	size_t n = 0;

	if (!cf_str_skip(pointer, "/"))
		return false;
	rest = *pointer;
	if (cf_str_cut(&head, &rest, rest, '/')) {
		*pointer = (struct cf_str){ rest.p - 1, rest.n + 1 };
	} else {
		head = rest;
		pointer->n = 0;
	}
	*token = cf_malloc(head.n + 1);
	for (size_t i = 0; i < head.n; i++) {
		bool escape = head.p[i] == '~' && i + 1 < head.n &&
			head.p[i + 1] >= '0' && head.p[i + 1] <= '2';

		(*token)[n++] = escape ? "~/]"[head.p[++i] - '0'] : head.p[i];
	}
	(*token)[n] = '\0';
	return true;
}

/* "when_weeks" as "When weeks"; for members that the schema does not know. */
static void
put_spaced(struct cf_buf *out, const char *name)
{
	size_t from = out->len;

	for (; *name; name++)
		cf_buf_putc(out, *name == '_' ? ' ' : *name);
	if (out->len > from && !out->full)
		out->data[from] = (char)toupper((unsigned char)out->data[from]);
}

/* "name" is what the token says, whose schema is *schema; its part comes
 * back. */
static json_t *
put_token(struct cf_buf *out, json_t *schema, const char *token)
{
	json_t *items = json_object_get(schema, "items"), *part;
	const char *title;
	size_t n = strlen(token);
	uint64_t index;

	if (n > 2 && token[0] == '[' && token[n - 1] == ']') {
		cf_buf_printf(out, "'%.*s'", (int)n - 2, token + 1);
		return cf_schema_resolve(items);
	}
	if (items && cf_str_u64(cf_str(token), &index, CF_MAX_RECORD)) {
		cf_buf_printf(out, "number %llu",
			(unsigned long long)index + 1);
		return cf_schema_resolve(items);
	}
	part = json_object_get(json_object_get(schema, "properties"), token);
	title = cf_json_str(part, "title");
	part = cf_schema_resolve(part);
	if (title == NULL)
		title = cf_json_str(part, "title");
	if (title)
		cf_buf_puts(out, title);
	else
		put_spaced(out, token);
	return part;
}

char *
cf_place(json_t *schema, const char *pointer)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);
	struct cf_str rest = cf_str(pointer);
	char *token;

	if (cf_str_skip(&rest, "/body"))
		;
	else
		schema = cf_schema_doc("record");
	while (next_token(&token, &rest)) {
		cf_buf_puts(&out, out.len ? ", " : "");
		schema = put_token(&out, schema, token);
		free(token);
	}
	if (out.len == 0)
		cf_buf_puts(&out, "The whole draft");
	return cf_buf_take(&out);
}

void
cf_section(char out[CF_SECTION_TEXT], const char *pointer)
{
	struct cf_str rest = cf_str(pointer);
	char *token = NULL;

	if (strcmp(pointer, "/body") != 0)
		(void)cf_str_skip(&rest, "/body");
	if (!next_token(&token, &rest))
		token = cf_strdup("body");
	(void)snprintf(out, CF_SECTION_TEXT, "%.47s", token);
	free(token);
}
