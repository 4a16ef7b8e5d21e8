/*
 * One sentence for each keyword: what was expected, in words that a form could
 * use. The instance has failed the rule already.
 */
#include <string.h>

#include "json/schema_words.h"

#define LIST_WORDS 12	/* more than a person reads through */
#define LIST_MAX 800	/* bytes of a sentence after which a list is cut */

#define SAY(name) void \
	cf_say_##name(struct cf_buf *out, const struct cf_rule *rule, \
		const struct cf_spot *at, const char *detail)

static void
must_be(struct cf_buf *out, const struct cf_spot *at)
{
	cf_words_subject(out, at);
	cf_buf_puts(out, " must be ");
}

static void
bound(struct cf_buf *out, const char *words, const struct cf_rule *rule)
{
	if (rule == NULL)
		return;
	cf_buf_puts(out, words);
	cf_words_value(out, rule->value);
}

/* "a whole number of at least 8": type, bounds and step together, because to
 * learn of one after the other is tedious. */
static void
number_words(struct cf_buf *out, const struct cf_schema *schema,
	const struct cf_spot *at)
{
	const struct cf_rule *type = cf_words_rule(at, schema, "type");
	const struct cf_rule *min = cf_words_rule(at, schema, "minimum");
	const struct cf_rule *max = cf_words_rule(at, schema, "maximum");
	const struct cf_rule *above = cf_words_rule(at, schema,
		"exclusiveMinimum");
	const struct cf_rule *below = cf_words_rule(at, schema,
		"exclusiveMaximum");

	cf_buf_puts(out, type && !(type->types & CF_T_FRACTION) ?
		"a whole number" : "a number");
	bound(out, min && max ? " from " : " of at least ", min);
	if (min)
		bound(out, " to ", max);
	bound(out, min ? " and greater than " : " greater than ", above);
	if (!min)
		bound(out, above ? " and at most " : " of at most ", max);
	bound(out, min || max || above ? " and less than " : " less than ",
		below);
	bound(out, " that is a multiple of ",
		cf_words_rule(at, schema, "multipleOf"));
}

SAY(number)
{
	(void)detail;
	must_be(out, at);
	number_words(out, rule->schema, at);
}

/* "a, b, c" or "a or b": the values of one rule. `n` counts what is said. */
static void
list_values(struct cf_buf *out, const struct cf_rule *rule, size_t *n)
{
	bool one = strcmp(rule->keyword->name, "const") == 0;
	size_t size = one ? 1 : json_array_size(rule->value);

	for (size_t i = 0; i < size && out->len < LIST_MAX; i++) {
		if ((*n)++)
			cf_buf_puts(out, ", ");
		cf_words_value(out, one ? rule->value :
			json_array_get(rule->value, i));
		if (out->len >= LIST_MAX)
			cf_buf_puts(out, ", …");
	}
}

/* Nobody reads forty words to find one: those that were perhaps meant, or how the
 * list begins, and where it is. What stands there is not repeated: it may be what
 * must not be shown. */
static void
long_list(struct cf_buf *out, const struct cf_rule *rule,
	const struct cf_spot *at)
{
	const char *close[CF_CLOSE_WORDS];
	size_t n = cf_words_close(close, at->text, rule->value);

	cf_buf_printf(out, "one of the %zu words that its guide lists",
		json_array_size(rule->value));
	for (size_t i = 0; i < n; i++)
		cf_buf_printf(out, "%s%s", i ? ", " : n > 1 ?
			"; the nearest are: " : "; the nearest is: ", close[i]);
	for (size_t i = 0; n == 0 && i < CF_CLOSE_WORDS; i++)
		cf_buf_printf(out, "%s%s", i ? ", " : ", such as: ",
			json_string_value(json_array_get(rule->value, i)));
}

static bool
all_words(const json_t *list)
{
	json_t *value;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, value) {
		if (!json_is_string(value))
			return false;
	}
	return true;
}

SAY(enum)
{
	size_t n = 0;

	(void)detail;
	must_be(out, at);
	if (json_array_size(rule->value) > LIST_WORDS && at->text.n &&
		all_words(rule->value)) {
		long_list(out, rule, at);
		return;
	}
	cf_buf_puts(out, "one of: ");
	list_values(out, rule, &n);
}

