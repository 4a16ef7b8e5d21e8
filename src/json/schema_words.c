/*
 * The pieces of sentences: what they are about, and values in words. All that
 * comes from an instance is made printable and cut, so a sentence stays one.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/schema_words.h"

#define TEXT_MAX 60	/* characters of a value or name in a sentence */
#define REFS 8		/* so many $ref are followed to find words */

void
cf_words_text(struct cf_buf *out, struct cf_str text)
{
	struct cf_str rest = text;
	char *copy, *shown;
	size_t n = 0;

	while (rest.n && n < TEXT_MAX && cf_utf8_next(&rest) >= 0)
		n++;
	copy = cf_strndup(text.p, text.n - rest.n);
	/* A sentence has no line ends; \1 is shown as any control is. */
	for (size_t i = 0; i < text.n - rest.n; i++)
		if ((unsigned char)copy[i] < ' ')
			copy[i] = '\1';
	shown = cf_printable(copy);
	cf_buf_puts(out, shown);
	if (rest.n)
		cf_buf_puts(out, "…");
	free(shown);
	free(copy);
}

static void
quoted(struct cf_buf *out, const char *text)
{
	cf_buf_putc(out, '\'');
	cf_words_text(out, cf_str(text));
	cf_buf_putc(out, '\'');
}

void
cf_words_value(struct cf_buf *out, json_t *value)
{
	char number[32], *text;

	if (json_is_string(value)) {
		cf_words_text(out, (struct cf_str){ json_string_value(value),
			json_string_length(value) });
	} else if (json_is_real(value)) {
		if (cf_json_number(number, json_real_value(value)))
			cf_buf_puts(out, number);
	} else if (json_is_null(value)) {
		cf_buf_puts(out, "empty (null)");
	} else {
		text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		if (text)
			cf_words_text(out, cf_str(text));
		free(text);
	}
}

static void
entry(struct cf_buf *out, const struct cf_spot *item)
{
	const struct cf_spot *list = item->up;

	cf_buf_printf(out, "entry %zu", item->index + 1);
	if (list->title || list->key) {
		cf_buf_puts(out, " of ");
		quoted(out, list->title ? list->title : list->key);
	}
}

void
cf_words_context(struct cf_buf *out, const struct cf_spot *at)
{
	const struct cf_spot *item = at->up;

	while (item && item->up && item->key)
		item = item->up;
	if (item == NULL || item->up == NULL)
		return;
	cf_buf_puts(out, "in ");
	entry(out, item);
	cf_buf_puts(out, ", ");
}

void
cf_words_subject(struct cf_buf *out, const struct cf_spot *at)
{
	if (at->value == NULL)
		cf_buf_puts(out, "the name of the field ");
	if (at->value && at->title)
		quoted(out, at->title);
	else if (at->key)
		quoted(out, at->key);
	else if (at->up)
		entry(out, at);
	else
		cf_buf_puts(out, "this");
}

/* What holds without a condition: the schema's own rules, $ref and allOf. */
static const struct cf_rule *
find_rule(const struct cf_schema *schema, const char *keyword, size_t depth)
{
	const struct cf_rule *found = cf_schema_rule(schema, keyword);

	for (size_t i = 0; i < schema->n && depth && !found; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (rule->keyword->holds != cf_holds_all)
			continue;
		for (size_t j = 0; j < rule->n && !found; j++)
			found = find_rule(rule->list[j], keyword, depth - 1);
	}
	return found;
}

const struct cf_rule *
cf_words_rule(const struct cf_spot *at, const struct cf_schema *schema,
	const char *keyword)
{
	const struct cf_rule *found = find_rule(schema, keyword, REFS);

	return found ? found : find_rule(at->schema, keyword, REFS);
}

/* The first schema along $ref for which `find` finds a rule. */
static const struct cf_rule *
along(const struct cf_schema *schema,
	const struct cf_rule *(*find)(const struct cf_schema *schema))
{
	for (size_t i = 0; i < REFS && schema; i++) {
		const struct cf_rule *rule = find(schema);
		const struct cf_rule *ref = cf_schema_rule(schema, "$ref");

		if (rule)
			return rule;
		schema = ref ? ref->list[0] : NULL;
	}
	return NULL;
}

static const struct cf_rule *
values(const struct cf_schema *schema)
{
	const struct cf_rule *rule = cf_schema_rule(schema, "const");

	return rule ? rule : cf_schema_rule(schema, "enum");
}

static const struct cf_rule *
types(const struct cf_schema *schema)
{
	return cf_schema_rule(schema, "type");
}

const struct cf_rule *
cf_words_values(const struct cf_schema *schema)
{
	return along(schema, values);
}

const struct cf_rule *
cf_words_types(const struct cf_schema *schema)
{
	return along(schema, types);
}

bool
cf_words_are_values(const struct cf_rule *rule)
{
	for (size_t i = 0; i < rule->n; i++)
		if (cf_words_values(rule->list[i]) == NULL)
			return false;
	return true;
}
