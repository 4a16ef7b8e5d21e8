/*
 * The guide that lies beside a draft: every field of a kind, from its schema.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "record/shape.h"

static void fields(struct cf_buf *out, json_t *schema, const char *prefix,
	unsigned depth);

static bool
is_required(const json_t *schema, const char *name)
{
	return cf_json_has(json_object_get(schema, "required"), name);
}

/* The words that may stand in a field, with what they mean. */
static void
choices(struct cf_buf *out, json_t *schema)
{
	json_t *words = json_object_get(schema, "enum");
	json_t *labels = json_object_get(schema, "x-labels");

	for (size_t i = 0; i < json_array_size(words); i++) {
		json_t *word = json_array_get(words, i);
		char *text = json_dumps(word, JSON_ENCODE_ANY);
		const char *label = json_is_string(word) ? cf_json_str(labels,
			json_string_value(word)) : NULL;

		cf_buf_printf(out, "    - `%s`%s%s\n", text ? text : "",
			label ? ": " : "", label ? label : "");
		free(text);
	}
}

static void
one(struct cf_buf *out, json_t *own, json_t *schema, const char *path,
	bool required)
{
	const char *title = cf_json_str(own, "title");
	const char *about = cf_json_str(own, "description");

	if (title == NULL)
		title = cf_json_str(schema, "title");
	if (about == NULL)
		about = cf_json_str(schema, "description");
	cf_buf_printf(out, "- **%s** `%s`%s\n", title ? title : path, path,
		required ? " (needed)" : "");
	if (about)
		cf_buf_printf(out, "  %s\n", about);
	choices(out, schema);
}

static void
fields(struct cf_buf *out, json_t *schema, const char *prefix, unsigned depth)
{
	json_t *properties = json_object_get(schema, "properties"), *own;
	const char *name;

	json_object_foreach(properties, name, own) {
		json_t *sub = cf_schema_resolve(own);
		json_t *items = cf_shape_items(sub);
		struct cf_buf path = CF_BUF(1024);

		cf_buf_printf(&path, "%s%s", prefix, name);
		one(out, own, sub, path.data, is_required(schema, name));
		if (items)
			choices(out, items);
		cf_buf_puts(&path, items ? "[]." : ".");
		if (depth < CF_MAX_DEPTH)
			fields(out, items ? items : sub, path.data, depth + 1);
		cf_buf_clear(&path);
	}
}

void
cf_guide_write(struct cf_buf *out, const char *kind, const char *file)
{
	json_t *schema = cf_schema_doc(kind);
	const char *about = cf_json_str(schema, "description");

	cf_buf_printf(out, "# %s\n\n%s\n\n", cf_json_str(schema, "title"),
		about ? about : "");
	cf_buf_printf(out, "Write in `%s` with any text editor. Fields that "
		"are not marked \"needed\" may be left out. `confer check` "
		"says what is missing; `confer publish` signs and sends it.\n\n"
		"Nothing here may identify a child, a colleague or a school.\n"
		"\n## Fields\n\n", file);
	fields(out, schema, "", 0);
	cf_buf_puts(out, "\n## An example\n\n```json\n");
	cf_draft_text(out, cf_kind_example(kind), 0);
	cf_buf_puts(out, "\n```\n");
}