/* The only value that is allowed, text in quotes. */
static void
one_value(struct cf_buf *out, json_t *value)
{
	const char *quote = json_is_string(value) ? "'" : "";

	cf_buf_puts(out, quote);
	cf_words_value(out, value);
	cf_buf_puts(out, quote);
}

SAY(const)
{
	(void)detail;
	must_be(out, at);
	one_value(out, rule->value);
}

/* One of several types, in the words of the rules beside it. */
static void
type_words(struct cf_buf *out, const struct cf_schema *schema,
	const struct cf_spot *at, unsigned type)
{
	const struct cf_rule *format = cf_words_rule(at, schema, "format");

	if (type == CF_T_STRING)
		cf_buf_puts(out, format ? format->format->words : "text");
	else if (type == CF_T_NUMBER)
		number_words(out, schema, at);
	else if (type == CF_T_ARRAY)
		cf_buf_puts(out, "a list in [ ]");
	else if (type == CF_T_OBJECT)
		cf_buf_puts(out, "a group of fields in { }");
	else if (type == CF_T_BOOLEAN)
		cf_buf_puts(out, "true or false");
	else
		cf_buf_puts(out, "empty (null)");
}

/* Adds to the list of types; `said` are those that are in it. */
static void
list_types(struct cf_buf *out, const struct cf_rule *rule,
	const struct cf_spot *at, unsigned *said)
{
	static const unsigned type[] = { CF_T_STRING, CF_T_NUMBER, CF_T_BOOLEAN,
		CF_T_ARRAY, CF_T_OBJECT, CF_T_NULL };

	for (size_t i = 0; i < sizeof type / sizeof *type; i++) {
		if (!(rule->types & type[i]) || (*said & type[i]))
			continue;
		if (*said)
			cf_buf_puts(out, " or ");
		type_words(out, rule->schema, at, type[i]);
		*said |= type[i];
	}
}

SAY(type)
{
	const struct cf_rule *values = cf_words_values(rule->schema);
	unsigned said = 0;

	if (values) {
		values->keyword->say(out, values, at, detail);
		return;
	}
	must_be(out, at);
	list_types(out, rule, at, &said);
}

static void
amount(struct cf_buf *out, const struct cf_spot *at, bool least, size_t n,
	const char *one, const char *many)
{
	cf_words_subject(out, at);
	cf_buf_printf(out, " must have at %s %zu %s", least ? "least" : "most",
		n, n == 1 ? one : many);
}

SAY(length)
{
	bool least = strcmp(rule->keyword->name, "minLength") == 0;

	(void)detail;
	if (least && rule->count == 1) {
		cf_words_subject(out, at);
		cf_buf_puts(out, " must not be empty");
		return;
	}
	amount(out, at, least, rule->count, "character", "characters");
	cf_buf_printf(out, "; it has %zu", cf_utf8_length(at->text));
}

SAY(size)
{
	bool least = cf_starts(rule->keyword->name, "min");

	(void)detail;
	if (at->type == CF_T_OBJECT) {
		amount(out, at, least, rule->count, "field", "fields");
		cf_buf_printf(out, "; it has %zu", json_object_size(at->value));
	} else {
		amount(out, at, least, rule->count, "entry", "entries");
		cf_buf_printf(out, "; it has %zu", json_array_size(at->value));
	}
}

/* The first of a schema's examples that is text, or NULL. */
static json_t *
example_of(const struct cf_schema *schema)
{
	json_t *first = json_array_get(json_object_get(schema->source,
		"examples"), 0);

	return json_is_string(first) ? first : NULL;
}

SAY(pattern)
{
	const char *why = cf_json_str(rule->schema->source, "x-why");
	json_t *example = example_of(at->schema);

	(void)detail;
	if (example == NULL)
		example = example_of(rule->schema);
	cf_words_subject(out, at);
	if (why) {
		cf_buf_printf(out, " %s", why);
		return;
	}
	cf_buf_puts(out, " is not in the form that is expected");
	cf_buf_puts(out, example ? ", for example: " : "; it must match ");
	cf_words_value(out, example ? example : rule->value);
}

SAY(format)
{
	(void)detail;
	must_be(out, at);
	cf_buf_puts(out, rule->format->words);
}

SAY(unique)
{
	(void)rule;
	cf_words_subject(out, at);
	cf_buf_printf(out, " must not have an entry twice: entries %s are "
		"equal", detail);
}

