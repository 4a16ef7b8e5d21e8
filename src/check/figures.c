/*
 * The walk over the figures of a body: which number is what, of whom, and on how
 * many it rests.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/figures.h"

#define PATH (16u * 1024)	/* of a pointer to a number */

struct walk {
	struct cf_probe *probe;
	cf_figure_fn *figure;
	cf_table_fn *table;
	struct cf_buf path;
	const char *said;	/* whose figures the record's are; NULL: the
				 * schema's own word counts */
	bool record_sensitive;
	bool sensitive;		/* of the entry that the walk is in */
};

int64_t
cf_least(const struct cf_probe *probe)
{
	const struct cf_policy *policy = probe->with->policy;

	return policy ? policy->least_people : CF_LEAST_PEOPLE;
}

int64_t
cf_rounding(const struct cf_probe *probe)
{
	const struct cf_policy *policy = probe->with->policy;

	return policy ? policy->rounding : CF_LEAST_ROUNDING;
}

bool
cf_is(const struct cf_figure *figure, const char *unit)
{
	return strcmp(figure->unit, unit) == 0;
}

bool
cf_is_result(const struct cf_figure *figure)
{
	static const char *const units[] = { "mean", "sd", "effect",
		"correlation", "percentage" };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (cf_is(figure, units[i]))
			return true;
	return false;
}

void
cf_report_figure(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_figure *f, const char *fmt, ...)
{
	char what[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	if (f->table)
		cf_report(probe, severity, f->path, "%s (row '%s', column "
			"'%s')", what, f->table->row[f->row].title,
			f->table->col[f->col].title);
	else
		cf_report(probe, severity, f->path, "%s", what);
}

void
cf_cell_path(char out[CF_CELL_PATH], const char *table, size_t row, size_t col)
{
	(void)snprintf(out, CF_CELL_PATH, "%.60s/rows/%zu/cells/%zu", table,
		row, col);
}

static enum cf_who
who_of(const char *word)
{
	if (word == NULL || strcmp(word, "pupils") == 0)
		return CF_PUPILS;
	if (strcmp(word, "staff") == 0)
		return CF_STAFF;
	return strcmp(word, "schools") == 0 ? CF_NOBODY : CF_PEOPLE;
}

/* --- what is private -------------------------------------------------------- */

static bool
is_private(const json_t *value, json_t *schema)
{
	json_t *codes = json_object_get(schema, "x-sensitive");

	if (json_is_true(codes))
		return json_is_true(value);
	return json_is_string(value) && codes &&
		cf_json_has(codes, json_string_value(value));
}

/* Whether a value, or anything in it but the entries of lists, makes figures
 * private. */
static bool
says_private(const json_t *value, json_t *schema)
{
	json_t *known = json_object_get(schema, "properties"), *part;
	const char *name;

	if (is_private(value, schema))
		return true;
	if (json_is_object(value))
		json_object_foreach((json_t *)(uintptr_t)value, name, part)
			if (says_private(part, cf_schema_resolve(
				json_object_get(known, name))))
				return true;
	return false;
}

/* The word of the field that says whose figures these are; NULL: none does. */
static const char *
said_people(const json_t *value, json_t *schema)
{
	json_t *known = json_object_get(schema, "properties"), *part;
	const char *name, *word = NULL;

	if (json_object_get(schema, "x-says"))
		return json_string_value(value);
	json_object_foreach((json_t *)(uintptr_t)value, name, part)
		if (word == NULL)
			word = said_people(part, cf_schema_resolve(
				json_object_get(known, name)));
	return word;
}

/* --- tables ----------------------------------------------------------------- */

static const char *
unit_of(const char *holds)
{
	static const struct {
		const char *holds, *unit;
	} units[] = {
		{ "pupils", "person-count" }, { "staff", "person-count" },
		{ "people", "person-count" }, { "schools", "school-count" },
		{ "things", "thing-count" }, { "percent", "percentage" },
		{ "mean", "mean" }, { "sd", "sd" },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(holds, units[i].holds) == 0)
			return units[i].unit;
	return "other";
}

/* What a cell rests on: the cell of the column that its own names. */
static void
set_cell_base(struct cf_figure *f, const struct cf_table *t)
{
	const struct cf_line *col = &t->col[f->col];
	const struct cf_cell *base;

	if (cf_holds_counts(col->holds) || strcmp(col->holds, "other") == 0)
		return;
	f->base_state = CF_BASE_MISSING;
	if (col->of == CF_NO_LINE || !cf_holds_people(t->col[col->of].holds))
		return;
	base = cf_table_cell(t, f->row, col->of);
	f->who = who_of(t->col[col->of].holds);
	f->base_state = base->count < 0 ? CF_BASE_HIDDEN : CF_BASE_GIVEN;
	f->base = base->count;
}

static void
cells(struct walk *w, const struct cf_table *t, size_t number)
{
	struct cf_figure f = { .table = t, .number = number,
		.sensitive = t->sensitive || w->record_sensitive };
	char path[CF_CELL_PATH];

	for (f.row = 0; f.row < t->rows; f.row++)
		for (f.col = 0; f.col < t->cols; f.col++) {
			const struct cf_cell *cell = cf_table_cell(t, f.row,
				f.col);
			const char *holds = t->col[f.col].holds;

			cf_cell_path(path, w->path.data, f.row, f.col);
			f.path = path;
			f.name = t->col[f.col].title;
			f.unit = unit_of(holds);
			f.who = cf_holds_people(holds) ? who_of(holds) :
				CF_PUPILS;
			f.value = cell->value;
			f.kind = cell->kind;
			f.base_state = CF_BASE_NONE;
			f.base = 0;
			set_cell_base(&f, t);
			w->figure(w->probe, &f);
		}
}

static void
table(struct walk *w, const json_t *value, size_t number)
{
	struct cf_table_fault fault;
	struct cf_table t;
	bool good = cf_table_read(&t, &fault, value);

	if (w->table)
		w->table(w->probe, &t, w->path.data, good ? NULL : &fault);
	else if (good)
		cells(w, &t, number);
	cf_table_clear(&t);
}

/* --- fields ----------------------------------------------------------------- */

static void
set_base(struct cf_figure *f, const json_t *bases)
{
	for (size_t i = 0; i < json_array_size(bases); i++) {
		json_t *base = json_object_get(f->object, json_string_value(
			json_array_get(bases, i)));
		int64_t n = json_is_integer(base) ? json_integer_value(base) :
			-1;

		if (n < 0 && f->base_state == CF_BASE_NONE)
			f->base_state = CF_BASE_MISSING;
		if (n >= 0 && (f->base_state != CF_BASE_GIVEN || n < f->base))
			f->base = n;
		if (n >= 0)
			f->base_state = CF_BASE_GIVEN;
	}
}

static void
number(struct walk *w, const json_t *value, json_t *schema, const char *name,
	const json_t *object)
{
	struct cf_figure f = { .path = w->path.data, .name = name,
		.unit = cf_json_str(schema, "x-unit"), .object = object,
		.value = json_number_value(value), .sensitive = w->sensitive };

	if (f.unit == NULL || w->figure == NULL)
		return;
	f.who = who_of(w->said ? w->said : cf_json_str(schema, "x-people"));
	set_base(&f, json_object_get(schema, "x-base"));
	w->figure(w->probe, &f);
}

static void walk(struct walk *w, const json_t *value, json_t *schema,
	const char *name, const json_t *object);

static void
walk_list(struct walk *w, const json_t *list, json_t *schema, const char *name)
{
	json_t *items = cf_schema_resolve(json_object_get(schema, "items"));
	bool tables = json_object_get(schema, "x-table") != NULL;
	bool sensitive = w->sensitive;
	char token[24];

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		size_t n = w->path.len;

		(void)snprintf(token, sizeof token, "%zu", i);
		cf_json_pointer_add(&w->path, token);
		w->sensitive = sensitive || says_private(item, items);
		if (tables)
			table(w, item, i);
		else
			walk(w, item, items, name, item);
		w->path.len = n;
		w->path.data[n] = '\0';
	}
	w->sensitive = sensitive;
}

