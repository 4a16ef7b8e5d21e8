/*
 * The guide that lies beside a draft: how to write in it, every field of its
 * kind from the schema, and what stands beside them.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "record/shape.h"

static const char how[] =
	"## How to write it\n\n"
	"The example at the end shows every field filled in; copy from it what "
	"you need.\n\n"
	"- A field is its name, a colon and what you write: `\"title\": \"Paired "
	"reading\"`. Between two fields stands a comma, after the last one "
	"none.\n"
	"- A text stands on one line between straight quotation marks. For a "
	"new line in it write `\\n`, for a quotation mark `\\\"`.\n"
	"- A number stands without quotation marks: `20` or `2.5`. Yes is "
	"`true`, no is `false`.\n"
	"- A list stands in `[ ]`, with commas between its entries: "
	"`[\"year_7\", \"year_8\"]`.\n"
	"- A group of fields stands in `{ }`: `{\"weeks\": 12, \"note\": \"Not "
	"in May.\"}`. A name such as `dose.weeks` means the field `weeks` in the "
	"group `dose`.\n"
	"- A list of groups has both: `[{\"key\": \"a1\", \"text\": \"First\"}, "
	"{\"key\": \"a2\", \"text\": \"Then\"}]`. A name such as "
	"`procedure[].text` means the field `text` in each entry of the list "
	"`procedure`. Give each entry a key of its own, and keep it when you "
	"edit the entry.\n";

static void fields(struct cf_buf *out, json_t *schema, const char *prefix,
	unsigned depth);

static bool
is_required(const json_t *schema, const char *name)
{
	return cf_json_has(json_object_get(schema, "required"), name);
}

static void
indent(struct cf_buf *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		cf_buf_puts(out, "  ");
}

/* The words that may stand in a field, with what they mean. */
static void
choices(struct cf_buf *out, json_t *schema, unsigned depth)
{
	json_t *words = json_object_get(schema, "enum");
	json_t *labels = json_object_get(schema, "x-labels");

	for (size_t i = 0; i < json_array_size(words); i++) {
		json_t *word = json_array_get(words, i);
		char *text = json_dumps(word, JSON_ENCODE_ANY);
		const char *label = json_is_string(word) ? cf_json_str(labels,
			json_string_value(word)) : NULL;

		indent(out, depth + 1);
		cf_buf_printf(out, "- `%s`%s%s\n", text ? text : "",
			label ? ": " : "", label ? label : "");
		free(text);
	}
}

static bool
is_type(const json_t *schema, const char *type)
{
	const char *is = cf_json_str(schema, "type");

	return is && strcmp(is, type) == 0;
}

/* What is to be written into a field, in one or a few words. */
static const char *
what(json_t *schema, json_t *items)
{
	const char *format = cf_json_str(schema, "format");

	if (items)
		return is_type(items, "object") ? "list of groups" :
			json_object_get(items, "enum") ?
			"list of some of the words below" : "list of texts";
	if (is_type(schema, "object"))
		return "group";
	if (is_type(schema, "boolean"))
		return "`true` or `false`";
	if (is_type(schema, "number") || is_type(schema, "integer"))
		return "number";
	if (json_object_get(schema, "enum"))
		return "one of the words below";
	if (format && strcmp(format, "date") == 0)
		return "date";
	return "text";
}

static void
one(struct cf_buf *out, json_t *own, const char *path, bool required,
	unsigned depth)
{
	json_t *schema = cf_schema_resolve(own);
	json_t *items = cf_shape_items(schema);
	const char *title = cf_json_str(own, "title");
	const char *about = cf_json_str(own, "description");

	if (title == NULL)
		title = cf_json_str(schema, "title");
	if (about == NULL)
		about = cf_json_str(schema, "description");
	indent(out, depth);
	cf_buf_printf(out, "- **%s** `%s` (%s%s%s)\n", title ? title : path,
		path, what(schema, items), required ? ", needed" : "",
		required && depth ? " where there is one of these" : "");
	if (about) {
		indent(out, depth + 1);
		cf_buf_printf(out, "%s\n", about);
	}
	choices(out, items ? items : schema, depth);
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
		one(out, own, path.data, is_required(schema, name), depth);
		cf_buf_puts(&path, items ? "[]." : ".");
		if (depth < CF_MAX_DEPTH)
			fields(out, items ? items : sub, path.data, depth + 1);
		cf_buf_clear(&path);
	}
}

/* What may stand beside the body, and the ids that sharing needs. */
static const struct cf_err *
beside(struct cf_buf *out, struct cf_trust *trust)
{
	static const char *const names[] = { "licence", "stewards", "status" };
	json_t *properties = json_object_get(cf_schema_doc("draft"),
		"properties");
	struct cf_partners partners;
	const struct cf_err *err;

	cf_buf_puts(out, "\n## Beside the body\n\nThese fields stand beside "
		"`\"kind\"`, not in `\"body\"`, and may be left out.\n\n");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		one(out, json_object_get(properties, names[i]), names[i],
			false, 0);
	err = cf_partners_read(&partners, trust);
	if (err)
		return err;
	cf_buf_printf(out, "\nThe ids of trusts:\n\n- `\"%s\"`: your own "
		"trust\n", trust->id);
	for (size_t i = 0; i < partners.n; i++) {
		char *title = cf_trust_title(trust, partners.partner[i].trust);

		cf_buf_printf(out, "- `\"%s\"`: %s\n",
			partners.partner[i].trust, title);
		free(title);
	}
	cf_partners_clear(&partners);
	return NULL;
}

const struct cf_err *
cf_guide_write(struct cf_buf *out, struct cf_trust *trust, const char *kind,
	const char *file)
{
	json_t *schema = cf_schema_doc(kind);
	const char *about = cf_json_str(schema, "description");
	const struct cf_err *err;

	cf_buf_printf(out, "# %s\n\n%s\n\n", cf_json_str(schema, "title"),
		about ? about : "");
	cf_buf_printf(out, "Write in `%s` with any text editor, not with a "
		"word processor. Fields that are not marked \"needed\" may be "
		"left out. `confer check` says what is missing; `confer "
		"publish` signs and sends it.\n\nNothing here may identify a "
		"child, a colleague or a school.\n\n", file);
	cf_buf_puts(out, how);
	cf_buf_puts(out, "\n## Fields\n\n");
	fields(out, schema, "", 0);
	err = beside(out, trust);
	cf_buf_puts(out, "\n## An example\n\n```json\n");
	cf_draft_text(out, cf_kind_example(kind), 0);
	cf_buf_puts(out, "\n```\n");
	return err;
}