/* The field that makes another one necessary, or NULL. */
static const char *
needed_by(const struct cf_rule *rule, const struct cf_spot *at,
	const char *missing)
{
	const char *key;
	json_t *names, *name;
	size_t i;

	json_object_foreach(rule->value, key, names) {
		if (json_object_get(at->value, key) == NULL)
			continue;
		json_array_foreach(names, i, name)
			if (cf_str_is(cf_str(missing), json_string_value(name)))
				return key;
	}
	return NULL;
}

SAY(required)
{
	const struct cf_schema *schema = cf_schema_property(at->schema,
		cf_str(detail));
	const char *title = schema ? cf_schema_title(schema) : NULL;
	const char *because = needed_by(rule, at, detail);

	cf_buf_putc(out, '\'');
	cf_words_text(out, cf_str(title ? title : detail));
	cf_buf_putc(out, '\'');
	if (title && strcmp(title, detail) != 0) {
		cf_buf_puts(out, " (field '");
		cf_words_text(out, cf_str(detail));
		cf_buf_puts(out, "')");
	}
	cf_buf_puts(out, " is missing");
	if (at->up) {
		cf_buf_puts(out, " in ");
		cf_words_subject(out, at);
	}
	if (because) {
		cf_buf_puts(out, "; it is needed because '");
		cf_words_text(out, cf_str(because));
		cf_buf_puts(out, "' is given");
	}
}

SAY(unknown)
{
	const char *meant = cf_schema_suggest(at->up->schema, cf_str(detail),
		at->up->value);

	(void)rule;
	cf_buf_puts(out, "this field is not known here: '");
	cf_words_text(out, cf_str(detail));
	cf_buf_putc(out, '\'');
	if (meant) {
		cf_buf_puts(out, ". Did you mean '");
		cf_words_text(out, cf_str(meant));
		cf_buf_puts(out, "'?");
	}
}

SAY(contains)
{
	const char *title = cf_schema_title(rule->list[0]);

	amount(out, at, detail == NULL,
		detail ? rule->range.max : rule->range.min, "entry", "entries");
	if (title) {
		cf_buf_puts(out, " of the kind '");
		cf_words_text(out, cf_str(title));
		cf_buf_putc(out, '\'');
	} else {
		cf_buf_puts(out, " of the kind that is meant here");
	}
}

/* 'a', 'b' and 'c' */
static void
list_names(struct cf_buf *out, json_t *names)
{
	size_t n = json_array_size(names);

	for (size_t i = 0; i < n && out->len < LIST_MAX; i++) {
		if (i)
			cf_buf_puts(out, i + 1 < n ? ", " : " and ");
		one_value(out, json_array_get(names, i));
	}
}

/* Of anyOf and oneOf: a choice of values, of types, or one branch too many. */
SAY(branches)
{
	unsigned said = 0;
	size_t n = 0;

	if (detail == NULL) {
		cf_words_subject(out, at);
		cf_buf_puts(out, " fits more than one of the forms that are "
			"allowed here; it must fit exactly one");
		return;
	}
	must_be(out, at);
	if (strcmp(detail, "values") == 0)
		cf_buf_puts(out, "one of: ");
	for (size_t i = 0; i < rule->n; i++) {
		if (strcmp(detail, "values") == 0)
			list_values(out, cf_words_values(rule->list[i]), &n);
		else
			list_types(out, cf_words_types(rule->list[i]), at,
				&said);
	}
}

SAY(not)
{
	const struct cf_schema *schema = rule->list[0];
	const struct cf_rule *values = cf_words_values(schema);
	const struct cf_rule *names = cf_schema_rule(schema, "required");
	size_t n = 0;

	(void)detail;
	if (values) {
		cf_words_subject(out, at);
		cf_buf_puts(out, " must not be ");
		if (values->keyword->build == cf_build_const) {
			one_value(out, values->value);
		} else {
			cf_buf_puts(out, "one of: ");
			list_values(out, values, &n);
		}
	} else if (names && schema->n == 1) {
		list_names(out, names->value);
		cf_buf_puts(out, json_array_size(names->value) == 1 ?
			" must not be given here" :
			" must not be given together");
	} else {
		cf_words_subject(out, at);
		cf_buf_puts(out, " has a form that is not allowed here");
	}
}