static void
walk(struct walk *w, const json_t *value, json_t *schema, const char *name,
	const json_t *object)
{
	json_t *known = json_object_get(schema, "properties"), *part;
	const char *member;

	if (schema == NULL || w->path.full)
		return;
	if (json_is_number(value)) {
		number(w, value, schema, name, object);
	} else if (json_is_array(value)) {
		walk_list(w, value, schema, name);
	} else if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, member, part) {
			size_t n = w->path.len;

			cf_json_pointer_add(&w->path, member);
			walk(w, part, cf_schema_resolve(json_object_get(known,
				member)), member, value);
			w->path.len = n;
			w->path.data[n] = '\0';
		}
	}
}

static void
start(struct cf_probe *probe, cf_figure_fn *figure, cf_table_fn *each)
{
	struct walk w = { .probe = probe, .figure = figure, .table = each,
		.path = CF_BUF(PATH) };

	if (!json_is_object(probe->body) || probe->schema == NULL)
		return;
	w.record_sensitive = w.sensitive = says_private(probe->body,
		probe->schema);
	w.said = said_people(probe->body, probe->schema);
	cf_buf_puts(&w.path, "/body");
	walk(&w, probe->body, probe->schema, "body", probe->body);
	cf_buf_clear(&w.path);
}

void
cf_figures(struct cf_probe *probe, cf_figure_fn *each)
{
	start(probe, each, NULL);
}

void
cf_tables(struct cf_probe *probe, cf_table_fn *each)
{
	start(probe, NULL, each);
}
