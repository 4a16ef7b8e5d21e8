/*
 * Choosing between the sides of conflicts.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/choose.h"
#include "cli/contested.h"
#include "cli/editor.h"
#include "cli/label.h"

#define ANSWER 256
#define LINE 4096

void
cf_choices_clear(struct choices *choices)
{
	free(choices->choice);
	json_decref(choices->kept);
	*choices = (struct choices){ 0 };
}

static const char *
keep(struct choices *c, const char *text)
{
	json_t *kept = json_string(text);

	if (c->kept == NULL)
		c->kept = json_array();
	json_array_append_new(c->kept, kept);
	return json_string_value(kept);
}

static void
add(struct choices *c, const char *field, const char *take, json_t *value)
{
	c->choice = cf_grow(c->choice, c->n, &c->cap, sizeof *c->choice);
	c->choice[c->n++] = (struct cf_choice){ .field = field, .take = take,
		.value = value };
}

/* --- from the command line -------------------------------------------------- */

/* The path of the contested field with this title; else the text itself. */
static const char *
path_of(const json_t *record, const char *typed)
{
	json_t *schema = cf_kind_schema(cf_get(record, "kind"));
	json_t *fields = cf_get_at(record, "fields"), *field, *part;
	const char *found = NULL;
	size_t i;

	json_array_foreach(fields, i, field) {
		char *title = cf_label_place(&part, schema,
			cf_get(field, "path"));

		if (strcasecmp(title, typed) == 0)
			found = cf_get(field, "path");
		free(title);
	}
	json_decref(schema);
	return found && found[0] ? found : typed;
}

/* "FIELD=REST"; *rest is borrowed from `text`. */
static const struct cf_err *
split(const char **field, const char **rest, struct choices *c,
	const json_t *record, const char *option, const char *text)
{
	const char *equals = strchr(text, '=');
	char *name;

	if (equals == NULL || equals == text)
		return cf_err(CF_USAGE, "after %s comes the field, = and %s: "
			"%s FIELD=%s", option, strcmp(option, "--take") == 0 ?
			"whose value to take" : "the value as JSON", option,
			strcmp(option, "--take") == 0 ? "TRUST" : "JSON");
	name = cf_strndup(text, (size_t)(equals - text));
	*field = keep(c, path_of(record, name));
	*rest = equals + 1;
	free(name);
	return NULL;
}

static const struct cf_err *
read_set(struct choices *c, const json_t *record, const char *text)
{
	const char *field, *rest;
	const struct cf_err *err;
	json_error_t why;
	json_t *value;

	err = split(&field, &rest, c, record, "--set", text);
	if (err)
		return err;
	value = json_loads(rest, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		&why);
	if (value == NULL)
		return cf_err(CF_USAGE, "'%s' is not JSON. A text needs double "
			"quotes, and all of it single ones: --set '%s=\"...\"'",
			rest, field);
	json_array_append_new(c->kept, value);
	add(c, field, NULL, value);
	return NULL;
}

const struct cf_err *
cf_choices_read(struct choices *out, const json_t *record,
	const struct opt_texts *takes, const struct opt_texts *sets)
{
	const struct cf_err *err = NULL;
	const char *field, *rest;

	for (size_t i = 0; i < takes->n && !err; i++) {
		err = split(&field, &rest, out, record, "--take",
			takes->text[i]);
		if (!err)
			add(out, field, keep(out, rest), NULL);
	}
	for (size_t i = 0; i < sets->n && !err; i++)
		err = read_set(out, record, sets->text[i]);
	for (size_t i = 0; i < out->n && !err; i++)
		for (size_t k = 0; k < i && !err; k++)
			if (strcmp(out->choice[i].field,
				out->choice[k].field) == 0)
				err = cf_err(CF_USAGE, "'%s' is decided twice; "
					"say it once", out->choice[i].field);
	return err;
}

/* --- on the terminal -------------------------------------------------------- */

struct asking {
	struct choices *out;
	const struct call *call;
	json_t *schema;
	const json_t *field;
	json_t *part;
	char *place;
};

/* The sides with their numbers, and what was there before. */
static void
show(const struct asking *a, size_t number, size_t total)
{
	FILE *to = cf_person_paper(a->call->person);
	json_t *sides = cf_get_at(a->field, "sides"), *side;
	struct page page;
	size_t i;

	if (to == NULL)
		return;
	cf_page_open(&page, to);
	cf_page_line(&page, TONE_PLAIN, " ");
	cf_page_head(&page, TONE_STRONG, "%zu of %zu", number, total);
	cf_page_contested(&page, 0, a->schema, a->field);
	cf_page_gap(&page);
	json_array_foreach(sides, i, side) {
		char *names = cf_contested_names(side);

		cf_page_text(&page, 2, "%zu  as %s %s it", i + 1, names,
			cf_get_true(side, "absent") ? "removed" : "has");
		free(names);
	}
	cf_page_text(&page, 2, "b  as it was before");
	cf_page_text(&page, 2, "e  something else, which you write now");
	cf_page_text(&page, 2, "s  leave it open for now");
	cf_page_text(&page, 2, "q  stop; nothing is published");
	(void)fclose(to);
}

static void
tell(const struct asking *a, const char *text)
{
	FILE *to = cf_person_paper(a->call->person);
	struct page page;

	if (to == NULL)
		return;
	cf_page_open(&page, to);
	cf_page_text(&page, 0, "%s", text);
	(void)fclose(to);
}

/* What an editor begins with: the text, or JSON. */
static const json_t *
some_value(const json_t *field)
{
	const json_t *sides = cf_get_at(field, "sides");
	const json_t *value = cf_get_at(field, "before");

	for (size_t i = 0; i < json_array_size(sides) && value == NULL; i++)
		value = cf_get_at(json_array_get(sides, i), "value");
	return value;
}

/* What was written, as the kind of value that stood there. */
static json_t *
as_value(const json_t *like, const char *text)
{
	return json_is_string(like) ? json_string(text) : json_loads(text,
		JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
}

/* In one line; NULL where nothing was. */
static char *
type_text(const struct asking *a)
{
	char *prompt = cf_asprintf("%s: ", a->place);
	char *text = cf_calloc(1, LINE);

	if (!cf_person_ask(a->call->person, prompt, text, LINE) ||
		text[0] == '\0') {
		free(text);
		text = NULL;
	}
	free(prompt);
	return text;
}

/* In an editor; NULL where it failed, or was left without a change: so people
 * give up there. What was chosen before must not be lost for it. */
static char *
edit_text(const struct asking *a, const char *before)
{
	size_t n = strlen(before);
	const struct cf_err *err;
	char *text, *why;

	err = cf_edit_text(&text, a->call->person, before);
	n -= n && before[n - 1] == '\n';	/* as it comes back */
	if (!err && (strlen(text) != n || memcmp(text, before, n) != 0))
		return text;
	why = cf_asprintf("Nothing is chosen yet: %s.", err ? err->msg :
		"you changed nothing");
	tell(a, why);
	free(why);
	free(text);
	return NULL;
}

/* A short value is typed, anything else is written in an editor. */
static void
write_value(struct asking *a)
{
	const json_t *like = some_value(a->field);
	const char *string = json_string_value(like);
	char *before = string ? cf_strdup(string) : json_dumps(like,
		JSON_ENCODE_ANY | JSON_INDENT(2)), *text;
	bool typed = before && strlen(before) < 70 && !strchr(before, '\n');
	json_t *value = NULL;

	text = typed ? type_text(a) : edit_text(a, before ? before : "");
	if (text)
		value = as_value(like, text);
	if (text && value == NULL)
		tell(a, "That is not a value that can stand here. Nothing is "
			"chosen yet.");
	if (value) {
		(void)keep(a->out, "");
		json_array_append_new(a->out->kept, value);
		add(a->out, cf_get(a->field, "path"), NULL, value);
	}
	free(before);
	free(text);
}

/* A choice of a side becomes its value: a trust may be on several. */
static bool
take(struct asking *a, const char *answer)
{
	json_t *sides = cf_get_at(a->field, "sides");
	uint64_t number;

	if (strcasecmp(answer, "b") == 0) {
		add(a->out, cf_get(a->field, "path"), NULL,
			cf_get_at(a->field, "before"));
		return true;
	}
	if (!cf_str_u64(cf_str(answer), &number, json_array_size(sides)) ||
		number == 0)
		return false;
	add(a->out, cf_get(a->field, "path"), NULL, cf_get_at(
		json_array_get(sides, (size_t)number - 1), "value"));
	return true;
}

/* Until there is an answer for this field. */
static const struct cf_err *
ask_field(struct asking *a)
{
	size_t before = a->out->n;
	char answer[ANSWER];

	while (a->out->n == before) {
		if (!cf_person_ask(a->call->person, "Which? ", answer,
			sizeof answer) || strcasecmp(answer, "q") == 0)
			return cf_err(CF_CANCELLED, "you stopped; nothing was "
				"published");
		if (strcasecmp(answer, "s") == 0)
			return NULL;
		if (strcasecmp(answer, "e") == 0)
			write_value(a);
		else if (!take(a, answer))
			tell(a, "Type one of the numbers or letters above.");
	}
	return NULL;
}

static const struct cf_err *
ask_all(struct asking *a, const json_t *fields)
{
	const struct cf_err *err = NULL;
	size_t n = json_array_size(fields);

	for (size_t i = 0; i < n && !err; i++) {
		a->field = json_array_get(fields, i);
		a->place = cf_label_place(&a->part, a->schema,
			cf_get(a->field, "path"));
		show(a, i + 1, n);
		err = ask_field(a);
		free(a->place);
	}
	return err;
}

const struct cf_err *
cf_choices_ask(struct choices *out, const struct call *call,
	const json_t *record, bool confirm)
{
	const json_t *fields = cf_get_at(record, "fields");
	struct asking a = { .out = out, .call = call,
		.schema = cf_kind_schema(cf_get(record, "kind")) };
	const struct cf_err *err;
	char *text;

	tell(&a, cf_get(record, "title"));
	err = ask_all(&a, fields);
	if (!err && out->n == 0)
		err = cf_err(CF_CANCELLED, "you left everything open; nothing "
			"was published");
	if (!err && confirm) {
		text = cf_asprintf("\nYou decide %s of %zu. What you leave "
			"open stays open.", cf_count(out->n, "field").text,
			json_array_size(fields));
		if (!call->ui->confirm(call->ui->payload, text,
			"Publish that?"))
			err = cf_err(CF_CANCELLED, "you stopped; nothing was "
				"published");
		free(text);
	}
	json_decref(a.schema);
	return err;
}
